/* SPDX-License-Identifier: Apache-2.0
 *
 * test_two_step.c: a run as a whole (harness/audit/two_step.h) and the agreement of its paths
 * (agreement.h), which must see a fault put into any of them.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <string.h>

#include "harness/audit/agreement.h"
#include "harness/audit/two_step.h"
#include "tests/suites.h"

static struct at_settings small(void)
{
  struct at_settings s;
  at_settings_default(&s);
  s.samples = 24;
  s.dim = 600;
  s.rho = 12.0;
  s.fixed_noisy = true;
  s.noisy_per_class = 2;
  s.beta = 0.2;
  s.seed = 5;
  s.steps = 3;
  return s;
}

static void open_run(struct at_run *run, const struct at_settings *settings)
{
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL_FATAL(at_run_init(run, settings, NULL, &failure), 0);
}

static bool agrees(const struct at_run *run, const char *quantity)
{
  struct at_agreement agreement;
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL_FATAL(at_agreement_init(&agreement, run, &failure), 0);
  const bool result = agreement.agrees;
  if (quantity != NULL) CU_ASSERT_PTR_NOT_NULL(strstr(agreement.disagreement, quantity));
  at_agreement_clear(&agreement);
  return result;
}

/* Every number the report gives as computed lies near the ball it gives as exact. */
static void test_report(void)
{
  const struct at_settings settings = small();
  struct at_run run;
  open_run(&run, &settings);
  CU_ASSERT_FALSE(run.undecided);
  CU_ASSERT_EQUAL(run.clean, 20);
  CU_ASSERT_EQUAL(run.noisy, 4);
  for (size_t k = 0; k < run.steps; k++) {
    const struct at_step_report *r = &run.report[k];
    CU_ASSERT_EQUAL(r->step, k + 1);
    CU_ASSERT_EQUAL(r->fit_all.hits, r->fit_clean.hits + r->fit_noisy.hits);
    CU_ASSERT_EQUAL(r->fit_all.of, 24);
    const struct at_number *numbers[] = {&r->min_margin,          &r->loss,
                                         &r->clean_attention_min, &r->clean_attention_mean,
                                         &r->noisy_attention_max, &r->noisy_attention_mean};
    for (size_t j = 0; j < 6; j++) {
      CU_ASSERT_TRUE(numbers[j]->known);
      /* 1e-12: the derived bounds of these quantities are below 1e-13 at this size. */
      CU_ASSERT_DOUBLE_EQUAL(numbers[j]->fast,
                             arf_get_d(arb_midref(numbers[j]->exact), ARF_RND_NEAR), 1e-12);
    }
    CU_ASSERT_TRUE(r->has_test_error && r->test_error.decided && r->test_error_fast.decided);
    CU_ASSERT_FALSE(r->has_test_count);
    /* equal after one step, where p = 0 leaves nothing to bound */
    CU_ASSERT_FALSE(arb_gt(r->test_error.error, r->test_bound.bound));
    if (k > 0) CU_ASSERT_TRUE(arb_lt(r->test_error.error, r->test_bound.bound));
  }
  CU_ASSERT_TRUE(agrees(&run, NULL));
  at_run_clear(&run);
}

/* One number off by slightly more than its bound, in each path in turn. */
static void test_faults(void)
{
  const struct at_settings settings = small();
  struct at_run run;
  open_run(&run, &settings);
  const double kept = run.fast[2].p[7];
  run.fast[2].p[7] += 2.0 * mag_get_d(run.fast_bound[2].p + 7);
  CU_ASSERT_FALSE(agrees(&run, "p after step 2: the kernel"));
  run.fast[2].p[7] = kept;
  CU_ASSERT_TRUE(agrees(&run, NULL));

  run.fast[2].p[7] = NAN;
  CU_ASSERT_FALSE(agrees(&run, "p after step 2: the kernel"));
  run.fast[2].p[7] = INFINITY;
  CU_ASSERT_FALSE(agrees(&run, "p after step 2: the kernel"));
  run.fast[2].p[7] = kept;

  mpfr_nextabove(run.reference[1].outputs + 3);
  mpfr_mul_d(run.reference[1].outputs + 3, run.reference[1].outputs + 3, 1.0 + 0x1p-52, MPFR_RNDN);
  CU_ASSERT_FALSE(agrees(&run, "outputs after step 1: the reference"));
  mpfr_set_nan(run.reference[1].outputs + 3);
  CU_ASSERT_FALSE(agrees(&run, "outputs after step 1"));
  at_reference_point_evaluate(&run.reference[1], &run.data);
  CU_ASSERT_TRUE(agrees(&run, NULL));

  arb_add_si(run.enclosure.point[3].loss, run.enclosure.point[3].loss, 1, 128);
  CU_ASSERT_FALSE(agrees(&run, "loss after step 3"));
  at_run_clear(&run);
}

/* Two draws of one law: full and compressed coordinates tell the same story at different numbers. */
static void test_full_coordinates(void)
{
  struct at_settings settings = small();
  struct at_run run;
  settings.full_coordinates = true;
  open_run(&run, &settings);
  CU_ASSERT_EQUAL(run.data.dim, 600);
  CU_ASSERT_TRUE(agrees(&run, NULL));
  CU_ASSERT_EQUAL(run.report[1].fit_clean.hits, 20);
  at_run_clear(&run);
}

/* More than two tokens: no integral, a finite test set with every sign certified. */
static void test_more_tokens(void)
{
  struct at_settings settings = small();
  struct at_run run;
  settings.tokens = 4;
  settings.steps = 2;
  open_run(&run, &settings);
  const struct at_step_report *r = &run.report[1];
  CU_ASSERT_FALSE(r->has_test_error);
  CU_ASSERT_TRUE(r->has_test_count);
  CU_ASSERT_EQUAL(r->test_count.right + r->test_count.wrong, 2000);
  CU_ASSERT_EQUAL(r->test_count.undecided, 0);
  CU_ASSERT_TRUE(agrees(&run, NULL));
  at_run_clear(&run);
}

/* Margins of a million and more: weights far below the reference's resolution, where it is less
 * accurate than the enclosure, and losses far apart in exponent. */
static void test_saturation(void)
{
  static const double steps[] = {1e-6, 1.0, 1e6};
  for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
    struct at_settings settings = small();
    struct at_run run;
    settings.rho = 131072.0;
    settings.beta = steps[k];
    settings.steps = 2;
    open_run(&run, &settings);
    CU_ASSERT_TRUE(agrees(&run, NULL));
    at_run_clear(&run);
  }
}

static void test_failures(void)
{
  struct at_settings settings = small();
  struct at_failure failure = {""};
  struct at_run run;
  settings.noisy_per_class = 30;
  CU_ASSERT_EQUAL(at_run_init(&run, &settings, NULL, &failure), -1);
  CU_ASSERT_TRUE(strlen(failure.line) > 0);
  settings = small();
  settings.full_coordinates = true;
  settings.dim = 65537;
  CU_ASSERT_EQUAL(at_run_init(&run, &settings, NULL, &failure), -1);
}

void at_suite_two_step(void)
{
  CU_pSuite suite = CU_add_suite("two_step", NULL, NULL);
  CU_add_test(suite, "reports hold what the paths computed", test_report);
  CU_add_test(suite, "a fault in any path is seen", test_faults);
  CU_add_test(suite, "full coordinates", test_full_coordinates);
  CU_add_test(suite, "more than two tokens", test_more_tokens);
  CU_add_test(suite, "saturated attention", test_saturation);
  CU_add_test(suite, "failures", test_failures);
}
