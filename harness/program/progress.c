/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.c: the progress line; it keeps state, since there is one terminal.
 */
#define _POSIX_C_SOURCE 200809L

#include "harness/program/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct {
  bool active;
  double started, shown;
} line;

static double seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void at_progress_start(bool wanted)
{
  line.active = wanted && isatty(STDERR_FILENO);
  line.started = seconds();
  line.shown = line.started + 0.4;
}

void at_progress_show(const char *what, double done)
{
  const double now = seconds();
  if (!line.active || now - line.shown < 0.1) return;
  const double elapsed = now - line.started;
  fprintf(stderr, "\r\033[K%3.0f %%  %s", 100.0 * done, what);
  if (done > 0.02) fprintf(stderr, ", about %.0f s left", elapsed * (1.0 - done) / done);
  fflush(stderr);
  line.shown = now;
}

void at_progress_end(void)
{
  if (line.active) fputs("\r\033[K", stderr);
  line.active = false;
}
