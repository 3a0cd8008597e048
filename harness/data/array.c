/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: arrays of doubles with a shape (see array.h).
 * Main result: the product of extents is bounded before each multiplication.
 * Assumptions: none. Test: tests/harness/data/test_npy.c.
 */
#include "harness/data/array.h"

#include <stdlib.h>

void at_array_free(struct at_array *array)
{
  free(array->value);
  *array = (struct at_array){0};
}

int at_shape_count(size_t *count, const size_t *shape, size_t rank, size_t most)
{
  size_t product = 1;
  *count = 0;
  for (size_t axis = 0; axis < rank; axis++) {
    if (shape[axis] == 0) return 0;
  }
  for (size_t axis = 0; axis < rank; axis++) {
    if (shape[axis] > most / product) return -1;
    product *= shape[axis];
  }
  if (product > most) return -1;
  *count = product;
  return 0;
}
