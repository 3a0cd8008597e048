/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of which theorem applies, of its guarantees and of the advice (theorems.c,
 * certificate.c).
 * Main result: on random and adversarial Gram matrices no guarantee is contradicted by the closed
 * forms, and the guarantees occur; borders of the corollaries are where the theorem puts them.
 * Assumptions: none. Draws are counter-based, so every run tests the same cases.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/audit/certificate.h"
#include "harness/data/random.h"
#include "harness/data/synthetic.h"
#include "tests/harness/audit/gram_cases.h"
#include "tests/suites.h"

/* GRAM_CASES: how many Gram matrices instead of 2000; then what came of them is printed. */
static void test_no_guarantee_is_contradicted(void)
{
  struct at_gram_tally tally = {0};
  const char *given = getenv("GRAM_CASES");
  uint64_t cases = given == NULL ? 2000 : strtoull(given, NULL, 10);
  for (uint64_t number = 0; number < cases; number++) {
    at_gram_case(&tally, number);
  }
  for (int k = 0; given != NULL && k < AT_THEOREMS; k++) {
    (void)printf("  %-10s applies to %zu of %zu Gram matrices\n",
                 at_theorem_name((enum at_theorem)k), tally.applies[k], tally.cases);
  }
  CU_ASSERT_EQUAL(tally.contradictions, 0);
  for (int k = 0; k < AT_THEOREMS; k++) {
    CU_ASSERT_TRUE(tally.applies[k] > 0);
  }
  CU_ASSERT_TRUE(tally.noisy > 0 && tally.half_attention > 0);
}

/* n samples, half of each class, orthogonal noise of squared norm exactly D. */
static void orthogonal_data(struct at_token_data *data, size_t samples, size_t noisy, double rho,
                            double length)
{
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(data, samples, 2, samples + 2, true, &failure), 0);
  data->synthetic = true;
  data->rho = rho;
  data->ambient_dim = (uint64_t)(length * length);
  for (size_t i = 0; i < samples; i++) {
    at_token_row(data, i, 0)[i % 2] = rho;
    at_token_row(data, i, 1)[2 + i] = length;
    data->clean_label[i] = i % 2 == 0 ? 1.0 : -1.0;
    data->label[i] = i / 2 < noisy ? -data->clean_label[i] : data->clean_label[i];
  }
  at_token_data_count(data);
}

static enum at_answer answer(size_t samples, size_t noisy, double rho, double step,
                             enum at_theorem theorem)
{
  struct at_token_data data;
  struct at_certificate certificate;
  orthogonal_data(&data, samples, noisy, rho, 64.0);
  at_certificate_init(&certificate, &data, step);
  CU_ASSERT_PTR_NULL_FATAL(certificate.obstacle);
  CU_ASSERT_STRING_EQUAL(certificate.contradiction, "");
  enum at_answer found = certificate.check[theorem].applies;
  at_certificate_clear(&certificate);
  at_token_data_free(&data);
  return found;
}

/* D = 4096, n = 16, no flips: q = 8 rho^2/4096, t = 64 step; all row sums and epsilon are 0. So
 * rho^2 = 640 is q = 5/4, 768 is q = 3/2; t = 3/2 at step 3/128, t = 8/5 at 1/40. */
static void test_borders_of_the_corollaries(void)
{
  const double q_low = 640.0, q_high = 768.0, middle = 704.0;
  const double t_low = 3.0 / 128.0, step = 25.0 / 1024.0;
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), step, AT_THEOREM_C1), AT_YES);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(q_low) * (1.0 + 0x1p-40), step, AT_THEOREM_C1), AT_YES);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(q_low) * (1.0 - 0x1p-40), step, AT_THEOREM_C1), AT_NO);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(q_high) * (1.0 - 0x1p-40), step, AT_THEOREM_C1), AT_YES);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(q_high) * (1.0 + 0x1p-40), step, AT_THEOREM_C1), AT_NO);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), t_low, AT_THEOREM_C1), AT_YES);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), nextafter(t_low, 0.0), AT_THEOREM_C1), AT_NO);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), nextafter(1.0 / 40.0, 0.0), AT_THEOREM_C1), AT_YES);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), nextafter(1.0 / 40.0, 1.0), AT_THEOREM_C1), AT_NO);
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), 0x1.Ap-6, AT_THEOREM_C2), AT_YES); /* t = 13/8 */
  CU_ASSERT_EQUAL(answer(16, 0, sqrt(middle), step, AT_THEOREM_C2), AT_NO);
  /* One flip of 8 a class: phi = 1/6 and q = 6 rho^2/4096. */
  CU_ASSERT_EQUAL(answer(16, 1, sqrt(middle * 4.0 / 3.0), step, AT_THEOREM_C1), AT_NO);
  /* One of 16: phi = 1/14, q = 14 rho^2/4096; t = 32 step. */
  CU_ASSERT_EQUAL(answer(32, 1, sqrt(middle * 4.0 / 7.0), 2.0 * step, AT_THEOREM_C1), AT_YES);
}

/* theta = 0: one step is certified up to q = 1 and at any step size; at q = 1 nothing is. */
static void test_border_of_one_step(void)
{
  static const double steps[] = {0x1p-20, 0x1p-10, 1.0, 0x1p10, 0x1p20};
  for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
    double step = steps[k];
    CU_ASSERT_EQUAL(answer(16, 2, sqrt(1023.5), step, AT_THEOREM_ONE_STEP), AT_YES);
    CU_ASSERT_EQUAL(answer(16, 2, 32.0, step, AT_THEOREM_ONE_STEP), AT_NO);
    CU_ASSERT_EQUAL(answer(16, 2, 32.0, step, AT_THEOREM_PARAMETRIC), AT_NO);
  }
}

/* The factor found makes the theorem apply when the data are really changed. */
static void test_advice_holds(void)
{
  struct at_token_data data, changed;
  struct at_certificate certificate;
  enum at_theorem theorem;
  double factor;
  orthogonal_data(&data, 16, 1, sqrt(1365.0), 64.0); /* q = 2 */
  at_certificate_init(&certificate, &data, 0x1p-9);  /* t = 1/8: too small */
  CU_ASSERT_EQUAL(at_certificate_best(&certificate), AT_THEOREMS);
  CU_ASSERT_TRUE_FATAL(at_certificate_advise(&factor, &theorem, &certificate, AT_CHANGE_BETA));
  CU_ASSERT_TRUE(factor > 1.0);
  CU_ASSERT_EQUAL(answer(16, 1, sqrt(1365.0), 0x1p-9 * factor, theorem), AT_YES);
  CU_ASSERT_NOT_EQUAL(answer(16, 1, sqrt(1365.0), 0x1p-9 * factor * 0.999, theorem), AT_YES);
  CU_ASSERT_TRUE_FATAL(at_certificate_advise(&factor, &theorem, &certificate, AT_CHANGE_RHO));
  CU_ASSERT_EQUAL(answer(16, 1, sqrt(1365.0) * factor, 0x1p-9, theorem), AT_YES);
  CU_ASSERT_TRUE_FATAL(at_certificate_advise(&factor, &theorem, &certificate, AT_CHANGE_SCALE));
  at_certificate_clear(&certificate);
  at_token_data_free(&data);
  /* No majority in a class: nothing helps. */
  orthogonal_data(&changed, 8, 2, 32.0, 64.0);
  at_certificate_init(&certificate, &changed, 0x1p-6);
  for (int k = 0; k < AT_CHANGES; k++) {
    CU_ASSERT_FALSE(at_certificate_advise(&factor, &theorem, &certificate, (enum at_change)k));
  }
  at_certificate_clear(&certificate);
  at_token_data_free(&changed);
}

void at_suite_certificate(void)
{
  CU_pSuite suite = CU_add_suite("certificate", NULL, NULL);
  CU_add_test(suite, "no guarantee is contradicted", test_no_guarantee_is_contradicted);
  CU_add_test(suite, "borders of the corollaries", test_borders_of_the_corollaries);
  CU_add_test(suite, "border of one step", test_border_of_one_step);
  CU_add_test(suite, "advice holds", test_advice_holds);
}
