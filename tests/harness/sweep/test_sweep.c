/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/sweep/sweep.h and cell.h.
 * Main result: the finished file does not depend on the number of threads, nor on where an earlier
 * run was cut off; cells add up their draws; a file of another sweep is refused and left alone.
 * Assumptions: a writable directory for temporary files.
 */
#define _XOPEN_SOURCE 700

#include <CUnit/CUnit.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/data/file.h"
#include "harness/sweep/cell.h"
#include "harness/sweep/sweep.h"
#include "tests/suites.h"

static char directory[] = "/tmp/attest-test-XXXXXX";
static char path[64];

static int make_directory(void)
{
  if (mkdtemp(directory) == NULL) return 1;
  (void)snprintf(path, sizeof path, "%s/cells", directory);
  return 0;
}

static int remove_directory(void)
{
  (void)remove(path);
  return rmdir(directory);
}

/* 3 x 2 cells of two seeds; seed 6 gives two samples of one class when n = 2. */
static struct at_grid small_grid(void)
{
  struct at_grid grid = {.first_seed = 5, .seeds = 2, .by_snr = true};
  struct at_failure failure = {""};
  const double fixed[AT_AXES] = {
    [AT_AXIS_DIM] = 300.0, [AT_AXIS_BETA] = 0.05, [AT_AXIS_ETA] = 0.2, [AT_AXIS_STEPS] = 2.0};
  memcpy(grid.fixed, fixed, sizeof fixed);
  CU_ASSERT_EQUAL_FATAL(at_axis_parse(&grid.x, "x", "n=2,6,12", &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_axis_parse(&grid.y, "y", "snr=0.1,0.5", &failure), 0);
  return grid;
}

/* Runs, and returns the file's bytes. */
static char *run(struct at_sweep_result *result, const struct at_grid *grid, size_t workers,
                 size_t *size)
{
  struct at_failure failure = {""};
  unsigned char *bytes = NULL;
  const struct at_sweep sweep = {grid, {1, 1}, path, workers};
  CU_ASSERT_EQUAL_FATAL(at_sweep_run(result, &sweep, NULL, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_file_read(&bytes, size, path, 1 << 20, &failure), 0);
  return (char *)bytes;
}

static void test_workers(void)
{
  const struct at_grid grid = small_grid();
  struct at_sweep_result result;
  size_t size = 0;
  size_t again = 0;
  char *one = run(&result, &grid, 1, &size);
  CU_ASSERT(result.count == 6 && result.computed == 6 && result.checked >= 1);
  at_sweep_result_clear(&result);
  (void)remove(path);
  char *three = run(&result, &grid, 3, &again);
  CU_ASSERT(size == again && memcmp(one, three, size) == 0);
  at_sweep_result_clear(&result);
  free(three);
  three = run(&result, &grid, 2, &again);
  CU_ASSERT(result.count == 6 && result.computed == 0);
  CU_ASSERT(size == again && memcmp(one, three, size) == 0);
  at_sweep_result_clear(&result);
  free(one);
  free(three);
}

/* What a kill leaves is the beginning of what would have been there: here at every 61st length. */
static void test_resume(void)
{
  const struct at_grid grid = small_grid();
  struct at_failure failure = {""};
  struct at_sweep_result result;
  size_t size = 0;
  (void)remove(path);
  char *whole = run(&result, &grid, 1, &size);
  at_sweep_result_clear(&result);
  for (size_t cut = 0; cut < size; cut += 61) {
    size_t again = 0;
    CU_ASSERT_EQUAL_FATAL(at_file_write(path, whole, cut, &failure), 0);
    char *resumed = run(&result, &grid, 2, &again);
    CU_ASSERT(size == again && memcmp(whole, resumed, size) == 0);
    at_sweep_result_clear(&result);
    free(resumed);
  }
  free(whole);
}

static void test_cells_add_up(void)
{
  const struct at_grid grid = small_grid();
  struct at_sweep_result result;
  size_t size = 0;
  (void)remove(path);
  free(run(&result, &grid, 1, &size));
  const struct at_cell *small = &result.cell[0];
  const struct at_cell *large = &result.cell[5];
  CU_ASSERT_EQUAL(small->count[AT_CELL_DRAWS], 1);
  CU_ASSERT_EQUAL(large->count[AT_CELL_DRAWS], 2);
  CU_ASSERT_EQUAL(large->count[AT_CELL_CLEAN] + large->count[AT_CELL_NOISY], 24);
  CU_ASSERT_EQUAL(large->count[AT_CELL_ERRORS], 2);
  CU_ASSERT(large->real[AT_CELL_ERROR_MIN] < large->real[AT_CELL_ERROR_MEAN]);
  CU_ASSERT(large->real[AT_CELL_ERROR_MEAN] < large->real[AT_CELL_ERROR_MAX]);
  CU_ASSERT(large->real[AT_CELL_ERROR_MAX] < 0.0);
  for (size_t k = 0; k < result.count; k++)
    if (result.cell[k].count[AT_CELL_DRAWS] == 0)
      CU_ASSERT(isnan(result.cell[k].real[AT_CELL_ERROR_MEAN]));
  at_sweep_result_clear(&result);
}

/* A table that would be too large is not kept: each draw then makes its own factor. */
static void test_without_table(void)
{
  const struct at_grid grid = small_grid();
  struct at_sweep_result result;
  struct at_failure failure = {""};
  struct at_noise_table table;
  size_t size = 0;
  (void)remove(path);
  free(run(&result, &grid, 1, &size));
  CU_ASSERT_EQUAL_FATAL(at_noise_table_init(&table, &grid, &failure), 0);
  CU_ASSERT_PTR_NOT_NULL(table.factor);
  at_noise_table_clear(&table);
  struct at_cell_desk desk = {.grid = &grid, .table = &table};
  for (size_t k = 0; k < result.count; k++) {
    char text[2][AT_CELL_LINE];
    struct at_cell cell;
    bool check = k == 5;
    CU_ASSERT_EQUAL_FATAL(at_cell_compute(&cell, &desk, k, &check, &failure), 0);
    CU_ASSERT_EQUAL(check, k == 5);
    (void)at_cell_text(text[0], "line", &cell);
    (void)at_cell_text(text[1], "line", &result.cell[k]);
    CU_ASSERT_STRING_EQUAL(text[0], text[1]);
  }
  at_cell_desk_clear(&desk);
  at_sweep_result_clear(&result);
  struct at_grid large = grid;
  large.seeds = AT_MAX_SEEDS;
  CU_ASSERT_EQUAL_FATAL(at_axis_parse(&large.x, "x", "n=2,400", &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_noise_table_init(&table, &large, &failure), 0);
  CU_ASSERT_PTR_NULL(table.factor);
}

static void refused(const struct at_grid *grid, struct at_shard shard, const char *word)
{
  struct at_failure failure = {""};
  struct at_sweep_result result;
  const struct at_sweep sweep = {grid, shard, path, 1};
  CU_ASSERT_EQUAL(at_sweep_run(&result, &sweep, NULL, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, word));
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, path));
  at_sweep_result_clear(&result);
}

static void test_refused(void)
{
  struct at_grid grid = small_grid();
  struct at_sweep_result result;
  struct at_failure failure = {""};
  const struct at_shard whole = {1, 1};
  const struct at_shard part = {1, 2};
  size_t size = 0;
  (void)remove(path);
  char *bytes = run(&result, &grid, 1, &size);
  at_sweep_result_clear(&result);
  refused(&grid, part, "shard");
  grid.seeds = 3;
  refused(&grid, whole, "seeds=2, not seeds=3");
  unsigned char *after = NULL;
  size_t again = 0;
  CU_ASSERT_EQUAL_FATAL(at_file_read(&after, &again, path, 1 << 20, &failure), 0);
  CU_ASSERT(size == again && memcmp(bytes, after, size) == 0);
  free(after);
  bytes[size / 2] ^= 1;
  CU_ASSERT_EQUAL_FATAL(at_file_write(path, bytes, size, &failure), 0);
  grid.seeds = 2;
  refused(&grid, whole, "damaged");
  CU_ASSERT_EQUAL_FATAL(at_file_write(path, "my diary\n", 9, &failure), 0);
  refused(&grid, whole, "damaged");
  free(bytes);
}

void at_suite_sweep(void)
{
  CU_pSuite suite = CU_add_suite("sweep", make_directory, remove_directory);
  CU_add_test(suite, "one, two, three threads: the same bytes", test_workers);
  CU_add_test(suite, "taken up where a kill left it", test_resume);
  CU_add_test(suite, "cells add up their draws", test_cells_add_up);
  CU_add_test(suite, "cells without a table of noise", test_without_table);
  CU_add_test(suite, "files of other sweeps, damaged files", test_refused);
}
