/* SPDX-License-Identifier: Apache-2.0
 *
 * command_merge.c: `attest merge`, the shards of a sweep into the whole.
 */
#define _XOPEN_SOURCE 700

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/file.h"
#include "harness/program/commands.h"
#include "harness/program/save.h"
#include "harness/program/sweep_grid.h"

enum { PATH_SIZE = 4096 };

/* What was read so far: the first file's settings, and where each cell stands. */
struct merge {
  struct at_grid grid;
  char *line;
  size_t parts, cells;
  const char **part; /* the file of each part, NULL if none yet */
  struct at_cell *cell;
  bool *known;
};

static void merge_clear(struct merge *merge)
{
  free(merge->line);
  free(merge->part);
  free(merge->cell);
  free(merge->known);
}

static int merge_start(struct merge *merge, const struct at_cells *first, const char *path,
                       struct at_failure *failure)
{
  if (at_grid_of_line(&merge->grid, first->line, path, failure) != 0) return -1;
  merge->cells = at_grid_cells(&merge->grid);
  merge->parts = first->shard.parts;
  merge->line = strdup(first->line);
  merge->part = calloc(merge->parts, sizeof *merge->part);
  merge->cell = calloc(merge->cells, sizeof *merge->cell);
  merge->known = calloc(merge->cells, sizeof *merge->known);
  if (merge->line != NULL && merge->part != NULL && merge->cell != NULL && merge->known != NULL)
    return 0;
  return at_fail(failure, "out of memory for %zu cells", merge->cells);
}

static int shard_check(struct merge *merge, const struct at_cells *shard, const char *path,
                       struct at_failure *failure)
{
  if (at_cells_same_settings(path, shard->line, merge->line, failure) != 0) return -1;
  if (shard->shard.parts != merge->parts)
    return at_fail(failure, "%s: is of %zu parts, the others of %zu", path, shard->shard.parts,
                   merge->parts);
  const char **place = &merge->part[shard->shard.part - 1];
  if (*place != NULL)
    return at_fail(failure, "%s: part %zu of %zu is there already: %.300s", path, shard->shard.part,
                   merge->parts, *place);
  *place = path;
  if (!shard->torn) return 0;
  return at_fail(failure, "%s: ends in a line cut short: run its part again, which completes it",
                 path);
}

static int shard_add(struct merge *merge, const struct at_cells *shard, const char *path,
                     struct at_failure *failure)
{
  for (size_t k = 0; k < shard->count; k++) {
    const size_t index = shard->cell[k].index;
    if (index >= merge->cells)
      return at_fail(failure, "%s: cell %zu is none of this sweep's %zu", path, index,
                     merge->cells);
    merge->cell[index] = shard->cell[k];
    merge->known[index] = true;
  }
  return 0;
}

static int file_add(struct merge *merge, const char *path, struct at_failure *failure)
{
  struct at_cells shard;
  if (at_cells_read(&shard, path, failure) != 0) return -1;
  int bad = merge->line == NULL && merge_start(merge, &shard, path, failure) != 0;
  bad = bad || shard_check(merge, &shard, path, failure) != 0 ||
        shard_add(merge, &shard, path, failure) != 0;
  at_cells_free(&shard);
  return bad ? -1 : 0;
}

static int gaps_check(const struct merge *merge, struct at_failure *failure)
{
  for (size_t k = 0; k < merge->parts; k++)
    if (merge->part[k] == NULL)
      return at_fail(failure, "part %zu of %zu is missing: name its file too", k + 1, merge->parts);
  size_t missing = 0;
  for (size_t k = merge->cells; k-- > 0;)
    if (!merge->known[k]) missing = k + 1;
  if (missing == 0) return 0;
  const char *path = merge->part[(missing - 1) % merge->parts];
  return at_fail(failure, "%s: cell %zu is missing: run its part again, which completes it", path,
                 missing - 1);
}

static int merge_write(const struct merge *merge, const struct at_options *options,
                       struct at_failure *failure)
{
  const char *directory = options->directory;
  static const struct at_shard whole = {1, 1};
  char path[PATH_SIZE];
  size_t size = 0;
  if (at_directory_make(directory, failure) != 0) return -1;
  char *text = at_cells_text(&size, merge->line, &whole, merge->cell, merge->cells);
  if (text == NULL) return at_fail(failure, "out of memory for %zu cells", merge->cells);
  (void)snprintf(path, sizeof path, "%.4000s/sweep.cells", directory);
  const int bad = at_file_write(path, text, size, failure);
  free(text);
  if (bad != 0) return -1;
  if (at_sweep_files_write(directory, &merge->grid, merge->cell, merge->cells, failure) != 0)
    return -1;
  if (options->no_pictures) return 0;
  return at_sweep_pictures_draw(directory, &merge->grid, merge->cell, failure);
}

static int run_command(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct merge merge = {.line = NULL};
  if (options->directory == NULL)
    return at_usage_error("--directory: name the directory for the results");
  if (options->id_count == 0) return at_usage_error("no shard given: name their .cells files");
  int bad = 0;
  for (size_t k = 0; k < options->id_count && bad == 0; k++)
    bad = file_add(&merge, options->ids[k], &failure);
  if (bad == 0) bad = gaps_check(&merge, &failure);
  if (bad == 0) bad = merge_write(&merge, options, &failure);
  if (bad == 0)
    printf("merge: %zu parts, %zu cells; files in %s\n", merge.parts, merge.cells,
           options->directory);
  merge_clear(&merge);
  return bad == 0 ? AT_EXIT_DONE : at_usage_error("%s", failure.line);
}

const struct at_command at_command_merge = {
  "merge",
  AT_OPTIONS_MERGE,
  "SHARD.cells...",
  "the shards of a sweep into the whole, as one machine would have written it",
  "Join the files that `attest sweep --shard I/K` wrote, all K of them.\v"
  "Refused: shards of other settings or of another version, a part twice, a part or a cell that is "
  "missing, a damaged file.  Files in DIR: sweep.cells, sweep.csv, sweep.json and pictures, with "
  "the bytes that an undivided sweep writes.",
  run_command};
