/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: fuzz target for the reader of IDX files, plain and gzip-compressed.
 * Main result: for every input the reader returns within its limit of content, and what it accepts
 * is consistent; what it refuses has a line and no memory.
 * Assumptions: run by libFuzzer (make fuzz) or by replay.c (make check).
 */
#include <stdint.h>
#include <stdlib.h>

#include "harness/data/array.h"
#include "harness/data/idx.h"

/* Content that the target lets an input expand to: above every file of the corpus. */
enum { LIMIT = 1 << 19 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  struct at_idx idx;
  struct at_failure failure = {""};
  if (at_idx_parse(&idx, bytes, size, LIMIT, "fuzz", &failure) != 0) {
    if (failure.line[0] == '\0' || idx.value != NULL || idx.count != 0) abort();
    return 0;
  }
  size_t count = 0;
  if (idx.rank < 1 || idx.rank > AT_MAX_IDX_RANK || idx.value == NULL ||
      at_shape_count(&count, idx.shape, idx.rank, LIMIT) != 0 || count != idx.count || count == 0) {
    abort();
  }
  at_idx_free(&idx);
  return 0;
}
