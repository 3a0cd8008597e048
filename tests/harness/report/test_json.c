/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/report/json.h, document.h, run_json.h and claims_json.h.
 * Main result: documents parse, hold the run's numbers exactly or enclosed, and survive NaN,
 * infinities and bytes that are not UTF-8. The schema is held against them in
 * tests/program/schema.py.
 */
#define _XOPEN_SOURCE 700

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/audit/quantities.h"
#include "harness/report/claims_json.h"
#include "harness/report/json.h"
#include "tests/harness/report/small_run.h"
#include "tests/suites.h"

enum { PATH_SIZE = 320 };

/* The value at a path of keys and array places, NULL-terminated. */
static json_t *value_at(json_t *value, const char *const *keys)
{
  for (; *keys != NULL && value != NULL; keys++) {
    value = json_is_array(value) ? json_array_get(value, strtoul(*keys, NULL, 10))
                                 : json_object_get(value, *keys);
  }
  CU_ASSERT_PTR_NOT_NULL_FATAL(value);
  return value;
}

#define AT(root, ...) value_at(root, (const char *const[]){__VA_ARGS__, NULL})

static json_t *parsed(const char *text)
{
  json_error_t error;
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  CU_ASSERT_PTR_NOT_NULL_FATAL(root);
  return root;
}

/* The text of the report of a run with an agreement, to be freed. */
static char *run_written(const struct at_run *run, const struct at_judgement *judgements,
                         size_t count)
{
  struct at_failure failure = {""};
  struct at_agreement agreement;
  char path[PATH_SIZE];
  size_t length = 0;
  CU_ASSERT_EQUAL_FATAL(at_agreement_init(&agreement, run, &failure), 0);
  at_small_path(path, sizeof path, "run.json");
  CU_ASSERT_EQUAL_FATAL(at_report_run_json(path, run, &agreement, judgements, count, &failure), 0);
  char *text = at_small_read(&length, path);
  CU_ASSERT_EQUAL(strlen(text), length);
  CU_ASSERT_EQUAL(text[length - 1], '\n');
  at_small_remove(path);
  at_agreement_clear(&agreement);
  return text;
}

static void expect_number(json_t *object, const struct at_number *number)
{
  double lo = json_real_value(json_object_get(object, "lo"));
  double hi = json_real_value(json_object_get(object, "hi"));
  CU_ASSERT_EQUAL(json_real_value(json_object_get(object, "fast")), number->fast);
  arf_t end;
  arf_init(end);
  arb_get_lbound_arf(end, number->exact, 200);
  CU_ASSERT(arf_cmp_d(end, lo) >= 0);
  arb_get_ubound_arf(end, number->exact, 200);
  CU_ASSERT(arf_cmp_d(end, hi) <= 0);
  arf_clear(end);
}

static void test_run(void)
{
  struct at_run run;
  at_small_run(&run);
  char *text = run_written(&run, NULL, 0), *again = run_written(&run, NULL, 0);
  CU_ASSERT_STRING_EQUAL(text, again);
  json_t *root = parsed(text);
  CU_ASSERT_STRING_EQUAL(json_string_value(AT(root, "format")), "attest-run");
  CU_ASSERT_EQUAL(json_integer_value(AT(root, "version")), 1);
  CU_ASSERT_STRING_EQUAL(json_string_value(AT(root, "settings", "seed")), "3");
  CU_ASSERT_EQUAL(json_real_value(AT(root, "settings", "beta")), run.settings.beta);
  CU_ASSERT_EQUAL(json_integer_value(AT(root, "settings", "noisy_per_class")), 3);
  CU_ASSERT(json_is_null(AT(root, "settings", "eta")));
  CU_ASSERT_EQUAL(json_integer_value(AT(root, "counts", "ambient_dim")), 800);
  CU_ASSERT_EQUAL(json_integer_value(AT(root, "counts", "dim")), 22);
  CU_ASSERT_EQUAL(json_integer_value(AT(root, "counts", "noisy")), 6);
  CU_ASSERT_EQUAL(json_array_size(AT(root, "steps")), 2);
  CU_ASSERT_EQUAL(json_integer_value(AT(root, "steps", "1", "train_fit", "all", "n")), 20);
  CU_ASSERT_EQUAL((size_t)json_integer_value(AT(root, "steps", "1", "train_fit", "all", "k")),
                  run.report[1].fit_all.hits);
  expect_number(AT(root, "steps", "1", "loss"), &run.report[1].loss);
  expect_number(AT(root, "steps", "0", "min_margin"), &run.report[0].min_margin);
  expect_number(AT(root, "steps", "1", "signal_attention", "noisy_max"),
                &run.report[1].noisy_attention_max);
  CU_ASSERT(json_is_true(AT(root, "agreement", "agrees")));
  CU_ASSERT_EQUAL(json_array_size(AT(root, "agreement", "rows")), 3 * AT_FIELDS);
  json_decref(root);
  free(again);
  free(text);
  at_run_clear(&run);
}

/* The test error's decimal ends hold the enclosure; both are read back by Arb. */
static void test_test_error(void)
{
  struct at_run run;
  at_small_run(&run);
  char *text = run_written(&run, NULL, 0);
  json_t *root = parsed(text);
  arb_t lo, hi;
  arb_init(lo);
  arb_init(hi);
  for (size_t k = 0; k < 2; k++) {
    const char *step = k == 0 ? "0" : "1";
    const struct at_test_error *error = &run.report[k].test_error;
    CU_ASSERT_EQUAL(
      arb_set_str(lo, json_string_value(AT(root, "steps", step, "test_error", "lo")), 256), 0);
    CU_ASSERT_EQUAL(
      arb_set_str(hi, json_string_value(AT(root, "steps", step, "test_error", "hi")), 256), 0);
    CU_ASSERT(arb_le(lo, error->error));
    CU_ASSERT(arb_le(error->error, hi));
    CU_ASSERT_STRING_EQUAL(
      json_string_value(AT(root, "steps", step, "test_error", "classes", "1", "law")),
      at_error_law_name(error->law[1]));
  }
  arb_clear(hi);
  arb_clear(lo);
  json_decref(root);
  free(text);
  at_run_clear(&run);
}

/* Judges every claim of the catalogue on a small run and counts what the documents hold. */
static void test_claims(void)
{
  struct at_failure failure = {""};
  struct at_catalogue catalogue;
  struct at_quantities quantities;
  struct at_run run;
  static struct at_judgement judgement[AT_MAX_CLAIMS];
  at_small_run(&run);
  CU_ASSERT_EQUAL_FATAL(at_catalogue_load(&catalogue, &failure), 0);
  at_quantities_init(&quantities, &run);
  for (size_t c = 0; c < catalogue.count; c++) {
    at_claim_judge(&judgement[c], &catalogue.claim[c], &quantities);
  }
  char *text = run_written(&run, judgement, catalogue.count);
  json_t *root = parsed(text);
  CU_ASSERT_EQUAL_FATAL(json_array_size(AT(root, "verdicts")), catalogue.count);
  CU_ASSERT_EQUAL(json_array_size(AT(root, "claims")), catalogue.count);
  for (size_t c = 0; c < catalogue.count; c++) {
    const struct at_claim *claim = &catalogue.claim[c];
    json_t *verdict = json_array_get(json_object_get(root, "verdicts"), c);
    CU_ASSERT_STRING_EQUAL(json_string_value(AT(verdict, "claim")), claim->id);
    CU_ASSERT_STRING_EQUAL(json_string_value(AT(verdict, "verdict")),
                           at_verdict_name(judgement[c].verdict));
    CU_ASSERT_EQUAL(json_array_size(AT(verdict, "hypotheses")), claim->hypothesis_count);
    CU_ASSERT_EQUAL(json_array_size(AT(verdict, "conclusions")), claim->conclusion_count);
    at_judgement_clear(&judgement[c]);
  }
  json_decref(root);
  free(text);
  at_quantities_clear(&quantities);
  at_catalogue_free(&catalogue);
  at_run_clear(&run);
}

static void audit_check(json_t *root, const struct at_claim *claim, const struct at_tally *tally)
{
  CU_ASSERT_STRING_EQUAL(json_string_value(AT(root, "format")), "attest-audit");
  CU_ASSERT_STRING_EQUAL(json_string_value(AT(root, "claims", "0", "reading")), claim->reading);
  CU_ASSERT_STRING_EQUAL(json_string_value(AT(root, "tallies", "0", "verdict")), "undecided");
  CU_ASSERT_EQUAL((size_t)json_integer_value(AT(root, "tallies", "0", "counts", "holds")),
                  tally->count[AT_VERDICT_HOLDS]);
  CU_ASSERT_EQUAL(json_real_value(AT(root, "tallies", "0", "interval", "hi")), tally->upper);
  CU_ASSERT(json_is_null(AT(root, "tallies", "1", "preset")));
  CU_ASSERT_EQUAL(json_array_size(AT(root, "runs")), 2);
  CU_ASSERT(json_is_null(AT(root, "runs", "1", "agreement")));
}

static void test_audit(void)
{
  static const enum at_verdict verdicts[] = {AT_VERDICT_HOLDS, AT_VERDICT_HOLDS};
  struct at_failure failure = {""};
  struct at_catalogue catalogue;
  struct at_audit_report report;
  struct at_tally tally;
  struct at_run run;
  char path[PATH_SIZE];
  size_t length = 0;
  at_small_run(&run);
  CU_ASSERT_EQUAL_FATAL(at_catalogue_load(&catalogue, &failure), 0);
  const struct at_claim *claim = at_catalogue_find(&catalogue, "P3.1");
  CU_ASSERT_PTR_NOT_NULL_FATAL(claim);
  CU_ASSERT_EQUAL(at_claim_tally(&tally, &catalogue, claim, verdicts, 2, &failure), 0);
  at_audit_report_init(&report, &catalogue);
  at_audit_report_run(&report, &run, NULL, NULL, 0);
  at_audit_report_claim(&report, claim);
  at_audit_report_tally(&report, claim, "fig1", &tally);
  at_audit_report_tally(&report, claim, NULL, &tally);
  at_audit_report_run(&report, &run, NULL, NULL, 0);
  at_small_path(path, sizeof path, "audit.json");
  CU_ASSERT_EQUAL_FATAL(at_audit_report_write(path, &report, &failure), 0);
  at_audit_report_clear(&report);
  char *text = at_small_read(&length, path);
  json_t *root = parsed(text);
  audit_check(root, claim, &tally);
  json_decref(root);
  free(text);
  at_small_remove(path);
  at_catalogue_free(&catalogue);
  at_run_clear(&run);
}

/* Dumps one value as compact text and drops it. */
static void expect_text(json_t *value, const char *expected)
{
  char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_STRING_EQUAL(text, expected);
  free(text);
  json_decref(value);
}

static void test_values(void)
{
  arb_t ball;
  arb_init(ball);
  expect_text(at_value_real(0.1), "0.10000000000000001");
  expect_text(at_value_real(nan("")), "null");
  expect_text(at_value_real(-INFINITY), "null");
  expect_text(at_value_integer(UINT64_C(1) << 62), "4611686018427387904");
  expect_text(at_value_integer(UINT64_MAX), "null");
  expect_text(at_value_text(NULL), "null");
  expect_text(at_value_text("β\n\"\\"), "\"β\\n\\\"\\\\\"");
  expect_text(at_value_text("caf\xE9.npy"), "\"caf?.npy\"");
  arb_set_ui(ball, 1);
  arb_div_ui(ball, ball, 3, 128);
  expect_text(at_value_bounds(ball), "{\"lo\":0.33333333333333331,\"hi\":0.33333333333333337}");
  arb_zero_pm_inf(ball);
  expect_text(at_value_bounds(ball), "{\"lo\":null,\"hi\":null}");
  arb_clear(ball);
}

static void test_broken(void)
{
  struct at_failure failure = {""};
  struct at_document document;
  at_document_init(&document, "attest-run");
  at_document_put(&document, document.root, "lost", NULL);
  CU_ASSERT_EQUAL(at_document_write("/nonexistent/x.json", &document, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "memory"));
  at_document_clear(&document);
  at_document_init(&document, "attest-run");
  CU_ASSERT_EQUAL(at_document_write("/dev/full", &document, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "/dev/full"));
  at_document_clear(&document);
}

void at_suite_report_json(void)
{
  CU_pSuite suite = CU_add_suite("report/json", NULL, NULL);
  CU_add_test(suite, "a run", test_run);
  CU_add_test(suite, "its test error", test_test_error);
  CU_add_test(suite, "every claim judged", test_claims);
  CU_add_test(suite, "an audit", test_audit);
  CU_add_test(suite, "numbers and text that JSON lacks", test_values);
  CU_add_test(suite, "what cannot be written", test_broken);
}
