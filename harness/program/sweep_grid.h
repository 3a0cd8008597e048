/* SPDX-License-Identifier: Apache-2.0
 *
 * sweep_grid.h: the grid that the command line asks for, and the files of a finished sweep.
 * Test: tests/program/sweep.sh.
 */
#ifndef AT_PROGRAM_SWEEP_GRID_H
#define AT_PROGRAM_SWEEP_GRID_H

#include "harness/program/options.h"
#include "harness/sweep/cells.h"
#include "harness/sweep/grid.h"

/* Errors: no axis, an option that an axis or another option makes meaningless, a cell out of
 * range. */
int at_grid_of_options(struct at_grid *grid, const struct at_options *options,
                       struct at_failure *failure);

/* Writes sweep.csv and sweep.json into `directory`. */
int at_sweep_files_write(const char *directory, const struct at_grid *grid,
                         const struct at_cell *cell, size_t count, struct at_failure *failure);

/* Draws sweep-QUANTITY.svg and .png into `directory`, a pair for each quantity. */
int at_sweep_pictures_draw(const char *directory, const struct at_grid *grid,
                           const struct at_cell *cell, struct at_failure *failure);

#endif
