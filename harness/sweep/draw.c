/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see draw.h.
 */
#include "harness/sweep/draw.h"

#include <math.h>

#include "harness/enclosure/run.h"
#include "harness/enclosure/test_error.h"
#include "harness/report/number.h"
#include "harness/sweep/log_error.h"

enum { TOKENS = 2, INTEGRAL_BITS = 64 };

/* A bound of an attention weight that is worth reporting. */
static const double useful_bound = 0x1p-10;

static void sample_add(struct at_draw *draw, bool clean, bool fitted, double attention)
{
  if (clean) {
    draw->clean++;
    draw->clean_fitted += fitted;
    draw->clean_attention += attention;
  } else {
    draw->noisy++;
    draw->noisy_fitted += fitted;
    draw->noisy_attention += attention;
  }
}

static bool is_clean(const struct at_token_data *data, size_t i)
{
  return data->label[i] == data->clean_label[i];
}

void at_draw_compute(struct at_draw *draw, struct at_descent *descent,
                     const struct at_token_data *data, const double *noise_norm, double step,
                     size_t steps)
{
  *draw = (struct at_draw){.log10_error = NAN};
  at_descent_run(descent, data, noise_norm, step, steps);
  for (size_t i = 0; i < data->samples; i++) {
    const double margin = data->label[i] * descent->outputs[i];
    if (!(fabs(margin) > 1.01 * descent->output_error[i])) draw->undecided++;
    if (!(draw->attention_bound >= descent->weight_error[i]))
      draw->attention_bound = descent->weight_error[i];
    sample_add(draw, is_clean(data, i), margin > 0.0, descent->weights[TOKENS * i]);
  }
  draw->has_error = at_log_error(&draw->log10_error, &draw->error_bound, descent, data->rho);
  /* adding up to 4096 weights of at most one: relative 2^-41, of a mean of at most one */
  draw->attention_bound += 0x1p-40;
  draw->decided = draw->undecided == 0 && draw->has_error && draw->attention_bound <= useful_bound;
}

/* The test error after the last step; false if undecided. */
static bool error_enclose(struct at_draw *draw, struct at_enclosure_run *run, double rho)
{
  struct at_noise_law law;
  struct at_test_error error;
  const struct at_enclosure_point *last = &run->point[run->steps];
  const bool parallel = at_noise_is_collinear(run->data);
  at_noise_law_init(&law);
  at_test_error_init(&error);
  do {
    at_noise_law_set(&law, last->v, last->p, rho, run->data->dim, parallel && !run->projected,
                     run->precision);
    if (!at_test_error_evaluate(&error, &law, INTEGRAL_BITS))
      at_test_error_evaluate(&error, &law, run->precision);
  } while (!error.decided && at_enclosure_run_refine(run, AT_DRAW_CAP_BITS));
  if (error.decided) {
    double low, high;
    at_number_log10(&low, &high, error.error);
    draw->log10_error = low == high ? low : 0.5 * (low + high);
    draw->error_bound = low == high ? 0.0 : high - low;
  }
  const bool decided = error.decided;
  at_test_error_clear(&error);
  at_noise_law_clear(&law);
  return decided;
}

void at_draw_enclose(struct at_draw *draw, const struct at_token_data *data, double step,
                     size_t steps)
{
  struct at_enclosure_run run;
  *draw = (struct at_draw){.log10_error = NAN, .attention_bound = 0x1p-40};
  at_enclosure_run_init(&run, data, step, steps);
  (void)at_enclosure_run_decide(&run, AT_DRAW_CAP_BITS);
  draw->has_error = error_enclose(draw, &run, data->rho);
  const struct at_enclosure_point *last = &run.point[steps];
  for (size_t i = 0; i < data->samples; i++) {
    const enum at_ball_sign sign = at_enclosure_margin_sign(last, data, i);
    const arb_srcptr weight = last->weights + TOKENS * i;
    const double radius = mag_get_d(arb_radref(weight)) + 0x1p-40;
    draw->undecided += sign == AT_SIGN_UNDECIDED;
    if (radius > draw->attention_bound) draw->attention_bound = radius;
    sample_add(draw, is_clean(data, i), sign == AT_SIGN_POSITIVE,
               arf_get_d(arb_midref(weight), ARF_RND_NEAR));
  }
  draw->decided = draw->undecided == 0 && draw->has_error;
  at_enclosure_run_clear(&run);
}

int at_draw_check(const struct at_draw *fast, const struct at_draw *enclosed,
                  struct at_failure *failure)
{
  const double bound = fast->attention_bound + enclosed->attention_bound;
  if (fast->clean_fitted != enclosed->clean_fitted || fast->noisy_fitted != enclosed->noisy_fitted)
    return at_fail(failure,
                   "%zu clean and %zu noisy samples fitted, but the enclosure has %zu and "
                   "%zu",
                   fast->clean_fitted, fast->noisy_fitted, enclosed->clean_fitted,
                   enclosed->noisy_fitted);
  if (!(fabs(fast->log10_error - enclosed->log10_error) <=
        fast->error_bound + enclosed->error_bound))
    return at_fail(failure,
                   "log10 of the test error is %.17g within %.3g, but the enclosure has "
                   "%.17g",
                   fast->log10_error, fast->error_bound, enclosed->log10_error);
  if (!(fabs(fast->clean_attention - enclosed->clean_attention) <= bound * (double)fast->clean &&
        fabs(fast->noisy_attention - enclosed->noisy_attention) <= bound * (double)fast->noisy))
    return at_fail(failure,
                   "attention %.17g and %.17g within %.3g, but the enclosure has %.17g "
                   "and %.17g",
                   fast->clean_attention, fast->noisy_attention, bound, enclosed->clean_attention,
                   enclosed->noisy_attention);
  return 0;
}
