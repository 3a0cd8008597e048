/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h: what a run is asked to do: where its token data come from and how it descends.
 *
 * Presets are data (specs/presets.json, embedded in the program); this room only reads them.
 */
#ifndef AT_AUDIT_SETTINGS_H
#define AT_AUDIT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/audit/presets.h"
#include "harness/failure.h"

enum at_source { AT_SOURCE_SYNTHETIC, AT_SOURCE_GIVEN, AT_SOURCE_FASHION };

/* All numbers are the binary64 (or integer) values that every path uses. */
struct at_settings {
  char preset[AT_PRESET_NAME]; /* name of the preset it started from, or "custom" */
  enum at_source source;
  size_t samples; /* n; training images per class times two for fashion */
  size_t tokens;  /* T */
  uint64_t dim;   /* D, the ambient dimension of synthetic data */
  double rho;     /* norm of the signal tokens */
  double eta;     /* probability that a training label is flipped */
  double beta;    /* step size */
  uint64_t seed;
  bool fixed_noisy; /* flip exactly noisy_per_class labels of each class instead */
  size_t noisy_per_class;
  bool balanced;         /* exactly half of the clean labels are -1, instead of independent draws */
  bool full_coordinates; /* draw all D coordinates instead of the compressed ones */
  size_t steps;          /* K */
  long precision;        /* bits of the reference path */
  unsigned fashion_class[2]; /* classes of dataset-fashion-mnist: first is +1, second -1 */
  const char *tokens_path, *labels_path, *clean_labels_path; /* given data, NULL if absent */
  const char *test_tokens_path, *test_labels_path;
};

/* Defaults: preset fig1, seed 1, two steps, 256 bits, compressed coordinates. */
void at_settings_default(struct at_settings *settings);

/* Looks a preset up and fills `settings` with it (seed, steps, precision keep their values).
 * `fashion-A-B` with two different digits names a family.  Fails for an unknown name, and the
 * failure line lists the known ones. */
int at_settings_preset(struct at_settings *settings, const char *name, struct at_failure *failure);

/* Number of presets, their names and one-line descriptions, in catalogue order. */
size_t at_preset_count(void);
const char *at_preset_name(size_t index);
const char *at_preset_description(size_t index);

/* A name that at_settings_preset accepts for it: of a family, the member of classes 0 and 1. */
void at_preset_example(char name[AT_PRESET_NAME], size_t index);

#endif
