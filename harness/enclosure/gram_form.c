/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see gram_form.h.
 */
#include "harness/enclosure/gram_form.h"

#include <math.h>
#include <string.h>

#include "harness/enclosure/inner_products.h"
#include "kernel/capacity.h"

/* K of so many rows takes 400 MB. */
enum { AT_GRAM_ROWS = 2048 };

/* The bounds of gram_form.h; twice them, for their own rounding. */
static bool at_projection_is_idle(const struct at_token_data *data, double step, size_t steps)
{
  const double moves = (double)steps * step;
  double largest = 0.0;
  for (size_t k = 0; k < data->samples * data->tokens * data->dim; k++)
    largest = fmax(largest, fabs(data->token[k]));
  const double v = moves * largest;
  const double p = moves * moves * 2.0 * (double)data->dim * largest * largest * largest;
  return 2.0 * v <= AT_MAX_WEIGHT && 2.0 * p <= AT_MAX_WEIGHT;
}

bool at_gram_form_pays(const struct at_token_data *data, double step, size_t steps)
{
  const double rows = (double)(data->samples * data->tokens);
  const double dim = (double)data->dim;
  /* K takes rows^2 dim / 2 products. Each of steps + 1 evaluations takes 2 rows^2 instead of
   * 2 rows dim products for scores and values; the gradients cost the same in both forms. */
  const bool saves = rows * dim / 4.0 < ((double)steps + 1.0) * (dim - rows);
  return saves && rows <= AT_GRAM_ROWS && at_projection_is_idle(data, step, steps);
}

void at_gram_form_init(struct at_gram_form *form, const struct at_token_data *data)
{
  form->rows = data->samples * data->tokens;
  form->precision = 0;
  form->exact = false;
  form->product = _arb_vec_init((slong)(form->rows * form->rows));
  form->v = _arb_vec_init((slong)form->rows);
  form->p = _arb_vec_init((slong)form->rows);
}

void at_gram_form_clear(struct at_gram_form *form)
{
  _arb_vec_clear(form->product, (slong)(form->rows * form->rows));
  _arb_vec_clear(form->v, (slong)form->rows);
  _arb_vec_clear(form->p, (slong)form->rows);
  memset(form, 0, sizeof *form);
}

/* The lower triangle at the head of the square becomes the square: from its end, so that nothing is
 * overwritten that is still to be moved. */
static void at_square_fill(arb_ptr product, size_t rows)
{
  for (size_t i = rows; i-- > 0;)
    for (size_t j = i + 1; j-- > 0;)
      arb_swap(product + i * rows + j, product + i * (i + 1) / 2 + j);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = i + 1; j < rows; j++) arb_set(product + i * rows + j, product + j * rows + i);
}

void at_gram_form_start(struct at_gram_form *form, const struct at_token_data *data,
                        slong precision)
{
  const struct at_rows rows = {data->token, form->rows, data->dim, data->dim};
  const size_t entries = form->rows * form->rows;
  if (form->precision < precision && !form->exact) {
    const slong exact_bits = at_inner_product_bits(&rows);
    form->precision = precision > exact_bits ? precision : exact_bits;
    at_inner_products(form->product, &rows, form->precision);
    at_square_fill(form->product, form->rows);
    form->exact = true;
    for (size_t k = 0; k < entries; k++)
      form->exact = form->exact && arb_is_exact(form->product + k);
  }
  _arb_vec_zero(form->v, (slong)form->rows);
  _arb_vec_zero(form->p, (slong)form->rows);
}

void at_gram_form_evaluate(struct at_enclosure_point *point, const struct at_gram_form *form,
                           const double *label, slong precision)
{
  for (size_t r = 0; r < form->rows; r++) {
    arb_srcptr row = form->product + r * form->rows;
    at_balls_dot(point->scores + r, row, form->p, form->rows, precision);
    at_balls_dot(point->values + r, row, form->v, form->rows, precision);
  }
  at_enclosure_point_pool(point, label, precision);
  at_enclosure_point_coefficients(point, label, precision);
}

void at_gram_form_step(struct at_gram_form *form, const struct at_enclosure_point *point,
                       double step, slong precision)
{
  arb_t size;
  arb_init(size);
  arb_set_d(size, -step);
  arb_div_ui(size, size, point->samples, precision);
  for (size_t r = 0; r < form->rows; r++) {
    arb_addmul(form->v + r, size, point->value_coefficients + r, precision);
    arb_addmul(form->p + r, size, point->score_coefficients + r, precision);
  }
  arb_clear(size);
}
