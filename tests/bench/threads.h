/* SPDX-License-Identifier: Apache-2.0
 *
 * threads.h: the kernel's step by one thread or two, from the parts that its contract lets callers
 * split: scores by samples, updates by columns.
 *
 * Main result: the same bits for every number of threads; bench.py holds them against the step's.
 * Threads are started once for all repeats and wait for each other twice a step.
 * Assumption: POSIX threads.  Called by bench.py.
 */
#ifndef AT_TESTS_BENCH_THREADS_H
#define AT_TESTS_BENCH_THREADS_H

#include <stddef.h>

/* The signatures of at_single_head_coefficients, at_single_head_gradient and at_descend. */
typedef void at_bench_coefficients(double *score_coefficients, double *value_coefficients,
                                   const double *tokens, const double *labels, const double *v,
                                   const double *p, size_t samples, size_t token_count, size_t dim);
typedef void at_bench_gradient(double *gradient, const double *coefficients, const double *tokens,
                               size_t first, size_t width, size_t samples, size_t token_count,
                               size_t dim);
typedef void at_bench_descend(double *next, const double *weight, const double *gradient,
                              double step, size_t first, size_t n);

enum { AT_BENCH_THREADS = 16 };

/* Functions of one build, and the step's arrays as in at_single_head_step. */
struct at_bench_parts {
  at_bench_coefficients *coefficients;
  at_bench_gradient *gradient;
  at_bench_descend *descend;
  double *v_next, *p_next, *score_coefficients, *value_coefficients;
  const double *tokens, *labels, *v, *p;
  double step;
  size_t samples, token_count, dim;
};

/* `repeats` steps by `threads` threads, 1 to AT_BENCH_THREADS. Returns 0, or -1 when a thread could
 * not be started; then the results mean nothing. */
int at_bench_threads(const struct at_bench_parts *parts, size_t threads, size_t repeats);

#endif
