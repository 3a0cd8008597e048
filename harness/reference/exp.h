/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/exp.h: the exponential.
 * Main result: correctly rounded at the result's precision, at any argument; unlike the kernel it
 * does not clamp below -708.
 * Assumptions: MPFR's exponent range is not left (its default reaches 2^(-2^30)).
 * Test: tests/kernel/test_exp.c (as the judge), tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_EXP_H
#define AT_HARNESS_REFERENCE_EXP_H

#include <mpfr.h>

/* result = exp(x), one rounding. */
void at_reference_exp(mpfr_ptr result, mpfr_srcptr x);

#endif
