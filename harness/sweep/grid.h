/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what a sweep is asked for: two axes, the values of everything else, and the seeds.
 * Main result: the setting of every cell, and one line of text that names everything the result
 * depends on; two sweeps with the same line have the same result.
 * Assumptions: synthetic data of two tokens in compressed coordinates.
 * Test: tests/harness/sweep/test_grid.c.
 */
#ifndef AT_SWEEP_GRID_H
#define AT_SWEEP_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/data/synthetic.h"
#include "harness/failure.h"

/* What can vary.  snr = rho / sqrt(dim); t = beta dim / (4 n) is the step size that the two-step
 * theorem speaks of. */
enum at_axis_name {
  AT_AXIS_N,
  AT_AXIS_DIM,
  AT_AXIS_SNR,
  AT_AXIS_RHO,
  AT_AXIS_BETA,
  AT_AXIS_T,
  AT_AXIS_ETA,
  AT_AXIS_STEPS,
  AT_AXES
};

enum { AT_AXIS_POINTS = 200, AT_GRID_LINE = 12000, AT_MAX_SEEDS = 10000 };

/* value[count], increasing. */
struct at_axis {
  enum at_axis_name name;
  size_t count;
  double value[AT_AXIS_POINTS];
};

/* x varies fastest: cell k has x[k % x.count], y[k / x.count].  fixed: the values of what is no
 * axis, read for exactly one of snr and rho and for exactly one of beta and t (by_snr, by_t). */
struct at_grid {
  struct at_axis x, y;
  double fixed[AT_AXES];
  bool by_snr, by_t;
  struct at_flip_settings flips; /* exact_count, noisy_per_class; eta is the axis's */
  bool balanced;
  uint64_t first_seed;
  size_t seeds;
  bool theorems; /* ask of every draw which theorems apply */
};

/* One cell in full. */
struct at_grid_cell {
  size_t n, steps;
  uint64_t dim;
  double snr, rho, beta, t, eta;
};

/* Reads NAME=FIRST:LAST:COUNT, NAME=FIRST:LAST:COUNT:log or NAME=V1,V2,... (V alone is one point)
 * into *axis.  Points are the correctly rounded values of the arithmetic or geometric sequence, of
 * n, dim and steps the nearest integers.
 * Errors: an unknown name, a value out of its range, a point that does not exceed the one before,
 * more than AT_AXIS_POINTS points. */
int at_axis_parse(struct at_axis *axis, const char *option, const char *text,
                  struct at_failure *failure);

/* Checks that the axes differ, that each has one meaning, and every cell.  `failure` names it. */
int at_grid_check(const struct at_grid *grid, struct at_failure *failure);

size_t at_grid_cells(const struct at_grid *grid);

/* The setting of a cell; all arithmetic is binary64. */
struct at_grid_cell at_grid_cell(const struct at_grid *grid, size_t cell);

/* What its draw with a seed, first_seed + k, is made of. */
struct at_synthetic_settings at_grid_draw(const struct at_grid *grid,
                                          const struct at_grid_cell *cell, size_t k);

/* Whether `name` is a fixed value that cells are made of: no axis, and not the other name of a
 * quantity that is given. */
bool at_grid_reads(const struct at_grid *grid, enum at_axis_name name);

/* The line; AT_GRID_LINE bytes with its NUL are enough. */
void at_grid_line(char line[AT_GRID_LINE], const struct at_grid *grid);

/* The grid that a line is of; `name` stands first in the failure line.
 * Errors: a line of another version of this program, or none that at_grid_line gives. */
int at_grid_of_line(struct at_grid *grid, const char *line, const char *name,
                    struct at_failure *failure);

/* "n", "dim", "snr", ...; never NULL. */
const char *at_axis_label(enum at_axis_name name);

#endif
