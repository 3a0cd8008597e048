#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guard.sh: kernel/double_guard.h against every compiler option that changes floating-point values.
# An option is refused at compile time with the guard's own words, or taken back by a pragma, which
# the hash of the kernel's results shows, or, for clang's -ffp-contract=fast alone, noticed by the
# canary.  No option changes a bit silently.
set -eu
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0
expected=$(sed -n 2p tests/corpus/kernel/hash.txt)

cat >"$scratch/main.c" <<'END'
#include <inttypes.h>
#include <stdio.h>
#include "tests/kernel/hash.h"
int main(void)
{
  const char *word = at_kernel_contracts() ? " noticed" : "";
  return printf("%016" PRIx64 "%s\n", at_kernel_hash(), word) < 0;
}
END

count() { # STATUS WORDS: one line, one test
  if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  printf '  %-76s %s\n' "$2" "$([ "$1" -eq 0 ] && echo ok || echo FAILED)"
}

have() { # COMPILER
  command -v "$1" >/dev/null && return
  skipped=$((skipped + 1))
  return 1
}

refused() { # COMPILER WORDS FLAG...: compilation fails, and with these words
  have "$1" || return 0
  local file status=0
  for file in exp logistic vector softmax pooling single_head; do
    ! "$1" -std=c11 "${@:3}" -c -o "$scratch/refused.o" kernel/$file.c 2>"$scratch/said" || status=1
    grep -q -- "$2" "$scratch/said" || status=1
  done
  count $status "$1 ${*:3}: refused"
}

# The hash of a kernel compiled so.  It is linked without the flags: some of them make the compiler
# driver link code that sets FTZ and DAZ at start, which is a matter of the running program.
hash() { # COMPILER FLAG...
  rm -rf "$scratch/objects"
  mkdir "$scratch/objects"
  for file in kernel/*.c; do
    "$1" "${@:2}" -c -o "$scratch/objects/$(basename "$file").o" "$file" 2>"$scratch/said" || return
  done
  "$1" -I. -o "$scratch/hash" "$scratch"/objects/*.o tests/kernel/hash.c "$scratch/main.c" &&
    "$scratch/hash"
}

harmless() { # COMPILER FLAG...: the bits are those of the committed hash
  have "$1" || return 0
  local status=0
  [ "$(hash "$@")" = "$expected" ] || status=1
  count $status "$*: same bits"
}

noticed() { # COMPILER FLAG...: same bits, or the canary says that they are not
  have "$1" || return 0
  local status=0
  case $(hash "$@") in
    "$expected" | *noticed) ;;
    *) status=1 ;;
  esac
  count $status "$*: same bits or noticed"
}

for compiler in gcc clang; do
  refused $compiler "kernel: -ffast-math" -ffast-math
  refused $compiler "kernel: -ffast-math" -Ofast
  refused $compiler "kernel: -ffinite-math-only" -ffinite-math-only
done
for flags in "-fassociative-math -fno-signed-zeros -fno-trapping-math" -freciprocal-math \
  -fno-signed-zeros -funsafe-math-optimizations; do
  # shellcheck disable=SC2086
  refused gcc "kernel: value-changing" $flags
  # shellcheck disable=SC2086
  harmless clang -std=c11 -O3 $flags
done
refused gcc "kernel: -fsingle-precision-constant" -fsingle-precision-constant
refused clang "kernel: -ffinite-math-only" -fno-honor-nans -fno-honor-infinities
harmless clang -std=c11 -O3 -fno-honor-nans
harmless clang -std=c11 -O3 -fno-honor-infinities
harmless clang -std=c11 -O3 -fapprox-func
harmless gcc -std=c11 -O3 -fno-trapping-math -fno-math-errno
if [ "$(uname -m)" = x86_64 ]; then
  refused gcc "kernel: excess precision" -mfpmath=387
  refused gcc "kernel: excess precision" -m32
  refused clang "kernel: excess precision" -mno-sse -mfpmath=387
  refused clang "kernel: excess precision" -m32 -mno-sse
fi
if grep -qw fma /proc/cpuinfo && [ "$(uname -m)" = x86_64 ]; then
  for level in -O2 -O3; do
    harmless gcc -std=c11 $level -mfma -mavx2 -ffp-contract=fast
    harmless gcc -std=gnu11 $level -mfma -mavx2
    harmless clang -std=gnu11 $level -mfma -mavx2
    harmless clang -std=c11 $level -mfma -mavx2 -ffp-contract=on
    noticed clang -std=c11 $level -mfma -mavx2 -ffp-contract=fast
  done
  harmless clang -std=c11 -O3 -mfma -mavx2 -funsafe-math-optimizations
else
  skipped=$((skipped + 11))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
