/* SPDX-License-Identifier: Apache-2.0
 *
 * pictures.c: names of the pictures of a run.
 */
#include "harness/program/pictures.h"

#include <stdio.h>

#include "harness/program/save.h"
#include "harness/report/plot.h"
#include "harness/report/samples.h"

int at_pictures_draw(const char *directory, const struct at_run *run, struct at_failure *failure)
{
  char path[4096];
  if (at_directory_make(directory, failure) != 0) return -1;
  snprintf(path, sizeof path, "%.4000s/margins.svg", directory);
  if (at_plot_margins(path, run, failure) != 0) return -1;
  if (!at_run_signal_known(run)) return 0;
  snprintf(path, sizeof path, "%.4000s/attention.svg", directory);
  return at_plot_attention(path, run, failure);
}
