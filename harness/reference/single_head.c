/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the reference path (see single_head.h).
 * Main result: the composition of the other twins, as the kernel composes its parts.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/single_head.h"

#include <string.h>

#include "harness/reference/array.h"
#include "harness/reference/pooling.h"
#include "harness/reference/softmax.h"
#include "harness/reference/vector.h"

int at_reference_point_init(struct at_reference_point *point, size_t samples, size_t tokens,
                            size_t dim, mpfr_prec_t precision, struct at_failure *failure)
{
  const size_t rows = samples * tokens;
  memset(point, 0, sizeof *point);
  if (precision < AT_REFERENCE_MIN_PRECISION || precision > AT_REFERENCE_MAX_PRECISION) {
    return at_fail(failure, "precision: %ld bits are out of range; between %d and %d are accepted",
                   (long)precision, AT_REFERENCE_MIN_PRECISION, AT_REFERENCE_MAX_PRECISION);
  }
  point->precision = precision;
  point->samples = samples;
  point->tokens = tokens;
  point->dim = dim;
  mpfr_ptr *by_dim[] = {&point->v, &point->p, &point->gradient_v, &point->gradient_p};
  mpfr_ptr *by_row[] = {&point->scores, &point->values, &point->weights, &point->score_coefficients,
                        &point->value_coefficients};
  mpfr_ptr *by_sample[] = {&point->outputs, &point->losses};
  for (size_t k = 0; k < 4; k++) *by_dim[k] = at_reference_array_init(dim, precision);
  for (size_t k = 0; k < 5; k++) *by_row[k] = at_reference_array_init(rows, precision);
  for (size_t k = 0; k < 2; k++) *by_sample[k] = at_reference_array_init(samples, precision);
  point->loss = at_reference_array_init(1, precision);
  return 0;
}

void at_reference_point_clear(struct at_reference_point *point)
{
  const size_t rows = point->samples * point->tokens;
  mpfr_ptr by_dim[] = {point->v, point->p, point->gradient_v, point->gradient_p};
  mpfr_ptr by_row[] = {point->scores, point->values, point->weights, point->score_coefficients,
                       point->value_coefficients};
  mpfr_ptr by_sample[] = {point->outputs, point->losses};
  for (size_t k = 0; k < 4; k++) at_reference_array_clear(by_dim[k], point->dim);
  for (size_t k = 0; k < 5; k++) at_reference_array_clear(by_row[k], rows);
  for (size_t k = 0; k < 2; k++) at_reference_array_clear(by_sample[k], point->samples);
  at_reference_array_clear(point->loss, 1);
  memset(point, 0, sizeof *point);
}

void at_reference_single_head_sample(mpfr_ptr output, mpfr_ptr scores, mpfr_ptr values,
                                     mpfr_ptr weights, const double *sample, mpfr_srcptr v,
                                     mpfr_srcptr p, size_t tokens, size_t dim)
{
  for (size_t t = 0; t < tokens; t++) {
    at_reference_dot(scores + t, sample + t * dim, p, dim);
    at_reference_dot(values + t, sample + t * dim, v, dim);
  }
  at_reference_softmax_row(weights, scores, tokens);
  at_reference_pool_output(output, weights, values, tokens);
}

void at_reference_single_head_loss(mpfr_ptr loss, mpfr_srcptr losses, size_t samples)
{
  mpfr_set_zero(loss, 1);
  for (size_t i = 0; i < samples; i++) mpfr_add(loss, loss, losses + i, MPFR_RNDN);
  mpfr_div_ui(loss, loss, samples, MPFR_RNDN);
}

void at_reference_single_head_gradient(mpfr_ptr gradient, mpfr_srcptr coefficients,
                                       const double *token, size_t samples, size_t tokens,
                                       size_t dim)
{
  at_reference_sum_scaled_rows(gradient, coefficients, token, samples * tokens, dim, dim);
  for (size_t k = 0; k < dim; k++) mpfr_div_ui(gradient + k, gradient + k, samples, MPFR_RNDN);
}

void at_reference_point_evaluate(struct at_reference_point *point, const struct at_token_data *data)
{
  mpfr_t margin;
  mpfr_init2(margin, point->precision);
  for (size_t i = 0; i < point->samples; i++) {
    const size_t row = i * point->tokens;
    at_reference_single_head_sample(point->outputs + i, point->scores + row, point->values + row,
                                    point->weights + row, data->token + row * point->dim, point->v,
                                    point->p, point->tokens, point->dim);
    mpfr_mul_d(margin, point->outputs + i, data->label[i], MPFR_RNDN);
    at_reference_loss(point->losses + i, margin);
    at_reference_pool_coefficients(point->score_coefficients + row, point->value_coefficients + row,
                                   point->weights + row, point->values + row, point->outputs + i,
                                   data->label[i], point->tokens);
  }
  mpfr_clear(margin);
  at_reference_single_head_loss(point->loss, point->losses, point->samples);
  at_reference_single_head_gradient(point->gradient_v, point->value_coefficients, data->token,
                                    point->samples, point->tokens, point->dim);
  at_reference_single_head_gradient(point->gradient_p, point->score_coefficients, data->token,
                                    point->samples, point->tokens, point->dim);
}

void at_reference_point_step(struct at_reference_point *next,
                             const struct at_reference_point *point, double step)
{
  at_reference_descend(next->v, point->v, point->gradient_v, step, point->dim);
  at_reference_descend(next->p, point->p, point->gradient_p, step, point->dim);
}
