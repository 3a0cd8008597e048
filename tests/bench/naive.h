/* SPDX-License-Identifier: Apache-2.0
 *
 * naive.h: the loops that one writes first, as a peer of the kernel's speed.
 *
 * Main result: the same mathematics as at_dot and at_single_head_step, one accumulator a sum, exp
 * of the C library, no projection; same shapes and the same order of arguments, so that both are
 * called through one pointer.  No contract, no bound, and bits that depend on the flags.
 * Assumptions: at most AT_MAX_TOKENS tokens.
 * Check: bench.py compares the results with the kernel's.
 */
#ifndef AT_TESTS_BENCH_NAIVE_H
#define AT_TESTS_BENCH_NAIVE_H

#include <stddef.h>

double at_naive_dot(const double *x, const double *y, size_t n);

void at_naive_step(double *v_next, double *p_next, double *score_coefficients,
                   double *value_coefficients, const double *tokens, const double *labels,
                   const double *v, const double *p, double step, size_t samples,
                   size_t token_count, size_t dim);

#endif
