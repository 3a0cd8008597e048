/* SPDX-License-Identifier: Apache-2.0
 *
 * runner.c: runs the CUnit suites.
 *
 *   runner [--list] [--suite NAME]... [--xml FILE]
 *
 * Main result: one aligned line per suite while running, every failed assertion as FILE:LINE, the
 * closing line "N passed, N failed" (tests, not assertions), and, with --xml, the same results in
 * the JUnit form of XML.  Exit status 0 only if at least one test ran and none failed.
 * Assumption: a suite's registering function has the name that suites.h describes.
 * Test: tests/runner.sh.
 */
#define _XOPEN_SOURCE 700

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/suites.h"

struct suite_entry {
  const char *name;
  void (*add)(void);
};

#define AT_SUITE(name) {#name, at_suite_##name},
static const struct suite_entry suite_entries[] = {
#include "suite_list.h"
};
#undef AT_SUITE

enum { SUITE_ENTRIES = sizeof suite_entries / sizeof suite_entries[0] };

struct run_total {
  unsigned int passed, failed;
};

static double seconds_now(void)
{
  struct timespec now = {0, 0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void xml_escape(FILE *xml, const char *text)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '<') {
      (void)fputs("&lt;", xml);
    } else if (*c == '&') {
      (void)fputs("&amp;", xml);
    } else if (*c == '"') {
      (void)fputs("&quot;", xml);
    } else {
      (void)fputc((unsigned char)*c < 0x20 ? ' ' : *c, xml);
    }
  }
}

/* One <testcase> with its failures; CUnit keeps the failures of the last run suite in a list. */
static void xml_test(FILE *xml, const char *suite, const struct CU_Test *test,
                     const struct CU_FailureRecord *failures)
{
  (void)fputs("    <testcase classname=\"", xml);
  xml_escape(xml, suite);
  (void)fputs("\" name=\"", xml);
  xml_escape(xml, test->pName);
  (void)fputs("\">\n", xml);
  for (const struct CU_FailureRecord *f = failures; f != NULL; f = f->pNext) {
    if (f->pTest == test) {
      (void)fputs("      <failure message=\"", xml);
      xml_escape(xml, f->strFileName);
      (void)fprintf(xml, ":%u: ", f->uiLineNumber);
      xml_escape(xml, f->strCondition);
      (void)fputs("\"/>\n", xml);
    }
  }
  (void)fputs("    </testcase>\n", xml);
}

static void xml_suite(FILE *xml, const struct CU_Suite *suite, unsigned int failed,
                      unsigned int broken, double seconds)
{
  if (xml == NULL) {
    return;
  }
  (void)fputs("  <testsuite name=\"", xml);
  xml_escape(xml, suite->pName);
  (void)fprintf(xml, "\" tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"%.3f\">\n",
                suite->uiNumberOfTests, failed, broken, seconds);
  for (const struct CU_Test *test = suite->pTest; test != NULL; test = test->pNext) {
    xml_test(xml, suite->pName, test, CU_get_failure_list());
  }
  (void)fputs("  </testsuite>\n", xml);
}

/* A suite whose initialisation failed runs no test; it counts as one failure. */
static void suite_run(struct run_total *total, FILE *xml, struct CU_Suite *suite)
{
  double start = seconds_now();
  CU_ErrorCode error = CU_run_suite(suite);
  double seconds = seconds_now() - start;
  const struct CU_RunSummary *summary = CU_get_run_summary();
  unsigned int failed = summary->nTestsFailed;
  unsigned int passed = summary->nTestsRun - failed;
  unsigned int broken = error != CUE_SUCCESS || passed + failed == 0 ? 1 : 0;
  (void)printf("  %-40s %4u tests %9u assertions %7.2f s  %s\n", suite->pName, passed + failed,
               summary->nAsserts, seconds, failed + broken == 0 ? "ok" : "FAILED");
  for (const struct CU_FailureRecord *f = CU_get_failure_list(); f != NULL; f = f->pNext) {
    (void)printf("    %s:%u: %s: %s\n", f->strFileName, f->uiLineNumber,
                 f->pTest == NULL ? suite->pName : f->pTest->pName, f->strCondition);
  }
  if (broken != 0) {
    (void)printf("    %s: %s\n", suite->pName, passed + failed == 0 ? "ran no test" : "broken");
  }
  (void)fflush(stdout);
  xml_suite(xml, suite, failed, broken, seconds);
  total->passed += passed;
  total->failed += failed + broken;
}

static int all_run(const char *xml_path)
{
  struct run_total total = {0, 0};
  FILE *xml = xml_path == NULL ? NULL : fopen(xml_path, "w");
  if (xml_path != NULL && xml == NULL) {
    (void)fprintf(stderr, "runner: %s: cannot be written\n", xml_path);
    return EXIT_FAILURE;
  }
  if (xml != NULL) {
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", xml);
  }
  for (struct CU_Suite *suite = CU_get_registry()->pSuite; suite != NULL; suite = suite->pNext) {
    suite_run(&total, xml, suite);
  }
  int closed = 0;
  if (xml != NULL) {
    (void)fputs("</testsuites>\n", xml);
    closed = fclose(xml);
  }
  (void)printf("%u passed, %u failed\n", total.passed, total.failed);
  return closed == 0 && total.failed == 0 && total.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Registers the suites called `name`, or all when it is NULL; returns how many. */
static int suites_add(const char *name)
{
  int added = 0;
  for (size_t i = 0; i < SUITE_ENTRIES; i++) {
    if (name == NULL || strcmp(name, suite_entries[i].name) == 0) {
      suite_entries[i].add();
      added++;
    }
  }
  return added;
}

static int suites_list(void)
{
  for (size_t i = 0; i < SUITE_ENTRIES; i++) {
    (void)puts(suite_entries[i].name);
  }
  return EXIT_SUCCESS;
}

static int usage(void)
{
  (void)fputs("usage: runner [--list] [--suite NAME]... [--xml FILE]\n", stderr);
  return 2;
}

int main(int count, char **words)
{
  const char *xml_path = NULL;
  int chosen = 0;
  if (CU_initialize_registry() != CUE_SUCCESS) {
    return EXIT_FAILURE;
  }
  for (int i = 1; i < count; i += 2) {
    if (strcmp(words[i], "--list") == 0) {
      return suites_list();
    }
    if (i + 1 == count) {
      return usage();
    }
    if (strcmp(words[i], "--xml") == 0) {
      xml_path = words[i + 1];
    } else if (strcmp(words[i], "--suite") == 0 && suites_add(words[i + 1]) > 0) {
      chosen++;
    } else {
      return usage();
    }
  }
  if (chosen == 0) {
    (void)suites_add(NULL);
  }
  int status = all_run(xml_path);
  CU_cleanup_registry();
  return status;
}
