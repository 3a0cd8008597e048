/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a bound delta on the probability that the hypotheses of a theorem about the first two
 * steps (hypotheses.h, whose symbols are used) fail for a draw of the synthetic model with two tokens:
 * Gaussian noise orthogonal to the signals, random or fixed classes and flips.
 * Main result: the upper end of `delta` is at least that probability; no data are needed, n, D, rho,
 * eta and beta are. The proof, step by step, is specs/two_step/probability.md.
 * Assumptions: draws follow the model's law exactly; FLINT aborts when memory is exhausted.
 * Test: tests/harness/audit/test_failure_probability.c.
 */
#ifndef AT_AUDIT_FAILURE_PROBABILITY_H
#define AT_AUDIT_FAILURE_PROBABILITY_H

#include <arb.h>

#include "harness/audit/count_law.h"
#include "harness/audit/settings.h"
#include "harness/audit/theorems.h"

/* What delta is the sum of. counts: no bound below 1 for such counts; epsilon: squared norms; tau:
 * signed row sums; x: the sums of the first step's weights, of C1 the row sums kappa, of C2 those
 * over clean samples; y: the sums that move the scores, of C2 the row sums over noisy samples. */
enum at_failure_part {
  AT_FAILURE_COUNTS,
  AT_FAILURE_EPSILON,
  AT_FAILURE_TAU,
  AT_FAILURE_X,
  AT_FAILURE_Y,
  AT_FAILURE_PARTS
};

/* delta: at most 1. part, threshold: AT_FAILURE_PARTS each. threshold[AT_FAILURE_EPSILON .. _Y]: the
 * numbers that the hypotheses are checked with for the likeliest counts (exact; 0 where the theorem
 * has no such hypothesis, or no bound below 1 for these counts). */
struct at_failure_bound {
  arb_t delta;
  arb_ptr part;
  arb_ptr threshold;
};

void at_failure_bound_init(struct at_failure_bound *bound);
void at_failure_bound_clear(struct at_failure_bound *bound);

/* Evaluates delta for two tokens and synthetic data. law: that of the same settings. Costs up to
 * some milliseconds for each cell of the law. AT_THEOREM_ROW_SUMS has no bound of its own (delta =
 * 1): what it asks for implies what AT_THEOREM_PARAMETRIC asks for. */
void at_failure_bound_evaluate(struct at_failure_bound *bound, enum at_theorem theorem,
                               const struct at_settings *settings, const struct at_count_law *law);

#endif
