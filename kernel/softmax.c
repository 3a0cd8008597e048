/* SPDX-License-Identifier: Apache-2.0
 *
 * softmax.c: maximum, exponentials of the shifted scores, division by their sum.
 */
#include "double_guard.h"

#include "exp.h"
#include "softmax.h"

/* index of a largest score */
static size_t largest(const double *scores, size_t tokens)
{
  size_t best = 0;
  for (size_t t = 1; t < tokens; t++)
    if (scores[t] > scores[best]) best = t;
  return best;
}

void at_softmax_row(double *restrict weights, const double *restrict scores, size_t tokens)
{
  double exponential[AT_MAX_TOKENS];
  const double shift = scores[largest(scores, tokens)];
  for (size_t t = 0; t < tokens; t++) exponential[t] = at_exp(scores[t] - shift);
  double sum = 0.0;
  for (size_t t = 0; t < tokens; t++) sum = sum + exponential[t];
  for (size_t t = 0; t < tokens; t++) weights[t] = exponential[t] / sum;
}
