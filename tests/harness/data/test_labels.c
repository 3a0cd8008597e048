/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/labels.h.
 * Main result: laws of labels and flips within thresholds of false-alarm probability 1e-9
 * (statistics.h), exact counts exactly, bad settings with their lines.
 * Assumptions: none.
 */
#include <math.h>

#include "harness/data/labels.h"
#include "harness/data/random.h"
#include "tests/harness/data/line.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

enum { SAMPLES = 4096, SMALL = 10, SEEDS = 20000 };

static struct at_failure failure;
static double clean[SAMPLES];
static double label[SAMPLES];

static double sum(const double *value, size_t n)
{
  double total = 0.0;
  for (size_t i = 0; i < n; i++) total += value[i];
  return total;
}

static size_t flips_count(const double *a, const double *b, size_t n, double class_label)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += a[i] != b[i] && a[i] == class_label;
  return count;
}

static void test_draw(void)
{
  double part[7];
  at_labels_draw(clean, 4, "train.labels", 0, SAMPLES);
  for (size_t i = 0; i < SAMPLES; i++) CU_ASSERT(clean[i] == 1.0 || clean[i] == -1.0);
  CU_ASSERT(fabs(sum(clean, SAMPLES)) <= at_test_sign_sum_bound(SAMPLES));
  at_labels_draw(part, 4, "train.labels", 100, 7);
  CU_ASSERT(at_test_same(part, clean + 100, 7));
}

static void test_balanced(void)
{
  for (size_t n = 2; n <= 11; n++) {
    at_labels_draw_balanced(clean, n, "train.labels", n);
    CU_ASSERT_EQUAL(sum(clean, n), n % 2 == 0 ? 0.0 : 1.0);
  }
}

/* Each sample is in the chosen half with probability 1/2, independently over seeds; each pair is
 * on one side with probability 4/9 of 10 samples: (2 C(8,3)) / C(10,5) = 112/252. */
static void test_balanced_law(void)
{
  double once[SMALL] = {0.0};
  double together = 0.0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    at_labels_draw_balanced(clean, seed, "train.labels", SMALL);
    for (size_t i = 0; i < SMALL; i++) once[i] += clean[i];
    together += clean[2] == clean[7] ? 1.0 : 0.0;
  }
  for (size_t i = 0; i < SMALL; i++) CU_ASSERT(fabs(once[i]) <= at_test_sign_sum_bound(SEEDS));
  CU_ASSERT(at_test_count_holds(together, SEEDS, 4.0 / 9.0));
}

static void test_eta(void)
{
  static const double etas[] = {0.0, 0.05, 0.5, 1.0};
  at_labels_draw(clean, 4, "train.labels", 0, SAMPLES);
  for (size_t e = 0; e < 4; e++) {
    const struct at_flip_settings flips = {.eta = etas[e]};
    CU_ASSERT_EQUAL(at_labels_flip(label, clean, &flips, 4, "train.flips", 0, SAMPLES, &failure),
                    0);
    size_t flipped =
      flips_count(clean, label, SAMPLES, 1.0) + flips_count(clean, label, SAMPLES, -1.0);
    if (e == 0 || e == 3) {
      CU_ASSERT_EQUAL(flipped, e == 0 ? 0 : SAMPLES);
    } else {
      CU_ASSERT(at_test_count_holds((double)flipped, SAMPLES, etas[e]));
    }
  }
}

static void test_exact(void)
{
  at_labels_draw(clean, 4, "train.labels", 0, SAMPLES);
  for (size_t k = 0; k <= 100; k += 20) {
    const struct at_flip_settings flips = {.exact_count = true, .eta = NAN, .noisy_per_class = k};
    CU_ASSERT_EQUAL(at_labels_flip(label, clean, &flips, 4, "train.flips", 0, SAMPLES, &failure),
                    0);
    CU_ASSERT_EQUAL(flips_count(clean, label, SAMPLES, 1.0), k);
    CU_ASSERT_EQUAL(flips_count(clean, label, SAMPLES, -1.0), k);
  }
}

/* As labels.h promises: within a class, every flipped sample has a smaller key than every other. */
static void test_smallest_keys(void)
{
  const struct at_flip_settings flips = {.exact_count = true, .noisy_per_class = 40};
  struct at_stream stream = at_stream_open(4, "train.flips");
  at_labels_draw(clean, 4, "train.labels", 0, SAMPLES);
  CU_ASSERT_EQUAL(at_labels_flip(label, clean, &flips, 4, "train.flips", 0, SAMPLES, &failure), 0);
  for (int class = 0; class < 2; class ++) {
    uint64_t largest_flipped = 0;
    uint64_t smallest_kept = UINT64_MAX;
    for (size_t i = 0; i < SAMPLES; i++) {
      uint64_t key = at_random_word(&stream, i);
      if ((clean[i] > 0.0) != (class == 0)) continue;
      if (label[i] != clean[i] && key > largest_flipped) largest_flipped = key;
      if (label[i] == clean[i] && key < smallest_kept) smallest_kept = key;
    }
    CU_ASSERT(largest_flipped < smallest_kept);
  }
}

/* 2 of the 5 samples of each class: each flips with probability 2/5, a pair with 1/10. */
static void test_exact_law(void)
{
  const struct at_flip_settings flips = {.exact_count = true, .noisy_per_class = 2};
  double once[SMALL] = {0.0};
  double pair = 0.0;
  for (size_t i = 0; i < SMALL; i++) clean[i] = i % 2 == 0 ? 1.0 : -1.0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    CU_ASSERT_EQUAL(at_labels_flip(label, clean, &flips, seed, "train.flips", 0, SMALL, &failure),
                    0);
    for (size_t i = 0; i < SMALL; i++) once[i] += label[i] != clean[i] ? 1.0 : 0.0;
    pair += label[0] != clean[0] && label[4] != clean[4] ? 1.0 : 0.0;
  }
  for (size_t i = 0; i < SMALL; i++) CU_ASSERT(at_test_count_holds(once[i], SEEDS, 0.4));
  CU_ASSERT(at_test_count_holds(pair, SEEDS, 0.1));
}

static void flip_fails(double eta, bool exact, size_t k, const char *expected)
{
  const struct at_flip_settings flips = {exact, eta, k};
  at_test_fails(at_labels_flip(label, clean, &flips, 4, "train.flips", 0, 3, &failure),
                failure.line, expected);
}

static void test_failures(void)
{
  clean[0] = clean[1] = 1.0;
  clean[2] = -1.0;
  flip_fails(-0.1, false, 0, "eta: -0.1 is out of range; a probability in [0, 1] is accepted");
  flip_fails(1.5, false, 0, "eta: 1.5 is out of range; a probability in [0, 1] is accepted");
  flip_fails((double)NAN, false, 0,
             "eta: nan is out of range; a probability in [0, 1] is accepted");
  flip_fails(0.0, true, 2,
             "noisy per class: 2 is more than the smaller class holds (2 with label +1, 1 with "
             "label -1); at most 1 is accepted");
}

void at_suite_labels(void)
{
  CU_pSuite suite = CU_add_suite("labels", NULL, NULL);
  CU_add_test(suite, "labels are fair and depend on the index alone", test_draw);
  CU_add_test(suite, "balanced labels are balanced", test_balanced);
  CU_add_test(suite, "balanced labels are uniform over all choices", test_balanced_law);
  CU_add_test(suite, "labels flip with probability eta", test_eta);
  CU_add_test(suite, "an exact count flips that many of each class", test_exact);
  CU_add_test(suite, "an exact count flips the smallest keys", test_smallest_keys);
  CU_add_test(suite, "an exact count is uniform over all choices", test_exact_law);
  CU_add_test(suite, "bad settings are named", test_failures);
}
