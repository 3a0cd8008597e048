#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# runner.sh: the runner tells failures from successes: exit status, closing line, place, XML.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
cat >"$scratch/suite_list.h" <<'END'
AT_SUITE(good)
AT_SUITE(bad)
AT_SUITE(empty)
AT_SUITE(unready)
END
cat >"$scratch/suites.c" <<'END'
#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include "tests/suites.h"
static void right(void) { CU_ASSERT(1 == 1); }
static void wrong(void) { CU_ASSERT("<&>"[0] == 'x'); }
static int unready(void) { return 1; }
void at_suite_good(void)
{
  CU_pSuite suite = CU_add_suite("good", NULL, NULL);
  CU_add_test(suite, "right", right);
  CU_add_test(suite, "right again", right);
}
void at_suite_bad(void)
{
  CU_pSuite suite = CU_add_suite("bad", NULL, NULL);
  CU_add_test(suite, "right", right);
  CU_add_test(suite, "wrong", wrong);
}
void at_suite_empty(void) { CU_add_suite("empty", NULL, NULL); }
void at_suite_unready(void)
{
  CU_add_test(CU_add_suite("unready", unready, NULL), "never run", right);
}
END
"$CC" -std=c11 -I"$scratch" -I. -o "$scratch/runner" tests/runner.c "$scratch/suites.c" -lcunit

expect() { # STATUS CLOSING-LINE PATTERN ARGUMENTS...: the pattern stands somewhere in the output
  local status=0 said
  said=$("$scratch/runner" "${@:4}" 2>&1) || status=$?
  if [ "$status" -ne "$1" ] || [ "$(tail -n 1 <<<"$said")" != "$2" ] ||
    ! grep -q "$3" <<<"$said"; then
    printf 'runner.sh: runner %s: status %s\n%s\n' "${*:4}" "$status" "$said"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  passed=$((passed + 1))
}
expect 0 unready '^good$' --list
expect 0 "2 passed, 0 failed" "good  *2 tests  *2 assertions .* ok$" --suite good
expect 1 "1 passed, 1 failed" "suites.c:5: wrong: " --suite bad
expect 1 "0 passed, 1 failed" "ran no test" --suite empty
expect 1 "0 passed, 1 failed" "unready.* FAILED" --suite unready
expect 1 "3 passed, 1 failed" "FAILED" --suite good --suite bad
expect 1 "3 passed, 3 failed" "FAILED" --xml "$scratch/all.xml"
expect 2 "usage: runner [--list] [--suite NAME]... [--xml FILE]" usage --suite absent
expect 2 "usage: runner [--list] [--suite NAME]... [--xml FILE]" usage --suite
expect 1 "runner: $scratch: cannot be written" cannot --xml "$scratch"
python3 - "$scratch/all.xml" <<'END'
import sys, xml.etree.ElementTree as tree
suites = {s.get("name"): s for s in tree.parse(sys.argv[1]).getroot()}
assert list(suites) == ["good", "bad", "empty", "unready"]
assert [s.get("failures") for s in suites.values()] == ["0", "1", "0", "0"]
assert [s.get("errors") for s in suites.values()] == ["0", "0", "1", "1"]
failure, = suites["bad"].iter("failure")
assert "<&>" in failure.get("message") and "suites.c:5" in failure.get("message")
END
passed=$((passed + 1))
echo "$passed passed, 0 failed"
