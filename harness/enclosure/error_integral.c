/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see error_integral.h.
 */
#include "harness/enclosure/error_integral.h"

#include <acb.h>
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <arb_hypgeom.h>

#include "harness/enclosure/ball.h"

/* An integral that converges takes about a thousand evaluations; one whose parameters are known too
 * coarsely would go on bisecting, so that parameters are asked for AT_PARAMETER_BITS first. */
enum {
  AT_ERROR_BITS = 34, /* 2^-34 < 1e-10 */
  AT_PARAMETER_BITS = 40,
  AT_EVALUATIONS = 20000,
  AT_INTEGRAL_BITS = 48,    /* asked of each piece: room for two pieces and the tails */
  AT_SEARCH_DOUBLINGS = 96, /* the peak and the window are sought up to |z| = 2^96 */
  AT_SEARCH_HALVINGS = 160,
  AT_SEARCH_BITS = 30 /* of the place found */
};

/* shift: exact, psi at its least, near the peak. The integrand is multiplied by
 * exp(shift) and the integral divided by it, because the exponential of a wide ball keeps about 30
 * bits of its argument, which must then be of order one.
 * root_half = sqrt(1/2), factor = 1 / sqrt(8 pi): phi(z) erfc / 2 = factor exp(-z^2/2) erfc. */
struct at_integrand {
  arb_t scale;
  arb_t rate;
  arb_t slope;
  arb_t shift;
  arb_t root_half;
  arb_t factor;
};

static void at_integrand_init(struct at_integrand *f, slong precision)
{
  arb_init(f->scale);
  arb_init(f->rate);
  arb_init(f->slope);
  arb_init(f->shift);
  arb_init(f->root_half);
  arb_init(f->factor);
  arb_set_d(f->root_half, 0.5);
  arb_sqrt(f->root_half, f->root_half, precision);
  arb_const_pi(f->factor, precision);
  arb_mul_2exp_si(f->factor, f->factor, 3);
  arb_rsqrt(f->factor, f->factor, precision);
}

static void at_integrand_clear(struct at_integrand *f)
{
  arb_clear(f->scale);
  arb_clear(f->rate);
  arb_clear(f->slope);
  arb_clear(f->shift);
  arb_clear(f->root_half);
  arb_clear(f->factor);
}

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

/* value = exp(shift - z^2/2). */
static void at_integrand_gauss(acb_t value, const acb_t z, const struct at_integrand *f,
                               slong precision)
{
  acb_mul(value, z, z, precision);
  acb_mul_2exp_si(value, value, -1);
  acb_sub_arb(value, value, f->shift, precision);
  acb_neg(value, value);
  acb_exp(value, value, precision);
}

/* value = exp(shift - z^2/2) erfc(h / sqrt(2)), by Arb's erfc: for a ball of h around zero. */
static void at_integrand_directly(acb_t value, const acb_t z, const acb_t height,
                                  const struct at_integrand *f, slong precision)
{
  acb_t argument;
  acb_init(argument);
  acb_mul_arb(argument, height, f->root_half, precision);
  acb_hypgeom_erfc(argument, argument, precision);
  at_integrand_gauss(value, z, f, precision);
  acb_mul(value, value, argument, precision);
  acb_clear(argument);
}

/* power = exp(shift - (z^2 + h(z)^2)/2) on a wide ball, by the mean value form: the exponent at the
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
  acb_sub_arb(power, power, f->shift, precision);
  acb_neg(power, power);
  acb_exp(power, power, precision);
  acb_clear(middle);
  acb_clear(offset);
  acb_clear(exponent);
  acb_clear(unused);
}

/* value contains erfcx(w) for every w of the ball, Re w >= lower > 0: the disc of radius
 * min(1, 1 / (sqrt(pi) lower)), from the integral in the header; 1/sqrt(pi) < 0.57. */
static void at_erfcx(acb_t value, const acb_t w)
{
  mag_t bound, lower, cap;
  mag_init(bound);
  mag_init(lower);
  mag_init(cap);
  arb_get_mag_lower(lower, acb_realref(w));
  mag_set_ui(bound, 57);
  mag_div_ui(bound, bound, 100);
  mag_div(bound, bound, lower);
  mag_one(cap);
  mag_min(bound, bound, cap);
  acb_zero(value);
  acb_add_error_mag(value, bound);
  mag_clear(bound);
  mag_clear(lower);
  mag_clear(cap);
}

/* exp(shift - (z^2 + h^2)/2) erfcx(w), w = h / sqrt(2), for Re h > 0; for Re h < 0 the same with
 * erfcx(-w), subtracted from 2 exp(shift - z^2/2). */
static void at_integrand_scaled(acb_t value, const acb_t z, const acb_t height,
                                const acb_t derivative, const struct at_integrand *f,
                                slong precision)
{
  acb_t factor;
  acb_init(factor);
  const bool negative = arb_is_negative(acb_realref(height)) != 0;
  acb_mul_arb(factor, height, f->root_half, precision);
  if (negative) acb_neg(factor, factor);
  at_erfcx(value, factor);
  at_integrand_power(factor, z, height, derivative, f, precision);
  acb_mul(value, value, factor, precision);
  if (negative) {
    at_integrand_gauss(factor, z, f, precision);
    acb_mul_2exp_si(factor, factor, 1);
    acb_sub(value, factor, value, precision);
  }
  acb_clear(factor);
}

/* tail = exp(shift - (z^2 + h^2)/2) erfcx(w) for real narrow balls z and w = |h| / sqrt(2) > 0, by
 * erfc at the midpoint m of w and the Lipschitz constant of log erfcx: as one exponential,
 * exp(shift - (z^2 + h^2)/2 + m^2) erfc(m) (1 + e), |e| <= exp(2 rad w) - 1. (Arb's
 * own erfc of an inexact large argument keeps about 30 bits of the exponent in its error.) */
static void at_node_tail(arb_t tail, const arb_t z, const arb_t w, const struct at_integrand *f,
                         slong precision)
{
  arb_t middle, exponent;
  mag_t error;
  arb_init(middle);
  arb_init(exponent);
  mag_init(error);
  arb_get_mid_arb(middle, w);
  arb_mul(exponent, z, z, precision);
  arb_mul_2exp_si(exponent, exponent, -1);
  arb_addmul(exponent, w, w, precision);
  arb_submul(exponent, middle, middle, precision);
  arb_sub(exponent, f->shift, exponent, precision);
  arb_exp(exponent, exponent, precision);
  arb_hypgeom_erfc(tail, middle, precision);
  arb_mul(tail, tail, exponent, precision);
  mag_mul_2exp_si(error, arb_radref(w), 1);
  mag_expm1(error, error);
  arb_get_mag(arb_radref(middle), tail);
  mag_mul(error, error, arb_radref(middle));
  arb_add_error_mag(tail, error);
  arb_clear(middle);
  arb_clear(exponent);
  mag_clear(error);
}

/* The integrand at a node of the quadrature, a narrow real ball, where h is not near zero. */
static void at_integrand_node(arb_t value, const arb_t z, const arb_t height,
                              const struct at_integrand *f, slong precision)
{
  arb_t w;
  arb_init(w);
  const bool negative = arb_is_negative(height) != 0;
  arb_mul(w, height, f->root_half, precision);
  arb_abs(w, w);
  at_node_tail(value, z, w, f, precision);
  if (negative) {
    arb_mul(w, z, z, precision);
    arb_mul_2exp_si(w, w, -1);
    arb_sub(w, f->shift, w, precision);
    arb_exp(w, w, precision);
    arb_mul_2exp_si(w, w, 1);
    arb_sub(value, w, value, precision);
  }
  arb_clear(w);
}

/* Whether z is one of the wide balls on which the integrand is bounded, rather than a node of the
 * quadrature, whose radius is a rounding error of about 2^-precision |z|. The integrand may be as
 * narrow as 1/h, so a threshold that is a fixed part of 1 would mistake one for the other. */
static bool at_is_wide(const acb_t z, slong precision)
{
  mag_t limit;
  mag_init(limit);
  acb_get_mag(limit, z);
  mag_add_ui(limit, limit, 1);
  mag_mul_2exp_si(limit, limit, -(3 * precision / 4));
  const bool wide = mag_cmp(arb_radref(acb_realref(z)), limit) > 0 ||
                    mag_cmp(arb_radref(acb_imagref(z)), limit) > 0;
  mag_clear(limit);
  return wide;
}

/* acb_calc_func_t: the integrand is entire, so `order` asks for nothing more. */
static int at_integrand_evaluate(acb_ptr value, const acb_t z, void *parameters, slong order,
                                 slong precision)
{
  const struct at_integrand *f = parameters;
  acb_t height, derivative;
  (void)order;
  acb_init(height);
  acb_init(derivative);
  at_integrand_height(height, derivative, z, f, precision);
  acb_zero(value);
  if (arb_contains_zero(acb_realref(height)))
    at_integrand_directly(value, z, height, f, precision);
  else if (acb_is_real(z) && !at_is_wide(z, precision))
    at_integrand_node(acb_realref(value), acb_realref(z), acb_realref(height), f, precision);
  else
    at_integrand_scaled(value, z, height, derivative, f, precision);
  acb_mul_arb(value, value, f->factor, precision);
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

/* Whether near and far agree to AT_SEARCH_BITS. */
static bool at_search_is_over(const arb_t near, const arb_t far)
{
  arb_t width;
  arb_init(width);
  arb_sub(width, far, near, AT_SEARCH_BITS);
  arb_mul_2exp_si(width, width, AT_SEARCH_BITS);
  const bool over = arf_cmp(arb_midref(width), arb_midref(near)) <= 0;
  arb_clear(width);
  return over;
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
  for (int k = 0; found && k < AT_SEARCH_HALVINGS && !at_search_is_over(near, far); k++) {
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

/* cut[0] < cut[1] < cut[2]: left end, peak of exp(-psi), right end of the window; sets shift. */
static bool at_window_find(arb_ptr cut, struct at_integrand *f, slong precision)
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
    arb_get_mid_arb(f->shift, psi);
    arb_add_ui(search.target, psi, AT_INTEGRAL_BITS, precision);
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

/* Adds to `sum` an error that covers the shifted integral beyond z on the side `direction`; false
 * when psi does not certainly rise there. */
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
    arb_sub(psi, f->shift, psi, precision);
    arb_exp(psi, psi, precision);
    arb_div(psi, psi, slope, precision);
    arb_mul(psi, psi, f->factor, precision);
    arb_mul_2exp_si(psi, psi, 1);
    arb_add_error(sum, psi);
  }
  arb_clear(psi);
  arb_clear(slope);
  return rises;
}

/* Adds the shifted integral from cut[0] to cut[1]; false when it did not converge (the ball stays
 * valid). The absolute tolerance is zero: only the relative one counts, however small. */
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
  options->eval_limit = AT_EVALUATIONS;
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

/* A > 0 and s > 0 for certain, and A, s, 1 + |B| to AT_PARAMETER_BITS. */
static bool at_parameters_are_good(const struct at_integrand *f)
{
  mag_t limit;
  mag_init(limit);
  arb_get_mag_lower(limit, f->slope);
  mag_add_ui_lower(limit, limit, 1);
  mag_mul_2exp_si(limit, limit, -AT_PARAMETER_BITS);
  const bool slope = arb_is_finite(f->slope) && mag_cmp(arb_radref(f->slope), limit) <= 0;
  mag_clear(limit);
  return slope && arb_is_positive(f->scale) && at_ball_is_tight(f->scale, AT_PARAMETER_BITS) &&
         arb_is_positive(f->rate) && at_ball_is_tight(f->rate, AT_PARAMETER_BITS);
}

bool at_error_integral(arb_t probability, const arb_t scale, const arb_t rate, const arb_t slope,
                       slong precision)
{
  struct at_integrand f;
  at_integrand_init(&f, precision);
  arb_set(f.scale, scale);
  arb_set(f.rate, rate);
  arb_set(f.slope, slope);
  arb_ptr cut = _arb_vec_init(3);
  bool done = at_parameters_are_good(&f) && at_window_find(cut, &f, precision);
  arb_zero(probability);
  done = done && at_piece_add(probability, cut, &f, precision) &&
         at_piece_add(probability, cut + 1, &f, precision);
  done = done && at_tail_add(probability, cut, -1, &f, precision) &&
         at_tail_add(probability, cut + 2, 1, &f, precision);
  arb_neg(f.shift, f.shift);
  arb_exp(f.shift, f.shift, precision);
  arb_mul(probability, probability, f.shift, precision);
  if (!done) arb_unit_interval(probability);
  _arb_vec_clear(cut, 3);
  at_integrand_clear(&f);
  return done && at_ball_is_tight(probability, AT_ERROR_BITS);
}
