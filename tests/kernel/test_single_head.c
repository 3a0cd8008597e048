/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of kernel/single_head.h.
 * Main result: every number of a point lies within the bounds of harness/bounds of the reference,
 * for T = 1, 2, 16, 64, all tails of d and sizes at capacity, from random weights and along steps
 * of descent; splits over samples and columns leave every bit as it is; the projection acts.
 * The gradient itself is judged in tests/harness/reference (central differences, closed form).
 * Assumptions: run.h.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/single_head.h"
#include "tests/kernel/run.h"
#include "tests/suites.h"

static struct measure measures[RUN_FIELDS];

static void describe(const struct at_token_data *data, uint64_t seed, size_t step)
{
  for (size_t f = 0; f < RUN_FIELDS; f++)
    measure_inputs(&measures[f], "n = %zu, T = %zu, d = %zu, seed %d, step %zu", data->samples,
                   data->tokens, data->dim, (int)seed, step);
}

/* `steps` steps of size beta from random weights with exponents up to `high`, or from zero. */
static void run_check(size_t samples, size_t tokens, size_t dim, uint64_t seed, int high,
                      size_t steps)
{
  struct at_token_data data;
  struct run run;
  double *weights = measure_doubles(2 * dim);
  run_draw_data(&data, samples, tokens, dim, seed, -6, 2);
  run_open(&run, &data, MEASURE_PRECISION);
  if (high > -100) measure_draw(weights, 2 * dim, seed, "run.weights", high - 8, high);
  run_start(&run, weights, weights + dim);
  for (size_t step = 0; step <= steps; step++) {
    run_evaluate(&run);
    describe(&run.data, seed, step);
    run_measure(measures, &run);
    if (step < steps) run_step(&run, 0.125);
  }
  run_close(&run);
  free(weights);
}

enum { FROM_ZERO = -100 };

static void test_tails(void)
{
  for (size_t dim = 1; dim <= 100; dim++) run_check(3, 2, dim, dim, -2, 1);
}

static void test_tokens(void)
{
  const size_t tokens[] = {1, 2, 3, 16, AT_MAX_TOKENS};
  const size_t samples[] = {1, 2, 7, 20};
  for (size_t t = 0; t < sizeof tokens / sizeof *tokens; t++)
    for (size_t s = 0; s < sizeof samples / sizeof *samples; s++)
      for (uint64_t seed = 1; seed <= 2; seed++) {
        run_check(samples[s], tokens[t], 33, seed, -3, 2);
        run_check(samples[s], tokens[t], 33, seed, FROM_ZERO, 3);
      }
}

/* Scores from nearly equal to saturated, up to the largest weights the contract admits. */
static void test_magnitudes(void)
{
  const int highs[] = {-60, -10, 0, 3, 6, 10, 30, 59};
  for (size_t h = 0; h < sizeof highs / sizeof *highs; h++) {
    run_check(5, 2, 40, 1, highs[h], 1);
    run_check(5, 9, 40, 2, highs[h], 1);
  }
}

/* As many entries of v as are asked for, from small models: then every field has many values. */
static void test_wanted(void)
{
  const size_t wanted = measure_wanted();
  for (uint64_t seed = 3; measures[0].values < wanted; seed++) {
    const int high = seed % 3 == 0 ? FROM_ZERO : (int)(seed % 13) - 6;
    run_check(1 + seed % 7, 1 + seed % 3, 1 + seed % 40, seed, high, 2);
  }
}

static void test_capacity(void)
{
  run_check(2, 2, AT_MAX_DIM, 1, -6, 1);
  run_check(AT_MAX_SAMPLES, 2, 3, 2, -2, 1);
  run_check(40, AT_MAX_TOKENS, AT_BLOCK + 1, 3, -4, 1);
}

enum { N = 11, T = 3, D = 2 * AT_BLOCK + 77 };
static double token[N * T * D], label[N], weight[2 * D];

static void split_data(void)
{
  measure_draw(token, (size_t)N * T * D, 5, "split.tokens", -6, 2);
  measure_draw(weight, (size_t)2 * D, 5, "split.weights", -9, -3);
  for (size_t i = 0; i < N; i++) label[i] = i % 3 == 0 ? -1.0 : 1.0;
}

/* Samples in ranges of every length: outputs, weights and coefficients keep their bits. */
static void test_sample_ranges(void)
{
  double whole[3][N * T], part[3][N * T], outputs[2][N];
  split_data();
  at_single_head_forward(outputs[0], whole[0], token, weight, weight + D, N, T, D);
  at_single_head_coefficients(whole[1], whole[2], token, label, weight, weight + D, N, T, D);
  for (size_t length = 1; length <= N; length++) {
    memset(part, 0, sizeof part);
    for (size_t i = 0; i < N; i += length) {
      const size_t count = N - i < length ? N - i : length;
      at_single_head_forward(outputs[1] + i, part[0] + i * T, token + i * T * D, weight, weight + D,
                             count, T, D);
      at_single_head_coefficients(part[1] + i * T, part[2] + i * T, token + i * T * D, label + i,
                                  weight, weight + D, count, T, D);
    }
    for (size_t k = 0; k < 3; k++) CU_ASSERT(measure_same_bits(part[k], whole[k], N * T));
    CU_ASSERT(measure_same_bits(outputs[0], outputs[1], N));
  }
}

/* Columns in blocks of every kind of length; and a step is what its parts compose to. */
static void test_column_blocks(void)
{
  static double score_c[N * T], value_c[N * T], next[2 * D], gradient[2][D], moved[D];
  const size_t lengths[] = {1, 31, 64, 100, AT_BLOCK - 1, AT_BLOCK};
  split_data();
  at_single_head_step(next, next + D, score_c, value_c, token, label, weight, weight + D, 0.125, N,
                      T, D);
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
    for (size_t first = 0; first < D; first += lengths[l]) {
      const size_t width = D - first < lengths[l] ? D - first : lengths[l];
      at_single_head_gradient(gradient[0] + first, value_c, token, first, width, N, T, D);
      at_single_head_gradient(gradient[1] + first, score_c, token, first, width, N, T, D);
    }
    for (size_t g = 0; g < 2; g++) {
      for (size_t k = 0; k < D; k++) {
        const volatile double change = 0.125 * gradient[g][k];
        moved[k] = weight[g * D + k] - change;
      }
      CU_ASSERT(measure_same_bits(moved, next + g * D, D));
    }
  }
}

/* Sums in ranges of rows and columns, then descent in ranges of columns: the bits of a step. */
static void test_parts(void)
{
  static double score_c[N * T], value_c[N * T], next[2 * D], part[2 * D];
  const size_t cuts[] = {1, 4, 8, 19, N * T - 1};
  const size_t lengths[] = {1, 100, AT_BLOCK, AT_BLOCK + 1, D};
  split_data();
  at_single_head_step(next, next + D, score_c, value_c, token, label, weight, weight + D, 0.125, N,
                      T, D);
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
    for (size_t first = 0; first < D; first += lengths[l]) {
      const size_t last = D - first < lengths[l] ? D : first + lengths[l];
      at_single_head_sums(part, part + D, value_c, score_c, token, 0, cuts[l], first, last, D);
      at_single_head_sums(part, part + D, value_c, score_c, token, cuts[l], N * T, first, last, D);
      at_single_head_descend(part, weight, 0.125, N, first, last);
      at_single_head_descend(part + D, weight + D, 0.125, N, first, last);
    }
    CU_ASSERT(measure_same_bits(part, next, (size_t)2 * D));
  }
}

/* A step that would leave the box ends on its face. */
static void test_projection(void)
{
  const double tokens[2] = {AT_MAX_ENTRY, AT_MAX_ENTRY}, labels[1] = {1.0};
  double v = AT_MAX_WEIGHT, p = 0.0, v_next = 0.0, p_next = 0.0, score_c[2], value_c[2];
  at_single_head_step(&v_next, &p_next, score_c, value_c, tokens, labels, &v, &p, AT_MAX_STEP, 1, 2,
                      1);
  CU_ASSERT_EQUAL(v_next, AT_MAX_WEIGHT);
  CU_ASSERT_EQUAL(p_next, 0.0);
  v = -AT_MAX_WEIGHT;
  const double unequal[2] = {AT_MAX_ENTRY, -AT_MAX_ENTRY};
  p = 0x1p-30;
  at_single_head_step(&v_next, &p_next, score_c, value_c, unequal, labels, &v, &p, -AT_MAX_STEP, 1,
                      2, 1);
  CU_ASSERT(fabs(v_next) <= AT_MAX_WEIGHT);
  CU_ASSERT_EQUAL(fabs(p_next), AT_MAX_WEIGHT);
}

/* At v = p = 0: weights 1/T, outputs 0, loss log 2, no gradient in p. */
static void test_zero(void)
{
  double zero[2 * D] = {0}, outputs[N], weights[N * T], gradient[AT_BLOCK];
  double score_c[N * T], value_c[N * T];
  split_data();
  at_single_head_forward(outputs, weights, token, zero, zero + D, N, T, D);
  at_single_head_coefficients(score_c, value_c, token, label, zero, zero + D, N, T, D);
  at_single_head_gradient(gradient, score_c, token, 0, AT_BLOCK, N, T, D);
  for (size_t i = 0; i < N; i++) CU_ASSERT_EQUAL(outputs[i], 0.0);
  for (size_t r = 0; r < (size_t)N * T; r++) CU_ASSERT_EQUAL(weights[r], 1.0 / T);
  for (size_t r = 0; r < (size_t)N * T; r++)
    CU_ASSERT_EQUAL(value_c[r], -0.5 * label[r / T] * (1.0 / T));
  for (size_t k = 0; k < AT_BLOCK; k++) CU_ASSERT_EQUAL(gradient[k], 0.0);
  CU_ASSERT_DOUBLE_EQUAL(at_single_head_loss(outputs, label, N), 0x1.62e42fefa39efp-1,
                         (N + 3) * 0x1p-53);
}

static void test_bounds(void)
{
  for (size_t f = 0; f < RUN_FIELDS; f++) measure_close(&measures[f]);
}

void at_suite_single_head(void)
{
  CU_pSuite suite = CU_add_suite("kernel/single_head", NULL, NULL);
  CU_add_test(suite, "zero", test_zero);
  CU_add_test(suite, "tails of d", test_tails);
  CU_add_test(suite, "tokens and samples", test_tokens);
  CU_add_test(suite, "magnitudes of weights", test_magnitudes);
  CU_add_test(suite, "capacity", test_capacity);
  CU_add_test(suite, "ranges of samples", test_sample_ranges);
  CU_add_test(suite, "blocks of columns", test_column_blocks);
  CU_add_test(suite, "a step in parts has its bits", test_parts);
  CU_add_test(suite, "projection", test_projection);
  CU_add_test(suite, "as many as asked for", test_wanted);
  CU_add_test(suite, "bounds at all of them", test_bounds);
}
