/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what the suites of vector, softmax, pooling and single_head share: drawing inputs,
 * holding results against the reference path, and reporting the largest error of each function.
 * Main result: a result passes if it lies within (bound of harness/bounds for the kernel) + (radius
 * of the reference by the same derivation), a theorem about correct code.
 * Assumptions: MEASURE_PRECISION bits make that radius negligible against the bound.
 */
#ifndef AT_TESTS_KERNEL_MEASURE_H
#define AT_TESTS_KERNEL_MEASURE_H

#include <mag.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEASURE_PRECISION = 256 };

/* One function: what was measured so far.  `inputs` says what it was given. */
struct measure {
  const char *name;
  const char *scale;            /* what errors are relative to, in words */
  char inputs[160], worst[160]; /* of the value at hand, and of the one with the largest `used` */
  size_t values, failures;
  double units; /* largest error, in units of 2^-52 of the scale */
  double used;  /* largest error as a part of its bound */
};

/* Sets `inputs`, printf-like. */
void measure_inputs(struct measure *measure, const char *format, ...)
  __attribute__((__format__(__printf__, 2, 3)));

/* Counts one value; prints a failure.  radius may be NULL (then 0).  scale is a magnitude; below
 * 2^-900 underflow and clamp make errors absolute and `units` leaves the value out. */
void measure_value(struct measure *measure, double computed, mpfr_srcptr reference,
                   const mag_struct *bound, const mag_struct *radius, double scale);

/* How many values of each function are asked for: SAMPLES if it is set (judge.h), else 0, which
 * leaves the fixed cases alone.  A suite adds random cases until it has so many. */
size_t measure_wanted(void);

/* Prints the one line of the function and asserts that no value failed. */
void measure_close(const struct measure *measure);

/* x[n]: signs random, exponents uniform in low .. high, one in sixteen entries zero. */
void measure_draw(double *x, size_t n, uint64_t seed, const char *stream, int low, int high);

/* Whether x and y hold the same n numbers, bit for bit. */
bool measure_same_bits(const double *x, const double *y, size_t n);

/* Storage that is never NULL (out of memory fails the test and ends it). */
double *measure_doubles(size_t n);
mag_ptr measure_mags(size_t n);
void measure_mags_clear(mag_ptr array, size_t n);

#endif
