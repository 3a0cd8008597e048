/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/sweep/descent.h, triangular.h, log_error.h, factor.h and draw.h.
 * Main result: a step that leaves out zeros has the kernel's bits; iterates, outputs, weights and
 * log10 of the test error lie within their bounds of the enclosure, over sizes, signals, step sizes
 * and numbers of steps; a factor gives the data that at_synthetic_train draws, bit for bit.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include <math.h>
#include <string.h>

#include "harness/data/normal.h"
#include "harness/enclosure/run.h"
#include "harness/sweep/draw.h"
#include "harness/sweep/factor.h"
#include "harness/sweep/log_error.h"
#include "harness/sweep/triangular.h"
#include "kernel/single_head.h"
#include "tests/suites.h"

enum { MOST = 150 };

static struct at_synthetic_settings settings(size_t n, uint64_t dim, double snr, uint64_t seed)
{
  return (struct at_synthetic_settings){.samples = n,
                                        .tokens = 2,
                                        .ambient_dim = dim,
                                        .rho = snr * sqrt((double)dim),
                                        .flips = {.eta = 0.2},
                                        .seed = seed,
                                        .coordinates = AT_COORDINATES_COMPRESSED};
}

/* ---- factor ---- */

static bool same_data(const struct at_token_data *x, const struct at_token_data *y)
{
  const size_t n = x->samples;
  return n == y->samples && x->dim == y->dim && x->tokens == y->tokens && x->rho == y->rho &&
         x->seed == y->seed && x->ambient_dim == y->ambient_dim && x->synthetic && x->compressed &&
         memcmp(x->clean, y->clean, sizeof x->clean) == 0 &&
         memcmp(x->noisy, y->noisy, sizeof x->noisy) == 0 &&
         memcmp(x->label, y->label, n * sizeof(double)) == 0 &&
         memcmp(x->clean_label, y->clean_label, n * sizeof(double)) == 0 &&
         memcmp(x->token, y->token, n * x->tokens * x->dim * sizeof(double)) == 0;
}

/* One struct of data goes through changes of size, seed, signal and noise. */
static void test_factor(void)
{
  static const uint64_t dims[] = {2000, 12, 3};
  struct at_failure failure = {""};
  struct at_token_data data = {0};
  for (size_t d = 0; d < 3; d++)
    for (uint64_t seed = 1; seed <= 3; seed++) {
      struct at_factor factor;
      CU_ASSERT_EQUAL_FATAL(at_factor_init(&factor, seed, dims[d], MOST, &failure), 0);
      for (size_t n = 8; n <= 40; n += 8) {
        struct at_synthetic_settings law = settings(n, dims[d], 0.1 * (double)n, seed);
        struct at_token_data drawn;
        law.balanced = n == 16;
        CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&drawn, &law, &failure), 0);
        CU_ASSERT_EQUAL(at_factor_data(&data, &factor, &law, &failure), 0);
        CU_ASSERT(same_data(&data, &drawn));
        for (size_t i = 0; i < n; i++)
          CU_ASSERT(factor.norm[i] >= at_norm_bound(at_token_row(&drawn, i, 1) + 2, drawn.dim - 2));
        at_token_data_free(&drawn);
      }
      at_factor_clear(&factor);
    }
  at_token_data_free(&data);
}

static void test_factor_without_data(void)
{
  struct at_failure failure = {""};
  struct at_token_data data = {0};
  struct at_factor factor;
  struct at_synthetic_settings law =
    settings(2, 100, 1.0, 2); /* seed 2: both labels are the same */
  CU_ASSERT_EQUAL_FATAL(at_factor_init(&factor, 2, 100, 4, &failure), 0);
  CU_ASSERT_EQUAL(at_synthetic_train(&data, &law, &failure), -1);
  CU_ASSERT_EQUAL(at_factor_data(&data, &factor, &law, &failure), 1);
  law.balanced = true;
  law.flips = (struct at_flip_settings){.exact_count = true, .noisy_per_class = 2};
  CU_ASSERT_EQUAL(at_factor_data(&data, &factor, &law, &failure), 1);
  law.flips.noisy_per_class = 1;
  CU_ASSERT_EQUAL(at_factor_data(&data, &factor, &law, &failure), 0);
  at_token_data_free(&data);
  at_factor_clear(&factor);
  CU_ASSERT_EQUAL(at_factor_init(&factor, 1, UINT64_C(10000000000000), 1, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "dim"));
}

/* ---- descent, against the enclosure ---- */

/* The square of the distance of x from the balls is at most limit^2. */
static bool near(const double *x, arb_srcptr balls, size_t n, double limit)
{
  arb_t sum, part;
  arb_init(sum);
  arb_init(part);
  for (size_t k = 0; k < n; k++) {
    arb_set_d(part, x[k]);
    arb_sub(part, part, balls + k, 128);
    arb_addmul(sum, part, part, 128);
  }
  arb_set_d(part, limit);
  arb_sqr(part, part, 128);
  const bool good = arb_le(sum, part) != 0;
  arb_clear(sum);
  arb_clear(part);
  return good;
}

static void compare(const struct at_synthetic_settings *law, double beta, size_t steps)
{
  struct at_failure failure = {""};
  struct at_token_data data;
  struct at_descent descent;
  struct at_enclosure_run run;
  double norm[MOST];
  size_t bad = 0;
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&data, law, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_descent_init(&descent, MOST, MOST + 2, &failure), 0);
  for (size_t i = 0; i < data.samples; i++)
    norm[i] = at_norm_bound(at_token_row(&data, i, 1), data.dim);
  at_descent_run(&descent, &data, norm, beta, steps);
  at_enclosure_run_init(&run, &data, beta, steps);
  CU_ASSERT_FATAL(at_enclosure_run_decide(&run, 1024));
  const struct at_enclosure_point *last = &run.point[steps];
  CU_ASSERT(near(descent.v, last->v, data.dim, descent.v_error));
  CU_ASSERT(near(descent.p, last->p, data.dim, descent.p_error));
  CU_ASSERT(descent.v_error > 0.0 && (steps > 1) == (descent.p_error > 0.0));
  for (size_t i = 0; i < data.samples; i++) {
    bad += !near(descent.outputs + i, last->outputs + i, 1, descent.output_error[i]);
    for (size_t t = 0; t < 2; t++)
      bad +=
        !near(descent.weights + 2 * i + t, last->weights + 2 * i + t, 1, descent.weight_error[i]);
  }
  CU_ASSERT_EQUAL(bad, 0);
  at_enclosure_run_clear(&run);
  at_descent_clear(&descent);
  at_token_data_free(&data);
}

static void test_descent(void)
{
  static const double signals[] = {0.02, 0.3, 2.0};
  static const double steps[] = {1e-3, 0.1, 2.0};
  for (size_t s = 0; s < 3; s++)
    for (size_t b = 0; b < 3; b++)
      for (size_t k = 1; k <= 3; k++) {
        const struct at_synthetic_settings law = settings(8 * k + 4, 400, signals[s], k);
        compare(&law, steps[b], k);
      }
  const struct at_synthetic_settings narrow = settings(30, 12, 0.5, 1);
  compare(&narrow, 0.3, 2);
}

/* Fills x with n numbers of norm `length`, in a direction by chance. */
static void direction(double *x, size_t n, double length, uint64_t seed)
{
  const struct at_stream stream = at_stream_open(seed, "test.direction");
  double square = 0.0;
  at_normal_fill(x, &stream, 0, n);
  for (size_t k = 0; k < n; k++) square += x[k] * x[k];
  for (size_t k = 0; k < n; k++) x[k] *= length / sqrt(square);
}

/* From a v and p that are off by as much as is stated, so that what a step makes of that error is
 * all there is: a large step magnifies it. */
static void test_propagation(void)
{
  struct at_failure failure = {""};
  const struct at_synthetic_settings law = settings(20, 400, 0.3, 1);
  struct at_token_data data;
  struct at_descent descent;
  double norm[MOST], exact_v[MOST], exact_p[MOST], shift[MOST];
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&data, &law, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_descent_init(&descent, MOST, MOST, &failure), 0);
  for (size_t i = 0; i < data.samples; i++)
    norm[i] = at_norm_bound(at_token_row(&data, i, 1), data.dim);
  for (uint64_t trial = 0; trial < 9; trial++) {
    struct at_enclosure_point point;
    const double v_shift = trial % 3 == 1 ? 0.0 : 1e-7;
    const double p_shift = trial % 3 == 2 ? 0.0 : 1e-7;
    direction(exact_v, data.dim, 0.1, 10 * trial + 1);
    direction(exact_p, data.dim, 0.1, 10 * trial + 2);
    direction(shift, data.dim, v_shift, 10 * trial + 3);
    for (size_t k = 0; k < data.dim; k++) descent.v[k] = exact_v[k] + shift[k];
    direction(shift, data.dim, p_shift, 10 * trial + 4);
    for (size_t k = 0; k < data.dim; k++) descent.p[k] = exact_p[k] + shift[k];
    descent.v_error = v_shift + 1e-15; /* the additions round */
    descent.p_error = p_shift + 1e-15;
    at_descent_advance(&descent, &data, norm, 50.0, 1);
    at_enclosure_point_init(&point, data.samples, 2, data.dim);
    at_enclosure_point_set(&point, exact_v, exact_p);
    at_enclosure_point_evaluate(&point, &data, 256);
    at_enclosure_point_step(&point, &point, 50.0, 256);
    at_enclosure_point_forward(&point, &data, 256);
    CU_ASSERT(near(descent.v, point.v, data.dim, descent.v_error));
    CU_ASSERT(near(descent.p, point.p, data.dim, descent.p_error));
    CU_ASSERT(!near(descent.v, point.v, data.dim, 0.9e-7 + v_shift));
    CU_ASSERT(!near(descent.p, point.p, data.dim, 0.9e-7 + p_shift));
    for (size_t i = 0; i < data.samples; i++)
      CU_ASSERT(near(descent.outputs + i, point.outputs + i, 1, descent.output_error[i]));
    at_enclosure_point_clear(&point);
  }
  at_descent_clear(&descent);
  at_token_data_free(&data);
}

/* ---- triangular steps, against the kernel's ---- */

/* Two steps from v and p, zero or by chance, with the kernel's bits throughout. */
static void same_steps(const struct at_synthetic_settings *law, double length)
{
  enum { ROWS = 2 * MOST };
  struct at_failure failure = {""};
  struct at_token_data data;
  double v[3][MOST + 2], p[3][MOST + 2], dense_v[MOST + 2], dense_p[MOST + 2];
  double score[2][ROWS], value[2][ROWS], weights[2][ROWS], outputs[2][MOST], scratch[MOST];
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&data, law, &failure), 0);
  const size_t n = data.samples;
  const size_t bytes = data.dim * sizeof(double);
  memset(v[0], 0, sizeof v[0]);
  memset(p[0], 0, sizeof p[0]);
  if (length > 0.0) direction(v[0], data.dim, length, 1);
  if (length > 0.0) direction(p[0], data.dim, length, 2);
  for (size_t k = 0; k < 2; k++) {
    at_triangular_step(v[k + 1], p[k + 1], score[0], value[0], scratch, &data, v[k], p[k], 0.3);
    at_single_head_step(dense_v, dense_p, score[1], value[1], data.token, data.label, v[k], p[k],
                        0.3, n, 2, data.dim);
    CU_ASSERT(memcmp(v[k + 1], dense_v, bytes) == 0 && memcmp(p[k + 1], dense_p, bytes) == 0);
    CU_ASSERT_EQUAL(memcmp(score[0], score[1], 2 * n * sizeof(double)), 0);
    CU_ASSERT_EQUAL(memcmp(value[0], value[1], 2 * n * sizeof(double)), 0);
  }
  at_triangular_forward(outputs[0], weights[0], &data, v[2], p[2]);
  at_single_head_forward(outputs[1], weights[1], data.token, v[2], p[2], n, 2, data.dim);
  CU_ASSERT_EQUAL(memcmp(outputs[0], outputs[1], n * sizeof(double)), 0);
  CU_ASSERT_EQUAL(memcmp(weights[0], weights[1], 2 * n * sizeof(double)), 0);
  at_token_data_free(&data);
}

static void test_triangular(void)
{
  static const size_t sizes[] = {8, 31, 64, 65, 66, 97, 130, MOST};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    const struct at_synthetic_settings wide = settings(sizes[k], 2000, 0.2, 1);
    const struct at_synthetic_settings narrow = settings(sizes[k], 50, 0.2, 1);
    same_steps(&wide, 0.0);
    same_steps(&wide, 0.3);
    same_steps(&narrow, 0.0);
    same_steps(&narrow, 0.3);
  }
}

/* ---- draws ---- */

static void draw_both(struct at_draw *fast, struct at_draw *certified, size_t n, uint64_t dim,
                      double snr, double beta, size_t steps, double eta)
{
  struct at_failure failure = {""};
  struct at_token_data data = {0};
  struct at_factor factor;
  struct at_descent descent;
  struct at_synthetic_settings law = settings(n, dim, snr, 1);
  law.flips.eta = eta;
  CU_ASSERT_EQUAL_FATAL(at_factor_init(&factor, 1, dim, n, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_factor_data(&data, &factor, &law, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_descent_init(&descent, n, data.dim, &failure), 0);
  at_draw_compute(fast, &descent, &data, factor.norm, beta, steps);
  at_draw_enclose(certified, &data, beta, steps);
  at_descent_clear(&descent);
  at_token_data_free(&data);
  at_factor_clear(&factor);
}

static void test_draws(void)
{
  static const struct {
    size_t n;
    uint64_t dim;
    double snr, beta;
    size_t steps;
    double eta; /* above 1/2 the signals are learnt with the wrong sign */
  } cases[] = {{12, 2000, 0.05, 0.04, 2, 0.2},      {12, 2000, 0.3, 0.04, 2, 0.2},
               {30, 2000, 0.3, 0.005, 2, 0.2},      {30, 2000, 1.0, 0.1, 2, 0.2},
               {30, 1000000000, 0.3, 1e-7, 2, 0.2}, {30, 2000, 0.3, 0.05, 1, 0.2},
               {30, 2000, 0.1, 2.0, 2, 0.2},        {30, 2000, 0.5, 0.02, 3, 0.2},
               {8, 40, 3.0, 0.5, 2, 0.2},           {30, 2000, 0.1, 0.05, 1, 0.9},
               {30, 2000, 0.1, 0.05, 2, 0.9}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct at_draw fast, certified;
    struct at_failure failure = {""};
    draw_both(&fast, &certified, cases[k].n, cases[k].dim, cases[k].snr, cases[k].beta,
              cases[k].steps, cases[k].eta);
    CU_ASSERT(fast.decided && certified.decided);
    CU_ASSERT(fast.error_bound < 1e-3 && fast.attention_bound < 1e-6);
    CU_ASSERT_EQUAL(at_draw_check(&fast, &certified, &failure), 0);
    CU_ASSERT_EQUAL(fast.clean + fast.noisy, cases[k].n);
  }
}

/* Laws without a quadrature are left to the enclosure; long runs lose their bounds. */
static void test_undecided(void)
{
  struct at_draw fast, certified;
  draw_both(&fast, &certified, 8, 3, 1.0, 0.1, 2, 0.2); /* one noise dimension: collinear */
  CU_ASSERT(!fast.has_error && !fast.decided);
  CU_ASSERT(certified.has_error && certified.decided);
  draw_both(&fast, &certified, 8, 200, 0.5, 0.1, 40, 0.2);
  CU_ASSERT(!fast.decided && certified.decided);
}

static void test_check(void)
{
  struct at_draw fast, certified;
  struct at_failure failure = {""};
  draw_both(&fast, &certified, 12, 2000, 0.3, 0.04, 2, 0.2);
  const struct at_draw good = fast;
  fast.log10_error += 4.0 * fast.error_bound;
  CU_ASSERT_EQUAL(at_draw_check(&fast, &certified, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "log10"));
  fast = good;
  fast.clean_fitted--;
  CU_ASSERT_EQUAL(at_draw_check(&fast, &certified, &failure), -1);
  fast = good;
  fast.noisy_attention += 1e-6;
  CU_ASSERT_EQUAL(at_draw_check(&fast, &certified, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "attention"));
}

void at_suite_sweep_draw(void)
{
  CU_pSuite suite = CU_add_suite("sweep draw", NULL, NULL);
  CU_add_test(suite, "a factor gives the drawn data, bit for bit", test_factor);
  CU_add_test(suite, "draws that cannot be had", test_factor_without_data);
  CU_add_test(suite, "iterates, outputs and weights within their bounds", test_descent);
  CU_add_test(suite, "errors of an iterate grow as they are said to", test_propagation);
  CU_add_test(suite, "steps without the zeros have the kernel's bits", test_triangular);
  CU_add_test(suite, "fast and certified draws agree", test_draws);
  CU_add_test(suite, "what is left to the enclosure", test_undecided);
  CU_add_test(suite, "a draw outside its bounds is noticed", test_check);
}
