/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the named quantities of a run (see quantities.h).
 * Main result: names, descriptions and values come from the same three lists, in the same order:
 * the setting, the two-step theorem with its levels, the measures after steps 1, 2 and the last.
 * Assumptions: as quantities.h. Test: tests/harness/audit/test_quantities.c.
 */
#include "harness/audit/quantities.h"

#include "harness/audit/promises.h"

#include <stdio.h>
#include <string.h>

struct words {
  const char *name, *description;
};

enum setting {
  SAMPLES,
  TOKENS,
  DIM,
  RHO,
  ETA,
  BETA,
  CLEAN,
  NOISY,
  NOISY_FRACTION,
  SNR,
  SAMPLES_SNR_SQUARED,
  DIM_OVER_SAMPLES,
  DIM_OVER_SAMPLES_SQUARED,
  DIM_OVER_SAMPLES_SQUARED_LOG,
  SETTINGS
};

static const struct words setting_words[SETTINGS] = {
  [SAMPLES] = {"samples", "n, training samples"},
  [TOKENS] = {"tokens", "T, tokens per sample"},
  [DIM] = {"dim", "D, the dimension the data stand for"},
  [RHO] = {"rho", "norm of the signal tokens"},
  [ETA] = {"eta", "probability that a training label is flipped"},
  [BETA] = {"beta", "step size"},
  [CLEAN] = {"clean", "training samples that kept their label"},
  [NOISY] = {"noisy", "training samples whose label is flipped"},
  [NOISY_FRACTION] = {"noisy_fraction", "noisy / n"},
  [SNR] = {"snr", "rho / sqrt(D)"},
  [SAMPLES_SNR_SQUARED] = {"samples_snr_squared", "n rho^2 / D"},
  [DIM_OVER_SAMPLES] = {"dim_over_samples", "D / n"},
  [DIM_OVER_SAMPLES_SQUARED] = {"dim_over_samples_squared", "D / n^2"},
  [DIM_OVER_SAMPLES_SQUARED_LOG] = {"dim_over_samples_squared_log", "D / (n^2 ln n)"}};

enum measure {
  FIT_ALL,
  FIT_CLEAN,
  FIT_NOISY,
  MIN_MARGIN,
  CLOSED_MIN_MARGIN,
  LOSS,
  CLEAN_ATTENTION_MIN,
  CLEAN_ATTENTION_MEAN,
  NOISY_ATTENTION_MAX,
  NOISY_ATTENTION_MEAN,
  TEST_ERROR,
  NEGLOG_TEST_ERROR,
  IMPLIED_CONSTANT,
  TEST_BOUND,
  TEST_SET_ERROR,
  MEASURES
};

static const struct words measure_words[MEASURES] = {
  [FIT_ALL] = {"fit_all", "share of the training labels that are fitted"},
  [FIT_CLEAN] = {"fit_clean", "share of the clean training labels that are fitted"},
  [FIT_NOISY] = {"fit_noisy", "share of the noisy training labels that are fitted"},
  [MIN_MARGIN] = {"min_margin", "least margin y f on the training set"},
  [CLOSED_MIN_MARGIN] = {"closed_min_margin", "the same from the Gram matrix, without descent"},
  [LOSS] = {"loss", "mean logistic loss on the training set"},
  [CLEAN_ATTENTION_MIN] = {"clean_attention_min", "least signal attention of a clean sample"},
  [CLEAN_ATTENTION_MEAN] = {"clean_attention_mean", "mean signal attention of clean samples"},
  [NOISY_ATTENTION_MAX] = {"noisy_attention_max", "largest signal attention of a noisy sample"},
  [NOISY_ATTENTION_MEAN] = {"noisy_attention_mean", "mean signal attention of noisy samples"},
  [TEST_ERROR] = {"test_error", "probability of a wrong clean label for a fresh sample"},
  [NEGLOG_TEST_ERROR] = {"neglog_test_error", "-ln test_error"},
  [IMPLIED_CONSTANT] = {"implied_constant", "the C for which test_error = exp(-D/(C n^2))"},
  [TEST_BOUND] = {"test_bound", "bound of test_error that needs no integral"},
  [TEST_SET_ERROR] = {"test_set_error", "share of the finite test set that is wrong"}};

enum moment { AFTER_ONE, AFTER_TWO, AFTER_LAST, MOMENTS };

static const char *const moment_names[MOMENTS] = {
  [AFTER_ONE] = "1", [AFTER_TWO] = "2", [AFTER_LAST] = "last"};

/* Where each list starts. */
enum {
  FIRST_HYPOTHESIS = SETTINGS,
  FIRST_LEVEL = FIRST_HYPOTHESIS + AT_HYPOTHESES,
  FIRST_MEASURE = FIRST_LEVEL + AT_LEVELS * AT_TERMS,
  QUANTITIES = FIRST_MEASURE + MOMENTS * MEASURES
};

size_t at_quantity_count(void)
{
  return QUANTITIES;
}

void at_quantity_name(char name[AT_QUANTITY_NAME], size_t index)
{
  if (index < FIRST_HYPOTHESIS) {
    (void)snprintf(name, AT_QUANTITY_NAME, "%s", setting_words[index].name);
  } else if (index < FIRST_LEVEL) {
    (void)snprintf(name, AT_QUANTITY_NAME, "%s",
                   at_hypothesis_name((enum at_hypothesis)(index - FIRST_HYPOTHESIS)));
  } else if (index < FIRST_MEASURE) {
    size_t at = index - FIRST_LEVEL;
    (void)snprintf(name, AT_QUANTITY_NAME, "%s.%s", at_level_name((enum at_level)(at / AT_TERMS)),
                   at_level_term_name((enum at_level_term)(at % AT_TERMS)));
  } else {
    size_t at = index - FIRST_MEASURE;
    (void)snprintf(name, AT_QUANTITY_NAME, "%s@%s", measure_words[at % MEASURES].name,
                   moment_names[at / MEASURES]);
  }
}

const char *at_quantity_description(size_t index)
{
  if (index < FIRST_HYPOTHESIS) {
    return setting_words[index].description;
  }
  if (index < FIRST_LEVEL) {
    return at_hypothesis_description((enum at_hypothesis)(index - FIRST_HYPOTHESIS));
  }
  if (index < FIRST_MEASURE) {
    return at_level_term_description((enum at_level_term)((index - FIRST_LEVEL) % AT_TERMS));
  }
  return measure_words[(index - FIRST_MEASURE) % MEASURES].description;
}

bool at_quantity_find(size_t *index, const char *name)
{
  char candidate[AT_QUANTITY_NAME];
  for (size_t k = 0; k < QUANTITIES; k++) {
    at_quantity_name(candidate, k);
    if (strcmp(candidate, name) == 0) {
      *index = k;
      return true;
    }
  }
  return false;
}

/* ---- the setting ---- */

static void setting_double(struct at_quantities *quantities, enum setting index, bool known,
                           double value)
{
  quantities->known[index] = known;
  arb_set_d(quantities->value + index, value);
}

static void setting_integer(struct at_quantities *quantities, enum setting index, bool known,
                            uint64_t value)
{
  quantities->known[index] = known;
  arb_set_ui(quantities->value + index, value);
}

/* z = x / y, known if both are. */
static void setting_quotient(struct at_quantities *quantities, enum setting z, enum setting x,
                             enum setting y)
{
  quantities->known[z] = quantities->known[x] && quantities->known[y];
  arb_div(quantities->value + z, quantities->value + x, quantities->value + y, AT_QUANTITY_BITS);
}

static void ratios_fill(struct at_quantities *quantities)
{
  arb_ptr value = quantities->value;
  setting_quotient(quantities, NOISY_FRACTION, NOISY, SAMPLES);
  setting_quotient(quantities, DIM_OVER_SAMPLES, DIM, SAMPLES);
  quantities->known[DIM_OVER_SAMPLES_SQUARED] = true;
  arb_div(value + DIM_OVER_SAMPLES_SQUARED, value + DIM_OVER_SAMPLES, value + SAMPLES,
          AT_QUANTITY_BITS);
  quantities->known[DIM_OVER_SAMPLES_SQUARED_LOG] = true;
  arb_log(value + DIM_OVER_SAMPLES_SQUARED_LOG, value + SAMPLES, AT_QUANTITY_BITS);
  arb_div(value + DIM_OVER_SAMPLES_SQUARED_LOG, value + DIM_OVER_SAMPLES_SQUARED,
          value + DIM_OVER_SAMPLES_SQUARED_LOG, AT_QUANTITY_BITS);
  quantities->known[SNR] = quantities->known[SAMPLES_SNR_SQUARED] = quantities->known[RHO];
  arb_sqrt(value + SNR, value + DIM, AT_QUANTITY_BITS);
  arb_div(value + SNR, value + RHO, value + SNR, AT_QUANTITY_BITS);
  arb_sqr(value + SAMPLES_SNR_SQUARED, value + RHO, AT_QUANTITY_BITS);
  arb_div(value + SAMPLES_SNR_SQUARED, value + SAMPLES_SNR_SQUARED, value + DIM_OVER_SAMPLES,
          AT_QUANTITY_BITS);
}

static void settings_fill(struct at_quantities *quantities, const struct at_run *run)
{
  const struct at_settings *settings = &run->settings;
  bool flips = settings->source != AT_SOURCE_GIVEN && !settings->fixed_noisy;
  bool labelled = run->data.clean_label != NULL;
  setting_integer(quantities, SAMPLES, true, run->data.samples);
  setting_integer(quantities, TOKENS, true, run->data.tokens);
  setting_integer(quantities, DIM, true, run->data.ambient_dim);
  setting_double(quantities, RHO, run->data.synthetic, run->data.rho);
  setting_double(quantities, ETA, flips, settings->eta);
  setting_double(quantities, BETA, true, settings->beta);
  setting_integer(quantities, CLEAN, labelled, run->clean);
  setting_integer(quantities, NOISY, labelled, run->noisy);
  ratios_fill(quantities);
}

/* ---- the two-step theorem ---- */

static void hypotheses_fill(struct at_quantities *quantities)
{
  const struct at_hypotheses *hypotheses = &quantities->hypotheses;
  if (hypotheses->obstacle != NULL) {
    return;
  }
  for (size_t k = 0; k < AT_HYPOTHESES; k++) {
    quantities->known[FIRST_HYPOTHESIS + k] = true;
    arb_set(quantities->value + FIRST_HYPOTHESIS + k, hypotheses->value + k);
  }
  for (size_t k = 0; k < AT_LEVELS * AT_TERMS; k++) {
    quantities->known[FIRST_LEVEL + k] = hypotheses->level_known[k / AT_TERMS];
    arb_set(quantities->value + FIRST_LEVEL + k, hypotheses->level[k / AT_TERMS] + k % AT_TERMS);
  }
}

/* ---- the measures ---- */

/* hits/of, or, with undecided samples, the interval from hits/of to (hits + undecided)/of. */
static void share_set(bool *known, arb_t value, const struct at_count *count)
{
  *known = count->of > 0;
  if (count->of == 0) {
    return;
  }
  arb_set_ui(value, count->hits);
  if (count->undecided > 0) {
    arb_t high;
    arb_init(high);
    arb_set_ui(high, count->hits + count->undecided);
    arb_union(value, value, high, AT_QUANTITY_BITS);
    arb_clear(high);
  }
  arb_div_ui(value, value, count->of, AT_QUANTITY_BITS);
}

static void number_set(bool *known, arb_t value, const struct at_number *number)
{
  *known = number->known;
  if (number->known) {
    arb_set(value, number->exact);
  }
}

/* -ln x of a ball within [0, 1]: infinite at exactly 0. */
static void neglog(arb_t y, const arb_t x)
{
  if (arb_is_zero(x)) {
    arb_pos_inf(y);
  } else {
    arb_log(y, x, AT_QUANTITY_BITS);
    arb_neg(y, y);
  }
}

static void errors_fill(bool *known, arb_ptr value, const struct at_step_report *report,
                        const arb_t dim_over_samples_squared)
{
  known[TEST_ERROR] = known[TEST_BOUND] = report->has_test_error;
  known[NEGLOG_TEST_ERROR] = known[IMPLIED_CONSTANT] = report->has_test_error;
  if (report->has_test_error) {
    arb_set(value + TEST_ERROR, report->test_error.error);
    arb_set(value + TEST_BOUND, report->test_bound.bound);
    neglog(value + NEGLOG_TEST_ERROR, value + TEST_ERROR);
    arb_div(value + IMPLIED_CONSTANT, dim_over_samples_squared, value + NEGLOG_TEST_ERROR,
            AT_QUANTITY_BITS);
  }
  if (report->has_test_count) {
    const struct at_test_count *count = &report->test_count;
    struct at_count wrong = {count->wrong, count->right + count->wrong + count->undecided,
                             count->undecided};
    share_set(&known[TEST_SET_ERROR], value + TEST_SET_ERROR, &wrong);
  }
}

static void closed_margin_fill(bool *known, arb_t value, const struct at_hypotheses *hypotheses,
                               size_t step)
{
  arb_srcptr margin = step == 1 ? hypotheses->margin_one : hypotheses->margin_two;
  *known = hypotheses->obstacle == NULL && step <= 2;
  if (*known) {
    arb_set(value, margin);
    for (size_t i = 1; i < hypotheses->samples; i++) {
      arb_min(value, value, margin + i, AT_QUANTITY_BITS);
    }
  }
}

static void measures_fill(struct at_quantities *quantities, const struct at_step_report *report,
                          enum moment moment)
{
  bool *known = quantities->known + FIRST_MEASURE + MEASURES * moment;
  arb_ptr value = quantities->value + FIRST_MEASURE + MEASURES * moment;
  share_set(&known[FIT_ALL], value + FIT_ALL, &report->fit_all);
  share_set(&known[FIT_CLEAN], value + FIT_CLEAN, &report->fit_clean);
  share_set(&known[FIT_NOISY], value + FIT_NOISY, &report->fit_noisy);
  number_set(&known[MIN_MARGIN], value + MIN_MARGIN, &report->min_margin);
  number_set(&known[LOSS], value + LOSS, &report->loss);
  number_set(&known[CLEAN_ATTENTION_MIN], value + CLEAN_ATTENTION_MIN,
             &report->clean_attention_min);
  number_set(&known[CLEAN_ATTENTION_MEAN], value + CLEAN_ATTENTION_MEAN,
             &report->clean_attention_mean);
  number_set(&known[NOISY_ATTENTION_MAX], value + NOISY_ATTENTION_MAX,
             &report->noisy_attention_max);
  number_set(&known[NOISY_ATTENTION_MEAN], value + NOISY_ATTENTION_MEAN,
             &report->noisy_attention_mean);
  closed_margin_fill(&known[CLOSED_MIN_MARGIN], value + CLOSED_MIN_MARGIN, &quantities->hypotheses,
                     report->step);
  errors_fill(known, value, report, quantities->value + DIM_OVER_SAMPLES_SQUARED);
}

/* ---- life ---- */

void at_quantities_init(struct at_quantities *quantities, const struct at_run *run)
{
  quantities->known = flint_calloc(QUANTITIES, sizeof *quantities->known);
  quantities->value = _arb_vec_init(QUANTITIES);
  quantities->promise = flint_calloc(QUANTITIES, sizeof *quantities->promise);
  quantities->contradiction[0] = '\0';
  for (size_t k = 0; k < QUANTITIES; k++) {
    arb_init(quantities->promise[k].value);
  }
  at_hypotheses_init(&quantities->hypotheses, &run->data, run->settings.beta, AT_QUANTITY_BITS);
  settings_fill(quantities, run);
  hypotheses_fill(quantities);
  for (size_t k = 0; k < run->steps && k < 2; k++) {
    measures_fill(quantities, &run->report[k], k == 0 ? AFTER_ONE : AFTER_TWO);
  }
  if (run->steps > 0) {
    measures_fill(quantities, &run->report[run->steps - 1], AFTER_LAST);
  }
  at_promises_fill(quantities, run->clean, run->noisy);
}

void at_quantities_clear(struct at_quantities *quantities)
{
  at_hypotheses_clear(&quantities->hypotheses);
  _arb_vec_clear(quantities->value, QUANTITIES);
  for (size_t k = 0; k < QUANTITIES; k++) {
    arb_clear(quantities->promise[k].value);
  }
  flint_free(quantities->promise);
  flint_free(quantities->known);
  quantities->promise = NULL;
  quantities->known = NULL;
  quantities->value = NULL;
}
