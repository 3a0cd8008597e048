/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/sweep/grid.h.
 * Main result: points of ranges are correctly rounded; cells have the settings that their axes and
 * the fixed values say; a line read back is the grid it was written from; what is no axis, no grid
 * and no line is refused with a reason.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/sweep/grid.h"
#include "tests/suites.h"

static bool parses(struct at_axis *axis, const char *text)
{
  struct at_failure failure = {""};
  return at_axis_parse(axis, "--x", text, &failure) == 0;
}

static void refused(const char *text, const char *word)
{
  struct at_axis axis;
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL(at_axis_parse(&axis, "--x", text, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "--x"));
  if (strstr(failure.line, word) == NULL) printf("%s: %s\n", text, failure.line);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, word));
}

static void test_axes(void)
{
  struct at_axis axis;
  CU_ASSERT(parses(&axis, "n=5:100:20"));
  CU_ASSERT_EQUAL(axis.name, AT_AXIS_N);
  CU_ASSERT_EQUAL(axis.count, 20);
  CU_ASSERT(axis.value[0] == 5.0 && axis.value[1] == 10.0 && axis.value[19] == 100.0);
  CU_ASSERT(parses(&axis, "n=2:4096:13:log"));
  CU_ASSERT(axis.value[0] == 2.0 && axis.value[12] == 4096.0);
  CU_ASSERT(parses(&axis, "snr=0.01:1:3:log"));
  CU_ASSERT(axis.value[0] == 0.01 && axis.value[1] == 0.1 && axis.value[2] == 1.0);
  CU_ASSERT(parses(&axis, "eta=0:0.3:4"));
  CU_ASSERT(axis.value[1] == 0.1 && axis.value[2] == 0.2);
  CU_ASSERT(parses(&axis, "beta=1e-3,0x1p-3,2"));
  CU_ASSERT(axis.count == 3 && axis.value[1] == 0.125);
  CU_ASSERT(parses(&axis, "dim=1000000000000"));
  CU_ASSERT(axis.count == 1 && axis.value[0] == 1e12);
}

static void test_refused_axes(void)
{
  refused("", "NAME");
  refused("n", "NAME");
  refused("m=1,2", "NAME");
  refused("n=", "n: ''");
  refused("n=1,2", "n: '1'");
  refused("n=2.5", "whole number");
  refused("n=5,5", "exceed");
  refused("n=6,5", "exceed");
  refused("n=2:9", "FIRST:LAST:COUNT");
  refused("n=2:9:3:lin", "log");
  refused("n=2:9:3:log:5", "log");
  refused("n=2:9:1", "number of points");
  refused("n=2:9:201", "number of points");
  refused("n=2:9:20", "exceed");
  refused("n=9:2:3", "exceed");
  refused("eta=0:1:3:log", "above 0");
  refused("eta=0,2", "eta: '2'");
  refused("snr=nan", "snr: 'nan'");
  refused("dim=1e13", "dim");
  refused("steps=0", "steps");
  refused("t=0", "t: '0'");
}

static struct at_grid grid_of(const char *x, const char *y)
{
  struct at_grid grid = {.first_seed = 7, .seeds = 3};
  const double fixed[AT_AXES] = {
    [AT_AXIS_N] = 20.0,    [AT_AXIS_DIM] = 2500.0, [AT_AXIS_SNR] = 0.4, [AT_AXIS_RHO] = 10.0,
    [AT_AXIS_BETA] = 0.02, [AT_AXIS_T] = 1.25,     [AT_AXIS_ETA] = 0.1, [AT_AXIS_STEPS] = 2.0};
  memcpy(grid.fixed, fixed, sizeof fixed);
  CU_ASSERT_FATAL(parses(&grid.x, x) && parses(&grid.y, y));
  grid.by_snr = grid.x.name == AT_AXIS_SNR || grid.y.name == AT_AXIS_SNR;
  grid.by_t = grid.x.name == AT_AXIS_T || grid.y.name == AT_AXIS_T;
  return grid;
}

static void test_cells(void)
{
  struct at_grid grid = grid_of("n=10,40", "snr=0.2,0.3,0.4");
  struct at_grid_cell cell = at_grid_cell(&grid, 3);
  CU_ASSERT_EQUAL(at_grid_cells(&grid), 6);
  CU_ASSERT(cell.n == 40 && cell.snr == 0.3 && cell.rho == 0.3 * 50.0 && cell.dim == 2500);
  CU_ASSERT(cell.beta == 0.02 && cell.t == 0.02 * 2500.0 / 160.0 && cell.steps == 2);
  const struct at_synthetic_settings draw = at_grid_draw(&grid, &cell, 2);
  CU_ASSERT(draw.seed == 9 && draw.samples == 40 && draw.rho == cell.rho && draw.flips.eta == 0.1);
  grid = grid_of("t=1,2", "eta=0,0.5");
  cell = at_grid_cell(&grid, 1);
  CU_ASSERT(cell.rho == 10.0 && cell.snr == 0.2 && cell.eta == 0.0);
  CU_ASSERT(cell.t == 2.0 && cell.beta == 4.0 * 20.0 * 2.0 / 2500.0);
}

static void test_checks(void)
{
  struct at_failure failure = {""};
  struct at_grid grid = grid_of("n=10,40", "n=10");
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), -1);
  grid = grid_of("snr=1", "rho=1");
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), -1);
  grid = grid_of("t=1", "beta=1");
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), -1);
  grid = grid_of("n=10", "snr=1e6");
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "rho = snr"));
  grid = grid_of("n=10", "t=1e17");
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), -1);
  grid = grid_of("n=10", "eta=0.1");
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), 0);
  grid.flips.exact_count = true;
  CU_ASSERT_EQUAL(at_grid_check(&grid, &failure), -1);
}

/* Every field that a line holds comes back; what is not read is not in it. */
static void test_lines(void)
{
  static const char *const axes[][2] = {{"n=10,40", "snr=0.1:1:5:log"},
                                        {"t=1,2", "eta=0,0.5"},
                                        {"dim=50,60", "steps=1,2"},
                                        {"rho=3", "beta=0.1,0.3"}};
  for (size_t k = 0; k < 4; k++) {
    char line[AT_GRID_LINE], again[AT_GRID_LINE];
    struct at_grid grid = grid_of(axes[k][0], axes[k][1]);
    struct at_grid back;
    struct at_failure failure = {""};
    grid.balanced = k % 2 == 1;
    grid.theorems = k >= 2;
    if (k != 1) grid.flips = (struct at_flip_settings){k == 2, 0.0, 3};
    at_grid_line(line, &grid);
    CU_ASSERT_EQUAL(at_grid_of_line(&back, line, "file", &failure), 0);
    at_grid_line(again, &back);
    CU_ASSERT_STRING_EQUAL(line, again);
    CU_ASSERT(back.seeds == grid.seeds && back.first_seed == grid.first_seed);
    CU_ASSERT(back.balanced == grid.balanced && back.theorems == grid.theorems);
    CU_ASSERT(back.flips.exact_count == grid.flips.exact_count);
    for (size_t c = 0; c < at_grid_cells(&grid); c++) {
      const struct at_grid_cell x = at_grid_cell(&grid, c);
      const struct at_grid_cell y = at_grid_cell(&back, c);
      CU_ASSERT(x.n == y.n && x.dim == y.dim && x.rho == y.rho && x.beta == y.beta &&
                x.steps == y.steps && (grid.flips.exact_count || x.eta == y.eta));
    }
  }
}

static void test_refused_lines(void)
{
  char line[AT_GRID_LINE];
  char bad[AT_GRID_LINE];
  struct at_grid grid = grid_of("n=10,40", "snr=0.1:1:5:log");
  struct at_failure failure = {""};
  at_grid_line(line, &grid);
  CU_ASSERT_EQUAL(at_grid_of_line(&grid, "", "file", &failure), -1);
  CU_ASSERT_EQUAL(at_grid_of_line(&grid, "attest=0.0.0 x=n:1", "file", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "version"));
  for (size_t k = 0; line[k] != '\0'; k++) { /* a character more, less or other */
    memcpy(bad, line, sizeof bad);
    bad[k] = bad[k] == '~' ? '!' : '~';
    CU_ASSERT_EQUAL(at_grid_of_line(&grid, bad, "file", &failure), -1);
  }
  (void)snprintf(bad, sizeof bad, "%.11000s unknown=1", line);
  CU_ASSERT_EQUAL(at_grid_of_line(&grid, bad, "file", &failure), -1);
}

void at_suite_sweep_grid(void)
{
  CU_pSuite suite = CU_add_suite("sweep grid", NULL, NULL);
  CU_add_test(suite, "axes", test_axes);
  CU_add_test(suite, "what is no axis", test_refused_axes);
  CU_add_test(suite, "settings of cells", test_cells);
  CU_add_test(suite, "what is no grid", test_checks);
  CU_add_test(suite, "lines, written and read", test_lines);
  CU_add_test(suite, "what is no line", test_refused_lines);
}
