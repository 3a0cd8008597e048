/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: runs of both paths side by side (see run.h).
 * Main result: see run.h.
 * Assumptions: CUnit.
 */
#include "tests/kernel/run.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/random.h"
#include "harness/reference/array.h"

void run_open(struct run *run, const struct at_token_data *data, long precision)
{
  const size_t n = data->samples, tokens = data->tokens, dim = data->dim;
  struct at_failure failure = {""};
  memset(run, 0, sizeof *run);
  run->data = *data;
  run->reference_format = at_format_reference(precision);
  const int failed =
    at_fast_point_init(&run->fast, n, tokens, dim, &failure) != 0 ||
    at_reference_point_init(&run->reference, n, tokens, dim, precision, &failure) != 0 ||
    at_computed_point_init(&run->fast_computed, n, tokens, dim, &failure) != 0 ||
    at_computed_point_init(&run->reference_computed, n, tokens, dim, &failure) != 0 ||
    at_bound_point_init(&run->fast_bound, n, tokens, dim, &failure) != 0 ||
    at_bound_point_init(&run->reference_bound, n, tokens, dim, &failure) != 0;
  if (failed) abort();
}

void run_close(struct run *run)
{
  at_fast_point_clear(&run->fast);
  at_reference_point_clear(&run->reference);
  at_computed_point_clear(&run->fast_computed);
  at_computed_point_clear(&run->reference_computed);
  at_bound_point_clear(&run->fast_bound);
  at_bound_point_clear(&run->reference_bound);
  at_token_data_free(&run->data);
}

void run_draw_data(struct at_token_data *data, size_t samples, size_t tokens, size_t dim,
                   uint64_t seed, int low, int high)
{
  const struct at_stream stream = at_stream_open(seed, "run.labels");
  struct at_failure failure = {""};
  if (at_token_data_allocate(data, samples, tokens, dim, false, &failure) != 0) abort();
  measure_draw(data->token, samples * tokens * dim, seed, "run.tokens", low, high);
  for (size_t i = 0; i < samples; i++)
    data->label[i] = at_random_word(&stream, i) % 2 == 0 ? 1.0 : -1.0;
}

void run_start(struct run *run, const double *v, const double *p)
{
  memcpy(run->fast.v, v, run->data.dim * sizeof *v);
  memcpy(run->fast.p, p, run->data.dim * sizeof *p);
  at_reference_array_set(run->reference.v, v, run->data.dim);
  at_reference_array_set(run->reference.p, p, run->data.dim);
}

void run_evaluate(struct run *run)
{
  const struct at_format kernel = at_format_kernel();
  at_fast_point_evaluate(&run->fast, &run->data);
  at_reference_point_evaluate(&run->reference, &run->data);
  at_computed_point_set_fast(&run->fast_computed, &run->fast);
  at_computed_point_set_reference(&run->reference_computed, &run->reference);
  at_bound_point_evaluate(&run->fast_bound, &run->fast_computed, &run->data, &kernel);
  at_bound_point_evaluate(&run->reference_bound, &run->reference_computed, &run->data,
                          &run->reference_format);
}

void run_step(struct run *run, double step)
{
  const struct at_format kernel = at_format_kernel();
  const size_t n = run->data.samples, tokens = run->data.tokens, dim = run->data.dim;
  struct run next;
  run_open(&next, &run->data, run->reference_format.precision);
  at_fast_point_step(&next.fast, &run->fast, &run->data, step);
  at_reference_point_step(&next.reference, &run->reference, step);
  at_bound_point_step(&next.fast_bound, &run->fast_bound, &run->fast_computed, step, &kernel);
  at_bound_point_step(&next.reference_bound, &run->reference_bound, &run->reference_computed, step,
                      &run->reference_format);
  CU_ASSERT(n == next.data.samples && tokens == next.data.tokens && dim == next.data.dim);
  memset(&run->data, 0, sizeof run->data); /* now owned by next */
  run_close(run);
  *run = next;
}

struct run_field run_field(const struct run *run, size_t field)
{
  const size_t rows = run->data.samples * run->data.tokens, n = run->data.samples;
  const size_t dim = run->data.dim;
  const struct at_fast_point *f = &run->fast;
  const struct at_reference_point *r = &run->reference;
  const struct at_bound_point *b = &run->fast_bound, *q = &run->reference_bound;
  const struct run_field fields[RUN_FIELDS] = {
    [RUN_V] = {"v", dim, f->v, r->v, b->v, q->v},
    [RUN_P] = {"p", dim, f->p, r->p, b->p, q->p},
    [RUN_SCORES] = {"scores", rows, f->scores, r->scores, b->scores, q->scores},
    [RUN_VALUES] = {"values", rows, f->values, r->values, b->values, q->values},
    [RUN_WEIGHTS] = {"weights", rows, f->weights, r->weights, b->weights, q->weights},
    [RUN_OUTPUTS] = {"outputs", n, f->outputs, r->outputs, b->outputs, q->outputs},
    [RUN_LOSSES] = {"losses", n, f->losses, r->losses, b->losses, q->losses},
    [RUN_LOSS] = {"loss", 1, &f->loss, r->loss, b->loss, q->loss},
    [RUN_SCORE_C] = {"score coefficients", rows, f->score_coefficients, r->score_coefficients,
                     b->score_coefficients, q->score_coefficients},
    [RUN_VALUE_C] = {"value coefficients", rows, f->value_coefficients, r->value_coefficients,
                     b->value_coefficients, q->value_coefficients},
    [RUN_GRADIENT_V] = {"gradient_v", dim, f->gradient_v, r->gradient_v, b->gradient_v,
                        q->gradient_v},
    [RUN_GRADIENT_P] = {"gradient_p", dim, f->gradient_p, r->gradient_p, b->gradient_p,
                        q->gradient_p},
  };
  return fields[field];
}

struct run_extent run_extent(const struct run_field *field)
{
  struct run_extent extent = {0.0, 0.0, 0.0};
  mpfr_t difference;
  mpfr_init2(difference, (mpfr_prec_t)2 * MEASURE_PRECISION);
  for (size_t k = 0; k < field->entries; k++) {
    mpfr_sub_d(difference, field->reference + k, field->fast[k], MPFR_RNDA);
    extent.magnitude = fmax(extent.magnitude, fabs(field->fast[k]));
    extent.difference = fmax(extent.difference, fabs(mpfr_get_d(difference, MPFR_RNDA)));
    extent.bound = fmax(extent.bound, mag_get_d(field->bound + k));
  }
  mpfr_clear(difference);
  return extent;
}

void run_measure(struct measure *measures, const struct run *run)
{
  for (size_t f = 0; f < RUN_FIELDS; f++) {
    const struct run_field field = run_field(run, f);
    const struct run_extent extent = run_extent(&field);
    measures[f].name = field.name;
    measures[f].scale = "the largest entry";
    for (size_t k = 0; k < field.entries; k++)
      measure_value(&measures[f], field.fast[k], field.reference + k, field.bound + k,
                    field.radius + k, extent.magnitude);
  }
}
