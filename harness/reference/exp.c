/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/exp.c (see exp.h).
 * Main result: MPFR's exponential, rounded to nearest.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/exp.h"

void at_reference_exp(mpfr_ptr result, mpfr_srcptr x)
{
  mpfr_exp(result, x, MPFR_RNDN);
}
