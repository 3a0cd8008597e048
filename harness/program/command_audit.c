/* SPDX-License-Identifier: Apache-2.0
 *
 * command_audit.c: `attest audit`, claims judged over presets and seeds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/audit/campaign.h"
#include "harness/program/commands.h"
#include "harness/program/expect.h"
#include "harness/program/pictures.h"
#include "harness/program/progress.h"
#include "harness/program/save.h"
#include "harness/program/summary.h"
#include "harness/program/step_size.h"
#include "harness/report/csv.h"
#include "harness/report/json.h"
#include "harness/report/table.h"

enum { DEFAULT_SEEDS = 20, PATH_SIZE = 4096 };

/* What the runs are reported into.  The table shows every seed of the first preset and the first
 * seed of the others; the JSON has them all. */
struct audit {
  const struct at_options *options;
  const struct at_campaign *campaign;
  struct at_audit_report json;
  struct at_table runs;
  char (*decider)[AT_DECIDER_SIZE]; /* (presets, claims): what decided the first seed */
};

static const char *const run_titles[] = {
  "preset",  "seed",   "agree",       "clean 1",     "noisy 1",      "clean 2",
  "noisy 2", "margin", "clean s min", "noisy s max", "test error 1", "test error 2"};

static void put_number(struct at_table *table, bool known, const arb_t ball)
{
  char text[64] = "-";
  if (known) at_summary_ball(text, sizeof text, ball);
  at_table_cell(table, "%s", text);
}

static void put_fit(struct at_table *table, const struct at_count *count)
{
  if (count->of == 0)
    at_table_cell(table, "-");
  else
    at_table_cell(table, "%zu/%zu", count->hits, count->of);
}

static void put_error(struct at_table *table, const struct at_step_report *step)
{
  if (step->has_test_count)
    at_table_cell(table, "%zu/%zu", step->test_count.wrong,
                  step->test_count.wrong + step->test_count.right);
  else
    put_number(table, step->has_test_error && step->test_error.decided, step->test_error.error);
}

static void put_run(struct at_table *table, const struct at_run *run, bool agrees)
{
  const struct at_step_report *first = &run->report[0];
  const struct at_step_report *last = &run->report[run->steps - 1];
  at_table_cell(table, "%s", run->settings.preset);
  at_table_cell(table, "%" PRIu64, run->settings.seed);
  at_table_cell(table, "%s", agrees ? "yes" : "NO");
  put_fit(table, &first->fit_clean);
  put_fit(table, &first->fit_noisy);
  put_fit(table, &last->fit_clean);
  put_fit(table, &last->fit_noisy);
  put_number(table, last->min_margin.known, last->min_margin.exact);
  put_number(table, last->clean_attention_min.known, last->clean_attention_min.exact);
  put_number(table, last->noisy_attention_max.known, last->noisy_attention_max.exact);
  put_error(table, first);
  put_error(table, last);
}

/* Files of the first seed of a preset: CSV and pictures. */
static int write_run(const struct audit *audit, const struct at_run *run,
                     struct at_failure *failure)
{
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%.3000s/%s", audit->options->directory, run->settings.preset);
  if (at_directory_make(path, failure) != 0) return -1;
  if (at_pictures_draw(path, run, failure) != 0) return -1;
  snprintf(path, sizeof path, "%.3000s/%s/samples.csv", audit->options->directory,
           run->settings.preset);
  return at_report_csv(path, run, failure);
}

static void keep_deciders(struct audit *audit, const struct at_run *run,
                          const struct at_verdicts *verdicts)
{
  size_t preset = 0;
  while (strcmp(audit->campaign->preset[preset].preset, run->settings.preset) != 0) preset++;
  for (size_t k = 0; k < verdicts->count; k++)
    at_summary_decider(audit->decider[preset * verdicts->count + k], &verdicts->judgement[k]);
}

static int report_run(void *context, const struct at_run *run, const struct at_agreement *agreement,
                      const struct at_verdicts *verdicts, struct at_failure *failure)
{
  struct audit *audit = context;
  const bool first = run->settings.seed == audit->campaign->first_seed;
  at_audit_report_run(&audit->json, run, agreement, verdicts->judgement, verdicts->count);
  if (first || !agreement->agrees ||
      strcmp(run->settings.preset, audit->campaign->preset[0].preset) == 0)
    put_run(&audit->runs, run, agreement->agrees);
  if (!agreement->agrees)
    fprintf(stderr, "attest: preset %s, seed %" PRIu64 ": %s\n", run->settings.preset,
            run->settings.seed, agreement->disagreement);
  if (first) keep_deciders(audit, run, verdicts);
  if (!first || audit->options->directory == NULL) return 0;
  return write_run(audit, run, failure);
}

/* ---- what came out ----------------------------------------------------------------------- */

/* What decided a tally's first seed; claims and presets are found by their places. */
static const char *decider_of(const struct audit *audit, const struct at_campaign_tally *tally)
{
  const struct at_campaign *campaign = audit->campaign;
  size_t preset = 0;
  while (campaign->preset[preset].preset != tally->preset) preset++;
  return audit->decider[preset * campaign->catalogue->count +
                        (size_t)(tally->claim - campaign->catalogue->claim)];
}

static int print_tallies(const struct audit *audit, const struct at_campaign_result *result,
                         struct at_failure *failure)
{
  static const char *const titles[] = {"claim",      "preset", "verdict",
                                       "holds",      "of met", "95 % interval",
                                       "first seed", "origin", "statement"};
  struct at_table table;
  at_table_init(&table, "lllrrllll", titles);
  for (size_t k = 0; k < result->tallies; k++) {
    const struct at_campaign_tally *t = &result->tally[k];
    at_table_cell(&table, "%s", t->claim->id);
    at_table_cell(&table, "%s", t->preset);
    at_table_cell(&table, "%s", at_verdict_name(t->tally.verdict));
    at_table_cell(&table, "%zu",
                  t->tally.count[AT_VERDICT_HOLDS] + t->tally.count[AT_VERDICT_PROVED]);
    at_table_cell(&table, "%zu", t->tally.trials);
    char interval[AT_INTERVAL_SIZE] = "-";
    if (t->tally.has_interval) at_summary_interval(interval, t->tally.lower, t->tally.upper);
    at_table_cell(&table, "%s", interval);
    at_table_cell(&table, "%s", decider_of(audit, t));
    at_table_cell(&table, "%s", at_summary_origin(t->claim->tag));
    at_table_cell(&table, "%s", t->claim->statement);
  }
  const int bad = at_table_print(stdout, &table, 0, failure);
  at_table_clear(&table);
  return bad;
}

static int write_files(struct audit *audit, const struct at_campaign_result *result,
                       struct at_failure *failure)
{
  const struct at_options *options = audit->options;
  const struct at_catalogue *catalogue = audit->campaign->catalogue;
  char path[PATH_SIZE];
  for (size_t k = 0; k < catalogue->count; k++)
    if (audit->campaign->chosen[k]) at_audit_report_claim(&audit->json, &catalogue->claim[k]);
  for (size_t k = 0; k < result->tallies; k++)
    at_audit_report_tally(&audit->json, result->tally[k].claim, result->tally[k].preset,
                          &result->tally[k].tally);
  if (options->json != NULL && at_audit_report_write(options->json, &audit->json, failure) != 0)
    return -1;
  if (options->directory == NULL) return 0;
  snprintf(path, sizeof path, "%.4000s/audit.json", options->directory);
  if (at_audit_report_write(path, &audit->json, failure) != 0) return -1;
  if (audit->campaign->preset[0].source != AT_SOURCE_SYNTHETIC) return 0;
  struct at_settings settings = audit->campaign->preset[0];
  settings.seed = audit->campaign->first_seed;
  snprintf(path, sizeof path, "%.4000s/%s/test-error.svg", options->directory, settings.preset);
  return at_step_size_draw(path, &settings, failure);
}

/* The last line, on standard error when standard output carries the JSON; the exit status is the
 * worst of what happened. */
static int conclude(FILE *stream, const struct at_options *options,
                    const struct at_campaign_result *result, size_t surprises)
{
  size_t count[AT_VERDICTS] = {0};
  for (size_t k = 0; k < result->tallies; k++) count[result->tally[k].tally.verdict]++;
  fprintf(stream, "audit: %zu runs, %zu verdicts", result->runs, result->tallies);
  const char *separator = ": ";
  for (size_t v = 0; v < AT_VERDICTS; v++) {
    if (count[v] == 0) continue;
    fprintf(stream, "%s%zu %s", separator, count[v], at_verdict_name((enum at_verdict)v));
    separator = ", ";
  }
  if (result->disagreements > 0)
    fprintf(stream, "; in %zu runs the paths DISAGREE\n", result->disagreements);
  else if (surprises > 0)
    fprintf(stream, "; %zu differ from %s\n", surprises, options->expect);
  else
    fprintf(stream, "; kernel, MPFR and Arb agree in every run%s%s\n",
            options->directory != NULL ? "; files in " : "",
            options->directory != NULL ? options->directory : "");
  if (result->disagreements > 0 || surprises > 0) return AT_EXIT_CHECK;
  return result->undecided > 0 || count[AT_VERDICT_UNDECIDED] > 0 ? AT_EXIT_UNDECIDED
                                                                  : AT_EXIT_DONE;
}

static int audit_claims(struct audit *audit, struct at_failure *failure)
{
  struct at_campaign_result result;
  struct at_expectation expectation = {0};
  size_t surprises = 0;
  const bool to_stdout = audit->options->json != NULL && strcmp(audit->options->json, "-") == 0;
  const bool silent = audit->options->quiet || to_stdout;
  if (audit->options->expect != NULL &&
      at_expectation_read(&expectation, audit->options->expect, failure) != 0)
    return AT_EXIT_USAGE;
  at_progress_start(!audit->options->quiet);
  int bad = at_campaign_run(&result, audit->campaign, report_run, audit, at_progress_show, failure);
  at_progress_end();
  if (bad == 0) bad = write_files(audit, &result, failure);
  if (bad == 0 && !silent) bad = at_table_print(stdout, &audit->runs, 0, failure);
  if (bad == 0 && !silent) putchar('\n');
  if (bad == 0 && !silent) bad = print_tallies(audit, &result, failure);
  if (bad == 0) surprises = at_expectation_compare(&expectation, &result);
  const int status = bad != 0
                       ? AT_EXIT_USAGE
                       : conclude(to_stdout ? stderr : stdout, audit->options, &result, surprises);
  at_expectation_clear(&expectation);
  at_campaign_result_clear(&result);
  return status;
}

static int choose(struct at_campaign *campaign, const struct at_options *options,
                  struct at_failure *failure)
{
  if (at_campaign_choose(campaign, options->ids, options->id_count, failure) != 0) return -1;
  campaign->seeds = options->seeds > 0 ? options->seeds : DEFAULT_SEEDS;
  campaign->first_seed = options->settings.seed;
  if (campaign->seeds - 1 > UINT64_MAX - campaign->first_seed)
    return at_fail(failure, "--seeds: %zu seeds from %" PRIu64 " on pass the last one, %" PRIu64,
                   campaign->seeds, campaign->first_seed, UINT64_MAX);
  if (options->preset != NULL) {
    campaign->preset[0] = options->settings;
    campaign->presets = 1;
    campaign->everywhere = options->id_count > 0; /* both were asked for by name */
  } else if (at_campaign_take_presets(campaign, options->id_count == 0, failure) != 0) {
    return -1;
  }
  for (size_t k = 0; k < campaign->presets; k++)
    campaign->preset[k].precision = options->settings.precision;
  if (campaign->presets > 0) return 0;
  return at_fail(failure, "the named claims are not audited here: `attest claims` tells why");
}

static int allocate_deciders(struct audit *audit, struct at_failure *failure)
{
  const struct at_campaign *campaign = audit->campaign;
  audit->decider =
    calloc(campaign->presets * campaign->catalogue->count + 1, sizeof *audit->decider);
  return audit->decider != NULL ? 0 : at_fail(failure, "out of memory for the verdicts");
}

static int run_command(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_catalogue catalogue = {0};
  struct at_campaign campaign = {.catalogue = &catalogue};
  struct audit audit = {.options = options, .campaign = &campaign};
  int status = AT_EXIT_USAGE;
  at_table_init(&audit.runs, "lrlrrrrrrrrr", run_titles);
  if (at_catalogue_load(&catalogue, &failure) == 0 && choose(&campaign, options, &failure) == 0 &&
      (options->directory == NULL || at_directory_make(options->directory, &failure) == 0) &&
      allocate_deciders(&audit, &failure) == 0) {
    at_audit_report_init(&audit.json, &catalogue);
    status = audit_claims(&audit, &failure);
    at_audit_report_clear(&audit.json);
  }
  free(audit.decider);
  at_table_clear(&audit.runs);
  at_catalogue_free(&catalogue);
  return status == AT_EXIT_USAGE ? at_usage_error("%s", failure.line) : status;
}

const struct at_command at_command_audit = {
  "audit",
  AT_OPTIONS_AUDIT | AT_OPTIONS_REPORT,
  "[CLAIM...]",
  "judge claims over presets and seeds",
  "Judge the named claims (default: all) on the presets they are meant for, over several seeds.\v"
  "Columns: samples fitted after the first and the last step, the least margin and the attention "
  "on "
  "the signal after the last step, the certified test error.  A claim about probability needs 20 "
  "seeds whose draw meets its hypotheses; its interval is Clopper-Pearson's.  `refuted` is a "
  "result: it speaks of the reading that `attest claims` prints, never of a paper.",
  run_command};
