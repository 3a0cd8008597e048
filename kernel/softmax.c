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

/* minimum and maximum with a constant, both finite */
static inline double at_most(double x, double limit)
{
  return x < limit ? x : limit;
}

static inline double at_least(double x, double limit)
{
  return x < limit ? limit : x;
}

/* The differences are never positive and the sum is never below one; at_most and at_least change
 * nothing, and say so in a form that needs no reasoning about the maximum. */
void at_softmax_row(double *restrict weights, const double *restrict scores, size_t tokens)
{
  double exponential[AT_MAX_TOKENS];
  const double shift = scores[largest(scores, tokens)];
  //@ loop unroll AT_MAX_TOKENS;
  for (size_t t = 0; t < tokens; t++) exponential[t] = at_exp(at_most(scores[t] - shift, 0.0));
  double sum = 0.0;
  //@ loop unroll AT_MAX_TOKENS;
  for (size_t t = 0; t < tokens; t++) sum = sum + exponential[t];
  const double divisor = at_least(sum, 1.0);
  //@ loop unroll AT_MAX_TOKENS;
  for (size_t t = 0; t < tokens; t++) weights[t] = exponential[t] / divisor;
}
