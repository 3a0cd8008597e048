/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the presets as data: read from the text of specs/presets.json, which the build embeds.
 * Main result: a list that passed at_presets_parse names valid runs: every field is within range
 * and every name is unique. Assumption: the text follows specs/presets.schema.json; what does not
 * is refused. Test: tests/harness/audit/test_settings.c.
 */
#ifndef AT_AUDIT_PRESETS_H
#define AT_AUDIT_PRESETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/failure.h"

/* specs/presets.json, embedded by the build. */
extern const char at_presets_text[];
extern const size_t at_presets_length;

enum { AT_PRESET_LIMIT = 64, AT_PRESET_NAME = 32, AT_PRESET_LINE = 128 };

/* One entry. family: the name holds the letters A and B for two digits, and dim and rho are 0,
 * because the images decide them; otherwise a synthetic run. fixed_noisy: exactly noisy_per_class
 * labels of each class are flipped and eta is 0. balanced: half of the clean labels are -1. */
struct at_preset {
  char name[AT_PRESET_NAME];
  char description[AT_PRESET_LINE], source[AT_PRESET_LINE];
  bool family, fixed_noisy, balanced;
  size_t samples, tokens, noisy_per_class;
  uint64_t dim;
  double rho, eta, beta;
};

struct at_preset_list {
  size_t count;
  struct at_preset preset[AT_PRESET_LIMIT];
};

/* Fills *list from JSON text, in the order of the text, families last.
 * Errors: anything the schema does not allow; then count is 0. */
int at_presets_parse(struct at_preset_list *list, const char *text, size_t length,
                     struct at_failure *failure);

#endif
