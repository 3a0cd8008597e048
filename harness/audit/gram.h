/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the Gram matrix of the noise tokens, which with the counts and (rho, beta) decides two
 * steps of gradient descent on the single-head model with two tokens: see
 * hypotheses.h, where the theorem is written out.
 * Main result: every ball contains the exact value for the given binary64 tokens; that the
 * signals are orthogonal to each other and to the noise, and of equal norm, is checked exactly, not
 * assumed.
 * Assumptions: FLINT aborts when memory is exhausted. Cost: samples^2 / 2 dot products over the
 * coordinates up to the last non-zero one; 500 samples in compressed coordinates take 0.4 s, 200
 * samples in 40000 full ones some ten.
 * Test: tests/harness/audit/test_hypotheses.c.
 */
#ifndef AT_AUDIT_GRAM_H
#define AT_AUDIT_GRAM_H

#include <arb.h>
#include <stddef.h>

#include "harness/data/token_data.h"

/* The samples fall into four sets, clean or noisy of class 0 or 1; set = 2 * class + noisy. */
enum { AT_SETS = 4 };

/* samples n. set[i]: the set of sample i; size[s]: how many are in set s.
 * gamma: lower triangle, row i at gamma + i(i+1)/2: gamma_ij = <xi_i, xi_j> / R.
 * scale: R, which is D for synthetic data and for given data the middle of the range of |xi_i|^2,
 * rounded to a double.  ratio: a = rho^2 / R.  signed_sum, absolute_sum: (n, 4), over j != i in set s of gamma_ij and of
 * |gamma_ij|.  precision: bits of the midpoints. */
struct at_gram {
  size_t samples;
  slong precision;
  unsigned char *set;
  size_t size[AT_SETS];
  arb_t ratio, scale;
  arb_ptr gamma, signed_sum, absolute_sum;
};

/* NULL if the two-step theorem speaks about these data, otherwise why not, as a phrase. */
const char *at_gram_obstacle(const struct at_token_data *data);

/* Fills *gram from data without obstacle. Free with at_gram_clear. */
void at_gram_init(struct at_gram *gram, const struct at_token_data *data, slong precision);
void at_gram_clear(struct at_gram *gram);

/* The label of every sample of a set: +1 or -1; its class; whether it is a noisy one. */
int at_set_label(size_t set);
size_t at_set_class(size_t set);
int at_set_is_noisy(size_t set);

/* The diagonal entry gamma_ii. */
arb_srcptr at_gram_diagonal(const struct at_gram *gram, size_t sample);

/* scaled_step = t = step R / (4n). */
void at_gram_step(arb_t scaled_step, const struct at_gram *gram, double step);

/* sum = sum over j != i of x[j] * gamma_ij. */
void at_gram_weighted_sum(arb_t sum, const struct at_gram *gram, arb_srcptr x, size_t sample);

#endif
