/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: log10 of the test error of the exact iterate that a descent approximates, in a few
 * microseconds: the law of a fresh sample from the computed v and p, then a quadrature per class.
 * Main result: |result - log10(test error)| <= bound, or `false`: then only the certified enclosure
 * (harness/enclosure/test_error.h) can tell, and by what law.
 * Assumptions: as descent.h.  Test: tests/harness/sweep/test_log_error.c.
 *
 * Derivation.  Letters of harness/enclosure/test_error.h: a, b the value and score of the signal of
 * class k, s_v, s_p, c of the noise parts; then h(z) = exp(l - s z) + B z with l = log|a| + b
 * - log s_r, s = s_p, B = +-(c/s_p)/s_r, and error = P(h) for a > 0, 1 - P(h) for a < 0.
 * With |v^ - v| <= Ev, |p^ - p| <= Ep and d coordinates, k = (d + 6) u covering a sum of d products:
 *   a within rho Ev + 2u|a|, b within rho Ep + 2u|b|;   s_p within Ep + k s_p;
 *   p/|p| within 2 Ep/s_p, so c/s_p within Ev + 2 (s_v + Ev) Ep/s_p + k s_v;
 *   s_r is the distance of v from the line of p, summed as |v - (c/s_p^2) p|: within
 *   Ev + 2 (s_v + Ev) Ep/s_p + 2k s_v.
 * Each relative error must be below 1/16, so that |log(1 + x)| <= 1.1 |x| and quotients err by at
 * most 1.1 of the sum; this also certifies the signs that choose the law.  p = 0 exactly (after one
 * step) leaves P = Phi(-|a|/s_v).  Other degenerate laws are left to the enclosure.
 */
#ifndef AT_SWEEP_LOG_ERROR_H
#define AT_SWEEP_LOG_ERROR_H

#include <stdbool.h>

#include "harness/sweep/descent.h"

/* *logarithm = log10 of the test error at the descent's last iterate, within *bound; signals of
 * norm rho. */
bool at_log_error(double *logarithm, double *bound, const struct at_descent *descent, double rho);

#endif
