/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bound of one row of the softmax, from the errors of its scores.
 *
 * Main result.  Computed from scores a^_t with |a^_t - a_t| <= e_t, shift m = max a^:
 *   d_t = fl(a^_t - m),  E_t = fl(exp(d_t)),  S = fl(sum E_s) (natural order),  w^_t = fl(E_t / S).
 * Exact: A_t = exp(a_t - m), w_t = A_t / sum A_s; the shift cancels, so m may be the computed one.
 *
 * 1. d_t differs from a_t - m by at most e_t + u |a^_t - m| + eta, so E_t = A_t rho_t + f_t with
 *      |log rho_t| <= l_t := e_t + u |a^_t - m| + eta + (r + r^2),    |f_t| <= phi,
 *    r and phi being the relative error and the floor of exp, -log(1 - r) <= r + r^2; where
 *    a^_t = m, d_t = 0 and E_t = 1 are exact and l_t = e_t, f_t = 0.
 * 2. First without floors.  S = sum E_s sigma_s with |log sigma_s| <= (T - 1) U, because each term
 *    passes at most T - 1 additions that round.  With q_t := E_t / S,
 *      q_t / w_t = rho_t sum_s A_s / S = sum_s q_s rho_t / rho_s     and     1 = sum_s q_s sigma_s,
 *      q_t / w_t - 1 = sum_{s /= t} q_s (rho_t / rho_s - sigma_s) + q_t (1 - sigma_t).
 *    Since |exp(x) - exp(y)| <= exp(|x| + |y|) - 1,
 *      |q_t / w_t - 1| <= B_t := sum_{s /= t} q_s (exp(l_t + l_s + (T-1)U) - 1) + q_t lambda_{T-1}.
 *    The weight of a token that takes all attention is thus nearly free of the errors of scores, as
 *    it must be.  If B_t < 1:  |q_t - w_t| <= q_t B_t / (1 - B_t).
 * 3. Floors.  S >= 1: it contains a term that is exactly 1, and rounding is monotone.  Let q_t be
 *    the quotient with the f_s left out of E_t and of S; q_t <= 1 / sigma_t <= 2.  The true
 *    quotient differs by at most |f_t| / S + q_t sum |f_s| sigma_s / S <= phi + 4 T phi.
 * 4. The quotient rounds to w^_t, so that it is at most (w^_t + eta) (1 + lambda_1), and q_t is at
 *    most Q_t := (w^_t + eta) (1 + lambda_1) + (4 T + 1) phi.
 * Together, with the Q_s in place of the q_s in B_t,
 *   |w^_t - w_t| <= lambda_1 Q_t + eta + (4 T + 1) phi + Q_t B_t / (1 - B_t),
 * and never more than 1, because both weights lie in [0, 1].
 *
 * Assumptions: computed weights lie in [0, 1]; r < 1/2; (T - 1) U <= log 2.
 * Test: tests/kernel/test_softmax.c, tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_SOFTMAX_H
#define AT_HARNESS_BOUNDS_SOFTMAX_H

#include <arf.h>
#include <mag.h>
#include <stddef.h>

#include "harness/bounds/format.h"

/* error[t] >= |w^_t - w_t|, t < tokens; weights and scores as computed; score_error: errors of the
 * scores, NULL if exact. */
void at_bound_softmax_row(mag_ptr error, arf_srcptr weights, arf_srcptr scores,
                          mag_srcptr score_error, size_t tokens, const struct at_format *format);

#endif
