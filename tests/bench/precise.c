/* SPDX-License-Identifier: Apache-2.0
 *
 * precise.c: see precise.h.
 */
#include "tests/bench/precise.h"

#include <stdlib.h>

#include "harness/enclosure/single_head.h"
#include "harness/reference/array.h"
#include "harness/reference/single_head.h"

struct at_bench_reference {
  struct at_token_data data;
  struct at_reference_point first, second;
  double step;
};

struct at_bench_enclosure {
  struct at_token_data data;
  struct at_enclosure_point first, second;
  double step;
  slong bits;
};

static struct at_token_data data_of(double *tokens, double *labels, size_t samples,
                                    size_t token_count, size_t dim)
{
  return (struct at_token_data){
    .samples = samples, .tokens = token_count, .dim = dim, .token = tokens, .label = labels};
}

struct at_bench_reference *at_bench_reference_open(double *tokens, double *labels, const double *v,
                                                   const double *p, double step, size_t samples,
                                                   size_t token_count, size_t dim, long bits)
{
  struct at_bench_reference *bench = calloc(1, sizeof *bench);
  if (!bench) return NULL;
  bench->data = data_of(tokens, labels, samples, token_count, dim);
  bench->step = step;
  if (at_reference_point_init(&bench->first, samples, token_count, dim, bits, NULL) != 0) {
    free(bench);
    return NULL;
  }
  if (at_reference_point_init(&bench->second, samples, token_count, dim, bits, NULL) != 0) {
    at_reference_point_clear(&bench->first);
    free(bench);
    return NULL;
  }
  at_reference_array_set(bench->first.v, v, dim);
  at_reference_array_set(bench->first.p, p, dim);
  at_reference_point_evaluate(&bench->first, &bench->data);
  at_reference_point_step(&bench->second, &bench->first, step);
  return bench;
}

void at_bench_reference_step(struct at_bench_reference *bench, size_t repeats)
{
  for (size_t r = 0; r < repeats; r++) {
    at_reference_point_evaluate(&bench->second, &bench->data);
    at_reference_point_step(&bench->first, &bench->second, bench->step);
  }
}

void at_bench_reference_weights(double *v, double *p, const struct at_bench_reference *bench)
{
  for (size_t k = 0; k < bench->data.dim; k++) {
    v[k] = mpfr_get_d(bench->second.v + k, MPFR_RNDN);
    p[k] = mpfr_get_d(bench->second.p + k, MPFR_RNDN);
  }
}

void at_bench_reference_close(struct at_bench_reference *bench)
{
  at_reference_point_clear(&bench->first);
  at_reference_point_clear(&bench->second);
  free(bench);
}

struct at_bench_enclosure *at_bench_enclosure_open(double *tokens, double *labels, const double *v,
                                                   const double *p, double step, size_t samples,
                                                   size_t token_count, size_t dim, long bits)
{
  struct at_bench_enclosure *bench = calloc(1, sizeof *bench);
  if (!bench) return NULL;
  bench->data = data_of(tokens, labels, samples, token_count, dim);
  bench->step = step;
  bench->bits = bits;
  at_enclosure_point_init(&bench->first, samples, token_count, dim);
  at_enclosure_point_init(&bench->second, samples, token_count, dim);
  at_enclosure_point_set(&bench->first, v, p);
  at_enclosure_point_evaluate(&bench->first, &bench->data, bits);
  at_enclosure_point_step(&bench->second, &bench->first, step, bits);
  return bench;
}

void at_bench_enclosure_step(struct at_bench_enclosure *bench, size_t repeats)
{
  for (size_t r = 0; r < repeats; r++) {
    at_enclosure_point_evaluate(&bench->second, &bench->data, bench->bits);
    at_enclosure_point_step(&bench->first, &bench->second, bench->step, bench->bits);
  }
}

void at_bench_enclosure_weights(double *v, double *p, const struct at_bench_enclosure *bench)
{
  for (size_t k = 0; k < bench->data.dim; k++) {
    v[k] = arf_get_d(arb_midref(bench->second.v + k), ARF_RND_NEAR);
    p[k] = arf_get_d(arb_midref(bench->second.p + k), ARF_RND_NEAR);
  }
}

void at_bench_enclosure_close(struct at_bench_enclosure *bench)
{
  at_enclosure_point_clear(&bench->first);
  at_enclosure_point_clear(&bench->second);
  free(bench);
}
