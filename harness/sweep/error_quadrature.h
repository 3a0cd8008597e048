/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: log P for P = integral over the real line of phi(z) Phi(-h(z)) dz with
 * h(z) = exp(l - s z) + B z: the test error of one class (harness/enclosure/error_integral.h, whose
 * A is exp(l)), in binary64 in a few microseconds.
 * Main result: |result - log P| <= bound for every l, s, B within the stated distances of the given
 * ones, down to any P whose logarithm is a binary64 number; or `false`, when no small bound was
 * found, and then the certified enclosure has to decide.
 * Assumptions: s > 0.  Test: tests/harness/sweep/test_error_quadrature.c.
 *
 * Derivation.  phi(z) Phi(-h(z)) = f(z) / sqrt(2 pi), f(z) = exp(-psi(z)) r(h(z)) with
 * psi = (z^2 + max(h,0)^2)/2, r(h) = erfcx(h/sqrt 2)/2 for h >= 0 and Phi(-h) for h < 0.
 *
 * 1. Substitution z(x) = m + sinh(x)/k: fine steps where f is steep, near m, and steps in proportion
 *    to the distance far from it.  With F(x) = f(z(x)) z'(x), the trapezoidal rule of step D on
 *    nodes x_0 < ... < x_N is the contour integral of F(x) cot(pi (x - x_0)/D) / (2i) round the
 *    rectangle [x_0 - D/2, x_N + D/2] x [-y, y], so it differs from the integral over that window
 *    by at most
 *      2 T / (exp(2 pi y/D) - 1) + 2 (log 2/(2 pi)) D (S_0 + S_N),
 *    T the integral of |F| over the top, S the largest |F| on the vertical sides, where what the
 *    cotangent adds to -i is 2/(exp(2 pi t/D) + 1) at height t.
 * 2. For complex w, |Phi(-w)| <= exp((Im w)^2/2) Phi(-Re w) (integrate phi along a horizontal ray),
 *    and Phi(-u) <= exp(-max(u,0)^2/2).  With z = X + iY, w = h(z) = u + iv, W = exp(l - s z):
 *      |f(z)| <= exp(E), E = (Y^2 + v^2 - X^2 - max(u,0)^2)/2.
 *    On the top E is once differentiable in x, E' = -Re(z z') - Re(w w') where u > 0 and
 *    -Re(z z') + v Im(w') elsewhere, and |E''| <= |z'|^2 + |z z''| + |w'|^2 + |w w''|, with
 *    w' = (B - s W) z', w'' = (B - s W) z'' + s^2 W z'^2, |z'|, |z''| <= cosh(x)/k.  So within D/2
 *    of a node E <= E_k + |E'_k| D/2 + M_k D^2/8, M_k the bound of |E''| there.  Where s Y > 1 the
 *    phase of W is not followed: u >= B X - |W|, |v| <= |B| Y + |W|, |E'| <= |z z'| + |w w'|.
 * 3. Tails.  log f is concave (h is convex, log Phi(-h) concave and falling), so beyond the last
 *    two nodes f falls at least geometrically: from node 0 on the rest is at most
 *    |z_1 - z_0| f_0 / log(f_1/f_0), and log q >= 1 - 1/q.
 * 4. Parameters and rounding.  The log of Phi(-h) changes at the rate m(h) <= max(h,0) + 0.8
 *    (Mills' ratio), so a node's computed f differs from the exact one by a factor between
 *    exp(-d_k) and exp(d_k), d_k from the errors of l, s, B and of every operation; the sum's
 *    relative error is at most the weighted mean of exp(d_k) - 1 <= 1.3 d_k for d_k <= 1/2.
 * The slack of 1 to 3, 4e-12 or less of the sum, is multiplied by four, which covers that it is
 * evaluated at the computed parameters and rounded.
 */
#ifndef AT_SWEEP_ERROR_QUADRATURE_H
#define AT_SWEEP_ERROR_QUADRATURE_H

#include <stdbool.h>

/* log_scale l, rate s, slope B; *_error: how far the exact parameters may be away, absolute for l
 * and B, relative for s. */
struct at_error_shape {
  double log_scale, log_scale_error;
  double rate, rate_error;
  double slope, slope_error;
};

/* *logarithm = log P within *bound.  Returns false, and sets neither, if no bound below 2^-10 was
 * reached. */
bool at_error_quadrature(double *logarithm, double *bound, const struct at_error_shape *shape);

/* The same for s = 0: P = Phi(-exp(l)); rate and slope are not read. */
bool at_error_fixed_attention(double *logarithm, double *bound, const struct at_error_shape *shape);

#endif
