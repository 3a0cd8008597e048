/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see error_integral.h.
 */
#include "harness/enclosure/error_integral.h"

#include <acb.h>
#include <acb_calc.h>
#include <acb_hypgeom.h>

#include "harness/enclosure/ball.h"

enum {
  AT_ERROR_BITS = 34,       /* 2^-34 < 1e-10 */
  AT_INTEGRAL_BITS = 48,    /* asked of each piece: room for two pieces and the tails */
  AT_SEARCH_DOUBLINGS = 96, /* the peak and the window are sought up to |z| = 2^96 */
  AT_SEARCH_HALVINGS = 160
};

struct at_integrand {
  arb_t scale;
  arb_t rate;
  arb_t slope;
};

/* h and h' at a complex ball z. */
static void at_integrand_height(acb_t height, acb_t derivative, const acb_t z,
                                const struct at_integrand *f, slong precision)
{
  acb_t power;
  acb_init(power);
  acb_mul_arb(power, z, f->rate, precision);
  acb_neg(power, power);
  acb_exp(power, power, precision);
  acb_mul_arb(power, power, f->scale, precision);
  acb_mul_arb(height, z, f->slope, precision);
  acb_add(height, height, power, precision);
  acb_mul_arb(derivative, power, f->rate, precision);
  acb_neg(derivative, derivative);
  acb_add_arb(derivative, derivative, f->slope, precision);
  acb_clear(power);
}

/* factor = 1 / sqrt(8 pi): phi(z) erfc / 2 = factor exp(-z^2/2) erfc. */
static void at_integrand_factor(arb_t factor, slong precision)
{
  arb_const_pi(factor, precision);
  arb_mul_2exp_si(factor, factor, 3);
  arb_rsqrt(factor, factor, precision);
}

/* Near-exact z (a node of the quadrature): the formula itself. */
static void at_integrand_at_node(acb_t value, const acb_t z, const acb_t height, slong precision)
{
  acb_t argument;
  arb_t half;
  acb_init(argument);
  arb_init(half);
  arb_set_d(half, 0.5);
  arb_sqrt(half, half, precision);
  acb_mul_arb(argument, height, half, precision);
  acb_hypgeom_erfc(argument, argument, precision);
  acb_mul(value, z, z, precision);
  acb_mul_2exp_si(value, value, -1);
  acb_neg(value, value);
  acb_exp(value, value, precision);
  acb_mul(value, value, argument, precision);
  arb_clear(half);
  acb_clear(argument);
}

/* power = exp(-(z^2 + h(z)^2)/2) on a wide ball, by the mean value form: the exponent at the
 * midpoint plus (z - midpoint) times the ball of the exponent's derivative -(z + h h'). */
static void at_integrand_power(acb_t power, const acb_t z, const acb_t height,
                               const acb_t derivative, const struct at_integrand *f,
                               slong precision)
{
  acb_t middle, offset, exponent, unused;
  acb_init(middle);
  acb_init(offset);
  acb_init(exponent);
  acb_init(unused);
  acb_set(offset, z);
  acb_get_mid(middle, z);
  at_integrand_height(power, unused, middle, f, precision);
  acb_mul(power, power, power, precision);
  acb_addmul(power, middle, middle, precision);
  acb_mul_2exp_si(power, power, -1);
  acb_mul(exponent, height, derivative, precision);
  acb_add(exponent, exponent, offset, precision);
  acb_sub(offset, offset, middle, precision);
  acb_addmul(power, exponent, offset, precision);
  acb_neg(power, power);
  acb_exp(power, power, precision);
  acb_clear(middle);
  acb_clear(offset);
  acb_clear(exponent);
  acb_clear(unused);
}

/* disc = a square around zero that contains erfcx(w) for every w = h / sqrt(2) with
 * |Re h| >= lower > 0: radius min(1, 1 / (sqrt(pi) Re w)) = min(1, sqrt(2/pi) / lower), and
 * sqrt(2/pi) < 4/5. */
static void at_erfcx_disc(acb_t disc, const mag_t lower)
{
  mag_t radius;
  mag_init(radius);
  mag_set_ui(radius, 4);
  mag_div_ui(radius, radius, 5);
  mag_div(radius, radius, lower);
  if (mag_cmp_2exp_si(radius, 0) > 0) mag_one(radius);
  acb_zero(disc);
  mag_set(arb_radref(acb_realref(disc)), radius);
  mag_set(arb_radref(acb_imagref(disc)), radius);
  mag_clear(radius);
}

/* Wide z: exp(-(z^2 + h^2)/2) times the disc of erfcx; left of zero 2 exp(-z^2/2) minus that. */
static void at_integrand_on_ball(acb_t value, const acb_t z, const acb_t height,
                                 const acb_t derivative, const struct at_integrand *f,
                                 slong precision)
{
  acb_t disc;
  mag_t lower;
  acb_init(disc);
  mag_init(lower);
  const bool negative = arb_is_negative(acb_realref(height)) != 0;
  arb_get_mag_lower(lower, acb_realref(height));
  at_erfcx_disc(disc, lower);
  at_integrand_power(value, z, height, derivative, f, precision);
  acb_mul(value, value, disc, precision);
  if (negative) {
    acb_mul(disc, z, z, precision);
    acb_mul_2exp_si(disc, disc, -1);
    acb_neg(disc, disc);
    acb_exp(disc, disc, precision);
    acb_mul_2exp_si(disc, disc, 1);
    acb_sub(value, disc, value, precision);
  }
  mag_clear(lower);
  acb_clear(disc);
}

/* acb_calc_func_t: the integrand is entire, so `order` asks for nothing more. */
static int at_integrand_evaluate(acb_ptr value, const acb_t z, void *parameters, slong order,
                                 slong precision)
{
  const struct at_integrand *f = parameters;
  acb_t height, derivative;
  arb_t factor;
  (void)order;
  acb_init(height);
  acb_init(derivative);
  arb_init(factor);
  at_integrand_height(height, derivative, z, f, precision);
  const bool wide = mag_cmp_2exp_si(arb_radref(acb_realref(z)), -precision / 4) > 0 ||
                    mag_cmp_2exp_si(arb_radref(acb_imagref(z)), -precision / 4) > 0;
  if (wide && !arb_contains_zero(acb_realref(height)))
    at_integrand_on_ball(value, z, height, derivative, f, precision);
  else
    at_integrand_at_node(value, z, height, precision);
  at_integrand_factor(factor, precision);
  acb_mul_arb(value, value, factor, precision);
  arb_clear(factor);
  acb_clear(height);
  acb_clear(derivative);
  return 0;
}

/* psi(z) and psi'(z) = z + max(h, 0) h'(z) at a real z. */
static void at_exponent(arb_t psi, arb_t slope, const arb_t z, const struct at_integrand *f,
                        slong precision)
{
  acb_t point, height, derivative;
  arb_t zero;
  acb_init(point);
  acb_init(height);
  acb_init(derivative);
  arb_init(zero);
  acb_set_arb(point, z);
  at_integrand_height(height, derivative, point, f, precision);
  arb_max(acb_realref(height), acb_realref(height), zero, precision);
  arb_mul(slope, acb_realref(height), acb_realref(derivative), precision);
  arb_add(slope, slope, z, precision);
  arb_mul(psi, acb_realref(height), acb_realref(height), precision);
  arb_addmul(psi, z, z, precision);
  arb_mul_2exp_si(psi, psi, -1);
  arb_clear(zero);
  acb_clear(point);
  acb_clear(height);
  acb_clear(derivative);
}

/* What a search along z = origin + offset looks for. */
struct at_search {
  const struct at_integrand *f;
  arb_t origin; /* exact */
  int direction;
  bool for_peak;
  arb_t target; /* for a window: the value psi must reach */
  slong precision;
};

/* Whether z = origin + direction * offset lies at or beyond what is sought: psi no longer falls
 * (peak), or psi has reached the target (window). Midpoints decide: nothing rests on it. */
static bool at_search_is_beyond(arb_t z, const struct at_search *search, const arb_t offset)
{
  arb_t psi, slope;
  arb_init(psi);
  arb_init(slope);
  if (search->direction > 0)
    arb_add(z, search->origin, offset, search->precision);
  else
    arb_sub(z, search->origin, offset, search->precision);
  mag_zero(arb_radref(z));
  at_exponent(psi, slope, z, search->f, search->precision);
  const bool beyond = search->for_peak ? arf_sgn(arb_midref(slope)) * search->direction >= 0
                                       : arf_cmp(arb_midref(psi), arb_midref(search->target)) >= 0;
  arb_clear(psi);
  arb_clear(slope);
  return beyond;
}

/* z = the nearest place found at or beyond what is sought; false when there is none in reach. */
static bool at_search_run(arb_t z, const struct at_search *search)
{
  arb_t near, far, middle;
  arb_init(near);
  arb_init(far);
  arb_init(middle);
  arb_one(far);
  int doublings = 0;
  while (doublings < AT_SEARCH_DOUBLINGS && !at_search_is_beyond(z, search, far)) {
    arb_set(near, far);
    arb_mul_2exp_si(far, far, 1);
    doublings++;
  }
  const bool found = doublings < AT_SEARCH_DOUBLINGS;
  for (int k = 0; found && k < AT_SEARCH_HALVINGS; k++) {
    arb_add(middle, near, far, search->precision);
    arb_mul_2exp_si(middle, middle, -1);
    if (at_search_is_beyond(z, search, middle))
      arb_set(far, middle);
    else
      arb_set(near, middle);
    mag_zero(arb_radref(near));
    mag_zero(arb_radref(far));
  }
  if (found) at_search_is_beyond(z, search, far);
  arb_clear(near);
  arb_clear(far);
  arb_clear(middle);
  return found;
}

/* cut[0] < cut[1] < cut[2]: left end, peak of exp(-psi), right end of the window. */
static bool at_window_find(arb_ptr cut, const struct at_integrand *f, slong precision)
{
  struct at_search search = {.f = f, .for_peak = true, .precision = precision};
  arb_t psi, slope;
  arb_init(search.origin);
  arb_init(search.target);
  arb_init(psi);
  arb_init(slope);
  at_exponent(psi, slope, search.origin, f, precision);
  search.direction = arf_sgn(arb_midref(slope)) > 0 ? -1 : 1;
  bool found = at_search_run(cut + 1, &search);
  if (found) {
    arb_set(search.origin, cut + 1);
    at_exponent(psi, slope, search.origin, f, precision);
    arb_add_ui(search.target, psi, (ulong)precision, precision);
    search.for_peak = false;
    search.direction = -1;
    found = at_search_run(cut, &search);
    search.direction = 1;
    found = at_search_run(cut + 2, &search) && found;
  }
  arb_clear(search.origin);
  arb_clear(search.target);
  arb_clear(psi);
  arb_clear(slope);
  return found;
}

/* Adds to `sum` an error that covers the integral beyond z on the side `direction`; false when
 * psi does not certainly rise there. */
static bool at_tail_add(arb_t sum, const arb_t z, int direction, const struct at_integrand *f,
                        slong precision)
{
  arb_t psi, slope;
  arb_init(psi);
  arb_init(slope);
  at_exponent(psi, slope, z, f, precision);
  if (direction < 0) arb_neg(slope, slope);
  const bool rises = arb_is_positive(slope) != 0;
  if (rises) {
    arb_neg(psi, psi);
    arb_exp(psi, psi, precision);
    arb_div(psi, psi, slope, precision);
    at_integrand_factor(slope, precision);
    arb_mul_2exp_si(slope, slope, 1);
    arb_mul(psi, psi, slope, precision);
    arb_add_error(sum, psi);
  }
  arb_clear(psi);
  arb_clear(slope);
  return rises;
}

/* Adds the integral from cut[0] to cut[1]; false when it did not converge (the ball stays valid).
 * The absolute tolerance is zero: only the relative one counts, however small the integral. */
static bool at_piece_add(arb_t sum, arb_srcptr cut, struct at_integrand *f, slong precision)
{
  acb_t from, to, piece;
  mag_t tolerance;
  acb_calc_integrate_opt_t options;
  acb_init(from);
  acb_init(to);
  acb_init(piece);
  mag_init(tolerance);
  acb_calc_integrate_opt_init(options);
  acb_set_arb(from, cut);
  acb_set_arb(to, cut + 1);
  const int status = acb_calc_integrate(piece, at_integrand_evaluate, f, from, to, AT_INTEGRAL_BITS,
                                        tolerance, options, precision);
  arb_add(sum, sum, acb_realref(piece), precision);
  mag_clear(tolerance);
  acb_clear(from);
  acb_clear(to);
  acb_clear(piece);
  return status == ARB_CALC_SUCCESS;
}

bool at_error_integral(arb_t probability, const arb_t scale, const arb_t rate, const arb_t slope,
                       slong precision)
{
  struct at_integrand f;
  arb_init(f.scale);
  arb_init(f.rate);
  arb_init(f.slope);
  arb_set(f.scale, scale);
  arb_set(f.rate, rate);
  arb_set(f.slope, slope);
  arb_ptr cut = _arb_vec_init(3);
  bool done = arb_is_positive(scale) && arb_is_positive(rate) && arb_is_finite(slope) &&
              at_window_find(cut, &f, precision);
  arb_zero(probability);
  done = done && at_piece_add(probability, cut, &f, precision) &&
         at_piece_add(probability, cut + 1, &f, precision);
  done = done && at_tail_add(probability, cut, -1, &f, precision) &&
         at_tail_add(probability, cut + 2, 1, &f, precision);
  if (!done) arb_unit_interval(probability);
  _arb_vec_clear(cut, 3);
  arb_clear(f.scale);
  arb_clear(f.rate);
  arb_clear(f.slope);
  return done && at_ball_is_tight(probability, AT_ERROR_BITS);
}
