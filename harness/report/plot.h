/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the pictures of a run, as SVG files drawn by gnuplot.
 * Main result: the numbers drawn are those of the fast path in the run's report and nothing else;
 * the same run gives the same bytes.
 * Assumptions: gnuplot (Debian: gnuplot-nox); colours are of the Okabe-Ito palette, which people
 * with any common colour vision can tell apart, and clean and noisy also differ in shape.
 * Test: tests/harness/report/test_plot.c.
 */
#ifndef AT_REPORT_PLOT_H
#define AT_REPORT_PLOT_H

#include <stddef.h>

#include "harness/audit/two_step.h"
#include "harness/failure.h"

/* A picture shows at most this many steps: the first, the last and steps evenly between. */
enum { AT_PLOT_STEPS = 4 };

/* The attention that each sample gives to its signal token after each step, a column for the clean
 * samples and a column for the noisy ones. Fails for data whose signal token is not known. */
int at_plot_attention(const char *path, const struct at_run *run, struct at_failure *failure);

/* The margin y f(X) of each sample after each step, in the same columns; a sample above zero is
 * fitted. Without clean labels all samples stand in one column. */
int at_plot_margins(const char *path, const struct at_run *run, struct at_failure *failure);

/* One measured probability at one setting: x is what was varied; the probability lies within
 * [10^log10_lo, 10^log10_hi]. Minus infinity stands for probability 0. */
struct at_plot_error {
  double x, log10_lo, log10_hi;
};

/* Test error against what was varied (x_label, such as "step size β"). The vertical axis is linear
 * in log10, so that 10^-100000 is as good as 10^-1; the horizontal one is logarithmic when all x are
 * positive and span a factor of 20. A bar shows the interval; one whose lower end is 0 reaches
 * the bottom of the picture. Fails when there is no point, or an x is not finite. */
int at_plot_test_error(const char *path, const char *x_label, const struct at_plot_error *points,
                       size_t count, struct at_failure *failure);

#endif
