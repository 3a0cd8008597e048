/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/softmax.c (see softmax.h).
 * Main result: maximum, exponentials of the shifted scores, division by their sum.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/softmax.h"

#include "harness/reference/exp.h"

/* index of a largest score */
static size_t largest(mpfr_srcptr scores, size_t tokens)
{
  size_t best = 0;
  for (size_t t = 1; t < tokens; t++)
    if (mpfr_cmp(scores + t, scores + best) > 0) best = t;
  return best;
}

void at_reference_softmax_row(mpfr_ptr weights, mpfr_srcptr scores, size_t tokens)
{
  mpfr_srcptr shift = scores + largest(scores, tokens);
  mpfr_t sum, shifted;
  mpfr_inits2(mpfr_get_prec(weights), sum, shifted, (mpfr_ptr)0);
  mpfr_set_zero(sum, 1);
  for (size_t t = 0; t < tokens; t++) {
    mpfr_sub(shifted, scores + t, shift, MPFR_RNDN);
    at_reference_exp(weights + t, shifted);
    mpfr_add(sum, sum, weights + t, MPFR_RNDN);
  }
  for (size_t t = 0; t < tokens; t++) mpfr_div(weights + t, weights + t, sum, MPFR_RNDN);
  mpfr_clears(sum, shifted, (mpfr_ptr)0);
}
