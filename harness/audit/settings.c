/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: settings of a run from the embedded presets (see settings.h).
 * Main result: a preset is found by name or by its family's pattern; an unknown name is answered
 * with the known ones.
 * Assumptions: the first call is made by one thread (the list is parsed once and kept).
 * Test: tests/harness/audit/test_settings.c.
 */
#include "harness/audit/settings.h"

#include <stdio.h>
#include <string.h>

#include "harness/audit/presets.h"

static const char default_preset[] = "fig1";
enum { DEFAULT_SEED = 1, DEFAULT_STEPS = 2, DEFAULT_PRECISION = 256 };

/* The embedded presets; if they could not be read, an empty list and the reason. */
static const struct at_preset_list *presets_loaded(const char **reason)
{
  static struct at_preset_list list;
  static struct at_failure fault;
  static bool loaded;
  if (!loaded) {
    (void)at_presets_parse(&list, at_presets_text, at_presets_length, &fault);
    loaded = true;
  }
  *reason = fault.line;
  return &list;
}

/* Does `name` follow the family's pattern, A and B standing for two different digits? */
static bool family_matches(unsigned *classes, const char *pattern, const char *name)
{
  size_t length = strlen(pattern);
  if (strlen(name) != length) {
    return false;
  }
  for (size_t k = 0; k < length; k++) {
    bool digit = name[k] >= '0' && name[k] <= '9';
    if (pattern[k] == 'A' || pattern[k] == 'B') {
      if (!digit) {
        return false;
      }
      classes[pattern[k] == 'B'] = (unsigned)(name[k] - '0');
    } else if (pattern[k] != name[k]) {
      return false;
    }
  }
  return classes[0] != classes[1];
}

static void preset_apply(struct at_settings *settings, const struct at_preset *preset,
                         const char *name, const unsigned *classes)
{
  (void)snprintf(settings->preset, sizeof settings->preset, "%s", name);
  settings->source = preset->family ? AT_SOURCE_FASHION : AT_SOURCE_SYNTHETIC;
  settings->samples = preset->samples;
  settings->tokens = preset->tokens;
  settings->dim = preset->dim;
  settings->rho = preset->rho;
  settings->eta = preset->eta;
  settings->beta = preset->beta;
  settings->fixed_noisy = preset->fixed_noisy;
  settings->balanced = preset->balanced;
  settings->noisy_per_class = preset->noisy_per_class;
  settings->fashion_class[0] = classes[0];
  settings->fashion_class[1] = classes[1];
  settings->tokens_path = settings->labels_path = settings->clean_labels_path = NULL;
  settings->test_tokens_path = settings->test_labels_path = NULL;
}

static int preset_unknown(const char *name, const struct at_preset_list *list,
                          struct at_failure *failure)
{
  char known[400] = "";
  size_t used = 0;
  for (size_t k = 0; k < list->count && used < sizeof known; k++) {
    int wrote =
      snprintf(known + used, sizeof known - used, "%s%s", k == 0 ? "" : ", ", list->preset[k].name);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  return at_fail(failure, "preset '%.40s' is unknown; known: %s (A, B: two different digits)", name,
                 known);
}

int at_settings_preset(struct at_settings *settings, const char *name, struct at_failure *failure)
{
  const char *reason;
  const struct at_preset_list *list = presets_loaded(&reason);
  if (list->count == 0) {
    return at_fail(failure, "internal error: %s", reason);
  }
  for (size_t k = 0; k < list->count; k++) {
    const struct at_preset *preset = &list->preset[k];
    unsigned classes[2] = {0, 0};
    if (preset->family ? family_matches(classes, preset->name, name)
                       : strcmp(preset->name, name) == 0) {
      preset_apply(settings, preset, name, classes);
      return 0;
    }
  }
  return preset_unknown(name, list, failure);
}

void at_settings_default(struct at_settings *settings)
{
  memset(settings, 0, sizeof *settings);
  settings->seed = DEFAULT_SEED;
  settings->steps = DEFAULT_STEPS;
  settings->precision = DEFAULT_PRECISION;
  (void)at_settings_preset(settings, default_preset, NULL);
}

size_t at_preset_count(void)
{
  const char *reason;
  return presets_loaded(&reason)->count;
}

const char *at_preset_name(size_t index)
{
  const char *reason;
  const struct at_preset_list *list = presets_loaded(&reason);
  return index < list->count ? list->preset[index].name : NULL;
}

const char *at_preset_description(size_t index)
{
  const char *reason;
  const struct at_preset_list *list = presets_loaded(&reason);
  return index < list->count ? list->preset[index].description : NULL;
}

void at_preset_example(char name[AT_PRESET_NAME], size_t index)
{
  const char *reason;
  const struct at_preset_list *list = presets_loaded(&reason);
  (void)snprintf(name, AT_PRESET_NAME, "%s", index < list->count ? list->preset[index].name : "");
  if (index >= list->count || !list->preset[index].family) {
    return;
  }
  for (char *letter = name; *letter != '\0'; letter++) {
    if (*letter == 'A' || *letter == 'B') {
      *letter = *letter == 'A' ? '0' : '1';
    }
  }
}
