/* SPDX-License-Identifier: Apache-2.0
 *
 * Exponential of a non-positive binary64 number: contract and error bound in exp.h.
 *
 * Method: x = k ln 2 + r with k = trunc(x / ln 2 - 1/2), |r| <= 0.34658 (Cody and Waite, ln 2 in
 * two parts), exp(x) = 2^k p(r), p of degree 11 with p(r) = 1 + r + r^2 q(r).  No table and no
 * branch, so that a compiler can vectorise it.
 * Error budget, relative, in units of 2^-52: rounding of p 0.650, p against exp 0.018, reduction
 * 0.251.
 * Proof and tie of this text to it: proofs/elementary.  Test: tests/kernel/test_exp.c.
 */
#include "double_guard.h"

#include "exp.h"

#include <stdint.h>
#include <string.h>

/* Arguments below this one are clamped: k stays >= -1021 and the result normal. */
#define EXP_LOWEST (-708.0)
/* Reduction.  INVERSE_LN2 = 1/ln 2 rounded to nearest.  LN2_HIGH = ln 2 rounded to 42 bits, so that
   k * LN2_HIGH is exact for |k| <= 2^11.  LN2_LOW = ln 2 - LN2_HIGH rounded to nearest; the two
   together miss ln 2 by less than 2^-102. */
#define EXP_INVERSE_LN2 0x1.71547652b82fep+0
#define EXP_LN2_HIGH 0x1.62e42fefa38p-1
#define EXP_LN2_LOW 0x1.ef35793c7673p-45
/* Polynomial q(r) = C2 + C3 r + ... + C11 r^9 with binary64 coefficients: 1 + r + r^2 q(r) is
   minimax in relative error against exp(r) on |r| <= 0.347 (proofs/elementary/constants.sollya). */
#define EXP_C2 0x1.000000000000ap-1
#define EXP_C3 0x1.55555555554fcp-3
#define EXP_C4 0x1.555555555067bp-5
#define EXP_C5 0x1.1111111127257p-7
#define EXP_C6 0x1.6c16c1848d831p-10
#define EXP_C7 0x1.a01a012dd5481p-13
#define EXP_C8 0x1.a01999128ca8fp-16
#define EXP_C9 0x1.71df1ce6681ccp-19
#define EXP_C10 0x1.28ae4e475fcb6p-22
#define EXP_C11 0x1.ad8dcc540e8c5p-26

/* 2^k from its bit pattern: exponent field k + 1023, fraction zero.  Exact for every k admitted;
   proofs/elementary compares all of them with the compiled function. */
/*@ requires normal: -1022 <= k <= 0;
    terminates \true;
    assigns \nothing;
    admit ensures coq_finite: \is_finite(\result);
    admit ensures coq_range: 0x1p-1022 <= \result <= 1.0;
*/
static inline double at_power_of_two(int k)
{
  uint64_t bits = (uint64_t)(k + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

double at_exp(double x)
{
  double clamped = x < EXP_LOWEST ? EXP_LOWEST : x;
  int k = (int)(clamped * EXP_INVERSE_LN2 - 0.5);
  double shift = (double)k;
  double high = clamped - shift * EXP_LN2_HIGH;
  double r = high - shift * EXP_LN2_LOW;
  double r2 = r * r;
  double r4 = r2 * r2;
  double q23 = EXP_C2 + EXP_C3 * r;
  double q45 = EXP_C4 + EXP_C5 * r;
  double q67 = EXP_C6 + EXP_C7 * r;
  double q89 = EXP_C8 + EXP_C9 * r;
  double q1011 = EXP_C10 + EXP_C11 * r;
  double q_low = q23 + q45 * r2;
  double q_high = (q67 + q89 * r2) + q1011 * r4;
  double q = q_low + q_high * r4;
  double mantissa = 1.0 + (r + r2 * q);
  return mantissa * at_power_of_two(k);
}
