/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: JSON documents (see json_build.h).
 * Main result: as there.
 * Assumptions: jansson. Test: tests/harness/report/test_json.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/report/json_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/enclosure/decimal.h"
#include "harness/report/output.h"

/* Digits after which reading a double back gives the same double. */
enum { REAL_DIGITS = 17, DECIMAL_DIGITS = 20, INDENT = 2, FORMAT_VERSION = 1 };

void at_json_init(struct at_json *json, const char *format)
{
  *json = (struct at_json){json_object(), false};
  at_json_put(json, json->root, "format", at_json_text(format));
  at_json_put(json, json->root, "version", json_integer(FORMAT_VERSION));
}

void at_json_clear(struct at_json *json)
{
  json_decref(json->root);
  json->root = NULL;
}

json_t *at_json_real(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

json_t *at_json_integer(uint64_t x)
{
  return x <= INT64_MAX ? json_integer((json_int_t)x) : json_null();
}

/* json_string refuses what is not UTF-8: bytes from the first refused one on lose their top bit's
 * meaning, so every byte beyond ASCII becomes '?'. */
json_t *at_json_text(const char *text)
{
  json_t *value = text == NULL ? json_null() : json_string(text);
  char *copy = value == NULL ? strdup(text) : NULL;
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

json_t *at_json_bounds(const arb_t x)
{
  double lo, hi;
  at_ball_get_doubles(&lo, &hi, x);
  return json_pack("{s:o, s:o}", "lo", at_json_real(lo), "hi", at_json_real(hi));
}

json_t *at_json_decimal(const arb_t x)
{
  struct at_decimal decimal;
  at_decimal_set(&decimal, x, DECIMAL_DIGITS);
  return json_pack("{s:s, s:s, s:o, s:o}", "lo", decimal.lower, "hi", decimal.upper, "log10_lo",
                   at_json_text(decimal.has_log10 ? decimal.log10_lower : NULL), "log10_hi",
                   at_json_text(decimal.has_log10 ? decimal.log10_upper : NULL));
}

void at_json_put(struct at_json *json, json_t *object, const char *key, json_t *value)
{
  if (json_object_set_new(object, key, value) != 0) {
    json->broken = true;
  }
}

void at_json_append(struct at_json *json, json_t *array, json_t *value)
{
  if (json_array_append_new(array, value) != 0) {
    json->broken = true;
  }
}

int at_json_write(const char *path, const struct at_json *json, struct at_failure *failure)
{
  char *text = NULL;
  if (!json->broken) {
    text = json_dumps(json->root, JSON_INDENT(INDENT) | JSON_REAL_PRECISION(REAL_DIGITS));
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
