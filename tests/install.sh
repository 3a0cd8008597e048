#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# install.sh: what make install puts in place can be used as documented, and make uninstall leaves
# what was there before, byte for byte.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root="$scratch/a root"
prefix=/opt/attest
passed=0

fail() {
  echo "install.sh: $1"
  echo "$passed passed, 1 failed"
  exit 1
}
pass() { passed=$((passed + 1)); }
listing() { (cd "$root" && find . -printf '%y %p %l\n' | LC_ALL=C sort); }
make_it() { make -s BUILD="$BUILD_DIR" PREFIX="$prefix" DESTDIR="$root" "$@" >"$scratch/log" 2>&1 ||
  fail "make $*: $(cat "$scratch/log")"; }

BUILD_DIR=$(realpath --relative-to=. "$BUILD")
mkdir -p "$root$prefix/lib"
echo "not ours" >"$root$prefix/lib/other"
before=$(listing)

make_it install
first=$(listing)
make_it install
[ "$(listing)" = "$first" ] || fail "a second install differs from the first"
pass
"$root$prefix/bin/attest" --version | grep -qF "$(sed -n 's/^VERSION := //p' GNUmakefile)" ||
  fail "the installed program does not tell its version"
pass
for page in attest attest-check; do
  head -n 3 "$root$prefix/share/man/man1/$page.1" | grep -q '^\.TH' || fail "no man page $page"
done
"$root$prefix/bin/attest-check" | grep -q '^usage: ' || fail "attest-check does not start"
pass

cat >"$scratch/user.c" <<'END'
#include <single_head.h>
#include <exp.h>
int main(void)
{
  double v[2] = {1.0, 0.5}, p[2] = {0.25, 0.0}, x[4] = {1.0, 0.0, 0.0, 1.0};
  double output, weights[2];
  at_single_head_forward(&output, weights, x, v, p, 1, 2, 2);
  return at_exp(0.0) == 1.0 && weights[0] > weights[1] && output > 0.5 ? 0 : 1;
}
END
flags() { PKG_CONFIG_PATH="$root$prefix/lib/pkgconfig" \
  pkg-config --define-variable=prefix="$scratch/link" "$@" attest-kernel; }
ln -s "$root$prefix" "$scratch/link" # the flags of pkg-config are split at spaces
# shellcheck disable=SC2046
"$CC" -std=c11 -o "$scratch/shared" "$scratch/user.c" $(flags --cflags --libs)
LD_LIBRARY_PATH="$root$prefix/lib" "$scratch/shared" ||
  fail "the shared library gives a wrong result"
pass
readelf -d "$scratch/shared" | grep -q 'libattest-kernel\.so\.0\]' || fail "no soname is recorded"
pass
# shellcheck disable=SC2046
"$CC" -std=c11 -o "$scratch/static" "$scratch/user.c" $(flags --cflags) \
  "$root$prefix/lib/libattest-kernel.a"
"$scratch/static" || fail "the static library gives a wrong result"
pass
foreign=$(nm -D --defined-only "$root$prefix/lib/libattest-kernel.so" | awk '$3 !~ /^at_/')
[ -z "$foreign" ] || fail "the shared library exports $foreign"
pass
needed=$(nm -D --undefined-only "$root$prefix/lib/libattest-kernel.so" |
  awk '$1 == "U" && $2 !~ /^(__stack_chk_fail|memcpy|memset)(@|$)/')
[ -z "$needed" ] || fail "the kernel needs $needed"
pass

make_it uninstall
[ "$(listing)" = "$before" ] || fail "uninstall leaves something else than there was"
pass
grep -qF "version: $(sed -n 's/^VERSION := //p' GNUmakefile)" CITATION.cff ||
  fail "CITATION.cff names another version"
pass
echo "$passed passed, 0 failed"
