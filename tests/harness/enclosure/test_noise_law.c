/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/noise_law.h.
 * Main result: the five numbers of the law on vectors whose values are integers, and collinearity
 * found exactly when it holds, to the last bit.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/noise_law.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

enum { DIM = 5, BOTH = 10 };

static void law_of(struct at_noise_law *law, const double *v, const double *p, double rho,
                   size_t dim)
{
  arb_ptr balls = _arb_vec_init(BOTH);
  at_balls_set_doubles(balls, v, dim);
  at_balls_set_doubles(balls + DIM, p, dim);
  at_noise_law_set(law, balls, balls + DIM, rho, dim, false, 128);
  _arb_vec_clear(balls, BOTH);
}

static void test_values(void)
{
  const double v[DIM] = {2.0, -3.0, 1.0, 2.0, -2.0};
  const double p[DIM] = {-1.0, 5.0, 4.0, 0.0, 3.0};
  struct at_noise_law law;
  at_noise_law_init(&law);
  law_of(&law, v, p, 0.5, DIM);
  CU_ASSERT(at_test_ball_meets_double(law.signal_value[0], 1.0, 1000));
  CU_ASSERT(at_test_ball_meets_double(law.signal_value[1], 1.5, 1000));
  CU_ASSERT(at_test_ball_meets_double(law.signal_score[0], -0.5, 1000));
  CU_ASSERT(at_test_ball_meets_double(law.signal_score[1], 2.5, 1000));
  CU_ASSERT(at_test_ball_meets_double(law.value_variance, 9.0, 1000));
  CU_ASSERT(at_test_ball_meets_double(law.score_variance, 25.0, 1000));
  CU_ASSERT(at_test_ball_meets_double(law.covariance, -2.0, 1000));
  CU_ASSERT_FALSE(law.collinear);
  law_of(&law, v, p, 0.5, 2);
  CU_ASSERT(arb_is_zero(law.value_variance) && arb_is_zero(law.score_variance));
  CU_ASSERT(law.collinear);
  at_noise_law_clear(&law);
}

static bool collinear(double v2, double v3, double v4, double p2, double p3, double p4)
{
  const double v[DIM] = {1.0, 1.0, v2, v3, v4};
  const double p[DIM] = {1.0, 1.0, p2, p3, p4};
  struct at_noise_law law;
  at_noise_law_init(&law);
  law_of(&law, v, p, 1.0, DIM);
  const bool result = law.collinear;
  at_noise_law_clear(&law);
  return result;
}

static void test_collinear(void)
{
  const double third = 1.0 / 3.0;
  CU_ASSERT(collinear(1.0, 2.0, 0.0, 3.0, 6.0, 0.0));
  CU_ASSERT(collinear(third, 2.0, 0.0, -third * 0x1p200, -0x1p201, 0.0));
  CU_ASSERT(collinear(0.0, 0.0, 0.0, 1.0, 2.0, 3.0));
  CU_ASSERT(collinear(1.0, 2.0, 3.0, 0.0, 0.0, 0.0));
  CU_ASSERT_FALSE(collinear(1.0, 2.0, 0.0, 3.0, 6.0, 0x1p-1074));
  CU_ASSERT_FALSE(collinear(third, 1.0, 0.0, 1.0, 3.0, 0.0)); /* 3 fl(1/3) is not 1 */
  CU_ASSERT_FALSE(collinear(0.0, 1.0, 0.0, 1.0, 0.0, 0.0));
}

/* Balls that are not exact never show collinearity by themselves; the caller may know it. */
static void test_known_collinear(void)
{
  arb_ptr balls = _arb_vec_init(4);
  struct at_noise_law law;
  at_noise_law_init(&law);
  for (slong k = 0; k < 4; k++) {
    arb_set_si(balls + k, 1);
    arb_div_ui(balls + k, balls + k, 3, 128);
  }
  at_noise_law_set(&law, balls, balls, 1.0, 4, false, 128);
  CU_ASSERT_FALSE(law.collinear);
  at_noise_law_set(&law, balls, balls, 1.0, 4, true, 128);
  CU_ASSERT(law.collinear);
  at_noise_law_set(&law, balls, balls, 1.0, 3, false, 128);
  CU_ASSERT(law.collinear);
  at_noise_law_clear(&law);
  _arb_vec_clear(balls, 4);
}

static void test_parallel_data(void)
{
  struct at_token_data data;
  at_test_data_signal(&data, 3, 6, 1.0, 0, 2);
  CU_ASSERT_FALSE(at_noise_is_collinear(&data));
  for (size_t k = 2; k < 6; k++) {
    at_token_row(&data, 1, 1)[k] = -0.5 * at_token_row(&data, 0, 1)[k];
    at_token_row(&data, 2, 1)[k] = 0.0;
  }
  CU_ASSERT(at_noise_is_collinear(&data));
  at_token_row(&data, 2, 0)[5] = 0x1p-1000;
  CU_ASSERT_FALSE(at_noise_is_collinear(&data));
  at_token_data_free(&data);
  at_test_data_signal(&data, 3, 3, 1.0, 0, 2);
  CU_ASSERT(at_noise_is_collinear(&data));
  at_token_data_free(&data);
}

void at_suite_noise_law(void)
{
  CU_pSuite suite = CU_add_suite("noise law", NULL, NULL);
  CU_add_test(suite, "means, variances and covariance", test_values);
  CU_add_test(suite, "exact vectors show collinearity to the last bit", test_collinear);
  CU_add_test(suite, "balls are collinear only when that is known", test_known_collinear);
  CU_add_test(suite, "parallel noise tokens are recognised", test_parallel_data);
}
