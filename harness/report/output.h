/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: where a report goes: a file, whole or not at all, or standard output for "-".
 * Test: tests/harness/report/test_csv.c.
 */
#ifndef AT_REPORT_OUTPUT_H
#define AT_REPORT_OUTPUT_H

#include <stddef.h>

#include "harness/failure.h"

/* Writes `size` bytes to the file `path` (at_file_write), or to standard output when it is "-".
 * Errors: the destination cannot be written. */
int at_output_write(const char *path, const char *text, size_t size, struct at_failure *failure);

#endif
