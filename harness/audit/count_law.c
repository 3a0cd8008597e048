/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see count_law.h.
 *
 * Outcomes further than some six deviations from the mean are left out, and so are cells of very
 * small probability: either only makes `rest` larger.
 */
#include "harness/audit/count_law.h"

#include <math.h>

#include "harness/enclosure/tails.h"

/* How far the ranges reach: DEVIATIONS standard deviations, and EXTRA more for the skew of few
 * flips. */
static const double deviations = 6.0;
enum { EXTRA = 6 };
static const double least_probability = 1e-10;

/* The outcomes that are looked at: class sizes size_low .. size_high (of either class: the range is
 * symmetric about n/2), noisy counts noisy_low .. noisy_high. mass[(m - size_low) * width + e -
 * noisy_low] = P(e of m are flipped). */
struct ranges {
  const struct at_settings *settings;
  size_t size_low, size_high, noisy_low, noisy_high, width;
  size_t first, last; /* sizes of class 0 */
  arb_ptr mass;
};

static size_t clipped(double x, size_t most)
{
  return x <= 0.0 ? 0 : x >= (double)most ? most : (size_t)x;
}

static void ranges_find(struct ranges *ranges)
{
  const struct at_settings *s = ranges->settings;
  const size_t n = s->samples;
  const double reach = s->balanced ? 0.0 : 0.5 * deviations * sqrt((double)n);
  const size_t half = n / 2;
  ranges->first = s->balanced ? n - half : clipped((double)half - reach, n);
  ranges->last = s->balanced ? n - half : n - ranges->first;
  ranges->size_low = s->balanced ? half : ranges->first;
  ranges->size_high = n - ranges->size_low;
  ranges->noisy_low = ranges->noisy_high = s->noisy_per_class;
  if (!s->fixed_noisy) {
    const double spread = deviations * sqrt(s->eta * (1.0 - s->eta) * (double)ranges->size_high);
    const double extra = s->eta > 0.0 && s->eta < 1.0 ? EXTRA : 0.0;
    ranges->noisy_low =
      clipped(floor(s->eta * (double)ranges->size_low - spread), ranges->size_high);
    ranges->noisy_high =
      clipped(ceil(s->eta * (double)ranges->size_high + spread + extra), ranges->size_high);
  }
  ranges->width = ranges->noisy_high - ranges->noisy_low + 1;
}

static void ranges_init(struct ranges *ranges, const struct at_settings *settings)
{
  ranges->settings = settings;
  ranges_find(ranges);
  const size_t rows = ranges->size_high - ranges->size_low + 1;
  ranges->mass = _arb_vec_init((slong)(rows * ranges->width));
  for (size_t k = 0; k < rows * ranges->width; k++) {
    const size_t size = ranges->size_low + k / ranges->width;
    const size_t noisy = ranges->noisy_low + k % ranges->width;
    if (noisy > size) continue; /* mass 0: with exact flips no such draw is made */
    if (settings->fixed_noisy)
      arb_one(ranges->mass + k);
    else
      at_binomial_mass(ranges->mass + k, size, noisy, settings->eta);
  }
}

static void ranges_clear(struct ranges *ranges)
{
  const size_t rows = ranges->size_high - ranges->size_low + 1;
  _arb_vec_clear(ranges->mass, (slong)(rows * ranges->width));
}

/* sum = P(low <= noisy <= high) in a class of this size. */
static void noisy_mass(arb_t sum, const struct ranges *ranges, size_t size, size_t low, size_t high)
{
  arb_srcptr row = ranges->mass + (size - ranges->size_low) * ranges->width;
  arb_zero(sum);
  for (size_t e = low; e <= high; e++)
    arb_add(sum, sum, row + (e - ranges->noisy_low), AT_TAIL_BITS);
}

static void cell_probability(struct at_count_cell *cell, const struct ranges *ranges)
{
  const size_t n = ranges->settings->samples;
  arb_t mass, part;
  arb_init(mass);
  arb_init(part);
  arb_zero(cell->probability);
  for (size_t size = cell->size_low; size <= cell->size_high; size++) {
    if (ranges->settings->balanced)
      arb_one(mass);
    else
      at_binomial_mass(mass, n, size, 0.5);
    noisy_mass(part, ranges, size, cell->noisy_low[0], cell->noisy_high[0]);
    arb_mul(mass, mass, part, AT_TAIL_BITS);
    noisy_mass(part, ranges, n - size, cell->noisy_low[1], cell->noisy_high[1]);
    arb_addmul(cell->probability, mass, part, AT_TAIL_BITS);
  }
  arb_clear(mass);
  arb_clear(part);
}

static size_t cells_along(size_t low, size_t high, size_t edge)
{
  return (high - low) / edge + 1;
}

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Cell number `index` of the grid with this edge; noisy_cells: along either noisy axis. */
static void cell_place(struct at_count_cell *cell, const struct ranges *ranges, size_t edge,
                       size_t noisy_cells, size_t index)
{
  const size_t size_index = index / (noisy_cells * noisy_cells);
  cell->size_low = ranges->first + size_index * edge;
  cell->size_high = smaller(cell->size_low + edge - 1, ranges->last);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    const size_t noisy_index = k == 0 ? index / noisy_cells % noisy_cells : index % noisy_cells;
    cell->noisy_low[k] = ranges->noisy_low + noisy_index * edge;
    cell->noisy_high[k] = smaller(cell->noisy_low[k] + edge - 1, ranges->noisy_high);
  }
}

void at_count_law_init(struct at_count_law *law, const struct at_settings *settings)
{
  struct ranges ranges;
  size_t edge = 0, noisy_cells, cells;
  ranges_init(&ranges, settings);
  do {
    edge++;
    noisy_cells = cells_along(ranges.noisy_low, ranges.noisy_high, edge);
    cells = cells_along(ranges.first, ranges.last, edge) * noisy_cells * noisy_cells;
  } while (cells > AT_COUNT_CELLS);
  *law = (struct at_count_law){.samples = settings->samples};
  law->cell = flint_malloc(cells * sizeof *law->cell);
  arb_init(law->rest);
  arb_one(law->rest);
  for (size_t index = 0; index < cells; index++) {
    struct at_count_cell *cell = &law->cell[law->count];
    arb_init(cell->probability);
    cell_place(cell, &ranges, edge, noisy_cells, index);
    cell_probability(cell, &ranges);
    if (arf_cmp_d(arb_midref(cell->probability), least_probability) < 0) {
      arb_clear(cell->probability);
    } else {
      arb_sub(law->rest, law->rest, cell->probability, AT_TAIL_BITS);
      law->count++;
    }
  }
  ranges_clear(&ranges);
}

void at_count_law_clear(struct at_count_law *law)
{
  for (size_t k = 0; k < law->count; k++) arb_clear(law->cell[k].probability);
  flint_free(law->cell);
  arb_clear(law->rest);
}

size_t at_count_size_low(const struct at_count_law *law, const struct at_count_cell *cell,
                         size_t class_index)
{
  return class_index == 0 ? cell->size_low : law->samples - cell->size_high;
}

size_t at_count_size_high(const struct at_count_law *law, const struct at_count_cell *cell,
                          size_t class_index)
{
  return class_index == 0 ? cell->size_high : law->samples - cell->size_low;
}
