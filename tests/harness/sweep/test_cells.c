/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/sweep/cells.h.
 * Main result: what is written is read back bit for bit; a file cut anywhere is recognised as cut
 * short and keeps its whole lines; any byte changed is refused.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/sweep/cells.h"
#include "tests/suites.h"

enum { CELLS = 3 };

static const char line[] = "attest=x some settings";
static const struct at_shard shard = {2, 3};

/* Cells 4, 1, 7 of shard 2/3 with every kind of number. */
static char *example(size_t *size, struct at_cell *cell)
{
  static const double odd[] = {-0.0, NAN, -INFINITY, INFINITY, 0x1p-1074, 1.0 / 3.0, -4e300};
  memset(cell, 0, CELLS * sizeof *cell);
  for (size_t c = 0; c < CELLS; c++) {
    cell[c].index = c == 0 ? 4 : c == 1 ? 1 : 7;
    for (size_t k = 0; k < AT_CELL_COUNTS; k++) cell[c].count[k] = UINT64_MAX / (k + c + 1);
    for (size_t k = 0; k < AT_CELL_REALS; k++) cell[c].real[k] = odd[(k + c) % 7];
  }
  return at_cells_text(size, line, &shard, cell, CELLS);
}

static bool same_cell(const struct at_cell *x, const struct at_cell *y)
{
  bool same = x->index == y->index && memcmp(x->count, y->count, sizeof x->count) == 0;
  for (size_t k = 0; k < AT_CELL_REALS; k++) {
    const bool both = isnan(x->real[k]) && isnan(y->real[k]);
    same = same && (both || memcmp(&x->real[k], &y->real[k], sizeof(double)) == 0);
  }
  return same;
}

static void test_round_trip(void)
{
  struct at_cell cell[CELLS];
  struct at_cells cells;
  struct at_failure failure = {""};
  size_t size = 0;
  char *text = example(&size, cell);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_EQUAL_FATAL(at_cells_parse(&cells, (unsigned char *)text, size, "file", &failure), 0);
  CU_ASSERT_STRING_EQUAL(cells.line, line);
  CU_ASSERT(cells.shard.part == 2 && cells.shard.parts == 3);
  CU_ASSERT(cells.kept == size && !cells.torn);
  CU_ASSERT_EQUAL_FATAL(cells.count, CELLS);
  for (size_t k = 0; k < CELLS; k++) CU_ASSERT(same_cell(&cells.cell[k], &cell[k]));
  at_cells_sort(cells.cell, cells.count);
  CU_ASSERT(cells.cell[0].index == 1 && cells.cell[1].index == 4 && cells.cell[2].index == 7);
  at_cells_free(&cells);
  free(text);
}

static size_t lines_before(const char *text, size_t size)
{
  size_t lines = 0;
  for (size_t k = 0; k < size; k++) lines += text[k] == '\n';
  return lines;
}

/* At every length: the head is wanted whole, then the whole lines are kept. */
static void test_cut(void)
{
  struct at_cell cell[CELLS];
  struct at_failure failure = {""};
  size_t size = 0;
  char *text = example(&size, cell);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  for (size_t cut = 0; cut < size; cut++) {
    struct at_cells cells;
    const size_t lines = lines_before(text, cut);
    const int bad = at_cells_parse(&cells, (unsigned char *)text, cut, "file", &failure);
    CU_ASSERT_EQUAL(bad, lines < 3 ? -1 : 0);
    if (bad != 0) continue;
    CU_ASSERT_EQUAL(cells.count, lines - 3);
    CU_ASSERT_EQUAL(cells.torn, text[cut - 1] != '\n');
    CU_ASSERT(cells.kept <= cut && text[cells.kept - 1] == '\n');
    at_cells_free(&cells);
  }
  free(text);
}

/* A changed byte is refused, or, in the last line's end, leaves the line out. */
static void test_changed(void)
{
  struct at_cell cell[CELLS];
  struct at_failure failure = {""};
  size_t size = 0;
  char *text = example(&size, cell);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  for (size_t k = 0; k < size; k++)
    for (unsigned bit = 0; bit < 8; bit++) {
      struct at_cells cells;
      text[k] = (char)(text[k] ^ (1 << bit));
      const int bad = at_cells_parse(&cells, (unsigned char *)text, size, "file", &failure);
      CU_ASSERT(bad == -1 || (k + 1 == size && cells.torn));
      if (bad == 0) at_cells_free(&cells);
      text[k] = (char)(text[k] ^ (1 << bit));
    }
  free(text);
}

static void refuse(const struct at_cell *cell, size_t count, const char *word)
{
  struct at_cells cells;
  struct at_failure failure = {""};
  size_t size = 0;
  char *text = at_cells_text(&size, line, &shard, cell, count);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_EQUAL(at_cells_parse(&cells, (unsigned char *)text, size, "file", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, word));
  free(text);
}

static void test_refused(void)
{
  struct at_cell cell[CELLS];
  struct at_failure failure = {""};
  size_t size = 0;
  free(example(&size, cell));
  cell[2].index = 1;
  refuse(cell, CELLS, "twice");
  cell[2].index = 2;
  refuse(cell, CELLS, "another shard");
  cell[2].index = (size_t)1 << 20;
  refuse(cell, CELLS, "no cell");
  CU_ASSERT_EQUAL(at_cells_same_settings("file", "a=1 b=2 c=3", "a=1 b=2 c=3", &failure), 0);
  CU_ASSERT_EQUAL(at_cells_same_settings("file", "a=1 b=2 c=3", "a=1 b=4 c=3", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "b=2, not b=4"));
  CU_ASSERT_EQUAL(at_cells_same_settings("file", "a=1", "a=1 b=4", &failure), -1);
}

/* A line of one sweep does not fit into the file of another. */
static void test_moved_line(void)
{
  struct at_cell cell[CELLS];
  struct at_cells cells;
  struct at_failure failure = {""};
  char text[4 * AT_CELL_LINE];
  size_t size = 0;
  free(example(&size, cell));
  char *head = at_cells_text(&size, line, &shard, NULL, 0);
  CU_ASSERT_PTR_NOT_NULL_FATAL(head);
  memcpy(text, head, size);
  const size_t added = at_cell_text(text + size, "attest=x other settings", &cell[0]);
  CU_ASSERT_EQUAL(at_cells_parse(&cells, (unsigned char *)text, size + added, "file", &failure),
                  -1);
  const size_t own = at_cell_text(text + size, line, &cell[0]);
  CU_ASSERT_EQUAL(at_cells_parse(&cells, (unsigned char *)text, size + own, "file", &failure), 0);
  at_cells_free(&cells);
  free(head);
}

void at_suite_sweep_cells(void)
{
  CU_pSuite suite = CU_add_suite("sweep cells", NULL, NULL);
  CU_add_test(suite, "written and read", test_round_trip);
  CU_add_test(suite, "cut short at every length", test_cut);
  CU_add_test(suite, "every bit changed", test_changed);
  CU_add_test(suite, "duplicates, other shards, other settings", test_refused);
  CU_add_test(suite, "a line of another sweep", test_moved_line);
}
