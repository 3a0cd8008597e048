/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what a run says about one sample after one step, for the CSV file and the pictures.
 * Main result: both read the same numbers from the same place.
 * Assumptions: the run is complete. Test: tests/harness/report/test_csv.c.
 */
#ifndef AT_REPORT_SAMPLES_H
#define AT_REPORT_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/two_step.h"

/* Of the fast path: margin = label * output; attention = weight of token 0, the signal token, and
 * 0 when no token is known to be one (at_run_signal_known). */
struct at_sample_view {
  double label, output, margin, loss, attention;
};

/* Sample `sample` at the point after `step` steps (0 .. run->steps). */
struct at_sample_view at_sample_view(const struct at_run *run, size_t step, size_t sample);

/* Whether token 0 of every sample is its signal token, and whether clean labels are known. */
bool at_run_signal_known(const struct at_run *run);
bool at_run_clean_known(const struct at_run *run);

#endif
