/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: exp(x^2) erfc(x), log and exp (see elementary.h).
 * Main result: the error bounds of elementary.h, derived here with u = 2^-53.
 *
 * Scaled erfc.  For x > 0, erfcx(x) = (x/pi) times the integral over the real line of
 * g(t) = exp(-t^2) / (x^2 + t^2).  The midpoint rule with step s = 7/16 sums
 *   s g(t_n), t_n = (n + 1/2) s.  Moved up to Im t = Y, past the pole at t = ix if x < Y, it gives
 *   erfcx(x) = (2 s x / pi) sum_{n >= 0} exp(-t_n^2) / (x^2 + t_n^2)
 *              + [x < Y] 2 exp(x^2) / (1 + exp(2 pi x / s)) + R,
 *   |R| <= (2/sqrt(pi)) x exp(Y^2 - 2 pi Y / s) / (|Y - x| (Y + x) (1 - exp(-2 pi Y / s))),
 * because |exp(-(t+iY)^2)| = exp(Y^2 - t^2) and |x^2 + (t+iY)^2| >= |Y - x| (Y + x).
 *   x < 4: Y = pi/s = 7.18..., |R| < 2^-72 (exponent -51.5), erfcx(x) > 2^-3.
 *   x >= 4: the same Y if x <= 6, Y = pi/s + 1 up to 7.18, Y = pi/s - 1 beyond; |R| is below 2^-68
 *   relative; and the second term, at most 2 exp(16 - 57.4) < 2^-58 with erfcx(4) > 2^-3, is left
 *   out, which costs 2^-55.
 * The terms n >= 14, all t_n > 6.34, have less than 2^-57 of the sum of the others, because
 * 1/(x^2 + t^2) falls with t.  t_n^2 = (2n+1)^2 49/1024 is exact.  All terms are positive: a
 * denominator costs 2u, weight, quotient and the product with x u each, the sum 13u: 18u.
 * The second term 2 exp(-x (c - x)) / (1 + exp(-c x)), c = 2 pi / s: the exponent x (c - x) is
 * within 4u of itself, relative, and exp(-w) w <= 1/e, so 2u from there, 2u each from two
 * exponentials, 3u of rounding, u from the sum of both: below 10u of the whole.
 * Together, with the 2^-55 = u/4: below 29u < 2^-48.
 *
 * Logarithm.  x = m 2^e, m in [1, 2), m - 1 exact; log x = e ln 2 + log1p(m - 1).  at_log1p is
 * within 2.5u of a value up to 0.7; e ln 2 within 1.4u |e| 0.7; the sum rounds by 0.7u (|e| + 1):
 * in all below 1.7u |e| + 2.5u, and |e| <= |log2 x| + 1.
 *
 * Exponential.  at_exp of -|x|, and its reciprocal for x > 0: 2u and u/(1 - 2u) more.
 *
 * Assumptions, test: see elementary.h.
 */
#include "harness/sweep/elementary.h"

#include <stdint.h>
#include <string.h>

#include "kernel/double_guard.h"
#include "kernel/exp.h"
#include "kernel/logistic.h"

enum { ERFC_TERMS = 14 };

/* 2 s / pi exp(-t_n^2), rounded. */
static const double erfc_weight[ERFC_TERMS] = {
  0x1.0fe1271c89e0dp-2,  0x1.72cfb98dccbf5p-3,  0x1.58e2fbcc3ca44p-4,  0x1.b57f8cc4f7984p-6,
  0x1.7a7667c59d232p-8,  0x1.be867ae1795b7p-11, 0x1.67440e7486944p-14, 0x1.8a3dd7cc78d5ep-18,
  0x1.2705d4f3821d8p-22, 0x1.2d1c2f839cb97p-27, 0x1.a326f58a6e2bdp-33, 0x1.8de440e9e6300p-39,
  0x1.019351659f8afp-45, 0x1.c6d4f0a223841p-53};

/* t_n^2 = (2n+1)^2 49/1024, exact. */
#define ERFC_NODE(n) ((2.0 * (n) + 1.0) * (2.0 * (n) + 1.0) * (49.0 / 1024.0))
static const double erfc_node[ERFC_TERMS] = {
  ERFC_NODE(0),  ERFC_NODE(1),  ERFC_NODE(2),  ERFC_NODE(3), ERFC_NODE(4),
  ERFC_NODE(5),  ERFC_NODE(6),  ERFC_NODE(7),  ERFC_NODE(8), ERFC_NODE(9),
  ERFC_NODE(10), ERFC_NODE(11), ERFC_NODE(12), ERFC_NODE(13)};

#define ERFC_RATE 0x1.cb91f3bbba140p+3 /* 2 pi / s */
#define ERFC_NO_POLE 4.0               /* from here on the second term is left out */
#define LN2 0x1.62e42fefa39efp-1

double at_scaled_erfc(double x)
{
  const double square = x * x;
  double term[ERFC_TERMS];
  double sum = 0.0;
  for (int n = 0; n < ERFC_TERMS; n++) term[n] = erfc_weight[n] / (square + erfc_node[n]);
  for (int n = ERFC_TERMS - 1; n >= 0; n--) sum += term[n];
  sum *= x;
  if (x >= ERFC_NO_POLE) return sum;
  return sum + 2.0 * at_exp(-(x * (ERFC_RATE - x))) / (1.0 + at_exp(-(ERFC_RATE * x)));
}

double at_natural_log(double x)
{
  uint64_t bits;
  double mantissa;
  memcpy(&bits, &x, sizeof bits);
  const int exponent = (int)(bits >> 52) - 1023;
  bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
  memcpy(&mantissa, &bits, sizeof mantissa);
  return (double)exponent * LN2 + at_log1p(mantissa - 1.0);
}

double at_exp_signed(double x)
{
  return x <= 0.0 ? at_exp(x) : 1.0 / at_exp(-x);
}
