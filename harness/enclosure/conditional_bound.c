/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see conditional_bound.h.
 *
 * The search: F(P) = Phi(-W/s_v) + Phi(-P/s_p), with x = W/s_v = (a exp(b)/s_v) exp(-P) has
 * F'(P) = (x exp(-x^2/2) - exp(-P^2/(2 s_p^2)) / s_p) / sqrt(2 pi), of the sign of
 *   G(P) = log x - x^2/2 + P^2/(2 s_p^2) + log s_p.
 * G' = x^2 - 1 + P/s_p^2, so where x > 1 (elsewhere the bound exceeds Phi(-1)) and P > 0 it
 * increases through one zero, which bisection finds on midpoints; only the evaluation at the
 * threshold found is rigorous.
 */
#include "harness/enclosure/conditional_bound.h"

#include "harness/enclosure/ball.h"

enum { AT_THRESHOLD_DOUBLINGS = 96, AT_THRESHOLD_HALVINGS = 120 };

void at_conditional_bound_init(struct at_conditional_bound *result)
{
  arb_init(result->bound);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_init(result->class_bound[k]);
    arb_init(result->score_threshold[k]);
    arb_init(result->value_threshold[k]);
    result->useful[k] = false;
  }
}

void at_conditional_bound_clear(struct at_conditional_bound *result)
{
  arb_clear(result->bound);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_clear(result->class_bound[k]);
    arb_clear(result->score_threshold[k]);
    arb_clear(result->value_threshold[k]);
  }
}

/* The sign of G(P) at the midpoints; `start` = a exp(b) / s_v. */
static int at_threshold_side(const arb_t threshold, const arb_t start, const arb_t deviation,
                             slong precision)
{
  arb_t x, sum, term;
  arb_init(x);
  arb_init(sum);
  arb_init(term);
  arb_neg(x, threshold);
  arb_exp(x, x, precision);
  arb_mul(x, x, start, precision);
  arb_mul(term, x, deviation, precision);
  arb_log(sum, term, precision);
  arb_div(term, threshold, deviation, precision);
  arb_mul(term, term, term, precision);
  arb_submul(term, x, x, precision);
  arb_mul_2exp_si(term, term, -1);
  arb_add(sum, sum, term, precision);
  const int side = arf_sgn(arb_midref(sum));
  arb_clear(x);
  arb_clear(sum);
  arb_clear(term);
  return side;
}

/* threshold = an exact P > 0 near the least bound, from the side where the tail of Q is already
 * small: s_p may lie far below the last halving. */
static void at_threshold_search(arb_t threshold, const arb_t start, const arb_t deviation,
                                slong precision)
{
  arb_t near, far;
  arb_init(near);
  arb_init(far);
  arb_set_d(far, 0.125);
  int doublings = 0;
  while (doublings < AT_THRESHOLD_DOUBLINGS &&
         at_threshold_side(far, start, deviation, precision) < 0) {
    arb_set(near, far);
    arb_mul_2exp_si(far, far, 1);
    doublings++;
  }
  for (int k = 0; k < AT_THRESHOLD_HALVINGS; k++) {
    arb_add(threshold, near, far, precision);
    arb_mul_2exp_si(threshold, threshold, -1);
    mag_zero(arb_radref(threshold));
    arb_set(at_threshold_side(threshold, start, deviation, precision) < 0 ? near : far, threshold);
  }
  arb_set(threshold, far);
  arb_clear(near);
  arb_clear(far);
}

/* bound = Phi(-W/s_v) + Phi(-P/s_p), W = a exp(b - P); without score noise Q = 0 never exceeds
 * P = 0, without value noise nothing is wrong at any Q. */
static void at_bound_at_threshold(struct at_conditional_bound *result,
                                  const struct at_noise_law *law, size_t k, const arb_t s_v,
                                  const arb_t s_p, slong precision)
{
  arb_ptr weight = result->value_threshold[k];
  arb_t tail;
  arb_init(tail);
  arb_sub(weight, law->signal_score[k], result->score_threshold[k], precision);
  arb_exp(weight, weight, precision);
  arb_mul(weight, weight, law->signal_value[k], precision);
  arb_zero(result->class_bound[k]);
  if (arb_is_zero(s_v))
    arb_zero(weight);
  else {
    arb_div(tail, weight, s_v, precision);
    arb_neg(tail, tail);
    at_ball_normal_cdf(result->class_bound[k], tail, precision);
  }
  if (!arb_is_zero(s_v) && !arb_is_zero(s_p)) {
    arb_div(tail, result->score_threshold[k], s_p, precision);
    arb_neg(tail, tail);
    at_ball_normal_cdf(tail, tail, precision);
    arb_add(result->class_bound[k], result->class_bound[k], tail, precision);
  }
  arb_clear(tail);
}

static void at_class_bound(struct at_conditional_bound *result, const struct at_noise_law *law,
                           size_t k, slong precision)
{
  arb_t s_v, s_p, start, one;
  arb_init(s_v);
  arb_init(s_p);
  arb_init(start);
  arb_init(one);
  arb_one(one);
  arb_sqrt(s_v, law->value_variance, precision);
  arb_sqrt(s_p, law->score_variance, precision);
  arb_zero(result->score_threshold[k]);
  if (arb_is_positive(law->signal_value[k]) && arb_is_positive(s_v) && arb_is_positive(s_p)) {
    arb_exp(start, law->signal_score[k], precision);
    arb_mul(start, start, law->signal_value[k], precision);
    arb_div(start, start, s_v, precision);
    at_threshold_search(result->score_threshold[k], start, s_p, precision);
  }
  at_bound_at_threshold(result, law, k, s_v, s_p, precision);
  result->useful[k] = arb_is_positive(law->signal_value[k]) && arb_is_finite(s_v) &&
                      arb_is_finite(s_p) && arb_lt(result->class_bound[k], one);
  if (!result->useful[k]) {
    arb_one(result->class_bound[k]);
    arb_zero(result->score_threshold[k]);
    arb_zero(result->value_threshold[k]);
  }
  arb_clear(s_v);
  arb_clear(s_p);
  arb_clear(start);
  arb_clear(one);
}

void at_conditional_bound_evaluate(struct at_conditional_bound *result,
                                   const struct at_noise_law *law, slong precision)
{
  arb_zero(result->bound);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    at_class_bound(result, law, k, precision);
    arb_add(result->bound, result->bound, result->class_bound[k], precision);
  }
  arb_mul_2exp_si(result->bound, result->bound, -1);
}
