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
  for (size_t k = 0; k <= steps; k++)
    at_enclosure_point_init(&run->point[k], data->samples, data->tokens, data->dim);
}

void at_enclosure_run_clear(struct at_enclosure_run *run)
{
  for (size_t k = 0; k <= run->steps; k++) at_enclosure_point_clear(&run->point[k]);
  flint_free(run->point);
  memset(run, 0, sizeof *run);
}

bool at_enclosure_run_at(struct at_enclosure_run *run, slong precision)
{
  run->precision = precision;
  run->decided = true;
  for (size_t k = 0; k <= run->steps; k++) {
    if (k > 0) at_enclosure_point_step(&run->point[k], &run->point[k - 1], run->step, precision);
    at_enclosure_point_evaluate(&run->point[k], run->data, precision);
    run->decided = at_enclosure_point_is_decided(&run->point[k]) && run->decided;
  }
  run->projected = run->point[run->steps].projected;
  return run->decided;
}

bool at_enclosure_run_refine(struct at_enclosure_run *run, slong cap)
{
  const slong precision = run->precision == 0 ? AT_ENCLOSURE_START_BITS : 2 * run->precision;
  if (precision > cap) return false;
  at_enclosure_run_at(run, precision);
  return true;
}

bool at_enclosure_run_decide(struct at_enclosure_run *run, slong cap)
{
  while (!run->decided && at_enclosure_run_refine(run, cap)) continue;
  return run->decided;
}
