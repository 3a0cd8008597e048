/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: every number about a run that a claim may speak of, under a documented name.
 * Main result: a known quantity is a ball around the exact value; what cannot be said about a run
 * (clean labels unknown, fewer steps, no law of fresh samples, outside a theorem's setting) is
 * unknown, never a substitute.
 * Assumptions: the run is complete (at_run_init). Test: tests/harness/audit/test_quantities.c.
 *
 * Names. Numbers of the setting stand alone: samples, dim, samples_snr_squared, t, q_least, theta.
 * Those of a level of the two-step theorem (hypotheses.h) follow the level: parametric.fit_noisy.
 * Those after a step follow the measure: fit_all@1, test_error@2, fit_clean@last.
 */
#ifndef AT_AUDIT_QUANTITIES_H
#define AT_AUDIT_QUANTITIES_H

#include <arb.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/hypotheses.h"
#include "harness/audit/two_step.h"

enum { AT_QUANTITY_NAME = 48, AT_QUANTITY_BITS = 128 };

/* Number of names, and the index-th of them, index < at_quantity_count(). */
size_t at_quantity_count(void);
void at_quantity_name(char name[AT_QUANTITY_NAME], size_t index);
const char *at_quantity_description(size_t index);

/* *index of `name`; false if there is none. */
bool at_quantity_find(size_t *index, const char *name);

/* What a theorem that applies to the data says about a quantity of the run, without the run; theorem
 * NULL: nothing. machine_checked: the theorem, and all of it that the promise rests on, is. */
struct at_promise {
  const char *theorem;
  bool machine_checked;
  arb_t value;
};

/* known, value, promise: at_quantity_count() entries. hypotheses: what the theorem's numbers come from,
 * with the obstacle if the theorem does not speak about the run. */
struct at_quantities {
  bool *known;
  arb_ptr value;
  struct at_hypotheses hypotheses;
  struct at_promise *promise;
  char contradiction[160]; /* "" or the promise that the run does not keep */
};

/* Evaluates every quantity of a run. Free with at_quantities_clear. */
void at_quantities_init(struct at_quantities *quantities, const struct at_run *run);
void at_quantities_clear(struct at_quantities *quantities);

#endif
