/* SPDX-License-Identifier: Apache-2.0
 *
 * command_presets.c: `attest presets`, the catalogue of settings.
 */
#include <inttypes.h>
#include <stdio.h>

#include "harness/program/commands.h"

static int run(const struct at_options *options)
{
  (void)options;
  printf("%-14s %6s %4s %12s %10s %8s %12s  %s\n", "preset", "n", "T", "D", "rho", "eta", "beta",
         "what it is");
  for (size_t k = 0; k < at_preset_count(); k++) {
    struct at_settings s;
    struct at_failure failure = {""};
    char name[AT_PRESET_NAME];
    at_settings_default(&s);
    at_preset_example(name, k);
    if (at_settings_preset(&s, name, &failure) != 0) return at_usage_error("%s", failure.line);
    printf("%-14s %6zu %4zu ", at_preset_name(k), s.samples, s.tokens);
    if (s.source == AT_SOURCE_SYNTHETIC)
      printf("%12" PRIu64 " %10.6g ", s.dim, s.rho);
    else
      printf("%12s %10s ", "image", "-");
    if (s.fixed_noisy)
      printf("%2zu/class ", s.noisy_per_class);
    else
      printf("%8.4g ", s.eta);
    printf("%12.6g  %s\n", s.beta, at_preset_description(k));
  }
  return AT_EXIT_DONE;
}

const struct at_command at_command_presets = {"presets",
                                              0,
                                              NULL,
                                              "list the settings that --preset knows",
                                              "List the settings that --preset knows.",
                                              run};
