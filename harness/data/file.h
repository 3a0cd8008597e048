/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read and write whole files. Every output of the harness (JSON, CSV, SVG, .npy) goes
 * through at_file_write, so that a reader never meets half a file.
 * Main result: after at_file_write, `path` holds either all the new bytes or exactly what it held
 * before; a full disk, a short write or a failed close is a failure, not a silent loss.
 * Assumptions: POSIX; rename within one directory is atomic.
 * Test: tests/harness/data/test_file.c.
 */
#ifndef AT_HARNESS_DATA_FILE_H
#define AT_HARNESS_DATA_FILE_H

#include <stddef.h>

#include "harness/failure.h"

/* Writes `size` bytes under the name `path`. A new or regular file is written under a temporary
 * name beside it, flushed to the disk and renamed into place (a symbolic link is followed, so the
 * link stays a link). A device, pipe or terminal (/dev/stdout, /dev/full) is written directly.
 * Errors: 0, or -1 with a line naming `path` and the system's reason; the temporary is removed. */
int at_file_write(const char *path, const void *bytes, size_t size, struct at_failure *failure);

/* Reads the whole file into *bytes (malloc'ed, to be freed by the caller; one NUL byte follows the
 * last, not counted in *size). Refuses a directory and anything longer than `limit` bytes, or than
 * 256 MiB if it is no regular file (a device or pipe may never end).
 * Errors: 0, or -1 with *bytes NULL, *size 0 and a line naming `path`. */
int at_file_read(unsigned char **bytes, size_t *size, const char *path, size_t limit,
                 struct at_failure *failure);

#endif
