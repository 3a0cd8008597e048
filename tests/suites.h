/* SPDX-License-Identifier: Apache-2.0
 *
 * suites.h: the functions that register test suites with CUnit.
 *
 * A test file tests/.../test_NAME.c includes this header and defines, at the start of a line,
 *
 *   void at_suite_NAME(void)
 *
 * which calls CU_add_suite and CU_add_test.  Nothing else has to be listed: the build collects all
 * such definitions into suite_list.h, one line AT_SUITE(NAME) each (tests/tests.mk), so that no
 * suite can be forgotten.
 */
#ifndef AT_TESTS_SUITES_H
#define AT_TESTS_SUITES_H

#define AT_SUITE(name) void at_suite_##name(void);
#include "suite_list.h"
#undef AT_SUITE

#endif
