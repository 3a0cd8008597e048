#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# alone.sh: kernel/ copied into another project compiles there, by itself, with every C11 compiler
# at hand and none of this project's flags.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp kernel/*.c kernel/*.h "$scratch"
cd "$scratch"
passed=0 skipped=0
cat >user.c.txt <<'END'
#include "single_head.h"
int main(void)
{
  double v[2] = {1.0, 0.5}, p[2] = {0.0, 0.0}, x[4] = {1.0, 0.0, 0.0, 1.0};
  double output, weights[2];
  at_single_head_forward(&output, weights, x, v, p, 1, 2, 2);
  return weights[0] == 0.5 && weights[1] == 0.5 && output == 0.75 ? 0 : 1;
}
END
for compiler in gcc clang; do
  if ! command -v $compiler >/dev/null; then
    skipped=$((skipped + 1))
    continue
  fi
  if ! { $compiler -std=c11 -Wall -Wextra -Wpedantic -Werror -c ./*.c &&
    $compiler -std=c11 -x c user.c.txt -x none ./*.o -o user && ./user; }; then
    echo "alone.sh: $compiler"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  rm -f ./*.o user
  passed=$((passed + 1))
done
echo "$passed passed, 0 failed, $skipped skipped"
