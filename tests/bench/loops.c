/* SPDX-License-Identifier: Apache-2.0
 *
 * loops.c: see loops.h.
 */
#include "tests/bench/loops.h"

void at_bench_dot(double *result, at_bench_product *dot, const double *x, const double *y, size_t n,
                  size_t repeats)
{
  for (size_t r = 0; r < repeats; r++) *result = dot(x, y, n);
}

void at_bench_blas_dot(double *result, at_bench_blas_product *dot, const double *x, const double *y,
                       size_t n, size_t repeats)
{
  for (size_t r = 0; r < repeats; r++) *result = dot((int)n, x, 1, y, 1);
}

void at_bench_map(double *result, at_bench_real *function, const double *x, size_t n,
                  size_t repeats)
{
  for (size_t r = 0; r < repeats; r++)
    for (size_t k = 0; k < n; k++) result[k] = function(x[k]);
}

void at_bench_step(double *v_next, double *p_next, double *score_coefficients,
                   double *value_coefficients, at_bench_update *update, const double *tokens,
                   const double *labels, const double *v, const double *p, double step,
                   size_t samples, size_t token_count, size_t dim, size_t repeats)
{
  for (size_t r = 0; r < repeats; r++)
    update(v_next, p_next, score_coefficients, value_coefficients, tokens, labels, v, p, step,
           samples, token_count, dim);
}
