/* SPDX-License-Identifier: Apache-2.0
 *
 * vector.h: dot products and sums of scaled rows, each in one fixed order of summation.
 *
 * Main results: no overflow and finite results for all sizes within capacity; forward error
 * proportional to the number of roundings on the longest path of the summation tree.
 * The order is part of the contract: results have the same bits on every compiler and machine.
 */
#ifndef AT_VECTOR_H
#define AT_VECTOR_H

#include <stddef.h>

#include "capacity.h"
#ifdef __FRAMAC__
#include "../specs/bounded.h"
#include "../specs/index.h"
#include "../specs/summation.h"
#endif

/* Dot product of x and y, n entries each.
 * Order: entry i goes to lane i mod 32, each lane adds its products in increasing i; then lanes
 * k and k + 16, k + 8, ... k + 1 are added pairwise.  A product and its addition round separately. */
/*@ requires size: n <= AT_MAX_DIM;
  @ requires valid: \valid_read(x + (0 .. n-1)) && \valid_read(y + (0 .. n-1));
  @ requires range_x: AT_ALL_WITHIN(x, 0, n, AT_MAX_ENTRY);
  @ requires range_y: AT_ALL_WITHIN(y, 0, n, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, 0x1p97);
  @ ensures error: \abs(\result - at_sum_products(x, y, n)) <=
  @   (n / 32 + 7) * 0x1.000001p-53 * at_sum_magnitudes(x, y, n) + 262462 * 0x1p-1074;
  @*/
double at_dot(const double *restrict x, const double *restrict y, size_t n);

/* sum[k] = sum over r < to of scales[r] * row_r[k], for k < n, r increasing, from zero; row r starts
 * at first + r * stride.  Rows may be added in parts, which give the same bits: with from > 0, sum
 * already holds the sum over r < from.  Shapes: sum (n), scales (to), first: rows of a matrix with
 * `stride` columns of which n are summed; other (n) is working space.
 * near: the error as a loop carries it (at_sum_near), from one part to the next. */
/*@ requires size: n <= AT_BLOCK && n <= stride <= AT_MAX_DIM && from < to <= AT_MAX_ROWS;
  @ requires valid: \valid(sum + (0 .. n-1)) && \valid(other + (0 .. n-1)) &&
  @   \valid_read(scales + (0 .. to-1)) && \valid_read(first + (0 .. (to-1)*stride + n-1));
  @ requires sep: \separated(sum + (0 .. n-1), other + (0 .. n-1)) &&
  @   \separated(sum + (0 .. n-1), scales + (0 .. to-1)) &&
  @   \separated(sum + (0 .. n-1), first + (0 .. (to-1)*stride + n-1)) &&
  @   \separated(other + (0 .. n-1), scales + (0 .. to-1)) &&
  @   \separated(other + (0 .. n-1), first + (0 .. (to-1)*stride + n-1));
  @ requires range_sum: from > 0 ==> AT_ALL_WITHIN(sum, 0, n, 0x1.01p126 * from);
  @ requires range_scales: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
  @ requires range_rows: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
  @ terminates \true;
  @ assigns sum[0 .. n-1], other[0 .. n-1];
  @ ensures range: AT_ALL_WITHIN(sum, 0, n, 0x1.01p126 * to);
  @ ensures near: from == 0 ||
  @   AT_ALL_NEAR_SUMS(\at(sum[k_], Pre), 0, n, scales, first, stride, from) ==>
  @   AT_ALL_NEAR_SUMS(sum[k_], 0, n, scales, first, stride, to);
  @ ensures error: from == 0 ==> \forall integer k; 0 <= k < n ==>
  @   \abs(sum[k] - at_sum_scaled{Pre}(scales, first, stride, k, to)) <=
  @   (to + 1) * 0x1.000001p-53 * at_sum_scaled_magnitudes{Pre}(scales, first, stride, k, to) +
  @   to * 0x4p-1074;
  @*/
void at_sum_scaled_rows(double *restrict sum, double *restrict other, const double *restrict scales,
                        const double *restrict first, size_t from, size_t to, size_t stride,
                        size_t n);

/* For the n columns from `first` on:
 *   next[first + k] = weight[first + k] - step * gradient[k],
 * projected onto [-AT_MAX_WEIGHT, AT_MAX_WEIGHT].
 * The projection never acts on sensible data; it closes the contract under iteration.
 * Error: with c the exact product step * gradient[k], the result differs from the projection of
 * weight[k] - c by at most 2^-53 (|weight[k] - c| + 1.5 |c|) + 3 * 2^-1074. */
/*@ requires size: n <= AT_BLOCK && first + n <= AT_MAX_DIM;
  @ requires valid: \valid(next + (first .. first+n-1)) &&
  @   \valid_read(weight + (first .. first+n-1)) && \valid_read(gradient + (0 .. n-1));
  @ requires sep: \separated(next + (first .. first+n-1), weight + (first .. first+n-1)) &&
  @   \separated(next + (first .. first+n-1), gradient + (0 .. n-1));
  @ requires range_weight: AT_ALL_WITHIN(weight, first, first + n, AT_MAX_WEIGHT);
  @ requires range_gradient: AT_ALL_WITHIN(gradient, 0, n, 0x1p145);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ terminates \true;
  @ assigns next[first .. first+n-1];
  @ ensures range: AT_ALL_WITHIN(next, first, first + n, AT_MAX_WEIGHT);
  @ ensures error: \forall integer k; 0 <= k < n ==>
  @   at_descended(next[first + k], \at(weight[first + k], Pre), at_times{Pre}(step, gradient, k),
  @                AT_MAX_WEIGHT);
  @*/
void at_descend(double *restrict next, const double *restrict weight,
                const double *restrict gradient, double step, size_t first, size_t n);

#endif
