/* SPDX-License-Identifier: Apache-2.0
 *
 * pooling.c: output, logistic loss and token coefficients of one sample.
 */
#include "double_guard.h"

#include "logistic.h"
#include "pooling.h"

double at_pool_output(const double *weights, const double *values, size_t tokens)
{
  double output = 0.0;
  //@ loop unroll AT_MAX_TOKENS;
  for (size_t t = 0; t < tokens; t++) {
    double term = weights[t] * values[t];
    output = output + term;
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

void at_pool_coefficients(double *score_coefficients, double *value_coefficients,
                          const double *weights, const double *values, double output, double label,
                          size_t tokens)
{
  const double slope = label * at_loss_derivative(label * output);
  for (size_t t = 0; t < tokens; t++) {
    double coefficient = slope * weights[t];
    value_coefficients[t] = coefficient;
    score_coefficients[t] = coefficient * (values[t] - output);
  }
}
