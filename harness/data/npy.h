/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read and write NumPy's .npy files (format versions 1.0, 2.0 and 3.0, as described in
 * NumPy's reference under numpy.lib.format).
 * Main result: a file that is not exactly one array of an accepted kind is refused with a line that
 * says why; whatever the bytes, no read goes beyond them and nothing is allocated for more entries
 * than the bytes hold. What at_npy_write writes, numpy.load and at_npy_read read back bit by bit.
 * Assumptions: binary32 and binary64 are IEEE (checked at compile time).
 * Test: tests/harness/data/test_npy.c, tests/fuzz/fuzz_npy.c, files of NumPy in tests/corpus/npy.
 *
 * Accepted: element types f8, f4, i8, i4, i2, i1, u1 of either byte order; C order; rank 0 .. 8;
 * finite entries; integers of size up to 2^53 (all are exact doubles). Refused, each with its own
 * line: wrong magic, unknown version, a header that is cut off or not the expected dictionary,
 * Fortran order of rank 2 and more, structured, object, complex, boolean, text and other types, no
 * entries, too few or too many data bytes, NaN and infinity.
 */
#ifndef AT_HARNESS_DATA_NPY_H
#define AT_HARNESS_DATA_NPY_H

#include <stddef.h>

#include "harness/data/array.h"
#include "harness/failure.h"

/* The largest file that at_npy_read opens: 16 GiB. */
#define AT_MAX_NPY_BYTES ((size_t)1 << 34)

/* Reads the array in bytes[size]; `name` stands first in the failure line. */
int at_npy_parse(struct at_array *array, const unsigned char *bytes, size_t size, const char *name,
                 struct at_failure *failure);

/* Reads the file `path`. */
int at_npy_read(struct at_array *array, const char *path, struct at_failure *failure);

/* Writes value (C order, the product of shape[0 .. rank-1] entries) as little-endian float64,
 * version 1.0, whole or not at all (at_file_write).
 * Errors: rank beyond AT_MAX_RANK, memory, and those of at_file_write. */
int at_npy_write(const char *path, const double *value, const size_t *shape, size_t rank,
                 struct at_failure *failure);

#endif
