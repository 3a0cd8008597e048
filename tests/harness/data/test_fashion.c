/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/fashion.h.
 * Main result: patches hold the pixels of the right images, compared with the IDX files themselves;
 * choices and flips depend on the seed alone; bad settings and missing files are named.
 * Assumptions: dataset-fashion-mnist is installed; without it the tests of its content pass by with
 * a line that says so, and those of settings and missing files still run.
 */
#define _XOPEN_SOURCE 700

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/data/fashion.h"
#include "harness/data/idx.h"
#include "tests/harness/data/line.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

static struct at_failure failure;
static struct at_token_data train;
static struct at_token_data test;

static const struct at_fashion_settings usual = {
  .positive = 1, .negative = 9, .samples_per_class = 20, .tokens = 4, .seed = 5};

static const char *directory_get(void)
{
  const char *given = getenv("ATTEST_FASHION_DIR");
  return given != NULL ? given : AT_FASHION_DEFAULT_DIRECTORY;
}

static bool installed(void)
{
  bool found = access(directory_get(), R_OK) == 0;
  if (!found) (void)printf("%s is not there: not tested\n", directory_get());
  return found;
}

static bool read_usual(const struct at_fashion_settings *settings)
{
  return at_test_works(at_fashion_read(&train, &test, settings, &failure), failure.line) == 0;
}

static void sets_free(void)
{
  at_token_data_free(&train);
  at_token_data_free(&test);
}

static bool file_read(struct at_idx *idx, const char *name)
{
  char path[300];
  (void)snprintf(path, sizeof path, "%s/%s", directory_get(), name);
  return at_test_works(at_idx_read(idx, path, &failure), failure.line) == 0;
}

/* Every coordinate of one sample against the image: pixel (r, c) is in token (r / side) g + c /
 * side at place (r mod side) side + c mod side, side = 28 / g. */
static void sample_check(const struct at_token_data *data, size_t sample,
                         const unsigned char *image, size_t grid, bool centred)
{
  size_t side = 28 / grid;
  for (size_t pixel = 0; pixel < 784; pixel++) {
    size_t r = pixel / 28;
    size_t c = pixel % 28;
    double x = (double)image[pixel];
    double expected = centred ? (2.0 * x - 255.0) / 255.0 : x / 255.0;
    const double *token = at_token_row(data, sample, r / side * grid + c / side);
    CU_ASSERT_EQUAL(token[r % side * side + c % side], expected);
  }
}

/* The training set is the first images of each class in turn, whatever the grid. */
static void training_check(size_t grid, bool centred)
{
  struct at_fashion_settings settings = usual;
  struct at_idx image = {0};
  struct at_idx label = {0};
  settings.tokens = grid * grid;
  settings.centred = centred;
  bool good = file_read(&image, "train-images-idx3-ubyte.gz") &&
              file_read(&label, "train-labels-idx1-ubyte.gz") && read_usual(&settings);
  if (good) {
    size_t met[2] = {0, 0};
    CU_ASSERT(train.samples == 40 && train.dim == 784 / (grid * grid));
    for (size_t i = 0; met[0] < 20 || met[1] < 20; i++) {
      size_t class = label.value[i] == usual.positive   ? 0
                     : label.value[i] == usual.negative ? 1
                                                        : 2;
      if (class == 2 || met[class] == 20) continue;
      size_t sample = 2 * met[class]++ + class;
      CU_ASSERT_EQUAL(train.label[sample], class == 0 ? 1.0 : -1.0);
      CU_ASSERT_EQUAL(train.clean_label[sample], train.label[sample]);
      sample_check(&train, sample, image.value + 784 * i, grid, centred);
    }
    sets_free();
  }
  at_idx_free(&image);
  at_idx_free(&label);
}

static void test_training(void)
{
  if (!installed()) return;
  training_check(2, false);
  training_check(4, true);
  training_check(7, false);
}

/* Fashion-MNIST has 1000 test images of each class. */
static void test_testing(void)
{
  struct at_idx image = {0};
  struct at_idx label = {0};
  if (!installed()) return;
  bool good = file_read(&image, "t10k-images-idx3-ubyte.gz") &&
              file_read(&label, "t10k-labels-idx1-ubyte.gz") && read_usual(&usual);
  if (good) {
    size_t sample = 0;
    CU_ASSERT_EQUAL(test.samples, 2000);
    for (size_t i = 0; i < label.count && sample < test.samples; i++) {
      if (label.value[i] != usual.positive && label.value[i] != usual.negative) continue;
      CU_ASSERT_EQUAL(test.label[sample], label.value[i] == usual.positive ? 1.0 : -1.0);
      if (sample % 100 == 0) sample_check(&test, sample, image.value + 784 * i, 2, false);
      sample++;
    }
    CU_ASSERT(test.clean[0] == 1000 && test.clean[1] == 1000);
    sets_free();
  }
  at_idx_free(&image);
  at_idx_free(&label);
}

static void test_flips(void)
{
  struct at_fashion_settings settings = usual;
  if (!installed()) return;
  settings.flips = (struct at_flip_settings){.exact_count = true, .noisy_per_class = 3};
  if (!read_usual(&settings)) return;
  CU_ASSERT(train.clean[0] == 17 && train.noisy[0] == 3);
  CU_ASSERT(train.clean[1] == 17 && train.noisy[1] == 3);
  CU_ASSERT(test.noisy[0] == 0 && test.noisy[1] == 0);
  sets_free();
}

/* Chosen: one seed gives one set, another seed another; all images of a class can be chosen. */
static void test_choice(void)
{
  struct at_fashion_settings settings = usual;
  struct at_token_data first;
  if (!installed()) return;
  settings.chosen = true;
  if (!read_usual(&settings)) return;
  size_t entries = train.samples * 784;
  at_token_data_free(&test);
  first = train;
  if (read_usual(&settings)) {
    CU_ASSERT(at_test_same(first.token, train.token, entries));
    sets_free();
  }
  settings.seed = 6;
  if (read_usual(&settings)) {
    CU_ASSERT(!at_test_same(first.token, train.token, entries));
    sets_free();
  }
  at_token_data_free(&first);
}

static void read_fails(const struct at_fashion_settings *settings, const char *expected)
{
  at_test_fails(at_fashion_read(&train, &test, settings, &failure), failure.line, expected);
  CU_ASSERT(train.token == NULL && test.token == NULL);
}

static void test_setting_failures(void)
{
  struct at_fashion_settings s = usual;
  s.positive = 10;
  read_fails(&s, "classes: 10 and 9; two different classes from 0 to 9 are accepted");
  s.positive = 9;
  read_fails(&s, "classes: 9 and 9; two different classes from 0 to 9 are accepted");
  s = usual;
  s.samples_per_class = 0;
  read_fails(&s, "samples per class: 0 is out of range; 1 to 2048 is accepted");
  s.samples_per_class = 2049;
  read_fails(&s, "samples per class: 2049 is out of range; 1 to 2048 is accepted");
  s = usual;
  s.tokens = 9;
  read_fails(&s, "tokens T: 9; 4, 16 or 49 patches of an image are accepted");
  s = usual;
  s.flips.eta = (double)NAN;
  read_fails(&s, "eta: nan is out of range; a probability in [0, 1] is accepted");
  s.flips = (struct at_flip_settings){.exact_count = true, .noisy_per_class = 21};
  read_fails(&s, "noisy per class: 21 is more than the 20 samples of a class");
}

static void test_missing_files(void)
{
  const char *given = getenv("ATTEST_FASHION_DIR");
  char *kept = given != NULL ? strdup(given) : NULL;
  CU_ASSERT_EQUAL(setenv("ATTEST_FASHION_DIR", "/none", 1), 0);
  read_fails(&usual, "/none/train-images-idx3-ubyte.gz: cannot be read: No such file or directory; "
                     "give a readable file (Fashion-MNIST: install dataset-fashion-mnist or set "
                     "ATTEST_FASHION_DIR)");
  CU_ASSERT_EQUAL(
    kept != NULL ? setenv("ATTEST_FASHION_DIR", kept, 1) : unsetenv("ATTEST_FASHION_DIR"), 0);
  free(kept);
}

void at_suite_fashion(void)
{
  CU_pSuite suite = CU_add_suite("fashion", NULL, NULL);
  CU_add_test(suite, "training patches are the images' pixels", test_training);
  CU_add_test(suite, "the test set is the two classes' test images", test_testing);
  CU_add_test(suite, "an exact count of labels flips", test_flips);
  CU_add_test(suite, "a choice depends on the seed alone", test_choice);
  CU_add_test(suite, "bad settings are named", test_setting_failures);
  CU_add_test(suite, "missing files are named", test_missing_files);
}
