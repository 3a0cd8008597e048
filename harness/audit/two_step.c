/* SPDX-License-Identifier: Apache-2.0
 *
 * two_step.c: descends in all views, then decides what is reported.
 */
#include "harness/audit/two_step.h"

#include <stdlib.h>
#include <string.h>

#include "harness/audit/source.h"

/* Nothing is shown when nobody watches. */
static void show(at_progress *progress, const char *what, double fraction)
{
  if (progress != NULL) progress(what, fraction);
}

bool at_run_is_clean(const struct at_run *run, size_t sample)
{
  return run->data.label[sample] == run->data.clean_label[sample];
}

static void count_noise(struct at_run *run)
{
  if (run->data.clean_label == NULL) return;
  for (size_t i = 0; i < run->data.samples; i++) {
    if (at_run_is_clean(run, i))
      run->clean++;
    else
      run->noisy++;
  }
}

/* ---- the views -------------------------------------------------------------------------- */

static int descend_fast(struct at_run *run, struct at_failure *failure)
{
  const struct at_token_data *d = &run->data;
  for (size_t k = 0; k <= run->steps; k++)
    if (at_fast_point_init(&run->fast[k], d->samples, d->tokens, d->dim, failure) != 0) return -1;
  for (size_t k = 0; k <= run->steps; k++) {
    if (k > 0) at_fast_point_step(&run->fast[k], &run->fast[k - 1], d, run->settings.beta);
    at_fast_point_evaluate(&run->fast[k], d);
  }
  return 0;
}

static int descend_reference(struct at_run *run, struct at_failure *failure)
{
  const struct at_token_data *d = &run->data;
  for (size_t k = 0; k <= run->steps; k++)
    if (at_reference_point_init(&run->reference[k], d->samples, d->tokens, d->dim,
                                run->settings.precision, failure) != 0)
      return -1;
  for (size_t k = 0; k <= run->steps; k++) {
    if (k > 0)
      at_reference_point_step(&run->reference[k], &run->reference[k - 1], run->settings.beta);
    at_reference_point_evaluate(&run->reference[k], d);
  }
  return 0;
}

/* Bounds of one path: `reference` NULL means the fast one. */
static int bound_path(struct at_bound_point *bound, const struct at_run *run,
                      const struct at_reference_point *reference, struct at_failure *failure)
{
  const struct at_token_data *d = &run->data;
  const struct at_format format =
    reference != NULL ? at_format_reference(run->settings.precision) : at_format_kernel();
  struct at_computed_point computed;
  if (at_computed_point_init(&computed, d->samples, d->tokens, d->dim, failure) != 0) return -1;
  int bad = 0;
  for (size_t k = 0; k <= run->steps && bad == 0; k++)
    bad = at_bound_point_init(&bound[k], d->samples, d->tokens, d->dim, failure);
  for (size_t k = 0; k <= run->steps && bad == 0; k++) {
    /* `computed` still holds the point the step starts from */
    if (k > 0)
      at_bound_point_step(&bound[k], &bound[k - 1], &computed, run->settings.beta, &format);
    if (reference != NULL)
      at_computed_point_set_reference(&computed, &reference[k]);
    else
      at_computed_point_set_fast(&computed, &run->fast[k]);
    at_bound_point_evaluate(&bound[k], &computed, d, &format);
  }
  at_computed_point_clear(&computed);
  return bad;
}

/* ---- the reports ------------------------------------------------------------------------ */

static void set_unknown(struct at_number *number)
{
  number->known = false;
  number->fast = 0.0;
  arb_init(number->exact);
}

/* Samples whose margin is positive, among those of one kind (NULL: all). */
static struct at_count count_fit(const struct at_run *run, size_t step, const bool *clean)
{
  struct at_count count = {0, 0, 0};
  for (size_t i = 0; i < run->data.samples; i++) {
    if (clean != NULL && at_run_is_clean(run, i) != *clean) continue;
    const enum at_ball_sign sign =
      at_enclosure_margin_sign(&run->enclosure.point[step], &run->data, i);
    count.of++;
    count.hits += sign == AT_SIGN_POSITIVE;
    count.undecided += sign == AT_SIGN_UNDECIDED;
  }
  return count;
}

static void report_margin(struct at_step_report *report, const struct at_run *run)
{
  const struct at_fast_point *fast = &run->fast[report->step];
  const struct at_enclosure_point *point = &run->enclosure.point[report->step];
  struct at_number *number = &report->min_margin;
  arb_t margin;
  arb_init(margin);
  number->known = true;
  number->fast = run->data.label[0] * fast->outputs[0];
  arb_mul_si(number->exact, point->outputs, (slong)run->data.label[0], ARF_PREC_EXACT);
  for (size_t i = 1; i < run->data.samples; i++) {
    const double fast_margin = run->data.label[i] * fast->outputs[i];
    if (fast_margin < number->fast) number->fast = fast_margin;
    arb_mul_si(margin, point->outputs + i, (slong)run->data.label[i], ARF_PREC_EXACT);
    arb_min(number->exact, number->exact, margin, run->enclosure.precision);
  }
  arb_clear(margin);
}

/* Least (or largest) and mean attention on token 0, the signal, over clean (or noisy) samples. */
static void report_attention(struct at_number *extreme, struct at_number *mean,
                             const struct at_run *run, size_t step, bool clean)
{
  const struct at_fast_point *fast = &run->fast[step];
  const struct at_enclosure_point *point = &run->enclosure.point[step];
  const slong precision = run->enclosure.precision;
  const size_t count = clean ? run->clean : run->noisy;
  if (count == 0) return;
  for (size_t i = 0; i < run->data.samples; i++) {
    if (at_run_is_clean(run, i) != clean) continue;
    const size_t signal = i * run->data.tokens;
    const double weight = fast->weights[signal];
    const bool first = !extreme->known;
    if (first || (clean ? weight < extreme->fast : weight > extreme->fast)) extreme->fast = weight;
    if (first)
      arb_set(extreme->exact, point->weights + signal);
    else if (clean)
      arb_min(extreme->exact, extreme->exact, point->weights + signal, precision);
    else
      arb_max(extreme->exact, extreme->exact, point->weights + signal, precision);
    extreme->known = true;
    mean->fast += weight;
    arb_add(mean->exact, mean->exact, point->weights + signal, precision);
  }
  mean->known = true;
  mean->fast /= (double)count;
  arb_div_ui(mean->exact, mean->exact, count, precision);
}

static void report_step(struct at_step_report *report, const struct at_run *run)
{
  static const bool clean = true;
  static const bool noisy = false;
  const size_t step = report->step;
  report->fit_all = count_fit(run, step, NULL);
  if (run->data.clean_label != NULL) {
    report->fit_clean = count_fit(run, step, &clean);
    report->fit_noisy = count_fit(run, step, &noisy);
  }
  report_margin(report, run);
  report->loss.known = true;
  report->loss.fast = run->fast[step].loss;
  arb_set(report->loss.exact, run->enclosure.point[step].loss);
  if (!run->data.synthetic || run->data.clean_label == NULL) return;
  report_attention(&report->clean_attention_min, &report->clean_attention_mean, run, step, clean);
  report_attention(&report->noisy_attention_max, &report->noisy_attention_mean, run, step, noisy);
}

/* ---- test errors ------------------------------------------------------------------------ */

/* Certified test errors and their bound where the law of a fresh sample is known. */
static bool integrate(struct at_run *run)
{
  const struct at_token_data *d = &run->data;
  const slong cap = AT_ENCLOSURE_CAP_BITS;
  struct at_test_error *exact = calloc(run->steps + 1, sizeof *exact);
  if (exact == NULL) return false;
  for (size_t k = 0; k <= run->steps; k++) at_test_error_init(&exact[k]);
  bool decided = at_test_error_of_run(exact, &run->enclosure, d->rho, cap);
  for (size_t k = 1; k <= run->steps; k++) {
    struct at_step_report *report = &run->report[k - 1];
    struct at_noise_law law;
    const struct at_test_error empty = report->test_error;
    report->has_test_error = true;
    report->test_error = exact[k];
    exact[k] = empty;
    decided &= at_test_error_of_doubles(&report->test_error_fast, run->fast[k].v, run->fast[k].p,
                                        d->rho, d->dim, cap);
    at_noise_law_init(&law);
    at_noise_law_set(&law, run->enclosure.point[k].v, run->enclosure.point[k].p, d->rho, d->dim,
                     false, run->enclosure.precision);
    at_conditional_bound_evaluate(&report->test_bound, &law, run->enclosure.precision);
    at_noise_law_clear(&law);
  }
  for (size_t k = 0; k <= run->steps; k++) at_test_error_clear(&exact[k]);
  free(exact);
  return decided;
}

static bool count_test_set(struct at_run *run)
{
  bool decided = true;
  for (size_t k = 1; k <= run->steps; k++) {
    struct at_step_report *report = &run->report[k - 1];
    report->has_test_count = true;
    decided &= at_test_count_of_run(&report->test_count, &run->test, &run->enclosure, k,
                                    AT_ENCLOSURE_CAP_BITS);
  }
  return decided;
}

static void init_report(struct at_step_report *report, size_t step)
{
  struct at_number *numbers[] = {
    &report->min_margin,          &report->loss,
    &report->clean_attention_min, &report->clean_attention_mean,
    &report->noisy_attention_max, &report->noisy_attention_mean,
  };
  memset(report, 0, sizeof *report);
  report->step = step;
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) set_unknown(numbers[k]);
  at_test_error_init(&report->test_error);
  at_test_error_init(&report->test_error_fast);
  at_conditional_bound_init(&report->test_bound);
}

static void clear_report(struct at_step_report *report)
{
  arb_clear(report->min_margin.exact);
  arb_clear(report->loss.exact);
  arb_clear(report->clean_attention_min.exact);
  arb_clear(report->clean_attention_mean.exact);
  arb_clear(report->noisy_attention_max.exact);
  arb_clear(report->noisy_attention_mean.exact);
  at_test_error_clear(&report->test_error);
  at_test_error_clear(&report->test_error_fast);
  at_conditional_bound_clear(&report->test_bound);
}

/* ---- the run ---------------------------------------------------------------------------- */

/* All arrays of points, zeroed, so that at_run_clear may free a half-made run. */
static int allocate(struct at_run *run, struct at_failure *failure)
{
  const size_t points = run->steps + 1;
  run->fast = calloc(points, sizeof *run->fast);
  run->reference = calloc(points, sizeof *run->reference);
  run->fast_bound = calloc(points, sizeof *run->fast_bound);
  run->reference_bound = calloc(points, sizeof *run->reference_bound);
  run->report = calloc(points, sizeof *run->report);
  if (run->fast == NULL || run->reference == NULL || run->fast_bound == NULL ||
      run->reference_bound == NULL || run->report == NULL)
    return at_fail(failure, "out of memory for %zu steps", run->steps);
  at_enclosure_run_init(&run->enclosure, &run->data, run->settings.beta, run->steps);
  for (size_t k = 0; k < run->steps; k++) init_report(&run->report[k], k + 1);
  return 0;
}

static int descend(struct at_run *run, at_progress *progress, struct at_failure *failure)
{
  show(progress, "kernel", 0.0);
  if (descend_fast(run, failure) != 0) return -1;
  show(progress, "enclosure (Arb)", 0.05);
  run->undecided = !at_enclosure_run_decide(&run->enclosure, AT_ENCLOSURE_CAP_BITS);
  show(progress, "reference (MPFR)", 0.4);
  if (descend_reference(run, failure) != 0) return -1;
  show(progress, "error bounds", 0.7);
  if (bound_path(run->fast_bound, run, NULL, failure) != 0) return -1;
  if (bound_path(run->reference_bound, run, run->reference, failure) != 0) return -1;
  show(progress, "test error", 0.8);
  if (run->data.synthetic && run->data.tokens == 2) run->undecided |= !integrate(run);
  if (run->test.samples > 0) run->undecided |= !count_test_set(run);
  for (size_t k = 0; k < run->steps; k++) report_step(&run->report[k], run);
  show(progress, "done", 1.0);
  return 0;
}

int at_run_init(struct at_run *run, const struct at_settings *settings, at_progress *progress,
                struct at_failure *failure)
{
  memset(run, 0, sizeof *run);
  run->settings = *settings;
  show(progress, "token data", 0.0);
  if (at_source_open(&run->data, &run->test, settings, failure) != 0) return -1;
  run->steps = settings->steps;
  count_noise(run);
  if (allocate(run, failure) == 0 && descend(run, progress, failure) == 0) return 0;
  at_run_clear(run);
  return -1;
}

void at_run_clear(struct at_run *run)
{
  const size_t points = run->steps + 1;
  for (size_t k = 0; run->report != NULL && k < points; k++) {
    if (run->fast != NULL) at_fast_point_clear(&run->fast[k]);
    if (run->reference != NULL) at_reference_point_clear(&run->reference[k]);
    if (run->fast_bound != NULL) at_bound_point_clear(&run->fast_bound[k]);
    if (run->reference_bound != NULL) at_bound_point_clear(&run->reference_bound[k]);
    if (k < run->steps && run->enclosure.point != NULL) clear_report(&run->report[k]);
  }
  if (run->enclosure.point != NULL) at_enclosure_run_clear(&run->enclosure);
  free(run->fast);
  free(run->reference);
  free(run->fast_bound);
  free(run->reference_bound);
  free(run->report);
  at_token_data_free(&run->data);
  at_token_data_free(&run->test);
  memset(run, 0, sizeof *run);
}
