/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see noise_law.h.
 */
#include "harness/enclosure/noise_law.h"

#include "harness/enclosure/ball.h"

void at_noise_law_init(struct at_noise_law *law)
{
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_init(law->signal_value[k]);
    arb_init(law->signal_score[k]);
  }
  arb_init(law->value_variance);
  arb_init(law->score_variance);
  arb_init(law->covariance);
  law->collinear = false;
}

void at_noise_law_clear(struct at_noise_law *law)
{
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_clear(law->signal_value[k]);
    arb_clear(law->signal_score[k]);
  }
  arb_clear(law->value_variance);
  arb_clear(law->score_variance);
  arb_clear(law->covariance);
}

/* x[i] y[j] - x[j] y[i] = 0 for exact balls, without rounding. */
static bool at_minor_is_zero(arb_srcptr x, arb_srcptr y, size_t i, size_t j)
{
  arf_t left, right;
  arf_init(left);
  arf_init(right);
  arf_mul(left, arb_midref(x + i), arb_midref(y + j), ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_mul(right, arb_midref(x + j), arb_midref(y + i), ARF_PREC_EXACT, ARF_RND_DOWN);
  const bool zero = arf_equal(left, right) != 0;
  arf_clear(left);
  arf_clear(right);
  return zero;
}

/* Whether two vectors of `count` balls are known to be parallel: both exact, and every minor with
 * a non-zero pivot of x vanishes (x = 0 is parallel to everything). */
static bool at_are_parallel(arb_srcptr x, arb_srcptr y, size_t count)
{
  size_t pivot = count;
  for (size_t j = 0; j < count; j++) {
    if (!arb_is_exact(x + j) || !arb_is_exact(y + j)) return false;
    if (pivot == count && !arb_is_zero(x + j)) pivot = j;
  }
  if (pivot == count) return true;
  for (size_t i = 0; i < count; i++)
    if (!at_minor_is_zero(x, y, i, pivot)) return false;
  return true;
}

void at_noise_law_set(struct at_noise_law *law, arb_srcptr v, arb_srcptr p, double rho, size_t dim,
                      bool known_collinear, slong precision)
{
  const size_t noise = dim - AT_CLASSES;
  arb_srcptr v_noise = v + AT_CLASSES;
  arb_srcptr p_noise = p + AT_CLASSES;
  arb_t norm;
  arb_init(norm);
  arb_set_d(norm, rho);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_mul(law->signal_value[k], v + k, norm, precision);
    arb_mul(law->signal_score[k], p + k, norm, precision);
    if (k == 1) arb_neg(law->signal_value[k], law->signal_value[k]);
  }
  arb_clear(norm);
  at_balls_dot(law->value_variance, v_noise, v_noise, noise, precision);
  at_balls_dot(law->score_variance, p_noise, p_noise, noise, precision);
  at_balls_dot(law->covariance, v_noise, p_noise, noise, precision);
  law->collinear = known_collinear || noise <= 1 || at_are_parallel(v_noise, p_noise, noise);
}

/* The first row with a non-zero noise part, or the number of rows. */
static size_t at_first_noise_row(const struct at_token_data *data)
{
  const size_t rows = data->samples * data->tokens;
  for (size_t r = 0; r < rows; r++)
    for (size_t k = AT_CLASSES; k < data->dim; k++)
      if (data->token[r * data->dim + k] != 0.0) return r;
  return rows;
}

bool at_noise_is_collinear(const struct at_token_data *data)
{
  const size_t rows = data->samples * data->tokens;
  const size_t first = at_first_noise_row(data);
  if (data->dim <= AT_CLASSES + 1 || first == rows) return true;
  const size_t noise = data->dim - AT_CLASSES;
  arb_ptr axis = _arb_vec_init((slong)noise);
  arb_ptr other = _arb_vec_init((slong)noise);
  at_balls_set_doubles(axis, data->token + first * data->dim + AT_CLASSES, noise);
  bool parallel = true;
  for (size_t r = first + 1; r < rows && parallel; r++) {
    at_balls_set_doubles(other, data->token + r * data->dim + AT_CLASSES, noise);
    parallel = at_are_parallel(axis, other, noise);
  }
  _arb_vec_clear(axis, (slong)noise);
  _arb_vec_clear(other, (slong)noise);
  return parallel;
}
