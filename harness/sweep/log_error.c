/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see log_error.h, whose letters are used.
 */
#include "harness/sweep/log_error.h"

#include <math.h>

#include "harness/sweep/elementary.h"
#include "harness/sweep/error_quadrature.h"
#include "kernel/double_guard.h"
#include "kernel/logistic.h"

static const double unit = 0x1p-53;
static const double log_two = 0x1.62e42fefa39efp-1;
static const double per_log_ten = 0x1.bcb7b1526e50ep-2; /* 1 / ln 10 */

/* A number and how far the exact one may be away. */
struct estimate {
  double value, error;
};

/* The noise parts of the iterate: s_v, s_p, c/s_p, s_r. */
struct noise {
  struct estimate value, score, tilt, residual;
  bool fixed_attention; /* p = 0, exactly */
};

/* |value| is known to one part in sixteen, its sign therefore too. */
static bool is_clear(const struct estimate *x)
{
  return x->error < 0.0625 * fabs(x->value) && fabs(x->value) > 0x1p-400;
}

static double norm(const double *x, size_t n)
{
  double sum = 0.0;
  for (size_t k = 0; k < n; k++) sum += x[k] * x[k];
  return sqrt(sum);
}

/* v.p/|p|, then |v - (v.p/|p|) p/|p||. */
static void split(struct noise *noise, const double *v, const double *p, size_t n)
{
  double dot = 0.0;
  double sum = 0.0;
  for (size_t k = 0; k < n; k++) dot += v[k] * p[k];
  noise->tilt.value = dot / noise->score.value;
  const double along = noise->tilt.value / noise->score.value;
  for (size_t k = 0; k < n; k++) {
    const double rest = v[k] - along * p[k];
    sum += rest * rest;
  }
  noise->residual.value = sqrt(sum);
}

/* Returns false when a law other than the two is possible. */
static bool noise_set(struct noise *noise, const struct at_descent *descent)
{
  const size_t n = descent->dim - AT_CLASSES;
  const double *v = descent->v + AT_CLASSES;
  const double *p = descent->p + AT_CLASSES;
  const double sum_error = ((double)descent->dim + 6.0) * unit;
  noise->value.value = norm(v, n);
  noise->value.error = descent->v_error + sum_error * noise->value.value;
  noise->score.value = norm(p, n);
  noise->score.error = descent->p_error + sum_error * noise->score.value;
  noise->fixed_attention =
    descent->p_error == 0.0 && at_norm_bound(descent->p, descent->dim) == 0.0;
  if (!is_clear(&noise->value)) return false;
  if (noise->fixed_attention) return true;
  if (!is_clear(&noise->score)) return false;
  split(noise, v, p, n);
  const double turn = descent->v_error + 2.2 * (noise->value.value + descent->v_error) *
                                           descent->p_error / noise->score.value;
  noise->tilt.error = turn + sum_error * noise->value.value;
  noise->residual.error = turn + 2.0 * sum_error * noise->value.value;
  return is_clear(&noise->residual);
}

/* Error of log|x|, as the kernel's logarithm computes it. */
static double log_error(const struct estimate *x)
{
  const double size = fabs(x->value);
  const double logarithm = fabs(at_natural_log(size));
  return 1.1 * x->error / size + unit * (4.0 * logarithm + 8.0);
}

/* Natural logarithm of the error of class k, and its bound. */
static bool class_error(struct estimate *result, const struct at_descent *descent,
                        const struct noise *noise, double rho, size_t k)
{
  struct at_error_shape shape = {.rate = 0.0};
  const double v = k == 0 ? descent->v[k] : -descent->v[k];
  const double b = rho * descent->p[k];
  const struct estimate a = {rho * v, rho * descent->v_error + 2.0 * unit * fabs(rho * v)};
  const struct estimate *scale = noise->fixed_attention ? &noise->value : &noise->residual;
  if (!is_clear(&a)) return false;
  const bool negative = a.value < 0.0;
  shape.log_scale = (at_natural_log(fabs(a.value)) + b) - at_natural_log(scale->value);
  shape.log_scale_error = log_error(&a) + log_error(scale) + rho * descent->p_error +
                          4.0 * unit * (fabs(b) + fabs(shape.log_scale));
  bool done;
  if (noise->fixed_attention) {
    done = at_error_fixed_attention(&result->value, &result->error, &shape);
  } else {
    const double tilt = noise->tilt.value / noise->residual.value;
    shape.rate = noise->score.value;
    shape.rate_error = 1.1 * noise->score.error / noise->score.value;
    shape.slope = (k == 1) != negative ? -tilt : tilt;
    shape.slope_error =
      1.1 * (noise->tilt.error + fabs(tilt) * noise->residual.error) / noise->residual.value +
      2.0 * unit * fabs(tilt);
    done = at_error_quadrature(&result->value, &result->error, &shape);
  }
  if (!done || !negative) return done;
  /* log(1 - P); a P so near to one that nothing is left is for the enclosure */
  if (result->value < -700.0) result->value = -700.0;
  const double error = at_exp_signed(result->value);
  const double rest = 1.0 - error;
  if (!(rest > 0x1p-10)) return false;
  result->value = at_natural_log(rest);
  result->error = 1.2 * (result->error * error + 4.0 * unit) / rest + 4.0 * unit;
  return true;
}

bool at_log_error(double *logarithm, double *bound, const struct at_descent *descent, double rho)
{
  struct noise noise;
  struct estimate error[AT_CLASSES];
  if (!noise_set(&noise, descent)) return false;
  for (size_t k = 0; k < AT_CLASSES; k++)
    if (!class_error(&error[k], descent, &noise, rho, k)) return false;
  /* log((e^x + e^y)/2), x >= y: a mean's relative error is at most the larger of the two */
  const size_t larger = error[0].value >= error[1].value ? 0 : 1;
  const double gap = error[1 - larger].value - error[larger].value;
  const double mean =
    error[larger].value + (at_log1p(at_exp_signed(gap < -700.0 ? -700.0 : gap)) - log_two);
  const double doubt = error[0].error > error[1].error ? error[0].error : error[1].error;
  *logarithm = mean * per_log_ten;
  *bound = per_log_ten * (1.01 * doubt + unit * (4.0 * fabs(mean) + 16.0));
  return true;
}
