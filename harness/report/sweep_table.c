/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see sweep_table.h.
 */
#define _XOPEN_SOURCE 700

#include "harness/report/sweep_table.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/report/document.h"
#include "harness/report/number.h"
#include "harness/report/output.h"

/* ---- CSV ---- */

static void head_print(FILE *stream)
{
  (void)fputs("cell,n,dim,snr,rho,beta,t,eta,steps", stream);
  for (size_t k = 0; k < AT_CELL_COUNTS; k++) (void)fprintf(stream, ",%s", at_cell_count_name(k));
  for (size_t k = 0; k < AT_CELL_REALS; k++) (void)fprintf(stream, ",%s", at_cell_real_name(k));
  (void)fputs("\r\n", stream);
}

static void real_print(FILE *stream, double x)
{
  (void)fputc(',', stream);
  if (!isnan(x)) at_number_print(stream, x);
}

/* Theorems that were not asked about are unknown, not zero. */
static bool count_known(const struct at_grid *grid, size_t k)
{
  return k < AT_CELL_THEOREMS || grid->theorems;
}

static void row_print(FILE *stream, const struct at_grid *grid, const struct at_cell *cell)
{
  const struct at_grid_cell at = at_grid_cell(grid, cell->index);
  (void)fprintf(stream, "%zu,%zu,%llu", cell->index, at.n, (unsigned long long)at.dim);
  real_print(stream, at.snr);
  real_print(stream, at.rho);
  real_print(stream, at.beta);
  real_print(stream, at.t);
  real_print(stream, grid->flips.exact_count ? NAN : at.eta);
  (void)fprintf(stream, ",%zu", at.steps);
  for (size_t k = 0; k < AT_CELL_COUNTS; k++) {
    (void)fputc(',', stream);
    if (count_known(grid, k)) (void)fprintf(stream, "%llu", (unsigned long long)cell->count[k]);
  }
  for (size_t k = 0; k < AT_CELL_REALS; k++) real_print(stream, cell->real[k]);
  (void)fputs("\r\n", stream);
}

int at_report_sweep_csv(const char *path, const struct at_grid *grid, const struct at_cell *cell,
                        size_t count, struct at_failure *failure)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (stream == NULL)
    return at_fail(failure, "%s: the table does not fit into this machine's memory", path);
  head_print(stream);
  for (size_t k = 0; k < count; k++) row_print(stream, grid, &cell[k]);
  bool bad = ferror(stream) != 0;
  bad = fclose(stream) != 0 || bad;
  const int result =
    bad ? at_fail(failure, "%s: the table does not fit into this machine's memory", path)
        : at_output_write(path, text, size, failure);
  free(text);
  return result;
}

/* ---- JSON ---- */

static void axis_put(struct at_document *document, const char *role, const struct at_axis *axis)
{
  json_t *object = json_object();
  json_t *values = json_array();
  for (size_t k = 0; k < axis->count; k++)
    at_document_append(document, values, at_value_real(axis->value[k]));
  at_document_put(document, object, "name", at_value_text(at_axis_label(axis->name)));
  at_document_put(document, object, "values", values);
  at_document_put(document, document->root, role, object);
}

static void settings_put(struct at_document *document, const struct at_grid *grid)
{
  json_t *object = json_object();
  const bool exact = grid->flips.exact_count;
  at_document_put(document, object, "balanced", json_boolean(grid->balanced));
  at_document_put(document, object, "noisy_per_class",
                  exact ? at_value_integer(grid->flips.noisy_per_class) : json_null());
  at_document_put(document, object, "first_seed", at_value_integer(grid->first_seed));
  at_document_put(document, object, "seeds", at_value_integer(grid->seeds));
  at_document_put(document, object, "theorems", json_boolean(grid->theorems));
  at_document_put(document, document->root, "settings", object);
}

static void cell_append(struct at_document *document, json_t *cells, const struct at_grid *grid,
                        const struct at_cell *cell)
{
  const struct at_grid_cell at = at_grid_cell(grid, cell->index);
  json_t *object = json_object();
  at_document_put(document, object, "cell", at_value_integer(cell->index));
  at_document_put(document, object, "n", at_value_integer(at.n));
  at_document_put(document, object, "dim", at_value_integer(at.dim));
  at_document_put(document, object, "snr", at_value_real(at.snr));
  at_document_put(document, object, "rho", at_value_real(at.rho));
  at_document_put(document, object, "beta", at_value_real(at.beta));
  at_document_put(document, object, "t", at_value_real(at.t));
  at_document_put(document, object, "eta", at_value_real(grid->flips.exact_count ? NAN : at.eta));
  at_document_put(document, object, "steps", at_value_integer(at.steps));
  for (size_t k = 0; k < AT_CELL_COUNTS; k++)
    at_document_put(document, object, at_cell_count_name(k),
                    count_known(grid, k) ? at_value_integer(cell->count[k]) : json_null());
  for (size_t k = 0; k < AT_CELL_REALS; k++)
    at_document_put(document, object, at_cell_real_name(k), at_value_real(cell->real[k]));
  at_document_append(document, cells, object);
}

int at_report_sweep_json(const char *path, const struct at_grid *grid, const struct at_cell *cell,
                         size_t count, struct at_failure *failure)
{
  struct at_document document;
  json_t *cells = json_array();
  at_document_init(&document, "attest-sweep");
  at_document_put(&document, document.root, "program", at_value_text(AT_VERSION));
  axis_put(&document, "x", &grid->x);
  axis_put(&document, "y", &grid->y);
  settings_put(&document, grid);
  for (size_t k = 0; k < count; k++) cell_append(&document, cells, grid, &cell[k]);
  at_document_put(&document, document.root, "cells", cells);
  const int result = at_document_write(path, &document, failure);
  at_document_clear(&document);
  return result;
}
