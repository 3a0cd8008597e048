/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read the JSON that is embedded in the program, and refuse whatever its schema does not
 * name: an unknown key, a missing one, a value of another type or out of range.
 * Main result: every reader returns 0, or -1 with a failure line that names the object and the key.
 * Assumptions: none; duplicate keys are refused by the parser.
 * Test: tests/harness/audit/test_settings.c, test_claims.c.
 */
#ifndef AT_AUDIT_STRICT_JSON_H
#define AT_AUDIT_STRICT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/failure.h"

/* The parsed text (give it back with json_decref), or NULL with a failure line. */
json_t *at_json_parse(const char *text, size_t length, const char *what,
                      struct at_failure *failure);

/* `keys`: the keys that an object may have, NULL-terminated; `what` names the object in failures.
 * Errors: not an object, a key beyond the list. */
int at_json_keys(const json_t *object, const char *what, const char *const *keys,
                 struct at_failure *failure);

/* The string at `key`, at least one and at most `limit` bytes; optional: NULL when absent is fine.
 * The string belongs to the object. */
int at_json_string(const char **string, const json_t *object, const char *what, const char *key,
                   size_t limit, struct at_failure *failure);
int at_json_optional_string(const char **string, const json_t *object, const char *what,
                            const char *key, size_t limit, struct at_failure *failure);

/* The integer at `key`, within [least, most]. */
int at_json_integer(int64_t *integer, const json_t *object, const char *what, const char *key,
                    int64_t least, int64_t most, struct at_failure *failure);

/* The number at `key` (integer or real) as the nearest double, within [least, most]. */
int at_json_number(double *number, const json_t *object, const char *what, const char *key,
                   double least, double most, struct at_failure *failure);

/* The boolean at `key`; false when it is absent. */
int at_json_optional_boolean(bool *boolean, const json_t *object, const char *what, const char *key,
                             struct at_failure *failure);

/* The array at `key`, of at most `limit` elements. */
int at_json_array(const json_t **array, const json_t *object, const char *what, const char *key,
                  size_t limit, struct at_failure *failure);

#endif
