/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: rigorous bounds of |computed - exact| for every number of a run of gradient descent on
 * the single-head model, on the actual data.  "Exact" is the real-number result from the same
 * binary64 token data, labels and step size, through the whole run.
 *
 * Main result.  From the computed point and the errors of its v and p (zero at the start):
 *   scores, values   vector.h, at_bound_dot: rounding, and sum |X_k| e_k of the weight errors;
 *   weights          softmax.h;
 *   outputs, losses, coefficients   pooling.h;
 *   loss = (sum of losses) / n, natural order: n - 1 additions that round and one division, so
 *          lambda_n sum losses^ / n + eta + mean of the loss errors;
 *   gradients        G = S / n with S a sum of scaled rows: with E the bound of vector.h for S,
 *          |G^ - G| <= E / n + lambda_1 |G^| + eta, and 0 where E = 0 (then every term is 0).
 * A step: vector.h, at_bound_descend; the exact run projects too.  Repeating this bounds the run.
 * The bound is one-sided in its logic: it uses only computed numbers, never the exact ones.
 * It grows as sensitivities multiply, as any bound must that drops the signs of errors.
 *
 * Assumptions: validated token data; an evaluated point of a path that `format` describes.
 * Test: tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_SINGLE_HEAD_H
#define AT_HARNESS_BOUNDS_SINGLE_HEAD_H

#include <mag.h>
#include <stddef.h>

#include "harness/bounds/computed.h"
#include "harness/bounds/format.h"
#include "harness/data/token_data.h"
#include "harness/failure.h"

/* Upper bounds, shapes as in struct at_fast_point. */
struct at_bound_point {
  size_t samples, tokens, dim;
  mag_ptr v, p, gradient_v, gradient_p;
  mag_ptr scores, values, weights;
  mag_ptr score_coefficients, value_coefficients;
  mag_ptr outputs, losses;
  mag_ptr loss;
};

/* All errors zero: v and p are exact.  Errors: out of memory; then there is nothing to clear. */
int at_bound_point_init(struct at_bound_point *point, size_t samples, size_t tokens, size_t dim,
                        struct at_failure *failure);
void at_bound_point_clear(struct at_bound_point *point);

/* Fills every field from the errors of v and p (fields of the point) and the computed point. */
void at_bound_point_evaluate(struct at_bound_point *point, const struct at_computed_point *computed,
                             const struct at_token_data *data, const struct at_format *format);

/* next->v, next->p: errors after a step from the point that was evaluated. */
void at_bound_point_step(struct at_bound_point *next, const struct at_bound_point *point,
                         const struct at_computed_point *computed, double step,
                         const struct at_format *format);

#endif
