/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see single_head.h.
 *
 * Doubles become balls in buffers, a row of the data for the scores and values, a block of columns
 * for the gradients, so that every long sum is one call of arb_dot.
 */
#include "harness/enclosure/single_head.h"

#include <string.h>

#include "kernel/capacity.h"

/* Balls of a column block held at once: small enough for the cache, large enough to amortise. */
enum { AT_BLOCK_BALLS = 1 << 14 };

void at_enclosure_point_init(struct at_enclosure_point *point, size_t samples, size_t tokens,
                             size_t dim)
{
  const slong rows = (slong)(samples * tokens);
  point->samples = samples;
  point->tokens = tokens;
  point->dim = dim;
  point->v = _arb_vec_init((slong)dim);
  point->p = _arb_vec_init((slong)dim);
  point->gradient_v = _arb_vec_init((slong)dim);
  point->gradient_p = _arb_vec_init((slong)dim);
  point->scores = _arb_vec_init(rows);
  point->values = _arb_vec_init(rows);
  point->weights = _arb_vec_init(rows);
  point->score_coefficients = _arb_vec_init(rows);
  point->value_coefficients = _arb_vec_init(rows);
  point->outputs = _arb_vec_init((slong)samples);
  point->losses = _arb_vec_init((slong)samples);
  arb_init(point->loss);
  point->projected = false;
}

void at_enclosure_point_clear(struct at_enclosure_point *point)
{
  const slong dim = (slong)point->dim;
  const slong rows = (slong)(point->samples * point->tokens);
  _arb_vec_clear(point->v, dim);
  _arb_vec_clear(point->p, dim);
  _arb_vec_clear(point->gradient_v, dim);
  _arb_vec_clear(point->gradient_p, dim);
  _arb_vec_clear(point->scores, rows);
  _arb_vec_clear(point->values, rows);
  _arb_vec_clear(point->weights, rows);
  _arb_vec_clear(point->score_coefficients, rows);
  _arb_vec_clear(point->value_coefficients, rows);
  _arb_vec_clear(point->outputs, (slong)point->samples);
  _arb_vec_clear(point->losses, (slong)point->samples);
  arb_clear(point->loss);
  memset(point, 0, sizeof *point);
}

void at_enclosure_point_set(struct at_enclosure_point *point, const double *v, const double *p)
{
  at_balls_set_doubles(point->v, v, point->dim);
  at_balls_set_doubles(point->p, p, point->dim);
  point->projected = false;
}

/* scores = X p and values = X v, row by row of the data. A weight vector that is exactly zero (the
 * start, and p after one step from it) costs nothing. */
static void at_enclosure_products(struct at_enclosure_point *point,
                                  const struct at_token_data *data, slong precision)
{
  const size_t dim = point->dim;
  const bool v_zero = _arb_vec_is_zero(point->v, (slong)dim);
  const bool p_zero = _arb_vec_is_zero(point->p, (slong)dim);
  _arb_vec_zero(point->scores, (slong)(point->samples * point->tokens));
  _arb_vec_zero(point->values, (slong)(point->samples * point->tokens));
  if (v_zero && p_zero) return;
  arb_ptr row = _arb_vec_init((slong)dim);
  for (size_t r = 0; r < point->samples * point->tokens; r++) {
    at_balls_set_doubles(row, data->token + r * dim, dim);
    if (!p_zero) at_balls_dot(point->scores + r, row, point->p, dim, precision);
    if (!v_zero) at_balls_dot(point->values + r, row, point->v, dim, precision);
  }
  _arb_vec_clear(row, (slong)dim);
}

/* weights = softmax(scores), shifted by the largest midpoint: any common shift is exact, and this
 * one keeps the exponentials of order one. */
static void at_enclosure_softmax(arb_ptr weights, arb_srcptr scores, size_t tokens, slong precision)
{
  size_t largest = 0;
  for (size_t t = 1; t < tokens; t++)
    if (arf_cmp(arb_midref(scores + t), arb_midref(scores + largest)) > 0) largest = t;
  arf_t shift;
  arf_init(shift);
  arf_set(shift, arb_midref(scores + largest));
  arb_t sum;
  arb_init(sum);
  for (size_t t = 0; t < tokens; t++) {
    arb_sub_arf(weights + t, scores + t, shift, precision);
    arb_exp(weights + t, weights + t, precision);
    arb_add(sum, sum, weights + t, precision);
  }
  for (size_t t = 0; t < tokens; t++) arb_div(weights + t, weights + t, sum, precision);
  arb_clear(sum);
  arf_clear(shift);
}

/* loss = log(1 + exp(-z)) of the margin z. For z < 0 it is -z + log(1 + exp(z)): no overflow. */
static void at_enclosure_loss(arb_t loss, const arb_t margin, slong precision)
{
  arb_t power;
  arb_init(power);
  const bool negative = arf_sgn(arb_midref(margin)) < 0;
  if (negative)
    arb_exp(power, margin, precision);
  else {
    arb_neg(power, margin);
    arb_exp(power, power, precision);
  }
  arb_log1p(power, power, precision);
  if (negative)
    arb_sub(loss, power, margin, precision);
  else
    arb_set(loss, power);
  arb_clear(power);
}

void at_enclosure_point_pool(struct at_enclosure_point *point, const double *label, slong precision)
{
  const size_t tokens = point->tokens;
  arb_t margin;
  arb_init(margin);
  arb_zero(point->loss);
  for (size_t i = 0; i < point->samples; i++) {
    at_enclosure_softmax(point->weights + i * tokens, point->scores + i * tokens, tokens,
                         precision);
    at_balls_dot(point->outputs + i, point->weights + i * tokens, point->values + i * tokens,
                 tokens, precision);
    arb_set(margin, point->outputs + i);
    if (label[i] < 0.0) arb_neg(margin, margin);
    at_enclosure_loss(point->losses + i, margin, precision);
    arb_add(point->loss, point->loss, point->losses + i, precision);
  }
  arb_div_ui(point->loss, point->loss, (ulong)point->samples, precision);
  arb_clear(margin);
}

void at_enclosure_point_forward(struct at_enclosure_point *point, const struct at_token_data *data,
                                slong precision)
{
  at_enclosure_products(point, data, precision);
  at_enclosure_point_pool(point, data->label, precision);
}

/* difference = values[t] - output = sum over s of weights[s] (values[t] - values[s]), for the
 * weights sum to one: exactly zero for one token, and no cancellation for two. */
static void at_enclosure_excess(arb_t difference, arb_srcptr weights, arb_srcptr values, size_t t,
                                size_t tokens, slong precision)
{
  arb_t gap;
  arb_init(gap);
  arb_zero(difference);
  for (size_t s = 0; s < tokens; s++) {
    if (s == t) continue;
    arb_sub(gap, values + t, values + s, precision);
    arb_addmul(difference, weights + s, gap, precision);
  }
  arb_clear(gap);
}

/* The coefficients of sample i: value_c[t] = -y w[t] / (1 + exp(y f)),
 * score_c[t] = value_c[t] (values[t] - f). */
static void at_enclosure_coefficients_of(struct at_enclosure_point *point, double label, size_t i,
                                         slong precision)
{
  const size_t first = i * point->tokens;
  arb_t factor, difference;
  arb_init(factor);
  arb_init(difference);
  arb_set(factor, point->outputs + i);
  if (label < 0.0) arb_neg(factor, factor);
  arb_exp(factor, factor, precision);
  arb_add_ui(factor, factor, 1, precision);
  arb_inv(factor, factor, precision);
  if (label > 0.0) arb_neg(factor, factor);
  for (size_t t = 0; t < point->tokens; t++) {
    arb_ptr value_coefficient = point->value_coefficients + first + t;
    arb_mul(value_coefficient, factor, point->weights + first + t, precision);
    at_enclosure_excess(difference, point->weights + first, point->values + first, t, point->tokens,
                        precision);
    arb_mul(point->score_coefficients + first + t, value_coefficient, difference, precision);
  }
  arb_clear(factor);
  arb_clear(difference);
}

/* Mean gradients of columns first .. first+width-1; block holds width columns of `rows` balls. */
static void at_enclosure_gradient_block(struct at_enclosure_point *point, arb_ptr block,
                                        const double *token, size_t first, size_t width,
                                        slong precision)
{
  const size_t rows = point->samples * point->tokens;
  for (size_t r = 0; r < rows; r++)
    for (size_t k = 0; k < width; k++)
      arb_set_d(block + k * rows + r, token[r * point->dim + first + k]);
  for (size_t k = 0; k < width; k++) {
    arb_ptr gradient_v = point->gradient_v + first + k;
    arb_ptr gradient_p = point->gradient_p + first + k;
    at_balls_dot(gradient_v, point->value_coefficients, block + k * rows, rows, precision);
    at_balls_dot(gradient_p, point->score_coefficients, block + k * rows, rows, precision);
    arb_div_ui(gradient_v, gradient_v, (ulong)point->samples, precision);
    arb_div_ui(gradient_p, gradient_p, (ulong)point->samples, precision);
  }
}

void at_enclosure_point_coefficients(struct at_enclosure_point *point, const double *label,
                                     slong precision)
{
  for (size_t i = 0; i < point->samples; i++)
    at_enclosure_coefficients_of(point, label[i], i, precision);
}

void at_enclosure_point_gradients(struct at_enclosure_point *point,
                                  const struct at_token_data *data, slong precision)
{
  const size_t rows = point->samples * point->tokens;
  const size_t wanted = AT_BLOCK_BALLS / (rows + 1) + 1;
  const size_t columns = wanted < point->dim ? wanted : point->dim;
  arb_ptr block = _arb_vec_init((slong)(columns * rows));
  for (size_t first = 0; first < point->dim; first += columns) {
    const size_t width = point->dim - first < columns ? point->dim - first : columns;
    at_enclosure_gradient_block(point, block, data->token, first, width, precision);
  }
  _arb_vec_clear(block, (slong)(columns * rows));
}

void at_enclosure_point_evaluate(struct at_enclosure_point *point, const struct at_token_data *data,
                                 slong precision)
{
  at_enclosure_point_forward(point, data, precision);
  at_enclosure_point_coefficients(point, data->label, precision);
  at_enclosure_point_gradients(point, data, precision);
}

/* entry = its projection onto [-AT_MAX_WEIGHT, AT_MAX_WEIGHT]; false certifies: already inside. */
static bool at_enclosure_project(arb_t entry, slong precision)
{
  arf_t size;
  arf_init(size);
  arb_get_abs_ubound_arf(size, entry, 64);
  const bool inside = arf_cmp_d(size, AT_MAX_WEIGHT) <= 0;
  arf_clear(size);
  if (inside) return false;
  arb_t bound;
  arb_init(bound);
  arb_set_d(bound, AT_MAX_WEIGHT);
  arb_min(entry, entry, bound, precision);
  arb_neg(bound, bound);
  arb_max(entry, entry, bound, precision);
  arb_clear(bound);
  return true;
}

void at_enclosure_point_step(struct at_enclosure_point *next,
                             const struct at_enclosure_point *point, double step, slong precision)
{
  arb_t size;
  arb_init(size);
  arb_set_d(size, -step);
  bool projected = point->projected;
  for (size_t k = 0; k < point->dim; k++) {
    if (next != point) {
      arb_set(next->v + k, point->v + k);
      arb_set(next->p + k, point->p + k);
    }
    arb_addmul(next->v + k, size, point->gradient_v + k, precision);
    arb_addmul(next->p + k, size, point->gradient_p + k, precision);
    projected = at_enclosure_project(next->v + k, precision) || projected;
    projected = at_enclosure_project(next->p + k, precision) || projected;
  }
  next->projected = projected;
  arb_clear(size);
}

enum at_ball_sign at_enclosure_margin_sign(const struct at_enclosure_point *point,
                                           const struct at_token_data *data, size_t sample)
{
  const enum at_ball_sign sign = at_ball_sign(point->outputs + sample);
  if (sign == AT_SIGN_ZERO || sign == AT_SIGN_UNDECIDED || data->label[sample] > 0.0) return sign;
  return sign == AT_SIGN_POSITIVE ? AT_SIGN_NEGATIVE : AT_SIGN_POSITIVE;
}

bool at_enclosure_point_is_decided(const struct at_enclosure_point *point)
{
  for (size_t i = 0; i < point->samples; i++)
    if (at_ball_sign(point->outputs + i) == AT_SIGN_UNDECIDED) return false;
  return at_balls_are_tight(point->outputs, point->samples) &&
         at_balls_are_tight(point->losses, point->samples) &&
         at_balls_are_tight(point->weights, point->samples * point->tokens) &&
         at_balls_are_tight(point->loss, 1);
}
