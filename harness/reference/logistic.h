/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/logistic.h: log(1 + t), sigmoid and softplus by the kernel's formulas.
 * Main result: relative error at most 4 u for every argument, u = 2^-precision of the result:
 *   log1p    one rounding, u;
 *   sigmoid  with t = exp(-|x|): t carries u, 1 + t carries u t/(1+t) of it and one more u, the
 *            quotient one more; in t/(1+t) the error of t counts 1/(1+t) times.  Together at most
 *            (1 + 1 + 1) u to first order;
 *   softplus the error of t counts t / ((1+t) log(1+t)) <= 1 times, log1p and the addition of
 *            max(x, 0) >= 0 one u each, 3 u to first order.
 * The second-order terms are below 6 u^2 + u^3 and so below u for every precision of 53 bits on.
 * Assumptions: those of exp.h.  Test: tests/kernel/test_logistic.c (as the judge),
 * tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_LOGISTIC_H
#define AT_HARNESS_REFERENCE_LOGISTIC_H

#include <mpfr.h>

/* result = log(1 + t), one rounding. */
void at_reference_log1p(mpfr_ptr result, mpfr_srcptr t);

/* result = 1 / (1 + exp(-x)). */
void at_reference_sigmoid(mpfr_ptr result, mpfr_srcptr x);

/* result = log(1 + exp(x)). */
void at_reference_softplus(mpfr_ptr result, mpfr_srcptr x);

#endif
