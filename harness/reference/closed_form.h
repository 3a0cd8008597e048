/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the first two iterates of gradient descent from v = p = 0 in closed form, a second
 * route to what two steps of the reference path compute.
 *
 * Main result.  With f_i(v, p) = v' X_i' S(X_i p), L the mean of log(1 + exp(-y_i f_i)), step size
 * b, T tokens x_it per sample and g_i = 1 / (1 + exp(y_i f_i)) at (v_1, p_1):
 *   At v = p = 0 the weights are 1/T and g = 1/2, and the gradient in p vanishes with v, so
 *     v_1 = (b / 2nT) sum_i y_i sum_t x_it,                                               p_1 = 0.
 *   There the weights are 1/T again, f_i = v_1' xm_i with xm_i = (1/T) sum_t x_it, and the softmax
 *   Jacobian is (1/T) (identity - 1 1'/T), so
 *     v_2 = v_1 + (b / nT) sum_i g_i y_i sum_t x_it,
 *     p_2 = (b / nT) sum_i g_i y_i sum_t (x_it - xm_i) (x_it' v_1).
 *   For T = 2, with s_i and d_i the sum and the difference of the two tokens and c = b / 4n,
 *     v_1 = c sum_i y_i s_i,   f_i = v_1' s_i / 2,   v_2 = c sum_i (1 + 2 g_i) y_i s_i,
 *     p_2 = c sum_i g_i y_i (v_1' d_i) d_i.
 * The model and the descent are those of arXiv 2410.07746, section on gradient descent.
 *
 * Assumptions: validated token data; the projection onto |entries| <= AT_MAX_WEIGHT does not act.
 * Test: tests/harness/reference/test_closed_form.c.
 */
#ifndef AT_HARNESS_REFERENCE_CLOSED_FORM_H
#define AT_HARNESS_REFERENCE_CLOSED_FORM_H

#include <mpfr.h>

#include "harness/data/token_data.h"

/* v1, v2, p2 (dim each) for any number of tokens, at the precision of v1. */
void at_reference_closed_form(mpfr_ptr v1, mpfr_ptr v2, mpfr_ptr p2,
                              const struct at_token_data *data, double step);

/* The same for exactly two tokens, by the formula for T = 2. */
void at_reference_closed_form_two(mpfr_ptr v1, mpfr_ptr v2, mpfr_ptr p2,
                                  const struct at_token_data *data, double step);

#endif
