/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: decide, for data and a step size, which of the theorems about the first two steps apply
 * (they are written out in hypotheses.h), with the slack of every condition, and what they
 * guarantee.
 * Main result: a theorem applies only if the ball of every condition's slack lies on the right side
 * of zero; what stays open is said to be open.
 * Assumptions: those of hypotheses.h. Test: tests/harness/audit/test_certificate.c.
 *
 * The theorem of levels (specs/two_step/level_one.mlw) wants numbers strictly below the sigmoids; all
 * slacks are strict, so that the sigmoids themselves may stand in their place.
 *
 * one-step     q_k > 0 and q_k < 1 - theta: one step fits every label.
 * C1, C2       pure numbers: two steps fit every label.
 * row-sums     levels crude (row sums only) and
 * parametric   parametric of hypotheses.h: two steps fit every label.
 */
#ifndef AT_AUDIT_THEOREMS_H
#define AT_AUDIT_THEOREMS_H

#include <arb.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/hypotheses.h"

enum at_theorem {
  AT_THEOREM_ONE_STEP,
  AT_THEOREM_C1,
  AT_THEOREM_C2,
  AT_THEOREM_ROW_SUMS,
  AT_THEOREM_PARAMETRIC,
  AT_THEOREMS
};

enum at_answer { AT_NO, AT_YES, AT_MAYBE };

enum { AT_MAX_CONDITIONS = 10 };

/* text: as people write it. slack: >= 0, or > 0 where `strict`, is the condition. known: false if
 * an earlier condition fails without which this one says nothing. */
struct at_condition {
  const char *text;
  bool strict, known;
  arb_t slack;
  enum at_answer answer;
};

/* What a theorem that applies guarantees.
 * fitted_one: "clean" or "all" labels are fitted after one step, and for "clean" no noisy one is.
 * fitted_all: every label is fitted after two steps.
 * noisy_attention: no noisy sample has more attention on its signal after two steps; 1 if nothing
 * is said. half_attention: every clean sample has at least half.
 * steps: the step after which test points are spoken of.
 * omega, pi: a test point (mu_k, xi) gets its clean label if eps_k <v, xi> >= -t omega and (after
 * two steps) <p, xi> <= t^2 pi. value_exponent, score_exponent: for a fresh Gaussian xi that fails
 * with probability at most exp(-value_exponent)/2 + exp(-score_exponent)/2, given the data; after
 * one step the second summand is absent. All three are lower bounds, pi is exact. */
struct at_guarantee {
  const char *fitted_one;
  bool fitted_all, half_attention;
  size_t steps;
  arb_t noisy_attention, omega, pi, value_exponent, score_exponent;
};

/* One theorem on one data set. applies: AT_YES only if every condition is; then guarantee holds. */
struct at_theorem_check {
  size_t count;
  struct at_condition condition[AT_MAX_CONDITIONS];
  enum at_answer applies;
  struct at_guarantee guarantee;
};

/* check[AT_THEOREMS] from hypotheses without obstacle. Free with _clear. */
void at_theorems_init(struct at_theorem_check *check, const struct at_hypotheses *hypotheses,
                      slong precision);
void at_theorems_clear(struct at_theorem_check *check);

/* Whether one step, or two, are certified to fit every label: only the answers, no guarantee. */
enum at_answer at_theorem_applies(const struct at_hypotheses *hypotheses, enum at_theorem theorem,
                                  slong precision);

/* exponent = R x^2 / (2 spread), infinite where there is no spread: a normal variable of variance
 * spread / R is below -x with probability at most exp(-exponent)/2. */
void at_tail_exponent(arb_t exponent, const arb_t x, const arb_t spread, const arb_t scale,
                      slong precision);

/* The file with the theorem's machine-checked proof, or NULL if there is none. */
const char *at_theorem_proof(enum at_theorem theorem);

/* "one-step", "C1", "C2", "row-sums", "parametric". */
const char *at_theorem_name(enum at_theorem theorem);

#endif
