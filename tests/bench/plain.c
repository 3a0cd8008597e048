/* SPDX-License-Identifier: Apache-2.0
 *
 * plain.c: see plain.h.
 */
#include "tests/bench/plain.h"

#include "harness/reference/array.h"

enum { PRODUCT, LARGEST, SUM, OUTPUT, SLOPE, SCALE, SCRATCH };

static size_t row_count(const struct at_plain *plain)
{
  return plain->samples * plain->tokens;
}

int at_plain_init(struct at_plain *plain, const double *token, const double *label, double step,
                  size_t samples, size_t tokens, size_t dim, long bits)
{
  *plain = (struct at_plain){
    .samples = samples, .tokens = tokens, .dim = dim, .label = label, .step = step};
  const size_t rows = row_count(plain);
  const size_t count = rows * dim + 4 * dim + 2 * rows + SCRATCH + 2 * tokens;
  plain->token = at_reference_array_init(count, bits);
  if (plain->token == NULL) return -1;
  plain->v = plain->token + rows * dim;
  plain->p = plain->v + dim;
  plain->next_v = plain->p + dim;
  plain->next_p = plain->next_v + dim;
  plain->by_value = plain->next_p + dim;
  plain->by_score = plain->by_value + rows;
  plain->scratch = plain->by_score + rows;
  for (size_t k = 0; k < rows * dim; k++) mpfr_set_d(plain->token + k, token[k], MPFR_RNDN);
  for (size_t k = 0; k < dim; k++) {
    mpfr_set_zero(plain->v + k, 1);
    mpfr_set_zero(plain->p + k, 1);
  }
  return 0;
}

void at_plain_clear(struct at_plain *plain)
{
  const size_t rows = row_count(plain);
  at_reference_array_clear(plain->token, rows * plain->dim + 4 * plain->dim + 2 * rows + SCRATCH +
                                           2 * plain->tokens);
}

static void dot(mpfr_ptr sum, mpfr_srcptr x, mpfr_srcptr y, size_t n, mpfr_ptr product)
{
  mpfr_set_zero(sum, 1);
  for (size_t k = 0; k < n; k++) {
    mpfr_mul(product, x + k, y + k, MPFR_RNDN);
    mpfr_add(sum, sum, product, MPFR_RNDN);
  }
}

/* weights = softmax(weights), and the output. */
static void pool(mpfr_ptr weights, mpfr_srcptr values, mpfr_ptr s, size_t tokens)
{
  mpfr_set(s + LARGEST, weights, MPFR_RNDN);
  for (size_t t = 1; t < tokens; t++) mpfr_max(s + LARGEST, s + LARGEST, weights + t, MPFR_RNDN);
  mpfr_set_zero(s + SUM, 1);
  for (size_t t = 0; t < tokens; t++) {
    mpfr_sub(weights + t, weights + t, s + LARGEST, MPFR_RNDN);
    mpfr_exp(weights + t, weights + t, MPFR_RNDN);
    mpfr_add(s + SUM, s + SUM, weights + t, MPFR_RNDN);
  }
  for (size_t t = 0; t < tokens; t++) mpfr_div(weights + t, weights + t, s + SUM, MPFR_RNDN);
  dot(s + OUTPUT, weights, values, tokens, s + PRODUCT);
}

/* Both coefficients of sample i: slope w and slope w (value - output), slope = -y/(1 + e^(y f)). */
static void coefficients(struct at_plain *plain, size_t i)
{
  mpfr_ptr s = plain->scratch;
  mpfr_ptr weights = s + SCRATCH;
  mpfr_ptr values = weights + plain->tokens;
  const size_t first = i * plain->tokens;
  for (size_t t = 0; t < plain->tokens; t++) {
    mpfr_srcptr row = plain->token + (first + t) * plain->dim;
    dot(weights + t, row, plain->p, plain->dim, s + PRODUCT);
    dot(values + t, row, plain->v, plain->dim, s + PRODUCT);
  }
  pool(weights, values, s, plain->tokens);
  mpfr_mul_d(s + SLOPE, s + OUTPUT, plain->label[i], MPFR_RNDN);
  mpfr_exp(s + SLOPE, s + SLOPE, MPFR_RNDN);
  mpfr_add_ui(s + SLOPE, s + SLOPE, 1, MPFR_RNDN);
  mpfr_d_div(s + SLOPE, -plain->label[i], s + SLOPE, MPFR_RNDN);
  for (size_t t = 0; t < plain->tokens; t++) {
    mpfr_mul(plain->by_value + first + t, s + SLOPE, weights + t, MPFR_RNDN);
    mpfr_sub(plain->by_score + first + t, values + t, s + OUTPUT, MPFR_RNDN);
    mpfr_mul(plain->by_score + first + t, plain->by_score + first + t, plain->by_value + first + t,
             MPFR_RNDN);
  }
}

/* next = weight - scale * sum of coefficient * row, the scaled coefficients in place. */
static void descend(mpfr_ptr next, mpfr_srcptr weight, mpfr_ptr coefficient,
                    const struct at_plain *plain)
{
  mpfr_ptr product = plain->scratch + PRODUCT;
  for (size_t k = 0; k < plain->dim; k++) mpfr_set(next + k, weight + k, MPFR_RNDN);
  for (size_t r = 0; r < row_count(plain); r++) {
    mpfr_mul(coefficient + r, coefficient + r, plain->scratch + SCALE, MPFR_RNDN);
    for (size_t k = 0; k < plain->dim; k++) {
      mpfr_mul(product, coefficient + r, plain->token + r * plain->dim + k, MPFR_RNDN);
      mpfr_sub(next + k, next + k, product, MPFR_RNDN);
    }
  }
}

void at_plain_step(struct at_plain *plain)
{
  for (size_t i = 0; i < plain->samples; i++) coefficients(plain, i);
  mpfr_set_d(plain->scratch + SCALE, plain->step, MPFR_RNDN);
  mpfr_div_ui(plain->scratch + SCALE, plain->scratch + SCALE, plain->samples, MPFR_RNDN);
  descend(plain->next_v, plain->v, plain->by_value, plain);
  descend(plain->next_p, plain->p, plain->by_score, plain);
}

void at_plain_advance(struct at_plain *plain)
{
  for (size_t k = 0; k < plain->dim; k++) {
    mpfr_set(plain->v + k, plain->next_v + k, MPFR_RNDN);
    mpfr_set(plain->p + k, plain->next_p + k, MPFR_RNDN);
  }
}
