/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: computes the cells of a sweep, or of one shard of it, on several threads, and keeps them
 * in a file as they come.
 * Main result: each cell is a function of the grid alone, so the finished file has the same bytes
 * whatever the number of threads, their order, and how often the work was killed and taken up
 * again; what a kill loses is the cells being computed at that moment.
 * Every run holds a random sample of its draws, and at least one if the fast path decides any,
 * against the enclosure.
 * Assumptions: POSIX; one run at a time has the file (it is locked).
 * Test: tests/harness/sweep/test_sweep.c, tests/program/sweep.sh.
 */
#ifndef AT_SWEEP_SWEEP_H
#define AT_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/two_step.h"
#include "harness/failure.h"
#include "harness/sweep/cells.h"
#include "harness/sweep/grid.h"

/* workers: number of threads, 0 for one a processor. */
struct at_sweep {
  const struct at_grid *grid;
  struct at_shard shard;
  const char *path; /* of the file of cells */
  size_t workers;
};

/* cell[count]: all cells of the shard, in order of their index.  computed: those that were not in
 * the file before; checked: draws held against the enclosure in this run.
 * disagrees: a check failed, and `failure` tells which; the cell in question is not in the file. */
struct at_sweep_result {
  size_t count, computed, checked;
  bool disagrees;
  struct at_cell *cell;
};

/* Errors: the file belongs to another sweep, is damaged or in use, cannot be written; memory;
 * a disagreement. */
int at_sweep_run(struct at_sweep_result *result, const struct at_sweep *sweep,
                 at_progress *progress, struct at_failure *failure);
void at_sweep_result_clear(struct at_sweep_result *result);

#endif
