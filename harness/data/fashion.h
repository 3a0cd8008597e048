/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: token data from Fashion-MNIST (Debian package dataset-fashion-mnist): two classes of
 * clothing, image patches as tokens, label noise on the training labels only.
 * Main result: the training set and the real test set of the two classes, in the same form as the
 * synthetic data, from public images instead of a Gaussian law.
 * Assumptions: the four gzip-compressed IDX files lie in AT_FASHION_DEFAULT_DIRECTORY or in the
 * directory that the environment variable ATTEST_FASHION_DIR names.
 * Test: tests/harness/data/test_fashion.c.
 *
 * Tokens: the 28 x 28 image is cut into a g x g grid of patches, T = g^2 with g = 2, 4 or 7;
 * token t is the patch in row t / g and column t mod g, its d = (28/g)^2 pixels row by row.
 * Scaling, the same fixed map for training and test data, each entry one correctly rounded
 * division: pixel / 255 in [0, 1], or, when `centred`, (2 pixel - 255) / 255 in [-1, 1].
 */
#ifndef AT_HARNESS_DATA_FASHION_H
#define AT_HARNESS_DATA_FASHION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/data/labels.h"
#include "harness/data/token_data.h"
#include "harness/failure.h"

#define AT_FASHION_DEFAULT_DIRECTORY "/usr/share/datasets/fashion-mnist"

/* The number of classes of the data set: 0 T-shirt, 1 trouser, 2 pullover, 3 dress, 4 coat,
 * 5 sandal, 6 shirt, 7 sneaker, 8 bag, 9 ankle boot. */
enum { AT_FASHION_CLASSES = 10 };

/* positive, negative: the classes that get the labels +1 and -1. samples_per_class: training
 * images of each; chosen: by the smallest keys of the stream fashion.choice (the key of an image is
 * the word at its number within the whole training file) instead of the first ones in the file.
 * tokens T: 4, 16 or 49. flips: as in labels.h, stream train.flips, training set only. */
struct at_fashion_settings {
  unsigned positive;
  unsigned negative;
  size_t samples_per_class;
  bool chosen;
  size_t tokens;
  bool centred;
  struct at_flip_settings flips;
  uint64_t seed;
};

/* *train: 2 samples_per_class samples, positive and negative in turn, each class in the order of
 * the file (chosen or not). clean_label is the class, label the class after the flips.
 * *test: every image of the two classes in the test file, in its order, label = clean_label.
 * Errors: settings out of range, files missing, damaged or not those of Fashion-MNIST's shape,
 * fewer images of a class than asked for; then neither *train nor *test holds anything. */
int at_fashion_read(struct at_token_data *train, struct at_token_data *test,
                    const struct at_fashion_settings *settings, struct at_failure *failure);

#endif
