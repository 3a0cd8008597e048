/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: print a ball as two decimal numbers that bracket it, and its log10 where binary64
 * cannot hold the number.
 * Main result: lower <= every real in the ball <= upper, as decimal fractions: rounding is outward.
 * Assumptions: exponents within MPFR's range, |log2| < 2^60.
 * Test: tests/harness/enclosure/test_decimal.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_DECIMAL_H
#define AT_HARNESS_ENCLOSURE_DECIMAL_H

#include <stdbool.h>

#include <arb.h>

/* digits: at most this many significant digits are printed. */
enum { AT_DECIMAL_MAX_DIGITS = 40, AT_DECIMAL_SIZE = 80 };

/* lower, upper: "1.2345678901e-43", "0", "-inf", ..., never "nan"; log10_lower, log10_upper
 * bracket the common logarithm, and are "" unless has_log10.
 * has_log10: the ball is positive and its upper end is below 1e-300. */
struct at_decimal {
  char lower[AT_DECIMAL_SIZE];
  char upper[AT_DECIMAL_SIZE];
  char log10_lower[AT_DECIMAL_SIZE];
  char log10_upper[AT_DECIMAL_SIZE];
  bool has_log10;
};

/* Fills *decimal with `digits` significant digits (1 .. AT_DECIMAL_MAX_DIGITS, clamped). */
void at_decimal_set(struct at_decimal *decimal, const arb_t ball, int digits);

/* result encloses log10 of a positive ball. */
void at_ball_log10(arb_t result, const arb_t ball, slong precision);

/* lower <= ball <= upper in binary64, rounded outward; 0 and the smallest subnormal, or infinities,
 * where binary64 ends. */
void at_ball_get_doubles(double *lower, double *upper, const arb_t ball);

#endif
