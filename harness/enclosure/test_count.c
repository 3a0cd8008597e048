/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see test_count.h.
 *
 * The samples still open are compacted into a list and evaluated in chunks of a fixed size as a
 * small data set, so that the enclosure of the model is written once (single_head.c).
 */
#include "harness/enclosure/test_count.h"

#include <string.h>

#include "harness/enclosure/ball.h"

enum { AT_COUNT_CHUNK = 64 };

/* What a pass works on: open[0 .. count->undecided-1] are the indices of the open samples. */
struct at_counting {
  struct at_test_count *count;
  const struct at_token_data *test;
  size_t *open;
  double *tokens; /* AT_COUNT_CHUNK samples */
  double *labels;
};

static void at_counting_init(struct at_counting *counting, struct at_test_count *count,
                             const struct at_token_data *test)
{
  counting->count = count;
  counting->test = test;
  counting->open = flint_malloc((test->samples + 1) * sizeof *counting->open);
  counting->tokens =
    flint_malloc(AT_COUNT_CHUNK * test->tokens * test->dim * sizeof *counting->tokens);
  counting->labels = flint_malloc(AT_COUNT_CHUNK * sizeof *counting->labels);
  for (size_t i = 0; i < test->samples; i++) counting->open[i] = i;
  *count = (struct at_test_count){.undecided = test->samples};
}

static void at_counting_clear(struct at_counting *counting)
{
  flint_free(counting->open);
  flint_free(counting->tokens);
  flint_free(counting->labels);
}

/* Evaluates `size` open samples from `first` on, counts the certain ones and moves the others to
 * open[kept ..]; returns the new number kept. */
static size_t at_counting_chunk(struct at_counting *counting, size_t first, size_t size,
                                size_t kept, arb_srcptr v, arb_srcptr p, slong precision)
{
  const struct at_token_data *test = counting->test;
  const size_t row = test->tokens * test->dim;
  const double *truth = test->clean_label != NULL ? test->clean_label : test->label;
  struct at_token_data chunk = {.samples = size,
                                .tokens = test->tokens,
                                .dim = test->dim,
                                .token = counting->tokens,
                                .label = counting->labels};
  struct at_enclosure_point point;
  at_enclosure_point_init(&point, size, test->tokens, test->dim);
  _arb_vec_set(point.v, v, (slong)test->dim);
  _arb_vec_set(point.p, p, (slong)test->dim);
  for (size_t i = 0; i < size; i++) {
    const size_t sample = counting->open[first + i];
    memcpy(counting->tokens + i * row, test->token + sample * row, row * sizeof *test->token);
    counting->labels[i] = truth[sample];
  }
  at_enclosure_point_forward(&point, &chunk, precision);
  for (size_t i = 0; i < size; i++) {
    const enum at_ball_sign sign = at_enclosure_margin_sign(&point, &chunk, i);
    if (sign == AT_SIGN_UNDECIDED)
      counting->open[kept++] = counting->open[first + i];
    else if (sign == AT_SIGN_POSITIVE)
      counting->count->right++;
    else
      counting->count->wrong++;
  }
  at_enclosure_point_clear(&point);
  return kept;
}

/* One pass over the open samples at one precision; returns whether none stays open. */
static bool at_counting_pass(struct at_counting *counting, arb_srcptr v, arb_srcptr p,
                             slong precision)
{
  const size_t open = counting->count->undecided;
  size_t kept = 0;
  for (size_t first = 0; first < open; first += AT_COUNT_CHUNK) {
    const size_t size = open - first < AT_COUNT_CHUNK ? open - first : AT_COUNT_CHUNK;
    kept = at_counting_chunk(counting, first, size, kept, v, p, precision);
  }
  counting->count->undecided = kept;
  counting->count->precision = precision;
  return kept == 0;
}

bool at_test_count_of_doubles(struct at_test_count *count, const struct at_token_data *test,
                              const double *v, const double *p, slong cap)
{
  struct at_counting counting;
  at_counting_init(&counting, count, test);
  arb_ptr exact_v = _arb_vec_init((slong)test->dim);
  arb_ptr exact_p = _arb_vec_init((slong)test->dim);
  at_balls_set_doubles(exact_v, v, test->dim);
  at_balls_set_doubles(exact_p, p, test->dim);
  bool decided = false;
  for (slong bits = AT_ENCLOSURE_START_BITS; bits <= cap && !decided; bits *= 2)
    decided = at_counting_pass(&counting, exact_v, exact_p, bits);
  _arb_vec_clear(exact_v, (slong)test->dim);
  _arb_vec_clear(exact_p, (slong)test->dim);
  at_counting_clear(&counting);
  return decided;
}

bool at_test_count_of_run(struct at_test_count *count, const struct at_token_data *test,
                          struct at_enclosure_run *run, size_t steps, slong cap)
{
  struct at_counting counting;
  at_counting_init(&counting, count, test);
  bool decided = false;
  bool ready = run->precision > 0 || at_enclosure_run_refine(run, cap);
  while (ready && !decided) {
    const struct at_enclosure_point *point = &run->point[steps];
    decided = at_counting_pass(&counting, point->v, point->p, run->precision);
    ready = decided || at_enclosure_run_refine(run, cap);
  }
  at_counting_clear(&counting);
  return decided;
}
