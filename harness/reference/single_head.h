/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/single_head.h in MPFR at a chosen precision: the reference path.
 *   f(X; v, p) = v' X' S(X p), S the softmax                                  (arXiv 2410.07746)
 * Main result: the same formulas as the kernel, one rounding for each of its operations, sums in
 * natural order.  How far a result can lie from the exact one is bounded by
 * harness/bounds/single_head.h with the format at_format_reference(precision).
 * Assumptions: validated token data (harness/data/token_data.h).
 * Test: tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_SINGLE_HEAD_H
#define AT_HARNESS_REFERENCE_SINGLE_HEAD_H

#include <mpfr.h>
#include <stddef.h>

#include "harness/data/token_data.h"
#include "harness/failure.h"

/* Everything at one iterate (v, p).  Shapes: v, p and the gradients (dim); scores, values, weights
 * and the coefficients (samples, tokens); outputs, losses (samples); loss, the mean, one number.
 * All of one precision. */
struct at_reference_point {
  mpfr_prec_t precision;
  size_t samples, tokens, dim;
  mpfr_ptr v, p, gradient_v, gradient_p;
  mpfr_ptr scores, values, weights;
  mpfr_ptr score_coefficients, value_coefficients;
  mpfr_ptr outputs, losses;
  mpfr_ptr loss;
};

/* A point at v = p = 0.  Errors: a precision outside AT_REFERENCE_MIN_PRECISION ..
 * AT_REFERENCE_MAX_PRECISION (array.h); then there is nothing to clear. */
int at_reference_point_init(struct at_reference_point *point, size_t samples, size_t tokens,
                            size_t dim, mpfr_prec_t precision, struct at_failure *failure);

/* Frees the arrays and zeroes the struct; harmless on a zeroed struct. */
void at_reference_point_clear(struct at_reference_point *point);

/* One sample X of shape (tokens, dim): scores = X p, values = X v, weights = S(scores),
 * output = sum of weights * values. */
void at_reference_single_head_sample(mpfr_ptr output, mpfr_ptr scores, mpfr_ptr values,
                                     mpfr_ptr weights, const double *sample, mpfr_srcptr v,
                                     mpfr_srcptr p, size_t tokens, size_t dim);

/* loss = mean of losses. */
void at_reference_single_head_loss(mpfr_ptr loss, mpfr_srcptr losses, size_t samples);

/* gradient[k] = mean over samples of the sum over tokens of coefficient * token[k], k < dim. */
void at_reference_single_head_gradient(mpfr_ptr gradient, mpfr_srcptr coefficients,
                                       const double *token, size_t samples, size_t tokens,
                                       size_t dim);

/* Fills every field of the point from its v and p. */
void at_reference_point_evaluate(struct at_reference_point *point,
                                 const struct at_token_data *data);

/* next->v, next->p: one step of projected gradient descent from an evaluated point. */
void at_reference_point_step(struct at_reference_point *next,
                             const struct at_reference_point *point, double step);

#endif
