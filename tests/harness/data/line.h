/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: compare a failure line with the expected one.
 * Main result: a mismatch prints both lines, so a failed test can be read.
 * Assumptions: CUnit.
 */
#ifndef AT_TESTS_LINE_H
#define AT_TESTS_LINE_H

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

/* A result of -1 and exactly this line. */
static inline void at_test_fails(int result, const char *line, const char *expected)
{
  if (result != -1 || strcmp(line, expected) != 0) {
    (void)printf("result %d, line: %s\n     expected: %s\n", result, line, expected);
  }
  CU_ASSERT_EQUAL(result, -1);
  CU_ASSERT_STRING_EQUAL(line, expected);
}

/* A result of 0; prints the line otherwise. */
static inline int at_test_works(int result, const char *line)
{
  if (result != 0) (void)printf("unexpected failure: %s\n", line);
  CU_ASSERT_EQUAL(result, 0);
  return result;
}

#endif
