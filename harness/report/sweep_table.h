/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a finished sweep as a CSV file and as JSON.
 * Main result: a row per cell in order of the index, with the cell's setting in full; the bytes are
 * a function of the grid and the cells.  What there is nothing to say about is empty in CSV and null
 * in JSON; log10 of a test error that is exactly 0 is -inf in CSV and null in JSON.
 * Assumptions: the cells are all those of the grid, sorted.
 * Test: tests/harness/report/test_sweep_table.c, tests/program/schema.py.
 *
 * Columns: cell, n, dim, snr, rho, beta, t, eta, steps, then the counts and reals that
 * harness/sweep/cells.h describes, under their names there.  JSON: format "attest-sweep", version 1,
 * field by field in specs/sweep.schema.json.
 */
#ifndef AT_REPORT_SWEEP_TABLE_H
#define AT_REPORT_SWEEP_TABLE_H

#include <stddef.h>

#include "harness/failure.h"
#include "harness/sweep/cells.h"
#include "harness/sweep/grid.h"

/* Each writes `path` whole or not at all.  Errors: memory, `path` cannot be written. */
int at_report_sweep_csv(const char *path, const struct at_grid *grid, const struct at_cell *cell,
                        size_t count, struct at_failure *failure);
int at_report_sweep_json(const char *path, const struct at_grid *grid, const struct at_cell *cell,
                         size_t count, struct at_failure *failure);

#endif
