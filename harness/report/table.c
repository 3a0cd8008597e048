/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: aligned text tables (see table.h).
 * Main result: every line's columns start at the same place.
 * Assumptions: those of table.h. Test: tests/harness/report/test_table.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/report/table.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

/* One character from UTF-8 text; a byte that starts none counts as a character by itself. */
static const char *character_next(uint32_t *code, const char *text)
{
  const unsigned char *byte = (const unsigned char *)text;
  size_t more = byte[0] >= 0xF0 ? 3 : byte[0] >= 0xE0 ? 2 : byte[0] >= 0xC2 ? 1 : 0;
  uint32_t value = more == 0 ? byte[0] : byte[0] & (0x3FU >> more);
  for (size_t i = 1; i <= more; i++) {
    if ((byte[i] & 0xC0) != 0x80) {
      *code = byte[0];
      return text + 1;
    }
    value = value << 6 | (byte[i] & 0x3FU);
  }
  *code = value;
  return text + 1 + more;
}

static bool takes_no_column(uint32_t code)
{
  return (code >= 0x300 && code <= 0x36F) || (code >= 0x200B && code <= 0x200F) || code == 0xFE0F;
}

size_t at_text_width(const char *text)
{
  size_t width = 0;
  while (*text != '\0') {
    uint32_t code = 0;
    text = character_next(&code, text);
    width += takes_no_column(code) ? 0 : 1;
  }
  return width;
}

/* Same rule as failure lines: C0, DEL and (in UTF-8) C1 become '?'. */
static void text_make_printable(char *text)
{
  for (char *c = text; *c != '\0'; c++) {
    unsigned char byte = (unsigned char)*c, after = (unsigned char)c[1];
    if (byte < 0x20 || byte == 0x7F) {
      *c = '?';
    } else if (byte == 0xC2 && after >= 0x80 && after <= 0x9F) {
      c[0] = c[1] = '?';
    }
  }
}

/* Takes `text` (NULL draws a rule) over; drops it when memory has run out. */
static void cell_append(struct at_table *table, char *text)
{
  if (!table->broken && table->cells == table->capacity) {
    size_t capacity = table->capacity == 0 ? 64 : 2 * table->capacity;
    char **larger = realloc(table->cell, capacity * sizeof *larger);
    if (larger == NULL) {
      table->broken = true;
    } else {
      table->cell = larger;
      table->capacity = capacity;
    }
  }
  if (table->broken) {
    free(text);
    return;
  }
  table->cell[table->cells++] = text;
}

void at_table_init(struct at_table *table, const char *alignment, const char *const *titles)
{
  *table = (struct at_table){alignment, strlen(alignment), 0, 0, NULL, false};
  if (titles == NULL) {
    return;
  }
  for (size_t c = 0; c < table->columns; c++) {
    at_table_cell(table, "%s", titles[c]);
  }
  at_table_rule(table);
}

void at_table_cell(struct at_table *table, const char *format, ...)
{
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  char *text = length < 0 ? NULL : malloc((size_t)length + 1);
  if (text == NULL) {
    table->broken = true;
  } else {
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    text_make_printable(text);
    cell_append(table, text);
  }
  va_end(again);
  va_end(arguments);
}

void at_table_end_row(struct at_table *table)
{
  while (!table->broken && table->columns > 0 && table->cells % table->columns != 0) {
    at_table_cell(table, "%s", "");
  }
}

void at_table_rule(struct at_table *table)
{
  at_table_end_row(table);
  for (size_t c = 0; c < table->columns; c++) {
    cell_append(table, NULL);
  }
}

static void repeat_print(FILE *stream, const char *text, size_t times)
{
  while (times-- > 0) {
    (void)fputs(text, stream);
  }
}

/* The blanks behind a cell are printed only when something follows in its row. */
static void row_print(FILE *stream, const struct at_table *table, char *const *row,
                      const size_t *width)
{
  size_t blanks = 0;
  for (size_t c = 0; c < table->columns; c++) {
    size_t free_columns = width[c] - (row[c] == NULL ? width[c] : at_text_width(row[c]));
    size_t before = table->alignment[c] == 'r'   ? free_columns
                    : table->alignment[c] == 'c' ? free_columns / 2
                                                 : 0;
    if (row[c] == NULL || row[c][0] != '\0') {
      repeat_print(stream, " ", blanks + before);
      blanks = 0;
    } else {
      blanks += before;
    }
    if (row[c] == NULL) {
      repeat_print(stream, "─", width[c]);
    } else {
      (void)fputs(row[c], stream);
    }
    blanks += free_columns - before + GAP;
  }
  (void)fputc('\n', stream);
}

int at_table_print(FILE *stream, const struct at_table *table, size_t indent,
                   struct at_failure *failure)
{
  size_t *width = calloc(table->columns + 1, sizeof *width);
  if (table->broken || width == NULL) {
    free(width);
    return at_fail(failure, "a table of %zu columns does not fit into this machine's memory",
                   table->columns);
  }
  for (size_t i = 0; i < table->cells; i++) {
    size_t here = table->cell[i] == NULL ? 0 : at_text_width(table->cell[i]);
    size_t *most = &width[i % table->columns];
    *most = here > *most ? here : *most;
  }
  for (size_t i = 0; i + table->columns <= table->cells; i += table->columns) {
    repeat_print(stream, " ", indent);
    row_print(stream, table, table->cell + i, width);
  }
  free(width);
  return ferror(stream) ? at_fail(failure, "a table could not be written to its stream") : 0;
}

void at_table_clear(struct at_table *table)
{
  for (size_t i = 0; i < table->cells; i++) {
    free(table->cell[i]);
  }
  free(table->cell);
  *table = (struct at_table){0};
}
