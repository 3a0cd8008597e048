/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see descent.h, whose letters are used.
 */
#include "harness/sweep/descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bounds/format.h"
#include "harness/sweep/triangular.h"
#include "kernel/double_guard.h"

enum { TOKENS = 2 };

static const double unit = 0x1.029p-53; /* 1.01 * 2^-53, rounded up */
static const double tiny = 0x1p-1000;
static const double slightly = 1.01;

/* Bounds of one token: value error, magnitude of the value. */
struct token_bound {
  double norm, error, most;
};

/* What the bounds of a sample's parts need of the iterate. */
struct iterate {
  double v_norm, p_norm, v_error, p_error, dot_error;
};

double at_norm_bound(const double *x, size_t n)
{
  double sum = 0.0;
  bool zero = true;
  for (size_t k = 0; k < n; k++) {
    sum += x[k] * x[k];
    zero = zero && x[k] == 0.0;
  }
  /* n <= 65536 additions: within 2^-36; squares that underflow add up to less than 2^-1000 */
  return zero ? 0.0 : sqrt(sum) * (1.0 + 0x1p-36) + 0x1p-500;
}

int at_descent_init(struct at_descent *descent, size_t samples, size_t dim,
                    struct at_failure *failure)
{
  double **by_dim[] = {&descent->v, &descent->p, &descent->v_next, &descent->p_next};
  double **by_row[] = {&descent->score_coefficients, &descent->value_coefficients,
                       &descent->weights};
  double **by_sample[] = {&descent->outputs, &descent->output_error, &descent->weight_error,
                          &descent->scratch};
  bool missing = false;
  memset(descent, 0, sizeof *descent);
  for (size_t k = 0; k < 4; k++) missing |= (*by_dim[k] = calloc(dim, sizeof(double))) == NULL;
  for (size_t k = 0; k < 3; k++)
    missing |= (*by_row[k] = calloc(samples * TOKENS, sizeof(double))) == NULL;
  for (size_t k = 0; k < 4; k++)
    missing |= (*by_sample[k] = calloc(samples, sizeof(double))) == NULL;
  if (!missing) return 0;
  at_descent_clear(descent);
  return at_fail(failure, "out of memory for %zu samples in %zu dimensions", samples, dim);
}

void at_descent_clear(struct at_descent *descent)
{
  double *owned[] = {descent->v,
                     descent->p,
                     descent->v_next,
                     descent->p_next,
                     descent->score_coefficients,
                     descent->value_coefficients,
                     descent->weights,
                     descent->outputs,
                     descent->output_error,
                     descent->weight_error,
                     descent->scratch};
  for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) free(owned[k]);
  memset(descent, 0, sizeof *descent);
}

/* ---- bounds of one sample ---- */

static struct token_bound token_bound(const struct iterate *at, double norm)
{
  return (struct token_bound){norm, norm * (at->dot_error * at->v_norm + at->v_error),
                              slightly * norm * at->v_norm};
}

/* W, from the two computed weights. */
static double weight_bound(const struct iterate *at, const struct token_bound *token,
                           const double *weight)
{
  const double norms = token[0].norm + token[1].norm;
  const double ratio = norms * (at->dot_error * at->p_norm + at->p_error) +
                       unit * (slightly * norms * at->p_norm + 8.0);
  if (!(ratio <= 0.25)) return 1.0;
  const double larger = weight[0] > weight[1] ? weight[0] : weight[1];
  return 1.3 * ratio * weight[0] * weight[1] + 3.0 * unit * larger + tiny;
}

/* F */
static double output_bound(const struct token_bound *token, const double *weight,
                           double weight_error)
{
  double error = 0.0;
  for (size_t t = 0; t < TOKENS; t++)
    error += weight[t] * (2.0 * unit * token[t].most + token[t].error) +
             weight_error * (token[t].most + token[t].error);
  return error;
}

/* Adds this sample's share of n times the two gradients' errors. */
static void sample_bound(double *v_sum, double *p_sum, const struct iterate *at,
                         const struct token_bound *token, const double *value, const double *score,
                         double sum_error)
{
  const double slope = fabs(value[0]) + fabs(value[1]);
  if (slope == 0.0) { /* everything underflowed: nothing is known but that it is tiny */
    *v_sum += tiny;
    *p_sum += tiny;
    return;
  }
  const double weight[TOKENS] = {fabs(value[0]) / slope, fabs(value[1]) / slope};
  const double doubt = weight_bound(at, token, weight);
  const double output = output_bound(token, weight, doubt);
  const double shift =
    output <= 0.25 && 1.3 * output * slope < 0.25 * output ? 1.3 * output * slope : 0.25 * output;
  const double slope_error = 8.0 * unit * slope + tiny + shift;
  const double most = token[0].most + token[1].most;
  for (size_t t = 0; t < TOKENS; t++) {
    const double own = fabs(value[t]);
    const double coefficient =
      slope_error * slightly * weight[t] + (slope + slope_error) * doubt + unit * own;
    const double distance = (slightly * weight[1 - t] + 5.0 * unit) * most;
    const double deviation = token[t].error + output + unit * distance;
    const double pull =
      own * deviation + coefficient * (distance + deviation) + unit * fabs(score[t]);
    *v_sum += token[t].norm * (sum_error * own + coefficient);
    *p_sum += token[t].norm * (sum_error * fabs(score[t]) + pull);
  }
}

/* ---- the run ---- */

/* Errors of the two gradients of the mean loss, from the coefficients that the step left behind. */
static void gradient_bounds(double *v_gradient, double *p_gradient,
                            const struct at_descent *descent, const struct iterate *at,
                            double signal_norm, const double *noise_norm)
{
  const double samples = (double)descent->samples;
  const double sum_error = (2.0 * samples + 3.0) * unit;
  double v_sum = 0.0;
  double p_sum = 0.0;
  for (size_t i = 0; i < descent->samples; i++) {
    const struct token_bound token[TOKENS] = {token_bound(at, signal_norm),
                                              token_bound(at, noise_norm[i])};
    sample_bound(&v_sum, &p_sum, at, token, descent->value_coefficients + TOKENS * i,
                 descent->score_coefficients + TOKENS * i, sum_error);
  }
  *v_gradient = v_sum / samples;
  *p_gradient = p_sum / samples;
}

/* The error after a step; infinite where the projection may have acted. */
static double stepped(double error, double gradient_error, double step, double norm,
                      double next_norm)
{
  if (next_norm >= 0.5 * AT_MAX_WEIGHT) return INFINITY;
  if (next_norm == 0.0 && norm == 0.0 && error == 0.0) return step * gradient_error;
  return error + slightly * step * gradient_error + unit * (2.5 * next_norm + 1.5 * norm) + tiny;
}

static void swap(double **x, double **y)
{
  double *z = *x;
  *x = *y;
  *y = z;
}

static void step_once(struct at_descent *descent, struct iterate *at,
                      const struct at_token_data *data, const double *noise_norm, double step)
{
  double v_gradient, p_gradient;
  at_triangular_step(descent->v_next, descent->p_next, descent->score_coefficients,
                     descent->value_coefficients, descent->scratch, data, descent->v, descent->p,
                     step);
  gradient_bounds(&v_gradient, &p_gradient, descent, at, data->rho, noise_norm);
  swap(&descent->v, &descent->v_next);
  swap(&descent->p, &descent->p_next);
  const double v_norm = at_norm_bound(descent->v, data->dim);
  const double p_norm = at_norm_bound(descent->p, data->dim);
  at->v_error = stepped(at->v_error, v_gradient, step, at->v_norm, v_norm);
  at->p_error = stepped(at->p_error, p_gradient, step, at->p_norm, p_norm);
  at->v_norm = v_norm;
  at->p_norm = p_norm;
}

/* A dot product's relative error: the height of its tree of additions (vector.h of the bounds). */
static double dot_error(size_t dim)
{
  const size_t lanes = at_format_kernel().lanes;
  size_t height = (dim + lanes - 1) / lanes + 1;
  for (size_t width = 1; width < lanes; width *= 2) height++;
  return (double)height * unit;
}

static void evaluate(struct at_descent *descent, const struct iterate *at,
                     const struct at_token_data *data, const double *noise_norm)
{
  at_triangular_forward(descent->outputs, descent->weights, data, descent->v, descent->p);
  for (size_t i = 0; i < data->samples; i++) {
    const double *weight = descent->weights + TOKENS * i;
    const struct token_bound token[TOKENS] = {token_bound(at, data->rho),
                                              token_bound(at, noise_norm[i])};
    descent->weight_error[i] = weight_bound(at, token, weight);
    descent->output_error[i] = output_bound(token, weight, descent->weight_error[i]);
  }
}

void at_descent_advance(struct at_descent *descent, const struct at_token_data *data,
                        const double *noise_norm, double step, size_t steps)
{
  struct iterate at = {.v_norm = at_norm_bound(descent->v, data->dim),
                       .p_norm = at_norm_bound(descent->p, data->dim),
                       .v_error = descent->v_error,
                       .p_error = descent->p_error,
                       .dot_error = dot_error(data->dim)};
  descent->samples = data->samples;
  descent->dim = data->dim;
  for (size_t k = 0; k < steps; k++) step_once(descent, &at, data, noise_norm, step);
  evaluate(descent, &at, data, noise_norm);
  descent->v_error = at.v_error;
  descent->p_error = at.p_error;
}

void at_descent_run(struct at_descent *descent, const struct at_token_data *data,
                    const double *noise_norm, double step, size_t steps)
{
  memset(descent->v, 0, data->dim * sizeof(double));
  memset(descent->p, 0, data->dim * sizeof(double));
  descent->v_error = descent->p_error = 0.0;
  at_descent_advance(descent, data, noise_norm, step, steps);
}
