/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a run as a JSON object: its settings, its counts and its report of every step.
 * Main result: what at_run holds and nothing else; fields and units as in specs/run.schema.json.
 * Assumptions: the run is complete. Test: tests/harness/report/test_json.c.
 */
#ifndef AT_REPORT_RUN_JSON_H
#define AT_REPORT_RUN_JSON_H

#include "harness/audit/agreement.h"
#include "harness/audit/two_step.h"
#include "harness/report/document.h"

/* Puts settings, counts, precision, steps and undecided of a run into `object`. */
void at_run_put(struct at_document *document, json_t *object, const struct at_run *run);

/* Puts "agreement", null when `agreement` is NULL, into `object`. */
void at_agreement_put(struct at_document *document, json_t *object,
                      const struct at_agreement *agreement, const struct at_run *run);

#endif
