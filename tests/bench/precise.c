/* SPDX-License-Identifier: Apache-2.0
 *
 * precise.c: see precise.h.
 */
#include "tests/bench/precise.h"

#include <stdlib.h>

#include "harness/enclosure/gram_form.h"
#include "harness/enclosure/single_head.h"
#include "harness/reference/array.h"
#include "harness/reference/single_head.h"
#include "tests/bench/plain.h"

enum { STEPS_BEFORE = 2 };

/* Used are the members of `form`; the step that is repeated goes from `now` to `next`. */
struct at_bench_precise {
  int form;
  long bits;
  double step;
  struct at_token_data data;
  struct at_plain plain;
  struct at_reference_point reference_now, reference_next;
  struct at_enclosure_point now, next;
  struct at_gram_form gram, gram_next; /* one matrix */
};

static int open_plain(struct at_bench_precise *b)
{
  const struct at_token_data *d = &b->data;
  if (at_plain_init(&b->plain, d->token, d->label, b->step, d->samples, d->tokens, d->dim,
                    b->bits) != 0)
    return -1;
  for (int k = 0; k < STEPS_BEFORE; k++) {
    at_plain_step(&b->plain);
    at_plain_advance(&b->plain);
  }
  return 0;
}

static int open_reference(struct at_bench_precise *b)
{
  const struct at_token_data *d = &b->data;
  if (at_reference_point_init(&b->reference_now, d->samples, d->tokens, d->dim, b->bits, NULL) != 0)
    return -1;
  if (at_reference_point_init(&b->reference_next, d->samples, d->tokens, d->dim, b->bits, NULL) !=
      0) {
    at_reference_point_clear(&b->reference_now);
    return -1;
  }
  for (int k = 0; k < STEPS_BEFORE; k++) {
    at_reference_point_evaluate(&b->reference_now, d);
    at_reference_point_step(&b->reference_now, &b->reference_now, b->step);
  }
  return 0;
}

static void open_direct(struct at_bench_precise *b)
{
  const struct at_token_data *d = &b->data;
  at_enclosure_point_init(&b->now, d->samples, d->tokens, d->dim);
  at_enclosure_point_init(&b->next, d->samples, d->tokens, d->dim);
  for (int k = 0; k < STEPS_BEFORE; k++) {
    at_enclosure_point_evaluate(&b->now, d, b->bits);
    at_enclosure_point_step(&b->now, &b->now, b->step, b->bits);
  }
}

static void open_gram(struct at_bench_precise *b)
{
  const struct at_token_data *d = &b->data;
  at_enclosure_point_init(&b->now, d->samples, d->tokens, d->dim);
  at_enclosure_point_init(&b->next, d->samples, d->tokens, d->dim);
  at_gram_form_init(&b->gram, d);
  at_gram_form_start(&b->gram, d, b->bits);
  for (int k = 0; k < STEPS_BEFORE; k++) {
    at_gram_form_evaluate(&b->now, &b->gram, d->label, b->bits);
    at_gram_form_step(&b->gram, &b->now, b->step, b->bits);
  }
  b->gram_next = b->gram;
  b->gram_next.v = _arb_vec_init((slong)b->gram.rows);
  b->gram_next.p = _arb_vec_init((slong)b->gram.rows);
}

static struct at_token_data data_of(double *tokens, double *labels, size_t samples,
                                    size_t token_count, size_t dim)
{
  return (struct at_token_data){
    .samples = samples, .tokens = token_count, .dim = dim, .token = tokens, .label = labels};
}

struct at_bench_precise *at_bench_precise_open(int form, double *tokens, double *labels,
                                               double step, size_t samples, size_t token_count,
                                               size_t dim, long bits)
{
  struct at_bench_precise *b = calloc(1, sizeof *b);
  if (b == NULL) return NULL;
  b->form = form;
  b->bits = bits;
  b->step = step;
  b->data = data_of(tokens, labels, samples, token_count, dim);
  int bad = 0;
  switch (form) {
  case AT_BENCH_PLAIN: bad = open_plain(b); break;
  case AT_BENCH_REFERENCE: bad = open_reference(b); break;
  case AT_BENCH_DIRECT: open_direct(b); break;
  case AT_BENCH_GRAM: open_gram(b); break;
  default: bad = -1;
  }
  if (bad == 0) return b;
  free(b);
  return NULL;
}

static void step_once(struct at_bench_precise *b)
{
  switch (b->form) {
  case AT_BENCH_PLAIN: at_plain_step(&b->plain); break;
  case AT_BENCH_REFERENCE:
    at_reference_point_evaluate(&b->reference_now, &b->data);
    at_reference_point_step(&b->reference_next, &b->reference_now, b->step);
    break;
  case AT_BENCH_DIRECT:
    at_enclosure_point_evaluate(&b->now, &b->data, b->bits);
    at_enclosure_point_step(&b->next, &b->now, b->step, b->bits);
    break;
  default:
    at_gram_form_evaluate(&b->now, &b->gram, b->data.label, b->bits);
    _arb_vec_set(b->gram_next.v, b->gram.v, (slong)b->gram.rows);
    _arb_vec_set(b->gram_next.p, b->gram.p, (slong)b->gram.rows);
    at_gram_form_step(&b->gram_next, &b->now, b->step, b->bits);
  }
}

void at_bench_precise_step(struct at_bench_precise *bench, size_t repeats)
{
  for (size_t r = 0; r < repeats; r++) step_once(bench);
}

/* weight = X'c. */
static void of_coefficients(arb_ptr weight, arb_srcptr coefficient,
                            const struct at_bench_precise *b)
{
  arb_t entry;
  arb_init(entry);
  for (size_t k = 0; k < b->data.dim; k++) {
    arb_zero(weight + k);
    for (size_t r = 0; r < b->gram.rows; r++) {
      arb_set_d(entry, b->data.token[r * b->data.dim + k]);
      arb_addmul(weight + k, coefficient + r, entry, b->bits);
    }
  }
  arb_clear(entry);
}

static void doubles_of_mpfr(double *value, mpfr_srcptr x, size_t count)
{
  for (size_t k = 0; k < count; k++) value[k] = mpfr_get_d(x + k, MPFR_RNDN);
}

static void doubles_of_balls(double *value, arb_srcptr x, size_t count)
{
  for (size_t k = 0; k < count; k++) value[k] = arf_get_d(arb_midref(x + k), ARF_RND_NEAR);
}

void at_bench_precise_weights(double *v, double *p, struct at_bench_precise *bench)
{
  const size_t dim = bench->data.dim;
  step_once(bench);
  if (bench->form == AT_BENCH_PLAIN) {
    doubles_of_mpfr(v, bench->plain.next_v, dim);
    doubles_of_mpfr(p, bench->plain.next_p, dim);
  } else if (bench->form == AT_BENCH_REFERENCE) {
    doubles_of_mpfr(v, bench->reference_next.v, dim);
    doubles_of_mpfr(p, bench->reference_next.p, dim);
  } else {
    if (bench->form == AT_BENCH_GRAM) {
      of_coefficients(bench->next.v, bench->gram_next.v, bench);
      of_coefficients(bench->next.p, bench->gram_next.p, bench);
    }
    doubles_of_balls(v, bench->next.v, dim);
    doubles_of_balls(p, bench->next.p, dim);
  }
}

static void close_enclosure(struct at_bench_precise *b)
{
  if (b->form == AT_BENCH_GRAM) {
    _arb_vec_clear(b->gram_next.v, (slong)b->gram.rows);
    _arb_vec_clear(b->gram_next.p, (slong)b->gram.rows);
    at_gram_form_clear(&b->gram);
  }
  at_enclosure_point_clear(&b->now);
  at_enclosure_point_clear(&b->next);
}

void at_bench_precise_close(struct at_bench_precise *bench)
{
  if (bench->form == AT_BENCH_PLAIN) {
    at_plain_clear(&bench->plain);
  } else if (bench->form == AT_BENCH_REFERENCE) {
    at_reference_point_clear(&bench->reference_now);
    at_reference_point_clear(&bench->reference_next);
  } else {
    close_enclosure(bench);
  }
  free(bench);
}
