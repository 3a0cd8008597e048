/* SPDX-License-Identifier: Apache-2.0
 *
 * limits.h: what the machine can do at most, for the loops of the kernel to be held against.
 *
 * Main result: read bandwidth, by loops that do nothing but read, and the rate of multiplications
 * and additions, by loops that do nothing else and read nothing.  Compiled by bench.mk for the
 * processor's level, as the kernel is; contraction is off, as in the kernel.
 * Called by bench.py.
 */
#ifndef AT_TESTS_BENCH_LIMITS_H
#define AT_TESTS_BENCH_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* *result = the exclusive or of the words; count a multiple of 64. */
void at_bench_read(uint64_t *result, const uint64_t *word, size_t count, size_t repeats);

enum { AT_BENCH_CHAINS = 128 };

/* AT_BENCH_CHAINS independent values x -> a x + b, `repeats` times. */
void at_bench_multiply_add(double *value, double a, double b, size_t repeats);

/* result[k] = at_exp(x[k]), k < n: the kernel's text of it (kernel/exp.c) in a loop that a compiler
 * may vectorise. */
void at_bench_exp_loop(double *result, const double *x, size_t n, size_t repeats);

#endif
