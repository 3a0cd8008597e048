/* SPDX-License-Identifier: Apache-2.0
 *
 * expect.c: reads what harness/report/json.c wrote; strict about its format and version.
 */
#include "harness/program/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/file.h"

enum { MOST_BYTES = 64 << 20 };

static int check(const struct at_expectation *expectation, struct at_failure *failure)
{
  const json_t *format = json_object_get(expectation->document, "format");
  const json_t *version = json_object_get(expectation->document, "version");
  const json_t *tallies = json_object_get(expectation->document, "tallies");
  if (!json_is_string(format) || strcmp(json_string_value(format), "attest-audit") != 0)
    return at_fail(failure, "%s: not an audit: a file written by `attest audit --json` is accepted",
                   expectation->path);
  if (!json_is_integer(version) || json_integer_value(version) != 1)
    return at_fail(failure, "%s: its version is not known: version 1 is accepted",
                   expectation->path);
  if (!json_is_array(tallies))
    return at_fail(failure, "%s: it has no array 'tallies'", expectation->path);
  return 0;
}

int at_expectation_read(struct at_expectation *expectation, const char *path,
                        struct at_failure *failure)
{
  unsigned char *bytes = NULL;
  size_t size = 0;
  json_error_t error;
  expectation->path = path;
  if (at_file_read(&bytes, &size, path, MOST_BYTES, failure) != 0) return -1;
  expectation->document = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, &error);
  free(bytes);
  if (expectation->document == NULL)
    return at_fail(failure, "%s: not JSON: %s at line %d", path, error.text, error.line);
  return check(expectation, failure);
}

void at_expectation_clear(struct at_expectation *expectation)
{
  json_decref(expectation->document);
  memset(expectation, 0, sizeof *expectation);
}

/* The verdict the document gives for a claim on a preset; NULL if it gives none. */
static const char *expected_verdict(const struct at_expectation *expectation, const char *claim,
                                    const char *preset)
{
  size_t index;
  json_t *entry;
  json_array_foreach(json_object_get(expectation->document, "tallies"), index, entry)
  {
    const char *id = json_string_value(json_object_get(entry, "claim"));
    const char *where = json_string_value(json_object_get(entry, "preset"));
    if (id != NULL && where != NULL && strcmp(id, claim) == 0 && strcmp(where, preset) == 0)
      return json_string_value(json_object_get(entry, "verdict"));
  }
  return NULL;
}

size_t at_expectation_compare(const struct at_expectation *expectation,
                              const struct at_campaign_result *result)
{
  size_t surprises = 0;
  if (expectation->document == NULL) return 0;
  for (size_t k = 0; k < result->tallies; k++) {
    const struct at_campaign_tally *t = &result->tally[k];
    const char *found = at_verdict_name(t->tally.verdict);
    const char *expected = expected_verdict(expectation, t->claim->id, t->preset);
    if (expected != NULL && strcmp(expected, found) == 0) continue;
    fprintf(stderr, "attest: %s on %s: %s, but %s expects %s\n", t->claim->id, t->preset, found,
            expectation->path, expected != NULL ? expected : "nothing");
    surprises++;
  }
  return surprises;
}
