/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/sweep/error_quadrature.h.
 * Main result: log P lies within its bound of the certified integral over shapes from flat to
 * steep, from 1/2 down to 1e-500000; a parameter moved by its stated error stays within the bound
 * that states it, and leaves the bound that does not.
 * Assumptions: the enclosure (harness/enclosure/error_integral.h).
 */
#include <CUnit/CUnit.h>

#include <math.h>

#include "harness/data/random.h"
#include "harness/enclosure/ball.h"
#include "harness/enclosure/error_integral.h"
#include "harness/sweep/error_quadrature.h"
#include "tests/suites.h"

enum { BITS = 64, DRAWS = 120 };

/* The distance of `value` from the logarithm of a positive ball, at least. */
static double log_distance(arb_t ball, double value)
{
  arb_t other;
  arb_init(other);
  arb_set_d(other, value);
  arb_log(ball, ball, BITS);
  arb_sub(ball, ball, other, BITS);
  arb_abs(ball, ball);
  arb_get_lbound_arf(arb_midref(other), ball, BITS);
  const double distance = arf_get_d(arb_midref(other), ARF_RND_NEAR);
  arb_clear(other);
  return distance;
}

/* |log P - value|, P by the enclosure; not a number if that is undecided. */
static double distance(const struct at_error_shape *shape, double value)
{
  arb_t scale, rate, slope, probability;
  arb_init(scale);
  arb_init(rate);
  arb_init(slope);
  arb_init(probability);
  arb_set_d(scale, shape->log_scale);
  arb_exp(scale, scale, 2 * BITS);
  arb_set_d(rate, shape->rate);
  arb_set_d(slope, shape->slope);
  const bool decided = at_error_integral(probability, scale, rate, slope, 2 * BITS);
  const double result = decided ? log_distance(probability, value) : NAN;
  arb_clear(scale);
  arb_clear(rate);
  arb_clear(slope);
  arb_clear(probability);
  return result;
}

static bool holds(const struct at_error_shape *shape)
{
  double logarithm = 0.0;
  double bound = 0.0;
  return at_error_quadrature(&logarithm, &bound, shape) && bound < 1e-6 &&
         distance(shape, logarithm) <= bound;
}

static void test_shapes(void)
{
  const struct at_error_shape named[] = {{.log_scale = 3.0, .rate = 40.0, .slope = 0.3},
                                         {.log_scale = -100.0, .rate = 40.0, .slope = 0.3},
                                         {.log_scale = -5.0, .rate = 0.001, .slope = 0.2},
                                         {.log_scale = 6.5, .rate = 0.02, .slope = 0.3},
                                         {.log_scale = 7.0, .rate = 0.05, .slope = 3.0},
                                         {.log_scale = 7.5, .rate = 0.001, .slope = 0.1},
                                         {.log_scale = 6.5, .rate = 0.3, .slope = -3.0},
                                         {.log_scale = 12.0, .rate = 0.1, .slope = 1.0},
                                         {.log_scale = 0.0, .rate = 1.0, .slope = 0.0},
                                         {.log_scale = 2.0, .rate = 0.5, .slope = -6.0}};
  for (size_t k = 0; k < sizeof named / sizeof named[0]; k++) CU_ASSERT(holds(&named[k]));
}

static void test_draws(void)
{
  const struct at_stream stream = at_stream_open(1, "test.shapes");
  size_t bad = 0;
  for (uint64_t k = 0; k < DRAWS; k++) {
    const struct at_error_shape shape = {
      .log_scale = 12.0 * at_random_uniform(&stream, 3 * k) - 5.0,
      .rate = exp(7.0 * at_random_uniform(&stream, 3 * k + 1) - 4.0),
      .slope = 6.0 * at_random_uniform(&stream, 3 * k + 2) - 3.0};
    bad += !holds(&shape);
  }
  CU_ASSERT_EQUAL(bad, 0);
}

/* The result at (l, s, B) holds for the moved parameters if the errors are stated. */
static void moved(double log_scale, double rate, double slope)
{
  struct at_error_shape shape = {.log_scale = 2.5, .rate = 0.3, .slope = 0.4};
  const struct at_error_shape exact = {
    .log_scale = 2.5 + log_scale, .rate = 0.3 * (1.0 + rate), .slope = 0.4 + slope};
  double logarithm = 0.0;
  double bound = 0.0;
  CU_ASSERT_FATAL(at_error_quadrature(&logarithm, &bound, &shape));
  CU_ASSERT(distance(&exact, logarithm) > bound);
  shape.log_scale_error = 1.001 * fabs(log_scale);
  shape.rate_error = 1.001 * fabs(rate);
  shape.slope_error = 1.001 * fabs(slope);
  CU_ASSERT_FATAL(at_error_quadrature(&logarithm, &bound, &shape));
  CU_ASSERT(distance(&exact, logarithm) <= bound);
}

static void test_parameter_errors(void)
{
  moved(1e-8, 0.0, 0.0);
  moved(-1e-8, 0.0, 0.0);
  moved(0.0, 1e-7, 0.0);
  moved(0.0, -1e-7, 0.0);
  moved(0.0, 0.0, 1e-8);
  moved(0.0, 0.0, -1e-8);
  moved(-1e-6, 1e-6, -1e-6);
}

static void test_fixed_attention(void)
{
  arb_t probability;
  arb_init(probability);
  for (int k = -20; k <= 12; k++) {
    const struct at_error_shape shape = {.log_scale = 0.625 * k};
    double logarithm = 0.0;
    double bound = 0.0;
    CU_ASSERT_FATAL(at_error_fixed_attention(&logarithm, &bound, &shape));
    arb_set_d(probability, shape.log_scale);
    arb_exp(probability, probability, 2 * BITS);
    arb_neg(probability, probability);
    at_ball_normal_cdf(probability, probability, 2 * BITS);
    CU_ASSERT(log_distance(probability, logarithm) <= bound);
    CU_ASSERT(bound < 1e-6);
  }
  arb_clear(probability);
}

static void test_refusals(void)
{
  double logarithm = 7.0;
  double bound = 7.0;
  const struct at_error_shape vague = {
    .log_scale = 2.5, .log_scale_error = 0.1, .rate = 0.3, .slope = 0.4};
  const struct at_error_shape unknown = {
    .log_scale = 2.5, .log_scale_error = NAN, .rate = 0.3, .slope = 0.4};
  const struct at_error_shape far = {.log_scale = 400.0, .rate = 0.001, .slope = 0.4};
  CU_ASSERT_FALSE(at_error_quadrature(&logarithm, &bound, &vague));
  CU_ASSERT_FALSE(at_error_quadrature(&logarithm, &bound, &unknown));
  CU_ASSERT_FALSE(at_error_quadrature(&logarithm, &bound, &far));
  CU_ASSERT_FALSE(at_error_fixed_attention(&logarithm, &bound, &vague));
  CU_ASSERT_FALSE(at_error_fixed_attention(&logarithm, &bound, &far));
}

void at_suite_error_quadrature(void)
{
  CU_pSuite suite = CU_add_suite("error quadrature", NULL, NULL);
  CU_add_test(suite, "flat, steep, tiny: within its bound of the enclosure", test_shapes);
  CU_add_test(suite, "shapes by chance", test_draws);
  CU_add_test(suite, "errors of the parameters are in the bound", test_parameter_errors);
  CU_add_test(suite, "fixed attention gives Phi", test_fixed_attention);
  CU_add_test(suite, "no bound, no result", test_refusals);
}
