/* SPDX-License-Identifier: Apache-2.0
 *
 * pooling.c: output, logistic loss and token coefficients of one sample.
 */
#include "double_guard.h"

#include "logistic.h"
#include "pooling.h"

/*@ requires range_sum: AT_WITHIN(sum, 0x1p104);
  @ requires range_weight: AT_WITHIN(weight, 1.0);
  @ requires range_value: AT_WITHIN(value, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures finite: \is_finite(\result);
  @ ensures grown: -\abs(sum) - 0x1.01p97 <= \result <= \abs(sum) + 0x1.01p97;
  @ ensures error: at_product_added(\result, sum, weight * value);
  @*/
static inline double add_weighted(double sum, double weight, double value)
{
  double term = weight * value;
  //@ assert hint_term: AT_WITHIN(term, 0x1p97);
  //@ assert hint_term_error: at_rounded(term, weight * value);
  return sum + term;
}

double at_pool_output(const double *weights, const double *values, size_t tokens)
{
  double output = 0.0;
  //@ assert hint_zero: at_sum_near(0.0, 0.0, 0.0, 0);
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant near: at_sum_near(output, at_sum_products(weights, values, t),
    @                                  at_sum_magnitudes(weights, values, t), t);
    @ loop invariant sum: AT_WITHIN(output, 0x1.01p97 * t);
    @ loop assigns t, output;
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_weight: AT_WITHIN(weights[t], 1.0);
    //@ assert hint_value: AT_WITHIN(values[t], 0x1p97);
    //@ assert hint_range: 0.0 <= 0x1.01p97 * t <= 0x1p104;
    //@ assert hint_step: 0x1.01p97 * (t + 1) == 0x1.01p97 * t + 0x1.01p97;
    //@ assert hint_unfolded: PRODUCTS_UNFOLDED(weights, values, t);
    const double more = add_weighted(output, weights[t], values[t]);
    /*@ assert hint_near: at_sum_step(output, at_sum_products(weights, values, t),
          at_sum_magnitudes(weights, values, t), weights[t] * values[t], more, t); */
    output = more;
  }
  return output;
}

double at_loss(double margin)
{
  const double opposite = -margin;
  //@ assert hint_opposite: \is_finite(opposite) && opposite == (real)(-1.0 * margin);
  const double loss = at_softplus(opposite);
  //@ assert hint_loss: at_loss_of(loss, opposite, margin);
  return loss;
}

double at_loss_derivative(double margin)
{
  const double opposite = -margin;
  //@ assert hint_opposite: \is_finite(opposite) && opposite == (real)(-1.0 * margin);
  const double sigmoid = at_sigmoid(opposite);
  //@ assert hint_slope: at_slope_of(sigmoid, opposite, margin);
  return -sigmoid;
}

/* y loss'(y f) */
/*@ requires range_output: AT_WITHIN(output, 0x1p104);
  @ requires range_label: AT_WITHIN(label, 1.0);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 1.0);
  @ ensures error: at_sign(label) ==> at_slope_times(\result, label, output);
  @*/
static inline double loss_slope(double output, double label)
{
  double margin = label * output;
  //@ assert hint_margin: AT_WITHIN(margin, 0x1p105);
  //@ ghost double negative = -output;
  //@ assert hint_rounded: margin == \round_double(\NearestEven, label * output);
  //@ assert hint_output: \round_double(\NearestEven, output) == output;
  //@ assert hint_negative: \is_finite(negative) && negative == (real)(-1.0 * output);
  //@ assert hint_minus: \round_double(\NearestEven, negative) == negative;
  //@ assert hint_plus_one: label == 1.0 ==> label * output == output && margin == output;
  /*@ assert hint_minus_one:
        label == -1.0 ==> label * output == -1.0 * output && margin == negative; */
  //@ assert hint_plus: label == 1.0 ==> margin == label * output;
  //@ assert hint_less: label == -1.0 ==> margin == label * output;
  //@ assert hint_exact: at_sign(label) ==> margin == label * output;
  double derivative = at_loss_derivative(margin);
  //@ ghost double opposite = -derivative;
  const double slope = label * derivative;
  //@ assert hint_slope_rounded: slope == \round_double(\NearestEven, label * derivative);
  //@ assert hint_derivative: \round_double(\NearestEven, derivative) == derivative;
  //@ assert hint_opposite: \is_finite(opposite) && opposite == (real)(-1.0 * derivative);
  //@ assert hint_opposed: \round_double(\NearestEven, opposite) == opposite;
  //@ assert hint_slope_one: label == 1.0 ==> slope == derivative;
  //@ assert hint_slope_minus: label == -1.0 ==> slope == opposite;
  //@ assert hint_slope_plus: label == 1.0 ==> label * slope == derivative;
  //@ assert hint_slope_less: label == -1.0 ==> label * slope == derivative;
  //@ assert hint_slope: at_sign(label) ==> label * slope == derivative;
  return slope;
}

/*@ requires range_slope: AT_WITHIN(slope, 1.0);
  @ requires range_weight: AT_WITHIN(weight, 1.0);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 1.0);
  @ ensures error: at_rounded(\result, slope * weight);
  @*/
static inline double value_coefficient(double slope, double weight)
{
  return slope * weight;
}

/*@ requires range_coefficient: AT_WITHIN(coefficient, 1.0);
  @ requires range_value: AT_WITHIN(value, 0x1p97);
  @ requires range_output: AT_WITHIN(output, 0x1p104);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 0x1p106);
  @ ensures error: at_factors_near(\result, coefficient, value - output);
  @*/
static inline double score_coefficient(double coefficient, double value, double output)
{
  double difference = value - output;
  //@ assert hint_difference: AT_WITHIN(difference, 0x1p105);
  const double product = coefficient * difference;
  //@ assert hint_factors: at_two_factors(product, coefficient, value - output, difference);
  return product;
}

void at_pool_coefficients(double *score_coefficients, double *value_coefficients,
                          const double *weights, const double *values, double output, double label,
                          size_t tokens)
{
  const double slope = loss_slope(output, label);
  /*@ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done_value: AT_ALL_WITHIN(value_coefficients, 0, t, 1.0);
    @ loop invariant done_score: AT_ALL_WITHIN(score_coefficients, 0, t, 0x1p106);
    @ loop invariant near_value: at_sign(label) ==> VALUES_NEAR(t);
    @ loop invariant near_score: at_sign(label) ==> SCORES_NEAR(t);
    @ loop assigns t, score_coefficients[0 .. tokens-1], value_coefficients[0 .. tokens-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_weight: \is_finite(weights[t]) && 0.0 <= weights[t] <= 1.0;
    //@ assert hint_value: AT_WITHIN(values[t], 0x1p97);
    double coefficient = value_coefficient(slope, weights[t]);
    double score = score_coefficient(coefficient, values[t], output);
    /*@ assert hint_step_value: at_sign(label) ==>
          at_value(coefficient, slope, label, output, AT_BEFORE(weights, t)); */
    /*@ assert hint_near_value: at_sign(label) ==> at_value_near(coefficient,
          at_value_coefficient(label, output, AT_BEFORE(weights, t))); */
    /*@ assert hint_step_score: at_sign(label) ==> at_score(score, coefficient,
          at_value_coefficient(label, output, AT_BEFORE(weights, t)),
          AT_BEFORE(values, t) - output); */
    value_coefficients[t] = coefficient;
    score_coefficients[t] = score;
  }
}
