/* SPDX-License-Identifier: Apache-2.0
 *
 * command_two_step.c: `attest two-step`, one run with its certified numbers.
 */
#include <stdio.h>
#include <string.h>

#include "harness/audit/agreement.h"
#include "harness/audit/two_step.h"
#include "harness/audit/verdicts.h"
#include "harness/program/commands.h"
#include "harness/program/pictures.h"
#include "harness/program/progress.h"
#include "harness/program/save.h"
#include "harness/program/summary.h"
#include "harness/report/csv.h"
#include "harness/report/json.h"

static int write_files(const struct at_options *options, const struct at_run *run,
                       const struct at_agreement *agreement, const struct at_verdicts *verdicts,
                       struct at_failure *failure)
{
  if (options->save != NULL && at_run_save(options->save, run, failure) != 0) return -1;
  if (options->csv != NULL && at_report_csv(options->csv, run, failure) != 0) return -1;
  if (options->svg != NULL && at_pictures_draw(options->svg, run, failure) != 0) return -1;
  if (options->json == NULL) return 0;
  return at_report_run_json(options->json, run, agreement, verdicts->judgement, verdicts->count,
                            failure);
}

static int print_run(const struct at_run *run, const struct at_verdicts *verdicts,
                     struct at_failure *failure)
{
  at_summary_settings(&run->settings, &run->data);
  if (at_summary_steps(run, failure) != 0) return -1;
  puts("\nclaims on this one draw (`attest claims` gives the readings):");
  return at_summary_verdicts(verdicts, failure);
}

/* The last line and the exit status; on standard error when standard output carries a file. */
static int conclude(FILE *stream, const struct at_run *run, const struct at_agreement *agreement)
{
  const struct at_step_report *last = &run->report[run->steps - 1];
  if (!agreement->agrees) {
    fprintf(stream, "two-step: the paths DISAGREE: %s\n", agreement->disagreement);
    return AT_EXIT_CHECK;
  }
  fprintf(stream,
          "two-step: after %zu steps %zu of %zu labels are fitted; kernel, MPFR and Arb agree%s\n",
          last->step, last->fit_all.hits, last->fit_all.of,
          run->undecided ? "; something stayed undecided" : "");
  return run->undecided ? AT_EXIT_UNDECIDED : AT_EXIT_DONE;
}

static bool writes_stdout(const struct at_options *options)
{
  return (options->json != NULL && strcmp(options->json, "-") == 0) ||
         (options->csv != NULL && strcmp(options->csv, "-") == 0);
}

/* Verdicts and agreement, the promises of the theorems among them. */
static int judge(struct at_agreement *agreement, struct at_verdicts *verdicts,
                 struct at_catalogue *catalogue, const struct at_run *run,
                 struct at_failure *failure)
{
  if (at_catalogue_load(catalogue, failure) != 0 ||
      at_verdicts_init(verdicts, catalogue, run, failure) != 0 ||
      at_agreement_init(agreement, run, failure) != 0)
    return -1;
  at_agreement_note(agreement, verdicts->contradiction);
  return 0;
}

static int report(const struct at_options *options, const struct at_run *run,
                  struct at_failure *failure)
{
  struct at_agreement agreement = {0};
  struct at_catalogue catalogue = {0};
  struct at_verdicts verdicts = {0};
  const bool to_stdout = writes_stdout(options);
  int status = AT_EXIT_USAGE;
  if (judge(&agreement, &verdicts, &catalogue, run, failure) == 0 &&
      write_files(options, run, &agreement, &verdicts, failure) == 0 &&
      (options->quiet || to_stdout || print_run(run, &verdicts, failure) == 0))
    status = conclude(to_stdout ? stderr : stdout, run, &agreement);
  at_agreement_clear(&agreement);
  at_verdicts_clear(&verdicts);
  at_catalogue_free(&catalogue);
  return status;
}

static int run_command(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_run run;
  at_progress_start(!options->quiet);
  const int bad = at_run_init(&run, &options->settings, at_progress_show, &failure);
  at_progress_end();
  if (bad != 0) return at_usage_error("%s", failure.line);
  const int status = report(options, &run, &failure);
  at_run_clear(&run);
  return status == AT_EXIT_USAGE ? at_usage_error("%s", failure.line) : status;
}

const struct at_command at_command_two_step = {
  "two-step",
  AT_OPTIONS_DATA | AT_OPTIONS_DESCENT | AT_OPTIONS_OUTPUT | AT_OPTIONS_SAVE | AT_OPTIONS_REPORT,
  NULL,
  "one run of gradient descent from zero, with certified numbers",
  "Descend from zero on the single-head model, seen by the kernel, MPFR and Arb at once.\v"
  "Without options the preset is fig1.  Synthetic data have one signal token and T - 1 Gaussian "
  "noise tokens a sample; --tokens and --labels take data of your own.  Attention columns give "
  "the "
  "softmax weight of the signal token; the test error is the probability of a wrong clean label "
  "for "
  "a fresh sample, certified by integration for T = 2, else counted on a test set with its 95 % "
  "Clopper-Pearson interval.",
  run_command};
