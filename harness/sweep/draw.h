/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: everything a sweep wants to know about the data of one seed, twice: by the kernel with
 * derived bounds, and by the certified enclosure.
 * Main result: a fast draw that is `decided` has every sign outside the bound of its output, and
 * log10 of the test error and the mean attentions within their bounds; an enclosed one is certified.
 * Assumptions: as descent.h.  Test: tests/harness/sweep/test_draw.c.
 */
#ifndef AT_SWEEP_DRAW_H
#define AT_SWEEP_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/data/token_data.h"
#include "harness/failure.h"
#include "harness/sweep/descent.h"

/* Number of clean and noisy samples, how many of them are fitted (margin > 0), and how many are
 * undecided.  log10_error within error_bound if has_error.  clean_attention, noisy_attention: sums
 * of the signal's softmax weight, each term within attention_bound.
 * decided: nothing is left for the enclosure to decide. */
struct at_draw {
  size_t clean, clean_fitted, noisy, noisy_fitted, undecided;
  bool has_error, decided;
  double log10_error, error_bound;
  double clean_attention, noisy_attention, attention_bound;
};

/* By the kernel; arguments as at_descent_run. */
void at_draw_compute(struct at_draw *draw, struct at_descent *descent,
                     const struct at_token_data *data, const double *noise_norm, double step,
                     size_t steps);

/* By Arb, at up to AT_DRAW_CAP_BITS bits; undecided beyond. */
enum { AT_DRAW_CAP_BITS = 1024 };
void at_draw_enclose(struct at_draw *draw, const struct at_token_data *data, double step,
                     size_t steps);

/* 0 if a fast draw is within its bounds of an enclosed one, else -1 and what is not. */
int at_draw_check(const struct at_draw *fast, const struct at_draw *enclosed,
                  struct at_failure *failure);

#endif
