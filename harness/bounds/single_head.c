/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of a run of the single-head model (derivation in single_head.h).
 * Main result: the bounds of vector, softmax and pooling, composed as the model is.
 * Assumptions: none.  Test: tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/single_head.h"

#include <stdlib.h>
#include <string.h>

#include "harness/bounds/pooling.h"
#include "harness/bounds/softmax.h"
#include "harness/bounds/vector.h"

/* n zeros, or NULL */
static mag_ptr mags_init(size_t n)
{
  mag_ptr array = malloc((n > 0 ? n : 1) * sizeof *array);
  if (array == NULL) return NULL;
  for (size_t k = 0; k < n; k++) mag_init(array + k);
  return array;
}

static void mags_clear(mag_ptr array, size_t n)
{
  if (array == NULL) return;
  for (size_t k = 0; k < n; k++) mag_clear(array + k);
  free(array);
}

int at_bound_point_init(struct at_bound_point *point, size_t samples, size_t tokens, size_t dim,
                        struct at_failure *failure)
{
  const size_t rows = samples * tokens;
  memset(point, 0, sizeof *point);
  point->samples = samples;
  point->tokens = tokens;
  point->dim = dim;
  mag_ptr *by_dim[] = {&point->v, &point->p, &point->gradient_v, &point->gradient_p};
  mag_ptr *by_row[] = {&point->scores, &point->values, &point->weights, &point->score_coefficients,
                       &point->value_coefficients};
  mag_ptr *by_sample[] = {&point->outputs, &point->losses};
  int missing = (point->loss = mags_init(1)) == NULL;
  for (size_t k = 0; k < 4; k++) missing |= (*by_dim[k] = mags_init(dim)) == NULL;
  for (size_t k = 0; k < 5; k++) missing |= (*by_row[k] = mags_init(rows)) == NULL;
  for (size_t k = 0; k < 2; k++) missing |= (*by_sample[k] = mags_init(samples)) == NULL;
  if (!missing) return 0;
  at_bound_point_clear(point);
  return at_fail(failure, "bounds: no memory for %zu samples of %zu tokens in %zu dimensions",
                 samples, tokens, dim);
}

void at_bound_point_clear(struct at_bound_point *point)
{
  const size_t rows = point->samples * point->tokens;
  mag_ptr by_dim[] = {point->v, point->p, point->gradient_v, point->gradient_p};
  mag_ptr by_row[] = {point->scores, point->values, point->weights, point->score_coefficients,
                      point->value_coefficients};
  mag_ptr by_sample[] = {point->outputs, point->losses};
  for (size_t k = 0; k < 4; k++) mags_clear(by_dim[k], point->dim);
  for (size_t k = 0; k < 5; k++) mags_clear(by_row[k], rows);
  for (size_t k = 0; k < 2; k++) mags_clear(by_sample[k], point->samples);
  mags_clear(point->loss, 1);
  memset(point, 0, sizeof *point);
}

/* scores, values, weights, output, loss and coefficients of sample i */
static void sample_evaluate(struct at_bound_point *point, const struct at_computed_point *computed,
                            const struct at_token_data *data, const struct at_format *format,
                            size_t i)
{
  const size_t row = i * point->tokens;
  for (size_t r = row; r < row + point->tokens; r++) {
    const double *token = data->token + r * point->dim;
    at_bound_dot(point->scores + r, token, computed->p, point->p, point->dim, format);
    at_bound_dot(point->values + r, token, computed->v, point->v, point->dim, format);
  }
  at_bound_softmax_row(point->weights + row, computed->weights + row, computed->scores + row,
                       point->scores + row, point->tokens, format);
  const struct at_bound_sample sample = {
    .tokens = point->tokens,
    .weights = computed->weights + row,
    .values = computed->values + row,
    .score_coefficients = computed->score_coefficients + row,
    .value_coefficients = computed->value_coefficients + row,
    .output = computed->outputs + i,
    .weight_error = point->weights + row,
    .value_error = point->values + row,
  };
  at_bound_pool_output(point->outputs + i, &sample, format);
  at_bound_loss(point->losses + i, computed->losses + i, point->outputs + i, format);
  at_bound_pool_coefficients(point->score_coefficients + row, point->value_coefficients + row,
                             &sample, point->outputs + i, format);
}

/* lambda_n sum losses^ / n + eta + mean of the loss errors */
static void loss_evaluate(struct at_bound_point *point, const struct at_computed_point *computed,
                          const struct at_format *format)
{
  mag_t lambda, part;
  mag_init(lambda);
  mag_init(part);
  at_format_lambda(lambda, format, point->samples);
  mag_zero(point->loss);
  for (size_t i = 0; i < point->samples; i++) {
    arf_get_mag(part, computed->losses + i);
    mag_addmul(point->loss, part, lambda);
    mag_add(point->loss, point->loss, point->losses + i);
  }
  mag_div_ui(point->loss, point->loss, point->samples);
  at_format_underflow(part, format, 1);
  mag_add(point->loss, point->loss, part);
  mag_clear(lambda);
  mag_clear(part);
}

/* E / n + lambda_1 |G^| + eta, or 0 where E = 0 */
static void gradient_evaluate(mag_ptr error, arf_srcptr gradient, arf_srcptr coefficients,
                              mag_srcptr coefficient_error, const struct at_token_data *data,
                              const struct at_format *format)
{
  mag_t lambda1, part;
  mag_init(lambda1);
  mag_init(part);
  at_format_lambda(lambda1, format, 1);
  at_bound_sum_scaled_rows(error, coefficients, coefficient_error, data->token,
                           data->samples * data->tokens, data->dim, data->dim, format);
  for (size_t k = 0; k < data->dim; k++) {
    if (mag_is_zero(error + k)) continue;
    mag_div_ui(error + k, error + k, data->samples);
    arf_get_mag(part, gradient + k);
    mag_addmul(error + k, part, lambda1);
    at_format_underflow(part, format, 1);
    mag_add(error + k, error + k, part);
  }
  mag_clear(lambda1);
  mag_clear(part);
}

void at_bound_point_evaluate(struct at_bound_point *point, const struct at_computed_point *computed,
                             const struct at_token_data *data, const struct at_format *format)
{
  for (size_t i = 0; i < point->samples; i++) sample_evaluate(point, computed, data, format, i);
  loss_evaluate(point, computed, format);
  gradient_evaluate(point->gradient_v, computed->gradient_v, computed->value_coefficients,
                    point->value_coefficients, data, format);
  gradient_evaluate(point->gradient_p, computed->gradient_p, computed->score_coefficients,
                    point->score_coefficients, data, format);
}

void at_bound_point_step(struct at_bound_point *next, const struct at_bound_point *point,
                         const struct at_computed_point *computed, double step,
                         const struct at_format *format)
{
  at_bound_descend(next->v, computed->v, point->v, computed->gradient_v, point->gradient_v, step,
                   point->dim, format);
  at_bound_descend(next->p, computed->p, point->p, computed->gradient_p, point->gradient_p, step,
                   point->dim, format);
}
