/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/report/plot.h and gnuplot.h.
 * Main result: pictures are complete SVG, the same bytes twice, without dates, paths or names of
 * this machine, with as many marks as samples; a missing gnuplot is said in one line.
 */
#define _XOPEN_SOURCE 700

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/gnuplot.h"
#include "harness/report/plot.h"
#include "tests/harness/report/small_run.h"
#include "tests/suites.h"

enum { PATH_SIZE = 320 };

typedef int draw_run(const char *path, const struct at_run *run, struct at_failure *failure);

static size_t occurrences(const char *text, const char *word)
{
  size_t count = 0;
  for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
    count++;
  }
  return count;
}

/* The picture that `draw` makes, drawn twice with the same bytes; to be freed. */
static char *drawn_twice(draw_run *draw, const struct at_run *run)
{
  struct at_failure failure = {""};
  char path[PATH_SIZE];
  char *text[2] = {NULL, NULL};
  for (int i = 0; i < 2; i++) {
    size_t length = 0;
    at_small_path(path, sizeof path, "picture.svg");
    CU_ASSERT_EQUAL(draw(path, run, &failure), 0);
    CU_ASSERT_STRING_EQUAL_FATAL(failure.line, "");
    text[i] = at_small_read(&length, path);
    CU_ASSERT_EQUAL(strlen(text[i]), length);
    CU_ASSERT_PTR_NULL(strstr(text[i], path));
    at_small_remove(path);
  }
  CU_ASSERT_STRING_EQUAL(text[0], text[1]);
  free(text[1]);
  return text[0];
}

/* gptPt6 is the filled circle of the clean samples, gptPt8 the triangle of the noisy ones; each
 * also stands once in the legend. */
static void strip_check(draw_run *draw, const char *title)
{
  struct at_run run;
  at_small_run(&run);
  char *text = drawn_twice(draw, &run);
  CU_ASSERT_EQUAL(strncmp(text, "<?xml", 5), 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "</svg>"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, title));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "clean (14)"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "noisy (6)"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "after 1 step"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "after 2 steps"));
  CU_ASSERT_EQUAL(occurrences(text, "xlink:href='#gpPt6'"), 2 * 14 + 1);
  CU_ASSERT_EQUAL(occurrences(text, "xlink:href='#gpPt8'"), 2 * 6 + 1);
  free(text);
  at_run_clear(&run);
}

static void test_attention(void)
{
  strip_check(at_plot_attention, "Attention of every training sample");
}

static void test_margins(void)
{
  strip_check(at_plot_margins, "Margin of every training sample");
}

static void test_not_applicable(void)
{
  struct at_failure failure = {""};
  struct at_run run;
  at_small_run(&run);
  run.data.synthetic = false;
  CU_ASSERT_EQUAL(at_plot_attention("/nonexistent/a.svg", &run, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "signal token"));
  CU_ASSERT_EQUAL(at_plot_margins("/nonexistent/m.svg", &run, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "/nonexistent/m.svg"));
  at_run_clear(&run);
}

static int draw_tiny(const char *path, const struct at_run *run, struct at_failure *failure)
{
  static const struct at_plot_error points[] = {
    {0.001, -0.301, -0.301}, {0.01, -43.5, -43.4}, {0.1, -1e5, -1e5}, {1, -INFINITY, -INFINITY}};
  (void)run;
  return at_plot_test_error(path, "step size β", points, 4, failure);
}

static int draw_near(const char *path, const struct at_run *run, struct at_failure *failure)
{
  static const struct at_plot_error points[] = {{1, -0.96, -0.9}, {2, -0.9, -0.83}};
  (void)run;
  return at_plot_test_error(path, "t", points, 2, failure);
}

static void test_error_axis(void)
{
  char *tiny = drawn_twice(draw_tiny, NULL);
  CU_ASSERT_PTR_NOT_NULL(strstr(tiny, "100000")); /* the tick 10^-100000 */
  CU_ASSERT_PTR_NOT_NULL(strstr(tiny, "exactly 0"));
  CU_ASSERT_PTR_NOT_NULL(strstr(tiny, "step size β"));
  free(tiny);
  char *near = drawn_twice(draw_near, NULL);
  CU_ASSERT_PTR_NOT_NULL(strstr(near, ">0.12<"));
  CU_ASSERT_PTR_NULL(strstr(near, "exactly 0"));
  free(near);
}

static void test_bad_points(void)
{
  struct at_failure failure = {""};
  const struct at_plot_error bad = {nan(""), -1, -1};
  CU_ASSERT_EQUAL(at_plot_test_error("/nonexistent/e.svg", "t", &bad, 1, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "not finite"));
  CU_ASSERT_EQUAL(at_plot_test_error("/nonexistent/e.svg", "t", NULL, 0, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "at least one point"));
}

static int script_run(const char *text, struct at_failure *failure)
{
  struct at_script script;
  CU_ASSERT_EQUAL_FATAL(at_script_start(&script, 100, 100, failure), 0);
  (void)fputs(text, script.stream);
  return at_script_finish(&script, "/nonexistent/s.svg", failure);
}

static void test_failures(void)
{
  struct at_failure failure = {""};
  char *path = getenv("PATH");
  char *kept = path == NULL ? NULL : strdup(path);
  CU_ASSERT_EQUAL(script_run("nonsense\n", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "invalid command"));
  CU_ASSERT_EQUAL(script_run("\n", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "no picture"));
  CU_ASSERT_EQUAL(setenv("PATH", "/nonexistent", 1), 0);
  CU_ASSERT_EQUAL(script_run("plot 0\n", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "gnuplot-nox"));
  CU_ASSERT_EQUAL(kept == NULL ? unsetenv("PATH") : setenv("PATH", kept, 1), 0);
  free(kept);
}

void at_suite_report_plot(void)
{
  CU_pSuite suite = CU_add_suite("report/plot", NULL, NULL);
  CU_add_test(suite, "attention", test_attention);
  CU_add_test(suite, "margins", test_margins);
  CU_add_test(suite, "what cannot be drawn", test_not_applicable);
  CU_add_test(suite, "test error from 0.12 to 10^-100000", test_error_axis);
  CU_add_test(suite, "points that are no points", test_bad_points);
  CU_add_test(suite, "gnuplot fails or is missing", test_failures);
}
