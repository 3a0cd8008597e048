/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see sweep.h.
 *
 * A cell's line reaches the file in one write at its end.  What a kill can leave behind is the
 * beginning of one line, which the next run cuts off.
 */
#define _DEFAULT_SOURCE

#include "harness/sweep/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <flint/flint.h>
#include <mpfr.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "harness/data/file.h"
#include "harness/data/random.h"
#include "harness/sweep/cell.h"

/* One cell in CHECKED_PART is held against the enclosure. */
enum { MAX_WORKERS = 64, CHECKED_PART = 256 };

/* Shared by the workers; everything after `lock` is guarded by it. */
struct work {
  const struct at_sweep *sweep;
  const char *line;
  int file;
  struct at_noise_table table;
  size_t *todo, todo_count; /* indices of cells */
  struct at_sweep_result *result;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  size_t next_factor, factors_done, next_cell, cells_done;
  bool failed;
  struct at_failure failure;
};

/* ---- the file ---- */

static int system_failed(const char *path, const char *what, struct at_failure *failure)
{
  return at_fail(failure, "%s: %s: %s", path, what, strerror(errno));
}

static int write_all(const struct work *work, const char *text, size_t size,
                     struct at_failure *failure)
{
  while (size > 0) {
    const ssize_t wrote = write(work->file, text, size);
    if (wrote < 0 && errno != EINTR)
      return system_failed(work->sweep->path, "cannot be written", failure);
    if (wrote > 0) {
      text += wrote;
      size -= (size_t)wrote;
    }
  }
  return 0;
}

/* Removes what a kill left of files that were being written under a temporary name (at_file_write):
 * they begin with the name of the cell file up to its dot. */
static void leftovers_remove(const char *path)
{
  char whole[4096];
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  const size_t stem = strcspn(name, ".");
  const int folder = slash == NULL ? 1 : (int)(slash - path);
  const char *from = slash == NULL ? "." : path;
  (void)snprintf(whole, sizeof whole, "%.*s", folder, from);
  DIR *directory = opendir(whole);
  const struct dirent *entry;
  while (directory != NULL && (entry = readdir(directory)) != NULL) {
    const char *next = entry->d_name + stem;
    if (strncmp(entry->d_name, name, stem) != 0 || (*next != '.' && *next != '-')) continue;
    if (strstr(next, ".partial-") == NULL) continue;
    (void)snprintf(whole, sizeof whole, "%.*s/%s", folder, from, entry->d_name);
    (void)remove(whole);
  }
  if (directory != NULL) closedir(directory);
}

/* Opens and locks.  flock's lock belongs to this opening of the file: reading it once more under its
 * name does not give the lock away. */
static int file_open(struct work *work, struct at_failure *failure)
{
  const char *path = work->sweep->path;
  work->file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (work->file < 0) return system_failed(path, "cannot be opened", failure);
  if (flock(work->file, LOCK_EX | LOCK_NB) == 0) return 0;
  const bool taken = errno == EWOULDBLOCK;
  (void)(taken ? at_fail(failure,
                         "%s: another attest is working on it: wait, or use another "
                         "directory",
                         path)
               : system_failed(path, "cannot be locked", failure));
  close(work->file);
  return -1;
}

/* A file that holds no more than the beginning of its own head starts anew. */
static int head_write(struct work *work, const unsigned char *bytes, size_t size, bool *fresh,
                      struct at_failure *failure)
{
  size_t length = 0;
  char *head = at_cells_text(&length, work->line, &work->sweep->shard, NULL, 0);
  if (head == NULL) return at_fail(failure, "out of memory");
  int bad = 0;
  *fresh = size < length && (size == 0 || memcmp(head, bytes, size) == 0);
  if (*fresh && ftruncate(work->file, 0) != 0)
    bad = system_failed(work->sweep->path, "cannot be written", failure);
  if (*fresh && bad == 0) bad = write_all(work, head, length, failure);
  free(head);
  return bad;
}

static int found_check(const struct work *work, const struct at_cells *found,
                       struct at_failure *failure)
{
  const struct at_sweep *sweep = work->sweep;
  if (at_cells_same_settings(sweep->path, found->line, work->line, failure) != 0) return -1;
  if (found->shard.part != sweep->shard.part || found->shard.parts != sweep->shard.parts)
    return at_fail(failure, "%s: holds shard %zu/%zu, not %zu/%zu", sweep->path, found->shard.part,
                   found->shard.parts, sweep->shard.part, sweep->shard.parts);
  for (size_t k = 0; k < found->count; k++)
    if (found->cell[k].index >= at_grid_cells(sweep->grid))
      return at_fail(failure, "%s: cell %zu is none of this sweep's %zu", sweep->path,
                     found->cell[k].index, at_grid_cells(sweep->grid));
  if (found->torn && ftruncate(work->file, (off_t)found->kept) != 0)
    return system_failed(sweep->path, "cannot be written", failure);
  return 0;
}

/* Cells that are in the file already. */
static int file_take(struct work *work, struct at_cells *found, struct at_failure *failure)
{
  unsigned char *bytes = NULL;
  size_t size = 0;
  bool fresh = false;
  memset(found, 0, sizeof *found);
  if (at_file_read(&bytes, &size, work->sweep->path, (size_t)1 << 30, failure) != 0) return -1;
  int bad = head_write(work, bytes, size, &fresh, failure);
  if (bad == 0 && !fresh)
    bad = at_cells_parse(found, bytes, size, work->sweep->path, failure) != 0 ||
          found_check(work, found, failure) != 0;
  free(bytes);
  return bad ? -1 : 0;
}

/* ---- workers ---- */

static void fail(struct work *work, const struct at_failure *failure)
{
  pthread_mutex_lock(&work->lock);
  if (!work->failed) work->failure = *failure;
  work->failed = true;
  pthread_cond_broadcast(&work->changed);
  pthread_mutex_unlock(&work->lock);
}

static size_t factor_count(const struct work *work)
{
  return work->table.factor == NULL ? 0 : work->table.dims * work->table.seeds;
}

/* Draws factors until none is left, then waits for the others' last ones. */
static bool draw_factors(struct work *work)
{
  const size_t factors = factor_count(work);
  struct at_failure failure = {""};
  pthread_mutex_lock(&work->lock);
  while (!work->failed && work->next_factor < factors) {
    const size_t k = work->next_factor++;
    pthread_mutex_unlock(&work->lock);
    if (at_noise_table_draw(&work->table, work->sweep->grid, k, &failure) != 0)
      fail(work, &failure);
    pthread_mutex_lock(&work->lock);
    work->factors_done++;
    pthread_cond_broadcast(&work->changed);
  }
  while (!work->failed && work->factors_done < factors)
    pthread_cond_wait(&work->changed, &work->lock);
  const bool good = !work->failed;
  pthread_mutex_unlock(&work->lock);
  return good;
}

/* Cells are checked by chance, and until there has been something to compare. */
static bool is_checked(const struct work *work, size_t k)
{
  const struct at_stream stream = at_stream_open(work->sweep->grid->first_seed, "sweep.check");
  return work->result->checked == 0 || at_random_word(&stream, work->todo[k]) % CHECKED_PART == 0;
}

static int compute(struct work *work, struct at_cell_desk *desk, size_t k, bool check,
                   struct at_failure *failure)
{
  char text[AT_CELL_LINE];
  struct at_cell cell;
  const int status = at_cell_compute(&cell, desk, work->todo[k], &check, failure);
  const size_t length = status == 0 ? at_cell_text(text, work->line, &cell) : 0;
  pthread_mutex_lock(&work->lock);
  int bad = status;
  if (status == 1) work->result->disagrees = true;
  if (status == 0 && !work->failed) bad = write_all(work, text, length, failure);
  if (bad == 0) {
    work->result->cell[work->result->count++] = cell;
    work->result->computed++;
    work->result->checked += check;
    work->cells_done++;
  }
  pthread_cond_broadcast(&work->changed);
  pthread_mutex_unlock(&work->lock);
  return bad;
}

static void *worker(void *argument)
{
  struct work *work = argument;
  struct at_cell_desk desk = {.grid = work->sweep->grid, .table = &work->table};
  struct at_failure failure = {""};
  bool going = draw_factors(work);
  while (going) {
    pthread_mutex_lock(&work->lock);
    going = !work->failed && work->next_cell < work->todo_count;
    const size_t k = going ? work->next_cell++ : 0;
    const bool check = going && is_checked(work, k);
    pthread_mutex_unlock(&work->lock);
    if (going && compute(work, &desk, k, check, &failure) != 0) {
      fail(work, &failure);
      going = false;
    }
  }
  at_cell_desk_clear(&desk);
  flint_cleanup();
  mpfr_free_cache();
  return NULL;
}

/* Follows the workers until all is done. */
static void watch(struct work *work, at_progress *progress)
{
  pthread_mutex_lock(&work->lock);
  while (!work->failed && work->cells_done < work->todo_count) {
    char what[64];
    (void)snprintf(what, sizeof what, "cell %zu of %zu", work->cells_done + 1, work->todo_count);
    if (progress != NULL) progress(what, (double)work->cells_done / (double)work->todo_count);
    pthread_cond_wait(&work->changed, &work->lock);
  }
  pthread_mutex_unlock(&work->lock);
}

static int run_workers(struct work *work, at_progress *progress, struct at_failure *failure)
{
  pthread_t thread[MAX_WORKERS];
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t wanted = work->sweep->workers;
  size_t started = 0;
  if (wanted == 0) wanted = processors < 1 ? 1 : (size_t)processors;
  if (wanted > MAX_WORKERS) wanted = MAX_WORKERS;
  if (wanted > work->todo_count) wanted = work->todo_count;
  while (started < wanted && pthread_create(&thread[started], NULL, worker, work) == 0) started++;
  if (started == 0) return at_fail(failure, "no thread could be started");
  watch(work, progress);
  for (size_t k = 0; k < started; k++) pthread_join(thread[k], NULL);
  if (!work->failed) return 0;
  *failure = work->failure;
  return -1;
}

/* ---- the whole ---- */

/* Does y shape the data, so that neighbouring cells should share it?  Then x may vary fastest. */
static bool x_shapes_data(const struct at_grid *grid)
{
  return grid->x.name == AT_AXIS_N || grid->x.name == AT_AXIS_DIM;
}

/* The shard's cells that were not found, in an order in which n and dim change as rarely as can be:
 * a draw is written down once for all cells in a row that have it. */
static int todo_fill(struct work *work, const struct at_cells *found, struct at_failure *failure)
{
  const struct at_sweep *sweep = work->sweep;
  const struct at_grid *grid = sweep->grid;
  const size_t cells = at_grid_cells(grid);
  const bool swapped = x_shapes_data(grid);
  unsigned char *known = calloc(cells, 1);
  work->todo = calloc(cells, sizeof *work->todo);
  work->result->cell = calloc(cells, sizeof *work->result->cell);
  if (known == NULL || work->todo == NULL || work->result->cell == NULL) {
    free(known);
    return at_fail(failure, "out of memory for %zu cells", cells);
  }
  for (size_t k = 0; k < found->count; k++) {
    known[found->cell[k].index] = 1;
    work->result->cell[work->result->count++] = found->cell[k];
  }
  for (size_t k = 0; k < cells; k++) {
    const size_t index = swapped ? k % grid->y.count * grid->x.count + k / grid->y.count : k;
    if (known[index] == 0 && index % sweep->shard.parts == sweep->shard.part - 1)
      work->todo[work->todo_count++] = index;
  }
  free(known);
  return 0;
}

/* The finished file: its cells in order, in the place of the growing one. */
static int finish(const struct work *work, struct at_failure *failure)
{
  size_t size = 0;
  char *text =
    at_cells_text(&size, work->line, &work->sweep->shard, work->result->cell, work->result->count);
  if (text == NULL) return at_fail(failure, "out of memory for the finished file");
  const int bad = at_file_write(work->sweep->path, text, size, failure);
  free(text);
  return bad;
}

static int compute_todo(struct work *work, at_progress *progress, struct at_failure *failure)
{
  if (at_noise_table_init(&work->table, work->sweep->grid, failure) != 0) return -1;
  pthread_mutex_init(&work->lock, NULL);
  pthread_cond_init(&work->changed, NULL);
  const int bad = run_workers(work, progress, failure);
  pthread_cond_destroy(&work->changed);
  pthread_mutex_destroy(&work->lock);
  at_noise_table_clear(&work->table);
  return bad;
}

/* Killed between the last cell and the end, a run leaves all cells in the order they came. */
static bool is_sorted(const struct at_cells *cells)
{
  for (size_t k = 1; k < cells->count; k++)
    if (cells->cell[k].index < cells->cell[k - 1].index) return false;
  return true;
}

int at_sweep_run(struct at_sweep_result *result, const struct at_sweep *sweep,
                 at_progress *progress, struct at_failure *failure)
{
  char line[AT_GRID_LINE];
  struct at_cells found = {0};
  struct work work = {.sweep = sweep, .line = line, .result = result};
  memset(result, 0, sizeof *result);
  at_grid_line(line, sweep->grid);
  if (file_open(&work, failure) != 0) return -1;
  leftovers_remove(sweep->path);
  int bad = file_take(&work, &found, failure) != 0 || todo_fill(&work, &found, failure) != 0;
  const bool done = work.todo_count == 0 && is_sorted(&found);
  if (!bad && work.todo_count > 0) bad = compute_todo(&work, progress, failure) != 0;
  if (!bad) at_cells_sort(result->cell, result->count);
  if (!bad && !done) bad = finish(&work, failure) != 0;
  at_cells_free(&found);
  free(work.todo);
  close(work.file);
  return bad ? -1 : 0;
}

void at_sweep_result_clear(struct at_sweep_result *result)
{
  free(result->cell);
  result->cell = NULL;
}
