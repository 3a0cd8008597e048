/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/test_count.h.
 * Main result: counts agree with signs found at 1000 bits; an exact tie is wrong; near-ties raise
 * the precision and a low cap leaves them undecided; a run is refined when a sample asks for it.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/test_count.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

enum { DIM = 9, SAMPLES = 150 };

/* The samples with clean label * output > 0 at 1000 bits. */
static size_t right_count(const struct at_token_data *test, const double *v, const double *p)
{
  size_t right = 0;
  struct at_enclosure_point point;
  at_enclosure_point_init(&point, test->samples, test->tokens, test->dim);
  at_enclosure_point_set(&point, v, p);
  at_enclosure_point_forward(&point, test, 1000);
  for (size_t i = 0; i < test->samples; i++)
    right += test->clean_label[i] > 0.0 ? arb_is_positive(point.outputs + i) != 0
                                        : arb_is_negative(point.outputs + i) != 0;
  at_enclosure_point_clear(&point);
  return right;
}

/* Flipped labels do not count: the clean ones do. */
static void test_counts(void)
{
  double v[DIM], p[DIM];
  struct at_token_data test;
  struct at_test_count count;
  at_test_normals(v, DIM, 1.0, 401);
  at_test_normals(p, DIM, 1.0, 402);
  v[0] = 1.0;
  v[1] = -1.0;
  at_test_data_signal(&test, SAMPLES, DIM, 1.25, 3, 403);
  CU_ASSERT(at_test_count_of_doubles(&count, &test, v, p, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(count.right, right_count(&test, v, p));
  CU_ASSERT_EQUAL(count.right + count.wrong, SAMPLES);
  CU_ASSERT(count.wrong > 0 && count.right > SAMPLES / 2);
  CU_ASSERT_EQUAL(count.undecided, 0);
  CU_ASSERT_EQUAL(count.precision, AT_ENCLOSURE_START_BITS);
  at_token_data_free(&test);
}

/* Outputs 0, 2^-200 and -2^-200 times 1/2 beside terms of size 1: v = (1, 0, 1), p = 0. */
static void test_ties(void)
{
  const double v[3] = {1.0, 0.0, 1.0};
  const double p[3] = {0.0, 0.0, 0.0};
  struct at_token_data test;
  struct at_test_count count;
  at_test_data_signal(&test, 5, 3, 1.0, 0, 404);
  for (size_t i = 0; i < 5; i += 2) {
    at_token_row(&test, i, 0)[2] = (double)i / 2.0 * 0x1p-200 - 0x1p-200;
    at_token_row(&test, i, 1)[2] = -1.0;
  }
  at_token_row(&test, 1, 1)[2] = -3.0;
  at_token_row(&test, 3, 1)[2] = 0x1p-1000;
  CU_ASSERT_FALSE(at_test_count_of_doubles(&count, &test, v, p, 128));
  CU_ASSERT_EQUAL(count.undecided, 2);
  CU_ASSERT_EQUAL(count.precision, 128);
  CU_ASSERT(at_test_count_of_doubles(&count, &test, v, p, 256));
  CU_ASSERT_EQUAL(count.right, 2); /* +2^-200 of class 1, -3 of class 2 */
  CU_ASSERT_EQUAL(count.wrong, 3); /* -2^-200 and 0 of class 1, 2^-1000 of class 2 */
  CU_ASSERT_EQUAL(count.precision, 256);
  CU_ASSERT_FALSE(at_test_count_of_doubles(&count, &test, v, p, 127));
  CU_ASSERT_EQUAL(count.undecided, 5);
  at_token_data_free(&test);
}

/* Without clean labels the labels are the truth. */
static void test_labels(void)
{
  const double v[1] = {2.0};
  const double p[1] = {0.0};
  struct at_token_data test;
  struct at_test_count count;
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(&test, 3, 1, 1, false, NULL), 0);
  test.token[0] = 1.0;
  test.token[1] = -1.0;
  test.token[2] = -1.0;
  test.label[0] = 1.0;
  test.label[1] = 1.0;
  test.label[2] = -1.0;
  CU_ASSERT(at_test_count_of_doubles(&count, &test, v, p, 128));
  CU_ASSERT_EQUAL(count.right, 2);
  CU_ASSERT_EQUAL(count.wrong, 1);
  at_token_data_free(&test);
}

/* A run at 2 bits cannot tell the 40 signs, so it is refined; the counts are those of 512 bits. */
static void test_run(void)
{
  struct at_token_data data, test;
  struct at_enclosure_run run;
  struct at_test_count count;
  at_test_data_signal(&data, 2, 4, 1.0, 0, 405);
  at_test_data_signal(&test, 40, 4, 1.0, 0, 406);
  at_enclosure_run_init(&run, &data, 0.3, 3);
  CU_ASSERT_FALSE(at_test_count_of_run(&count, &test, &run, 3, 64));
  CU_ASSERT_EQUAL(count.undecided, 40);
  at_enclosure_run_at(&run, 2);
  CU_ASSERT(at_test_count_of_run(&count, &test, &run, 3, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(count.right + count.wrong, 40);
  CU_ASSERT(run.precision > 2);
  const struct at_test_count refined = count;
  at_enclosure_run_at(&run, 512);
  CU_ASSERT(at_test_count_of_run(&count, &test, &run, 3, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(count.right, refined.right);
  CU_ASSERT_EQUAL(count.precision, 512);
  CU_ASSERT(at_test_count_of_run(&count, &test, &run, 0, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(count.wrong, 40); /* outputs of exactly zero */
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
  at_token_data_free(&test);
}

void at_suite_test_count(void)
{
  CU_pSuite suite = CU_add_suite("test count", NULL, NULL);
  CU_add_test(suite, "counts are exact", test_counts);
  CU_add_test(suite, "ties are wrong, near-ties raise the precision", test_ties);
  CU_add_test(suite, "labels are the truth without clean labels", test_labels);
  CU_add_test(suite, "a run is refined when a sample asks for it", test_run);
}
