/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see factor.h.
 */
#include "harness/sweep/factor.h"

#include <stdlib.h>
#include <string.h>

#include "harness/sweep/descent.h"

enum { SIGNALS = 2, NOISE = 1, TOKENS = 2 };

/* Length of row r. */
static size_t row_length(size_t r, uint64_t ambient_dim)
{
  return r + SIGNALS < ambient_dim ? r + 1 : (size_t)ambient_dim - SIGNALS;
}

size_t at_factor_size(size_t rows, uint64_t ambient_dim)
{
  const size_t full = row_length(rows, ambient_dim);
  return rows < full ? rows * (rows + 1) / 2 : full * (full + 1) / 2 + (rows - full) * full;
}

int at_factor_init(struct at_factor *factor, uint64_t seed, uint64_t ambient_dim, size_t rows,
                   struct at_failure *failure)
{
  *factor = (struct at_factor){seed, ambient_dim, rows, NULL, NULL};
  factor->entry = malloc(at_factor_size(rows, ambient_dim) * sizeof *factor->entry);
  factor->norm = malloc(rows * sizeof *factor->norm);
  if (factor->entry == NULL || factor->norm == NULL) {
    at_factor_clear(factor);
    return at_fail(failure, "out of memory for the noise of %zu samples", rows);
  }
  double *row = factor->entry;
  for (size_t r = 0; r < rows; r++) {
    const size_t length = at_bartlett_row_draw(row, seed, r, ambient_dim);
    factor->norm[r] = at_norm_bound(row, length);
    row += length;
    if (factor->norm[r] > AT_MAX_ENTRY) {
      at_factor_clear(factor);
      return at_fail(failure,
                     "dim: noise in %llu dimensions is longer than the kernel accepts, 2^20",
                     (unsigned long long)ambient_dim);
    }
  }
  return 0;
}

void at_factor_clear(struct at_factor *factor)
{
  free(factor->entry);
  free(factor->norm);
  *factor = (struct at_factor){0};
}

/* Zeroed arrays of the right shape, unless they are there. */
static int shape_set(struct at_token_data *data, const struct at_synthetic_settings *settings,
                     struct at_failure *failure)
{
  size_t dim;
  if (at_synthetic_dim(&dim, settings, failure) != 0) return -1;
  if (data->samples == settings->samples && data->dim == dim &&
      data->ambient_dim == settings->ambient_dim)
    return 0;
  at_token_data_free(data);
  if (at_token_data_allocate(data, settings->samples, TOKENS, dim, true, failure) != 0) return -1;
  data->synthetic = true;
  data->compressed = true;
  data->ambient_dim = settings->ambient_dim;
  data->seed = settings->seed + 1; /* another than the one that is about to be written */
  return 0;
}

static void noise_write(struct at_token_data *data, const struct at_factor *factor)
{
  const double *row = factor->entry;
  for (size_t r = 0; r < data->samples; r++) {
    const size_t length = row_length(r, factor->ambient_dim);
    memcpy(at_token_row(data, r, NOISE) + SIGNALS, row, length * sizeof *row);
    row += length;
  }
}

static void signals_write(struct at_token_data *data)
{
  for (size_t i = 0; i < data->samples; i++) {
    double *signal = at_token_row(data, i, 0);
    signal[0] = data->clean_label[i] > 0.0 ? data->rho : 0.0;
    signal[1] = data->clean_label[i] > 0.0 ? 0.0 : data->rho;
  }
}

/* As at_synthetic_train draws them; false if the flips cannot be had. */
static bool labels_write(struct at_token_data *data, const struct at_synthetic_settings *settings)
{
  if (settings->balanced)
    at_labels_draw_balanced(data->clean_label, settings->seed, "train.labels", data->samples);
  else
    at_labels_draw(data->clean_label, settings->seed, "train.labels", 0, data->samples);
  return at_labels_flip(data->label, data->clean_label, &settings->flips, settings->seed,
                        "train.flips", 0, data->samples, NULL) == 0;
}

int at_factor_data(struct at_token_data *data, const struct at_factor *factor,
                   const struct at_synthetic_settings *settings, struct at_failure *failure)
{
  if (shape_set(data, settings, failure) != 0) return -1;
  if (data->seed != settings->seed) noise_write(data, factor);
  data->seed = settings->seed;
  data->rho = settings->rho;
  if (!labels_write(data, settings)) return 1;
  signals_write(data);
  at_token_data_count(data);
  for (size_t k = 0; k < AT_CLASSES; k++)
    if (data->clean[k] + data->noisy[k] == 0) return 1;
  return 0;
}
