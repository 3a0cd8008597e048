/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the arithmetic that this build of the kernel runs in.
 * Main result: round to nearest, gradual underflow, no contraction, and the bits of the committed
 * hash.  That the guards of kernel/double_guard.h fire is shown by tests/kernel/guard.sh.
 * Assumptions: run in the project's root.
 */
#include <CUnit/CUnit.h>
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/hash.h"
#include "tests/suites.h"

static void test_rounding(void)
{
  volatile double one = 1.0, half_ulp = 0x1p-53, ulp = 0x1p-52;
  CU_ASSERT_EQUAL(fegetround(), FE_TONEAREST);
  CU_ASSERT_EQUAL(FLT_ROUNDS, 1);
  CU_ASSERT_EQUAL(one + half_ulp, 1.0);
  CU_ASSERT_EQUAL(one + ulp + half_ulp, 1.0 + 2 * DBL_EPSILON);
}

/* Neither flush-to-zero (results) nor denormals-are-zero (operands). */
static void test_gradual_underflow(void)
{
  volatile double smallest = DBL_MIN, half = 0.5, subnormal = DBL_TRUE_MIN, two = 2.0;
  CU_ASSERT(smallest * half > 0.0);
  CU_ASSERT_EQUAL(subnormal * two, 2 * DBL_TRUE_MIN);
}

static void test_contraction(void)
{
  CU_ASSERT_FALSE(at_kernel_contracts());
}

static void test_hash(void)
{
  char line[160] = "", expected[32] = "", computed[32];
  FILE *file = fopen("tests/corpus/kernel/hash.txt", "r");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof line, file));
  CU_ASSERT_EQUAL(strncmp(line, "# attest kernel hash 1:", 23), 0);
  CU_ASSERT_PTR_NOT_NULL(fgets(expected, sizeof expected, file));
  (void)fclose(file);
  (void)snprintf(computed, sizeof computed, "%016" PRIx64 "\n", at_kernel_hash());
  CU_ASSERT_STRING_EQUAL(computed, expected);
}

void at_suite_guard(void)
{
  CU_pSuite suite = CU_add_suite("kernel/double_guard", NULL, NULL);
  CU_add_test(suite, "round to nearest", test_rounding);
  CU_add_test(suite, "gradual underflow", test_gradual_underflow);
  CU_add_test(suite, "no contraction", test_contraction);
  CU_add_test(suite, "hash of the kernel's results", test_hash);
}
