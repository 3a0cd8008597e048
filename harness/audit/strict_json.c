/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: strict readers of embedded JSON (see strict_json.h).
 * Main result: a failure line names the object, the key and what would be accepted.
 * Assumptions: none. Test: tests/harness/audit/test_settings.c, test_claims.c.
 */
#include "harness/audit/strict_json.h"

#include <string.h>

json_t *at_json_parse(const char *text, size_t length, const char *what, struct at_failure *failure)
{
  json_error_t error;
  json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL) {
    (void)at_fail(failure, "%s: not JSON: %s (line %d)", what, error.text, error.line);
  }
  return root;
}

static int key_is_known(const char *key, const char *const *keys)
{
  for (size_t k = 0; keys[k] != NULL; k++) {
    if (strcmp(key, keys[k]) == 0) {
      return 1;
    }
  }
  return 0;
}

int at_json_keys(const json_t *object, const char *what, const char *const *keys,
                 struct at_failure *failure)
{
  if (!json_is_object(object)) {
    return at_fail(failure, "%s: an object is accepted, nothing else", what);
  }
  /* jansson's iterator takes a mutable object although it changes nothing. */
  json_t *walked = (json_t *)object;
  for (void *at = json_object_iter(walked); at != NULL; at = json_object_iter_next(walked, at)) {
    if (!key_is_known(json_object_iter_key(at), keys)) {
      return at_fail(failure, "%s: unknown key '%s'", what, json_object_iter_key(at));
    }
  }
  return 0;
}

int at_json_optional_string(const char **string, const json_t *object, const char *what,
                            const char *key, size_t limit, struct at_failure *failure)
{
  const json_t *value = json_object_get(object, key);
  *string = NULL;
  if (value == NULL) {
    return 0;
  }
  if (!json_is_string(value) || json_string_length(value) == 0 ||
      json_string_length(value) > limit) {
    return at_fail(failure, "%s: '%s' must be a string of 1 to %zu bytes", what, key, limit);
  }
  *string = json_string_value(value);
  return 0;
}

int at_json_string(const char **string, const json_t *object, const char *what, const char *key,
                   size_t limit, struct at_failure *failure)
{
  if (at_json_optional_string(string, object, what, key, limit, failure) != 0) {
    return -1;
  }
  return *string != NULL ? 0 : at_fail(failure, "%s: '%s' is missing", what, key);
}

int at_json_integer(int64_t *integer, const json_t *object, const char *what, const char *key,
                    int64_t least, int64_t most, struct at_failure *failure)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_integer(value) || json_integer_value(value) < least ||
      json_integer_value(value) > most) {
    return at_fail(failure, "%s: '%s' must be an integer from %lld to %lld", what, key,
                   (long long)least, (long long)most);
  }
  *integer = json_integer_value(value);
  return 0;
}

int at_json_number(double *number, const json_t *object, const char *what, const char *key,
                   double least, double most, struct at_failure *failure)
{
  const json_t *value = json_object_get(object, key);
  double read = json_is_number(value) ? json_number_value(value) : least;
  if (!json_is_number(value) || !(read >= least && read <= most)) {
    return at_fail(failure, "%s: '%s' must be a number from %g to %g", what, key, least, most);
  }
  *number = read;
  return 0;
}

int at_json_optional_boolean(bool *boolean, const json_t *object, const char *what, const char *key,
                             struct at_failure *failure)
{
  const json_t *value = json_object_get(object, key);
  if (value != NULL && !json_is_boolean(value)) {
    return at_fail(failure, "%s: '%s' must be true or false", what, key);
  }
  *boolean = json_is_true(value);
  return 0;
}

int at_json_array(const json_t **array, const json_t *object, const char *what, const char *key,
                  size_t limit, struct at_failure *failure)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_array(value) || json_array_size(value) > limit) {
    return at_fail(failure, "%s: '%s' must be an array of at most %zu elements", what, key, limit);
  }
  *array = value;
  return 0;
}
