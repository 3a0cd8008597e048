/* SPDX-License-Identifier: Apache-2.0
 *
 * step_size.c: one enclosure run and one integral per step size.
 *
 * The step sizes are powers of 10^(1/12) from a table of decimals, so that no libm result enters.
 */
#include "harness/program/step_size.h"

#include <math.h>

#include "harness/audit/source.h"
#include "harness/enclosure/decimal.h"
#include "harness/enclosure/run.h"
#include "harness/enclosure/test_error.h"
#include "harness/report/plot.h"

enum { DECADE = 12, POINTS = 2 * DECADE + 1, STEPS = 2 };

/* 10^(k/12) */
static const double powers[DECADE] = {1.0,   1.212, 1.468, 1.778, 2.154, 2.610,
                                      3.162, 3.831, 4.642, 5.623, 6.813, 8.254};

/* log10 of a probability, which may be exactly 0. */
static void set_logarithm(struct at_plot_error *point, const arb_t error)
{
  arb_t logarithm;
  point->log10_lo = point->log10_hi = -INFINITY;
  if (!arb_is_positive(error)) return;
  arb_init(logarithm);
  at_ball_log10(logarithm, error, 64);
  at_ball_get_doubles(&point->log10_lo, &point->log10_hi, logarithm);
  arb_clear(logarithm);
}

static bool measure(struct at_plot_error *point, const struct at_token_data *data, double step)
{
  struct at_enclosure_run run;
  struct at_test_error error[STEPS + 1];
  at_enclosure_run_init(&run, data, step, STEPS);
  for (size_t k = 0; k <= STEPS; k++) at_test_error_init(&error[k]);
  const bool decided = at_test_error_of_run(error, &run, data->rho, AT_ENCLOSURE_CAP_BITS);
  point->x = step;
  if (decided) set_logarithm(point, error[STEPS].error);
  for (size_t k = 0; k <= STEPS; k++) at_test_error_clear(&error[k]);
  at_enclosure_run_clear(&run);
  return decided;
}

int at_step_size_draw(const char *path, const struct at_settings *settings,
                      struct at_failure *failure)
{
  struct at_plot_error point[POINTS];
  struct at_token_data data;
  struct at_token_data test;
  size_t count = 0;
  if (at_source_open(&data, &test, settings, failure) != 0) return -1;
  for (size_t k = 0; k < POINTS; k++) {
    const double decade = k < DECADE ? 0.1 : k < 2 * DECADE ? 1.0 : 10.0;
    count += measure(&point[count], &data, settings->beta * decade * powers[k % DECADE]);
  }
  at_token_data_free(&data);
  at_token_data_free(&test);
  return at_plot_test_error(path, "step size β", point, count, failure);
}
