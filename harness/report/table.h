/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: small text tables with aligned columns, for people.
 * Main result: columns line up on a UTF-8 terminal, and nothing in a cell can move its cursor.
 * Assumptions: cells are UTF-8; every character is one column wide, but for combining marks
 * (U+0300..U+036F) and zero-width characters (U+200B..U+200F, U+FE0F), which take none. East Asian
 * wide characters would be counted too narrow. Test: tests/harness/report/test_table.c.
 */
#ifndef AT_REPORT_TABLE_H
#define AT_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/failure.h"

/* Filled by the functions below. A table that ran out of memory stays harmless: later cells are
 * dropped, and at_table_print says so. */
struct at_table {
  const char *alignment; /* one letter a column: l left, r right, c centre */
  size_t columns, cells, capacity;
  char **cell; /* row by row, the titles first; NULL in a row's first cell draws a rule */
  bool broken;
};

/* Starts a table of strlen(alignment) columns with these titles, one a column; titles NULL: none.
 * `alignment` must outlive the table. */
void at_table_init(struct at_table *table, const char *alignment, const char *const *titles);

/* Appends one cell, formatted as printf does; a row is complete after `columns` of them. Control
 * characters become '?'. */
void at_table_cell(struct at_table *table, const char *format, ...) AT_PRINTF_CHECKED(2, 3);

/* Fills what is left of the current row with empty cells. */
void at_table_end_row(struct at_table *table);

/* Ends the current row and draws a rule below it. */
void at_table_rule(struct at_table *table);

/* Prints the table, each line behind `indent` blanks and without blanks at its end, two blanks
 * between columns, a rule under the titles. Returns 0, or -1 when memory had run out or the stream
 * failed. */
int at_table_print(FILE *stream, const struct at_table *table, size_t indent,
                   struct at_failure *failure);

void at_table_clear(struct at_table *table);

/* Columns that a UTF-8 text takes on a terminal, under the assumptions above. */
size_t at_text_width(const char *text);

#endif
