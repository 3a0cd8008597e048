/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/run.h.
 * Main result: precision rises exactly as far as a near-tie asks; an exact tie is decided as zero;
 * a cap that is too low gives undecided; margins after two steps obey the Gram-matrix form and the
 * deterministic statements on the first step.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include "harness/data/synthetic.h"
#include "harness/enclosure/run.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

/* Two samples of class 1 with opposite labels, tokens rho e_0 with rho = 1 and delta_i e_2. After
 * one step v = (step/4n) sum y_i (u_i + xi_i), so 2 f_1 / (step/4n) = (1 + d_1^2) - (1 + d_1 d_2)
 * = d_1 (d_1 - d_2): relatively 2^-160 of its terms when d_1 = 2^-80, d_2 = -2^-80. */
static void near_tie(struct at_token_data *data, double first, double second)
{
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(data, 2, 2, 3, false, NULL), 0);
  data->token[0] = 1.0;
  data->token[5] = first;
  data->token[6] = 1.0;
  data->token[11] = second;
  data->label[0] = 1.0;
  data->label[1] = -1.0;
}

static void test_near_tie(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  near_tie(&data, 0x1p-80, -0x1p-80);
  at_enclosure_run_init(&run, &data, 0x1.8p-2, 2);
  CU_ASSERT_FALSE(at_enclosure_run_decide(&run, 128));
  CU_ASSERT_EQUAL(run.precision, 128);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT(run.precision >= 256 && run.precision <= 512);
  CU_ASSERT_EQUAL(at_enclosure_margin_sign(&run.point[1], &data, 0), AT_SIGN_POSITIVE);
  CU_ASSERT_EQUAL(at_enclosure_margin_sign(&run.point[1], &data, 1), AT_SIGN_POSITIVE);
  CU_ASSERT(at_balls_are_tight(run.point[1].outputs, 2));
  CU_ASSERT_FALSE(run.projected);
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
}

/* The same sample with both labels: v stays exactly zero, and the tie is known, not undecided. */
static void test_exact_tie(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  near_tie(&data, 0.75, 0.75);
  at_enclosure_run_init(&run, &data, 0.25, 3);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  CU_ASSERT_EQUAL(run.precision, AT_ENCLOSURE_START_BITS);
  for (size_t k = 0; k <= 3; k++) {
    CU_ASSERT_EQUAL(at_enclosure_margin_sign(&run.point[k], &data, 0), AT_SIGN_ZERO);
    CU_ASSERT_EQUAL(at_enclosure_margin_sign(&run.point[k], &data, 1), AT_SIGN_ZERO);
  }
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
}

static void test_cap(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  near_tie(&data, 1.0, 2.0);
  at_enclosure_run_init(&run, &data, 0.25, 0);
  CU_ASSERT_FALSE(at_enclosure_run_decide(&run, 127));
  CU_ASSERT_EQUAL(run.precision, 0);
  CU_ASSERT(at_enclosure_run_refine(&run, 128));
  CU_ASSERT_FALSE(at_enclosure_run_refine(&run, 255));
  CU_ASSERT_EQUAL(run.precision, 128);
  CU_ASSERT(at_enclosure_run_refine(&run, 256));
  CU_ASSERT_EQUAL(run.precision, 256);
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
}

enum { GRAM_BITS = 320, FORM_SAMPLES = 10, FORM_DIM = 16 };

/* Gram-matrix form of the first two iterates, by itself in balls: with c = step/4n, G_ij = xi_i
 * xi_j, y = label, S_i = sum_j y_j (mu_i mu_j + G_ij), k_ij = [class of i = class of j] rho^2:
 *   y_i f_i^1 = (c/2) y_i S_i,  g_i = 1/(1 + exp(y_i f_i^1)),
 *   h_i = g_i y_i v_1 (u_i - xi_i) = g_i y_i c (sum_j y_j (k_ij - G_ij)),
 *   scores: p_2 (u_i - xi_i) = c sum_j h_j (k_ij + G_ij),  values with w_j = 1 + 2 g_j:
 *   v_2 u_i = c sum_j w_j y_j k_ij,  v_2 xi_i = c sum_j w_j y_j G_ij. */
struct gram_form {
  const struct at_token_data *data;
  arb_t c;
  arb_ptr gram; /* samples^2 */
  arb_ptr g, h; /* samples */
};

/* sum = sum over j of factor[j] (signal * k_ij + noise * G_ij), factor NULL meaning y_j. */
static void gram_sum(arb_t sum, const struct gram_form *form, size_t i, arb_srcptr factor,
                     slong signal, slong noise)
{
  const size_t n = form->data->samples;
  arb_t term, square;
  arb_init(term);
  arb_init(square);
  arb_zero(sum);
  for (size_t j = 0; j < n; j++) {
    arb_mul_si(term, form->gram + i * n + j, noise, GRAM_BITS);
    arb_set_d(square, form->data->rho);
    arb_mul(square, square, square, GRAM_BITS);
    if (i % 2 == j % 2) arb_addmul_si(term, square, signal, GRAM_BITS);
    if (factor != NULL)
      arb_mul(term, term, factor + j, GRAM_BITS);
    else if (form->data->label[j] < 0.0)
      arb_neg(term, term);
    arb_add(sum, sum, term, GRAM_BITS);
  }
  arb_clear(term);
  arb_clear(square);
}

static void gram_form_init(struct gram_form *form, const struct at_token_data *data, double step)
{
  const size_t n = data->samples;
  form->data = data;
  arb_init(form->c);
  arb_set_d(form->c, step);
  arb_div_ui(form->c, form->c, 4 * n, GRAM_BITS);
  form->gram = _arb_vec_init((slong)(n * n));
  form->g = _arb_vec_init((slong)n);
  form->h = _arb_vec_init((slong)n);
  arb_ptr row = _arb_vec_init((slong)(2 * data->dim));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      at_balls_set_doubles(row, at_token_row(data, i, 1), data->dim);
      at_balls_set_doubles(row + data->dim, at_token_row(data, j, 1), data->dim);
      at_balls_dot(form->gram + i * n + j, row, row + data->dim, data->dim, GRAM_BITS);
    }
  _arb_vec_clear(row, (slong)(2 * data->dim));
}

static void gram_form_clear(struct gram_form *form)
{
  const slong n = (slong)form->data->samples;
  arb_clear(form->c);
  _arb_vec_clear(form->gram, n * n);
  _arb_vec_clear(form->g, n);
  _arb_vec_clear(form->h, n);
}

/* g and h; then g becomes w y. */
static void gram_form_coefficients(struct gram_form *form)
{
  arb_t difference;
  arb_init(difference);
  for (size_t i = 0; i < form->data->samples; i++) {
    arb_ptr g = form->g + i;
    const bool negative = form->data->label[i] < 0.0;
    gram_sum(g, form, i, NULL, 1, 1);
    arb_mul(g, g, form->c, GRAM_BITS);
    arb_mul_2exp_si(g, g, -1);
    if (negative) arb_neg(g, g);
    arb_exp(g, g, GRAM_BITS);
    arb_add_ui(g, g, 1, GRAM_BITS);
    arb_inv(g, g, GRAM_BITS);
    gram_sum(difference, form, i, NULL, 1, -1);
    arb_mul(difference, difference, form->c, GRAM_BITS);
    arb_mul(form->h + i, g, difference, GRAM_BITS);
    arb_mul_2exp_si(g, g, 1);
    arb_add_ui(g, g, 1, GRAM_BITS);
    if (negative) {
      arb_neg(form->h + i, form->h + i);
      arb_neg(g, g);
    }
  }
  arb_clear(difference);
}

/* Attention s = 1/(1 + exp(-p_2 (u_i - xi_i))) and output s v_2 u_i + (1 - s) v_2 xi_i. */
static void gram_form_sample(arb_t attention, arb_t output, const struct gram_form *form, size_t i)
{
  arb_t value;
  arb_init(value);
  gram_sum(attention, form, i, form->h, 1, 1);
  arb_mul(attention, attention, form->c, GRAM_BITS);
  arb_neg(attention, attention);
  arb_exp(attention, attention, GRAM_BITS);
  arb_add_ui(attention, attention, 1, GRAM_BITS);
  arb_inv(attention, attention, GRAM_BITS);
  gram_sum(output, form, i, form->g, 0, 1);
  gram_sum(value, form, i, form->g, 1, -1);
  arb_addmul(output, attention, value, GRAM_BITS);
  arb_mul(output, output, form->c, GRAM_BITS);
  arb_clear(value);
}

static void test_gram_form(void)
{
  struct at_token_data data;
  struct at_enclosure_run run;
  struct gram_form form;
  arb_t attention, output;
  arb_init(attention);
  arb_init(output);
  at_test_data_signal(&data, FORM_SAMPLES, FORM_DIM, 3.5, 4, 12);
  gram_form_init(&form, &data, 1.75);
  gram_form_coefficients(&form);
  at_enclosure_run_init(&run, &data, 1.75, 2);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  for (size_t i = 0; i < FORM_SAMPLES; i++) {
    gram_form_sample(attention, output, &form, i);
    CU_ASSERT(at_ball_is_tight(attention, 250) && at_ball_is_tight(output, 250));
    CU_ASSERT(arb_contains(run.point[2].weights + 2 * i, attention));
    CU_ASSERT(arb_contains(run.point[2].outputs + i, output));
  }
  at_enclosure_run_clear(&run);
  gram_form_clear(&form);
  at_token_data_free(&data);
  arb_clear(attention);
  arb_clear(output);
}

/* theta = max |A_i - 1| with A_i = y_i sum_j y_j G_ij / R, R = D, in doubles: an error of 1e-9 is
 * allowed for below. */
static double gram_theta(const struct at_token_data *data)
{
  double theta = 0.0;
  for (size_t i = 0; i < data->samples; i++) {
    double sum = 0.0;
    for (size_t j = 0; j < data->samples; j++)
      for (size_t k = 0; k < data->dim; k++)
        sum += data->label[i] * data->label[j] * at_token_row(data, i, 1)[k] *
               at_token_row(data, j, 1)[k];
    const double distance = sum / (double)data->ambient_dim - 1.0;
    if (distance > theta) theta = distance;
    if (-distance > theta) theta = -distance;
  }
  return theta;
}

/* The signs of the first step for one strength of the signal; with q_k = rho^2 Delta_k / D:
 * q_k > 1 + theta: clean samples are fitted, noisy ones get their clean label;
 * q_k < 1 - theta: every label is fitted. Neither depends on the step size. */
static void first_step(double rho, bool strong)
{
  const struct at_synthetic_settings settings = {
    .samples = 60,
    .tokens = 2,
    .ambient_dim = 40000,
    .rho = rho,
    .seed = 5,
    .balanced = true,
    .flips = {.exact_count = true, .noisy_per_class = 3}};
  struct at_token_data data;
  struct at_enclosure_run run;
  CU_ASSERT_EQUAL_FATAL(at_synthetic_train(&data, &settings, NULL), 0);
  const double q = rho * rho * (27.0 - 3.0) / 40000.0;
  const double theta = gram_theta(&data) + 1e-9;
  CU_ASSERT_FATAL(strong ? q > 1.0 + theta : q < 1.0 - theta);
  at_enclosure_run_init(&run, &data, 0.05, 1);
  CU_ASSERT(at_enclosure_run_decide(&run, AT_ENCLOSURE_CAP_BITS));
  for (size_t i = 0; i < data.samples; i++) {
    const bool clean = data.label[i] == data.clean_label[i];
    const enum at_ball_sign expected = clean || !strong ? AT_SIGN_POSITIVE : AT_SIGN_NEGATIVE;
    CU_ASSERT_EQUAL(at_enclosure_margin_sign(&run.point[1], &data, i), expected);
  }
  at_enclosure_run_clear(&run);
  at_token_data_free(&data);
}

static void test_first_step(void)
{
  first_step(50.0, true);
  first_step(20.0, false);
}

void at_suite_enclosure_run(void)
{
  CU_pSuite suite = CU_add_suite("enclosure run", NULL, NULL);
  CU_add_test(suite, "a near-tie raises the precision", test_near_tie);
  CU_add_test(suite, "an exact tie is decided", test_exact_tie);
  CU_add_test(suite, "no precision beyond the cap", test_cap);
  CU_add_test(suite, "two steps obey the Gram-matrix form", test_gram_form);
  CU_add_test(suite, "the signs of the first step", test_first_step);
}
