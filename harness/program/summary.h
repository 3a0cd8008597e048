/* SPDX-License-Identifier: Apache-2.0
 *
 * summary.h: a run in a few lines for a person.
 */
#ifndef AT_PROGRAM_SUMMARY_H
#define AT_PROGRAM_SUMMARY_H

#include "harness/audit/two_step.h"

/* Settings and counts in one or two lines. */
void at_summary_settings(const struct at_run *run);

/* One row per step: fit, least margin, loss, attention, test error. */
int at_summary_steps(const struct at_run *run, struct at_failure *failure);

/* "1.234e-43" for a ball of any exponent, to three significant digits; size >= 32. */
void at_summary_ball(char *text, size_t size, const arb_t ball);

#endif
