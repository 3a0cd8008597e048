/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what a heat map shows, before either form (see heat_map.h).
 * Main result: values, colours, titles and boundary curves, each a function of grid and cells.
 * Assumptions, test: see heat_map.h.
 */
#include "harness/report/heat_map.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "harness/sweep/elementary.h"

enum { FINENESS = 8, SHADES = 9 };

/* The scale of log10 of the test error ends here: what is less is drawn as this. */
static const double least_error = -20.0;

static const struct {
  const char *name, *label;
} words[AT_MAPS] = {
  [AT_MAP_ERROR] = {"test-error", "log10 of the test error, mean over draws"},
  [AT_MAP_CLEAN_FIT] = {"clean-fit", "share of the clean labels that are fitted"},
  [AT_MAP_NOISY_FIT] = {"noisy-fit", "share of the noisy labels that are fitted"},
  [AT_MAP_CLEAN_ATTENTION] = {"clean-attention", "mean attention of clean samples on the signal"},
  [AT_MAP_NOISY_ATTENTION] = {"noisy-attention", "mean attention of noisy samples on the signal"},
  [AT_MAP_THEOREM] = {"theorem", "share of the draws that the most applicable theorem certifies"},
};

/* Okabe and Ito's black, vermillion, reddish purple and blue. */
static const struct {
  const char *label, *colour;
} curves[AT_CURVES] = {[AT_CURVE_Q_BELOW] = {"q = 1 − θ", "#000000"},
                       [AT_CURVE_Q_ABOVE] = {"q = 1 + θ", "#D55E00"},
                       [AT_CURVE_SAMPLES] = {"n snr² = 1", "#CC79A7"},
                       [AT_CURVE_MARGIN] = {"ρ² c = d", "#0072B2"}};

const char *at_map_name(enum at_map_quantity quantity)
{
  return words[quantity].name;
}

const char *at_map_label(enum at_map_quantity quantity)
{
  return words[quantity].label;
}

const char *at_map_curve_label(enum at_map_curve curve)
{
  return curves[curve].label;
}

const char *at_map_curve_colour(enum at_map_curve curve)
{
  return curves[curve].colour;
}

/* ---- values and colours ---- */

static double share(uint64_t part, uint64_t whole)
{
  return whole > 0 ? (double)part / (double)whole : NAN;
}

static double theorem_share(const struct at_cell *cell)
{
  uint64_t most = 0;
  for (size_t k = 0; k < AT_THEOREMS; k++)
    if (cell->count[AT_CELL_THEOREMS + k] > most) most = cell->count[AT_CELL_THEOREMS + k];
  return share(most, cell->count[AT_CELL_DRAWS]);
}

double at_heat_map_value(const struct at_heat_map *map, size_t index)
{
  const struct at_cell *cell = &map->cell[index];
  switch (map->quantity) {
  case AT_MAP_ERROR: return cell->real[AT_CELL_ERROR_MEAN];
  case AT_MAP_CLEAN_FIT: return share(cell->count[AT_CELL_CLEAN_FIT], cell->count[AT_CELL_CLEAN]);
  case AT_MAP_NOISY_FIT: return share(cell->count[AT_CELL_NOISY_FIT], cell->count[AT_CELL_NOISY]);
  case AT_MAP_CLEAN_ATTENTION: return cell->real[AT_CELL_CLEAN_ATTENTION];
  case AT_MAP_NOISY_ATTENTION: return cell->real[AT_CELL_NOISY_ATTENTION];
  case AT_MAP_THEOREM: return theorem_share(cell);
  case AT_MAPS: break;
  }
  return NAN;
}

void at_heat_map_init(struct at_heat_map *map, const struct at_grid *grid,
                      const struct at_cell *cell, enum at_map_quantity quantity)
{
  *map = (struct at_heat_map){grid, cell, quantity, 0.0, 1.0};
  if (quantity != AT_MAP_ERROR) return;
  map->low = -1.0;
  map->high = 0.0;
  for (size_t k = 0; k < at_grid_cells(grid); k++) {
    const double value = at_heat_map_value(map, k);
    if (value < map->low) map->low = value > least_error ? value : least_error;
  }
}

unsigned at_heat_map_colour(const struct at_heat_map *map, double value)
{
  /* viridis: even steps of lightness, told apart by every common colour vision */
  static const unsigned char shade[SHADES][3] = {{68, 1, 84},    {71, 44, 122},  {59, 81, 139},
                                                 {44, 113, 142}, {33, 144, 141}, {39, 173, 129},
                                                 {92, 200, 99},  {170, 220, 50}, {253, 231, 37}};
  if (isnan(value)) return 0xD9D9D9;
  double place = (value - map->low) / (map->high - map->low) * (SHADES - 1);
  if (!(place > 0.0)) place = 0.0;
  if (place > SHADES - 1) place = SHADES - 1;
  const size_t below = place < SHADES - 1 ? (size_t)place : SHADES - 2;
  const double part = place - (double)below;
  unsigned colour = 0;
  for (size_t k = 0; k < 3; k++) {
    const double mixed = shade[below][k] + part * ((double)shade[below + 1][k] - shade[below][k]);
    colour = colour << 8 | (unsigned)(mixed + 0.5);
  }
  return colour;
}

void at_heat_map_title(char title[AT_MAP_TITLE], const struct at_heat_map *map, size_t index)
{
  const struct at_grid *grid = map->grid;
  const struct at_cell *cell = &map->cell[index];
  const unsigned long long *count = (const unsigned long long *)cell->count;
  (void)snprintf(
    title, AT_MAP_TITLE,
    "%s = %.6g, %s = %.6g: log10 test error %.6g (from %.6g to %.6g, each within "
    "%.2g); fitted %llu/%llu clean, %llu/%llu noisy; attention %.4g clean, %.4g "
    "noisy; %llu draws, %llu samples undecided",
    at_axis_label(grid->x.name), grid->x.value[index % grid->x.count], at_axis_label(grid->y.name),
    grid->y.value[index / grid->x.count], cell->real[AT_CELL_ERROR_MEAN],
    cell->real[AT_CELL_ERROR_MIN], cell->real[AT_CELL_ERROR_MAX], cell->real[AT_CELL_ERROR_BOUND],
    count[AT_CELL_CLEAN_FIT], count[AT_CELL_CLEAN], count[AT_CELL_NOISY_FIT], count[AT_CELL_NOISY],
    cell->real[AT_CELL_CLEAN_ATTENTION], cell->real[AT_CELL_NOISY_ATTENTION], count[AT_CELL_DRAWS],
    count[AT_CELL_UNDECIDED]);
}

/* ---- curves ---- */

/* The axis at a place between cell centres. */
static double axis_between(const struct at_axis *axis, double place)
{
  size_t below = place > 0.0 ? (size_t)place : 0;
  if (below + 1 >= axis->count) return axis->value[axis->count - 1];
  return axis->value[below] +
         (place - (double)below) * (axis->value[below + 1] - axis->value[below]);
}

/* Negative on one side of a curve, positive on the other. */
static double curve_side(const struct at_grid *grid, enum at_map_curve curve, double x, double y)
{
  double value[AT_AXES];
  memcpy(value, grid->fixed, sizeof value);
  value[grid->x.name] = axis_between(&grid->x, x);
  value[grid->y.name] = axis_between(&grid->y, y);
  const double n = value[AT_AXIS_N];
  const double dim = value[AT_AXIS_DIM];
  const double ratio = grid->by_snr ? value[AT_AXIS_SNR] * value[AT_AXIS_SNR]
                                    : value[AT_AXIS_RHO] * value[AT_AXIS_RHO] / dim;
  const double noise =
    grid->flips.exact_count ? 2.0 * (double)grid->flips.noisy_per_class / n : value[AT_AXIS_ETA];
  const double theta = (sqrt(n) + sqrt(2.0)) * sqrt(2.0 * at_natural_log(2.0 * n)) / sqrt(dim);
  const double q = ratio * n * (1.0 - 2.0 * noise) / 2.0;
  switch (curve) {
  case AT_CURVE_Q_BELOW: return q - 1.0 + theta;
  case AT_CURVE_Q_ABOVE: return q - 1.0 - theta;
  case AT_CURVE_SAMPLES: return n * ratio - 1.0;
  case AT_CURVE_MARGIN: return ratio * n * (1.0 - noise) / 2.0 - 1.0;
  case AT_CURVES: break;
  }
  return 1.0;
}

/* Where the line from a to b, of values f and g of different signs, crosses zero. */
static double crossing(double a, double b, double f, double g)
{
  return a + (b - a) * (f / (f - g));
}

/* The piece of the curve in a triangle of corners (x[k], y[k]); 0 or 1. */
static size_t triangle_cut(const double *x, const double *y, const double *side,
                           at_map_piece *piece, void *context)
{
  double end[2][2];
  size_t found = 0;
  for (size_t k = 0; k < 3; k++) {
    const size_t next = (k + 1) % 3;
    if ((side[k] < 0.0) == (side[next] < 0.0) || found == 2) continue;
    end[found][0] = crossing(x[k], x[next], side[k], side[next]);
    end[found++][1] = crossing(y[k], y[next], side[k], side[next]);
  }
  if (found < 2) return 0;
  if (piece != NULL) piece(context, end[0][0], end[0][1], end[1][0], end[1][1]);
  return 1;
}

size_t at_map_curve(const struct at_heat_map *map, enum at_map_curve curve, at_map_piece *piece,
                    void *context)
{
  const size_t columns = (map->grid->x.count - 1) * FINENESS;
  const size_t rows = (map->grid->y.count - 1) * FINENESS;
  size_t pieces = 0;
  for (size_t j = 0; j < rows; j++)
    for (size_t i = 0; i < columns; i++) {
      double x[4], y[4], side[4]; /* corners, anticlockwise; then two triangles */
      for (size_t k = 0; k < 4; k++) {
        x[k] = (double)(i + (k == 1 || k == 2)) / FINENESS;
        y[k] = (double)(j + (k >= 2)) / FINENESS;
        side[k] = curve_side(map->grid, curve, x[k], y[k]);
      }
      const double x2[3] = {x[0], x[2], x[3]}, y2[3] = {y[0], y[2], y[3]},
                   side2[3] = {side[0], side[2], side[3]};
      pieces += triangle_cut(x, y, side, piece, context);
      pieces += triangle_cut(x2, y2, side2, piece, context);
    }
  return pieces;
}
