/* SPDX-License-Identifier: Apache-2.0
 *
 * softmax.h: max-shifted softmax of one row of scores.
 *
 * Main results: every weight is finite and in [0, 1]; it lies within (T + 3 + g) 2^-52 relative of
 * the real softmax of the given scores, T their number, g <= 708 the distance to the largest score,
 * and within 2^-1020 beyond.  Assumes only that the scores are finite and bounded.
 * Proof: targets softmax and softmax_leaves, lemmas in proofs/composition.
 * Test: tests/kernel/test_softmax.c.
 */
#ifndef AT_SOFTMAX_H
#define AT_SOFTMAX_H

#include <stddef.h>

#include "capacity.h"
#ifdef __FRAMAC__
#include "../specs/bounded.h"
#include "../specs/softmax.h"
#endif

/* weights[t] = exp(scores[t] - max) / sum over s of exp(scores[s] - max), t < tokens.
 * Source: S in f(X; v, p) = v' X' S(X p), arXiv 2410.07746. */
/*@ requires size: 1 <= tokens <= AT_MAX_TOKENS;
  @ requires valid: \valid(weights + (0 .. tokens-1)) && \valid_read(scores + (0 .. tokens-1));
  @ requires sep: \separated(weights + (0 .. tokens-1), scores + (0 .. tokens-1));
  @ requires range_scores: AT_ALL_WITHIN(scores, 0, tokens, 0x1p97);
  @ terminates \true;
  @ assigns weights[0 .. tokens-1];
  @ ensures range: AT_ALL_UNIT(weights, 0, tokens);
  @ ensures error: \forall integer t; 0 <= t < tokens ==>
  @   at_weight_near(weights[t], at_softmax{Pre}(scores, tokens, t),
  @                  \at(scores[t], Pre) - at_highest{Pre}(scores, tokens), tokens);
  @*/
void at_softmax_row(double *restrict weights, const double *restrict scores, size_t tokens);

#endif
