/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the training noise of one seed in one ambient dimension, drawn once for every sample
 * size: the first n rows of a larger Bartlett factor are the factor of n samples
 * (harness/data/synthetic.h), so all cells of a sweep that share seed and dimension share it.
 * Main result: the token data that at_synthetic_train draws, bit for bit, without drawing again.
 * Assumptions: two tokens a sample, compressed coordinates.
 * Test: tests/harness/sweep/test_factor.c.
 */
#ifndef AT_SWEEP_FACTOR_H
#define AT_SWEEP_FACTOR_H

#include <stddef.h>
#include <stdint.h>

#include "harness/data/synthetic.h"

/* rows of the factor, row r of min(r + 1, D - 2) entries, packed; norm[r] >= its Euclidean norm. */
struct at_factor {
  uint64_t seed, ambient_dim;
  size_t rows;
  double *entry, *norm;
};

/* Number of entries of a factor. */
size_t at_factor_size(size_t rows, uint64_t ambient_dim);

/* Draws a factor.  Errors: memory, a row longer than AT_MAX_ENTRY. */
int at_factor_init(struct at_factor *factor, uint64_t seed, uint64_t ambient_dim, size_t rows,
                   struct at_failure *failure);
void at_factor_clear(struct at_factor *factor);

/* Fills *data, zeroed or left by an earlier call, with what at_synthetic_train gives for these
 * settings; only what differs from the earlier call is written.  The factor has the settings' seed
 * and dimension and at least their samples.
 * Returns 0; 1 if the draw leaves a class empty, or too small for the flips asked for: then there
 * are no such data; -1 and a failure: memory. */
int at_factor_data(struct at_token_data *data, const struct at_factor *factor,
                   const struct at_synthetic_settings *settings, struct at_failure *failure);

#endif
