/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what the suites of the kernel share: how many random points, how they are drawn, how an
 * error is measured in units of 2^-52, how a failure is printed, and the corpus of hard arguments.
 * Main result: an elementary function is judged by MPFR at JUDGE_PRECISION bits.  There a twin's
 * relative error is below 2^-90 (harness/reference/logistic.h), and JUDGE_SLACK covers it together
 * with the rounding of the measured error to binary64.
 * Assumptions: run in the project's root.  Environment: SAMPLES, the number of random points per
 * elementary function (1 .. 10^12, default 10^6); CORPUS, a directory: each suite then writes there
 * the hardest arguments it met, which is how tests/corpus/kernel was made:
 *   SAMPLES=30000000 CORPUS=tests/corpus/kernel build/tests/runner --suite exp
 *   SAMPLES=5000000 CORPUS=tests/corpus/kernel build/tests/runner --suite logistic
 */
#ifndef AT_TESTS_KERNEL_JUDGE_H
#define AT_TESTS_KERNEL_JUDGE_H

#include <mpfr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JUDGE_PRECISION = 96, JUDGE_HARDEST = 64 };
#define JUDGE_SLACK 0x1p-30

/* SAMPLES; a value that is not a number in range ends the process with status 2. */
size_t judge_samples(void);

/* A function under test: kernel and twin, arguments it admits, and its contract. */
struct judge_function {
  const char *name;
  double (*kernel)(double x);
  void (*twin)(mpfr_ptr result, mpfr_srcptr x);
  double lowest, highest; /* arguments */
  double clamp;           /* below it the contract is absolute: JUDGE_FLOOR */
  double units;           /* relative error the contract allows, in units of 2^-52 */
  bool only_above;        /* below the clamp the result is never below the exact one */
};
#define JUDGE_FLOOR 0x1p-1021

/* Judgement of one function so far: the largest error and the hardest arguments, hardest first. */
struct judge {
  const struct judge_function *function;
  size_t points, failures;
  size_t hardest;
  double units[JUDGE_HARDEST], argument[JUDGE_HARDEST];
  mpfr_t x, exact, difference;
};

void judge_open(struct judge *judge, const struct judge_function *function);

/* Judges one argument; outside lowest .. highest it is left out.  A failure is printed with its
 * argument in hexadecimal. */
void judge_point(struct judge *judge, double x);

/* x and its two neighbours. */
void judge_neighbours(struct judge *judge, double x);

/* Zeros, ends, both sides of the clamp, every power of two and its neighbours, of both signs. */
void judge_special(struct judge *judge);

/* `count` points, signs random, exponents uniform: three quarters in -60 .. 9, where the functions
 * are neither constant nor linear, one quarter over all exponents of binary64. */
void judge_random(struct judge *judge, uint64_t seed, size_t count);

/* `count` points, uniform on the part of [-720, 720] that the function admits: large arguments have
 * the largest errors of reduction. */
void judge_uniform(struct judge *judge, uint64_t seed, size_t count);

/* Every argument of tests/corpus/kernel/NAME.txt; false if the file is missing or malformed. */
bool judge_corpus(struct judge *judge);

/* Prints the one line of the function, writes the corpus if asked to, asserts that no point
 * failed, and frees. */
void judge_close(struct judge *judge);

#endif
