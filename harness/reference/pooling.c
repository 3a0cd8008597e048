/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/pooling.c (see pooling.h).
 * Main result: the kernel's formulas, one rounding for each of its operations.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/pooling.h"

#include "harness/reference/logistic.h"

void at_reference_pool_output(mpfr_ptr output, mpfr_srcptr weights, mpfr_srcptr values,
                              size_t tokens)
{
  mpfr_t term;
  mpfr_init2(term, mpfr_get_prec(output));
  mpfr_set_zero(output, 1);
  for (size_t t = 0; t < tokens; t++) {
    mpfr_mul(term, weights + t, values + t, MPFR_RNDN);
    mpfr_add(output, output, term, MPFR_RNDN);
  }
  mpfr_clear(term);
}

void at_reference_loss(mpfr_ptr loss, mpfr_srcptr margin)
{
  mpfr_t negative;
  mpfr_init2(negative, mpfr_get_prec(margin));
  mpfr_neg(negative, margin, MPFR_RNDN);
  at_reference_softplus(loss, negative);
  mpfr_clear(negative);
}

void at_reference_loss_derivative(mpfr_ptr derivative, mpfr_srcptr margin)
{
  mpfr_t negative;
  mpfr_init2(negative, mpfr_get_prec(margin));
  mpfr_neg(negative, margin, MPFR_RNDN);
  at_reference_sigmoid(derivative, negative);
  mpfr_neg(derivative, derivative, MPFR_RNDN);
  mpfr_clear(negative);
}

void at_reference_pool_coefficients(mpfr_ptr score_coefficients, mpfr_ptr value_coefficients,
                                    mpfr_srcptr weights, mpfr_srcptr values, mpfr_srcptr output,
                                    double label, size_t tokens)
{
  mpfr_t margin, slope, deviation;
  mpfr_inits2(mpfr_get_prec(output), margin, slope, deviation, (mpfr_ptr)0);
  mpfr_mul_d(margin, output, label, MPFR_RNDN);
  at_reference_loss_derivative(slope, margin);
  mpfr_mul_d(slope, slope, label, MPFR_RNDN);
  for (size_t t = 0; t < tokens; t++) {
    mpfr_mul(value_coefficients + t, slope, weights + t, MPFR_RNDN);
    mpfr_sub(deviation, values + t, output, MPFR_RNDN);
    mpfr_mul(score_coefficients + t, value_coefficients + t, deviation, MPFR_RNDN);
  }
  mpfr_clears(margin, slope, deviation, (mpfr_ptr)0);
}
