#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# workflow.sh: the workflow that users copy runs as it stands: its steps, played on a copy of the
# kernel, with a proof run that wrote a report, and on a copy that differs.  Without PyYAML: 77.
set -eu
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "no PyYAML"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
step() { # NAME: the text of one step
  /usr/bin/python3 -c '
import sys, yaml
job = yaml.safe_load(open("docs/ci-workflow.yml"))["jobs"]["proofs"]
print(next(s["run"] for s in job["steps"] if s.get("name") == sys.argv[1]))' "$1"
}
git init -q "$scratch/origin"
mkdir -p "$scratch/project/third" "$scratch/origin/kernel"
cp tests/proofs/data/kernel/* "$scratch/origin/kernel"
cp -r "$scratch/origin/kernel" "$scratch/project/third/kernel"
git -C "$scratch/origin" add .
git -C "$scratch/origin" -c user.name=a -c user.email=a@example.org commit -q -m first
ATTEST_URL=$scratch/origin ATTEST_KERNEL=third/kernel GITHUB_STEP_SUMMARY=$scratch/summary
ATTEST_COMMIT=$(git -C "$scratch/origin" rev-parse HEAD)
export ATTEST_URL ATTEST_KERNEL ATTEST_COMMIT GITHUB_STEP_SUMMARY
passed=0
play() { (cd "$scratch" && bash -e -o pipefail -c "$1") >"$scratch/said" 2>&1; }
expect() { # WHAT COMMAND...
  if ! "${@:2}"; then
    echo "workflow.sh: $1"
    cat "$scratch/said"
    echo "$passed passed, 1 failed"
    exit 1
  fi
  passed=$((passed + 1))
}
fails() { ! play "$1"; }

same=$(step "The kernel is the one that the proofs are about")
expect "an equal copy is accepted" play "$same"
echo "/* changed */" >>"$scratch/project/third/kernel/total.c"
rm -rf "$scratch/attest"
expect "a copy that differs is refused" fails "$same"
mkdir -p "$scratch/attest/build/proofs/report"
echo "# Proofs" >"$scratch/attest/build/proofs/report/proofs.md"
/usr/bin/python3 -B tests/proofs/test_report.py --sarif \
  "$scratch/attest/build/proofs/report/proofs.sarif"
expect "the report is shown" play "$(step "What was proved")"
expect "on the job's page" grep -q '^# Proofs' "$scratch/summary"
expect "and at its line" grep -q '^::error file=third/kernel/total.c,line=21::' "$scratch/said"
echo "$passed passed, 0 failed"
