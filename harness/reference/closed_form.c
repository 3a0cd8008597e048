/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: two steps from zero in closed form (see closed_form.h).
 * Main result: the formulas of the header, term by term, at the precision of v1.
 * Assumptions: none.  Test: tests/harness/reference/test_closed_form.c.
 */
#include "harness/reference/closed_form.h"

#include "harness/reference/array.h"
#include "harness/reference/logistic.h"
#include "harness/reference/vector.h"

/* Numbers and vectors in use while one data set is worked through. */
struct work {
  mpfr_ptr sum;      /* (dim) sum of a sample's tokens */
  mpfr_ptr movement; /* (dim) a sample's contribution */
  mpfr_t scale, slope, projection, term;
};

static void work_init(struct work *work, size_t dim, mpfr_prec_t precision)
{
  work->sum = at_reference_array_init(dim, precision);
  work->movement = at_reference_array_init(dim, precision);
  mpfr_inits2(precision, work->scale, work->slope, work->projection, work->term, (mpfr_ptr)0);
}

static void work_clear(struct work *work, size_t dim)
{
  at_reference_array_clear(work->sum, dim);
  at_reference_array_clear(work->movement, dim);
  mpfr_clears(work->scale, work->slope, work->projection, work->term, (mpfr_ptr)0);
}

static const double *sample_token(const struct at_token_data *data, size_t i, size_t t)
{
  return data->token + (i * data->tokens + t) * data->dim;
}

/* sum = sum over the tokens of sample i */
static void token_sum(mpfr_ptr sum, const struct at_token_data *data, size_t i)
{
  at_reference_array_set(sum, sample_token(data, i, 0), data->dim);
  for (size_t t = 1; t < data->tokens; t++) {
    const double *token = sample_token(data, i, t);
    for (size_t k = 0; k < data->dim; k++) mpfr_add_d(sum + k, sum + k, token[k], MPFR_RNDN);
  }
}

/* total[k] += scale * part[k] */
static void accumulate(mpfr_ptr total, mpfr_srcptr scale, mpfr_srcptr part, mpfr_ptr term, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    mpfr_mul(term, scale, part + k, MPFR_RNDN);
    mpfr_add(total + k, total + k, term, MPFR_RNDN);
  }
}

/* result = x' y */
static void inner(mpfr_ptr result, mpfr_srcptr x, mpfr_srcptr y, mpfr_ptr term, size_t n)
{
  mpfr_set_zero(result, 1);
  for (size_t k = 0; k < n; k++) {
    mpfr_mul(term, x + k, y + k, MPFR_RNDN);
    mpfr_add(result, result, term, MPFR_RNDN);
  }
}

/* scale = step / (parts * samples * tokens) */
static void step_scale(mpfr_ptr scale, const struct at_token_data *data, double step,
                       unsigned long parts)
{
  mpfr_set_d(scale, step, MPFR_RNDN);
  mpfr_div_ui(scale, scale, parts * data->samples * data->tokens, MPFR_RNDN);
}

/* v1 = (step / 2nT) sum of y_i (sum of the tokens of sample i) */
static void first_step(mpfr_ptr v1, struct work *work, const struct at_token_data *data,
                       double step)
{
  step_scale(work->scale, data, step, 2);
  for (size_t k = 0; k < data->dim; k++) mpfr_set_zero(v1 + k, 1);
  for (size_t i = 0; i < data->samples; i++) {
    token_sum(work->sum, data, i);
    mpfr_set_d(work->slope, data->label[i], MPFR_RNDN);
    accumulate(v1, work->slope, work->sum, work->term, data->dim);
  }
  for (size_t k = 0; k < data->dim; k++) mpfr_mul(v1 + k, v1 + k, work->scale, MPFR_RNDN);
}

/* slope = g_i y_i at v1, from work->sum = the sum of the sample's tokens */
static void sample_slope(struct work *work, mpfr_srcptr v1, const struct at_token_data *data,
                         size_t i)
{
  inner(work->projection, v1, work->sum, work->term, data->dim);
  mpfr_div_ui(work->projection, work->projection, data->tokens, MPFR_RNDN);
  mpfr_mul_d(work->projection, work->projection, -data->label[i], MPFR_RNDN);
  at_reference_sigmoid(work->slope, work->projection);
  mpfr_mul_d(work->slope, work->slope, data->label[i], MPFR_RNDN);
}

/* movement = sum over t of (x_it - mean of the tokens) (x_it' v1) */
static void centred_movement(struct work *work, mpfr_srcptr v1, const struct at_token_data *data,
                             size_t i)
{
  for (size_t k = 0; k < data->dim; k++) mpfr_set_zero(work->movement + k, 1);
  for (size_t t = 0; t < data->tokens; t++) {
    const double *token = sample_token(data, i, t);
    at_reference_dot(work->projection, token, v1, data->dim);
    for (size_t k = 0; k < data->dim; k++) {
      mpfr_div_ui(work->term, work->sum + k, data->tokens, MPFR_RNDN);
      mpfr_d_sub(work->term, token[k], work->term, MPFR_RNDN);
      mpfr_mul(work->term, work->term, work->projection, MPFR_RNDN);
      mpfr_add(work->movement + k, work->movement + k, work->term, MPFR_RNDN);
    }
  }
}

void at_reference_closed_form(mpfr_ptr v1, mpfr_ptr v2, mpfr_ptr p2,
                              const struct at_token_data *data, double step)
{
  struct work work;
  work_init(&work, data->dim, mpfr_get_prec(v1));
  first_step(v1, &work, data, step);
  step_scale(work.scale, data, step, 1);
  for (size_t k = 0; k < data->dim; k++) {
    mpfr_set(v2 + k, v1 + k, MPFR_RNDN);
    mpfr_set_zero(p2 + k, 1);
  }
  for (size_t i = 0; i < data->samples; i++) {
    token_sum(work.sum, data, i);
    sample_slope(&work, v1, data, i);
    mpfr_mul(work.slope, work.slope, work.scale, MPFR_RNDN);
    accumulate(v2, work.slope, work.sum, work.term, data->dim);
    centred_movement(&work, v1, data, i);
    accumulate(p2, work.slope, work.movement, work.term, data->dim);
  }
  work_clear(&work, data->dim);
}

/* One sample of the two-token formulas: v2 += (1 + 2 g) y s, p2 += g y (v1' d) d; both still
 * without the factor c.  work->sum holds s. */
static void two_token_sample(mpfr_ptr v2, mpfr_ptr p2, struct work *work, mpfr_srcptr v1,
                             const struct at_token_data *data, size_t i)
{
  const double *first = sample_token(data, i, 0), *second = sample_token(data, i, 1);
  for (size_t k = 0; k < data->dim; k++) {
    mpfr_set_d(work->movement + k, first[k], MPFR_RNDN);
    mpfr_sub_d(work->movement + k, work->movement + k, second[k], MPFR_RNDN);
  }
  sample_slope(work, v1, data, i);
  inner(work->projection, v1, work->movement, work->term, data->dim);
  mpfr_mul(work->projection, work->projection, work->slope, MPFR_RNDN);
  accumulate(p2, work->projection, work->movement, work->term, data->dim);
  mpfr_mul_ui(work->slope, work->slope, 2, MPFR_RNDN);
  mpfr_add_d(work->slope, work->slope, data->label[i], MPFR_RNDN);
  accumulate(v2, work->slope, work->sum, work->term, data->dim);
}

void at_reference_closed_form_two(mpfr_ptr v1, mpfr_ptr v2, mpfr_ptr p2,
                                  const struct at_token_data *data, double step)
{
  struct work work;
  work_init(&work, data->dim, mpfr_get_prec(v1));
  first_step(v1, &work, data, step);
  for (size_t k = 0; k < data->dim; k++) {
    mpfr_set_zero(v2 + k, 1);
    mpfr_set_zero(p2 + k, 1);
  }
  for (size_t i = 0; i < data->samples; i++) {
    token_sum(work.sum, data, i);
    two_token_sample(v2, p2, &work, v1, data, i);
  }
  step_scale(work.scale, data, step, 2);
  for (size_t k = 0; k < data->dim; k++) {
    mpfr_mul(v2 + k, v2 + k, work.scale, MPFR_RNDN);
    mpfr_mul(p2 + k, p2 + k, work.scale, MPFR_RNDN);
  }
  work_clear(&work, data->dim);
}
