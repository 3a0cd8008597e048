/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: P = integral over the real line of phi(z) Phi(-h(z)) dz with h(z) = A exp(-s z) + B z,
 * A > 0 and s > 0: the test error of one class when neither noise part degenerates.
 * Main result: a ball that contains P, with a RELATIVE error however small P is (1e-43, 1e-42000).
 * Assumptions: none beyond A, s > 0, which is certified or the function fails.
 * Test: tests/harness/enclosure/test_error_integral.c.
 *
 * Derivation. psi(z) = z^2/2 + max(h(z), 0)^2/2 is convex, because h is and because the square of
 * a non-negative convex function is; and phi(z) Phi(-h(z)) <= exp(-psi(z)) / sqrt(2 pi), because
 * Phi(-h) <= exp(-h^2/2)/2 for h >= 0. So beyond a point z where psi' > 0 the rest of the integral
 * is at most exp(-psi(z)) / (psi'(z) sqrt(2 pi)), and the same on the left. The window is chosen
 * so that psi has risen by more than the bits asked of the integral; both tails are added as an
 * error term.  Inside the window Arb integrates rigorously. With w = h / sqrt(2) the integrand is
 *   phi(z) erfc(w) / 2 = exp(-(z^2 + h^2)/2) erfcx(w) / sqrt(8 pi),
 * the exponent taken relative to its value at the peak. For Re w > 0, erfcx(w) is 2/sqrt(pi) times
 * the integral of exp(-t^2 - 2 w t) over t > 0, so on the wide complex balls of the error bounds
 *   |erfcx(w)| <= min(1, 1 / (sqrt(pi) Re w)).
 * At the real w > 0 of a node that integral is log-convex in w, so that the slope of log erfcx
 * increases, from -2/sqrt(pi) at 0 to 0: the value at the midpoint serves, times
 * exp(+-2 rad w). For Re w < 0, erfc(w) = 2 - erfc(-w).
 */
#ifndef AT_HARNESS_ENCLOSURE_ERROR_INTEGRAL_H
#define AT_HARNESS_ENCLOSURE_ERROR_INTEGRAL_H

#include <stdbool.h>

#include <arb.h>

/* probability = P for scale A, rate s, slope B. Returns whether hi/lo - 1 <= 1e-10 was reached at
 * this precision; the ball is valid (if only [0, 1]) in any case. */
bool at_error_integral(arb_t probability, const arb_t scale, const arb_t rate, const arb_t slope,
                       slong precision);

#endif
