/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: draw clean labels and flip some of them (see labels.h).
 * Main result: a subset of fixed size is chosen by ranking random keys, which is uniform over all
 * subsets because the keys are exchangeable.
 * Assumptions: samples <= AT_MAX_SAMPLES. Test: tests/harness/data/test_labels.c.
 */
#include "harness/data/labels.h"

#include "harness/data/random.h"
#include "kernel/capacity.h"

/* key[samples]: words first .. first+samples-1 of the stream. */
static void keys_draw(uint64_t *key, const struct at_stream *stream, uint64_t first, size_t samples)
{
  for (size_t i = 0; i < samples; i++) {
    key[i] = at_random_word(stream, first + i);
  }
}

/* How many samples of the class of sample i (every sample, when class_label is NULL) have a key
 * before that of sample i. Over the whole set quadratic: 4096 samples take some 20 ms. */
static size_t key_rank(const uint64_t *key, const double *class_label, size_t i, size_t samples)
{
  size_t rank = 0;
  for (size_t j = 0; j < samples; j++) {
    bool same_class = class_label == NULL || class_label[j] == class_label[i];
    rank += same_class && (key[j] < key[i] || (j < i && key[j] == key[i]));
  }
  return rank;
}

void at_labels_draw(double *clean_label, uint64_t seed, const char *stream_name, uint64_t first,
                    size_t samples)
{
  struct at_stream stream = at_stream_open(seed, stream_name);
  for (size_t i = 0; i < samples; i++) {
    clean_label[i] = at_random_word(&stream, first + i) >> 63 == 0 ? 1.0 : -1.0;
  }
}

void at_labels_draw_balanced(double *clean_label, uint64_t seed, const char *stream_name,
                             size_t samples)
{
  struct at_stream stream = at_stream_open(seed, stream_name);
  uint64_t key[AT_MAX_SAMPLES];
  keys_draw(key, &stream, 0, samples);
  for (size_t i = 0; i < samples; i++) {
    clean_label[i] = key_rank(key, NULL, i, samples) < samples / 2 ? -1.0 : 1.0;
  }
}

static int flip_settings_check(const struct at_flip_settings *flips, const double *clean_label,
                               size_t samples, struct at_failure *failure)
{
  if (!flips->exact_count) {
    return flips->eta >= 0.0 && flips->eta <= 1.0
             ? 0
             : at_fail(failure, "eta: %g is out of range; a probability in [0, 1] is accepted",
                       flips->eta);
  }
  size_t positive = 0;
  for (size_t i = 0; i < samples; i++) {
    positive += clean_label[i] > 0.0;
  }
  size_t smaller = positive < samples - positive ? positive : samples - positive;
  if (flips->noisy_per_class > smaller) {
    return at_fail(failure,
                   "noisy per class: %zu is more than the smaller class holds (%zu with label +1, "
                   "%zu with label -1); at most %zu is accepted",
                   flips->noisy_per_class, positive, samples - positive, smaller);
  }
  return 0;
}

int at_labels_flip(double *label, const double *clean_label, const struct at_flip_settings *flips,
                   uint64_t seed, const char *stream_name, uint64_t first, size_t samples,
                   struct at_failure *failure)
{
  if (flip_settings_check(flips, clean_label, samples, failure) != 0) {
    return -1;
  }
  struct at_stream stream = at_stream_open(seed, stream_name);
  uint64_t key[AT_MAX_SAMPLES];
  if (flips->exact_count) {
    keys_draw(key, &stream, first, samples);
  }
  for (size_t i = 0; i < samples; i++) {
    bool flipped = flips->exact_count
                     ? key_rank(key, clean_label, i, samples) < flips->noisy_per_class
                     : at_random_uniform(&stream, first + i) < flips->eta;
    label[i] = flipped ? -clean_label[i] : clean_label[i];
  }
  return 0;
}
