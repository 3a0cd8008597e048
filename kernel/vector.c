/* SPDX-License-Identifier: Apache-2.0
 *
 * vector.c: dot product in 32 lanes, sums of scaled rows, projected descent.
 *
 * Thirty-two lanes, because a lane array that long is vectorised by gcc and clang on every
 * instruction set without any change of the order of summation (shorter ones are unrolled and
 * shuffled).  The lane array stays a local that is only indexed, never passed: the provers then see
 * it as a variable apart from memory.
 */
#include "double_guard.h"

#include "vector.h"

enum { LANES = 32 };

/* Bounds on the way through at_dot: a product is at most 2^80; one addition of it costs a lane at
 * most LANE_STEP, the last digits of which pay for all rounding; then one bit more for each fold. */
#define LANE_STEP 0x1.01p80
#define ROW_STEP 0x1.01p126

/* a + x * y, two roundings */
/*@ requires range_a: AT_WITHIN(a, 0x1p146);
  @ requires range_x: AT_WITHIN(x, 0x1p106);
  @ requires range_y: AT_WITHIN(y, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures finite: \is_finite(\result);
  @ ensures lane: AT_WITHIN(a, 0x1p92) && AT_WITHIN(x, AT_MAX_ENTRY) ==>
  @   -\abs(a) - LANE_STEP <= \result <= \abs(a) + LANE_STEP;
  @ ensures row: AT_WITHIN(y, AT_MAX_ENTRY) ==>
  @   -\abs(a) - ROW_STEP <= \result <= \abs(a) + ROW_STEP;
  @*/
static inline double add_product(double a, double x, double y)
{
  double product = x * y;
  //@ assert hint_product: AT_WITHIN(product, 0x1p166);
  //@ assert hint_lane: AT_WITHIN(x, AT_MAX_ENTRY) ==> AT_WITHIN(product, 0x1p80);
  //@ assert hint_row: AT_WITHIN(y, AT_MAX_ENTRY) ==> AT_WITHIN(product, 0x1p126);
  return a + product;
}

/*@ requires range_a: AT_WITHIN(a, 0x1p97);
  @ requires range_b: AT_WITHIN(b, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures finite: \is_finite(\result);
  @ ensures fold: -\abs(a) - \abs(b) - 0x1p48 <= \result <= \abs(a) + \abs(b) + 0x1p48;
  @*/
static inline double add(double a, double b)
{
  return a + b;
}

double at_dot(const double *restrict x, const double *restrict y, size_t n)
{
  double lane[LANES];
  const size_t blocks = n / LANES;
  const size_t rest = n % LANES;
  //@ assert hint_parts: blocks <= 2048 && LANES * blocks + rest == n && rest < LANES;
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= LANES;
    @ loop invariant zero: AT_ALL_WITHIN(lane, 0, k, 0.0);
    @ loop assigns k, lane[0 .. LANES-1];
    @ loop variant LANES - k;
   */
  for (size_t k = 0; k < LANES; k++) lane[k] = 0.0;
  /*@ loop unroll AT_MAX_DIM;
    @ loop invariant index: 0 <= b <= blocks;
    @ loop invariant lanes: AT_ALL_WITHIN(lane, 0, LANES, LANE_STEP * b);
    @ loop assigns b, lane[0 .. LANES-1];
    @ loop variant blocks - b;
   */
  for (size_t b = 0; b < blocks; b++) {
    //@ assert hint_range: 0.0 <= LANE_STEP * b <= 0x1p92;
    //@ assert hint_next: LANE_STEP * (b + 1) == LANE_STEP * b + LANE_STEP;
    const double *xb = x + LANES * b;
    const double *yb = y + LANES * b;
    /*@ loop unroll LANES;
      @ loop invariant index: 0 <= k <= LANES;
      @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, LANE_STEP * (b + 1));
      @ loop invariant open: AT_ALL_WITHIN(lane, k, LANES, LANE_STEP * b);
      @ loop assigns k, lane[0 .. LANES-1];
      @ loop variant LANES - k;
     */
    for (size_t k = 0; k < LANES; k++) {
      //@ assert hint_lane: AT_WITHIN(lane[k], LANE_STEP * b);
      //@ assert hint_wide: AT_WITHIN(lane[k], 0x1p92);
      //@ assert hint_x: 0 <= LANES * b + k < n && AT_WITHIN(x[LANES * b + k], AT_MAX_ENTRY);
      //@ assert hint_y: AT_WITHIN(y[LANES * b + k], AT_MAX_WEIGHT);
      double sum = add_product(lane[k], xb[k], yb[k]);
      //@ assert hint_sum: AT_WITHIN(sum, LANE_STEP * (b + 1));
      lane[k] = sum;
    }
  }
  const double *xt = x + LANES * blocks;
  const double *yt = y + LANES * blocks;
  //@ assert hint_lanes: AT_ALL_WITHIN(lane, 0, LANES, 0x1.01p91);
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= rest;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.02p91);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, LANES, 0x1.01p91);
    @ loop assigns k, lane[0 .. LANES-1];
    @ loop variant rest - k;
   */
  for (size_t k = 0; k < rest; k++) {
    //@ assert hint_lane: AT_WITHIN(lane[k], 0x1.01p91);
    //@ assert hint_x: LANES * blocks + k < n && AT_WITHIN(x[LANES * blocks + k], AT_MAX_ENTRY);
    //@ assert hint_y: AT_WITHIN(y[LANES * blocks + k], AT_MAX_WEIGHT);
    double sum = add_product(lane[k], xt[k], yt[k]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.02p91);
    lane[k] = sum;
  }
  //@ assert hint_lanes_all: AT_ALL_WITHIN(lane, 0, LANES, 0x1.02p91);
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 16;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.03p92);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 32, 0x1.02p91);
    @ loop assigns k, lane[0 .. 15];
    @ loop variant 16 - k;
   */
  for (size_t k = 0; k < 16; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.02p91) && AT_WITHIN(lane[k + 16], 0x1.02p91);
    double sum = add(lane[k], lane[k + 16]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.03p92);
    lane[k] = sum;
  }
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 8;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.04p93);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 16, 0x1.03p92);
    @ loop assigns k, lane[0 .. 7];
    @ loop variant 8 - k;
   */
  for (size_t k = 0; k < 8; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.03p92) && AT_WITHIN(lane[k + 8], 0x1.03p92);
    double sum = add(lane[k], lane[k + 8]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.04p93);
    lane[k] = sum;
  }
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 4;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.05p94);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 8, 0x1.04p93);
    @ loop assigns k, lane[0 .. 3];
    @ loop variant 4 - k;
   */
  for (size_t k = 0; k < 4; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.04p93) && AT_WITHIN(lane[k + 4], 0x1.04p93);
    double sum = add(lane[k], lane[k + 4]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.05p94);
    lane[k] = sum;
  }
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 2;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.06p95);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 4, 0x1.05p94);
    @ loop assigns k, lane[0 .. 1];
    @ loop variant 2 - k;
   */
  for (size_t k = 0; k < 2; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.05p94) && AT_WITHIN(lane[k + 2], 0x1.05p94);
    double sum = add(lane[k], lane[k + 2]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.06p95);
    lane[k] = sum;
  }
  //@ assert hint_last: AT_WITHIN(lane[0], 0x1.06p95) && AT_WITHIN(lane[1], 0x1.06p95);
  return add(lane[0], lane[1]);
}

/* out[k] = sum[k] + scale * row[k] */
/*@ requires size: n <= AT_BLOCK;
  @ requires valid: \valid(out + (0 .. n-1)) && \valid_read(sum + (0 .. n-1)) &&
  @   \valid_read(row + (0 .. n-1));
  @ requires sep: \separated(out + (0 .. n-1), sum + (0 .. n-1)) &&
  @   \separated(out + (0 .. n-1), row + (0 .. n-1));
  @ requires range_scale: AT_WITHIN(scale, 0x1p106);
  @ requires range_row: AT_ALL_WITHIN(row, 0, n, AT_MAX_ENTRY);
  @ requires range_sum: AT_ALL_WITHIN(sum, 0, n, 0x1p145);
  @ terminates \true;
  @ assigns out[0 .. n-1];
  @ ensures grown: AT_ALL_GROWN(out, sum, n, ROW_STEP);
  @*/
static inline void add_row(double *restrict out, const double *restrict sum, double scale,
                           const double *restrict row, size_t n)
{
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant done: AT_ALL_GROWN(out, sum, k, ROW_STEP);
    @ loop assigns k, out[0 .. n-1];
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) {
    //@ assert hint_same: sum[k] == \at(sum[\at(k, Here)], Pre);
    //@ assert hint_sum: AT_WITHIN(sum[k], 0x1p145);
    //@ assert hint_row: AT_WITHIN(row[k], AT_MAX_ENTRY);
    double grown = add_product(sum[k], scale, row[k]);
    //@ assert hint_grown: -\abs(sum[k]) - ROW_STEP <= grown <= \abs(sum[k]) + ROW_STEP;
    out[k] = grown;
  }
}

/* out[k] = (sum[k] + scale_a * row_a[k]) + scale_b * row_b[k] */
/*@ requires size: n <= AT_BLOCK;
  @ requires valid: \valid(out + (0 .. n-1)) && \valid_read(sum + (0 .. n-1)) &&
  @   \valid_read(row_a + (0 .. n-1)) && \valid_read(row_b + (0 .. n-1));
  @ requires sep: \separated(out + (0 .. n-1), sum + (0 .. n-1)) &&
  @   \separated(out + (0 .. n-1), row_a + (0 .. n-1)) &&
  @   \separated(out + (0 .. n-1), row_b + (0 .. n-1));
  @ requires range_scales: AT_WITHIN(scale_a, 0x1p106) && AT_WITHIN(scale_b, 0x1p106);
  @ requires range_a: AT_ALL_WITHIN(row_a, 0, n, AT_MAX_ENTRY);
  @ requires range_b: AT_ALL_WITHIN(row_b, 0, n, AT_MAX_ENTRY);
  @ requires range_sum: AT_ALL_WITHIN(sum, 0, n, 0x1p145);
  @ terminates \true;
  @ assigns out[0 .. n-1];
  @ ensures grown: AT_ALL_GROWN(out, sum, n, 2.0 * ROW_STEP);
  @*/
static inline void add_two_rows(double *restrict out, const double *restrict sum, double scale_a,
                                const double *restrict row_a, double scale_b,
                                const double *restrict row_b, size_t n)
{
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant done: AT_ALL_GROWN(out, sum, k, 2.0 * ROW_STEP);
    @ loop assigns k, out[0 .. n-1];
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) {
    //@ assert hint_same: sum[k] == \at(sum[\at(k, Here)], Pre);
    //@ assert hint_sum: AT_WITHIN(sum[k], 0x1p145);
    //@ assert hint_a: AT_WITHIN(row_a[k], AT_MAX_ENTRY);
    //@ assert hint_b: AT_WITHIN(row_b[k], AT_MAX_ENTRY);
    double first = add_product(sum[k], scale_a, row_a[k]);
    //@ assert hint_first: AT_WITHIN(first, 0x1p146);
    double grown = add_product(first, scale_b, row_b[k]);
    //@ assert hint_grown: -\abs(sum[k]) - 2.0 * ROW_STEP <= grown <= \abs(sum[k]) + 2.0 * ROW_STEP;
    out[k] = grown;
  }
}

/* Rows are added in fours, forth into `other` and back: no loop over columns reads what it writes,
 * so that each is vectorised, and analysed, as one step. */
void at_sum_scaled_rows(double *restrict sum, const double *restrict scales,
                        const double *restrict first, size_t rows, size_t stride, size_t n)
{
  double other[AT_BLOCK] = {0.0};
  size_t r = 0;
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant zero: AT_ALL_WITHIN(sum, 0, k, 0.0);
    @ loop assigns k, sum[0 .. n-1];
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) sum[k] = 0.0;
  /*@ loop unroll AT_MAX_ROWS;
    @ loop invariant index: 0 <= r <= rows;
    @ loop invariant sums: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * r);
    @ loop invariant scales: AT_ALL_WITHIN(scales, 0, rows, 0x1p106);
    @ loop invariant rows: AT_ALL_WITHIN(first, 0, (rows-1)*stride + n, AT_MAX_ENTRY);
    @ loop assigns r, sum[0 .. n-1], other[0 .. AT_BLOCK-1];
    @ loop variant rows - r;
   */
  for (; rows - r >= 4; r += 4) {
    //@ assert hint_row: at_row(r, rows, stride) && at_row(r + 3, rows, stride);
    //@ assert hint_offset: 0 <= r * stride && r * stride + 3 * stride <= (rows - 1) * stride;
    //@ assert hint_size: at_product(rows - 1, stride, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_total: (rows - 1) * stride + n <= 0x400010000;
    //@ assert hint_range: 0.0 <= ROW_STEP * r && ROW_STEP * (r + 4) <= 0x1.02p144;
    //@ assert hint_step: ROW_STEP * (r + 4) == ROW_STEP * r + 4.0 * ROW_STEP;
    const double *row = first + r * stride;
    add_two_rows(other, sum, scales[r], row, scales[r + 1], row + stride, n);
    //@ assert hint_scales: AT_ALL_WITHIN(scales, 0, rows, 0x1p106);
    //@ assert hint_rows: AT_ALL_WITHIN(first, 0, (rows-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_half: AT_ALL_WITHIN(other, 0, n, ROW_STEP * r + 2.0 * ROW_STEP);
    add_two_rows(sum, other, scales[r + 2], row + 2 * stride, scales[r + 3], row + 3 * stride, n);
    //@ assert hint_scales_end: AT_ALL_WITHIN(scales, 0, rows, 0x1p106);
    //@ assert hint_rows_end: AT_ALL_WITHIN(first, 0, (rows-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_full: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * r + 4.0 * ROW_STEP);
  }
  /*@ loop unroll 4;
    @ loop invariant index: 0 <= r <= rows;
    @ loop invariant sums: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * r);
    @ loop invariant scales: AT_ALL_WITHIN(scales, 0, rows, 0x1p106);
    @ loop invariant rows: AT_ALL_WITHIN(first, 0, (rows-1)*stride + n, AT_MAX_ENTRY);
    @ loop assigns r, sum[0 .. n-1], other[0 .. AT_BLOCK-1];
    @ loop variant rows - r;
   */
  for (; r < rows; r++) {
    //@ assert hint_row: at_row(r, rows, stride);
    //@ assert hint_offset: 0 <= r * stride <= (rows - 1) * stride;
    //@ assert hint_size: at_product(rows - 1, stride, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_total: (rows - 1) * stride + n <= 0x400010000;
    //@ assert hint_range: 0.0 <= ROW_STEP * r && ROW_STEP * (r + 1) <= 0x1.02p144;
    //@ assert hint_step: ROW_STEP * (r + 1) == ROW_STEP * r + ROW_STEP;
    add_row(other, sum, scales[r], first + r * stride, n);
    //@ assert hint_scales: AT_ALL_WITHIN(scales, 0, rows, 0x1p106);
    //@ assert hint_rows: AT_ALL_WITHIN(first, 0, (rows-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_full: AT_ALL_WITHIN(other, 0, n, ROW_STEP * r + ROW_STEP);
    /*@ loop invariant index: 0 <= k <= n;
      @ loop invariant copied: AT_ALL_WITHIN(sum, 0, k, ROW_STEP * r + ROW_STEP);
      @ loop assigns k, sum[0 .. n-1];
      @ loop variant n - k;
     */
    for (size_t k = 0; k < n; k++) sum[k] = other[k];
    //@ assert hint_scales_end: AT_ALL_WITHIN(scales, 0, rows, 0x1p106);
    //@ assert hint_rows_end: AT_ALL_WITHIN(first, 0, (rows-1)*stride + n, AT_MAX_ENTRY);
  }
}

/* weight - step * gradient, projected onto the box of admissible weights */
/*@ requires range_weight: AT_WITHIN(weight, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ requires range_gradient: AT_WITHIN(gradient, 0x1p145);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, AT_MAX_WEIGHT);
  @*/
static inline double descend(double weight, double step, double gradient)
{
  double change = step * gradient;
  //@ assert hint_change: AT_WITHIN(change, 0x1p165);
  double moved = weight - change;
  double above = moved < -AT_MAX_WEIGHT ? -AT_MAX_WEIGHT : moved;
  return above > AT_MAX_WEIGHT ? AT_MAX_WEIGHT : above;
}

void at_descend(double *restrict next, const double *restrict weight,
                const double *restrict gradient, double step, size_t first, size_t n)
{
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant done: AT_ALL_WITHIN(next, first, first + k, AT_MAX_WEIGHT);
    @ loop assigns k, next[first .. first+n-1];
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) {
    //@ assert hint_weight: AT_WITHIN(weight[first + k], AT_MAX_WEIGHT);
    //@ assert hint_gradient: AT_WITHIN(gradient[k], 0x1p145);
    next[first + k] = descend(weight[first + k], step, gradient[k]);
  }
}
