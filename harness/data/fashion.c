/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: token data from Fashion-MNIST (see fashion.h).
 * Main result: images of two classes, cut into patches.
 * Assumptions: see fashion.h. Test: tests/harness/data/test_fashion.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/data/fashion.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/idx.h"
#include "harness/data/random.h"
#include "kernel/double_guard.h"

enum { SIDE = 28 };

/* One file of images (count, 28, 28) and the file of their labels (count). */
struct images {
  struct at_idx image;
  struct at_idx label;
};

/* Numbers of images in a file, in the order in which they become samples. */
struct selection {
  size_t number[AT_MAX_SAMPLES];
  size_t count;
};

static void images_free(struct images *images)
{
  at_idx_free(&images->image);
  at_idx_free(&images->label);
}

static int idx_open(struct at_idx *idx, const char *file, struct at_failure *failure)
{
  char path[PATH_MAX];
  const char *directory = getenv("ATTEST_FASHION_DIR");
  directory = directory != NULL ? directory : AT_FASHION_DEFAULT_DIRECTORY;
  int length = snprintf(path, sizeof path, "%s/%s", directory, file);
  if (length < 0 || (size_t)length >= sizeof path) {
    return at_fail(failure, "ATTEST_FASHION_DIR: the path is too long; at most %d bytes", PATH_MAX);
  }
  struct at_failure reason = {""};
  if (at_idx_read(idx, path, &reason) != 0) {
    return at_fail(failure,
                   "%s (Fashion-MNIST: install dataset-fashion-mnist or set ATTEST_FASHION_DIR)",
                   reason.line);
  }
  return 0;
}

/* The two files must describe the same number of 28 x 28 images, with labels 0 to 9. */
static int images_check(const struct images *images, const char *image_file,
                        struct at_failure *failure)
{
  const struct at_idx *image = &images->image;
  const struct at_idx *label = &images->label;
  if (image->rank != 3 || image->shape[1] != SIDE || image->shape[2] != SIDE || label->rank != 1 ||
      label->shape[0] != image->shape[0]) {
    return at_fail(failure,
                   "%s: its shape or that of its labels is not Fashion-MNIST's; (count, 28, 28) "
                   "and (count) are accepted",
                   image_file);
  }
  for (size_t i = 0; i < label->count; i++) {
    if (label->value[i] >= AT_FASHION_CLASSES) {
      return at_fail(failure, "%s: the label of image %zu is %u; 0 to 9 is accepted", image_file, i,
                     (unsigned)label->value[i]);
    }
  }
  return 0;
}

static int images_read(struct images *images, const char *image_file, const char *label_file,
                       struct at_failure *failure)
{
  *images = (struct images){0};
  if (idx_open(&images->image, image_file, failure) != 0 ||
      idx_open(&images->label, label_file, failure) != 0 ||
      images_check(images, image_file, failure) != 0) {
    images_free(images);
    return -1;
  }
  return 0;
}

/* The side g of the patch grid, 0 if T is none of 4, 16, 49. */
static size_t grid_side(size_t tokens)
{
  return tokens == 4 ? 2 : tokens == 16 ? 4 : tokens == 49 ? 7 : 0;
}

static int settings_check(const struct at_fashion_settings *settings, struct at_failure *failure)
{
  if (settings->positive >= AT_FASHION_CLASSES || settings->negative >= AT_FASHION_CLASSES ||
      settings->positive == settings->negative) {
    return at_fail(failure, "classes: %u and %u; two different classes from 0 to 9 are accepted",
                   settings->positive, settings->negative);
  }
  if (settings->samples_per_class < 1 || settings->samples_per_class > AT_MAX_SAMPLES / 2) {
    return at_fail(failure, "samples per class: %zu is out of range; 1 to %d is accepted",
                   settings->samples_per_class, AT_MAX_SAMPLES / 2);
  }
  const struct at_flip_settings *flips = &settings->flips;
  if (!flips->exact_count && !(flips->eta >= 0.0 && flips->eta <= 1.0)) {
    return at_fail(failure, "eta: %g is out of range; a probability in [0, 1] is accepted",
                   flips->eta);
  }
  if (flips->exact_count && flips->noisy_per_class > settings->samples_per_class) {
    return at_fail(failure, "noisy per class: %zu is more than the %zu samples of a class",
                   flips->noisy_per_class, settings->samples_per_class);
  }
  if (grid_side(settings->tokens) == 0) {
    return at_fail(failure, "tokens T: %zu; 4, 16 or 49 patches of an image are accepted",
                   settings->tokens);
  }
  return 0;
}

/* Keeps the `most` images of a class with the smallest keys, in the order of the file: the sorted
 * insertion below holds them by key, and `key` of the last one kept is the bar to pass. */
static uint64_t key_bar(const struct at_stream *stream, const struct at_idx *label, unsigned class,
                        size_t most)
{
  uint64_t key[AT_MAX_SAMPLES / 2];
  size_t held = 0;
  for (size_t i = 0; i < label->count; i++) {
    if (label->value[i] != class) continue;
    uint64_t candidate = at_random_word(stream, i);
    if (held == most && candidate >= key[held - 1]) continue;
    size_t place = held < most ? held++ : held - 1;
    while (place > 0 && key[place - 1] > candidate) {
      key[place] = key[place - 1];
      place--;
    }
    key[place] = candidate;
  }
  return held == 0 ? 0 : key[held - 1];
}

/* The numbers of samples_per_class images of one class, every second place from `offset`. */
static int class_select(struct selection *selection, const struct at_idx *label, size_t offset,
                        const struct at_fashion_settings *settings, struct at_failure *failure)
{
  unsigned class = offset == 0 ? settings->positive : settings->negative;
  struct at_stream stream = at_stream_open(settings->seed, "fashion.choice");
  uint64_t bar = UINT64_MAX;
  if (settings->chosen) {
    bar = key_bar(&stream, label, class, settings->samples_per_class);
  }
  size_t found = 0;
  for (size_t i = 0; i < label->count && found < settings->samples_per_class; i++) {
    if (label->value[i] == class && at_random_word(&stream, i) <= bar) {
      selection->number[2 * found + offset] = i;
      found++;
    }
  }
  if (found < settings->samples_per_class) {
    return at_fail(failure,
                   "samples per class: %zu asked for, class %u has %zu training images; at most "
                   "that is accepted",
                   settings->samples_per_class, class, found);
  }
  selection->count += found;
  return 0;
}

/* Every image of the two classes, in the order of the file. */
static int test_select(struct selection *selection, const struct at_idx *label,
                       const struct at_fashion_settings *settings, struct at_failure *failure)
{
  for (size_t i = 0; i < label->count; i++) {
    if (label->value[i] != settings->positive && label->value[i] != settings->negative) continue;
    if (selection->count == AT_MAX_SAMPLES) {
      return at_fail(failure,
                     "test images: more than %d of the two classes; at most that is "
                     "accepted",
                     AT_MAX_SAMPLES);
    }
    selection->number[selection->count++] = i;
  }
  return 0;
}

/* Cuts one image into the T patches of a sample. */
static void patches_write(double *sample, const unsigned char *image, size_t grid, bool centred)
{
  size_t patch = SIDE / grid;
  for (size_t row = 0; row < SIDE; row++) {
    for (size_t column = 0; column < SIDE; column++) {
      size_t token = row / patch * grid + column / patch;
      size_t pixel = row % patch * patch + column % patch;
      int value = image[row * SIDE + column];
      sample[token * patch * patch + pixel] =
        centred ? (double)(2 * value - 255) / 255.0 : (double)value / 255.0;
    }
  }
}

/* Allocates the data and fills it with the selected images and their clean labels. */
static int data_fill(struct at_token_data *data, const struct images *images,
                     const struct selection *selection, const struct at_fashion_settings *settings,
                     struct at_failure *failure)
{
  size_t grid = grid_side(settings->tokens);
  size_t patch = SIDE / grid;
  if (at_token_data_allocate(data, selection->count, settings->tokens, patch * patch, true,
                             failure) != 0) {
    return -1;
  }
  for (size_t i = 0; i < selection->count; i++) {
    size_t number = selection->number[i];
    data->clean_label[i] = images->label.value[number] == settings->positive ? 1.0 : -1.0;
    data->label[i] = data->clean_label[i];
    patches_write(at_token_row(data, i, 0), images->image.value + number * SIDE * SIDE, grid,
                  settings->centred);
  }
  return 0;
}

static int train_read(struct at_token_data *train, const struct at_fashion_settings *settings,
                      struct at_failure *failure)
{
  struct images images;
  struct selection selection = {.count = 0};
  if (images_read(&images, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", failure) !=
      0) {
    return -1;
  }
  int result = class_select(&selection, &images.label, 0, settings, failure);
  result = result == 0 ? class_select(&selection, &images.label, 1, settings, failure) : result;
  result = result == 0 ? data_fill(train, &images, &selection, settings, failure) : result;
  images_free(&images);
  if (result == 0) {
    result = at_labels_flip(train->label, train->clean_label, &settings->flips, settings->seed,
                            "train.flips", 0, train->samples, failure);
  }
  if (result == 0) {
    at_token_data_count(train);
    result = at_token_data_validate(train, "Fashion-MNIST training data", failure);
  }
  return result;
}

static int test_read(struct at_token_data *test, const struct at_fashion_settings *settings,
                     struct at_failure *failure)
{
  struct images images;
  struct selection selection = {.count = 0};
  if (images_read(&images, "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", failure) !=
      0) {
    return -1;
  }
  int result = test_select(&selection, &images.label, settings, failure);
  result = result == 0 ? data_fill(test, &images, &selection, settings, failure) : result;
  images_free(&images);
  if (result == 0) {
    at_token_data_count(test);
    result = at_token_data_validate(test, "Fashion-MNIST test data", failure);
  }
  return result;
}

int at_fashion_read(struct at_token_data *train, struct at_token_data *test,
                    const struct at_fashion_settings *settings, struct at_failure *failure)
{
  *train = (struct at_token_data){0};
  *test = (struct at_token_data){0};
  if (settings_check(settings, failure) != 0 || train_read(train, settings, failure) != 0 ||
      test_read(test, settings, failure) != 0) {
    at_token_data_free(train);
    at_token_data_free(test);
    return -1;
  }
  return 0;
}
