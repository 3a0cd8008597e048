/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: certificates about the first two steps (see certificate.h).
 * Main result: as there. Assumptions: none beyond certificate.h.
 * Test: tests/harness/audit/test_certificate.c.
 */
#include "harness/audit/certificate.h"

#include <math.h>
#include <stdio.h>

#include "harness/enclosure/ball.h"

/* ---- the certificate at one precision ---- */

static void set_maxima(struct at_certificate *certificate)
{
  const struct at_gram *gram = &certificate->gram;
  arb_t size;
  arb_init(size);
  for (size_t i = 0; i < AT_SETS * gram->samples; i++) {
    arb_ptr of_signed = certificate->signed_most + i % AT_SETS;
    arb_ptr of_absolute = certificate->absolute_most + i % AT_SETS;
    arb_abs(size, gram->signed_sum + i);
    arb_max(of_signed, of_signed, size, gram->precision);
    arb_max(of_absolute, of_absolute, gram->absolute_sum + i, gram->precision);
  }
  arb_clear(size);
}

static void open_at(struct at_certificate *certificate, slong precision)
{
  arb_t scaled_step;
  arb_init(scaled_step);
  certificate->precision = precision;
  at_gram_init(&certificate->gram, certificate->data, precision);
  at_gram_step(scaled_step, &certificate->gram, certificate->step);
  at_hypotheses_init_gram(&certificate->hypotheses, &certificate->gram, certificate->gram.ratio,
                          scaled_step, true);
  at_theorems_init(certificate->check, &certificate->hypotheses, precision);
  certificate->signed_most = _arb_vec_init(AT_SETS);
  certificate->absolute_most = _arb_vec_init(AT_SETS);
  set_maxima(certificate);
  certificate->undecided = false;
  for (int k = 0; k < AT_THEOREMS; k++) {
    certificate->undecided |= certificate->check[k].applies == AT_MAYBE;
  }
  arb_clear(scaled_step);
}

static void close(struct at_certificate *certificate)
{
  at_theorems_clear(certificate->check);
  at_hypotheses_clear(&certificate->hypotheses);
  at_gram_clear(&certificate->gram);
  _arb_vec_clear(certificate->signed_most, AT_SETS);
  _arb_vec_clear(certificate->absolute_most, AT_SETS);
}

/* ---- guarantees against the closed forms ---- */

/* What a guarantee promises of sample i and the closed forms deny, or NULL. */
static const char *broken_promise(const struct at_guarantee *guarantee,
                                  const struct at_hypotheses *hypotheses, size_t sample, bool noisy)
{
  arb_srcptr one = hypotheses->margin_one + sample, two = hypotheses->margin_two + sample;
  arb_srcptr attention = hypotheses->attention_two + sample;
  bool all_one = guarantee->fitted_one[0] == 'a';
  if ((all_one || !noisy) ? arb_is_nonpositive(one) : arb_is_nonnegative(one)) {
    return "the sign after one step";
  }
  if (guarantee->fitted_all && arb_is_nonpositive(two)) {
    return "the sign after two steps";
  }
  if (noisy && arb_gt(attention, guarantee->noisy_attention)) {
    return "the attention of a noisy sample";
  }
  arb_t half;
  arb_init(half);
  arb_set_d(half, 0.5);
  bool below = !noisy && guarantee->half_attention && arb_lt(attention, half);
  arb_clear(half);
  return below ? "the attention of a clean sample" : NULL;
}

/* Whether the worst test point that a guarantee of two steps covers, with eps_k <v, xi> = -t omega
 * and <p, xi> = t^2 pi, is certified to get the wrong label, or its law to be wider than is said. */
static bool breaks_test_points(const struct at_guarantee *guarantee,
                               const struct at_certificate *certificate)
{
  arb_srcptr direct = certificate->hypotheses.level[AT_LEVEL_DIRECT];
  slong precision = certificate->precision;
  bool broken;
  arb_t x;
  arb_init(x);
  arb_sqr(x, certificate->hypotheses.value + AT_HYPOTHESIS_T, precision);
  arb_mul(x, x, guarantee->pi, precision);
  arb_neg(x, x);
  arb_exp(x, x, precision);
  arb_mul(x, x, direct + AT_TERM_REACH, precision);
  broken = arb_le(x, guarantee->omega);
  at_tail_exponent(x, guarantee->omega, direct + AT_TERM_VALUE_SPREAD, certificate->gram.scale,
                   precision);
  broken |= arb_gt(guarantee->value_exponent, x);
  at_tail_exponent(x, guarantee->pi, direct + AT_TERM_SCORE_SPREAD, certificate->gram.scale,
                   precision);
  broken |= arb_gt(guarantee->score_exponent, x);
  arb_clear(x);
  return broken;
}

/* Writes down the first promise of a theorem that applies which the closed forms deny. */
static bool contradiction_find(struct at_certificate *certificate, enum at_theorem theorem)
{
  const struct at_guarantee *guarantee = &certificate->check[theorem].guarantee;
  const char *what = NULL;
  size_t sample = 0;
  while (what == NULL && sample < certificate->gram.samples) {
    what = broken_promise(guarantee, &certificate->hypotheses, sample,
                          at_set_is_noisy(certificate->gram.set[sample]) != 0);
    sample++;
  }
  if (what != NULL) {
    (void)snprintf(certificate->contradiction, sizeof certificate->contradiction,
                   "theorem %s, sample %zu: %s", at_theorem_name(theorem), sample - 1, what);
  } else if (guarantee->steps == 2 && breaks_test_points(guarantee, certificate)) {
    (void)snprintf(certificate->contradiction, sizeof certificate->contradiction,
                   "theorem %s: the test points", at_theorem_name(theorem));
  }
  return certificate->contradiction[0] != '\0';
}

/* ---- life ---- */

void at_certificate_init(struct at_certificate *certificate, const struct at_token_data *data,
                         double step)
{
  *certificate =
    (struct at_certificate){.obstacle = at_gram_obstacle(data), .data = data, .step = step};
  if (certificate->obstacle != NULL) {
    return;
  }
  open_at(certificate, AT_ENCLOSURE_START_BITS);
  while (certificate->undecided && certificate->precision < AT_ENCLOSURE_CAP_BITS) {
    slong precision = 2 * certificate->precision;
    close(certificate);
    open_at(certificate, precision);
  }
  bool contradicted = false;
  for (int k = 0; k < AT_THEOREMS && !contradicted; k++) {
    contradicted = certificate->check[k].applies == AT_YES &&
                   contradiction_find(certificate, (enum at_theorem)k);
  }
}

void at_certificate_clear(struct at_certificate *certificate)
{
  if (certificate->obstacle == NULL) {
    close(certificate);
  }
  *certificate = (struct at_certificate){0};
}

enum at_theorem at_certificate_best(const struct at_certificate *certificate)
{
  static const enum at_theorem order[] = {AT_THEOREM_PARAMETRIC, AT_THEOREM_ROW_SUMS, AT_THEOREM_C2,
                                          AT_THEOREM_C1, AT_THEOREM_ONE_STEP};
  for (size_t k = 0; k < AT_THEOREMS; k++) {
    if (certificate->check[order[k]].applies == AT_YES) {
      return order[k];
    }
  }
  return AT_THEOREMS;
}

/* ---- advice ---- */

/* Steps of 2^(1/8) to either side; then the border between two of them, to 2^-16 of a step. */
enum { PER_OCTAVE = 8, OCTAVES = 8, REFINEMENTS = 16 };

/* Whether a theorem applies with the quantity multiplied by `factor`: a = rho^2/R, t = beta R/4n. */
static bool applies_at(enum at_theorem *theorem, const struct at_certificate *certificate,
                       enum at_change change, double factor)
{
  static const enum at_theorem tried[] = {AT_THEOREM_PARAMETRIC, AT_THEOREM_ONE_STEP};
  slong precision = certificate->precision;
  struct at_hypotheses hypotheses;
  arb_t by, ratio, step;
  arb_init(by);
  arb_init(ratio);
  arb_init(step);
  arb_set_d(by, factor);
  arb_set(ratio, certificate->gram.ratio);
  arb_set(step, certificate->hypotheses.value + AT_HYPOTHESIS_T);
  if (change != AT_CHANGE_RHO) {
    arb_mul(step, step, by, precision);
  }
  if (change == AT_CHANGE_RHO) {
    arb_sqr(by, by, precision);
    arb_mul(ratio, ratio, by, precision);
  } else if (change == AT_CHANGE_SCALE) {
    arb_div(ratio, ratio, by, precision);
  }
  at_hypotheses_init_gram(&hypotheses, &certificate->gram, ratio, step, false);
  bool found = false;
  for (size_t k = 0; k < sizeof tried / sizeof tried[0] && !found; k++) {
    *theorem = tried[k];
    found = at_theorem_applies(&hypotheses, tried[k], precision) == AT_YES;
  }
  at_hypotheses_clear(&hypotheses);
  arb_clear(by);
  arb_clear(ratio);
  arb_clear(step);
  return found;
}

bool at_certificate_advise(double *factor, enum at_theorem *theorem,
                           const struct at_certificate *certificate, enum at_change change)
{
  enum at_theorem ignored;
  bool found = false;
  double good = 0.0, bad = 0.0;
  for (int k = 1; k <= 2 * PER_OCTAVE * OCTAVES && !found; k++) {
    int steps = (k + 1) / 2;
    double side = k % 2 == 0 ? -1.0 : 1.0, place = steps;
    good = side * place / PER_OCTAVE;
    bad = side * (place - 1.0) / PER_OCTAVE;
    found = applies_at(theorem, certificate, change, exp2(good));
  }
  for (int k = 0; k < REFINEMENTS && found; k++) {
    double middle = 0.5 * (good + bad);
    if (applies_at(&ignored, certificate, change, exp2(middle))) {
      good = middle;
      *theorem = ignored;
    } else {
      bad = middle;
    }
  }
  *factor = exp2(good);
  return found;
}
