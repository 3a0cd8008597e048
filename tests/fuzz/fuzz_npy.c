/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: fuzz target for the reader of .npy files.
 * Main result: for every input the reader returns, and what it accepts is consistent: the shape
 * gives the count, every entry is finite, and what it refuses has a line and no memory.
 * Assumptions: run by libFuzzer (make fuzz) or by replay.c (make check).
 */
#include <float.h>
#include <stdint.h>
#include <stdlib.h>

#include "harness/data/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  struct at_array array;
  struct at_failure failure = {""};
  if (at_npy_parse(&array, bytes, size, "fuzz", &failure) != 0) {
    if (failure.line[0] == '\0' || array.value != NULL || array.count != 0) abort();
    return 0;
  }
  size_t count = 0;
  if (array.rank > AT_MAX_RANK || at_shape_count(&count, array.shape, array.rank, SIZE_MAX) != 0 ||
      count != array.count || count == 0) {
    abort();
  }
  for (size_t i = 0; i < count; i++) {
    if (!(array.value[i] >= -DBL_MAX && array.value[i] <= DBL_MAX)) abort();
  }
  at_array_free(&array);
  return 0;
}
