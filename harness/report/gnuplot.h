/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: turn a gnuplot script into an SVG or PNG file.
 * Main result: the picture appears under its name whole or not at all, and the same script gives
 * the same bytes: no start-up file, no locale, no date and no path takes part.
 * Assumptions: POSIX; `gnuplot` on PATH, run directly and never through a shell.
 * Test: tests/harness/report/test_plot.c.
 */
#ifndef AT_REPORT_GNUPLOT_H
#define AT_REPORT_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/failure.h"

/* A gnuplot script being written: print it to `stream`, then call at_script_finish. */
struct at_script {
  FILE *stream;
  char *text;
  size_t size;
  bool png;
};

/* Starts a script with the look that all pictures share, for a picture of this size in pixels.
 * Errors: memory; then there is nothing to finish. */
int at_script_start(struct at_script *script, unsigned width, unsigned height,
                    struct at_failure *failure);

/* The same for a PNG picture. */
int at_script_start_png(struct at_script *script, unsigned width, unsigned height,
                        struct at_failure *failure);

/* Runs `gnuplot` on the script, which plots to its standard output, writes what it printed to
 * `path`, and frees the script.
 * Errors: gnuplot is missing (the line names the package), its complaint, nothing printed, `path`
 * cannot be written. */
int at_script_finish(struct at_script *script, const char *path, struct at_failure *failure);

#endif
