/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see test_error.h.
 *
 * A projection that is not certified inactive may bend an iterate out of the span of the tokens;
 * then parallel noise tokens no longer prove that v_perp and p_perp are parallel.
 */
#include "harness/enclosure/test_error.h"

#include "harness/enclosure/ball.h"
#include "harness/enclosure/error_integral.h"

/* hi/lo - 1 <= 2^-34 < 1e-10. */
enum { AT_ERROR_BITS = 34 };

/* One class with a > 0: strength = a exp(b); the deviations; tilt = cov(V, Q) / s_p. */
struct at_class_law {
  arb_t strength;
  arb_t value_deviation;
  arb_t score_deviation;
  arb_t tilt;
};

void at_test_error_init(struct at_test_error *result)
{
  arb_init(result->error);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_init(result->class_error[k]);
    result->law[k] = AT_LAW_UNDECIDED;
  }
  result->precision = 0;
  result->decided = false;
}

void at_test_error_clear(struct at_test_error *result)
{
  arb_clear(result->error);
  for (size_t k = 0; k < AT_CLASSES; k++) arb_clear(result->class_error[k]);
}

const char *at_error_law_name(enum at_error_law law)
{
  switch (law) {
  case AT_LAW_INTEGRAL: return "integral";
  case AT_LAW_FIXED_ATTENTION: return "fixed attention";
  case AT_LAW_FIXED_VALUE: return "fixed value";
  case AT_LAW_NO_NOISE: return "no noise";
  case AT_LAW_NO_SIGNAL: return "no signal";
  case AT_LAW_NO_OUTPUT: return "no output";
  case AT_LAW_COLLINEAR: return "collinear noise";
  case AT_LAW_UNDECIDED: break;
  }
  return "undecided";
}

/* s_v = 0: the output is a exp(b - Q), of the sign of a. */
static enum at_error_law at_law_without_value_noise(enum at_ball_sign signal,
                                                    enum at_ball_sign score_noise)
{
  if (signal == AT_SIGN_UNDECIDED) return AT_LAW_UNDECIDED;
  if (signal == AT_SIGN_ZERO) return AT_LAW_NO_OUTPUT;
  return score_noise == AT_SIGN_ZERO ? AT_LAW_NO_NOISE : AT_LAW_FIXED_VALUE;
}

/* Which law holds, from signs that are certain. */
static enum at_error_law at_law_of(const struct at_noise_law *law, size_t k)
{
  const enum at_ball_sign signal = at_ball_sign(law->signal_value[k]);
  const enum at_ball_sign value_noise = at_ball_sign(law->value_variance);
  const enum at_ball_sign score_noise = at_ball_sign(law->score_variance);
  if (value_noise == AT_SIGN_ZERO) return at_law_without_value_noise(signal, score_noise);
  if (value_noise != AT_SIGN_POSITIVE) return AT_LAW_UNDECIDED;
  if (signal == AT_SIGN_ZERO) return AT_LAW_NO_SIGNAL;
  if (signal == AT_SIGN_UNDECIDED) return AT_LAW_UNDECIDED;
  if (score_noise == AT_SIGN_ZERO) return AT_LAW_FIXED_ATTENTION;
  if (score_noise != AT_SIGN_POSITIVE) return AT_LAW_UNDECIDED;
  return law->collinear ? AT_LAW_COLLINEAR : AT_LAW_INTEGRAL;
}

static void at_class_law_init(struct at_class_law *class_law)
{
  arb_init(class_law->strength);
  arb_init(class_law->value_deviation);
  arb_init(class_law->score_deviation);
  arb_init(class_law->tilt);
}

static void at_class_law_clear(struct at_class_law *class_law)
{
  arb_clear(class_law->strength);
  arb_clear(class_law->value_deviation);
  arb_clear(class_law->score_deviation);
  arb_clear(class_law->tilt);
}

/* Class k with (a, c) replaced by (-a, -c) when a < 0. The covariance of V = eps_k v.xi and Q is
 * eps_k times the law's. Needs s_v > 0; the tilt needs s_p > 0. */
static void at_class_law_set(struct at_class_law *class_law, const struct at_noise_law *law,
                             size_t k, slong precision)
{
  const bool negative = arb_is_negative(law->signal_value[k]) != 0;
  arb_exp(class_law->strength, law->signal_score[k], precision);
  arb_mul(class_law->strength, class_law->strength, law->signal_value[k], precision);
  arb_abs(class_law->strength, class_law->strength);
  arb_sqrt(class_law->value_deviation, law->value_variance, precision);
  arb_sqrt(class_law->score_deviation, law->score_variance, precision);
  if (arb_is_zero(law->score_variance)) return;
  arb_div(class_law->tilt, law->covariance, class_law->score_deviation, precision);
  if ((k == 1) != negative) arb_neg(class_law->tilt, class_law->tilt);
}

/* Phi(-a exp(b) / s_v). */
static void at_error_fixed_attention(arb_t error, const struct at_class_law *law, slong precision)
{
  arb_div(error, law->strength, law->value_deviation, precision);
  arb_neg(error, error);
  at_ball_normal_cdf(error, error, precision);
}

static bool at_error_by_integral(arb_t error, const struct at_class_law *law, slong precision)
{
  arb_t residual, scale, slope;
  arb_init(residual);
  arb_init(scale);
  arb_init(slope);
  arb_mul(residual, law->value_deviation, law->value_deviation, precision);
  arb_submul(residual, law->tilt, law->tilt, precision);
  const bool positive = arb_is_positive(residual) != 0;
  arb_unit_interval(error);
  bool decided = false;
  if (positive) {
    arb_sqrt(residual, residual, precision);
    arb_div(scale, law->strength, residual, precision);
    arb_div(slope, law->tilt, residual, precision);
    decided = at_error_integral(error, scale, law->score_deviation, slope, precision);
  }
  arb_clear(residual);
  arb_clear(scale);
  arb_clear(slope);
  return decided;
}

/* V = +s_v Z: a exp(b - s_p z) + s_v z <= 0 between the two roots W(-x) / s_p, if x < 1/e; x is
 * a exp(b) s_p / s_v. Without roots the class never errs. */
static bool at_error_collinear_rising(arb_t error, const arb_t x, const struct at_class_law *law,
                                      slong precision)
{
  arb_t limit, root, other;
  arb_init(limit);
  arb_init(root);
  arb_init(other);
  arb_set_si(limit, -1);
  arb_exp(limit, limit, precision);
  const bool two_roots = arb_lt(x, limit) != 0;
  const bool decided = two_roots || arb_gt(x, limit);
  arb_neg(root, x);
  arb_zero(error);
  if (two_roots) {
    arb_lambertw(other, root, 1, precision);
    arb_lambertw(root, root, 0, precision);
    arb_div(other, other, law->score_deviation, precision);
    arb_div(root, root, law->score_deviation, precision);
    at_ball_normal_cdf(root, root, precision);
    at_ball_normal_cdf(other, other, precision);
    arb_sub(error, root, other, precision);
  } else if (!decided)
    arb_unit_interval(error);
  arb_clear(limit);
  arb_clear(root);
  arb_clear(other);
  return decided;
}

/* V = -s_v Z: a exp(b - s_p z) <= s_v z from the root W(x) / s_p on. */
static void at_error_collinear_falling(arb_t error, const arb_t x, const struct at_class_law *law,
                                       slong precision)
{
  arb_lambertw(error, x, 0, precision);
  arb_div(error, error, law->score_deviation, precision);
  arb_neg(error, error);
  at_ball_normal_cdf(error, error, precision);
}

static bool at_error_collinear(arb_t error, const struct at_class_law *law, slong precision)
{
  const enum at_ball_sign tilt = at_ball_sign(law->tilt);
  bool decided = tilt == AT_SIGN_POSITIVE || tilt == AT_SIGN_NEGATIVE;
  arb_t x;
  arb_init(x);
  arb_div(x, law->score_deviation, law->value_deviation, precision);
  arb_mul(x, x, law->strength, precision);
  if (tilt == AT_SIGN_POSITIVE)
    decided = at_error_collinear_rising(error, x, law, precision);
  else if (tilt == AT_SIGN_NEGATIVE)
    at_error_collinear_falling(error, x, law, precision);
  else
    arb_unit_interval(error);
  arb_clear(x);
  return decided;
}

/* The laws that need s_v > 0 and a of a certain sign. */
static bool at_error_with_noise(arb_t error, enum at_error_law name, const struct at_noise_law *law,
                                size_t k, slong precision)
{
  struct at_class_law class_law;
  at_class_law_init(&class_law);
  at_class_law_set(&class_law, law, k, precision);
  bool decided = true;
  if (name == AT_LAW_FIXED_ATTENTION)
    at_error_fixed_attention(error, &class_law, precision);
  else if (name == AT_LAW_COLLINEAR)
    decided = at_error_collinear(error, &class_law, precision);
  else
    decided = at_error_by_integral(error, &class_law, precision);
  if (arb_is_negative(law->signal_value[k])) arb_sub_si(error, error, 1, precision);
  if (arb_is_negative(law->signal_value[k])) arb_neg(error, error);
  at_class_law_clear(&class_law);
  return decided;
}

/* The error of one class; returns whether it is decided. */
static bool at_class_error(arb_t error, enum at_error_law name, const struct at_noise_law *law,
                           size_t k, slong precision)
{
  switch (name) {
  case AT_LAW_UNDECIDED: arb_unit_interval(error); return false;
  case AT_LAW_NO_OUTPUT: arb_one(error); return true;
  case AT_LAW_NO_SIGNAL: arb_set_d(error, 0.5); return true;
  case AT_LAW_NO_NOISE:
  case AT_LAW_FIXED_VALUE:
    arb_set_si(error, arb_is_negative(law->signal_value[k]) ? 1 : 0);
    return true;
  case AT_LAW_INTEGRAL:
  case AT_LAW_FIXED_ATTENTION:
  case AT_LAW_COLLINEAR: break;
  }
  return at_error_with_noise(error, name, law, k, precision) &&
         at_ball_is_tight(error, AT_ERROR_BITS);
}

bool at_test_error_evaluate(struct at_test_error *result, const struct at_noise_law *law,
                            slong precision)
{
  result->precision = precision;
  result->decided = true;
  arb_zero(result->error);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    result->law[k] = at_law_of(law, k);
    const bool decided = at_class_error(result->class_error[k], result->law[k], law, k, precision);
    result->decided = result->decided && decided;
    arb_add(result->error, result->error, result->class_error[k], precision);
  }
  arb_mul_2exp_si(result->error, result->error, -1);
  return result->decided;
}

bool at_test_error_of_doubles(struct at_test_error *result, const double *v, const double *p,
                              double rho, size_t dim, slong cap)
{
  struct at_noise_law law;
  at_noise_law_init(&law);
  arb_ptr exact_v = _arb_vec_init((slong)dim);
  arb_ptr exact_p = _arb_vec_init((slong)dim);
  at_balls_set_doubles(exact_v, v, dim);
  at_balls_set_doubles(exact_p, p, dim);
  result->decided = false;
  for (slong bits = AT_ENCLOSURE_START_BITS; bits <= cap && !result->decided; bits *= 2) {
    at_noise_law_set(&law, exact_v, exact_p, rho, dim, false, bits);
    at_test_error_evaluate(result, &law, bits);
  }
  _arb_vec_clear(exact_v, (slong)dim);
  _arb_vec_clear(exact_p, (slong)dim);
  at_noise_law_clear(&law);
  return result->decided;
}

/* The precision doubles up to `bits`, that of the law, until the result is decided: the more bits
 * a run needs to come to its end, the fewer of them an integral of its last points needs. */
static bool at_error_of_law(struct at_test_error *result, const struct at_noise_law *law,
                            slong bits)
{
  slong precision = bits < AT_ENCLOSURE_START_BITS ? bits : AT_ENCLOSURE_START_BITS;
  while (!at_test_error_evaluate(result, law, precision) && 2 * precision <= bits) precision *= 2;
  return result->decided;
}

bool at_test_error_of_run(struct at_test_error *result, struct at_enclosure_run *run, double rho,
                          slong cap)
{
  for (size_t k = 0; k <= run->steps; k++) result[k].decided = false;
  if (run->precision == 0 && !at_enclosure_run_refine(run, cap)) return false;
  const bool parallel = at_noise_is_collinear(run->data);
  bool decided = false;
  struct at_noise_law law;
  at_noise_law_init(&law);
  do {
    const bool collinear = parallel && !run->projected;
    decided = true;
    for (size_t k = 0; k <= run->steps; k++) {
      if (result[k].decided) continue;
      at_noise_law_set(&law, run->point[k].v, run->point[k].p, rho, run->data->dim, collinear,
                       run->precision);
      decided = at_error_of_law(&result[k], &law, run->precision) && decided;
    }
  } while (!decided && at_enclosure_run_refine(run, cap));
  at_noise_law_clear(&law);
  return decided;
}
