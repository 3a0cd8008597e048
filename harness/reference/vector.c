/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/vector.c (see vector.h).
 * Main result: lean loops: per term one conversion, one product, one addition, no allocation.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/vector.h"

#include "kernel/capacity.h"

enum { BINARY64_PRECISION = 53 };

void at_reference_dot(mpfr_ptr result, const double *x, mpfr_srcptr y, size_t n)
{
  mpfr_t entry, product;
  mpfr_init2(entry, BINARY64_PRECISION);
  mpfr_init2(product, mpfr_get_prec(result));
  mpfr_set_zero(result, 1);
  for (size_t k = 0; k < n; k++) {
    mpfr_set_d(entry, x[k], MPFR_RNDN);
    mpfr_mul(product, entry, y + k, MPFR_RNDN);
    mpfr_add(result, result, product, MPFR_RNDN);
  }
  mpfr_clears(entry, product, (mpfr_ptr)0);
}

/* sum[k] += scale * row[k] */
static void add_row(mpfr_ptr sum, mpfr_srcptr scale, const double *row, size_t n)
{
  mpfr_t entry, product;
  if (n == 0 || mpfr_zero_p(scale)) return;
  mpfr_init2(entry, BINARY64_PRECISION);
  mpfr_init2(product, mpfr_get_prec(sum));
  for (size_t k = 0; k < n; k++) {
    mpfr_set_d(entry, row[k], MPFR_RNDN);
    mpfr_mul(product, entry, scale, MPFR_RNDN);
    mpfr_add(sum + k, sum + k, product, MPFR_RNDN);
  }
  mpfr_clears(entry, product, (mpfr_ptr)0);
}

void at_reference_sum_scaled_rows(mpfr_ptr sum, mpfr_srcptr scales, const double *first,
                                  size_t rows, size_t stride, size_t n)
{
  for (size_t k = 0; k < n; k++) mpfr_set_zero(sum + k, 1);
  for (size_t r = 0; r < rows; r++) add_row(sum, scales + r, first + r * stride, n);
}

/* x moved to the nearest point of [-AT_MAX_WEIGHT, AT_MAX_WEIGHT] */
static void project(mpfr_ptr x)
{
  if (mpfr_cmp_d(x, -AT_MAX_WEIGHT) < 0) mpfr_set_d(x, -AT_MAX_WEIGHT, MPFR_RNDN);
  if (mpfr_cmp_d(x, AT_MAX_WEIGHT) > 0) mpfr_set_d(x, AT_MAX_WEIGHT, MPFR_RNDN);
}

void at_reference_descend(mpfr_ptr next, mpfr_srcptr weight, mpfr_srcptr gradient, double step,
                          size_t n)
{
  if (n == 0) return;
  mpfr_t move;
  mpfr_init2(move, mpfr_get_prec(next));
  for (size_t k = 0; k < n; k++) {
    mpfr_mul_d(move, gradient + k, step, MPFR_RNDN);
    mpfr_sub(next + k, weight + k, move, MPFR_RNDN);
    project(next + k);
  }
  mpfr_clear(move);
}
