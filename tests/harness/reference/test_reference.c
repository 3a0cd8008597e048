/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of the reference path, harness/reference/.
 * Main result: a run at P bits lies within its own a-priori radius of the same run at a much higher
 * precision, for P from 53 to 4096; at 53 bits sums have the bits of natural order in binary64; the
 * elementary functions keep their 4 u; the gradients are the derivatives of the loss, held against
 * central differences with a derived remainder.
 * Assumptions: tests/kernel/run.h.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bounds/single_head.h"
#include "harness/reference/array.h"
#include "harness/reference/exp.h"
#include "harness/reference/logistic.h"
#include "harness/reference/single_head.h"
#include "harness/reference/vector.h"
#include "tests/kernel/run.h"
#include "tests/suites.h"

static void test_precisions(void)
{
  const mpfr_prec_t good[] = {AT_REFERENCE_MIN_PRECISION, 64, 256, AT_REFERENCE_MAX_PRECISION};
  const mpfr_prec_t bad[] = {1, AT_REFERENCE_MIN_PRECISION - 1, AT_REFERENCE_MAX_PRECISION + 1};
  struct at_reference_point point;
  struct at_failure failure = {""};
  for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
    CU_ASSERT_EQUAL(at_reference_point_init(&point, 1, 2, 3, good[k], &failure), 0);
    CU_ASSERT_EQUAL(mpfr_get_prec(point.gradient_p + 2), good[k]);
    CU_ASSERT(mpfr_zero_p(point.v) && mpfr_zero_p(point.p + 2));
    at_reference_point_clear(&point);
  }
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
    CU_ASSERT_EQUAL(at_reference_point_init(&point, 1, 2, 3, bad[k], &failure), -1);
  CU_ASSERT_STRING_EQUAL(failure.line, "precision: 4097 bits are out of range; between 53 and 4096 "
                                       "are accepted");
  at_reference_point_clear(&point);
}

/* |x - y| <= allowed for every entry of two fields of different precision */
static void fields_meet(const struct run *low, const struct run *high, size_t f)
{
  const struct run_field a = run_field(low, f), b = run_field(high, f);
  mag_t allowed, distance;
  arf_t difference, other;
  mag_init(allowed);
  mag_init(distance);
  arf_init(difference);
  arf_init(other);
  for (size_t k = 0; k < a.entries; k++) {
    mag_add(allowed, a.radius + k, b.radius + k);
    arf_set_mpfr(difference, a.reference + k);
    arf_set_mpfr(other, b.reference + k);
    at_computed_distance(distance, difference, other);
    CU_ASSERT(mag_cmp(distance, allowed) <= 0);
  }
  mag_clear(allowed);
  mag_clear(distance);
  arf_clear(difference);
  arf_clear(other);
}

/* The same run from the same random weights at P and at more than twice P bits. */
static void test_radius(void)
{
  const long precisions[] = {53, 54, 64, 113, 256, 1000, 2016};
  enum { N = 6, T = 3, D = 23, STEPS = 2 };
  for (size_t c = 0; c < sizeof precisions / sizeof *precisions; c++) {
    struct run low, high;
    struct at_token_data data, copy;
    double weights[2 * D];
    const long more = 2 * precisions[c] + 64;
    run_draw_data(&data, N, T, D, c, -6, 2);
    run_draw_data(&copy, N, T, D, c, -6, 2);
    run_open(&low, &data, precisions[c]);
    run_open(&high, &copy, more);
    measure_draw(weights, 2 * D, c, "radius.weights", -8, -1);
    run_start(&low, weights, weights + D);
    run_start(&high, weights, weights + D);
    for (size_t step = 0; step <= STEPS; step++) {
      run_evaluate(&low);
      run_evaluate(&high);
      for (size_t f = 0; f < RUN_FIELDS; f++) fields_meet(&low, &high, f);
      if (step < STEPS) run_step(&low, 0.25);
      if (step < STEPS) run_step(&high, 0.25);
    }
    run_close(&low);
    run_close(&high);
  }
}

/* At 53 bits, away from underflow, MPFR rounds as binary64 does. */
static void test_natural_order(void)
{
  enum { ROWS = 19, N = 45 };
  double x[ROWS * N], y[ROWS], sums[N] = {0};
  mpfr_ptr exact_y = at_reference_array_init(ROWS, 53), exact = at_reference_array_init(N, 53);
  measure_draw(x, (size_t)ROWS * N, 1, "natural.x", -10, 10);
  measure_draw(y, ROWS, 1, "natural.y", -10, 10);
  at_reference_array_set(exact_y, y, ROWS);
  at_reference_sum_scaled_rows(exact, exact_y, x, ROWS, N, N);
  for (size_t r = 0; r < ROWS; r++) {
    for (size_t k = 0; k < N; k++) {
      const volatile double product = y[r] * x[r * N + k];
      sums[k] += product;
    }
  }
  for (size_t k = 0; k < N; k++) CU_ASSERT_EQUAL(mpfr_get_d(exact + k, MPFR_RNDN), sums[k]);
  double dot = 0.0;
  for (size_t r = 0; r < ROWS; r++) {
    const volatile double product = x[r] * y[r];
    dot += product;
  }
  at_reference_dot(exact, x, exact_y, ROWS);
  CU_ASSERT_EQUAL(mpfr_get_d(exact, MPFR_RNDN), dot);
  at_reference_array_clear(exact_y, ROWS);
  at_reference_array_clear(exact, N);
}

/* relative difference of a and b in units of 2^-precision */
static double units_between(mpfr_ptr a, mpfr_srcptr b, mpfr_prec_t precision)
{
  mpfr_t difference;
  mpfr_init2(difference, 2 * precision);
  mpfr_sub(difference, a, b, MPFR_RNDN);
  mpfr_div(difference, difference, b, MPFR_RNDN);
  const double relative = mpfr_get_d(difference, MPFR_RNDN) * exp2((double)precision);
  mpfr_clear(difference);
  return fabs(relative);
}

/* The units the bounds use (derived in harness/reference/logistic.h), against twice the bits. */
static void test_elementary(void)
{
  static void (*const functions[])(mpfr_ptr, mpfr_srcptr) = {
    at_reference_exp, at_reference_log1p, at_reference_sigmoid, at_reference_softplus};
  const struct at_format format = at_format_reference(53);
  const double units[] = {format.exp_units, format.log1p_units, format.sigmoid_units,
                          format.softplus_units};
  const mpfr_prec_t precisions[] = {53, 64, 200};
  double x[500];
  measure_draw(x, 500, 1, "elementary", -60, 12);
  for (size_t c = 0; c < 3; c++) {
    mpfr_t argument, low, high;
    mpfr_inits2(precisions[c], argument, low, (mpfr_ptr)0);
    mpfr_init2(high, 2 * precisions[c]);
    for (size_t k = 0; k < 500; k++) {
      for (size_t f = 0; f < 4; f++) {
        mpfr_set_d(argument, f == 0 ? -fabs(x[k]) : f == 1 ? fabs(x[k]) : x[k], MPFR_RNDN);
        functions[f](low, argument);
        functions[f](high, argument);
        if (mpfr_zero_p(high)) continue;
        /* 2^-20 of a unit for the error of the judge at twice the precision */
        CU_ASSERT(units_between(low, high, precisions[c]) <= units[f] + 0x1p-20);
      }
    }
    mpfr_clears(argument, low, high, (mpfr_ptr)0);
  }
}

/* Sizes of one data set, for the remainder of central differences: B bounds |token entries| in
 * column k, V bounds |values| on the way. */
static double remainder_bound(double b, double v, int in_p)
{
  return in_p != 0 ? 26 * v * b * b * b + 9 * v * v * b * b * b + 8 * v * v * v * b * b * b
                   : b * b * b;
}

/* loss of the point with entry k of v or p set to the old value plus shift */
static void shifted_loss(mpfr_ptr loss, struct at_reference_point *point, mpfr_ptr entry,
                         mpfr_srcptr old, double shift, const struct at_token_data *data)
{
  mpfr_add_d(entry, old, shift, MPFR_RNDN);
  at_reference_point_evaluate(point, data);
  mpfr_set(loss, point->loss, MPFR_RNDN);
  mpfr_set(entry, old, MPFR_RNDN);
}

/* Central differences of the loss L along one coordinate, h = 2^-200, at 1024 bits:
 *   (L(x+h) - L(x-h)) / 2h = L' + R,   |R| <= h^2 / 6 max |L'''| + (error of L) / h.
 * Along v_k the output moves by h sum w_t x_tk, of size at most B h; along p_k it is the mean of
 * the values under weights tilted by exp(h x_tk), and its j-th derivative the joint cumulant of one
 * value and j entries, at most 2 V B, 6 V B^2, 26 V B^3 for j = 1, 2, 3 (a cumulant of m variables
 * is a sum over partitions pi of (|pi|-1)! products of moments: 2, 6, 26 of them for m = 2, 3, 4).
 * The three derivatives of log(1 + exp(-z)) are at most 1, 1/4, 1 in size, so
 *   |L'''| <= |f'''| + 3/4 |f'| |f''| + |f'|^3:
 * B^3 along v; 26 V B^3 + 9 V^2 B^3 + 8 V^3 B^3 along p. */
static void derivative_check(struct run *run, struct at_reference_point *probe, int in_p, size_t k,
                             mpfr_srcptr gradient)
{
  const double h = 0x1p-200;
  mpfr_ptr entry = (in_p != 0 ? probe->p : probe->v) + k;
  double b = 0.0, v = 0.0, radius = mag_get_d(run->reference_bound.loss);
  mpfr_t old, up, down;
  mpfr_inits2(probe->precision, old, up, down, (mpfr_ptr)0);
  for (size_t r = 0; r < run->data.samples * run->data.tokens; r++) {
    b = fmax(b, fabs(run->data.token[r * run->data.dim + k]));
    v = fmax(v, fabs(run->fast.values[r]) * (1.0 + 0x1p-20));
  }
  mpfr_set(old, entry, MPFR_RNDN);
  shifted_loss(up, probe, entry, old, h, &run->data);
  shifted_loss(down, probe, entry, old, -h, &run->data);
  mpfr_sub(up, up, down, MPFR_RNDN);
  mpfr_div_d(up, up, 2 * h, MPFR_RNDN);
  mpfr_sub(up, up, gradient, MPFR_RNDN);
  /* twice the radius of L, which 2^-300 pays for at 1024 bits; h^2 = 2^-400 */
  CU_ASSERT(radius < 0x1p-600);
  const double allowed = h * h * remainder_bound(b, v, in_p) / 6.0 + 0x1p-390;
  CU_ASSERT(fabs(mpfr_get_d(up, MPFR_RNDN)) <= allowed);
  mpfr_clears(old, up, down, (mpfr_ptr)0);
}

static void gradient_check(size_t tokens, uint64_t seed)
{
  enum { N = 4, D = 6, BITS = 1024 };
  struct at_token_data data;
  struct at_reference_point probe;
  struct at_failure failure = {""};
  struct run run;
  double weights[2 * D];
  run_draw_data(&data, N, tokens, D, seed, -2, 1);
  run_open(&run, &data, BITS);
  measure_draw(weights, 2 * D, seed, "gradient.weights", -3, -1);
  run_start(&run, weights, weights + D);
  run_evaluate(&run);
  CU_ASSERT_EQUAL_FATAL(at_reference_point_init(&probe, N, tokens, D, BITS, &failure), 0);
  at_reference_array_set(probe.v, weights, D);
  at_reference_array_set(probe.p, weights + D, D);
  for (size_t k = 0; k < D; k++) {
    derivative_check(&run, &probe, 0, k, run.reference.gradient_v + k);
    derivative_check(&run, &probe, 1, k, run.reference.gradient_p + k);
  }
  at_reference_point_clear(&probe);
  run_close(&run);
}

static void test_gradient(void)
{
  for (uint64_t seed = 1; seed <= 3; seed++) {
    gradient_check(1, seed);
    gradient_check(2, seed);
    gradient_check(5, seed);
  }
}

void at_suite_reference(void)
{
  CU_pSuite suite = CU_add_suite("harness/reference", NULL, NULL);
  CU_add_test(suite, "precisions", test_precisions);
  CU_add_test(suite, "radius", test_radius);
  CU_add_test(suite, "natural order at 53 bits", test_natural_order);
  CU_add_test(suite, "elementary functions", test_elementary);
  CU_add_test(suite, "gradient and central differences", test_gradient);
}
