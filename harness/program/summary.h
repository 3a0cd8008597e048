/* SPDX-License-Identifier: Apache-2.0
 *
 * summary.h: a run in a few lines for a person.
 */
#ifndef AT_PROGRAM_SUMMARY_H
#define AT_PROGRAM_SUMMARY_H

#include "harness/audit/two_step.h"
#include "harness/audit/verdicts.h"

enum { AT_INTERVAL_SIZE = 32, AT_DECIDER_SIZE = 240 };

/* Settings and counts in one or two lines. */
void at_summary_settings(const struct at_settings *settings, const struct at_token_data *data);

/* One row per step: fit, least margin, loss, attention, test error. */
int at_summary_steps(const struct at_run *run, struct at_failure *failure);

/* at_tag_note in one word: "summary", "recalled" (not verified) or "derived". */
const char *at_summary_origin(enum at_tag tag);

/* One row per claim that speaks of this run: verdict, what decided it, origin, statement. */
int at_summary_verdicts(const struct at_verdicts *verdicts, struct at_failure *failure);

/* "1.23e-43" for a ball of any exponent, to three significant digits; a ball too wide for them is
 * shown by its ends, "[1.2e-43, 1.4e-43]", rounded outward; size >= 64. */
void at_summary_ball(char *text, size_t size, const arb_t ball);

/* "[0.8315, 1.0000]": an interval of probabilities, rounded outward. */
void at_summary_interval(char text[AT_INTERVAL_SIZE], double low, double high);

/* The comparison that decided a verdict, with the number found: the first one that has the outcome
 * which made it so; the reason of a verdict that was not decided. */
void at_summary_decider(char text[AT_DECIDER_SIZE], const struct at_judgement *judgement);

#endif
