/* SPDX-License-Identifier: Apache-2.0
 *
 * logistic.h: the logistic loss over the reals, and how far computed losses and coefficients may be
 * from it.
 *
 * Main results: at_logistic_loss and its derivative at_logistic_slope; the error clauses of
 * kernel/pooling.h and of the mean loss.  Letters: z = y f margin, y label, f output, w weight.
 * Lemmas named coq_ are proved in proofs/composition.  Read only by Frama-C.
 */
#ifndef AT_SPECS_LOGISTIC_H
#define AT_SPECS_LOGISTIC_H

#include "summation.h"

/*@ axiomatic Logistic { // a block of its own: goals that do not speak of it do not see it
    logic real at_logistic_loss(real z) = \log(1.0 + \exp(-z));
    logic real at_logistic_slope(real z) = -1.0 / (1.0 + \exp(z));

    predicate at_loss_near(real r, real z) =
      (z <= 708.0 ==> \abs(r - at_logistic_loss(z)) <= 0x1.4p-51 * at_logistic_loss(z)) &&
      (708.0 < z ==> \abs(r - at_logistic_loss(z)) <= 0x1p-1021);
    predicate at_slope_near(real r, real z) =
      (z <= 708.0 ==> \abs(r - at_logistic_slope(z)) <= 0x1p-51 * \abs(at_logistic_slope(z))) &&
      (708.0 < z ==> \abs(r - at_logistic_slope(z)) <= 0x1p-1021);

    // from softplus and sigmoid of x = -z
    predicate at_loss_of(real r, real x, real z) =
      x == -z &&
      (-708.0 <= x ==>
        \abs(r - \log(1.0 + \exp(x))) <= 0x1.4p-51 * \log(1.0 + \exp(x))) &&
      (x < -708.0 ==> \abs(r - \log(1.0 + \exp(x))) <= 0x1p-1021);
    admit lemma coq_loss: \forall real r, x, z; at_loss_of(r, x, z) ==> at_loss_near(r, z);
    predicate at_slope_of(real r, real x, real z) =
      x == -z &&
      (-708.0 <= x ==>
        \abs(r - 1.0 / (1.0 + \exp(-x))) <= 0x1p-51 * (1.0 / (1.0 + \exp(-x)))) &&
      (x < -708.0 ==> \abs(r - 1.0 / (1.0 + \exp(-x))) <= 0x1p-1021);
    admit lemma coq_slope: \forall real r, x, z; at_slope_of(r, x, z) ==> at_slope_near(-r, z);

    // ---- the coefficients of one token, for a label of +1 or -1 ---------------------------------
    predicate at_sign(real y) = y == 1.0 || y == -1.0;
    // s for y loss'(y f)
    predicate at_slope_times(real s, real y, real f) = at_sign(y) && at_slope_near(y * s, y * f);

    // c for v = y loss'(y f) w
    logic real at_value_coefficient(real y, real f, real w) = y * at_logistic_slope(y * f) * w;
    predicate at_value(real c, real s, real y, real f, real w) =
      at_slope_times(s, y, f) && 0.0 <= w <= 1.0 && at_rounded(c, s * w);
    predicate at_value_near(real c, real v) =
      \abs(c - v) <= 0x1.400001p-51 * \abs(v) + 0x1.000001p-1021;
    admit lemma coq_value: \forall real c, s, y, f, w;
      at_value(c, s, y, f, w) ==> at_value_near(c, at_value_coefficient(y, f, w));

    // b for v e, where e = x - f, d for e
    predicate at_two_factors(real b, real c, real e, real d) =
      \abs(c) <= 1.0 && at_rounded(d, e) && at_rounded(b, c * d);
    predicate at_factors_near(real b, real c, real e) =
      \abs(b - c * e) <= 0x1.000001p-52 * \abs(c * e) + 0x3p-1074;
    admit lemma coq_two_factors: \forall real b, c, e, d;
      at_two_factors(b, c, e, d) ==> at_factors_near(b, c, e);
    predicate at_score(real b, real c, real v, real e) =
      at_value_near(c, v) && at_factors_near(b, c, e);
    predicate at_score_near(real b, real v, real e) =
      \abs(b - v * e) <=
        0x1.c00002p-51 * \abs(v * e) + 0x1.000002p-1021 * \abs(e) + 0x3p-1074;
    admit lemma coq_score: \forall real b, c, v, e;
      at_score(b, c, v, e) ==> at_score_near(b, v, e);

    // ---- the mean loss of n margins -------------------------------------------------------------
    logic real at_sum_losses{L}(double *outputs, double *labels, integer n) =
      n <= 0 ? 0.0
             : at_sum_losses(outputs, labels, n - 1) +
               at_logistic_loss(labels[n - 1] * outputs[n - 1]);
    predicate at_losses_near(real s, real L, integer i) =
      0 <= i <= 4096 && 0.0 <= s && 0.0 <= L &&
      \abs(s - L) <= 0x1.001p-53 * (i + 5.0) * L + i * 0x1.001p-1021;
    predicate at_losses_step(real s, real L, real t, real z, real r, integer i) =
      i <= 4095 && at_losses_near(s, L, i) && at_loss_near(t, z) && 0.0 <= r &&
      at_rounded(r, s + t);
    admit lemma coq_losses: \forall real s, L, t, z, r, integer i;
      at_losses_step(s, L, t, z, r, i) ==> at_losses_near(r, L + at_logistic_loss(z), i + 1);
    // m: n as a binary64 number
    predicate at_mean_of(real r, real s, real L, real m, integer n) =
      1.0 <= m && n <= 4096.0 * m && at_losses_near(s, L, n) && at_rounded(r, s / m);
    predicate at_mean_near(real r, real l, integer n) =
      \abs(r - l) <= 0x1.001p-53 * (n + 6.0) * l + 0x1.002p-1009;
    admit lemma coq_mean: \forall real r, s, L, m, integer n;
      at_mean_of(r, s, L, m, n) ==> at_mean_near(r, L / m, n);
    }
*/

/* What the annotations of kernel/pooling.c say, in the names of its variables. */
#define PRODUCTS_UNFOLDED(x, y, n) \
  (at_sum_products(x, y, (n) + 1) == at_sum_products(x, y, n) + (x)[n] * (y)[n] && \
   at_sum_magnitudes(x, y, (n) + 1) == at_sum_magnitudes(x, y, n) + \abs((x)[n] * (y)[n]))
#define LOSSES_UNFOLDED(i) \
  (at_sum_losses(outputs, labels, (i) + 1) == \
   at_sum_losses(outputs, labels, i) + at_logistic_loss(labels[i] * outputs[i]))
#define AT_BEFORE(a, t) \at((a)[\at(t, Here)], Pre)
/* every label is +1 or -1 */
#define AT_ALL_SIGNS(labels, n) (\forall integer k_; 0 <= k_ < (n) ==> at_sign((labels)[k_]))
#define VALUES_NEAR(n) \
  (\forall integer k_; 0 <= k_ < (n) ==> \
   at_value_near(value_coefficients[k_], \
                 at_value_coefficient(label, output, \at(weights[k_], Pre))))
#define SCORES_NEAR(n) \
  (\forall integer k_; 0 <= k_ < (n) ==> \
   at_score_near(score_coefficients[k_], \
                 at_value_coefficient(label, output, \at(weights[k_], Pre)), \
                 \at(values[k_], Pre) - output))

#endif
