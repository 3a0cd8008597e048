/* SPDX-License-Identifier: Apache-2.0
 *
 * naive.c: see naive.h.  Compiled several times by bench.mk, with and without -ffast-math.
 */
#include "tests/bench/naive.h"

#include <math.h>

#include "kernel/capacity.h"

double at_naive_dot(const double *x, const double *y, size_t n)
{
  double sum = 0.0;
  for (size_t k = 0; k < n; k++) sum += x[k] * y[k];
  return sum;
}

/* weights = softmax(scores), in place */
static void softmax(double *scores, size_t tokens)
{
  double largest = scores[0];
  double sum = 0.0;
  for (size_t t = 1; t < tokens; t++) largest = fmax(largest, scores[t]);
  for (size_t t = 0; t < tokens; t++) {
    scores[t] = exp(scores[t] - largest);
    sum += scores[t];
  }
  for (size_t t = 0; t < tokens; t++) scores[t] /= sum;
}

/* Both coefficients of the tokens of one sample. */
static void coefficients(double *score_coefficients, double *value_coefficients,
                         const double *sample, double label, const double *v, const double *p,
                         size_t tokens, size_t dim)
{
  double weights[AT_MAX_TOKENS] = {0.0}, values[AT_MAX_TOKENS] = {0.0};
  double output = 0.0;
  for (size_t t = 0; t < tokens; t++) {
    weights[t] = at_naive_dot(sample + t * dim, p, dim);
    values[t] = at_naive_dot(sample + t * dim, v, dim);
  }
  softmax(weights, tokens);
  for (size_t t = 0; t < tokens; t++) output += weights[t] * values[t];
  const double slope = -label / (1.0 + exp(label * output));
  for (size_t t = 0; t < tokens; t++) {
    value_coefficients[t] = slope * weights[t];
    score_coefficients[t] = value_coefficients[t] * (values[t] - output);
  }
}

/* next = weight - scale * sum of coefficient * row */
static void descend(double *restrict next, const double *restrict weight,
                    const double *restrict coefficient, const double *restrict row, double scale,
                    size_t rows, size_t dim)
{
  for (size_t k = 0; k < dim; k++) next[k] = weight[k];
  for (size_t r = 0; r < rows; r++) {
    const double factor = scale * coefficient[r];
    for (size_t k = 0; k < dim; k++) next[k] -= factor * row[r * dim + k];
  }
}

void at_naive_step(double *v_next, double *p_next, double *score_coefficients,
                   double *value_coefficients, const double *tokens, const double *labels,
                   const double *v, const double *p, double step, size_t samples,
                   size_t token_count, size_t dim)
{
  const double scale = step / (double)samples;
  for (size_t i = 0; i < samples; i++) {
    const size_t row = i * token_count;
    coefficients(score_coefficients + row, value_coefficients + row, tokens + row * dim, labels[i],
                 v, p, token_count, dim);
  }
  descend(v_next, v, value_coefficients, tokens, scale, samples * token_count, dim);
  descend(p_next, p, score_coefficients, tokens, scale, samples * token_count, dim);
}
