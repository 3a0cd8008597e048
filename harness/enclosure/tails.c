/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see tails.h.
 */
#include "harness/enclosure/tails.h"

#include <arb_hypgeom.h>
#include <stdbool.h>

#include "harness/enclosure/ball.h"

/* AT_CANCEL_BITS: 1 - P(chi^2 > x) keeps 64 bits down to 1e-57. AT_REMOTE: tails below
 * exp(-AT_REMOTE) are bounded only. SLOPE_ROUNDS: from the normal approximation two would do. */
enum { AT_CANCEL_BITS = 256, AT_TAIL_TIGHT_BITS = 32, AT_REMOTE = 100000, SLOPE_ROUNDS = 3 };

static void half_of(arb_t y, uint64_t degrees, const arb_t x, arb_t half_x)
{
  arb_set_ui(y, degrees);
  arb_mul_2exp_si(y, y, -1);
  arb_mul_2exp_si(half_x, x, -1);
}

/* exponent = (k/2) (u - 1 - log u), u = x/k: exp(-exponent) is Chernoff's bound of either tail at
 * x. */
static void chernoff_exponent(arb_t exponent, uint64_t degrees, const arb_t x)
{
  arb_t ratio;
  arb_init(ratio);
  arb_div_ui(ratio, x, degrees, AT_CANCEL_BITS);
  arb_log(exponent, ratio, AT_CANCEL_BITS);
  arb_sub(exponent, ratio, exponent, AT_CANCEL_BITS);
  arb_sub_ui(exponent, exponent, 1, AT_CANCEL_BITS);
  arb_mul_ui(exponent, exponent, degrees, AT_CANCEL_BITS);
  arb_mul_2exp_si(exponent, exponent, -1);
  arb_clear(ratio);
}

/* tail = the bound exp(-exponent) if it is far below anything of interest, where the incomplete
 * gamma function would take for ever; returns whether. */
static bool is_remote(arb_t tail, const arb_t exponent)
{
  const bool remote = arf_cmp_si(arb_midref(exponent), AT_REMOTE) > 0;
  if (remote) {
    arb_neg(tail, exponent);
    arb_exp(tail, tail, AT_TAIL_BITS);
  }
  return remote;
}

/* If the ball of an exact tail is not tight: Chernoff's bound on its side of the mean, else 1. */
static void settle(arb_t tail, const arb_t exponent, bool beyond_mean)
{
  if (at_ball_is_tight(tail, AT_TAIL_TIGHT_BITS)) return;
  arb_one(tail);
  if (!beyond_mean) return;
  arb_neg(tail, exponent);
  arb_exp(tail, tail, AT_TAIL_BITS);
}

void at_tail_chi_square_above(arb_t tail, uint64_t degrees, const arb_t x)
{
  arb_t shape, half_x, exponent;
  arb_init(shape);
  arb_init(half_x);
  arb_init(exponent);
  half_of(shape, degrees, x, half_x);
  const bool beyond_mean = arb_gt(half_x, shape);
  chernoff_exponent(exponent, degrees, x);
  if (!beyond_mean || !is_remote(tail, exponent)) {
    arb_hypgeom_gamma_upper(tail, shape, half_x, 1, AT_TAIL_BITS);
    settle(tail, exponent, beyond_mean);
  }
  arb_clear(shape);
  arb_clear(half_x);
  arb_clear(exponent);
}

void at_tail_chi_square_below(arb_t tail, uint64_t degrees, const arb_t x)
{
  arb_t shape, half_x, exponent;
  arb_init(shape);
  arb_init(half_x);
  arb_init(exponent);
  half_of(shape, degrees, x, half_x);
  const bool beyond_mean = arb_lt(half_x, shape);
  if (!arb_is_positive(half_x)) {
    arb_zero(tail);
  } else {
    chernoff_exponent(exponent, degrees, x);
    if (!beyond_mean || !is_remote(tail, exponent)) {
      arb_hypgeom_gamma_upper(tail, shape, half_x, 1, AT_CANCEL_BITS);
      arb_sub_ui(tail, tail, 1, AT_CANCEL_BITS);
      arb_neg(tail, tail);
      settle(tail, exponent, beyond_mean);
    }
  }
  arb_clear(shape);
  arb_clear(half_x);
  arb_clear(exponent);
}

void at_tail_normal(arb_t tail, const arb_t x)
{
  arb_neg(tail, x);
  at_ball_normal_cdf(tail, tail, AT_TAIL_BITS);
  arb_mul_2exp_si(tail, tail, 1);
}

/* value = exp(s^2 b^2 / 2) Phi(s b); slope += s b^2 value. */
static void half_moment(arb_t value, arb_ptr slope, const arb_t b, const arb_t s)
{
  arb_t point, growth;
  arb_init(point);
  arb_init(growth);
  arb_mul(point, s, b, AT_TAIL_BITS);
  arb_sqr(growth, point, AT_TAIL_BITS);
  arb_mul_2exp_si(growth, growth, -1);
  arb_exp(growth, growth, AT_TAIL_BITS);
  at_ball_normal_cdf(value, point, AT_TAIL_BITS);
  arb_mul(value, value, growth, AT_TAIL_BITS);
  if (slope != NULL) {
    arb_mul(point, point, b, AT_TAIL_BITS);
    arb_addmul(slope, point, value, AT_TAIL_BITS);
  }
  arb_clear(point);
  arb_clear(growth);
}

/* y = sqrt(2/pi), the mean of |N|. */
static void mean_absolute(arb_t y)
{
  arb_const_pi(y, AT_TAIL_BITS);
  arb_mul_2exp_si(y, y, -1);
  arb_rsqrt(y, y, AT_TAIL_BITS);
}

static void log_moment_of(arb_t value, arb_ptr slope, const struct at_row_terms *terms,
                          const arb_t s)
{
  arb_t b, other;
  arb_init(b);
  arb_init(other);
  if (slope != NULL) {
    mean_absolute(slope);
    arb_mul(slope, slope, terms->spread, AT_TAIL_BITS);
  }
  arb_add(b, terms->spread, terms->mean, AT_TAIL_BITS);
  half_moment(value, slope, b, s);
  arb_sub(b, terms->spread, terms->mean, AT_TAIL_BITS);
  half_moment(other, slope, b, s);
  arb_add(value, value, other, AT_TAIL_BITS);
  if (slope != NULL) arb_div(slope, slope, value, AT_TAIL_BITS);
  arb_log(value, value, AT_TAIL_BITS);
  arb_clear(b);
  arb_clear(other);
}

void at_row_log_moments(arb_ptr log_moment, arb_ptr slope, const struct at_row_terms *terms,
                        size_t groups, const arb_t s)
{
  for (size_t g = 0; g < groups; g++)
    log_moment_of(log_moment + g, slope == NULL ? NULL : slope + g, terms + g, s);
}

void at_row_scales(arb_t mean, arb_t variance, const struct at_row_terms *terms, size_t groups)
{
  arb_t part, square;
  arb_init(part);
  arb_init(square);
  arb_zero(mean);
  arb_zero(variance);
  for (size_t g = 0; g < groups; g++) {
    mean_absolute(part);
    arb_mul(part, part, terms[g].spread, AT_TAIL_BITS);
    arb_addmul_ui(mean, part, terms[g].count, AT_TAIL_BITS);
    arb_sqr(square, part, AT_TAIL_BITS);
    arb_neg(square, square);
    arb_addmul(square, terms[g].mean, terms[g].mean, AT_TAIL_BITS);
    arb_addmul(square, terms[g].spread, terms[g].spread, AT_TAIL_BITS);
    arb_addmul_ui(variance, square, terms[g].count, AT_TAIL_BITS);
  }
  arb_clear(part);
  arb_clear(square);
}

/* One round: K' runs from the mean at 0 through (s, K'(s)), nearly straight; where that line
 * reaches x is the next s.  Returns false when s is no longer a positive number. */
static bool slope_round(arb_t s, const struct at_row_terms *terms, size_t groups, const arb_t mean,
                        const arb_t excess)
{
  arb_t value, slope, rise;
  arb_init(value);
  arb_init(slope);
  arb_init(rise);
  arb_neg(rise, mean);
  for (size_t g = 0; g < groups; g++) {
    log_moment_of(value, slope, terms + g, s);
    arb_addmul_ui(rise, slope, terms[g].count, AT_TAIL_BITS);
  }
  arb_div(rise, excess, rise, AT_TAIL_BITS);
  arb_mul(value, s, rise, AT_TAIL_BITS);
  arb_get_mid_arb(value, value);
  const bool usable = arb_is_finite(value) && arb_is_positive(value);
  if (usable) arb_set(s, value);
  arb_clear(value);
  arb_clear(slope);
  arb_clear(rise);
  return usable;
}

void at_row_best_slope(arb_t s, const struct at_row_terms *terms, size_t groups, const arb_t x)
{
  arb_t mean, variance;
  arb_init(mean);
  arb_init(variance);
  at_row_scales(mean, variance, terms, groups);
  arb_sub(mean, x, mean, AT_TAIL_BITS);
  arb_div(s, mean, variance, AT_TAIL_BITS);
  arb_get_mid_arb(s, s);
  arb_sub(variance, x, mean, AT_TAIL_BITS); /* the mean again */
  for (int round = 0; round < SLOPE_ROUNDS; round++)
    if (!slope_round(s, terms, groups, variance, mean)) break;
  arb_clear(mean);
  arb_clear(variance);
}

void at_binomial_mass(arb_t mass, size_t trials, size_t k, double p)
{
  arb_t hit, miss;
  arb_init(hit);
  arb_init(miss);
  arb_set_d(hit, p);
  arb_sub_ui(miss, hit, 1, AT_TAIL_BITS);
  arb_neg(miss, miss);
  arb_bin_uiui(mass, trials, k, AT_TAIL_BITS);
  arb_pow_ui(hit, hit, k, AT_TAIL_BITS);
  arb_pow_ui(miss, miss, trials - k, AT_TAIL_BITS);
  arb_mul(mass, mass, hit, AT_TAIL_BITS);
  arb_mul(mass, mass, miss, AT_TAIL_BITS);
  arb_clear(hit);
  arb_clear(miss);
}
