/* SPDX-License-Identifier: Apache-2.0
 *
 * test_parse.c: numbers on the command line (harness/program/parse.h).
 */
#include <CUnit/CUnit.h>
#include <float.h>
#include <string.h>

#include "harness/program/parse.h"
#include "tests/suites.h"

static void test_integers(void)
{
  struct at_failure failure = {""};
  uint64_t value = 0;
  CU_ASSERT_EQUAL(at_parse_integer(&value, "--n", "18446744073709551615", 0, UINT64_MAX, &failure),
                  0);
  CU_ASSERT_EQUAL(value, UINT64_MAX);
  CU_ASSERT_EQUAL(at_parse_integer(&value, "--n", "007", 7, 7, &failure), 0);
  CU_ASSERT_EQUAL(value, 7);
}

static void test_bad_integers(void)
{
  static const char *const texts[] = {"",
                                      " ",
                                      "1 ",
                                      " 1",
                                      "+1",
                                      "-1",
                                      "0x1",
                                      "1e3",
                                      "1.0",
                                      "one",
                                      "18446744073709551616",
                                      "99999999999999999999999999",
                                      "\n",
                                      "1\n",
                                      "4",
                                      "9"};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct at_failure failure = {""};
    uint64_t value = 42;
    CU_ASSERT_EQUAL(at_parse_integer(&value, "--n", texts[k], 5, 8, &failure), -1);
    CU_ASSERT_EQUAL(value, 42);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "--n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "from 5 to 8"));
    CU_ASSERT_PTR_NULL(strchr(failure.line, '\n'));
  }
}

/* The binary64 nearest to the decimal: 0.1 is what the C compiler makes of it. */
static void test_numbers(void)
{
  static const struct {
    const char *text;
    double value;
  } cases[] = {{"0.1", 0.1},           {".5", 0.5},  {"1e-3", 1e-3}, {"0x1.8p1", 3.0},
               {"2.48e-06", 2.48e-06}, {"-1", -1.0}, {"1e20", 1e20}, {"5e-324", 0x1p-1074}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct at_failure failure = {""};
    double value = 0.0;
    CU_ASSERT_EQUAL(at_parse_number(&value, "--x", cases[k].text, -DBL_MAX, DBL_MAX, &failure), 0);
    CU_ASSERT(value == cases[k].value);
  }
}

static void test_bad_numbers(void)
{
  static const char *const texts[] = {"",     " 1",    "1 ",     "nan", "NAN", "inf",
                                      "-inf", "1e999", "abc",    "1,5", "1x",  "infinity",
                                      "0x",   "--1",   "1e-999", "-1",  "2",   "nan(1)"};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct at_failure failure = {""};
    double value = 42.0;
    CU_ASSERT_EQUAL(at_parse_number(&value, "--x", texts[k], DBL_MIN, 1.5, &failure), -1);
    CU_ASSERT(value == 42.0);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "--x"));
  }
}

void at_suite_parse(void)
{
  CU_pSuite suite = CU_add_suite("parse", NULL, NULL);
  CU_add_test(suite, "whole numbers", test_integers);
  CU_add_test(suite, "what is not a whole number in range", test_bad_integers);
  CU_add_test(suite, "decimal and hexadecimal numbers", test_numbers);
  CU_add_test(suite, "what is not a number in range", test_bad_numbers);
}
