/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the exact number of test samples that get a wrong label, each sign certified by balls.
 * Main result: a sample is counted right or wrong only when the sign of its output is certain;
 * what stays uncertain at the precision cap is counted as undecided.
 * Assumptions: the true label of a sample is its clean label where the data has clean labels, its
 * label otherwise; a predicted label is right only if label * output > 0, so an output of exactly
 * zero is wrong.
 * Test: tests/harness/enclosure/test_test_count.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_TEST_COUNT_H
#define AT_HARNESS_ENCLOSURE_TEST_COUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/data/token_data.h"
#include "harness/enclosure/run.h"

/* right + wrong + undecided = the number of test samples. precision: bits of the last pass. */
struct at_test_count {
  size_t right;
  size_t wrong;
  size_t undecided;
  slong precision;
};

/* Counts for the binary64 vectors v, p (test->dim each), taken as exact; precision doubles from
 * AT_ENCLOSURE_START_BITS for the samples still open. Returns whether undecided = 0 at `cap`. */
bool at_test_count_of_doubles(struct at_test_count *count, const struct at_token_data *test,
                              const double *v, const double *p, slong cap);

/* Counts for the exact iterate after `steps` steps (<= run->steps) of a run on training data of
 * the same dim. Refines the run when its balls are too wide. Returns whether undecided = 0. */
bool at_test_count_of_run(struct at_test_count *count, const struct at_token_data *test,
                          struct at_enclosure_run *run, size_t steps, slong cap);

#endif
