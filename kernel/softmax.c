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
  @ ensures highest: scores[\result] == at_highest(scores, tokens);
  @*/
static size_t largest(const double *scores, size_t tokens)
{
  size_t best = 0;
  /*@ loop invariant index: 1 <= t <= tokens && 0 <= best < t;
    @ loop invariant largest: \forall integer k_; 0 <= k_ < t ==> scores[k_] <= scores[best];
    @ loop invariant highest: scores[best] == at_highest(scores, t);
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
  @ ensures value: x < limit ? \result == x : \result == limit;
  @*/
static inline double at_most(double x, double limit)
{
  return x < limit ? x : limit;
}

/*@ requires finite: \is_finite(x) && \is_finite(limit);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures larger: \is_finite(\result) && limit <= \result;
  @ ensures value: x < limit ? \result == limit : \result == x;
  @*/
static inline double at_least(double x, double limit)
{
  return x < limit ? limit : x;
}

/*@ requires range: AT_WITHIN(score, 0x1p97) && AT_WITHIN(shift, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 0x1p98);
  @ ensures error: at_rounded(\result, score - shift);
  @ ensures low: -708.0 <= score - shift ==> -708.0 <= \result;
  @*/
static inline double shifted(double score, double shift)
{
  double difference = score - shift;
  //@ ghost double lowest = -708.0;
  //@ assert hint_rounded: difference == \round_double(\NearestEven, score - shift);
  //@ assert hint_lowest: \round_double(\NearestEven, lowest) == lowest;
  /*@ assert hint_order: -708.0 <= score - shift ==>
        (real)\round_double(\NearestEven, lowest) <=
        (real)\round_double(\NearestEven, score - shift); */
  return difference;
}

/* Sums of at most 64 terms in [0, 1] grow by at most 1.001 a term, rounding included. */
/*@ requires range_sum: AT_WITHIN(sum, 100.0) && 0.0 <= sum;
  @ requires range_term: AT_WITHIN(term, 1.0) && 0.0 <= term;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= sum + 1.001;
  @ ensures error: at_rounded(\result, sum + term);
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
  @ ensures error: at_rounded(\result, part / whole);
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
  const size_t best = largest(scores, tokens);
  const double shift = scores[best];
  //@ assert hint_shift: AT_WITHIN(shift, 0x1p97);
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done: AT_ALL_UNIT(exponential, 0, t);
    @ loop invariant near: EXPONENTIALS_NEAR(t);
    @ loop assigns t, exponential[0 .. AT_MAX_TOKENS-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_score: AT_WITHIN(scores[t], 0x1p97) && scores[t] <= shift;
    const double difference = at_most(shifted(scores[t], shift), 0.0);
    const double power = at_exp(difference);
    //@ assert hint_error: at_exponential(power, difference, scores[t] - shift);
    //@ assert hint_near: at_exponential_near(power, scores[t] - shift);
    exponential[t] = power;
  }
  double sum = 0.0;
  //@ assert hint_none: SUM_IS(0) && at_divisor_near(0.0, 0.0, 0) && at_shifted(0.0, 0.0, shift);
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant sum: \is_finite(sum) && 0.0 <= sum <= 1.001 * t;
    @ loop invariant near: at_divisor_near(sum, SHIFTED_SUM(t), t);
    @ loop invariant shifted: at_shifted(SHIFTED_SUM(t), PLAIN_SUM(t), shift);
    @ loop invariant one: best < t ==> 1.0 <= SHIFTED_SUM(t);
    @ loop assigns t, sum;
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_term: \is_finite(exponential[t]) && 0.0 <= exponential[t] <= 1.0;
    //@ assert hint_step: 1.001 * (t + 1) == 1.001 * t + 1.001 && 1.001 * t <= 100.0;
    //@ assert hint_before: at_divisor_near(sum, SHIFTED_SUM(t), t);
    //@ assert hint_unfolded: SUM_UNFOLDED(t);
    /*@ assert hint_shift_step: at_shift_step(SHIFTED_SUM(t), PLAIN_SUM(t), shift, scores[t],
          scores[t] - shift); */
    const double more = add_unit(sum, exponential[t]);
    /*@ assert hint_near_step: at_divisor_step(sum, SHIFTED_SUM(t), exponential[t],
          scores[t] - shift, more, t); */
    sum = more;
  }
  //@ assert hint_sum: 0.0 <= sum <= 100.0;
  const double divisor = at_least(sum, 1.0);
  /*@ loop unroll AT_MAX_TOKENS;
    @ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done: AT_ALL_UNIT(weights, 0, t);
    @ loop invariant near: WEIGHTS_NEAR(t);
    @ loop assigns t, weights[0 .. tokens-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_part: \is_finite(exponential[t]) && 0.0 <= exponential[t] <= 1.0;
    const double weight = share(exponential[t], divisor);
    /*@ assert hint_weight: at_weight(weight, exponential[t], SCORE(t) - shift, sum, divisor,
          SHIFTED_SUM(tokens), tokens); */
    /*@ assert hint_near: at_weight_near(weight, \exp(SCORE(t) - shift) / SHIFTED_SUM(tokens),
          SCORE(t) - shift, tokens); */
    /*@ assert hint_quotient: at_shift_quotient(SHIFTED_SUM(tokens), PLAIN_SUM(tokens), shift,
          SCORE(t), SCORE(t) - shift); */
    /*@ assert hint_softmax: \exp(SCORE(t) - shift) / SHIFTED_SUM(tokens) ==
          at_softmax{Pre}(scores, tokens, \at(t, Here)); */
    weights[t] = weight;
  }
}
