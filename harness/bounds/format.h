/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what the error bounds of this room know about an arithmetic.  One derivation then bounds
 * both the kernel (binary64, its own exponential, dot products in 32 lanes) and the reference path
 * (MPFR at P bits, sums in natural order).
 *
 * Main result.  Two facts about every operation of either path, with u = 2^-precision:
 *   |fl(a op b) - (a op b)| <= u |a op b| + eta   and also   <= u |fl(a op b)| + eta,
 * eta = 0 unless the result underflows; a product or a sum with an exact zero is exact.
 * A relative error is carried as a distance of logarithms.  With U = u + u^2, -log(1 - u) <= U for
 * u <= 1/2, so |log(1 + delta)| <= U whenever |delta| <= u, and a product of at most k factors
 * (1 + delta_i) or 1 / (1 + delta_i) differs from 1 by at most
 *   lambda_k = exp(k U) - 1                       (because |exp(x) - 1| <= exp(|x|) - 1).
 * Everything is computed in mag_t: unsigned, 30 bits, every operation rounded up, unbounded
 * exponent.  So each bound of this room is a theorem for the numbers it was given.
 *
 * Assumptions: round to nearest, gradual underflow for binary64; for MPFR the exponent range that
 * is in force when at_format_reference is called.
 * Test: tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_FORMAT_H
#define AT_HARNESS_BOUNDS_FORMAT_H

#include <mag.h>
#include <stddef.h>

/* precision: u = 2^-precision is the unit roundoff.
 * *_units: relative error of the elementary functions, in units of u.
 * floor_exponent: they may further be off by 2^floor_exponent (clamp, underflow).
 * underflow_exponent: eta = 2^underflow_exponent.
 * lanes: interleaved partial sums of a dot product, a power of two; 1 is natural order. */
struct at_format {
  long precision;
  double exp_units, log1p_units, sigmoid_units, softplus_units;
  long floor_exponent;
  long underflow_exponent;
  size_t lanes;
};

/* The kernel: u = 2^-53; relative errors and floor from the contracts of kernel/exp.h and
 * kernel/logistic.h; eta = 2^-1075, half the smallest subnormal; 32 lanes (kernel/vector.h). */
struct at_format at_format_kernel(void);

/* The reference path at `precision` bits: u = 2^-precision; relative errors from
 * harness/reference/exp.h and logistic.h; MPFR has no subnormals, so a result that underflows is
 * off by at most the smallest positive number 2^(emin - 1), and so is exp. */
struct at_format at_format_reference(long precision);

/* lambda = lambda_k of the header, the rounding of k operations on one path. */
void at_format_lambda(mag_t lambda, const struct at_format *format, size_t k);

/* bound >= units * u. */
void at_format_relative(mag_t bound, const struct at_format *format, double units);

/* bound >= count * eta, and 2^floor_exponent. */
void at_format_underflow(mag_t bound, const struct at_format *format, size_t count);
void at_format_floor(mag_t bound, const struct at_format *format);

#endif
