#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# setup.sh GROUP...: sees to it that the Debian packages of the named groups are installed.
#
# Main result: nothing to do costs some 20 ms; otherwise the missing packages are installed with
# apt-get, as root or through sudo, without questions and never twice at a time; without the right
# to, or with SETUP=no, one line names them and the exit status is 1.  A system without dpkg is left
# alone: there the compiler tells what is missing.
# Called by every make target that compiles or runs something (GNUmakefile).
# Test: tests/setup.sh.
set -u

group_packages() {
  case $1 in
    build)
      echo gcc libc6-dev libgmp-dev libmpfr-dev libflint-arb-dev libflint-dev libjansson-dev \
        nettle-dev zlib1g-dev
      ;;
    audit) echo gnuplot-nox dataset-fashion-mnist ;;
    check)
      echo libcunit1-dev pkg-config clang libclang-rt-14-dev python3 python3-numpy python3-jsonschema
      ;;
    fuzz) echo clang libclang-rt-14-dev ;;
    lint) echo clang-format clang-tidy cppcheck shellcheck ;;
    valgrind) echo valgrind libc6-dbg ;;
    proofs) awk '!/^#/ && NF { print $3 }' proofs/versions ;;
    bench)
      echo python3 python3-numpy libopenblas0-pthread python3-torch python3-mpmath python3-gmpy2 \
        gnuplot-nox
      ;;
    battery) echo dieharder rng-tools5 ;;
    *) echo "setup: no group of packages is called $1" >&2; return 1 ;;
  esac
}

missing_packages() { # WANTED...: those that are not installed, on one line
  { printf '%s\n' "$@"
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null
  } | awk '$1 == "installed" { have[$2] = 1 } NF == 1 { wanted[++n] = $1 }
    END { for (i = 1; i <= n; i++)
            if (!have[wanted[i]]++) line = line (line ? " " : "") wanted[i]
          print line }'
}

give_up() { # REASON
  echo "setup: $1; to go on: apt-get install --no-install-recommends $missing" >&2
  exit 1
}

apt() { # STEP ARGUMENTS...: one line of progress; the words of apt-get go to the log
  local step=$1 start=$SECONDS
  shift
  printf 'setup: %s ...' "$step"
  if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C apt-get -qq \
    -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1 </dev/null 9>&-; then
    printf ' done in %d s\n' $((SECONDS - start))
  else
    printf ' failed\n'
    return 1
  fi
}

packages=
for group in "$@"; do
  packages+=" $(group_packages "$group")" || exit 1
done
command -v dpkg-query >/dev/null || exit 0
# shellcheck disable=SC2086
missing=$(missing_packages $packages)
[ -n "$missing" ] || exit 0
[ "${SETUP:-}" != no ] || give_up "SETUP=no and packages are missing"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo -n)
  if ! sudo -n true 2>/dev/null; then
    as_root=(sudo)
    # sudo asks for a password on the terminal, if there is one
    if ! { : </dev/tty; } 2>/dev/null || ! command -v sudo >/dev/null || ! sudo -v; then
      give_up "packages are missing and there is no right to install them"
    fi
  fi
fi

build=${BUILD:-build}
log=$build/setup.log
mkdir -p "$build" || exit 1
exec 9>"$build/setup.lock"
flock 9
# shellcheck disable=SC2086
missing=$(missing_packages $packages) # another make may have installed them meanwhile
[ -n "$missing" ] || exit 0
echo "setup: $(wc -w <<<"$missing") packages are missing: $missing"
: >"$log"
install=(install -y --no-install-recommends)
# shellcheck disable=SC2206
install+=($missing)
update() { apt "updating the package lists" update; }
download() { apt "downloading" "${install[@]}" --download-only; }
# Lists that are absent show in a rehearsal; lists that are out of date, in a failed download.
fetch() {
  if apt-get -qq --simulate "${install[@]}" >/dev/null 2>&1; then
    download || { update && download; }
  else
    update && download
  fi
}
if ! { fetch && apt "installing" "${install[@]}"; }; then
  tail -n 5 "$log" >&2
  give_up "apt-get failed ($log)"
fi
