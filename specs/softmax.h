/* SPDX-License-Identifier: Apache-2.0
 *
 * softmax.h: the softmax over the reals, and how far a computed row may be from it.
 *
 * Main results: at_softmax, the exact weights S of f(X; v, p) = v' X' S(X p), and at_weight_near,
 * the error clause of at_softmax_row.  Predicates carry all variables of one step, so that
 * asserting one of them is what calls its lemma.  Lemmas named coq_ speak of single real numbers
 * and are proved in proofs/composition under the same name, from their text here.
 * Read only by Frama-C.
 */
#ifndef AT_SPECS_SOFTMAX_H
#define AT_SPECS_SOFTMAX_H

#include "summation.h"

/*@ axiomatic Softmax { // a block of its own: goals that do not speak of it do not see it
    // ---- the row ------------------------------------------------------------------------------
    // the largest of z[0] ... z[n-1]
    logic real at_highest{L}(double *z, integer n) =
      n <= 1 ? z[0] : z[n - 1] < at_highest(z, n - 1) ? at_highest(z, n - 1) : z[n - 1];

    // exp(z[0] - shift) + ... + exp(z[n-1] - shift)
    logic real at_sum_exponentials{L}(double *z, real shift, integer n) =
      n <= 0 ? 0.0 : at_sum_exponentials(z, shift, n - 1) + \exp(z[n - 1] - shift);

    // weight t of the softmax of z[0] ... z[n-1]
    logic real at_softmax{L}(double *z, integer n, integer t) =
      \exp(z[t]) / at_sum_exponentials(z, 0.0, n);

    logic real at_sum{L}(double *w, integer n) = n <= 0 ? 0.0 : at_sum(w, n - 1) + w[n - 1];

    // ---- one exponential: E for exp(x), x the exact difference to the largest score -----------
    predicate at_exponential(real E, real d, real x) =
      x <= 0.0 && d <= 0.0 && at_rounded(d, x) && (-708.0 <= x ==> -708.0 <= d) &&
      (-708.0 <= d ==> \abs(E - \exp(d)) <= 0x1p-52 * \exp(d)) &&
      (d < -708.0 ==> \exp(d) <= E <= \exp(d) + 0x1p-1021);
    predicate at_exponential_near(real E, real x) =
      x <= 0.0 &&
      (-708.0 <= x ==> \abs(E - \exp(x)) <= 0x1.00001p-53 * (2.0 - x) * \exp(x)) &&
      (x < -708.0 ==> 0.0 <= E <= 0x1.cp-1021);
    admit lemma coq_exponential: \forall real E, d, x;
      at_exponential(E, d, x) ==> at_exponential_near(E, x);

    // ---- their sum: s for the sum Z of i exponentials -----------------------------------------
    predicate at_divisor_near(real s, real Z, integer i) =
      0 <= i <= 64 && 0.0 <= Z <= i &&
      \abs(s - Z) <= 0x1.0001p-53 * ((i + 2.0) * Z + 0.375 * i);
    predicate at_divisor_step(real s, real Z, real E, real x, real r, integer i) =
      i <= 63 && at_divisor_near(s, Z, i) && at_exponential_near(E, x) && at_rounded(r, s + E);
    admit lemma coq_divisor: \forall real s, Z, E, x, r, integer i;
      at_divisor_step(s, Z, E, x, r, i) ==> at_divisor_near(r, Z + \exp(x), i + 1);

    // ---- one weight: w for q, the exact weight; x as above, n tokens -----------------------------
    predicate at_weight(real w, real E, real x, real s, real S, real Z, integer n) =
      1 <= n && 1.0 <= Z && at_divisor_near(s, Z, n) && at_exponential_near(E, x) &&
      (s < 1.0 ==> S == 1.0) && (1.0 <= s ==> S == s) && at_rounded(w, E / S);
    predicate at_weight_near(real w, real q, real x, integer n) =
      (-708.0 <= x ==> \abs(w - q) <= (n + 3.0 - x) * 0x1p-52 * q + 0x1p-1074) &&
      (x < -708.0 ==> \abs(w - q) <= 0x1p-1020);
    admit lemma coq_weight: \forall real w, E, x, s, S, Z, integer n;
      at_weight(w, E, x, s, S, Z, n) ==> at_weight_near(w, \exp(x) / Z, x, n);

    // ---- the shift m cancels --------------------------------------------------------------------
    predicate at_shifted(real Z, real Y, real m) = Z * \exp(m) == Y;
    predicate at_shift_step(real Z, real Y, real m, real z, real x) =
      at_shifted(Z, Y, m) && x == z - m;
    admit lemma coq_shift: \forall real Z, Y, m, z, x;
      at_shift_step(Z, Y, m, z, x) ==> at_shifted(Z + \exp(x), Y + \exp(z), m);
    predicate at_shift_quotient(real Z, real Y, real m, real z, real x) =
      at_shifted(Z, Y, m) && x == z - m && 1.0 <= Z;
    admit lemma coq_shift_quotient: \forall real Z, Y, m, z, x;
      at_shift_quotient(Z, Y, m, z, x) ==> \exp(x) / Z == \exp(z) / Y;
    }
*/

/* What the annotations of kernel/softmax.c say, in the names of its variables: macros, because the
 * solvers see through a quantifier that is spelled out. */
#define SCORE(t) \at(scores[\at(t, Here)], Pre)
#define SHIFTED_SUM(n) at_sum_exponentials{Pre}(scores, \at(shift, Here), \at(n, Here))
#define PLAIN_SUM(n) at_sum_exponentials{Pre}(scores, 0.0, \at(n, Here))
#define SUM_IS(n) (SHIFTED_SUM(n) == 0.0 && PLAIN_SUM(n) == 0.0)
#define SUM_UNFOLDED(n) \
  (SHIFTED_SUM((n) + 1) == SHIFTED_SUM(n) + \exp(SCORE(n) - shift) && \
   PLAIN_SUM((n) + 1) == PLAIN_SUM(n) + \exp(SCORE(n)))
#define EXPONENTIALS_NEAR(n) \
  (\forall integer k_; 0 <= k_ < (n) ==> \
   at_exponential_near(exponential[k_], \at(scores[k_], Pre) - shift))
#define WEIGHTS_NEAR(n) \
  (\forall integer k_; 0 <= k_ < (n) ==> \
   at_weight_near(weights[k_], at_softmax{Pre}(scores, tokens, k_), \
                  \at(scores[k_], Pre) - shift, tokens))

#endif
