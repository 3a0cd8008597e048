/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the Clopper-Pearson confidence interval of a binomial proportion (Clopper and Pearson,
 * Biometrika 26, 1934).
 * Main result: [lower, upper] contains the exact two-sided interval, each end being the nearest
 * double outward that could be certified: normally the exact end rounded outward.
 *   lower = sup of the x with P(Bin(n, x) >= k) <= alpha/2 (0 when k = 0),
 *   upper = inf of the x with P(Bin(n, x) <= k) <= alpha/2 (1 when k = n),  alpha = 1 - confidence;
 * both tails are regularized incomplete beta functions, I_x(k, n-k+1) and I_{1-x}(n-k, k+1).
 * Assumptions: none. Test: tests/harness/enclosure/test_clopper_pearson.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_CLOPPER_PEARSON_H
#define AT_HARNESS_ENCLOSURE_CLOPPER_PEARSON_H

#include <stddef.h>

#include "harness/failure.h"

/* The interval for `successes` k of `trials` n at a two-sided level `confidence` in (0, 1), read
 * as the exact value of the double.
 * Errors: trials = 0, successes > trials, or a confidence outside (0, 1). */
int at_clopper_pearson(double *lower, double *upper, size_t successes, size_t trials,
                       double confidence, struct at_failure *failure);

#endif
