/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/audit/chance.h.
 * Main result: draws are counted as the theorems say; a contradicted bound is noticed and a sound one
 * is not; scaling keeps q and t; what has no probability is refused by name.
 * Assumptions: draws are counter-based, so every run tests the same cases.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <string.h>

#include "harness/audit/chance.h"
#include "tests/harness/data/line.h"
#include "tests/suites.h"

static struct at_failure failure;

static struct at_settings small_settings(size_t n, uint64_t dim)
{
  struct at_settings s;
  at_settings_default(&s);
  s.samples = n;
  s.dim = dim;
  s.fixed_noisy = s.balanced = true;
  s.noisy_per_class = 0;
  s.rho = sqrt(1.35 * (double)dim / (0.5 * (double)n));
  s.beta = 4.0 * (double)n * 1.65 / (double)dim;
  return s;
}

/* At n = 10, D = 4000 the bound of parametric is 5e-5: no draw of 10 fails. If all did, the chance
 * of that were below (5e-5)^10, so the bound would be contradicted. */
static void test_contradiction(void)
{
  const struct at_settings settings = small_settings(10, 4000);
  struct at_chance chance;
  int index;
  double lower, upper;
  CU_ASSERT_EQUAL_FATAL(at_chance_init(&chance, &settings, 10, NULL, &failure), 0);
  CU_ASSERT_EQUAL(chance.failing[AT_THEOREM_ONE_STEP], 10);
  CU_ASSERT_EQUAL(chance.failing[AT_THEOREM_PARAMETRIC], 0);
  CU_ASSERT_EQUAL(chance.failing[AT_THEOREMS], 0);
  CU_ASSERT_FALSE(at_chance_contradicted(&index, &chance));
  chance.open[AT_THEOREM_PARAMETRIC] = 10; /* undecided draws contradict nothing */
  CU_ASSERT_FALSE(at_chance_contradicted(&index, &chance));
  CU_ASSERT_EQUAL(
    at_chance_interval(&lower, &upper, &chance, AT_THEOREM_PARAMETRIC, 0.95, &failure), 0);
  CU_ASSERT(lower == 0.0 && upper == 1.0);
  chance.open[AT_THEOREM_PARAMETRIC] = 0;
  chance.failing[AT_THEOREM_PARAMETRIC] = 10;
  CU_ASSERT_TRUE(at_chance_contradicted(&index, &chance));
  CU_ASSERT_EQUAL(index, AT_THEOREM_PARAMETRIC);
  at_chance_clear(&chance);
}

/* Two samples of random classes leave a class empty half of the time; no theorem then applies. */
static void test_refused(void)
{
  struct at_settings settings = small_settings(2, 1000);
  struct at_chance chance;
  settings.balanced = false;
  CU_ASSERT_EQUAL_FATAL(at_chance_init(&chance, &settings, 40, NULL, &failure), 0);
  CU_ASSERT(chance.refused > 5 && chance.refused < 35); /* P < 1e-6 for an ideal coin */
  for (int k = 0; k <= AT_THEOREMS; k++) CU_ASSERT(chance.failing[k] >= chance.refused);
  at_chance_clear(&chance);
}

/* q = rho^2 (excess) / D and t = beta D / (4n) to within rounding: ten operations of 2^-53. */
static void test_scale(void)
{
  struct at_settings s = small_settings(40, 4000), t;
  s.noisy_per_class = 4;
  CU_ASSERT_TRUE_FATAL(at_chance_scale(&t, &s, 10, 64000));
  CU_ASSERT(t.samples == 10 && t.dim == 64000 && t.noisy_per_class == 1);
  CU_ASSERT_DOUBLE_EQUAL(t.rho * t.rho * 3.0 / 64000, s.rho * s.rho * 12.0 / 4000, 1e-14);
  CU_ASSERT_DOUBLE_EQUAL(t.beta * 64000 / 10, s.beta * 4000 / 40, 1e-13);
  CU_ASSERT_FALSE(at_chance_scale(&t, &s, 1, 4000));
  CU_ASSERT_FALSE(at_chance_scale(&t, &s, 40, 2));
  CU_ASSERT_FALSE(at_chance_scale(&t, &s, 40, UINT64_MAX)); /* rho beyond what is accepted */
  s.fixed_noisy = false;
  s.eta = 0.75; /* noisy samples outnumber clean ones */
  CU_ASSERT_FALSE(at_chance_scale(&t, &s, 20, 4000));
}

static void fails(const struct at_settings *settings, const char *line)
{
  struct at_chance chance;
  at_test_fails(at_chance_init(&chance, settings, 3, NULL, &failure), failure.line, line);
  at_chance_clear(&chance);
}

static void test_failures(void)
{
  struct at_settings s = small_settings(10, 4000);
  s.tokens = 3;
  fails(&s, "--chance: 3 tokens a sample; the bounds are for 2");
  s = small_settings(1, 4000);
  fails(&s, "--n: 1 is out of range; at least 2 is accepted");
  s = small_settings(10, 4000);
  s.seed = UINT64_MAX - 1;
  fails(&s, "--seed: the last of 3 seeds would exceed 2^64 - 1");
}

void at_suite_chance(void)
{
  CU_pSuite suite = CU_add_suite("chance", NULL, NULL);
  CU_add_test(suite, "a contradicted bound is noticed", test_contradiction);
  CU_add_test(suite, "seeds that make no data set fail", test_refused);
  CU_add_test(suite, "scaling keeps q and t", test_scale);
  CU_add_test(suite, "bad settings are named", test_failures);
}
