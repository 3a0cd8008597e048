/* SPDX-License-Identifier: Apache-2.0
 *
 * command_compare.c: `attest compare`, proved or derived bound beside measured error.
 */
#include <stdio.h>
#include <string.h>

#include "harness/audit/agreement.h"
#include "harness/audit/two_step.h"
#include "harness/program/commands.h"
#include "harness/program/progress.h"
#include "harness/report/json.h"
#include "harness/report/table.h"

static int print_rows(const struct at_agreement *agreement, const struct at_run *run,
                      struct at_failure *failure)
{
  static const char *const titles[] = {"step",        "quantity", "entries", "|fast-MPFR|",
                                       "ulp",         "from Arb", "ulp",     "bound",
                                       "bound/error", "worst at"};
  struct at_table table;
  at_table_init(&table, "rlrrrrrrrl", titles);
  for (size_t k = 0; k < agreement->rows; k++) {
    const struct at_agreement_row *row = &agreement->row[k];
    char place[64];
    at_agreement_place(place, sizeof place, row, run);
    at_table_cell(&table, "%zu", row->step);
    at_table_cell(&table, "%s", row->quantity);
    at_table_cell(&table, "%zu", row->entries);
    at_table_cell(&table, "%.2e", row->difference);
    at_table_cell(&table, "%.3g", row->difference_ulp);
    at_table_cell(&table, "%.2e", row->distance);
    at_table_cell(&table, "%.3g", row->distance_ulp);
    at_table_cell(&table, "%.2e", row->bound);
    if (row->difference > 0.0)
      at_table_cell(&table, "%.3g", row->ratio);
    else
      at_table_cell(&table, "exact");
    at_table_cell(&table, "%s", row->difference > 0.0 ? place : "-");
  }
  const int result = at_table_print(stdout, &table, 0, failure);
  at_table_clear(&table);
  return result;
}

static int compare(const struct at_options *options, struct at_run *run, struct at_failure *failure)
{
  struct at_agreement agreement;
  const bool to_stdout = options->json != NULL && strcmp(options->json, "-") == 0;
  FILE *stream = to_stdout ? stderr : stdout;
  if (at_agreement_init(&agreement, run, failure) != 0) return AT_EXIT_USAGE;
  int bad = options->quiet || to_stdout ? 0 : print_rows(&agreement, run, failure);
  if (bad == 0 && options->json != NULL)
    bad = at_report_run_json(options->json, run, &agreement, NULL, 0, failure);
  const bool agrees = agreement.agrees;
  if (bad == 0 && agrees)
    fprintf(
      stream,
      "compare: %zu rows, the kernel (binary64), MPFR (%ld bits) and Arb (%ld bits) agree%s\n",
      agreement.rows, run->settings.precision, (long)run->enclosure.precision,
      run->undecided ? "; something stayed undecided" : "");
  if (bad == 0 && !agrees) fprintf(stream, "compare: DISAGREE: %s\n", agreement.disagreement);
  at_agreement_clear(&agreement);
  if (bad != 0) return AT_EXIT_USAGE;
  if (!agrees) return AT_EXIT_CHECK;
  return run->undecided ? AT_EXIT_UNDECIDED : AT_EXIT_DONE;
}

static int run_command(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_run run;
  at_progress_start(!options->quiet);
  const int bad = at_run_init(&run, &options->settings, at_progress_show, &failure);
  at_progress_end();
  if (bad != 0) return at_usage_error("%s", failure.line);
  const int status = compare(options, &run, &failure);
  at_run_clear(&run);
  if (status == AT_EXIT_USAGE) return at_usage_error("%s", failure.line);
  return status;
}

const struct at_command at_command_compare = {
  "compare",
  AT_OPTIONS_DATA | AT_OPTIONS_DESCENT | AT_OPTIONS_REPORT,
  NULL,
  "hold the kernel against MPFR and Arb, with its error bound on these data",
  "Hold the kernel against MPFR and Arb on one run, quantity by quantity.\v"
  "Each row tells, for one quantity after one step, the largest difference between the kernel and "
  "the MPFR reference, its distance to the Arb enclosure, both absolute and in units in the last "
  "place, the error bound derived for these data at the worst entry, and their ratio.",
  run_command};
