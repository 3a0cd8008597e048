/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/tails.h.
 * Main result: every tail is held against a closed form that shares nothing with its evaluation:
 * Poisson sums, a square in the plane, moments of max(N, 0).
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>

#include <arb_hypgeom.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/tails.h"
#include "tests/suites.h"

/* below = P(chi^2 < x) with 2m degrees = 1 - exp(-x/2) sum_{k<m} (x/2)^k / k!, at enough bits to
 * survive the cancellation. */
static void poisson_below(arb_t below, unsigned m, double x)
{
  enum { BITS = 8192 };
  arb_t term, half_x;
  arb_init(term);
  arb_init(half_x);
  arb_set_d(half_x, 0.5 * x);
  arb_neg(term, half_x);
  arb_exp(term, term, BITS);
  arb_one(below);
  for (unsigned k = 0; k < m; k++) {
    arb_sub(below, below, term, BITS);
    arb_mul(term, term, half_x, BITS);
    arb_div_ui(term, term, k + 1, BITS);
  }
  arb_clear(term);
  arb_clear(half_x);
}

/* Both tails meet the exact ones, tightly; `bound`: the lower one may be Chernoff's bound. */
static void chi_square_is_exact(unsigned m, double x, bool bound)
{
  arb_t exact, tail, point;
  arb_init(exact);
  arb_init(tail);
  arb_init(point);
  arb_set_d(point, x);
  poisson_below(exact, m, x);
  at_tail_chi_square_below(tail, 2 * (uint64_t)m, point);
  CU_ASSERT(bound ? arb_gt(tail, exact) : arb_overlaps(tail, exact));
  CU_ASSERT(at_ball_is_tight(tail, 32));
  arb_sub_ui(exact, exact, 1, 8192);
  arb_neg(exact, exact);
  at_tail_chi_square_above(tail, 2 * (uint64_t)m, point);
  CU_ASSERT(arb_overlaps(tail, exact) && at_ball_is_tight(tail, 32));
  arb_clear(exact);
  arb_clear(tail);
  arb_clear(point);
}

/* Far out, P(chi^2 > x) = exp(-x/2) sum_{k<m} (x/2)^k / k! is bounded, and no more than a factor x
 * too large: its last term alone is nearly Chernoff's bound. At D = 10^18 it does not take long. */
static void test_chi_square_remote(void)
{
  enum { HALF = 500 };
  arb_t exact, tail, x;
  arb_init(exact);
  arb_init(tail);
  arb_init(x);
  arb_set_ui(x, 150000);
  arb_zero(exact);
  arb_one(tail);
  for (unsigned k = 0; k < HALF; k++) {
    arb_add(exact, exact, tail, 128);
    arb_mul(tail, tail, x, 128);
    arb_div_ui(tail, tail, k + 1, 128);
  }
  arb_neg(tail, x);
  arb_exp(tail, tail, 128);
  arb_mul(exact, exact, tail, 128);
  arb_mul_2exp_si(x, x, 1);
  at_tail_chi_square_above(tail, 2 * HALF, x);
  CU_ASSERT(arb_gt(tail, exact));
  arb_mul(exact, exact, x, 128);
  CU_ASSERT(arb_lt(tail, exact));
  arb_set_ui(x, UINT64_C(1900000000000000000));
  at_tail_chi_square_above(tail, UINT64_C(1000000000000000000), x);
  CU_ASSERT(arb_is_positive(tail) && arf_cmp_2exp_si(arb_midref(tail), -100000) < 0);
  arb_set_ui(x, UINT64_C(100000000000000000));
  at_tail_chi_square_below(tail, UINT64_C(1000000000000000000), x);
  CU_ASSERT(arb_is_positive(tail) && arf_cmp_2exp_si(arb_midref(tail), -100000) < 0);
  arb_clear(exact);
  arb_clear(tail);
  arb_clear(x);
}

static void test_chi_square(void)
{
  static const double ratio[] = {0.7, 0.9, 1.0, 1.1, 2.0};
  static const unsigned half_degrees[] = {1, 5, 100, 999};
  for (size_t i = 0; i < sizeof half_degrees / sizeof half_degrees[0]; i++)
    for (size_t k = 0; k < sizeof ratio / sizeof ratio[0]; k++)
      chi_square_is_exact(half_degrees[i], ratio[k] * 2.0 * half_degrees[i], false);
  chi_square_is_exact(500, 400.0, true); /* about 1e-90: 1 - Q has no digit left at 256 bits */
}

/* Nothing is below zero, and the range of dimensions that the program takes is covered. */
static void test_chi_square_ends(void)
{
  arb_t x, tail, other;
  arb_init(x);
  arb_init(tail);
  arb_init(other);
  arb_set_si(x, -1);
  at_tail_chi_square_below(tail, 7, x);
  CU_ASSERT(arb_is_zero(tail));
  arb_set_ui(x, UINT64_C(1000000000000000000));
  at_tail_chi_square_above(tail, UINT64_C(1000000000000000000), x);
  at_tail_chi_square_below(other, UINT64_C(1000000000000000000), x);
  arb_add(tail, tail, other, 64);
  arb_sub_ui(tail, tail, 1, 64);
  CU_ASSERT(arb_contains_zero(tail) || arb_is_positive(tail));
  arb_clear(x);
  arb_clear(tail);
  arb_clear(other);
}

/* 1.959963984540054 is the 0.975 quantile to 16 digits, where the density is 0.0584. */
static void test_normal(void)
{
  arb_t x, tail;
  arb_init(x);
  arb_init(tail);
  arb_set_d(x, 1.959963984540054);
  at_tail_normal(tail, x);
  CU_ASSERT_DOUBLE_EQUAL(arf_get_d(arb_midref(tail), ARF_RND_NEAR), 0.05, 2 * 0.0584 * 5e-16);
  arb_clear(x);
  arb_clear(tail);
}

/* value encloses log(1/2 + exp(s^2/2) Phi(s)) and its derivative: the law of max(N, 0). */
static void positive_part(arb_t value, arb_t slope, const arb_t s)
{
  enum { BITS = 128 };
  arb_t part;
  arb_init(part);
  arb_sqr(part, s, BITS);
  arb_mul_2exp_si(part, part, -1);
  arb_exp(part, part, BITS);
  at_ball_normal_cdf(value, s, BITS);
  arb_mul(part, part, value, BITS);
  arb_set_d(value, 0.5);
  arb_add(value, value, part, BITS);
  arb_mul(part, part, s, BITS);
  arb_const_pi(slope, BITS);
  arb_mul_2exp_si(slope, slope, 1);
  arb_rsqrt(slope, slope, BITS);
  arb_add(slope, slope, part, BITS);
  arb_div(slope, slope, value, BITS);
  arb_log(value, value, BITS);
  arb_clear(part);
}

/* N + 0|N|: s^2/2 with slope s; (N + |N|)/2 = max(N, 0); a sign of N changes nothing. */
static void test_moments(void)
{
  static const double slopes[] = {0.01, 0.5, 1.0, 4.0, 30.0};
  arb_ptr c = _arb_vec_init(4), moment = _arb_vec_init(3), slope = _arb_vec_init(3);
  arb_t s, exact, exact_slope;
  arb_init(s);
  arb_init(exact);
  arb_init(exact_slope);
  arb_one(c + 1);
  arb_set_d(c + 2, 0.5);
  arb_set_d(c + 3, -0.5);
  const struct at_row_terms terms[] = {{1, c + 1, c}, {1, c + 2, c + 2}, {1, c + 3, c + 2}};
  for (size_t k = 0; k < sizeof slopes / sizeof slopes[0]; k++) {
    arb_set_d(s, slopes[k]);
    at_row_log_moments(moment, slope, terms, 3, s);
    arb_sqr(exact, s, 256);
    arb_mul_2exp_si(exact, exact, -1);
    CU_ASSERT(arb_overlaps(moment, exact) && arb_overlaps(slope, s));
    positive_part(exact, exact_slope, s);
    CU_ASSERT(arb_overlaps(moment + 1, exact) && arb_overlaps(slope + 1, exact_slope));
    CU_ASSERT(arb_overlaps(moment + 2, exact) && arb_overlaps(slope + 2, exact_slope));
    CU_ASSERT(at_balls_are_tight(moment, 3) && at_balls_are_tight(slope, 3));
  }
  _arb_vec_clear(c, 4);
  _arb_vec_clear(moment, 3);
  _arb_vec_clear(slope, 3);
  arb_clear(s);
  arb_clear(exact);
  arb_clear(exact_slope);
}

/* bound = exp(count log M(s) - s x) at the best slope s of `count` terms. */
static void chernoff(arb_t bound, arb_t s, const struct at_row_terms *terms, double x)
{
  arb_t point;
  arb_init(point);
  arb_set_d(point, x);
  at_row_best_slope(s, terms, 1, point);
  at_row_log_moments(bound, NULL, terms, 1, s);
  arb_mul_ui(bound, bound, terms->count, AT_TAIL_BITS);
  arb_submul(bound, s, point, AT_TAIL_BITS);
  arb_exp(bound, bound, AT_TAIL_BITS);
  arb_clear(point);
}

/* Normal terms: s = x/n and exp(-x^2/(2n)). */
static void test_normal_rows(void)
{
  arb_ptr c = _arb_vec_init(2);
  arb_t bound, s, exact;
  arb_init(bound);
  arb_init(s);
  arb_init(exact);
  arb_one(c + 1);
  const struct at_row_terms terms = {8, c + 1, c};
  chernoff(bound, s, &terms, 12.0);
  CU_ASSERT_EQUAL(arf_cmp_d(arb_midref(s), 1.5), 0);
  arb_set_d(exact, -9.0);
  arb_exp(exact, exact, 128);
  CU_ASSERT(arb_overlaps(bound, exact));
  _arb_vec_clear(c, 2);
  arb_clear(bound);
  arb_clear(s);
  arb_clear(exact);
}

/* exact = P(|N| > x) = 2 Phi(-x), or P(|N_1| + |N_2| > x): that the sum is at most x is to lie in a
 * turned square of half side x/sqrt(2), so with p the probability of a side it is 1 - (1 - p)^2. */
static void half_normal_tail(arb_t exact, unsigned count, double x)
{
  arb_t part;
  arb_init(part);
  arb_set_d(part, x * x); /* exact for the halves below */
  arb_div_ui(part, part, count, 128);
  arb_sqrt(part, part, 128);
  at_tail_normal(exact, part);
  if (count == 2) {
    arb_sub_ui(part, exact, 2, 128);
    arb_mul(exact, exact, part, 128);
    arb_neg(exact, exact);
  }
  arb_clear(part);
}

/* A tenth beside s on either side the bound is larger. */
static void slope_is_least(const arb_t bound, const struct at_row_terms *terms, const arb_t s,
                           double x)
{
  arb_t beside, other, point;
  arb_init(beside);
  arb_init(other);
  arb_init(point);
  arb_set_d(point, x);
  for (int side = -1; side <= 1; side += 2) {
    arb_mul_si(beside, s, 10 + side, 128);
    arb_div_ui(beside, beside, 10, 128);
    at_row_log_moments(other, NULL, terms, 1, beside);
    arb_mul_ui(other, other, terms->count, 128);
    arb_submul(other, beside, point, 128);
    arb_exp(other, other, 128);
    CU_ASSERT(arb_gt(other, bound));
  }
  arb_clear(beside);
  arb_clear(other);
  arb_clear(point);
}

static void test_half_normal_rows(void)
{
  arb_ptr c = _arb_vec_init(2);
  arb_t bound, s, exact;
  arb_init(bound);
  arb_init(s);
  arb_init(exact);
  arb_one(c + 1);
  for (unsigned count = 1; count <= 2; count++) {
    const struct at_row_terms terms = {count, c, c + 1};
    for (int halves = 4; halves <= 24; halves++) {
      half_normal_tail(exact, count, 0.5 * halves);
      chernoff(bound, s, &terms, 0.5 * halves);
      CU_ASSERT(arb_lt(exact, bound));
      slope_is_least(bound, &terms, s, 0.5 * halves);
    }
  }
  _arb_vec_clear(c, 2);
  arb_clear(bound);
  arb_clear(s);
  arb_clear(exact);
}

static void test_binomial(void)
{
  arb_t sum, mass;
  arb_init(sum);
  arb_init(mass);
  for (size_t k = 0; k <= 200; k++) {
    at_binomial_mass(mass, 200, k, 0.05);
    arb_add(sum, sum, mass, 128);
  }
  arb_sub_ui(sum, sum, 1, 128);
  CU_ASSERT(arb_contains_zero(sum) && mag_cmp_2exp_si(arb_radref(sum), -100) < 0);
  at_binomial_mass(mass, 3, 1, 0.25); /* 3 * 1/4 * 9/16 */
  arb_set_d(sum, 27.0 / 64.0);
  CU_ASSERT(arb_equal(mass, sum));
  at_binomial_mass(mass, 5, 0, 0.0);
  CU_ASSERT(arb_is_one(mass));
  at_binomial_mass(mass, 5, 4, 1.0);
  CU_ASSERT(arb_is_zero(mass));
  arb_clear(sum);
  arb_clear(mass);
}

void at_suite_tails(void)
{
  CU_pSuite suite = CU_add_suite("tails", NULL, NULL);
  CU_add_test(suite, "chi-square by the Poisson sum", test_chi_square);
  CU_add_test(suite, "chi-square far out", test_chi_square_remote);
  CU_add_test(suite, "chi-square at its ends", test_chi_square_ends);
  CU_add_test(suite, "normal quantile", test_normal);
  CU_add_test(suite, "moments of N, |N| and max(N, 0)", test_moments);
  CU_add_test(suite, "rows of normal terms", test_normal_rows);
  CU_add_test(suite, "rows of half-normal terms", test_half_normal_rows);
  CU_add_test(suite, "binomial masses", test_binomial);
}
