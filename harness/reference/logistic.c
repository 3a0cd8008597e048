/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/logistic.c (see logistic.h).
 * Main result: both functions go through exp(-|x|) in (0, 1], as the kernel's do.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/logistic.h"

#include "harness/reference/exp.h"

void at_reference_log1p(mpfr_ptr result, mpfr_srcptr t)
{
  mpfr_log1p(result, t, MPFR_RNDN);
}

/* t = exp(-|x|) */
static void decay(mpfr_ptr t, mpfr_srcptr x)
{
  mpfr_t negative;
  mpfr_init2(negative, mpfr_get_prec(x));
  mpfr_abs(negative, x, MPFR_RNDN);
  mpfr_neg(negative, negative, MPFR_RNDN);
  at_reference_exp(t, negative);
  mpfr_clear(negative);
}

void at_reference_sigmoid(mpfr_ptr result, mpfr_srcptr x)
{
  const int negative = mpfr_sgn(x) < 0;
  mpfr_t t, denominator;
  mpfr_inits2(mpfr_get_prec(result), t, denominator, (mpfr_ptr)0);
  decay(t, x);
  mpfr_add_ui(denominator, t, 1, MPFR_RNDN);
  if (negative) {
    mpfr_div(result, t, denominator, MPFR_RNDN);
  } else {
    mpfr_ui_div(result, 1, denominator, MPFR_RNDN);
  }
  mpfr_clears(t, denominator, (mpfr_ptr)0);
}

void at_reference_softplus(mpfr_ptr result, mpfr_srcptr x)
{
  mpfr_t t, correction;
  mpfr_inits2(mpfr_get_prec(result), t, correction, (mpfr_ptr)0);
  decay(t, x);
  at_reference_log1p(correction, t);
  if (mpfr_sgn(x) < 0) {
    mpfr_set(result, correction, MPFR_RNDN);
  } else {
    mpfr_add(result, x, correction, MPFR_RNDN);
  }
  mpfr_clears(t, correction, (mpfr_ptr)0);
}
