#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# sweep_bytes.sh: the fast path of a sweep gives the same bits whatever compiles it.
#
# Main result: log10 of the test error, its bound, outputs and attentions of draws over sizes, signals
# and steps, computed by builds of gcc and clang at -O0 to -O3, for the baseline and for this
# machine's processor, have one checksum; nine in ten of the 168 rows have a test error.
# Assumption: a compiler that is not installed is left out; without any the test is skipped.
set -eu
cd "$(dirname "$0")/../../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/main.c" <<'END'
#include <math.h>
#include <stdio.h>

#include "harness/sweep/factor.h"
#include "harness/sweep/log_error.h"

static void row(struct at_factor *factor, size_t n, double snr, double step, size_t steps)
{
  struct at_failure failure = {""};
  struct at_token_data data = {0};
  struct at_descent descent;
  double logarithm = NAN, bound = NAN;
  const struct at_synthetic_settings law = {
    .samples = n, .tokens = 2, .ambient_dim = factor->ambient_dim, .balanced = true,
    .rho = snr * sqrt((double)factor->ambient_dim), .flips = {.eta = 0.2}, .seed = factor->seed};
  if (at_factor_data(&data, factor, &law, &failure) != 0) return;
  if (at_descent_init(&descent, n, data.dim, &failure) != 0) return;
  at_descent_run(&descent, &data, factor->norm, step, steps);
  const int known = at_log_error(&logarithm, &bound, &descent, data.rho);
  printf("%d %a %a", known, logarithm, bound);
  for (size_t i = 0; i < n; i++)
    printf(" %a %a %a %a", descent.outputs[i], descent.output_error[i], descent.weights[2 * i],
           descent.weight_error[i]);
  putchar('\n');
  at_descent_clear(&descent);
  at_token_data_free(&data);
}

int main(void)
{
  struct at_failure failure = {""};
  for (uint64_t seed = 1; seed <= 2; seed++) {
    struct at_factor factor;
    if (at_factor_init(&factor, seed, seed == 1 ? 2000 : 1000000, 60, &failure) != 0) return 1;
    for (size_t n = 6; n <= 60; n += 18)
      for (double snr = 0.03; snr < 3.0; snr *= 2.0)
        for (size_t steps = 1; steps <= 3; steps++)
          row(&factor, n, snr, 6.0 * (double)n / (double)factor.ambient_dim, steps);
    at_factor_clear(&factor);
  }
  return 0;
}
END
sources="harness/failure.c harness/data/random.c harness/data/normal.c harness/data/labels.c
  harness/data/token_data.c harness/data/synthetic.c harness/bounds/format.c
  harness/sweep/elementary.c harness/sweep/error_quadrature.c harness/sweep/descent.c
  harness/sweep/log_error.c harness/sweep/factor.c harness/sweep/triangular.c"
passed=0 failed=0 first=
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for flags in -O0 -O2 "-O3 -march=native"; do
    # shellcheck disable=SC2086 # lists of words
    $compiler -std=c11 -ffp-contract=off $flags -I. -o "$scratch/main" "$scratch/main.c" \
      $sources kernel/*.c -lflint-arb -lflint -lmpfr -lm
    got="$("$scratch/main" | cksum) $("$scratch/main" | grep -c '^1 -')"
    first=${first:-$got}
    if [ "$got" = "$first" ] && [ "${got##* }" -ge 151 ]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "$compiler $flags: $got; $first was expected, with at least 151 rows of known test error"
    fi
  done
done
[ $((passed + failed)) -gt 0 ] || exit 77
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
