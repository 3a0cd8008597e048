/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read IDX files, gzip-compressed or plain (see idx.h).
 * Main result: the decompressed content never exceeds the limit, and its length must be exactly
 * what the header says.
 * Assumptions: zlib. Test: tests/harness/data/test_idx.c.
 */
#include "harness/data/idx.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "harness/data/array.h"
#include "harness/data/file.h"

enum { IDX_UNSIGNED_BYTE = 8, FIRST_CONTENT = 8192, GZIP_WINDOW = 15 + 16 };

/* Content while it is being decompressed. */
struct content {
  unsigned char *bytes;
  size_t size;
  size_t capacity;
};

/* Room for more: doubled, up to one byte beyond the limit so that too much is noticed. */
static int content_grow(struct content *content, size_t limit)
{
  size_t capacity = content->capacity == 0 ? FIRST_CONTENT : 2 * content->capacity;
  capacity = capacity < limit + 1 ? capacity : limit + 1;
  unsigned char *larger = realloc(content->bytes, capacity);
  if (larger == NULL) return -1;
  content->bytes = larger;
  content->capacity = capacity;
  return 0;
}

/* Runs the decompressor until its stream ends. Returns zlib's last status, or Z_BUF_ERROR when the
 * content exceeds the limit or the input ends too early. */
static int stream_inflate(struct content *content, z_stream *stream, size_t limit)
{
  int status = Z_OK;
  while (status == Z_OK) {
    if (content->size == content->capacity) {
      if (content->size > limit) return Z_BUF_ERROR;
      if (content_grow(content, limit) != 0) return Z_MEM_ERROR;
    }
    size_t room = content->capacity - content->size;
    room = room < INT_MAX ? room : INT_MAX;
    stream->next_out = content->bytes + content->size;
    stream->avail_out = (uInt)room;
    status = inflate(stream, Z_NO_FLUSH);
    content->size += room - stream->avail_out;
  }
  return status;
}

static int gzip_inflate(struct content *content, const unsigned char *bytes, size_t size,
                        size_t limit, const char *name, struct at_failure *failure)
{
  z_stream stream = {0};
  if (size > INT_MAX || inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
    return at_fail(failure, "%s: cannot be decompressed here; a smaller gzip file is accepted",
                   name);
  }
  /* zlib reads through this pointer and never writes; its type lost the const in old versions. */
  stream.next_in = (z_const Bytef *)bytes;
  stream.avail_in = (uInt)size;
  int status = stream_inflate(content, &stream, limit);
  size_t left_over = stream.avail_in;
  (void)inflateEnd(&stream);
  if (status == Z_MEM_ERROR) {
    return at_fail(failure, "%s: no memory to decompress it", name);
  }
  if (content->size > limit) {
    return at_fail(failure, "%s: holds more than %zu bytes when decompressed, the most accepted",
                   name, limit);
  }
  if (status == Z_BUF_ERROR) {
    return at_fail(failure, "%s: the gzip data is cut off", name);
  }
  if (status != Z_STREAM_END) {
    return at_fail(failure, "%s: the gzip data is damaged", name);
  }
  if (left_over != 0) {
    return at_fail(failure,
                   "%s: bytes left over after the gzip data: %zu; one gzip member is accepted",
                   name, left_over);
  }
  return 0;
}

static int header_parse(struct at_idx *idx, size_t *offset, const unsigned char *bytes, size_t size,
                        const char *name, struct at_failure *failure)
{
  if (size < 4 || bytes[0] != 0 || bytes[1] != 0) {
    return at_fail(failure, "%s: does not begin like an IDX file (0 0 type rank) or gzip", name);
  }
  if (bytes[2] != IDX_UNSIGNED_BYTE) {
    return at_fail(failure, "%s: IDX element type 0x%02x; 0x08 (unsigned bytes) is accepted", name,
                   (unsigned)bytes[2]);
  }
  size_t rank = bytes[3];
  if (rank < 1 || rank > AT_MAX_IDX_RANK) {
    return at_fail(failure, "%s: IDX rank %zu; 1 to %d is accepted", name, rank, AT_MAX_IDX_RANK);
  }
  if (size < 4 + 4 * rank) {
    return at_fail(failure, "%s: the IDX header is cut off", name);
  }
  idx->rank = rank;
  for (size_t axis = 0; axis < rank; axis++) {
    const unsigned char *word = bytes + 4 + 4 * axis;
    idx->shape[axis] =
      (size_t)word[0] << 24 | (size_t)word[1] << 16 | (size_t)word[2] << 8 | (size_t)word[3];
  }
  *offset = 4 + 4 * rank;
  return 0;
}

/* Reads the array in the decompressed bytes[size]. */
static int plain_parse(struct at_idx *idx, const unsigned char *bytes, size_t size,
                       const char *name, struct at_failure *failure)
{
  size_t offset = 0;
  if (header_parse(idx, &offset, bytes, size, name, failure) != 0) return -1;
  size_t available = size - offset;
  if (at_shape_count(&idx->count, idx->shape, idx->rank, available) != 0) {
    return at_fail(
      failure,
      "%s: the shape promises more entries than the %zu bytes after the header hold; the "
      "file is cut off or its shape is wrong",
      name, available);
  }
  if (idx->count == 0) {
    return at_fail(failure, "%s: the array is empty; at least one entry is needed", name);
  }
  if (idx->count != available) {
    return at_fail(failure,
                   "%s: bytes left over after the array: %zu; a file of one array is accepted",
                   name, available - idx->count);
  }
  idx->value = malloc(idx->count);
  if (idx->value == NULL) {
    return at_fail(failure, "%s: no memory for %zu entries", name, idx->count);
  }
  memcpy(idx->value, bytes + offset, idx->count);
  return 0;
}

int at_idx_parse(struct at_idx *idx, const unsigned char *bytes, size_t size, size_t limit,
                 const char *name, struct at_failure *failure)
{
  struct content content = {0};
  int result = 0;
  *idx = (struct at_idx){0};
  bool gzip = size >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
  if (gzip) {
    result = gzip_inflate(&content, bytes, size, limit, name, failure);
  } else if (size > limit) {
    result = at_fail(failure, "%s: longer than %zu bytes, the most accepted", name, limit);
  }
  if (result == 0) {
    result =
      plain_parse(idx, gzip ? content.bytes : bytes, gzip ? content.size : size, name, failure);
  }
  free(content.bytes);
  if (result != 0) {
    at_idx_free(idx);
  }
  return result;
}

int at_idx_read(struct at_idx *idx, const char *path, struct at_failure *failure)
{
  unsigned char *bytes;
  size_t size;
  *idx = (struct at_idx){0};
  if (at_file_read(&bytes, &size, path, AT_MAX_IDX_BYTES, failure) != 0) return -1;
  int result = at_idx_parse(idx, bytes, size, AT_MAX_IDX_BYTES, path, failure);
  free(bytes);
  return result;
}

void at_idx_free(struct at_idx *idx)
{
  free(idx->value);
  *idx = (struct at_idx){0};
}
