#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# setup.sh: set-up installs exactly what is missing, asks nobody, and where it may not install it
# says in one line what to type.  apt-get, dpkg-query, sudo and id are played by small scripts.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset SETUP
passed=0

tool() { # NAME: a script on the path, its text from standard input
  { echo '#!/bin/bash'; cat; } >"$scratch/bin/$1"
  chmod +x "$scratch/bin/$1"
}
run() { # the words and the exit status of one set-up, and in `calls` what apt-get was asked for
  : >"$scratch/calls"
  status=0
  said=$(PATH="$scratch/bin:$PATH" BUILD="$scratch/build" HAVE="$have" FAIL="${fail_at:-}" \
    NO_LISTS="${no_lists:-}" CALLS="$scratch/calls" WHO="${who:-0}" \
    harness/setup.sh "$@" 2>&1 </dev/null) || status=$?
  calls=$(cat "$scratch/calls")
}
expect() { # WHAT CONDITION...
  local what=$1
  shift
  if ! "$@"; then
    printf 'setup.sh: %s\n  status %s\n  said: %s\n  calls: %s\n' "$what" "$status" "$said" "$calls"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  passed=$((passed + 1))
}
lines() { [ "$(grep -c . <<<"$said")" -eq "$1" ]; }
says() { grep -qE -- "$1" <<<"$said"; }
calls() { grep -qE -- "$1" <<<"$calls"; }
calls_no_update() { ! calls 'update$'; }
calls_nothing() { [ -z "$calls" ]; }
first_call_is() { head -n 1 <<<"$calls" | grep -q " $1\$"; }
ends() { [ "$status" -eq "$1" ]; }

mkdir "$scratch/bin"
tool dpkg-query <<'END'
for word in "${@:3}"; do
  case " $HAVE " in *" $word "*) echo "installed $word" ;; *) echo "no $word" >&2 ;; esac
done
END
tool apt-get <<'END'
case " $* " in
  *" --simulate "*) exec [ -z "${NO_LISTS:-}" ] ;;
esac
echo "$*" >>"$CALLS"
case " $FAIL " in *" $(grep -c . "$CALLS") "*) exit 100 ;; esac
END
tool id <<'END'
echo "$WHO"
END
tool sudo <<'END'
exit 1
END

have="clang-format clang-tidy cppcheck shellcheck"
run lint
expect "nothing is missing: silence" lines 0
expect "nothing is missing: success" ends 0
expect "nothing is missing: no apt-get" calls_nothing

have="clang-format shellcheck"
run lint
expect "what is missing is installed" calls ' install .* clang-tidy cppcheck( |$)'
expect "and nothing else" says '2 packages are missing: clang-tidy cppcheck$'
expect "success" ends 0
expect "lists at hand are not updated" says 'downloading'
expect "no update" calls_no_update

no_lists=yes run lint
expect "lists that are absent are fetched first" first_call_is update
expect "then the packages" ends 0

fail_at=1 run lint
expect "a failed download updates the lists" calls 'update$'
expect "and tries again" ends 0

fail_at="1 2" run lint
expect "a failed update ends it" ends 1
expect "with the line to type" says 'apt-get install --no-install-recommends clang-tidy cppcheck$'

SETUP=no run lint
expect "SETUP=no forbids apt-get" calls_nothing
expect "in one line" lines 1
expect "that says what to type" says 'apt-get install --no-install-recommends clang-tidy cppcheck$'
expect "and fails" ends 1

who=1000 run lint
expect "no right to install: no apt-get" calls_nothing
expect "in one line" lines 1
expect "that says what to type" says 'apt-get install --no-install-recommends clang-tidy cppcheck$'
expect "and fails" ends 1

tool sudo <<'END'
[ "$1" != -n ] || shift
exec "$@"
END
who=1000 run lint
expect "through sudo" calls ' install .* clang-tidy cppcheck$'
expect "success" ends 0

run nothing-of-this-name
expect "an unknown group fails" ends 1
echo "$passed passed, 0 failed"
