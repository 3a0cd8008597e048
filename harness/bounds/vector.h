/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of dot products, sums of scaled rows and the projected descent.
 *
 * Main result.  Let s be the sum of products x_k y_k, computed from exact x_k and from y^_k with
 * |y^_k - y_k| <= e_k by any tree of additions.  Each product is rounded once, and on its way to
 * the root it takes part in at most h - 1 additions that round.  So, exactly,
 *   s^ = sum x_k y^_k (1 + theta_k) + underflows,      |theta_k| <= lambda_h     (format.h),
 *   |s^ - s| <= lambda_h sum |x_k| |y^_k| + 4 m eta + sum |x_k| e_k.
 * m counts the non-zero products: products and sums with a zero are exact, so there are at most
 * 2 m - 1 operations that round; each underflow is at most eta and grows by no more than
 * 1 + lambda_h <= 2 on its way.  The height h is at most m (each addition that rounds brings in at
 * least one more non-zero product).  For L lanes of which each starts at zero, with a final tree
 * over the lanes, it is also at most ceil(n / L) + log2 L: a product, ceil(n / L) - 1 additions in
 * its lane (the first, to zero, is exact), log2 L in the tree.
 *
 * Assumptions: h U <= log 2, that is all sizes within capacity at 53 bits or more.
 * Test: tests/kernel/test_vector.c, tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_VECTOR_H
#define AT_HARNESS_BOUNDS_VECTOR_H

#include <arf.h>
#include <mag.h>
#include <stddef.h>

#include "harness/bounds/format.h"

/* error >= |s^ - s| for the dot product of x (exact) and y (computed, with errors y_error; NULL if
 * exact), n entries each. */
void at_bound_dot(mag_t error, const double *x, arf_srcptr y, mag_srcptr y_error, size_t n,
                  const struct at_format *format);

/* error[k], k < n, for sum[k] = sum over r < rows of scales[r] * first[r * stride + k], added in
 * the order of r; scale_error: errors of the scales, NULL if exact. */
void at_bound_sum_scaled_rows(mag_ptr error, arf_srcptr scales, mag_srcptr scale_error,
                              const double *first, size_t rows, size_t stride, size_t n,
                              const struct at_format *format);

/* error[k], k < n, of next = project(weight - step * gradient).  The product carries |step| e_g and
 * u |step g^| + eta, the difference u (|w^| + |step g^| (1 + u) + eta) + eta; nothing rounds where
 * the computed gradient is zero.  The projection onto an interval moves no two points apart.
 * Together, at most  e_w + |step| e_g + lambda_2 |step g^| + lambda_1 |w^| + 4 eta. */
void at_bound_descend(mag_ptr error, arf_srcptr weight, mag_srcptr weight_error,
                      arf_srcptr gradient, mag_srcptr gradient_error, double step, size_t n,
                      const struct at_format *format);

#endif
