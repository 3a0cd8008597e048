/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: gradient descent from v = p = 0 on the single-head model in Gram form: what a step needs
 * of the data is the matrix of the inner products of its tokens.
 * Main result: the same balls as single_head.h in other coordinates.  The iterates stay in the span
 * of the tokens, v = X'c_v and p = X'c_p with one coefficient a token, so
 *   scores = X p = K c_p,   values = X v = K c_v,   K = X X',
 *   c_v -= (step / n) value_coefficients,   c_p -= (step / n) score_coefficients,
 * and no step touches the dimension.
 * Assumptions: the projection of the step onto |entry| <= AT_MAX_WEIGHT never acts, which
 * at_gram_form_pays certifies: with m the largest |entry| of the data, from zero, every step moves
 * an entry of v by at most step m, for weights sum to one and |loss'| < 1, and after k steps values
 * are within d m (k step m) and their excess over the output within twice that, so that a step
 * moves an entry of p by at most 2 d k step^2 m^3.
 * Test: tests/harness/enclosure/test_gram_form.c, against single_head.h.
 */
#ifndef AT_HARNESS_ENCLOSURE_GRAM_FORM_H
#define AT_HARNESS_ENCLOSURE_GRAM_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include <arb.h>

#include "harness/data/token_data.h"
#include "harness/enclosure/single_head.h"

/* rows = samples * tokens. product: (rows, rows), K, computed at `precision` bits; exact: nothing
 * of it was rounded. v, p: (rows), the coefficients c_v and c_p. */
struct at_gram_form {
  size_t rows;
  slong precision;
  bool exact;
  arb_ptr product;
  arb_ptr v;
  arb_ptr p;
};

/* Whether forming K costs less than `steps` steps with it save, and the projection cannot act. */
bool at_gram_form_pays(const struct at_token_data *data, double step, size_t steps);

/* Nothing computed yet. Free with at_gram_form_clear. */
void at_gram_form_init(struct at_gram_form *form, const struct at_token_data *data);
void at_gram_form_clear(struct at_gram_form *form);

/* K for steps at this precision (kept from the last time if it is exact), and v = p = 0. */
void at_gram_form_start(struct at_gram_form *form, const struct at_token_data *data,
                        slong precision);

/* Everything of *point but v, p and the gradients, at the form's coefficients. */
void at_gram_form_evaluate(struct at_enclosure_point *point, const struct at_gram_form *form,
                           const double *label, slong precision);

/* One step of the coefficients from the point evaluated at them. */
void at_gram_form_step(struct at_gram_form *form, const struct at_enclosure_point *point,
                       double step, slong precision);

#endif
