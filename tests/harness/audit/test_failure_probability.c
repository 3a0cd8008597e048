/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/audit/failure_probability.h and count_law.h.
 * Main result: the law of the counts by enumerating all draws of classes and flips; delta where the
 * noise is negligible, by the same enumeration; and against the frequency of failure over drawn
 * data, which exceeds it with probability at most 1e-9 a case.
 * Assumptions: draws are counter-based, so every run tests the same cases.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>

#include "harness/audit/failure_probability.h"
#include "harness/audit/hypotheses.h"
#include "harness/audit/source.h"
#include "harness/audit/theorems.h"
#include "harness/enclosure/clopper_pearson.h"
#include "harness/enclosure/decimal.h"
#include "harness/enclosure/tails.h"
#include "tests/suites.h"

/* Probabilities of these enumerations are sums of at most 4^8 = 65536 products of at most 16 binary64
 * factors: relative error below (65536 + 16) 2^-53. */
static const double summation = 65552 * 0x1p-53;

static struct at_settings random_settings(size_t n, double eta)
{
  struct at_settings s;
  at_settings_default(&s);
  s.samples = n;
  s.eta = eta;
  return s;
}

/* The setting with e noisy samples in each of two equal classes, q and t. */
static struct at_settings fixed_settings(size_t n, uint64_t dim, size_t noisy, double q, double t)
{
  struct at_settings s;
  at_settings_default(&s);
  s.samples = n;
  s.dim = dim;
  s.balanced = s.fixed_noisy = true;
  s.noisy_per_class = noisy;
  s.rho = sqrt(q * (double)dim / ((double)n / 2.0 - 2.0 * (double)noisy));
  s.beta = 4.0 * (double)n * t / (double)dim;
  return s;
}

/* Sample i of draw number `draw` of 4^n: its class is bit 2i, whether it flips bit 2i + 1. */
static double draw_counts(size_t *size, size_t *noisy, size_t n, double eta, unsigned draw)
{
  double probability = 1.0;
  size[0] = size[1] = noisy[0] = noisy[1] = 0;
  for (size_t i = 0; i < n; i++) {
    const unsigned k = draw >> (2 * i) & 1U, flip = draw >> (2 * i + 1) & 1U;
    size[k]++;
    noisy[k] += flip;
    probability *= 0.5 * (flip != 0 ? eta : 1.0 - eta);
  }
  return probability;
}

static bool cell_has(const struct at_count_law *law, const struct at_count_cell *cell,
                     const size_t *size, const size_t *noisy)
{
  bool inside = true;
  for (size_t k = 0; k < AT_CLASSES; k++) {
    inside = inside && at_count_size_low(law, cell, k) <= size[k];
    inside = inside && size[k] <= at_count_size_high(law, cell, k);
    inside = inside && cell->noisy_low[k] <= noisy[k] && noisy[k] <= cell->noisy_high[k];
  }
  return inside;
}

static void law_is_exact(size_t n, double eta)
{
  const struct at_settings settings = random_settings(n, eta);
  struct at_count_law law;
  at_count_law_init(&law, &settings);
  for (size_t c = 0; c < law.count; c++) {
    double sum = 0.0, low, high;
    for (unsigned draw = 0; draw < 1U << (2 * n); draw++) {
      size_t size[AT_CLASSES], noisy[AT_CLASSES];
      const double probability = draw_counts(size, noisy, n, eta, draw);
      if (cell_has(&law, &law.cell[c], size, noisy)) sum += probability;
    }
    at_ball_get_doubles(&low, &high, law.cell[c].probability);
    CU_ASSERT(low <= sum * (1.0 + summation) && sum * (1.0 - summation) <= high);
  }
  at_count_law_clear(&law);
}

/* sum + rest = 1, every cell at least once a probability, at most the promised number of cells. */
static void law_is_whole(const struct at_settings *settings, double most_rest)
{
  struct at_count_law law;
  arb_t sum;
  arb_init(sum);
  at_count_law_init(&law, settings);
  arb_set(sum, law.rest);
  for (size_t c = 0; c < law.count; c++) arb_add(sum, sum, law.cell[c].probability, 128);
  arb_sub_ui(sum, sum, 1, 128);
  CU_ASSERT(arb_contains_zero(sum) && law.count <= AT_COUNT_CELLS);
  CU_ASSERT(arf_cmp_d(arb_midref(law.rest), most_rest) <= 0);
  at_count_law_clear(&law);
  arb_clear(sum);
}

static void test_count_law(void)
{
  law_is_exact(4, 0.3);
  law_is_exact(6, 0.05);
  law_is_exact(5, 0.0);
  struct at_settings settings = fixed_settings(41, 100, 3, 1.0, 1.0);
  law_is_whole(&settings, 0.0);
  settings = random_settings(200, 0.05);
  law_is_whole(&settings, 1e-5);
  settings = random_settings(1000, 0.1); /* in blocks */
  law_is_whole(&settings, 1e-3);
}

/* delta of one theorem. */
static void bound_of(arb_t delta, enum at_theorem theorem, const struct at_settings *settings)
{
  struct at_count_law law;
  struct at_failure_bound bound;
  at_count_law_init(&law, settings);
  at_failure_bound_init(&bound);
  at_failure_bound_evaluate(&bound, theorem, settings, &law);
  arb_set(delta, bound.delta);
  at_failure_bound_clear(&bound);
  at_count_law_clear(&law);
}

/* With D = 10^15 the noise is negligible and only counts fail: delta is P(some Delta_k outside
 * low .. high), up to the outcomes that the law leaves out. */
static void counts_decide(enum at_theorem theorem, double ratio, double t, int low, int high)
{
  enum { N = 8 };
  struct at_settings settings = random_settings(N, 0.125);
  settings.dim = UINT64_C(1000000000000000);
  settings.rho = sqrt(ratio * (double)settings.dim);
  settings.beta = 4.0 * N * t / (double)settings.dim;
  double fail = 0.0, lower, upper;
  for (unsigned draw = 0; draw < 1U << (2 * N); draw++) {
    size_t size[AT_CLASSES], noisy[AT_CLASSES];
    const double probability = draw_counts(size, noisy, N, settings.eta, draw);
    bool good = true;
    for (size_t k = 0; k < AT_CLASSES; k++) {
      const int excess = (int)size[k] - 2 * (int)noisy[k];
      good = good && low <= excess && excess <= high;
      if (theorem != AT_THEOREM_ONE_STEP) good = good && 8 * (int)noisy[k] <= excess;
    }
    if (!good) fail += probability;
  }
  arb_t delta;
  arb_init(delta);
  bound_of(delta, theorem, &settings);
  at_ball_get_doubles(&lower, &upper, delta);
  /* 81 outcomes of (c, e) at most are below 1e-10 each; noise: z = 10^4 and more */
  CU_ASSERT(fail * (1.0 - summation) <= upper && lower <= fail * (1.0 + summation) + 729 * 1e-10);
  CU_ASSERT(fail > 0.01 && fail < 0.99);
  arb_clear(delta);
}

static void test_counts_decide(void)
{
  counts_decide(AT_THEOREM_ONE_STEP, 0.24, 1.0, 1, 4); /* q = .24 Delta */
  counts_decide(AT_THEOREM_C1, 0.35, 1.55, 4, 4);      /* 1.25 <= .35 Delta <= 1.5 */
  counts_decide(AT_THEOREM_C2, 0.33, 1.65, 4, 4);
}

/* The number of failures in `draws` draws. */
static size_t failures_count(enum at_theorem theorem, const struct at_settings *settings,
                             size_t draws)
{
  size_t failures = 0;
  struct at_settings s = *settings;
  for (s.seed = 1; s.seed <= draws; s.seed++) {
    struct at_token_data data, test;
    struct at_failure failure = {""};
    struct at_hypotheses h;
    CU_ASSERT_EQUAL_FATAL(at_source_open(&data, &test, &s, &failure), 0);
    at_hypotheses_init(&h, &data, s.beta, 64);
    failures += at_theorem_applies(&h, theorem, 64) == AT_NO;
    at_hypotheses_clear(&h);
    at_token_data_free(&data);
    at_token_data_free(&test);
  }
  return failures;
}

/* The frequency does not contradict delta: the interval of confidence 1 - 2e-9 starts below it. And
 * delta says something: it is at most `most`. */
static void frequency_agrees(enum at_theorem theorem, const struct at_settings *settings,
                             size_t draws, double most)
{
  struct at_failure failure = {""};
  double lower, upper, delta_low, delta_high;
  arb_t delta;
  arb_init(delta);
  bound_of(delta, theorem, settings);
  at_ball_get_doubles(&delta_low, &delta_high, delta);
  const size_t failures = failures_count(theorem, settings, draws);
  CU_ASSERT_EQUAL_FATAL(at_clopper_pearson(&lower, &upper, failures, draws, 1.0 - 2e-9, &failure),
                        0);
  if (lower > delta_high || delta_high > most)
    printf("%s: %zu of %zu draws fail, delta %g\n", at_theorem_name(theorem), failures, draws,
           delta_high);
  CU_ASSERT(lower <= delta_high && delta_high <= most);
  arb_clear(delta);
}

/* `most` is what specs/two_step/probability.md prints for the setting, rounded up. */
static void test_frequencies(void)
{
  struct at_settings settings = fixed_settings(10, 4000, 0, 1.35, 1.65);
  frequency_agrees(AT_THEOREM_C2, &settings, 200, 0.28);
  settings = fixed_settings(20, 100000, 1, 1.4, 1.55);
  frequency_agrees(AT_THEOREM_C1, &settings, 100, 5.9e-6);
  settings = fixed_settings(10, 1000, 0, 1.5, 1.55);
  frequency_agrees(AT_THEOREM_PARAMETRIC, &settings, 200, 0.027);
  settings = fixed_settings(20, 300, 1, 0.5, 1.0);
  frequency_agrees(AT_THEOREM_ONE_STEP, &settings, 200, 1.0);
  settings = random_settings(16, 0.1);
  settings.dim = 4000;
  settings.rho = sqrt(0.13 * 4000);
  frequency_agrees(AT_THEOREM_ONE_STEP, &settings, 200, 1.0);
}

/* C2 at n = 40, D = 40000, two noisy samples a class: the part of the noisy row sums is that of 36
 * rows with four terms and 4 rows with three, each 2^k Phi(-x / sqrt(k)); x = (1/20) / unit lies
 * between its values at epsilon' = 1/20 and 0. */
static void test_rows_count(void)
{
  const struct at_settings settings = fixed_settings(40, 40000, 2, 1.35, 1.65);
  struct at_count_law law;
  struct at_failure_bound bound;
  arb_t sum, x, tail;
  arb_init(sum);
  arb_init(x);
  arb_init(tail);
  at_count_law_init(&law, &settings);
  at_failure_bound_init(&bound);
  at_failure_bound_evaluate(&bound, AT_THEOREM_C2, &settings, &law);
  for (int capped = 0; capped < 2; capped++) {
    arb_zero(sum);
    for (unsigned k = 3; k <= 4; k++) {
      arb_set_d(x, capped != 0 ? 100.0 / 1.05 / k : 100.0 / k); /* (x / sqrt(k))^2 */
      arb_sqrt(x, x, 128);
      at_tail_normal(tail, x);
      arb_mul_2exp_si(tail, tail, (slong)k - 1);
      arb_addmul_ui(sum, tail, k == 3 ? 4 : 36, 128);
    }
    CU_ASSERT(capped != 0 ? arb_lt(bound.part + AT_FAILURE_Y, sum)
                          : arb_gt(bound.part + AT_FAILURE_Y, sum));
  }
  at_failure_bound_clear(&bound);
  at_count_law_clear(&law);
  arb_clear(sum);
  arb_clear(x);
  arb_clear(tail);
}

/* Swapped or absurd settings: bounds are probabilities and nothing crashes. */
static void test_extremes(void)
{
  static const size_t samples[] = {2, 3, 9};
  static const uint64_t dims[] = {3, 4, 1000, UINT64_C(1000000000000000000)};
  static const double scales[] = {1e-300, 1e-3, 1.0, 1e6};
  arb_t delta;
  arb_init(delta);
  for (size_t i = 0; i < 3 * 4 * 4; i++) {
    struct at_settings settings = random_settings(samples[i % 3], i % 2 == 0 ? 0.0 : 1.0);
    settings.dim = dims[i / 3 % 4];
    settings.rho = scales[i / 12];
    settings.beta = scales[(i + 1) % 4];
    for (int v = 0; v < AT_THEOREMS; v++) {
      bound_of(delta, (enum at_theorem)v, &settings);
      CU_ASSERT(arb_is_finite(delta) && !arb_is_negative(delta));
      CU_ASSERT(arf_cmp_si(arb_midref(delta), 1) <= 0);
    }
  }
  arb_clear(delta);
}

void at_suite_failure_probability(void)
{
  CU_pSuite suite = CU_add_suite("failure probability", NULL, NULL);
  CU_add_test(suite, "law of the counts by enumeration", test_count_law);
  CU_add_test(suite, "counts alone by enumeration", test_counts_decide);
  CU_add_test(suite, "frequencies over drawn data", test_frequencies);
  CU_add_test(suite, "rows and their terms are counted", test_rows_count);
  CU_add_test(suite, "extreme settings", test_extremes);
}
