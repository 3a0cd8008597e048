/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of what theorems promise about a run, of the verdict `proved`, and of the
 * contradiction that ends an audit (harness/audit/promises.c, claims.c).
 * Main result: real runs keep every promise; a run whose report is falsified in one number does
 * not, and the number is named.
 * Assumptions: none. Draws are counter-based, so every run tests the same cases.
 */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "harness/audit/claims.h"
#include "harness/audit/promises.h"
#include "harness/audit/theorems.h"
#include "tests/suites.h"

/* 24 samples, one flip a class: two steps, at q = 1.8 and t = 1.25, or one, at q = 0.36. */
static void run_init(struct at_run *run, bool two)
{
  struct at_settings settings;
  struct at_failure failure = {""};
  at_settings_default(&settings);
  settings.samples = 24;
  settings.dim = 4000;
  settings.rho = two ? 27.0 : 12.0;
  settings.beta = 0.03;
  settings.balanced = settings.fixed_noisy = true;
  settings.noisy_per_class = 1;
  CU_ASSERT_EQUAL_FATAL(at_run_init(run, &settings, NULL, &failure), 0);
}

static const struct at_promise *promise_of(const struct at_quantities *quantities, const char *name)
{
  size_t index = 0;
  CU_ASSERT_TRUE_FATAL(at_quantity_find(&index, name));
  return &quantities->promise[index];
}

static bool promises(const struct at_quantities *quantities, const char *name, double value)
{
  const struct at_promise *promise = promise_of(quantities, name);
  arb_t wanted;
  arb_init(wanted);
  arb_set_d(wanted, value);
  bool same = promise->theorem != NULL && arb_eq(promise->value, wanted);
  arb_clear(wanted);
  return same;
}

static void test_promises_of_two_steps(void)
{
  struct at_run run;
  struct at_quantities quantities;
  run_init(&run, true);
  at_quantities_init(&quantities, &run);
  CU_ASSERT_STRING_EQUAL(quantities.contradiction, "");
  CU_ASSERT_TRUE(promises(&quantities, "fit_clean@1", 1.0));
  CU_ASSERT_TRUE(promises(&quantities, "fit_noisy@1", 0.0));
  CU_ASSERT_TRUE(promises(&quantities, "fit_all@2", 1.0));
  CU_ASSERT_STRING_EQUAL(promise_of(&quantities, "fit_all@2")->theorem, "parametric");
  CU_ASSERT_TRUE(promise_of(&quantities, "fit_all@2")->machine_checked);
  CU_ASSERT_PTR_NOT_NULL(promise_of(&quantities, "noisy_attention_max@2")->theorem);
  CU_ASSERT_PTR_NOT_NULL(promise_of(&quantities, "test_error@2")->theorem);
  CU_ASSERT_FALSE(promise_of(&quantities, "test_error@2")->machine_checked);
  CU_ASSERT_PTR_NULL(promise_of(&quantities, "loss@2")->theorem);
  CU_ASSERT_PTR_NULL(promise_of(&quantities, "samples")->theorem);
  at_quantities_clear(&quantities);
  at_run_clear(&run);
}

static void test_promises_of_one_step(void)
{
  struct at_run run;
  struct at_quantities quantities;
  run_init(&run, false);
  at_quantities_init(&quantities, &run);
  CU_ASSERT_STRING_EQUAL(quantities.contradiction, "");
  CU_ASSERT_TRUE(promises(&quantities, "fit_all@1", 1.0));
  CU_ASSERT_STRING_EQUAL(promise_of(&quantities, "fit_noisy@1")->theorem, "one-step");
  CU_ASSERT_PTR_NULL(promise_of(&quantities, "fit_all@2")->theorem);
  at_quantities_clear(&quantities);
  at_run_clear(&run);
}

/* Every promised number of the report is falsified in turn. */
static void test_a_broken_promise_is_named(void)
{
  struct at_run run;
  struct at_quantities quantities;
  static const char *const names[] = {"fit_all@2", "fit_clean@1", "fit_noisy@1",
                                      "noisy_attention_max@2", "test_error@2"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    run_init(&run, true);
    run.report[1].fit_all.hits -= k == 0;
    run.report[0].fit_clean.hits -= k == 1;
    run.report[0].fit_noisy.hits += k == 2;
    if (k == 3) arb_one(run.report[1].noisy_attention_max.exact);
    if (k == 4) arb_set_d(run.report[1].test_error.error, 0.999);
    at_quantities_init(&quantities, &run);
    CU_ASSERT_PTR_NOT_NULL(strstr(quantities.contradiction, names[k]));
    at_quantities_clear(&quantities);
    at_run_clear(&run);
  }
}

static enum at_verdict verdict_of(const struct at_catalogue *catalogue, const char *id,
                                  const struct at_quantities *quantities, const char *reason)
{
  struct at_judgement judgement;
  at_claim_judge(&judgement, at_catalogue_find(catalogue, id), quantities);
  const enum at_verdict verdict = judgement.verdict;
  if (verdict == AT_VERDICT_PROVED) CU_ASSERT_STRING_EQUAL(judgement.reason, reason);
  at_judgement_clear(&judgement);
  return verdict;
}

/* The theorems imply fits and P3.5; of the test error and the SNR they say nothing that a machine
 * has checked. */
static void test_proved_needs_promises(void)
{
  struct at_run run;
  struct at_catalogue catalogue;
  struct at_quantities quantities;
  struct at_failure failure = {""};
  const char *reason = "theorem parametric applies";
  CU_ASSERT_EQUAL_FATAL(at_catalogue_load(&catalogue, &failure), 0);
  run_init(&run, true);
  at_quantities_init(&quantities, &run);
  CU_ASSERT_EQUAL(verdict_of(&catalogue, "T.parametric", &quantities, reason), AT_VERDICT_PROVED);
  CU_ASSERT_EQUAL(verdict_of(&catalogue, "P3.1", &quantities, reason), AT_VERDICT_PROVED);
  CU_ASSERT_EQUAL(verdict_of(&catalogue, "P3.2", &quantities, reason), AT_VERDICT_PROVED);
  CU_ASSERT_EQUAL(verdict_of(&catalogue, "P3.3", &quantities, reason), AT_VERDICT_HOLDS);
  CU_ASSERT_EQUAL(verdict_of(&catalogue, "T.one-step", &quantities, reason), AT_VERDICT_NOT_MET);
  at_quantities_clear(&quantities);
  run.report[1].fit_all.undecided = run.report[1].fit_all.hits;
  run.report[1].fit_all.hits = 0;
  at_quantities_init(&quantities, &run); /* the run itself does not tell: no contradiction */
  CU_ASSERT_STRING_EQUAL(quantities.contradiction, "");
  CU_ASSERT_EQUAL(verdict_of(&catalogue, "P3.1", &quantities, reason), AT_VERDICT_UNDECIDED);
  at_quantities_clear(&quantities);
  at_run_clear(&run);
  at_catalogue_free(&catalogue);
}

/* Read from the project's root, where make check runs the suites. */
static void test_proofs_are_there(void)
{
  for (int k = 0; k < AT_THEOREMS; k++) {
    FILE *file = fopen(at_theorem_proof((enum at_theorem)k), "r");
    CU_ASSERT_PTR_NOT_NULL(file);
    if (file != NULL) CU_ASSERT_EQUAL(fclose(file), 0);
  }
}

void at_suite_promises(void)
{
  CU_pSuite suite = CU_add_suite("promises", NULL, NULL);
  CU_add_test(suite, "promises of two steps", test_promises_of_two_steps);
  CU_add_test(suite, "promises of one step", test_promises_of_one_step);
  CU_add_test(suite, "a broken promise is named", test_a_broken_promise_is_named);
  CU_add_test(suite, "proved needs promises", test_proved_needs_promises);
  CU_add_test(suite, "proofs are there", test_proofs_are_there);
}
