/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read and write .npy files (see npy.h).
 * Main result: a cursor that never passes the end of the header, and entries decoded from bytes by
 * shifts, so neither alignment nor the machine's byte order matters.
 * Assumptions: IEEE binary32 and binary64. Test: tests/harness/data/test_npy.c.
 */
#include "harness/data/npy.h"

#include <float.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/file.h"

_Static_assert(FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53 && sizeof(float) == 4, "IEEE binary32/64");

/* A sane header is 128 bytes or so; the limit keeps a hostile one from being searched for long.
 * PREFIX: the magic, the version and the header's length are at least this long. */
enum { MAX_HEADER = 65536, PREFIX = 10, ENTRY_ALIGNMENT = 64, MAX_WRITTEN_HEADER = 320 };

static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

/* What the header says, and where the entries start. */
struct header {
  char kind;
  bool big_endian;
  size_t entry_size;
  bool fortran_order;
  size_t rank;
  size_t shape[AT_MAX_RANK];
  size_t data_offset;
};

/* The part of the header that is still unread. */
struct cursor {
  const unsigned char *next;
  const unsigned char *end;
};

static void blanks_skip(struct cursor *cursor)
{
  while (cursor->next < cursor->end && (*cursor->next == ' ' || *cursor->next == '\t' ||
                                        *cursor->next == '\n' || *cursor->next == '\r')) {
    cursor->next++;
  }
}

/* Takes the character if it comes next, after blanks. */
static bool character_take(struct cursor *cursor, unsigned char wanted)
{
  blanks_skip(cursor);
  if (cursor->next == cursor->end || *cursor->next != wanted) {
    return false;
  }
  cursor->next++;
  return true;
}

/* Takes the word if it comes next, after blanks. */
static bool word_take(struct cursor *cursor, const char *word)
{
  blanks_skip(cursor);
  size_t length = strlen(word);
  if ((size_t)(cursor->end - cursor->next) < length || memcmp(cursor->next, word, length) != 0) {
    return false;
  }
  cursor->next += length;
  return true;
}

/* Takes a quoted string of printable ASCII into text[capacity]; no escapes. */
static bool string_take(char *text, size_t capacity, struct cursor *cursor)
{
  unsigned char quote = '\'';
  if (!character_take(cursor, quote)) {
    quote = '"';
    if (!character_take(cursor, quote)) {
      return false;
    }
  }
  size_t length = 0;
  while (cursor->next < cursor->end && *cursor->next != quote) {
    unsigned char c = *cursor->next++;
    if (c < ' ' || c > '~' || c == '\\' || length + 1 >= capacity) {
      return false;
    }
    text[length++] = (char)c;
  }
  text[length] = '\0';
  return character_take(cursor, quote);
}

/* Takes a decimal number; an L may follow it, as Python 2 wrote. */
static bool number_take(size_t *number, struct cursor *cursor)
{
  blanks_skip(cursor);
  const unsigned char *start = cursor->next;
  size_t value = 0;
  while (cursor->next < cursor->end && *cursor->next >= '0' && *cursor->next <= '9') {
    size_t digit = (size_t)(*cursor->next - '0');
    if (value > (SIZE_MAX - digit) / 10) {
      return false;
    }
    value = 10 * value + digit;
    cursor->next++;
  }
  if (cursor->next == start) {
    return false;
  }
  if (cursor->next < cursor->end && *cursor->next == 'L') {
    cursor->next++;
  }
  *number = value;
  return true;
}

static int type_parse(struct header *header, struct cursor *cursor, const char *name,
                      struct at_failure *failure)
{
  static const char *const accepted[] = {"f8", "f4", "i8", "i4", "i2", "i1", "u1"};
  char text[16];
  if (!string_take(text, sizeof text, cursor)) {
    return at_fail(failure,
                   "%s: the element type is structured or unreadable; numbers (float64, float32, "
                   "integers) are accepted",
                   name);
  }
  for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
    bool byte = accepted[i][1] == '1';
    bool order_known = text[0] == '<' || text[0] == '>' || (byte && text[0] == '|');
    if (order_known && strcmp(text + 1, accepted[i]) == 0) {
      header->kind = text[1];
      header->big_endian = text[0] == '>';
      header->entry_size = (size_t)(text[2] - '0');
      return 0;
    }
  }
  return at_fail(failure,
                 "%s: element type '%s' is not accepted; float64, float32, int8 to int64 and uint8 "
                 "are: save with numpy.save(name, array.astype('<f8'))",
                 name, text);
}

static int order_parse(struct header *header, struct cursor *cursor, const char *name,
                       struct at_failure *failure)
{
  header->fortran_order = word_take(cursor, "True");
  if (header->fortran_order || word_take(cursor, "False")) {
    return 0;
  }
  return at_fail(failure, "%s: 'fortran_order' is neither True nor False; the header is damaged",
                 name);
}

/* A tuple: () or (3,) or (3, 4) or (3, 4,). A number alone in parentheses is no tuple. */
static int shape_parse(struct header *header, struct cursor *cursor, const char *name,
                       struct at_failure *failure)
{
  bool comma = true;
  bool good = character_take(cursor, '(');
  header->rank = 0;
  while (good && !character_take(cursor, ')')) {
    size_t extent = 0;
    good = comma && number_take(&extent, cursor);
    if (good && header->rank == AT_MAX_RANK) {
      return at_fail(failure, "%s: more than %d dimensions; at most %d are accepted", name,
                     AT_MAX_RANK, AT_MAX_RANK);
    }
    if (good) {
      header->shape[header->rank++] = extent;
    }
    comma = character_take(cursor, ',');
  }
  if (good && (header->rank != 1 || comma)) {
    return 0;
  }
  return at_fail(failure, "%s: the shape is not a tuple of sizes below 2^64; the header is damaged",
                 name);
}

/* One `key: value` of the dictionary; seen: one bit for each key, each allowed once. */
static int item_parse(struct header *header, unsigned *seen, struct cursor *cursor,
                      const char *name, struct at_failure *failure)
{
  static const char *const keys[] = {"descr", "fortran_order", "shape"};
  char key[24];
  unsigned which = 0;
  if (!string_take(key, sizeof key, cursor) || !character_take(cursor, ':')) {
    return at_fail(failure, "%s: the header is not a dictionary; a .npy header is expected", name);
  }
  while (which < 3 && strcmp(key, keys[which]) != 0) {
    which++;
  }
  if (which == 3 || (*seen >> which & 1) != 0) {
    return at_fail(failure,
                   "%s: the header has an unknown or repeated key '%s'; 'descr', 'fortran_order' "
                   "and 'shape', once each, are accepted",
                   name, key);
  }
  *seen |= 1U << which;
  switch (which) {
  case 0: return type_parse(header, cursor, name, failure);
  case 1: return order_parse(header, cursor, name, failure);
  default: return shape_parse(header, cursor, name, failure);
  }
}

static int dictionary_parse(struct header *header, struct cursor *cursor, const char *name,
                            struct at_failure *failure)
{
  unsigned seen = 0;
  bool comma = true;
  bool good = character_take(cursor, '{');
  while (good && !character_take(cursor, '}')) {
    if (!comma) {
      good = false;
    } else if (item_parse(header, &seen, cursor, name, failure) != 0) {
      return -1;
    }
    comma = character_take(cursor, ',');
  }
  blanks_skip(cursor);
  if (!good || cursor->next != cursor->end) {
    return at_fail(failure, "%s: the header is not one dictionary; a .npy header is expected",
                   name);
  }
  if (seen != 7) {
    return at_fail(
      failure, "%s: the header lacks a key; 'descr', 'fortran_order' and 'shape' are needed", name);
  }
  return 0;
}

/* Magic, version and the length of the header, whose text is left in *cursor. */
static int prefix_parse(struct header *header, struct cursor *cursor, const unsigned char *bytes,
                        size_t size, const char *name, struct at_failure *failure)
{
  if (size < PREFIX) {
    return at_fail(failure, "%s: only %zu bytes long; a .npy file is expected", name, size);
  }
  if (memcmp(bytes, magic, sizeof magic) != 0) {
    return at_fail(failure, "%s: does not begin like a .npy file; save it with numpy.save", name);
  }
  unsigned major = bytes[6];
  if (major < 1 || major > 3 || bytes[7] != 0) {
    return at_fail(failure, "%s: .npy version %u.%u; versions 1.0, 2.0 and 3.0 are accepted", name,
                   major, (unsigned)bytes[7]);
  }
  size_t length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
  size_t start = PREFIX;
  if (major >= 2) {
    start = PREFIX + 2;
    length |= size < start ? 0 : (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
  }
  if (length > MAX_HEADER) {
    return at_fail(failure, "%s: the header claims %zu bytes; at most %d are accepted", name,
                   length, MAX_HEADER);
  }
  if (size < start || size - start < length) {
    return at_fail(failure, "%s: the file ends within its header; it is cut off", name);
  }
  *cursor = (struct cursor){bytes + start, bytes + start + length};
  header->data_offset = start + length;
  return 0;
}

/* *count: the entries, once the shape, the order and the bytes after the header fit together. */
static int extent_check(size_t *count, const struct header *header, size_t size, const char *name,
                        struct at_failure *failure)
{
  size_t available = size - header->data_offset;
  if (header->fortran_order && header->rank > 1) {
    return at_fail(
      failure, "%s: Fortran order; C order is accepted: save numpy.ascontiguousarray(array)", name);
  }
  if (at_shape_count(count, header->shape, header->rank, available / header->entry_size) != 0) {
    return at_fail(failure,
                   "%s: the shape promises more entries than the %zu bytes after the header hold; "
                   "the file is cut off or its shape is wrong",
                   name, available);
  }
  if (*count == 0) {
    return at_fail(failure, "%s: the array is empty; at least one entry is needed", name);
  }
  if (*count * header->entry_size != available) {
    return at_fail(failure,
                   "%s: bytes left over after the array: %zu; a file of one array is accepted",
                   name, available - *count * header->entry_size);
  }
  return 0;
}

/* The bytes of one entry, least significant in the lowest bits. */
static uint64_t entry_bits(const unsigned char *entry, const struct header *header)
{
  uint64_t bits = 0;
  for (size_t i = 0; i < header->entry_size; i++) {
    size_t from_most = header->big_endian ? i : header->entry_size - 1 - i;
    bits = bits << 8 | entry[from_most];
  }
  return bits;
}

/* *value: the entry as a double. Returns -1 for NaN, infinity and integers beyond 2^53. */
static int entry_decode(double *value, const unsigned char *entry, const struct header *header)
{
  uint64_t bits = entry_bits(entry, header);
  if (header->kind == 'f' && header->entry_size == 8) {
    memcpy(value, &bits, sizeof *value);
  } else if (header->kind == 'f') {
    uint32_t word = (uint32_t)bits;
    float single;
    memcpy(&single, &word, sizeof single);
    *value = (double)single;
  } else if (header->kind == 'u') {
    *value = (double)bits;
  } else {
    uint64_t sign = UINT64_C(1) << ((8 * header->entry_size - 1) & 63);
    uint64_t magnitude = (bits & sign) != 0 ? (2 * (sign - 1) + 2) - bits : bits;
    *value = (bits & sign) != 0 ? -(double)magnitude : (double)magnitude;
    return magnitude <= UINT64_C(1) << 53 ? 0 : -1;
  }
  return *value >= -DBL_MAX && *value <= DBL_MAX ? 0 : -1;
}

static int entries_decode(struct at_array *array, const unsigned char *entries,
                          const struct header *header, const char *name, struct at_failure *failure)
{
  for (size_t i = 0; i < array->count; i++) {
    if (entry_decode(&array->value[i], entries + i * header->entry_size, header) != 0) {
      if (header->kind != 'f') {
        return at_fail(failure, "%s: entry %zu exceeds 2^53; smaller integers are accepted", name,
                       i);
      }
      return at_fail(failure, "%s: entry %zu is %s; finite numbers are accepted", name, i,
                     array->value[i] != array->value[i] ? "not a number" : "infinite");
    }
  }
  return 0;
}

int at_npy_parse(struct at_array *array, const unsigned char *bytes, size_t size, const char *name,
                 struct at_failure *failure)
{
  struct header header = {.entry_size = 1};
  struct cursor cursor;
  *array = (struct at_array){0};
  if (prefix_parse(&header, &cursor, bytes, size, name, failure) != 0 ||
      dictionary_parse(&header, &cursor, name, failure) != 0 ||
      extent_check(&array->count, &header, size, name, failure) != 0) {
    *array = (struct at_array){0};
    return -1;
  }
  array->rank = header.rank;
  memcpy(array->shape, header.shape, sizeof array->shape);
  array->value = calloc(array->count, sizeof *array->value);
  if (array->value == NULL) {
    *array = (struct at_array){0};
    return at_fail(failure, "%s: no memory for its %zu bytes as float64; use a smaller array", name,
                   size);
  }
  if (entries_decode(array, bytes + header.data_offset, &header, name, failure) != 0) {
    at_array_free(array);
    return -1;
  }
  return 0;
}

int at_npy_read(struct at_array *array, const char *path, struct at_failure *failure)
{
  unsigned char *bytes;
  size_t size;
  *array = (struct at_array){0};
  if (at_file_read(&bytes, &size, path, AT_MAX_NPY_BYTES, failure) != 0) {
    return -1;
  }
  int result = at_npy_parse(array, bytes, size, path, failure);
  free(bytes);
  return result;
}

/* Writes magic, version, length and dictionary into header[MAX_WRITTEN_HEADER], padded with blanks
 * so that the entries start at a multiple of 64 bytes, and returns their length. */
static size_t header_write(unsigned char *header, const size_t *shape, size_t rank)
{
  char text[MAX_WRITTEN_HEADER];
  int length = snprintf(text, sizeof text, "{'descr': '<f8', 'fortran_order': False, 'shape': (");
  for (size_t axis = 0; axis < rank; axis++) {
    const char *separator = axis + 1 < rank ? ", " : rank == 1 ? "," : "";
    length +=
      snprintf(text + length, sizeof text - (size_t)length, "%zu%s", shape[axis], separator);
  }
  length += snprintf(text + length, sizeof text - (size_t)length, "), }");
  size_t unpadded = PREFIX + (size_t)length + 1;
  size_t total = (unpadded + ENTRY_ALIGNMENT - 1) / ENTRY_ALIGNMENT * ENTRY_ALIGNMENT;
  memset(header, ' ', total);
  memcpy(header, magic, sizeof magic);
  header[6] = 1;
  header[7] = 0;
  header[8] = (unsigned char)((total - PREFIX) & 0xFF);
  header[9] = (unsigned char)((total - PREFIX) >> 8);
  memcpy(header + PREFIX, text, (size_t)length);
  header[total - 1] = '\n';
  return total;
}

int at_npy_write(const char *path, const double *value, const size_t *shape, size_t rank,
                 struct at_failure *failure)
{
  unsigned char header[MAX_WRITTEN_HEADER];
  size_t count;
  if (rank > AT_MAX_RANK || at_shape_count(&count, shape, rank, AT_MAX_NPY_BYTES / 16) != 0) {
    return at_fail(failure,
                   "%s: the array is too large to be written as .npy; rank %d and 2^30 "
                   "entries are the most",
                   path, AT_MAX_RANK);
  }
  size_t offset = header_write(header, shape, rank);
  unsigned char *bytes = malloc(offset + count * sizeof *value);
  if (bytes == NULL) {
    return at_fail(failure, "%s: no memory to write %zu entries; write a smaller array", path,
                   count);
  }
  memcpy(bytes, header, offset);
  for (size_t i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &value[i], sizeof bits);
    for (size_t byte = 0; byte < sizeof bits; byte++) {
      bytes[offset + i * sizeof bits + byte] = (unsigned char)(bits >> (8 * byte) & 0xFF);
    }
  }
  int result = at_file_write(path, bytes, offset + count * sizeof *value, failure);
  free(bytes);
  return result;
}
