/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the pictures of a run (see plot.h): gnuplot scripts with their data inside.
 * Main result: a script is a function of the numbers drawn and of nothing else.
 * Assumptions: the run is complete. Test: tests/harness/report/test_plot.c.
 */
#include "harness/report/plot.h"

#include <stdbool.h>
#include <stdio.h>

#include "harness/report/gnuplot.h"
#include "harness/report/number.h"
#include "harness/report/samples.h"

/* Okabe and Ito's blue, vermillion and black; greys for what is not data. */
#define CLEAN_COLOUR "#0072B2"
#define NOISY_COLOUR "#D55E00"
#define MEAN_COLOUR "#000000"
#define RULE_COLOUR "#999999"

/* What a strip picture shows: a value of each sample. */
struct strip {
  const struct at_run *run;
  bool margins; /* margins, or attention on the signal token */
  bool split;   /* a column for clean and one for noisy, or one for all */
  size_t shown[AT_PLOT_STEPS], shown_count;
};

static void strip_init(struct strip *strip, const struct at_run *run, bool margins)
{
  size_t last = run->steps, count = last < AT_PLOT_STEPS ? last : AT_PLOT_STEPS;
  *strip = (struct strip){run, margins, at_run_clean_known(run), {0}, count};
  for (size_t i = 0; i < count; i++) {
    strip->shown[i] = count == 1 ? last : 1 + i * (last - 1) / (count - 1);
  }
}

/* Whether a sample belongs to column `group` (0 clean or all, 1 noisy). */
static bool in_group(const struct strip *strip, size_t group, size_t sample)
{
  return !strip->split || at_run_is_clean(strip->run, sample) == (group == 0);
}

static size_t group_size(const struct strip *strip, size_t group)
{
  size_t size = 0;
  for (size_t i = 0; i < strip->run->data.samples; i++) {
    size += in_group(strip, group, i) ? 1 : 0;
  }
  return size;
}

static double column_centre(const struct strip *strip, size_t shown, size_t group)
{
  return (strip->split ? 2.2 : 1.2) * (double)shown + (double)group;
}

static double strip_value(const struct strip *strip, size_t step, size_t sample)
{
  struct at_sample_view view = at_sample_view(strip->run, step, sample);
  return strip->margins ? view.margin : view.attention;
}

/* The points of one group, spread over their column in the order of the samples, as block
 * $g<group>, and the columns' means as block $m<group>. */
static void group_print(FILE *stream, const struct strip *strip, size_t group)
{
  size_t size = group_size(strip, group);
  double mean[AT_PLOT_STEPS] = {0};
  (void)fprintf(stream, "$g%zu << EOD\n", group);
  for (size_t s = 0; s < strip->shown_count; s++) {
    size_t rank = 0;
    for (size_t i = 0; i < strip->run->data.samples; i++) {
      if (in_group(strip, group, i)) {
        double place = 0.8 * ((double)rank + 0.5) / (double)size - 0.4;
        double value = strip_value(strip, strip->shown[s], i);
        at_number_print(stream, column_centre(strip, s, group) + place);
        (void)fputc(' ', stream);
        at_number_print(stream, value);
        (void)fputc('\n', stream);
        mean[s] += value / (double)size;
        rank++;
      }
    }
  }
  (void)fprintf(stream, "EOD\n$m%zu << EOD\n", group);
  for (size_t s = 0; s < strip->shown_count && size > 0; s++) {
    at_number_print(stream, column_centre(strip, s, group));
    (void)fputc(' ', stream);
    at_number_print(stream, mean[s]);
    (void)fputc('\n', stream);
  }
  (void)fputs("EOD\n", stream);
}

/* What the data are, in the words of their settings: no path and no name from outside. */
static void title_print(FILE *stream, const struct strip *strip)
{
  const struct at_token_data *data = &strip->run->data;
  (void)fprintf(stream, "set title \"%s\\n{/=12 n = %zu, T = %zu, ",
                strip->margins ? "Margin of every training sample"
                               : "Attention of every training sample to its signal token",
                data->samples, data->tokens);
  if (data->synthetic) {
    (void)fprintf(stream, "D = %llu, ρ = %g, ", (unsigned long long)data->ambient_dim, data->rho);
  } else {
    (void)fprintf(stream, "d = %zu, ", data->dim);
  }
  (void)fprintf(stream, "step size β = %g", strip->run->settings.beta);
  if (data->synthetic) {
    (void)fprintf(stream, ", seed %llu", (unsigned long long)data->seed);
  }
  (void)fputs("}\"\n", stream);
}

/* Columns named below, steps named above, a light rule between steps. */
static void axes_print(FILE *stream, const struct strip *strip)
{
  double width = strip->split ? 2.2 : 1.2, middle = strip->split ? 0.5 : 0;
  (void)fprintf(stream, "set xrange [-0.6:%g]\nset x2range [-0.6:%g]\nset xtics scale 0 (",
                width * (double)strip->shown_count - 0.6, width * (double)strip->shown_count - 0.6);
  for (size_t s = 0; s < strip->shown_count; s++) {
    for (size_t g = 0; g < (strip->split ? 2U : 1U); g++) {
      (void)fprintf(stream, "%s'%s (%zu)' %g", s + g == 0 ? "" : ", ",
                    !strip->split ? "all"
                    : g == 0      ? "clean"
                                  : "noisy",
                    group_size(strip, g), column_centre(strip, s, g));
    }
  }
  (void)fputs(")\nset x2tics scale 0 (", stream);
  for (size_t s = 0; s < strip->shown_count; s++) {
    (void)fprintf(stream, "%s'after %zu step%s' %g", s == 0 ? "" : ", ", strip->shown[s],
                  strip->shown[s] == 1 ? "" : "s", width * (double)s + middle);
  }
  (void)fputs(")\n", stream);
  for (size_t s = 1; s < strip->shown_count; s++) {
    double x = width * (double)s - 0.6;
    (void)fprintf(stream,
                  "set arrow from first %g, graph 0 to first %g, graph 1 nohead lc rgb '%s' lw 1\n",
                  x, x, "#cccccc");
  }
}

/* The points, the means as short bars, and the line that the values are read against. */
static void strip_plot_print(FILE *stream, const struct strip *strip)
{
  double size = strip->run->data.samples > 1000 ? 0.25 : 0.45;
  const char *name = strip->split ? "clean sample" : "sample";
  (void)fprintf(stream,
                "plot %.17g with lines lc rgb '%s' lw 1.5 dt 2 title '%s', \\\n"
                "  $g0 with points pt 7 ps %g lc rgb '%s' title '%s'",
                strip->margins ? 0.0 : 1.0 / (double)strip->run->data.tokens, RULE_COLOUR,
                strip->margins ? "fitted above this line" : "equal attention, 1/T", size,
                CLEAN_COLOUR, name);
  if (strip->split && group_size(strip, 1) > 0) {
    (void)fprintf(stream, ", \\\n  $g1 with points pt 9 ps %g lc rgb '%s' title 'noisy sample'",
                  1.6 * size, NOISY_COLOUR);
  }
  const char *again = "title 'mean'";
  for (size_t g = 0; g < (strip->split ? 2U : 1U); g++) {
    if (group_size(strip, g) > 0) {
      (void)fprintf(
        stream,
        ", \\\n  $m%zu using ($1-0.44):2:(0.88):(0) with vectors nohead lc rgb '%s' lw 2 %s", g,
        MEAN_COLOUR, again);
      again = "notitle";
    }
  }
  (void)fputc('\n', stream);
}

static int strip_write(const char *path, const struct strip *strip, struct at_failure *failure)
{
  struct at_script script;
  if (at_script_start(&script, 860, 460, failure) != 0) {
    return -1;
  }
  FILE *stream = script.stream;
  title_print(stream, strip);
  axes_print(stream, strip);
  if (strip->margins) {
    (void)fputs("set ylabel 'margin y f(X)'\nset offsets 0, 0, graph 0.04, graph 0.04\n", stream);
  } else {
    (void)fputs("set ylabel 'softmax weight of the signal token'\nset yrange [-0.02:1.02]\n",
                stream);
  }
  for (size_t g = 0; g < (strip->split ? 2U : 1U); g++) {
    group_print(stream, strip, g);
  }
  strip_plot_print(stream, strip);
  return at_script_finish(&script, path, failure);
}

int at_plot_attention(const char *path, const struct at_run *run, struct at_failure *failure)
{
  struct strip strip;
  if (!at_run_signal_known(run)) {
    return at_fail(failure,
                   "%s: attention on the signal token needs data with a known one; "
                   "synthetic data have it",
                   path);
  }
  strip_init(&strip, run, false);
  return strip_write(path, &strip, failure);
}

int at_plot_margins(const char *path, const struct at_run *run, struct at_failure *failure)
{
  struct strip strip;
  strip_init(&strip, run, true);
  return strip_write(path, &strip, failure);
}
