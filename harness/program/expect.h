/* SPDX-License-Identifier: Apache-2.0
 *
 * expect.h: verdicts of an earlier audit, held against those of this one (--expect).
 */
#ifndef AT_PROGRAM_EXPECT_H
#define AT_PROGRAM_EXPECT_H

#include <jansson.h>

#include "harness/audit/campaign.h"
#include "harness/failure.h"

/* The tallies of an "attest-audit" document; zeroed: nothing is expected. */
struct at_expectation {
  json_t *document;
  const char *path;
};

/* Reads and checks the document; fails with a line that names the file. */
int at_expectation_read(struct at_expectation *expectation, const char *path,
                        struct at_failure *failure);
void at_expectation_clear(struct at_expectation *expectation);

/* Prints each verdict of `result` that the document lacks or contradicts on standard error, and
 * returns their number. */
size_t at_expectation_compare(const struct at_expectation *expectation,
                              const struct at_campaign_result *result);

#endif
