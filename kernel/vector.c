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
#ifdef __FRAMAC__
#include "../specs/vector_steps.h"
#endif

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
  @ ensures error: at_product_added(\result, a, x * y);
  @*/
static inline double add_product(double a, double x, double y)
{
  double product = x * y;
  //@ assert hint_product: AT_WITHIN(product, 0x1p166);
  //@ assert hint_lane: AT_WITHIN(x, AT_MAX_ENTRY) ==> AT_WITHIN(product, 0x1p80);
  //@ assert hint_row: AT_WITHIN(y, AT_MAX_ENTRY) ==> AT_WITHIN(product, 0x1p126);
  //@ assert hint_product_error: at_rounded(product, x * y);
  return a + product;
}

/*@ requires range_a: AT_WITHIN(a, 0x1p97);
  @ requires range_b: AT_WITHIN(b, 0x1p97);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures finite: \is_finite(\result);
  @ ensures error: at_rounded(\result, a + b);
  @ ensures fold: -\abs(a) - \abs(b) - 0x1p48 <= \result <= \abs(a) + \abs(b) + 0x1p48;
  @*/
static inline double add(double a, double b)
{
  return a + b;
}

/*@ ghost
  /@ requires size: n <= AT_MAX_DIM;
   @ terminates \true;
   @ assigns \nothing;
   @ ensures same: IS_SUM(n);
   @/
  static void tree_is_sum(const double *x, const double *y, size_t n)
  {
    /@ assert hint_lanes: \forall integer k_; 0 <= k_ < 32 ==>
         at_tree_sum(x, y, 0, 0, 32, k_) == 0.0 && at_tree_magnitude(x, y, 0, 0, 32, k_) == 0.0; @/
    /@ assert hint_nodes_16: \forall integer k_; 0 <= k_ < 16 ==>
         at_tree_sum(x, y, 0, 0, 16, k_) == 0.0 && at_tree_magnitude(x, y, 0, 0, 16, k_) == 0.0; @/
    /@ assert hint_nodes_8: \forall integer k_; 0 <= k_ < 8 ==>
         at_tree_sum(x, y, 0, 0, 8, k_) == 0.0 && at_tree_magnitude(x, y, 0, 0, 8, k_) == 0.0; @/
    /@ assert hint_nodes_4: \forall integer k_; 0 <= k_ < 4 ==>
         at_tree_sum(x, y, 0, 0, 4, k_) == 0.0 && at_tree_magnitude(x, y, 0, 0, 4, k_) == 0.0; @/
    /@ assert hint_nodes_2: \forall integer k_; 0 <= k_ < 2 ==>
         at_tree_sum(x, y, 0, 0, 2, k_) == 0.0 && at_tree_magnitude(x, y, 0, 0, 2, k_) == 0.0; @/
    /@ assert hint_nodes_1: \forall integer k_; 0 <= k_ < 1 ==>
         at_tree_sum(x, y, 0, 0, 1, k_) == 0.0 && at_tree_magnitude(x, y, 0, 0, 1, k_) == 0.0; @/
    /@ assert hint_none: IS_SUM(0); @/
    /@ loop invariant index: 0 <= i <= n;
     @ loop invariant same: IS_SUM(i);
     @ loop assigns i;
     @ loop variant n - i;
     @/
    for (size_t i = 0; i < n; i++) {
      size_t b = i / 32;
      size_t r = i % 32;
      /@ assert hint_index: i == 32 * b + r && 0 <= r < 32; @/
      /@ assert hint_lane_sum: at_lane_sum(x, y, r, b + 1) == at_lane_sum(x, y, r, b) + TERM; @/
      /@ assert hint_lane_magnitude:
           at_lane_magnitude(x, y, r, b + 1) == at_lane_magnitude(x, y, r, b) + \abs(TERM); @/
      /@ assert hint_sum_32: JOINED(TERM, at_tree_sum, 32); @/
      /@ assert hint_magnitude_32: JOINED(\abs(TERM), at_tree_magnitude, 32); @/
      /@ assert hint_sum_16: JOINED(TERM, at_tree_sum, 16); @/
      /@ assert hint_magnitude_16: JOINED(\abs(TERM), at_tree_magnitude, 16); @/
      /@ assert hint_sum_8: JOINED(TERM, at_tree_sum, 8); @/
      /@ assert hint_magnitude_8: JOINED(\abs(TERM), at_tree_magnitude, 8); @/
      /@ assert hint_sum_4: JOINED(TERM, at_tree_sum, 4); @/
      /@ assert hint_magnitude_4: JOINED(\abs(TERM), at_tree_magnitude, 4); @/
      /@ assert hint_sum_2: JOINED(TERM, at_tree_sum, 2); @/
      /@ assert hint_magnitude_2: JOINED(\abs(TERM), at_tree_magnitude, 2); @/
      /@ assert hint_sum_1: JOINED(TERM, at_tree_sum, 1); @/
      /@ assert hint_magnitude_1: JOINED(\abs(TERM), at_tree_magnitude, 1); @/
      /@ assert hint_carry_32: CARRIED(at_tree_sum, 32) && CARRIED(at_tree_magnitude, 32); @/
      /@ assert hint_carry_16: CARRIED(at_tree_sum, 16) && CARRIED(at_tree_magnitude, 16); @/
      /@ assert hint_carry_8: CARRIED(at_tree_sum, 8) && CARRIED(at_tree_magnitude, 8); @/
      /@ assert hint_carry_4: CARRIED(at_tree_sum, 4) && CARRIED(at_tree_magnitude, 4); @/
      /@ assert hint_carry_2: CARRIED(at_tree_sum, 2) && CARRIED(at_tree_magnitude, 2); @/
      /@ assert hint_carry_1: CARRIED(at_tree_sum, 1) && CARRIED(at_tree_magnitude, 1); @/
      /@ assert hint_sum: at_sum_products(x, y, i + 1) == at_sum_products(x, y, i) + TERM; @/
      /@ assert hint_magnitude:
           at_sum_magnitudes(x, y, i + 1) == at_sum_magnitudes(x, y, i) + \abs(TERM); @/
      /@ assert hint_same: r < 31 ==> (i + 1) / 32 == b && (i + 1) % 32 == r + 1; @/
      /@ assert hint_next: r == 31 ==> (i + 1) / 32 == b + 1 && (i + 1) % 32 == 0; @/
      /@ assert hint_inside: r < 31 ==> IS_SUM(i + 1); @/
      /@ assert hint_across: r == 31 ==> IS_SUM(i + 1); @/
    }
  }
*/

double at_dot(const double *restrict x, const double *restrict y, size_t n)
{
  double lane[LANES];
  const size_t blocks = n / LANES;
  const size_t rest = n % LANES;
  //@ assert hint_parts: blocks <= 2048 && LANES * blocks + rest == n && rest < LANES;
  /*@ assert hint_empty: \forall integer k_;
        at_lane_sum(x, y, k_, 0) == 0.0 && at_lane_magnitude(x, y, k_, 0) == 0.0; */
  //@ assert hint_zero: at_sum_near(0.0, 0.0, 0.0, 0);
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= LANES;
    @ loop invariant zero: AT_ALL_WITHIN(lane, 0, k, 0.0);
    @ loop invariant near: LANES_NEAR(0, k, 0);
    @ loop assigns k, lane[0 .. LANES-1];
    @ loop variant LANES - k;
   */
  for (size_t k = 0; k < LANES; k++) lane[k] = 0.0;
  /*@ loop unroll AT_MAX_DIM;
    @ loop invariant index: 0 <= b <= blocks;
    @ loop invariant lanes: AT_ALL_WITHIN(lane, 0, LANES, LANE_STEP * b);
    @ loop invariant near: LANES_NEAR(0, LANES, b);
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
      @ loop invariant done_near: LANES_NEAR(0, k, b + 1);
      @ loop invariant open_near: LANES_NEAR(k, LANES, b);
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
      //@ assert hint_step: LANE_STEP_TO(sum, k, b);
      //@ assert hint_unfolded: LANE_UNFOLDED(k, b);
      /*@ assert hint_near: at_sum_near(sum, at_lane_sum(x, y, k, b + 1), at_lane_magnitude(x, y,
                k, b + 1), b + 1); */
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
    @ loop invariant done_near: LANES_NEAR(0, k, blocks + 1);
    @ loop invariant open_near: LANES_NEAR(k, LANES, blocks);
    @ loop assigns k, lane[0 .. LANES-1];
    @ loop variant rest - k;
   */
  for (size_t k = 0; k < rest; k++) {
    //@ assert hint_lane: AT_WITHIN(lane[k], 0x1.01p91);
    //@ assert hint_x: LANES * blocks + k < n && AT_WITHIN(x[LANES * blocks + k], AT_MAX_ENTRY);
    //@ assert hint_y: AT_WITHIN(y[LANES * blocks + k], AT_MAX_WEIGHT);
    double sum = add_product(lane[k], xt[k], yt[k]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.02p91);
    //@ assert hint_step: LANE_STEP_TO(sum, k, blocks);
    //@ assert hint_unfolded: LANE_UNFOLDED(k, blocks);
    /*@ assert hint_near: at_sum_near(sum, at_lane_sum(x, y, k, blocks + 1), at_lane_magnitude(x,
              y, k, blocks + 1), blocks + 1); */
    lane[k] = sum;
  }
  //@ assert hint_lanes_all: AT_ALL_WITHIN(lane, 0, LANES, 0x1.02p91);
  /*@ assert hint_longer: \forall integer k_; 0 <= k_ < rest ==>
        at_tree_sum(x, y, blocks, rest, 32, k_) == at_lane_sum(x, y, k_, blocks + 1) &&
        at_tree_magnitude(x, y, blocks, rest, 32, k_) == at_lane_magnitude(x, y, k_, blocks + 1); */
  /*@ assert hint_shorter: \forall integer k_; rest <= k_ < LANES ==>
        at_tree_sum(x, y, blocks, rest, 32, k_) == at_lane_sum(x, y, k_, blocks) &&
        at_tree_magnitude(x, y, blocks, rest, 32, k_) == at_lane_magnitude(x, y, k_, blocks); */
  //@ assert hint_longer_near: NODES_NEAR(0, rest, 32, blocks + 1, 8200);
  //@ assert hint_shorter_near: NODES_NEAR(rest, LANES, 32, blocks + 1, 8200);
  //@ assert hint_near_all: NODES_NEAR(0, LANES, 32, blocks + 1, 8200);
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 16;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.03p92);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 32, 0x1.02p91);
    @ loop invariant done_near: NODES_NEAR(0, k, 16, blocks + 2, 16402);
    @ loop invariant open_near: NODES_NEAR(k, 32, 32, blocks + 1, 8200);
    @ loop assigns k, lane[0 .. 15];
    @ loop variant 16 - k;
   */
  for (size_t k = 0; k < 16; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.02p91) && AT_WITHIN(lane[k + 16], 0x1.02p91);
    double sum = add(lane[k], lane[k + 16]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.03p92);
    //@ assert hint_fold: FOLD(sum, k, 16, blocks + 1, 8200);
    //@ assert hint_unfolded: NODE_UNFOLDED(k, 16);
    //@ assert hint_near: NODE_NEAR(sum, k, 16, blocks + 2, 16402);
    lane[k] = sum;
  }
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 8;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.04p93);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 16, 0x1.03p92);
    @ loop invariant done_near: NODES_NEAR(0, k, 8, blocks + 3, 32806);
    @ loop invariant open_near: NODES_NEAR(k, 16, 16, blocks + 2, 16402);
    @ loop assigns k, lane[0 .. 7];
    @ loop variant 8 - k;
   */
  for (size_t k = 0; k < 8; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.03p92) && AT_WITHIN(lane[k + 8], 0x1.03p92);
    double sum = add(lane[k], lane[k + 8]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.04p93);
    //@ assert hint_fold: FOLD(sum, k, 8, blocks + 2, 16402);
    //@ assert hint_unfolded: NODE_UNFOLDED(k, 8);
    //@ assert hint_near: NODE_NEAR(sum, k, 8, blocks + 3, 32806);
    lane[k] = sum;
  }
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 4;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.05p94);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 8, 0x1.04p93);
    @ loop invariant done_near: NODES_NEAR(0, k, 4, blocks + 4, 65614);
    @ loop invariant open_near: NODES_NEAR(k, 8, 8, blocks + 3, 32806);
    @ loop assigns k, lane[0 .. 3];
    @ loop variant 4 - k;
   */
  for (size_t k = 0; k < 4; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.04p93) && AT_WITHIN(lane[k + 4], 0x1.04p93);
    double sum = add(lane[k], lane[k + 4]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.05p94);
    //@ assert hint_fold: FOLD(sum, k, 4, blocks + 3, 32806);
    //@ assert hint_unfolded: NODE_UNFOLDED(k, 4);
    //@ assert hint_near: NODE_NEAR(sum, k, 4, blocks + 4, 65614);
    lane[k] = sum;
  }
  /*@ loop unroll LANES;
    @ loop invariant index: 0 <= k <= 2;
    @ loop invariant done: AT_ALL_WITHIN(lane, 0, k, 0x1.06p95);
    @ loop invariant open: AT_ALL_WITHIN(lane, k, 4, 0x1.05p94);
    @ loop invariant done_near: NODES_NEAR(0, k, 2, blocks + 5, 131230);
    @ loop invariant open_near: NODES_NEAR(k, 4, 4, blocks + 4, 65614);
    @ loop assigns k, lane[0 .. 1];
    @ loop variant 2 - k;
   */
  for (size_t k = 0; k < 2; k++) {
    //@ assert hint_pair: AT_WITHIN(lane[k], 0x1.05p94) && AT_WITHIN(lane[k + 2], 0x1.05p94);
    double sum = add(lane[k], lane[k + 2]);
    //@ assert hint_sum: AT_WITHIN(sum, 0x1.06p95);
    //@ assert hint_fold: FOLD(sum, k, 2, blocks + 4, 65614);
    //@ assert hint_unfolded: NODE_UNFOLDED(k, 2);
    //@ assert hint_near: NODE_NEAR(sum, k, 2, blocks + 5, 131230);
    lane[k] = sum;
  }
  //@ assert hint_last: AT_WITHIN(lane[0], 0x1.06p95) && AT_WITHIN(lane[1], 0x1.06p95);
  /*@ assert hint_last_fold: \forall real r_; at_rounded(r_, lane[0] + lane[1]) ==>
        FOLD(r_, 0, 1, blocks + 5, 131230); */
  //@ assert hint_last_unfolded: NODE_UNFOLDED(0, 1);
  /*@ assert hint_last_near: \forall real r_; at_rounded(r_, lane[0] + lane[1]) ==>
        NODE_NEAR(r_, 0, 1, blocks + 6, 262462); */
  //@ ghost tree_is_sum(x, y, n);
  //@ assert hint_same: blocks == n / 32 && rest == n % 32;
  /*@ assert hint_last_sum: \forall real r_; at_rounded(r_, lane[0] + lane[1]) ==>
        at_near(r_, at_sum_products(x, y, n), at_sum_magnitudes(x, y, n), blocks + 6, 262462); */
  /*@ assert hint_last_bound: \forall real r_; at_rounded(r_, lane[0] + lane[1]) ==>
        \abs(r_ - at_sum_products(x, y, n)) <=
          (blocks + 7) * 0x1.000001p-53 * at_sum_magnitudes(x, y, n) + 262462 * 0x1p-1074; */
  /*@ assert hint_last_error: \forall real r_; at_rounded(r_, lane[0] + lane[1]) ==>
        \abs(r_ - at_sum_products(x, y, n)) <=
          (n / 32 + 7) * 0x1.000001p-53 * at_sum_magnitudes(x, y, n) + 262462 * 0x1p-1074; */
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
  @ ensures near: ROW_ADDED(n);
  @*/
static inline void add_row(double *restrict out, const double *restrict sum, double scale,
                           const double *restrict row, size_t n)
{
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant done: AT_ALL_GROWN(out, sum, k, ROW_STEP);
    @ loop invariant error: \forall integer k_; 0 <= k_ < k ==>
    @   at_product_added(out[k_], \at(sum[k_], Pre), at_times{Pre}(scale, row, k_));
    @ loop assigns k, out[0 .. n-1];
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) {
    //@ assert hint_same: sum[k] == \at(sum[\at(k, Here)], Pre);
    //@ assert hint_sum: AT_WITHIN(sum[k], 0x1p145);
    //@ assert hint_row: AT_WITHIN(row[k], AT_MAX_ENTRY);
    double grown = add_product(sum[k], scale, row[k]);
    //@ assert hint_grown: -\abs(sum[k]) - ROW_STEP <= grown <= \abs(sum[k]) + ROW_STEP;
    //@ assert hint_same_row: row[k] == \at(row[\at(k, Here)], Pre);
    //@ assert hint_product: PRODUCT_IS(scale, row);
    /*@ assert hint_added: at_product_added(grown, \at(sum[\at(k, Here)], Pre),
                                            at_times{Pre}(scale, row, \at(k, Here))); */
    out[k] = grown;
  }
  /*@ assert hint_steps: \forall integer k_, i_, real D_, A_; 0 <= k_ < n && i_ < 262144 &&
        at_sum_near(\at(sum[k_], Pre), D_, A_, i_) ==>
        at_sum_step(\at(sum[k_], Pre), D_, A_, at_times{Pre}(scale, row, k_), out[k_], i_); */
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
  @ ensures near: TWO_ROWS_ADDED(n);
  @*/
static inline void add_two_rows(double *restrict out, const double *restrict sum, double scale_a,
                                const double *restrict row_a, double scale_b,
                                const double *restrict row_b, size_t n)
{
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant done: AT_ALL_GROWN(out, sum, k, 2.0 * ROW_STEP);
    @ loop invariant error: \forall integer k_; 0 <= k_ < k ==>
    @   at_two_products_added(out[k_], \at(sum[k_], Pre), at_times{Pre}(scale_a, row_a, k_),
    @                         at_times{Pre}(scale_b, row_b, k_));
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
    //@ assert hint_same_a: row_a[k] == \at(row_a[\at(k, Here)], Pre);
    //@ assert hint_same_b: row_b[k] == \at(row_b[\at(k, Here)], Pre);
    /*@ assert hint_added: at_two_products_added(grown, sum[k], scale_a * row_a[k],
                                                 scale_b * row_b[k]); */
    //@ assert hint_product_a: PRODUCT_IS(scale_a, row_a);
    //@ assert hint_product_b: PRODUCT_IS(scale_b, row_b);
    /*@ assert hint_added_before: at_two_products_added(grown, \at(sum[\at(k, Here)], Pre),
          at_times{Pre}(scale_a, row_a, \at(k, Here)),
          at_times{Pre}(scale_b, row_b, \at(k, Here))); */
    out[k] = grown;
  }
  /*@ assert hint_steps: \forall integer k_, i_, real D_, A_; 0 <= k_ < n && i_ < 262143 &&
        at_sum_near(\at(sum[k_], Pre), D_, A_, i_) ==>
        at_sum_two_steps(\at(sum[k_], Pre), D_, A_, at_times{Pre}(scale_a, row_a, k_),
                         at_times{Pre}(scale_b, row_b, k_), out[k_], i_); */
}

/* Rows are added in fours, forth into `other` and back: no loop over columns reads what it writes,
 * so that each is vectorised, and analysed, as one step. */
void at_sum_scaled_rows(double *restrict sum, double *restrict other, const double *restrict scales,
                        const double *restrict first, size_t from, size_t to, size_t stride,
                        size_t n)
{
  size_t r = from;
  /*@ assert hint_empty: \forall integer k_;
        SUM_OF(k_, 0) == 0.0 && MAGNITUDE_OF(k_, 0) == 0.0; */
  //@ assert hint_zero: at_sum_near(0.0, 0.0, 0.0, 0);
  if (from == 0) {
    /*@ loop invariant index: 0 <= k <= n;
      @ loop invariant zero: AT_ALL_WITHIN(sum, 0, k, 0.0);
      @ loop invariant near: ALL_NEAR(sum, k, 0);
      @ loop assigns k, sum[0 .. n-1];
      @ loop variant n - k;
     */
    for (size_t k = 0; k < n; k++) sum[k] = 0.0;
  }
  //@ assert hint_from: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * from);
  //@ assert hint_near: WERE_NEAR ==> ALL_NEAR(sum, n, from);
  /*@ loop unroll AT_MAX_ROWS;
    @ loop invariant index: from <= r <= to;
    @ loop invariant sums: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * r);
    @ loop invariant scales: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
    @ loop invariant rows: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
    @ loop invariant same_scales: ALL_SAME(scales, to);
    @ loop invariant same_rows: ALL_SAME(first, (to-1)*stride + n);
    @ loop invariant near: WERE_NEAR ==> ALL_NEAR(sum, n, r);
    @ loop assigns r, sum[0 .. n-1], other[0 .. n-1];
    @ loop variant to - r;
   */
  for (; to - r >= 4; r += 4) {
    //@ assert hint_row: at_row(r, to, stride) && at_row(r + 3, to, stride);
    //@ assert hint_offset: 0 <= r * stride && r * stride + 3 * stride <= (to - 1) * stride;
    //@ assert hint_size: at_product(to - 1, stride, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_total: (to - 1) * stride + n <= 0x400010000;
    //@ assert hint_range: 0.0 <= ROW_STEP * r && ROW_STEP * (r + 4) <= 0x1.02p144;
    //@ assert hint_step: ROW_STEP * (r + 4) == ROW_STEP * r + 4.0 * ROW_STEP;
    //@ assert hint_scale_0: scales[r + 0] == \at(scales[\at(r + 0, Here)], Pre);
    //@ assert hint_last_0: r * stride + 0 * stride <= (to - 1) * stride;
    //@ assert hint_entries_0: SAME_ENTRIES(r, 0);
    //@ assert hint_term_0: TERM_IS(r, 0);
    //@ assert hint_then_0: TERM_WAS(r, 0);
    //@ assert hint_same_0: SAME_PRODUCT(r, 0);
    //@ assert hint_equal_0: EQUAL_TERM(r, 0);
    //@ assert hint_entry_0: SAME_TIMES(r, 0);
    //@ assert hint_times_0: TIMES_IS(r, 0);
    //@ assert hint_unfolded_0: UNFOLDED(r + 0);
    //@ assert hint_scale_1: scales[r + 1] == \at(scales[\at(r + 1, Here)], Pre);
    //@ assert hint_last_1: r * stride + 1 * stride <= (to - 1) * stride;
    //@ assert hint_entries_1: SAME_ENTRIES(r, 1);
    //@ assert hint_term_1: TERM_IS(r, 1);
    //@ assert hint_then_1: TERM_WAS(r, 1);
    //@ assert hint_same_1: SAME_PRODUCT(r, 1);
    //@ assert hint_equal_1: EQUAL_TERM(r, 1);
    //@ assert hint_entry_1: SAME_TIMES(r, 1);
    //@ assert hint_times_1: TIMES_IS(r, 1);
    //@ assert hint_unfolded_1: UNFOLDED(r + 1);
    //@ assert hint_limit: 0 <= r < 262143;
    //@ assert hint_start: WERE_NEAR ==> ALL_NEAR(sum, n, r);
    const double *row = first + r * stride;
    add_two_rows(other, sum, scales[r], row, scales[r + 1], row + stride, n);
    //@ assert hint_scales: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
    //@ assert hint_rows: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_half: AT_ALL_WITHIN(other, 0, n, ROW_STEP * r + 2.0 * ROW_STEP);
    //@ assert hint_same_scales: ALL_SAME(scales, to);
    //@ assert hint_same_rows: ALL_SAME(first, (to-1)*stride + n);
    //@ assert hint_half_step: WERE_NEAR ==> TWO_NEAR(other, r);
    //@ assert hint_half_near: WERE_NEAR ==> ALL_NEAR(other, n, r + 2);
    //@ assert hint_scale_2: scales[r + 2] == \at(scales[\at(r + 2, Here)], Pre);
    //@ assert hint_last_2: r * stride + 2 * stride <= (to - 1) * stride;
    //@ assert hint_entries_2: SAME_ENTRIES(r, 2);
    //@ assert hint_term_2: TERM_IS(r, 2);
    //@ assert hint_then_2: TERM_WAS(r, 2);
    //@ assert hint_same_2: SAME_PRODUCT(r, 2);
    //@ assert hint_equal_2: EQUAL_TERM(r, 2);
    //@ assert hint_entry_2: SAME_TIMES(r, 2);
    //@ assert hint_times_2: TIMES_IS(r, 2);
    //@ assert hint_unfolded_2: UNFOLDED(r + 2);
    //@ assert hint_scale_3: scales[r + 3] == \at(scales[\at(r + 3, Here)], Pre);
    //@ assert hint_last_3: r * stride + 3 * stride <= (to - 1) * stride;
    //@ assert hint_entries_3: SAME_ENTRIES(r, 3);
    //@ assert hint_term_3: TERM_IS(r, 3);
    //@ assert hint_then_3: TERM_WAS(r, 3);
    //@ assert hint_same_3: SAME_PRODUCT(r, 3);
    //@ assert hint_equal_3: EQUAL_TERM(r, 3);
    //@ assert hint_entry_3: SAME_TIMES(r, 3);
    //@ assert hint_times_3: TIMES_IS(r, 3);
    //@ assert hint_unfolded_3: UNFOLDED(r + 3);
    add_two_rows(sum, other, scales[r + 2], row + 2 * stride, scales[r + 3], row + 3 * stride, n);
    //@ assert hint_scales_end: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
    //@ assert hint_rows_end: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_full: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * r + 4.0 * ROW_STEP);
    //@ assert hint_same_scales_end: ALL_SAME(scales, to);
    //@ assert hint_same_rows_end: ALL_SAME(first, (to-1)*stride + n);
    //@ assert hint_full_step: WERE_NEAR ==> TWO_NEAR(sum, r + 2);
    //@ assert hint_full_near: WERE_NEAR ==> ALL_NEAR(sum, n, r + 4);
  }
  /*@ loop unroll 4;
    @ loop invariant index: from <= r <= to;
    @ loop invariant sums: AT_ALL_WITHIN(sum, 0, n, ROW_STEP * r);
    @ loop invariant scales: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
    @ loop invariant rows: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
    @ loop invariant same_scales: ALL_SAME(scales, to);
    @ loop invariant same_rows: ALL_SAME(first, (to-1)*stride + n);
    @ loop invariant near: WERE_NEAR ==> ALL_NEAR(sum, n, r);
    @ loop assigns r, sum[0 .. n-1], other[0 .. n-1];
    @ loop variant to - r;
   */
  for (; r < to; r++) {
    //@ assert hint_row: at_row(r, to, stride);
    //@ assert hint_offset: 0 <= r * stride <= (to - 1) * stride;
    //@ assert hint_size: at_product(to - 1, stride, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_total: (to - 1) * stride + n <= 0x400010000;
    //@ assert hint_range: 0.0 <= ROW_STEP * r && ROW_STEP * (r + 1) <= 0x1.02p144;
    //@ assert hint_step: ROW_STEP * (r + 1) == ROW_STEP * r + ROW_STEP;
    //@ assert hint_scale_0: scales[r + 0] == \at(scales[\at(r + 0, Here)], Pre);
    //@ assert hint_last_0: r * stride + 0 * stride <= (to - 1) * stride;
    //@ assert hint_entries_0: SAME_ENTRIES(r, 0);
    //@ assert hint_term_0: TERM_IS(r, 0);
    //@ assert hint_then_0: TERM_WAS(r, 0);
    //@ assert hint_same_0: SAME_PRODUCT(r, 0);
    //@ assert hint_equal_0: EQUAL_TERM(r, 0);
    //@ assert hint_entry_0: SAME_TIMES(r, 0);
    //@ assert hint_times_0: TIMES_IS(r, 0);
    //@ assert hint_unfolded_0: UNFOLDED(r + 0);
    //@ assert hint_limit: 0 <= r < 262144;
    //@ assert hint_start: WERE_NEAR ==> ALL_NEAR(sum, n, r);
    add_row(other, sum, scales[r], first + r * stride, n);
    //@ assert hint_scales: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
    //@ assert hint_rows: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_full: AT_ALL_WITHIN(other, 0, n, ROW_STEP * r + ROW_STEP);
    //@ assert hint_same_scales: ALL_SAME(scales, to);
    //@ assert hint_same_rows: ALL_SAME(first, (to-1)*stride + n);
    //@ assert hint_full_step: WERE_NEAR ==> ONE_NEAR(other, r);
    //@ assert hint_full_near: WERE_NEAR ==> ALL_NEAR(other, n, r + 1);
    /*@ loop invariant index: 0 <= k <= n;
      @ loop invariant copied: AT_ALL_WITHIN(sum, 0, k, ROW_STEP * r + ROW_STEP);
      @ loop invariant near: WERE_NEAR ==> ALL_NEAR(sum, k, r + 1);
      @ loop assigns k, sum[0 .. n-1];
      @ loop variant n - k;
     */
    for (size_t k = 0; k < n; k++) sum[k] = other[k];
    //@ assert hint_scales_end: AT_ALL_WITHIN(scales, 0, to, 0x1p106);
    //@ assert hint_rows_end: AT_ALL_WITHIN(first, 0, (to-1)*stride + n, AT_MAX_ENTRY);
    //@ assert hint_same_scales_end: ALL_SAME(scales, to);
    //@ assert hint_same_rows_end: ALL_SAME(first, (to-1)*stride + n);
  }
}

/* weight - step * gradient, projected onto the box of admissible weights */
/*@ requires range_weight: AT_WITHIN(weight, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ requires range_gradient: AT_WITHIN(gradient, 0x1p145);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: AT_WITHIN(\result, AT_MAX_WEIGHT);
  @ ensures error: at_descended(\result, weight, step * gradient, AT_MAX_WEIGHT);
  @*/
static inline double descend(double weight, double step, double gradient)
{
  double change = step * gradient;
  //@ assert hint_change: AT_WITHIN(change, 0x1p165);
  //@ assert hint_change_error: at_rounded(change, step * gradient);
  double moved = weight - change;
  //@ assert hint_moved_error: at_rounded(moved, weight - change);
  //@ assert hint_moved: at_moved(moved, weight, step * gradient);
  double above = moved < -AT_MAX_WEIGHT ? -AT_MAX_WEIGHT : moved;
  return above > AT_MAX_WEIGHT ? AT_MAX_WEIGHT : above;
}

void at_descend(double *restrict next, const double *restrict weight,
                const double *restrict gradient, double step, size_t first, size_t n)
{
  /*@ loop unroll AT_BLOCK;
    @ loop invariant index: 0 <= k <= n;
    @ loop invariant done: AT_ALL_WITHIN(next, first, first + k, AT_MAX_WEIGHT);
    @ loop invariant error: \forall integer k_; 0 <= k_ < k ==>
    @   at_descended(next[first + k_], \at(weight[first + k_], Pre),
    @                at_times{Pre}(step, gradient, k_), AT_MAX_WEIGHT);
    @ loop assigns k, next[first .. first+n-1];
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) {
    //@ assert hint_weight: AT_WITHIN(weight[first + k], AT_MAX_WEIGHT);
    //@ assert hint_gradient: AT_WITHIN(gradient[k], 0x1p145);
    //@ assert hint_same_weight: weight[first + k] == \at(weight[first + \at(k, Here)], Pre);
    //@ assert hint_same_gradient: gradient[k] == \at(gradient[\at(k, Here)], Pre);
    //@ assert hint_product: PRODUCT_IS(step, gradient);
    next[first + k] = descend(weight[first + k], step, gradient[k]);
  }
}
