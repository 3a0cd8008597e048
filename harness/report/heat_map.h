/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: heat maps of a finished sweep, as SVG with every value on hover, and as PNG.
 * Main result: a picture is a function of grid and cells; each cell's title holds the numbers
 * themselves; the theory's boundaries are drawn where they cross the grid.
 * Assumptions: cells sorted, all of them. PNG is drawn by gnuplot (Debian: gnuplot-nox).
 * Test: tests/harness/report/test_heat_map.c.
 *
 * Cells have equal size whatever the axes' spacing; between the centres of two cells a curve takes
 * the axis to be linear.  Curves, with R = dim, snr = rho/sqrt(dim) and label noise eta, are those of
 * harness/audit/hypotheses.h at the expected counts, c = n (1 - eta)/2 clean samples a class:
 *   q = 1 - theta, q = 1 + theta   q = snr^2 n (1 - 2 eta)/2; below the first one step fits every
 *                                  label, above the second clean labels only; theta at its typical
 *                                  size for Gaussian noise,
 *                                  (sqrt n + sqrt 2) sqrt(2 log(2n)) / sqrt(dim);
 *   n snr^2 = 1                    the scale on which benign and harmful overfitting are said to
 *                                  part (arXiv 2409.19345, 2502.12508: for a constant);
 *   rho^2 c = dim                  above it the max-margin rule with hard attention selects signals.
 */
#ifndef AT_REPORT_HEAT_MAP_H
#define AT_REPORT_HEAT_MAP_H

#include <stddef.h>

#include "harness/failure.h"
#include "harness/sweep/cells.h"
#include "harness/sweep/grid.h"

enum at_map_quantity {
  AT_MAP_ERROR,
  AT_MAP_CLEAN_FIT,
  AT_MAP_NOISY_FIT,
  AT_MAP_CLEAN_ATTENTION,
  AT_MAP_NOISY_ATTENTION,
  AT_MAP_THEOREM, /* only if theorems were asked about */
  AT_MAPS
};

enum at_map_curve {
  AT_CURVE_Q_BELOW,
  AT_CURVE_Q_ABOVE,
  AT_CURVE_SAMPLES,
  AT_CURVE_MARGIN,
  AT_CURVES
};

/* One picture: its words and numbers, before either form. value: not a number for a cell without
 * one.  low, high: ends of the colour scale, values beyond take the end's colour. */
struct at_heat_map {
  const struct at_grid *grid;
  const struct at_cell *cell;
  enum at_map_quantity quantity;
  double low, high;
};

/* "test-error", "clean-fit", ...: part of the file's name; and what the scale shows. */
const char *at_map_name(enum at_map_quantity quantity);
const char *at_map_label(enum at_map_quantity quantity);

void at_heat_map_init(struct at_heat_map *map, const struct at_grid *grid,
                      const struct at_cell *cell, enum at_map_quantity quantity);

double at_heat_map_value(const struct at_heat_map *map, size_t index);

/* Colour 0xRRGGBB of a value, grey for not a number. */
unsigned at_heat_map_colour(const struct at_heat_map *map, double value);

/* "n = 10, snr = 0.1: ...": what hovering over a cell shows. */
enum { AT_MAP_TITLE = 512 };
void at_heat_map_title(char title[AT_MAP_TITLE], const struct at_heat_map *map, size_t index);

/* "q = 1 - θ", ... and "#RRGGBB": a colour that is told apart on a white border. */
const char *at_map_curve_label(enum at_map_curve curve);
const char *at_map_curve_colour(enum at_map_curve curve);

/* Pieces of a curve from (x, y) to (x', y') in cell units, the centre of cell (i, j) at (i, j): calls
 * `piece` for each, if it is not NULL; returns their number. */
typedef void at_map_piece(void *context, double x0, double y0, double x1, double y1);
size_t at_map_curve(const struct at_heat_map *map, enum at_map_curve curve, at_map_piece *piece,
                    void *context);

/* Each writes `path` whole or not at all.  Errors: memory, `path` cannot be written; of PNG also
 * that gnuplot is missing or fails. */
int at_heat_map_svg(const char *path, const struct at_heat_map *map, struct at_failure *failure);
int at_heat_map_png(const char *path, const struct at_heat_map *map, struct at_failure *failure);

#endif
