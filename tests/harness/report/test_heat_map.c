/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/report/heat_map.h.
 * Main result: an SVG has one rectangle with a title a cell and the same bytes twice, and is drawn
 * without gnuplot; a PNG is whole; curves lie where their equations say; colours keep their ends.
 * Assumptions: a writable directory for temporary files; gnuplot.
 */
#define _XOPEN_SOURCE 700

#include <CUnit/CUnit.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/file.h"
#include "harness/report/heat_map.h"
#include "tests/harness/report/small_run.h"
#include "tests/suites.h"

enum { COLUMNS = 3, ROWS = 2, PATH_SIZE = 320 };

/* Six cells: the first without a draw, the last with a test error of exactly 0. */
static void example(struct at_grid *grid, struct at_cell *cell)
{
  struct at_failure failure = {""};
  const double fixed[AT_AXES] = {
    [AT_AXIS_DIM] = 1e6, [AT_AXIS_BETA] = 0.05, [AT_AXIS_ETA] = 0.2, [AT_AXIS_STEPS] = 2.0};
  *grid = (struct at_grid){.seeds = 2, .by_snr = true};
  memcpy(grid->fixed, fixed, sizeof fixed);
  CU_ASSERT_EQUAL_FATAL(at_axis_parse(&grid->x, "x", "n=10,20,40", &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_axis_parse(&grid->y, "y", "snr=0.05,0.45", &failure), 0);
  for (size_t k = 0; k < COLUMNS * ROWS; k++) {
    cell[k] = (struct at_cell){.index = k};
    cell[k].count[AT_CELL_DRAWS] = k > 0 ? 2 : 0;
    cell[k].count[AT_CELL_CLEAN] = 4 * k;
    cell[k].count[AT_CELL_CLEAN_FIT] = 3 * k;
    cell[k].real[AT_CELL_ERROR_MEAN] = k == 0 ? NAN : k == 5 ? -INFINITY : -3.0 * (double)k;
  }
}

static size_t occurrences(const char *text, const char *word)
{
  size_t count = 0;
  for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) count++;
  return count;
}

static void test_values(void)
{
  struct at_grid grid;
  struct at_cell cell[COLUMNS * ROWS];
  struct at_heat_map map;
  char title[AT_MAP_TITLE];
  example(&grid, cell);
  at_heat_map_init(&map, &grid, cell, AT_MAP_ERROR);
  CU_ASSERT(map.high == 0.0 && map.low == -20.0);
  CU_ASSERT_EQUAL(at_heat_map_colour(&map, 0.0), 0xFDE725);
  CU_ASSERT_EQUAL(at_heat_map_colour(&map, 1.0), 0xFDE725);
  CU_ASSERT_EQUAL(at_heat_map_colour(&map, -20.0), 0x440154);
  CU_ASSERT_EQUAL(at_heat_map_colour(&map, -INFINITY), 0x440154);
  CU_ASSERT_EQUAL(at_heat_map_colour(&map, -10.0), 0x21908D);
  CU_ASSERT_EQUAL(at_heat_map_colour(&map, at_heat_map_value(&map, 0)), 0xD9D9D9);
  at_heat_map_title(title, &map, 4);
  CU_ASSERT_PTR_NOT_NULL(strstr(title, "n = 20, snr = 0.45: log10 test error -12 "));
  at_heat_map_init(&map, &grid, cell, AT_MAP_CLEAN_FIT);
  CU_ASSERT(map.low == 0.0 && map.high == 1.0);
  CU_ASSERT(at_heat_map_value(&map, 3) == 0.75 && isnan(at_heat_map_value(&map, 0)));
  at_heat_map_init(&map, &grid, cell, AT_MAP_NOISY_FIT);
  CU_ASSERT(isnan(at_heat_map_value(&map, 3)));
}

/* n snr^2 = 1 at n = 10, 20, 40 is snr = 0.316.., 0.223.., 0.158..; the ends of its pieces lie on
 * the curve but for the chord of a triangle an eighth of a cell wide. */
struct trace {
  size_t pieces;
  double worst;
};

static void trace_piece(void *context, double x0, double y0, double x1, double y1)
{
  struct trace *trace = context;
  const double ends[2][2] = {{x0, y0}, {x1, y1}};
  for (size_t k = 0; k < 2; k++) {
    const double x = ends[k][0];
    const double n = x < 1.0 ? 10.0 + 10.0 * x : 20.0 + 20.0 * (x - 1.0);
    const double snr = 0.05 + 0.4 * ends[k][1];
    const double distance = fabs(n * snr * snr - 1.0);
    if (!(distance <= trace->worst)) trace->worst = distance;
  }
  trace->pieces++;
}

static void test_curves(void)
{
  struct at_grid grid;
  struct at_cell cell[COLUMNS * ROWS];
  struct at_heat_map map;
  struct trace trace = {0, 0.0};
  example(&grid, cell);
  at_heat_map_init(&map, &grid, cell, AT_MAP_ERROR);
  CU_ASSERT_EQUAL(at_map_curve(&map, AT_CURVE_SAMPLES, trace_piece, &trace), trace.pieces);
  CU_ASSERT(trace.pieces >= 2 * 8);
  /* f = n snr^2 is interpolated linearly over at most an eighth of a cell, 0.05 of snr and 2.5 of n:
   * off by at most 1/8 of its second difference, 2 n 0.05^2 + 2 * 2 snr 0.05 2.5 <= 0.43 here */
  CU_ASSERT(trace.worst <= 0.43 / 8.0);
  CU_ASSERT(at_map_curve(&map, AT_CURVE_Q_ABOVE, NULL, NULL) > 0);
  grid.y.value[1] = 0.06; /* too little signal for any */
  for (int c = 0; c < AT_CURVES; c++)
    CU_ASSERT_EQUAL(at_map_curve(&map, (enum at_map_curve)c, NULL, NULL), 0);
  grid.y.count = 1; /* a row of cells has no room for a curve */
  CU_ASSERT_EQUAL(at_map_curve(&map, AT_CURVE_SAMPLES, NULL, NULL), 0);
}

static void test_svg(void)
{
  struct at_grid grid;
  struct at_cell cell[COLUMNS * ROWS];
  struct at_heat_map map;
  struct at_failure failure = {""};
  char path[PATH_SIZE];
  char *text[2];
  example(&grid, cell);
  at_heat_map_init(&map, &grid, cell, AT_MAP_ERROR);
  for (size_t k = 0; k < 2; k++) {
    size_t length = 0;
    at_small_path(path, sizeof path, "map.svg");
    CU_ASSERT_EQUAL_FATAL(at_heat_map_svg(path, &map, &failure), 0);
    text[k] = at_small_read(&length, path);
    at_small_remove(path);
  }
  CU_ASSERT_STRING_EQUAL(text[0], text[1]);
  CU_ASSERT_EQUAL(occurrences(text[0], "<title>"), COLUMNS * ROWS);
  CU_ASSERT_EQUAL(occurrences(text[0], "</title></rect>"), COLUMNS * ROWS);
  CU_ASSERT_EQUAL(occurrences(text[0], "n snr² = 1"), 1);
  CU_ASSERT_EQUAL(occurrences(text[0], "dim = 1e+06, beta = 0.05, eta = 0.2, steps = 2"), 1);
  CU_ASSERT_EQUAL(occurrences(text[0], "</svg>"), 1);
  free(text[0]);
  free(text[1]);
  CU_ASSERT_EQUAL(at_heat_map_svg("/nowhere/map.svg", &map, &failure), -1);
}

static void test_png(void)
{
  struct at_grid grid;
  struct at_cell cell[COLUMNS * ROWS];
  struct at_heat_map map;
  struct at_failure failure = {""};
  char path[PATH_SIZE];
  unsigned char *bytes = NULL;
  size_t size = 0;
  example(&grid, cell);
  at_heat_map_init(&map, &grid, cell, AT_MAP_CLEAN_FIT);
  at_small_path(path, sizeof path, "map.png");
  CU_ASSERT_EQUAL_FATAL(at_heat_map_png(path, &map, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_file_read(&bytes, &size, path, 1 << 24, &failure), 0);
  CU_ASSERT(size > 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0);
  free(bytes);
  at_small_remove(path);
}

void at_suite_heat_map(void)
{
  CU_pSuite suite = CU_add_suite("heat map", NULL, NULL);
  CU_add_test(suite, "values, colours, titles", test_values);
  CU_add_test(suite, "curves lie on their equations", test_curves);
  CU_add_test(suite, "SVG with a title a cell", test_svg);
  CU_add_test(suite, "PNG", test_png);
}
