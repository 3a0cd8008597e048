/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: runs and audits as JSON documents (see json.h).
 * Main result: as there.
 * Assumptions: none. Test: tests/harness/report/test_json.c, tests/program/schema.py.
 */
#include "harness/report/json.h"

#include "harness/report/claims_json.h"
#include "harness/report/run_json.h"

static void run_put(struct at_document *document, json_t *object, const struct at_run *run,
                    const struct at_agreement *agreement, const struct at_judgement *judgements,
                    size_t count)
{
  at_run_put(document, object, run);
  at_agreement_put(document, object, agreement, run);
  at_verdicts_put(document, object, judgements, count);
}

int at_report_run_json(const char *path, const struct at_run *run,
                       const struct at_agreement *agreement, const struct at_judgement *judgements,
                       size_t count, struct at_failure *failure)
{
  struct at_document document;
  json_t *claims = json_array();
  at_document_init(&document, "attest-run");
  run_put(&document, document.root, run, agreement, judgements, count);
  for (size_t i = 0; i < count; i++) {
    at_claim_append(&document, claims, judgements[i].claim);
  }
  at_document_put(&document, document.root, "claims", claims);
  int result = at_document_write(path, &document, failure);
  at_document_clear(&document);
  return result;
}

/* A new array under `key`; the document owns it. */
static json_t *array_put(struct at_document *document, const char *key)
{
  json_t *array = json_array();
  at_document_put(document, document->root, key, array);
  return array;
}

void at_audit_report_init(struct at_audit_report *report, const struct at_catalogue *catalogue)
{
  struct at_document *document = &report->document;
  at_document_init(document, "attest-audit");
  json_t *object = json_object();
  at_document_put(document, object, "paper", at_value_text(catalogue->paper));
  at_document_put(document, object, "title", at_value_text(catalogue->title));
  at_document_put(document, object, "least_runs", at_value_integer(catalogue->least_runs));
  at_document_put(document, object, "confidence", at_value_real(catalogue->confidence));
  at_document_put(document, document->root, "catalogue", object);
  report->claims = array_put(document, "claims");
  report->tallies = array_put(document, "tallies");
  report->runs = array_put(document, "runs");
}

void at_audit_report_clear(struct at_audit_report *report)
{
  at_document_clear(&report->document);
}

void at_audit_report_run(struct at_audit_report *report, const struct at_run *run,
                         const struct at_agreement *agreement,
                         const struct at_judgement *judgements, size_t count)
{
  json_t *object = json_object();
  run_put(&report->document, object, run, agreement, judgements, count);
  at_document_append(&report->document, report->runs, object);
}

void at_audit_report_claim(struct at_audit_report *report, const struct at_claim *claim)
{
  at_claim_append(&report->document, report->claims, claim);
}

void at_audit_report_tally(struct at_audit_report *report, const struct at_claim *claim,
                           const char *preset, const struct at_tally *tally)
{
  at_tally_append(&report->document, report->tallies, claim, preset, tally);
}

int at_audit_report_write(const char *path, const struct at_audit_report *report,
                          struct at_failure *failure)
{
  return at_document_write(path, &report->document, failure);
}
