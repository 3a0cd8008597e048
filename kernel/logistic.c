/* SPDX-License-Identifier: Apache-2.0
 *
 * Logistic functions in binary64: contracts and error bounds in logistic.h.
 *
 * Method: with s = t / (2 + t), log(1 + t) = 2 atanh(s), and
 *   2 atanh(s) = 2 s + s^3 R(s^2) = t - s (t - s^2 R(s^2))   because 2 s = t - s t,
 * so that the leading term t is exact and all that is rounded is a correction of it.  Sigmoid and
 * softplus reduce to exp(-|x|) in (0, 1], where nothing overflows.
 * Proof and tie of this text to it: proofs/elementary.  Test: tests/kernel/test_logistic.c.
 */
#include "double_guard.h"

#include "exp.h"
#include "logistic.h"

/* R(z) = R0 + R1 z + ... + R9 z^9: 2 s + s^3 R(s^2) is minimax in error relative to 2 s against
   log((1 + s) / (1 - s)) on 0 <= s <= 1/3 with binary64 coefficients
   (proofs/elementary/constants.sollya). */
#define LOG1P_R0 0x1.5555555555535p-1
#define LOG1P_R1 0x1.99999999a0725p-2
#define LOG1P_R2 0x1.249249208e881p-2
#define LOG1P_R3 0x1.c71c741b16c34p-3
#define LOG1P_R4 0x1.745cb43877f34p-3
#define LOG1P_R5 0x1.3b1dd62ce2dep-3
#define LOG1P_R6 0x1.106810bb3e86cp-3
#define LOG1P_R7 0x1.efd3471dd1c31p-4
#define LOG1P_R8 0x1.55c84a3d85e75p-4
#define LOG1P_R9 0x1.5c624beb57df4p-3

double at_log1p(double t)
{
  double s = t / (2.0 + t);
  double z = s * s;
  double z2 = z * z;
  double z4 = z2 * z2;
  double p01 = LOG1P_R0 + LOG1P_R1 * z;
  double p23 = LOG1P_R2 + LOG1P_R3 * z;
  double p45 = LOG1P_R4 + LOG1P_R5 * z;
  double p67 = LOG1P_R6 + LOG1P_R7 * z;
  double p89 = LOG1P_R8 + LOG1P_R9 * z;
  double p_low = p01 + p23 * z2;
  double p_high = (p45 + p67 * z2) + p89 * z4;
  double p = p_low + p_high * z4;
  double w = t - z * p;
  return t - s * w;
}

double at_sigmoid(double x)
{
  double t = at_exp(x < 0.0 ? x : -x);
  double numerator = x < 0.0 ? t : 1.0;
  return numerator / (1.0 + t);
}

double at_softplus(double x)
{
  double t = at_exp(x < 0.0 ? x : -x);
  double positive_part = x < 0.0 ? 0.0 : x;
  return positive_part + at_log1p(t);
}
