/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: one number for the bits of every kernel function (see hash.h).
 * Main result: see hash.h.
 * Assumptions: none.
 */
#include "tests/kernel/hash.h"

#include <stddef.h>
#include <string.h>

#include "kernel/exp.h"
#include "kernel/logistic.h"
#include "kernel/pooling.h"
#include "kernel/single_head.h"
#include "kernel/softmax.h"
#include "kernel/vector.h"

enum { POINTS = 8000, ENTRIES = 1000, SAMPLES = 5, TOKENS = 3, DIM = AT_BLOCK + 103 };
enum { ROWS = SAMPLES * TOKENS, CELLS = ROWS * DIM };

/* The inputs' generator: a counter, mixed (multiply, xor-shift). */
static uint64_t mixed(uint64_t counter)
{
  uint64_t x = (counter + 1) * UINT64_C(0x9E3779B97F4A7C15);
  x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
  return x ^ (x >> 31);
}

/* A normal number of either sign with exponent in low .. high, put together from its fields. */
static double input(uint64_t counter, int low, int high)
{
  const uint64_t word = mixed(2 * counter), choice = mixed(2 * counter + 1);
  const uint64_t exponent = (uint64_t)(1023 + low) + choice % (uint64_t)(high - low + 1);
  const uint64_t bits = (word & UINT64_C(0x800FFFFFFFFFFFFF)) | (exponent << 52);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static void fill(double *x, size_t n, uint64_t counter, int low, int high)
{
  for (size_t k = 0; k < n; k++) x[k] = input(counter + k, low, high);
}

static void add(uint64_t *hash, const double *results, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    uint64_t bits;
    memcpy(&bits, &results[k], sizeof bits);
    for (unsigned byte = 0; byte < 8; byte++)
      *hash = (*hash ^ ((bits >> (8 * byte)) & 0xFF)) * UINT64_C(0x100000001B3);
  }
}

static double negative(double x)
{
  return x < 0.0 ? x : -x;
}

static void add_elementary(uint64_t *hash)
{
  for (uint64_t k = 0; k < POINTS; k++) {
    const double x = k % 2 == 0 ? input(k, -60, 9) : input(k, -1000, 1000);
    const double t = -negative(input(k, -60, -1));
    const double results[4] = {at_exp(negative(x)), at_log1p(t), at_sigmoid(x), at_softplus(x)};
    add(hash, results, 4);
  }
}

static void add_vector(uint64_t *hash)
{
  static double x[ENTRIES], y[ENTRIES], sum[AT_BLOCK], other[AT_BLOCK], next[AT_BLOCK];
  fill(x, ENTRIES, 100000, -20, 19);
  fill(y, ENTRIES, 200000, -20, 40);
  for (size_t n = 0; n <= ENTRIES; n += n < 100 ? 1 : 75) {
    const double dot = at_dot(x, y, n);
    add(hash, &dot, 1);
  }
  fill(y, 30, 250000, -1022, -1000);
  const double tiny = at_dot(y, x, 30);
  add(hash, &tiny, 1);
  for (size_t rows = 1; rows <= 10; rows++) {
    const size_t n = 100 - rows;
    at_sum_scaled_rows(sum, other, y, x, 0, rows, n, n);
    at_descend(next, y, sum, 0x1.999999999999ap-6, 0, n);
    add(hash, sum, n);
    add(hash, next, n);
  }
}

static void add_samples(uint64_t *hash)
{
  double scores[AT_MAX_TOKENS], values[AT_MAX_TOKENS], weights[AT_MAX_TOKENS];
  double coefficients[2][AT_MAX_TOKENS];
  for (size_t tokens = 1; tokens <= AT_MAX_TOKENS; tokens++) {
    for (int high = 2; high <= 12; high += 5) {
      fill(scores, tokens, 300000 + 100 * tokens, -3, high);
      fill(values, tokens, 400000 + 100 * tokens, -10, high);
      at_softmax_row(weights, scores, tokens);
      const double output = at_pool_output(weights, values, tokens);
      const double results[3] = {output, at_loss(output), at_loss_derivative(output)};
      at_pool_coefficients(coefficients[0], coefficients[1], weights, values, output,
                           high == 7 ? 1.0 : -1.0, tokens);
      add(hash, weights, tokens);
      add(hash, results, 3);
      add(hash, coefficients[0], tokens);
      add(hash, coefficients[1], tokens);
    }
  }
}

static void add_single_head(uint64_t *hash)
{
  static double token[CELLS], weight[2][2 * DIM];
  static const double label[SAMPLES] = {1.0, -1.0, -1.0, 1.0, 1.0};
  double outputs[SAMPLES], weights[ROWS], coefficients[2][ROWS], gradient[AT_BLOCK];
  fill(token, CELLS, 500000, -6, 1);
  fill(weight[0], (size_t)2 * DIM, 600000, -9, -3);
  for (size_t step = 0; step < 4; step++) {
    double *now = weight[step % 2], *next = weight[1 - step % 2];
    at_single_head_forward(outputs, weights, token, now, now + DIM, SAMPLES, TOKENS, DIM);
    at_single_head_step(next, next + DIM, coefficients[0], coefficients[1], token, label, now,
                        now + DIM, 0x1.999999999999ap-4, SAMPLES, TOKENS, DIM);
    at_single_head_gradient(gradient, coefficients[0], token, 11, AT_BLOCK, SAMPLES, TOKENS, DIM);
    const double loss = at_single_head_loss(outputs, label, SAMPLES);
    add(hash, outputs, SAMPLES);
    add(hash, weights, ROWS);
    add(hash, coefficients[0], ROWS);
    add(hash, coefficients[1], ROWS);
    add(hash, gradient, AT_BLOCK);
    add(hash, &loss, 1);
    add(hash, next, (size_t)2 * DIM);
  }
}

uint64_t at_kernel_hash(void)
{
  uint64_t hash = UINT64_C(0xCBF29CE484222325);
  add_elementary(&hash);
  add_vector(&hash);
  add_samples(&hash);
  add_single_head(&hash);
  return hash;
}

bool at_kernel_contracts(void)
{
  /* a b = 1 - 2^-54, which rounds to 1 */
  const double a = 0x1.0000002p+0, b = 0x1.ffffffcp-1;
  double x[33] = {0}, y[33] = {0}, sum, other, next;
  x[0] = -1.0;
  y[0] = 1.0;
  x[32] = a;
  y[32] = b;
  const double one = 1.0, scales[2] = {-1.0, b}, rows[2] = {1.0, a};
  const double weights[2] = {1.0, b}, values[2] = {-1.0, a};
  at_sum_scaled_rows(&sum, &other, scales, rows, 0, 2, 1, 1);
  at_descend(&next, &one, &a, b, 0, 1);
  return at_dot(x, y, 33) != 0.0 || sum != 0.0 || next != 0.0 ||
         at_pool_output(weights, values, 2) != 0.0;
}
