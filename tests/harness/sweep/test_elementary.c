/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/sweep/elementary.h.
 * Main result: erfcx, log and exp lie within their stated bounds of Arb's at 200 bits on grids that
 * cross every seam of the methods.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include <arb_hypgeom.h>
#include <math.h>
#include <stdbool.h>

#include "harness/data/random.h"
#include "harness/sweep/elementary.h"
#include "tests/suites.h"

enum { BITS = 200, DRAWS = 4000 };

/* |computed - exact| <= bound, or bound * |exact|. */
static bool within(double computed, const arb_t exact, double bound, bool relative)
{
  arb_t difference, limit;
  arb_init(difference);
  arb_init(limit);
  arb_set_d(difference, computed);
  arb_sub(difference, difference, exact, BITS);
  arb_abs(difference, difference);
  arb_set_d(limit, bound);
  if (relative) arb_mul(limit, limit, exact, BITS);
  const bool good = arb_le(difference, limit) != 0;
  arb_clear(difference);
  arb_clear(limit);
  return good;
}

/* exp(x^2) erfc(x), by Arb. */
static void scaled_erfc(arb_t value, double x)
{
  const slong bits = BITS + 2 * (slong)(x * x);
  arb_t power;
  arb_init(power);
  arb_set_d(value, x);
  arb_sqr(power, value, bits);
  arb_exp(power, power, bits);
  arb_hypgeom_erfc(value, value, bits);
  arb_mul(value, value, power, bits);
  arb_clear(power);
}

static void test_scaled_erfc(void)
{
  const struct at_stream stream = at_stream_open(1, "test.erfc");
  const double seams[] = {0.0, 0x1p-1022, 0x1p-30, 3.9999999999999996, 4.0, 6.18, 7.18, 8.18, 40.0};
  size_t bad = 0;
  arb_t exact;
  arb_init(exact);
  for (size_t k = 0; k < sizeof seams / sizeof seams[0]; k++) {
    scaled_erfc(exact, seams[k]);
    CU_ASSERT(within(at_scaled_erfc(seams[k]), exact, 0x1p-48, true));
  }
  for (uint64_t k = 0; k < DRAWS; k++) {
    const double x = 12.0 * at_random_uniform(&stream, k);
    scaled_erfc(exact, x);
    bad += !within(at_scaled_erfc(x), exact, 0x1p-48, true);
  }
  CU_ASSERT_EQUAL(bad, 0);
  /* far out, erfcx(x) = (1 - theta/(2 x^2)) / (x sqrt(pi)), 0 < theta < 1 */
  for (int e = 30; e <= 500; e += 47) {
    arb_const_sqrt_pi(exact, BITS);
    arb_mul_2exp_si(exact, exact, e);
    arb_inv(exact, exact, BITS);
    CU_ASSERT(within(at_scaled_erfc(ldexp(1.0, e)), exact, 0x1p-48, true));
  }
  arb_clear(exact);
}

static void test_logarithm(void)
{
  const struct at_stream stream = at_stream_open(2, "test.log");
  const double seams[] = {1.0,       0x1.fffffffffffffp-1,  0x1.0000000000001p0, 2.0, 0.5,
                          0x1p-1022, 0x1.fffffffffffffp1023};
  arb_t exact;
  size_t bad = 0;
  arb_init(exact);
  for (size_t k = 0; k < DRAWS; k++) {
    const double x = k < sizeof seams / sizeof seams[0]
                       ? seams[k]
                       : ldexp(1.0 + at_random_uniform(&stream, k), (int)(k % 2000) - 1000);
    arb_set_d(exact, x);
    arb_log(exact, exact, BITS);
    bad += !within(at_natural_log(x), exact, (fabs(log2(x)) + 3.0) * 0x1p-52, false);
  }
  CU_ASSERT_EQUAL(bad, 0);
  CU_ASSERT_EQUAL(at_natural_log(1.0), 0.0);
  arb_clear(exact);
}

static void test_exponential(void)
{
  const struct at_stream stream = at_stream_open(3, "test.exp");
  arb_t exact;
  size_t bad = 0;
  arb_init(exact);
  for (uint64_t k = 0; k < DRAWS; k++) {
    const double x = k == 0   ? 700.0
                     : k == 1 ? -700.0
                              : 1400.0 * at_random_uniform(&stream, k) - 700.0;
    arb_set_d(exact, x);
    arb_exp(exact, exact, BITS);
    bad += !within(at_exp_signed(x), exact, 0x1p-51, true);
  }
  CU_ASSERT_EQUAL(bad, 0);
  CU_ASSERT_EQUAL(at_exp_signed(0.0), 1.0);
  arb_clear(exact);
}

void at_suite_sweep_elementary(void)
{
  CU_pSuite suite = CU_add_suite("sweep elementary", NULL, NULL);
  CU_add_test(suite, "scaled erfc within 2^-48 of Arb's", test_scaled_erfc);
  CU_add_test(suite, "logarithm within its bound of Arb's", test_logarithm);
  CU_add_test(suite, "exponential within 2^-51 of Arb's", test_exponential);
}
