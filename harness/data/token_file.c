/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: token data in .npy files (see token_file.h).
 * Main result: shapes are checked against each other before the data is used.
 * Assumptions: none. Test: tests/harness/data/test_token_file.c.
 */
#include "harness/data/token_file.h"

#include <stdio.h>
#include <string.h>

#include "harness/data/npy.h"

/* label[n] from a file of shape (n,). */
static int labels_read(double *label, const char *path, size_t samples, struct at_failure *failure)
{
  struct at_array array;
  if (at_npy_read(&array, path, failure) != 0) {
    return -1;
  }
  int result = 0;
  if (array.rank != 1 || array.shape[0] != samples) {
    result = at_fail(failure,
                     "%s: %zu entries of rank %zu; one label for each of the %zu samples, shape "
                     "(%zu,), is accepted",
                     path, array.count, array.rank, samples, samples);
  } else {
    memcpy(label, array.value, samples * sizeof *label);
  }
  at_array_free(&array);
  return result;
}

static int tokens_read(struct at_token_data *data, const char *path, bool with_clean_labels,
                       struct at_failure *failure)
{
  struct at_array array;
  *data = (struct at_token_data){0};
  if (at_npy_read(&array, path, failure) != 0) {
    return -1;
  }
  int result;
  if (array.rank != 3) {
    result = at_fail(failure, "%s: %zu dimensions; an array of shape (n, T, d) is accepted", path,
                     array.rank);
  } else {
    result = at_token_data_allocate(data, array.shape[0], array.shape[1], array.shape[2],
                                    with_clean_labels, failure);
  }
  if (result == 0) {
    memcpy(data->token, array.value, array.count * sizeof *data->token);
  } else if (array.rank == 3) {
    struct at_failure reason = *failure;
    (void)at_fail(failure, "%s: %s", path, reason.line);
  }
  at_array_free(&array);
  return result;
}

int at_token_file_read(struct at_token_data *data, const char *token_path, const char *label_path,
                       const char *clean_path, struct at_failure *failure)
{
  struct at_failure ignored = {""};
  failure = failure != NULL ? failure : &ignored;
  if (tokens_read(data, token_path, clean_path != NULL, failure) != 0) {
    return -1;
  }
  char both[1024]; /* a failure line is shorter */
  (void)snprintf(both, sizeof both, "%s with %s", token_path, label_path);
  if (labels_read(data->label, label_path, data->samples, failure) != 0 ||
      (clean_path != NULL &&
       labels_read(data->clean_label, clean_path, data->samples, failure) != 0) ||
      at_token_data_validate(data, both, failure) != 0) {
    at_token_data_free(data);
    return -1;
  }
  at_token_data_count(data);
  return 0;
}

int at_token_file_write(const char *token_path, const char *label_path, const char *clean_path,
                        const struct at_token_data *data, struct at_failure *failure)
{
  const size_t shape[3] = {data->samples, data->tokens, data->dim};
  if (at_npy_write(token_path, data->token, shape, 3, failure) != 0 ||
      at_npy_write(label_path, data->label, shape, 1, failure) != 0) {
    return -1;
  }
  return clean_path == NULL ? 0 : at_npy_write(clean_path, data->clean_label, shape, 1, failure);
}
