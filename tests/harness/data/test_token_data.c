/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/token_data.h.
 * Main result: shapes, counts, and a line for each fault that the kernel could not bear.
 * Assumptions: none.
 */
#include <math.h>

#include "harness/data/token_data.h"
#include "tests/harness/data/line.h"
#include "tests/suites.h"

static struct at_failure failure;
static struct at_token_data data;

static int data_make(void)
{
  return at_token_data_allocate(&data, 3, 2, 4, true, &failure);
}

static int data_remove(void)
{
  at_token_data_free(&data);
  at_token_data_free(&data);
  return data.token != NULL;
}

static void labels_set(void)
{
  static const double clean[3] = {1.0, -1.0, -1.0};
  static const double label[3] = {1.0, 1.0, -1.0};
  memcpy(data.clean_label, clean, sizeof clean);
  memcpy(data.label, label, sizeof label);
}

static void test_allocate(void)
{
  CU_ASSERT_EQUAL(data.ambient_dim, 4);
  CU_ASSERT_EQUAL(data.samples, 3);
  CU_ASSERT_EQUAL(at_token_row(&data, 2, 1) - data.token, 20);
  for (size_t i = 0; i < 24; i++) CU_ASSERT_EQUAL(data.token[i], 0.0);
}

static void allocate_fails(size_t samples, size_t tokens, size_t dim, const char *expected)
{
  struct at_token_data other;
  at_test_fails(at_token_data_allocate(&other, samples, tokens, dim, false, &failure), failure.line,
                expected);
  CU_ASSERT_PTR_NULL(other.token);
}

static void test_allocate_failures(void)
{
  allocate_fails(0, 1, 1, "samples n: 0 is out of range; between 1 and 4096 is accepted");
  allocate_fails(4097, 1, 1, "samples n: 4097 is out of range; between 1 and 4096 is accepted");
  allocate_fails(1, 0, 1, "tokens T: 0 is out of range; between 1 and 64 is accepted");
  allocate_fails(1, 65, 1, "tokens T: 65 is out of range; between 1 and 64 is accepted");
  allocate_fails(1, 1, 0, "dimension d: 0 is out of range; between 1 and 65536 is accepted");
  allocate_fails(1, 1, 65537,
                 "dimension d: 65537 is out of range; between 1 and 65536 is accepted");
}

static void test_count(void)
{
  labels_set();
  at_token_data_count(&data);
  CU_ASSERT(data.clean[0] == 1 && data.noisy[0] == 0);
  CU_ASSERT(data.clean[1] == 1 && data.noisy[1] == 1);
  double *clean_label = data.clean_label;
  data.clean_label = NULL;
  at_token_data_count(&data);
  CU_ASSERT(data.clean[0] == 2 && data.clean[1] == 1 && data.noisy[0] + data.noisy[1] == 0);
  data.clean_label = clean_label;
}

static void validate_fails(const char *expected)
{
  at_test_fails(at_token_data_validate(&data, "given", &failure), failure.line, expected);
}

static void test_validate_labels(void)
{
  labels_set();
  CU_ASSERT_EQUAL(at_token_data_validate(&data, "given", &failure), 0);
  data.label[1] = 0.0;
  validate_fails("given: the label of sample 1 is 0; +1 and -1 are accepted");
  data.label[1] = (double)NAN;
  validate_fails("given: the label of sample 1 is nan; +1 and -1 are accepted");
  labels_set();
  data.clean_label[2] = 2.0;
  validate_fails("given: the clean label of sample 2 is 2; +1 and -1 are accepted");
  data.clean_label[0] = data.clean_label[2] = -1.0;
  validate_fails("given: every clean label is -1, so one class is missing; samples of both classes "
                 "are needed");
}

static void test_validate_without_clean_labels(void)
{
  double *clean_label = data.clean_label;
  labels_set();
  data.clean_label = NULL;
  CU_ASSERT_EQUAL(at_token_data_validate(&data, "given", &failure), 0);
  data.label[2] = 1.0;
  validate_fails(
    "given: every label is +1, so one class is missing; samples of both classes are needed");
  data.clean_label = clean_label;
}

static void test_validate_entries(void)
{
  static const double bad[] = {1048576.5, -1e300, (double)INFINITY, -(double)INFINITY, (double)NAN};
  static const char *const words[] = {"1.04858e+06", "-1e+300", "inf", "-inf", "nan"};
  labels_set();
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char expected[200];
    at_token_row(&data, 1, 1)[2] = bad[i];
    (void)snprintf(expected, sizeof expected,
                   "given: sample 1, token 1, coordinate 2 is %s; finite numbers of size up to "
                   "2^20 are accepted: scale the data",
                   words[i]);
    validate_fails(expected);
  }
  at_token_row(&data, 1, 1)[2] = -AT_MAX_ENTRY;
  CU_ASSERT_EQUAL(at_token_data_validate(&data, "given", &failure), 0);
  at_token_row(&data, 1, 1)[2] = 0.0;
}

void at_suite_token_data(void)
{
  CU_pSuite suite = CU_add_suite("token_data", data_make, data_remove);
  CU_add_test(suite, "allocation gives zeroed rows", test_allocate);
  CU_add_test(suite, "sizes out of capacity are named", test_allocate_failures);
  CU_add_test(suite, "clean and noisy samples are counted", test_count);
  CU_add_test(suite, "bad labels are named", test_validate_labels);
  CU_add_test(suite, "data without clean labels is checked too",
              test_validate_without_clean_labels);
  CU_add_test(suite, "bad entries are named", test_validate_entries);
}
