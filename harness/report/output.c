/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: write a finished report (see output.h).
 * Test: tests/harness/report/test_csv.c.
 */
#include "harness/report/output.h"

#include <stdio.h>
#include <string.h>

#include "harness/data/file.h"

int at_output_write(const char *path, const char *text, size_t size, struct at_failure *failure)
{
  if (strcmp(path, "-") != 0) {
    return at_file_write(path, text, size, failure);
  }
  if (fwrite(text, 1, size, stdout) != size || fflush(stdout) != 0) {
    return at_fail(failure, "standard output: cannot be written");
  }
  return 0;
}
