/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: chances as JSON: the bounds on the probability that a theorem does not apply, and the
 * frequencies over draws, for one setting or many.
 * Main result: documents that specs/chance.schema.json describes.
 * Assumptions: none on the locale. Test: tests/program/schema.py.
 */
#ifndef AT_REPORT_CHANCE_JSON_H
#define AT_REPORT_CHANCE_JSON_H

#include <stddef.h>

#include "harness/audit/chance.h"
#include "harness/failure.h"

/* Level of the intervals that tables, pictures and documents show. */
#define AT_CHANCE_CONFIDENCE 0.95

/* Writes a document of format "attest-chance"; "-" is standard output.
 * Errors: memory, or `path` cannot be written. */
int at_report_chance_json(const char *path, const struct at_chance *chance, size_t count,
                          struct at_failure *failure);

#endif
