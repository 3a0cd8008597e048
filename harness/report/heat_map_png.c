/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a heat map as PNG, drawn by gnuplot (see heat_map.h).
 * Main result: the same cells, colours and curves as the SVG has.
 * Assumptions, test: see heat_map.h.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/report/gnuplot.h"
#include "harness/report/heat_map.h"
#include "harness/report/number.h"

enum { WIDTH = 860, HEIGHT = 600, MOST_TICKS = 10, STOPS = 8 };

static void ticks_print(FILE *stream, const char *role, const struct at_axis *axis)
{
  const size_t step = (axis->count + MOST_TICKS - 1) / MOST_TICKS;
  (void)fprintf(stream, "set %srange [-0.5:%zu.5]\nset %slabel '%s'\nset %stics (", role,
                axis->count - 1, role, at_axis_label(axis->name), role);
  for (size_t k = 0; k < axis->count; k += step)
    (void)fprintf(stream, "%s'%.3g' %zu", k == 0 ? "" : ", ", axis->value[k], k);
  (void)fputs(")\n", stream);
}

static void palette_print(FILE *stream, const struct at_heat_map *map)
{
  (void)fputs("set palette defined (", stream);
  for (int k = 0; k <= STOPS; k++)
    (void)fprintf(stream, "%s%d '#%06x'", k == 0 ? "" : ", ", k,
                  at_heat_map_colour(map, map->low + (map->high - map->low) * k / STOPS));
  (void)fprintf(stream, ")\nset cbrange [%.17g:%.17g]\n", map->low, map->high);
}

/* Cells with a value as block $c, cells without as block $g. */
static void cells_print(FILE *stream, const struct at_heat_map *map)
{
  const size_t columns = map->grid->x.count;
  for (int empty = 0; empty < 2; empty++) {
    (void)fprintf(stream, "$%c << EOD\n", empty == 0 ? 'c' : 'g');
    for (size_t k = 0; k < at_grid_cells(map->grid); k++) {
      const double value = at_heat_map_value(map, k);
      if (isnan(value) != (empty == 1)) continue;
      (void)fprintf(stream, "%zu %zu ", k % columns, k / columns);
      at_number_print(stream, isnan(value) || value > map->low ? value : map->low);
      (void)fputc('\n', stream);
    }
    (void)fputs(empty == 0 ? "EOD\n" : "-9 -9 0\nEOD\n", stream); /* a block must not be empty */
  }
}

static void piece_print(void *context, double x0, double y0, double x1, double y1)
{
  (void)fprintf(context, "%.4f %.4f\n%.4f %.4f\n\n", x0, y0, x1, y1);
}

/* Curve c, if it crosses the picture, as block $q0, $q1, ... */
static void curves_print(FILE *stream, const struct at_heat_map *map)
{
  for (int c = 0; c < AT_CURVES; c++) {
    if (at_map_curve(map, (enum at_map_curve)c, NULL, NULL) == 0) continue;
    (void)fprintf(stream, "$q%d << EOD\n", c);
    (void)at_map_curve(map, (enum at_map_curve)c, piece_print, stream);
    (void)fputs("EOD\n", stream);
  }
  (void)fputs(
    "plot $c using 1:2:(0.5):(0.5):3 with boxxyerror fs solid noborder lc palette notitle, "
    "$g using 1:2:(0.5):(0.5) with boxxyerror fs solid noborder lc rgb '#D9D9D9' notitle",
    stream);
  for (int c = 0; c < AT_CURVES; c++) {
    if (at_map_curve(map, (enum at_map_curve)c, NULL, NULL) == 0) continue;
    (void)fprintf(stream,
                  ", $q%d with lines lw 5 lc rgb '#ffffff' notitle, "
                  "$q%d with lines lw 2 lc rgb '%s' title '%s'",
                  c, c, at_map_curve_colour((enum at_map_curve)c),
                  at_map_curve_label((enum at_map_curve)c));
  }
  (void)fputc('\n', stream);
}

int at_heat_map_png(const char *path, const struct at_heat_map *map, struct at_failure *failure)
{
  struct at_script script;
  if (at_script_start_png(&script, WIDTH, HEIGHT, failure) != 0) return -1;
  (void)fprintf(script.stream, "set title \"%s\"\nunset grid\n", at_map_label(map->quantity));
  ticks_print(script.stream, "x", &map->grid->x);
  ticks_print(script.stream, "y", &map->grid->y);
  palette_print(script.stream, map);
  cells_print(script.stream, map);
  curves_print(script.stream, map);
  return at_script_finish(&script, path, failure);
}
