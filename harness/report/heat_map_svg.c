/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a heat map as SVG text (see heat_map.h).
 * Main result: one rectangle a cell with a <title>, which a browser shows on hover; nothing is
 * loaded and nothing runs.
 * Assumptions, test: see heat_map.h.
 */
#define _XOPEN_SOURCE 700

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/report/heat_map.h"
#include "harness/report/output.h"

/* Pixels: the plot's place, and the colour scale's. */
enum {
  WIDTH = 860,
  HEIGHT = 600,
  LEFT = 90,
  TOP = 70,
  PLOT_WIDTH = 600,
  PLOT_HEIGHT = 400,
  SCALE_LEFT = 720,
  SCALE_WIDTH = 22,
  SCALE_STEPS = 64,
  MOST_TICKS = 10
};

/* Where pieces of a curve are printed to, and the size of a cell. */
struct drawing {
  FILE *stream;
  double cell_width, cell_height;
};

static double place_x(const struct drawing *drawing, double x)
{
  return LEFT + (x + 0.5) * drawing->cell_width;
}

static double place_y(const struct drawing *drawing, double y)
{
  return TOP + PLOT_HEIGHT - (y + 0.5) * drawing->cell_height;
}

static void piece_print(void *context, double x0, double y0, double x1, double y1)
{
  const struct drawing *drawing = context;
  (void)fprintf(drawing->stream, "M%.2f %.2fL%.2f %.2f", place_x(drawing, x0), place_y(drawing, y0),
                place_x(drawing, x1), place_y(drawing, y1));
}

static void cells_print(const struct drawing *drawing, const struct at_heat_map *map)
{
  char title[AT_MAP_TITLE];
  const size_t columns = map->grid->x.count;
  (void)fputs("<g shape-rendering=\"crispEdges\">\n", drawing->stream);
  for (size_t k = 0; k < at_grid_cells(map->grid); k++) {
    const size_t row = k / columns;
    at_heat_map_title(title, map, k);
    (void)fprintf(drawing->stream,
                  "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#%06x\">"
                  "<title>%s</title></rect>\n",
                  LEFT + (double)(k % columns) * drawing->cell_width,
                  TOP + PLOT_HEIGHT - (double)(row + 1) * drawing->cell_height, drawing->cell_width,
                  drawing->cell_height, at_heat_map_colour(map, at_heat_map_value(map, k)), title);
  }
  (void)fputs("</g>\n", drawing->stream);
}

/* Each curve twice, dark over light, so that it is seen on every colour, and its sample and label in
 * a row below. */
static void curves_print(struct drawing *drawing, const struct at_heat_map *map)
{
  FILE *stream = drawing->stream;
  int left = LEFT;
  for (int c = 0; c < AT_CURVES; c++) {
    if (at_map_curve(map, (enum at_map_curve)c, NULL, NULL) == 0) continue;
    for (int over = 0; over < 2; over++) {
      (void)fprintf(stream,
                    "<path fill=\"none\" pointer-events=\"none\" stroke=\"%s\" stroke-width=\"%d\" "
                    "d=\"",
                    over == 0 ? "#ffffff" : at_map_curve_colour((enum at_map_curve)c),
                    over == 0 ? 5 : 2);
      (void)at_map_curve(map, (enum at_map_curve)c, piece_print, drawing);
      (void)fputs("\"/>\n", stream);
    }
    (void)fprintf(stream,
                  "<path d=\"M%d 556h24\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" "
                  "y=\"561\">%s</text>\n",
                  left, at_map_curve_colour((enum at_map_curve)c), left + 30,
                  at_map_curve_label((enum at_map_curve)c));
    left += PLOT_WIDTH / AT_CURVES;
  }
}

/* Values along an axis, at most MOST_TICKS of them. */
static void ticks_print(const struct drawing *drawing, const struct at_axis *axis, bool upright)
{
  const size_t step = (axis->count + MOST_TICKS - 1) / MOST_TICKS;
  for (size_t k = 0; k < axis->count; k += step)
    (void)fprintf(drawing->stream, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">%.3g</text>\n",
                  upright ? LEFT - 8.0 : place_x(drawing, (double)k),
                  upright ? place_y(drawing, (double)k) + 4.0 : TOP + PLOT_HEIGHT + 20.0,
                  upright ? "end" : "middle", axis->value[k]);
  (void)fprintf(drawing->stream,
                upright
                  ? "<text transform=\"translate(24 %d) rotate(-90)\" text-anchor=\"middle\">"
                    "%s</text>\n"
                  : "<text transform=\"translate(%d 520)\" text-anchor=\"middle\">%s</text>\n",
                upright ? TOP + PLOT_HEIGHT / 2 : LEFT + PLOT_WIDTH / 2, at_axis_label(axis->name));
}

static void scale_print(FILE *stream, const struct at_heat_map *map)
{
  const double height = (double)PLOT_HEIGHT / SCALE_STEPS;
  for (int k = 0; k < SCALE_STEPS; k++) {
    const double value = map->low + (map->high - map->low) * (k + 0.5) / SCALE_STEPS;
    (void)fprintf(stream,
                  "<rect x=\"%d\" y=\"%.2f\" width=\"%d\" height=\"%.2f\" fill=\"#%06x\" "
                  "shape-rendering=\"crispEdges\"/>\n",
                  SCALE_LEFT, TOP + PLOT_HEIGHT - (k + 1) * height, SCALE_WIDTH, height + 0.5,
                  at_heat_map_colour(map, value));
  }
  for (int k = 0; k <= 4; k++)
    (void)fprintf(stream, "<text x=\"%d\" y=\"%.2f\">%s%.3g</text>\n", SCALE_LEFT + SCALE_WIDTH + 8,
                  TOP + PLOT_HEIGHT - 0.25 * k * PLOT_HEIGHT + 4,
                  k == 0 && map->quantity == AT_MAP_ERROR ? "≤ " : "",
                  map->low + 0.25 * k * (map->high - map->low));
}

/* What is fixed, in one line under the title. */
static void settings_print(FILE *stream, const struct at_grid *grid)
{
  const char *separator = "";
  for (int k = 0; k < AT_AXES; k++) {
    if (!at_grid_reads(grid, (enum at_axis_name)k)) continue;
    (void)fprintf(stream, "%s%s = %.6g", separator, at_axis_label((enum at_axis_name)k),
                  grid->fixed[k]);
    separator = ", ";
  }
  if (grid->flips.exact_count)
    (void)fprintf(stream, "%s%zu noisy a class", separator, grid->flips.noisy_per_class);
  (void)fprintf(stream, ", %zu seeds from %llu", grid->seeds, (unsigned long long)grid->first_seed);
}

static void picture_print(FILE *stream, const struct at_heat_map *map)
{
  struct drawing drawing = {stream, (double)PLOT_WIDTH / (double)map->grid->x.count,
                            (double)PLOT_HEIGHT / (double)map->grid->y.count};
  (void)fprintf(stream,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                "viewBox=\"0 0 %d %d\" font-family=\"Helvetica,Arial,sans-serif\" "
                "font-size=\"13\">\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n"
                "<text x=\"%d\" y=\"30\" font-size=\"17\">%s</text>\n<text x=\"%d\" y=\"52\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, at_map_label(map->quantity),
                LEFT);
  settings_print(stream, map->grid);
  (void)fputs("</text>\n", stream);
  cells_print(&drawing, map);
  curves_print(&drawing, map);
  ticks_print(&drawing, &map->grid->x, false);
  ticks_print(&drawing, &map->grid->y, true);
  scale_print(stream, map);
  (void)fputs("</svg>\n", stream);
}

int at_heat_map_svg(const char *path, const struct at_heat_map *map, struct at_failure *failure)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (stream == NULL)
    return at_fail(failure, "%s: the picture does not fit into this machine's memory", path);
  picture_print(stream, map);
  bool bad = ferror(stream) != 0;
  bad = fclose(stream) != 0 || bad;
  const int result =
    bad ? at_fail(failure, "%s: the picture does not fit into this machine's memory", path)
        : at_output_write(path, text, size, failure);
  free(text);
  return result;
}
