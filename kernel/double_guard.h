/* SPDX-License-Identifier: Apache-2.0
 *
 * double_guard.h: refuses, at compile time, arithmetic that is not strict binary64.
 *
 * Every proof about the kernel assumes that each operator is one IEEE 754 binary64 operation,
 * rounded to nearest, ties to even.  Included first by every .c file of the kernel.
 *
 * Three guards, because no single one sees everything: macros, where the compiler defines them;
 * pragmas, which force contraction off even under -ffp-contract=fast; and a canary that the tests
 * and the program's start run, because no macro tells of contraction.  What cannot be seen at
 * compile time stays a precondition of the caller: rounding mode to nearest, no flush-to-zero
 * (FTZ) and no denormals-are-zero (DAZ).
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

/* a * b + c stays two roundings, whatever the command line says. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

_Static_assert(sizeof(double) == 8, "binary64 has eight bytes");

#endif
