/* SPDX-License-Identifier: Apache-2.0
 *
 * chance.c: `attest certify --chance`: one setting, or with --svg a grid of n and D around it.
 */
#include "harness/program/chance.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/audit/chance.h"
#include "harness/enclosure/decimal.h"
#include "harness/program/progress.h"
#include "harness/program/save.h"
#include "harness/program/summary.h"
#include "harness/report/chance_json.h"
#include "harness/report/number.h"
#include "harness/report/plot_chance.h"
#include "harness/report/table.h"

/* n/4, n/2, n and D/16, D/4, D, 4D, 16D. */
enum { SIZES = 3, DIMS = 5, GRID = SIZES * DIMS, DEFAULT_DRAWS = 20, DIGITS = 3 };

/* All that is evaluated; the setting asked for is chance[asked]. */
struct chances {
  struct at_chance chance[GRID];
  size_t count, asked, planned;
};

/* Which of the planned settings is under way: there is one terminal. */
static struct {
  size_t done, planned;
} work;

static void show_progress(double done)
{
  at_progress_show("bounds and draws", ((double)work.done + done) / (double)work.planned);
}

/* ---- tables ---- */

/* The upper end of a ball, which is what is proved: "1.23e-45", "10^-2561.4". */
static void bound_text(char text[AT_DECIMAL_SIZE], const arb_t ball)
{
  struct at_decimal decimal;
  double low, high;
  at_decimal_set(&decimal, ball, DIGITS);
  at_number_log10(&low, &high, ball);
  if (decimal.has_log10)
    snprintf(text, AT_DECIMAL_SIZE, "10^%.1f", ceil(10.0 * high) / 10.0);
  else
    snprintf(text, AT_DECIMAL_SIZE, "%s", high < 0.0 ? decimal.upper : "1");
}

static void put_bound(struct at_table *table, const arb_t ball)
{
  char text[AT_DECIMAL_SIZE];
  bound_text(text, ball);
  at_table_cell(table, "%s", text);
}

/* "3/20" and the interval; index as in at_chance_interval. */
static int put_frequency(struct at_table *table, const struct at_chance *chance, int index,
                         struct at_failure *failure)
{
  char text[AT_INTERVAL_SIZE];
  double lower, upper;
  if (at_chance_interval(&lower, &upper, chance, index, AT_CHANCE_CONFIDENCE, failure) != 0)
    return -1;
  at_summary_interval(text, lower, upper);
  at_table_cell(table, "%zu/%zu", chance->failing[index] + chance->open[index], chance->draws);
  at_table_cell(table, "%s", text);
  return 0;
}

/* One row per theorem: the bound, its parts, the frequency. */
static int print_setting(const struct at_chance *chance, struct at_failure *failure)
{
  static const char *const titles[] = {
    "theorem", "fails at most", "counts", "epsilon", "tau", "X", "Y", "draws", "95 % interval"};
  struct at_table table;
  int bad = 0;
  at_table_init(&table, "lrrrrrrrl", titles);
  for (int k = 0; k < AT_THEOREMS && bad == 0; k++) {
    at_table_cell(&table, "%s", at_theorem_name((enum at_theorem)k));
    if (k == AT_THEOREM_ROW_SUMS)
      for (int p = 0; p <= AT_FAILURE_PARTS; p++) at_table_cell(&table, "-");
    else {
      put_bound(&table, chance->bound[k].delta);
      for (int p = 0; p < AT_FAILURE_PARTS; p++) put_bound(&table, chance->bound[k].part + p);
    }
    bad = put_frequency(&table, chance, k, failure);
  }
  if (bad == 0) bad = at_table_print(stdout, &table, 2, failure);
  at_table_clear(&table);
  if (bad == 0 && chance->refused > 0)
    printf("  %zu of the seeds leave a class too few samples: they count as failures\n",
           chance->refused);
  return bad;
}

static int print_grid(const struct chances *chances, struct at_failure *failure)
{
  static const char *const titles[] = {"n",        "D",          "rho",          "beta",
                                       "one-step", "C1",         "C2",           "parametric",
                                       "least",    "no theorem", "95 % interval"};
  static const enum at_theorem shown[] = {AT_THEOREM_ONE_STEP, AT_THEOREM_C1, AT_THEOREM_C2,
                                          AT_THEOREM_PARAMETRIC};
  struct at_table table;
  int bad = 0;
  arb_t least;
  arb_init(least);
  at_table_init(&table, "rrrrrrrrrrl", titles);
  for (size_t c = 0; c < chances->count && bad == 0; c++) {
    const struct at_chance *chance = &chances->chance[c];
    at_table_cell(&table, "%zu", chance->settings.samples);
    at_table_cell(&table, "%" PRIu64, chance->settings.dim);
    at_table_cell(&table, "%.4g", chance->settings.rho);
    at_table_cell(&table, "%.4g", chance->settings.beta);
    for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++)
      put_bound(&table, chance->bound[shown[k]].delta);
    at_chance_delta(least, chance, AT_THEOREMS);
    put_bound(&table, least);
    bad = put_frequency(&table, chance, AT_THEOREMS, failure);
  }
  puts("\n  at the same q and t, other n and D: bounds on the probability that a theorem does not"
       " apply,\n  and how many draws no theorem applies to");
  if (bad == 0) bad = at_table_print(stdout, &table, 2, failure);
  at_table_clear(&table);
  arb_clear(least);
  return bad;
}

static int print_all(const struct chances *chances, struct at_failure *failure)
{
  const struct at_chance *asked = &chances->chance[chances->asked];
  const struct at_settings *s = &asked->settings;
  printf("%s: n = %zu, T = 2, D = %" PRIu64 ", rho = %g, ", s->preset, s->samples, s->dim, s->rho);
  if (s->fixed_noisy)
    printf("%zu noisy per class, ", s->noisy_per_class);
  else
    printf("eta = %g, ", s->eta);
  printf("%sbeta = %g; seeds %" PRIu64 " to %" PRIu64 "\n", s->balanced ? "balanced, " : "",
         s->beta, s->seed, s->seed + (asked->draws - 1));
  if (print_setting(asked, failure) != 0) return -1;
  if (chances->count > 1 && print_grid(chances, failure) != 0) return -1;
  puts("");
  return 0;
}

/* ---- evaluation ---- */

static int add(struct chances *chances, const struct at_settings *settings, size_t draws,
               struct at_failure *failure)
{
  const int bad =
    at_chance_init(&chances->chance[chances->count++], settings, draws, show_progress, failure);
  work.done++;
  return bad;
}

/* The settings to evaluate, by n, then D; *asked: the one that is given. */
static size_t plan(struct at_settings *settings, size_t *asked, const struct at_options *options)
{
  const struct at_settings *own = &options->settings;
  size_t count = 0;
  if (options->svg == NULL) {
    settings[0] = *own;
    *asked = 0;
    return 1;
  }
  for (size_t i = SIZES; i-- > 0;)
    for (int j = -2; j <= 2; j++) {
      const bool own_place = i == 0 && j == 0;
      const uint64_t dim = j < 0 ? own->dim >> (-2 * j) : own->dim << (2 * j);
      const bool fits = j <= 0 || own->dim <= (UINT64_MAX >> 8);
      if (own_place) *asked = count;
      if (own_place)
        settings[count++] = *own;
      else if (fits && at_chance_scale(&settings[count], own, own->samples >> i, dim))
        count++;
    }
  return count;
}

/* The last line and the exit status. */
static int conclude(FILE *stream, const struct chances *chances)
{
  const struct at_chance *asked = &chances->chance[chances->asked];
  int index, best = 0;
  char text[AT_DECIMAL_SIZE];
  for (size_t c = 0; c < chances->count; c++)
    if (at_chance_contradicted(&index, &chances->chance[c])) {
      fprintf(stream,
              "chance: CONTRADICTION: %zu of %zu draws fail (%s, n = %zu, D = %" PRIu64 ")\n",
              chances->chance[c].failing[index], chances->chance[c].draws,
              index == AT_THEOREMS ? "every theorem" : at_theorem_name((enum at_theorem)index),
              chances->chance[c].settings.samples, chances->chance[c].settings.dim);
      return AT_EXIT_CHECK;
    }
  for (int k = 1; k < AT_THEOREMS; k++)
    if (arf_cmp(arb_midref(asked->bound[k].delta), arb_midref(asked->bound[best].delta)) < 0)
      best = k;
  bound_text(text, asked->bound[best].delta);
  if (arf_cmp_si(arb_midref(asked->bound[best].delta), 1) >= 0)
    fprintf(stream, "chance: no theorem has a bound below 1\n");
  else
    fprintf(stream, "chance: theorem %s fails to apply with probability at most %s\n",
            at_theorem_name((enum at_theorem)best), text);
  return AT_EXIT_DONE;
}

static int report(const struct at_options *options, const struct chances *chances,
                  struct at_failure *failure)
{
  const bool to_stdout = options->json != NULL && strcmp(options->json, "-") == 0;
  if (options->svg != NULL) {
    char path[4096];
    snprintf(path, sizeof path, "%.4000s/chance.svg", options->svg);
    if (at_directory_make(options->svg, failure) != 0 ||
        at_plot_chance(path, chances->chance, chances->count, failure) != 0)
      return AT_EXIT_USAGE;
  }
  if (options->json != NULL &&
      at_report_chance_json(options->json, chances->chance, chances->count, failure) != 0)
    return AT_EXIT_USAGE;
  if (!options->quiet && !to_stdout && print_all(chances, failure) != 0) return AT_EXIT_USAGE;
  return conclude(to_stdout ? stderr : stdout, chances);
}

int at_chance_run(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_settings settings[GRID];
  struct chances chances = {.count = 0};
  const size_t draws = options->seeds > 0 ? options->seeds : DEFAULT_DRAWS;
  int status = AT_EXIT_USAGE;
  if (options->save != NULL)
    return at_usage_error("option '--save' does not apply: --chance is about no data set");
  chances.planned = plan(settings, &chances.asked, options);
  work.done = 0;
  work.planned = chances.planned;
  at_progress_start(!options->quiet);
  bool good = true;
  for (size_t k = 0; k < chances.planned && good; k++)
    good = add(&chances, &settings[k], draws, &failure) == 0;
  at_progress_end();
  if (good) status = report(options, &chances, &failure);
  for (size_t k = 0; k < chances.count; k++) at_chance_clear(&chances.chance[k]);
  return status == AT_EXIT_USAGE ? at_usage_error("%s", failure.line) : status;
}
