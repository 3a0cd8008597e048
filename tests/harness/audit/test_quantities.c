/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of the named quantities (harness/audit/quantities.c).
 * Main result: names are unique and found, values agree with what they are made from, and what a
 * run does not have is unknown.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <string.h>

#include "harness/audit/quantities.h"
#include "tests/suites.h"

/* ---- a run filled by hand: four samples on two axes, one flipped label, orthogonal noise ---- */

struct hand {
  struct at_run run;
  struct at_step_report report[2];
};

static void number_init(struct at_number *number, bool known, double value)
{
  number->known = known;
  number->fast = value;
  arb_init(number->exact);
  arb_set_d(number->exact, value);
}

static void report_init(struct at_step_report *report, size_t step)
{
  memset(report, 0, sizeof *report);
  report->step = step;
  report->fit_all = (struct at_count){3, 4, 0};
  report->fit_clean = (struct at_count){3, 3, 0};
  report->fit_noisy = (struct at_count){0, 1, 1};
  number_init(&report->min_margin, true, -0.5);
  number_init(&report->loss, true, 0.25);
  number_init(&report->clean_attention_min, true, 0.625);
  number_init(&report->clean_attention_mean, true, 0.75);
  number_init(&report->noisy_attention_max, true, 0.125);
  number_init(&report->noisy_attention_mean, false, 0.0);
  at_test_error_init(&report->test_error);
  at_test_error_init(&report->test_error_fast);
  at_conditional_bound_init(&report->test_bound);
  report->has_test_error = true;
  arb_set_d(report->test_error.error, step == 1 ? 0.25 : 0.0);
  arb_set_d(report->test_bound.bound, 0.5);
}

static void report_clear(struct at_step_report *report)
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

static void hand_init(struct hand *hand)
{
  struct at_failure failure = {""};
  struct at_run *run = &hand->run;
  memset(hand, 0, sizeof *hand);
  at_settings_default(&run->settings);
  run->settings.beta = 0.25;
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(&run->data, 4, 2, 6, true, &failure), 0);
  run->data.synthetic = true;
  run->data.rho = 8.0;
  run->data.ambient_dim = 64;
  for (size_t i = 0; i < 4; i++) {
    at_token_row(&run->data, i, 0)[i % 2] = 8.0;
    at_token_row(&run->data, i, 1)[2 + i] = 8.0;
    run->data.clean_label[i] = i % 2 == 0 ? 1.0 : -1.0;
    run->data.label[i] = i == 3 ? 1.0 : run->data.clean_label[i];
  }
  run->clean = 3;
  run->noisy = 1;
  run->steps = 2;
  run->report = hand->report;
  report_init(&hand->report[0], 1);
  report_init(&hand->report[1], 2);
}

static void hand_clear(struct hand *hand)
{
  report_clear(&hand->report[0]);
  report_clear(&hand->report[1]);
  at_token_data_free(&hand->run.data);
}

static bool is_known(const struct at_quantities *quantities, const char *name)
{
  size_t index = 0;
  CU_ASSERT_TRUE_FATAL(at_quantity_find(&index, name));
  return quantities->known[index];
}

/* Whether the quantity is known and its ball holds `value` within a relative 2^-40. */
static bool is_near(const struct at_quantities *quantities, const char *name, double value)
{
  size_t index = 0;
  if (!at_quantity_find(&index, name) || !quantities->known[index]) {
    return false;
  }
  double found = arf_get_d(arb_midref(quantities->value + index), ARF_RND_NEAR);
  return isinf(value) ? isinf(found) : fabs(found - value) <= 0x1p-40 * fabs(value);
}

static void test_names_are_unique(void)
{
  char name[AT_QUANTITY_NAME];
  for (size_t k = 0; k < at_quantity_count(); k++) {
    size_t found = 0;
    at_quantity_name(name, k);
    CU_ASSERT_TRUE(strlen(name) > 0 && strlen(name) < AT_QUANTITY_NAME - 1);
    CU_ASSERT_TRUE(at_quantity_find(&found, name));
    CU_ASSERT_EQUAL(found, k);
    CU_ASSERT_TRUE(strlen(at_quantity_description(k)) > 0);
  }
  size_t untouched = 7;
  CU_ASSERT_FALSE(at_quantity_find(&untouched, "fit_all"));
  CU_ASSERT_FALSE(at_quantity_find(&untouched, "fit_all@3"));
  CU_ASSERT_FALSE(at_quantity_find(&untouched, ""));
  CU_ASSERT_EQUAL(untouched, 7);
}

static void test_values_of_a_hand_made_run(void)
{
  struct hand hand;
  struct at_quantities quantities;
  hand_init(&hand);
  at_quantities_init(&quantities, &hand.run);
  CU_ASSERT_TRUE(is_near(&quantities, "samples", 4.0));
  CU_ASSERT_TRUE(is_near(&quantities, "dim", 64.0));
  CU_ASSERT_TRUE(is_near(&quantities, "snr", 1.0));
  CU_ASSERT_TRUE(is_near(&quantities, "samples_snr_squared", 4.0));
  CU_ASSERT_TRUE(is_near(&quantities, "dim_over_samples_squared", 4.0));
  CU_ASSERT_TRUE(is_near(&quantities, "dim_over_samples_squared_log", 4.0 / log(4.0)));
  CU_ASSERT_TRUE(is_near(&quantities, "noisy_fraction", 0.25));
  CU_ASSERT_TRUE(is_near(&quantities, "t", 1.0));
  CU_ASSERT_TRUE(is_near(&quantities, "q_most", 2.0));
  CU_ASSERT_TRUE(is_near(&quantities, "q_least", 0.0));
  CU_ASSERT_TRUE(is_near(&quantities, "fit_all@1", 0.75));
  CU_ASSERT_TRUE(is_near(&quantities, "fit_clean@2", 1.0));
  CU_ASSERT_TRUE(is_near(&quantities, "min_margin@2", -0.5));
  CU_ASSERT_TRUE(is_near(&quantities, "test_error@1", 0.25));
  CU_ASSERT_TRUE(is_near(&quantities, "neglog_test_error@1", log(4.0)));
  CU_ASSERT_TRUE(is_near(&quantities, "implied_constant@1", 4.0 / log(4.0)));
  CU_ASSERT_TRUE(is_near(&quantities, "neglog_test_error@2", INFINITY));
  CU_ASSERT_TRUE(is_near(&quantities, "neglog_test_error@last", INFINITY));
  /* Orthogonal noise of squared norm D: A = 1; the margins after one step are (t/2)(1 + q_k) on
   * clean and (t/2)(1 - q_k) on noisy samples, q_1 = 2, q_2 = 0: the least is t/2. */
  CU_ASSERT_TRUE(is_near(&quantities, "closed_min_margin@1", 0.5));
  at_quantities_clear(&quantities);
  hand_clear(&hand);
}

static void test_an_undecided_sample_widens_the_share(void)
{
  struct hand hand;
  struct at_quantities quantities;
  size_t index = 0;
  hand_init(&hand);
  at_quantities_init(&quantities, &hand.run);
  CU_ASSERT_TRUE_FATAL(at_quantity_find(&index, "fit_noisy@1"));
  CU_ASSERT_TRUE(arb_contains_si(quantities.value + index, 0));
  CU_ASSERT_TRUE(arb_contains_si(quantities.value + index, 1));
  at_quantities_clear(&quantities);
  hand_clear(&hand);
}

static void test_what_a_run_lacks_is_unknown(void)
{
  static const char *const lacking[] = {"rho",
                                        "snr",
                                        "eta",
                                        "t",
                                        "kappa",
                                        "crude.x",
                                        "fit_noisy@2",
                                        "test_error@1",
                                        "test_bound@1",
                                        "implied_constant@1",
                                        "noisy_attention_mean@1",
                                        "closed_min_margin@1",
                                        "test_set_error@1"};
  struct hand hand;
  struct at_quantities quantities;
  hand_init(&hand);
  hand.run.settings.source = AT_SOURCE_GIVEN;
  hand.run.data.synthetic = false;
  at_token_row(&hand.run.data, 0, 1)[0] = 1.0; /* noise that is not orthogonal to its signal */
  hand.run.steps = 1;
  hand.report[0].has_test_error = false;
  at_quantities_init(&quantities, &hand.run);
  for (size_t k = 0; k < sizeof lacking / sizeof lacking[0]; k++) {
    CU_ASSERT_FALSE(is_known(&quantities, lacking[k]));
  }
  CU_ASSERT_PTR_NOT_NULL(quantities.hypotheses.obstacle);
  CU_ASSERT_TRUE(is_known(&quantities, "fit_all@1"));
  CU_ASSERT_TRUE(is_near(&quantities, "loss@last", 0.25));
  CU_ASSERT_TRUE(is_near(&quantities, "noisy", 1.0));
  at_quantities_clear(&quantities);
  hand_clear(&hand);
}

static void test_counts_of_a_finite_test_set(void)
{
  struct hand hand;
  struct at_quantities quantities;
  hand_init(&hand);
  hand.report[1].has_test_count = true;
  hand.report[1].test_count = (struct at_test_count){.right = 6, .wrong = 2};
  at_quantities_init(&quantities, &hand.run);
  CU_ASSERT_FALSE(is_known(&quantities, "test_set_error@1"));
  CU_ASSERT_TRUE(is_near(&quantities, "test_set_error@2", 0.25));
  at_quantities_clear(&quantities);
  hand_clear(&hand);
}

void at_suite_quantities(void)
{
  CU_pSuite suite = CU_add_suite("quantities", NULL, NULL);
  CU_add_test(suite, "names are unique", test_names_are_unique);
  CU_add_test(suite, "values of a hand-made run", test_values_of_a_hand_made_run);
  CU_add_test(suite, "an undecided sample widens the share",
              test_an_undecided_sample_widens_the_share);
  CU_add_test(suite, "what a run lacks is unknown", test_what_a_run_lacks_is_unknown);
  CU_add_test(suite, "counts of a finite test set", test_counts_of_a_finite_test_set);
}
