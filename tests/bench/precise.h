/* SPDX-License-Identifier: Apache-2.0
 *
 * precise.h: one gradient-descent step at high precision, repeated, in four forms.
 *
 * Main result: `plain` is the MPFR loop that one would write, one rounding an operation and all
 * numbers prepared beforehand; `reference` is the harness's twin in MPFR; `direct` and `gram` are
 * its two enclosures in Arb.  Opening takes two steps from v = p = 0, so that the numbers of the
 * step that is timed, the third, fill the whole precision, as they do in every later step of a run.
 * Assumptions: the data outlive the handle; opening returns NULL when the precision is refused or
 * memory runs out.  Called by bench.py.
 */
#ifndef AT_TESTS_BENCH_PRECISE_H
#define AT_TESTS_BENCH_PRECISE_H

#include <stddef.h>

struct at_bench_precise;

enum at_bench_form { AT_BENCH_PLAIN, AT_BENCH_REFERENCE, AT_BENCH_DIRECT, AT_BENCH_GRAM };

/* tokens (samples, token_count, dim); labels (samples), +1 or -1. */
struct at_bench_precise *at_bench_precise_open(int form, double *tokens, double *labels,
                                               double step, size_t samples, size_t token_count,
                                               size_t dim, long bits);

/* The third step, `repeats` times. */
void at_bench_precise_step(struct at_bench_precise *bench, size_t repeats);

/* v, p (dim): the weights after the third step, rounded to binary64; those of an enclosure are the
 * midpoints. */
void at_bench_precise_weights(double *v, double *p, struct at_bench_precise *bench);

void at_bench_precise_close(struct at_bench_precise *bench);

#endif
