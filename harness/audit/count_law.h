/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the joint law of the counts of a draw (how many samples each class has, and how many of
 * them are noisy) as a list of cells with their probabilities.
 * Main result: the cells are disjoint and each probability is a ball around that of its cell; what
 * they leave out is rare, and 1 minus their sum bounds it. While there are at most AT_COUNT_CELLS
 * of them every cell is a single outcome.
 * Assumptions: FLINT aborts when memory is exhausted. Proof: specs/two_step/probability.md,
 * section 2. Test: tests/harness/audit/test_failure_probability.c.
 */
#ifndef AT_AUDIT_COUNT_LAW_H
#define AT_AUDIT_COUNT_LAW_H

#include <arb.h>
#include <stddef.h>

#include "harness/audit/settings.h"
#include "harness/data/token_data.h"

enum { AT_COUNT_CELLS = 131072 };

/* Class 0 has size_low .. size_high samples, class 1 the others; class k has noisy_low[k] ..
 * noisy_high[k] noisy ones. */
struct at_count_cell {
  size_t size_low, size_high;
  size_t noisy_low[AT_CLASSES], noisy_high[AT_CLASSES];
  arb_t probability;
};

/* rest: probability of all that is in no cell. */
struct at_count_law {
  size_t samples, count;
  struct at_count_cell *cell;
  arb_t rest;
};

/* The law of synthetic draws with these settings: their samples, balanced, eta, fixed_noisy and
 * noisy_per_class are read. Free with _clear. */
void at_count_law_init(struct at_count_law *law, const struct at_settings *settings);
void at_count_law_clear(struct at_count_law *law);

/* The number of samples of a class in a cell: the least and the most. */
size_t at_count_size_low(const struct at_count_law *law, const struct at_count_cell *cell,
                         size_t class_index);
size_t at_count_size_high(const struct at_count_law *law, const struct at_count_cell *cell,
                          size_t class_index);

#endif
