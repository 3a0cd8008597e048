/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/clopper_pearson.h.
 * Main result: each end is the last double on the safe side of the defining binomial tail, which is
 * summed here term by term; the closed forms for no and for all successes; bad input is named.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdbool.h>

#include <arb.h>

#include "harness/enclosure/clopper_pearson.h"
#include "tests/harness/data/line.h"
#include "tests/suites.h"

static struct at_failure failure;

/* tail = P(from <= Bin(n, x) <= to), the sum of its terms. */
static void binomial(arb_t tail, size_t from, size_t to, size_t n, double x)
{
  enum { BITS = 400 };
  arb_t hit, miss, term, power;
  arb_init(hit);
  arb_init(miss);
  arb_init(term);
  arb_init(power);
  arb_set_d(hit, x);
  arb_set_d(miss, -x);
  arb_add_ui(miss, miss, 1, BITS);
  arb_zero(tail);
  for (size_t k = from; k <= to; k++) {
    arb_bin_uiui(term, n, k, BITS);
    arb_pow_ui(power, hit, k, BITS);
    arb_mul(term, term, power, BITS);
    arb_pow_ui(power, miss, n - k, BITS);
    arb_addmul(tail, term, power, BITS);
  }
  arb_clear(hit);
  arb_clear(miss);
  arb_clear(term);
  arb_clear(power);
}

/* tail <= alpha/2 certainly (safe), or certainly not. */
static void tail_is(const arb_t tail, double confidence, bool safe)
{
  arb_t twice;
  arb_init(twice);
  arb_mul_2exp_si(twice, tail, 1);
  arb_t alpha;
  arb_init(alpha);
  arb_set_d(alpha, -confidence);
  arb_add_ui(alpha, alpha, 1, 400);
  CU_ASSERT(safe ? arb_le(twice, alpha) : arb_gt(twice, alpha));
  arb_clear(twice);
  arb_clear(alpha);
}

static void ends_are_sharp(size_t k, size_t n, double confidence)
{
  double lower, upper;
  arb_t tail;
  arb_init(tail);
  CU_ASSERT_EQUAL(at_clopper_pearson(&lower, &upper, k, n, confidence, &failure), 0);
  if (k > 0) {
    binomial(tail, k, n, n, lower);
    tail_is(tail, confidence, true);
    binomial(tail, k, n, n, nextafter(lower, 1.0));
    tail_is(tail, confidence, false);
  } else
    CU_ASSERT_EQUAL(lower, 0.0);
  if (k < n) {
    binomial(tail, 0, k, n, upper);
    tail_is(tail, confidence, true);
    binomial(tail, 0, k, n, nextafter(upper, 0.0));
    tail_is(tail, confidence, false);
  } else
    CU_ASSERT_EQUAL(upper, 1.0);
  arb_clear(tail);
}

static void test_tails(void)
{
  for (size_t k = 0; k <= 12; k++) ends_are_sharp(k, 12, 0.9);
  ends_are_sharp(0, 1, 0.95);
  ends_are_sharp(1, 1, 0.5);
  ends_are_sharp(3, 2000, 0.99);
  ends_are_sharp(1000, 2000, 0.95);
}

/* No success: (1 - x)^n = alpha/2, so the upper end is 1 - (alpha/2)^(1/n); all: its mirror. */
static void test_closed_form(void)
{
  static const size_t trials[] = {1, 7, 2000, 1000000};
  const double confidence = 0.975;
  double lower, upper;
  arb_t end;
  arb_init(end);
  for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
    arb_set_d(end, (1.0 - confidence) / 2.0); /* exact: 1 - confidence is, for confidence > 1/2 */
    arb_root_ui(end, end, trials[i], 300);
    CU_ASSERT_EQUAL(at_clopper_pearson(&lower, &upper, trials[i], trials[i], confidence, &failure),
                    0);
    CU_ASSERT(lower == arf_get_d(arb_midref(end), ARF_RND_FLOOR) && upper == 1.0);
    arb_sub_ui(end, end, 1, 300);
    arb_neg(end, end);
    CU_ASSERT_EQUAL(at_clopper_pearson(&lower, &upper, 0, trials[i], confidence, &failure), 0);
    CU_ASSERT(upper == arf_get_d(arb_midref(end), ARF_RND_CEIL) && lower == 0.0);
  }
  arb_clear(end);
}

static void test_failures(void)
{
  double lower, upper;
  at_test_fails(at_clopper_pearson(&lower, &upper, 0, 0, 0.95, &failure), failure.line,
                "trials: 0 is out of range; at least 1 is accepted");
  at_test_fails(at_clopper_pearson(&lower, &upper, 3, 2, 0.95, &failure), failure.line,
                "successes: 3 is out of range; at most the 2 trials are accepted");
  at_test_fails(at_clopper_pearson(&lower, &upper, 1, 2, 1.0, &failure), failure.line,
                "confidence: 1 is out of range; a number strictly between 0 and 1 is accepted");
  at_test_fails(at_clopper_pearson(&lower, &upper, 1, 2, (double)NAN, &failure), failure.line,
                "confidence: nan is out of range; a number strictly between 0 and 1 is accepted");
}

void at_suite_clopper_pearson(void)
{
  CU_pSuite suite = CU_add_suite("Clopper-Pearson", NULL, NULL);
  CU_add_test(suite, "ends are sharp by the binomial sum", test_tails);
  CU_add_test(suite, "closed forms for no and all successes", test_closed_form);
  CU_add_test(suite, "bad input is named", test_failures);
}
