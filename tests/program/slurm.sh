#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# slurm.sh: the tasks of a job array, played without Slurm, make the parts of one sweep.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

check() { # WHAT COMMAND...
  if "${@:2}" >"$scratch/said" 2>&1; then
    passed=$((passed + 1))
  else
    echo "slurm.sh: $1: $(tail -n 2 "$scratch/said")"
    failed=$((failed + 1))
  fi
}

grid=(--x 'n=6,9,12' --y 'snr=0.1,0.3' --dim 300 --beta 0.05 --seeds 2)
task() { # ID COUNT MAX: what Slurm sets for a task
  SLURM_ARRAY_TASK_ID=$1 SLURM_ARRAY_TASK_COUNT=$2 SLURM_ARRAY_TASK_MAX=$3 SLURM_CPUS_PER_TASK=1 \
    harness/slurm/sweep.sh "$scratch/map" "${grid[@]}"
}
refused() { # WORD COMMAND...
  ! "${@:2}" 2>"$scratch/stderr" && grep -q "$1" "$scratch/stderr"
}

for id in 1 2 3; do check "task $id of 3" task $id 3 3; done
check "the parts merge" "$ATTEST" merge --no-pictures --directory "$scratch/map" \
  "$scratch"/map/shard-*-of-3.cells
check "the undivided sweep" "$ATTEST" sweep --no-pictures --directory "$scratch/whole" "${grid[@]}"
check "is the same" cmp "$scratch/map/sweep.json" "$scratch/whole/sweep.json"
rm "$scratch/map/shard-2-of-3.cells"
PARTS=3 check "one part again" task 2 1 2
check "is there again" test -s "$scratch/map/shard-2-of-3.cells"
check "an array with a gap is refused" refused "set PARTS" task 2 1 2
check "outside of an array it is refused" refused usage harness/slurm/sweep.sh map --x n=2

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
