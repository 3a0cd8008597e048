/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bound of the softmax (derivation in softmax.h; step numbers refer to it).
 * Main result: the bound of the header, rounded up.
 * Assumptions: at most AT_MAX_TOKENS tokens.
 * Test: tests/kernel/test_softmax.c, tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/softmax.h"

#include "harness/bounds/computed.h"
#include "kernel/capacity.h"

/* index of a largest score */
static size_t largest(arf_srcptr scores, size_t tokens)
{
  size_t best = 0;
  for (size_t t = 1; t < tokens; t++)
    if (arf_cmp(scores + t, scores + best) > 0) best = t;
  return best;
}

/* step 1: distance = l_t */
static void log_distance(mag_t distance, const arf_struct *score, const arf_struct *shift,
                         const mag_struct *score_error, const struct at_format *format)
{
  mag_t part, relative;
  mag_init(part);
  mag_init(relative);
  mag_zero(distance);
  if (score_error != NULL) mag_set(distance, score_error);
  if (!arf_equal(score, shift)) {
    at_computed_distance(part, score, shift);
    mag_mul_2exp_si(part, part, -format->precision);
    mag_add(distance, distance, part);
    at_format_underflow(part, format, 1);
    mag_add(distance, distance, part);
    at_format_relative(relative, format, format->exp_units);
    mag_add(distance, distance, relative);
    mag_addmul(distance, relative, relative);
  }
  mag_clear(part);
  mag_clear(relative);
}

/* steps 3 and 4: quotient = Q_t = (w^_t + eta) (1 + lambda_1) + (4 T + 1) phi */
static void quotient_bound(mag_t quotient, const arf_struct *weight, const mag_struct *lambda1,
                           const mag_struct *floors, const struct at_format *format)
{
  mag_t part;
  mag_init(part);
  arf_get_mag(quotient, weight);
  at_format_underflow(part, format, 1);
  mag_add(quotient, quotient, part);
  mag_set(part, quotient);
  mag_addmul(quotient, part, lambda1);
  mag_add(quotient, quotient, floors);
  mag_clear(part);
}

/* step 2: relative = B_t */
static void relative_bound(mag_t relative, size_t t, mag_srcptr quotient, mag_srcptr distance,
                           size_t tokens, const struct at_format *format)
{
  mag_t summation, part;
  mag_init(summation);
  mag_init(part);
  at_format_lambda(summation, format, tokens - 1); /* >= (T - 1) U */
  mag_mul(relative, quotient + t, summation);
  for (size_t s = 0; s < tokens; s++) {
    if (s == t) continue;
    mag_add(part, distance + t, distance + s);
    mag_add(part, part, summation);
    mag_expm1(part, part);
    mag_addmul(relative, part, quotient + s);
  }
  mag_clear(summation);
  mag_clear(part);
}

/* error = min(1, lambda_1 Q + eta + (4 T + 1) phi + Q B / (1 - B)) */
static void weight_bound(mag_t error, const mag_struct *quotient, const mag_struct *relative,
                         const mag_struct *lambda1, const mag_struct *floors,
                         const struct at_format *format)
{
  mag_t part, one;
  mag_init(part);
  mag_init(one);
  mag_one(one);
  if (mag_cmp(relative, one) >= 0) {
    mag_one(error);
  } else {
    mag_sub_lower(part, one, relative);
    mag_mul(error, quotient, relative);
    mag_div(error, error, part);
    mag_addmul(error, quotient, lambda1);
    at_format_underflow(part, format, 1);
    mag_add(error, error, part);
    mag_add(error, error, floors);
    mag_min(error, error, one);
  }
  mag_clear(part);
  mag_clear(one);
}

void at_bound_softmax_row(mag_ptr error, arf_srcptr weights, arf_srcptr scores,
                          mag_srcptr score_error, size_t tokens, const struct at_format *format)
{
  mag_struct distance[AT_MAX_TOKENS], quotient[AT_MAX_TOKENS];
  mag_t lambda1, floors, relative;
  const arf_struct *shift = scores + largest(scores, tokens);
  mag_init(lambda1);
  mag_init(floors);
  mag_init(relative);
  at_format_lambda(lambda1, format, 1);
  at_format_floor(floors, format);
  mag_mul_ui(floors, floors, 4 * tokens + 1);
  for (size_t t = 0; t < tokens; t++) {
    mag_init(distance + t);
    mag_init(quotient + t);
    log_distance(distance + t, scores + t, shift, score_error == NULL ? NULL : score_error + t,
                 format);
    quotient_bound(quotient + t, weights + t, lambda1, floors, format);
  }
  for (size_t t = 0; t < tokens; t++) {
    relative_bound(relative, t, quotient, distance, tokens, format);
    weight_bound(error + t, quotient + t, relative, lambda1, floors, format);
  }
  for (size_t t = 0; t < tokens; t++) {
    mag_clear(distance + t);
    mag_clear(quotient + t);
  }
  mag_clear(lambda1);
  mag_clear(floors);
  mag_clear(relative);
}
