/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the Gram matrix of the noise tokens (see gram.h).
 * Main result: the inner products of harness/enclosure/inner_products.h over D, and their sums.
 * Assumptions: as gram.h. Test: tests/harness/audit/test_hypotheses.c.
 */
#include "harness/audit/gram.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "harness/enclosure/inner_products.h"

enum { SIGNAL = 0, NOISE = 1, TWO_TOKENS = 2 };

/* Squares of larger numbers, and so the scale R of given data, are normal doubles. */
static const double least_noise = 0x1p-500;

int at_set_label(size_t set)
{
  return set == 0 || set == 3 ? 1 : -1;
}

size_t at_set_class(size_t set)
{
  return set / 2;
}

int at_set_is_noisy(size_t set)
{
  return set % 2 == 1;
}

static size_t sample_set(const struct at_token_data *data, size_t sample)
{
  size_t class_index = data->clean_label[sample] > 0.0 ? 0 : 1;
  return 2 * class_index + (data->label[sample] != data->clean_label[sample]);
}

/* sum = <x, y>, exactly. */
static void dot_exact(arf_t sum, const double *x, const double *y, size_t dim)
{
  arf_t left, right;
  arf_init(left);
  arf_init(right);
  arf_zero(sum);
  for (size_t k = 0; k < dim; k++) {
    if (x[k] != 0.0 && y[k] != 0.0) {
      arf_set_d(left, x[k]);
      arf_set_d(right, y[k]);
      arf_addmul(sum, left, right, ARF_PREC_EXACT, ARF_RND_DOWN);
    }
  }
  arf_clear(left);
  arf_clear(right);
}

static bool is_orthogonal(const double *x, const double *y, size_t dim)
{
  arf_t sum;
  arf_init(sum);
  dot_exact(sum, x, y, dim);
  bool zero = arf_is_zero(sum);
  arf_clear(sum);
  return zero;
}

/* signal[k]: the signal token of the first sample of class k, NULL if the class is empty. */
static void signals_find(const double *signal[AT_CLASSES], const struct at_token_data *data)
{
  for (size_t i = data->samples; i-- > 0;) {
    signal[data->clean_label[i] > 0.0 ? 0 : 1] = at_token_row(data, i, SIGNAL);
  }
}

static const char *signals_obstacle(const double *const signal[AT_CLASSES],
                                    const struct at_token_data *data)
{
  if (signal[0] == NULL || signal[1] == NULL) {
    return "a class has no sample";
  }
  for (size_t i = 0; i < data->samples; i++) {
    const double *own = at_token_row(data, i, SIGNAL);
    const double *common = signal[data->clean_label[i] > 0.0 ? 0 : 1];
    for (size_t k = 0; k < data->dim; k++) {
      if (own[k] != common[k]) {
        return "the signal tokens of a class differ";
      }
    }
  }
  if (!is_orthogonal(signal[0], signal[1], data->dim)) {
    return "the two signals are not orthogonal";
  }
  arf_t norm[AT_CLASSES];
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arf_init(norm[k]);
    dot_exact(norm[k], signal[k], signal[k], data->dim);
  }
  bool zero = arf_is_zero(norm[0]), equal = arf_equal(norm[0], norm[1]);
  arf_clear(norm[0]);
  arf_clear(norm[1]);
  return !equal ? "the two signals differ in norm" : zero ? "the signals are zero" : NULL;
}

static const char *geometry_obstacle(const struct at_token_data *data)
{
  const double *signal[AT_CLASSES] = {NULL, NULL};
  double largest = 0.0;
  signals_find(signal, data);
  const char *obstacle = signals_obstacle(signal, data);
  for (size_t i = 0; i < data->samples && obstacle == NULL; i++) {
    const double *noise = at_token_row(data, i, NOISE);
    if (!is_orthogonal(noise, signal[0], data->dim) ||
        !is_orthogonal(noise, signal[1], data->dim)) {
      obstacle = "a noise token is not orthogonal to the signals";
    }
    for (size_t k = 0; k < data->dim; k++) {
      largest = fmax(largest, fabs(noise[k]));
    }
  }
  return obstacle == NULL && largest < least_noise ? "no noise entry reaches 2^-500" : obstacle;
}

const char *at_gram_obstacle(const struct at_token_data *data)
{
  if (data->tokens != TWO_TOKENS) {
    return "there are more than two tokens";
  }
  if (data->clean_label == NULL) {
    return "clean labels are unknown";
  }
  return geometry_obstacle(data);
}

static arb_ptr gamma_entry(const struct at_gram *gram, size_t i, size_t j)
{
  return i >= j ? gram->gamma + i * (i + 1) / 2 + j : gram->gamma + j * (j + 1) / 2 + i;
}

arb_srcptr at_gram_diagonal(const struct at_gram *gram, size_t sample)
{
  return gamma_entry(gram, sample, sample);
}

static void gamma_fill(struct at_gram *gram, const struct at_token_data *data)
{
  const struct at_rows noise = {at_token_row(data, 0, NOISE), gram->samples,
                                data->tokens * data->dim, data->dim};
  at_inner_products(gram->gamma, &noise, gram->precision);
}

/* scale = D, or for data that stand for no D the middle of the range of |xi_i|^2 as a double: the
 * theorem holds for every R > 0, and this one makes epsilon least. */
static void scale_fill(struct at_gram *gram, const struct at_token_data *data)
{
  if (data->synthetic) {
    arb_set_ui(gram->scale, data->ambient_dim);
    return;
  }
  arf_t least, most;
  arf_init(least);
  arf_init(most);
  arf_set(least, arb_midref(at_gram_diagonal(gram, 0)));
  for (size_t i = 0; i < gram->samples; i++) {
    arf_srcptr norm = arb_midref(at_gram_diagonal(gram, i));
    arf_min(least, least, norm);
    arf_max(most, most, norm);
  }
  arf_add(most, most, least, DBL_MANT_DIG, ARF_RND_NEAR);
  arf_mul_2exp_si(most, most, -1);
  arb_set_arf(gram->scale, most);
  arf_clear(least);
  arf_clear(most);
}

/* ratio = |mu|^2 / R, the inner products over R. */
static void scale_apply(struct at_gram *gram, const struct at_token_data *data)
{
  const double *signal = at_token_row(data, 0, SIGNAL);
  arf_t norm;
  arf_init(norm);
  dot_exact(norm, signal, signal, data->dim);
  arb_set_arf(gram->ratio, norm);
  arf_clear(norm);
  arb_div(gram->ratio, gram->ratio, gram->scale, gram->precision);
  for (size_t k = 0; k < gram->samples * (gram->samples + 1) / 2; k++) {
    arb_div(gram->gamma + k, gram->gamma + k, gram->scale, gram->precision);
  }
}

static void sums_fill(struct at_gram *gram)
{
  arb_t size;
  arb_init(size);
  for (size_t i = 0; i < gram->samples; i++) {
    for (size_t j = 0; j < i; j++) {
      arb_srcptr entry = gamma_entry(gram, i, j);
      size_t to_i = AT_SETS * i + gram->set[j], to_j = AT_SETS * j + gram->set[i];
      arb_abs(size, entry);
      arb_add(gram->signed_sum + to_i, gram->signed_sum + to_i, entry, gram->precision);
      arb_add(gram->signed_sum + to_j, gram->signed_sum + to_j, entry, gram->precision);
      arb_add(gram->absolute_sum + to_i, gram->absolute_sum + to_i, size, gram->precision);
      arb_add(gram->absolute_sum + to_j, gram->absolute_sum + to_j, size, gram->precision);
    }
  }
  arb_clear(size);
}

void at_gram_init(struct at_gram *gram, const struct at_token_data *data, slong precision)
{
  size_t n = data->samples;
  *gram = (struct at_gram){.samples = n, .precision = precision};
  gram->set = flint_malloc(n);
  for (size_t i = 0; i < n; i++) {
    gram->set[i] = (unsigned char)sample_set(data, i);
    gram->size[gram->set[i]]++;
  }
  gram->gamma = _arb_vec_init((slong)(n * (n + 1) / 2));
  gram->signed_sum = _arb_vec_init((slong)(n * AT_SETS));
  gram->absolute_sum = _arb_vec_init((slong)(n * AT_SETS));
  arb_init(gram->ratio);
  arb_init(gram->scale);
  gamma_fill(gram, data);
  scale_fill(gram, data);
  scale_apply(gram, data);
  sums_fill(gram);
}

void at_gram_clear(struct at_gram *gram)
{
  size_t n = gram->samples;
  flint_free(gram->set);
  _arb_vec_clear(gram->gamma, (slong)(n * (n + 1) / 2));
  _arb_vec_clear(gram->signed_sum, (slong)(n * AT_SETS));
  _arb_vec_clear(gram->absolute_sum, (slong)(n * AT_SETS));
  arb_clear(gram->ratio);
  arb_clear(gram->scale);
  *gram = (struct at_gram){0};
}

void at_gram_step(arb_t scaled_step, const struct at_gram *gram, double step)
{
  arb_set_d(scaled_step, step);
  arb_mul(scaled_step, scaled_step, gram->scale, gram->precision);
  arb_div_ui(scaled_step, scaled_step, 4 * gram->samples, gram->precision);
}

void at_gram_weighted_sum(arb_t sum, const struct at_gram *gram, arb_srcptr x, size_t sample)
{
  arb_t total;
  arb_init(total);
  for (size_t j = 0; j < gram->samples; j++) {
    if (j != sample) {
      arb_addmul(total, x + j, gamma_entry(gram, sample, j), gram->precision);
    }
  }
  arb_swap(total, sum);
  arb_clear(total);
}
