/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/synthetic.h.
 * Main result: the form of the data; compressed and full coordinates agree in law (two-sample
 * Kolmogorov-Smirnov on what a model can see: inner products of noise tokens, training and test,
 * false-alarm probability 1e-9 each, statistics.h); a line for each bad setting.
 * Assumptions: none.
 */
#include <math.h>
#include <stdlib.h>

#include "harness/data/normal.h"
#include "harness/data/synthetic.h"
#include "tests/harness/data/line.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

enum { SEEDS = 4000, STATISTICS = 8 };

static struct at_failure failure;

static const struct at_synthetic_settings usual = {
  .samples = 8, .tokens = 3, .ambient_dim = 1000, .rho = 5.0, .flips = {.eta = 0.25}, .seed = 3};

static bool train(struct at_token_data *data, const struct at_synthetic_settings *settings)
{
  return at_test_works(at_synthetic_train(data, settings, &failure), failure.line) == 0;
}

static double dot(const double *a, const double *b, size_t n)
{
  double sum = 0.0;
  for (size_t j = 0; j < n; j++) sum += a[j] * b[j];
  return sum;
}

/* Token 0 is the signal of the clean label; noise tokens have no part along the signals. */
static void form_check(const struct at_token_data *data)
{
  for (size_t i = 0; i < data->samples; i++) {
    const double *signal = at_token_row(data, i, 0);
    size_t place = data->clean_label[i] > 0.0 ? 0 : 1;
    for (size_t j = 0; j < data->dim; j++) {
      CU_ASSERT_EQUAL(signal[j], j == place ? data->rho : 0.0);
    }
    for (size_t t = 1; t < data->tokens; t++) {
      const double *noise = at_token_row(data, i, t);
      CU_ASSERT(noise[0] == 0.0 && noise[1] == 0.0);
      CU_ASSERT_NOT_EQUAL(noise[2], 0.0);
    }
  }
}

static void test_form_compressed(void)
{
  struct at_token_data data;
  if (!train(&data, &usual)) return;
  CU_ASSERT_EQUAL(data.dim, 8 * 2 + 2);
  CU_ASSERT(data.synthetic && data.compressed);
  CU_ASSERT(data.ambient_dim == 1000 && data.rho == 5.0 && data.seed == 3);
  CU_ASSERT_EQUAL(data.clean[0] + data.clean[1] + data.noisy[0] + data.noisy[1], 8);
  form_check(&data);
  for (size_t r = 0; r < 16; r++) {
    const double *row = at_token_row(&data, r / 2, 1 + r % 2) + 2;
    CU_ASSERT(row[r] > 0.0);
    for (size_t j = r + 1; j < 16; j++) CU_ASSERT_EQUAL(row[j], 0.0);
  }
  at_token_data_free(&data);
}

/* The stream, indices and degrees that synthetic.h promises. */
static void test_indices(void)
{
  struct at_token_data data;
  struct at_stream stream = at_stream_open(usual.seed, "train.noise");
  if (!train(&data, &usual)) return;
  for (uint64_t r = 0; r < 16; r++) {
    const double *row = at_token_row(&data, r / 2, 1 + r % 2) + 2;
    CU_ASSERT_EQUAL(row[r], at_chi(&stream, r, 998 - r));
    for (uint64_t j = 0; j < r; j++) {
      CU_ASSERT_EQUAL(row[j], at_normal(&stream, r * (r - 1) / 2 + j));
    }
  }
  at_token_data_free(&data);
}

static void test_form_trapezoid(void)
{
  struct at_synthetic_settings settings = usual;
  struct at_token_data data;
  settings.ambient_dim = 7;
  if (!train(&data, &settings)) return;
  CU_ASSERT_EQUAL(data.dim, 7);
  form_check(&data);
  for (size_t r = 0; r < 16; r++) {
    const double *row = at_token_row(&data, r / 2, 1 + r % 2) + 2;
    for (size_t j = 0; j < 5; j++) {
      CU_ASSERT(j > r ? row[j] == 0.0 : j == r ? row[j] > 0.0 : row[j] != 0.0);
    }
  }
  at_token_data_free(&data);
}

static void test_form_full(void)
{
  struct at_synthetic_settings settings = usual;
  struct at_token_data data;
  settings.coordinates = AT_COORDINATES_FULL;
  if (!train(&data, &settings)) return;
  CU_ASSERT_EQUAL(data.dim, 1000);
  CU_ASSERT(data.synthetic && !data.compressed);
  form_check(&data);
  at_token_data_free(&data);
}

/* A larger set begins with the smaller one; another seed gives another set. */
static void test_reproducible(void)
{
  struct at_synthetic_settings settings = usual;
  struct at_token_data small;
  struct at_token_data large;
  struct at_token_data other;
  settings.samples = 20;
  bool made = train(&small, &usual);
  made = train(&large, &settings) && made;
  settings.seed = 4;
  made = train(&other, &settings) && made;
  if (!made) return;
  for (size_t row = 0; row < 24; row++) {
    CU_ASSERT(at_test_same(small.token + row * small.dim, large.token + row * large.dim, 18));
  }
  CU_ASSERT(at_test_same(small.label, large.label, 8));
  CU_ASSERT_NOT_EQUAL(at_token_row(&other, 0, 1)[2], at_token_row(&large, 0, 1)[2]);
  at_token_data_free(&small);
  at_token_data_free(&large);
  at_token_data_free(&other);
}

/* Test samples in one block or in two are the same samples. */
static void test_test_blocks(void)
{
  struct at_token_data whole;
  struct at_token_data part;
  CU_ASSERT_EQUAL_FATAL(at_synthetic_test(&whole, &usual, 0, 50, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_synthetic_test(&part, &usual, 30, 20, &failure), 0);
  CU_ASSERT_EQUAL(whole.dim, 18);
  form_check(&whole);
  CU_ASSERT(at_test_same(at_token_row(&whole, 30, 0), part.token, 60 * part.dim));
  CU_ASSERT(at_test_same(whole.label + 30, part.label, 20));
  CU_ASSERT(at_test_same(whole.clean_label + 30, part.clean_label, 20));
  CU_ASSERT(whole.noisy[0] + whole.noisy[1] > 0);
  at_token_data_free(&whole);
  at_token_data_free(&part);
}

static void test_test_exact_count(void)
{
  struct at_synthetic_settings settings = usual;
  struct at_token_data data;
  settings.flips = (struct at_flip_settings){.exact_count = true, .noisy_per_class = 1};
  CU_ASSERT_EQUAL_FATAL(at_synthetic_test(&data, &settings, 0, 50, &failure), 0);
  CU_ASSERT_EQUAL(data.noisy[0] + data.noisy[1], 0);
  at_token_data_free(&data);
}

/* What a model can see of one drawn set: eight inner products of noise tokens. */
static bool seen(double *statistic, const struct at_synthetic_settings *settings)
{
  struct at_token_data data;
  struct at_token_data fresh;
  if (!train(&data, settings)) return false;
  if (at_test_works(at_synthetic_test(&fresh, settings, 0, 1, &failure), failure.line) != 0) {
    at_token_data_free(&data);
    return false;
  }
  size_t d = data.dim;
  const double *first = at_token_row(&data, 0, 1);
  const double *middle = at_token_row(&data, 3, 1);
  const double *last = at_token_row(&data, data.samples - 1, 1);
  const double *new_token = at_token_row(&fresh, 0, 1);
  double pull[64] = {0.0};
  for (size_t i = 0; i < data.samples; i++) {
    for (size_t j = 0; j < d; j++) pull[j] += at_token_row(&data, i, 1)[j];
  }
  statistic[0] = dot(first, first, d);
  statistic[1] = dot(last, last, d);
  statistic[2] = dot(first, last, d);
  statistic[3] = dot(middle, last, d);
  statistic[4] = dot(pull, pull, d);
  statistic[5] = dot(new_token, first, d);
  statistic[6] = dot(new_token, last, d);
  statistic[7] = statistic[0] * statistic[1] - statistic[2] * statistic[2];
  at_token_data_free(&data);
  at_token_data_free(&fresh);
  return true;
}

/* statistic[s][seed]: SEEDS independent sets, the seeds starting at first_seed. */
static void sets_draw(double (*statistic)[SEEDS], struct at_synthetic_settings settings,
                      uint64_t first_seed)
{
  for (size_t i = 0; i < SEEDS; i++) {
    double one[STATISTICS] = {0.0};
    settings.seed = first_seed + i;
    if (!seen(one, &settings)) return;
    for (size_t s = 0; s < STATISTICS; s++) statistic[s][i] = one[s];
  }
}

static double chi_squared_law(double x, double k)
{
  return at_test_law_chi(sqrt(x), k);
}

/* The seeds of the two forms differ, so the two samples are independent. */
static void laws_compare(size_t samples, uint64_t ambient_dim)
{
  static double compressed[STATISTICS][SEEDS];
  static double full[STATISTICS][SEEDS];
  struct at_synthetic_settings settings = usual;
  settings.samples = samples;
  settings.tokens = 2;
  settings.ambient_dim = ambient_dim;
  settings.balanced = true;
  sets_draw(compressed, settings, 1000000);
  settings.coordinates = AT_COORDINATES_FULL;
  sets_draw(full, settings, 2000000);
  for (size_t s = 0; s < STATISTICS; s++) {
    double distance = at_test_distance_two(compressed[s], full[s], SEEDS);
    CU_ASSERT(distance <= at_test_distance_two_bound(SEEDS));
  }
  double k = (double)(ambient_dim - 2);
  for (size_t s = 0; s < 2; s++) {
    CU_ASSERT(at_test_distance(compressed[s], SEEDS, chi_squared_law, k) <=
              at_test_distance_bound(SEEDS));
    CU_ASSERT(at_test_distance(full[s], SEEDS, chi_squared_law, k) <=
              at_test_distance_bound(SEEDS));
  }
}

static void test_law_triangle(void)
{
  laws_compare(6, 42);
}

static void test_law_few_dimensions(void)
{
  laws_compare(6, 8);
}

static void test_law_trapezoid(void)
{
  laws_compare(12, 6);
}

static void test_huge_dimension(void)
{
  struct at_synthetic_settings settings = usual;
  struct at_token_data data;
  settings.ambient_dim = UINT64_C(1000000000);
  if (!train(&data, &settings)) return;
  /* A squared norm is chi-squared with 10^9 - 2 degrees. */
  const double *noise = at_token_row(&data, 7, 2);
  CU_ASSERT(at_test_chi_squared_holds(dot(noise, noise, data.dim), 1e9 - 2.0));
  at_token_data_free(&data);
}

static void train_fails(const struct at_synthetic_settings *settings, const char *expected)
{
  struct at_token_data data;
  at_test_fails(at_synthetic_train(&data, settings, &failure), failure.line, expected);
  CU_ASSERT_PTR_NULL(data.token);
}

static void test_size_failures(void)
{
  struct at_synthetic_settings s = usual;
  s.samples = 0;
  train_fails(&s, "samples n: 0 is out of range; between 1 and 4096 is accepted");
  s.samples = 4097;
  train_fails(&s, "samples n: 4097 is out of range; between 1 and 4096 is accepted");
  s = usual;
  s.tokens = 1;
  train_fails(&s, "tokens T: 1 is out of range; between 2 (signal and noise) and 64 is accepted");
  s = usual;
  s.ambient_dim = 2;
  train_fails(&s, "ambient dimension D: 2 is out of range; between 3 (two signals and noise "
                  "orthogonal to them) and 10^18 is accepted");
  s.ambient_dim = AT_MAX_AMBIENT_DIM + 1;
  train_fails(&s,
              "ambient dimension D: 1000000000000000001 is out of range; between 3 (two signals "
              "and noise orthogonal to them) and 10^18 is accepted");
  s = usual;
  s.samples = 4096;
  s.tokens = 17;
  s.ambient_dim = 1000000;
  train_fails(&s,
              "dimension d': min(n(T-1), D-2) + 2 is 65538; at most 65536 is accepted: use fewer "
              "samples or tokens");
  s = usual;
  s.ambient_dim = 65537;
  s.coordinates = AT_COORDINATES_FULL;
  train_fails(&s, "dimension d: full coordinates need 65537; at most 65536 is accepted: use "
                  "compressed coordinates");
}

static void test_value_failures(void)
{
  struct at_synthetic_settings s = usual;
  s.rho = 0.0;
  train_fails(&s, "rho: 0 is out of range; a signal norm in (0, 2^20] is accepted");
  s.rho = (double)NAN;
  train_fails(&s, "rho: nan is out of range; a signal norm in (0, 2^20] is accepted");
  s.rho = 2e6;
  train_fails(&s, "rho: 2e+06 is out of range; a signal norm in (0, 2^20] is accepted");
  s = usual;
  s.flips.eta = 1.25;
  train_fails(&s, "eta: 1.25 is out of range; a probability in [0, 1] is accepted");
  s = usual;
  s.balanced = true;
  s.flips = (struct at_flip_settings){.exact_count = true, .noisy_per_class = 5};
  train_fails(&s,
              "noisy per class: 5 is more than the smaller class holds (4 with label +1, 4 with "
              "label -1); at most 4 is accepted");
  s = usual;
  s.ambient_dim = UINT64_C(1000000000000000000);
  train_fails(&s,
              "synthetic training data: sample 0, token 1, coordinate 2 is 1e+09; finite numbers "
              "of size up to 2^20 are accepted: scale the data");
}

/* The first seed whose two labels agree, found by drawing labels alone. */
static void test_missing_class(void)
{
  struct at_synthetic_settings s = usual;
  double label[2] = {1.0, -1.0};
  char expected[200];
  s.samples = 2;
  for (s.seed = 0; label[0] * label[1] < 0.0; s.seed++) {
    at_labels_draw(label, s.seed, "train.labels", 0, 2);
  }
  s.seed--;
  (void)snprintf(expected, sizeof expected,
                 "seed %llu: no sample of 2 has the clean label %s; both classes are needed: use "
                 "another seed or more samples",
                 (unsigned long long)s.seed, label[0] > 0.0 ? "-1" : "+1");
  train_fails(&s, expected);
}

static void test_test_failures(void)
{
  struct at_token_data data;
  at_test_fails(at_synthetic_test(&data, &usual, 0, 0, &failure), failure.line,
                "samples n: 0 is out of range; between 1 and 4096 is accepted");
  at_test_fails(at_synthetic_test(&data, &usual, UINT64_C(1) << 35, 1, &failure), failure.line,
                "test samples: number 34359738368 is out of range; below 2^35 is accepted");
  CU_ASSERT_PTR_NULL(data.token);
}

void at_suite_synthetic(void)
{
  CU_pSuite suite = CU_add_suite("synthetic", NULL, NULL);
  CU_add_test(suite, "compressed noise is a triangle", test_form_compressed);
  CU_add_test(suite, "each entry is the draw of its index", test_indices);
  CU_add_test(suite, "compressed noise in few dimensions is a trapezoid", test_form_trapezoid);
  CU_add_test(suite, "full noise fills the space", test_form_full);
  CU_add_test(suite, "a set depends on its seed alone", test_reproducible);
  CU_add_test(suite, "test samples depend on their number alone", test_test_blocks);
  CU_add_test(suite, "an exact count flips no test label", test_test_exact_count);
  CU_add_test(suite, "both coordinates have one law, D = 42", test_law_triangle);
  CU_add_test(suite, "both coordinates have one law, D = n + 2", test_law_few_dimensions);
  CU_add_test(suite, "both coordinates have one law, D < n", test_law_trapezoid);
  CU_add_test(suite, "a billion dimensions", test_huge_dimension);
  CU_add_test(suite, "bad sizes are named", test_size_failures);
  CU_add_test(suite, "bad values are named", test_value_failures);
  CU_add_test(suite, "a missing class names the seed", test_missing_class);
  CU_add_test(suite, "bad test blocks are named", test_test_failures);
}
