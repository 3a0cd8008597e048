/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: allocate, count, validate and free token data (see token_data.h).
 * Main result: validated data meets the kernel's preconditions.
 * Assumptions: POSIX (the size of the machine's memory).
 * Test: tests/harness/data/test_token_data.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/data/token_data.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int size_check(const char *what, size_t size, size_t most, struct at_failure *failure)
{
  if (size >= 1 && size <= most) {
    return 0;
  }
  return at_fail(failure, "%s: %zu is out of range; between 1 and %zu is accepted", what, size,
                 most);
}

/* An array that exceeds the memory would be granted and then kill the process, so it is refused
 * first. The product cannot overflow: the capacities keep it below 2^34 * 8. */
static int memory_check(size_t entries, struct at_failure *failure)
{
  long pages = sysconf(_SC_PHYS_PAGES);
  long page = sysconf(_SC_PAGESIZE);
  double bytes = (double)entries * (double)sizeof(double);
  if (pages > 0 && page > 0 && bytes > (double)pages * (double)page) {
    return at_fail(failure,
                   "token data: needs %.1f GiB and this machine has %.1f GiB; use fewer samples, "
                   "tokens or coordinates",
                   bytes * 0x1p-30, (double)pages * (double)page * 0x1p-30);
  }
  return 0;
}

int at_token_data_allocate(struct at_token_data *data, size_t samples, size_t tokens, size_t dim,
                           bool with_clean_labels, struct at_failure *failure)
{
  *data = (struct at_token_data){0};
  if (size_check("samples n", samples, AT_MAX_SAMPLES, failure) != 0 ||
      size_check("tokens T", tokens, AT_MAX_TOKENS, failure) != 0 ||
      size_check("dimension d", dim, AT_MAX_DIM, failure) != 0 ||
      memory_check(samples * tokens * dim, failure) != 0) {
    return -1;
  }
  data->token = calloc(samples * tokens * dim, sizeof *data->token);
  data->label = calloc(samples, sizeof *data->label);
  data->clean_label = with_clean_labels ? calloc(samples, sizeof *data->clean_label) : NULL;
  if (data->token == NULL || data->label == NULL ||
      (with_clean_labels && data->clean_label == NULL)) {
    at_token_data_free(data);
    return at_fail(failure,
                   "token data: no memory for %zu samples of %zu tokens in %zu dimensions; use "
                   "smaller sizes",
                   samples, tokens, dim);
  }
  data->samples = samples;
  data->tokens = tokens;
  data->dim = dim;
  data->ambient_dim = dim;
  return 0;
}

void at_token_data_free(struct at_token_data *data)
{
  free(data->token);
  free(data->label);
  free(data->clean_label);
  *data = (struct at_token_data){0};
}

double *at_token_row(const struct at_token_data *data, size_t sample, size_t token)
{
  return data->token + (sample * data->tokens + token) * data->dim;
}

void at_token_data_count(struct at_token_data *data)
{
  memset(data->clean, 0, sizeof data->clean);
  memset(data->noisy, 0, sizeof data->noisy);
  for (size_t i = 0; i < data->samples; i++) {
    double clean_label = data->clean_label != NULL ? data->clean_label[i] : data->label[i];
    size_t class = clean_label > 0.0 ? 0 : 1;
    if (data->label[i] * clean_label > 0.0) {
      data->clean[class]++;
    } else {
      data->noisy[class]++;
    }
  }
}

static int labels_check(const double *label, const char *what, size_t samples, const char *name,
                        struct at_failure *failure)
{
  for (size_t i = 0; i < samples; i++) {
    if (!(label[i] == 1.0 || label[i] == -1.0)) {
      return at_fail(failure, "%s: %s of sample %zu is %g; +1 and -1 are accepted", name, what, i,
                     label[i]);
    }
  }
  return 0;
}

static int classes_check(const double *label, const char *what, size_t samples, const char *name,
                         struct at_failure *failure)
{
  for (size_t i = 1; i < samples; i++) {
    if (label[i] * label[0] < 0.0) {
      return 0;
    }
  }
  return at_fail(failure,
                 "%s: every %s is %+g, so one class is missing; samples of both classes are needed",
                 name, what, label[0]);
}

/* A NaN fails both comparisons, an infinity one of them. */
static int entries_check(const struct at_token_data *data, const char *name,
                         struct at_failure *failure)
{
  size_t entries = data->samples * data->tokens * data->dim;
  for (size_t i = 0; i < entries; i++) {
    if (!(data->token[i] >= -AT_MAX_ENTRY && data->token[i] <= AT_MAX_ENTRY)) {
      return at_fail(failure,
                     "%s: sample %zu, token %zu, coordinate %zu is %g; finite numbers of size up "
                     "to 2^20 are accepted: scale the data",
                     name, i / data->dim / data->tokens, i / data->dim % data->tokens,
                     i % data->dim, data->token[i]);
    }
  }
  return 0;
}

int at_token_data_validate(const struct at_token_data *data, const char *name,
                           struct at_failure *failure)
{
  if (size_check("samples n", data->samples, AT_MAX_SAMPLES, failure) != 0 ||
      size_check("tokens T", data->tokens, AT_MAX_TOKENS, failure) != 0 ||
      size_check("dimension d", data->dim, AT_MAX_DIM, failure) != 0 ||
      labels_check(data->label, "the label", data->samples, name, failure) != 0) {
    return -1;
  }
  if (data->clean_label == NULL) {
    if (classes_check(data->label, "label", data->samples, name, failure) != 0) {
      return -1;
    }
  } else if (labels_check(data->clean_label, "the clean label", data->samples, name, failure) !=
               0 ||
             classes_check(data->clean_label, "clean label", data->samples, name, failure) != 0) {
    return -1;
  }
  return entries_check(data, name, failure);
}
