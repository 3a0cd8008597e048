/* SPDX-License-Identifier: Apache-2.0
 *
 * softmax.c: maximum, exponentials of the shifted scores, division by their sum.
 */
#include "double_guard.h"

#include "exp.h"
#include "softmax.h"

/* index of a largest score */
/*@ requires size: 1 <= tokens <= AT_MAX_TOKENS;
  @ requires valid: \valid_read(scores + (0 .. tokens-1));
  @ requires range: AT_ALL_WITHIN(scores, 0, tokens, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures index: 0 <= \result < tokens;
  @ ensures largest: \forall integer k_; 0 <= k_ < tokens ==> scores[k_] <= scores[\result];
  @*/
static size_t largest(const double *scores, size_t tokens)
{
  size_t best = 0;
  /*@ loop invariant index: 1 <= t <= tokens && 0 <= best < t;
    @ loop invariant largest: \forall integer k_; 0 <= k_ < t ==> scores[k_] <= scores[best];
    @ loop assigns t, best;
    @ loop variant tokens - t;
   */
  for (size_t t = 1; t < tokens; t++) {
    //@ assert hint_scores: \is_finite(scores[t]) && \is_finite(scores[best]);
    if (scores[t] > scores[best]) best = t;
  }
  return best;
}

/* minimum and maximum of a number and a limit, both finite */
/*@ requires finite: \is_finite(x) && \is_finite(limit);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures smaller: \is_finite(\result) && \result <= limit;
  @*/
static inline double at_most(double x, double limit)
{
  return x < limit ? x : limit;
}

/*@ requires finite: \is_finite(x) && \is_finite(limit);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures larger: \is_finite(\result) && limit <= \result;
  @ ensures either: \result <= x || \result <= limit;
  @*/
static inline double at_least(double x, double limit)
{
  return x < limit ? limit : x;
}

/*@ requires range: AT_WITHIN(score, 0x1p97) && AT_WITHIN(shift, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 0x1p98);
  @*/
static inline double shifted(double score, double shift)
{
  return score - shift;
}

/* Sums of at most 64 terms in [0, 1] grow by at most 1.001 a term, rounding included. */
/*@ requires range_sum: AT_WITHIN(sum, 100.0) && 0.0 <= sum;
  @ requires range_term: AT_WITHIN(term, 1.0) && 0.0 <= term;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= sum + 1.001;
  @*/
static inline double add_unit(double sum, double term)
{
  return sum + term;
}

/*@ requires range_part: AT_WITHIN(part, 1.0) && 0.0 <= part;
  @ requires range_whole: AT_WITHIN(whole, 100.0) && 1.0 <= whole;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= 1.0;
  @*/
static inline double share(double part, double whole)
{
  return part / whole;
}

/* The differences are never positive and the sum is never below one; at_most and at_least change
 * nothing, and say so in a form that needs no reasoning about the maximum. */
void at_softmax_row(double *restrict weights, const double *restrict scores, size_t tokens)
{
  double exponential[AT_MAX_TOKENS];
  const double shift = scores[largest(scores, tokens)];
  //@ assert hint_shift: AT_WITHIN(shift, 0x1p97);
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done: AT_ALL_UNIT(exponential, 0, t);
    @ loop assigns t, exponential[0 .. AT_MAX_TOKENS-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_score: AT_WITHIN(scores[t], 0x1p97);
    exponential[t] = at_exp(at_most(shifted(scores[t], shift), 0.0));
  }
  double sum = 0.0;
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant sum: \is_finite(sum) && 0.0 <= sum <= 1.001 * t;
    @ loop assigns t, sum;
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_term: \is_finite(exponential[t]) && 0.0 <= exponential[t] <= 1.0;
    //@ assert hint_step: 1.001 * (t + 1) == 1.001 * t + 1.001 && 1.001 * t <= 100.0;
    sum = add_unit(sum, exponential[t]);
  }
  //@ assert hint_sum: 0.0 <= sum <= 100.0;
  const double divisor = at_least(sum, 1.0);
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done: AT_ALL_UNIT(weights, 0, t);
    @ loop assigns t, weights[0 .. tokens-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_part: \is_finite(exponential[t]) && 0.0 <= exponential[t] <= 1.0;
    weights[t] = share(exponential[t], divisor);
  }
}
