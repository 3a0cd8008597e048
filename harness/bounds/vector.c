/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of sums of products (derivation in vector.h).
 * Main result: the bounds of the header, rounded up.
 * Assumptions: like FLINT itself, running out of memory ends the process with a message.
 * Test: tests/kernel/test_vector.c, tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/vector.h"

#include <flint/flint.h>

/* One sum of products in progress: sum |x| |y^|, sum |x| e, number of non-zero products. */
struct tally {
  mag_t size, carried;
  size_t terms;
};

static void tally_init(struct tally *tally)
{
  mag_init(tally->size);
  mag_init(tally->carried);
  tally->terms = 0;
}

static void tally_clear(struct tally *tally)
{
  mag_clear(tally->size);
  mag_clear(tally->carried);
}

/* x: magnitude of the exact factor, not zero; y: of the computed one; y_error may be NULL */
static void tally_add(struct tally *tally, const mag_struct *x, const mag_struct *y,
                      const mag_struct *y_error)
{
  if (!mag_is_zero(y)) {
    mag_addmul(tally->size, x, y);
    tally->terms++;
  }
  if (y_error != NULL) mag_addmul(tally->carried, x, y_error);
}

/* lambda_h * size + 4 m eta + carried */
static void tally_bound(mag_t error, const struct tally *tally, size_t height,
                        const struct at_format *format)
{
  mag_t part;
  mag_init(part);
  at_format_lambda(part, format, tally->terms < height ? tally->terms : height);
  mag_mul(error, part, tally->size);
  at_format_underflow(part, format, 4 * tally->terms);
  mag_add(error, error, part);
  mag_add(error, error, tally->carried);
  mag_clear(part);
}

/* ceil(n / lanes) + log2 lanes */
static size_t lane_height(size_t n, size_t lanes)
{
  size_t height = (n + lanes - 1) / lanes;
  for (size_t width = 1; width < lanes; width *= 2) height++;
  return height;
}

void at_bound_dot(mag_t error, const double *x, arf_srcptr y, mag_srcptr y_error, size_t n,
                  const struct at_format *format)
{
  struct tally tally;
  mag_t x_size, y_size;
  tally_init(&tally);
  mag_init(x_size);
  mag_init(y_size);
  for (size_t k = 0; k < n; k++) {
    if (x[k] == 0.0) continue;
    mag_set_d(x_size, x[k]);
    arf_get_mag(y_size, y + k);
    tally_add(&tally, x_size, y_size, y_error == NULL ? NULL : y_error + k);
  }
  tally_bound(error, &tally, lane_height(n, format->lanes), format);
  mag_clear(x_size);
  mag_clear(y_size);
  tally_clear(&tally);
}

static void add_row(struct tally *columns, const arf_struct *scale, const mag_struct *scale_error,
                    const double *row, size_t n)
{
  mag_t scale_size, entry;
  mag_init(scale_size);
  mag_init(entry);
  arf_get_mag(scale_size, scale);
  for (size_t k = 0; k < n; k++) {
    if (row[k] == 0.0) continue;
    mag_set_d(entry, row[k]);
    tally_add(columns + k, entry, scale_size, scale_error);
  }
  mag_clear(scale_size);
  mag_clear(entry);
}

void at_bound_sum_scaled_rows(mag_ptr error, arf_srcptr scales, mag_srcptr scale_error,
                              const double *first, size_t rows, size_t stride, size_t n,
                              const struct at_format *format)
{
  struct tally *columns = flint_malloc((n > 0 ? n : 1) * sizeof *columns);
  for (size_t k = 0; k < n; k++) tally_init(columns + k);
  for (size_t r = 0; r < rows; r++)
    add_row(columns, scales + r, scale_error == NULL ? NULL : scale_error + r, first + r * stride,
            n);
  for (size_t k = 0; k < n; k++) {
    tally_bound(error + k, columns + k, rows, format);
    tally_clear(columns + k);
  }
  flint_free(columns);
}

/* error = |step| e_g + lambda_2 |step g^| + lambda_1 |w^| + 4 eta, the latter three only where the
 * computed gradient is not zero */
static void move_bound(mag_t error, const arf_struct *weight, const arf_struct *gradient,
                       const mag_struct *gradient_error, const mag_struct *step,
                       const mag_struct *lambda, const struct at_format *format)
{
  mag_t part;
  mag_init(part);
  mag_mul(error, step, gradient_error);
  if (!arf_is_zero(gradient)) {
    arf_get_mag(part, gradient);
    mag_mul(part, part, step);
    mag_addmul(error, part, lambda + 2);
    arf_get_mag(part, weight);
    mag_addmul(error, part, lambda + 1);
    at_format_underflow(part, format, 4);
    mag_add(error, error, part);
  }
  mag_clear(part);
}

void at_bound_descend(mag_ptr error, arf_srcptr weight, mag_srcptr weight_error,
                      arf_srcptr gradient, mag_srcptr gradient_error, double step, size_t n,
                      const struct at_format *format)
{
  mag_t step_size;
  mag_struct lambda[3];
  mag_init(step_size);
  mag_set_d(step_size, step);
  for (size_t k = 0; k < 3; k++) {
    mag_init(lambda + k);
    at_format_lambda(lambda + k, format, k);
  }
  for (size_t k = 0; k < n; k++) {
    move_bound(error + k, weight + k, gradient + k, gradient_error + k, step_size, lambda, format);
    mag_add(error + k, error + k, weight_error + k);
  }
  for (size_t k = 0; k < 3; k++) mag_clear(lambda + k);
  mag_clear(step_size);
}
