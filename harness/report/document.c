/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: JSON documents (see document.h).
 * Main result: as there.
 * Assumptions: jansson. Test: tests/harness/report/test_json.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/report/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/enclosure/decimal.h"
#include "harness/report/output.h"

/* Digits after which reading a double back gives the same double. */
enum { REAL_DIGITS = 17, DECIMAL_DIGITS = 20, INDENT = 2, FORMAT_VERSION = 1 };

void at_document_init(struct at_document *document, const char *format)
{
  *document = (struct at_document){json_object(), false};
  at_document_put(document, document->root, "format", at_value_text(format));
  at_document_put(document, document->root, "version", json_integer(FORMAT_VERSION));
}

void at_document_clear(struct at_document *document)
{
  json_decref(document->root);
  document->root = NULL;
}

json_t *at_value_real(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

json_t *at_value_integer(uint64_t x)
{
  return x <= INT64_MAX ? json_integer((json_int_t)x) : json_null();
}

/* json_string refuses what is not UTF-8: bytes from the first refused one on lose their top bit's
 * meaning, so every byte beyond ASCII becomes '?'. */
json_t *at_value_text(const char *text)
{
  json_t *value = text == NULL ? json_null() : json_string(text);
  char *copy = value == NULL && text != NULL ? strdup(text) : NULL;
  if (copy == NULL) {
    return value;
  }
  for (char *c = copy; *c != '\0'; c++) {
    *c = (unsigned char)*c < 0x80 ? *c : '?';
  }
  value = json_string(copy);
  free(copy);
  return value;
}

json_t *at_value_bounds(const arb_t x)
{
  double lo, hi;
  at_ball_get_doubles(&lo, &hi, x);
  return json_pack("{s:o, s:o}", "lo", at_value_real(lo), "hi", at_value_real(hi));
}

json_t *at_value_decimal(const arb_t x)
{
  struct at_decimal decimal;
  at_decimal_set(&decimal, x, DECIMAL_DIGITS);
  return json_pack("{s:s, s:s, s:o, s:o}", "lo", decimal.lower, "hi", decimal.upper, "log10_lo",
                   at_value_text(decimal.has_log10 ? decimal.log10_lower : NULL), "log10_hi",
                   at_value_text(decimal.has_log10 ? decimal.log10_upper : NULL));
}

void at_document_put(struct at_document *document, json_t *object, const char *key, json_t *value)
{
  if (json_object_set_new(object, key, value) != 0) {
    document->broken = true;
  }
}

void at_document_append(struct at_document *document, json_t *array, json_t *value)
{
  if (json_array_append_new(array, value) != 0) {
    document->broken = true;
  }
}

int at_document_write(const char *path, const struct at_document *document,
                      struct at_failure *failure)
{
  char *text = NULL;
  if (!document->broken) {
    text = json_dumps(document->root, JSON_INDENT(INDENT) | JSON_REAL_PRECISION(REAL_DIGITS));
  }
  size_t size = text == NULL ? 0 : strlen(text);
  if (text == NULL) {
    return at_fail(failure, "%s: the report does not fit into this machine's memory", path);
  }
  text[size] = '\n'; /* in the place of the closing NUL: the file ends with a line */
  int result = at_output_write(path, text, size + 1, failure);
  free(text);
  return result;
}
