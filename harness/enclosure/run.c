/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see run.h.
 */
#include "harness/enclosure/run.h"

#include <string.h>

void at_enclosure_run_init(struct at_enclosure_run *run, const struct at_token_data *data,
                           double step, size_t steps)
{
  run->data = data;
  run->step = step;
  run->steps = steps;
  run->point = flint_malloc((steps + 1) * sizeof *run->point);
  run->precision = 0;
  run->decided = false;
  run->projected = false;
  run->by_gram = at_gram_form_pays(data, step, steps);
  if (run->by_gram) at_gram_form_init(&run->form, data);
  for (size_t k = 0; k <= steps; k++)
    at_enclosure_point_init(&run->point[k], data->samples, data->tokens, data->dim);
}

void at_enclosure_run_clear(struct at_enclosure_run *run)
{
  for (size_t k = 0; k <= run->steps; k++) at_enclosure_point_clear(&run->point[k]);
  flint_free(run->point);
  if (run->by_gram) at_gram_form_clear(&run->form);
  memset(run, 0, sizeof *run);
}

/* The points one after another, each from the last, while they are decided or, `to_the_end`, all.
 * In Gram form v, p and the gradients stay as they are. */
static void descend(struct at_enclosure_run *run, slong precision, bool to_the_end)
{
  run->precision = precision;
  run->decided = true;
  if (run->by_gram) at_gram_form_start(&run->form, run->data, precision);
  for (size_t k = 0; k <= run->steps && (run->decided || to_the_end); k++) {
    struct at_enclosure_point *point = &run->point[k];
    if (run->by_gram) {
      if (k > 0) at_gram_form_step(&run->form, point - 1, run->step, precision);
      at_gram_form_evaluate(point, &run->form, run->data->label, precision);
    } else {
      if (k > 0) at_enclosure_point_step(point, point - 1, run->step, precision);
      at_enclosure_point_evaluate(point, run->data, precision);
    }
    run->decided = at_enclosure_point_is_decided(point) && run->decided;
  }
}

/* What descend leaves out: v, p and the gradients of every point in Gram form. */
static void complete(struct at_enclosure_run *run)
{
  const slong eighth = run->precision / 8;
  const slong bits = eighth > AT_ENCLOSURE_START_BITS ? eighth : AT_ENCLOSURE_START_BITS;
  const slong rows = (slong)(run->data->samples * run->data->tokens);
  for (size_t k = 0; k <= run->steps && run->by_gram; k++) {
    struct at_enclosure_point *point = &run->point[k];
    _arb_vec_set_round(point->value_coefficients, point->value_coefficients, rows, bits);
    _arb_vec_set_round(point->score_coefficients, point->score_coefficients, rows, bits);
    at_enclosure_point_gradients(point, run->data, bits);
    if (k > 0) at_enclosure_point_step(point, point - 1, run->step, bits);
  }
  run->projected = run->point[run->steps].projected;
}

bool at_enclosure_run_at(struct at_enclosure_run *run, slong precision)
{
  descend(run, precision, true);
  complete(run);
  return run->decided;
}

/* The precision after this one, or 0 when that passes `cap`. */
static slong next_precision(const struct at_enclosure_run *run, slong cap)
{
  const slong next = run->precision == 0 ? AT_ENCLOSURE_START_BITS : 2 * run->precision;
  return next <= cap ? next : 0;
}

bool at_enclosure_run_refine(struct at_enclosure_run *run, slong cap)
{
  const slong precision = next_precision(run, cap);
  if (precision != 0) at_enclosure_run_at(run, precision);
  return precision != 0;
}

bool at_enclosure_run_decide(struct at_enclosure_run *run, slong cap)
{
  bool computed = false;
  while (!run->decided && next_precision(run, cap) != 0) {
    const slong precision = next_precision(run, cap);
    descend(run, precision, 2 * precision > cap);
    computed = true;
  }
  if (computed) complete(run);
  return run->decided;
}
