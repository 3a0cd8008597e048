/* SPDX-License-Identifier: Apache-2.0
 *
 * pooling.h: one sample after its scores and values are known; shared by every model.
 *
 * output f = sum of weights * values; logistic loss of the margin y f; and the coefficients with
 * which each token enters the two gradients.  Main results: all finite; the loss derivative lies in
 * [-1, 0]; each is within the bound of its clause `error` (specs/logistic.h) of the real formula,
 * coefficients for labels +1 and -1.
 * Proof: targets pooling and pooling_leaves, lemmas in proofs/composition.
 * Test: tests/kernel/test_pooling.c.
 */
#ifndef AT_POOLING_H
#define AT_POOLING_H

#include <stddef.h>

#include "capacity.h"
#ifdef __FRAMAC__
#include "../specs/bounded.h"
#include "../specs/logistic.h"
#endif

/* Output: sum over t of weights[t] * values[t], t increasing, from zero. */
/*@ requires size: 1 <= tokens <= AT_MAX_TOKENS;
  @ requires valid: \valid_read(weights + (0 .. tokens-1)) && \valid_read(values + (0 .. tokens-1));
  @ requires range_weights: AT_ALL_UNIT(weights, 0, tokens);
  @ requires range_values: AT_ALL_WITHIN(values, 0, tokens, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 0x1p104);
  @ ensures error: \abs(\result - at_sum_products(weights, values, tokens)) <=
  @   (tokens + 1) * 0x1.000001p-53 * at_sum_magnitudes(weights, values, tokens) +
  @   tokens * 0x4p-1074;
  @*/
double at_pool_output(const double *weights, const double *values, size_t tokens);

/* Logistic loss of one margin z = y f: log(1 + exp(-z)). */
/*@ requires range: AT_WITHIN(margin, 0x1p105);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= 0x1p106;
  @ ensures error: at_loss_near(\result, margin);
  @*/
double at_loss(double margin);

/* Derivative of the logistic loss: -1 / (1 + exp(z)), in [-1, 0]. */
/*@ requires range: AT_WITHIN(margin, 0x1p105);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && -1.0 <= \result <= 0.0;
  @ ensures error: at_slope_near(\result, margin);
  @*/
double at_loss_derivative(double margin);

/* Derivatives of the sample's loss with respect to its values and its scores:
 *   value_coefficients[t] = y loss'(y f) weights[t]
 *   score_coefficients[t] = y loss'(y f) weights[t] (values[t] - f)
 * where f is the output and y the label, +1 or -1. */
/*@ requires size: 1 <= tokens <= AT_MAX_TOKENS;
  @ requires valid: \valid(score_coefficients + (0 .. tokens-1)) &&
  @   \valid(value_coefficients + (0 .. tokens-1)) &&
  @   \valid_read(weights + (0 .. tokens-1)) && \valid_read(values + (0 .. tokens-1));
  @ requires sep: \separated(score_coefficients + (0 .. tokens-1),
  @   value_coefficients + (0 .. tokens-1), weights + (0 .. tokens-1), values + (0 .. tokens-1));
  @ requires range_weights: AT_ALL_UNIT(weights, 0, tokens);
  @ requires range_values: AT_ALL_WITHIN(values, 0, tokens, 0x1p97);
  @ requires range_output: AT_WITHIN(output, 0x1p104);
  @ requires range_label: AT_WITHIN(label, 1.0);
  @ terminates \true;
  @ assigns score_coefficients[0 .. tokens-1], value_coefficients[0 .. tokens-1];
  @ ensures range_value: AT_ALL_WITHIN(value_coefficients, 0, tokens, 1.0);
  @ ensures range_score: AT_ALL_WITHIN(score_coefficients, 0, tokens, 0x1p106);
  @ ensures error_value: at_sign(label) ==> \forall integer t; 0 <= t < tokens ==>
  @   at_value_near(value_coefficients[t],
  @                 at_value_coefficient(label, output, \at(weights[t], Pre)));
  @ ensures error_score: at_sign(label) ==> \forall integer t; 0 <= t < tokens ==>
  @   at_score_near(score_coefficients[t],
  @                 at_value_coefficient(label, output, \at(weights[t], Pre)),
  @                 \at(values[t], Pre) - output);
  @*/
void at_pool_coefficients(double *score_coefficients, double *value_coefficients,
                          const double *weights, const double *values, double output, double label,
                          size_t tokens);

#endif
