/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what a sweep found out about a cell, and the file that holds the cells found so far.
 * Main result: a file is accepted only if every line is whole, says what this program wrote and
 * belongs to the sweep that its head names; a last line that was cut short, as a process killed
 * while writing leaves it, is told apart from damage.
 * Assumptions: POSIX.  Test: tests/harness/sweep/test_cells.c, tests/fuzz/fuzz_cells.c.
 *
 * The file, format "attest-cells", version 1, is text.  Every line ends in " #" and eight hex
 * digits: the CRC-32 of the line's text before them, continued from the CRC of the settings line
 * for the lines after it, so that a line moved in from another sweep does not fit.
 *   attest-cells 1
 *   (the line of at_grid_line)
 *   shard I K                   cells with index % K = I - 1
 *   INDEX COUNT... REAL...      one cell: the fields of at_cell in order, 17 digits
 */
#ifndef AT_SWEEP_CELLS_H
#define AT_SWEEP_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/audit/theorems.h"
#include "harness/failure.h"
#include "harness/sweep/grid.h"

/* Counts of a cell.  A draw is the data of one seed; samples are those of all draws together. */
enum at_cell_count {
  AT_CELL_DRAWS,     /* seeds whose draw has both classes; all else speaks of them */
  AT_CELL_FITTING,   /* draws whose labels are all fitted */
  AT_CELL_CLEAN,     /* clean samples */
  AT_CELL_CLEAN_FIT, /* fitted ones among them */
  AT_CELL_NOISY,     /* noisy samples */
  AT_CELL_NOISY_FIT, /* fitted ones among them */
  AT_CELL_UNDECIDED, /* samples whose sign stayed undecided */
  AT_CELL_ENCLOSED,  /* draws that went to the enclosure */
  AT_CELL_ERRORS,    /* draws whose test error is known */
  AT_CELL_THEOREMS,  /* from here on: draws to which theorem 0, 1, ... of theorems.h applies */
  AT_CELL_COUNTS = AT_CELL_THEOREMS + AT_THEOREMS
};

/* Reals of a cell; not a number where there is nothing to say. */
enum at_cell_real {
  AT_CELL_ERROR_MEAN, /* mean over draws of log10 of the test error; minus infinity if one is 0 */
  AT_CELL_ERROR_MIN,
  AT_CELL_ERROR_MAX,
  AT_CELL_ERROR_BOUND,     /* of each of the three */
  AT_CELL_CLEAN_ATTENTION, /* mean attention on the signal over clean samples */
  AT_CELL_NOISY_ATTENTION,
  AT_CELL_ATTENTION_BOUND, /* of each of the two */
  AT_CELL_REALS
};

struct at_cell {
  size_t index;
  uint64_t count[AT_CELL_COUNTS];
  double real[AT_CELL_REALS];
};

/* Names for column heads, such as "clean_fitted" and "log10_test_error_mean". */
const char *at_cell_count_name(size_t index);
const char *at_cell_real_name(size_t index);

/* Part `part` of `parts`, 1 <= part <= parts. */
struct at_shard {
  size_t part, parts;
};

/* A file's content: settings line, shard, and cells[count] in the order of the file. kept: bytes up
 * to the end of the last whole line; torn: something follows that is no whole line. */
struct at_cells {
  char *line;
  struct at_shard shard;
  size_t count;
  struct at_cell *cell;
  size_t kept;
  bool torn;
};

/* Reads `size` bytes (NUL-terminated beyond them); `name` stands first in the failure line.
 * Errors: another format or version, damage (with the line's number), an index beyond 2^32 or in
 * the wrong shard or twice, memory.  On an error *cells is empty. */
int at_cells_parse(struct at_cells *cells, const unsigned char *bytes, size_t size,
                   const char *name, struct at_failure *failure);
int at_cells_read(struct at_cells *cells, const char *path, struct at_failure *failure);
void at_cells_free(struct at_cells *cells);

/* Sorts by index. */
void at_cells_sort(struct at_cell *cell, size_t count);

/* Text of a whole file (malloc'ed, *size bytes), cells in the given order; NULL: no memory. */
char *at_cells_text(size_t *size, const char *line, const struct at_shard *shard,
                    const struct at_cell *cell, size_t count);

/* Text of one cell's line with its newline, as in a file of that settings line. */
enum { AT_CELL_LINE = 1024 };
size_t at_cell_text(char text[AT_CELL_LINE], const char *line, const struct at_cell *cell);

/* 0 if the lines are the same, else a failure that names the setting that differs. */
int at_cells_same_settings(const char *path, const char *line, const char *expected,
                           struct at_failure *failure);

#endif
