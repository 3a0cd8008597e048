/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see plot_chance.h.
 */
#include "harness/report/plot_chance.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/report/chance_json.h"
#include "harness/report/gnuplot.h"
#include "harness/report/number.h"

/* The bottom of the picture, as log10 of a probability. */
static const double bottom = -12.0;

static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"};
enum { COLOURS = sizeof colours / sizeof colours[0], COLUMNS = 6 };

/* One line: D, log10 of the bound, of the frequency and the ends of its interval, and of the upper
 * end where the frequency is 0: nan for what is not drawn. */
static void row_print(FILE *stream, const struct at_chance *chance)
{
  double low, high, lower = 0.0, upper = 1.0;
  arb_t delta;
  arb_init(delta);
  at_chance_delta(delta, chance, AT_THEOREMS);
  at_number_log10(&low, &high, delta);
  arb_clear(delta);
  (void)at_chance_interval(&lower, &upper, chance, AT_THEOREMS, AT_CHANCE_CONFIDENCE, NULL);
  const double frequency = (double)chance->failing[AT_THEOREMS] / (double)chance->draws;
  const bool some = lower > 0.0;
  const double nothing = (double)NAN;
  const double column[COLUMNS] = {(double)chance->settings.dim,      high > bottom ? high : bottom,
                                  some ? log10(frequency) : nothing, some ? log10(lower) : nothing,
                                  some ? log10(upper) : nothing,     some ? nothing : log10(upper)};
  for (int c = 0; c < COLUMNS; c++) {
    at_number_print(stream, column[c]);
    (void)fputc(c == COLUMNS - 1 ? '\n' : ' ', stream);
  }
}

static bool starts_block(const struct at_chance *chance, size_t c)
{
  return c == 0 || chance[c].settings.samples != chance[c - 1].settings.samples;
}

static void frame_print(FILE *stream)
{
  (void)fprintf(stream,
                "set title 'Probability that no theorem about two steps applies'\n"
                "set xlabel 'dimension D'\nset ylabel 'probability'\nset logscale x\n"
                "set format x '10^{%%T}'\nset format y '10^{%%g}'\nset yrange [%g:0.3]\n"
                "set ytics 2\nset bars 0.6\n"
                "set offsets graph 0.03, graph 0.03, 0, 0\n"
                "set label 'at the bottom: 10^{%g} or less' at graph 0.02, 0.04\n",
                bottom, bottom);
}

/* The line of the bounds; the draws a little beside it, so that sizes do not hide each other: bars,
 * or a mark at the upper end of the interval where no draw failed. */
static void block_plot(FILE *stream, size_t block, size_t samples)
{
  const double beside = 1.0 + 0.12 * (double)(block + 1);
  const bool named = block == 0;
  (void)fprintf(stream,
                "%s$n%zu using 1:2 with linespoints pt %zu ps 0.8 lw 1.5 lc rgb '%s' "
                "title 'bound, n = %zu', ",
                named ? "plot " : ", ", block, 5 + 2 * block, colours[block], samples);
  (void)fprintf(stream, "$n%zu using ($1*%g):3:4:5 with yerrorbars pt 6 ps 0.6 lc rgb '%s' %s, ",
                block, beside, colours[block], named ? "title 'draws, 95 % interval'" : "notitle");
  (void)fprintf(stream, "$n%zu using ($1*%g):6 with points pt 10 ps 0.8 lc rgb '%s' %s", block,
                beside, colours[block], named ? "title 'upper end, no draw failed'" : "notitle");
}

int at_plot_chance(const char *path, const struct at_chance *chance, size_t count,
                   struct at_failure *failure)
{
  struct at_script script;
  size_t blocks = 0;
  for (size_t c = 0; c < count; c++) blocks += starts_block(chance, c);
  if (blocks == 0 || blocks > COLOURS)
    return at_fail(failure, "a picture of chances shows 1 to %d sizes n, not %zu", COLOURS, blocks);
  if (at_script_start(&script, 760, 480, failure) != 0) return -1;
  frame_print(script.stream);
  blocks = 0;
  for (size_t c = 0; c < count; c++) {
    if (starts_block(chance, c)) (void)fprintf(script.stream, "$n%zu << EOD\n", blocks++);
    row_print(script.stream, &chance[c]);
    if (c == count - 1 || starts_block(chance, c + 1)) (void)fputs("EOD\n", script.stream);
  }
  blocks = 0;
  for (size_t c = 0; c < count; c++)
    if (starts_block(chance, c)) block_plot(script.stream, blocks++, chance[c].settings.samples);
  (void)fputc('\n', script.stream);
  return at_script_finish(&script, path, failure);
}
