/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see ball.h.
 */
#include "harness/enclosure/ball.h"

#include <arb_hypgeom.h>

enum at_ball_sign at_ball_sign(const arb_t ball)
{
  if (arb_is_zero(ball)) return AT_SIGN_ZERO;
  if (arb_is_positive(ball)) return AT_SIGN_POSITIVE;
  if (arb_is_negative(ball)) return AT_SIGN_NEGATIVE;
  return AT_SIGN_UNDECIDED;
}

bool at_ball_is_tight(const arb_t ball, slong bits)
{
  bool tight = arb_is_exact(ball) && arb_is_finite(ball);
  if (!tight && arb_is_finite(ball) && !arb_contains_zero(ball)) {
    mag_t width, smallest;
    mag_init(width);
    mag_init(smallest);
    mag_mul_2exp_si(width, arb_radref(ball), 1 + bits);
    arb_get_mag_lower(smallest, ball);
    tight = mag_cmp(width, smallest) <= 0;
    mag_clear(width);
    mag_clear(smallest);
  }
  return tight;
}

bool at_balls_are_tight(arb_srcptr balls, size_t count)
{
  for (size_t k = 0; k < count; k++)
    if (!at_ball_is_tight(balls + k, AT_ENCLOSURE_TIGHT_BITS)) return false;
  return true;
}

void at_balls_set_doubles(arb_ptr balls, const double *values, size_t count)
{
  for (size_t k = 0; k < count; k++) arb_set_d(balls + k, values[k]);
}

void at_balls_dot(arb_t sum, arb_srcptr x, arb_srcptr y, size_t count, slong precision)
{
  arb_dot(sum, NULL, 0, x, 1, y, 1, (slong)count, precision);
}

void at_ball_normal_cdf(arb_t probability, const arb_t x, slong precision)
{
  arb_t scaled, half;
  arb_init(scaled);
  arb_init(half);
  arb_set_d(half, 0.5);
  arb_sqrt(half, half, precision);
  arb_mul(scaled, x, half, precision);
  arb_neg(scaled, scaled);
  arb_hypgeom_erfc(scaled, scaled, precision);
  arb_mul_2exp_si(probability, scaled, -1);
  arb_clear(scaled);
  arb_clear(half);
}
