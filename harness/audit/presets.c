/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read the presets (see presets.h).
 * Main result: no field is taken on trust; the first fault found is named.
 * Assumptions: none. Test: tests/harness/audit/test_settings.c.
 */
#include "harness/audit/presets.h"

#include <stdio.h>
#include <string.h>

#include "harness/audit/strict_json.h"
#include "kernel/capacity.h"

static const char *const list_keys[] = {"version", "presets", "families", NULL};
static const char *const preset_keys[] = {
  "name", "description", "source",          "samples",  "tokens", "dim",
  "rho",  "eta",         "noisy_per_class", "balanced", "beta",   NULL};
static const char *const family_keys[] = {"name", "description",     "source", "samples", "tokens",
                                          "eta",  "noisy_per_class", "beta",   NULL};

/* Reals are open intervals in the schema; the smallest positive normal number stands for 0. */
static const double positive = 0x1p-1022;

static int words_read(struct at_preset *preset, const json_t *object, const char *what,
                      struct at_failure *failure)
{
  const char *name, *description, *source;
  if (at_json_string(&name, object, what, "name", AT_PRESET_NAME - 1, failure) != 0 ||
      at_json_string(&description, object, name, "description", AT_PRESET_LINE - 1, failure) != 0 ||
      at_json_string(&source, object, name, "source", AT_PRESET_LINE - 1, failure) != 0) {
    return -1;
  }
  (void)snprintf(preset->name, sizeof preset->name, "%s", name);
  (void)snprintf(preset->description, sizeof preset->description, "%s", description);
  (void)snprintf(preset->source, sizeof preset->source, "%s", source);
  return 0;
}

static int flips_read(struct at_preset *preset, const json_t *object, struct at_failure *failure)
{
  int64_t noisy = 0;
  preset->fixed_noisy = json_object_get(object, "noisy_per_class") != NULL;
  if (preset->fixed_noisy == (json_object_get(object, "eta") != NULL)) {
    return at_fail(failure, "%s: one of 'eta' and 'noisy_per_class' is accepted", preset->name);
  }
  if (!preset->fixed_noisy) {
    return at_json_number(&preset->eta, object, preset->name, "eta", 0.0, 1.0, failure);
  }
  if (at_json_integer(&noisy, object, preset->name, "noisy_per_class", 0, AT_MAX_SAMPLES,
                      failure) != 0) {
    return -1;
  }
  preset->noisy_per_class = (size_t)noisy;
  return 0;
}

static int sizes_read(struct at_preset *preset, const json_t *object, struct at_failure *failure)
{
  int64_t samples = 0, tokens = 0;
  if (at_json_integer(&samples, object, preset->name, "samples", 2, AT_MAX_SAMPLES, failure) != 0 ||
      at_json_integer(&tokens, object, preset->name, "tokens", 2, AT_MAX_TOKENS, failure) != 0 ||
      at_json_number(&preset->beta, object, preset->name, "beta", positive, AT_MAX_STEP, failure) !=
        0) {
    return -1;
  }
  preset->samples = (size_t)samples;
  preset->tokens = (size_t)tokens;
  return 0;
}

static int geometry_read(struct at_preset *preset, const json_t *object, struct at_failure *failure)
{
  int64_t dim = 0;
  if (at_json_integer(&dim, object, preset->name, "dim", 3, INT64_C(1000000000000000000),
                      failure) != 0 ||
      at_json_number(&preset->rho, object, preset->name, "rho", positive, AT_MAX_ENTRY, failure) !=
        0) {
    return -1;
  }
  preset->dim = (uint64_t)dim;
  return at_json_optional_boolean(&preset->balanced, object, preset->name, "balanced", failure);
}

static int preset_read(struct at_preset *preset, const json_t *object, bool family,
                       struct at_failure *failure)
{
  const char *what = family ? "a family of presets" : "a preset";
  memset(preset, 0, sizeof *preset);
  preset->family = family;
  if (at_json_keys(object, what, family ? family_keys : preset_keys, failure) != 0 ||
      words_read(preset, object, what, failure) != 0 || flips_read(preset, object, failure) != 0 ||
      sizes_read(preset, object, failure) != 0) {
    return -1;
  }
  if (family) {
    bool pattern = strchr(preset->name, 'A') != NULL && strchr(preset->name, 'B') != NULL;
    return pattern ? 0 : at_fail(failure, "%s: a family's name needs A and B", preset->name);
  }
  return geometry_read(preset, object, failure);
}

static int entries_read(struct at_preset_list *list, const json_t *root, bool family,
                        struct at_failure *failure)
{
  const json_t *array;
  if (at_json_array(&array, root, "presets.json", family ? "families" : "presets",
                    AT_PRESET_LIMIT - list->count, failure) != 0) {
    return -1;
  }
  for (size_t k = 0; k < json_array_size(array); k++) {
    struct at_preset *preset = &list->preset[list->count];
    if (preset_read(preset, json_array_get(array, k), family, failure) != 0) {
      return -1;
    }
    for (size_t j = 0; j < list->count; j++) {
      if (strcmp(preset->name, list->preset[j].name) == 0) {
        return at_fail(failure, "presets.json: the name '%s' occurs twice", preset->name);
      }
    }
    list->count++;
  }
  return 0;
}

int at_presets_parse(struct at_preset_list *list, const char *text, size_t length,
                     struct at_failure *failure)
{
  list->count = 0;
  json_t *root = at_json_parse(text, length, "presets.json", failure);
  if (root == NULL) {
    return -1;
  }
  int64_t version = 0;
  int status = at_json_keys(root, "presets.json", list_keys, failure);
  if (status == 0) {
    status = at_json_integer(&version, root, "presets.json", "version", 1, 1, failure);
  }
  if (status == 0) {
    status = entries_read(list, root, false, failure);
  }
  if (status == 0) {
    status = entries_read(list, root, true, failure);
  }
  json_decref(root);
  list->count = status == 0 ? list->count : 0;
  return status;
}
