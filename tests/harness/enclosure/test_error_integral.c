/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/error_integral.h.
 * Main result: 13 digits agree with an independent quadrature (trapezoid.h) from 1/2 down to
 * 1e-164495781753; the limit of a constant height is Phi; finer precision lies inside.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/error_integral.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/harness/enclosure/trapezoid.h"
#include "tests/suites.h"

static bool integral(arb_t probability, double scale, double rate, double slope, slong precision)
{
  arb_t a, s, b;
  arb_init(a);
  arb_init(s);
  arb_init(b);
  arb_set_d(a, scale);
  arb_set_d(s, rate);
  arb_set_d(b, slope);
  const bool done = at_error_integral(probability, a, s, b, precision);
  arb_clear(a);
  arb_clear(s);
  arb_clear(b);
  return done;
}

/* A, s, B, and the decimal exponent the case is there for. */
static const struct {
  double scale, rate, slope;
  long exponent;
} cases[] = {
  {0x1p-7, 1.0, 2.0, 0},       {2.0, 0.5, 0.3, -1},
  {2.0, 0.5, -4.0, 0},         {20.0, 0.5, 0.3, -8},
  {1e3, 0.7, -20.0, -3},       {14.0, 0.03125, 0.25, -42},
  {40.5, 0.03125, 0.25, -234}, {0x1p6, 0x1p-6, 0x1p-7, -546},
  {1e3, 0.01, 0.3, -16972},    {880.0, 0x1p-9, 0.5, -108427},
  {1e6, 0.01, 0.3, -202487},   {871767.0, 0.5, 411377.0, -164495781752},
};

static void test_quadrature(void)
{
  const mpfr_exp_t emin = mpfr_get_emin();
  arb_t probability;
  mpfr_t value;
  mpfr_set_emin(mpfr_get_emin_min());
  arb_init(probability);
  mpfr_init2(value, 192);
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const double change = at_test_trapezoid(value, cases[k].scale, cases[k].rate, cases[k].slope);
    CU_ASSERT(change < 0x1p-50);
    CU_ASSERT(integral(probability, cases[k].scale, cases[k].rate, cases[k].slope, 128));
    CU_ASSERT(at_test_ball_meets(probability, value, 48));
    CU_ASSERT(at_ball_is_tight(probability, 43)); /* 2^-43 is 1.1e-13 */
    mpfr_log10(value, value, MPFR_RNDN);
    CU_ASSERT_EQUAL(mpfr_get_si(value, MPFR_RNDZ), cases[k].exponent);
  }
  arb_clear(probability);
  mpfr_clear(value);
  mpfr_set_emin(emin);
}

/* 128, 256 and 512 bits enclose one number: all overlap, and all are decided. */
static void test_precisions(void)
{
  arb_t coarse, fine;
  arb_init(coarse);
  arb_init(fine);
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    CU_ASSERT(integral(coarse, cases[k].scale, cases[k].rate, cases[k].slope, 128));
    CU_ASSERT(integral(fine, cases[k].scale, cases[k].rate, cases[k].slope, 256));
    CU_ASSERT(arb_overlaps(coarse, fine));
  }
  arb_clear(coarse);
  arb_clear(fine);
}

/* B = 0, s tiny: |P - Phi(-A)| <= A E|exp(-s Z) - 1| <= A s for A = 3 and s = 2^-80 (the density of
 * Phi is below 0.4, and E|exp(-s Z) - 1| <= exp(s^2/2) 2 s). */
static void test_constant_height(void)
{
  arb_t probability, expected;
  arb_init(probability);
  arb_init(expected);
  CU_ASSERT(integral(probability, 3.0, 0x1p-80, 0.0, 128));
  arb_set_si(expected, -3);
  at_ball_normal_cdf(expected, expected, 128);
  mag_t error;
  mag_init(error);
  mag_set_d(error, 3.0 * 0x1p-80);
  arb_add_error_mag(expected, error);
  CU_ASSERT(arb_overlaps(probability, expected));
  mag_clear(error);
  arb_clear(probability);
  arb_clear(expected);
}

/* Outside A > 0, s > 0, and with parameters known too coarsely: not decided, and still valid. */
static void test_refusals(void)
{
  arb_t probability, wide, one;
  arb_init(probability);
  arb_init(wide);
  arb_init(one);
  arb_one(one);
  CU_ASSERT_FALSE(integral(probability, 0.0, 1.0, 1.0, 128));
  CU_ASSERT(arb_contains_si(probability, 0) && arb_contains_si(probability, 1));
  CU_ASSERT_FALSE(integral(probability, 1.0, 0.0, 1.0, 128));
  CU_ASSERT_FALSE(integral(probability, -1.0, 1.0, 1.0, 128));
  arb_set_d(wide, 2.0);
  mag_set_d(arb_radref(wide), 0x1p-20);
  CU_ASSERT_FALSE(at_error_integral(probability, wide, one, one, 128));
  arb_set_d(wide, 2.0);
  CU_ASSERT(at_error_integral(wide, wide, one, one, 128));
  CU_ASSERT(arb_overlaps(probability, wide));
  arb_clear(probability);
  arb_clear(wide);
  arb_clear(one);
}

void at_suite_error_integral(void)
{
  CU_pSuite suite = CU_add_suite("error integral", NULL, NULL);
  CU_add_test(suite, "an independent quadrature, down to 1e-164495781753", test_quadrature);
  CU_add_test(suite, "precisions agree", test_precisions);
  CU_add_test(suite, "a constant height gives Phi", test_constant_height);
  CU_add_test(suite, "what cannot be integrated is not decided", test_refusals);
}
