/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: draw the synthetic data of the single-head model (see synthetic.h).
 * Main result: the Bartlett factor of the training noise, row by row, and fresh test noise in the
 * same coordinates.
 * Assumptions: none beyond normal.h. Test: tests/harness/data/test_synthetic.c.
 */
#include "harness/data/synthetic.h"

#include "harness/data/normal.h"

/* The two coordinates that hold the signals; the noise has the others. */
enum { SIGNALS = 2 };

/* Test samples are numbered below this, which keeps every index below 2^57. */
static const uint64_t test_samples_end = UINT64_C(1) << 35;

static int sizes_check(const struct at_synthetic_settings *settings, struct at_failure *failure)
{
  if (settings->samples < 1 || settings->samples > AT_MAX_SAMPLES) {
    return at_fail(failure, "samples n: %zu is out of range; between 1 and %d is accepted",
                   settings->samples, AT_MAX_SAMPLES);
  }
  if (settings->tokens < 2 || settings->tokens > AT_MAX_TOKENS) {
    return at_fail(failure,
                   "tokens T: %zu is out of range; between 2 (signal and noise) and %d is accepted",
                   settings->tokens, AT_MAX_TOKENS);
  }
  if (settings->ambient_dim <= SIGNALS || settings->ambient_dim > AT_MAX_AMBIENT_DIM) {
    return at_fail(failure,
                   "ambient dimension D: %llu is out of range; between 3 (two signals and noise "
                   "orthogonal to them) and 10^18 is accepted",
                   (unsigned long long)settings->ambient_dim);
  }
  return 0;
}

int at_synthetic_dim(size_t *dim, const struct at_synthetic_settings *settings,
                     struct at_failure *failure)
{
  *dim = 0;
  if (sizes_check(settings, failure) != 0) {
    return -1;
  }
  uint64_t noise_tokens = (uint64_t)settings->samples * (settings->tokens - 1);
  uint64_t wanted = settings->ambient_dim;
  bool compressed = settings->coordinates == AT_COORDINATES_COMPRESSED;
  if (compressed && noise_tokens + SIGNALS < wanted) {
    wanted = noise_tokens + SIGNALS;
  }
  if (wanted > AT_MAX_DIM) {
    return at_fail(failure,
                   compressed ? "dimension d': min(n(T-1), D-2) + 2 is %llu; at most %d is "
                                "accepted: use fewer samples or tokens"
                              : "dimension d: full coordinates need %llu; at most %d is accepted: "
                                "use compressed coordinates",
                   (unsigned long long)wanted, AT_MAX_DIM);
  }
  *dim = (size_t)wanted;
  return 0;
}

static int settings_check(const struct at_synthetic_settings *settings, struct at_failure *failure)
{
  if (!(settings->rho > 0.0 && settings->rho <= AT_MAX_ENTRY)) {
    return at_fail(failure, "rho: %g is out of range; a signal norm in (0, 2^20] is accepted",
                   settings->rho);
  }
  if (!settings->flips.exact_count && !(settings->flips.eta >= 0.0 && settings->flips.eta <= 1.0)) {
    return at_fail(failure, "eta: %g is out of range; a probability in [0, 1] is accepted",
                   settings->flips.eta);
  }
  return 0;
}

/* Allocates the data and fills in all that the settings alone decide. */
static int data_prepare(struct at_token_data *data, const struct at_synthetic_settings *settings,
                        size_t samples, struct at_failure *failure)
{
  size_t dim;
  *data = (struct at_token_data){0};
  if (at_synthetic_dim(&dim, settings, failure) != 0 || settings_check(settings, failure) != 0 ||
      at_token_data_allocate(data, samples, settings->tokens, dim, true, failure) != 0) {
    return -1;
  }
  data->synthetic = true;
  data->compressed = settings->coordinates == AT_COORDINATES_COMPRESSED;
  data->ambient_dim = settings->ambient_dim;
  data->seed = settings->seed;
  data->rho = settings->rho;
  return 0;
}

static void signals_write(struct at_token_data *data)
{
  for (size_t i = 0; i < data->samples; i++) {
    at_token_row(data, i, 0)[data->clean_label[i] > 0.0 ? 0 : 1] = data->rho;
  }
}

static const char train_noise[] = "train.noise";

/* Row r of the Bartlett factor: min(r, D-2) normals, then the chi if the diagonal reaches r. */
size_t at_bartlett_row_draw(double *row, uint64_t seed, size_t r, uint64_t ambient_dim)
{
  const struct at_stream stream = at_stream_open(seed, train_noise);
  const uint64_t noise_dim = ambient_dim - SIGNALS;
  const uint64_t normals = r < noise_dim ? r : noise_dim;
  const uint64_t first = r == 0 ? 0 : (uint64_t)r * (r - 1) / 2;
  at_normal_fill(row, &stream, first, (size_t)normals);
  if (r >= noise_dim) {
    return (size_t)normals;
  }
  row[r] = at_chi(&stream, r, noise_dim - r);
  return r + 1;
}

static void train_noise_draw(struct at_token_data *data,
                             const struct at_synthetic_settings *settings)
{
  struct at_stream stream = at_stream_open(settings->seed, train_noise);
  size_t noise_dim = data->dim - SIGNALS;
  for (size_t i = 0; i < data->samples; i++) {
    for (size_t t = 1; t < data->tokens; t++) {
      uint64_t r = i * (data->tokens - 1) + t - 1;
      double *row = at_token_row(data, i, t) + SIGNALS;
      if (settings->coordinates == AT_COORDINATES_COMPRESSED) {
        (void)at_bartlett_row_draw(row, settings->seed, r, settings->ambient_dim);
      } else {
        at_normal_fill(row, &stream, r * noise_dim, noise_dim);
      }
    }
  }
}

/* One class missing is the seed's doing, so the line names the seed. */
static int classes_check(const struct at_token_data *data, struct at_failure *failure)
{
  for (size_t k = 0; k < AT_CLASSES; k++) {
    if (data->clean[k] + data->noisy[k] == 0) {
      return at_fail(failure,
                     "seed %llu: no sample of %zu has the clean label %s; both classes are needed: "
                     "use another seed or more samples",
                     (unsigned long long)data->seed, data->samples, k == 0 ? "+1" : "-1");
    }
  }
  return 0;
}

static int train_fill(struct at_token_data *data, const struct at_synthetic_settings *settings,
                      struct at_failure *failure)
{
  if (settings->balanced) {
    at_labels_draw_balanced(data->clean_label, settings->seed, "train.labels", data->samples);
  } else {
    at_labels_draw(data->clean_label, settings->seed, "train.labels", 0, data->samples);
  }
  if (at_labels_flip(data->label, data->clean_label, &settings->flips, settings->seed,
                     "train.flips", 0, data->samples, failure) != 0) {
    return -1;
  }
  at_token_data_count(data);
  if (classes_check(data, failure) != 0) {
    return -1;
  }
  signals_write(data);
  train_noise_draw(data, settings);
  return at_token_data_validate(data, "synthetic training data", failure);
}

int at_synthetic_train(struct at_token_data *data, const struct at_synthetic_settings *settings,
                       struct at_failure *failure)
{
  if (data_prepare(data, settings, settings->samples, failure) != 0) {
    return -1;
  }
  if (train_fill(data, settings, failure) != 0) {
    at_token_data_free(data);
    return -1;
  }
  return 0;
}

int at_synthetic_test(struct at_token_data *data, const struct at_synthetic_settings *settings,
                      uint64_t first, size_t count, struct at_failure *failure)
{
  if (first >= test_samples_end) {
    *data = (struct at_token_data){0};
    return at_fail(failure, "test samples: number %llu is out of range; below 2^35 is accepted",
                   (unsigned long long)first);
  }
  if (data_prepare(data, settings, count, failure) != 0) {
    return -1;
  }
  const struct at_flip_settings flips = {.eta =
                                           settings->flips.exact_count ? 0.0 : settings->flips.eta};
  at_labels_draw(data->clean_label, settings->seed, "test.labels", first, count);
  if (at_labels_flip(data->label, data->clean_label, &flips, settings->seed, "test.flips", first,
                     count, failure) != 0) {
    at_token_data_free(data);
    return -1;
  }
  at_token_data_count(data);
  signals_write(data);
  struct at_stream stream = at_stream_open(settings->seed, "test.noise");
  size_t noise_dim = data->dim - SIGNALS;
  for (size_t row = 0; row < count * (data->tokens - 1); row++) {
    size_t i = row / (data->tokens - 1);
    size_t t = 1 + row % (data->tokens - 1);
    at_normal_fill(at_token_row(data, i, t) + SIGNALS, &stream,
                   (first * (data->tokens - 1) + row) * noise_dim, noise_dim);
  }
  return 0;
}
