/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: exponential, standard normal and chi variables, each draw a pure function of
 * (seed, stream name, index).
 * Main result: only + - * / and sqrt of binary64 are used, in one order, so the bytes are the same
 * on every machine, compiler and flag set that keeps IEEE arithmetic (no contraction). The law is
 * not a grid of 2^53 values cut off at 8 standard deviations: draws can be coupled with exact
 * ones, as stated at each function, tails included.
 * Assumptions: round to nearest, no flush to zero, no contraction (kernel/double_guard.h).
 * Derivation of the error bounds: normal.c. Test: tests/harness/data/test_normal.c (MPFR twin,
 * Kolmogorov-Smirnov and moment tests, fixed hash of the bytes).
 */
#ifndef AT_HARNESS_DATA_NORMAL_H
#define AT_HARNESS_DATA_NORMAL_H

#include <stddef.h>
#include <stdint.h>

#include "harness/data/random.h"

/* The largest |normal|: sqrt(2 * 129 ln 2) = 13.37... */
#define AT_NORMAL_MAX 13.5

/* Fills normal[count] with the standard normals number first .. first+count-1 of the stream.
 * Method: Box-Muller; normals 2j and 2j+1 are the two coordinates R cos, R sin of block j.
 * Law: there are exact independent standard normals Z* with |Z - Z*| <= 2^-49 R, R <= 13.37 the
 * radius of the pair, except on an event of probability 2^-74 per pair. */
void at_normal_fill(double *normal, const struct at_stream *stream, uint64_t first, size_t count);

/* The standard normal number `index`: the value at_normal_fill gives it. */
double at_normal(const struct at_stream *stream, uint64_t index);

/* The exponential (mean 1) number `index`; draws of one index with different `draw` are
 * independent. Its block is (index, draw), and (index, draw + 1) in one case of 2^10.
 * Law: an exact exponential within relative 2^-49, except on an event of probability 2^-73. */
double at_exponential(const struct at_stream *stream, uint64_t index, uint64_t draw);

/* The chi variable number `index` with `degrees` >= 1 degrees of freedom (any uint64_t).
 * Method: degrees = 1: |normal|; otherwise Marsaglia and Tsang's gamma rejection (ACM TOMS 26,
 * 2000), sub-draws numbered from 16 on, so a chi and a normal of one index are independent.
 * Law: there is an exact chi X* with |X - X*| <= 2^-44 + 2^-51 X*, except on an event of
 * probability 2^-44. */
double at_chi(const struct at_stream *stream, uint64_t index, uint64_t degrees);

#endif
