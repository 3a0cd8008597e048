/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: fuzz target for the reader of cell files, and of the settings line in them.
 * Main result: for every input the readers return, and what they accept is consistent: cells of the
 * named shard, each once; written again, the whole lines are the bytes that were read; a line that
 * is taken for a grid is the line of that grid.
 * Assumptions: run by libFuzzer (make fuzz) or by replay.c (make check).
 */
#define _XOPEN_SOURCE 700

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "harness/sweep/cells.h"

enum { SEAL = 10 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_line(const char *line)
{
  char again[AT_GRID_LINE];
  struct at_grid grid;
  struct at_failure failure = {""};
  if (at_grid_of_line(&grid, line, "fuzz", &failure) != 0) {
    if (failure.line[0] == '\0') abort();
    return;
  }
  at_grid_line(again, &grid);
  if (strcmp(line, again) != 0 || at_grid_cells(&grid) == 0) abort();
}

static void check(const uint8_t *bytes, size_t size)
{
  struct at_cells cells;
  struct at_failure failure = {""};
  if (at_cells_parse(&cells, bytes, size, "fuzz", &failure) != 0) {
    if (failure.line[0] == '\0' || cells.cell != NULL || cells.line != NULL) abort();
    return;
  }
  size_t length = 0;
  char *text = at_cells_text(&length, cells.line, &cells.shard, cells.cell, cells.count);
  if (text == NULL || length != cells.kept || memcmp(text, bytes, length) != 0) abort();
  for (size_t k = 0; k < cells.count; k++)
    if (cells.cell[k].index % cells.shard.parts != cells.shard.part - 1) abort();
  check_line(cells.line);
  free(text);
  at_cells_free(&cells);
}

/* The input with the seal that each of its lines should have, so that what lies behind the
 * checksums is reached too.  The result is malloc'ed. */
static char *sealed(size_t *size, const uint8_t *bytes, size_t given)
{
  char *text = NULL;
  uLong start = 0;
  size_t number = 0;
  FILE *stream = open_memstream(&text, size);
  if (stream == NULL) abort();
  while (given > 0) {
    const uint8_t *end = memchr(bytes, '\n', given);
    const size_t length = end == NULL ? given : (size_t)(end - bytes);
    const size_t kept = length > SEAL ? length - SEAL : 0;
    const uLong seal = crc32(start, bytes, (uInt)kept);
    (void)fwrite(bytes, 1, kept, stream);
    (void)fprintf(stream, " #%08lx%s", seal, end == NULL ? "" : "\n");
    if (++number == 2) start = seal;
    bytes += length + (end != NULL);
    given -= length + (end != NULL);
  }
  if (fclose(stream) != 0) abort();
  return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  size_t length = 0;
  char *text = sealed(&length, bytes, size);
  check(bytes, size);
  check((const uint8_t *)text, length);
  free(text);
  return 0;
}
