/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/vector.h: dot product, sums of scaled rows, projected descent.
 * Main result: every product and every addition is rounded once, to nearest, at the result's
 * precision; sums run from the first term to the last.  Products and sums with zero are exact.
 * Assumptions: the binary64 operands are finite; y, scales, weight and gradient have the result's
 * precision.
 * Test: tests/kernel/test_vector.c (as the judge), tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_VECTOR_H
#define AT_HARNESS_REFERENCE_VECTOR_H

#include <mpfr.h>
#include <stddef.h>

/* result = sum over k < n of x[k] * y[k]. */
void at_reference_dot(mpfr_ptr result, const double *x, mpfr_srcptr y, size_t n);

/* sum[k] = sum over r < rows of scales[r] * first[r * stride + k], k < n. */
void at_reference_sum_scaled_rows(mpfr_ptr sum, mpfr_srcptr scales, const double *first,
                                  size_t rows, size_t stride, size_t n);

/* next[k] = weight[k] - step * gradient[k], projected onto [-AT_MAX_WEIGHT, AT_MAX_WEIGHT]. */
void at_reference_descend(mpfr_ptr next, mpfr_srcptr weight, mpfr_srcptr gradient, double step,
                          size_t n);

#endif
