/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the test error of the single-head model on fresh two-token samples, without a test set:
 * the probability that X = (mu_k, xi), k = 1 or 2 with probability 1/2 each, xi ~ N(0, I - P), gets
 * a wrong CLEAN label. A predicted label is wrong unless eps_k f > 0: an output of exactly zero
 * counts as an error.                                                    (arXiv 2410.07746)
 * Main result: a decided result encloses the probability with hi/lo - 1 <= 1e-10, or exactly,
 * however small it is; the exponents of Arb are unbounded.
 * Assumptions: as noise_law.h: two tokens per sample; the signals are rho e_0 and rho e_1.
 * Test: tests/harness/enclosure/test_test_error.c.
 *
 * In the words of noise_law.h a class errs when V <= -a exp(b - Q). With s_v^2, s_p^2, c the
 * variances of V and Q and their covariance, Z standard normal, Q = s_p Z, and V given Z normal of
 * mean (c/s_p) Z and variance s_r^2 = s_v^2 - c^2/s_p^2:
 *   integral           E Phi(-(a exp(b - s_p Z) + (c/s_p) Z) / s_r), see error_integral.h;
 *   fixed attention    s_p = 0 (p = 0 after one step):  Phi(-a exp(b) / s_v);
 *   fixed value        s_v = 0:  0 if a > 0, 1 if a < 0;     no noise: the same with s_p = 0 too;
 *   no signal          a = 0:  P(V <= 0) = 1/2;              no output: a = 0 and s_v = 0:  1;
 *   collinear noise    s_r = 0: roots of a exp(b - s_p z) + c z / s_p by Lambert's W.
 * For a < 0 the complement is used: error(a, c) = 1 - error(-a, -c). Which of the laws holds must
 * be certain: a quantity counts as zero only if it is exactly zero; a ball that merely contains
 * zero leaves the class undecided (with class_error the whole of [0, 1]) until precision rises.
 */
#ifndef AT_HARNESS_ENCLOSURE_TEST_ERROR_H
#define AT_HARNESS_ENCLOSURE_TEST_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include <arb.h>

#include "harness/enclosure/noise_law.h"
#include "harness/enclosure/run.h"

enum at_error_law {
  AT_LAW_UNDECIDED,
  AT_LAW_INTEGRAL,
  AT_LAW_FIXED_ATTENTION,
  AT_LAW_FIXED_VALUE,
  AT_LAW_NO_NOISE,
  AT_LAW_NO_SIGNAL,
  AT_LAW_NO_OUTPUT,
  AT_LAW_COLLINEAR
};

/* error: the mean of class_error[AT_CLASSES]. law: which closed form or integral gave it.
 * precision: the bits it was computed with. decided: both classes are. */
struct at_test_error {
  arb_t error;
  arb_t class_error[AT_CLASSES];
  enum at_error_law law[AT_CLASSES];
  slong precision;
  bool decided;
};

void at_test_error_init(struct at_test_error *result);
void at_test_error_clear(struct at_test_error *result);

/* "integral", "fixed attention", "collinear noise", ... as above; never NULL. */
const char *at_error_law_name(enum at_error_law law);

/* One attempt at one precision; returns result->decided. */
bool at_test_error_evaluate(struct at_test_error *result, const struct at_noise_law *law,
                            slong precision);

/* The test error of the binary64 vectors v, p (dim each), taken as exact; precision doubles from
 * AT_ENCLOSURE_START_BITS until decided. Returns false when undecided at `cap` bits. */
bool at_test_error_of_doubles(struct at_test_error *result, const double *v, const double *p,
                              double rho, size_t dim, slong cap);

/* result[k], k = 0 .. run->steps: the test error of the exact iterate after k steps. Refines the
 * run when its balls are too wide. Returns false when one is undecided at `cap` bits. */
bool at_test_error_of_run(struct at_test_error *result, struct at_enclosure_run *run, double rho,
                          slong cap);

#endif
