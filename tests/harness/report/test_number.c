/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/report/number.h.
 * Main result: every double reads back to itself, exactly (17 significant digits identify a
 * binary64 number: IEEE 754-2019, 5.12.2), whatever the locale's decimal mark.
 */
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/random.h"
#include "harness/report/number.h"
#include "tests/suites.h"

enum { DRAWS = 20000 };

static void reads_back(double x)
{
  char text[AT_NUMBER_SIZE];
  at_number_text(text, x);
  double back = strtod(text, NULL);
  CU_ASSERT(memcmp(&back, &x, sizeof x) == 0);
  CU_ASSERT(strlen(text) <= 24);
}

static void test_reads_back(void)
{
  static const double special[] = {
    0.0,     -0.0,       1.0,    -1.0,     0.1,        1.0 / 3.0,
    DBL_MAX, -DBL_MIN,   5e-324, -5e-324,  0x1p-1074,  0x1.fffffffffffffp-1022,
    1e22,    0x1p53 + 2, 1e-5,   -1.5e300, 123456789.0};
  struct at_stream stream = at_stream_open(1, "test.number");
  for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
    reads_back(special[i]);
  }
  for (uint64_t i = 0; i < DRAWS; i++) {
    uint64_t bits = at_random_word(&stream, i);
    double x;
    memcpy(&x, &bits, sizeof x);
    if (isfinite(x)) {
      reads_back(x);
    }
  }
}

static void test_no_number(void)
{
  char text[AT_NUMBER_SIZE];
  at_number_text(text, nan(""));
  CU_ASSERT_STRING_EQUAL(text, "nan");
  at_number_text(text, copysign(nan(""), -1.0));
  CU_ASSERT_STRING_EQUAL(text, "nan");
  at_number_text(text, INFINITY);
  CU_ASSERT_STRING_EQUAL(text, "inf");
  at_number_text(text, -INFINITY);
  CU_ASSERT_STRING_EQUAL(text, "-inf");
}

static void test_decimal_mark(void)
{
  char comma[] = "-1,25e-07",
       wide[] = "3\xD9\xAB"
                "5",
       none[] = "17", point[] = "0.5";
  at_number_point(comma, ",");
  CU_ASSERT_STRING_EQUAL(comma, "-1.25e-07");
  at_number_point(wide, "\xD9\xAB"); /* U+066B */
  CU_ASSERT_STRING_EQUAL(wide, "3.5");
  at_number_point(none, ",");
  CU_ASSERT_STRING_EQUAL(none, "17");
  at_number_point(point, ".");
  CU_ASSERT_STRING_EQUAL(point, "0.5");
}

/* The ball holds 10^-42000 and is 2^-120 of it wide at most, so the
 * doubles around it are -42000 and a neighbour at most. */
static void test_log10(void)
{
  double lo = 0, hi = 0;
  arb_t x;
  arb_init(x);
  CU_ASSERT_EQUAL(arb_set_str(x, "1e-42000", 128), 0);
  at_number_log10(&lo, &hi, x);
  CU_ASSERT(lo <= -42000.0 && lo >= nextafter(-42000.0, -INFINITY));
  CU_ASSERT(hi >= -42000.0 && hi <= nextafter(-42000.0, 0.0));
  arb_set_ui(x, 1);
  at_number_log10(&lo, &hi, x);
  CU_ASSERT(lo == 0.0 && hi == 0.0);
  arb_zero(x);
  at_number_log10(&lo, &hi, x);
  CU_ASSERT(isinf(lo) && lo < 0 && isinf(hi) && hi < 0);
  arb_add_error_2exp_si(x, -10); /* [-2^-10, 2^-10] */
  at_number_log10(&lo, &hi, x);
  CU_ASSERT(isinf(lo) && lo < 0);
  CU_ASSERT(hi >= -3.0102999566398121 && hi < -3.01029995);
  arb_clear(x);
}

void at_suite_report_number(void)
{
  CU_pSuite suite = CU_add_suite("report/number", NULL, NULL);
  CU_add_test(suite, "doubles read back", test_reads_back);
  CU_add_test(suite, "nan and infinities", test_no_number);
  CU_add_test(suite, "logarithms of tiny numbers", test_log10);
  CU_add_test(suite, "the locale's decimal mark", test_decimal_mark);
}
