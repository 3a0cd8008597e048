/* SPDX-License-Identifier: Apache-2.0
 *
 * pictures.h: every picture that applies to a run.
 */
#ifndef AT_PROGRAM_PICTURES_H
#define AT_PROGRAM_PICTURES_H

#include "harness/audit/two_step.h"

/* Draws margins.svg and, where the signal token is known, attention.svg into `directory`, which is
 * made. */
int at_pictures_draw(const char *directory, const struct at_run *run, struct at_failure *failure);

#endif
