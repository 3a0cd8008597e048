/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: which theorem about the first two steps applies (see theorems.h).
 * Main result: as there. The constants below are those of the theorems, not of any data.
 * Assumptions: none beyond theorems.h. Test: tests/harness/audit/test_certificate.c.
 */
#include "harness/audit/theorems.h"

#include <float.h>
#include <math.h>

enum { BISECTIONS = 64 };

/* ---- conditions ---- */

/* A corollary in pure numbers: value <= bound, or value >= bound where `least`. */
struct limit {
  const char *text;
  enum at_hypothesis value;
  bool least;
  slong numerator;
  ulong denominator;
};

static const struct limit limits_c1[] = {
  {"epsilon <= 1/20", AT_HYPOTHESIS_EPSILON, false, 1, 20},
  {"kappa <= 1/10", AT_HYPOTHESIS_KAPPA, false, 1, 10},
  {"clean - noisy >= 1 in each class", AT_HYPOTHESIS_DELTA_LEAST, true, 1, 1},
  {"phi <= 1/8", AT_HYPOTHESIS_PHI, false, 1, 8},
  {"q >= 5/4", AT_HYPOTHESIS_Q_LEAST, true, 5, 4},
  {"q <= 3/2", AT_HYPOTHESIS_Q_MOST, false, 3, 2},
  {"t >= 3/2", AT_HYPOTHESIS_T, true, 3, 2},
  {"t <= 8/5", AT_HYPOTHESIS_T, false, 8, 5}};

static const struct limit limits_c2[] = {
  {"epsilon <= 1/20", AT_HYPOTHESIS_EPSILON, false, 1, 20},
  {"tau <= 3/20", AT_HYPOTHESIS_TAU, false, 3, 20},
  {"kappa_clean <= 9/20", AT_HYPOTHESIS_KAPPA_CLEAN, false, 9, 20},
  {"kappa_noisy <= 1/20", AT_HYPOTHESIS_KAPPA_NOISY, false, 1, 20},
  {"clean - noisy >= 1 in each class", AT_HYPOTHESIS_DELTA_LEAST, true, 1, 1},
  {"phi <= 1/8", AT_HYPOTHESIS_PHI, false, 1, 8},
  {"q >= 5/4", AT_HYPOTHESIS_Q_LEAST, true, 5, 4},
  {"q <= 7/5", AT_HYPOTHESIS_Q_MOST, false, 7, 5},
  {"t >= 8/5", AT_HYPOTHESIS_T, true, 8, 5},
  {"t <= 17/10", AT_HYPOTHESIS_T, false, 17, 10}};

static enum at_answer answer_of(const struct at_condition *condition)
{
  if (!condition->known) {
    return AT_MAYBE;
  }
  bool yes =
    condition->strict ? arb_is_positive(condition->slack) : arb_is_nonnegative(condition->slack);
  bool no =
    condition->strict ? arb_is_nonpositive(condition->slack) : arb_is_negative(condition->slack);
  return yes ? AT_YES : no ? AT_NO : AT_MAYBE;
}

/* Appends a condition; its slack is the caller's to set before `judge`. */
static struct at_condition *append(struct at_theorem_check *check, const char *text, bool strict)
{
  struct at_condition *condition = &check->condition[check->count++];
  condition->text = text;
  condition->strict = strict;
  condition->known = true;
  return condition;
}

static void append_ball(struct at_theorem_check *check, const char *text, const arb_t slack)
{
  arb_set(append(check, text, true)->slack, slack);
}

static void append_limits(struct at_theorem_check *check, const struct at_hypotheses *hypotheses,
                          const struct limit *limit, size_t count, slong precision)
{
  bool majority = arb_is_positive(hypotheses->value + AT_HYPOTHESIS_DELTA_LEAST);
  for (size_t k = 0; k < count; k++) {
    struct at_condition *condition = append(check, limit[k].text, false);
    condition->known = majority || limit[k].value != AT_HYPOTHESIS_PHI;
    arb_set_si(condition->slack, limit[k].numerator);
    arb_div_ui(condition->slack, condition->slack, limit[k].denominator, precision);
    arb_sub(condition->slack, condition->slack, hypotheses->value + limit[k].value, precision);
    if (limit[k].least) {
      arb_neg(condition->slack, condition->slack);
    }
  }
}

static void append_level(struct at_theorem_check *check, const struct at_hypotheses *hypotheses,
                         enum at_level level, slong precision)
{
  arb_srcptr value = hypotheses->value;
  append_ball(check, "q > 1 + theta", value + AT_HYPOTHESIS_TWO_STEP_SLACK);
  append_ball(check, "clean > noisy in each class", value + AT_HYPOTHESIS_DELTA_LEAST);
  struct at_condition *condition = append(check, "theta < 1", true);
  arb_sub_ui(condition->slack, value + AT_HYPOTHESIS_THETA, 1, precision);
  arb_neg(condition->slack, condition->slack);
  if (level == AT_LEVEL_CRUDE) {
    condition = append(check, "phi < 1/2", true);
    condition->known = arb_is_positive(value + AT_HYPOTHESIS_DELTA_LEAST);
    arb_mul_2exp_si(condition->slack, value + AT_HYPOTHESIS_PHI, 1);
    arb_sub_ui(condition->slack, condition->slack, 1, precision);
    arb_mul_2exp_si(condition->slack, condition->slack, -1);
    arb_neg(condition->slack, condition->slack);
  }
  static const char *const texts[] = {"(A) least of a W and V > 0", "(B) exp(t^2 m) V > a W"};
  for (int k = 0; k < 2; k++) {
    condition = append(check, texts[k], true);
    condition->known = hypotheses->level_known[level];
    arb_set(condition->slack, hypotheses->level[level] + AT_TERM_FIT_CLEAN + k);
  }
}

static void conditions_fill(struct at_theorem_check *check, const struct at_hypotheses *hypotheses,
                            enum at_theorem theorem, slong precision)
{
  arb_srcptr value = hypotheses->value;
  switch (theorem) {
  case AT_THEOREM_ONE_STEP:
    append_ball(check, "q > 0", value + AT_HYPOTHESIS_Q_LEAST);
    append_ball(check, "q < 1 - theta", value + AT_HYPOTHESIS_ONE_STEP_SLACK);
    break;
  case AT_THEOREM_C1:
    append_limits(check, hypotheses, limits_c1, sizeof limits_c1 / sizeof limits_c1[0], precision);
    break;
  case AT_THEOREM_C2:
    append_limits(check, hypotheses, limits_c2, sizeof limits_c2 / sizeof limits_c2[0], precision);
    break;
  case AT_THEOREM_ROW_SUMS: append_level(check, hypotheses, AT_LEVEL_CRUDE, precision); break;
  case AT_THEOREM_PARAMETRIC:
  default: append_level(check, hypotheses, AT_LEVEL_PARAMETRIC, precision); break;
  }
  check->applies = AT_YES;
  for (size_t k = 0; k < check->count; k++) {
    struct at_condition *condition = &check->condition[k];
    condition->answer = answer_of(condition);
    if (condition->answer == AT_NO || check->applies == AT_NO) {
      check->applies = AT_NO;
    } else if (condition->answer == AT_MAYBE) {
      check->applies = AT_MAYBE;
    }
  }
}

/* ---- guarantees ---- */

/* x = a double strictly below every point of a positive ball, or 0. */
static void below(arb_t x, const arb_t ball)
{
  arf_t end;
  arf_init(end);
  arb_get_lbound_arf(end, ball, DBL_MANT_DIG);
  double low = arf_get_d(end, ARF_RND_DOWN);
  arb_set_d(x, low > 0.0 && isfinite(low) ? nextafter(low, 0.0) : 0.0);
  arf_clear(end);
}

void at_tail_exponent(arb_t exponent, const arb_t x, const arb_t spread, const arb_t scale,
                      slong precision)
{
  if (arb_is_zero(spread)) {
    arb_pos_inf(exponent);
    return;
  }
  arb_sqr(exponent, x, precision);
  arb_mul(exponent, exponent, scale, precision);
  arb_div(exponent, exponent, spread, precision);
  arb_mul_2exp_si(exponent, exponent, -1);
}

/* The pi at which both exponents are about equal: pi^2 / u = (reach exp(-t^2 pi))^2 / s. */
static double balanced_pi(const arb_t reach, const arb_t value_spread, const arb_t score_spread,
                          const arb_t scaled_step)
{
  double t = arf_get_d(arb_midref(scaled_step), ARF_RND_NEAR);
  double ratio = sqrt(arf_get_d(arb_midref(score_spread), ARF_RND_NEAR) /
                      arf_get_d(arb_midref(value_spread), ARF_RND_NEAR));
  double most = ratio * arf_get_d(arb_midref(reach), ARF_RND_NEAR), low = 0.0, high = most;
  if (!isfinite(most) || most <= 0.0) {
    return 0.0;
  }
  for (int k = 0; k < BISECTIONS; k++) {
    double middle = 0.5 * (low + high);
    if (middle < most * exp(-t * t * middle)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

static void exponents_fill(struct at_guarantee *guarantee, arb_srcptr term,
                           const struct at_hypotheses *hypotheses, slong precision)
{
  at_tail_exponent(guarantee->value_exponent, guarantee->omega, term + AT_TERM_VALUE_SPREAD,
                   hypotheses->scale, precision);
  at_tail_exponent(guarantee->score_exponent, guarantee->pi, term + AT_TERM_SCORE_SPREAD,
                   hypotheses->scale, precision);
}

static void one_step_guarantee(struct at_guarantee *guarantee,
                               const struct at_hypotheses *hypotheses, slong precision)
{
  arb_t spread;
  arb_init(spread);
  guarantee->steps = 1;
  guarantee->fitted_one = "all";
  arb_one(guarantee->noisy_attention);
  below(guarantee->omega, hypotheses->value + AT_HYPOTHESIS_Q_LEAST);
  arb_add_ui(spread, hypotheses->value + AT_HYPOTHESIS_THETA, 1, precision);
  arb_mul_ui(spread, spread, hypotheses->samples, precision);
  at_tail_exponent(guarantee->value_exponent, guarantee->omega, spread, hypotheses->scale,
                   precision);
  arb_pos_inf(guarantee->score_exponent);
  arb_clear(spread);
}

/* C1: omega = 1/8, t^2 m > 81/100; C2: omega = 1/10, t^2 m >= 92/100; both: pi = 1/10. */
static void corollary_guarantee(struct at_guarantee *guarantee, enum at_theorem theorem,
                                slong precision)
{
  static const double tenth_below = 0x1.9999999999999p-4; /* the double next below 1/10 */
  bool first = theorem == AT_THEOREM_C1;
  arb_set_d(guarantee->omega, first ? 0.125 : tenth_below);
  arb_set_d(guarantee->pi, tenth_below);
  arb_set_ui(guarantee->noisy_attention, first ? 81 : 92);
  arb_div_ui(guarantee->noisy_attention, guarantee->noisy_attention, 100, precision);
  arb_exp(guarantee->noisy_attention, guarantee->noisy_attention, precision);
  arb_add_ui(guarantee->noisy_attention, guarantee->noisy_attention, 1, precision);
  arb_inv(guarantee->noisy_attention, guarantee->noisy_attention, precision);
}

static void level_guarantee(struct at_guarantee *guarantee, arb_srcptr term,
                            const arb_t scaled_step, slong precision)
{
  arb_t reach;
  arb_init(reach);
  double pi = balanced_pi(term + AT_TERM_REACH, term + AT_TERM_VALUE_SPREAD,
                          term + AT_TERM_SCORE_SPREAD, scaled_step);
  arb_set_d(guarantee->pi, pi);
  arb_sqr(reach, scaled_step, precision);
  arb_mul(reach, reach, guarantee->pi, precision);
  arb_neg(reach, reach);
  arb_exp(reach, reach, precision);
  arb_mul(reach, reach, term + AT_TERM_REACH, precision);
  below(guarantee->omega, reach);
  arb_set(guarantee->noisy_attention, term + AT_TERM_NOISY_ATTENTION);
  below(reach, term + AT_TERM_CLEAN_ATTENTION); /* 0 for a slack that no double holds */
  guarantee->half_attention = arb_is_positive(reach);
  arb_clear(reach);
}

static void guarantee_fill(struct at_guarantee *guarantee, const struct at_hypotheses *hypotheses,
                           enum at_theorem theorem, slong precision)
{
  if (theorem == AT_THEOREM_ONE_STEP) {
    one_step_guarantee(guarantee, hypotheses, precision);
    return;
  }
  bool parametric = theorem == AT_THEOREM_PARAMETRIC;
  arb_srcptr term = hypotheses->level[parametric ? AT_LEVEL_PARAMETRIC : AT_LEVEL_CRUDE];
  guarantee->steps = 2;
  guarantee->fitted_one = "clean";
  guarantee->fitted_all = true;
  if (parametric || theorem == AT_THEOREM_ROW_SUMS) {
    level_guarantee(guarantee, term, hypotheses->value + AT_HYPOTHESIS_T, precision);
  } else {
    corollary_guarantee(guarantee, theorem, precision);
  }
  exponents_fill(guarantee, term, hypotheses, precision);
}

/* ---- life ---- */

static void check_init(struct at_theorem_check *check)
{
  struct at_guarantee *guarantee = &check->guarantee;
  *check = (struct at_theorem_check){.count = 0};
  for (size_t k = 0; k < AT_MAX_CONDITIONS; k++) {
    arb_init(check->condition[k].slack);
  }
  arb_init(guarantee->noisy_attention);
  arb_init(guarantee->omega);
  arb_init(guarantee->pi);
  arb_init(guarantee->value_exponent);
  arb_init(guarantee->score_exponent);
}

static void check_clear(struct at_theorem_check *check)
{
  struct at_guarantee *guarantee = &check->guarantee;
  for (size_t k = 0; k < AT_MAX_CONDITIONS; k++) {
    arb_clear(check->condition[k].slack);
  }
  arb_clear(guarantee->noisy_attention);
  arb_clear(guarantee->omega);
  arb_clear(guarantee->pi);
  arb_clear(guarantee->value_exponent);
  arb_clear(guarantee->score_exponent);
}

void at_theorems_init(struct at_theorem_check *check, const struct at_hypotheses *hypotheses,
                      slong precision)
{
  for (int k = 0; k < AT_THEOREMS; k++) {
    check_init(&check[k]);
    conditions_fill(&check[k], hypotheses, (enum at_theorem)k, precision);
    if (check[k].applies == AT_YES) {
      guarantee_fill(&check[k].guarantee, hypotheses, (enum at_theorem)k, precision);
    }
  }
}

void at_theorems_clear(struct at_theorem_check *check)
{
  for (int k = 0; k < AT_THEOREMS; k++) {
    check_clear(&check[k]);
  }
}

enum at_answer at_theorem_applies(const struct at_hypotheses *hypotheses, enum at_theorem theorem,
                                  slong precision)
{
  struct at_theorem_check check;
  check_init(&check);
  conditions_fill(&check, hypotheses, theorem, precision);
  check_clear(&check);
  return check.applies;
}

const char *at_theorem_name(enum at_theorem theorem)
{
  static const char *const names[AT_THEOREMS] = {"one-step", "C1", "C2", "row-sums", "parametric"};
  return names[theorem];
}

const char *at_theorem_proof(enum at_theorem theorem)
{
  static const char *const files[AT_THEOREMS] = {
    "specs/two_step/one_step.mlw", "specs/two_step/corollaries.mlw",
    "specs/two_step/corollaries.mlw", "specs/two_step/p3.mlw", "specs/two_step/level_one.mlw"};
  return files[theorem];
}
