/* SPDX-License-Identifier: Apache-2.0
 *
 * vector.c: dot product in 32 lanes, sums of scaled rows, projected descent.
 *
 * Thirty-two lanes, because a lane array that long is vectorised by gcc and clang on every
 * instruction set without any change of the order of summation (shorter ones are unrolled and
 * shuffled).  The lane array stays a local that is only indexed, never passed: the provers then see
 * it as a variable apart from memory.
 */
#include "double_guard.h"

#include "vector.h"

enum { LANES = 32 };

/* a + x * y, two roundings */
static inline double add_product(double a, double x, double y)
{
  double product = x * y;
  return a + product;
}

static inline double add(double a, double b)
{
  return a + b;
}

double at_dot(const double *restrict x, const double *restrict y, size_t n)
{
  double lane[LANES];
  const size_t blocks = n / LANES;
  const size_t rest = n % LANES;
  //@ loop unroll LANES;
  for (size_t k = 0; k < LANES; k++) lane[k] = 0.0;
  //@ loop unroll AT_MAX_DIM;
  for (size_t b = 0; b < blocks; b++) {
    const double *xb = x + LANES * b;
    const double *yb = y + LANES * b;
    //@ loop unroll LANES;
    for (size_t k = 0; k < LANES; k++) lane[k] = add_product(lane[k], xb[k], yb[k]);
  }
  const double *xt = x + LANES * blocks;
  const double *yt = y + LANES * blocks;
  //@ loop unroll LANES;
  for (size_t k = 0; k < rest; k++) lane[k] = add_product(lane[k], xt[k], yt[k]);
  //@ loop unroll LANES;
  for (size_t k = 0; k < 16; k++) lane[k] = add(lane[k], lane[k + 16]);
  //@ loop unroll LANES;
  for (size_t k = 0; k < 8; k++) lane[k] = add(lane[k], lane[k + 8]);
  //@ loop unroll LANES;
  for (size_t k = 0; k < 4; k++) lane[k] = add(lane[k], lane[k + 4]);
  //@ loop unroll LANES;
  for (size_t k = 0; k < 2; k++) lane[k] = add(lane[k], lane[k + 2]);
  return add(lane[0], lane[1]);
}

/* out[k] = sum[k] + scale * row[k] */
static inline void add_row(double *restrict out, const double *restrict sum, double scale,
                           const double *restrict row, size_t n)
{
  for (size_t k = 0; k < n; k++) out[k] = add_product(sum[k], scale, row[k]);
}

/* out[k] = (sum[k] + scale_a * row_a[k]) + scale_b * row_b[k] */
static inline void add_two_rows(double *restrict out, const double *restrict sum, double scale_a,
                                const double *restrict row_a, double scale_b,
                                const double *restrict row_b, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    double s = add_product(sum[k], scale_a, row_a[k]);
    out[k] = add_product(s, scale_b, row_b[k]);
  }
}

/* Rows are added in fours, forth into `other` and back: no loop over columns reads what it writes,
 * so that each is vectorised, and analysed, as one step. */
void at_sum_scaled_rows(double *restrict sum, const double *restrict scales,
                        const double *restrict first, size_t rows, size_t stride, size_t n)
{
  double other[AT_BLOCK] = {0};
  size_t r = 0;
  for (size_t k = 0; k < n; k++) sum[k] = 0.0;
  //@ loop unroll AT_MAX_ROWS;
  for (; rows - r >= 4; r += 4) {
    const double *row = first + r * stride;
    add_two_rows(other, sum, scales[r], row, scales[r + 1], row + stride, n);
    add_two_rows(sum, other, scales[r + 2], row + 2 * stride, scales[r + 3], row + 3 * stride, n);
  }
  //@ loop unroll 4;
  for (; r < rows; r++) {
    add_row(other, sum, scales[r], first + r * stride, n);
    for (size_t k = 0; k < n; k++) sum[k] = other[k];
  }
}

/* weight - step * gradient, projected onto the box of admissible weights */
static inline double descend(double weight, double step, double gradient)
{
  double moved = weight - step * gradient;
  double above = moved < -AT_MAX_WEIGHT ? -AT_MAX_WEIGHT : moved;
  return above > AT_MAX_WEIGHT ? AT_MAX_WEIGHT : above;
}

void at_descend(double *restrict next, const double *restrict weight,
                const double *restrict gradient, double step, size_t n)
{
  for (size_t k = 0; k < n; k++) next[k] = descend(weight[k], step, gradient[k]);
}
