/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.h: one line on a terminal that says what long work is doing and about how long it takes.
 *
 * Prints nothing when standard error is not a terminal, and nothing in the first half second.
 */
#ifndef AT_PROGRAM_PROGRESS_H
#define AT_PROGRAM_PROGRESS_H

#include <stdbool.h>

/* Starts a piece of work; `wanted` false silences it (--quiet). */
void at_progress_start(bool wanted);

/* done: fraction of the whole in [0, 1]; has the type at_progress of two_step.h. */
void at_progress_show(const char *what, double done);

/* Wipes the line. */
void at_progress_end(void);

#endif
