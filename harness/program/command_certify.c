/* SPDX-License-Identifier: Apache-2.0
 *
 * command_certify.c: `attest certify`, what the theorems guarantee for one data set and step size.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/audit/certificate.h"
#include "harness/audit/source.h"
#include "harness/program/chance.h"
#include "harness/program/commands.h"
#include "harness/program/progress.h"
#include "harness/program/save.h"
#include "harness/program/summary.h"
#include "harness/report/certificate_json.h"
#include "harness/report/table.h"

enum { BALL_TEXT = 64, ROWS = AT_THEOREMS * AT_MAX_CONDITIONS };

/* ---- the quantities ---- */

static void put_ball(struct at_table *table, const arb_t ball)
{
  char text[BALL_TEXT];
  at_summary_ball(text, sizeof text, ball);
  at_table_cell(table, "%s", text);
}

static int print_quantities(const struct at_certificate *certificate, struct at_failure *failure)
{
  static const char *const titles[] = {"quantity", "value", "meaning"};
  static const char *const kinds[] = {"clean, class +1", "noisy, class +1", "clean, class -1",
                                      "noisy, class -1"};
  struct at_table table;
  at_table_init(&table, "lrl", titles);
  for (int k = 0; k < AT_HYPOTHESES; k++) {
    at_table_cell(&table, "%s", at_hypothesis_name((enum at_hypothesis)k));
    put_ball(&table, certificate->hypotheses.value + k);
    at_table_cell(&table, "%s", at_hypothesis_description((enum at_hypothesis)k));
  }
  for (size_t s = 0; s < AT_SETS; s++) {
    char text[2][BALL_TEXT];
    at_summary_ball(text[0], BALL_TEXT, certificate->signed_most + s);
    at_summary_ball(text[1], BALL_TEXT, certificate->absolute_most + s);
    at_table_cell(&table, "row sums");
    at_table_cell(&table, "%s, %s", text[0], text[1]);
    at_table_cell(&table, "%s (%zu samples): largest |sum| and sum of ||", kinds[s],
                  certificate->gram.size[s]);
  }
  const int bad = at_table_print(stdout, &table, 2, failure);
  at_table_clear(&table);
  return bad;
}

/* ---- the conditions, the most violated first ---- */

struct row {
  enum at_theorem theorem;
  const struct at_condition *condition;
};

static int order(const void *left, const void *right)
{
  const struct row *a = left;
  const struct row *b = right;
  if (a->condition->known != b->condition->known) return a->condition->known ? -1 : 1;
  const int sign = arf_cmp(arb_midref(a->condition->slack), arb_midref(b->condition->slack));
  return sign != 0 ? sign : (a > b) - (a < b);
}

static int print_conditions(const struct at_certificate *certificate, struct at_failure *failure)
{
  static const char *const titles[] = {"slack", "holds", "theorem", "condition"};
  static const char *const answers[] = {[AT_NO] = "no", [AT_YES] = "yes", [AT_MAYBE] = "open"};
  struct row row[ROWS];
  size_t rows = 0;
  struct at_table table;
  for (int k = 0; k < AT_THEOREMS; k++)
    for (size_t c = 0; c < certificate->check[k].count; c++)
      row[rows++] = (struct row){(enum at_theorem)k, &certificate->check[k].condition[c]};
  qsort(row, rows, sizeof row[0], order);
  at_table_init(&table, "rlll", titles);
  for (size_t k = 0; k < rows; k++) {
    const struct at_condition *condition = row[k].condition;
    if (condition->known)
      put_ball(&table, condition->slack);
    else
      at_table_cell(&table, "-");
    at_table_cell(&table, "%s", condition->known ? answers[condition->answer] : "moot");
    at_table_cell(&table, "%s", at_theorem_name(row[k].theorem));
    at_table_cell(&table, "%s", condition->text);
  }
  const int bad = at_table_print(stdout, &table, 2, failure);
  at_table_clear(&table);
  return bad;
}

/* ---- what is guaranteed ---- */

static void print_test_points(const struct at_guarantee *guarantee)
{
  char omega[BALL_TEXT];
  char pi[BALL_TEXT];
  char value[BALL_TEXT];
  char score[BALL_TEXT];
  at_summary_ball(omega, sizeof omega, guarantee->omega);
  at_summary_ball(pi, sizeof pi, guarantee->pi);
  at_summary_ball(value, sizeof value, guarantee->value_exponent);
  at_summary_ball(score, sizeof score, guarantee->score_exponent);
  if (guarantee->steps == 1)
    printf(
      "    test points (mu_k, xi) with eps_k <v, xi> >= -t omega get their clean label after one"
      " step,\n    omega = %s; a fresh Gaussian xi fails with probability at most exp(-%s)/2\n",
      omega, value);
  else
    printf(
      "    test points (mu_k, xi) with eps_k <v, xi> >= -t omega and <p, xi> <= t^2 pi get their"
      " clean label\n    after two steps, omega = %s, pi = %s; a fresh Gaussian xi fails with"
      " probability\n    at most exp(-%s)/2 + exp(-%s)/2\n",
      omega, pi, value, score);
}

static void print_guarantee(const struct at_theorem_check *check, enum at_theorem theorem)
{
  const struct at_guarantee *guarantee = &check->guarantee;
  printf("\n  theorem %s applies:\n", at_theorem_name(theorem));
  if (theorem == AT_THEOREM_ONE_STEP) {
    puts("    after one step every label is fitted, whatever the step size");
  } else {
    char noisy[BALL_TEXT];
    at_summary_ball(noisy, sizeof noisy, guarantee->noisy_attention);
    puts("    after one step every clean label is fitted and no noisy one\n"
         "    after two steps every label is fitted");
    printf("    no noisy sample then has attention above %s on its signal; clean ones: %s\n", noisy,
           guarantee->half_attention ? "at least 1/2" : "nothing is said");
  }
  print_test_points(guarantee);
}

/* What would have to change, one line a quantity. */
static void print_advice(const struct at_certificate *certificate,
                         const struct at_settings *settings)
{
  static const char *const names[] = {[AT_CHANGE_BETA] = "step size beta",
                                      [AT_CHANGE_RHO] = "signal norm rho",
                                      [AT_CHANGE_SCALE] = "dimension D"};
  puts("\n  no theorem applies; with the Gram statistics above and all else kept, one would at:");
  for (int k = 0; k < AT_CHANGES; k++) {
    const double rho_squared = arf_get_d(arb_midref(certificate->gram.ratio), ARF_RND_NEAR);
    double factor;
    enum at_theorem theorem;
    if (!at_certificate_advise(&factor, &theorem, certificate, (enum at_change)k)) {
      printf("    %-15s  nowhere between 1/256 and 256 times its value\n", names[k]);
      continue;
    }
    printf("    %-15s  %.6g times its value", names[k], factor);
    if (k == AT_CHANGE_BETA) printf(", %.6g", factor * settings->beta);
    if (k == AT_CHANGE_RHO && rho_squared > 0.0 && certificate->data->synthetic)
      printf(", %.6g", factor * certificate->data->rho);
    if (k == AT_CHANGE_SCALE && certificate->data->synthetic)
      printf(", %.6g", factor * (double)certificate->data->ambient_dim);
    printf(" (theorem %s)\n", at_theorem_name(theorem));
  }
}

static int print_certificate(const struct at_certificate *certificate,
                             const struct at_settings *settings, struct at_failure *failure)
{
  at_summary_settings(settings, certificate->data);
  if (print_quantities(certificate, failure) != 0) return -1;
  puts("");
  if (print_conditions(certificate, failure) != 0) return -1;
  for (int k = 0; k < AT_THEOREMS; k++)
    if (certificate->check[k].applies == AT_YES)
      print_guarantee(&certificate->check[k], (enum at_theorem)k);
  if (at_certificate_best(certificate) == AT_THEOREMS) print_advice(certificate, settings);
  puts("");
  return 0;
}

/* ---- the command ---- */

/* The last line and the exit status. */
static int conclude(FILE *stream, const struct at_certificate *certificate)
{
  const enum at_theorem best = at_certificate_best(certificate);
  const size_t samples = certificate->gram.samples;
  if (certificate->contradiction[0] != '\0') {
    fprintf(stream, "certify: CONTRADICTION: %s is not what the theorem says\n",
            certificate->contradiction);
    return AT_EXIT_CHECK;
  }
  if (best == AT_THEOREMS) {
    fprintf(stream, "certify: no theorem applies%s\n",
            certificate->undecided ? "; a condition stayed undecided" : "");
    return certificate->undecided ? AT_EXIT_UNDECIDED : AT_EXIT_DONE;
  }
  fprintf(stream, "certify: theorem %s applies: %s fit%s all %zu labels\n", at_theorem_name(best),
          best == AT_THEOREM_ONE_STEP ? "one step" : "two steps",
          best == AT_THEOREM_ONE_STEP ? "s" : "", samples);
  return AT_EXIT_DONE;
}

static int report(const struct at_options *options, const struct at_certificate *certificate,
                  struct at_failure *failure)
{
  const bool to_stdout = options->json != NULL && strcmp(options->json, "-") == 0;
  if (options->save != NULL && at_data_save(options->save, certificate->data, failure) != 0)
    return AT_EXIT_USAGE;
  if (options->json != NULL && certificate->contradiction[0] == '\0' &&
      at_report_certificate_json(options->json, certificate, failure) != 0)
    return AT_EXIT_USAGE;
  if (!options->quiet && !to_stdout &&
      print_certificate(certificate, &options->settings, failure) != 0)
    return AT_EXIT_USAGE;
  return conclude(to_stdout ? stderr : stdout, certificate);
}

static int run_command(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_token_data data;
  struct at_token_data test;
  struct at_certificate certificate;
  if (options->chance) return at_chance_run(options);
  if (options->svg != NULL || options->seeds > 0)
    return at_usage_error("--svg and --seeds go with --chance: give it too");
  at_progress_start(!options->quiet);
  at_progress_show("token data", 0.0);
  const int bad = at_source_open(&data, &test, &options->settings, &failure);
  if (bad == 0) at_progress_show("Gram matrix and theorems", 0.2);
  if (bad == 0) at_certificate_init(&certificate, &data, options->settings.beta);
  at_progress_end();
  if (bad != 0) return at_usage_error("%s", failure.line);
  int status = AT_EXIT_USAGE;
  if (certificate.obstacle != NULL)
    at_fail(&failure,
            "no theorem speaks about these data: %s; wanted are two tokens a sample, first one of "
            "two orthogonal signals of equal norm, then noise orthogonal to both, and clean labels",
            certificate.obstacle);
  else
    status = report(options, &certificate, &failure);
  at_certificate_clear(&certificate);
  at_token_data_free(&data);
  at_token_data_free(&test);
  return status == AT_EXIT_USAGE ? at_usage_error("%s", failure.line) : status;
}

const struct at_command at_command_certify = {
  "certify",
  AT_OPTIONS_DATA | AT_OPTIONS_SAVE | AT_OPTIONS_REPORT | AT_OPTIONS_CHANCE,
  NULL,
  "what the theorems guarantee for one data set and step size",
  "Decide in balls which theorem about the first two steps applies, and tell what it guarantees.\v"
  "Without options the preset is fig1.  Data of one's own need --clean-labels, and the signal as "
  "the first of two tokens a sample.  --json writes a certificate that `attest-check CERTIFICATE "
  "DIR` verifies from the data alone, as --save DIR writes them.  --chance draws no picture of one "
  "data set but bounds the probability that a theorem does not apply, beside draws.",
  run_command};
