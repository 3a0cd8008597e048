/* SPDX-License-Identifier: Apache-2.0
 *
 * sweep.h: the test error after two steps against the step size.
 */
#ifndef AT_PROGRAM_SWEEP_H
#define AT_PROGRAM_SWEEP_H

#include "harness/audit/settings.h"
#include "harness/failure.h"

/* Draws the picture `path` for step sizes from a tenth of the settings' to ten times it, spaced
 * evenly in their logarithm; synthetic data of two tokens only. */
int at_sweep_draw(const char *path, const struct at_settings *settings, struct at_failure *failure);

#endif
