/* SPDX-License-Identifier: Apache-2.0
 *
 * command_sweep.c: `attest sweep`, a phase diagram.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "harness/program/commands.h"
#include "harness/program/progress.h"
#include "harness/program/save.h"
#include "harness/program/sweep_grid.h"
#include "harness/sweep/sweep.h"

enum { PATH_SIZE = 4096 };

static bool exists(const char *directory, const char *name)
{
  char path[PATH_SIZE];
  struct stat status;
  (void)snprintf(path, sizeof path, "%.3900s/%s", directory, name);
  return stat(path, &status) == 0;
}

/* A run that was killed between its last cell and the end left some unwritten. */
static bool files_missing(const struct at_options *options)
{
  return !exists(options->directory, "sweep.csv") || !exists(options->directory, "sweep.json") ||
         (!options->no_pictures && !exists(options->directory, "sweep-noisy-attention.png"));
}

static int files_write(const struct at_options *options, const struct at_grid *grid,
                       const struct at_sweep_result *result, struct at_failure *failure)
{
  if (at_sweep_files_write(options->directory, grid, result->cell, result->count, failure) != 0)
    return -1;
  if (options->no_pictures) return 0;
  return at_sweep_pictures_draw(options->directory, grid, result->cell, failure);
}

/* Undecided samples, and draws whose test error is not known. */
static uint64_t open_questions(const struct at_sweep_result *result)
{
  uint64_t open = 0;
  for (size_t k = 0; k < result->count; k++) {
    const uint64_t *count = result->cell[k].count;
    open += count[AT_CELL_UNDECIDED] + count[AT_CELL_DRAWS] - count[AT_CELL_ERRORS];
  }
  return open;
}

static uint64_t total(const struct at_sweep_result *result, enum at_cell_count which)
{
  uint64_t sum = 0;
  for (size_t k = 0; k < result->count; k++) sum += result->cell[k].count[which];
  return sum;
}

static int conclude(const struct at_options *options, const struct at_sweep_result *result)
{
  const uint64_t open = open_questions(result);
  if (result->computed == 0) {
    printf("sweep: nothing to do, all %zu cells are there; files in %s\n", result->count,
           options->directory);
  } else {
    printf("sweep: %zu cells, %" PRIu64 " draws, %" PRIu64 " of them decided by the enclosure; "
           "%zu cells computed now, %zu held against the enclosure",
           result->count, total(result, AT_CELL_DRAWS), total(result, AT_CELL_ENCLOSED),
           result->computed, result->checked);
    if (open > 0) printf("; %" PRIu64 " undecided", open);
    printf("; files in %s\n", options->directory);
  }
  return open > 0 ? AT_EXIT_UNDECIDED : AT_EXIT_DONE;
}

static int sweep(const struct at_options *options, const struct at_grid *grid,
                 struct at_failure *failure)
{
  char path[PATH_SIZE];
  struct at_sweep_result result;
  const bool whole = options->shards == 1;
  struct at_sweep job = {.grid = grid,
                         .shard = {options->shard, options->shards},
                         .path = path,
                         .workers = options->workers};
  if (whole)
    (void)snprintf(path, sizeof path, "%.4000s/sweep.cells", options->directory);
  else
    (void)snprintf(path, sizeof path, "%.4000s/shard-%zu-of-%zu.cells", options->directory,
                   options->shard, options->shards);
  if (at_directory_make(options->directory, failure) != 0) return AT_EXIT_USAGE;
  at_progress_start(!options->quiet);
  int bad = at_sweep_run(&result, &job, at_progress_show, failure);
  at_progress_end();
  if (bad == 0 && whole && (result.computed > 0 || files_missing(options)))
    bad = files_write(options, grid, &result, failure);
  const int status = bad == 0           ? conclude(options, &result)
                     : result.disagrees ? AT_EXIT_CHECK
                                        : AT_EXIT_USAGE;
  if (status == AT_EXIT_CHECK) printf("sweep: the fast path DISAGREES: %s\n", failure->line);
  at_sweep_result_clear(&result);
  return status;
}

static int run_command(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_grid grid;
  if (options->directory == NULL)
    return at_usage_error("--directory: name the directory for the cells and the results");
  if (at_grid_of_options(&grid, options, &failure) != 0) return at_usage_error("%s", failure.line);
  const int status = sweep(options, &grid, &failure);
  return status == AT_EXIT_USAGE ? at_usage_error("%s", failure.line) : status;
}

const struct at_command at_command_sweep = {
  "sweep",
  AT_OPTIONS_SWEEP,
  NULL,
  "a phase diagram: train fit, test error and attention over two axes",
  "Compute every cell of a grid over several seeds, on all processors.\v"
  "Cells are kept as they come: the same command after a kill goes on where it was, and after the "
  "end does nothing.  Fits are decided by derived bounds, or by the enclosure; log10 of the test "
  "error has an error bound; a random sample of draws is held against the enclosure, and a draw "
  "outside its bounds ends the sweep with exit status 1.  Files in DIR: sweep.cells, sweep.csv, "
  "sweep.json and pictures; with --shard only shard-I-of-K.cells.",
  run_command};
