/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: claims, verdicts and tallies as JSON objects.
 * Main result: a verdict never stands without the certified numbers that decided it and, in the
 * same document, the reading it is about.
 * Assumptions: judgements as at_claim_judge leaves them. Test: tests/harness/report/test_json.c.
 */
#ifndef AT_REPORT_CLAIMS_JSON_H
#define AT_REPORT_CLAIMS_JSON_H

#include <stddef.h>

#include "harness/audit/claims.h"
#include "harness/report/document.h"

/* Appends the words of a claim to `claims`. */
void at_claim_append(struct at_document *document, json_t *claims, const struct at_claim *claim);

/* Puts "verdicts", one per judgement, into `object`. */
void at_verdicts_put(struct at_document *document, json_t *object,
                     const struct at_judgement *judgements, size_t count);

/* Appends the tally of a claim over the runs of a preset to `tallies`. */
void at_tally_append(struct at_document *document, json_t *tallies, const struct at_claim *claim,
                     const char *preset, const struct at_tally *tally);

#endif
