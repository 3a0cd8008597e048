/* SPDX-License-Identifier: Apache-2.0
 *
 * single_head.c: the single-head model, composed of vector, softmax and pooling.
 *
 * Gradients are summed in blocks of AT_BLOCK columns: one block of every row fits the cache, is
 * read once for v and once for p, and is written straight into the next weights.
 */
#include "double_guard.h"

#include "pooling.h"
#include "single_head.h"
#include "softmax.h"
#include "vector.h"

double at_single_head_sample(double *scores, double *values, double *weights, const double *sample,
                             const double *v, const double *p, size_t tokens, size_t dim)
{
  for (size_t t = 0; t < tokens; t++) {
    scores[t] = at_dot(sample + t * dim, p, dim);
    values[t] = at_dot(sample + t * dim, v, dim);
  }
  at_softmax_row(weights, scores, tokens);
  return at_pool_output(weights, values, tokens);
}

void at_single_head_forward(double *outputs, double *weights, const double *tokens, const double *v,
                            const double *p, size_t samples, size_t token_count, size_t dim)
{
  double scores[AT_MAX_TOKENS] = {0};
  double values[AT_MAX_TOKENS] = {0};
  for (size_t i = 0; i < samples; i++)
    outputs[i] = at_single_head_sample(scores, values, weights + i * token_count,
                                       tokens + i * token_count * dim, v, p, token_count, dim);
}

double at_single_head_loss(const double *outputs, const double *labels, size_t samples)
{
  double sum = 0.0;
  //@ loop unroll AT_MAX_SAMPLES;
  for (size_t i = 0; i < samples; i++) sum = sum + at_loss(labels[i] * outputs[i]);
  return sum / (double)samples;
}

void at_single_head_coefficients(double *score_coefficients, double *value_coefficients,
                                 const double *tokens, const double *labels, const double *v,
                                 const double *p, size_t samples, size_t token_count, size_t dim)
{
  double scores[AT_MAX_TOKENS] = {0};
  double values[AT_MAX_TOKENS] = {0};
  double weights[AT_MAX_TOKENS] = {0};
  for (size_t i = 0; i < samples; i++) {
    double output = at_single_head_sample(scores, values, weights, tokens + i * token_count * dim,
                                          v, p, token_count, dim);
    at_pool_coefficients(score_coefficients + i * token_count, value_coefficients + i * token_count,
                         weights, values, output, labels[i], token_count);
  }
}

void at_single_head_gradient(double *gradient, const double *coefficients, const double *tokens,
                             size_t first, size_t width, size_t samples, size_t token_count,
                             size_t dim)
{
  at_sum_scaled_rows(gradient, coefficients, tokens + first, samples * token_count, dim, width);
  for (size_t k = 0; k < width; k++) gradient[k] = gradient[k] / (double)samples;
}

void at_single_head_step(double *v_next, double *p_next, double *score_coefficients,
                         double *value_coefficients, const double *tokens, const double *labels,
                         const double *v, const double *p, double step, size_t samples,
                         size_t token_count, size_t dim)
{
  double gradient[AT_BLOCK] = {0};
  at_single_head_coefficients(score_coefficients, value_coefficients, tokens, labels, v, p, samples,
                              token_count, dim);
  //@ loop unroll AT_MAX_DIM;
  for (size_t first = 0; first < dim; first += AT_BLOCK) {
    const size_t width = dim - first < AT_BLOCK ? dim - first : AT_BLOCK;
    at_single_head_gradient(gradient, value_coefficients, tokens, first, width, samples,
                            token_count, dim);
    at_descend(v_next + first, v + first, gradient, step, width);
    at_single_head_gradient(gradient, score_coefficients, tokens, first, width, samples,
                            token_count, dim);
    at_descend(p_next + first, p + first, gradient, step, width);
  }
}
