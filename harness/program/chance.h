/* SPDX-License-Identifier: Apache-2.0
 *
 * chance.h: `attest certify --chance`: how likely it is that a theorem does not apply.
 */
#ifndef AT_PROGRAM_CHANCE_H
#define AT_PROGRAM_CHANCE_H

#include "harness/program/options.h"

/* Runs the command with its options; returns an exit code. */
int at_chance_run(const struct at_options *options);

#endif
