/* SPDX-License-Identifier: Apache-2.0
 *
 * single_head.c (fast): calls of the kernel, in the build that harness/fast/kernel.h chose.
 */
#include "harness/fast/single_head.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fast/kernel.h"
#include "kernel/capacity.h"

/* Zeroed doubles, at least one; NULL when memory runs out. */
static double *new_doubles(size_t count)
{
  return calloc(count > 0 ? count : 1, sizeof(double));
}

int at_fast_point_init(struct at_fast_point *point, size_t samples, size_t tokens, size_t dim,
                       struct at_failure *failure)
{
  const size_t rows = samples * tokens;
  memset(point, 0, sizeof *point);
  point->samples = samples;
  point->tokens = tokens;
  point->dim = dim;
  double **by_dim[] = {&point->v, &point->p, &point->gradient_v, &point->gradient_p};
  double **by_row[] = {&point->scores, &point->values, &point->weights, &point->score_coefficients,
                       &point->value_coefficients};
  double **by_sample[] = {&point->outputs, &point->losses};
  int missing = 0;
  for (size_t k = 0; k < 4; k++) missing |= (*by_dim[k] = new_doubles(dim)) == NULL;
  for (size_t k = 0; k < 5; k++) missing |= (*by_row[k] = new_doubles(rows)) == NULL;
  for (size_t k = 0; k < 2; k++) missing |= (*by_sample[k] = new_doubles(samples)) == NULL;
  if (!missing) return 0;
  at_fast_point_clear(point);
  return at_fail(failure, "out of memory for %zu samples of %zu tokens in %zu dimensions", samples,
                 tokens, dim);
}

void at_fast_point_clear(struct at_fast_point *point)
{
  double *owned[] = {point->v,       point->p,      point->gradient_v,         point->gradient_p,
                     point->scores,  point->values, point->score_coefficients, point->weights,
                     point->outputs, point->losses, point->value_coefficients};
  for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) free(owned[k]);
  memset(point, 0, sizeof *point);
}

/* One gradient, block of columns by block of columns. */
static void gradient(double *result, const double *coefficients, const struct at_fast_point *point,
                     const struct at_token_data *data)
{
  for (size_t first = 0; first < point->dim; first += AT_BLOCK) {
    const size_t rest = point->dim - first;
    at_kernel()->gradient(result + first, coefficients, data->token, first,
                          rest < AT_BLOCK ? rest : AT_BLOCK, point->samples, point->tokens,
                          point->dim);
  }
}

void at_fast_point_evaluate(struct at_fast_point *point, const struct at_token_data *data)
{
  const struct at_kernel *kernel = at_kernel();
  for (size_t i = 0; i < point->samples; i++) {
    const size_t row = i * point->tokens;
    const double *sample = data->token + row * point->dim;
    point->outputs[i] =
      kernel->sample(point->scores + row, point->values + row, point->weights + row, sample,
                     point->v, point->p, point->tokens, point->dim);
    point->losses[i] = kernel->loss(data->label[i] * point->outputs[i]);
    kernel->pool_coefficients(point->score_coefficients + row, point->value_coefficients + row,
                              point->weights + row, point->values + row, point->outputs[i],
                              data->label[i], point->tokens);
  }
  point->loss = kernel->mean_loss(point->outputs, data->label, point->samples);
  gradient(point->gradient_v, point->value_coefficients, point, data);
  gradient(point->gradient_p, point->score_coefficients, point, data);
}

void at_fast_point_step(struct at_fast_point *next, struct at_fast_point *point,
                        const struct at_token_data *data, double step)
{
  at_kernel()->step(next->v, next->p, point->score_coefficients, point->value_coefficients,
                    data->token, data->label, point->v, point->p, step, point->samples,
                    point->tokens, point->dim);
}
