/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/test_error.h.
 * Main result: every law, degenerate or not, against closed forms evaluated by MPFR and against
 * sampling with the kernel's forward pass; the one-step theorem; what cannot be decided is not.
 * Assumptions: sampling uses binary64; the probability that an output rounds to the wrong sign is
 * below 1e-10, far below the threshold of the counts.
 */
#include <CUnit/CUnit.h>

#include "harness/data/normal.h"
#include "harness/data/random.h"
#include "harness/enclosure/ball.h"
#include "harness/enclosure/test_error.h"
#include "kernel/single_head.h"
#include "tests/harness/data/statistics.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

enum { DIM = 5, BITS = 300, SAMPLES = 40000 };

struct fixture {
  struct at_test_error result;
  mpfr_t expected, work;
};

static void fixture_init(struct fixture *f)
{
  at_test_error_init(&f->result);
  mpfr_inits2(BITS, f->expected, f->work, (mpfr_ptr)NULL);
}

static void fixture_clear(struct fixture *f)
{
  at_test_error_clear(&f->result);
  mpfr_clears(f->expected, f->work, (mpfr_ptr)NULL);
}

/* With signals of norm 1. */
static bool compute(struct fixture *f, const double *v, const double *p, slong cap)
{
  return at_test_error_of_doubles(&f->result, v, p, 1.0, DIM, cap);
}

/* Both classes obey this law, and their errors are exactly these. */
static void both_are(struct fixture *f, const double *v, const double *p, enum at_error_law law,
                     double first, double second)
{
  CU_ASSERT(compute(f, v, p, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT(f->result.decided);
  CU_ASSERT_EQUAL(f->result.precision, AT_ENCLOSURE_START_BITS);
  CU_ASSERT_EQUAL(f->result.law[0], law);
  CU_ASSERT_EQUAL(f->result.law[1], law);
  CU_ASSERT(arb_is_exact(f->result.error));
  CU_ASSERT(at_test_ball_meets_double(f->result.class_error[0], first, 1000));
  CU_ASSERT(at_test_ball_meets_double(f->result.class_error[1], second, 1000));
  CU_ASSERT(at_test_ball_meets_double(f->result.error, (first + second) / 2.0, 1000));
}

static void test_without_noise_or_signal(void)
{
  const double zero[DIM] = {0.0};
  const double signal[DIM] = {2.0, -1.0};
  const double wrong[DIM] = {-2.0, -1.0};
  const double noise[DIM] = {0.0, 0.0, 1.0, -2.0, 0.5};
  const double score[DIM] = {0.5, 1.0, 1.0, 0.0, 3.0};
  struct fixture f;
  fixture_init(&f);
  both_are(&f, zero, zero, AT_LAW_NO_OUTPUT, 1.0, 1.0);
  both_are(&f, zero, score, AT_LAW_NO_OUTPUT, 1.0, 1.0);
  both_are(&f, signal, zero, AT_LAW_NO_NOISE, 0.0, 0.0);
  both_are(&f, wrong, signal, AT_LAW_NO_NOISE, 1.0, 0.0);
  both_are(&f, signal, score, AT_LAW_FIXED_VALUE, 0.0, 0.0);
  both_are(&f, wrong, score, AT_LAW_FIXED_VALUE, 1.0, 0.0);
  both_are(&f, noise, zero, AT_LAW_NO_SIGNAL, 0.5, 0.5);
  both_are(&f, noise, score, AT_LAW_NO_SIGNAL, 0.5, 0.5);
  both_are(&f, noise, noise, AT_LAW_NO_SIGNAL, 0.5, 0.5);
  fixture_clear(&f);
}

/* p without noise part: class 1 errs with probability Phi(-a exp(b) / s_v), also for a < 0; here
 * s_v = 3, and class 2 has no signal. */
static void test_fixed_attention(void)
{
  static const double strengths[] = {0.25, 3.0, -2.0, 40.0, 2000.0};
  struct fixture f;
  fixture_init(&f);
  for (size_t k = 0; k < sizeof strengths / sizeof strengths[0]; k++) {
    const double v[DIM] = {strengths[k], 0.0, 2.0, 1.0, -2.0};
    const double p[DIM] = {0.75, 9.0};
    CU_ASSERT(compute(&f, v, p, AT_ENCLOSURE_CAP_BITS));
    CU_ASSERT_EQUAL(f.result.law[0], AT_LAW_FIXED_ATTENTION);
    CU_ASSERT_EQUAL(f.result.law[1], AT_LAW_NO_SIGNAL);
    mpfr_set_d(f.work, 0.75, MPFR_RNDN);
    mpfr_exp(f.work, f.work, MPFR_RNDN);
    mpfr_mul_d(f.work, f.work, -strengths[k], MPFR_RNDN);
    mpfr_div_ui(f.work, f.work, 3, MPFR_RNDN);
    at_test_normal_cdf(f.expected, f.work);
    CU_ASSERT(at_test_ball_meets(f.result.class_error[0], f.expected, 250));
    CU_ASSERT(at_ball_is_tight(f.result.class_error[0], 60));
    mpfr_add_d(f.expected, f.expected, 0.5, MPFR_RNDN);
    mpfr_div_2ui(f.expected, f.expected, 1, MPFR_RNDN);
    CU_ASSERT(at_test_ball_meets(f.result.error, f.expected, 250));
  }
  fixture_clear(&f);
}

/* One noise direction: class 1 errs where a exp(b - s z) + t z <= 0. */
struct line_law {
  double a, b, s, t;
};

static int line_sign(const struct line_law *law, mpfr_srcptr z)
{
  mpfr_t height, line;
  mpfr_inits2(BITS, height, line, (mpfr_ptr)NULL);
  mpfr_mul_d(height, z, -law->s, MPFR_RNDN);
  mpfr_add_d(height, height, law->b, MPFR_RNDN);
  mpfr_exp(height, height, MPFR_RNDN);
  mpfr_mul_d(height, height, law->a, MPFR_RNDN);
  mpfr_mul_d(line, z, law->t, MPFR_RNDN);
  mpfr_add(height, height, line, MPFR_RNDN);
  const int sign = mpfr_sgn(height);
  mpfr_clears(height, line, (mpfr_ptr)NULL);
  return sign;
}

/* probability = Phi(the root between low and high), by bisection in MPFR. */
static void below_root(mpfr_ptr probability, const struct line_law *law, double low, double high)
{
  mpfr_t left, right, middle;
  mpfr_inits2(BITS, left, right, middle, (mpfr_ptr)NULL);
  mpfr_set_d(left, low, MPFR_RNDN);
  mpfr_set_d(right, high, MPFR_RNDN);
  const int start = line_sign(law, left);
  CU_ASSERT(start * line_sign(law, right) < 0);
  for (int k = 0; k < BITS + 8; k++) {
    mpfr_add(middle, left, right, MPFR_RNDN);
    mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
    mpfr_set(line_sign(law, middle) == start ? left : right, middle, MPFR_RNDN);
  }
  at_test_normal_cdf(probability, left);
  mpfr_clears(left, right, middle, (mpfr_ptr)NULL);
}

static void line_compute(struct fixture *f, const struct line_law *law)
{
  const double v[DIM] = {law->a, 0.0, law->t};
  const double p[DIM] = {law->b, 0.0, law->s};
  CU_ASSERT(compute(f, v, p, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(f->result.law[0], AT_LAW_COLLINEAR);
}

/* t < 0: one root. t > 0: two roots or none, then exactly 0. a < 0: the complements. */
static void test_collinear(void)
{
  const struct line_law falling = {3.0, 1.5, 0.5, -2.0};
  const struct line_law rising = {0.75, -1.5, 0.5, 2.0};
  struct fixture f;
  fixture_init(&f);
  below_root(f.expected, &falling, 0.0, 20.0);
  line_compute(&f, &(struct line_law){-3.0, 1.5, 0.5, 2.0});
  CU_ASSERT(at_test_ball_meets(f.result.class_error[0], f.expected, 250));
  mpfr_ui_sub(f.expected, 1, f.expected, MPFR_RNDN);
  line_compute(&f, &falling);
  CU_ASSERT(at_test_ball_meets(f.result.class_error[0], f.expected, 250));
  CU_ASSERT(at_ball_is_tight(f.result.class_error[0], 60));
  below_root(f.expected, &rising, -2.0, 0.0);
  below_root(f.work, &rising, -60.0, -2.0);
  mpfr_sub(f.expected, f.expected, f.work, MPFR_RNDN);
  line_compute(&f, &rising);
  CU_ASSERT(at_test_ball_meets(f.result.class_error[0], f.expected, 250));
  CU_ASSERT(at_ball_is_tight(f.result.class_error[0], 60));
  line_compute(&f, &(struct line_law){3.0, 1.5, 0.5, 2.0});
  CU_ASSERT(arb_is_zero(f.result.class_error[0]));
  line_compute(&f, &(struct line_law){-3.0, 1.5, 0.5, -2.0});
  CU_ASSERT(arb_is_one(f.result.class_error[0]));
  fixture_clear(&f);
}

/* exp(-1 - z) + z touches zero at z = -1: no precision can tell, and none pretends to. */
static void test_undecided(void)
{
  const double v[DIM] = {1.0, 0.0, 1.0};
  const double p[DIM] = {-1.0, 0.0, 1.0};
  struct fixture f;
  fixture_init(&f);
  CU_ASSERT_FALSE(compute(&f, v, p, 512));
  CU_ASSERT_FALSE(f.result.decided);
  CU_ASSERT_EQUAL(f.result.precision, 512);
  CU_ASSERT(arb_contains_si(f.result.class_error[0], 0));
  CU_ASSERT(arb_contains_si(f.result.class_error[0], 1));
  CU_ASSERT(at_test_ball_meets_double(f.result.class_error[1], 0.5, 1000));
  fixture_clear(&f);
}

/* Laws whose case depends on a ball that merely contains zero. */
static void test_undecided_laws(void)
{
  struct at_noise_law law;
  struct fixture f;
  fixture_init(&f);
  at_noise_law_init(&law);
  arb_one(law.value_variance);
  arb_one(law.score_variance);
  arb_one(law.signal_value[0]);
  arb_one(law.signal_value[1]);
  CU_ASSERT(at_test_error_evaluate(&f.result, &law, 128));
  arb_ptr uncertain[] = {law.value_variance, law.score_variance, law.signal_value[0]};
  for (size_t k = 0; k < 3; k++) {
    arb_zero(uncertain[k]);
    mag_set_ui_2exp_si(arb_radref(uncertain[k]), 1, -120);
    CU_ASSERT_FALSE(at_test_error_evaluate(&f.result, &law, 128));
    CU_ASSERT_EQUAL(f.result.law[0], AT_LAW_UNDECIDED);
    CU_ASSERT(arb_contains_si(f.result.class_error[0], 1));
    arb_one(uncertain[k]);
  }
  arb_one(law.covariance); /* s_r = 0 although the law does not know that it is */
  mag_set_ui_2exp_si(arb_radref(law.covariance), 1, -120);
  CU_ASSERT_FALSE(at_test_error_evaluate(&f.result, &law, 128));
  CU_ASSERT_EQUAL(f.result.law[0], AT_LAW_INTEGRAL);
  at_noise_law_clear(&law);
  fixture_clear(&f);
}

/* A second noise coordinate of 2^-100 makes the law an integral that 128 bits cannot resolve. Its
 * error differs from the collinear one by the probability that Q + 2^-100 Z' changes a sign: with
 * |Z'| < 20 and densities below 2 that is below 2^-90. */
static void test_nearly_collinear(void)
{
  const double v[DIM] = {2.0, 2.0, 3.0, 0.0, 0.0};
  const double near[DIM] = {0.5, 0.25, -1.0, 0x1p-100, 0.0};
  const double on_line[DIM] = {0.5, 0.25, -1.0, 0.0, 0.0};
  struct fixture f, line;
  mag_t difference;
  mag_init(difference);
  fixture_init(&f);
  fixture_init(&line);
  CU_ASSERT(compute(&f, v, near, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(f.result.law[0], AT_LAW_INTEGRAL);
  CU_ASSERT(f.result.precision > 128);
  CU_ASSERT(compute(&line, v, on_line, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(line.result.law[0], AT_LAW_COLLINEAR);
  mag_set_ui_2exp_si(difference, 1, -90);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_add_error_mag(line.result.class_error[k], difference);
    CU_ASSERT(arb_overlaps(f.result.class_error[k], line.result.class_error[k]));
  }
  mag_clear(difference);
  fixture_clear(&f);
  fixture_clear(&line);
}

/* How many of SAMPLES fresh samples of class k the kernel gets wrong. */
static double sampled_errors(const double *v, const double *p, size_t k, double rho, uint64_t seed)
{
  const struct at_stream stream = at_stream_open(seed, "test.error");
  double scores[2], values[2], weights[2];
  double count = 0.0;
  for (size_t i = 0; i < SAMPLES; i++) {
    double sample[2 * DIM] = {0.0};
    sample[k] = rho;
    at_normal_fill(sample + DIM + 2, &stream, i * (DIM - 2), DIM - 2);
    const double output = at_single_head_sample(scores, values, weights, sample, v, p, 2, DIM);
    count += (k == 0 ? output : -output) > 0.0 ? 0.0 : 1.0;
  }
  return count;
}

/* Counts within Bernstein's threshold of the certified probability (statistics.h). */
static void test_sampling(void)
{
  static const double vectors[][2][DIM] = {
    {{0.5, -0.25, 1.0, -0.5, 0.25}, {0.5, 0.25, 0.75, 1.0, -0.5}},
    {{-0.5, -0.75, 0.5, 0.5, 0.5}, {-1.0, 2.0, -1.0, -1.5, 0.25}},
    {{1.0, 1.0, 0.5, -2.0, 3.0}, {0.0, 1.0, 0.0, 0.0, 0.0}},
    {{1.0, -1.5, 1.0, -2.0, 0.5}, {0.25, -2.0, 0.5, -1.0, 0.25}},
    {{0.75, -0.5, 1.0, 2.0, 0.5}, {-1.0, -0.5, -2.0, -4.0, -1.0}},
    {{2.0, -1.0, 0.5, 1.0, 0.5}, {3.0, 1.0, 4.0, -3.0, 2.0}},
  };
  static const enum at_error_law laws[] = {AT_LAW_INTEGRAL,        AT_LAW_INTEGRAL,
                                           AT_LAW_FIXED_ATTENTION, AT_LAW_COLLINEAR,
                                           AT_LAW_COLLINEAR,       AT_LAW_INTEGRAL};
  struct fixture f;
  fixture_init(&f);
  for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
    const double *v = vectors[i][0];
    const double *p = vectors[i][1];
    CU_ASSERT(at_test_error_of_doubles(&f.result, v, p, 2.0, DIM, AT_ENCLOSURE_CAP_BITS));
    CU_ASSERT_EQUAL(f.result.law[0], laws[i]);
    for (size_t k = 0; k < AT_CLASSES; k++) {
      const double probability = arf_get_d(arb_midref(f.result.class_error[k]), ARF_RND_NEAR);
      const double count = sampled_errors(v, p, k, 2.0, 100 + 2 * i + k);
      CU_ASSERT(at_test_count_holds(count, SAMPLES, probability));
    }
  }
  fixture_clear(&f);
}

/* After one step class k errs with probability Phi(-rho^2 Delta_k / |sum_j y_j xi_j|), Delta_k the
 * clean minus the noisy samples of the class, for every step size. */
static void one_step_expected(mpfr_ptr expected, const struct at_token_data *data, size_t k)
{
  mpfr_t sum, square;
  mpfr_inits2(BITS, sum, square, (mpfr_ptr)NULL);
  mpfr_set_zero(square, 1);
  for (size_t j = 2; j < data->dim; j++) {
    mpfr_set_zero(sum, 1);
    for (size_t i = 0; i < data->samples; i++)
      mpfr_add_d(sum, sum, data->label[i] * at_token_row(data, i, 1)[j], MPFR_RNDN);
    mpfr_fma(square, sum, sum, square, MPFR_RNDN);
  }
  mpfr_sqrt(square, square, MPFR_RNDN);
  mpfr_set_d(sum, -data->rho, MPFR_RNDN);
  mpfr_mul_d(sum, sum, data->rho, MPFR_RNDN);
  mpfr_mul_si(sum, sum, (long)data->clean[k] - (long)data->noisy[k], MPFR_RNDN);
  mpfr_div(sum, sum, square, MPFR_RNDN);
  at_test_normal_cdf(expected, sum);
  mpfr_clears(sum, square, (mpfr_ptr)NULL);
}

static void test_one_step(void)
{
  static const double norms[] = {0.5, 3.0, 20.0};
  for (size_t r = 0; r < 3; r++) {
    struct at_token_data data;
    struct at_enclosure_run run;
    struct fixture f, start;
    fixture_init(&f);
    fixture_init(&start);
    at_test_data_signal(&data, 15, 40, norms[r], 4, 50 + r);
    at_enclosure_run_init(&run, &data, 0.3 + norms[r], 1);
    struct at_test_error results[2] = {start.result, f.result};
    CU_ASSERT(at_test_error_of_run(results, &run, data.rho, AT_ENCLOSURE_CAP_BITS));
    CU_ASSERT_EQUAL(results[0].law[0], AT_LAW_NO_OUTPUT);
    for (size_t k = 0; k < AT_CLASSES; k++) {
      one_step_expected(f.expected, &data, k);
      CU_ASSERT_EQUAL(results[1].law[k], AT_LAW_FIXED_ATTENTION);
      CU_ASSERT(at_test_ball_meets(results[1].class_error[k], f.expected, 250));
    }
    start.result = results[0];
    f.result = results[1];
    at_enclosure_run_clear(&run);
    at_token_data_free(&data);
    fixture_clear(&f);
    fixture_clear(&start);
  }
}

/* Parallel noise tokens: the law of the second step is collinear by structure, though the balls of
 * v and p cannot show it; when it is not known the class stays undecided at any precision. */
static void test_parallel_run(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  struct at_noise_law law;
  struct at_test_error results[3];
  at_noise_law_init(&law);
  for (size_t k = 0; k < 3; k++) at_test_error_init(&results[k]);
  at_test_data_signal(&data, 4, 7, 2.0, 4, 60);
  for (size_t i = 1; i < 4; i++)
    for (size_t j = 2; j < 7; j++)
      at_token_row(&data, i, 1)[j] = (i == 2 ? -0.5 : 2.0) * at_token_row(&data, 0, 1)[j];
  at_enclosure_run_init(&run, &data, 0.4, 2);
  CU_ASSERT_FALSE(at_test_error_of_run(results, &run, data.rho, 64));
  CU_ASSERT_FALSE(results[0].decided || results[1].decided || results[2].decided);
  CU_ASSERT(at_test_error_of_run(results, &run, data.rho, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(results[1].law[0], AT_LAW_FIXED_ATTENTION);
  CU_ASSERT_EQUAL(results[2].law[0], AT_LAW_COLLINEAR);
  CU_ASSERT_EQUAL(results[2].law[1], AT_LAW_COLLINEAR);
  CU_ASSERT(results[2].decided);
  at_noise_law_set(&law, run.point[2].v, run.point[2].p, data.rho, 7, false, run.precision);
  CU_ASSERT_FALSE(at_test_error_evaluate(&results[2], &law, run.precision));
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
  at_noise_law_clear(&law);
  for (size_t k = 0; k < 3; k++) at_test_error_clear(&results[k]);
}

/* The second step at 128 bits and at 384 bits encloses one number. */
static void test_two_steps(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  struct at_test_error coarse[3], fine[3];
  struct at_noise_law law;
  for (size_t k = 0; k < 3; k++) {
    at_test_error_init(&coarse[k]);
    at_test_error_init(&fine[k]);
  }
  at_test_data_signal(&data, 20, 30, 4.0, 7, 61);
  at_enclosure_run_init(&run, &data, 0.8, 2);
  CU_ASSERT(at_test_error_of_run(coarse, &run, data.rho, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(coarse[2].precision, 128);
  at_enclosure_run_at(&run, 384);
  CU_ASSERT(at_test_error_of_run(fine, &run, data.rho, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(fine[2].precision, 128); /* of the integral; the law's are 384 */
  CU_ASSERT(arb_overlaps(coarse[2].error, fine[2].error));
  at_noise_law_init(&law);
  for (size_t k = 0; k < 3; k++) {
    at_noise_law_set(&law, run.point[k].v, run.point[k].p, data.rho, data.dim, false, 384);
    CU_ASSERT(at_test_error_evaluate(&fine[k], &law, 384));
  }
  at_noise_law_clear(&law);
  CU_ASSERT_EQUAL(fine[2].law[1], AT_LAW_INTEGRAL);
  for (size_t k = 0; k < 3; k++) {
    CU_ASSERT(arb_overlaps(coarse[k].error, fine[k].error));
    CU_ASSERT(at_ball_is_tight(coarse[k].error, 34));
  }
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
  for (size_t k = 0; k < 3; k++) {
    at_test_error_clear(&coarse[k]);
    at_test_error_clear(&fine[k]);
  }
}

static void test_names(void)
{
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_UNDECIDED), "undecided");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_INTEGRAL), "integral");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_FIXED_ATTENTION), "fixed attention");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_FIXED_VALUE), "fixed value");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_NO_NOISE), "no noise");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_NO_SIGNAL), "no signal");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_NO_OUTPUT), "no output");
  CU_ASSERT_STRING_EQUAL(at_error_law_name(AT_LAW_COLLINEAR), "collinear noise");
}

void at_suite_test_error(void)
{
  CU_pSuite suite = CU_add_suite("test error", NULL, NULL);
  CU_add_test(suite, "laws without noise or without signal", test_without_noise_or_signal);
  CU_add_test(suite, "fixed attention in closed form", test_fixed_attention);
  CU_add_test(suite, "collinear noise by its roots", test_collinear);
  CU_add_test(suite, "a tangent stays undecided", test_undecided);
  CU_add_test(suite, "uncertain zeros stay undecided", test_undecided_laws);
  CU_add_test(suite, "nearly collinear noise raises the precision", test_nearly_collinear);
  CU_add_test(suite, "sampling with the kernel", test_sampling);
  CU_add_test(suite, "the one-step theorem", test_one_step);
  CU_add_test(suite, "parallel noise tokens are collinear by structure", test_parallel_run);
  CU_add_test(suite, "two steps at two precisions", test_two_steps);
  CU_add_test(suite, "every law has a name", test_names);
}
