/* SPDX-License-Identifier: Apache-2.0
 *
 * double_guard.h: refuses, at compile time, arithmetic that is not strict binary64.
 *
 * Every proof about the kernel assumes that each operator is one IEEE 754 binary64 operation,
 * rounded to nearest, ties to even.  Included first by every .c file of the kernel.
 *
 * Three guards, because no single one sees everything:
 *   macros     where the compiler defines them: every such option of gcc, -ffast-math of clang;
 *   pragmas    that take the option back: contraction under gcc, and under clang the options that
 *              it has no macro for (associative, reciprocal, unsigned zeros, no NaNs);
 *   a canary   that the tests and the program's start run.  It alone sees clang's
 *              -ffp-contract=fast on a machine with fused multiply-add, which that compiler applies
 *              behind its own pragma: do not use it.
 * What no compilation can see stays a precondition of the caller: rounding mode to nearest, no
 * flush-to-zero (FTZ) and no denormals-are-zero (DAZ).
 * Test: tests/kernel/guard.sh tries every one of these options with gcc and clang.
 */
#ifndef AT_DOUBLE_GUARD_H
#define AT_DOUBLE_GUARD_H

#include <float.h>

#if defined(__FAST_MATH__)
#error "kernel: -ffast-math breaks every proof; compile without it"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "kernel: -ffinite-math-only breaks the proofs; compile without it"
#endif
#if defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "kernel: value-changing floating-point flags (associative, reciprocal, no signed zeros)"
#endif
#if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
#error "kernel: excess precision; on 32-bit x86 use -msse2 -mfpmath=sse"
#endif
#if FLT_RADIX != 2 || DBL_MANT_DIG != 53 || DBL_MAX_EXP != 1024 || DBL_MIN_EXP != -1021
#error "kernel: double is not IEEE 754 binary64"
#endif

/* a * b + c stays two roundings, and no operation is exchanged for another. */
#if defined(__clang__)
#pragma float_control(precise, on)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

_Static_assert(sizeof(double) == 8, "kernel: binary64 has eight bytes");
_Static_assert(sizeof 1.0 == sizeof(double), "kernel: -fsingle-precision-constant");

#endif
