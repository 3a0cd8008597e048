/* SPDX-License-Identifier: Apache-2.0
 *
 * arithmetic.c: canaries for rounding mode, subnormals and contraction.
 */
#include "harness/program/arithmetic.h"

#include <fenv.h>
#include <stddef.h>

#include "harness/fast/kernel.h"

/* In lane 0 of a dot product of 33 entries stands -(1 + 2^-26) first, then (1 + 2^-27)^2 is added:
 * exactly 1 + 2^-26 + 2^-54, which rounds to 1 + 2^-26.  Rounded twice the sum is 0; contracted to
 * one rounding it is 2^-54. */
static double contraction_residue(void)
{
  volatile double one_and_bit = 1.0 + 0x1p-27;
  double x[33] = {0.0};
  double y[33] = {0.0};
  x[0] = -(1.0 + 0x1p-26);
  y[0] = 1.0;
  x[32] = y[32] = one_and_bit;
  return at_kernel()->dot(x, y, 33);
}

int at_arithmetic_check(struct at_failure *failure)
{
  volatile double least_normal = 0x1p-1022;
  volatile double half = 0.5;
  volatile double least = 0x1p-1074;
  const double subnormal = least_normal * half;
  const double denormal_input = least * 0x1p60;
  if (fegetround() != FE_TONEAREST)
    return at_fail(failure,
                   "rounding mode is not to nearest: reset it with fesetround(FE_TONEAREST)");
  if (denormal_input == 0.0)
    return at_fail(failure, "subnormal operands are read as zero: clear the DAZ bit");
  if (subnormal == 0.0)
    return at_fail(failure, "subnormal results are flushed to zero: clear the FTZ bit");
  if (contraction_residue() != 0.0)
    return at_fail(failure,
                   "the kernel was compiled with contraction: build it with -ffp-contract=off");
  return 0;
}
