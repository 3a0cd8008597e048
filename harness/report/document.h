/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: JSON documents put together so that no number is wrong and no error is lost.
 * Main result: a document never holds NaN or infinity (null stands for "no such number"), its text
 * is UTF-8 whatever file names contain, and enclosures are rounded outward.
 * Assumptions: jansson. Test: tests/harness/report/test_json.c.
 */
#ifndef AT_REPORT_DOCUMENT_H
#define AT_REPORT_DOCUMENT_H

#include <arb.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/failure.h"

/* A document under construction. Memory that runs out sets `broken` once and for all; only
 * at_document_write has to look at it. */
struct at_document {
  json_t *root; /* an object */
  bool broken;
};

/* Starts {"format": format, "version": 1}. */
void at_document_init(struct at_document *document, const char *format);
void at_document_clear(struct at_document *document);

/* New values. A double that is not finite becomes null; text is made valid UTF-8, each byte that
 * is not part of it a '?', and NULL becomes null; integers beyond 2^63-1 are an error of the
 * caller and become null. */
json_t *at_value_real(double x);
json_t *at_value_text(const char *text);
json_t *at_value_integer(uint64_t x);

/* {"lo": .., "hi": ..}: the ends of a ball as doubles; null for an end without bound. */
json_t *at_value_bounds(const arb_t x);

/* {"lo": "..", "hi": "..", "log10_lo": "..", "log10_hi": ".."}: the ends of a ball of any exponent
 * as decimal text of 20 digits, and their logarithms when they are too small for a double,
 * otherwise null. */
json_t *at_value_decimal(const arb_t x);

/* Adds `value`, which it takes over, under `key` or at the end. */
void at_document_put(struct at_document *document, json_t *object, const char *key, json_t *value);
void at_document_append(struct at_document *document, json_t *array, json_t *value);

/* Writes the document, indented, keys in the order they were put; "-" is standard output.
 * Errors: memory had run out, or `path` cannot be written. */
int at_document_write(const char *path, const struct at_document *document,
                      struct at_failure *failure);

#endif
