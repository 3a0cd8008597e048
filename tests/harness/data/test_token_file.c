/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/token_file.h.
 * Main result: a synthetic set survives writing and reading to the bit; shapes that do not fit and
 * data that the kernel could not bear are refused with a line that names the file.
 * Assumptions: /tmp is writable.
 */
#define _XOPEN_SOURCE 700

#include <stdlib.h>
#include <unistd.h>

#include "harness/data/npy.h"
#include "harness/data/synthetic.h"
#include "harness/data/token_file.h"
#include "tests/harness/data/line.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

static char directory[] = "/tmp/at_token_XXXXXX";
static char token_path[64], label_path[64], clean_path[64];
static struct at_failure failure;

static int files_make(void)
{
  (void)snprintf(directory, sizeof directory, "/tmp/at_token_XXXXXX");
  if (mkdtemp(directory) == NULL) return 1;
  (void)snprintf(token_path, sizeof token_path, "%s/tokens.npy", directory);
  (void)snprintf(label_path, sizeof label_path, "%s/labels.npy", directory);
  (void)snprintf(clean_path, sizeof clean_path, "%s/clean.npy", directory);
  return 0;
}

static int files_remove(void)
{
  (void)unlink(token_path);
  (void)unlink(label_path);
  (void)unlink(clean_path);
  return rmdir(directory);
}

static void test_round_trip(void)
{
  const struct at_synthetic_settings settings = {
    .samples = 12, .tokens = 3, .ambient_dim = 100, .rho = 2.0, .flips = {.eta = 0.3}};
  struct at_token_data made;
  struct at_token_data got;
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&made, &settings, &failure), 0);
  CU_ASSERT_EQUAL(at_token_file_write(token_path, label_path, clean_path, &made, &failure), 0);
  int result = at_token_file_read(&got, token_path, label_path, clean_path, &failure);
  if (at_test_works(result, failure.line) == 0) {
    CU_ASSERT(got.samples == 12 && got.tokens == 3 && got.dim == made.dim);
    CU_ASSERT(at_test_same(got.token, made.token, 36 * made.dim));
    CU_ASSERT(at_test_same(got.label, made.label, 12));
    CU_ASSERT(at_test_same(got.clean_label, made.clean_label, 12));
    CU_ASSERT_EQUAL(memcmp(got.noisy, made.noisy, sizeof got.noisy), 0);
    CU_ASSERT(!got.synthetic && got.rho == 0.0 && got.ambient_dim == made.dim);
    at_token_data_free(&got);
  }
  CU_ASSERT_EQUAL(at_token_file_read(&got, token_path, label_path, NULL, &failure), 0);
  CU_ASSERT_PTR_NULL(got.clean_label);
  at_token_data_free(&got);
  at_token_data_free(&made);
}

static void read_fails(const char *path, const char *rest)
{
  struct at_token_data got;
  char expected[300];
  (void)snprintf(expected, sizeof expected, "%s: %s", path, rest);
  at_test_fails(at_token_file_read(&got, token_path, label_path, NULL, &failure), failure.line,
                expected);
  CU_ASSERT_PTR_NULL(got.token);
}

static void array_write(const char *path, const double *value, size_t a, size_t b, size_t c,
                        size_t rank)
{
  const size_t shape[3] = {a, b, c};
  CU_ASSERT_EQUAL(at_npy_write(path, value, shape, rank, &failure), 0);
}

static void test_failures(void)
{
  char both[140];
  static double value[5000] = {1.0, -1.0, 3e6};
  array_write(token_path, value, 2, 2, 1, 2);
  array_write(label_path, value, 2, 0, 0, 1);
  read_fails(token_path, "2 dimensions; an array of shape (n, T, d) is accepted");
  array_write(token_path, value, 4097, 1, 1, 3);
  read_fails(token_path, "samples n: 4097 is out of range; between 1 and 4096 is accepted");
  array_write(token_path, value, 2, 1, 1, 3);
  array_write(label_path, value, 1, 0, 0, 1);
  read_fails(label_path, "1 entries of rank 1; one label for each of the 2 samples, shape (2,), is "
                         "accepted");
  array_write(label_path, value, 2, 1, 0, 2);
  read_fails(label_path, "2 entries of rank 2; one label for each of the 2 samples, shape (2,), is "
                         "accepted");
  array_write(label_path, value + 3, 2, 0, 0, 1);
  (void)snprintf(both, sizeof both, "%s with %s", token_path, label_path);
  read_fails(both, "the label of sample 0 is 0; +1 and -1 are accepted");
  array_write(label_path, value, 2, 0, 0, 1);
  array_write(token_path, value, 2, 1, 2, 3);
  read_fails(both, "sample 1, token 0, coordinate 0 is 3e+06; finite numbers of size up to "
                   "2^20 are accepted: scale the data");
  CU_ASSERT_EQUAL(unlink(label_path), 0);
  read_fails(label_path, "cannot be read: No such file or directory; give a readable file");
}

void at_suite_token_file(void)
{
  CU_pSuite suite = CU_add_suite("token_file", files_make, files_remove);
  CU_add_test(suite, "a set is written and read back to the bit", test_round_trip);
  CU_add_test(suite, "bad files are named", test_failures);
}
