/* SPDX-License-Identifier: Apache-2.0
 *
 * save.c: each file whole or not at all.
 */
#include "harness/program/save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/data/npy.h"
#include "harness/data/token_file.h"

enum { PATH_SIZE = 4096 };

int at_directory_make(const char *path, struct at_failure *failure)
{
  struct stat status;
  if (mkdir(path, 0777) == 0) return 0;
  const int reason = errno;
  if (reason == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return 0;
  return at_fail(failure, "%s: cannot be made a directory: %s", path,
                 reason == EEXIST ? "a file of that name is there" : strerror(reason));
}

static int join(char *path, const char *directory, const char *name, struct at_failure *failure)
{
  const int length = snprintf(path, PATH_SIZE, "%s/%s", directory, name);
  if (length > 0 && length < PATH_SIZE) return 0;
  return at_fail(failure, "%s: the path is too long", directory);
}

static int save_data(const char *directory, const char *prefix, const struct at_token_data *data,
                     struct at_failure *failure)
{
  char name[3][64];
  char path[3][PATH_SIZE];
  static const char *const parts[] = {"tokens", "labels", "clean_labels"};
  for (size_t k = 0; k < 3; k++) {
    snprintf(name[k], sizeof name[k], "%s%s.npy", prefix, parts[k]);
    if (join(path[k], directory, name[k], failure) != 0) return -1;
  }
  return at_token_file_write(path[0], path[1], data->clean_label != NULL ? path[2] : NULL, data,
                             failure);
}

static int save_weights(const char *directory, const char *letter, size_t step,
                        const double *weights, size_t dim, struct at_failure *failure)
{
  char name[64];
  char path[PATH_SIZE];
  snprintf(name, sizeof name, "%s%zu.npy", letter, step);
  if (join(path, directory, name, failure) != 0) return -1;
  return at_npy_write(path, weights, &dim, 1, failure);
}

int at_data_save(const char *directory, const struct at_token_data *data,
                 struct at_failure *failure)
{
  if (at_directory_make(directory, failure) != 0) return -1;
  return save_data(directory, "", data, failure);
}

int at_run_save(const char *directory, const struct at_run *run, struct at_failure *failure)
{
  if (at_data_save(directory, &run->data, failure) != 0) return -1;
  if (run->test.samples > 0 && save_data(directory, "test_", &run->test, failure) != 0) return -1;
  for (size_t k = 1; k <= run->steps; k++) {
    if (save_weights(directory, "v", k, run->fast[k].v, run->data.dim, failure) != 0) return -1;
    if (save_weights(directory, "p", k, run->fast[k].p, run->data.dim, failure) != 0) return -1;
  }
  return 0;
}
