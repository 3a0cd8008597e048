/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: goodness-of-fit thresholds that the tests of random draws share.
 * Main result: every threshold comes from an inequality that holds at the sample size used, for a
 * stated false-alarm probability; none is fitted to what the draws gave. Seeds are fixed, so a
 * test either always passes or always fails.
 * Assumptions: the C library's erfc, exp and sqrt are good to 1e-12, far below every threshold.
 */
#ifndef AT_TESTS_STATISTICS_H
#define AT_TESTS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ln(2/alpha) for the false-alarm probability alpha = 1e-9 of one two-sided check. */
#define AT_TEST_LOG 21.4164

/* The largest distance sup |F_n - F| of the sorted sample from the distribution function `law` with
 * one parameter. Sorts sample[n]. */
double at_test_distance(double *sample, size_t n, double (*law)(double x, double parameter),
                        double parameter);

/* The same between two samples of n each. Sorts both. */
double at_test_distance_two(double *sample, double *other, size_t n);

/* Massart's inequality (1990): P(sup |F_n - F| > eps) <= 2 exp(-2 n eps^2). */
double at_test_distance_bound(size_t n);

/* Two samples of n >= 458 each (Wei and Dudley 2012): P(D > eps) <= 2 exp(-n eps^2). */
double at_test_distance_two_bound(size_t n);

/* Hoeffding's inequality for a sum of n independent mean-zero signs: P(|S| > t) is at most
 * 2 exp(-t^2/(2n)). */
double at_test_sign_sum_bound(size_t n);

/* Laurent and Massart (2000), both sides of a chi-squared variable with k degrees of freedom. */
bool at_test_chi_squared_holds(double value, double k);

/* Bernstein's inequality for a count of n independent events of probability p. */
bool at_test_count_holds(double count, double n, double p);

/* Distribution functions: uniform on (0,1) and standard normal (parameter not used); chi with
 * k = 1, 2, 3 or any even number of degrees of freedom (closed forms). */
double at_test_law_uniform(double x, double unused);
double at_test_law_normal(double x, double unused);
double at_test_law_chi(double x, double k);

/* FNV-1a over the bytes of n doubles, least significant byte first. */
uint64_t at_test_hash(const double *value, size_t n);

/* Whether n doubles are the same to the bit. */
bool at_test_same(const double *one, const double *other, size_t n);

#endif
