/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/gram_form.h and of runs that use it.
 * Main result: the Gram form and the direct one enclose the same numbers, at every iterate and in
 * every field, over synthetic data, dense normal data and data on which K is exact in binary64;
 * long runs take it by themselves and are decided as the direct ones are.
 * Assumptions: two enclosures of one number meet; a fault of either would have to hide inside both
 * balls, which are as narrow as 2^-100.
 */
#include <CUnit/CUnit.h>
#include <math.h>

#include "harness/enclosure/gram_form.h"
#include "harness/enclosure/run.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

static bool vectors_meet(arb_srcptr one, arb_srcptr other, size_t count)
{
  for (size_t k = 0; k < count; k++)
    if (!arb_overlaps(one + k, other + k)) return false;
  return true;
}

static void points_meet(const struct at_enclosure_point *a, const struct at_enclosure_point *b)
{
  const size_t rows = a->samples * a->tokens;
  CU_ASSERT(vectors_meet(a->scores, b->scores, rows));
  CU_ASSERT(vectors_meet(a->values, b->values, rows));
  CU_ASSERT(vectors_meet(a->weights, b->weights, rows));
  CU_ASSERT(vectors_meet(a->score_coefficients, b->score_coefficients, rows));
  CU_ASSERT(vectors_meet(a->value_coefficients, b->value_coefficients, rows));
  CU_ASSERT(vectors_meet(a->outputs, b->outputs, a->samples));
  CU_ASSERT(vectors_meet(a->losses, b->losses, a->samples));
  CU_ASSERT(arb_overlaps(a->loss, b->loss));
  CU_ASSERT(vectors_meet(a->v, b->v, a->dim) && vectors_meet(a->p, b->p, a->dim));
  CU_ASSERT(vectors_meet(a->gradient_v, b->gradient_v, a->dim));
  CU_ASSERT(vectors_meet(a->gradient_p, b->gradient_p, a->dim));
}

/* The direct descent at `precision`, against the points of a run in Gram form. */
static void direct_meets(const struct at_enclosure_run *run, slong precision)
{
  const struct at_token_data *d = run->data;
  struct at_enclosure_point point;
  at_enclosure_point_init(&point, d->samples, d->tokens, d->dim);
  for (size_t k = 0; k <= run->steps; k++) {
    if (k > 0) at_enclosure_point_step(&point, &point, run->step, precision);
    at_enclosure_point_evaluate(&point, d, precision);
    points_meet(&run->point[k], &point);
    CU_ASSERT(at_enclosure_point_is_decided(&point));
    CU_ASSERT(at_balls_are_tight(run->point[k].v, d->dim));
    CU_ASSERT(at_balls_are_tight(run->point[k].p, d->dim));
  }
  at_enclosure_point_clear(&point);
}

static void forms_meet(const struct at_token_data *data, double step, size_t steps)
{
  struct at_enclosure_run run;
  at_enclosure_run_init(&run, data, step, steps);
  CU_ASSERT_TRUE_FATAL(run.by_gram);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_FALSE(run.projected);
  CU_ASSERT(run.form.exact);
  direct_meets(&run, 512);
  at_enclosure_run_clear(&run);
}

static void test_synthetic(void)
{
  struct at_token_data data;
  at_test_data_signal(&data, 6, 90, 3.0, 3, 4);
  forms_meet(&data, 0.5, 30);
  at_token_data_free(&data);
}

static void test_dense(void)
{
  struct at_token_data data;
  at_test_data_normal(&data, 4, 5, 60, 11);
  forms_meet(&data, 0.25, 25);
  at_token_data_free(&data);
}

static void test_grid(void)
{
  struct at_token_data data;
  at_test_data_normal(&data, 5, 2, 64, 12);
  for (size_t k = 0; k < 5 * 2 * 64; k++) data.token[k] = floor(data.token[k] * 256.0) / 256.0;
  forms_meet(&data, 0.5, 12);
  at_token_data_free(&data);
}

/* A step that costs more to prepare than it saves, and a run that could reach the projection: 300
 * steps of 2^20 move p by less than 2^56.5 * 64 m^3 only. */
static void test_choice(void)
{
  struct at_token_data data;
  at_test_data_normal(&data, 5, 2, 64, 12);
  CU_ASSERT_FALSE(at_gram_form_pays(&data, 0.5, 1));
  CU_ASSERT(at_gram_form_pays(&data, 0.5, 2));
  CU_ASSERT(at_gram_form_pays(&data, 0.5, 300));
  CU_ASSERT_FALSE(at_gram_form_pays(&data, 0x1p20, 300));
  at_token_data_free(&data);
  at_test_data_normal(&data, 5, 2, 9, 12);
  CU_ASSERT_FALSE(at_gram_form_pays(&data, 0.5, 300)); /* fewer dimensions than tokens */
  at_token_data_free(&data);
}

/* 64 bits leave a run of 60 steps undecided, with balls that still meet those of the run that is
 * decided; deciding goes on from there. */
static void test_coarse(void)
{
  enum { STEPS = 60 };
  struct at_token_data data;
  struct at_enclosure_run run, fine;
  at_test_data_signal(&data, 6, 90, 3.0, 3, 4);
  at_enclosure_run_init(&run, &data, 0.5, STEPS);
  at_enclosure_run_init(&fine, &data, 0.5, STEPS);
  CU_ASSERT(at_enclosure_run_decide(&fine, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_FALSE(at_enclosure_run_at(&run, 64));
  for (size_t k = 0; k <= STEPS; k++) points_meet(&run.point[k], &fine.point[k]);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(run.precision, 128);
  at_enclosure_run_clear(&run);
  at_enclosure_run_clear(&fine);
  at_token_data_free(&data);
}

void at_suite_enclosure_gram_form(void)
{
  CU_pSuite suite = CU_add_suite("enclosure Gram form", NULL, NULL);
  CU_add_test(suite, "synthetic data: both forms meet", test_synthetic);
  CU_add_test(suite, "dense normal data: both forms meet", test_dense);
  CU_add_test(suite, "data on a grid: both forms meet", test_grid);
  CU_add_test(suite, "it is taken where it pays and may be", test_choice);
  CU_add_test(suite, "too few bits leave undecided and stay true", test_coarse);
}
