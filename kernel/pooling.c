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
  @*/
static inline double add_weighted(double sum, double weight, double value)
{
  double term = weight * value;
  //@ assert hint_term: AT_WITHIN(term, 0x1p97);
  return sum + term;
}

double at_pool_output(const double *weights, const double *values, size_t tokens)
{
  double output = 0.0;
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant sum: AT_WITHIN(output, 0x1.01p97 * t);
    @ loop assigns t, output;
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_weight: AT_WITHIN(weights[t], 1.0);
    //@ assert hint_value: AT_WITHIN(values[t], 0x1p97);
    //@ assert hint_range: 0.0 <= 0x1.01p97 * t <= 0x1p104;
    //@ assert hint_step: 0x1.01p97 * (t + 1) == 0x1.01p97 * t + 0x1.01p97;
    output = add_weighted(output, weights[t], values[t]);
  }
  return output;
}

double at_loss(double margin)
{
  return at_softplus(-margin);
}

double at_loss_derivative(double margin)
{
  return -at_sigmoid(-margin);
}

/* y loss'(y f) */
/*@ requires range_output: AT_WITHIN(output, 0x1p104);
  @ requires range_label: AT_WITHIN(label, 1.0);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 1.0);
  @*/
static inline double loss_slope(double output, double label)
{
  double margin = label * output;
  //@ assert hint_margin: AT_WITHIN(margin, 0x1p105);
  double derivative = at_loss_derivative(margin);
  return label * derivative;
}

/*@ requires range_slope: AT_WITHIN(slope, 1.0);
  @ requires range_weight: AT_WITHIN(weight, 1.0);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 1.0);
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
  @*/
static inline double score_coefficient(double coefficient, double value, double output)
{
  double difference = value - output;
  //@ assert hint_difference: AT_WITHIN(difference, 0x1p105);
  return coefficient * difference;
}

void at_pool_coefficients(double *score_coefficients, double *value_coefficients,
                          const double *weights, const double *values, double output, double label,
                          size_t tokens)
{
  const double slope = loss_slope(output, label);
  /*@ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done_value: AT_ALL_WITHIN(value_coefficients, 0, t, 1.0);
    @ loop invariant done_score: AT_ALL_WITHIN(score_coefficients, 0, t, 0x1p106);
    @ loop assigns t, score_coefficients[0 .. tokens-1], value_coefficients[0 .. tokens-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_weight: \is_finite(weights[t]) && 0.0 <= weights[t] <= 1.0;
    //@ assert hint_value: AT_WITHIN(values[t], 0x1p97);
    double coefficient = value_coefficient(slope, weights[t]);
    double score = score_coefficient(coefficient, values[t], output);
    value_coefficients[t] = coefficient;
    score_coefficients[t] = score;
  }
}
