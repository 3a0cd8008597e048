/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions: see enclosure.h.
 */
#include "tests/harness/enclosure/enclosure.h"

#include <CUnit/CUnit.h>

#include "harness/data/normal.h"
#include "harness/data/random.h"

bool at_test_ball_meets(const arb_t ball, mpfr_srcptr value, slong bits)
{
  arb_t other;
  arb_init(other);
  arf_set_mpfr(arb_midref(other), value);
  mag_t error;
  mag_init(error);
  arb_get_mag(error, other);
  mag_mul_2exp_si(error, error, -bits);
  mag_set(arb_radref(other), error);
  const bool meets = arb_overlaps(ball, other) != 0;
  mag_clear(error);
  arb_clear(other);
  return meets;
}

bool at_test_balls_meet(arb_srcptr balls, mpfr_srcptr values, size_t count, slong bits)
{
  for (size_t k = 0; k < count; k++)
    if (!at_test_ball_meets(balls + k, values + k, bits)) return false;
  return true;
}

bool at_test_ball_meets_double(const arb_t ball, double value, slong bits)
{
  mpfr_t exact;
  mpfr_init2(exact, 53);
  mpfr_set_d(exact, value, MPFR_RNDN);
  const bool meets = at_test_ball_meets(ball, exact, bits);
  mpfr_clear(exact);
  return meets;
}

void at_test_normal_cdf(mpfr_ptr value, mpfr_srcptr x)
{
  mpfr_t root;
  mpfr_init2(root, mpfr_get_prec(value) + 64);
  mpfr_sqrt_ui(root, 2, MPFR_RNDN);
  mpfr_div(root, x, root, MPFR_RNDN);
  mpfr_neg(root, root, MPFR_RNDN);
  mpfr_erfc(value, root, MPFR_RNDN);
  mpfr_div_2ui(value, value, 1, MPFR_RNDN);
  mpfr_clear(root);
}

void at_test_normals(double *values, size_t count, double scale, uint64_t seed)
{
  const struct at_stream stream = at_stream_open(seed, "test.enclosure");
  at_normal_fill(values, &stream, 0, count);
  for (size_t k = 0; k < count; k++) values[k] *= scale;
}

void at_test_data_normal(struct at_token_data *data, size_t samples, size_t tokens, size_t dim,
                         uint64_t seed)
{
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(data, samples, tokens, dim, false, NULL), 0);
  at_test_normals(data->token, samples * tokens * dim, 1.0, seed);
  for (size_t i = 0; i < samples; i++) data->label[i] = (seed + i * i) % 3 == 0 ? 1.0 : -1.0;
  at_token_data_count(data);
}

void at_test_data_signal(struct at_token_data *data, size_t samples, size_t dim, double rho,
                         size_t flip_every, uint64_t seed)
{
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(data, samples, 2, dim, true, NULL), 0);
  at_test_normals(data->token, samples * 2 * dim, 1.0, seed);
  for (size_t i = 0; i < samples; i++) {
    double *signal = at_token_row(data, i, 0);
    double *noise = at_token_row(data, i, 1);
    for (size_t k = 0; k < dim; k++) signal[k] = k == i % 2 ? rho : 0.0;
    noise[0] = 0.0;
    noise[1] = 0.0;
    data->clean_label[i] = i % 2 == 0 ? 1.0 : -1.0;
    const bool flip = flip_every != 0 && i % flip_every == flip_every - 1;
    data->label[i] = flip ? -data->clean_label[i] : data->clean_label[i];
  }
  data->rho = rho;
  at_token_data_count(data);
}
