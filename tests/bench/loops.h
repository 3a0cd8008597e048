/* SPDX-License-Identifier: Apache-2.0
 *
 * loops.h: repeats one call, so that what is timed from outside is the work and not the way there.
 *
 * Main result: each function calls what it is given `repeats` times on the same arguments; through
 * a pointer, so that no compiler can drop or merge the calls.  Called by bench.py.
 */
#ifndef AT_TESTS_BENCH_LOOPS_H
#define AT_TESTS_BENCH_LOOPS_H

#include <stddef.h>

typedef double at_bench_real(double x);
typedef double at_bench_product(const double *x, const double *y, size_t n);
typedef double at_bench_blas_product(int n, const double *x, int x_stride, const double *y,
                                     int y_stride);
/* The signature of at_single_head_step (kernel/single_head.h). */
typedef void at_bench_update(double *v_next, double *p_next, double *score_coefficients,
                             double *value_coefficients, const double *tokens, const double *labels,
                             const double *v, const double *p, double step, size_t samples,
                             size_t token_count, size_t dim);

/* result = the dot product of x and y, n entries each: of the kernel's form, and of cblas_ddot. */
void at_bench_dot(double *result, at_bench_product *dot, const double *x, const double *y, size_t n,
                  size_t repeats);
void at_bench_blas_dot(double *result, at_bench_blas_product *dot, const double *x, const double *y,
                       size_t n, size_t repeats);

/* result[k] = function(x[k]), k < n. */
void at_bench_map(double *result, at_bench_real *function, const double *x, size_t n,
                  size_t repeats);

void at_bench_step(double *v_next, double *p_next, double *score_coefficients,
                   double *value_coefficients, at_bench_update *update, const double *tokens,
                   const double *labels, const double *v, const double *p, double step,
                   size_t samples, size_t token_count, size_t dim, size_t repeats);

#endif
