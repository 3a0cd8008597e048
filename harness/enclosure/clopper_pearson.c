/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see clopper_pearson.h.
 *
 * Bisection on doubles. A double moves the outer end of the bracket only when the tail there is
 * certainly at most alpha/2, so the outer end is always a valid bound; an uncertain comparison
 * counts as inside, which can only widen the interval.
 */
#include "harness/enclosure/clopper_pearson.h"

#include <stdbool.h>

#include <arb_hypgeom.h>

/* AT_EXACT_BITS hold 1 - x exactly for every double x in (0, 1). */
enum {
  AT_TAIL_START_BITS = 128,
  AT_TAIL_CAP_BITS = 4096,
  AT_EXACT_BITS = 2048,
  AT_TAIL_BISECTIONS = 1100
};

/* Whether I_x(a, b) <= alpha/2 is certain, alpha = 1 - confidence. */
static bool at_tail_is_small(double x, bool complement, size_t a, size_t b, double confidence)
{
  arb_t half_alpha, parameter_a, parameter_b, point, tail;
  arb_init(half_alpha);
  arb_init(parameter_a);
  arb_init(parameter_b);
  arb_init(point);
  arb_init(tail);
  arb_set_ui(parameter_a, (ulong)a);
  arb_set_ui(parameter_b, (ulong)b);
  bool small = false;
  bool decided = false;
  for (slong bits = AT_TAIL_START_BITS; bits <= AT_TAIL_CAP_BITS && !decided; bits *= 2) {
    arb_set_d(half_alpha, confidence);
    arb_sub_ui(half_alpha, half_alpha, 1, AT_EXACT_BITS);
    arb_neg(half_alpha, half_alpha);
    arb_mul_2exp_si(half_alpha, half_alpha, -1);
    arb_set_d(point, complement ? -x : x);
    if (complement) arb_add_ui(point, point, 1, AT_EXACT_BITS);
    arb_hypgeom_beta_lower(tail, parameter_a, parameter_b, point, 1, bits);
    small = arb_le(tail, half_alpha) != 0;
    decided = small || arb_gt(tail, half_alpha);
  }
  arb_clear(half_alpha);
  arb_clear(parameter_a);
  arb_clear(parameter_b);
  arb_clear(point);
  arb_clear(tail);
  return small;
}

/* The certified end: outer is valid (tail 0 there), inner is not; returns the last valid point
 * once the two are neighbours. */
static double at_interval_end(double outer, double inner, bool complement, size_t a, size_t b,
                              double confidence)
{
  double valid = outer;
  double other = inner;
  for (int k = 0; k < AT_TAIL_BISECTIONS; k++) {
    const double middle = valid + 0.5 * (other - valid);
    if (middle == valid || middle == other) break;
    if (at_tail_is_small(middle, complement, a, b, confidence))
      valid = middle;
    else
      other = middle;
  }
  return valid;
}

int at_clopper_pearson(double *lower, double *upper, size_t successes, size_t trials,
                       double confidence, struct at_failure *failure)
{
  if (trials == 0) return at_fail(failure, "trials: 0 is out of range; at least 1 is accepted");
  if (successes > trials)
    return at_fail(failure, "successes: %zu is out of range; at most the %zu trials are accepted",
                   successes, trials);
  if (!(confidence > 0.0 && confidence < 1.0))
    return at_fail(failure,
                   "confidence: %g is out of range; a number strictly between 0 and 1 is accepted",
                   confidence);
  const double estimate = (double)successes / (double)trials;
  *lower = 0.0;
  *upper = 1.0;
  if (successes > 0)
    *lower = at_interval_end(0.0, estimate, false, successes, trials - successes + 1, confidence);
  if (successes < trials)
    *upper = at_interval_end(1.0, estimate, true, trials - successes, successes + 1, confidence);
  return 0;
}
