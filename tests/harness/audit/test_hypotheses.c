/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of the two-step theorem's quantities (harness/audit/hypotheses.c, gram.c).
 * Main result: on thousands of Gram matrices, near orthogonal and far from it, a certified slack is
 * never contradicted by the samples; the closed forms meet gradient descent itself.
 * Assumptions: none. Draws are counter-based, so every run tests the same cases.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/audit/hypotheses.h"
#include "harness/data/random.h"
#include "harness/data/synthetic.h"
#include "harness/enclosure/run.h"
#include "tests/suites.h"

enum { PRECISION = 96 };

/* ---- data ---- */

/* n samples of two tokens: signals on axes 0 and 1, noise from axis 2 on, all zero; sample i is of
 * class i mod 2, and the first `noisy` of each class are flipped. */
static void data_make(struct at_token_data *data, size_t samples, size_t noisy, double rho,
                      uint64_t ambient)
{
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(data, samples, 2, samples + 2, true, &failure), 0);
  data->synthetic = true;
  data->rho = rho;
  data->ambient_dim = ambient;
  for (size_t i = 0; i < samples; i++) {
    size_t class_index = i % 2;
    at_token_row(data, i, 0)[class_index] = rho;
    data->clean_label[i] = class_index == 0 ? 1.0 : -1.0;
    data->label[i] = i / 2 < noisy ? -data->clean_label[i] : data->clean_label[i];
  }
  at_token_data_count(data);
}

/* Noise sqrt(D) (e_i + spread r), r uniform on [-1/2, 1/2] per coordinate; skew adds the same
 * vector to all noise tokens, times the label if skew is negative. */
static void noise_draw(struct at_token_data *data, const struct at_stream *stream, double spread,
                       double skew)
{
  size_t n = data->samples;
  for (size_t i = 0; i < n; i++) {
    double *noise = at_token_row(data, i, 1);
    double common = skew < 0.0 ? -skew * data->label[i] : skew;
    for (size_t k = 0; k < n; k++) {
      double r = at_random_uniform(stream, i * n + k) - 0.5;
      noise[2 + k] = sqrt((double)data->ambient_dim) * ((i == k) + spread * r + common);
    }
  }
}

static double draw_between(const struct at_stream *stream, uint64_t index, double low, double high)
{
  return low + (high - low) * at_random_uniform(stream, index);
}

/* ---- what a certified slack promises ---- */

struct tally {
  size_t clean, noisy, attention, one_step, two_step;
};

static bool positive(const struct at_hypotheses *h, int level, int term)
{
  return h->level_known[level] && arb_is_positive(h->level[level] + term);
}

static void samples_check(const struct at_hypotheses *h, const struct at_token_data *data, bool fit,
                          bool noisy_fit, int level)
{
  for (size_t i = 0; i < data->samples; i++) {
    bool clean = data->label[i] == data->clean_label[i];
    if (clean && fit) {
      CU_ASSERT_TRUE(arb_is_positive(h->margin_two + i));
    }
    if (!clean && noisy_fit) {
      CU_ASSERT_TRUE(arb_is_positive(h->margin_two + i));
    }
    if (clean && positive(h, level, AT_TERM_CLEAN_ATTENTION)) {
      arb_t twice;
      arb_init(twice);
      arb_mul_2exp_si(twice, h->attention_two + i, 1);
      arb_sub_ui(twice, twice, 1, PRECISION);
      CU_ASSERT_TRUE(arb_is_nonnegative(twice));
      arb_clear(twice);
    }
    if (!clean && h->level_known[level]) {
      CU_ASSERT_FALSE(arb_gt(h->attention_two + i, h->level[level] + AT_TERM_NOISY_ATTENTION));
    }
  }
}

static void first_step_check(const struct at_hypotheses *h, const struct at_token_data *data,
                             struct tally *tally)
{
  bool two = arb_is_positive(h->value + AT_HYPOTHESIS_TWO_STEP_SLACK);
  bool one = arb_is_positive(h->value + AT_HYPOTHESIS_ONE_STEP_SLACK) &&
             arb_is_positive(h->value + AT_HYPOTHESIS_Q_LEAST);
  tally->two_step += two;
  tally->one_step += one;
  CU_ASSERT_FALSE(one && two);
  for (size_t i = 0; i < data->samples; i++) {
    bool clean = data->label[i] == data->clean_label[i];
    if (one || (two && clean)) {
      CU_ASSERT_TRUE(arb_is_positive(h->margin_one + i));
    } else if (two) {
      CU_ASSERT_TRUE(arb_is_negative(h->margin_one + i));
    }
  }
}

static void hypotheses_check(const struct at_hypotheses *h, const struct at_token_data *data,
                             struct tally *tally)
{
  first_step_check(h, data, tally);
  for (int level = 0; level < AT_LEVELS; level++) {
    bool clean = positive(h, level, AT_TERM_FIT_CLEAN);
    bool noisy = clean && positive(h, level, AT_TERM_FIT_NOISY);
    samples_check(h, data, clean, noisy, level);
    tally[level].clean += clean;
    tally[level].noisy += noisy;
    tally[level].attention += positive(h, level, AT_TERM_CLEAN_ATTENTION);
    if (h->level_known[level]) {
      CU_ASSERT_FALSE(arb_gt(h->level[AT_LEVEL_DIRECT] + AT_TERM_X, h->level[level] + AT_TERM_X));
      CU_ASSERT_FALSE(arb_gt(h->level[AT_LEVEL_DIRECT] + AT_TERM_Y, h->level[level] + AT_TERM_Y));
    }
  }
}

/* Step size that gives t = beta D / (4n), and signal norm that gives q = rho^2 Delta / D. */
static double step_of(double t, const struct at_token_data *data)
{
  return t * 4.0 * (double)data->samples / (double)data->ambient_dim;
}

static void random_case(const struct at_stream *stream, uint64_t number, struct tally *tally)
{
  uint64_t ambient = 1000, base = 1000000 + 16 * number;
  size_t noisy = number % 3 == 0 ? 1 : 0;
  size_t samples = 4 + 2 * (size_t)draw_between(stream, base, 3.0 * (double)noisy, 6.0);
  size_t per_class = samples / 2;
  double excess = (double)per_class - 2.0 * (double)noisy;
  double q = draw_between(stream, base + 1, 0.2, 3.0);
  double t = draw_between(stream, base + 2, 0.2, 4.0);
  double spread = draw_between(stream, base + 3, 0.0, 0.25);
  double skew = draw_between(stream, base + 4, -0.06, 0.06);
  struct at_token_data data;
  struct at_hypotheses h;
  char name[32];
  (void)snprintf(name, sizeof name, "test.gram.%u", (unsigned)number);
  struct at_stream noise = at_stream_open(1, name);
  data_make(&data, samples, noisy, sqrt(q * (double)ambient / excess), ambient);
  noise_draw(&data, &noise, spread, skew);
  at_hypotheses_init(&h, &data, step_of(t, &data), PRECISION);
  CU_ASSERT_PTR_NULL(h.obstacle);
  hypotheses_check(&h, &data, tally);
  at_hypotheses_clear(&h);
  at_token_data_free(&data);
}

static void test_theorem_is_never_contradicted(void)
{
  struct tally tally[AT_LEVELS] = {{0, 0, 0, 0, 0}};
  struct at_stream stream = at_stream_open(1, "test.hypotheses");
  for (uint64_t number = 0; number < 2000; number++) {
    random_case(&stream, number, tally);
  }
  /* None of the promises was empty. */
  CU_ASSERT_TRUE(tally[0].one_step > 0 && tally[0].two_step > 0);
  for (int level = 0; level < AT_LEVELS; level++) {
    CU_ASSERT_TRUE(tally[level].clean > 0);
    CU_ASSERT_TRUE(tally[level].noisy > 0);
  }
  CU_ASSERT_TRUE(tally[AT_LEVEL_PARAMETRIC].attention > 0);
  CU_ASSERT_TRUE(tally[AT_LEVEL_DIRECT].attention > 0);
}

/* ---- the levels once more, in plain doubles from the formulas of hypotheses.h ---- */

enum { FEW = 12 };

/* gamma, label, class, noisy: the data; per class c, e, q. */
struct plain {
  size_t n, kind[FEW];
  double gamma[FEW][FEW], label[FEW], c[2], e[2], q[2], a, t, epsilon, tau, theta;
};

static void plain_init(struct plain *plain, const struct at_token_data *data, double step)
{
  double scale = (double)data->ambient_dim;
  *plain = (struct plain){.n = data->samples, .a = data->rho * data->rho / scale};
  plain->t = step * scale / (4.0 * (double)data->samples);
  for (size_t i = 0; i < plain->n; i++) {
    size_t k = i % 2, noisy = data->label[i] != data->clean_label[i];
    plain->label[i] = data->label[i];
    plain->kind[i] = 2 * k + noisy;
    plain->c[k] += noisy ? 0.0 : 1.0;
    plain->e[k] += noisy ? 1.0 : 0.0;
    double row = 0.0;
    for (size_t j = 0; j < plain->n; j++) {
      double dot = 0.0;
      for (size_t d = 0; d < data->dim; d++) {
        dot += at_token_row(data, i, 1)[d] * at_token_row(data, j, 1)[d];
      }
      plain->gamma[i][j] = dot / scale;
      row += i == j ? 0.0 : data->label[j] * dot / scale;
    }
    plain->epsilon = fmax(plain->epsilon, fabs(plain->gamma[i][i] - 1.0));
    plain->tau = fmax(plain->tau, fabs(row));
  }
  plain->theta = plain->epsilon + plain->tau;
  for (size_t k = 0; k < 2; k++) {
    plain->q[k] = plain->a * (plain->c[k] - plain->e[k]);
  }
}

/* Ranges of g of a set (2 class + noisy): sigmoids, or the constants of the crude level. */
static void plain_range(double *low, double *high, const struct plain *p, size_t set, bool crude)
{
  double q = p->q[set / 2], th = p->theta;
  if (set % 2 == 0) {
    *low = crude ? 0.0 : 1.0 / (1.0 + exp(p->t / 2.0 * (q + 1.0 + th)));
    *high = crude ? 0.5 : 1.0 / (1.0 + exp(p->t / 2.0 * (q + 1.0 - th)));
  } else {
    *low = crude ? 0.5 : 1.0 / (1.0 + exp(-p->t / 2.0 * (q - 1.0 - th)));
    *high = crude ? 1.0 : 1.0 / (1.0 + exp(-p->t / 2.0 * (q - 1.0 + th)));
  }
}

/* Ranges of w (pull false) or h (pull true) of a set. */
static void plain_weights(double *low, double *high, const struct plain *p, size_t set, bool pull)
{
  double g[2], q = p->q[set / 2], th = p->theta;
  plain_range(&g[0], &g[1], p, set, false);
  if (!pull) {
    *low = 1.0 + 2.0 * g[0];
    *high = 1.0 + 2.0 * g[1];
  } else if (set % 2 == 0) {
    *low = g[0] * (q - 1.0 - th);
    *high = g[1] * (q - 1.0 + th);
  } else {
    *low = -g[1] * (q + 1.0 + th);
    *high = -g[0] * (q + 1.0 - th);
  }
}

/* X (pull false) or Y (pull true) of the parametric level. */
static double plain_cross(const struct plain *p, bool pull)
{
  double bound = 0.0;
  for (size_t i = 0; i < p->n; i++) {
    double centre = 0.0, spread = 0.0;
    for (size_t j = 0; j < p->n; j++) {
      double low, high;
      plain_weights(&low, &high, p, p->kind[j], pull);
      if (j != i) {
        centre += (low + high) / 2.0 * (pull ? 1.0 : p->label[j]) * p->gamma[i][j];
        spread += (high - low) / 2.0 * fabs(p->gamma[i][j]);
      }
    }
    bound = fmax(bound, fabs(centre) + spread);
  }
  return bound;
}

/* X and Y of the crude level. */
static void plain_crude_cross(double *x, double *y, const struct plain *p)
{
  double kappa[3] = {0.0, 0.0, 0.0}, q = fmax(p->q[0], p->q[1]);
  for (size_t i = 0; i < p->n; i++) {
    double row[2] = {0.0, 0.0};
    for (size_t j = 0; j < p->n; j++) {
      row[p->kind[j] % 2] += j == i ? 0.0 : fabs(p->gamma[i][j]);
    }
    kappa[0] = fmax(kappa[0], row[0]);
    kappa[1] = fmax(kappa[1], row[1]);
    kappa[2] = fmax(kappa[2], row[0] + row[1]);
  }
  *x = fmin(fmin(2.0 * kappa[0] + 3.0 * kappa[1], 1.5 * p->tau + 0.5 * kappa[0] + 1.5 * kappa[1]),
            2.0 * p->tau + kappa[2]);
  *y = (q - 1.0 + p->theta) / 2.0 * kappa[0] + (q + 1.0 + p->theta) * kappa[1];
}

enum { W_LOW, W_HIGH, H_LOW, H_HIGH, ENDS };

/* The ends of a W_k and a H_k, from the ranges gc and gn of g on C_k and N_k. */
static void plain_ends(double *end, const struct plain *p, const double *gc, const double *gn,
                       size_t k, bool crude)
{
  double c = p->c[k], e = p->e[k], q = p->q[k], th = p->theta;
  double phi = fmax(p->e[0] / (p->c[0] - p->e[0]), p->e[1] / (p->c[1] - p->e[1]));
  end[W_LOW] = p->a * (c * (1.0 + 2.0 * gc[0]) - e * (1.0 + 2.0 * gn[1]));
  end[W_HIGH] = p->a * (c * (1.0 + 2.0 * gc[1]) - e * (1.0 + 2.0 * gn[0]));
  end[H_LOW] = p->a * (c * gc[0] * (q - 1.0 - th) - e * gn[1] * (q + 1.0 + th));
  end[H_HIGH] = p->a * (c * gc[1] * (q - 1.0 + th) - e * gn[0] * (q + 1.0 - th));
  if (crude) {
    end[W_LOW] = q * (1.0 - 2.0 * phi);
    end[W_HIGH] = 2.0 * q;
    end[H_LOW] = -phi * q * (q + 1.0 + th);
    end[H_HIGH] = q * (q - 1.0 + th) / 2.0;
  }
}

/* Takes class k into the terms; X and Y are there already. */
static void plain_class(double *term, const struct plain *p, size_t k, bool crude)
{
  double gc[2], gn[2], end[ENDS], q = p->q[k], th = p->theta, own = 1.0 - p->epsilon;
  double square = p->t * p->t;
  plain_range(&gc[0], &gc[1], p, 2 * k, crude);
  plain_range(&gn[0], &gn[1], p, 2 * k + 1, crude);
  plain_ends(end, p, gc, gn, k, crude);
  double m = gn[0] * (q + 1.0 - th) * own - end[H_HIGH] - term[AT_TERM_Y];
  double v_clean = (1.0 + 2.0 * gc[0]) * own - term[AT_TERM_X];
  double v_noisy = (1.0 + 2.0 * gn[0]) * own - term[AT_TERM_X];
  double gap = end[H_LOW] + gc[0] * (q - 1.0 - th) * own - term[AT_TERM_Y];
  const double now[AT_TERMS] = {[AT_TERM_M_LEAST] = m,
                                [AT_TERM_FIT_CLEAN] = fmin(end[W_LOW], v_clean),
                                [AT_TERM_FIT_NOISY] = exp(square * m) * v_noisy - end[W_HIGH],
                                [AT_TERM_REACH] = exp(square * end[H_LOW]) * end[W_LOW],
                                [AT_TERM_CLEAN_ATTENTION] = gap};
  for (size_t i = AT_TERM_M_LEAST; i <= AT_TERM_CLEAN_ATTENTION; i++) {
    term[i] = fmin(term[i], now[i]);
  }
  term[AT_TERM_NOISY_ATTENTION] =
    fmax(term[AT_TERM_NOISY_ATTENTION], 1.0 / (1.0 + exp(square * m)));
}

/* The Gershgorin bounds of the two quadratic forms. */
static double plain_spread(const struct plain *p, bool pull, bool crude)
{
  double sum = 0.0, row = 0.0;
  for (size_t i = 0; i < p->n; i++) {
    double low, high, kappa = 0.0;
    plain_weights(&low, &high, p, p->kind[i], pull);
    if (crude) {
      double q = p->q[p->kind[i] / 2], th = p->theta;
      bool noisy = p->kind[i] % 2 == 1;
      low = !pull ? high : noisy ? q + 1.0 + th : 0.0;
      high = !pull ? (noisy ? 3.0 : 2.0) : noisy ? low : (q - 1.0 + th) / 2.0;
    }
    sum += fmax(low * low, high * high);
    for (size_t j = 0; j < p->n; j++) {
      kappa += j == i ? 0.0 : fabs(p->gamma[i][j]);
    }
    row = fmax(row, kappa);
  }
  return sum * (1.0 + p->epsilon + row);
}

static void plain_terms(double *term, const struct plain *p, bool crude)
{
  for (size_t i = 0; i < AT_TERMS; i++) {
    term[i] = INFINITY;
  }
  term[AT_TERM_NOISY_ATTENTION] = 0.0;
  term[AT_TERM_X] = plain_cross(p, false);
  term[AT_TERM_Y] = plain_cross(p, true);
  if (crude) {
    plain_crude_cross(&term[AT_TERM_X], &term[AT_TERM_Y], p);
  }
  term[AT_TERM_VALUE_SPREAD] = plain_spread(p, false, crude);
  term[AT_TERM_SCORE_SPREAD] = plain_spread(p, true, crude);
  plain_class(term, p, 0, crude);
  plain_class(term, p, 1, crude);
}

/* Sums of at most 12 terms of size up to about 30, each with relative error below 2^-48: 2^-36 is
 * far above what rounding leaves and far below any change of a formula. */
static void test_levels_meet_plain_doubles(void)
{
  struct at_token_data data;
  struct at_hypotheses h;
  struct plain plain;
  double term[AT_TERMS];
  for (uint64_t number = 0; number < 8; number++) {
    struct at_stream noise = at_stream_open(number, "test.plain");
    data_make(&data, 12, 1, 24.0 + (double)number, 1000);
    noise_draw(&data, &noise, 0.02, number % 2 == 0 ? 0.004 : -0.004);
    at_hypotheses_init(&h, &data, step_of(1.25, &data), PRECISION);
    plain_init(&plain, &data, step_of(1.25, &data));
    for (int level = 0; level < AT_LEVEL_DIRECT; level++) {
      CU_ASSERT_TRUE_FATAL(h.level_known[level]);
      plain_terms(term, &plain, level == AT_LEVEL_CRUDE);
      for (size_t k = 0; k < AT_TERMS; k++) {
        double found = arf_get_d(arb_midref(h.level[level] + k), ARF_RND_NEAR);
        CU_ASSERT_TRUE(fabs(found - term[k]) <= 0x1p-36 * (1.0 + fabs(term[k])));
      }
    }
    at_hypotheses_clear(&h);
    at_token_data_free(&data);
  }
}

/* ---- closed forms against gradient descent ---- */

static void drawn(struct at_token_data *data, size_t samples, uint64_t dim, double rho,
                  size_t noisy, enum at_coordinates coordinates)
{
  struct at_synthetic_settings settings = {.samples = samples,
                                           .tokens = 2,
                                           .ambient_dim = dim,
                                           .rho = rho,
                                           .flips = {true, 0.0, noisy},
                                           .balanced = true,
                                           .seed = 3,
                                           .coordinates = coordinates};
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(data, &settings, &failure), 0);
}

static void margins_meet(const struct at_hypotheses *h, const struct at_token_data *data,
                         const struct at_enclosure_run *run)
{
  arb_t margin;
  arb_init(margin);
  for (size_t i = 0; i < data->samples; i++) {
    for (int step = 1; step <= 2; step++) {
      arb_srcptr closed = step == 1 ? h->margin_one + i : h->margin_two + i;
      arb_mul_si(margin, run->point[step].outputs + i, (slong)data->label[i], ARF_PREC_EXACT);
      CU_ASSERT_TRUE(arb_overlaps(margin, closed));
      CU_ASSERT_TRUE(at_ball_is_tight(closed, AT_ENCLOSURE_TIGHT_BITS));
    }
    CU_ASSERT_TRUE(arb_overlaps(run->point[2].weights + 2 * i, h->attention_two + i));
  }
  arb_clear(margin);
}

/* (C): exp(p'mu_k) eps_k v'mu_k / t is the omega that class k allows; reach must not pass it. */
static void reach_is_kept(const struct at_hypotheses *h, const struct at_enclosure_run *run,
                          double rho)
{
  arb_t allowed, factor;
  arb_init(allowed);
  arb_init(factor);
  arb_set_d(factor, rho);
  for (int k = 0; k < AT_CLASSES; k++) {
    arb_mul(allowed, run->point[2].p + k, factor, PRECISION);
    arb_exp(allowed, allowed, PRECISION);
    arb_mul(allowed, allowed, run->point[2].v + k, PRECISION);
    arb_mul(allowed, allowed, factor, PRECISION);
    arb_mul_si(allowed, allowed, k == 0 ? 1 : -1, PRECISION);
    arb_div(allowed, allowed, h->value + AT_HYPOTHESIS_T, PRECISION);
    for (int level = 0; level < AT_LEVELS; level++) {
      if (h->level_known[level]) {
        CU_ASSERT_FALSE(arb_gt(h->level[level] + AT_TERM_REACH, allowed));
      }
    }
  }
  arb_clear(allowed);
  arb_clear(factor);
}

static void closed_forms_check(size_t samples, uint64_t dim, double rho, size_t noisy, double step,
                               enum at_coordinates coordinates)
{
  struct at_token_data data;
  struct at_hypotheses h;
  struct at_enclosure_run run;
  drawn(&data, samples, dim, rho, noisy, coordinates);
  at_hypotheses_init(&h, &data, step, PRECISION);
  at_enclosure_run_init(&run, &data, step, 2);
  CU_ASSERT_TRUE(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  margins_meet(&h, &data, &run);
  reach_is_kept(&h, &run, rho);
  at_enclosure_run_clear(&run);
  at_hypotheses_clear(&h);
  at_token_data_free(&data);
}

static void test_closed_forms_meet_gradient_descent(void)
{
  closed_forms_check(20, 4000, 30.0, 2, 0.02, AT_COORDINATES_COMPRESSED);
  closed_forms_check(20, 400, 30.0, 2, 0.02, AT_COORDINATES_COMPRESSED);
  closed_forms_check(20, 12, 3.0, 2, 0.5, AT_COORDINATES_COMPRESSED);
  closed_forms_check(24, 1000000, 400.0, 1, 1e-4, AT_COORDINATES_COMPRESSED);
  closed_forms_check(12, 1500, 20.0, 1, 0.05, AT_COORDINATES_FULL);
}

/* ---- by hand ---- */

static bool equals(const arb_t ball, double value)
{
  return arb_contains_si(ball, 0)
           ? arb_is_zero(ball) && value == 0.0
           : fabs(arf_get_d(arb_midref(ball), ARF_RND_NEAR) - value) <= 0x1p-50 * fabs(value);
}

/* Orthogonal noise of squared norm D: epsilon 0, no cross terms; D = 100, rho = 20, four samples of
 * each class with one flipped: q = 400 * 2 / 100, t = beta 100 / 32. */
static void test_orthogonal_noise_by_hand(void)
{
  struct at_token_data data;
  struct at_hypotheses h;
  data_make(&data, 8, 1, 20.0, 100);
  for (size_t i = 0; i < 8; i++) {
    at_token_row(&data, i, 1)[2 + i] = 10.0;
  }
  at_hypotheses_init(&h, &data, 0.32, PRECISION);
  CU_ASSERT_PTR_NULL_FATAL(h.obstacle);
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_A, 4.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_T, 1.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_Q_LEAST, 8.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_Q_MOST, 8.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_DELTA_LEAST, 2.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_PHI, 0.5));
  CU_ASSERT_TRUE(arb_is_zero(h.value + AT_HYPOTHESIS_EPSILON));
  CU_ASSERT_TRUE(arb_is_zero(h.value + AT_HYPOTHESIS_KAPPA));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_TWO_STEP_SLACK, 7.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_ONE_STEP_SLACK, -7.0));
  for (int level = 0; level < AT_LEVELS; level++) {
    CU_ASSERT_TRUE(arb_is_zero(h.level[level] + AT_TERM_X));
    CU_ASSERT_TRUE(arb_is_zero(h.level[level] + AT_TERM_Y));
  }
  /* m = ((q + 1) - q(q - 1))/2 = (9 - 56)/2 */
  CU_ASSERT_TRUE(equals(h.level[AT_LEVEL_CRUDE] + AT_TERM_M_LEAST, -23.5));
  /* A = 1: margins (1 + 8)/2 clean, (1 - 8)/2 noisy. */
  CU_ASSERT_TRUE(equals(h.margin_one + 7, 4.5));
  CU_ASSERT_TRUE(equals(h.margin_one, -3.5));
  at_hypotheses_clear(&h);
  at_token_data_free(&data);
}

/* Noise along one line: gamma_ij = 1 for all i, j. Six samples, no flips: y_i sum_{j/=i} y_j = -1,
 * five others, and two of them in the same class. */
static void test_collinear_noise_by_hand(void)
{
  struct at_token_data data;
  struct at_hypotheses h;
  data_make(&data, 6, 0, 1.0, 64);
  for (size_t i = 0; i < 6; i++) {
    at_token_row(&data, i, 1)[2] = 8.0;
  }
  at_hypotheses_init(&h, &data, 1.0, PRECISION);
  CU_ASSERT_TRUE(arb_is_zero(h.value + AT_HYPOTHESIS_EPSILON));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_TAU, 1.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_KAPPA, 5.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_KAPPA_CLEAN, 5.0));
  CU_ASSERT_TRUE(arb_is_zero(h.value + AT_HYPOTHESIS_KAPPA_NOISY));
  CU_ASSERT_FALSE(h.level_known[AT_LEVEL_CRUDE]);
  CU_ASSERT_TRUE(h.level_known[AT_LEVEL_DIRECT]);
  at_hypotheses_clear(&h);
  at_token_data_free(&data);
}

static const char *obstacle_after(void (*spoil)(struct at_token_data *))
{
  struct at_token_data data;
  data_make(&data, 4, 0, 2.0, 16);
  for (size_t i = 0; i < 4; i++) {
    at_token_row(&data, i, 1)[2 + i] = 4.0;
  }
  CU_ASSERT_PTR_NULL(at_gram_obstacle(&data));
  spoil(&data);
  const char *obstacle = at_gram_obstacle(&data);
  at_token_data_free(&data);
  return obstacle == NULL ? "" : obstacle;
}

static void spoil_norm(struct at_token_data *data)
{
  at_token_row(data, 1, 0)[1] = at_token_row(data, 3, 0)[1] = 2.5;
}
static void spoil_one_signal(struct at_token_data *data)
{
  at_token_row(data, 2, 0)[3] = 0x1p-1000;
}
/* Norms stay equal, so that the angle alone is wrong. */
static void spoil_angle(struct at_token_data *data)
{
  for (size_t i = 0; i < 4; i++) {
    at_token_row(data, i, 0)[0] = 2.0;
    at_token_row(data, i, 0)[1] = i % 2 == 0 ? 0x1p-1000 : 0.0;
    at_token_row(data, i, 0)[3] = i % 2 == 1 ? 0x1p-1000 : 0.0;
  }
}
static void spoil_signals(struct at_token_data *data)
{
  for (size_t i = 0; i < 4; i++) {
    at_token_row(data, i, 0)[0] = at_token_row(data, i, 0)[1] = 0.0;
  }
}
static void spoil_noise(struct at_token_data *data)
{
  at_token_row(data, 2, 1)[1] = 0x1p-1000;
}
static void spoil_all_noise(struct at_token_data *data)
{
  for (size_t i = 0; i < 4; i++) {
    at_token_row(data, i, 1)[2 + i] = 0x1p-501;
  }
}
static void spoil_class(struct at_token_data *data)
{
  data->clean_label[1] = data->clean_label[3] = 1.0;
}

static void test_obstacles_are_named(void)
{
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_norm), "the two signals differ in norm");
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_angle), "the two signals are not orthogonal");
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_signals), "the signals are zero");
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_one_signal), "the signal tokens of a class differ");
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_noise),
                         "a noise token is not orthogonal to the signals");
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_all_noise), "no noise entry reaches 2^-500");
  CU_ASSERT_STRING_EQUAL(obstacle_after(spoil_class), "a class has no sample");
}

/* Given data stand for no dimension: R is the middle of the range of |xi|^2, here (16 + 64)/2, and
 * signals need not lie on axes. */
static void test_given_data_have_their_own_scale(void)
{
  struct at_token_data data;
  struct at_hypotheses h;
  data_make(&data, 4, 0, 2.0, 6);
  data.synthetic = false;
  for (size_t i = 0; i < 4; i++) {
    at_token_row(&data, i, 0)[0] = 2.0;
    at_token_row(&data, i, 0)[1] = i % 2 == 0 ? 2.0 : -2.0;
    at_token_row(&data, i, 1)[2 + i] = i == 3 ? 8.0 : 4.0;
  }
  at_hypotheses_init(&h, &data, 0.5, PRECISION);
  CU_ASSERT_PTR_NULL_FATAL(h.obstacle);
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_A, 8.0 / 40.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_T, 0.5 * 40.0 / 16.0));
  CU_ASSERT_TRUE(equals(h.value + AT_HYPOTHESIS_EPSILON, 0.6));
  at_hypotheses_clear(&h);
  at_token_data_free(&data);
}

/* ---- the map of q and t: n = 40, D = 40000, two flips a class, away from the boundaries ---- */

static bool fits(double q, double t)
{
  struct at_token_data data;
  struct at_hypotheses h;
  drawn(&data, 40, 40000, sqrt(q * 40000.0 / 16.0), 2, AT_COORDINATES_COMPRESSED);
  at_hypotheses_init(&h, &data, step_of(t, &data), PRECISION);
  bool all = true;
  for (size_t i = 0; i < data.samples; i++) {
    all = all && arb_is_positive(h.margin_two + i);
  }
  at_hypotheses_clear(&h);
  at_token_data_free(&data);
  return all;
}

static void test_map_of_q_and_t(void)
{
  static const struct {
    double q, t;
    bool fits;
  } cell[] = {{0.5, 0.1, true},  {0.5, 1.0, true},   {0.5, 10.0, true},  {1.5, 0.1, false},
              {1.5, 1.0, true},  {2.0, 0.25, false}, {2.0, 2.0, true},   {2.0, 10.0, true},
              {5.0, 0.1, false}, {5.0, 2.0, true},   {20.0, 0.1, false}, {20.0, 1.0, true}};
  for (size_t k = 0; k < sizeof cell / sizeof cell[0]; k++) {
    CU_ASSERT_EQUAL(fits(cell[k].q, cell[k].t), cell[k].fits);
  }
}

void at_suite_hypotheses(void)
{
  CU_pSuite suite = CU_add_suite("hypotheses", NULL, NULL);
  CU_add_test(suite, "the theorem is never contradicted", test_theorem_is_never_contradicted);
  CU_add_test(suite, "levels meet plain doubles", test_levels_meet_plain_doubles);
  CU_add_test(suite, "closed forms meet gradient descent", test_closed_forms_meet_gradient_descent);
  CU_add_test(suite, "orthogonal noise by hand", test_orthogonal_noise_by_hand);
  CU_add_test(suite, "collinear noise by hand", test_collinear_noise_by_hand);
  CU_add_test(suite, "obstacles are named", test_obstacles_are_named);
  CU_add_test(suite, "given data have their own scale", test_given_data_have_their_own_scale);
  CU_add_test(suite, "the map of q and t", test_map_of_q_and_t);
}
