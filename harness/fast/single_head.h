/* SPDX-License-Identifier: Apache-2.0
 *
 * single_head.h (fast): the kernel, run on token data and kept for inspection.
 *
 * A point holds everything the kernel computes at one iterate (v, p).  The reference, the enclosure
 * and the bounds have a point each with the same field names; harness/audit/agreement.c compares
 * them field by field.
 */
#ifndef AT_FAST_SINGLE_HEAD_H
#define AT_FAST_SINGLE_HEAD_H

#include <stddef.h>

#include "harness/data/token_data.h"
#include "harness/failure.h"

/* Shapes: v, p and the gradients (dim); scores, values, weights and the coefficients (samples,
 * tokens); outputs, losses (samples); loss is the mean. */
struct at_fast_point {
  size_t samples, tokens, dim;
  double *v, *p, *gradient_v, *gradient_p;
  double *scores, *values, *weights;
  double *score_coefficients, *value_coefficients;
  double *outputs, *losses;
  double loss;
};

/* Allocates a point at v = p = 0; fails when memory runs out. */
int at_fast_point_init(struct at_fast_point *point, size_t samples, size_t tokens, size_t dim,
                       struct at_failure *failure);
void at_fast_point_clear(struct at_fast_point *point);

/* Fills every field of the point from its v and p.  The data are validated token data. */
void at_fast_point_evaluate(struct at_fast_point *point, const struct at_token_data *data);

/* next->v, next->p: one step of gradient descent of size `step` from an evaluated point. */
void at_fast_point_step(struct at_fast_point *next, struct at_fast_point *point,
                        const struct at_token_data *data, double step);

#endif
