#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# sweep.sh: one part of a sweep for each task of a Slurm job array.
#
#   sbatch --array=1-100 --cpus-per-task=4 sweep.sh map --x n=10:4000:40:log --y snr=0.01:1:40:log
#   attest merge --directory map map/shard-*-of-100.cells      (once all tasks are done)
#
# The first argument is the directory of the parts, on a file system that every node sees; the rest
# goes to `attest sweep` as it is.  Submitting the same line again after a time limit, a crash or a
# preemption goes on where each part was, and does nothing for the parts that are done.  To submit
# some parts only, keep their numbers and say of how many: PARTS=100 sbatch --array=7,9 ...
# Result: DIRECTORY/shard-I-of-K.cells.  ATTEST: the program, if it is not on PATH.
# Test: tests/program/slurm.sh.
#SBATCH --job-name=attest-sweep
#SBATCH --requeue
#SBATCH --open-mode=append
set -eu
if [ $# -lt 2 ] || [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  echo "usage: sbatch --array=1-K sweep.sh DIRECTORY OPTION...   (see the head of this file)" >&2
  exit 2
fi
parts=${PARTS:-$SLURM_ARRAY_TASK_MAX}
if [ -z "${PARTS:-}" ] && [ "$SLURM_ARRAY_TASK_COUNT" != "$SLURM_ARRAY_TASK_MAX" ]; then
  echo "sweep.sh: the array is not 1-K: set PARTS to the number of parts" >&2
  exit 2
fi
directory=$1
shift
exec "${ATTEST:-attest}" sweep --directory "$directory" --quiet \
  --shard "$SLURM_ARRAY_TASK_ID/$parts" --workers "${SLURM_CPUS_PER_TASK:-1}" "$@"
