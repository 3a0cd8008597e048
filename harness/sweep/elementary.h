/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the elementary functions that a quadrature in the log domain needs beyond the kernel's:
 * the scaled complementary error function, the natural logarithm and the exponential of any sign.
 * Main result: the error bounds below, derived in elementary.c with u = 2^-53; only + - * / and the
 * kernel's at_exp and at_log1p take part, so the bits are the same on every machine.
 * Assumptions: round to nearest, no contraction (kernel/double_guard.h).
 * Test: tests/harness/sweep/test_elementary.c (Arb twin).
 */
#ifndef AT_SWEEP_ELEMENTARY_H
#define AT_SWEEP_ELEMENTARY_H

/* exp(x^2) erfc(x) for 0 <= x <= 2^500, without overflow or underflow.
 * Error: relative, at most 2^-48. */
double at_scaled_erfc(double x);

/* log(x) for a normal x > 0.
 * Error: absolute, at most (|log2 x| + 3) 2^-52. */
double at_natural_log(double x);

/* exp(x) for |x| <= 700.
 * Error: relative, at most 2^-51. */
double at_exp_signed(double x);

#endif
