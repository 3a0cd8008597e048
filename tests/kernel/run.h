/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: one run of gradient descent in the fast path and in the reference path side by side,
 * with the bounds of both, for the suites that judge whole points.
 * Main result: run_measure holds every field of the fast point against the reference.
 * Assumptions: measure.h.
 */
#ifndef AT_TESTS_KERNEL_RUN_H
#define AT_TESTS_KERNEL_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "harness/bounds/single_head.h"
#include "harness/data/token_data.h"
#include "harness/fast/single_head.h"
#include "harness/reference/single_head.h"
#include "tests/kernel/measure.h"

struct run {
  struct at_token_data data;
  struct at_fast_point fast;
  struct at_reference_point reference;
  struct at_computed_point fast_computed, reference_computed;
  struct at_bound_point fast_bound, reference_bound;
  struct at_format reference_format;
};

/* The quantities of a point, in the order of evaluation. */
enum {
  RUN_V,
  RUN_P,
  RUN_SCORES,
  RUN_VALUES,
  RUN_WEIGHTS,
  RUN_OUTPUTS,
  RUN_LOSSES,
  RUN_LOSS,
  RUN_SCORE_C,
  RUN_VALUE_C,
  RUN_GRADIENT_V,
  RUN_GRADIENT_P,
  RUN_FIELDS
};

/* One quantity in the four views, `entries` of each. */
struct run_field {
  const char *name;
  size_t entries;
  const double *fast;
  mpfr_srcptr reference;
  mag_srcptr bound, radius;
};

/* Points at v = p = 0 for data that the run then owns. */
void run_open(struct run *run, const struct at_token_data *data, long precision);
void run_close(struct run *run);

/* Data with entries of exponents low .. high, random labels. */
void run_draw_data(struct at_token_data *data, size_t samples, size_t tokens, size_t dim,
                   uint64_t seed, int low, int high);

/* The same v and p, exactly, in both paths. */
void run_start(struct run *run, const double *v, const double *p);

/* Both points and both bounds, from v and p. */
void run_evaluate(struct run *run);

/* One step in both paths and in the bounds; run_evaluate must have been called. */
void run_step(struct run *run, double step);

struct run_field run_field(const struct run *run, size_t field);

/* Largest magnitude, largest difference and largest bound of the entries of a field. */
struct run_extent {
  double magnitude, difference, bound;
};
struct run_extent run_extent(const struct run_field *field);

/* measures[RUN_FIELDS]: counts every entry of every field. */
void run_measure(struct measure *measures, const struct run *run);

#endif
