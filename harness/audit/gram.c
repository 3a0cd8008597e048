/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the Gram matrix of the noise tokens (see gram.h).
 * Main result: dot products in blocks of columns, so that memory does not grow with the dimension.
 * Assumptions: as gram.h. Test: tests/harness/audit/test_hypotheses.c.
 */
#include "harness/audit/gram.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { COLUMNS = 512, SIGNAL = 0, NOISE = 1, TWO_TOKENS = 2 };

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

/* The coordinate of the only non-zero entry of the signal token, or dim if it is not the only. */
static size_t signal_axis(const struct at_token_data *data, size_t sample)
{
  const double *signal = at_token_row(data, sample, SIGNAL);
  size_t axis = data->dim;
  for (size_t k = 0; k < data->dim; k++) {
    if (signal[k] != 0.0) {
      if (axis != data->dim) {
        return data->dim;
      }
      axis = k;
    }
  }
  return axis;
}

/* Signals on two different axes, +-rho long, the same within a class; noise without these axes. */
static const char *geometry_obstacle(const struct at_token_data *data)
{
  size_t axis[AT_CLASSES] = {data->dim, data->dim};
  double entry[AT_CLASSES] = {0.0, 0.0};
  for (size_t i = 0; i < data->samples; i++) {
    size_t k = data->clean_label[i] > 0.0 ? 0 : 1;
    size_t found = signal_axis(data, i);
    if (found == data->dim) {
      return "a signal token does not lie on one axis";
    }
    double value = at_token_row(data, i, SIGNAL)[found];
    if (axis[k] != data->dim && (axis[k] != found || entry[k] != value)) {
      return "the signal tokens of a class differ";
    }
    axis[k] = found;
    entry[k] = value;
  }
  if (axis[0] == axis[1] || axis[0] == data->dim || axis[1] == data->dim ||
      fabs(entry[0]) != fabs(entry[1])) {
    return "the two signals are not orthogonal of equal norm";
  }
  for (size_t i = 0; i < data->samples; i++) {
    const double *noise = at_token_row(data, i, NOISE);
    if (noise[axis[0]] != 0.0 || noise[axis[1]] != 0.0) {
      return "a noise token is not orthogonal to the signals";
    }
  }
  return NULL;
}

const char *at_gram_obstacle(const struct at_token_data *data)
{
  if (!data->synthetic) {
    return "the signal token is unknown";
  }
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

/* Adds the columns [first, first + width) to every inner product; block: (n, COLUMNS). */
static void columns_add(struct at_gram *gram, const struct at_token_data *data, arb_ptr block,
                        size_t *extent, size_t first, size_t width)
{
  for (size_t i = 0; i < gram->samples; i++) {
    const double *noise = at_token_row(data, i, NOISE) + first;
    extent[i] = 0;
    for (size_t k = 0; k < width; k++) {
      arb_set_d(block + i * COLUMNS + k, noise[k]);
      extent[i] = noise[k] != 0.0 ? k + 1 : extent[i];
    }
    for (size_t j = 0; j <= i; j++) {
      arb_ptr entry = gamma_entry(gram, i, j);
      size_t length = extent[i] < extent[j] ? extent[i] : extent[j];
      arb_dot(entry, entry, 0, block + i * COLUMNS, 1, block + j * COLUMNS, 1, (slong)length,
              gram->precision);
    }
  }
}

static void gamma_fill(struct at_gram *gram, const struct at_token_data *data)
{
  size_t n = gram->samples;
  arb_ptr block = _arb_vec_init((slong)(n * COLUMNS));
  size_t *extent = flint_malloc(n * sizeof *extent);
  for (size_t first = 0; first < data->dim; first += COLUMNS) {
    size_t left = data->dim - first;
    columns_add(gram, data, block, extent, first, left < COLUMNS ? left : COLUMNS);
  }
  for (size_t k = 0; k < n * (n + 1) / 2; k++) {
    arb_div(gram->gamma + k, gram->gamma + k, gram->ambient, gram->precision);
  }
  flint_free(extent);
  _arb_vec_clear(block, (slong)(n * COLUMNS));
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
  arb_init(gram->ambient);
  arb_set_ui(gram->ambient, data->ambient_dim);
  arb_set_d(gram->ratio, at_token_row(data, 0, SIGNAL)[signal_axis(data, 0)]);
  arb_sqr(gram->ratio, gram->ratio, precision);
  arb_div(gram->ratio, gram->ratio, gram->ambient, precision);
  gamma_fill(gram, data);
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
  arb_clear(gram->ambient);
  *gram = (struct at_gram){0};
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
