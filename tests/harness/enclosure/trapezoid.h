/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the integral of harness/enclosure/error_integral.h by another formula, another library
 * and another rule.
 * Main result: P to about 20 digits, checked against a grid twice as fine.
 * Assumptions: MPFR.
 *
 * P is the probability of W <= -(A exp(-s Z) + B Z) for independent standard normals. Put
 * V = B Z + W, of deviation s_v = sqrt(1 + B^2); the event is V <= -A exp(-s Z), so V = -s_v x with
 * x > 0 and s Z >= log(A / (s_v x)). Given V, Z is normal of mean -(B / s_v) x and deviation
 * 1 / s_v, so
 *   P = integral over x > 0 of phi(x) Phi(-((s_v / s) log(A / (s_v x)) + B x)) dx.
 * With x = exp(u) the integrand is analytic and decays on both sides at least exponentially, so the
 * trapezoidal rule converges exponentially in the number of nodes.
 */
#ifndef AT_TESTS_TRAPEZOID_H
#define AT_TESTS_TRAPEZOID_H

#include <mpfr.h>

/* value = P for A = scale, s = rate, B = slope; returns the relative change from half as many
 * nodes, which must be far below the accuracy that is wanted. */
double at_test_trapezoid(mpfr_ptr value, double scale, double rate, double slope);

#endif
