/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/decimal.h.
 * Main result: printed ends bracket the ball, also where binary64 has no such number.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <string.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/decimal.h"
#include "tests/suites.h"

static struct at_decimal decimal;

static void ends_are(const arb_t ball, int digits, const char *lower, const char *upper)
{
  at_decimal_set(&decimal, ball, digits);
  CU_ASSERT_STRING_EQUAL(decimal.lower, lower);
  CU_ASSERT_STRING_EQUAL(decimal.upper, upper);
}

static void test_text(void)
{
  arb_t ball;
  arb_init(ball);
  ends_are(ball, 5, "0", "0");
  arb_one(ball);
  ends_are(ball, 5, "1.0000e+00", "1.0000e+00");
  arb_div_ui(ball, ball, 3, 128);
  ends_are(ball, 3, "3.33e-01", "3.34e-01");
  ends_are(ball, -1, "3e-01", "4e-01");
  arb_neg(ball, ball);
  ends_are(ball, 3, "-3.34e-01", "-3.33e-01");
  arb_zero(ball);
  mag_set_ui_2exp_si(arb_radref(ball), 1, -2);
  ends_are(ball, 4, "-2.500e-01", "2.500e-01");
  arb_set_d(ball, 0.25);
  mag_set_ui_2exp_si(arb_radref(ball), 1, -2);
  ends_are(ball, 2, "0", "5.0e-01");
  arb_zero_pm_inf(ball);
  ends_are(ball, 5, "-inf", "inf");
  CU_ASSERT_FALSE(decimal.has_log10);
  CU_ASSERT_STRING_EQUAL(decimal.log10_lower, "");
  arb_indeterminate(ball);
  ends_are(ball, 5, "-inf", "inf");
  arb_clear(ball);
}

/* The printed ends, read back as exact decimals, bracket the ball at every number of digits. */
static void test_bracket(void)
{
  arb_t ball, end;
  arb_init(ball);
  arb_init(end);
  arb_set_si(ball, -97000);
  arb_exp(ball, ball, 200);
  for (int digits = 1; digits <= AT_DECIMAL_MAX_DIGITS + 5; digits++) {
    at_decimal_set(&decimal, ball, digits);
    CU_ASSERT_EQUAL(arb_set_str(end, decimal.lower, 400), 0);
    CU_ASSERT(arb_le(end, ball));
    CU_ASSERT_EQUAL(arb_set_str(end, decimal.upper, 400), 0);
    CU_ASSERT(arb_ge(end, ball));
  }
  arb_clear(ball);
  arb_clear(end);
}

/* exp(-10^12) is below MPFR's default range, and is printed all the same; the exponent is the floor
 * of -10^12 / ln 10 = -434294481903.25. */
static void test_beyond_mpfr(void)
{
  arb_t ball;
  arb_init(ball);
  arb_set_d(ball, -1e12);
  arb_exp(ball, ball, 200);
  at_decimal_set(&decimal, ball, 6);
  CU_ASSERT_PTR_NOT_NULL(strstr(decimal.lower, "e-434294481904"));
  CU_ASSERT_PTR_NOT_NULL(strstr(decimal.upper, "e-434294481904"));
  CU_ASSERT_STRING_EQUAL(decimal.log10_lower, "-4.34295e+11");
  CU_ASSERT_STRING_EQUAL(decimal.log10_upper, "-4.34294e+11");
  arb_clear(ball);
}

/* exp(-97000) = 10^(-97000 / ln 10) = 10^-42126.56...; -300 itself is not below -300. */
static void test_log10(void)
{
  arb_t ball, logarithm, expected;
  arb_init(ball);
  arb_init(logarithm);
  arb_init(expected);
  arb_set_si(ball, -97000);
  arb_exp(ball, ball, 200);
  at_decimal_set(&decimal, ball, 20);
  CU_ASSERT(decimal.has_log10);
  arb_const_log10(logarithm, 300);
  arb_set_si(expected, -97000);
  arb_div(expected, expected, logarithm, 300);
  CU_ASSERT_EQUAL(arb_set_str(logarithm, decimal.log10_lower, 400), 0);
  CU_ASSERT(arb_le(logarithm, expected));
  CU_ASSERT_EQUAL(arb_set_str(logarithm, decimal.log10_upper, 400), 0);
  CU_ASSERT(arb_ge(logarithm, expected));
  CU_ASSERT_PTR_NOT_NULL(strstr(decimal.lower, "e-42127"));
  at_ball_log10(logarithm, ball, 128);
  CU_ASSERT(arb_overlaps(logarithm, expected));
  arb_set_d(ball, 1e-299);
  at_decimal_set(&decimal, ball, 20);
  CU_ASSERT_FALSE(decimal.has_log10);
  arb_clear(ball);
  arb_clear(logarithm);
  arb_clear(expected);
}

static void test_doubles(void)
{
  double lower, upper;
  arb_t ball;
  arb_init(ball);
  arb_one(ball);
  at_ball_get_doubles(&lower, &upper, ball);
  CU_ASSERT(lower == 1.0 && upper == 1.0);
  arb_div_ui(ball, ball, 3, 128);
  at_ball_get_doubles(&lower, &upper, ball);
  CU_ASSERT(lower == 0x1.5555555555555p-2 && upper == 0x1.5555555555556p-2);
  arb_mul_2exp_si(ball, ball, -2000);
  at_ball_get_doubles(&lower, &upper, ball);
  CU_ASSERT(lower == 0.0 && upper == 0x1p-1074);
  arb_mul_2exp_si(ball, ball, 4000);
  arb_neg(ball, ball);
  at_ball_get_doubles(&lower, &upper, ball);
  CU_ASSERT(isinf(lower) && lower < 0.0 && upper == -0x1.fffffffffffffp1023);
  arb_indeterminate(ball);
  at_ball_get_doubles(&lower, &upper, ball);
  CU_ASSERT(isinf(lower) && lower < 0.0 && isinf(upper) && upper > 0.0);
  arb_clear(ball);
}

void at_suite_decimal(void)
{
  CU_pSuite suite = CU_add_suite("decimal", NULL, NULL);
  CU_add_test(suite, "decimal ends are rounded outward", test_text);
  CU_add_test(suite, "the ends bracket the ball at every length", test_bracket);
  CU_add_test(suite, "numbers beyond MPFR's default range", test_beyond_mpfr);
  CU_add_test(suite, "log10 below 1e-300", test_log10);
  CU_add_test(suite, "binary64 ends are rounded outward", test_doubles);
}
