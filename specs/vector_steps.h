/* SPDX-License-Identifier: Apache-2.0
 *
 * vector_steps.h: the words of the annotations inside kernel/vector.c.
 *
 * Macros over the names of that file's variables, because solvers see through a quantifier that is
 * spelled out and not through a predicate with a memory label.  Read only by Frama-C.
 */
#ifndef AT_SPECS_VECTOR_STEPS_H
#define AT_SPECS_VECTOR_STEPS_H

/* lanes and nodes of the tree are near the exact sums they stand for */
#define LANES_NEAR(lo, hi, b) \
  (\forall integer k_; (lo) <= k_ < (hi) ==> \
   at_sum_near(lane[k_], at_lane_sum(x, y, k_, b), at_lane_magnitude(x, y, k_, b), b))
#define NODES_NEAR(lo, hi, h, i, units) \
  (\forall integer k_; (lo) <= k_ < (hi) ==> \
   at_near(lane[k_], at_tree_sum(x, y, blocks, rest, h, k_), \
           at_tree_magnitude(x, y, blocks, rest, h, k_), i, units))
/* the step that adds product k of block b to its lane, and the unfolding of the sums by it */
#define LANE_STEP_TO(sum, k, b) \
  at_sum_step(lane[k], at_lane_sum(x, y, k, b), at_lane_magnitude(x, y, k, b), \
               x[32 * (b) + (k)] * y[32 * (b) + (k)], sum, b)
#define LANE_UNFOLDED(k, b) \
  (at_lane_sum(x, y, k, (b) + 1) == \
     at_lane_sum(x, y, k, b) + x[32 * (b) + (k)] * y[32 * (b) + (k)] && \
   at_lane_magnitude(x, y, k, (b) + 1) == \
     at_lane_magnitude(x, y, k, b) + \abs(x[32 * (b) + (k)] * y[32 * (b) + (k)]))
/* the fold of nodes k and k + h of level 2h into node k of level h */
#define FOLD(sum, k, h, i, units) \
  at_fold(lane[k], at_tree_sum(x, y, blocks, rest, 2 * h, k), \
          at_tree_magnitude(x, y, blocks, rest, 2 * h, k), \
          lane[k + h], at_tree_sum(x, y, blocks, rest, 2 * h, k + h), \
          at_tree_magnitude(x, y, blocks, rest, 2 * h, k + h), sum, i, units)
#define NODE_UNFOLDED(k, h) \
  (at_tree_sum(x, y, blocks, rest, h, k) == \
     at_tree_sum(x, y, blocks, rest, 2 * h, k) + at_tree_sum(x, y, blocks, rest, 2 * h, k + h) && \
   at_tree_magnitude(x, y, blocks, rest, h, k) == \
     at_tree_magnitude(x, y, blocks, rest, 2 * h, k) + \
     at_tree_magnitude(x, y, blocks, rest, 2 * h, k + h))
#define NODE_NEAR(sum, k, h, i, units) \
  at_near(sum, at_tree_sum(x, y, blocks, rest, h, k), \
          at_tree_magnitude(x, y, blocks, rest, h, k), i, units)

/* The tree adds the products of x and y in another order, which exact sums do not see.  Entry i
 * joins lane i mod 32 and, at each level h, node i mod h. */
#define JOINED(term, tree, h) \
  (\forall integer k_; 0 <= k_ < (h) ==> \
   tree(x, y, b, r + 1, h, k_) == tree(x, y, b, r, h, k_) + (r % (h) == k_ ? (term) : 0.0))
#define CARRIED(tree, h) \
  (\forall integer k_; 0 <= k_ < (h) ==> tree(x, y, b, 32, h, k_) == tree(x, y, b + 1, 0, h, k_))
#define IS_SUM(n) \
  (at_tree_sum(x, y, (n) / 32, (n) % 32, 1, 0) == at_sum_products(x, y, n) && \
   at_tree_magnitude(x, y, (n) / 32, (n) % 32, 1, 0) == at_sum_magnitudes(x, y, n))
#define TERM (x[i] * y[i])

/* If sum[k] was near D, a sum of i products, then out[k] is near D plus the products added. */
#define BEFORE(a, k) \at((a)[k], Pre)
#define ROW_ADDED(n) \
  (\forall integer k_, i_, real D_, A_; 0 <= k_ < (n) && i_ < 262144 && \
   at_sum_near(BEFORE(sum, k_), D_, A_, i_) ==> \
   at_sum_near(out[k_], D_ + at_times{Pre}(scale, row, k_), \
               A_ + \abs(at_times{Pre}(scale, row, k_)), i_ + 1))
#define TWO_ROWS_ADDED(n) \
  (\forall integer k_, i_, real D_, A_; 0 <= k_ < (n) && i_ < 262143 && \
   at_sum_near(BEFORE(sum, k_), D_, A_, i_) ==> \
   at_sum_near(out[k_], \
               D_ + at_times{Pre}(scale_a, row_a, k_) + at_times{Pre}(scale_b, row_b, k_), \
               A_ + \abs(at_times{Pre}(scale_a, row_a, k_)) + \
                 \abs(at_times{Pre}(scale_b, row_b, k_)), i_ + 2))
#define PRODUCT_IS(scale, row) \
  at_same_product(scale, row[k], scale, at_entry{Pre}(row, \at(k, Here)), scale * row[k], \
                  at_times{Pre}(scale, row, \at(k, Here)))

/* exact sums of the first r rows, as they were when the function was called, and their terms */
#define SUM_OF(k, r) at_sum_scaled{Pre}(scales, first, stride, k, r)
#define MAGNITUDE_OF(k, r) at_sum_scaled_magnitudes{Pre}(scales, first, stride, k, r)
#define ALL_NEAR(a, n, r) AT_ALL_NEAR_SUMS((a)[k_], 0, n, scales, first, stride, r)
/* what the caller of at_sum_scaled_rows may say of the sum that it adds to */
#define WERE_NEAR \
  (from == 0 || AT_ALL_NEAR_SUMS(BEFORE(sum, k_), 0, n, scales, first, stride, from))
#define TERM_NOW(k, r) at_scaled{Here}(scales, first, stride, k, r)
#define TERM_OF(k, r) at_scaled{Pre}(scales, first, stride, k, \at(r, Here))
#define ALL_SAME(a, n) (\forall integer i_; 0 <= i_ < (n) ==> (a)[i_] == \at((a)[i_], Pre))
/* the terms of row r + j have not changed, and the sums unfold by them */
#define SAME_PRODUCT(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> \
   at_same_product(scales[(r) + (j)], first[(r) * stride + (j) * stride + k_], \
                   \at(scales[\at((r) + (j), Here)], Pre), \
                   \at(first[\at((r) * stride + (j) * stride, Here) + k_], Pre), \
                   TERM_NOW(k_, (r) + (j)), TERM_OF(k_, (r) + (j))))
#define ONE_NEAR(a, r) \
  (\forall integer k_; 0 <= k_ < n ==> \
   at_sum_near((a)[k_], SUM_OF(k_, r) + TERM_OF(k_, r), \
               MAGNITUDE_OF(k_, r) + \abs(TERM_OF(k_, r)), (r) + 1))
#define TWO_NEAR(a, r) \
  (\forall integer k_; 0 <= k_ < n ==> \
   at_sum_near((a)[k_], SUM_OF(k_, r) + TERM_OF(k_, r) + TERM_OF(k_, (r) + 1), \
               MAGNITUDE_OF(k_, r) + \abs(TERM_OF(k_, r)) + \abs(TERM_OF(k_, (r) + 1)), (r) + 2))
#define SAME_TIMES(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> \
   at_same_product(scales[(r) + (j)], first[(r) * stride + (j) * stride + k_], scales[(r) + (j)], \
                   at_entry{Here}(first + ((r) * stride + (j) * stride), k_), \
                   TERM_OF(k_, (r) + (j)), \
                   at_times{Here}(scales[(r) + (j)], first + ((r) * stride + (j) * stride), k_)))
#define TIMES_IS(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> TERM_OF(k_, (r) + (j)) == \
   at_times{Here}(scales[(r) + (j)], first + ((r) * stride + (j) * stride), k_))
#define SAME_ENTRIES(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> first[(r) * stride + (j) * stride + k_] == \
   \at(first[\at((r) * stride + (j) * stride, Here) + k_], Pre))
#define TERM_WAS(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> TERM_OF(k_, (r) + (j)) == \
   \at(scales[\at((r) + (j), Here)], Pre) * \
   \at(first[\at((r) * stride + (j) * stride, Here) + k_], Pre))
#define UNFOLDED(r) \
  (\forall integer k_; 0 <= k_ < n ==> \
   SUM_OF(k_, (r) + 1) == SUM_OF(k_, r) + TERM_OF(k_, r) && \
   MAGNITUDE_OF(k_, (r) + 1) == MAGNITUDE_OF(k_, r) + \abs(TERM_OF(k_, r)))
#define EQUAL_TERM(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> TERM_OF(k_, (r) + (j)) == \
   scales[(r) + (j)] * first[(r) * stride + (j) * stride + k_])
/* the products of two rows as the callee sees them */
#define TERM_IS(r, j) \
  (\forall integer k_; 0 <= k_ < n ==> TERM_NOW(k_, (r) + (j)) == \
   scales[(r) + (j)] * first[(r) * stride + (j) * stride + k_])

#endif
