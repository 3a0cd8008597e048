/* SPDX-License-Identifier: Apache-2.0
 *
 * commands.h: the commands of `attest`, one file each.
 */
#ifndef AT_PROGRAM_COMMANDS_H
#define AT_PROGRAM_COMMANDS_H

#include "harness/program/options.h"

extern const struct at_command at_command_two_step;
extern const struct at_command at_command_compare;
extern const struct at_command at_command_certify;
extern const struct at_command at_command_audit;
extern const struct at_command at_command_sweep;
extern const struct at_command at_command_merge;
extern const struct at_command at_command_claims;
extern const struct at_command at_command_presets;

#endif
