/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the enclosure twin of kernel/single_head.h: the same formulas in Arb balls,
 *   f(X; v, p) = v' X' S(X p), mean logistic loss, projected gradient descent on v and p.
 *                                                                          (arXiv 2410.07746)
 * Main result: every ball contains the exact real value of its quantity for the given binary64
 * data, step size and starting point, whatever the precision; precision only makes balls smaller.
 * Assumptions: finite data, labels +1 or -1 (at_token_data_validate). FLINT aborts when memory is
 * exhausted.
 * Test: tests/harness/enclosure/test_single_head.c.
 *
 * Cost: a step reads the data twice and does 4 * samples * tokens * dim products; 200 samples of 2
 * tokens in 40000 dimensions take about a second at 128 bits and two at 256.
 */
#ifndef AT_HARNESS_ENCLOSURE_SINGLE_HEAD_H
#define AT_HARNESS_ENCLOSURE_SINGLE_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include <arb.h>

#include "harness/data/token_data.h"
#include "harness/enclosure/ball.h"

/* Everything at one iterate (v, p).
 * v, p, gradient_v, gradient_p: dim. scores, values, weights, and the score and value coefficients
 * of pooling.h: (samples, tokens). outputs, losses: samples. loss: their mean.
 * projected: false certifies that no step that led here left the box |entry| <= AT_MAX_WEIGHT, so
 * that the projection of the kernel's step was the identity. */
struct at_enclosure_point {
  size_t samples;
  size_t tokens;
  size_t dim;
  arb_ptr v;
  arb_ptr p;
  arb_ptr gradient_v;
  arb_ptr gradient_p;
  arb_ptr scores;
  arb_ptr values;
  arb_ptr weights;
  arb_ptr score_coefficients;
  arb_ptr value_coefficients;
  arb_ptr outputs;
  arb_ptr losses;
  arb_t loss;
  bool projected;
};

/* v = p = 0 exactly, everything else zero. Free with at_enclosure_point_clear. */
void at_enclosure_point_init(struct at_enclosure_point *point, size_t samples, size_t tokens,
                             size_t dim);

void at_enclosure_point_clear(struct at_enclosure_point *point);

/* (v, p) = the given doubles (dim each), as exact points; clears `projected`. */
void at_enclosure_point_set(struct at_enclosure_point *point, const double *v, const double *p);

/* Fills scores, values, weights, outputs, losses and loss from v, p and the data, whose shape must
 * be the point's. */
void at_enclosure_point_forward(struct at_enclosure_point *point, const struct at_token_data *data,
                                slong precision);

/* Its parts, for who has the scores and values from elsewhere (gram_form.h): from scores, values
 * and labels weights, outputs, losses and loss; from these the coefficients; from the coefficients
 * and the data the gradients of the mean loss. */
void at_enclosure_point_pool(struct at_enclosure_point *point, const double *label,
                             slong precision);
void at_enclosure_point_coefficients(struct at_enclosure_point *point, const double *label,
                                     slong precision);
void at_enclosure_point_gradients(struct at_enclosure_point *point,
                                  const struct at_token_data *data, slong precision);

/* at_enclosure_point_forward, then the coefficients and the gradients of the mean loss. */
void at_enclosure_point_evaluate(struct at_enclosure_point *point, const struct at_token_data *data,
                                 slong precision);

/* next->v = v - step * gradient_v projected onto [-AT_MAX_WEIGHT, AT_MAX_WEIGHT], same for p, from
 * an evaluated point; only v, p and `projected` of *next change. *next may be *point. */
void at_enclosure_point_step(struct at_enclosure_point *next,
                             const struct at_enclosure_point *point, double step, slong precision);

/* The sign of y_i f(X_i; v, p), the margin of sample i of an evaluated point with label y_i. */
enum at_ball_sign at_enclosure_margin_sign(const struct at_enclosure_point *point,
                                           const struct at_token_data *data, size_t sample);

/* Whether every margin has a decided sign and outputs, weights, losses and loss are tight. */
bool at_enclosure_point_is_decided(const struct at_enclosure_point *point);

#endif
