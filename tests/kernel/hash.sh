#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# hash.sh [--write]: one hash of the results of all kernel functions, over compilers, optimisation
# levels, instruction sets and sanitizers; all equal, and equal to tests/corpus/kernel/hash.txt.
#
# tests/kernel/hash.sh --write, run after a deliberate change of the kernel's bits, commits the new
# value to that file, provided that all builds agree on it.
# Skips compilers that are not there and instruction sets that this processor does not run.
set -eu
cd "$(dirname "$0")/../.."
committed=tests/corpus/kernel/hash.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0 value=

cat >"$scratch/main.c" <<'END'
#include <inttypes.h>
#include <stdio.h>
#include "tests/kernel/hash.h"
int main(void)
{
  return at_kernel_contracts() || printf("%016" PRIx64 "\n", at_kernel_hash()) < 0;
}
END

# Whether this processor has INSTRUCTION-SET.  Its lzcnt is not asked for: the kernel does not use
# it and virtual machines hide it.
runs() {
  local flag
  [ "$(uname -m)" = x86_64 ] || return 1
  case $1 in
    x86-64) return 0 ;;
    x86-64-v3) set -- avx avx2 bmi1 bmi2 f16c fma movbe ;;
    x86-64-v4) set -- avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl ;;
  esac
  for flag; do grep -qw "$flag" /proc/cpuinfo || return 1; done
}

build() { # COMPILER FLAG...: the hash of one build against the others
  local hash
  if ! command -v "$1" >/dev/null; then
    skipped=$((skipped + 1))
    return
  fi
  if ! "$1" -std=c11 -ffp-contract=off "${@:2}" -I. -o "$scratch/hash" kernel/*.c \
    tests/kernel/hash.c "$scratch/main.c" || ! hash=$("$scratch/hash"); then
    hash="does not run, or contracts"
  elif [ -z "$value" ]; then
    value=$hash
  fi
  if [ "$hash" = "$value" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  printf '  %-60s %s\n' "$*" "$hash"
}

for compiler in gcc clang; do
  for level in -O1 -O2 -O3; do
    for set in x86-64 x86-64-v3 x86-64-v4; do
      if runs $set; then
        build $compiler $level -march=$set
      else
        skipped=$((skipped + 1))
      fi
    done
  done
  build $compiler -O0
  build $compiler -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
done

if [ "${1:-}" = --write ] && [ $failed -eq 0 ]; then
  {
    echo '# attest kernel hash 1: bits of all kernel functions, tests/kernel/hash.sh --write'
    echo "$value"
  } >$committed
fi
if [ "$value" = "$(sed -n 2p $committed)" ]; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "  $committed holds $(sed -n 2p $committed)"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
