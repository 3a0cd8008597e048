/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: probabilities of rare events, bounded from above in balls: chi-square tails, row sums of
 * Gaussian products, binomial masses.
 * Main result: the upper end of every ball is at least the probability, however small it is.
 * The proofs are in specs/two_step/probability.md, whose section each function names.
 * Assumptions: FLINT aborts when memory is exhausted.
 * Test: tests/harness/enclosure/test_tails.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_TAILS_H
#define AT_HARNESS_ENCLOSURE_TAILS_H

#include <stddef.h>
#include <stdint.h>

#include <arb.h>

/* Bits of the midpoints in every computation here. */
enum { AT_TAIL_BITS = 128 };

/* tail = P(chi^2 > x), or P(chi^2 < x), with `degrees` >= 1 degrees of freedom: the incomplete gamma
 * function; Chernoff's bound (section 3) where a tail is below exp(-100000), and where the lower
 * one is lost to cancellation. */
void at_tail_chi_square_above(arb_t tail, uint64_t degrees, const arb_t x);
void at_tail_chi_square_below(arb_t tail, uint64_t degrees, const arb_t x);

/* tail = P(|N| > x) for a standard normal N, x >= 0. */
void at_tail_normal(arb_t tail, const arb_t x);

/* `count` independent terms  mean * N + spread * |N|,  N standard normal, spread >= 0. */
struct at_row_terms {
  size_t count;
  arb_srcptr mean, spread;
};

/* log_moment[g] = log E exp(s (mean N + spread |N|)) for each of the `groups`, and, if `slope` is
 * not NULL, slope[g] = its derivative in s, s > 0 (section 4). */
void at_row_log_moments(arb_ptr log_moment, arb_ptr slope, const struct at_row_terms *terms,
                        size_t groups, const arb_t s);

/* Mean and variance of the sum of all terms. */
void at_row_scales(arb_t mean, arb_t variance, const struct at_row_terms *terms, size_t groups);

/* s = an exact number near the minimum over s > 0 of  sum_g count_g log_moment_g(s) - s x,  the
 * exponent of Chernoff's bound of P(sum > x): any s gives a valid bound. x must exceed the mean. */
void at_row_best_slope(arb_t s, const struct at_row_terms *terms, size_t groups, const arb_t x);

/* mass = P(Bin(trials, p) = k) for a double p in [0, 1], taken as exact. */
void at_binomial_mass(arb_t mass, size_t trials, size_t k, double p);

#endif
