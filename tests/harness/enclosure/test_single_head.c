/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/single_head.h.
 * Main result: balls contain an MPFR recomputation (harness/reference, written independently) and
 * every finer enclosure; zeros that must be exact are; the two-step closed forms lie inside.
 * Assumptions: the reference path at 700 bits is within 2^-500 of exact, relatively: it performs
 * fewer than 2^20 operations on data whose cancellations lose far fewer than 150 bits.
 */
#include <CUnit/CUnit.h>

#include "harness/enclosure/run.h"
#include "harness/enclosure/single_head.h"
#include "harness/reference/closed_form.h"
#include "harness/reference/array.h"
#include "harness/reference/single_head.h"
#include "kernel/capacity.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

enum { REFERENCE_BITS = 700, REFERENCE_GOOD = 500 };

/* Every field of the two points meets. */
static void points_meet(const struct at_enclosure_point *ball,
                        const struct at_reference_point *value)
{
  const size_t rows = ball->samples * ball->tokens;
  const slong bits = REFERENCE_GOOD;
  CU_ASSERT(at_test_balls_meet(ball->v, value->v, ball->dim, bits));
  CU_ASSERT(at_test_balls_meet(ball->p, value->p, ball->dim, bits));
  CU_ASSERT(at_test_balls_meet(ball->gradient_v, value->gradient_v, ball->dim, bits));
  CU_ASSERT(at_test_balls_meet(ball->gradient_p, value->gradient_p, ball->dim, bits));
  CU_ASSERT(at_test_balls_meet(ball->scores, value->scores, rows, bits));
  CU_ASSERT(at_test_balls_meet(ball->values, value->values, rows, bits));
  CU_ASSERT(at_test_balls_meet(ball->weights, value->weights, rows, bits));
  CU_ASSERT(at_test_balls_meet(ball->score_coefficients, value->score_coefficients, rows, bits));
  CU_ASSERT(at_test_balls_meet(ball->value_coefficients, value->value_coefficients, rows, bits));
  CU_ASSERT(at_test_balls_meet(ball->outputs, value->outputs, ball->samples, bits));
  CU_ASSERT(at_test_balls_meet(ball->losses, value->losses, ball->samples, bits));
  CU_ASSERT(at_test_ball_meets(ball->loss, value->loss, bits));
}

/* `steps` steps from (v, p) on both paths, compared at each iterate. */
static void paths_meet(const struct at_token_data *data, const double *v, const double *p,
                       double step, size_t steps)
{
  struct at_enclosure_point ball;
  struct at_reference_point value;
  at_enclosure_point_init(&ball, data->samples, data->tokens, data->dim);
  CU_ASSERT_EQUAL_FATAL(
    at_reference_point_init(&value, data->samples, data->tokens, data->dim, REFERENCE_BITS, NULL),
    0);
  at_enclosure_point_set(&ball, v, p);
  at_reference_array_set(value.v, v, data->dim);
  at_reference_array_set(value.p, p, data->dim);
  for (size_t k = 0; k <= steps; k++) {
    at_enclosure_point_evaluate(&ball, data, 160);
    at_reference_point_evaluate(&value, data);
    points_meet(&ball, &value);
    CU_ASSERT(at_enclosure_point_is_decided(&ball));
    CU_ASSERT(at_balls_are_tight(ball.gradient_v, data->dim));
    CU_ASSERT(at_balls_are_tight(ball.gradient_p, data->dim));
    CU_ASSERT_FALSE(ball.projected);
    at_enclosure_point_step(&ball, &ball, step, 160);
    at_reference_point_step(&value, &value, step);
  }
  at_enclosure_point_clear(&ball);
  at_reference_point_clear(&value);
}

static void test_reference(void)
{
  static const size_t shapes[][3] = {{5, 3, 7}, {4, 1, 3}, {1, 2, 1}, {3, 9, 40}, {130, 2, 5}};
  double v[40], p[40];
  for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
    struct at_token_data data;
    at_test_data_normal(&data, shapes[k][0], shapes[k][1], shapes[k][2], 10 + k);
    at_test_normals(v, data.dim, 1.5, 20 + k);
    at_test_normals(p, data.dim, 2.0, 30 + k);
    paths_meet(&data, v, p, 0.75, 3);
    at_token_data_free(&data);
  }
}

static bool vectors_nest(arb_srcptr coarse, arb_srcptr fine, size_t count)
{
  for (size_t k = 0; k < count; k++)
    if (!arb_contains(coarse + k, fine + k)) return false;
  return true;
}

/* The balls at 64, 128 and 256 bits contain those at 512 bits. */
static void test_nested(void)
{
  struct at_token_data data;
  struct at_enclosure_run fine, coarse;
  at_test_data_signal(&data, 9, 12, 2.5, 4, 3);
  at_enclosure_run_init(&fine, &data, 1.25, 4);
  at_enclosure_run_init(&coarse, &data, 1.25, 4);
  at_enclosure_run_at(&fine, 512);
  for (slong bits = 64; bits < 512; bits *= 2) {
    at_enclosure_run_at(&coarse, bits);
    for (size_t k = 0; k <= 4; k++) {
      const struct at_enclosure_point *a = &coarse.point[k];
      const struct at_enclosure_point *b = &fine.point[k];
      CU_ASSERT(vectors_nest(a->v, b->v, 12) && vectors_nest(a->p, b->p, 12));
      CU_ASSERT(vectors_nest(a->gradient_v, b->gradient_v, 12));
      CU_ASSERT(vectors_nest(a->gradient_p, b->gradient_p, 12));
      CU_ASSERT(vectors_nest(a->weights, b->weights, 18));
      CU_ASSERT(vectors_nest(a->outputs, b->outputs, 9) && vectors_nest(a->losses, b->losses, 9));
      CU_ASSERT(vectors_nest(a->loss, b->loss, 1));
    }
  }
  at_enclosure_run_clear(&fine);
  at_enclosure_run_clear(&coarse);
  at_token_data_free(&data);
}

/* From v = p = 0: outputs, p_1 and dL/dp are exactly zero, weights exactly 1/2, the loss log 2. */
static void test_exact_zeros(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  arb_t log2;
  arb_init(log2);
  arb_const_log2(log2, 256);
  at_test_data_signal(&data, 6, 9, 3.0, 3, 4);
  at_enclosure_run_init(&run, &data, 0.5, 1);
  at_enclosure_run_at(&run, 128);
  CU_ASSERT(_arb_vec_is_zero(run.point[0].outputs, 6));
  CU_ASSERT(_arb_vec_is_zero(run.point[0].gradient_p, 9));
  CU_ASSERT(_arb_vec_is_zero(run.point[1].p, 9));
  CU_ASSERT_FALSE(_arb_vec_is_zero(run.point[1].v, 9));
  CU_ASSERT_FALSE(_arb_vec_is_zero(run.point[1].gradient_p, 9));
  for (size_t r = 0; r < 12; r++) {
    CU_ASSERT(arb_is_exact(run.point[1].weights + r));
    CU_ASSERT(at_test_ball_meets_double(run.point[1].weights + r, 0.5, 1000));
  }
  CU_ASSERT(arb_contains(run.point[0].loss, log2));
  CU_ASSERT_EQUAL(at_enclosure_margin_sign(&run.point[0], &data, 0), AT_SIGN_ZERO);
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
  arb_clear(log2);
}

/* One sample, tokens 2^20 and 2^19, v = 2^50, label -1: values 2^70 and 2^69, the loss derivative
 * is nearly -1, so dL/dp is near 2^67 (2^20 - 2^19) = 2^86 and p leaves the box; v stays inside. */
static void test_projection(void)
{
  struct at_token_data data;
  struct at_enclosure_point point;
  const double v = 0x1p50;
  const double p = 0.0;
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(&data, 1, 2, 1, false, NULL), 0);
  data.token[0] = 0x1p20;
  data.token[1] = 0x1p19;
  data.label[0] = -1.0;
  at_enclosure_point_init(&point, 1, 2, 1);
  at_enclosure_point_set(&point, &v, &p);
  at_enclosure_point_evaluate(&point, &data, 128);
  CU_ASSERT_EQUAL(at_enclosure_margin_sign(&point, &data, 0), AT_SIGN_NEGATIVE);
  at_enclosure_point_step(&point, &point, 1.0, 128);
  CU_ASSERT(point.projected);
  CU_ASSERT(arb_is_exact(point.p));
  CU_ASSERT(at_test_ball_meets_double(point.p, -AT_MAX_WEIGHT, 1000));
  at_enclosure_point_evaluate(&point, &data, 128);
  at_enclosure_point_step(&point, &point, 0.0, 128);
  CU_ASSERT(point.projected);
  at_enclosure_point_set(&point, &v, &p);
  CU_ASSERT_FALSE(point.projected);
  at_enclosure_point_clear(&point);
  at_token_data_free(&data);
}

/* v_1, v_2, p_2 in closed form (harness/reference/closed_form.h) lie in the balls of two steps. */
static void test_closed_form(void)
{
  enum { DIM = 14, ALL = 42 };
  struct at_token_data data;
  struct at_enclosure_run run;
  mpfr_ptr v1 = at_reference_array_init(ALL, REFERENCE_BITS);
  mpfr_ptr v2 = v1 + DIM;
  mpfr_ptr p2 = v2 + DIM;
  at_test_data_signal(&data, 11, DIM, 2.0, 5, 6);
  at_enclosure_run_init(&run, &data, 3.0, 2);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  at_reference_closed_form_two(v1, v2, p2, &data, 3.0);
  CU_ASSERT(at_test_balls_meet(run.point[1].v, v1, DIM, REFERENCE_GOOD));
  CU_ASSERT(at_test_balls_meet(run.point[2].v, v2, DIM, REFERENCE_GOOD));
  CU_ASSERT(at_test_balls_meet(run.point[2].p, p2, DIM, REFERENCE_GOOD));
  CU_ASSERT(at_balls_are_tight(run.point[2].v, DIM) && at_balls_are_tight(run.point[2].p, DIM));
  at_reference_array_clear(v1, ALL);
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
}

void at_suite_enclosure_single_head(void)
{
  CU_pSuite suite = CU_add_suite("enclosure single head", NULL, NULL);
  CU_add_test(suite, "balls contain an MPFR recomputation", test_reference);
  CU_add_test(suite, "balls contain finer balls", test_nested);
  CU_add_test(suite, "what is zero from zero is exactly zero", test_exact_zeros);
  CU_add_test(suite, "a projection that may act is flagged", test_projection);
  CU_add_test(suite, "two steps contain their closed form", test_closed_form);
}
