/* SPDX-License-Identifier: Apache-2.0
 *
 * sweep_grid.c: options into a grid, cells into files.
 */
#include "harness/program/sweep_grid.h"

#include <stdio.h>
#include <string.h>

#include "harness/report/heat_map.h"
#include "harness/report/sweep_table.h"

enum { DEFAULT_SEEDS = 10, PATH_SIZE = 4096 };

/* An axis and an option of the same name contradict each other; so do the two names of a quantity,
 * whichever way each is given. */
static int clashes_check(const struct at_grid *grid, const struct at_options *options,
                         struct at_failure *failure)
{
  static const char *const pairs[][2] = {{"snr", "rho"}, {"rho", "snr"},    {"beta", "t"},
                                         {"t", "beta"},  {"eta", "eta"},    {"n", "n"},
                                         {"dim", "dim"}, {"steps", "steps"}};
  const char *const axes[] = {at_axis_label(grid->x.name), at_axis_label(grid->y.name)};
  for (size_t k = 0; k < 2; k++) {
    if (at_options_given(options, axes[k]))
      return at_fail(failure, "--%s: %s is an axis; drop one of the two", axes[k], axes[k]);
    for (size_t p = 0; p < 4; p++)
      if (strcmp(axes[k], pairs[p][0]) == 0 && at_options_given(options, pairs[p][1]))
        return at_fail(failure, "--%s: the axis %s fixes it; drop one of the two", pairs[p][1],
                       axes[k]);
  }
  for (size_t p = 0; p < 4; p += 2)
    if (at_options_given(options, pairs[p][0]) && at_options_given(options, pairs[p][1]))
      return at_fail(failure, "--%s and --%s are two names of one quantity: give one", pairs[p][0],
                     pairs[p][1]);
  return 0;
}

static bool is_axis(const struct at_grid *grid, enum at_axis_name name)
{
  return grid->x.name == name || grid->y.name == name;
}

int at_grid_of_options(struct at_grid *grid, const struct at_options *options,
                       struct at_failure *failure)
{
  const struct at_settings *s = &options->settings;
  memset(grid, 0, sizeof *grid);
  if (options->x == NULL || options->y == NULL)
    return at_fail(failure, "a sweep needs two axes: --x and --y, such as --x n=10:100:10 --y "
                            "snr=0.05:1:10:log");
  if (s->source != AT_SOURCE_SYNTHETIC || s->tokens != 2)
    return at_fail(failure, "--preset: a sweep draws synthetic data of two tokens a sample");
  if (at_axis_parse(&grid->x, "--x", options->x, failure) != 0 ||
      at_axis_parse(&grid->y, "--y", options->y, failure) != 0 ||
      clashes_check(grid, options, failure) != 0)
    return -1;
  const double fixed[AT_AXES] = {
    [AT_AXIS_N] = (double)s->samples, [AT_AXIS_DIM] = (double)s->dim,
    [AT_AXIS_SNR] = options->snr,     [AT_AXIS_RHO] = s->rho,
    [AT_AXIS_BETA] = s->beta,         [AT_AXIS_T] = options->scaled_step,
    [AT_AXIS_ETA] = s->eta,           [AT_AXIS_STEPS] = (double)s->steps};
  memcpy(grid->fixed, fixed, sizeof fixed);
  grid->by_snr = is_axis(grid, AT_AXIS_SNR) || options->snr > 0.0;
  grid->by_t = is_axis(grid, AT_AXIS_T) || options->scaled_step > 0.0;
  grid->flips.exact_count = s->fixed_noisy && !is_axis(grid, AT_AXIS_ETA);
  if (at_options_given(options, "noisy-per-class")) grid->flips.exact_count = true;
  grid->flips.noisy_per_class = s->noisy_per_class;
  grid->balanced = s->balanced;
  grid->first_seed = s->seed;
  grid->seeds = options->seeds > 0 ? options->seeds : DEFAULT_SEEDS;
  grid->theorems = options->theorems;
  if (grid->seeds - 1 > UINT64_MAX - grid->first_seed)
    return at_fail(failure, "--seeds: %zu seeds from %llu on pass the last one, %llu", grid->seeds,
                   (unsigned long long)grid->first_seed, (unsigned long long)UINT64_MAX);
  if (s->dim > UINT64_C(1000000000000))
    return at_fail(failure, "--dim: a sweep takes dimensions up to 10^12");
  return at_grid_check(grid, failure);
}

int at_sweep_files_write(const char *directory, const struct at_grid *grid,
                         const struct at_cell *cell, size_t count, struct at_failure *failure)
{
  char path[PATH_SIZE];
  (void)snprintf(path, sizeof path, "%.4000s/sweep.csv", directory);
  if (at_report_sweep_csv(path, grid, cell, count, failure) != 0) return -1;
  (void)snprintf(path, sizeof path, "%.4000s/sweep.json", directory);
  return at_report_sweep_json(path, grid, cell, count, failure);
}

int at_sweep_pictures_draw(const char *directory, const struct at_grid *grid,
                           const struct at_cell *cell, struct at_failure *failure)
{
  char path[PATH_SIZE];
  for (int q = 0; q < AT_MAPS; q++) {
    struct at_heat_map map;
    if (q == AT_MAP_THEOREM && !grid->theorems) continue;
    at_heat_map_init(&map, grid, cell, (enum at_map_quantity)q);
    const char *name = at_map_name((enum at_map_quantity)q);
    (void)snprintf(path, sizeof path, "%.4000s/sweep-%s.svg", directory, name);
    if (at_heat_map_svg(path, &map, failure) != 0) return -1;
    (void)snprintf(path, sizeof path, "%.4000s/sweep-%s.png", directory, name);
    if (at_heat_map_png(path, &map, failure) != 0) return -1;
  }
  return 0;
}
