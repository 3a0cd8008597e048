/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the certified quantities of the two-step theorem for the single-head model with two
 * tokens (arXiv 2410.07746), derived for this project; nothing here is the paper's statement.
 *
 * Setting. Token 0 of sample i is mu_k, |mu_1| = |mu_2| = rho, mu_1 orthogonal to mu_2, token 1 is
 * xi_i orthogonal to both; v = p = 0; steps of size beta on the mean logistic loss. With n samples
 * and any scale R > 0 (gram.h says which): a = rho^2/R, t = beta R/(4n), gamma_ij = <xi_i, xi_j>/R.
 * Class k has c_k clean and e_k noisy samples (sets C_k, N_k; C, N are their unions over k),
 * Delta_k = c_k - e_k, q_k = a Delta_k, phi = max e_k/Delta_k. Then, exactly,
 *   A_i = gamma_ii + y_i sum_{j/=i} y_j gamma_ij,
 *   y_i f_i = (t/2)(A_i + q_k) on C_k, (t/2)(A_i - q_k) on N_k, after one step,
 *   g_i = 1/(1 + exp(y_i f_i)), w_i = 1 + 2 g_i, h_i = g_i D_i,
 *   D_i = q_k - A_i on C_k, -(q_k + A_i) on N_k,
 *   W_k = sum_{C_k} w - sum_{N_k} w, H_k = sum over class k of h,
 *   V_i = w_i gamma_ii + y_i sum_{j/=i} w_j y_j gamma_ij,
 *   E_i = a H_k + h_i gamma_ii + sum_{j/=i} h_j gamma_ij,
 *   y_i f_i / t = s_i (+-a W_k) + (1 - s_i) V_i, + on C_k, - on N_k, s_i = sigmoid(t^2 E_i),
 * after two steps; s_i is the attention on the signal.
 *
 * Theorem. Let |gamma_ii - 1| <= epsilon, |sum_{j/=i} y_j gamma_ij| <= tau, theta = epsilon + tau,
 * q_k > 1 + theta for both k, |sum_{j/=i} w_j y_j gamma_ij| <= X, |sum_{j/=i} h_j gamma_ij| <= Y.
 * After one step clean samples are fitted and noisy ones are not. For each k let bounds be given
 *   aW- <= a W_k <= aW+,  aH- <= a H_k <= aH+,
 *   v_C <= V_i on C_k,  v_N <= V_i on N_k,  o_C <= h_i gamma_ii on C_k,  o_N <= -h_i gamma_ii on N_k,
 * and m_k = o_N - aH+ - Y, so that E_i <= -m_k on N_k. Then after two steps
 *   (A) every clean label is fitted if aW- > 0 and v_C > 0;
 *   (B) and every noisy one if moreover exp(t^2 m_k) v_N > aW+ for both k;
 *   (C) a test point (mu_k, xi) gets its clean label if eps_k <v, xi> >= -t omega, <p, xi> <= t^2 pi
 *       and exp(t^2 (aH- - pi)) aW- > omega >= 0, eps_1 = 1, eps_2 = -1;
 *   (D) every clean sample has at least half of its attention on the signal if aH- + o_C >= Y, and
 *       every noisy one at most sigmoid(-t^2 m_k).
 * One step alone fits every label if q_k > 0 and q_k < 1 - theta for both k, whatever beta is.
 *
 * The bounds come at three levels. crude: g in (0, 1/2) on C and (1/2, 1) on N, row sums only.
 * parametric: g between the values of the sigmoid at the ends of its argument's range, X and Y
 * from the signed and absolute row sums over the four sets. direct: w, h, X and Y themselves.
 * Proofs: put the ranges of g into the formulas above and bound each sum by the range of its
 * weights; for a set S with weights in [m - r, m + r], |sum_S x_j gamma_ij| is at most
 * |m sum_S gamma_ij| + r sum_S |gamma_ij|.
 * Fresh noise xi ~ N(0, I) off the signals makes <v, xi> and <p, xi> normal with mean 0 and variance
 * t^2/R sum w_i w_j y_i y_j gamma_ij and t^4/R sum h_i h_j gamma_ij. By Gershgorin, gamma <=
 * 1 + epsilon + kappa, so the sums are at most (1 + epsilon + kappa) times sum w_i^2 and sum h_i^2;
 * with s, u bounds of the sums, Phi(-x) <= exp(-x^2/2)/2 and (C):
 *   P(wrong clean label) <= exp(-R omega^2/(2 s))/2 + exp(-R pi^2/(2 u))/2 for either class.
 * epsilon may exceed 1: w_i gamma_ii >= w (1 - epsilon) for w <= w_i then still holds, because
 * gamma_ii >= 0.
 *
 * Main result: every ball contains the exact value for the given binary64 data; a positive lower
 * end of a slack certifies the condition it stands for.
 * Assumptions: those of gram.h. Test: tests/harness/audit/test_hypotheses.c.
 */
#ifndef AT_AUDIT_HYPOTHESES_H
#define AT_AUDIT_HYPOTHESES_H

#include <arb.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/gram.h"
#include "harness/data/token_data.h"

enum at_hypothesis {
  AT_HYPOTHESIS_A,
  AT_HYPOTHESIS_T,
  AT_HYPOTHESIS_Q_LEAST,
  AT_HYPOTHESIS_Q_MOST,
  AT_HYPOTHESIS_DELTA_LEAST,
  AT_HYPOTHESIS_PHI,
  AT_HYPOTHESIS_EPSILON,
  AT_HYPOTHESIS_TAU,
  AT_HYPOTHESIS_THETA,
  AT_HYPOTHESIS_KAPPA,
  AT_HYPOTHESIS_KAPPA_CLEAN,
  AT_HYPOTHESIS_KAPPA_NOISY,
  AT_HYPOTHESIS_TWO_STEP_SLACK,
  AT_HYPOTHESIS_ONE_STEP_SLACK,
  AT_HYPOTHESES
};

enum at_level { AT_LEVEL_CRUDE, AT_LEVEL_PARAMETRIC, AT_LEVEL_DIRECT, AT_LEVELS };

/* What a level yields. Slacks are least over the classes that have such samples. */
enum at_level_term {
  AT_TERM_X,
  AT_TERM_Y,
  AT_TERM_M_LEAST,         /* least m_k */
  AT_TERM_FIT_CLEAN,       /* least of aW- and v_C: (A) */
  AT_TERM_FIT_NOISY,       /* least exp(t^2 m_k) v_N - aW+: (B) */
  AT_TERM_REACH,           /* least exp(t^2 aH-) aW-: the omega of (C) at pi = 0 */
  AT_TERM_CLEAN_ATTENTION, /* least aH- + o_C - Y: (D) */
  AT_TERM_NOISY_ATTENTION, /* most sigmoid(-t^2 m_k): (D) */
  AT_TERM_VALUE_SPREAD,    /* bound of sum w_i w_j y_i y_j gamma_ij = R var(<v, xi>) / t^2 */
  AT_TERM_SCORE_SPREAD,    /* bound of sum h_i h_j gamma_ij = R var(<p, xi>) / t^4 */
  AT_TERMS
};

/* obstacle: NULL, or why the theorem does not speak about these data; then nothing else is set.
 * value[AT_HYPOTHESES]; level[l][AT_TERMS], known if level_known[l] (the level's derivation needs
 * q_k > 1 + theta and Delta_k >= 1, certified; the direct one needs neither).
 * margin_one, margin_two, attention_two: n each, by the closed forms above, a route to the run's
 * own numbers that shares no step of gradient descent with it. */
struct at_hypotheses {
  const char *obstacle;
  size_t samples;
  arb_t scale; /* R */
  arb_ptr value;
  arb_ptr level[AT_LEVELS];
  bool level_known[AT_LEVELS];
  arb_ptr margin_one, margin_two, attention_two;
};

/* Evaluates everything for two steps of size `step` at `precision` bits. Free with _clear. */
void at_hypotheses_init(struct at_hypotheses *hypotheses, const struct at_token_data *data,
                        double step, slong precision);

/* The same from a Gram matrix, for any a = ratio and t = scaled_step; without `closed_forms` the
 * direct level and the last three arrays are left out, and the cost grows with n instead of n^2. */
void at_hypotheses_init_gram(struct at_hypotheses *hypotheses, const struct at_gram *gram,
                             const arb_t ratio, const arb_t scaled_step, bool closed_forms);
void at_hypotheses_clear(struct at_hypotheses *hypotheses);

/* The words for tables: a short name and one line that says what it is. */
const char *at_hypothesis_name(enum at_hypothesis index);
const char *at_hypothesis_description(enum at_hypothesis index);
const char *at_level_name(enum at_level level);
const char *at_level_term_name(enum at_level_term term);
const char *at_level_term_description(enum at_level_term term);

#endif
