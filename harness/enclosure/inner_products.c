/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see inner_products.h.
 *
 * Columns are taken in blocks, so that memory does not grow with the dimension.
 */
#include "harness/enclosure/inner_products.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/vector.h"

enum { COLUMNS = 512 };

/* Every entry is a multiple of 2^low and below 2^top. */
struct span {
  int low, top;
};

static struct span span_of(double x)
{
  struct span span;
  uint64_t digits = (uint64_t)ldexp(frexp(fabs(x), &span.top), DBL_MANT_DIG);
  span.low = span.top - DBL_MANT_DIG;
  while (digits % 2 == 0) {
    digits /= 2;
    span.low++;
  }
  return span;
}

static struct span span_of_rows(const struct at_rows *rows)
{
  struct span all = {0, 0};
  bool none = true;
  for (size_t r = 0; r < rows->count; r++) {
    for (size_t k = 0; k < rows->dim; k++) {
      const double x = rows->first[r * rows->stride + k];
      if (x == 0.0) continue;
      const struct span one = span_of(x);
      all.low = none || one.low < all.low ? one.low : all.low;
      all.top = none || one.top > all.top ? one.top : all.top;
      none = false;
    }
  }
  return all;
}

/* Bits of a sum of `dim` products. */
static slong product_bits(struct span span, size_t dim)
{
  slong carries = 0;
  while ((size_t)1 << carries < dim) carries++;
  return 2 * (slong)(span.top - span.low) + carries;
}

slong at_inner_product_bits(const struct at_rows *rows)
{
  return product_bits(span_of_rows(rows), rows->dim);
}

static size_t entry_of(size_t i, size_t j)
{
  return i * (i + 1) / 2 + j;
}

/* Adds the columns [first, first + width) to every inner product; block: (count, COLUMNS). */
static void columns_add(arb_ptr product, const struct at_rows *rows, arb_ptr block, size_t *extent,
                        size_t first, size_t width, slong precision)
{
  for (size_t i = 0; i < rows->count; i++) {
    const double *row = rows->first + i * rows->stride + first;
    extent[i] = 0;
    for (size_t k = 0; k < width; k++) {
      arb_set_d(block + i * COLUMNS + k, row[k]);
      extent[i] = row[k] != 0.0 ? k + 1 : extent[i];
    }
    for (size_t j = 0; j <= i; j++) {
      arb_ptr entry = product + entry_of(i, j);
      const size_t length = extent[i] < extent[j] ? extent[i] : extent[j];
      arb_dot(entry, entry, 0, block + i * COLUMNS, 1, block + j * COLUMNS, 1, (slong)length,
              precision);
    }
  }
}

static void products_of_balls(arb_ptr product, const struct at_rows *rows, slong precision)
{
  _arb_vec_zero(product, (slong)entry_of(rows->count, 0));
  arb_ptr block = _arb_vec_init((slong)(rows->count * COLUMNS));
  size_t *extent = flint_malloc(rows->count * sizeof *extent);
  for (size_t first = 0; first < rows->dim; first += COLUMNS) {
    const size_t left = rows->dim - first;
    columns_add(product, rows, block, extent, first, left < COLUMNS ? left : COLUMNS, precision);
  }
  flint_free(extent);
  _arb_vec_clear(block, (slong)(rows->count * COLUMNS));
}

static void products_of_doubles(arb_ptr product, const struct at_rows *rows)
{
  for (size_t i = 0; i < rows->count; i++)
    for (size_t j = 0; j <= i; j++)
      arb_set_d(product + entry_of(i, j),
                at_dot(rows->first + i * rows->stride, rows->first + j * rows->stride, rows->dim));
}

void at_inner_products(arb_ptr product, const struct at_rows *rows, slong precision)
{
  const struct span span = span_of_rows(rows);
  const bool no_underflow = 2 * span.low >= DBL_MIN_EXP - DBL_MANT_DIG;
  if (no_underflow && product_bits(span, rows->dim) <= DBL_MANT_DIG)
    products_of_doubles(product, rows);
  else
    products_of_balls(product, rows, precision);
}
