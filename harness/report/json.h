/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: reports for machines: one run, or an audit of many runs and claims, as JSON.
 * Main result: documents that specs/run.schema.json describes field by field, with units and
 * sources; the same runs give the same bytes.
 * Assumptions: none on the locale. Test: tests/harness/report/test_json.c, tests/program/schema.py.
 */
#ifndef AT_REPORT_JSON_H
#define AT_REPORT_JSON_H

#include <stddef.h>

#include "harness/audit/agreement.h"
#include "harness/audit/claims.h"
#include "harness/audit/two_step.h"
#include "harness/failure.h"
#include "harness/report/document.h"

/* Writes a document of format "attest-run". agreement: NULL if the paths were not compared;
 * judgements: of `count` claims on this run, NULL and 0 if none was asked about. "-" is standard
 * output. Errors: memory, or `path` cannot be written. */
int at_report_run_json(const char *path, const struct at_run *run,
                       const struct at_agreement *agreement, const struct at_judgement *judgements,
                       size_t count, struct at_failure *failure);

/* A document of format "attest-audit", put together run by run, so that no run has to be kept:
 * _init, then _run and _tally in any order, _write, _clear. Memory that runs out is reported by
 * _write. */
struct at_audit_report {
  struct at_document document;
  json_t *runs, *claims, *tallies; /* arrays inside the document */
};

void at_audit_report_init(struct at_audit_report *report, const struct at_catalogue *catalogue);
void at_audit_report_clear(struct at_audit_report *report);

/* Adds one run and the verdicts on it. agreement: as above. */
void at_audit_report_run(struct at_audit_report *report, const struct at_run *run,
                         const struct at_agreement *agreement,
                         const struct at_judgement *judgements, size_t count);

/* Adds the words of a claim that the audit was asked about; once each. */
void at_audit_report_claim(struct at_audit_report *report, const struct at_claim *claim);

/* Adds what a claim came to over the runs of one preset; preset NULL: over all runs. */
void at_audit_report_tally(struct at_audit_report *report, const struct at_claim *claim,
                           const char *preset, const struct at_tally *tally);

/* Errors: memory had run out, or `path` cannot be written. */
int at_audit_report_write(const char *path, const struct at_audit_report *report,
                          struct at_failure *failure);

#endif
