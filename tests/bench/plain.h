/* SPDX-License-Identifier: Apache-2.0
 *
 * plain.h: the gradient-descent step in plain MPFR loops, as a peer of the precise paths.
 *
 * Main result: the same mathematics as harness/reference/single_head.h with a multiplication and
 * an addition for each term; no projection, no contract, no error bound.
 * Check: bench.py compares the results with the kernel's.
 */
#ifndef AT_TESTS_BENCH_PLAIN_H
#define AT_TESTS_BENCH_PLAIN_H

#include <stddef.h>

#include <mpfr.h>

/* rows = samples * tokens. token: (rows, dim); v, p, next_v, next_p: (dim); by_value, by_score:
 * (rows), the coefficients; scratch: SCRATCH numbers and, behind them, two for each token. */
struct at_plain {
  size_t samples, tokens, dim;
  const double *label;
  double step;
  mpfr_ptr token, v, p, next_v, next_p, by_value, by_score, scratch;
};

/* v = p = 0. Returns 0, or -1 when memory runs out. Free with at_plain_clear. */
int at_plain_init(struct at_plain *plain, const double *token, const double *label, double step,
                  size_t samples, size_t tokens, size_t dim, long bits);
void at_plain_clear(struct at_plain *plain);

/* next_v, next_p = one step from v, p. */
void at_plain_step(struct at_plain *plain);

/* v, p = next_v, next_p. */
void at_plain_advance(struct at_plain *plain);

#endif
