/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a dense array of doubles with its shape, as the readers of data files return it.
 * Main result: shape arithmetic that cannot overflow.
 * Assumptions: none. Test: tests/harness/data/test_npy.c.
 */
#ifndef AT_HARNESS_DATA_ARRAY_H
#define AT_HARNESS_DATA_ARRAY_H

#include <stddef.h>

enum { AT_MAX_RANK = 8 };

/* value: `count` entries, C order (last index fastest); count is the product of shape[0 .. rank-1],
 * 1 for rank 0. Owned by the struct: at_array_free. */
struct at_array {
  size_t rank;
  size_t shape[AT_MAX_RANK];
  size_t count;
  double *value;
};

/* Frees the entries and zeroes *array; harmless on a zeroed struct. */
void at_array_free(struct at_array *array);

/* *count: the product of the extents. Returns 0, or -1 when it exceeds `most`. */
int at_shape_count(size_t *count, const size_t *shape, size_t rank, size_t most);

#endif
