/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see decimal.h.
 */
#include "harness/enclosure/decimal.h"

#include <math.h>
#include <stdio.h>

#include <mpfr.h>

/* Bits of an end point of a ball: Arb rounds end points outward to this many bits, far finer than
 * AT_DECIMAL_MAX_DIGITS decimals. */
enum { AT_DECIMAL_BITS = 256 };

/* text = one end of the ball in decimal, rounded away from the ball's inside. MPFR's default range
 * of exponents, 2^30, is too small for test errors that occur. */
static void at_decimal_end(char text[AT_DECIMAL_SIZE], const arb_t ball, bool upper, int digits)
{
  const mpfr_exp_t emin = mpfr_get_emin();
  const mpfr_exp_t emax = mpfr_get_emax();
  mpfr_t low, high;
  mpfr_set_emin(mpfr_get_emin_min());
  mpfr_set_emax(mpfr_get_emax_max());
  mpfr_init2(low, AT_DECIMAL_BITS);
  mpfr_init2(high, AT_DECIMAL_BITS);
  arb_get_interval_mpfr(low, high, ball);
  mpfr_srcptr end = upper ? high : low;
  if (mpfr_nan_p(end)) /* Arb's ball for "anything" */
    (void)snprintf(text, AT_DECIMAL_SIZE, "%s", upper ? "inf" : "-inf");
  else if (mpfr_zero_p(end))
    (void)snprintf(text, AT_DECIMAL_SIZE, "0");
  else
    (void)mpfr_snprintf(text, AT_DECIMAL_SIZE, upper ? "%.*RUe" : "%.*RDe", digits - 1, end);
  mpfr_clear(low);
  mpfr_clear(high);
  mpfr_set_emin(emin);
  mpfr_set_emax(emax);
}

void at_ball_log10(arb_t result, const arb_t ball, slong precision)
{
  arb_t ten;
  arb_init(ten);
  arb_const_log10(ten, precision);
  arb_log(result, ball, precision);
  arb_div(result, result, ten, precision);
  arb_clear(ten);
}

void at_decimal_set(struct at_decimal *decimal, const arb_t ball, int digits)
{
  const int least = digits < 1 ? 1 : digits;
  const int shown = least < AT_DECIMAL_MAX_DIGITS ? least : AT_DECIMAL_MAX_DIGITS;
  arb_t logarithm, limit;
  arb_init(logarithm);
  arb_init(limit);
  arb_set_si(limit, -300);
  at_decimal_end(decimal->lower, ball, false, shown);
  at_decimal_end(decimal->upper, ball, true, shown);
  decimal->log10_lower[0] = '\0';
  decimal->log10_upper[0] = '\0';
  decimal->has_log10 = false;
  if (arb_is_positive(ball)) {
    at_ball_log10(logarithm, ball, AT_DECIMAL_BITS);
    decimal->has_log10 = arb_lt(logarithm, limit) != 0;
  }
  if (decimal->has_log10) {
    at_decimal_end(decimal->log10_lower, logarithm, false, shown);
    at_decimal_end(decimal->log10_upper, logarithm, true, shown);
  }
  arb_clear(logarithm);
  arb_clear(limit);
}

void at_ball_get_doubles(double *lower, double *upper, const arb_t ball)
{
  arf_t end;
  if (arf_is_nan(arb_midref(ball))) {
    *lower = -INFINITY;
    *upper = INFINITY;
    return;
  }
  arf_init(end);
  arb_get_lbound_arf(end, ball, AT_DECIMAL_BITS);
  *lower = arf_get_d(end, ARF_RND_FLOOR);
  arb_get_ubound_arf(end, ball, AT_DECIMAL_BITS);
  *upper = arf_get_d(end, ARF_RND_CEIL);
  arf_clear(end);
}
