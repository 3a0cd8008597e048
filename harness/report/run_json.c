/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a run as a JSON object (see run_json.h).
 * Main result: as there.
 * Assumptions: the run is complete. Test: tests/harness/report/test_json.c.
 */
#include "harness/report/run_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "harness/enclosure/clopper_pearson.h"
#include "harness/report/samples.h"

/* Level of the interval for the error rate behind a finite test set. */
#define CONFIDENCE 0.95

static json_t *seed_json(uint64_t seed)
{
  char text[24];
  (void)snprintf(text, sizeof text, "%" PRIu64, seed);
  return at_value_text(text);
}

/* Paths of given data, as they were given; null where there was none. */
static json_t *given_json(struct at_document *document, const struct at_settings *settings)
{
  json_t *given = json_object();
  at_document_put(document, given, "tokens", at_value_text(settings->tokens_path));
  at_document_put(document, given, "labels", at_value_text(settings->labels_path));
  at_document_put(document, given, "clean_labels", at_value_text(settings->clean_labels_path));
  at_document_put(document, given, "test_tokens", at_value_text(settings->test_tokens_path));
  at_document_put(document, given, "test_labels", at_value_text(settings->test_labels_path));
  return given;
}

/* Null for what the source of the data does not have. */
static void source_put(struct at_document *document, json_t *object,
                       const struct at_settings *settings)
{
  bool synthetic = settings->source == AT_SOURCE_SYNTHETIC;
  bool given = settings->source == AT_SOURCE_GIVEN;
  bool exact = !given && settings->fixed_noisy;
  at_document_put(document, object, "dim",
                  synthetic ? at_value_integer(settings->dim) : json_null());
  at_document_put(document, object, "rho", synthetic ? at_value_real(settings->rho) : json_null());
  at_document_put(document, object, "eta",
                  given || exact ? json_null() : at_value_real(settings->eta));
  at_document_put(document, object, "noisy_per_class",
                  exact ? at_value_integer(settings->noisy_per_class) : json_null());
  at_document_put(document, object, "balanced",
                  synthetic ? json_boolean(settings->balanced) : json_null());
  at_document_put(document, object, "coordinates",
                  synthetic ? at_value_text(settings->full_coordinates ? "full" : "compressed")
                            : json_null());
  at_document_put(document, object, "seed", given ? json_null() : seed_json(settings->seed));
  at_document_put(
    document, object, "fashion_classes",
    settings->source == AT_SOURCE_FASHION
      ? json_pack("[i, i]", (int)settings->fashion_class[0], (int)settings->fashion_class[1])
      : json_null());
  at_document_put(document, object, "given", given ? given_json(document, settings) : json_null());
}

static json_t *settings_json(struct at_document *document, const struct at_settings *settings)
{
  static const char *const source[] = {[AT_SOURCE_SYNTHETIC] = "synthetic",
                                       [AT_SOURCE_GIVEN] = "given",
                                       [AT_SOURCE_FASHION] = "fashion"};
  json_t *object = json_object();
  at_document_put(document, object, "preset", at_value_text(settings->preset));
  at_document_put(document, object, "source", at_value_text(source[settings->source]));
  source_put(document, object, settings);
  at_document_put(document, object, "beta", at_value_real(settings->beta));
  at_document_put(document, object, "steps", at_value_integer(settings->steps));
  at_document_put(document, object, "reference_bits", json_integer(settings->precision));
  return object;
}

static json_t *counts_json(struct at_document *document, const struct at_run *run)
{
  const struct at_token_data *data = &run->data;
  bool known = at_run_clean_known(run);
  json_t *object = json_object(), *classes = json_array();
  at_document_put(document, object, "samples", at_value_integer(data->samples));
  at_document_put(document, object, "tokens", at_value_integer(data->tokens));
  at_document_put(document, object, "dim", at_value_integer(data->dim));
  at_document_put(document, object, "ambient_dim", at_value_integer(data->ambient_dim));
  at_document_put(document, object, "clean", known ? at_value_integer(run->clean) : json_null());
  at_document_put(document, object, "noisy", known ? at_value_integer(run->noisy) : json_null());
  for (size_t k = 0; k < AT_CLASSES && known; k++) {
    at_document_append(document, classes,
                       json_pack("{s:i, s:o, s:o}", "clean_label", k == 0 ? 1 : -1, "clean",
                                 at_value_integer(data->clean[k]), "noisy",
                                 at_value_integer(data->noisy[k])));
  }
  at_document_put(document, object, "classes", classes);
  return object;
}

static json_t *count_json(const struct at_count *count)
{
  return json_pack("{s:o, s:o, s:o}", "k", at_value_integer(count->hits), "n",
                   at_value_integer(count->of), "undecided", at_value_integer(count->undecided));
}

static json_t *number_json(struct at_document *document, const struct at_number *number)
{
  if (!number->known) {
    return json_null();
  }
  json_t *object = at_value_bounds(number->exact);
  at_document_put(document, object, "fast", at_value_real(number->fast));
  return object;
}

static json_t *attention_json(struct at_document *document, const struct at_step_report *report)
{
  json_t *object = json_object();
  at_document_put(document, object, "clean_min",
                  number_json(document, &report->clean_attention_min));
  at_document_put(document, object, "clean_mean",
                  number_json(document, &report->clean_attention_mean));
  at_document_put(document, object, "noisy_max",
                  number_json(document, &report->noisy_attention_max));
  at_document_put(document, object, "noisy_mean",
                  number_json(document, &report->noisy_attention_mean));
  return object;
}

static json_t *test_error_json(struct at_document *document, const struct at_test_error *error)
{
  json_t *object = at_value_decimal(error->error), *classes = json_array();
  for (size_t k = 0; k < AT_CLASSES; k++) {
    json_t *class = at_value_decimal(error->class_error[k]);
    at_document_put(document, class, "clean_label", json_integer(k == 0 ? 1 : -1));
    at_document_put(document, class, "law", at_value_text(at_error_law_name(error->law[k])));
    at_document_append(document, classes, class);
  }
  at_document_put(document, object, "classes", classes);
  at_document_put(document, object, "decided", json_boolean(error->decided));
  at_document_put(document, object, "bits", json_integer(error->precision));
  return object;
}

/* A bound is the upper end of its ball; the lower end bounds nothing. */
static json_t *upper_json(struct at_document *document, const arb_t bound)
{
  json_t *object = at_value_decimal(bound);
  if (json_object_del(object, "lo") != 0 || json_object_del(object, "log10_lo") != 0) {
    document->broken = true;
  }
  return object;
}

static json_t *bound_json(struct at_document *document, const struct at_conditional_bound *bound)
{
  json_t *object = upper_json(document, bound->bound), *classes = json_array();
  for (size_t k = 0; k < AT_CLASSES; k++) {
    json_t *class = upper_json(document, bound->class_bound[k]);
    at_document_put(document, class, "clean_label", json_integer(k == 0 ? 1 : -1));
    at_document_put(document, class, "useful", json_boolean(bound->useful[k]));
    at_document_append(document, classes, class);
  }
  at_document_put(document, object, "classes", classes);
  return object;
}

/* What is undecided may be right or wrong: it widens the interval at both ends. */
static json_t *test_set_json(struct at_document *document, const struct at_test_count *count)
{
  size_t samples = count->right + count->wrong + count->undecided;
  double lo, hi, unused;
  if (at_clopper_pearson(&lo, &unused, count->wrong, samples, CONFIDENCE, NULL) != 0 ||
      at_clopper_pearson(&unused, &hi, count->wrong + count->undecided, samples, CONFIDENCE,
                         NULL) != 0) {
    document->broken = true;
    return NULL;
  }
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "samples", at_value_integer(samples),
                   "right", at_value_integer(count->right), "wrong", at_value_integer(count->wrong),
                   "undecided", at_value_integer(count->undecided), "confidence",
                   at_value_real(CONFIDENCE), "lo", at_value_real(lo), "hi", at_value_real(hi));
}

static json_t *step_json(struct at_document *document, const struct at_run *run,
                         const struct at_step_report *report)
{
  bool known = at_run_clean_known(run);
  json_t *step = json_object(), *fit = json_object();
  at_document_put(document, step, "step", at_value_integer(report->step));
  at_document_put(document, fit, "all", count_json(&report->fit_all));
  at_document_put(document, fit, "clean", known ? count_json(&report->fit_clean) : json_null());
  at_document_put(document, fit, "noisy", known ? count_json(&report->fit_noisy) : json_null());
  at_document_put(document, step, "train_fit", fit);
  at_document_put(document, step, "min_margin", number_json(document, &report->min_margin));
  at_document_put(document, step, "loss", number_json(document, &report->loss));
  at_document_put(document, step, "signal_attention",
                  at_run_signal_known(run) ? attention_json(document, report) : json_null());
  bool integral = report->has_test_error, counted = report->has_test_count;
  at_document_put(document, step, "test_error",
                  integral ? test_error_json(document, &report->test_error) : json_null());
  at_document_put(document, step, "test_error_fast",
                  integral ? test_error_json(document, &report->test_error_fast) : json_null());
  at_document_put(document, step, "test_error_bound",
                  integral ? bound_json(document, &report->test_bound) : json_null());
  at_document_put(document, step, "test_set",
                  counted ? test_set_json(document, &report->test_count) : json_null());
  return step;
}

void at_run_put(struct at_document *document, json_t *object, const struct at_run *run)
{
  json_t *steps = json_array();
  at_document_put(document, object, "settings", settings_json(document, &run->settings));
  at_document_put(document, object, "counts", counts_json(document, run));
  at_document_put(document, object, "enclosure_bits", json_integer(run->enclosure.precision));
  for (size_t k = 0; k < run->steps; k++) {
    at_document_append(document, steps, step_json(document, run, &run->report[k]));
  }
  at_document_put(document, object, "steps", steps);
  at_document_put(document, object, "undecided", json_boolean(run->undecided));
}

static json_t *row_json(struct at_document *document, const struct at_agreement_row *row,
                        const struct at_run *run)
{
  char place[64];
  at_agreement_place(place, sizeof place, row, run);
  json_t *object = json_object();
  at_document_put(document, object, "step", at_value_integer(row->step));
  at_document_put(document, object, "quantity", at_value_text(row->quantity));
  at_document_put(document, object, "entries", at_value_integer(row->entries));
  at_document_put(document, object, "difference", at_value_real(row->difference));
  at_document_put(document, object, "difference_ulp", at_value_real(row->difference_ulp));
  at_document_put(document, object, "distance", at_value_real(row->distance));
  at_document_put(document, object, "distance_ulp", at_value_real(row->distance_ulp));
  at_document_put(document, object, "bound", at_value_real(row->bound));
  at_document_put(document, object, "ratio", at_value_real(row->ratio));
  at_document_put(document, object, "used", at_value_real(row->used));
  at_document_put(document, object, "where", at_value_integer(row->where));
  at_document_put(document, object, "place", at_value_text(place));
  at_document_put(document, object, "fast_agrees", json_boolean(row->fast_agrees));
  at_document_put(document, object, "reference_agrees", json_boolean(row->reference_agrees));
  return object;
}

void at_agreement_put(struct at_document *document, json_t *object,
                      const struct at_agreement *agreement, const struct at_run *run)
{
  json_t *value = agreement == NULL ? json_null() : json_object();
  if (agreement != NULL) {
    json_t *rows = json_array();
    at_document_put(document, value, "agrees", json_boolean(agreement->agrees));
    at_document_put(document, value, "disagreement", at_value_text(agreement->disagreement));
    for (size_t r = 0; r < agreement->rows; r++) {
      at_document_append(document, rows, row_json(document, &agreement->row[r], run));
    }
    at_document_put(document, value, "rows", rows);
  }
  at_document_put(document, object, "agreement", value);
}
