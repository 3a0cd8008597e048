/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what a fresh sample of two tokens, X = (mu_k, xi) with xi ~ N(0, I - P), sees of (v, p).
 * P projects onto the signals mu_1 = rho e_0 and mu_2 = rho e_1, so the noise part of v and p is
 * their coordinates 2 .. dim-1, in full and in compressed coordinates alike.
 * Main result: eps_k f(X; v, p) > 0 exactly when a_k exp(b_k - Q) + V > 0, where
 *   a_k = eps_k v.mu_k,   b_k = p.mu_k,   eps_1 = +1, eps_2 = -1,   V = eps_k v.xi,   Q = p.xi,
 * and (eps_k V, Q) is bivariate normal with the variances and the covariance below. (Divide
 * exp(b) v.mu + exp(Q) v.xi, which has the sign of f, by exp(Q).)
 * Assumptions: two tokens per sample, noise of unit variance (arXiv 2410.07746).
 * Test: tests/harness/enclosure/test_noise_law.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_NOISE_LAW_H
#define AT_HARNESS_ENCLOSURE_NOISE_LAW_H

#include <stdbool.h>
#include <stddef.h>

#include <arb.h>

#include "harness/data/token_data.h"

/* signal_value[k] = a, signal_score[k] = b of class k (AT_CLASSES of each; class 0 is mu_1).
 * value_variance = |v_perp|^2, score_variance = |p_perp|^2, covariance = v_perp . p_perp.
 * collinear: v_perp and p_perp are known to be parallel. A zero that is known is an exact zero. */
struct at_noise_law {
  arb_t signal_value[AT_CLASSES];
  arb_t signal_score[AT_CLASSES];
  arb_t value_variance;
  arb_t score_variance;
  arb_t covariance;
  bool collinear;
};

void at_noise_law_init(struct at_noise_law *law);
void at_noise_law_clear(struct at_noise_law *law);

/* The law for v, p (dim >= 2 balls each) and signals of norm rho. Exact vectors are tested for
 * collinearity without rounding; `known_collinear` states it for balls that cannot show it. */
void at_noise_law_set(struct at_noise_law *law, arb_srcptr v, arb_srcptr p, double rho, size_t dim,
                      bool known_collinear, slong precision);

/* Whether the noise parts (coordinates 2 .. dim-1) of all tokens are exactly parallel: then so are
 * v_perp and p_perp of every iterate of gradient descent from v = p = 0. */
bool at_noise_is_collinear(const struct at_token_data *data);

#endif
