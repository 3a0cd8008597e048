/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/report/table.h.
 * Main result: the exact text of tables with UTF-8, rules, empty cells and hostile bytes.
 */
#define _XOPEN_SOURCE 700

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/table.h"
#include "tests/suites.h"

/* The printed table, to be freed. */
static char *printed(const struct at_table *table, size_t indent)
{
  struct at_failure failure = {""};
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  CU_ASSERT_PTR_NOT_NULL_FATAL(stream);
  CU_ASSERT_EQUAL(at_table_print(stream, table, indent, &failure), 0);
  CU_ASSERT_EQUAL(fclose(stream), 0);
  return text;
}

static void expect(struct at_table *table, size_t indent, const char *expected)
{
  char *text = printed(table, indent);
  CU_ASSERT_STRING_EQUAL(text, expected);
  free(text);
  at_table_clear(table);
}

static void test_alignment(void)
{
  static const char *const titles[] = {"name", "x ± e", "unit"};
  struct at_table table;
  at_table_init(&table, "lrc", titles);
  at_table_cell(&table, "β");
  at_table_cell(&table, "%.3f", 0.025);
  at_table_cell(&table, "%s", "1");
  at_table_cell(&table, "margin");
  at_table_cell(&table, "≤ %d", 7);
  at_table_cell(&table, "m");
  expect(&table, 1,
         " name    x ± e  unit\n"
         " ──────  ─────  ────\n"
         " β       0.025   1\n"
         " margin    ≤ 7   m\n");
}

static void test_short_rows(void)
{
  struct at_table table;
  at_table_init(&table, "lrl", NULL);
  at_table_cell(&table, "a");
  at_table_end_row(&table);
  at_table_end_row(&table); /* nothing left to end */
  at_table_cell(&table, "b");
  at_table_rule(&table);
  at_table_cell(&table, "%s", "");
  at_table_cell(&table, "22");
  at_table_cell(&table, "z");
  expect(&table, 0,
         "a\n"
         "b\n"
         "─  ──  ─\n"
         "   22  z\n");
}

static void test_unprintable(void)
{
  struct at_table table;
  at_table_init(&table, "ll", NULL);
  at_table_cell(&table, "%s", "a\x1b[2J\n");
  at_table_cell(&table, "%s",
                "\xC2\x9B"
                "b\x7F");
  expect(&table, 0, "a?[2J?  ??b?\n");
}

static void test_width(void)
{
  CU_ASSERT_EQUAL(at_text_width(""), 0);
  CU_ASSERT_EQUAL(at_text_width("plain"), 5);
  CU_ASSERT_EQUAL(at_text_width("±≤ρ→"), 4);
  CU_ASSERT_EQUAL(at_text_width("e\xCC\x81"), 1); /* e and a combining accent */
  CU_ASSERT_EQUAL(at_text_width("a\xE2\x80\x8B"
                                "b"),
                  2);                                    /* zero-width space */
  CU_ASSERT_EQUAL(at_text_width("\xF0\x9D\x91\xA5"), 1); /* a letter beyond 16 bits */
  CU_ASSERT_EQUAL(at_text_width("\xFF\xC3"), 2);         /* two bytes that are not UTF-8 */
}

static void test_full_disk(void)
{
  struct at_failure failure = {""};
  struct at_table table;
  FILE *full = fopen("/dev/full", "w");
  CU_ASSERT_PTR_NOT_NULL_FATAL(full);
  CU_ASSERT_EQUAL(setvbuf(full, NULL, _IONBF, 0), 0);
  at_table_init(&table, "l", NULL);
  at_table_cell(&table, "x");
  CU_ASSERT_EQUAL(at_table_print(full, &table, 0, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "could not be written"));
  at_table_clear(&table);
  (void)fclose(full);
}

void at_suite_report_table(void)
{
  CU_pSuite suite = CU_add_suite("report/table", NULL, NULL);
  CU_add_test(suite, "columns align", test_alignment);
  CU_add_test(suite, "short rows, rules, empty cells", test_short_rows);
  CU_add_test(suite, "control characters", test_unprintable);
  CU_add_test(suite, "width of UTF-8", test_width);
  CU_add_test(suite, "a stream that fails", test_full_disk);
}
