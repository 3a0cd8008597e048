/* SPDX-License-Identifier: Apache-2.0
 *
 * agreement.c: the three checks, entry by entry.
 *
 * Differences are rounded away from zero to DIFFERENCE_BITS: upper bounds, and never longer than
 * that, however far apart the exponents of MPFR and Arb numbers are.
 */
#include "harness/audit/agreement.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIFFERENCE_BITS = 192 };

/* Extent of a field of a point. */
enum extent { BY_DIM, BY_ROW, BY_SAMPLE, BY_POINT };

static const struct {
  const char *name;
  enum extent extent;
} fields[AT_FIELDS] = {
  {"scores", BY_ROW},    {"values", BY_ROW}, {"weights", BY_ROW},    {"outputs", BY_SAMPLE},
  {"losses", BY_SAMPLE}, {"loss", BY_POINT}, {"gradient_v", BY_DIM}, {"gradient_p", BY_DIM},
  {"v", BY_DIM},         {"p", BY_DIM},
};

const char *at_field_name(size_t field)
{
  return fields[field].name;
}

/* The same entry in the four views, and what is compared about it. */
struct entry {
  double fast;
  mpfr_srcptr reference;
  arb_srcptr enclosure;
  mag_srcptr fast_bound, reference_radius;
};

/* The first entries of every field, in the order of `fields`. */
struct columns {
  const double *fast[AT_FIELDS];
  mpfr_srcptr reference[AT_FIELDS];
  arb_srcptr enclosure[AT_FIELDS];
  mag_srcptr fast_bound[AT_FIELDS], reference_radius[AT_FIELDS];
};

#define COLUMNS(point, loss) \
  { \
    (point).scores, (point).values, (point).weights, (point).outputs, (point).losses, loss, \
      (point).gradient_v, (point).gradient_p, (point).v, (point).p \
  }

static void open_columns(struct columns *c, const struct at_run *run, size_t step)
{
  const struct at_fast_point *fast = &run->fast[step];
  const struct at_reference_point *reference = &run->reference[step];
  const struct at_enclosure_point *enclosure = &run->enclosure.point[step];
  const struct at_bound_point *bound = &run->fast_bound[step];
  const struct at_bound_point *radius = &run->reference_bound[step];
  const struct columns all = {
    COLUMNS(*fast, &fast->loss),          COLUMNS(*reference, reference->loss),
    COLUMNS(*enclosure, enclosure->loss), COLUMNS(*bound, bound->loss),
    COLUMNS(*radius, radius->loss),
  };
  *c = all;
}

static size_t entries_of(const struct at_run *run, size_t field)
{
  switch (fields[field].extent) {
  case BY_DIM: return run->data.dim;
  case BY_ROW: return run->data.samples * run->data.tokens;
  case BY_SAMPLE: return run->data.samples;
  case BY_POINT: break;
  }
  return 1;
}

/* Scratch numbers, allocated once for a run. */
struct scratch {
  arf_t exact, gap;
  arb_t ball;
  mag_t allowed;
};

/* distance = an upper bound of the gap, and whether the gap is allowed.  Arb compares a NaN as
 * equal; here it is infinitely far and never allowed. */
static bool judge_gap(double *distance, const arf_t gap, const mag_t allowed)
{
  const bool number = !arf_is_nan(gap);
  *distance = number ? arf_get_d(gap, ARF_RND_UP) : INFINITY;
  return number && arf_cmpabs_mag(gap, allowed) <= 0;
}

/* difference = |fast - reference| and whether it is within bound + radius. */
static bool compare_reference(double *difference, const struct entry *e, struct scratch *s)
{
  arf_set_mpfr(s->exact, e->reference);
  arf_set_d(s->gap, e->fast);
  arf_sub(s->gap, s->gap, s->exact, DIFFERENCE_BITS, ARF_RND_UP);
  arf_abs(s->gap, s->gap);
  mag_add(s->allowed, e->fast_bound, e->reference_radius);
  return judge_gap(difference, s->gap, s->allowed);
}

/* distance from fast to the nearest point of the enclosure, and whether it is within the bound. */
static bool compare_enclosure(double *distance, const struct entry *e, struct scratch *s)
{
  *distance = 0.0;
  if (!arb_is_finite(e->enclosure)) return !isnan(e->fast); /* a ball without ends holds all */
  arf_set_d(s->gap, e->fast);
  arf_sub(s->gap, s->gap, arb_midref(e->enclosure), DIFFERENCE_BITS, ARF_RND_UP);
  arf_abs(s->gap, s->gap);
  arf_set_mag(s->exact, arb_radref(e->enclosure));
  arf_sub(s->gap, s->gap, s->exact, DIFFERENCE_BITS, ARF_RND_UP);
  if (arf_sgn(s->gap) < 0) arf_zero(s->gap);
  return judge_gap(distance, s->gap, e->fast_bound);
}

/* Whether the reference is at least 64 bits more accurate here than the enclosure. */
static bool is_finer(const struct entry *e, struct scratch *s)
{
  arf_set_mag(s->gap, e->reference_radius);
  arf_mul_2exp_si(s->gap, s->gap, 64);
  return arf_cmpabs_mag(s->gap, arb_radref(e->enclosure)) <= 0;
}

/* The reference ball meets the enclosure; its value itself lies inside where it is so much finer
 * that only a fault could put it outside. */
static bool reference_agrees(const struct entry *e, struct scratch *s)
{
  if (mpfr_nan_p(e->reference)) return false;
  arf_set_mpfr(s->exact, e->reference);
  arb_set_arf(s->ball, s->exact);
  if (is_finer(e, s) && !arb_contains(e->enclosure, s->ball)) return false;
  arb_add_error_mag(s->ball, e->reference_radius);
  return arb_overlaps(s->ball, e->enclosure);
}

/* One unit in the last place of binary64 at x: 2^(e - 52) for 2^e <= |x| < 2^(e+1). */
static double ulp_at(mpfr_srcptr x)
{
  const long exponent = mpfr_zero_p(x) ? -1022 : (long)mpfr_get_exp(x) - 1;
  return ldexp(1.0, (int)(exponent < -1022 ? -1074 : exponent - 52));
}

static double larger(double a, double b)
{
  return a > b ? a : b;
}

static void compare_entry(struct at_agreement_row *row, const struct entry *e, size_t index,
                          struct scratch *s)
{
  double difference;
  double distance;
  const double ulp = ulp_at(e->reference);
  const double bound = mag_get_d(e->fast_bound);
  if (!compare_reference(&difference, e, s)) row->fast_agrees = false;
  if (!compare_enclosure(&distance, e, s)) row->fast_agrees = false;
  if (!reference_agrees(e, s)) row->reference_agrees = false;
  if (index == 0 || difference > row->difference) {
    row->difference = difference;
    row->where = index;
    row->bound = bound;
  }
  row->difference_ulp = larger(row->difference_ulp, difference / ulp);
  row->distance = larger(row->distance, distance);
  row->distance_ulp = larger(row->distance_ulp, distance / ulp);
  if (distance > 0.0) row->used = larger(row->used, distance / bound);
}

static void compare_field(struct at_agreement_row *row, const struct columns *c, size_t field,
                          struct scratch *s)
{
  for (size_t k = 0; k < row->entries; k++) {
    const struct entry e = {c->fast[field][k], c->reference[field] + k, c->enclosure[field] + k,
                            c->fast_bound[field] + k, c->reference_radius[field] + k};
    compare_entry(row, &e, k, s);
  }
  row->ratio = row->difference > 0.0 ? row->bound / row->difference : INFINITY;
}

void at_agreement_place(char *text, size_t size, const struct at_agreement_row *row,
                        const struct at_run *run)
{
  size_t field = 0;
  while (field < AT_FIELDS - 1 && strcmp(fields[field].name, row->quantity) != 0) field++;
  switch (fields[field].extent) {
  case BY_DIM: snprintf(text, size, "coordinate %zu", row->where); break;
  case BY_ROW:
    snprintf(text, size, "sample %zu, token %zu", row->where / run->data.tokens,
             row->where % run->data.tokens);
    break;
  case BY_SAMPLE: snprintf(text, size, "sample %zu", row->where); break;
  case BY_POINT: snprintf(text, size, "mean"); break;
  }
}

/* Remembers the first disagreement in words. */
static void note(struct at_agreement *agreement, const struct at_agreement_row *row,
                 const struct at_run *run)
{
  char place[64];
  if (row->fast_agrees && row->reference_agrees) return;
  if (!agreement->agrees) return;
  agreement->agrees = false;
  at_agreement_place(place, sizeof place, row, run);
  snprintf(agreement->disagreement, sizeof agreement->disagreement,
           "%s after step %zu: %s (largest difference %.3g, bound %.3g, at %s)", row->quantity,
           row->step,
           row->fast_agrees ? "the reference ball does not meet the enclosure"
                            : "the kernel lies outside its bound",
           row->difference, row->bound, place);
}

int at_agreement_init(struct at_agreement *agreement, const struct at_run *run,
                      struct at_failure *failure)
{
  struct scratch s;
  agreement->rows = (run->steps + 1) * AT_FIELDS;
  agreement->agrees = true;
  agreement->disagreement[0] = '\0';
  agreement->row = calloc(agreement->rows, sizeof *agreement->row);
  if (agreement->row == NULL) return at_fail(failure, "out of memory for the comparison");
  arf_init(s.exact);
  arf_init(s.gap);
  arb_init(s.ball);
  mag_init(s.allowed);
  for (size_t k = 0; k < agreement->rows; k++) {
    struct at_agreement_row *row = &agreement->row[k];
    struct columns columns;
    const size_t field = k % AT_FIELDS;
    row->step = k / AT_FIELDS;
    row->quantity = fields[field].name;
    row->entries = entries_of(run, field);
    row->fast_agrees = row->reference_agrees = true;
    open_columns(&columns, run, row->step);
    compare_field(row, &columns, field, &s);
    note(agreement, row, run);
  }
  arf_clear(s.exact);
  arf_clear(s.gap);
  arb_clear(s.ball);
  mag_clear(s.allowed);
  return 0;
}

void at_agreement_note(struct at_agreement *agreement, const char *disagreement)
{
  if (!agreement->agrees || disagreement[0] == '\0') return;
  agreement->agrees = false;
  snprintf(agreement->disagreement, sizeof agreement->disagreement, "%s", disagreement);
}

void at_agreement_clear(struct at_agreement *agreement)
{
  free(agreement->row);
  memset(agreement, 0, sizeof *agreement);
}
