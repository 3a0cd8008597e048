/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of one sample's pooling (derivation and letters in pooling.h).
 * Main result: the bounds of the header, rounded up.
 * Assumptions: none.  Test: tests/kernel/test_pooling.c, tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/pooling.h"

#include "harness/bounds/computed.h"
#include "harness/bounds/elementary.h"

/* R = lambda_m sum w^_t |x^_t| + 4 m eta, m the number of products that are not zero */
static void output_rounding(mag_t rounding, const struct at_bound_sample *sample,
                            const struct at_format *format)
{
  mag_t weight, value;
  mag_init(weight);
  mag_init(value);
  size_t products = 0;
  mag_zero(rounding);
  for (size_t t = 0; t < sample->tokens; t++) {
    if (arf_is_zero(sample->weights + t) || arf_is_zero(sample->values + t)) continue;
    arf_get_mag(weight, sample->weights + t);
    arf_get_mag(value, sample->values + t);
    mag_addmul(rounding, weight, value);
    products++;
  }
  at_format_lambda(weight, format, products);
  mag_mul(rounding, rounding, weight);
  at_format_underflow(weight, format, 4 * products);
  mag_add(rounding, rounding, weight);
  mag_clear(weight);
  mag_clear(value);
}

void at_bound_pool_output(mag_t error, const struct at_bound_sample *sample,
                          const struct at_format *format)
{
  mag_t part;
  mag_init(part);
  output_rounding(error, sample, format);
  for (size_t t = 0; t < sample->tokens; t++) {
    arf_get_mag(part, sample->weights + t);
    mag_addmul(error, part, sample->value_error + t);
    arf_get_mag(part, sample->values + t);
    mag_add(part, part, sample->value_error + t);
    mag_addmul(error, part, sample->weight_error + t);
  }
  mag_clear(part);
}

void at_bound_loss(mag_t error, const arf_struct *loss, const mag_struct *margin_error,
                   const struct at_format *format)
{
  mag_t size;
  mag_init(size);
  arf_get_mag(size, loss);
  at_bound_softplus(error, size, margin_error, format);
  mag_clear(size);
}

/* g^, from the value coefficient of the largest weight */
static void slope_size(mag_t slope, const struct at_bound_sample *sample, const mag_struct *lambda1,
                       const struct at_format *format)
{
  size_t best = 0;
  for (size_t t = 1; t < sample->tokens; t++)
    if (arf_cmp(sample->weights + t, sample->weights + best) > 0) best = t;
  mag_t part;
  mag_init(part);
  arf_get_mag(slope, sample->value_coefficients + best);
  mag_set(part, slope);
  mag_addmul(slope, part, lambda1);
  at_format_underflow(part, format, 1);
  mag_add(slope, slope, part);
  arf_get_mag_lower(part, sample->weights + best);
  mag_div(slope, slope, part);
  mag_clear(part);
}

/* C_t; slope = g^, slope_error = G */
static void value_coefficient_bound(mag_t error, const struct at_bound_sample *sample, size_t t,
                                    const mag_struct *slope, const mag_struct *slope_error,
                                    const mag_struct *lambda1, const struct at_format *format)
{
  mag_t weight, part;
  mag_init(weight);
  mag_init(part);
  arf_get_mag(weight, sample->weights + t);
  mag_mul(error, slope, sample->weight_error + t);
  mag_add(part, weight, sample->weight_error + t);
  mag_addmul(error, part, slope_error);
  mag_mul(part, slope, weight);
  mag_addmul(error, part, lambda1);
  at_format_underflow(part, format, 1);
  mag_add(error, error, part);
  mag_clear(weight);
  mag_clear(part);
}

/* sum_{s /= t} (w^_s (X_t + X_s) + W_s (|x^_t - x^_s| + X_t + X_s)), the second part of V_t */
static void pairwise_bound(mag_t error, const struct at_bound_sample *sample, size_t t)
{
  mag_t both, part;
  mag_init(both);
  mag_init(part);
  mag_zero(error);
  for (size_t s = 0; s < sample->tokens; s++) {
    if (s == t) continue;
    mag_add(both, sample->value_error + t, sample->value_error + s);
    arf_get_mag(part, sample->weights + s);
    mag_addmul(error, part, both);
    at_computed_distance(part, sample->values + t, sample->values + s);
    mag_add(part, part, both);
    mag_addmul(error, part, sample->weight_error + s);
  }
  mag_clear(both);
  mag_clear(part);
}

/* V_t; rounding = R */
static void deviation_bound(mag_t error, const struct at_bound_sample *sample, size_t t,
                            const mag_struct *output_error, const mag_struct *rounding)
{
  mag_t sum_error, part;
  mag_init(sum_error);
  mag_init(part);
  for (size_t s = 0; s < sample->tokens; s++)
    mag_add(sum_error, sum_error, sample->weight_error + s);
  pairwise_bound(error, sample, t);
  mag_add(error, error, rounding);
  arf_get_mag(part, sample->values + t);
  mag_addmul(error, part, sum_error);
  mag_add(part, sample->value_error + t, output_error);
  mag_min(error, error, part);
  mag_clear(sum_error);
  mag_clear(part);
}

/* rounding = lambda_1 size + eta, and 0 for size = 0: error of rounding a result of that size */
static void rounding_error(mag_t rounding, const mag_struct *size, const mag_struct *lambda1,
                           const struct at_format *format)
{
  mag_zero(rounding);
  if (mag_is_zero(size)) return;
  at_format_underflow(rounding, format, 1);
  mag_addmul(rounding, size, lambda1);
}

/* error of b_t; value_error = C_t, moved = V_t */
static void score_coefficient_bound(mag_t error, const struct at_bound_sample *sample, size_t t,
                                    const mag_struct *value_error, const mag_struct *moved,
                                    const mag_struct *lambda1, const struct at_format *format)
{
  mag_t deviation, deviation_error, coefficient, part;
  mag_init(deviation);
  mag_init(deviation_error);
  mag_init(coefficient);
  mag_init(part);
  at_computed_distance(deviation, sample->values + t, sample->output);
  rounding_error(part, deviation, lambda1, format);
  mag_add(deviation, deviation, part);   /* >= |D^_t| */
  mag_add(deviation_error, moved, part); /* P_t */
  arf_get_mag(coefficient, sample->value_coefficients + t);
  mag_mul(part, coefficient, deviation);
  rounding_error(error, part, lambda1, format);
  mag_addmul(error, coefficient, deviation_error);
  mag_add(part, deviation, deviation_error);
  mag_addmul(error, part, value_error);
  mag_clear(deviation);
  mag_clear(deviation_error);
  mag_clear(coefficient);
  mag_clear(part);
}

void at_bound_pool_coefficients(mag_ptr score_error, mag_ptr value_error,
                                const struct at_bound_sample *sample,
                                const mag_struct *output_error, const struct at_format *format)
{
  mag_t slope, slope_error, lambda1, rounding, moved;
  mag_init(slope);
  mag_init(slope_error);
  mag_init(lambda1);
  mag_init(rounding);
  mag_init(moved);
  at_format_lambda(lambda1, format, 1);
  slope_size(slope, sample, lambda1, format);
  at_bound_sigmoid(slope_error, slope, output_error, format);
  output_rounding(rounding, sample, format);
  for (size_t t = 0; t < sample->tokens; t++) {
    value_coefficient_bound(value_error + t, sample, t, slope, slope_error, lambda1, format);
    deviation_bound(moved, sample, t, output_error, rounding);
    score_coefficient_bound(score_error + t, sample, t, value_error + t, moved, lambda1, format);
  }
  mag_clear(slope);
  mag_clear(slope_error);
  mag_clear(lambda1);
  mag_clear(rounding);
  mag_clear(moved);
}
