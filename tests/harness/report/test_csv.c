/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/report/csv.h (and samples.h, output.h).
 * Main result: the file parses as RFC 4180 says, every number of the kernel reads back to itself,
 * and every enclosure contains 256-bit reference values of the same run.
 */
#include <CUnit/CUnit.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/csv.h"
#include "tests/harness/report/small_run.h"
#include "tests/suites.h"

enum { COLUMNS = 12, PATH_SIZE = 320 };

static const char header[] = "step,sample,label,kind,output,margin,margin_lo,margin_hi,loss,"
                             "signal_attention,signal_attention_lo,signal_attention_hi";

/* Cuts one CRLF line off the text into its fields; returns the rest. */
static char *line_cut(char **field, char *text)
{
  char *end = strstr(text, "\r\n");
  CU_ASSERT_PTR_NOT_NULL_FATAL(end);
  *end = '\0';
  for (size_t c = 0; c < COLUMNS; c++) {
    char *comma = strchr(text, ',');
    CU_ASSERT((comma == NULL) == (c == COLUMNS - 1));
    field[c] = text;
    if (comma != NULL) {
      *comma = '\0';
      text = comma + 1;
    }
  }
  return end + 2;
}

/* lo <= x + radius and x - radius <= hi would be implied; the reference at 256 bits is off by far
 * less than the 2^-60 to which the enclosure is tight, so it must lie between the doubles around. */
static void expect_between(const char *lo, const char *hi, mpfr_srcptr x, int sign)
{
  double low = strtod(lo, NULL), high = strtod(hi, NULL);
  CU_ASSERT(low <= high);
  CU_ASSERT(mpfr_cmp_d(x, sign > 0 ? low : -high) >= 0);
  CU_ASSERT(mpfr_cmp_d(x, sign > 0 ? high : -low) <= 0);
}

static void row_check(const struct at_run *run, size_t step, size_t i, char *const *field)
{
  const struct at_fast_point *fast = &run->fast[step];
  const struct at_reference_point *reference = &run->reference[step];
  int label = run->data.label[i] > 0 ? 1 : -1;
  CU_ASSERT_EQUAL(strtoul(field[0], NULL, 10), step);
  CU_ASSERT_EQUAL(strtoul(field[1], NULL, 10), i);
  CU_ASSERT_EQUAL(strtol(field[2], NULL, 10), label);
  CU_ASSERT_STRING_EQUAL(field[3],
                         run->data.clean_label[i] == run->data.label[i] ? "clean" : "noisy");
  CU_ASSERT_EQUAL(strtod(field[4], NULL), fast->outputs[i]);
  CU_ASSERT_EQUAL(strtod(field[5], NULL), label * fast->outputs[i]);
  expect_between(field[6], field[7], &reference->outputs[i], label);
  CU_ASSERT_EQUAL(strtod(field[8], NULL), fast->losses[i]);
  CU_ASSERT_EQUAL(strtod(field[9], NULL), fast->weights[2 * i]);
  expect_between(field[10], field[11], &reference->weights[2 * i], 1);
}

static void test_rows(void)
{
  struct at_failure failure = {""};
  struct at_run run;
  char path[PATH_SIZE], *field[COLUMNS];
  size_t length = 0;
  at_small_run(&run);
  at_small_path(path, sizeof path, "run.csv");
  CU_ASSERT_EQUAL_FATAL(at_report_csv(path, &run, &failure), 0);
  char *text = at_small_read(&length, path), *rest = text + strlen(header) + 2;
  CU_ASSERT_EQUAL(strncmp(text, header, strlen(header)), 0);
  CU_ASSERT_EQUAL(strncmp(rest - 2, "\r\n", 2), 0);
  for (size_t step = 1; step <= 2; step++) {
    for (size_t i = 0; i < run.data.samples; i++) {
      rest = line_cut(field, rest);
      row_check(&run, step, i, field);
    }
  }
  CU_ASSERT_EQUAL((size_t)(rest - text), length);
  free(text);
  at_small_remove(path);
  at_run_clear(&run);
}

/* Without clean labels and a signal token the fields are empty, not invented. */
static void test_unknown(void)
{
  struct at_failure failure = {""};
  struct at_run run;
  char path[PATH_SIZE], *field[COLUMNS];
  size_t length = 0;
  at_small_run(&run);
  double *clean = run.data.clean_label;
  run.data.clean_label = NULL;
  run.data.synthetic = false;
  at_small_path(path, sizeof path, "run.csv");
  CU_ASSERT_EQUAL_FATAL(at_report_csv(path, &run, &failure), 0);
  char *text = at_small_read(&length, path);
  (void)line_cut(field, strstr(text, "\r\n") + 2);
  CU_ASSERT_STRING_EQUAL(field[3], "");
  CU_ASSERT_STRING_EQUAL(field[9], "");
  CU_ASSERT_STRING_EQUAL(field[10], "");
  CU_ASSERT_STRING_EQUAL(field[11], "");
  CU_ASSERT_STRING_NOT_EQUAL(field[8], "");
  free(text);
  at_small_remove(path);
  run.data.clean_label = clean;
  at_run_clear(&run);
}

static void test_unwritable(void)
{
  struct at_failure failure = {""};
  struct at_run run;
  at_small_run(&run);
  CU_ASSERT_EQUAL(at_report_csv("/dev/full", &run, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "/dev/full"));
  CU_ASSERT_EQUAL(at_report_csv("/nonexistent/run.csv", &run, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "/nonexistent/run.csv"));
  at_run_clear(&run);
}

void at_suite_report_csv(void)
{
  CU_pSuite suite = CU_add_suite("report/csv", NULL, NULL);
  CU_add_test(suite, "every field of every row", test_rows);
  CU_add_test(suite, "unknown fields are empty", test_unknown);
  CU_add_test(suite, "destinations that fail", test_unwritable);
}
