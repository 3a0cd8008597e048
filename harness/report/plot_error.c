/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the picture of a test error against what was varied (see plot.h).
 * Main result: the vertical axis is linear in log10, so no probability is too small to be drawn.
 * Assumptions: points in any order. Test: tests/harness/report/test_plot.c.
 */
#include "harness/report/plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/report/gnuplot.h"
#include "harness/report/number.h"

/* Up to half a decade the ticks are evenly spaced probabilities; up to FEW_DECADES they are 1, 2, 5
 * times powers of ten; above, powers of ten. TICKS: about how many. */
enum { FEW_DECADES = 3, TICKS = 6 };

/* The drawn range of log10 and of x. */
struct range {
  double lo, hi, x_lo, x_hi;
  bool zero; /* some lower end is probability 0 */
};

static void range_take(double *lo, double *hi, double value)
{
  *lo = value < *lo ? value : *lo;
  *hi = value > *hi ? value : *hi;
}

/* Some room around the points; probabilities end at 1. */
static void range_widen(struct range *range)
{
  if (range->lo > range->hi) { /* every probability is 0 */
    range->lo = -1;
    range->hi = 0;
  }
  double room = 0.06 * (range->hi - range->lo);
  room = room > 0.05 ? room : 0.05;
  range->lo -= range->zero ? 2 * room : room;
  range->hi = range->hi + room < 0.02 ? range->hi + room : 0.02;
}

static int range_find(struct range *range, const struct at_plot_error *points, size_t count,
                      struct at_failure *failure)
{
  *range = (struct range){INFINITY, -INFINITY, INFINITY, -INFINITY, false};
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(points[i].x)) {
      return at_fail(failure, "point %zu of a picture: x is not finite", i);
    }
    range_take(&range->x_lo, &range->x_hi, points[i].x);
    if (isfinite(points[i].log10_lo)) {
      range_take(&range->lo, &range->hi, points[i].log10_lo);
    } else {
      range->zero = true;
    }
    if (isfinite(points[i].log10_hi)) {
      range_take(&range->lo, &range->hi, points[i].log10_hi);
    }
  }
  range_widen(range);
  return count > 0 ? 0 : at_fail(failure, "a picture of a test error needs at least one point");
}

/* A step of 1, 2 or 5 times a power of ten that gives about TICKS ticks. */
static double tick_step(double span)
{
  double power = pow(10, floor(log10(span / TICKS)));
  double steps = span / TICKS / power;
  return steps <= 1 ? power : steps <= 2 ? 2 * power : steps <= 5 ? 5 * power : 10 * power;
}

/* Evenly spaced probabilities between the ends of the range. */
static void even_ticks_print(FILE *stream, const struct range *range)
{
  double lo = pow(10, range->lo), hi = pow(10, range->hi), step = tick_step(hi - lo);
  const char *separator = "";
  (void)fputs("set ytics (", stream);
  int last = (int)floor(hi / step);
  for (int k = (int)ceil(lo / step); k <= last; k++) {
    double tick = (double)k * step;
    (void)fprintf(stream, "%s'%g' %.17g", separator, tick, log10(tick));
    separator = ", ";
  }
  (void)fputs(")\n", stream);
}

/* Ticks at 1, 2 and 5 times powers of ten, written as decimals down to 0.001. */
static void few_ticks_print(FILE *stream, const struct range *range)
{
  static const double factor[] = {1, 2, 5};
  const char *separator = "";
  (void)fputs("set ytics (", stream);
  int last = (int)floor(range->hi);
  for (int decade = (int)floor(range->lo); decade <= last; decade++) {
    for (int f = 0; f < 3; f++) {
      double place = (double)decade + log10(factor[f]);
      if (place < range->lo || place > range->hi) {
        continue;
      }
      if (decade >= -3) {
        (void)fprintf(stream, "%s'%g' %.17g", separator, factor[f] * pow(10, decade), place);
      } else {
        (void)fprintf(stream, "%s'%g·10^{%d}' %.17g", separator, factor[f], decade, place);
      }
      separator = ", ";
    }
  }
  (void)fputs(")\n", stream);
}

static void axes_print(FILE *stream, const struct range *range, const char *x_label)
{
  (void)fprintf(stream, "set yrange [%.17g:%.17g]\nset xlabel \"", range->lo, range->hi);
  for (const char *c = x_label; *c != '\0'; c++) {
    if (*c != '"' && *c != '\\' && (unsigned char)*c >= 0x20) {
      (void)fputc(*c, stream);
    }
  }
  (void)fputs("\" noenhanced\nset ylabel 'test error, P(predicted ≠ clean label)'\n"
              "set title 'Test error of a fresh sample'\n",
              stream);
  if (range->x_lo > 0 && range->x_hi >= 20 * range->x_lo) {
    (void)fputs("set logscale x\nset format x '%g'\n", stream);
  }
  double span = range->hi - range->lo;
  if (span <= 0.5 && range->lo > -300) {
    even_ticks_print(stream, range);
  } else if (span <= FEW_DECADES) {
    few_ticks_print(stream, range);
  } else {
    double step = tick_step(span);
    (void)fprintf(stream, "set ytics %g\nset format y '10^{%%g}'\n", step < 1 ? 1 : step);
  }
}

/* Blocks: $e of x, middle, lower and upper end; $z of the points that are exactly 0. */
static size_t points_print(FILE *stream, const struct range *range,
                           const struct at_plot_error *points, size_t count, bool zero)
{
  size_t printed = 0;
  (void)fprintf(stream, "$%s << EOD\n", zero ? "z" : "e");
  for (size_t i = 0; i < count; i++) {
    bool is_zero = !isfinite(points[i].log10_hi);
    if (is_zero != zero) {
      continue;
    }
    double lo = isfinite(points[i].log10_lo) ? points[i].log10_lo : range->lo;
    double hi = is_zero ? range->lo : points[i].log10_hi;
    bool upper_only = !isfinite(points[i].log10_lo);
    const double column[] = {points[i].x, upper_only ? hi : 0.5 * lo + 0.5 * hi, lo, hi};
    for (int c = 0; c < 4; c++) {
      at_number_print(stream, column[c]);
      (void)fputc(c == 3 ? '\n' : ' ', stream);
    }
    printed++;
  }
  (void)fputs("EOD\n", stream);
  return printed;
}

int at_plot_test_error(const char *path, const char *x_label, const struct at_plot_error *points,
                       size_t count, struct at_failure *failure)
{
  struct range range;
  struct at_script script;
  if (range_find(&range, points, count, failure) != 0 ||
      at_script_start(&script, 760, 460, failure) != 0) {
    return -1;
  }
  axes_print(script.stream, &range, x_label);
  size_t positive = points_print(script.stream, &range, points, count, false);
  size_t zeros = points_print(script.stream, &range, points, count, true);
  (void)fputs("set offsets graph 0.03, graph 0.03, 0, 0\nset bars 0.6\nplot ", script.stream);
  if (positive > 0) {
    (void)fputs("$e using 1:2 smooth unique with lines lc rgb '#56B4E9' lw 1.5 notitle, "
                "$e using 1:2:3:4 with yerrorbars pt 7 ps 0.6 lc rgb '#0072B2' lw 1.5 "
                "title 'test error with its interval'",
                script.stream);
  }
  if (zeros > 0) {
    (void)fprintf(script.stream,
                  "%s$z using 1:2 with points pt 10 ps 1 lc rgb '#D55E00' lw 1.5 "
                  "title 'exactly 0'",
                  positive > 0 ? ", " : "");
  }
  (void)fputc('\n', script.stream);
  return at_script_finish(&script, path, failure);
}
