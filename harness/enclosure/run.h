/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: exact gradient descent from v = p = 0, enclosed at every iterate, at a precision that
 * doubles until what is reported is decided.
 * Long runs on data of more dimensions than tokens take the Gram form (gram_form.h), others the
 * direct one (single_head.h); the balls mean the same.
 * Main result: after at_enclosure_run_decide returned true, the sign of every margin at every
 * iterate 0 .. steps is certified, and outputs, weights, losses and loss have relative width at
 * most 2^-60; `false` means undecided at the cap, never a guess.
 * Assumptions: as single_head.h. Memory: steps + 1 points.
 * Test: tests/harness/enclosure/test_run.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_RUN_H
#define AT_HARNESS_ENCLOSURE_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/data/token_data.h"
#include "harness/enclosure/gram_form.h"
#include "harness/enclosure/single_head.h"

/* point[k], k = 0 .. steps, is the iterate after k steps, evaluated (gradients too) at `precision`
 * bits; precision 0: not computed yet. data: borrowed, must outlive the run.
 * by_gram: in Gram form; then what has `dim` entries, and the coefficients, is rounded to an eighth
 * of the bits (AT_ENCLOSURE_START_BITS at least): no step rests on it, and rounding errors that are
 * not fed back do not grow. */
struct at_enclosure_run {
  const struct at_token_data *data;
  double step;
  size_t steps;
  struct at_enclosure_point *point;
  slong precision;
  bool decided;
  bool projected;
  bool by_gram;
  struct at_gram_form form; /* only by_gram */
};

/* Prepares a run of `steps` steps of size `step`, nothing computed yet. */
void at_enclosure_run_init(struct at_enclosure_run *run, const struct at_token_data *data,
                           double step, size_t steps);

void at_enclosure_run_clear(struct at_enclosure_run *run);

/* Computes every point at this precision; returns run->decided. */
bool at_enclosure_run_at(struct at_enclosure_run *run, slong precision);

/* Doubles the precision (AT_ENCLOSURE_START_BITS when nothing is computed yet) and computes again.
 * Returns false, and changes nothing, when that would pass `cap` bits. */
bool at_enclosure_run_refine(struct at_enclosure_run *run, slong cap);

/* Refines until decided; false: undecided at the cap. */
bool at_enclosure_run_decide(struct at_enclosure_run *run, slong cap);

#endif
