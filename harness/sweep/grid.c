/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see grid.h.
 */
#define _XOPEN_SOURCE 700

#include "harness/sweep/grid.h"

#include <float.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <string.h>

#include "harness/program/parse.h"
#include "harness/report/number.h"

enum { POINT_BITS = 256, WORD = 64 };

/* Name, whether whole numbers only, and the range that is accepted. */
static const struct {
  const char *label;
  bool whole;
  double least, most;
} kinds[AT_AXES] = {
  [AT_AXIS_N] = {"n", true, 2.0, AT_MAX_SAMPLES},
  [AT_AXIS_DIM] = {"dim", true, 3.0, 1e12},
  [AT_AXIS_SNR] = {"snr", false, 0x1p-60, AT_MAX_ENTRY},
  [AT_AXIS_RHO] = {"rho", false, 0x1p-60, AT_MAX_ENTRY},
  [AT_AXIS_BETA] = {"beta", false, 0x1p-60, AT_MAX_STEP},
  [AT_AXIS_T] = {"t", false, 0x1p-60, 0x1p60},
  [AT_AXIS_ETA] = {"eta", false, 0.0, 1.0},
  [AT_AXIS_STEPS] = {"steps", true, 1.0, 1000.0},
};

const char *at_axis_label(enum at_axis_name name)
{
  return kinds[name].label;
}

/* ---- reading an axis ---- */

static int value_parse(double *value, enum at_axis_name name, const char *option, const char *text,
                       struct at_failure *failure)
{
  char what[WORD];
  (void)snprintf(what, sizeof what, "%s: %s", option, kinds[name].label);
  if (at_parse_number(value, what, text, kinds[name].least, kinds[name].most, failure) != 0)
    return -1;
  if (!kinds[name].whole || *value == floor(*value)) return 0;
  return at_fail(failure, "%s: '%.40s' is not accepted: a whole number", what, text);
}

static int point_add(struct at_axis *axis, double value, const char *option,
                     struct at_failure *failure)
{
  if (axis->count == AT_AXIS_POINTS)
    return at_fail(failure, "%s: more than %d points", option, AT_AXIS_POINTS);
  if (axis->count > 0 && !(value > axis->value[axis->count - 1]))
    return at_fail(failure,
                   "%s: %s = %.17g does not exceed the point before it: give increasing "
                   "values, or fewer points",
                   option, kinds[axis->name].label, value);
  axis->value[axis->count++] = value;
  return 0;
}

/* Point k of `count` from first to last, rounded once: the ends are the decimal numbers as written,
 * so that a tenth of the way from 0 to 1 is the double that 0.1 is. */
static double point_between(const char *first, const char *last, size_t k, size_t count,
                            bool logarithmic)
{
  mpfr_t part, end;
  mpfr_inits2(POINT_BITS, part, end, (mpfr_ptr)NULL);
  mpfr_set_str(part, first, 0, MPFR_RNDN);
  mpfr_set_str(end, last, 0, MPFR_RNDN);
  if (logarithmic) {
    mpfr_div(end, end, part, MPFR_RNDN);
    mpfr_log(end, end, MPFR_RNDN);
  } else {
    mpfr_sub(end, end, part, MPFR_RNDN);
  }
  mpfr_mul_ui(end, end, k, MPFR_RNDN);
  mpfr_div_ui(end, end, count - 1, MPFR_RNDN);
  if (logarithmic) {
    mpfr_exp(end, end, MPFR_RNDN);
    mpfr_mul(part, part, end, MPFR_RNDN);
  } else {
    mpfr_add(part, part, end, MPFR_RNDN);
  }
  const double point = mpfr_get_d(part, MPFR_RNDN);
  mpfr_clears(part, end, (mpfr_ptr)NULL);
  return point;
}

/* FIRST:LAST:COUNT[:log], cut into its words. */
static int range_parse(struct at_axis *axis, const char *option, char *const *word, size_t words,
                       struct at_failure *failure)
{
  double first, last;
  uint64_t count = 0;
  char what[WORD];
  (void)snprintf(what, sizeof what, "%s: number of points", option);
  if (words < 3 || words > 4 || (words == 4 && strcmp(word[3], "log") != 0))
    return at_fail(failure, "%s: a range is FIRST:LAST:COUNT or FIRST:LAST:COUNT:log", option);
  if (value_parse(&first, axis->name, option, word[0], failure) != 0 ||
      value_parse(&last, axis->name, option, word[1], failure) != 0 ||
      at_parse_integer(&count, what, word[2], 2, AT_AXIS_POINTS, failure) != 0)
    return -1;
  if (words == 4 && !(first > 0.0))
    return at_fail(failure, "%s: a logarithmic range starts above 0", option);
  for (size_t k = 0; k < count; k++) {
    double point = point_between(word[0], word[1], k, (size_t)count, words == 4);
    if (kinds[axis->name].whole) point = floor(point + 0.5);
    if (point_add(axis, point, option, failure) != 0) return -1;
  }
  return 0;
}

static int list_parse(struct at_axis *axis, const char *option, char *const *word, size_t words,
                      struct at_failure *failure)
{
  for (size_t k = 0; k < words; k++) {
    double value;
    if (value_parse(&value, axis->name, option, word[k], failure) != 0 ||
        point_add(axis, value, option, failure) != 0)
      return -1;
  }
  return 0;
}

/* Cuts text at each `separator`; word: AT_AXIS_POINTS + 1 places. */
static size_t cut(char **word, char *text, char separator)
{
  size_t words = 0;
  char *next = text;
  while (next != NULL && words <= AT_AXIS_POINTS) {
    word[words++] = next;
    next = strchr(next, separator);
    if (next != NULL) *next++ = '\0';
  }
  return words;
}

int at_axis_parse(struct at_axis *axis, const char *option, const char *text,
                  struct at_failure *failure)
{
  char copy[AT_GRID_LINE / 2];
  char *word[AT_AXIS_POINTS + 1];
  const char *values = strchr(text, '=');
  const size_t length = values == NULL ? 0 : (size_t)(values - text);
  memset(axis, 0, sizeof *axis);
  axis->name = AT_AXES;
  for (int k = 0; k < AT_AXES; k++)
    if (strlen(kinds[k].label) == length && strncmp(kinds[k].label, text, length) == 0)
      axis->name = (enum at_axis_name)k;
  if (axis->name == AT_AXES)
    return at_fail(failure,
                   "%s: '%.40s' is not accepted: NAME=FIRST:LAST:COUNT[:log] or NAME=V1,V2,..., "
                   "NAME one of n, dim, snr, rho, beta, t, eta, steps",
                   option, text);
  const size_t size = strlen(++values) + 1;
  if (size > sizeof copy) return at_fail(failure, "%s: too long", option);
  memcpy(copy, values, size);
  if (strchr(copy, ':') != NULL) {
    const size_t words = cut(word, copy, ':');
    return range_parse(axis, option, word, words, failure);
  }
  const size_t words = cut(word, copy, ',');
  return list_parse(axis, option, word, words, failure);
}

/* ---- cells ---- */

size_t at_grid_cells(const struct at_grid *grid)
{
  return grid->x.count * grid->y.count;
}

static bool is_axis(const struct at_grid *grid, enum at_axis_name name)
{
  return grid->x.name == name || grid->y.name == name;
}

struct at_grid_cell at_grid_cell(const struct at_grid *grid, size_t cell)
{
  double value[AT_AXES];
  memcpy(value, grid->fixed, sizeof value);
  value[grid->x.name] = grid->x.value[cell % grid->x.count];
  value[grid->y.name] = grid->y.value[cell / grid->x.count];
  struct at_grid_cell result = {.n = (size_t)value[AT_AXIS_N],
                                .steps = (size_t)value[AT_AXIS_STEPS],
                                .dim = (uint64_t)value[AT_AXIS_DIM],
                                .snr = value[AT_AXIS_SNR],
                                .rho = value[AT_AXIS_RHO],
                                .beta = value[AT_AXIS_BETA],
                                .t = value[AT_AXIS_T],
                                .eta = value[AT_AXIS_ETA]};
  const double root = sqrt(value[AT_AXIS_DIM]);
  if (grid->by_snr)
    result.rho = result.snr * root;
  else
    result.snr = result.rho / root;
  if (grid->by_t)
    result.beta = 4.0 * value[AT_AXIS_N] * result.t / value[AT_AXIS_DIM];
  else
    result.t = result.beta * value[AT_AXIS_DIM] / (4.0 * value[AT_AXIS_N]);
  return result;
}

struct at_synthetic_settings at_grid_draw(const struct at_grid *grid,
                                          const struct at_grid_cell *cell, size_t k)
{
  struct at_synthetic_settings draw = {.samples = cell->n,
                                       .tokens = 2,
                                       .ambient_dim = cell->dim,
                                       .rho = cell->rho,
                                       .flips = grid->flips,
                                       .balanced = grid->balanced,
                                       .seed = grid->first_seed + k,
                                       .coordinates = AT_COORDINATES_COMPRESSED};
  draw.flips.eta = cell->eta;
  return draw;
}

/* Two axes of one meaning, or an axis that another setting makes meaningless. */
static int axes_check(const struct at_grid *grid, struct at_failure *failure)
{
  static const enum at_axis_name pairs[][2] = {{AT_AXIS_SNR, AT_AXIS_RHO},
                                               {AT_AXIS_BETA, AT_AXIS_T}};
  if (grid->x.name == grid->y.name)
    return at_fail(failure, "--x and --y: both are %s: two different axes are accepted",
                   kinds[grid->x.name].label);
  for (size_t k = 0; k < 2; k++)
    if (is_axis(grid, pairs[k][0]) && is_axis(grid, pairs[k][1]))
      return at_fail(failure, "--x and --y: %s and %s are two names of one quantity: vary one",
                     kinds[pairs[k][0]].label, kinds[pairs[k][1]].label);
  if (grid->flips.exact_count && is_axis(grid, AT_AXIS_ETA))
    return at_fail(failure, "--noisy-per-class leaves no label noise to vary: drop it, or eta");
  return 0;
}

int at_grid_check(const struct at_grid *grid, struct at_failure *failure)
{
  if (axes_check(grid, failure) != 0) return -1;
  for (size_t k = 0; k < at_grid_cells(grid); k++) {
    const struct at_grid_cell cell = at_grid_cell(grid, k);
    if (!(cell.rho >= 0x1p-60 && cell.rho <= AT_MAX_ENTRY))
      return at_fail(failure, "rho = snr sqrt(dim) = %g is out of range; from 2^-60 to 2^20",
                     cell.rho);
    if (!(cell.beta >= 0x1p-60 && cell.beta <= AT_MAX_STEP))
      return at_fail(failure, "beta = 4 n t / dim = %g is out of range; from 2^-60 to 2^20",
                     cell.beta);
  }
  return 0;
}

/* ---- the line ---- */

bool at_grid_reads(const struct at_grid *grid, enum at_axis_name name)
{
  switch (name) {
  case AT_AXIS_SNR: return grid->by_snr && !is_axis(grid, name);
  case AT_AXIS_RHO: return !grid->by_snr && !is_axis(grid, name);
  case AT_AXIS_T: return grid->by_t && !is_axis(grid, name);
  case AT_AXIS_BETA: return !grid->by_t && !is_axis(grid, name);
  case AT_AXIS_ETA: return !grid->flips.exact_count && !is_axis(grid, name);
  default: return !is_axis(grid, name);
  }
}

static void axis_print(FILE *stream, const char *role, const struct at_axis *axis)
{
  (void)fprintf(stream, "%s=%s:", role, kinds[axis->name].label);
  for (size_t k = 0; k < axis->count; k++) {
    if (k > 0) (void)fputc(',', stream);
    at_number_print(stream, axis->value[k]);
  }
}

void at_grid_line(char line[AT_GRID_LINE], const struct at_grid *grid)
{
  FILE *stream = fmemopen(line, AT_GRID_LINE, "w");
  line[0] = '\0';
  if (stream == NULL) return;
  (void)fputs("attest=" AT_VERSION " ", stream);
  axis_print(stream, "x", &grid->x);
  axis_print(stream, " y", &grid->y);
  for (int k = 0; k < AT_AXES; k++) {
    if (!at_grid_reads(grid, (enum at_axis_name)k)) continue;
    (void)fprintf(stream, " %s=", kinds[k].label);
    at_number_print(stream, grid->fixed[k]);
  }
  if (grid->flips.exact_count) (void)fprintf(stream, " noisy=%zu", grid->flips.noisy_per_class);
  (void)fprintf(stream, " labels=%s seed=%llu seeds=%zu theorems=%s",
                grid->balanced ? "balanced" : "drawn", (unsigned long long)grid->first_seed,
                grid->seeds, grid->theorems ? "yes" : "no");
  (void)fclose(stream);
}

/* ---- a line read back ---- */

/* "x=n:1,2" becomes the axis that "n=1,2" gives. */
static int axis_take(struct at_axis *axis, char *word, const char *name, struct at_failure *failure)
{
  char *colon = strchr(word, ':');
  if (colon != NULL) *colon = '=';
  return at_axis_parse(axis, name, word + 2, failure);
}

/* One word; what it does not know, or knows wrongly, shows when the line is written again. */
static int word_take(struct at_grid *grid, char *word, const char *name, struct at_failure *failure)
{
  uint64_t integer = 0;
  char *value = strchr(word, '=');
  if (value == NULL) return -1;
  if (strncmp(word, "x=", 2) == 0) return axis_take(&grid->x, word, name, failure);
  if (strncmp(word, "y=", 2) == 0) return axis_take(&grid->y, word, name, failure);
  *value++ = '\0';
  for (int k = 0; k < AT_AXES; k++) {
    if (strcmp(word, kinds[k].label) != 0) continue;
    if (k == AT_AXIS_SNR) grid->by_snr = true;
    if (k == AT_AXIS_T) grid->by_t = true;
    return value_parse(&grid->fixed[k], (enum at_axis_name)k, name, value, failure);
  }
  if (strcmp(word, "labels") == 0) grid->balanced = strcmp(value, "balanced") == 0;
  if (strcmp(word, "theorems") == 0) grid->theorems = strcmp(value, "yes") == 0;
  const bool seed = strcmp(word, "seed") == 0;
  const bool seeds = strcmp(word, "seeds") == 0;
  const bool noisy = strcmp(word, "noisy") == 0;
  const uint64_t most = seed ? UINT64_MAX : seeds ? AT_MAX_SEEDS : AT_MAX_SAMPLES;
  if (!seed && !seeds && !noisy) return 0;
  if (at_parse_integer(&integer, name, value, seeds ? 1 : 0, most, failure) != 0) return -1;
  if (seed) grid->first_seed = integer;
  if (seeds) grid->seeds = (size_t)integer;
  if (noisy)
    grid->flips =
      (struct at_flip_settings){.exact_count = true, .noisy_per_class = (size_t)integer};
  return 0;
}

int at_grid_of_line(struct at_grid *grid, const char *line, const char *name,
                    struct at_failure *failure)
{
  char copy[AT_GRID_LINE];
  static const char own[] = "attest=" AT_VERSION " ";
  memset(grid, 0, sizeof *grid);
  if (strncmp(line, own, sizeof own - 1) != 0)
    return at_fail(failure, "%s: written by another version: '%.30s', not '%.*s'", name, line,
                   (int)(sizeof own - 2), own);
  const size_t length = strlen(line);
  int bad = length >= sizeof copy;
  if (!bad) memcpy(copy, line, length + 1);
  for (char *word = copy, *next; !bad && word != NULL; word = next) {
    next = strchr(word, ' ');
    if (next != NULL) *next++ = '\0';
    bad = word_take(grid, word, name, NULL);
  }
  grid->by_snr = grid->by_snr || is_axis(grid, AT_AXIS_SNR);
  grid->by_t = grid->by_t || is_axis(grid, AT_AXIS_T);
  bad = bad || grid->x.count == 0 || grid->y.count == 0 || grid->seeds == 0;
  if (!bad) at_grid_line(copy, grid);
  if (bad || strcmp(copy, line) != 0)
    return at_fail(failure, "%s: its settings are none that this program writes", name);
  return at_grid_check(grid, failure);
}
