/* SPDX-License-Identifier: Apache-2.0
 *
 * summary.c: what a run says, rounded for reading; the certified digits are in the JSON.
 */
#include "harness/program/summary.h"

#include <float.h>
#include <inttypes.h>
#include <stdio.h>

#include <mpfr.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/clopper_pearson.h"
#include "harness/enclosure/decimal.h"
#include "harness/report/table.h"

/* Relative width of a ball whose middle may be shown with three digits: below half a unit of the
 * last of them, 0.0005, by a factor of 2^9. */
enum { DISPLAY_BITS = 20 };

void at_summary_settings(const struct at_settings *s, const struct at_token_data *d)
{
  printf("%s: n = %zu", s->preset, d->samples);
  if (d->clean_label != NULL)
    printf(" (%zu clean, %zu noisy)", d->clean[0] + d->clean[1], d->noisy[0] + d->noisy[1]);
  printf(", T = %zu, ", d->tokens);
  if (s->source == AT_SOURCE_SYNTHETIC)
    printf("D = %" PRIu64 " (%zu coordinates), rho = %g, ", s->dim, d->dim, s->rho);
  else
    printf("d = %zu, ", d->dim);
  if (s->source == AT_SOURCE_GIVEN)
    printf("beta = %g\n", s->beta);
  else if (s->fixed_noisy)
    printf("%zu noisy per class, %sbeta = %g, seed %" PRIu64 "\n", s->noisy_per_class,
           s->balanced ? "balanced, " : "", s->beta, s->seed);
  else
    printf("eta = %g, %sbeta = %g, seed %" PRIu64 "\n", s->eta, s->balanced ? "balanced, " : "",
           s->beta, s->seed);
}

void at_summary_ball(char *text, size_t size, const arb_t ball)
{
  struct at_decimal decimal;
  arb_t logarithm;
  if (arb_is_zero(ball)) {
    snprintf(text, size, "0");
    return;
  }
  at_decimal_set(&decimal, ball, 3);
  if (!at_ball_is_tight(ball, DISPLAY_BITS)) {
    snprintf(text, size, "[%.28s, %.28s]", decimal.lower, decimal.upper);
    return;
  }
  if (!decimal.has_log10) {
    snprintf(text, size, "%.3g", arf_get_d(arb_midref(ball), ARF_RND_NEAR));
    return;
  }
  arb_init(logarithm);
  at_ball_log10(logarithm, ball, 64);
  snprintf(text, size, "10^%.8g", arf_get_d(arb_midref(logarithm), ARF_RND_NEAR));
  arb_clear(logarithm);
}

void at_summary_interval(char text[AT_INTERVAL_SIZE], double low, double high)
{
  mpfr_t down;
  mpfr_t up;
  mpfr_init2(down, DBL_MANT_DIG);
  mpfr_init2(up, DBL_MANT_DIG);
  mpfr_set_d(down, low, MPFR_RNDD);
  mpfr_set_d(up, high, MPFR_RNDU);
  mpfr_snprintf(text, AT_INTERVAL_SIZE, "[%.4RDf, %.4RUf]", down, up);
  mpfr_clear(down);
  mpfr_clear(up);
}

void at_summary_decider(char text[AT_DECIDER_SIZE], const struct at_judgement *judgement)
{
  const struct at_claim *claim = judgement->claim;
  const enum at_verdict verdict = judgement->verdict;
  const bool by_hypothesis = verdict == AT_VERDICT_NOT_MET;
  const struct at_comparison *comparison = by_hypothesis ? claim->hypothesis : claim->conclusion;
  const struct at_evidence *evidence =
    by_hypothesis ? judgement->hypothesis : judgement->conclusion;
  const size_t count = by_hypothesis ? claim->hypothesis_count : claim->conclusion_count;
  const bool holds = verdict == AT_VERDICT_HOLDS || verdict == AT_VERDICT_PROVED;
  const bool decided = holds || by_hypothesis || verdict == AT_VERDICT_REFUTED;
  char found[64];
  snprintf(text, AT_DECIDER_SIZE, "%.150s", judgement->reason);
  for (size_t k = 0; decided && k < count; k++) {
    if (evidence[k].outcome != (holds ? AT_TRUE : AT_FALSE)) continue;
    at_summary_ball(found, sizeof found, evidence[k].left);
    snprintf(text, AT_DECIDER_SIZE, "%.80s: %s%s%.60s", comparison[k].text, found,
             verdict == AT_VERDICT_PROVED ? "; " : "", judgement->reason);
    return;
  }
}

static void put_count(struct at_table *table, const struct at_count *count)
{
  if (count->of == 0)
    at_table_cell(table, "-");
  else if (count->undecided > 0)
    at_table_cell(table, "%zu/%zu (%zu undecided)", count->hits, count->of, count->undecided);
  else
    at_table_cell(table, "%zu/%zu", count->hits, count->of);
}

static void put_ball(struct at_table *table, bool known, const arb_t ball)
{
  char text[64] = "-";
  if (known) at_summary_ball(text, sizeof text, ball);
  at_table_cell(table, "%s", text);
}

/* The certified integral, or the count on a test set with its interval. */
static void put_test_error(struct at_table *table, const struct at_step_report *report)
{
  const struct at_test_count *count = &report->test_count;
  const size_t trials = count->right + count->wrong;
  double low = 0.0;
  double high = 1.0;
  if (report->has_test_error && report->test_error.decided)
    put_ball(table, true, report->test_error.error);
  else if (report->has_test_error)
    at_table_cell(table, "undecided");
  else if (!report->has_test_count)
    at_table_cell(table, "-");
  else if (count->undecided > 0 ||
           at_clopper_pearson(&low, &high, count->wrong, trials, 0.95, NULL) != 0)
    at_table_cell(table, "%zu/%zu, %zu undecided", count->wrong, trials, count->undecided);
  else {
    char interval[AT_INTERVAL_SIZE];
    at_summary_interval(interval, low, high);
    at_table_cell(table, "%zu/%zu, in %s", count->wrong, trials, interval);
  }
}

int at_summary_steps(const struct at_run *run, struct at_failure *failure)
{
  static const char *const titles[] = {"step",         "fitted clean", "noisy",       "all",
                                       "least margin", "loss",         "clean s min", "mean",
                                       "noisy s max",  "mean",         "test error"};
  struct at_table table;
  at_table_init(&table, "rrrrrrrrrrl", titles);
  for (size_t k = 0; k < run->steps; k++) {
    const struct at_step_report *r = &run->report[k];
    at_table_cell(&table, "%zu", r->step);
    put_count(&table, &r->fit_clean);
    put_count(&table, &r->fit_noisy);
    put_count(&table, &r->fit_all);
    put_ball(&table, r->min_margin.known, r->min_margin.exact);
    put_ball(&table, r->loss.known, r->loss.exact);
    put_ball(&table, r->clean_attention_min.known, r->clean_attention_min.exact);
    put_ball(&table, r->clean_attention_mean.known, r->clean_attention_mean.exact);
    put_ball(&table, r->noisy_attention_max.known, r->noisy_attention_max.exact);
    put_ball(&table, r->noisy_attention_mean.known, r->noisy_attention_mean.exact);
    put_test_error(&table, r);
  }
  const int result = at_table_print(stdout, &table, 2, failure);
  at_table_clear(&table);
  return result;
}

const char *at_summary_origin(enum at_tag tag)
{
  static const char *const origins[] = {
    [AT_TAG_SEED] = "summary", [AT_TAG_RECALLED] = "recalled", [AT_TAG_DERIVED] = "derived"};
  return origins[tag];
}

int at_summary_verdicts(const struct at_verdicts *verdicts, struct at_failure *failure)
{
  static const char *const titles[] = {"claim", "verdict", "decided by", "origin", "statement"};
  struct at_table table;
  at_table_init(&table, "lllll", titles);
  for (size_t k = 0; k < verdicts->count; k++) {
    const struct at_judgement *judgement = &verdicts->judgement[k];
    char decider[AT_DECIDER_SIZE];
    if (judgement->verdict == AT_VERDICT_NOT_APPLICABLE) continue;
    at_summary_decider(decider, judgement);
    at_table_cell(&table, "%s", judgement->claim->id);
    at_table_cell(&table, "%s", at_verdict_name(judgement->verdict));
    at_table_cell(&table, "%s", decider);
    at_table_cell(&table, "%s", at_summary_origin(judgement->claim->tag));
    at_table_cell(&table, "%s", judgement->claim->statement);
  }
  const int result = at_table_print(stdout, &table, 2, failure);
  at_table_clear(&table);
  return result;
}
