/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the theorems for several noise tokens a sample (specs/two_step/many_tokens.md, proved in
 * proofs/many_tokens/) against certified runs of gradient descent.
 * Main result: on draws of three to five tokens and on skewed Gram matrices, what the theorems
 * promise holds in the enclosure, and their closed forms meet it.
 * Assumptions: the hypotheses are evaluated in binary64 and asked for with room to spare (`slack`).
 * Draws are counter-based, so every run tests the same cases.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdbool.h>

#include "harness/audit/source.h"
#include "harness/data/random.h"
#include "harness/enclosure/run.h"
#include "tests/suites.h"

enum { SAMPLES = 8, MOST_NOISE = 4, ROWS = SAMPLES * MOST_NOISE };

/* An entry of the Gram matrix is a sum of at most 34 products of size at most 2 (divided by R), so
 * its error is below 34 * 2 * 2^-53 < 1e-14; the quantities below are sums of at most 32 of them
 * with weights below 50, the exponential's argument below 100: errors below 1e-9 follow. */
static const double slack = 1e-9;

/* One data set and its quantities, in the words of many_tokens.md. m noise tokens a sample; per
 * sample: mean M, g, w, Q; per noise token, row i m + s: alignment A, weight d. */
struct many {
  struct at_token_data data;
  double beta, scale, ratio, t;
  size_t m;
  double gamma[ROWS][ROWS];
  double align[ROWS], pull[ROWS], mean[SAMPLES], g[SAMPLES], w[SAMPLES], q_own[SAMPLES];
  double q[AT_CLASSES], theta, epsilon, x, y;
};

static double sigmoid(double z)
{
  return 1.0 / (1.0 + exp(-z));
}

static bool is_noisy(const struct many *many, size_t i)
{
  return many->data.label[i] * many->data.clean_label[i] < 0.0;
}

static size_t class_of(const struct many *many, size_t i)
{
  return many->data.clean_label[i] > 0.0 ? 0 : 1;
}

static double dot(const double *a, const double *b, size_t dim)
{
  double sum = 0.0;
  for (size_t k = 0; k < dim; k++) sum += a[k] * b[k];
  return sum;
}

/* off(x)_row = sum over the other noise tokens of x gamma. */
static double off(const struct many *many, const double *x, size_t row)
{
  double sum = 0.0;
  for (size_t other = 0; other < SAMPLES * many->m; other++)
    if (other != row) sum += x[other] * many->gamma[row][other];
  return sum;
}

static void gram_fill(struct many *many)
{
  const struct at_token_data *data = &many->data;
  const size_t m = many->m;
  for (size_t a = 0; a < SAMPLES * m; a++)
    for (size_t b = 0; b < SAMPLES * m; b++)
      many->gamma[a][b] =
        dot(at_token_row(data, a / m, 1 + a % m), at_token_row(data, b / m, 1 + b % m), data->dim) /
        many->scale;
  many->ratio = data->rho * data->rho / many->scale;
  many->t = many->beta * many->scale / (2.0 * SAMPLES * (double)(m + 1));
  for (size_t k = 0; k < AT_CLASSES; k++)
    many->q[k] = many->ratio * ((double)data->clean[k] - (double)data->noisy[k]);
}

/* A, M, g, w, d; epsilon, theta, X, Y. */
static void quantities_fill(struct many *many)
{
  const size_t m = many->m;
  double label[ROWS], weighted[ROWS], tau = 0.0;
  for (size_t a = 0; a < SAMPLES * m; a++) label[a] = many->data.label[a / m];
  many->epsilon = many->x = many->y = 0.0;
  for (size_t a = 0; a < SAMPLES * m; a++) {
    many->align[a] = many->gamma[a][a] + label[a] * off(many, label, a);
    many->epsilon = fmax(many->epsilon, fabs(many->gamma[a][a] - 1.0));
    tau = fmax(tau, fabs(off(many, label, a)));
  }
  for (size_t i = 0; i < SAMPLES; i++) {
    double sum = 0.0;
    for (size_t s = 0; s < m; s++) sum += many->align[i * m + s];
    many->q_own[i] = (is_noisy(many, i) ? -1.0 : 1.0) * many->q[class_of(many, i)];
    many->mean[i] = (many->q_own[i] + sum) / (double)(m + 1);
    many->g[i] = sigmoid(-many->t * many->mean[i]);
    many->w[i] = 1.0 + 2.0 * many->g[i];
  }
  for (size_t a = 0; a < SAMPLES * m; a++) {
    many->pull[a] = 2.0 * many->g[a / m] * (many->align[a] - many->mean[a / m]);
    weighted[a] = many->w[a / m] * label[a];
  }
  for (size_t a = 0; a < SAMPLES * m; a++) {
    many->x = fmax(many->x, fabs(off(many, weighted, a)));
    many->y = fmax(many->y, fabs(off(many, many->pull, a)));
  }
  many->theta = many->epsilon + tau;
}

/* How far noisy samples of class k lean to their noise, m_k; and whether class k meets the
 * inequalities of section 4, with room to spare. */
static bool class_fits(double *lean, const struct many *many, size_t k)
{
  const double m = (double)many->m, tokens = m + 1.0, q = many->q[k], th = many->theta;
  const double rate = many->t / tokens;
  const double g_low = sigmoid(-rate * (q + m * (1.0 + th)));
  const double g_high = sigmoid(-rate * (q + m * (1.0 - th)));
  const double h_low = sigmoid(rate * (q - m * (1.0 + th)));
  const double h_high = sigmoid(rate * (q - m * (1.0 - th)));
  const double c = (double)many->data.clean[k], e = (double)many->data.noisy[k];
  const double w_low = many->ratio * (c * (1.0 + 2.0 * g_low) - e * (1.0 + 2.0 * h_high));
  const double w_high = many->ratio * (c * (1.0 + 2.0 * g_high) - e * (1.0 + 2.0 * h_low));
  const double pull =
    2.0 * m / tokens * many->ratio * (c * g_high * (q - 1.0 + th) - e * h_low * (q + 1.0 - th));
  const double own =
    2.0 * h_low / tokens * (q + 1.0 - (2.0 * m - 1.0) * th) * (1.0 - many->epsilon);
  const double v = (1.0 + 2.0 * h_low) * (1.0 - many->epsilon) - many->x;
  *lean = own - pull - many->y;
  return th < 1.0 - slack && q > m * (1.0 + th) + slack && w_low > slack &&
         (1.0 + 2.0 * g_low) * (1.0 - many->epsilon) > many->x + slack && v > slack &&
         m * exp(fmin(many->t * many->t * *lean, 100.0)) * v > w_high * (1.0 + slack) + slack;
}

/* Both classes. */
static bool theorem_fits(const struct many *many)
{
  double lean;
  return class_fits(&lean, many, 0) && class_fits(&lean, many, 1);
}

static bool one_step_fits(const struct many *many)
{
  bool fits = true;
  for (size_t k = 0; k < AT_CLASSES; k++)
    fits = fits && many->q[k] > slack && many->q[k] < (double)many->m * (1.0 - many->theta) - slack;
  return fits;
}

static double middle(const arb_t ball)
{
  return arf_get_d(arb_midref(ball), ARF_RND_NEAR);
}

/* y_i f_i after one step is t M_i. */
static void check_first_step(const struct many *many, const struct at_enclosure_run *run)
{
  bool regime = many->theta < 1.0 - slack;
  for (size_t k = 0; k < AT_CLASSES; k++)
    regime = regime && many->q[k] > (double)many->m * (1.0 + many->theta) + slack;
  for (size_t i = 0; i < SAMPLES; i++) {
    const double margin = many->data.label[i] * middle(run->point[1].outputs + i);
    const enum at_ball_sign sign = at_enclosure_margin_sign(&run->point[1], &many->data, i);
    CU_ASSERT_DOUBLE_EQUAL(margin, many->t * many->mean[i], 100.0 * slack);
    if (regime) CU_ASSERT_EQUAL(sign, is_noisy(many, i) ? AT_SIGN_NEGATIVE : AT_SIGN_POSITIVE);
    if (one_step_fits(many)) CU_ASSERT_EQUAL(sign, AT_SIGN_POSITIVE);
  }
}

/* Labels and scores after two steps, where the theorem speaks; <p2, xi_is> is t^2 times d_is
 * gamma + off(d) in any case. */
static void check_second_step(const struct many *many, const struct at_enclosure_run *run)
{
  const struct at_enclosure_point *point = &run->point[2];
  const size_t m = many->m;
  for (size_t a = 0; a < SAMPLES * m; a++) {
    const double score =
      many->t * many->t * (many->pull[a] * many->gamma[a][a] + off(many, many->pull, a));
    CU_ASSERT_DOUBLE_EQUAL(middle(point->scores + a / m * (m + 1) + 1 + a % m), score,
                           1e-9 * (1.0 + many->t * many->t));
  }
  if (!theorem_fits(many)) return;
  for (size_t i = 0; i < SAMPLES; i++) {
    double lean;
    CU_ASSERT_EQUAL(at_enclosure_margin_sign(point, &many->data, i), AT_SIGN_POSITIVE);
    if (!is_noisy(many, i) || !class_fits(&lean, many, class_of(many, i))) continue;
    const double pull = many->t * many->t * lean;
    for (size_t r = 1; r <= m; r++) /* hence attention at most 1 / (1 + m exp(t^2 m_k)) */
      CU_ASSERT(middle(point->scores + i * (m + 1)) <=
                middle(point->scores + i * (m + 1) + r) - pull + slack * (1.0 + fabs(pull)));
  }
}

static void check_data(struct many *many, size_t *two, size_t *one)
{
  struct at_enclosure_run run;
  gram_fill(many);
  quantities_fill(many);
  *two += theorem_fits(many);
  *one += one_step_fits(many);
  at_enclosure_run_init(&run, &many->data, many->beta, 2);
  CU_ASSERT_TRUE_FATAL(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_FALSE(run.projected);
  check_first_step(many, &run);
  check_second_step(many, &run);
  at_enclosure_run_clear(&run);
}

/* Gaussian noise; e = 1 noisy sample in each class of four, so Delta = 2. */
static void check_draw(size_t m, uint64_t dim, double q, double t, uint64_t seed, size_t *two,
                       size_t *one)
{
  static struct many many;
  struct at_settings settings;
  struct at_token_data test;
  struct at_failure failure = {""};
  at_settings_default(&settings);
  settings.samples = SAMPLES;
  settings.tokens = m + 1;
  settings.dim = dim;
  settings.balanced = settings.fixed_noisy = true;
  settings.noisy_per_class = 1;
  settings.rho = sqrt(q * (double)dim / 2.0);
  settings.beta = 2.0 * SAMPLES * (double)(m + 1) * t / (double)dim;
  settings.seed = seed;
  CU_ASSERT_EQUAL_FATAL(at_source_open(&many.data, &test, &settings, &failure), 0);
  many.m = m;
  many.beta = settings.beta;
  many.scale = (double)dim;
  check_data(&many, two, one);
  at_token_data_free(&many.data);
  at_token_data_free(&test);
}

static void test_draws(void)
{
  size_t two = 0, one = 0;
  for (uint64_t seed = 1; seed <= 5; seed++) {
    check_draw(1, 20000, 1.5, 1.55, seed, &two, &one);
    check_draw(2, 20000, 2.6, 1.5, seed, &two, &one);
    check_draw(3, 40000, 4.0, 2.0, seed, &two, &one);
    check_draw(4, 40000, 5.0, 2.0, seed, &two, &one);
  }
  CU_ASSERT_EQUAL(two, 20); /* at these sizes every draw is certified */
  CU_ASSERT_EQUAL(one, 0);
  for (uint64_t seed = 1; seed <= 5; seed++) check_draw(3, 40000, 1.5, 5.0, seed, &two, &one);
  CU_ASSERT(two == 20 && one == 5);
}

/* Noise sqrt(R) (e_row + spread r + skew), r uniform on [-1/2, 1/2] per coordinate, signals and
 * steps of random length: Gram matrices far from those of Gaussian noise. The first sample of each
 * class is noisy. */
static void skewed_fill(struct many *many, const struct at_stream *stream, uint64_t number)
{
  const size_t rows = SAMPLES * many->m;
  const uint64_t first = number << 12;
  double setting[4];
  for (size_t k = 0; k < 4; k++) setting[k] = at_random_uniform(stream, first + k);
  many->scale = 1000.0;
  many->data.rho = sqrt((0.2 + 3.0 * (double)many->m * setting[0]) / 2.0 * many->scale);
  many->beta = (0.2 + 4.0 * setting[1]) * 2.0 * SAMPLES * (double)(many->m + 1) / many->scale;
  for (size_t i = 0; i < SAMPLES; i++) {
    many->data.clean_label[i] = i % 2 == 0 ? 1.0 : -1.0;
    many->data.label[i] = i < 2 ? -many->data.clean_label[i] : many->data.clean_label[i];
    at_token_row(&many->data, i, 0)[i % 2] = many->data.rho;
  }
  for (size_t a = 0; a < rows; a++)
    for (size_t k = 0; k < rows; k++) {
      const double r = at_random_uniform(stream, first + 4 + a * rows + k) - 0.5;
      at_token_row(&many->data, a / many->m, 1 + a % many->m)[2 + k] =
        sqrt(many->scale) *
        ((a == k ? 1.0 : 0.0) + 0.2 * setting[2] * r + 0.02 * (setting[3] - 0.5));
    }
  at_token_data_count(&many->data);
}

static void test_skewed(void)
{
  enum { DRAWS = 300 };
  static struct many many;
  struct at_failure failure = {""};
  const struct at_stream stream = at_stream_open(1, "test.many_tokens");
  size_t two = 0, one = 0;
  for (uint64_t number = 0; number < DRAWS; number++) {
    many.m = 1 + number % MOST_NOISE;
    CU_ASSERT_EQUAL_FATAL(
      at_token_data_allocate(&many.data, SAMPLES, many.m + 1, SAMPLES * many.m + 2, true, &failure),
      0);
    skewed_fill(&many, &stream, number);
    check_data(&many, &two, &one);
    at_token_data_free(&many.data);
  }
  /* neither theorem speaks about all, and both about many: a test that they are not contradicted */
  CU_ASSERT(two > DRAWS / 10 && one > DRAWS / 10 && two + one < DRAWS);
}

void at_suite_many_tokens(void)
{
  CU_pSuite suite = CU_add_suite("many tokens", NULL, NULL);
  CU_add_test(suite, "Gaussian draws", test_draws);
  CU_add_test(suite, "skewed Gram matrices", test_skewed);
}
