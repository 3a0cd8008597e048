/* SPDX-License-Identifier: Apache-2.0
 *
 * limits.c: see limits.h.  bench.mk puts the text of kernel/exp.c before it, so that it is inlined.
 */
#include "tests/bench/limits.h"

#include <string.h>

#include "kernel/exp.h"

enum { WORDS = 64 };

void at_bench_read(uint64_t *result, const uint64_t *word, size_t count, size_t repeats)
{
  uint64_t sum[WORDS] = {0};
  for (size_t r = 0; r < repeats; r++)
    for (size_t k = 0; k < count; k += WORDS)
      for (size_t j = 0; j < WORDS; j++) sum[j] ^= word[k + j];
  *result = 0;
  for (size_t j = 0; j < WORDS; j++) *result ^= sum[j];
}

void at_bench_multiply_add(double *value, double a, double b, size_t repeats)
{
  double x[AT_BENCH_CHAINS];
  memcpy(x, value, sizeof x);
  for (size_t r = 0; r < repeats; r++)
    for (size_t j = 0; j < AT_BENCH_CHAINS; j++) x[j] = a * x[j] + b;
  memcpy(value, x, sizeof x);
}

void at_bench_exp_loop(double *result, const double *x, size_t n, size_t repeats)
{
  for (size_t r = 0; r < repeats; r++)
    for (size_t k = 0; k < n; k++) result[k] = at_exp(x[k]);
}
