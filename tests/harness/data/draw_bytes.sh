#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# draw_bytes.sh: the same seed gives the same bytes whatever compiles the draws.
#
# Main result: exponentials, normals, chis and a whole synthetic data set, drawn by builds of gcc
# and clang at -O0 to -O3, for the baseline and for this machine's processor, have one hash; those
# of the normals and chis are the ones that test_normal.c states.
# Assumption: a compiler that is not installed is left out; without any the test is skipped.
set -eu
cd "$(dirname "$0")/../../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/draw.c" <<'END'
#include <inttypes.h>
#include <stdio.h>

#include "harness/data/normal.h"
#include "harness/data/synthetic.h"
#include "tests/harness/data/statistics.h"

static double draws[10000];

int main(void)
{
  struct at_stream stream = at_stream_open(2026, "train.noise");
  at_normal_fill(draws, &stream, 0, 10000);
  printf("%016" PRIX64, at_test_hash(draws, 10000));
  for (uint64_t i = 0; i < 10000; i++) {
    draws[i] = at_chi(&stream, i, i < 5000 ? 1 + i : 1000000000 + i);
  }
  printf(" %016" PRIX64, at_test_hash(draws, 10000));
  for (uint64_t i = 0; i < 10000; i++) draws[i] = at_exponential(&stream, i, 0);
  printf(" %016" PRIX64, at_test_hash(draws, 10000));
  struct at_token_data data;
  struct at_failure failure = {""};
  const struct at_synthetic_settings settings = {
      .samples = 60, .tokens = 3, .ambient_dim = 1000000, .rho = 30.0, .flips = {.eta = 0.1}};
  if (at_synthetic_train(&data, &settings, &failure) != 0) return 1;
  printf(" %016" PRIX64 "\n", at_test_hash(data.token, 60 * 3 * data.dim));
  at_token_data_free(&data);
  return 0;
}
END
hash() {
  sed -n "s/^#define $1_HASH UINT64_C(0x\([0-9A-F]*\))\$/\1/p" tests/harness/data/test_normal.c
}
stated="$(hash NORMAL) $(hash CHI)"
sources="harness/failure.c harness/data/random.c harness/data/normal.c harness/data/labels.c
  harness/data/token_data.c harness/data/synthetic.c tests/harness/data/statistics.c"
vector=$(sed -n 's/^DRAW_CFLAGS := //p' harness/harness.mk)
passed=0 failed=0 first=
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for flags in -O0 -O1 -O2 -O3 "$vector" "$vector -march=native"; do
    # shellcheck disable=SC2086 # lists of words
    $compiler -std=c11 -ffp-contract=off $flags -I. -o "$scratch/draw" "$scratch/draw.c" \
      $sources -lm
    got=$("$scratch/draw")
    first=${first:-$got}
    if [ "$got" = "$first" ] && [[ $got == "$stated "* ]]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "$compiler $flags: $got; $first and $stated were expected"
    fi
  done
done
[ $((passed + failed)) -gt 0 ] || exit 77
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
