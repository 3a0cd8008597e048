/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: exact copies of computed numbers (see computed.h).
 * Main result: no rounding but in at_computed_distance, which rounds up.
 * Assumptions: none.  Test: tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/computed.h"

#include <stdlib.h>
#include <string.h>

enum { DISTANCE_PRECISION = 64 };

arf_ptr at_computed_init(size_t n)
{
  arf_ptr array = malloc((n > 0 ? n : 1) * sizeof *array);
  if (array == NULL) return NULL;
  for (size_t k = 0; k < n; k++) arf_init(array + k);
  return array;
}

void at_computed_clear(arf_ptr array, size_t n)
{
  if (array == NULL) return;
  for (size_t k = 0; k < n; k++) arf_clear(array + k);
  free(array);
}

void at_computed_set_doubles(arf_ptr array, const double *values, size_t n)
{
  for (size_t k = 0; k < n; k++) arf_set_d(array + k, values[k]);
}

void at_computed_set_mpfr(arf_ptr array, mpfr_srcptr values, size_t n)
{
  for (size_t k = 0; k < n; k++) arf_set_mpfr(array + k, values + k);
}

void at_computed_distance(mag_t distance, const arf_struct *x, const arf_struct *y)
{
  arf_t difference;
  arf_init(difference);
  arf_sub(difference, x, y, DISTANCE_PRECISION, ARF_RND_UP);
  arf_get_mag(distance, difference);
  arf_clear(difference);
}

int at_computed_point_init(struct at_computed_point *point, size_t samples, size_t tokens,
                           size_t dim, struct at_failure *failure)
{
  const size_t rows = samples * tokens;
  memset(point, 0, sizeof *point);
  point->samples = samples;
  point->tokens = tokens;
  point->dim = dim;
  arf_ptr *by_dim[] = {&point->v, &point->p, &point->gradient_v, &point->gradient_p};
  arf_ptr *by_row[] = {&point->scores, &point->values, &point->weights, &point->score_coefficients,
                       &point->value_coefficients};
  arf_ptr *by_sample[] = {&point->outputs, &point->losses};
  int missing = (point->loss = at_computed_init(1)) == NULL;
  for (size_t k = 0; k < 4; k++) missing |= (*by_dim[k] = at_computed_init(dim)) == NULL;
  for (size_t k = 0; k < 5; k++) missing |= (*by_row[k] = at_computed_init(rows)) == NULL;
  for (size_t k = 0; k < 2; k++) missing |= (*by_sample[k] = at_computed_init(samples)) == NULL;
  if (!missing) return 0;
  at_computed_point_clear(point);
  return at_fail(failure, "bounds: no memory for %zu samples of %zu tokens in %zu dimensions",
                 samples, tokens, dim);
}

void at_computed_point_clear(struct at_computed_point *point)
{
  const size_t rows = point->samples * point->tokens;
  arf_ptr by_dim[] = {point->v, point->p, point->gradient_v, point->gradient_p};
  arf_ptr by_row[] = {point->scores, point->values, point->weights, point->score_coefficients,
                      point->value_coefficients};
  arf_ptr by_sample[] = {point->outputs, point->losses};
  for (size_t k = 0; k < 4; k++) at_computed_clear(by_dim[k], point->dim);
  for (size_t k = 0; k < 5; k++) at_computed_clear(by_row[k], rows);
  for (size_t k = 0; k < 2; k++) at_computed_clear(by_sample[k], point->samples);
  at_computed_clear(point->loss, 1);
  memset(point, 0, sizeof *point);
}

void at_computed_point_set_fast(struct at_computed_point *point, const struct at_fast_point *source)
{
  const size_t rows = point->samples * point->tokens;
  at_computed_set_doubles(point->v, source->v, point->dim);
  at_computed_set_doubles(point->p, source->p, point->dim);
  at_computed_set_doubles(point->gradient_v, source->gradient_v, point->dim);
  at_computed_set_doubles(point->gradient_p, source->gradient_p, point->dim);
  at_computed_set_doubles(point->scores, source->scores, rows);
  at_computed_set_doubles(point->values, source->values, rows);
  at_computed_set_doubles(point->weights, source->weights, rows);
  at_computed_set_doubles(point->score_coefficients, source->score_coefficients, rows);
  at_computed_set_doubles(point->value_coefficients, source->value_coefficients, rows);
  at_computed_set_doubles(point->outputs, source->outputs, point->samples);
  at_computed_set_doubles(point->losses, source->losses, point->samples);
  at_computed_set_doubles(point->loss, &source->loss, 1);
}

void at_computed_point_set_reference(struct at_computed_point *point,
                                     const struct at_reference_point *source)
{
  const size_t rows = point->samples * point->tokens;
  at_computed_set_mpfr(point->v, source->v, point->dim);
  at_computed_set_mpfr(point->p, source->p, point->dim);
  at_computed_set_mpfr(point->gradient_v, source->gradient_v, point->dim);
  at_computed_set_mpfr(point->gradient_p, source->gradient_p, point->dim);
  at_computed_set_mpfr(point->scores, source->scores, rows);
  at_computed_set_mpfr(point->values, source->values, rows);
  at_computed_set_mpfr(point->weights, source->weights, rows);
  at_computed_set_mpfr(point->score_coefficients, source->score_coefficients, rows);
  at_computed_set_mpfr(point->value_coefficients, source->value_coefficients, rows);
  at_computed_set_mpfr(point->outputs, source->outputs, point->samples);
  at_computed_set_mpfr(point->losses, source->losses, point->samples);
  at_computed_set_mpfr(point->loss, source->loss, 1);
}
