#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# recompute.sh: a run's saved files and its numbers agree with an independent recomputation in NumPy.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

run() { # NAME OPTION...
  local name=$1 last
  shift
  "$ATTEST" two-step "$@" --save "$scratch/$name" --json "$scratch/$name.json" --quiet
  /usr/bin/python3 tests/program/recompute.py "$scratch/$name" "$scratch/$name.json" \
    >"$scratch/out" || true
  cat "$scratch/out"
  last=$(tail -n 1 "$scratch/out")
  [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] || last="0 passed, 1 failed"
  passed=$((passed + ${last%% *}))
  last=${last#*, }
  failed=$((failed + ${last%% *}))
}

run fig1 --preset fig1
run repro-1 --preset repro-1 --seed 7
run three-steps --preset repro-2 --steps 3
run one-step --preset one-step
run far --preset far
run three-tokens --n 30 --dim 500 --rho 12 --eta 0.1 --beta 0.1 --tokens-per-sample 3
run full --n 20 --dim 300 --rho 12 --eta 0.1 --beta 0.1 --coordinates full
# Own data: what was saved is given back, and must lead to the same numbers.
run given --tokens "$scratch/full/tokens.npy" --labels "$scratch/full/labels.npy" \
  --clean-labels "$scratch/full/clean_labels.npy" --beta 0.1
for k in v1 p1 v2 p2; do
  if cmp -s "$scratch/full/$k.npy" "$scratch/given/$k.npy"; then
    passed=$((passed + 1))
  else
    echo "recompute.sh: $k.npy differs when the saved data are given back"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
