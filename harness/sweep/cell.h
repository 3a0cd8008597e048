/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: one cell of a sweep: all its draws, added up.
 * Main result: the cell depends on the grid alone.
 * Assumptions: as draw.h.  Test: tests/harness/sweep/test_sweep.c.
 */
#ifndef AT_SWEEP_CELL_H
#define AT_SWEEP_CELL_H

#include "harness/sweep/cells.h"
#include "harness/sweep/draw.h"
#include "harness/sweep/factor.h"
#include "harness/sweep/grid.h"

/* The noise that cells share, one factor per dimension and seed; entry NULL: too large to keep, each
 * draw makes its own.  dim[dims]: the dimensions; rows: the largest n. */
struct at_noise_table {
  size_t dims, seeds, rows;
  uint64_t dim[AT_AXIS_POINTS];
  struct at_factor *factor; /* (dims, seeds) or NULL */
};

/* Plans the table and, if it is not too large, makes room for it; no factor is drawn yet.
 * Errors: memory. */
int at_noise_table_init(struct at_noise_table *table, const struct at_grid *grid,
                        struct at_failure *failure);
void at_noise_table_clear(struct at_noise_table *table);

/* Draws factor k, k < dims * seeds; different k may be drawn at the same time. */
int at_noise_table_draw(struct at_noise_table *table, const struct at_grid *grid, size_t k,
                        struct at_failure *failure);

/* What one thread computes cells with. */
struct at_cell_desk {
  const struct at_grid *grid;
  const struct at_noise_table *table;
  struct at_token_data data;
  struct at_descent descent;
  size_t samples, dim; /* what `descent` has room for */
};

void at_cell_desk_clear(struct at_cell_desk *desk);

/* Computes cell `index`.  *check: whether to hold one of its draws, picked by chance, against the
 * enclosure; on return, whether that was done (a draw that only the enclosure decides has nothing
 * to compare).
 * Returns 0; 1 and a failure if that draw is outside its bounds; -1 and a failure: memory. */
int at_cell_compute(struct at_cell *cell, struct at_cell_desk *desk, size_t index, bool *check,
                    struct at_failure *failure);

#endif
