/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see triangular.h.
 */
#include "harness/sweep/triangular.h"

#include <stdbool.h>

#include "kernel/double_guard.h"
#include "kernel/pooling.h"
#include "kernel/softmax.h"
#include "kernel/vector.h"

/* BLOCK: columns of a gradient that are summed together; rows above its diagonal are left out. */
enum { SIGNALS = 2, TOKENS = 2, BLOCK = 64 };

/* v or p, and whether it is zero, so that its products need not be formed. */
struct weights {
  const double *entry;
  bool zero;
};

static struct weights weights_of(const double *entry, size_t dim)
{
  struct weights result = {entry, true};
  for (size_t k = 0; k < dim && result.zero; k++) result.zero = entry[k] == 0.0;
  return result;
}

/* Entries of noise token i up to its last that is not known to be zero. */
static size_t noise_length(const struct at_token_data *data, size_t i)
{
  return SIGNALS + i + 1 < data->dim ? SIGNALS + i + 1 : data->dim;
}

static size_t class_of(const struct at_token_data *data, size_t i)
{
  return data->clean_label[i] > 0.0 ? 0 : 1;
}

/* product[t] = token t of sample i times the weights. */
static void multiply(double *product, const struct at_token_data *data, size_t i,
                     const struct weights *weights)
{
  product[0] = 0.0;
  product[1] = 0.0;
  if (weights->zero) return;
  product[0] += data->rho * weights->entry[class_of(data, i)];
  product[1] = at_dot(at_token_row(data, i, 1), weights->entry, noise_length(data, i));
}

/* Output, softmax row and values of sample i. */
static double sample(double *row, double *values, const struct at_token_data *data, size_t i,
                     const struct weights *v, const struct weights *p)
{
  double scores[TOKENS];
  multiply(scores, data, i, p);
  multiply(values, data, i, v);
  at_softmax_row(row, scores, TOKENS);
  return at_pool_output(row, values, TOKENS);
}

void at_triangular_forward(double *outputs, double *weights, const struct at_token_data *data,
                           const double *v, const double *p)
{
  const struct weights by_value = weights_of(v, data->dim);
  const struct weights by_score = weights_of(p, data->dim);
  double values[TOKENS];
  for (size_t i = 0; i < data->samples; i++)
    outputs[i] = sample(weights + TOKENS * i, values, data, i, &by_value, &by_score);
}

/* next = weight - step * gradient in the two signals' columns. */
static void descend_signals(double *next, const double *weight, const double *coefficients,
                            const struct at_token_data *data, double step)
{
  double gradient[SIGNALS] = {0.0, 0.0};
  for (size_t i = 0; i < data->samples; i++)
    gradient[class_of(data, i)] += coefficients[TOKENS * i] * data->rho;
  for (size_t k = 0; k < SIGNALS; k++) gradient[k] /= (double)data->samples;
  at_descend(next, weight, gradient, step, 0, SIGNALS);
}

/* The same in the noise columns, from the noise tokens' coefficients. */
static void descend_noise(double *next, const double *weight, const double *coefficients,
                          const struct at_token_data *data, double step)
{
  double gradient[BLOCK], other[BLOCK];
  for (size_t first = SIGNALS; first < data->dim; first += BLOCK) {
    const size_t width = data->dim - first < BLOCK ? data->dim - first : BLOCK;
    const size_t row = first - SIGNALS; /* the first that reaches this block */
    at_sum_scaled_rows(gradient, other, coefficients + row, at_token_row(data, row, 1) + first, 0,
                       data->samples - row, TOKENS * data->dim, width);
    for (size_t k = 0; k < width; k++) gradient[k] /= (double)data->samples;
    at_descend(next, weight, gradient, step, first, width);
  }
}

static void descend(double *next, double *scratch, const double *weight, const double *coefficients,
                    const struct at_token_data *data, double step)
{
  for (size_t i = 0; i < data->samples; i++) scratch[i] = coefficients[TOKENS * i + 1];
  descend_signals(next, weight, coefficients, data, step);
  descend_noise(next, weight, scratch, data, step);
}

void at_triangular_step(double *v_next, double *p_next, double *score_coefficients,
                        double *value_coefficients, double *scratch,
                        const struct at_token_data *data, const double *v, const double *p,
                        double step)
{
  const struct weights by_value = weights_of(v, data->dim);
  const struct weights by_score = weights_of(p, data->dim);
  for (size_t i = 0; i < data->samples; i++) {
    double row[TOKENS], values[TOKENS];
    const double output = sample(row, values, data, i, &by_value, &by_score);
    at_pool_coefficients(score_coefficients + TOKENS * i, value_coefficients + TOKENS * i, row,
                         values, output, data->label[i], TOKENS);
  }
  descend(v_next, scratch, v, value_coefficients, data, step);
  descend(p_next, scratch, p, score_coefficients, data, step);
}
