#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# sarif.sh: what the reports write as SARIF is valid for an independent validator, the npm package
# @microsoft/sarif-multitool; and the same text damaged is not.  Skipped (77) where it is not
# installed; SARIF_MULTITOOL names the program.
set -eu
tool=${SARIF_MULTITOOL:-sarif-multitool}
command -v "$tool" >/dev/null || { echo "no sarif-multitool"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_HOME=$scratch
/usr/bin/python3 -B tests/proofs/test_report.py --sarif "$scratch/good.sarif"
sed 's/"startLine": [0-9]*/"startLine": 0/' "$scratch/good.sarif" >"$scratch/bad.sarif"
said() { "$tool" validate "$scratch/$1.sarif" 2>&1; }
good=$(said good)
bad=$(said bad)
grep -q 'Analysis completed successfully' <<<"$good" || { echo "$good"; exit 77; }
if grep -qE ': (error|warning) ' <<<"$good"; then
  echo "$good"
  echo "0 passed, 1 failed"
  exit 1
fi
if ! grep -q ': error ' <<<"$bad"; then
  echo "the damaged text was accepted"
  echo "1 passed, 1 failed"
  exit 1
fi
echo "2 passed, 0 failed"
