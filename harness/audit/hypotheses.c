/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: certified quantities of the two-step theorem (see hypotheses.h, whose symbols are used).
 * Main result: the three levels differ in how they bound w, h, X and Y and share all the rest.
 * Assumptions: none beyond hypotheses.h. Test: tests/harness/audit/test_hypotheses.c.
 */
#include "harness/audit/hypotheses.h"

/* The bounds that the theorem asks for, of one class. */
enum bound { W_LOW, W_HIGH, H_LOW, H_HIGH, V_CLEAN, V_NOISY, OWN_CLEAN, OWN_NOISY, BOUNDS };

/* Ranges of g, w and h over a set of samples. */
enum range { G_LOW, G_HIGH, WEIGHT_LOW, WEIGHT_HIGH, PULL_LOW, PULL_HIGH, RANGES };

/* What all levels read. q, signal_w = a W_k, signal_h = a H_k: per class. g, w, h, and the sums
 * cross_w = y_i sum_{j/=i} w_j y_j gamma_ij, cross_h = sum_{j/=i} h_j gamma_ij: per sample. */
struct work {
  const struct at_gram *gram;
  slong precision;
  arb_ptr value, q, signal_w, signal_h, w, h, cross_w, cross_h;
};

static const double half = 0.5;

/* so_far = min(so_far, x), where exactly +inf stands for "none yet".  A ball of unknown extent
 * stays: the next term must not take its place. */
static void least(arb_t so_far, const arb_t x, slong precision)
{
  if (arb_is_exact(so_far) && arf_is_pos_inf(arb_midref(so_far))) {
    arb_set(so_far, x);
  } else {
    arb_min(so_far, so_far, x, precision);
  }
}

/* y = 1/(1 + exp(-x)). */
static void sigmoid(arb_t y, const arb_t x, slong precision)
{
  arb_neg(y, x);
  arb_exp(y, y, precision);
  arb_add_ui(y, y, 1, precision);
  arb_inv(y, y, precision);
}

/* z = q + side - sign * theta, with side, sign in {-1, 1}: the ends of |D_i|'s range. */
static void reach(arb_t z, const struct work *work, size_t class_index, int side, int sign)
{
  arb_add_si(z, work->q + class_index, side, work->precision);
  if (sign > 0) {
    arb_sub(z, z, work->value + AT_HYPOTHESIS_THETA, work->precision);
  } else {
    arb_add(z, z, work->value + AT_HYPOTHESIS_THETA, work->precision);
  }
}

/* ---- epsilon, tau, kappa, q, t ---- */

/* sum = sum over the sets of y_s times the signed row sum of sample i. */
static void signed_row(arb_t sum, const struct at_gram *gram, size_t sample)
{
  arb_zero(sum);
  for (size_t s = 0; s < AT_SETS; s++) {
    arb_srcptr part = gram->signed_sum + AT_SETS * sample + s;
    if (at_set_label(s) > 0) {
      arb_add(sum, sum, part, gram->precision);
    } else {
      arb_sub(sum, sum, part, gram->precision);
    }
  }
}

static void row_maxima(const struct work *work)
{
  const struct at_gram *gram = work->gram;
  arb_ptr value = work->value;
  arb_ptr row = _arb_vec_init(4);
  for (size_t i = 0; i < gram->samples; i++) {
    arb_srcptr parts = gram->absolute_sum + AT_SETS * i;
    arb_sub_ui(row, at_gram_diagonal(gram, i), 1, work->precision);
    arb_abs(row, row);
    signed_row(row + 1, gram, i);
    arb_abs(row + 1, row + 1);
    arb_add(row + 2, parts, parts + 2, work->precision);
    arb_add(row + 3, parts + 1, parts + 3, work->precision);
    arb_max(value + AT_HYPOTHESIS_EPSILON, value + AT_HYPOTHESIS_EPSILON, row, work->precision);
    arb_max(value + AT_HYPOTHESIS_TAU, value + AT_HYPOTHESIS_TAU, row + 1, work->precision);
    arb_max(value + AT_HYPOTHESIS_KAPPA_CLEAN, value + AT_HYPOTHESIS_KAPPA_CLEAN, row + 2,
            work->precision);
    arb_max(value + AT_HYPOTHESIS_KAPPA_NOISY, value + AT_HYPOTHESIS_KAPPA_NOISY, row + 3,
            work->precision);
    arb_add(row + 2, row + 2, row + 3, work->precision);
    arb_max(value + AT_HYPOTHESIS_KAPPA, value + AT_HYPOTHESIS_KAPPA, row + 2, work->precision);
  }
  arb_add(value + AT_HYPOTHESIS_THETA, value + AT_HYPOTHESIS_EPSILON, value + AT_HYPOTHESIS_TAU,
          work->precision);
  _arb_vec_clear(row, 4);
}

/* Delta_k, as a signed integer. */
static slong excess(const struct at_gram *gram, size_t class_index)
{
  return (slong)gram->size[2 * class_index] - (slong)gram->size[2 * class_index + 1];
}

static void scales_fill(const struct work *work, const arb_t ratio, const arb_t scaled_step)
{
  const struct at_gram *gram = work->gram;
  arb_ptr value = work->value;
  slong low = excess(gram, 0) < excess(gram, 1) ? excess(gram, 0) : excess(gram, 1);
  slong precision = work->precision;
  arb_set(value + AT_HYPOTHESIS_A, ratio);
  arb_set(value + AT_HYPOTHESIS_T, scaled_step);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_mul_si(work->q + k, ratio, excess(gram, k), precision);
  }
  arb_set_si(value + AT_HYPOTHESIS_DELTA_LEAST, low);
  arb_min(value + AT_HYPOTHESIS_Q_LEAST, work->q, work->q + 1, precision);
  arb_max(value + AT_HYPOTHESIS_Q_MOST, work->q, work->q + 1, precision);
}

static void phi_fill(const struct work *work)
{
  arb_t part;
  arb_init(part);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_set_ui(part, work->gram->size[2 * k + 1]);
    arb_div_si(part, part, excess(work->gram, k), work->precision);
    arb_max(work->value + AT_HYPOTHESIS_PHI, work->value + AT_HYPOTHESIS_PHI, part,
            work->precision);
  }
  arb_clear(part);
}

static void slacks_fill(const struct work *work)
{
  arb_ptr two = work->value + AT_HYPOTHESIS_TWO_STEP_SLACK;
  arb_ptr one = work->value + AT_HYPOTHESIS_ONE_STEP_SLACK;
  arb_sub(two, work->value + AT_HYPOTHESIS_Q_LEAST, work->value + AT_HYPOTHESIS_THETA,
          work->precision);
  arb_sub_ui(two, two, 1, work->precision);
  arb_add(one, work->value + AT_HYPOTHESIS_Q_MOST, work->value + AT_HYPOTHESIS_THETA,
          work->precision);
  arb_sub_ui(one, one, 1, work->precision);
  arb_neg(one, one);
}

/* ---- closed forms ---- */

/* margin = y_i f_i after one step, g and D of sample i, from A_i = alignment. */
static void sample_first_step(arb_t margin, arb_t g, arb_t distance, const struct work *work,
                              const arb_t alignment, size_t sample)
{
  size_t set = work->gram->set[sample];
  arb_srcptr q = work->q + at_set_class(set);
  slong precision = work->precision;
  if (at_set_is_noisy(set)) {
    arb_sub(margin, alignment, q, precision);
    arb_add(distance, alignment, q, precision);
    arb_neg(distance, distance);
  } else {
    arb_add(margin, alignment, q, precision);
    arb_sub(distance, q, alignment, precision);
  }
  arb_mul(margin, margin, work->value + AT_HYPOTHESIS_T, precision);
  arb_mul_2exp_si(margin, margin, -1);
  arb_neg(g, margin);
  sigmoid(g, g, precision);
}

static void first_step_fill(struct at_hypotheses *hypotheses, const struct work *work)
{
  arb_ptr scratch = _arb_vec_init(3);
  for (size_t i = 0; i < work->gram->samples; i++) {
    signed_row(scratch, work->gram, i);
    if (at_set_label(work->gram->set[i]) < 0) {
      arb_neg(scratch, scratch);
    }
    arb_add(scratch, scratch, at_gram_diagonal(work->gram, i), work->precision);
    sample_first_step(hypotheses->margin_one + i, scratch + 1, scratch + 2, work, scratch, i);
    arb_mul(work->h + i, scratch + 1, scratch + 2, work->precision);
    arb_mul_2exp_si(work->w + i, scratch + 1, 1);
    arb_add_ui(work->w + i, work->w + i, 1, work->precision);
  }
  _arb_vec_clear(scratch, 3);
}

/* signal_w = a W_k, signal_h = a H_k, cross_w, cross_h. */
static void sums_fill(const struct work *work)
{
  const struct at_gram *gram = work->gram;
  arb_ptr signed_w = _arb_vec_init((slong)gram->samples);
  for (size_t i = 0; i < gram->samples; i++) {
    size_t set = gram->set[i], k = at_set_class(set);
    arb_mul_si(signed_w + i, work->w + i, at_set_label(set), work->precision);
    if (at_set_is_noisy(set)) {
      arb_sub(work->signal_w + k, work->signal_w + k, work->w + i, work->precision);
    } else {
      arb_add(work->signal_w + k, work->signal_w + k, work->w + i, work->precision);
    }
    arb_add(work->signal_h + k, work->signal_h + k, work->h + i, work->precision);
  }
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_srcptr ratio = work->value + AT_HYPOTHESIS_A;
    arb_mul(work->signal_w + k, work->signal_w + k, ratio, work->precision);
    arb_mul(work->signal_h + k, work->signal_h + k, ratio, work->precision);
  }
  for (size_t i = 0; i < gram->samples; i++) {
    at_gram_weighted_sum(work->cross_w + i, gram, signed_w, i);
    arb_mul_si(work->cross_w + i, work->cross_w + i, at_set_label(gram->set[i]), work->precision);
    at_gram_weighted_sum(work->cross_h + i, gram, work->h, i);
  }
  _arb_vec_clear(signed_w, (slong)gram->samples);
}

/* margin = y_i f_i and attention = s_i of sample i after two steps. */
static void sample_second_step(arb_t margin, arb_t attention, const struct work *work,
                               size_t sample)
{
  size_t set = work->gram->set[sample];
  size_t k = at_set_class(set);
  slong precision = work->precision;
  arb_t own, off;
  arb_init(own);
  arb_init(off);
  arb_add(own, work->signal_h + k, work->cross_h + sample, precision);
  arb_addmul(own, work->h + sample, at_gram_diagonal(work->gram, sample), precision);
  arb_mul(own, own, work->value + AT_HYPOTHESIS_T, precision);
  arb_mul(own, own, work->value + AT_HYPOTHESIS_T, precision);
  sigmoid(attention, own, precision);
  arb_neg(own, own);
  sigmoid(off, own, precision);
  arb_mul(margin, attention, work->signal_w + k, precision);
  if (at_set_is_noisy(set)) {
    arb_neg(margin, margin);
  }
  arb_set(own, work->cross_w + sample);
  arb_addmul(own, work->w + sample, at_gram_diagonal(work->gram, sample), precision);
  arb_addmul(margin, off, own, precision);
  arb_mul(margin, margin, work->value + AT_HYPOTHESIS_T, precision);
  arb_clear(own);
  arb_clear(off);
}

/* ---- levels ---- */

/* The range of g over a set: crude constants, or the sigmoid at the ends of its argument's range,
 * -(t/2)(q + 1 -+ theta) on C_k and (t/2)(q - 1 -+ theta) on N_k. */
static void g_range(arb_ptr range, const struct work *work, size_t set, enum at_level level)
{
  int noisy = at_set_is_noisy(set);
  if (level == AT_LEVEL_CRUDE) {
    arb_set_d(range + G_LOW, noisy ? half : 0.0);
    arb_set_d(range + G_HIGH, noisy ? 1.0 : half);
    return;
  }
  for (int end = 0; end < 2; end++) {
    arb_ptr g = range + (end == 0 ? G_LOW : G_HIGH);
    int sign = (end == 0) == (noisy != 0) ? 1 : -1;
    reach(g, work, at_set_class(set), noisy ? -1 : 1, sign);
    arb_mul(g, g, work->value + AT_HYPOTHESIS_T, work->precision);
    arb_mul_2exp_si(g, g, -1);
    if (!noisy) {
      arb_neg(g, g);
    }
    sigmoid(g, g, work->precision);
  }
}

/* Ranges of w = 1 + 2g, and of h = g D with D in q - 1 -+ theta on C_k, -D in q + 1 -+ theta on
 * N_k, all positive. */
static void ranges_fill(arb_ptr range, const struct work *work, size_t set, enum at_level level)
{
  size_t k = at_set_class(set);
  slong precision = work->precision;
  g_range(range, work, set, level);
  for (int end = 0; end < 2; end++) {
    arb_mul_2exp_si(range + WEIGHT_LOW + end, range + G_LOW + end, 1);
    arb_add_ui(range + WEIGHT_LOW + end, range + WEIGHT_LOW + end, 1, precision);
  }
  if (at_set_is_noisy(set)) {
    reach(range + PULL_LOW, work, k, 1, -1);
    reach(range + PULL_HIGH, work, k, 1, 1);
    arb_mul(range + PULL_LOW, range + PULL_LOW, range + G_HIGH, precision);
    arb_mul(range + PULL_HIGH, range + PULL_HIGH, range + G_LOW, precision);
    arb_neg(range + PULL_LOW, range + PULL_LOW);
    arb_neg(range + PULL_HIGH, range + PULL_HIGH);
  } else {
    reach(range + PULL_LOW, work, k, -1, 1);
    reach(range + PULL_HIGH, work, k, -1, -1);
    arb_mul(range + PULL_LOW, range + PULL_LOW, range + G_LOW, precision);
    arb_mul(range + PULL_HIGH, range + PULL_HIGH, range + G_HIGH, precision);
  }
}

/* X = min(2 kC + 3 kN, (3 tau + kC + 3 kN)/2, 2 tau + kappa): |w| <= 2 on C and 3 on N; w centred
 * at 3/2; w = 2 + (w - 2). */
static void crude_x(arb_t x, const struct work *work)
{
  arb_srcptr value = work->value;
  arb_t noisy, bound;
  arb_init(noisy);
  arb_init(bound);
  arb_mul_ui(noisy, value + AT_HYPOTHESIS_KAPPA_NOISY, 3, work->precision);
  arb_mul_ui(x, value + AT_HYPOTHESIS_KAPPA_CLEAN, 2, work->precision);
  arb_add(x, x, noisy, work->precision);
  arb_mul_ui(bound, value + AT_HYPOTHESIS_TAU, 3, work->precision);
  arb_add(bound, bound, noisy, work->precision);
  arb_add(bound, bound, value + AT_HYPOTHESIS_KAPPA_CLEAN, work->precision);
  arb_mul_2exp_si(bound, bound, -1);
  arb_min(x, x, bound, work->precision);
  arb_mul_ui(bound, value + AT_HYPOTHESIS_TAU, 2, work->precision);
  arb_add(bound, bound, value + AT_HYPOTHESIS_KAPPA, work->precision);
  arb_min(x, x, bound, work->precision);
  arb_clear(noisy);
  arb_clear(bound);
}

/* Y = h_C kC + h_N kN, h_C = (q - 1 + theta)/2 and h_N = q + 1 + theta at the largest q. */
static void crude_y(arb_t y, const struct work *work)
{
  arb_srcptr value = work->value;
  arb_t pull;
  arb_init(pull);
  arb_add(pull, value + AT_HYPOTHESIS_Q_MOST, value + AT_HYPOTHESIS_THETA, work->precision);
  arb_sub_ui(pull, pull, 1, work->precision);
  arb_mul(y, pull, value + AT_HYPOTHESIS_KAPPA_CLEAN, work->precision);
  arb_mul_2exp_si(y, y, -1);
  arb_add_ui(pull, pull, 2, work->precision);
  arb_addmul(y, pull, value + AT_HYPOTHESIS_KAPPA_NOISY, work->precision);
  arb_clear(pull);
}

/* bound = most over i of |sum_s m_s S_is| + sum_s r_s K_is, where set s has weights in m_s -+ r_s
 * (its range from `low` to low + 1, with the label's sign if `labelled`) and row sums S, K. */
static void parametric_cross(arb_t bound, const struct work *work, arb_srcptr range, int low,
                             bool labelled)
{
  const struct at_gram *gram = work->gram;
  arb_ptr scratch = _arb_vec_init(4);
  arb_zero(bound);
  for (size_t i = 0; i < gram->samples; i++) {
    arb_zero(scratch);
    arb_zero(scratch + 1);
    for (size_t s = 0; s < AT_SETS; s++) {
      arb_srcptr ends = range + RANGES * s + low;
      arb_add(scratch + 2, ends, ends + 1, work->precision);
      arb_sub(scratch + 3, ends + 1, ends, work->precision);
      arb_mul_si(scratch + 2, scratch + 2, labelled ? at_set_label(s) : 1, work->precision);
      arb_addmul(scratch, scratch + 2, gram->signed_sum + AT_SETS * i + s, work->precision);
      arb_addmul(scratch + 1, scratch + 3, gram->absolute_sum + AT_SETS * i + s, work->precision);
    }
    arb_abs(scratch, scratch);
    arb_add(scratch, scratch, scratch + 1, work->precision);
    arb_mul_2exp_si(scratch, scratch, -1);
    arb_max(bound, bound, scratch, work->precision);
  }
  _arb_vec_clear(scratch, 4);
}

/* Bounds of class k from the ranges of its clean set (first) and its noisy one (second), X, Y. */
static void class_bounds(arb_ptr bound, const struct work *work, arb_srcptr range, const arb_t x,
                         size_t k)
{
  slong precision = work->precision;
  arb_srcptr clean = range + RANGES * (2 * k), noisy = range + RANGES * (2 * k + 1);
  const size_t *size = work->gram->size + 2 * k;
  arb_t scale;
  arb_init(scale);
  for (int end = 0; end < 2; end++) { /* low ends of clean with high ends of noisy, and so on */
    arb_mul_ui(bound + W_LOW + end, clean + WEIGHT_LOW + end, size[0], precision);
    arb_submul_ui(bound + W_LOW + end, noisy + WEIGHT_HIGH - end, size[1], precision);
    arb_mul_ui(bound + H_LOW + end, clean + PULL_LOW + end, size[0], precision);
    arb_addmul_ui(bound + H_LOW + end, noisy + PULL_LOW + end, size[1], precision);
  }
  for (int b = W_LOW; b <= H_HIGH; b++) {
    arb_mul(bound + b, bound + b, work->value + AT_HYPOTHESIS_A, precision);
  }
  arb_sub_ui(scale, work->value + AT_HYPOTHESIS_EPSILON, 1, precision);
  arb_neg(scale, scale);
  arb_mul(bound + V_CLEAN, clean + WEIGHT_LOW, scale, precision);
  arb_sub(bound + V_CLEAN, bound + V_CLEAN, x, precision);
  arb_mul(bound + V_NOISY, noisy + WEIGHT_LOW, scale, precision);
  arb_sub(bound + V_NOISY, bound + V_NOISY, x, precision);
  arb_mul(bound + OWN_CLEAN, clean + PULL_LOW, scale, precision);
  arb_mul(bound + OWN_NOISY, noisy + PULL_HIGH, scale, precision);
  arb_neg(bound + OWN_NOISY, bound + OWN_NOISY);
  arb_clear(scale);
}

/* The round numbers of the crude level, which need q, phi and theta only:
 * q(1 - 2 phi) <= a W_k <= 2q and -phi q(q + 1 + theta) <= a H_k <= q(q - 1 + theta)/2. */
static void crude_bounds(arb_ptr bound, const struct work *work, size_t k)
{
  slong precision = work->precision;
  arb_srcptr q = work->q + k, phi = work->value + AT_HYPOTHESIS_PHI;
  arb_mul_2exp_si(bound + W_LOW, phi, 1);
  arb_sub_ui(bound + W_LOW, bound + W_LOW, 1, precision);
  arb_neg(bound + W_LOW, bound + W_LOW);
  arb_mul(bound + W_LOW, bound + W_LOW, q, precision);
  arb_mul_2exp_si(bound + W_HIGH, q, 1);
  reach(bound + H_LOW, work, k, 1, -1);
  arb_mul(bound + H_LOW, bound + H_LOW, q, precision);
  arb_mul(bound + H_LOW, bound + H_LOW, phi, precision);
  arb_neg(bound + H_LOW, bound + H_LOW);
  reach(bound + H_HIGH, work, k, -1, -1);
  arb_mul(bound + H_HIGH, bound + H_HIGH, q, precision);
  arb_mul_2exp_si(bound + H_HIGH, bound + H_HIGH, -1);
}

/* X and Y themselves, and every bound as the least or the exact value. */
static void direct_bounds(arb_ptr bound, arb_t x, arb_t y, const struct work *work)
{
  slong precision = work->precision;
  arb_t part;
  arb_init(part);
  for (size_t i = 0; i < work->gram->samples; i++) {
    arb_abs(part, work->cross_w + i);
    arb_max(x, x, part, precision);
    arb_abs(part, work->cross_h + i);
    arb_max(y, y, part, precision);
  }
  for (size_t k = 0; k < AT_CLASSES; k++) {
    arb_ptr b = bound + BOUNDS * k;
    arb_set(b + W_LOW, work->signal_w + k);
    arb_set(b + W_HIGH, work->signal_w + k);
    arb_set(b + H_LOW, work->signal_h + k);
    arb_set(b + H_HIGH, work->signal_h + k);
    for (int v = V_CLEAN; v <= OWN_NOISY; v++) {
      arb_pos_inf(b + v);
    }
  }
  for (size_t i = 0; i < work->gram->samples; i++) {
    int noisy = at_set_is_noisy(work->gram->set[i]);
    arb_ptr b = bound + BOUNDS * at_set_class(work->gram->set[i]);
    arb_mul(part, work->w + i, at_gram_diagonal(work->gram, i), precision);
    arb_sub(part, part, x, precision);
    least(b + (noisy ? V_NOISY : V_CLEAN), part, precision);
    arb_mul(part, work->h + i, at_gram_diagonal(work->gram, i), precision);
    arb_mul_si(part, part, noisy ? -1 : 1, precision);
    least(b + (noisy ? OWN_NOISY : OWN_CLEAN), part, precision);
  }
  arb_clear(part);
}

/* (B) and the second half of (D) for one class that has noisy samples. */
static void noisy_terms(arb_ptr term, const struct work *work, arb_srcptr bound, const arb_t square)
{
  slong precision = work->precision;
  arb_ptr scratch = _arb_vec_init(2);
  arb_sub(scratch, bound + OWN_NOISY, bound + H_HIGH, precision);
  arb_sub(scratch, scratch, term + AT_TERM_Y, precision);
  least(term + AT_TERM_M_LEAST, scratch, precision);
  arb_mul(scratch, scratch, square, precision);
  arb_exp(scratch + 1, scratch, precision);
  arb_mul(scratch + 1, scratch + 1, bound + V_NOISY, precision);
  arb_sub(scratch + 1, scratch + 1, bound + W_HIGH, precision);
  least(term + AT_TERM_FIT_NOISY, scratch + 1, precision);
  arb_neg(scratch, scratch);
  sigmoid(scratch, scratch, precision);
  arb_max(term + AT_TERM_NOISY_ATTENTION, term + AT_TERM_NOISY_ATTENTION, scratch, precision);
  _arb_vec_clear(scratch, 2);
}

/* (A), (C) and the first half of (D) for one class that has clean samples. */
static void clean_terms(arb_ptr term, const struct work *work, arb_srcptr bound, const arb_t square)
{
  slong precision = work->precision;
  arb_t part;
  arb_init(part);
  least(term + AT_TERM_FIT_CLEAN, bound + W_LOW, precision);
  least(term + AT_TERM_FIT_CLEAN, bound + V_CLEAN, precision);
  arb_mul(part, square, bound + H_LOW, precision);
  arb_exp(part, part, precision);
  arb_mul(part, part, bound + W_LOW, precision);
  least(term + AT_TERM_REACH, part, precision);
  arb_add(part, bound + H_LOW, bound + OWN_CLEAN, precision);
  arb_sub(part, part, term + AT_TERM_Y, precision);
  least(term + AT_TERM_CLEAN_ATTENTION, part, precision);
  arb_clear(part);
}

/* (1 + epsilon + kappa) times the sum over the samples of the largest squares in the ranges. */
static void spread(arb_t sum, const struct work *work, arb_srcptr range, int low)
{
  arb_t norm, square;
  arb_init(norm);
  arb_init(square);
  arb_zero(sum);
  for (size_t s = 0; s < AT_SETS; s++) {
    arb_abs(norm, range + RANGES * s + low);
    arb_abs(square, range + RANGES * s + low + 1);
    arb_max(norm, norm, square, work->precision);
    arb_sqr(square, norm, work->precision);
    arb_addmul_ui(sum, square, work->gram->size[s], work->precision);
  }
  arb_add(norm, work->value + AT_HYPOTHESIS_EPSILON, work->value + AT_HYPOTHESIS_KAPPA,
          work->precision);
  arb_add_ui(norm, norm, 1, work->precision);
  arb_mul(sum, sum, norm, work->precision);
  arb_clear(norm);
  arb_clear(square);
}

/* sum = sum over i of x_i (x_i gamma_ii + cross_i): the quadratic form itself. */
static void form(arb_t sum, const struct work *work, arb_srcptr x, arb_srcptr cross)
{
  arb_t part;
  arb_init(part);
  arb_zero(sum);
  for (size_t i = 0; i < work->gram->samples; i++) {
    arb_mul(part, x + i, at_gram_diagonal(work->gram, i), work->precision);
    arb_add(part, part, cross + i, work->precision);
    arb_addmul(sum, part, x + i, work->precision);
  }
  arb_clear(part);
}

static void terms_fill(arb_ptr term, const struct work *work, arb_srcptr bound)
{
  static const int without_end[] = {AT_TERM_M_LEAST, AT_TERM_FIT_CLEAN, AT_TERM_FIT_NOISY,
                                    AT_TERM_REACH, AT_TERM_CLEAN_ATTENTION};
  arb_t square;
  arb_init(square);
  arb_sqr(square, work->value + AT_HYPOTHESIS_T, work->precision);
  for (size_t k = 0; k < sizeof without_end / sizeof without_end[0]; k++) {
    arb_pos_inf(term + without_end[k]);
  }
  for (size_t k = 0; k < AT_CLASSES; k++) {
    if (work->gram->size[2 * k] > 0) {
      clean_terms(term, work, bound + BOUNDS * k, square);
    }
    if (work->gram->size[2 * k + 1] > 0) {
      noisy_terms(term, work, bound + BOUNDS * k, square);
    }
  }
  arb_clear(square);
}

static void level_fill(arb_ptr term, const struct work *work, enum at_level level)
{
  arb_ptr range = _arb_vec_init(AT_SETS * RANGES);
  arb_ptr bound = _arb_vec_init(AT_CLASSES * BOUNDS);
  for (size_t s = 0; level != AT_LEVEL_DIRECT && s < AT_SETS; s++) {
    ranges_fill(range + RANGES * s, work, s, level);
  }
  if (level == AT_LEVEL_DIRECT) {
    direct_bounds(bound, term + AT_TERM_X, term + AT_TERM_Y, work);
    form(term + AT_TERM_VALUE_SPREAD, work, work->w, work->cross_w);
    form(term + AT_TERM_SCORE_SPREAD, work, work->h, work->cross_h);
  } else if (level == AT_LEVEL_CRUDE) {
    crude_x(term + AT_TERM_X, work);
    crude_y(term + AT_TERM_Y, work);
  } else {
    parametric_cross(term + AT_TERM_X, work, range, WEIGHT_LOW, true);
    parametric_cross(term + AT_TERM_Y, work, range, PULL_LOW, false);
  }
  if (level != AT_LEVEL_DIRECT) {
    spread(term + AT_TERM_VALUE_SPREAD, work, range, WEIGHT_LOW);
    spread(term + AT_TERM_SCORE_SPREAD, work, range, PULL_LOW);
  }
  for (size_t k = 0; level != AT_LEVEL_DIRECT && k < AT_CLASSES; k++) {
    class_bounds(bound + BOUNDS * k, work, range, term + AT_TERM_X, k);
    if (level == AT_LEVEL_CRUDE) {
      crude_bounds(bound + BOUNDS * k, work, k);
    }
  }
  terms_fill(term, work, bound);
  _arb_vec_clear(range, AT_SETS * RANGES);
  _arb_vec_clear(bound, AT_CLASSES * BOUNDS);
}

/* ---- life ---- */

static void work_init(struct work *work, const struct at_gram *gram, arb_ptr value)
{
  slong n = (slong)gram->samples;
  *work = (struct work){.gram = gram, .precision = gram->precision, .value = value};
  work->q = _arb_vec_init(AT_CLASSES);
  work->signal_w = _arb_vec_init(AT_CLASSES);
  work->signal_h = _arb_vec_init(AT_CLASSES);
  work->w = _arb_vec_init(n);
  work->h = _arb_vec_init(n);
  work->cross_w = _arb_vec_init(n);
  work->cross_h = _arb_vec_init(n);
}

static void work_clear(struct work *work)
{
  slong n = (slong)work->gram->samples;
  _arb_vec_clear(work->q, AT_CLASSES);
  _arb_vec_clear(work->signal_w, AT_CLASSES);
  _arb_vec_clear(work->signal_h, AT_CLASSES);
  _arb_vec_clear(work->w, n);
  _arb_vec_clear(work->h, n);
  _arb_vec_clear(work->cross_w, n);
  _arb_vec_clear(work->cross_h, n);
}

static void closed_forms_fill(struct at_hypotheses *hypotheses, const struct work *work)
{
  first_step_fill(hypotheses, work);
  sums_fill(work);
  for (size_t i = 0; i < work->gram->samples; i++) {
    sample_second_step(hypotheses->margin_two + i, hypotheses->attention_two + i, work, i);
  }
}

static void evaluate(struct at_hypotheses *hypotheses, const struct work *work, bool closed_forms)
{
  arb_srcptr value = work->value;
  bool majority = arb_is_positive(value + AT_HYPOTHESIS_DELTA_LEAST);
  if (majority) {
    phi_fill(work);
  } else {
    arb_indeterminate(work->value + AT_HYPOTHESIS_PHI);
  }
  slacks_fill(work);
  if (closed_forms) {
    closed_forms_fill(hypotheses, work);
  }
  bool regime = majority && arb_is_positive(value + AT_HYPOTHESIS_TWO_STEP_SLACK);
  for (int l = 0; l < AT_LEVELS; l++) {
    hypotheses->level_known[l] = l == AT_LEVEL_DIRECT ? closed_forms : regime;
    if (hypotheses->level_known[l]) {
      level_fill(hypotheses->level[l], work, (enum at_level)l);
    }
  }
}

static void arrays_init(struct at_hypotheses *hypotheses, size_t samples)
{
  *hypotheses = (struct at_hypotheses){.samples = samples};
  arb_init(hypotheses->scale);
  hypotheses->value = _arb_vec_init(AT_HYPOTHESES);
  for (int l = 0; l < AT_LEVELS; l++) {
    hypotheses->level[l] = _arb_vec_init(AT_TERMS);
  }
  hypotheses->margin_one = _arb_vec_init((slong)samples);
  hypotheses->margin_two = _arb_vec_init((slong)samples);
  hypotheses->attention_two = _arb_vec_init((slong)samples);
}

void at_hypotheses_init_gram(struct at_hypotheses *hypotheses, const struct at_gram *gram,
                             const arb_t ratio, const arb_t scaled_step, bool closed_forms)
{
  struct work work;
  arrays_init(hypotheses, gram->samples);
  arb_set(hypotheses->scale, gram->scale);
  work_init(&work, gram, hypotheses->value);
  row_maxima(&work);
  scales_fill(&work, ratio, scaled_step);
  evaluate(hypotheses, &work, closed_forms);
  work_clear(&work);
}

void at_hypotheses_init(struct at_hypotheses *hypotheses, const struct at_token_data *data,
                        double step, slong precision)
{
  const char *obstacle = at_gram_obstacle(data);
  struct at_gram gram;
  arb_t scaled_step;
  if (obstacle != NULL) {
    arrays_init(hypotheses, data->samples);
    hypotheses->obstacle = obstacle;
    return;
  }
  arb_init(scaled_step);
  at_gram_init(&gram, data, precision);
  at_gram_step(scaled_step, &gram, step);
  at_hypotheses_init_gram(hypotheses, &gram, gram.ratio, scaled_step, true);
  at_gram_clear(&gram);
  arb_clear(scaled_step);
}

void at_hypotheses_clear(struct at_hypotheses *hypotheses)
{
  slong n = (slong)hypotheses->samples;
  arb_clear(hypotheses->scale);
  _arb_vec_clear(hypotheses->value, AT_HYPOTHESES);
  for (int l = 0; l < AT_LEVELS; l++) {
    _arb_vec_clear(hypotheses->level[l], AT_TERMS);
  }
  _arb_vec_clear(hypotheses->margin_one, n);
  _arb_vec_clear(hypotheses->margin_two, n);
  _arb_vec_clear(hypotheses->attention_two, n);
  *hypotheses = (struct at_hypotheses){0};
}

/* ---- words ---- */

struct words {
  const char *name, *description;
};

static const struct words value_words[AT_HYPOTHESES] = {
  [AT_HYPOTHESIS_A] = {"a", "rho^2 / D"},
  [AT_HYPOTHESIS_T] = {"t", "scaled step size, beta D / (4n)"},
  [AT_HYPOTHESIS_Q_LEAST] = {"q_least", "least over the classes of q = rho^2 (clean - noisy) / D"},
  [AT_HYPOTHESIS_Q_MOST] = {"q_most", "largest over the classes of q"},
  [AT_HYPOTHESIS_DELTA_LEAST] = {"delta_least", "least over the classes of clean - noisy samples"},
  [AT_HYPOTHESIS_PHI] = {"phi", "largest over the classes of noisy / (clean - noisy)"},
  [AT_HYPOTHESIS_EPSILON] = {"epsilon", "largest | |xi_i|^2 / D - 1 |"},
  [AT_HYPOTHESIS_TAU] = {"tau", "largest |sum over j /= i of y_j <xi_i, xi_j>| / D"},
  [AT_HYPOTHESIS_THETA] = {"theta", "epsilon + tau"},
  [AT_HYPOTHESIS_KAPPA] = {"kappa", "largest sum over j /= i of |<xi_i, xi_j>| / D"},
  [AT_HYPOTHESIS_KAPPA_CLEAN] = {"kappa_clean", "the same over clean samples j"},
  [AT_HYPOTHESIS_KAPPA_NOISY] = {"kappa_noisy", "the same over noisy samples j"},
  [AT_HYPOTHESIS_TWO_STEP_SLACK] = {"two_step_slack",
                                    "q_least - 1 - theta: two-step regime if positive"},
  [AT_HYPOTHESIS_ONE_STEP_SLACK] = {"one_step_slack",
                                    "1 - theta - q_most: one step fits all if positive"}};

static const struct words term_words[AT_TERMS] = {
  [AT_TERM_X] = {"x", "bound of |sum over j /= i of w_j y_j gamma_ij|"},
  [AT_TERM_Y] = {"y", "bound of |sum over j /= i of h_j gamma_ij|"},
  [AT_TERM_M_LEAST] = {"m_least", "least m_k: t^2 m_k is how far noisy samples lean to the noise"},
  [AT_TERM_FIT_CLEAN] = {"fit_clean", "slack of (A): every clean label is fitted if positive"},
  [AT_TERM_FIT_NOISY] = {"fit_noisy", "slack of (B): every noisy label is fitted if positive"},
  [AT_TERM_REACH] = {"reach", "omega of (C) at pi = 0: how large a half space is classified"},
  [AT_TERM_CLEAN_ATTENTION] = {"clean_attention", "slack of (D): clean attention is at least 1/2"},
  [AT_TERM_NOISY_ATTENTION] = {"noisy_attention", "upper bound of (D) on noisy attention"},
  [AT_TERM_VALUE_SPREAD] = {"value_spread", "bound of D var(<v, xi>) / t^2 for a fresh noise xi"},
  [AT_TERM_SCORE_SPREAD] = {"score_spread", "bound of D var(<p, xi>) / t^4 for a fresh noise xi"}};

static const char *const level_names[AT_LEVELS] = {
  [AT_LEVEL_CRUDE] = "crude", [AT_LEVEL_PARAMETRIC] = "parametric", [AT_LEVEL_DIRECT] = "direct"};

const char *at_hypothesis_name(enum at_hypothesis index)
{
  return value_words[index].name;
}

const char *at_hypothesis_description(enum at_hypothesis index)
{
  return value_words[index].description;
}

const char *at_level_name(enum at_level level)
{
  return level_names[level];
}

const char *at_level_term_name(enum at_level_term term)
{
  return term_words[term].name;
}

const char *at_level_term_description(enum at_level_term term)
{
  return term_words[term].description;
}
