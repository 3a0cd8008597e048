#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# canaries.sh: the claims of proofs/canaries that provers must not prove are false: each is computed
# at a counterexample.  (contradiction.c and unreachable.c claim nothing about a run.)
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/canaries.c" <<'END'
#include <float.h>
#include <stdio.h>
#include "proofs/canaries/clamp.c"
#include "proofs/canaries/halved.c"
#include "proofs/canaries/identity.c"
#include "proofs/canaries/square.c"
static int failed, passed;
static void expect(const char *what, int holds)
{
  passed += holds;
  failed += !holds;
  if (!holds) printf("canaries.sh: %s\n", what);
}
int main(void)
{
  volatile double huge = 0x1p600, tiny = 0x1p-60, one = 1.0, root = 0x1.6a09e667f3bcdp-27;
  expect("the square of a finite number can be infinite", square(huge) > DBL_MAX);
  expect("a sum rounds", add_and_subtract(tiny, one) != tiny);
  double weight = descend_without_clamp(AT_MAX_WEIGHT, -AT_MAX_STEP, 0x1p145);
  expect("a step leaves the box of weights", weight > AT_MAX_WEIGHT);
  /* The sum is 1 + 2^-52; what was cut off is 2^-53 within 2^-104, both differences are exact
   * within that, and the halved bound is 2^-54 within 2^-106. */
  double product = root * root, cut = (add_product_halved(1.0, root, root) - 1.0) - product;
  expect("the error exceeds half its bound", cut > 0x1p-54 * (1.0 + product) + 0x1p-54 * product);
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
END
"${CC:-cc}" -std=c11 -O1 -ffp-contract=off -w -I. -o "$scratch/canaries" "$scratch/canaries.c"
"$scratch/canaries"
