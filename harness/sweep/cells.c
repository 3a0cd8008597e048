/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see cells.h.
 */
#define _XOPEN_SOURCE 700

#include "harness/sweep/cells.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "harness/data/file.h"
#include "harness/report/number.h"

enum { SEAL = 10, MOST_BYTES = 1 << 28, HEAD_LINES = 3, MOST_CELLS = 1 << 20 };

static const char format_line[] = "attest-cells 1";

static const char *const count_names[AT_CELL_COUNTS] = {
  [AT_CELL_DRAWS] = "draws",
  [AT_CELL_FITTING] = "draws_fitted",
  [AT_CELL_CLEAN] = "clean",
  [AT_CELL_CLEAN_FIT] = "clean_fitted",
  [AT_CELL_NOISY] = "noisy",
  [AT_CELL_NOISY_FIT] = "noisy_fitted",
  [AT_CELL_UNDECIDED] = "undecided",
  [AT_CELL_ENCLOSED] = "draws_enclosed",
  [AT_CELL_ERRORS] = "draws_with_test_error",
  [AT_CELL_THEOREMS + AT_THEOREM_ONE_STEP] = "theorem_one_step",
  [AT_CELL_THEOREMS + AT_THEOREM_C1] = "theorem_c1",
  [AT_CELL_THEOREMS + AT_THEOREM_C2] = "theorem_c2",
  [AT_CELL_THEOREMS + AT_THEOREM_ROW_SUMS] = "theorem_row_sums",
  [AT_CELL_THEOREMS + AT_THEOREM_PARAMETRIC] = "theorem_parametric"};

static const char *const real_names[AT_CELL_REALS] = {
  [AT_CELL_ERROR_MEAN] = "log10_test_error_mean",
  [AT_CELL_ERROR_MIN] = "log10_test_error_min",
  [AT_CELL_ERROR_MAX] = "log10_test_error_max",
  [AT_CELL_ERROR_BOUND] = "log10_test_error_bound",
  [AT_CELL_CLEAN_ATTENTION] = "clean_attention_mean",
  [AT_CELL_NOISY_ATTENTION] = "noisy_attention_mean",
  [AT_CELL_ATTENTION_BOUND] = "attention_bound"};

const char *at_cell_count_name(size_t index)
{
  return count_names[index];
}

const char *at_cell_real_name(size_t index)
{
  return real_names[index];
}

/* ---- writing ---- */

static uint32_t checksum(uint32_t start, const char *text, size_t length)
{
  return (uint32_t)crc32(start, (const unsigned char *)text, (unsigned)length);
}

/* The CRC that the lines after the settings line go on from. */
static uint32_t settings_checksum(const char *line)
{
  return checksum(0, line, strlen(line));
}

static void line_print(FILE *stream, const char *text, uint32_t start)
{
  (void)fprintf(stream, "%s #%08x\n", text, (unsigned)checksum(start, text, strlen(text)));
}

/* `text` has room for AT_CELL_LINE bytes: 16 integers and 7 reals of at most 25 characters fit. */
size_t at_cell_text(char text[AT_CELL_LINE], const char *line, const struct at_cell *cell)
{
  char number[AT_NUMBER_SIZE];
  size_t used = (size_t)snprintf(text, AT_CELL_LINE, "%zu", cell->index);
  for (size_t k = 0; k < AT_CELL_COUNTS; k++)
    used += (size_t)snprintf(text + used, AT_CELL_LINE - used, " %llu",
                             (unsigned long long)cell->count[k]);
  for (size_t k = 0; k < AT_CELL_REALS; k++) {
    at_number_text(number, cell->real[k]);
    used += (size_t)snprintf(text + used, AT_CELL_LINE - used, " %s", number);
  }
  const uint32_t seal = checksum(settings_checksum(line), text, used);
  return used + (size_t)snprintf(text + used, AT_CELL_LINE - used, " #%08x\n", (unsigned)seal);
}

char *at_cells_text(size_t *size, const char *line, const struct at_shard *shard,
                    const struct at_cell *cell, size_t count)
{
  char *text = NULL;
  char head[AT_CELL_LINE];
  FILE *stream = open_memstream(&text, size);
  if (stream == NULL) return NULL;
  line_print(stream, format_line, 0);
  line_print(stream, line, 0);
  (void)snprintf(head, sizeof head, "shard %zu %zu", shard->part, shard->parts);
  line_print(stream, head, settings_checksum(line));
  for (size_t k = 0; k < count; k++) {
    const size_t length = at_cell_text(head, line, &cell[k]);
    (void)fwrite(head, 1, length, stream);
  }
  const bool bad = ferror(stream) != 0;
  if (fclose(stream) == 0 && !bad) return text;
  free(text);
  return NULL;
}

/* ---- reading ---- */

/* What is being read: the next line starts at `at`. */
struct reader {
  const char *name;
  char *text;
  size_t size, at, line;
  uint32_t seal_start;
};

static int damaged(const struct reader *reader, const char *what, struct at_failure *failure)
{
  return at_fail(failure,
                 "%s: line %zu is damaged (%s): remove the file, and its cells are "
                 "computed again",
                 reader->name, reader->line, what);
}

/* The next whole line without its seal, NUL-terminated; *text is NULL when none is left.
 * Errors: a NUL inside, a seal that does not fit. */
static int next_line(char **text, struct reader *reader, struct at_failure *failure)
{
  char *start = reader->text + reader->at;
  char *end = memchr(start, '\n', reader->size - reader->at);
  *text = NULL;
  if (end == NULL) return 0;
  const size_t length = (size_t)(end - start);
  reader->line++;
  if (length < SEAL || memchr(start, '\0', length) != NULL)
    return damaged(reader, "too short", failure);
  char expected[SEAL + 1];
  (void)snprintf(expected, sizeof expected, " #%08x",
                 (unsigned)checksum(reader->seal_start, start, length - SEAL));
  if (memcmp(expected, end - SEAL, SEAL) != 0)
    return damaged(reader, "its checksum does not fit", failure);
  end[-SEAL] = '\0';
  reader->at += length + 1;
  *text = start;
  return 0;
}

/* Whether a number ends here; then *text moves beyond it and the space after it. */
static bool end_take(char **text, char *end)
{
  if (*end != '\0' && (*end != ' ' || end[1] == '\0')) return false;
  *text = end + (*end == ' ');
  return true;
}

/* An integer as printf writes it, at most `most`. */
static bool integer_take(uint64_t *value, char **text, uint64_t most)
{
  char *end = NULL;
  const bool zero = **text == '0' && (*text)[1] >= '0' && (*text)[1] <= '9';
  if (**text < '0' || **text > '9' || zero) return false;
  errno = 0;
  *value = strtoull(*text, &end, 10);
  return errno == 0 && *value <= most && end_take(text, end);
}

/* A number as at_number_text writes it, and nothing else that strtod would take. */
static bool real_take(double *value, char **text)
{
  char number[AT_NUMBER_SIZE];
  char *end = NULL;
  *value = strtod(*text, &end);
  if (end == *text) return false;
  at_number_text(number, *value);
  const size_t length = (size_t)(end - *text);
  if (strlen(number) != length || strncmp(number, *text, length) != 0) return false;
  return end_take(text, end);
}

static bool cell_take(struct at_cell *cell, char *text)
{
  uint64_t index = 0;
  bool good = integer_take(&index, &text, MOST_CELLS - 1);
  cell->index = (size_t)index;
  for (size_t k = 0; k < AT_CELL_COUNTS && good; k++)
    good = integer_take(&cell->count[k], &text, UINT64_MAX);
  for (size_t k = 0; k < AT_CELL_REALS && good; k++) good = real_take(&cell->real[k], &text);
  return good && *text == '\0';
}

static int head_take(struct at_cells *cells, struct reader *reader, struct at_failure *failure)
{
  char *text;
  uint64_t part = 0;
  uint64_t parts = 0;
  if (next_line(&text, reader, failure) != 0) return -1;
  if (text == NULL || strcmp(text, format_line) != 0)
    return at_fail(failure, "%s: not a file of cells that this version reads (%s)", reader->name,
                   format_line);
  if (next_line(&text, reader, failure) != 0) return -1;
  cells->line = text == NULL ? NULL : strdup(text);
  if (cells->line == NULL) return at_fail(failure, "%s: its head is cut off", reader->name);
  reader->seal_start = settings_checksum(cells->line);
  if (next_line(&text, reader, failure) != 0) return -1;
  if (text == NULL) return at_fail(failure, "%s: its head is cut off", reader->name);
  char *numbers = text + 6;
  if (strncmp(text, "shard ", 6) != 0 || !integer_take(&part, &numbers, MOST_CELLS) ||
      !integer_take(&parts, &numbers, MOST_CELLS) || *numbers != '\0' || part < 1 || part > parts)
    return damaged(reader, "no shard", failure);
  cells->shard = (struct at_shard){(size_t)part, (size_t)parts};
  return 0;
}

static int duplicates_check(const struct at_cells *cells, const char *name,
                            struct at_failure *failure)
{
  unsigned char *seen = calloc(MOST_CELLS / 8, 1);
  if (seen == NULL) return at_fail(failure, "%s: out of memory", name);
  int bad = 0;
  for (size_t k = 0; k < cells->count && bad == 0; k++) {
    const size_t index = cells->cell[k].index;
    const unsigned bit = 1U << index % 8;
    if ((seen[index / 8] & bit) != 0)
      bad = at_fail(failure, "%s: cell %zu is there twice", name, index);
    seen[index / 8] = (unsigned char)(seen[index / 8] | bit);
  }
  free(seen);
  return bad;
}

static int body_take(struct at_cells *cells, struct reader *reader, struct at_failure *failure)
{
  size_t room = 0;
  char *text;
  while (next_line(&text, reader, failure) == 0) {
    if (text == NULL) return duplicates_check(cells, reader->name, failure);
    if (cells->count == room) {
      room = 2 * room + 64;
      struct at_cell *larger = realloc(cells->cell, room * sizeof *larger);
      if (larger == NULL) return at_fail(failure, "%s: out of memory", reader->name);
      cells->cell = larger;
    }
    struct at_cell *cell = &cells->cell[cells->count++];
    if (!cell_take(cell, text)) return damaged(reader, "no cell", failure);
    if (cell->index % cells->shard.parts != cells->shard.part - 1)
      return damaged(reader, "a cell of another shard", failure);
  }
  return -1;
}

int at_cells_parse(struct at_cells *cells, const unsigned char *bytes, size_t size,
                   const char *name, struct at_failure *failure)
{
  struct reader reader = {.name = name, .size = size};
  memset(cells, 0, sizeof *cells);
  reader.text = malloc(size + 1);
  if (reader.text == NULL) return at_fail(failure, "%s: out of memory", name);
  if (size > 0) memcpy(reader.text, bytes, size);
  const int bad =
    head_take(cells, &reader, failure) != 0 || body_take(cells, &reader, failure) != 0;
  cells->kept = reader.at;
  cells->torn = reader.at < size;
  free(reader.text);
  if (bad) at_cells_free(cells);
  return bad ? -1 : 0;
}

int at_cells_read(struct at_cells *cells, const char *path, struct at_failure *failure)
{
  unsigned char *bytes = NULL;
  size_t size = 0;
  memset(cells, 0, sizeof *cells);
  if (at_file_read(&bytes, &size, path, MOST_BYTES, failure) != 0) return -1;
  const int bad = at_cells_parse(cells, bytes, size, path, failure);
  free(bytes);
  return bad;
}

void at_cells_free(struct at_cells *cells)
{
  free(cells->line);
  free(cells->cell);
  memset(cells, 0, sizeof *cells);
}

static int index_order(const void *left, const void *right)
{
  const size_t x = ((const struct at_cell *)left)->index;
  const size_t y = ((const struct at_cell *)right)->index;
  return (x > y) - (x < y);
}

void at_cells_sort(struct at_cell *cell, size_t count)
{
  if (count > 0) qsort(cell, count, sizeof *cell, index_order);
}

int at_cells_same_settings(const char *path, const char *line, const char *expected,
                           struct at_failure *failure)
{
  size_t k = 0;
  size_t word = 0;
  while (line[k] != '\0' && line[k] == expected[k]) {
    if (line[k] == ' ') word = k + 1;
    k++;
  }
  if (line[k] == expected[k]) return 0;
  return at_fail(failure, "%s: belongs to another sweep: it has %.*s%s, not %.*s%s", path,
                 (int)(strcspn(line + word, " ") < 60 ? strcspn(line + word, " ") : 60),
                 line + word, strcspn(line + word, " ") > 60 ? "..." : "",
                 (int)(strcspn(expected + word, " ") < 60 ? strcspn(expected + word, " ") : 60),
                 expected + word, strcspn(expected + word, " ") > 60 ? "..." : "");
}
