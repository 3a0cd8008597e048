/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/ball.h.
 * Main result: a sign is stated only when it is certain; tight means what it says at the limit;
 * Phi agrees with MPFR from 1 - 1e-20 down to 1e-4347.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include "harness/enclosure/ball.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

static void test_signs(void)
{
  arb_t ball;
  arb_init(ball);
  CU_ASSERT_EQUAL(at_ball_sign(ball), AT_SIGN_ZERO);
  arb_set_d(ball, 0x1p-1000);
  CU_ASSERT_EQUAL(at_ball_sign(ball), AT_SIGN_POSITIVE);
  arb_neg(ball, ball);
  CU_ASSERT_EQUAL(at_ball_sign(ball), AT_SIGN_NEGATIVE);
  mag_set_ui_2exp_si(arb_radref(ball), 1, -1000);
  CU_ASSERT_EQUAL(at_ball_sign(ball), AT_SIGN_UNDECIDED);
  arb_zero(ball);
  mag_set_ui_2exp_si(arb_radref(ball), 1, -1000);
  CU_ASSERT_EQUAL(at_ball_sign(ball), AT_SIGN_UNDECIDED);
  arb_indeterminate(ball);
  CU_ASSERT_EQUAL(at_ball_sign(ball), AT_SIGN_UNDECIDED);
  arb_clear(ball);
}

/* 1 + 2^-20 with radius 2^-61: the lower end is above 1, the width 2^-60, so tight by a hair; a
 * radius larger by 2^-8 is not. */
static void test_tight(void)
{
  arb_t balls[2];
  arb_init(balls[0]);
  arb_init(balls[1]);
  CU_ASSERT(at_ball_is_tight(balls[0], 60));
  arb_set_d(balls[0], 1.0 + 0x1p-20);
  mag_set_ui_2exp_si(arb_radref(balls[0]), 1, -61);
  CU_ASSERT(at_ball_is_tight(balls[0], 60));
  CU_ASSERT_FALSE(at_ball_is_tight(balls[0], 61));
  arb_neg(balls[0], balls[0]);
  CU_ASSERT(at_ball_is_tight(balls[0], 60));
  mag_set_ui_2exp_si(arb_radref(balls[0]), 257, -69);
  CU_ASSERT_FALSE(at_ball_is_tight(balls[0], 60));
  CU_ASSERT_FALSE(at_balls_are_tight(balls[0], 1));
  arb_zero(balls[0]);
  mag_set_d(arb_radref(balls[0]), 0x1p-500);
  CU_ASSERT_FALSE(at_ball_is_tight(balls[0], 1));
  arb_pos_inf(balls[0]);
  CU_ASSERT_FALSE(at_ball_is_tight(balls[0], 1));
  arb_clear(balls[0]);
  arb_clear(balls[1]);
}

static void test_dot(void)
{
  const double x[3] = {0x1p60, 1.0, -0x1p60};
  const double y[3] = {1.0, 0x1p-60, 1.0};
  arb_ptr balls_x = _arb_vec_init(3);
  arb_ptr balls_y = _arb_vec_init(3);
  arb_t sum;
  arb_init(sum);
  at_balls_set_doubles(balls_x, x, 3);
  at_balls_set_doubles(balls_y, y, 3);
  at_balls_dot(sum, balls_x, balls_y, 3, 256);
  CU_ASSERT(arb_is_exact(sum) && at_test_ball_meets_double(sum, 0x1p-60, 1000));
  at_balls_dot(sum, balls_x, balls_y, 0, 64);
  CU_ASSERT(arb_is_zero(sum));
  arb_clear(sum);
  _arb_vec_clear(balls_x, 3);
  _arb_vec_clear(balls_y, 3);
}

static void test_normal_cdf(void)
{
  static const double points[] = {9.25, 1.5, 0.0, -0.5, -3.0, -13.75, -44.0, -141.5};
  arb_t x, probability;
  mpfr_t point, value;
  arb_init(x);
  arb_init(probability);
  mpfr_init2(point, 53);
  mpfr_init2(value, 400);
  for (size_t k = 0; k < sizeof points / sizeof points[0]; k++) {
    arb_set_d(x, points[k]);
    mpfr_set_d(point, points[k], MPFR_RNDN);
    at_ball_normal_cdf(probability, x, 192);
    at_test_normal_cdf(value, point);
    CU_ASSERT(at_test_ball_meets(probability, value, 380));
    CU_ASSERT(at_ball_is_tight(probability, 150));
  }
  arb_clear(x);
  arb_clear(probability);
  mpfr_clear(point);
  mpfr_clear(value);
}

void at_suite_enclosure_ball(void)
{
  CU_pSuite suite = CU_add_suite("enclosure ball", NULL, NULL);
  CU_add_test(suite, "a sign is stated only when certain", test_signs);
  CU_add_test(suite, "tight means relative width at most 2^-bits", test_tight);
  CU_add_test(suite, "a dot product without cancellation error", test_dot);
  CU_add_test(suite, "Phi against MPFR, down to 1e-4347", test_normal_cdf);
}
