/* SPDX-License-Identifier: Apache-2.0
 *
 * summation.h: exact sums, what one rounding does to them, and how errors grow along them.
 *
 * The exact sums are recursive functions of the reals that contracts speak of.  A predicate carries
 * all variables of one step, so that asserting it is what calls the lemma of that step; each lemma
 * is proved where it is used (goal `typed_lemma_...`).  Read only by Frama-C.
 */
#ifndef AT_SPECS_SUMMATION_H
#define AT_SPECS_SUMMATION_H

/* a, an entry k_ of an array, is near the sum of the first r scaled rows in column k_, for lo <= k_
 * < hi; scales and rows are those of the call */
#define AT_ALL_NEAR_SUMS(a, lo, hi, scales, first, stride, r) \
  (\forall integer k_; (lo) <= k_ < (hi) ==> \
   at_sum_near(a, at_sum_scaled{Pre}(scales, first, stride, k_, r), \
               at_sum_scaled_magnitudes{Pre}(scales, first, stride, k_, r), r))

/*@ // ---- sums of products, term by term ------------------------------------------------------
    // x[0] y[0] + ... + x[n-1] y[n-1], and the same of the magnitudes
    logic real at_sum_products{L}(double *x, double *y, integer n) =
      n <= 0 ? 0.0 : at_sum_products(x, y, n - 1) + x[n - 1] * y[n - 1];
    logic real at_sum_magnitudes{L}(double *x, double *y, integer n) =
      n <= 0 ? 0.0 : at_sum_magnitudes(x, y, n - 1) + \abs(x[n - 1] * y[n - 1]);

    // ---- column k of a sum of scaled rows ------------------------------------------------------
    // scales[0] row_0[k] + ... + scales[rows-1] row_{rows-1}[k], row r at first + r stride
    logic real at_scaled{L}(double *scales, double *first, integer stride, integer k, integer r) =
      scales[r] * first[r * stride + k];
    logic real at_sum_scaled{L}(double *scales, double *first, integer stride, integer k,
                                integer rows) =
      rows <= 0 ? 0.0
                : at_sum_scaled(scales, first, stride, k, rows - 1) +
                  at_scaled(scales, first, stride, k, rows - 1);
    logic real at_sum_scaled_magnitudes{L}(double *scales, double *first, integer stride,
                                           integer k, integer rows) =
      rows <= 0 ? 0.0
                : at_sum_scaled_magnitudes(scales, first, stride, k, rows - 1) +
                  \abs(at_scaled(scales, first, stride, k, rows - 1));

    predicate at_same_product(real a, real b, real c, real d, real p, real q) =
      a == c && b == d && p == a * b && q == c * d;
    lemma same_product: \forall real a, b, c, d, p, q; at_same_product(a, b, c, d, p, q) ==> p == q;

    // ---- sums of products in 32 lanes, folded pairwise ------------------------------------------
    // lane k after b blocks
    logic real at_lane_sum{L}(double *x, double *y, integer k, integer b) =
      b <= 0 ? 0.0
             : at_lane_sum(x, y, k, b - 1) + x[32 * (b - 1) + k] * y[32 * (b - 1) + k];
    logic real at_lane_magnitude{L}(double *x, double *y, integer k, integer b) =
      b <= 0 ? 0.0
             : at_lane_magnitude(x, y, k, b - 1) +
               \abs(x[32 * (b - 1) + k] * y[32 * (b - 1) + k]);
    // node k of the level with h nodes; level 32 are the lanes, of which `rest` hold one term more
    logic real at_tree_sum{L}(double *x, double *y, integer blocks, integer rest, integer h,
                              integer k) =
      h >= 32 ? (k < rest ? at_lane_sum(x, y, k, blocks + 1) : at_lane_sum(x, y, k, blocks))
              : at_tree_sum(x, y, blocks, rest, 2 * h, k) +
                at_tree_sum(x, y, blocks, rest, 2 * h, k + h);
    logic real at_tree_magnitude{L}(double *x, double *y, integer blocks, integer rest, integer h,
                                    integer k) =
      h >= 32 ? (k < rest ? at_lane_magnitude(x, y, k, blocks + 1)
                          : at_lane_magnitude(x, y, k, blocks))
              : at_tree_magnitude(x, y, blocks, rest, 2 * h, k) +
                at_tree_magnitude(x, y, blocks, rest, 2 * h, k + h);

    // row[k] and s row[k], as functions, so that solvers need not match products
    logic real at_entry{L}(double *row, integer k) = 1.0 * row[k];
    logic real at_times{L}(real s, double *row, integer k) = s * at_entry(row, k);

    // ---- one operation ------------------------------------------------------------------------
    predicate at_rounded(real r, real v) = \abs(r - v) <= 0x1p-53 * \abs(v) + 0x1p-1074;
    // r = a + q, where q is the product of two numbers, two roundings
    predicate at_product_added(real r, real a, real q) =
      \abs(r - (a + q)) <=
        0x1p-53 * \abs(a + q) + 0x1.0000001p-53 * \abs(q) + 0x3p-1074;

    // r = (a + p) + q, where p and q are products of two numbers, four roundings
    predicate at_two_products_added(real r, real a, real p, real q) =
      \abs(r - (a + p + q)) <=
        0x1.0000001p-53 * (2 * \abs(a) + 3 * \abs(p) + 2 * \abs(q)) + 0x7p-1074;
    lemma two_products: \forall real s, r, a, p, q;
      at_product_added(s, a, p) && at_product_added(r, s, q) ==>
      at_two_products_added(r, a, p, q);

    // ---- one step of projected descent, c the exact product of step and gradient --------------
    logic real at_clamp(real v, real m) = v < -m ? -m : v > m ? m : v;
    predicate at_moved(real r, real w, real c) =
      \abs(r - (w - c)) <= 0x1p-53 * (\abs(w - c) + 0x1.8p0 * \abs(c)) + 0x3p-1074;
    predicate at_descended(real r, real w, real c, real m) =
      \abs(r - at_clamp(w - c, m)) <=
        0x1p-53 * (\abs(w - c) + 0x1.8p0 * \abs(c)) + 0x3p-1074;

    // ---- term by term: s is near D, a sum of i products whose magnitudes sum to A --------------
    predicate at_sum_near(real s, real D, real A, integer i) =
      0 <= i <= 262144 && 0 <= A && \abs(D) <= A &&
      \abs(s - D) <= 0x1.000001p-53 * (i * A + A) + i * 0x4p-1074;
    predicate at_sum_step(real s, real D, real A, real q, real r, integer i) =
      i < 262144 && at_sum_near(s, D, A, i) && at_product_added(r, s, q);
    lemma sum_step: \forall real s, D, A, q, r, integer i; at_sum_step(s, D, A, q, r, i) ==>
      at_sum_near(r, D + q, A + \abs(q), i + 1);

    predicate at_sum_two_steps(real s, real D, real A, real p, real q, real r, integer i) =
      i < 262143 && at_sum_near(s, D, A, i) && at_two_products_added(r, s, p, q);
    lemma sum_two_steps: \forall real s, D, A, p, q, r, integer i;
      at_sum_two_steps(s, D, A, p, q, r, i) ==>
      at_sum_near(r, D + p + q, A + \abs(p) + \abs(q), i + 2);
    lemma sum_bound: \forall real s, D, A, integer i; at_sum_near(s, D, A, i) ==>
      \abs(s - D) <= (i + 1) * 0x1.000001p-53 * A + i * 0x4p-1074;

    // ---- tree: the same, at most i roundings deep, with `units` of the smallest number ----------
    predicate at_near(real s, real D, real A, integer i, integer units) =
      0 <= i <= 3000 && 0 <= units <= 1000000 && 0 <= A && \abs(D) <= A &&
      \abs(s - D) <= 0x1.000001p-53 * (i * A + A) + units * 0x1p-1074;
    lemma near_bound: \forall real s, D, A, integer i, units; at_near(s, D, A, i, units) ==>
      \abs(s - D) <= (i + 1) * 0x1.000001p-53 * A + units * 0x1p-1074;
    lemma lane_in_tree: \forall real s, D, A, integer i, j;
      at_sum_near(s, D, A, i) && i <= j <= 2049 ==> at_near(s, D, A, j, 8200);
    predicate at_fold(real s, real D, real A, real t, real E, real B, real r, integer i,
                      integer units) =
      i < 3000 && units <= 400000 && at_near(s, D, A, i, units) && at_near(t, E, B, i, units) &&
      at_rounded(r, s + t);
    lemma fold_step: \forall real s, D, A, t, E, B, r, integer i, units;
      at_fold(s, D, A, t, E, B, r, i, units) ==>
      at_near(r, D + E, A + B, i + 1, 2 * units + 2);
*/

#endif
