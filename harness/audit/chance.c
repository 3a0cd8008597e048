/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see chance.h.
 */
#include "harness/audit/chance.h"

#include <math.h>

#include "harness/audit/hypotheses.h"
#include "harness/audit/source.h"
#include "harness/data/labels.h"
#include "harness/enclosure/ball.h"
#include "harness/enclosure/clopper_pearson.h"
#include "harness/enclosure/decimal.h"

enum { HIGHEST_BITS = 512 };
static const double certainty = 1.0 - 1e-9;

/* Whether the seed makes no data set: see at_labels_draw. */
static bool draw_is_refused(const struct at_settings *s)
{
  double label[AT_MAX_SAMPLES];
  size_t positive = 0;
  if (s->balanced)
    positive = s->samples - s->samples / 2;
  else {
    at_labels_draw(label, s->seed, "train.labels", 0, s->samples);
    for (size_t i = 0; i < s->samples; i++) positive += label[i] > 0.0;
  }
  const size_t negative = s->samples - positive;
  const size_t least = positive < negative ? positive : negative;
  return least == 0 || (s->fixed_noisy && least < s->noisy_per_class);
}

/* answer[k] of each theorem; precision grows until none is open, or to the cap. */
static void draw_judge(enum at_answer *answer, const struct at_token_data *data, double step)
{
  bool open = true;
  for (slong bits = AT_ENCLOSURE_START_BITS; bits <= HIGHEST_BITS && open; bits *= 2) {
    struct at_hypotheses hypotheses;
    at_hypotheses_init(&hypotheses, data, step, bits);
    open = false;
    for (int k = 0; k < AT_THEOREMS; k++) {
      answer[k] = at_theorem_applies(&hypotheses, (enum at_theorem)k, bits);
      open = open || answer[k] == AT_MAYBE;
    }
    at_hypotheses_clear(&hypotheses);
  }
}

static void draw_count(struct at_chance *chance, const enum at_answer *answer)
{
  bool some = false, maybe = false;
  for (int k = 0; k < AT_THEOREMS; k++) {
    chance->failing[k] += answer[k] == AT_NO;
    chance->open[k] += answer[k] == AT_MAYBE;
    some = some || answer[k] == AT_YES;
    maybe = maybe || answer[k] == AT_MAYBE;
  }
  chance->failing[AT_THEOREMS] += !some && !maybe;
  chance->open[AT_THEOREMS] += !some && maybe;
}

/* One more draw, of the given seed. */
static int draw_one(struct at_chance *chance, uint64_t seed, struct at_failure *failure)
{
  struct at_settings settings = chance->settings;
  struct at_token_data data, test;
  enum at_answer answer[AT_THEOREMS] = {AT_NO};
  settings.seed = seed;
  if (draw_is_refused(&settings)) {
    chance->refused++;
  } else {
    if (at_source_open(&data, &test, &settings, failure) != 0) return -1;
    draw_judge(answer, &data, settings.beta);
    at_token_data_free(&data);
    at_token_data_free(&test);
  }
  draw_count(chance, answer);
  return 0;
}

static int setting_check(const struct at_settings *s, size_t draws, struct at_failure *failure)
{
  if (s->source != AT_SOURCE_SYNTHETIC)
    return at_fail(failure, "--chance: only the synthetic model has a probability; leave out "
                            "--tokens, and name a preset that is not of images");
  if (s->tokens != 2)
    return at_fail(failure, "--chance: %zu tokens a sample; the bounds are for 2", s->tokens);
  if (s->samples < 2)
    return at_fail(failure, "--n: %zu is out of range; at least 2 is accepted", s->samples);
  if (draws - 1 > UINT64_MAX - s->seed)
    return at_fail(failure, "--seed: the last of %zu seeds would exceed 2^64 - 1", draws);
  return 0;
}

int at_chance_init(struct at_chance *chance, const struct at_settings *settings, size_t draws,
                   at_chance_progress *progress, struct at_failure *failure)
{
  struct at_count_law law;
  *chance = (struct at_chance){.settings = *settings, .draws = draws};
  for (int k = 0; k < AT_THEOREMS; k++) at_failure_bound_init(&chance->bound[k]);
  if (setting_check(settings, draws, failure) != 0) return -1;
  at_count_law_init(&law, settings);
  for (int k = 0; k < AT_THEOREMS; k++) {
    if (progress != NULL) progress(0.5 * k / AT_THEOREMS);
    at_failure_bound_evaluate(&chance->bound[k], (enum at_theorem)k, settings, &law);
  }
  at_count_law_clear(&law);
  for (size_t i = 0; i < draws; i++) {
    if (progress != NULL) progress(0.5 + 0.5 * (double)i / (double)draws);
    if (draw_one(chance, settings->seed + i, failure) != 0) return -1;
  }
  return 0;
}

void at_chance_clear(struct at_chance *chance)
{
  for (int k = 0; k < AT_THEOREMS; k++) at_failure_bound_clear(&chance->bound[k]);
}

void at_chance_delta(arb_t delta, const struct at_chance *chance, int index)
{
  if (index < AT_THEOREMS) {
    arb_set(delta, chance->bound[index].delta);
    return;
  }
  arb_one(delta);
  for (int k = 0; k < AT_THEOREMS; k++) arb_min(delta, delta, chance->bound[k].delta, 64);
}

int at_chance_interval(double *lower, double *upper, const struct at_chance *chance, int index,
                       double confidence, struct at_failure *failure)
{
  double ignored;
  const size_t failing = chance->failing[index];
  if (at_clopper_pearson(lower, &ignored, failing, chance->draws, confidence, failure) != 0)
    return -1;
  return at_clopper_pearson(&ignored, upper, failing + chance->open[index], chance->draws,
                            confidence, failure);
}

bool at_chance_contradicted(int *index, const struct at_chance *chance)
{
  bool found = false;
  arb_t delta;
  arb_init(delta);
  for (int k = 0; k <= AT_THEOREMS && !found; k++) {
    double lower = 0.0, upper = 1.0, low, high;
    at_chance_delta(delta, chance, k);
    at_ball_get_doubles(&low, &high, delta);
    found = at_chance_interval(&lower, &upper, chance, k, certainty, NULL) == 0 && lower > high;
    *index = k;
  }
  arb_clear(delta);
  return found;
}

/* Clean minus noisy samples of a class, in the mean. */
static double mean_excess(const struct at_settings *s)
{
  const double half = 0.5 * (double)s->samples;
  return s->fixed_noisy ? half - 2.0 * (double)s->noisy_per_class : half * (1.0 - 2.0 * s->eta);
}

bool at_chance_scale(struct at_settings *scaled, const struct at_settings *settings, size_t samples,
                     uint64_t dim)
{
  const double more = (double)samples / (double)settings->samples;
  *scaled = *settings;
  scaled->samples = samples;
  scaled->dim = dim;
  if (settings->fixed_noisy)
    scaled->noisy_per_class = (size_t)floor((double)settings->noisy_per_class * more + 0.5);
  const double before = mean_excess(settings), after = mean_excess(scaled);
  if (samples < 2 || samples > AT_MAX_SAMPLES || dim < 3 || !(before > 0.0 && after > 0.0))
    return false;
  const double wider = (double)dim / (double)settings->dim;
  scaled->rho = settings->rho * sqrt(wider * before / after);
  scaled->beta = settings->beta * more / wider;
  return scaled->rho <= AT_MAX_ENTRY && scaled->beta <= AT_MAX_STEP && scaled->rho > 0.0 &&
         scaled->beta > 0.0;
}
