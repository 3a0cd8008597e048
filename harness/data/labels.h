/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: draw clean labels and flip some of them.
 * Main result: labels and flips are pure functions of (seed, stream name, sample index), and the
 * exact-count choices are uniform over all subsets of that size.
 * Assumptions: samples <= AT_MAX_SAMPLES. Test: tests/harness/data/test_labels.c.
 */
#ifndef AT_HARNESS_DATA_LABELS_H
#define AT_HARNESS_DATA_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/failure.h"

/* How labels are flipped. exact_count false: each label independently with probability eta.
 * exact_count true: exactly noisy_per_class labels of each class, eta is not read. */
struct at_flip_settings {
  bool exact_count;
  double eta;
  size_t noisy_per_class;
};

/* clean_label[n]: sample first + i gets +1 or -1 with probability 1/2 each, from the top bit of
 * word first + i of the stream. */
void at_labels_draw(double *clean_label, uint64_t seed, const char *stream_name, uint64_t first,
                    size_t samples);

/* clean_label[n]: exactly n/2 (rounded down) of the labels are -1, every such choice equally
 * likely: the samples with the smallest keys, the key being word i of the stream (ties, of
 * probability 2^-64 a pair, go by index). */
void at_labels_draw_balanced(double *clean_label, uint64_t seed, const char *stream_name,
                             size_t samples);

/* label[n]: clean_label with flips. eta: sample first + i flips when uniform number first + i of
 * the stream is below eta, so 0 flips none and 1 flips all. exact_count: in each class the
 * noisy_per_class samples with the smallest keys flip, the key being word first + i of the stream.
 * Errors: eta outside [0, 1] or not a number; noisy_per_class beyond the size of a class. */
int at_labels_flip(double *label, const double *clean_label, const struct at_flip_settings *flips,
                   uint64_t seed, const char *stream_name, uint64_t first, size_t samples,
                   struct at_failure *failure);

#endif
