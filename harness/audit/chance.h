/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: how likely it is that a theorem about the first two steps does not apply to a draw of a
 * setting: the proved bound beside the frequency over seeded draws.
 * Main result: a bound that the frequency contradicts is noticed: the frequency's interval of
 * confidence 1 - 1e-9 then lies above it.
 * Assumptions: two tokens, synthetic data. Test: tests/harness/audit/test_chance.c.
 */
#ifndef AT_AUDIT_CHANCE_H
#define AT_AUDIT_CHANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/failure_probability.h"
#include "harness/audit/settings.h"
#include "harness/audit/theorems.h"

/* Of `draws` draws (seeds settings.seed, settings.seed + 1, ...): failing[k] do not meet theorem k,
 * open[k] stay undecided; index AT_THEOREMS: no theorem applies. A seed that leaves a class without
 * samples, or with fewer than are to flip, makes no data set (`refused`): all fail. */
struct at_chance {
  struct at_settings settings;
  struct at_failure_bound bound[AT_THEOREMS];
  size_t draws, refused;
  size_t failing[AT_THEOREMS + 1], open[AT_THEOREMS + 1];
};

/* Called now and then with the fraction done. */
typedef void at_chance_progress(double done);

/* Evaluates the bounds and draws. progress: NULL or told. Free with _clear, also after an error.
 * Errors: a setting without bound (not synthetic, not two tokens), what drawing data may meet. */
int at_chance_init(struct at_chance *chance, const struct at_settings *settings, size_t draws,
                   at_chance_progress *progress, struct at_failure *failure);
void at_chance_clear(struct at_chance *chance);

/* delta: the bound of theorem `index`; of AT_THEOREMS the least of all. */
void at_chance_delta(arb_t delta, const struct at_chance *chance, int index);

/* The Clopper-Pearson interval of the failure probability; open draws count against either end. */
int at_chance_interval(double *lower, double *upper, const struct at_chance *chance, int index,
                       double confidence, struct at_failure *failure);

/* Whether some bound is contradicted: *index is the theorem. */
bool at_chance_contradicted(int *index, const struct at_chance *chance);

/* *scaled = the setting with other n and D whose t, and whose q at the mean counts, are the same;
 * an exact number of noisy samples becomes its share, rounded. false if n, D, rho or beta would
 * leave what the program accepts. */
bool at_chance_scale(struct at_settings *scaled, const struct at_settings *settings, size_t samples,
                     uint64_t dim);

#endif
