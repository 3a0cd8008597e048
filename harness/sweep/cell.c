/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see cell.h.
 */
#include "harness/sweep/cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/audit/hypotheses.h"
#include "harness/data/random.h"

enum { THEOREM_BITS = 64 };

/* The most entries that a table may hold: 1 GiB. */
static const size_t table_entries = (size_t)1 << 27;

/* ---- the noise that cells share ---- */

static double largest_samples(const struct at_grid *grid)
{
  if (grid->x.name == AT_AXIS_N) return grid->x.value[grid->x.count - 1];
  if (grid->y.name == AT_AXIS_N) return grid->y.value[grid->y.count - 1];
  return grid->fixed[AT_AXIS_N];
}

int at_noise_table_init(struct at_noise_table *table, const struct at_grid *grid,
                        struct at_failure *failure)
{
  const struct at_axis *axis = grid->x.name == AT_AXIS_DIM   ? &grid->x
                               : grid->y.name == AT_AXIS_DIM ? &grid->y
                                                             : NULL;
  memset(table, 0, sizeof *table);
  table->seeds = grid->seeds;
  table->rows = (size_t)largest_samples(grid);
  table->dims = axis == NULL ? 1 : axis->count;
  size_t entries = 0;
  for (size_t k = 0; k < table->dims; k++) {
    table->dim[k] = (uint64_t)(axis == NULL ? grid->fixed[AT_AXIS_DIM] : axis->value[k]);
    entries += grid->seeds * at_factor_size(table->rows, table->dim[k]);
  }
  if (entries > table_entries) return 0;
  table->factor = calloc(table->dims * table->seeds + 1, sizeof *table->factor);
  return table->factor != NULL ? 0 : at_fail(failure, "out of memory for the noise");
}

int at_noise_table_draw(struct at_noise_table *table, const struct at_grid *grid, size_t k,
                        struct at_failure *failure)
{
  return at_factor_init(&table->factor[k], grid->first_seed + k % table->seeds,
                        table->dim[k / table->seeds], table->rows, failure);
}

void at_noise_table_clear(struct at_noise_table *table)
{
  for (size_t k = 0; table->factor != NULL && k < table->dims * table->seeds; k++)
    at_factor_clear(&table->factor[k]);
  free(table->factor);
  memset(table, 0, sizeof *table);
}

/* The factor of draw k in dimension dim: the table's, or a new one in *own. */
static const struct at_factor *factor_find(struct at_factor *own, const struct at_cell_desk *desk,
                                           const struct at_grid_cell *cell, size_t k,
                                           struct at_failure *failure)
{
  const struct at_noise_table *table = desk->table;
  size_t d = 0;
  if (table->factor == NULL)
    return at_factor_init(own, desk->grid->first_seed + k, cell->dim, cell->n, failure) == 0 ? own
                                                                                             : NULL;
  while (table->dim[d] != cell->dim) d++;
  return &table->factor[d * table->seeds + k];
}

/* ---- one cell ---- */

void at_cell_desk_clear(struct at_cell_desk *desk)
{
  at_token_data_free(&desk->data);
  at_descent_clear(&desk->descent);
  desk->samples = desk->dim = 0;
}

static int desk_reserve(struct at_cell_desk *desk, struct at_failure *failure)
{
  const struct at_token_data *data = &desk->data;
  if (data->samples <= desk->samples && data->dim <= desk->dim) return 0;
  at_descent_clear(&desk->descent);
  desk->samples = data->samples > desk->samples ? data->samples : desk->samples;
  desk->dim = data->dim > desk->dim ? data->dim : desk->dim;
  return at_descent_init(&desk->descent, desk->samples, desk->dim, failure);
}

static void theorems_add(struct at_cell *cell, const struct at_token_data *data, double step)
{
  struct at_hypotheses hypotheses;
  at_hypotheses_init(&hypotheses, data, step, THEOREM_BITS);
  for (size_t k = 0; k < AT_THEOREMS && hypotheses.obstacle == NULL; k++)
    cell->count[AT_CELL_THEOREMS + k] +=
      at_theorem_applies(&hypotheses, (enum at_theorem)k, THEOREM_BITS) == AT_YES;
  at_hypotheses_clear(&hypotheses);
}

static void draw_add(struct at_cell *cell, const struct at_draw *draw)
{
  cell->count[AT_CELL_DRAWS]++;
  cell->count[AT_CELL_CLEAN] += draw->clean;
  cell->count[AT_CELL_CLEAN_FIT] += draw->clean_fitted;
  cell->count[AT_CELL_NOISY] += draw->noisy;
  cell->count[AT_CELL_NOISY_FIT] += draw->noisy_fitted;
  cell->count[AT_CELL_UNDECIDED] += draw->undecided;
  cell->count[AT_CELL_FITTING] +=
    draw->clean_fitted == draw->clean && draw->noisy_fitted == draw->noisy;
  cell->real[AT_CELL_CLEAN_ATTENTION] += draw->clean_attention;
  cell->real[AT_CELL_NOISY_ATTENTION] += draw->noisy_attention;
  if (draw->attention_bound > cell->real[AT_CELL_ATTENTION_BOUND])
    cell->real[AT_CELL_ATTENTION_BOUND] = draw->attention_bound;
  if (!draw->has_error) return;
  const bool first = cell->count[AT_CELL_ERRORS]++ == 0;
  cell->real[AT_CELL_ERROR_MEAN] += draw->log10_error;
  if (first || draw->log10_error < cell->real[AT_CELL_ERROR_MIN])
    cell->real[AT_CELL_ERROR_MIN] = draw->log10_error;
  if (first || draw->log10_error > cell->real[AT_CELL_ERROR_MAX])
    cell->real[AT_CELL_ERROR_MAX] = draw->log10_error;
  if (draw->error_bound > cell->real[AT_CELL_ERROR_BOUND])
    cell->real[AT_CELL_ERROR_BOUND] = draw->error_bound;
}

/* A quotient, or not a number if there is nothing to divide by. */
static double over(double sum, uint64_t count)
{
  return count > 0 ? sum / (double)count : NAN;
}

static void means_set(struct at_cell *cell)
{
  double *real = cell->real;
  const uint64_t errors = cell->count[AT_CELL_ERRORS];
  real[AT_CELL_CLEAN_ATTENTION] = over(real[AT_CELL_CLEAN_ATTENTION], cell->count[AT_CELL_CLEAN]);
  real[AT_CELL_NOISY_ATTENTION] = over(real[AT_CELL_NOISY_ATTENTION], cell->count[AT_CELL_NOISY]);
  if (cell->count[AT_CELL_DRAWS] == 0) real[AT_CELL_ATTENTION_BOUND] = NAN;
  real[AT_CELL_ERROR_MEAN] = over(real[AT_CELL_ERROR_MEAN], errors);
  if (errors == 0)
    real[AT_CELL_ERROR_MIN] = real[AT_CELL_ERROR_MAX] = real[AT_CELL_ERROR_BOUND] = NAN;
  else if (real[AT_CELL_ERROR_MIN] > -INFINITY) /* the rounding of a sum and a quotient */
    real[AT_CELL_ERROR_BOUND] += (double)(errors + 1) * 0x1p-52 * fabs(real[AT_CELL_ERROR_MIN]);
}

/* The draw that *data holds: by the fast path, or, where that leaves something open, certified.
 * *check: whether to compare the two, and on return whether they were compared.
 * Returns as at_cell_compute. */
static int draw_take(struct at_cell *cell, struct at_cell_desk *desk,
                     const struct at_grid_cell *setting, const double *noise_norm, bool *check,
                     struct at_failure *failure)
{
  struct at_draw draw;
  struct at_draw certified = {.decided = false};
  if (desk_reserve(desk, failure) != 0) return -1;
  at_draw_compute(&draw, &desk->descent, &desk->data, noise_norm, setting->beta, setting->steps);
  if (*check || !draw.decided)
    at_draw_enclose(&certified, &desk->data, setting->beta, setting->steps);
  *check = *check && draw.decided && certified.decided;
  if (*check && at_draw_check(&draw, &certified, failure) != 0) return 1;
  cell->count[AT_CELL_ENCLOSED] += !draw.decided;
  draw_add(cell, draw.decided ? &draw : &certified);
  if (desk->grid->theorems) theorems_add(cell, &desk->data, setting->beta);
  return 0;
}

/* Draw k, if there is one; *check as above. */
static int draw_make(struct at_cell *cell, struct at_cell_desk *desk,
                     const struct at_grid_cell *setting, size_t k, bool *check,
                     struct at_failure *failure)
{
  struct at_factor own = {0};
  const struct at_synthetic_settings law = at_grid_draw(desk->grid, setting, k);
  const struct at_factor *factor = factor_find(&own, desk, setting, k, failure);
  int status = factor == NULL ? -1 : at_factor_data(&desk->data, factor, &law, failure);
  if (status == 0)
    status = draw_take(cell, desk, setting, factor->norm, check, failure);
  else
    *check = false;
  at_factor_clear(&own);
  return status;
}

int at_cell_compute(struct at_cell *cell, struct at_cell_desk *desk, size_t index, bool *check,
                    struct at_failure *failure)
{
  const struct at_grid *grid = desk->grid;
  const struct at_grid_cell setting = at_grid_cell(grid, index);
  const struct at_stream stream = at_stream_open(grid->first_seed, "sweep.checked_draw");
  const size_t picked = (size_t)(at_random_word(&stream, index) % grid->seeds);
  bool pending = *check;
  *check = false;
  memset(cell, 0, sizeof *cell);
  cell->index = index;
  for (size_t k = 0; k < grid->seeds; k++) {
    struct at_failure reason = {""};
    bool compared = pending && k >= picked;
    const int status = draw_make(cell, desk, &setting, k, &compared, &reason);
    pending = pending && !compared;
    *check = *check || compared;
    if (status == 0 || (status == 1 && !compared)) continue; /* taken, or no such data */
    (void)at_fail(failure, "cell %zu, seed %llu: %.400s", index,
                  (unsigned long long)(grid->first_seed + k), reason.line);
    return status;
  }
  means_set(cell);
  return 0;
}
