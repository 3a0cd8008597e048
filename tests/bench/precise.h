/* SPDX-License-Identifier: Apache-2.0
 *
 * precise.h: one gradient-descent step of the reference path and of the enclosure, repeated.
 *
 * Main result: opening takes a first step from the given binary64 weights, so that the weights of
 * the steps that are timed fill the whole precision, as they do in every later step of a run.
 * Assumptions: the data outlive the handle; opening returns NULL when the precision is refused or
 * memory runs out.  Called by bench.py.
 */
#ifndef AT_TESTS_BENCH_PRECISE_H
#define AT_TESTS_BENCH_PRECISE_H

#include <stddef.h>

struct at_bench_reference;
struct at_bench_enclosure;

/* tokens (samples, token_count, dim); labels (samples), +1 or -1; v, p (dim). */
struct at_bench_reference *at_bench_reference_open(double *tokens, double *labels, const double *v,
                                                   const double *p, double step, size_t samples,
                                                   size_t token_count, size_t dim, long bits);
struct at_bench_enclosure *at_bench_enclosure_open(double *tokens, double *labels, const double *v,
                                                   const double *p, double step, size_t samples,
                                                   size_t token_count, size_t dim, long bits);

/* The second step, `repeats` times. */
void at_bench_reference_step(struct at_bench_reference *bench, size_t repeats);
void at_bench_enclosure_step(struct at_bench_enclosure *bench, size_t repeats);

/* The weights after the first step, rounded to binary64 (the enclosure's: their midpoints). */
void at_bench_reference_weights(double *v, double *p, const struct at_bench_reference *bench);
void at_bench_enclosure_weights(double *v, double *p, const struct at_bench_enclosure *bench);

void at_bench_reference_close(struct at_bench_reference *bench);
void at_bench_enclosure_close(struct at_bench_enclosure *bench);

#endif
