/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a certificate as JSON, for the independent checker (checker/) and for people.
 * Main result: documents that specs/certificate.schema.json describes. Every number that is not
 * exact is an enclosure, or a bound rounded to the safe side; what the checker recomputes with an
 * exponential in it is moved one double further, so that a checker of 60 bits can confirm it. The
 * last field is the SHA-256 of all others in canonical form, so that an edit shows.
 * Assumptions: jansson writes the same text for the same document.
 * Test: tests/checker/certificates.sh.
 */
#ifndef AT_REPORT_CERTIFICATE_JSON_H
#define AT_REPORT_CERTIFICATE_JSON_H

#include "harness/audit/certificate.h"
#include "harness/failure.h"

/* Writes a document of format "attest-certificate" of data without obstacle; "-" is standard
 * output. Errors: memory, or `path` cannot be written. */
int at_report_certificate_json(const char *path, const struct at_certificate *certificate,
                               struct at_failure *failure);

#endif
