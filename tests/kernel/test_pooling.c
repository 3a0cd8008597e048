/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of kernel/pooling.h.
 * Main result: output, loss and coefficients lie within the bounds of harness/bounds/pooling.h of
 * the reference; loss and derivative keep their ranges up to the largest margins.
 * Assumptions: measure.h.
 */
#include <CUnit/CUnit.h>
#include <math.h>

#include "harness/bounds/computed.h"
#include "harness/bounds/elementary.h"
#include "harness/bounds/pooling.h"
#include "harness/reference/array.h"
#include "harness/reference/pooling.h"
#include "kernel/capacity.h"
#include "kernel/pooling.h"
#include "kernel/softmax.h"
#include "tests/kernel/measure.h"
#include "tests/suites.h"

static struct measure outputs = {.name = "pool_output", .scale = "sum w |x|"};
static struct measure score_c = {.name = "score coefficients", .scale = "the coefficient"};
static struct measure value_c = {.name = "value coefficients", .scale = "the coefficient"};
static struct measure losses = {.name = "loss", .scale = "the loss"};
static struct measure slopes = {.name = "loss derivative", .scale = "the derivative"};

/* Arrays of one sample: weights, values, score and value coefficients, T each. */
enum { WEIGHTS, VALUES, SCORE_C, VALUE_C, PARTS };
struct sample_arrays {
  double kernel[PARTS][AT_MAX_TOKENS];
  double output;
  mpfr_ptr exact[PARTS], exact_output;
};

/* Everything computed both ways from the same weights, values and output. */
static void sample_compute(struct sample_arrays *s, double label, size_t tokens)
{
  s->output = at_pool_output(s->kernel[WEIGHTS], s->kernel[VALUES], tokens);
  at_pool_coefficients(s->kernel[SCORE_C], s->kernel[VALUE_C], s->kernel[WEIGHTS],
                       s->kernel[VALUES], s->output, label, tokens);
  for (size_t k = 0; k < PARTS; k++)
    s->exact[k] = at_reference_array_init(tokens, MEASURE_PRECISION);
  s->exact_output = at_reference_array_init(2, MEASURE_PRECISION);
  at_reference_array_set(s->exact[WEIGHTS], s->kernel[WEIGHTS], tokens);
  at_reference_array_set(s->exact[VALUES], s->kernel[VALUES], tokens);
  at_reference_pool_output(s->exact_output, s->exact[WEIGHTS], s->exact[VALUES], tokens);
  at_reference_array_set(s->exact_output + 1, &s->output, 1);
  at_reference_pool_coefficients(s->exact[SCORE_C], s->exact[VALUE_C], s->exact[WEIGHTS],
                                 s->exact[VALUES], s->exact_output + 1, label, tokens);
}

/* The exact result of at_pool_coefficients is that of its own arguments, so no argument carries an
 * error here; the sum of products in at_pool_output likewise. */
static void sample_compare(const struct sample_arrays *s, size_t tokens)
{
  const struct at_format kernel = at_format_kernel();
  arf_ptr held[PARTS], output = at_computed_init(1);
  mag_ptr none = measure_mags(tokens), score = measure_mags(tokens), value = measure_mags(tokens);
  mag_t bound;
  mag_init(bound);
  for (size_t k = 0; k < PARTS; k++) {
    held[k] = at_computed_init(tokens);
    at_computed_set_doubles(held[k], s->kernel[k], tokens);
  }
  at_computed_set_doubles(output, &s->output, 1);
  const struct at_bound_sample sample = {tokens,        held[WEIGHTS], held[VALUES], held[SCORE_C],
                                         held[VALUE_C], output,        none,         none};
  at_bound_pool_output(bound, &sample, &kernel);
  double size = 0.0;
  for (size_t t = 0; t < tokens; t++) size += fabs(s->kernel[WEIGHTS][t] * s->kernel[VALUES][t]);
  measure_value(&outputs, s->output, s->exact_output, bound, NULL, size);
  mag_zero(bound);
  at_bound_pool_coefficients(score, value, &sample, bound, &kernel);
  for (size_t t = 0; t < tokens; t++) {
    const double b = fabs(s->kernel[SCORE_C][t]), c = fabs(s->kernel[VALUE_C][t]);
    CU_ASSERT(c <= 1.0);
    /* where the slope was clamped the score coefficient is off by a multiple of the clamp */
    measure_value(&score_c, s->kernel[SCORE_C][t], s->exact[SCORE_C] + t, score + t, NULL,
                  c > 0x1p-960 ? b : 0.0);
    measure_value(&value_c, s->kernel[VALUE_C][t], s->exact[VALUE_C] + t, value + t, NULL, c);
  }
  for (size_t k = 0; k < PARTS; k++) at_computed_clear(held[k], tokens);
  at_computed_clear(output, 1);
  measure_mags_clear(none, tokens);
  measure_mags_clear(score, tokens);
  measure_mags_clear(value, tokens);
  mag_clear(bound);
}

static void sample_check(size_t tokens, uint64_t seed, int low, int high)
{
  static struct sample_arrays s;
  double scores[AT_MAX_TOKENS];
  measure_draw(scores, tokens, seed, "pooling.scores", -3, 6);
  measure_draw(s.kernel[VALUES], tokens, seed, "pooling.values", low, high);
  at_softmax_row(s.kernel[WEIGHTS], scores, tokens);
  measure_inputs(&outputs, "%zu tokens, seed %d, values from 2^%d", tokens, (int)seed, low);
  measure_inputs(&score_c, "%zu tokens, seed %d, values from 2^%d", tokens, (int)seed, low);
  measure_inputs(&value_c, "%zu tokens, seed %d, values from 2^%d", tokens, (int)seed, low);
  sample_compute(&s, seed % 2 == 0 ? 1.0 : -1.0, tokens);
  sample_compare(&s, tokens);
  for (size_t k = 0; k < PARTS; k++) at_reference_array_clear(s.exact[k], tokens);
  at_reference_array_clear(s.exact_output, 2);
}

/* Samples of up to sizes[count - 1] tokens. */
static void random_samples(uint64_t seed, size_t count)
{
  const size_t sizes[] = {1, 2, 3, 8, 16, 63, AT_MAX_TOKENS};
  const int exponents[][2] = {{-4, 3}, {-60, 0}, {-1074, -1000}, {0, 10}, {90, 96}};
  for (size_t k = 0; k < count; k++)
    for (size_t e = 0; e < sizeof exponents / sizeof *exponents; e++)
      sample_check(sizes[k], seed, exponents[e][0], exponents[e][1]);
}

static void test_samples(void)
{
  for (uint64_t seed = 1; seed <= 40; seed++) random_samples(seed, 7);
}

/* loss and derivative of one margin, bounds of harness/bounds/elementary.h with exact argument */
static void margin_check(double margin)
{
  const struct at_format kernel = at_format_kernel();
  mpfr_ptr exact = at_reference_array_init(3, MEASURE_PRECISION);
  mag_t bound, size;
  mag_init(bound);
  mag_init(size);
  const double loss = at_loss(margin), slope = at_loss_derivative(margin);
  mpfr_set_d(exact, margin, MPFR_RNDN);
  at_reference_loss(exact + 1, exact);
  at_reference_loss_derivative(exact + 2, exact);
  CU_ASSERT(loss >= 0.0 && slope >= -1.0 && slope <= 0.0);
  mag_set_d(size, loss);
  at_bound_softplus(bound, size, NULL, &kernel);
  measure_inputs(&losses, "margin %a", margin);
  measure_value(&losses, loss, exact + 1, bound, NULL, loss);
  mag_set_d(size, slope);
  at_bound_sigmoid(bound, size, NULL, &kernel);
  measure_inputs(&slopes, "margin %a", margin);
  measure_value(&slopes, slope, exact + 2, bound, NULL, -slope);
  mag_clear(bound);
  mag_clear(size);
  at_reference_array_clear(exact, 3);
}

static void test_margins(void)
{
  for (int e = -1074; e <= 104; e++) {
    margin_check(ldexp(1.0, e));
    margin_check(-ldexp(1.0, e));
  }
  for (int k = -6000; k <= 6000; k++) margin_check(k * 0.125);
}

/* As many as are asked for: of few tokens once there are enough coefficients. */
static void test_wanted(void)
{
  const size_t wanted = measure_wanted();
  double margin;
  for (uint64_t seed = 41; outputs.values < wanted; seed++)
    random_samples(seed, score_c.values < wanted ? 7 : 2);
  for (uint64_t seed = 1; losses.values < wanted; seed++) {
    measure_draw(&margin, 1, seed, "pooling.margin", seed % 4 == 0 ? -1074 : -60, 9);
    margin_check(margin);
  }
}

static void test_exact(void)
{
  const double weights[2] = {0.5, 0.5}, values[2] = {3.0, -1.0};
  double score[2], value[2];
  CU_ASSERT_EQUAL(at_pool_output(weights, values, 2), 1.0);
  CU_ASSERT_EQUAL(at_loss_derivative(0.0), -0.5);
  at_pool_coefficients(score, value, weights, values, 0.0, 1.0, 2);
  CU_ASSERT(value[0] == -0.25 && value[1] == -0.25 && score[0] == -0.75 && score[1] == 0.25);
}

static void test_bounds(void)
{
  measure_close(&outputs);
  measure_close(&score_c);
  measure_close(&value_c);
  measure_close(&losses);
  measure_close(&slopes);
}

void at_suite_pooling(void)
{
  CU_pSuite suite = CU_add_suite("kernel/pooling", NULL, NULL);
  CU_add_test(suite, "exact cases", test_exact);
  CU_add_test(suite, "samples", test_samples);
  CU_add_test(suite, "margins", test_margins);
  CU_add_test(suite, "as many as asked for", test_wanted);
  CU_add_test(suite, "bounds at all of them", test_bounds);
}
