/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: an upper bound of the test error that needs no integral, conditional on the training
 * set. With a, b, V, Q, s_v, s_p of noise_law.h, a class with a > 0 is right whenever Q <= P and
 * V > -W, where W = a exp(b - P): then a exp(b - Q) + V >= W + V > 0. So for EVERY threshold P
 *   P(error) <= Phi(-W / s_v) + Phi(-P / s_p).
 * Main result: the certified bound at a threshold P near the optimum; it is at least the test
 * error whatever P the search returns.
 * Assumptions: as noise_law.h.
 * Test: tests/harness/enclosure/test_conditional_bound.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_CONDITIONAL_BOUND_H
#define AT_HARNESS_ENCLOSURE_CONDITIONAL_BOUND_H

#include <stdbool.h>

#include <arb.h>

#include "harness/enclosure/noise_law.h"

/* bound: mean of class_bound[AT_CLASSES], each a ball around the formula's value; the upper end of
 * a ball is the certified bound. score_threshold P (exact) and value_threshold W of each class.
 * useful: false when the class has no bound below 1 (a not certainly positive, or too much noise),
 * then class_bound = 1 and the thresholds are 0. A class without value noise (s_v = 0, V = 0)
 * never errs when a > 0: its bound is the limit of large P, 0, with thresholds 0. */
struct at_conditional_bound {
  arb_t bound;
  arb_t class_bound[AT_CLASSES];
  arb_t score_threshold[AT_CLASSES];
  arb_t value_threshold[AT_CLASSES];
  bool useful[AT_CLASSES];
};

void at_conditional_bound_init(struct at_conditional_bound *result);
void at_conditional_bound_clear(struct at_conditional_bound *result);

/* Fills *result for a law computed at `precision` bits. */
void at_conditional_bound_evaluate(struct at_conditional_bound *result,
                                   const struct at_noise_law *law, slong precision);

#endif
