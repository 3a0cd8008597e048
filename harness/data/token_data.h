/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the data set every model of the harness runs on: samples of tokens, and labels.
 * Main result: a struct at_token_data that passed at_token_data_validate meets the kernel's
 * preconditions on its data (sizes within capacity.h, entries finite and within AT_MAX_ENTRY,
 * labels +1 or -1).
 * Assumptions: none. Test: tests/harness/data/test_token_data.c.
 */
#ifndef AT_HARNESS_DATA_TOKEN_DATA_H
#define AT_HARNESS_DATA_TOKEN_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/failure.h"
#include "kernel/capacity.h"

/* Class 0 is the clean label +1 (signal mu_1), class 1 the clean label -1 (signal mu_2). A sample
 * is clean when its label is its clean label, and noisy when it is flipped. */
enum { AT_CLASSES = 2 };

/* samples n, tokens T, dim d: the shape of the data.
 * token: (n, T, d), row-major: coordinate j of token t of sample i at token[(i*T + t)*d + j].
 * label: n labels, +1 or -1, as the model is trained on them. clean_label: n labels before the
 * flips, or NULL when nobody knows them.
 * clean, noisy: the number of clean and noisy samples of each class (c_k and e_k of the theory);
 * without clean labels every sample counts as clean of the class its label names.
 * synthetic: drawn by harness/data/synthetic.h; then token 0 is the signal, rho its norm,
 * ambient_dim the dimension D the data stands for and seed what it was drawn from, and compressed
 * tells whether the coordinates are those of the span of the training set (d may be below D) or
 * of R^D. Otherwise rho = 0, ambient_dim = d, seed = 0. */
struct at_token_data {
  size_t samples;
  size_t tokens;
  size_t dim;
  double *token;
  double *label;
  double *clean_label;
  size_t clean[AT_CLASSES];
  size_t noisy[AT_CLASSES];
  bool synthetic;
  bool compressed;
  uint64_t ambient_dim;
  uint64_t seed;
  double rho;
};

/* Gives *data zeroed arrays for n samples of T tokens in d dimensions, with clean labels or
 * without, and zeroes every other field (ambient_dim = d). Free with at_token_data_free.
 * Errors: a size that is 0 or beyond capacity.h, an array beyond this machine's memory; then *data
 * holds nothing to free. */
int at_token_data_allocate(struct at_token_data *data, size_t samples, size_t tokens, size_t dim,
                           bool with_clean_labels, struct at_failure *failure);

/* Frees the arrays and zeroes *data; harmless on a zeroed struct. */
void at_token_data_free(struct at_token_data *data);

/* Counts data->clean and data->noisy from the labels. */
void at_token_data_count(struct at_token_data *data);

/* Checks everything the kernel asks of its data, and that both classes occur (among the clean
 * labels if known, otherwise among the labels); `name` stands first in the failure line.
 * Errors: the first fault found, with its place. */
int at_token_data_validate(const struct at_token_data *data, const char *name,
                           struct at_failure *failure);

/* The first coordinate of token t of sample i. */
double *at_token_row(const struct at_token_data *data, size_t sample, size_t token);

#endif
