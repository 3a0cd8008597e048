/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/conditional_bound.h.
 * Main result: the bound is at least the certified test error, equals the formula at its
 * threshold, and no threshold of a fine grid does better by more than 1e-6.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/conditional_bound.h"
#include "harness/enclosure/test_error.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

enum { DIM = 6, BOTH = 12, BITS = 128 };

struct fixture {
  struct at_conditional_bound bound;
  struct at_noise_law law;
  struct at_test_error error;
};

static void fixture_init(struct fixture *f)
{
  at_conditional_bound_init(&f->bound);
  at_noise_law_init(&f->law);
  at_test_error_init(&f->error);
}

static void fixture_clear(struct fixture *f)
{
  at_conditional_bound_clear(&f->bound);
  at_noise_law_clear(&f->law);
  at_test_error_clear(&f->error);
}

/* The law, its bound and its error for v and p with signals of norm 1. */
static void compute(struct fixture *f, const double *v, const double *p)
{
  arb_ptr balls = _arb_vec_init(BOTH);
  at_balls_set_doubles(balls, v, DIM);
  at_balls_set_doubles(balls + DIM, p, DIM);
  at_noise_law_set(&f->law, balls, balls + DIM, 1.0, DIM, false, BITS);
  at_conditional_bound_evaluate(&f->bound, &f->law, BITS);
  CU_ASSERT(at_test_error_evaluate(&f->error, &f->law, BITS));
  _arb_vec_clear(balls, BOTH);
}

/* Random laws of every strength: log10 of the bound from 0 to about -1000. */
static void test_above_error(void)
{
  double v[DIM], p[DIM];
  struct fixture f;
  size_t useful = 0;
  fixture_init(&f);
  for (uint64_t seed = 0; seed < 24; seed++) {
    at_test_normals(v, DIM, 1.0, 200 + seed);
    at_test_normals(p, DIM, 0.0625 * (double)(1 + seed % 16), 300 + seed);
    v[0] *= (double)(1 + seed);
    v[1] *= -(double)(1 + seed);
    compute(&f, v, p);
    for (size_t k = 0; k < AT_CLASSES; k++) {
      CU_ASSERT(arb_ge(f.bound.class_bound[k], f.error.class_error[k]));
      CU_ASSERT_EQUAL(f.bound.useful[k], !arb_is_one(f.bound.class_bound[k]));
      useful += f.bound.useful[k];
    }
    CU_ASSERT(arb_ge(f.bound.bound, f.error.error));
  }
  CU_ASSERT(useful >= 12);
  fixture_clear(&f);
}

/* log of Phi(-a exp(b - P) / s_v) + Phi(-P / s_p). */
static double formula(double a, double b, double s_v, double s_p, double threshold)
{
  return log(0.5 * erfc(a * exp(b - threshold) / s_v * sqrt(0.5)) +
             0.5 * erfc(threshold / s_p * sqrt(0.5)));
}

static void bound_is_best(double a, double b, double s_v, double s_p)
{
  const double v[DIM] = {a, 0.0, s_v};
  const double p[DIM] = {b, 0.0, 0.0, s_p};
  struct fixture f;
  arb_t logarithm;
  arb_init(logarithm);
  fixture_init(&f);
  compute(&f, v, p);
  CU_ASSERT(f.bound.useful[0]);
  CU_ASSERT_FALSE(f.bound.useful[1]);
  CU_ASSERT(arb_is_exact(f.bound.score_threshold[0]));
  arb_log(logarithm, f.bound.class_bound[0], BITS);
  const double bound = arf_get_d(arb_midref(logarithm), ARF_RND_NEAR);
  const double threshold = arf_get_d(arb_midref(f.bound.score_threshold[0]), ARF_RND_NEAR);
  /* binary64 evaluates the formula to about |log| eps (1 + P): far below 1e-9 here */
  CU_ASSERT(fabs(bound - formula(a, b, s_v, s_p, threshold)) < 1e-9);
  for (int k = 1; k <= 4000; k++)
    CU_ASSERT(bound <= formula(a, b, s_v, s_p, 12.0 * s_p * (double)k / 4000.0) + 1e-6);
  fixture_clear(&f);
  arb_clear(logarithm);
}

static void test_best(void)
{
  bound_is_best(4.0, 0.25, 0.5, 0.5);
  bound_is_best(3.0, 0.0, 0.25, 0.03125);
  bound_is_best(6.0, -0.5, 0.5, 1.0);
  bound_is_best(1.0, 0.5, 1.0, 0x1p-40);
}

/* Degenerate laws: without score noise the bound is the error, without value noise it is 0, for
 * a <= 0 it says nothing; score noise far below the last halving costs nothing. */
static void test_degenerate(void)
{
  const double v[DIM] = {1.5, -0.5, 1.0, 0.5};
  const double still[DIM] = {0.25, -0.25};
  const double tiny[DIM] = {0.25, -0.25, 0x1p-1000, -0x1p-999};
  const double score[DIM] = {0.25, -0.25, 1.0, 1.0};
  const double wrong[DIM] = {-1.5, 0.0, 1.0, 0.5};
  const double silent[DIM] = {1.5, 0.5};
  struct fixture f;
  fixture_init(&f);
  compute(&f, v, still);
  CU_ASSERT(arb_overlaps(f.bound.bound, f.error.error));
  CU_ASSERT(f.bound.useful[0] && f.bound.useful[1]);
  compute(&f, v, tiny);
  CU_ASSERT(f.bound.useful[0] && f.bound.useful[1]);
  mag_t slack;
  mag_init(slack);
  mag_set_ui_2exp_si(slack, 1, -90); /* the threshold is at most 1/8 2^-119 */
  arb_add_error_mag(f.error.error, slack);
  CU_ASSERT(arb_overlaps(f.bound.bound, f.error.error));
  mag_clear(slack);
  compute(&f, wrong, score);
  CU_ASSERT(arb_is_one(f.bound.class_bound[0]) && arb_is_one(f.bound.class_bound[1]));
  CU_ASSERT_FALSE(f.bound.useful[0] || f.bound.useful[1]);
  compute(&f, silent, score);
  CU_ASSERT(arb_is_zero(f.bound.class_bound[0]) && f.bound.useful[0]);
  CU_ASSERT(arb_is_one(f.bound.class_bound[1]) && !f.bound.useful[1]);
  fixture_clear(&f);
}

void at_suite_conditional_bound(void)
{
  CU_pSuite suite = CU_add_suite("conditional bound", NULL, NULL);
  CU_add_test(suite, "never below the certified error", test_above_error);
  CU_add_test(suite, "no threshold does better", test_best);
  CU_add_test(suite, "degenerate laws", test_degenerate);
}
