/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: gradient descent of the single-head model on two-token samples by the kernel, with
 * bounds of its errors that cost a few operations a sample.
 * Main result: after at_descent_run the exact iterates, outputs and attention weights of the same
 * binary64 data lie within the stated distances of the computed ones.
 * Assumptions: as triangular.h.
 * Test: tests/harness/sweep/test_descent.c.
 *
 * Derivation.  As harness/bounds/single_head.h, but iterates and tokens enter by their Euclidean
 * norms.  u = 1.01 * 2^-53; the one per cent covers products of two errors below 2^-40 and the
 * rounding of the bound itself.  Hats are computed, |v^ - v| <= Ev, |p^ - p| <= Ep, V = |v^|,
 * P = |p^|, X_t the norm of token t, b a bound of a dot product's relative error (vector.h):
 *   value   |x^_t - x_t| <= e_t = X_t (b V + Ev),   |x^_t| <= m_t = 1.01 X_t V;
 *   score   |a^_t - a_t| <= X_t (b P + Ep).
 * Two weights are the logistic function of the scores' difference.  What divides the computed
 * weights' ratio from the exact one is exp of at most
 *   L = sum_t X_t (b P + Ep) + u (1.01 (X_0 + X_1) P + 8)
 * (the difference's rounding, at most 2u from each exponential, doubled), and the derivative of the
 * logistic function changes by a factor of at most exp(L) over it, so for L <= 1/4
 *   |w^_t - w_t| <= W = 1.3 L w^_0 w^_1 + 3u max(w^_0, w^_1) + tiny        (sum and quotient: 2u);
 *   output  F = sum_t (w^_t (2u m_t + e_t) + W (m_t + e_t));
 *   slope   g = sigmoid(-y f), g^ = (|c^_0| + |c^_1|) within 4u:
 *           G = 8u g^ + tiny + min(F/4, 1.3 F g^ if F <= 1/4);
 *   value coefficient c_t = y g w_t:   C_t = G w^_t + (g^ + G) W + u |c^_t|;
 *   deviation D_t = x_t - f:   |D^_t| <= d_t = (1.01 w^_s + 5u)(m_0 + m_1), s the other token,
 *           error  e_t + F + u d_t;
 *   score coefficient c_t D_t:  B_t = |c^_t| (e_t + F + u d_t) + C_t (d_t + e_t + F + u d_t)
 *                                     + u |b^_t|.
 * A gradient is the mean over n samples of sum_t coefficient X_t, so by the triangle inequality
 *   |grad^ - grad| <= (1/n) sum_i sum_t X_t ((2n+3) u |coefficient^| + its error),
 * and a step adds step times that and 2.5u |w'| + 1.5u |w| (at_descend, vector.h, with the product
 * at most |w| + |w'|).  Where every operand is exactly zero, so is the error: p after one step.
 * tiny = 2^-1000 covers every underflow.
 */
#ifndef AT_SWEEP_DESCENT_H
#define AT_SWEEP_DESCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/data/token_data.h"
#include "harness/failure.h"

/* Shapes: v, p (dim); outputs, output_error, weight_error (samples); weights (samples, 2); the rest is
 * the run's own.
 * v_error, p_error: Euclidean distance of the exact iterates; infinite when nothing is known. */
struct at_descent {
  size_t samples, dim;
  double *v, *p, *v_next, *p_next;
  double *score_coefficients, *value_coefficients;
  double *outputs, *weights, *output_error, *weight_error, *scratch;
  double v_error, p_error;
};

/* Room for data of up to this shape.  Errors: memory. */
int at_descent_init(struct at_descent *descent, size_t samples, size_t dim,
                    struct at_failure *failure);
void at_descent_clear(struct at_descent *descent);

/* `steps` steps of size `step` from zero, then outputs and weights at the last iterate.
 * noise_norm[i] >= the norm of token 1 of sample i. */
void at_descent_run(struct at_descent *descent, const struct at_token_data *data,
                    const double *noise_norm, double step, size_t steps);

/* The same from v and p as they are, the exact ones being within v_error and p_error of them. */
void at_descent_advance(struct at_descent *descent, const struct at_token_data *data,
                        const double *noise_norm, double step, size_t steps);

/* >= the Euclidean norm of x (n entries), and zero exactly if x is zero. */
double at_norm_bound(const double *x, size_t n);

#endif
