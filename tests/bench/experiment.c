/* SPDX-License-Identifier: Apache-2.0
 *
 * experiment.c: see experiment.h.
 */
#include "tests/bench/experiment.h"

#include <math.h>
#include <stdlib.h>

#include "harness/data/normal.h"
#include "harness/data/synthetic.h"
#include "harness/sweep/draw.h"
#include "kernel/exp.h"

enum { TOKENS = 2, SIGNALS = 2 };

static struct at_synthetic_settings settings_of(const struct at_bench_experiment *experiment,
                                                enum at_coordinates coordinates)
{
  return (struct at_synthetic_settings){.samples = experiment->samples,
                                        .tokens = TOKENS,
                                        .ambient_dim = experiment->dim,
                                        .rho = experiment->rho,
                                        .flips = {.eta = experiment->eta},
                                        .seed = experiment->seed,
                                        .coordinates = coordinates};
}

/* Whether a sample of signal token (a, b) and noise token (x, q), values and scores, has a positive
 * output: a exp(b) + x exp(q) > 0. */
static int is_positive(double a, double b, double x, double q)
{
  const double top = b > q ? b : q;
  return a * at_exp(b - top) + x * at_exp(q - top) > 0.0;
}

/* Wrong labels among `test` fresh samples, each drawn into `row` (dim) and dropped. */
static size_t wrong_labels(double *row, const double *v, const double *p,
                           const struct at_bench_kernel *kernel,
                           const struct at_bench_experiment *e)
{
  const struct at_stream noise = at_stream_open(e->seed, "test.noise");
  const struct at_stream label = at_stream_open(e->seed, "test.labels");
  size_t wrong = 0;
  row[0] = row[1] = 0.0;
  for (size_t i = 0; i < e->test; i++) {
    at_normal_fill(row + SIGNALS, &noise, i * (e->dim - SIGNALS), e->dim - SIGNALS);
    const size_t k = at_random_word(&label, i) >> 63;
    const int positive = is_positive(e->rho * v[k], e->rho * p[k], kernel->dot(row, v, e->dim),
                                     kernel->dot(row, p, e->dim));
    wrong += positive != (k == 0);
  }
  return wrong;
}

static double fitted(const double *outputs, const double *labels, size_t samples)
{
  size_t count = 0;
  for (size_t i = 0; i < samples; i++) count += labels[i] * outputs[i] > 0.0;
  return (double)count / (double)samples;
}

int at_bench_experiment_full(double *fit, double *error, const struct at_bench_kernel *kernel,
                             const struct at_bench_experiment *experiment)
{
  const struct at_synthetic_settings settings = settings_of(experiment, AT_COORDINATES_FULL);
  const size_t n = experiment->samples, d = experiment->dim;
  struct at_token_data data;
  double *room = calloc(4 * d + 3 * TOKENS * n + n, sizeof *room);
  if (room == NULL) return -1;
  if (at_synthetic_train(&data, &settings, NULL) != 0) {
    free(room);
    return -1;
  }
  double *v = room, *p = v + d, *next_v = p + d, *next_p = next_v + d;
  double *by_score = next_p + d, *by_value = by_score + TOKENS * n;
  double *weights = by_value + TOKENS * n, *outputs = weights + TOKENS * n;
  kernel->step(next_v, next_p, by_score, by_value, data.token, data.label, v, p, experiment->beta,
               n, TOKENS, d);
  kernel->step(v, p, by_score, by_value, data.token, data.label, next_v, next_p, experiment->beta,
               n, TOKENS, d);
  kernel->forward(outputs, weights, data.token, v, p, n, TOKENS, d);
  *fit = fitted(outputs, data.label, n);
  *error = (double)wrong_labels(next_v, v, p, kernel, experiment) / (double)experiment->test;
  at_token_data_free(&data);
  free(room);
  return 0;
}

int at_bench_experiment_law(double *fit, double *error,
                            const struct at_bench_experiment *experiment)
{
  const struct at_synthetic_settings settings = settings_of(experiment, AT_COORDINATES_COMPRESSED);
  struct at_token_data data;
  struct at_descent descent;
  struct at_draw draw;
  if (at_synthetic_train(&data, &settings, NULL) != 0) return -1;
  double *norm = malloc(data.samples * sizeof *norm);
  int bad = norm == NULL;
  if (!bad) bad = at_descent_init(&descent, data.samples, data.dim, NULL) != 0;
  if (!bad) {
    for (size_t i = 0; i < data.samples; i++)
      norm[i] = at_norm_bound(at_token_row(&data, i, 1), data.dim);
    at_draw_compute(&draw, &descent, &data, norm, experiment->beta, 2);
    *fit = (double)(draw.clean_fitted + draw.noisy_fitted) / (double)data.samples;
    *error = draw.has_error ? pow(10.0, draw.log10_error) : NAN;
    at_descent_clear(&descent);
  }
  free(norm);
  at_token_data_free(&data);
  return bad ? -1 : 0;
}
