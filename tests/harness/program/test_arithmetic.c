/* SPDX-License-Identifier: Apache-2.0
 *
 * test_arithmetic.c: the canary of the program's start sees each fault it is there for.
 * Contraction itself is tested by tests/kernel/guard.sh, which compiles the kernel with it.
 */
#include <CUnit/CUnit.h>
#include <fenv.h>
#include <string.h>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "harness/program/arithmetic.h"
#include "tests/suites.h"

static void test_sound(void)
{
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL(at_arithmetic_check(&failure), 0);
  CU_ASSERT_STRING_EQUAL(failure.line, "");
}

static void test_rounding(void)
{
  static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  for (size_t k = 0; k < sizeof modes / sizeof modes[0]; k++) {
    struct at_failure failure = {""};
    fesetround(modes[k]);
    const int result = at_arithmetic_check(&failure);
    fesetround(FE_TONEAREST);
    CU_ASSERT_EQUAL(result, -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "rounding mode"));
  }
}

/* Bits 15 and 6 of the SSE control register: flush to zero, denormals are zero. */
static void test_subnormals(void)
{
#if defined(__SSE2__)
  static const struct {
    unsigned bit;
    const char *word;
  } faults[] = {{0x8000, "FTZ"}, {0x0040, "DAZ"}};
  for (size_t k = 0; k < 2; k++) {
    struct at_failure failure = {""};
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | faults[k].bit);
    const int result = at_arithmetic_check(&failure);
    _mm_setcsr(before);
    CU_ASSERT_EQUAL(result, -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, faults[k].word));
  }
#endif
}

void at_suite_arithmetic(void)
{
  CU_pSuite suite = CU_add_suite("arithmetic", NULL, NULL);
  CU_add_test(suite, "strict binary64", test_sound);
  CU_add_test(suite, "another rounding mode", test_rounding);
  CU_add_test(suite, "subnormals lost", test_subnormals);
}
