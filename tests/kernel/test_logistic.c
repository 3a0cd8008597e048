/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of kernel/logistic.h against MPFR.
 * Main result: the clauses coq_error and coq_clamp of its three contracts hold on special
 * arguments, the corpora of hard arguments and random ones; the clauses on ranges and sides on
 * dense sets.
 * Assumptions: judge.h.
 */
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>

#include "harness/bounds/format.h"
#include "harness/reference/logistic.h"
#include "kernel/logistic.h"
#include "tests/kernel/judge.h"
#include "tests/suites.h"

enum { FUNCTIONS = 3 };
static const struct judge_function functions[FUNCTIONS] = {
  {.name = "log1p",
   .kernel = at_log1p,
   .twin = at_reference_log1p,
   .lowest = 0.0,
   .highest = 1.0,
   .clamp = -1.0,
   .units = 1.25},
  {.name = "sigmoid",
   .kernel = at_sigmoid,
   .twin = at_reference_sigmoid,
   .lowest = -DBL_MAX,
   .highest = DBL_MAX,
   .clamp = -708.0,
   .units = 2.0},
  {.name = "softplus",
   .kernel = at_softplus,
   .twin = at_reference_softplus,
   .lowest = -DBL_MAX,
   .highest = DBL_MAX,
   .clamp = -708.0,
   .units = 2.5},
};

static struct judge judges[FUNCTIONS];

static void test_values(void)
{
  CU_ASSERT_EQUAL(at_log1p(0.0), 0.0);
  CU_ASSERT_EQUAL(at_sigmoid(0.0), 0.5);
  CU_ASSERT_EQUAL(at_sigmoid(-0.0), 0.5);
  CU_ASSERT_EQUAL(at_sigmoid(1e300), 1.0);
  CU_ASSERT(at_sigmoid(-1e300) >= DBL_MIN && at_sigmoid(-1e300) <= 0x1p-1021);
  CU_ASSERT_EQUAL(at_softplus(1e300), 1e300);
  CU_ASSERT(at_softplus(-1e300) >= 0.0 && at_softplus(-1e300) <= 0x1p-1021);
  CU_ASSERT_EQUAL(at_softplus(DBL_MAX), DBL_MAX);
}

/* coq_upper_half and coq_lower_half, coq_above and coq_near. */
static void test_sides(void)
{
  for (int e = -1074; e <= 1023; e++) {
    for (int k = 0; k < 8; k++) {
      const double x = e < 1023 ? ldexp(1.0 + k * 0.125, e) : ldexp(1.0, e);
      CU_ASSERT(at_sigmoid(x) >= 0.5 && at_sigmoid(x) <= 1.0);
      CU_ASSERT(at_sigmoid(-x) <= 0.5 && at_sigmoid(-x) >= DBL_MIN);
      CU_ASSERT(at_softplus(x) >= x && at_softplus(x) <= x + 0x1.68p-1);
      CU_ASSERT(at_softplus(-x) >= 0.0 && at_softplus(-x) <= 0x1.68p-1);
    }
  }
}

/* at_log1p: coq_range on a grid of the whole domain. */
static void test_range(void)
{
  for (int k = 0; k <= 65536; k++) {
    const double result = at_log1p(k * 0x1p-16);
    CU_ASSERT(result >= 0.0 && result <= 0x1.68p-1);
  }
}

static void test_special(void)
{
  for (size_t f = 0; f < FUNCTIONS; f++) judge_special(&judges[f]);
}

static void test_corpus(void)
{
  for (size_t f = 0; f < FUNCTIONS; f++) CU_ASSERT(judge_corpus(&judges[f]));
}

static void test_random(void)
{
  for (size_t f = 0; f < FUNCTIONS; f++) {
    judge_random(&judges[f], 1, judge_samples());
    judge_uniform(&judges[f], 2, judge_samples() / 2);
  }
}

/* The bounds of harness/bounds count in u = 2^-53 and must use these contracts. */
static void test_contract(void)
{
  const struct at_format format = at_format_kernel();
  CU_ASSERT_EQUAL(format.log1p_units, 2.0 * functions[0].units);
  CU_ASSERT_EQUAL(format.sigmoid_units, 2.0 * functions[1].units);
  CU_ASSERT_EQUAL(format.softplus_units, 2.0 * functions[2].units);
  for (size_t f = 0; f < FUNCTIONS; f++) judge_close(&judges[f]);
}

void at_suite_logistic(void)
{
  CU_pSuite suite = CU_add_suite("kernel/logistic", NULL, NULL);
  for (size_t f = 0; f < FUNCTIONS; f++) judge_open(&judges[f], &functions[f]);
  CU_add_test(suite, "values", test_values);
  CU_add_test(suite, "sides of one half and of x", test_sides);
  CU_add_test(suite, "range of log1p", test_range);
  CU_add_test(suite, "special arguments", test_special);
  CU_add_test(suite, "corpora", test_corpus);
  CU_add_test(suite, "random arguments", test_random);
  CU_add_test(suite, "contracts at all of them", test_contract);
}
