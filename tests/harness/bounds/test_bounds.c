/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/bounds/: that bounds are bounds, and that they are not idle.
 * Main result: with errors planted in v and p, of every size and in the worst direction, every
 * quantity stays within its bound; scores and values reach a good part of theirs; at the size of
 * the usual experiment two steps from zero are bounded to 10^-12 of the largest entry.
 * Assumptions: tests/kernel/run.h.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bounds/elementary.h"
#include "harness/bounds/pooling.h"
#include "harness/bounds/softmax.h"
#include "harness/data/synthetic.h"
#include "harness/reference/array.h"
#include "harness/reference/exp.h"
#include "harness/reference/logistic.h"
#include "harness/reference/pooling.h"
#include "harness/reference/softmax.h"
#include "kernel/exp.h"
#include "kernel/logistic.h"
#include "kernel/pooling.h"
#include "kernel/softmax.h"
#include "tests/kernel/run.h"
#include "tests/suites.h"

/* lambda_k lies between (1 - u)^-k - 1, the most that k factors can do, and 2^-25 relative more. */
static void test_lambda(void)
{
  const size_t counts[] = {1, 2, 14, 400, 65536, AT_MAX_ROWS};
  const struct at_format formats[] = {at_format_kernel(), at_format_reference(53),
                                      at_format_reference(256), at_format_reference(4096)};
  mpfr_t exact, bound;
  mag_t lambda;
  mpfr_inits2(16384, exact, bound, (mpfr_ptr)0);
  mag_init(lambda);
  for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
      arf_t held;
      at_format_lambda(lambda, &formats[f], counts[c]);
      mpfr_set_ui_2exp(exact, 1, -formats[f].precision, MPFR_RNDN);
      mpfr_ui_sub(exact, 1, exact, MPFR_RNDN);
      mpfr_pow_si(exact, exact, -(long)counts[c], MPFR_RNDN);
      mpfr_sub_ui(exact, exact, 1, MPFR_RNDN);
      arf_init_set_mag_shallow(held, lambda);
      arf_get_mpfr(bound, held, MPFR_RNDN);
      CU_ASSERT(mpfr_cmp(bound, exact) >= 0);
      mpfr_mul_d(exact, exact, 1.0 + 0x1p-25, MPFR_RNDN);
      CU_ASSERT(mpfr_cmp(bound, exact) <= 0);
    }
  }
  mpfr_clears(exact, bound, (mpfr_ptr)0);
  mag_clear(lambda);
}

/* The kernel at x^ against the exact function at x, |x^ - x| = e of every size. */
struct elementary {
  const char *name;
  double (*kernel)(double);
  void (*twin)(mpfr_ptr, mpfr_srcptr);
  void (*bound)(mag_t, const mag_struct *, const mag_struct *, const struct at_format *);
};

static void elementary_check(const struct elementary *f, struct measure *m, double x, double moved)
{
  const struct at_format kernel = at_format_kernel();
  mpfr_t argument, exact;
  mag_t size, error, bound;
  mpfr_inits2(MEASURE_PRECISION, argument, exact, (mpfr_ptr)0);
  mag_init(size);
  mag_init(error);
  mag_init(bound);
  const double result = f->kernel(moved);
  mag_set_d(size, result);
  mpfr_set_d(argument, x, MPFR_RNDN);
  f->twin(exact, argument);
  mpfr_sub_d(argument, argument, moved, MPFR_RNDA);
  mag_set_d(error, mpfr_get_d(argument, MPFR_RNDA));
  f->bound(bound, size, error, &kernel);
  measure_inputs(m, "x %a, moved to %a", x, moved);
  measure_value(m, result, exact, bound, NULL, 0.0);
  mpfr_clears(argument, exact, (mpfr_ptr)0);
  mag_clear(size);
  mag_clear(error);
  mag_clear(bound);
}

static void test_elementary(void)
{
  static const struct elementary functions[] = {
    {"exp, moved", at_exp, at_reference_exp, at_bound_exp},
    {"log1p, moved", at_log1p, at_reference_log1p, at_bound_log1p},
    {"sigmoid, moved", at_sigmoid, at_reference_sigmoid, at_bound_sigmoid},
    {"softplus, moved", at_softplus, at_reference_softplus, at_bound_softplus}};
  enum { N = 2000 };
  static double x[N], shift[N];
  measure_draw(x, N, 1, "moved.x", -6, 10);
  measure_draw(shift, N, 1, "moved.shift", -60, 4);
  for (size_t f = 0; f < 4; f++) {
    struct measure m = {.name = functions[f].name};
    for (size_t k = 0; k < N; k++) {
      const double from = f == 0 ? -fabs(x[k]) : f == 1 ? fabs(x[k]) * 0x1p-11 : x[k];
      const double to = f == 1 ? from + shift[k] * 0x1p-6 : from + shift[k];
      if ((f == 0 && to > 0.0) || (f == 1 && (to < 0.0 || to > 1.0))) continue;
      elementary_check(&functions[f], &m, from, to);
    }
    CU_ASSERT_EQUAL(m.failures, 0);
    CU_ASSERT(m.values > N / 2);
  }
}

static struct measure planted[RUN_FIELDS];

/* One weight moved by shift in the fast path; the bound is told the distance, rounded up. */
static void plant(double *moved, mag_t error, double start, double shift)
{
  arf_t a, b;
  arf_init(a);
  arf_init(b);
  *moved = start + shift;
  arf_set_d(a, *moved);
  arf_set_d(b, start);
  at_computed_distance(error, a, b);
  arf_clear(a);
  arf_clear(b);
}

/* Fast path from v + dv, p + dp against the exact values from v, p; |dv| and |dp| are told to the
 * bound.  aligned: with the signs of the first token, so that its score and value move the most. */
static void planted_check(size_t samples, size_t tokens, size_t dim, uint64_t seed, int size,
                          bool aligned)
{
  struct at_token_data data;
  struct run run;
  double *start = measure_doubles(2 * dim), *shift = measure_doubles(2 * dim);
  run_draw_data(&data, samples, tokens, dim, seed, -3, 2);
  run_open(&run, &data, MEASURE_PRECISION);
  measure_draw(start, 2 * dim, seed, "planted.weights", -6, 0);
  measure_draw(shift, 2 * dim, seed, "planted.shifts", size - 3, size);
  run_start(&run, start, start + dim);
  for (size_t k = 0; k < 2 * dim; k++) {
    const double moved = aligned ? copysign(shift[k], run.data.token[k % dim]) : shift[k];
    if (k < dim)
      plant(run.fast.v + k, run.fast_bound.v + k, start[k], moved);
    else
      plant(run.fast.p + k - dim, run.fast_bound.p + k - dim, start[k], moved);
  }
  for (size_t f = 0; f < RUN_FIELDS; f++)
    measure_inputs(&planted[f], "n = %zu, T = %zu, d = %zu, seed %d, errors 2^%d", samples, tokens,
                   dim, (int)seed, size);
  run_evaluate(&run);
  run_measure(planted, &run);
  run_step(&run, 0.125);
  run_evaluate(&run);
  run_measure(planted, &run);
  run_close(&run);
  free(start);
  free(shift);
}

static void test_planted(void)
{
  for (int size = -60; size <= 4; size += 4) {
    for (uint64_t seed = 1; seed <= 3; seed++) {
      planted_check(4, 2, 20, seed, size, seed % 2 == 0);
      planted_check(4, 7, 20, seed, size, seed % 2 == 0);
      planted_check(2, 64, 5, seed, size, seed % 2 == 0);
    }
  }
}

/* Planted in the direction of the first token, the bounds of scores and values are reached. */
static void test_reached(void)
{
  for (size_t f = 0; f < RUN_FIELDS; f++) {
    CU_ASSERT_EQUAL(planted[f].failures, 0);
    CU_ASSERT(planted[f].values > 0);
  }
  CU_ASSERT(planted[RUN_SCORES].used > 0.99);
  CU_ASSERT(planted[RUN_VALUES].used > 0.99);
}

/* One sample: scores, values, weights, score and value coefficients, and the output. */
enum { SCORES, VALUES, WEIGHTS, SCORE_C, VALUE_C, PARTS };
struct sample_case {
  size_t tokens;
  double computed[PARTS][AT_MAX_TOKENS], output;
  mpfr_ptr exact[PARTS], exact_output;
  arf_ptr held[PARTS], held_output;
  mag_ptr error[PARTS], output_error;
};

static void case_open(struct sample_case *c, size_t tokens)
{
  c->tokens = tokens;
  for (size_t k = 0; k < PARTS; k++) {
    c->exact[k] = at_reference_array_init(tokens, MEASURE_PRECISION);
    c->held[k] = at_computed_init(tokens);
    c->error[k] = measure_mags(tokens);
  }
  c->exact_output = at_reference_array_init(1, MEASURE_PRECISION);
  c->held_output = at_computed_init(1);
  c->output_error = measure_mags(1);
}

static void case_close(struct sample_case *c)
{
  for (size_t k = 0; k < PARTS; k++) {
    at_reference_array_clear(c->exact[k], c->tokens);
    at_computed_clear(c->held[k], c->tokens);
    measure_mags_clear(c->error[k], c->tokens);
  }
  at_reference_array_clear(c->exact_output, 1);
  at_computed_clear(c->held_output, 1);
  measure_mags_clear(c->output_error, 1);
}

/* Exact scores and values, and the kernel's, moved by errors of exponents low .. high. */
static void case_draw(struct sample_case *c, uint64_t seed, int low, int high)
{
  double start[2][AT_MAX_TOKENS], moves[2][AT_MAX_TOKENS];
  measure_draw(start[SCORES], c->tokens, seed, "sample.scores", -3, 4);
  measure_draw(start[VALUES], c->tokens, seed, "sample.values", -6, 6);
  measure_draw(moves[SCORES], c->tokens, seed, "sample.score moves", low, high);
  measure_draw(moves[VALUES], c->tokens, seed, "sample.value moves", low, high);
  for (size_t k = SCORES; k <= VALUES; k++) {
    at_reference_array_set(c->exact[k], start[k], c->tokens);
    for (size_t t = 0; t < c->tokens; t++)
      plant(c->computed[k] + t, c->error[k] + t, start[k][t], moves[k][t]);
  }
}

static void case_compute(struct sample_case *c)
{
  at_softmax_row(c->computed[WEIGHTS], c->computed[SCORES], c->tokens);
  c->output = at_pool_output(c->computed[WEIGHTS], c->computed[VALUES], c->tokens);
  at_pool_coefficients(c->computed[SCORE_C], c->computed[VALUE_C], c->computed[WEIGHTS],
                       c->computed[VALUES], c->output, 1.0, c->tokens);
  at_reference_softmax_row(c->exact[WEIGHTS], c->exact[SCORES], c->tokens);
  at_reference_pool_output(c->exact_output, c->exact[WEIGHTS], c->exact[VALUES], c->tokens);
  at_reference_pool_coefficients(c->exact[SCORE_C], c->exact[VALUE_C], c->exact[WEIGHTS],
                                 c->exact[VALUES], c->exact_output, 1.0, c->tokens);
}

static void case_bound(struct sample_case *c)
{
  const struct at_format kernel = at_format_kernel();
  for (size_t k = 0; k < PARTS; k++) at_computed_set_doubles(c->held[k], c->computed[k], c->tokens);
  at_computed_set_doubles(c->held_output, &c->output, 1);
  const struct at_bound_sample sample = {.tokens = c->tokens,
                                         .weights = c->held[WEIGHTS],
                                         .values = c->held[VALUES],
                                         .score_coefficients = c->held[SCORE_C],
                                         .value_coefficients = c->held[VALUE_C],
                                         .output = c->held_output,
                                         .weight_error = c->error[WEIGHTS],
                                         .value_error = c->error[VALUES]};
  at_bound_softmax_row(c->error[WEIGHTS], c->held[WEIGHTS], c->held[SCORES], c->error[SCORES],
                       c->tokens, &kernel);
  at_bound_pool_output(c->output_error, &sample, &kernel);
  at_bound_pool_coefficients(c->error[SCORE_C], c->error[VALUE_C], &sample, c->output_error,
                             &kernel);
}

/* One sample whose scores and values carry errors of their own size each, far apart from token to
 * token, as no planting in v and p can make them. */
static void sample_check(struct measure *m, size_t tokens, uint64_t seed, int low, int high)
{
  struct sample_case c;
  case_open(&c, tokens);
  case_draw(&c, seed, low, high);
  case_compute(&c);
  case_bound(&c);
  measure_inputs(m, "%zu tokens, seed %d, errors 2^%d", tokens, (int)seed, high);
  for (size_t k = WEIGHTS; k < PARTS; k++)
    for (size_t t = 0; t < tokens; t++)
      measure_value(m, c.computed[k][t], c.exact[k] + t, c.error[k] + t, NULL, 0.0);
  measure_value(m, c.output, c.exact_output, c.output_error, NULL, 0.0);
  case_close(&c);
}

static void test_samples(void)
{
  struct measure m = {.name = "one sample"};
  for (size_t tokens = 1; tokens <= 6; tokens++)
    for (int high = -50; high <= 2; high += 13)
      for (uint64_t seed = 1; seed <= 100; seed++) sample_check(&m, tokens, seed, high - 30, high);
  CU_ASSERT_EQUAL(m.failures, 0);
  CU_ASSERT(m.used > 0.9);
}

static void zero_entries(const struct run_field *field)
{
  for (size_t k = 0; k < field->entries; k++)
    CU_ASSERT(field->fast[k] == 0.0 && mag_is_zero(field->bound + k));
}

/* n = 200, T = 2, D = 40000 (d' = 202), rho = 30, step 0.025.  Asked for: two steps bounded to
 * 10^-12 of the largest entry, and by no more than 10^4 times the error that there is. */
static void test_two_steps(void)
{
  const struct at_synthetic_settings settings = {.samples = 200,
                                                 .tokens = 2,
                                                 .ambient_dim = 40000,
                                                 .rho = 30.0,
                                                 .flips = {.eta = 0.05},
                                                 .seed = 1,
                                                 .coordinates = AT_COORDINATES_COMPRESSED};
  struct at_failure failure = {""};
  struct at_token_data data;
  struct run run;
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&data, &settings, &failure), 0);
  run_open(&run, &data, MEASURE_PRECISION);
  run_evaluate(&run);
  run_step(&run, 0.025);
  const struct run_field p1 = run_field(&run, RUN_P);
  zero_entries(&p1);
  run_evaluate(&run);
  run_step(&run, 0.025);
  run_evaluate(&run);
  for (size_t f = 0; f < RUN_FIELDS; f++) {
    const struct run_field field = run_field(&run, f);
    const struct run_extent extent = run_extent(&field);
    (void)printf("  after two steps, %-18s error %.1e, bound %.1e, largest entry %.1e\n",
                 field.name, extent.difference, extent.bound, extent.magnitude);
    CU_ASSERT(extent.difference <= extent.bound);
    if (f <= RUN_P) {
      CU_ASSERT(extent.bound <= 1e-12 * extent.magnitude);
      CU_ASSERT(extent.bound <= 1e4 * extent.difference);
    }
  }
  run_close(&run);
}

void at_suite_bounds(void)
{
  CU_pSuite suite = CU_add_suite("harness/bounds", NULL, NULL);
  CU_add_test(suite, "lambda", test_lambda);
  CU_add_test(suite, "elementary functions, moved", test_elementary);
  CU_add_test(suite, "planted errors", test_planted);
  CU_add_test(suite, "planted errors are reached", test_reached);
  CU_add_test(suite, "planted errors in one sample", test_samples);
  CU_add_test(suite, "two steps of the experiment", test_two_steps);
}
