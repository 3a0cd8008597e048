/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see failure_probability.h.
 *
 * For each cell of counts: thresholds under which the theorem's inequalities certainly hold, then
 * the probability that the noise exceeds one of them. Sections are those of
 * specs/two_step/probability.md.
 */
#include "harness/audit/failure_probability.h"

#include <math.h>

#include "harness/audit/gram.h"
#include "harness/enclosure/tails.h"

enum { BITS = AT_TAIL_BITS };

/* The common deviation z is found to 2^-HALVINGS of its power of two; z = 1 is too small to be of
 * use, DOUBLINGS only ends the search. CAPS: candidates for epsilon'. BALANCINGS: rounds that even
 * out the parts. */
enum { HALVINGS = 10, DOUBLINGS = 40, CAPS = 16, BALANCINGS = 3 };

/* The corollaries' hypotheses as numerator / denominator: thresholds, then ranges of q and t. */
enum { NUMBER_Q = AT_FAILURE_PARTS, NUMBER_T = NUMBER_Q + 2, NUMBERS = NUMBER_T + 2 };
static const unsigned corollary[2][NUMBERS][2] = {
  {[AT_FAILURE_EPSILON] = {1, 20},
   [AT_FAILURE_X] = {1, 10},
   [NUMBER_Q] = {5, 4},
   {3, 2},
   [NUMBER_T] = {3, 2},
   {8, 5}},
  {[AT_FAILURE_EPSILON] = {1, 20},
   [AT_FAILURE_TAU] = {3, 20},
   [AT_FAILURE_X] = {9, 20},
   [AT_FAILURE_Y] = {1, 20},
   [NUMBER_Q] = {5, 4},
   {7, 5},
   [NUMBER_T] = {8, 5},
   {17, 10}},
};
enum { CLEAN_PER_NOISY = 8 }; /* both ask for 8 e_k <= Delta_k */

/* Ranges over a set, low end first: g, w = 1 + 2g, |h|; then middle and half width of w and |h|. */
enum range {
  G_LOW,
  G_HIGH,
  W_LOW,
  W_HIGH,
  H_LOW,
  H_HIGH,
  W_MEAN,
  W_SPREAD,
  H_MEAN,
  H_SPREAD,
  RANGES
};

/* a, t, 1/D, epsilon', the deviation bound of one gamma_ij, theta, 0 and 1. */
enum scalar { RATIO, STEP, INVERSE_DIM, CAP, UNIT, THETA, ZERO, ONE, SCALARS };

/* count, range: per set; q: per class, balls over the cell. most: the largest counts per set. */
struct work {
  const struct at_settings *settings;
  const struct at_count_law *law;
  const struct at_count_cell *cell;
  enum at_theorem theorem;
  bool capped;                     /* epsilon' has been chosen */
  double weight[AT_FAILURE_PARTS]; /* of the common deviation, in each threshold */
  arb_ptr scalar, count, q, range, threshold, part;
  size_t most[AT_SETS];
  struct at_row_terms x_terms[AT_SETS], y_terms[AT_SETS];
};

/* ---- one cell ---- */

static bool is_corollary(const struct work *work)
{
  return work->theorem == AT_THEOREM_C1 || work->theorem == AT_THEOREM_C2;
}

static void hull(arb_t ball, size_t low, size_t high)
{
  arf_t ends[2];
  arf_init(ends[0]);
  arf_init(ends[1]);
  arf_set_ui(ends[0], low);
  arf_set_ui(ends[1], high);
  arb_set_interval_arf(ball, ends[0], ends[1], BITS);
  arf_clear(ends[0]);
  arf_clear(ends[1]);
}

/* Fills count, q and most; false if a class might have no more clean than noisy samples. */
static bool cell_open(struct work *work)
{
  const struct at_count_cell *cell = work->cell;
  arb_t excess;
  bool majority = true;
  arb_init(excess);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    const size_t low = at_count_size_low(work->law, cell, k);
    const size_t high = at_count_size_high(work->law, cell, k);
    majority = majority && low > 2 * cell->noisy_high[k];
    if (!majority) break;
    hull(work->count + 2 * k, low - cell->noisy_high[k], high - cell->noisy_low[k]);
    hull(work->count + 2 * k + 1, cell->noisy_low[k], cell->noisy_high[k]);
    hull(excess, low - 2 * cell->noisy_high[k], high - 2 * cell->noisy_low[k]);
    arb_mul(work->q + k, excess, work->scalar + RATIO, BITS);
    work->most[2 * k] = high - cell->noisy_low[k];
    work->most[2 * k + 1] = cell->noisy_high[k];
  }
  for (size_t s = 0; s < AT_SETS; s++)
    work->x_terms[s].count = work->y_terms[s].count = work->most[s];
  arb_clear(excess);
  return majority;
}

/* unit = sqrt((1 + epsilon') / D) (section 3). */
static void unit_fill(struct work *work)
{
  arb_ptr unit = work->scalar + UNIT;
  arb_add_ui(unit, work->scalar + CAP, 1, BITS);
  arb_mul(unit, unit, work->scalar + INVERSE_DIM, BITS);
  arb_sqrt(unit, unit, BITS);
}

/* ---- thresholds (section 5) ---- */

/* z = the deviation of one threshold. */
static void deviation_of(arb_t z, const struct work *work, enum at_failure_part part,
                         double deviation)
{
  arb_set_d(z, deviation * work->weight[part]);
}

/* epsilon = z sqrt(2/D) + 2/D, tau = z unit sqrt(n - 1), both made exact; theta; epsilon' is
 * epsilon. */
static void norm_thresholds(struct work *work, double deviation)
{
  arb_ptr epsilon = work->threshold + AT_FAILURE_EPSILON, tau = work->threshold + AT_FAILURE_TAU;
  arb_t z;
  arb_init(z);
  deviation_of(z, work, AT_FAILURE_EPSILON, deviation);
  arb_mul_2exp_si(epsilon, work->scalar + INVERSE_DIM, 1);
  arb_sqrt(tau, epsilon, BITS);
  arb_addmul(epsilon, tau, z, BITS);
  arb_get_mid_arb(epsilon, epsilon);
  arb_set(work->scalar + CAP, epsilon);
  unit_fill(work);
  deviation_of(z, work, AT_FAILURE_TAU, deviation);
  arb_sqrt_ui(tau, work->settings->samples - 1, BITS);
  arb_mul(tau, tau, work->scalar + UNIT, BITS);
  arb_mul(tau, tau, z, BITS);
  arb_get_mid_arb(tau, tau);
  arb_add(work->scalar + THETA, epsilon, tau, BITS);
  arb_clear(z);
}

/* g = 1/(1 + exp(-x)). */
static void sigmoid(arb_t g, const arb_t x)
{
  arb_neg(g, x);
  arb_exp(g, g, BITS);
  arb_add_ui(g, g, 1, BITS);
  arb_inv(g, g, BITS);
}

/* The parametric ranges of one set: g = sigmoid(-(t/2)(q + 1 -+ theta)) on C_k,
 * sigmoid((t/2)(q - 1 -+ theta)) on N_k; |h| = g (q - 1 -+ theta) on C_k, g (q + 1 -+ theta) on
 * N_k. */
static void range_fill(arb_ptr range, const struct work *work, size_t set)
{
  const int noisy = at_set_is_noisy(set);
  arb_srcptr q = work->q + at_set_class(set);
  for (int end = 0; end < 2; end++) {
    arb_ptr g = range + G_LOW + end, w = range + W_LOW + end, h = range + H_LOW + end;
    arb_add_si(g, q, noisy ? -1 : 1, BITS);
    arb_add_si(h, q, noisy ? 1 : -1, BITS);
    (end == 0 ? arb_sub : arb_add)(h, h, work->scalar + THETA, BITS);
    ((end == 0) == (noisy != 0) ? arb_sub : arb_add)(g, g, work->scalar + THETA, BITS);
    arb_mul(g, g, work->scalar + STEP, BITS);
    arb_mul_2exp_si(g, g, -1);
    if (!noisy) arb_neg(g, g);
    sigmoid(g, g);
    arb_mul(h, h, g, BITS);
    arb_mul_2exp_si(w, g, 1);
    arb_add_ui(w, w, 1, BITS);
  }
  for (int pair = 0; pair < 2; pair++) {
    arb_srcptr ends = range + (pair == 0 ? W_LOW : H_LOW);
    arb_ptr middle = range + (pair == 0 ? W_MEAN : H_MEAN);
    arb_add(middle, ends, ends + 1, BITS);
    arb_sub(middle + 1, ends + 1, ends, BITS);
    arb_mul_2exp_si(middle, middle, -1);
    arb_mul_2exp_si(middle + 1, middle + 1, -1);
  }
}

/* threshold = unit (mean + z standard deviations) of the row sum, made exact. */
static void sum_threshold(const struct work *work, enum at_failure_part part,
                          const struct at_row_terms *terms, double deviation)
{
  arb_ptr threshold = work->threshold + part;
  arb_t z, variance;
  arb_init(z);
  arb_init(variance);
  deviation_of(z, work, part, deviation);
  at_row_scales(threshold, variance, terms, AT_SETS);
  arb_sqrt(variance, variance, BITS);
  arb_addmul(threshold, variance, z, BITS);
  arb_mul(threshold, threshold, work->scalar + UNIT, BITS);
  arb_get_mid_arb(threshold, threshold);
  arb_clear(z);
  arb_clear(variance);
}

static void thresholds_fill(struct work *work, double deviation)
{
  norm_thresholds(work, deviation);
  if (work->theorem != AT_THEOREM_PARAMETRIC) return;
  for (size_t s = 0; s < AT_SETS; s++) range_fill(work->range + RANGES * s, work, s);
  sum_threshold(work, AT_FAILURE_X, work->x_terms, deviation);
  sum_threshold(work, AT_FAILURE_Y, work->y_terms, deviation);
}

/* ---- the theorem's inequalities under the thresholds (section 1) ---- */

/* y = low-end weight of a set times (1 - epsilon), minus X: a lower bound of V_i. */
static void value_bound(arb_t y, const struct work *work, size_t set)
{
  arb_sub_ui(y, work->threshold + AT_FAILURE_EPSILON, 1, BITS);
  arb_neg(y, y);
  arb_mul(y, y, work->range + RANGES * set + W_LOW, BITS);
  arb_sub(y, y, work->threshold + AT_FAILURE_X, BITS);
}

/* y = a (c x - e z), the counts being those of class k. */
static void signal_sum(arb_t y, const struct work *work, size_t k, arb_srcptr x, arb_srcptr z)
{
  arb_mul(y, work->count + 2 * k + 1, z, BITS);
  arb_neg(y, y);
  arb_addmul(y, work->count + 2 * k, x, BITS);
  arb_mul(y, y, work->scalar + RATIO, BITS);
}

/* (B): exp(t^2 m_k) v_N > aW+. */
static bool noisy_fits(const struct work *work, size_t k)
{
  arb_srcptr clean = work->range + RANGES * (2 * k), noisy = clean + RANGES;
  arb_t m, part;
  arb_init(m);
  arb_init(part);
  arb_sub_ui(m, work->threshold + AT_FAILURE_EPSILON, 1, BITS);
  arb_neg(m, m);
  arb_mul(m, m, noisy + H_LOW, BITS);
  signal_sum(part, work, k, clean + H_HIGH, noisy + H_LOW);
  arb_sub(m, m, part, BITS);
  arb_sub(m, m, work->threshold + AT_FAILURE_Y, BITS);
  arb_mul(m, m, work->scalar + STEP, BITS);
  arb_mul(m, m, work->scalar + STEP, BITS);
  arb_exp(m, m, BITS);
  value_bound(part, work, 2 * k + 1);
  arb_mul(m, m, part, BITS);
  signal_sum(part, work, k, clean + W_HIGH, noisy + W_LOW);
  const bool fits = arb_gt(m, part);
  arb_clear(m);
  arb_clear(part);
  return fits;
}

/* Regime q_k > 1 + theta and theta < 1, (A) and (B) for class k. */
static bool parametric_holds(const struct work *work, size_t k)
{
  arb_srcptr clean = work->range + RANGES * (2 * k), noisy = clean + RANGES;
  arb_t part;
  arb_init(part);
  arb_sub_ui(part, work->q + k, 1, BITS);
  bool holds =
    arb_gt(part, work->scalar + THETA) && arb_lt(work->scalar + THETA, work->scalar + ONE);
  value_bound(part, work, 2 * k);
  holds = holds && arb_is_positive(part);
  signal_sum(part, work, k, clean + W_LOW, noisy + W_HIGH);
  holds = holds && arb_is_positive(part);
  arb_clear(part);
  return holds && (work->most[2 * k + 1] == 0 || noisy_fits(work, k));
}

/* q_k < 1 - theta; that q_k > 0 is known. */
static bool one_step_holds(const struct work *work, size_t k)
{
  arb_t part;
  arb_init(part);
  arb_add(part, work->q + k, work->scalar + THETA, BITS);
  arb_sub_ui(part, part, 1, BITS);
  const bool holds = arb_is_negative(part);
  arb_clear(part);
  return holds;
}

static bool thresholds_hold(struct work *work, double deviation)
{
  bool holds = true;
  thresholds_fill(work, deviation);
  for (size_t k = 0; holds && k < AT_CLASSES; k++)
    holds =
      work->theorem == AT_THEOREM_ONE_STEP ? one_step_holds(work, k) : parametric_holds(work, k);
  return holds;
}

/* Leaves the thresholds of the largest deviation found; false if there is none of use. */
static bool thresholds_search(struct work *work)
{
  double good = 1.0;
  if (!thresholds_hold(work, good)) return false;
  for (int k = 0; k < DOUBLINGS && thresholds_hold(work, 2.0 * good); k++) good *= 2.0;
  double bad = 2.0 * good;
  for (int k = 0; k < HALVINGS; k++) {
    const double middle = 0.5 * (good + bad);
    if (thresholds_hold(work, middle))
      good = middle;
    else
      bad = middle;
  }
  thresholds_fill(work, good);
  return true;
}

/* ---- probabilities (sections 3 and 4) ---- */

/* n P(norm beyond 1 + epsilon' or below 1 - epsilon). */
static void epsilon_part(const struct work *work)
{
  const uint64_t dim = work->settings->dim;
  arb_ptr part = work->part + AT_FAILURE_EPSILON;
  arb_t end, below;
  arb_init(end);
  arb_init(below);
  arb_add_ui(end, work->scalar + CAP, 1, BITS);
  arb_mul_ui(end, end, dim, BITS);
  at_tail_chi_square_above(part, dim - 2, end);
  arb_sub_ui(end, work->threshold + AT_FAILURE_EPSILON, 1, BITS);
  arb_neg(end, end);
  arb_mul_ui(end, end, dim, BITS);
  at_tail_chi_square_below(below, dim - 2, end);
  arb_add(part, part, below, BITS);
  arb_mul_ui(part, part, work->settings->samples, BITS);
  arb_clear(end);
  arb_clear(below);
}

static void tau_part(const struct work *work)
{
  arb_ptr part = work->part + AT_FAILURE_TAU;
  arb_t end;
  arb_init(end);
  arb_sqrt_ui(end, work->settings->samples - 1, BITS);
  arb_mul(end, end, work->scalar + UNIT, BITS);
  arb_div(end, work->threshold + AT_FAILURE_TAU, end, BITS);
  at_tail_normal(part, end);
  arb_mul_ui(part, part, work->settings->samples, BITS);
  arb_clear(end);
}

/* tail = min(tail, 2^k Phi(-x / sqrt(k))) for a sum of k half normals: it is the largest of the 2^k
 * sums with signs (section 4). */
static void sign_bound(arb_t tail, size_t terms, const arb_t x)
{
  arb_t bound, root;
  arb_init(bound);
  arb_init(root);
  if (terms > 0) {
    arb_sqrt_ui(root, terms, BITS);
    arb_div(root, x, root, BITS);
    at_tail_normal(bound, root);
    arb_mul_2exp_si(bound, bound, (slong)terms - 1);
  }
  arb_min(tail, tail, bound, BITS);
  arb_clear(bound);
  arb_clear(root);
}

/* log_tail[S] = the exponent of Chernoff's bound for a row of set S, which lacks one term of its own
 * set; 0 without a usable slope. */
static void chernoff_rows(arb_ptr log_tail, const struct at_row_terms *terms, const arb_t x)
{
  arb_t s, all;
  arb_init(s);
  arb_init(all);
  at_row_best_slope(s, terms, AT_SETS, x);
  _arb_vec_zero(log_tail, AT_SETS);
  if (arb_is_positive(s)) {
    at_row_log_moments(log_tail, NULL, terms, AT_SETS, s);
    arb_mul(all, s, x, BITS);
    arb_neg(all, all);
    for (size_t g = 0; g < AT_SETS; g++) arb_addmul_ui(all, log_tail + g, terms[g].count, BITS);
    for (size_t g = 0; g < AT_SETS; g++) arb_sub(log_tail + g, all, log_tail + g, BITS);
  }
  arb_clear(s);
  arb_clear(all);
}

/* part = the sum over rows of the probability that the row sum exceeds its threshold. */
static void sum_part(arb_t part, const struct work *work, const struct at_row_terms *terms,
                     const arb_t threshold)
{
  arb_ptr tail = _arb_vec_init(AT_SETS);
  arb_t x;
  arb_init(x);
  size_t halves = 0;
  for (size_t g = 0; g < AT_SETS; g++)
    if (arb_is_one(terms[g].spread)) halves += terms[g].count;
  arb_zero(part);
  arb_div(x, threshold, work->scalar + UNIT, BITS);
  if (!is_corollary(work) || halves > 0) chernoff_rows(tail, terms, x);
  for (size_t g = 0; g < AT_SETS; g++) {
    arb_exp(tail + g, tail + g, BITS);
    if (is_corollary(work))
      sign_bound(tail + g, halves - (terms[g].count > 0 && arb_is_one(terms[g].spread)), x);
    else
      arb_mul_2exp_si(tail + g, tail + g, 1); /* either sign; kappas are positive */
    arb_addmul_ui(part, tail + g, work->most[g], BITS);
  }
  _arb_vec_clear(tail, AT_SETS);
  arb_clear(x);
}

static bool has_threshold(const struct work *work, enum at_failure_part part)
{
  return !arb_is_zero(work->threshold + part);
}

/* All parts for the thresholds; sum = their total. */
static void parts_fill(arb_t sum, const struct work *work)
{
  epsilon_part(work);
  if (has_threshold(work, AT_FAILURE_TAU)) tau_part(work);
  if (has_threshold(work, AT_FAILURE_X))
    sum_part(work->part + AT_FAILURE_X, work, work->x_terms, work->threshold + AT_FAILURE_X);
  if (has_threshold(work, AT_FAILURE_Y))
    sum_part(work->part + AT_FAILURE_Y, work, work->y_terms, work->threshold + AT_FAILURE_Y);
  arb_zero(sum);
  for (int p = AT_FAILURE_EPSILON; p < AT_FAILURE_PARTS; p++)
    arb_add(sum, sum, work->part + p, BITS);
}

/* ---- the corollaries ---- */

static bool within(const arb_t x, const unsigned (*ends)[2])
{
  arb_t part;
  arb_init(part);
  bool inside = true;
  for (int end = 0; end < 2; end++) {
    arb_mul_ui(part, x, ends[end][1], BITS);
    arb_sub_ui(part, part, ends[end][0], BITS);
    inside = inside && (end == 0 ? arb_is_nonnegative(part) : arb_is_nonpositive(part));
  }
  arb_clear(part);
  return inside;
}

/* epsilon' = the best of the fractions of epsilon (section 5). */
static void cap_choose(struct work *work)
{
  arb_ptr try = _arb_vec_init(3); /* best epsilon', its sum, this sum */
  arb_pos_inf(try + 1);
  for (unsigned k = 1; k <= CAPS; k++) {
    arb_mul_ui(work->scalar + CAP, work->threshold + AT_FAILURE_EPSILON, k, BITS);
    arb_div_ui(work->scalar + CAP, work->scalar + CAP, CAPS, BITS);
    unit_fill(work);
    parts_fill(try + 2, work);
    if (arf_cmp(arb_midref(try + 2), arb_midref(try + 1)) < 0) {
      arb_set(try, work->scalar + CAP);
      arb_swap(try + 1, try + 2);
    }
  }
  arb_set(work->scalar + CAP, try);
  unit_fill(work);
  _arb_vec_clear(try, 3);
  work->capped = true;
}

static bool corollary_holds(struct work *work)
{
  const unsigned(*number)[2] = corollary[work->theorem - AT_THEOREM_C1];
  bool holds = within(work->scalar + STEP, number + NUMBER_T);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    const size_t low = at_count_size_low(work->law, work->cell, k);
    const size_t noisy = work->cell->noisy_high[k];
    holds = holds && low - 2 * noisy >= CLEAN_PER_NOISY * noisy;
    holds = holds && within(work->q + k, number + NUMBER_Q);
  }
  if (holds && !work->capped) cap_choose(work);
  return holds;
}

/* Thresholds, and which sums they are about: kappa over all samples, or over the clean and the
 * noisy ones. */
static void corollary_start(struct work *work)
{
  const unsigned(*number)[2] = corollary[work->theorem - AT_THEOREM_C1];
  for (int p = AT_FAILURE_EPSILON; p < AT_FAILURE_PARTS; p++)
    if (number[p][1] != 0) {
      arb_set_ui(work->threshold + p, number[p][0]);
      arb_div_ui(work->threshold + p, work->threshold + p, number[p][1], BITS);
    }
  for (size_t s = 0; s < AT_SETS; s++) {
    const bool in_x = work->theorem == AT_THEOREM_C1 || !at_set_is_noisy(s);
    work->x_terms[s].spread = work->scalar + (in_x ? ONE : ZERO);
    work->y_terms[s].spread = work->scalar + (in_x ? ZERO : ONE);
    work->x_terms[s].mean = work->y_terms[s].mean = work->scalar + ZERO;
  }
}

/* ---- all cells ---- */

/* exponent[p] = -log(part p / n), at the midpoints. */
static bool exponents_read(double *exponent, const struct work *work)
{
  arb_t logarithm;
  arb_init(logarithm);
  bool usable = true;
  for (int p = AT_FAILURE_EPSILON; p < AT_FAILURE_PARTS; p++) {
    arb_div_ui(logarithm, work->part + p, work->settings->samples, BITS);
    arb_get_mid_arb(logarithm, logarithm);
    const bool present = has_threshold(work, (enum at_failure_part)p);
    if (present) arb_log(logarithm, logarithm, BITS);
    exponent[p] = present ? -arf_get_d(arb_midref(logarithm), ARF_RND_NEAR) : 0.0;
    usable = usable && (!present || (isfinite(exponent[p]) && exponent[p] > 1.0));
  }
  arb_clear(logarithm);
  return usable;
}

/* Weights that make the parts of work->cell about equal: the exponents grow about as the squares
 * of the deviations. */
static void weights_balance(struct work *work)
{
  double exponent[AT_FAILURE_PARTS];
  arb_t sum;
  arb_init(sum);
  for (int round = 0; round < BALANCINGS; round++) {
    if (!cell_open(work) || !thresholds_search(work)) break;
    parts_fill(sum, work);
    if (!exponents_read(exponent, work)) break;
    for (int p = AT_FAILURE_TAU; p < AT_FAILURE_PARTS; p++)
      if (exponent[p] > 0.0) work->weight[p] *= sqrt(exponent[AT_FAILURE_EPSILON] / exponent[p]);
  }
  arb_clear(sum);
}

static void work_init(struct work *work)
{
  const struct at_settings *s = work->settings;
  work->scalar = _arb_vec_init(SCALARS);
  work->count = _arb_vec_init(AT_SETS);
  work->q = _arb_vec_init(AT_CLASSES);
  work->range = _arb_vec_init(AT_SETS * RANGES);
  work->threshold = _arb_vec_init(AT_FAILURE_PARTS);
  work->part = _arb_vec_init(AT_FAILURE_PARTS);
  arb_one(work->scalar + ONE);
  arb_div_ui(work->scalar + INVERSE_DIM, work->scalar + ONE, s->dim, BITS);
  arb_set_d(work->scalar + RATIO, s->rho);
  arb_sqr(work->scalar + RATIO, work->scalar + RATIO, BITS);
  arb_div_ui(work->scalar + RATIO, work->scalar + RATIO, s->dim, BITS);
  arb_set_d(work->scalar + STEP, s->beta);
  arb_mul_ui(work->scalar + STEP, work->scalar + STEP, s->dim, BITS);
  arb_div_ui(work->scalar + STEP, work->scalar + STEP, 4 * s->samples, BITS);
  for (size_t set = 0; set < AT_SETS; set++) {
    arb_srcptr range = work->range + RANGES * set;
    work->x_terms[set] = (struct at_row_terms){0, range + W_MEAN, range + W_SPREAD};
    work->y_terms[set] = (struct at_row_terms){0, range + H_MEAN, range + H_SPREAD};
  }
  for (int p = 0; p < AT_FAILURE_PARTS; p++) work->weight[p] = 1.0;
  if (is_corollary(work)) corollary_start(work);
}

static void work_clear(struct work *work)
{
  _arb_vec_clear(work->scalar, SCALARS);
  _arb_vec_clear(work->count, AT_SETS);
  _arb_vec_clear(work->q, AT_CLASSES);
  _arb_vec_clear(work->range, AT_SETS * RANGES);
  _arb_vec_clear(work->threshold, AT_FAILURE_PARTS);
  _arb_vec_clear(work->part, AT_FAILURE_PARTS);
}

/* The parts of work->cell, whose sum is certainly below 1; false if there is no such bound. */
static bool cell_bound(struct work *work)
{
  arb_t sum;
  arb_init(sum);
  bool bounded = work->theorem != AT_THEOREM_ROW_SUMS && cell_open(work);
  if (bounded) bounded = is_corollary(work) ? corollary_holds(work) : thresholds_search(work);
  if (bounded) parts_fill(sum, work);
  arb_sub_ui(sum, sum, 1, BITS);
  bounded = bounded && arb_is_negative(sum);
  arb_clear(sum);
  return bounded;
}

static size_t likeliest(const struct at_count_law *law)
{
  size_t best = 0;
  for (size_t k = 1; k < law->count; k++)
    if (arf_cmp(arb_midref(law->cell[k].probability), arb_midref(law->cell[best].probability)) > 0)
      best = k;
  return best;
}

void at_failure_bound_evaluate(struct at_failure_bound *bound, enum at_theorem theorem,
                               const struct at_settings *settings, const struct at_count_law *law)
{
  struct work work = {.settings = settings, .law = law, .theorem = theorem};
  const size_t shown = likeliest(law);
  work_init(&work);
  work.cell = &law->cell[shown];
  if (theorem == AT_THEOREM_ONE_STEP || theorem == AT_THEOREM_PARAMETRIC) weights_balance(&work);
  _arb_vec_zero(bound->part, AT_FAILURE_PARTS);
  _arb_vec_zero(bound->threshold, AT_FAILURE_PARTS);
  arb_set(bound->part + AT_FAILURE_COUNTS, law->rest);
  for (size_t k = 0; k < law->count; k++) {
    work.cell = &law->cell[k];
    const bool bounded = cell_bound(&work);
    if (!bounded)
      arb_add(bound->part + AT_FAILURE_COUNTS, bound->part + AT_FAILURE_COUNTS,
              work.cell->probability, BITS);
    for (int p = AT_FAILURE_EPSILON; bounded && p < AT_FAILURE_PARTS; p++)
      arb_addmul(bound->part + p, work.part + p, work.cell->probability, BITS);
    for (int p = 0; bounded && k == shown && p < AT_FAILURE_PARTS; p++)
      arb_set(bound->threshold + p, work.threshold + p);
  }
  arb_zero(bound->delta);
  for (int p = 0; p < AT_FAILURE_PARTS; p++)
    arb_add(bound->delta, bound->delta, bound->part + p, BITS);
  arb_min(bound->delta, bound->delta, work.scalar + ONE, BITS);
  work_clear(&work);
}

void at_failure_bound_init(struct at_failure_bound *bound)
{
  arb_init(bound->delta);
  bound->part = _arb_vec_init(AT_FAILURE_PARTS);
  bound->threshold = _arb_vec_init(AT_FAILURE_PARTS);
}

void at_failure_bound_clear(struct at_failure_bound *bound)
{
  arb_clear(bound->delta);
  _arb_vec_clear(bound->part, AT_FAILURE_PARTS);
  _arb_vec_clear(bound->threshold, AT_FAILURE_PARTS);
}
