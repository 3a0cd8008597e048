/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of kernel/exp.h against MPFR.
 * Main result: the clauses coq_error, coq_clamp, coq_one and coq_range of its contract hold on
 * special arguments, both sides of every change of k in the reduction, the corpus of hard
 * arguments, and random ones.
 * Assumptions: judge.h.
 */
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>

#include "harness/bounds/format.h"
#include "harness/reference/exp.h"
#include "kernel/exp.h"
#include "tests/kernel/judge.h"
#include "tests/suites.h"

static const struct judge_function function = {.name = "exp",
                                               .kernel = at_exp,
                                               .twin = at_reference_exp,
                                               .lowest = -DBL_MAX,
                                               .highest = 0.0,
                                               .clamp = -708.0,
                                               .units = 1.0,
                                               .only_above = true};

static struct judge judge;

/* The clause coq_one for both zeros, and coq_range at the ends and across the clamp. */
static void test_values(void)
{
  CU_ASSERT_EQUAL(at_exp(0.0), 1.0);
  CU_ASSERT_EQUAL(at_exp(-0.0), 1.0);
  CU_ASSERT_EQUAL(at_exp(-DBL_TRUE_MIN), 1.0);
  CU_ASSERT(at_exp(-708.0) >= DBL_MIN);
  CU_ASSERT_EQUAL(at_exp(-DBL_MAX), at_exp(-708.0));
  CU_ASSERT_EQUAL(at_exp(nextafter(-708.0, -1000.0)), at_exp(-708.0));
}

/* The reduction takes k = trunc(x / ln 2 - 1/2): it changes at x = (k - 1/2) ln 2. */
static void test_reduction_edges(void)
{
  for (int k = 0; k >= -1021; k--) judge_neighbours(&judge, (k - 0.5) * 0x1.62e42fefa39efp-1);
  for (int k = 0; k >= -1021; k--) judge_neighbours(&judge, k * 0x1.62e42fefa39efp-1);
}

static void test_special(void)
{
  judge_special(&judge);
}

static void test_corpus(void)
{
  CU_ASSERT(judge_corpus(&judge));
}

static void test_random(void)
{
  judge_random(&judge, 1, judge_samples());
  judge_uniform(&judge, 2, judge_samples() / 2);
}

/* coq_range: no result outside [2^-1022, 1], on a grid of the whole domain. */
static void test_range(void)
{
  for (int k = 0; k <= 100000; k++) {
    const double result = at_exp(-k * 0x1p-7);
    CU_ASSERT(result >= DBL_MIN && result <= 1.0);
  }
}

/* The bounds of harness/bounds count in u = 2^-53 and must use this contract. */
static void test_contract(void)
{
  CU_ASSERT_EQUAL(at_format_kernel().exp_units, 2.0 * function.units);
  judge_close(&judge);
}

void at_suite_exp(void)
{
  CU_pSuite suite = CU_add_suite("kernel/exp", NULL, NULL);
  judge_open(&judge, &function);
  CU_add_test(suite, "values", test_values);
  CU_add_test(suite, "range", test_range);
  CU_add_test(suite, "reduction edges", test_reduction_edges);
  CU_add_test(suite, "special arguments", test_special);
  CU_add_test(suite, "corpus", test_corpus);
  CU_add_test(suite, "random arguments", test_random);
  CU_add_test(suite, "contract at all of them", test_contract);
}
