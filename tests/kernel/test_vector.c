/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of kernel/vector.h.
 * Main result: results lie within the bounds of harness/bounds/vector.h of the reference, for every
 * tail length and at capacity; the order of summation is the documented one, bit for bit; the
 * projection acts where it must and nowhere else.
 * Assumptions: measure.h.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>

#include "harness/bounds/computed.h"
#include "harness/bounds/vector.h"
#include "harness/reference/array.h"
#include "harness/reference/vector.h"
#include "kernel/capacity.h"
#include "kernel/vector.h"
#include "tests/kernel/measure.h"
#include "tests/suites.h"

enum { TAILS = 100, LANES = 32 };

static struct measure dots = {.name = "dot", .scale = "sum |x_k y_k|"};
static struct measure rows_sum = {.name = "sum_scaled_rows", .scale = "sum |c_r x_rk|"};
static struct measure descents = {.name = "descend", .scale = "|w| + |step g|"};

static double size_of_products(const double *x, const double *y, size_t n)
{
  double sum = 0.0;
  for (size_t k = 0; k < n; k++) sum += fabs(x[k] * y[k]);
  return sum;
}

/* at_dot against the reference, both bounds by at_bound_dot with exact x and y */
static void dot_check(const double *x, const double *y, size_t n)
{
  const struct at_format kernel = at_format_kernel();
  const struct at_format reference = at_format_reference(MEASURE_PRECISION);
  mpfr_ptr exact_y = at_reference_array_init(n, MEASURE_PRECISION);
  arf_ptr held_y = at_computed_init(n);
  mag_t bound, radius;
  mpfr_t result;
  mag_init(bound);
  mag_init(radius);
  mpfr_init2(result, MEASURE_PRECISION);
  at_reference_array_set(exact_y, y, n);
  at_computed_set_doubles(held_y, y, n);
  at_reference_dot(result, x, exact_y, n);
  at_bound_dot(bound, x, held_y, NULL, n, &kernel);
  at_bound_dot(radius, x, held_y, NULL, n, &reference);
  measure_value(&dots, at_dot(x, y, n), result, bound, radius, size_of_products(x, y, n));
  mpfr_clear(result);
  mag_clear(bound);
  mag_clear(radius);
  at_computed_clear(held_y, n);
  at_reference_array_clear(exact_y, n);
}

/* Exponents: moderate, wide with underflow, and the largest the contract admits. */
static const int exponents[][4] = {
  {-10, 10, -10, 10}, {-1074, 19, -1074, 59}, {-600, -500, -600, -480}, {18, 19, 57, 59}};
enum { EXPONENTS = sizeof exponents / sizeof *exponents };

static void dot_cases(size_t n, uint64_t first, uint64_t last)
{
  double *x = measure_doubles(n), *y = measure_doubles(n);
  for (uint64_t seed = first; seed <= last; seed++) {
    for (size_t e = 0; e < EXPONENTS; e++) {
      measure_draw(x, n, seed, "dot.x", exponents[e][0], exponents[e][1]);
      measure_draw(y, n, seed, "dot.y", exponents[e][2], exponents[e][3]);
      measure_inputs(&dots, "n = %zu, seed %d, exponents %zu", n, (int)seed, e);
      dot_check(x, y, n);
      for (size_t k = n / 2; k < n; k++) { /* cancellation: the second half undoes the first */
        x[k] = x[k - n / 2];
        y[k] = -y[k - n / 2] * (1.0 + 0x1p-40 * (double)(k % 7));
      }
      measure_inputs(&dots, "n = %zu, seed %d, exponents %zu, cancelling", n, (int)seed, e);
      if (exponents[e][3] < 59) dot_check(x, y, n);
    }
  }
  free(x);
  free(y);
}

static void test_dot(void)
{
  const size_t sizes[] = {127, 128, 129, 1000, 4096, 65504, 65535, AT_MAX_DIM};
  for (size_t n = 0; n <= TAILS; n++) dot_cases(n, 1, 4);
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) dot_cases(sizes[k], 1, 1);
}

/* Each lane (or, in a sum of rows, each column) starts at 1 and then adds terms just below half an
 * ulp, all of which are lost: the error is the largest that the height of the sum admits, so that a
 * bound with a lower height fails here. */
static void absorbed(double *x, size_t n, size_t first)
{
  for (size_t k = 0; k < n; k++) x[k] = k < first ? 1.0 : 0x1.fffffp-54;
}

static void test_dot_absorbed(void)
{
  const size_t sizes[] = {320, 4096, AT_MAX_DIM};
  struct measure largest = dots;
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    double *x = measure_doubles(sizes[s]), *y = measure_doubles(sizes[s]);
    absorbed(x, sizes[s], LANES);
    for (size_t k = 0; k < sizes[s]; k++) y[k] = 1.0;
    measure_inputs(&dots, "n = %zu, absorbed", sizes[s]);
    dots.used = 0.0;
    dot_check(x, y, sizes[s]);
    /* n / 32 - 1 of ceil(n / 32) + 5 roundings: 9 of 15, 127 of 133, 2047 of 2053 */
    CU_ASSERT(dots.used > (sizes[s] < 1000 ? 0.59 : 0.95));
    free(x);
    free(y);
  }
  dots.used = fmax(dots.used, largest.used);
}

static void test_dot_exact(void)
{
  double x[TAILS] = {0}, y[TAILS] = {0};
  CU_ASSERT_EQUAL(at_dot(x, y, 0), 0.0);
  CU_ASSERT_EQUAL(at_dot(x, y, TAILS), 0.0);
  for (size_t k = 0; k < TAILS; k++) {
    x[k] = 3.0;
    y[k] = 0x1p59;
    CU_ASSERT_EQUAL(at_dot(x, y, TAILS), 3.0 * 0x1p59);
    x[k] = 0.0;
  }
}

/* The order of the contract, written once more: entry i to lane i mod 32, then halves. */
static double dot_in_order(const double *x, const double *y, size_t n)
{
  double lane[LANES] = {0};
  for (size_t i = 0; i < n; i++) {
    const volatile double product = x[i] * y[i];
    lane[i % LANES] += product;
  }
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t k = 0; k < half; k++) lane[k] += lane[k + half];
  return lane[0];
}

static void test_dot_order(void)
{
  double x[1000], y[1000];
  for (size_t n = 0; n <= 1000; n += n < TAILS ? 1 : 45) {
    measure_draw(x, n, n, "order.x", -20, 10);
    measure_draw(y, n, n, "order.y", -20, 10);
    CU_ASSERT_EQUAL(at_dot(x, y, n), dot_in_order(x, y, n));
  }
}

/* rows x n block of a matrix with `stride` columns, against the reference and its bounds */
static void rows_check(size_t rows, size_t stride, size_t n, uint64_t seed)
{
  const struct at_format kernel = at_format_kernel();
  const struct at_format reference = at_format_reference(MEASURE_PRECISION);
  double *matrix = measure_doubles(rows * stride), *scales = measure_doubles(rows);
  double *sum = measure_doubles(n), *other = measure_doubles(n);
  mpfr_ptr exact_scales = at_reference_array_init(rows, MEASURE_PRECISION);
  mpfr_ptr exact = at_reference_array_init(n, MEASURE_PRECISION);
  arf_ptr held = at_computed_init(rows);
  mag_ptr bound = measure_mags(n), radius = measure_mags(n);
  measure_draw(matrix, rows * stride, seed, "rows.matrix", -30, 19);
  measure_draw(scales, rows, seed, "rows.scales", -60, 105);
  at_reference_array_set(exact_scales, scales, rows);
  at_computed_set_doubles(held, scales, rows);
  at_sum_scaled_rows(sum, other, scales, matrix, 0, rows, stride, n);
  at_reference_sum_scaled_rows(exact, exact_scales, matrix, rows, stride, n);
  at_bound_sum_scaled_rows(bound, held, NULL, matrix, rows, stride, n, &kernel);
  at_bound_sum_scaled_rows(radius, held, NULL, matrix, rows, stride, n, &reference);
  measure_inputs(&rows_sum, "%zu rows, stride %zu, n = %zu, seed %d", rows, stride, n, (int)seed);
  for (size_t k = 0; k < n; k++) {
    double size = 0.0;
    for (size_t r = 0; r < rows; r++) size += fabs(scales[r] * matrix[r * stride + k]);
    measure_value(&rows_sum, sum[k], exact + k, bound + k, radius + k, size);
  }
  measure_mags_clear(bound, n);
  measure_mags_clear(radius, n);
  at_computed_clear(held, rows);
  at_reference_array_clear(exact, n);
  at_reference_array_clear(exact_scales, rows);
  free(matrix);
  free(scales);
  free(sum);
  free(other);
}

static void test_rows(void)
{
  for (size_t rows = 1; rows <= 9; rows++)
    for (size_t n = 0; n <= TAILS; n += 1 + n / 9) rows_check(rows, n + rows, n, rows);
  rows_check(400, 202, 202, 1);
  rows_check(257, AT_BLOCK, AT_BLOCK, 2);
  rows_check(3, AT_MAX_DIM, AT_BLOCK, 3);
  rows_check(AT_MAX_ROWS, 2, 2, 4);
}

static void test_rows_absorbed(void)
{
  enum { ROWS = 1000 };
  const struct at_format kernel = at_format_kernel();
  double scales[ROWS], ones[ROWS], sum, other;
  arf_ptr held = at_computed_init(ROWS);
  mag_t bound;
  mag_init(bound);
  absorbed(scales, ROWS, 1);
  for (size_t r = 0; r < ROWS; r++) ones[r] = 1.0;
  at_computed_set_doubles(held, scales, ROWS);
  at_sum_scaled_rows(&sum, &other, scales, ones, 0, ROWS, 1, 1);
  at_bound_sum_scaled_rows(bound, held, NULL, ones, ROWS, 1, 1, &kernel);
  const double lost = (ROWS - 1) * 0x1.fffffp-54;
  CU_ASSERT_EQUAL(sum, 1.0);
  CU_ASSERT(mag_get_d(bound) >= lost);
  CU_ASSERT(mag_get_d(bound) <= 1.01 * lost);
  mag_clear(bound);
  at_computed_clear(held, ROWS);
}

/* r increasing, from zero; a block of columns, and rows in two parts, have the bits of the whole. */
static void test_rows_order(void)
{
  enum { ROWS = 23, COLUMNS = 97 };
  double matrix[ROWS * COLUMNS], scales[ROWS], sum[COLUMNS], part[COLUMNS], other[COLUMNS];
  measure_draw(matrix, ROWS * COLUMNS, 1, "order.matrix", -10, 10);
  measure_draw(scales, ROWS, 1, "order.scales", -10, 10);
  at_sum_scaled_rows(sum, other, scales, matrix, 0, ROWS, COLUMNS, COLUMNS);
  for (size_t k = 0; k < COLUMNS; k++) {
    double expected = 0.0;
    for (size_t r = 0; r < ROWS; r++) {
      const volatile double product = scales[r] * matrix[r * COLUMNS + k];
      expected += product;
    }
    CU_ASSERT_EQUAL(sum[k], expected);
  }
  for (size_t width = 1; width <= COLUMNS; width += 5) {
    for (size_t first = 0; first < COLUMNS; first += width) {
      const size_t n = COLUMNS - first < width ? COLUMNS - first : width;
      at_sum_scaled_rows(part + first, other, scales, matrix + first, 0, ROWS, COLUMNS, n);
    }
    CU_ASSERT(measure_same_bits(part, sum, COLUMNS));
  }
  for (size_t cut = 1; cut < ROWS; cut++) {
    at_sum_scaled_rows(part, other, scales, matrix, 0, cut, COLUMNS, COLUMNS);
    at_sum_scaled_rows(part, other, scales, matrix, cut, ROWS, COLUMNS, COLUMNS);
    CU_ASSERT(measure_same_bits(part, sum, COLUMNS));
  }
}

static void descend_check(double step, uint64_t seed, int low, int high)
{
  enum { N = AT_BLOCK };
  static double weight[N], gradient[N], next[N];
  const struct at_format kernel = at_format_kernel();
  const struct at_format reference = at_format_reference(MEASURE_PRECISION);
  mpfr_ptr exact = at_reference_array_init(3 * N, MEASURE_PRECISION);
  arf_ptr held = at_computed_init(2 * N);
  mag_ptr bound = measure_mags(N), radius = measure_mags(N), none = measure_mags(N);
  measure_draw(weight, N, seed, "descend.weight", -70, 59);
  measure_draw(gradient, N, seed, "descend.gradient", low, high);
  at_reference_array_set(exact, weight, N);
  at_reference_array_set(exact + N, gradient, N);
  at_computed_set_doubles(held, weight, N);
  at_computed_set_doubles(held + N, gradient, N);
  at_descend(next, weight, gradient, step, 0, N);
  at_reference_descend(exact + 2 * N, exact, exact + N, step, N);
  at_bound_descend(bound, held, none, held + N, none, step, N, &kernel);
  at_bound_descend(radius, held, none, held + N, none, step, N, &reference);
  measure_inputs(&descents, "step %a, seed %d", step, (int)seed);
  for (size_t k = 0; k < N; k++) {
    CU_ASSERT(fabs(next[k]) <= AT_MAX_WEIGHT);
    measure_value(&descents, next[k], exact + 2 * N + k, bound + k, radius + k,
                  fabs(weight[k]) + fabs(step * gradient[k]));
  }
  measure_mags_clear(bound, N);
  measure_mags_clear(radius, N);
  measure_mags_clear(none, N);
  at_computed_clear(held, 2 * N);
  at_reference_array_clear(exact, 3 * N);
}

static void test_descend(void)
{
  for (uint64_t seed = 1; seed <= 8; seed++) {
    descend_check(0.025, seed, -60, 60);
    descend_check(-AT_MAX_STEP, seed, 0, 144);
    descend_check(0x1p-1000, seed, -200, 20);
  }
}

/* Entries beyond the box land on its faces, entries within stay where they are. */
static void test_projection(void)
{
  const double weight[6] = {AT_MAX_WEIGHT, -AT_MAX_WEIGHT, AT_MAX_WEIGHT, 1.0, 1.0, 0.0};
  const double gradient[6] = {-0x1p144, 0x1p144, 0.0, -0x1p60, 0x1p60, 0.5};
  const double expected[6] = {AT_MAX_WEIGHT, -AT_MAX_WEIGHT, AT_MAX_WEIGHT,
                              AT_MAX_WEIGHT, -AT_MAX_WEIGHT, -1.0};
  double next[6];
  at_descend(next, weight, gradient, 2.0, 0, 6);
  for (size_t k = 0; k < 6; k++) CU_ASSERT_EQUAL(next[k], expected[k]);
}

/* A block of columns: what the whole gives there, and nothing else is written. */
static void test_columns(void)
{
  enum { N = 40, FIRST = 7, WIDTH = 21 };
  double weight[N], gradient[N], whole[N], part[N];
  measure_draw(weight, N, 3, "columns.weight", -3, 3);
  measure_draw(gradient, N, 3, "columns.gradient", -3, 3);
  for (size_t k = 0; k < N; k++) part[k] = -77.0;
  at_descend(whole, weight, gradient, 0.3, 0, N);
  at_descend(part, weight, gradient + FIRST, 0.3, FIRST, WIDTH);
  for (size_t k = 0; k < N; k++)
    CU_ASSERT_EQUAL(part[k], k >= FIRST && k < FIRST + WIDTH ? whole[k] : -77.0);
}

/* As many as are asked for: short vectors, wide exponents. */
static void test_wanted(void)
{
  const size_t wanted = measure_wanted();
  for (uint64_t seed = 5; dots.values < wanted; seed++) dot_cases(seed % TAILS, seed, seed);
  for (uint64_t seed = 5; rows_sum.values < wanted; seed++)
    rows_check(1 + seed % 40, AT_BLOCK, AT_BLOCK, seed);
  for (uint64_t seed = 9; descents.values < wanted; seed++)
    descend_check(ldexp(0.7, (int)(seed % 20) - 10), seed, (int)(seed % 100) - 100, 60);
}

static void test_bounds(void)
{
  measure_close(&dots);
  measure_close(&rows_sum);
  measure_close(&descents);
}

void at_suite_vector(void)
{
  CU_pSuite suite = CU_add_suite("kernel/vector", NULL, NULL);
  CU_add_test(suite, "dot", test_dot);
  CU_add_test(suite, "dot of one entry", test_dot_exact);
  CU_add_test(suite, "order of dot", test_dot_order);
  CU_add_test(suite, "dot with the largest error", test_dot_absorbed);
  CU_add_test(suite, "sum of rows with the largest error", test_rows_absorbed);
  CU_add_test(suite, "sum of scaled rows", test_rows);
  CU_add_test(suite, "order of rows, blocks of columns", test_rows_order);
  CU_add_test(suite, "descend", test_descend);
  CU_add_test(suite, "projection", test_projection);
  CU_add_test(suite, "a block of columns", test_columns);
  CU_add_test(suite, "as many as asked for", test_wanted);
  CU_add_test(suite, "bounds at all of them", test_bounds);
}
