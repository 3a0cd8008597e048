/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: one sample after one step (see samples.h).
 * Main result: one definition of margin and of attention on the signal token for every report.
 * Assumptions: the run is complete. Test: tests/harness/report/test_csv.c.
 */
#include "harness/report/samples.h"

struct at_sample_view at_sample_view(const struct at_run *run, size_t step, size_t sample)
{
  const struct at_fast_point *point = &run->fast[step];
  double label = run->data.label[sample], output = point->outputs[sample];
  double attention = at_run_signal_known(run) ? point->weights[sample * point->tokens] : 0;
  return (struct at_sample_view){label, output, label * output, point->losses[sample], attention};
}

bool at_run_signal_known(const struct at_run *run)
{
  return run->data.synthetic;
}

bool at_run_clean_known(const struct at_run *run)
{
  return run->data.clean_label != NULL;
}
