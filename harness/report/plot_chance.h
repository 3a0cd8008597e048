/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the picture of how likely it is that no theorem applies, over n and D.
 * Main result: lines are the least proved bound, bars the interval of the frequency over draws; what
 * lies below the picture is drawn at its bottom and named so.
 * Assumptions: gnuplot. Test: tests/harness/report/test_plot.c.
 */
#ifndef AT_REPORT_PLOT_CHANCE_H
#define AT_REPORT_PLOT_CHANCE_H

#include <stddef.h>

#include "harness/audit/chance.h"
#include "harness/failure.h"

/* chance[count], each with at least one draw: those of equal n stand together, with rising D. Fails
 * for no n or more than five. */
int at_plot_chance(const char *path, const struct at_chance *chance, size_t count,
                   struct at_failure *failure);

#endif
