/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of output, loss and coefficients of one sample.
 *
 * Main result.  Computed from weights w^_t, values x^_t (errors W_t, X_t), hats for what was
 * computed, label y = +-1 (multiplying by it is exact).
 *
 * Output f = sum w_t x_t, natural order.  By vector.h, and by
 *   sum (w^ x^ - w x) = sum w^ (x^ - x) + (w^ - w) x:
 *   |f^ - f| <= F := lambda_m sum w^_t |x^_t| + 4 m eta
 *                    + sum (w^_t X_t + W_t (|x^_t| + X_t)),   m the number of non-zero products.
 * Loss of the margin y f: softplus(-y f^) with argument error F (elementary.h).
 * Slope g = sigmoid(-y f): computed as g^ with error G by elementary.h, argument error F.  The
 *   computed slope is read off the value coefficients, c^_t = fl(y g^ w^_t), at the largest weight:
 *   g^ <= (|c^_t| (1 + lambda_1) + eta) / w^_t.
 * Value coefficient c_t = y g w_t:
 *   |c^_t - c_t| <= C_t := g^ W_t + G (w^_t + W_t) + lambda_1 g^ w^_t + eta.
 * Deviation D_t = x_t - f, computed as fl(x^_t - f^):
 *   |D^_t - D_t| <= P_t := lambda_1 |x^_t - f^| + eta + V_t, where V_t bounds the error of
 *   x^_t - f^ itself.  Two bounds of V_t, of which the smaller is taken: X_t + F, and, since
 *   D_t = sum_s w_s (x_t - x_s) and f^ = sum w^_s x^_s + (rounding R <= the first two terms of F),
 *     V_t <= R + |1 - sum w^_s| |x^_t| + sum_{s /= t} (w^_s (X_t + X_s)
 *                                                      + W_s (|x^_t - x^_s| + X_t + X_s)),
 *   which is small when token t takes nearly all attention.  Because sum w_s = 1,
 *   |1 - sum w^_s| <= sum W_s.
 * Score coefficient b_t = c_t D_t:
 *   |b^_t - b_t| <= |c^_t| P_t + C_t (|D^_t| + P_t) + lambda_1 |c^_t| |D^_t| + eta.
 * A result that is exactly zero (x^_t = f^, or a zero factor) has no rounding error, so that a
 * quantity that is zero along the whole run, like p after the first step, has the bound zero.
 *
 * Assumptions: computed weights lie in [0, 1] and the largest is positive; 1 <= T <= AT_MAX_TOKENS.
 * Test: tests/kernel/test_pooling.c, tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_POOLING_H
#define AT_HARNESS_BOUNDS_POOLING_H

#include <arf.h>
#include <mag.h>
#include <stddef.h>

#include "harness/bounds/format.h"

/* One sample as it was computed, and the errors of its parts (none may be NULL). */
struct at_bound_sample {
  size_t tokens;
  arf_srcptr weights, values, score_coefficients, value_coefficients;
  const arf_struct *output;
  mag_srcptr weight_error, value_error;
};

/* error >= |f^ - f|. */
void at_bound_pool_output(mag_t error, const struct at_bound_sample *sample,
                          const struct at_format *format);

/* error >= |loss^ - loss|; loss: as computed; margin_error: error of the margin. */
void at_bound_loss(mag_t error, const arf_struct *loss, const mag_struct *margin_error,
                   const struct at_format *format);

/* score_error[t] >= |b^_t - b_t|, value_error[t] >= |c^_t - c_t|; output_error: F. */
void at_bound_pool_coefficients(mag_ptr score_error, mag_ptr value_error,
                                const struct at_bound_sample *sample,
                                const mag_struct *output_error, const struct at_format *format);

#endif
