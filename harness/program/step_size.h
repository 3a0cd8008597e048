/* SPDX-License-Identifier: Apache-2.0
 *
 * step_size.h: the test error after two steps against the step size.
 */
#ifndef AT_PROGRAM_STEP_SIZE_H
#define AT_PROGRAM_STEP_SIZE_H

#include "harness/audit/settings.h"
#include "harness/failure.h"

/* Draws the picture `path` for step sizes from a tenth of the settings' to ten times it, spaced
 * evenly in their logarithm; synthetic data of two tokens only. */
int at_step_size_draw(const char *path, const struct at_settings *settings,
                      struct at_failure *failure);

#endif
