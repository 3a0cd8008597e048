/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: see small_run.h.
 */
#define _XOPEN_SOURCE 700

#include "tests/harness/report/small_run.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/data/file.h"

enum { PATH_SIZE = 256 };

static char directory[PATH_SIZE];

void at_small_run(struct at_run *run)
{
  struct at_failure failure = {""};
  struct at_settings settings;
  at_settings_default(&settings);
  (void)snprintf(settings.preset, sizeof settings.preset, "custom");
  settings.samples = 20;
  settings.dim = 800;
  settings.rho = 8;
  settings.beta = 0.1;
  settings.fixed_noisy = true;
  settings.noisy_per_class = 3;
  settings.seed = 3;
  int result = at_run_init(run, &settings, NULL, &failure);
  CU_ASSERT_STRING_EQUAL(failure.line, "");
  CU_ASSERT_EQUAL_FATAL(result, 0);
}

void at_small_path(char *path, size_t size, const char *name)
{
  const char *parent = getenv("TMPDIR");
  (void)snprintf(directory, sizeof directory, "%s/attest-report-XXXXXX",
                 parent == NULL ? "/tmp" : parent);
  CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
  (void)snprintf(path, size, "%s/%s", directory, name);
}

char *at_small_read(size_t *length, const char *path)
{
  struct at_failure failure = {""};
  unsigned char *bytes = NULL;
  CU_ASSERT_EQUAL_FATAL(at_file_read(&bytes, length, path, (size_t)1 << 24, &failure), 0);
  return (char *)bytes;
}

void at_small_remove(const char *path)
{
  CU_ASSERT_EQUAL(unlink(path), 0);
  CU_ASSERT_EQUAL(rmdir(directory), 0); /* nothing else was left behind */
}
