#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# check.sh: the command that runs all tests counts right, keeps the order, and fails when one fails.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tests/room" "$scratch/build/tests/fuzz"
cp tests/check "$scratch/tests/check"
passed=0

script() { # PATH: an executable from standard input
  { echo '#!/bin/bash'; cat; } >"$scratch/$1"
  chmod +x "$scratch/$1"
}
expect() { # STATUS CLOSING-LINE PATTERN...: the patterns stand in the output, in this order
  local status=0 said rest pattern
  said=$(BUILD="$scratch/build" TEST_SECONDS="${limit:-60}" "$scratch/tests/check" "${only:-}" 2>&1) ||
    status=$?
  rest=$said
  for pattern in "${@:3}"; do
    if grep -q -- "$pattern" <<<"$rest"; then
      rest=$(sed "0,/${pattern//\//\\/}/d" <<<"$rest")
    else
      status="$status, no line $pattern"
    fi
  done
  if [ "$status" != "$1" ] || [ "$(tail -n 1 <<<"$said")" != "$2" ]; then
    printf 'check.sh: status %s\n%s\n' "$status" "$said"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  passed=$((passed + 1))
}

script build/tests/runner <<'END'
case $1 in
  --list) echo slow; echo quick ;;
  *) [ "$2" = quick ] || sleep 1
    printf '<testsuites>\n  <testsuite name="%s"/>\n</testsuites>\n' "$2" >"$4"
    echo "3 passed, 0 failed" ;;
esac
END
script build/tests/fuzz/replay_form <<'END'
[ "$2" = tests/corpus/form ]
END
script tests/plain.sh </dev/null
script tests/room/counts.sh <<'END'
[ -d "$BUILD" ] && [ "$ATTEST" = "$BUILD/attest" ] && echo "2 passed, 0 failed, 4 skipped"
END
expect 0 "10 passed, 0 failed, 4 skipped" "slow .* 3 tests .* ok" "quick .* 3 tests .* ok" \
  "replay_form .* 1 tests .* ok" "tests/plain.sh .* 1 tests .* ok" "room/counts.sh .* 2 tests"
only=suites expect 0 "7 passed, 0 failed" "slow .* ok" "replay_form .* ok"
expect 0 "10 passed, 0 failed, 4 skipped" "slow .* ok"
python3 - "$scratch/build/check/results.xml" <<'END'
import sys, xml.etree.ElementTree as tree
names = [suite.get("name") for suite in tree.parse(sys.argv[1]).getroot()]
assert names == ["slow", "quick", "replay_form", "tests/plain.sh", "tests/room/counts.sh"], names
END
passed=$((passed + 1))

script tests/room/unfit.sh <<<'exit 77'
expect 0 "10 passed, 0 failed, 5 skipped" "unfit.sh .* skipped"
script tests/room/worse.sh <<<'echo "the reason"; exit 3'
expect 1 "10 passed, 1 failed, 5 skipped" "worse.sh .* FAILED" "^    the reason" "exit status 3"
script tests/room/worse.sh <<<'echo "1 passed, 2 failed"; exit 1'
expect 1 "11 passed, 2 failed, 5 skipped" "worse.sh .* 3 tests .* FAILED"
script tests/room/worse.sh <<<'echo "1 passed, 0 failed"; kill -SEGV $$'
expect 1 "11 passed, 1 failed, 5 skipped" "worse.sh .* FAILED"
script tests/room/worse.sh <<<'sleep 20'
limit=2 expect 1 "10 passed, 1 failed, 5 skipped" "worse.sh .* FAILED" "stopped after 2 s"
echo "$passed passed, 0 failed"
