/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read IDX files, the format of the MNIST family: bytes 0 0 type rank, then rank
 * big-endian 32-bit extents, then the entries; usually compressed with gzip.
 * Main result: a file that is not exactly one array of unsigned bytes is refused with a line that
 * says why; decompression stops at a stated limit, so a small file cannot fill the memory.
 * Assumptions: zlib. Test: tests/harness/data/test_idx.c, tests/fuzz/fuzz_idx.c.
 */
#ifndef AT_HARNESS_DATA_IDX_H
#define AT_HARNESS_DATA_IDX_H

#include <stddef.h>

#include "harness/failure.h"

enum { AT_MAX_IDX_RANK = 4 };

/* The largest content, after decompression, that is accepted: 256 MiB (the largest file of
 * Fashion-MNIST holds 45 MiB). */
#define AT_MAX_IDX_BYTES ((size_t)1 << 28)

/* value: `count` bytes, last index fastest. Owned by the struct: at_idx_free. */
struct at_idx {
  size_t rank;
  size_t shape[AT_MAX_IDX_RANK];
  size_t count;
  unsigned char *value;
};

/* Reads the array in bytes[size], gzip-compressed or plain (told apart by their first bytes);
 * at most `limit` bytes of content. `name` stands first in the failure line.
 * Errors: not gzip nor IDX, damaged or cut off, an element type other than unsigned bytes, rank 0
 * or beyond AT_MAX_IDX_RANK, an extent 0, bytes missing or left over, content beyond the limit. */
int at_idx_parse(struct at_idx *idx, const unsigned char *bytes, size_t size, size_t limit,
                 const char *name, struct at_failure *failure);

/* Reads the file `path` with the limit AT_MAX_IDX_BYTES. */
int at_idx_read(struct at_idx *idx, const char *path, struct at_failure *failure);

/* Frees the entries and zeroes *idx; harmless on a zeroed struct. */
void at_idx_free(struct at_idx *idx);

#endif
