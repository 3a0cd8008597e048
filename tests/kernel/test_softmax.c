/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of kernel/softmax.h.
 * Main result: weights lie within the bound of harness/bounds/softmax.h of the reference, for all
 * magnitudes of scores the contract admits; they lie in [0, 1], sum to one and follow the order of
 * the scores as closely as rounding lets them.
 * Assumptions: measure.h.
 */
#include <CUnit/CUnit.h>
#include <math.h>

#include "harness/bounds/computed.h"
#include "harness/bounds/softmax.h"
#include "harness/reference/array.h"
#include "harness/reference/softmax.h"
#include "kernel/capacity.h"
#include "kernel/softmax.h"
#include "tests/kernel/measure.h"
#include "tests/suites.h"

static struct measure rows = {.name = "softmax_row", .scale = "the weight"};

/* |sum - 1| <= lambda_T + T eta: with the quotients q of harness/bounds/softmax.h, sum q sigma = 1
 * carries T - 1 roundings and each weight one more; floors add 2^-1021 each at most. */
static void sum_check(const double *weights, size_t tokens)
{
  const struct at_format kernel = at_format_kernel();
  mpfr_t sum;
  mag_t allowed;
  mpfr_init2(sum, MEASURE_PRECISION);
  mag_init(allowed);
  mpfr_set_si(sum, -1, MPFR_RNDN);
  for (size_t t = 0; t < tokens; t++) mpfr_add_d(sum, sum, weights[t], MPFR_RNDN);
  at_format_lambda(allowed, &kernel, tokens);
  mag_add_ui_2exp_si(allowed, allowed, tokens, -1020);
  CU_ASSERT(fabs(mpfr_get_d(sum, MPFR_RNDN)) <= mag_get_d(allowed));
  mpfr_clear(sum);
  mag_clear(allowed);
}

/* A larger score has the larger weight up to rounding: both exponentials may err by 2^-52 and both
 * quotients by 2^-53, the sum is common, so the ratio is at least 1 - 3 * 2^-52 to first order;
 * 4 * 2^-52 pays for products of errors and 2^-1074 for quotients that underflow. */
static void order_check(const double *weights, const double *scores, size_t tokens)
{
  for (size_t s = 0; s < tokens; s++)
    for (size_t t = 0; t < tokens; t++)
      if (scores[s] >= scores[t])
        CU_ASSERT(weights[s] >= weights[t] * (1.0 - 4 * 0x1p-52) - 0x1p-1074);
}

static void row_check(const double *scores, size_t tokens)
{
  const struct at_format kernel = at_format_kernel();
  const struct at_format reference = at_format_reference(MEASURE_PRECISION);
  double weights[AT_MAX_TOKENS];
  mpfr_ptr exact = at_reference_array_init(2 * tokens, MEASURE_PRECISION);
  arf_ptr held = at_computed_init(3 * tokens);
  mag_ptr bound = measure_mags(tokens), radius = measure_mags(tokens);
  at_softmax_row(weights, scores, tokens);
  at_reference_array_set(exact, scores, tokens);
  at_reference_softmax_row(exact + tokens, exact, tokens);
  at_computed_set_doubles(held, scores, tokens);
  at_computed_set_doubles(held + tokens, weights, tokens);
  at_computed_set_mpfr(held + 2 * tokens, exact + tokens, tokens);
  at_bound_softmax_row(bound, held + tokens, held, NULL, tokens, &kernel);
  at_bound_softmax_row(radius, held + 2 * tokens, held, NULL, tokens, &reference);
  for (size_t t = 0; t < tokens; t++) {
    CU_ASSERT(weights[t] >= 0.0 && weights[t] <= 1.0);
    measure_value(&rows, weights[t], exact + tokens + t, bound + t, radius + t, weights[t]);
  }
  sum_check(weights, tokens);
  order_check(weights, scores, tokens);
  measure_mags_clear(bound, tokens);
  measure_mags_clear(radius, tokens);
  at_computed_clear(held, 3 * tokens);
  at_reference_array_clear(exact, 2 * tokens);
}

static void random_rows(uint64_t seed)
{
  const size_t sizes[] = {1, 2, 3, 5, 8, 16, 63, AT_MAX_TOKENS};
  const int exponents[][2] = {{-4, 3}, {-60, 0}, {-1074, -1000}, {5, 9}, {8, 12}, {90, 96}};
  double scores[AT_MAX_TOKENS];
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    for (size_t e = 0; e < sizeof exponents / sizeof *exponents; e++) {
      measure_draw(scores, sizes[k], seed, "softmax", exponents[e][0], exponents[e][1]);
      measure_inputs(&rows, "%zu tokens, seed %d, exponents %zu", sizes[k], (int)seed, e);
      row_check(scores, sizes[k]);
    }
  }
}

static void test_random(void)
{
  for (uint64_t seed = 1; seed <= 40; seed++) random_rows(seed);
}

static void test_wanted(void)
{
  const size_t wanted = measure_wanted();
  for (uint64_t seed = 41; rows.values < wanted; seed++) random_rows(seed);
}

/* Two tokens: the gap alone matters; every gap from none to beyond the clamp, both ways round. */
static void test_gaps(void)
{
  for (int k = 0; k <= 3000; k++) {
    const double gap = k * 0.25;
    const double forward[2] = {1.0, 1.0 + gap}, backward[2] = {gap - 3.0, -3.0};
    measure_inputs(&rows, "gap %a", gap);
    row_check(forward, 2);
    row_check(backward, 2);
  }
}

/* Equal scores: the sum is exact, so every weight is 1/T rounded. */
static void test_equal(void)
{
  const double levels[] = {0.0, 1.0, -0x1p96, 0x1p96, 0x1p-1074};
  double scores[AT_MAX_TOKENS], weights[AT_MAX_TOKENS];
  for (size_t tokens = 1; tokens <= AT_MAX_TOKENS; tokens++) {
    for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
      for (size_t t = 0; t < tokens; t++) scores[t] = levels[k];
      at_softmax_row(weights, scores, tokens);
      for (size_t t = 0; t < tokens; t++) CU_ASSERT_EQUAL(weights[t], 1.0 / (double)tokens);
    }
  }
}

/* One score far above the rest takes all attention. */
static void test_saturated(void)
{
  double scores[AT_MAX_TOKENS] = {0}, weights[AT_MAX_TOKENS];
  scores[17] = 0x1p96;
  at_softmax_row(weights, scores, AT_MAX_TOKENS);
  for (size_t t = 0; t < AT_MAX_TOKENS; t++)
    CU_ASSERT(t == 17 ? weights[t] == 1.0 : weights[t] <= 0x1p-1021);
}

static void test_bounds(void)
{
  measure_close(&rows);
}

void at_suite_softmax(void)
{
  CU_pSuite suite = CU_add_suite("kernel/softmax", NULL, NULL);
  CU_add_test(suite, "random scores", test_random);
  CU_add_test(suite, "gaps of two tokens", test_gaps);
  CU_add_test(suite, "equal scores", test_equal);
  CU_add_test(suite, "saturated", test_saturated);
  CU_add_test(suite, "as many as asked for", test_wanted);
  CU_add_test(suite, "bound at all of them", test_bounds);
}
