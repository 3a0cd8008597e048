/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: random and adversarial Gram matrices (see gram_cases.h).
 * Main result: as there. The noise of sample i is 64 (b_i e_i + sum_j m_ij e_j / 2) with a symmetric
 * m, so gamma_ij is b_j m_ij/2 + b_i m_ij/2 plus a square of m.
 * Assumptions: none. Test: test_certificate.c.
 */
#include "tests/harness/audit/gram_cases.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/audit/certificate.h"
#include "harness/data/random.h"

enum { LENGTH = 64, DRAWS = 16, MOST = 48 };

enum pattern {
  INDEPENDENT,
  ALL_EQUAL,
  ALL_OPPOSITE,
  WITH_LABELS,
  AGAINST_LABELS,
  WITH_CLASSES,
  HEAVY_NOISY,
  CANCELLING,
  PATTERNS
};

/* What case `number` is made of. clean, noisy: per class. size: of the off-diagonal entries. */
struct plan {
  struct at_stream stream;
  enum pattern pattern;
  size_t clean[AT_CLASSES], noisy[AT_CLASSES], samples;
  double q, t, size, spread;
};

static double between(const struct plan *plan, uint64_t index, double low, double high)
{
  return low + (high - low) * at_random_uniform(&plan->stream, index);
}

/* One of low, low + 1, ..., high. */
static size_t one_of(const struct plan *plan, uint64_t index, size_t low, size_t high)
{
  return low + (size_t)between(plan, index, 0.0, (double)(high - low + 1));
}

/* Counts, q, t and sizes that suit the theorem: inside it, at its border and a little outside. */
static void plan_make(struct plan *plan, uint64_t number)
{
  static const double q_low[] = {0.05, 1.25, 1.25, 1.1, 1.0};
  static const double q_high[] = {1.05, 1.5, 1.4, 2.0, 3.0};
  static const double t_low[] = {0.01, 1.5, 1.6, 1.0, 0.3};
  static const double t_high[] = {20.0, 1.6, 1.7, 2.5, 3.0};
  static const double row[] = {1.0, 0.105, 0.5, 0.4, 0.9}, diagonal[] = {0.3, 0.05, 0.05, 0.1, 0.1};
  char name[32];
  size_t theorem = (size_t)(number % AT_THEOREMS);
  (void)snprintf(name, sizeof name, "test.gram.%" PRIu64, number);
  *plan = (struct plan){.stream = at_stream_open(2, name)};
  plan->pattern = (enum pattern)(number / AT_THEOREMS % PATTERNS);
  bool pure = theorem == AT_THEOREM_C1 || theorem == AT_THEOREM_C2;
  size_t excess = one_of(plan, 0, 1, 6);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    plan->noisy[k] = one_of(plan, 1 + k, 0, pure ? 1 : 2);
    excess = pure && plan->noisy[k] > 0 ? 8 : excess;
  }
  for (size_t k = 0; k < AT_CLASSES; k++) {
    plan->clean[k] = plan->noisy[k] + excess + (pure ? 0 : one_of(plan, 3 + k, 0, 1));
    plan->samples += plan->clean[k] + plan->noisy[k];
  }
  plan->q = between(plan, 5, q_low[theorem], q_high[theorem]) / (double)excess;
  plan->t = between(plan, 6, t_low[theorem], t_high[theorem]);
  plan->size = between(plan, 7, 0.0, row[theorem]) / (double)(plan->samples - 1);
  plan->spread = between(plan, 8, 0.0, diagonal[theorem]);
}

/* sign of m_ij / size; y: labels, c: classes. */
static double entry_sign(const struct plan *plan, const struct at_token_data *data, size_t i,
                         size_t j)
{
  double labels = data->label[i] * data->label[j];
  double classes = data->clean_label[i] * data->clean_label[j];
  size_t low = i < j ? i : j, high = i < j ? j : i;
  switch (plan->pattern) {
  case ALL_EQUAL: return 1.0;
  case ALL_OPPOSITE: return -1.0;
  case WITH_LABELS: return labels;
  case AGAINST_LABELS: return -labels;
  case WITH_CLASSES: return classes;
  case HEAVY_NOISY: return labels == classes ? 0.2 : -classes;
  case CANCELLING: return (i + j) % 2 == 0 ? labels : -labels;
  case INDEPENDENT:
  case PATTERNS:
  default: return at_random_uniform(&plan->stream, DRAWS + MOST * low + high) < 0.5 ? -1.0 : 1.0;
  }
}

static void data_make(struct at_token_data *data, const struct plan *plan)
{
  struct at_failure failure = {""};
  size_t n = plan->samples, i = 0;
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(data, n, 2, n + 2, true, &failure), 0);
  data->synthetic = true;
  data->rho = LENGTH * sqrt(plan->q);
  data->ambient_dim = LENGTH * LENGTH;
  for (size_t k = 0; k < AT_CLASSES; k++) {
    for (size_t s = 0; s < plan->clean[k] + plan->noisy[k]; s++, i++) {
      data->clean_label[i] = k == 0 ? 1.0 : -1.0;
      data->label[i] = s < plan->noisy[k] ? -data->clean_label[i] : data->clean_label[i];
      at_token_row(data, i, 0)[k] = data->rho;
    }
  }
  at_token_data_count(data);
  for (i = 0; i < n; i++) {
    double *noise = at_token_row(data, i, 1) + 2;
    double own = at_random_uniform(&plan->stream, DRAWS + MOST * MOST + i) < 0.5 ? -1.0 : 1.0;
    for (size_t j = 0; j < n; j++) {
      noise[j] = LENGTH * (i == j ? sqrt(1.0 + plan->spread * own)
                                  : 0.5 * plan->size * entry_sign(plan, data, i, j));
    }
  }
}

static void count(struct at_gram_tally *tally, const struct at_certificate *certificate)
{
  const struct at_gram *gram = &certificate->gram;
  bool noisy = gram->size[1] > 0 && gram->size[3] > 0;
  for (int k = 0; k < AT_THEOREMS; k++) {
    const struct at_theorem_check *check = &certificate->check[k];
    bool applies = check->applies == AT_YES;
    tally->applies[k] += applies;
    tally->noisy += applies && noisy && check->guarantee.steps == 2;
    tally->half_attention += applies && check->guarantee.half_attention;
  }
}

void at_gram_case(struct at_gram_tally *tally, uint64_t number)
{
  struct plan plan;
  struct at_token_data data;
  struct at_certificate certificate;
  plan_make(&plan, number);
  data_make(&data, &plan);
  at_certificate_init(&certificate, &data, plan.t * 4.0 * (double)plan.samples / (LENGTH * LENGTH));
  CU_ASSERT_PTR_NULL_FATAL(certificate.obstacle);
  tally->cases++;
  if (certificate.contradiction[0] != '\0') {
    tally->contradictions++;
    (void)printf("    case %" PRIu64 ": %s\n", number, certificate.contradiction);
  }
  count(tally, &certificate);
  at_certificate_clear(&certificate);
  at_token_data_free(&data);
}
