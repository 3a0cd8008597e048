/* SPDX-License-Identifier: Apache-2.0
 *
 * threads.c: see threads.h.
 */
#define _POSIX_C_SOURCE 200809L

#include "tests/bench/threads.h"

#include <pthread.h>

#include "kernel/capacity.h"

struct shared {
  const struct at_bench_parts *parts;
  size_t threads, repeats;
  pthread_barrier_t barrier;
};

struct worker {
  struct shared *shared;
  size_t index;
};

/* The beginning of part `index` of `count` things, in units of `unit`. */
static size_t part_begin(size_t count, size_t unit, size_t index, size_t parts)
{
  const size_t units = (count + unit - 1) / unit;
  const size_t begin = units * index / parts * unit;
  return begin < count ? begin : count;
}

static void samples_do(const struct at_bench_parts *p, size_t begin, size_t end)
{
  const size_t row = begin * p->token_count;
  if (begin < end)
    p->coefficients(p->score_coefficients + row, p->value_coefficients + row,
                    p->tokens + row * p->dim, p->labels + begin, p->v, p->p, end - begin,
                    p->token_count, p->dim);
}

static void columns_do(const struct at_bench_parts *p, size_t begin, size_t end)
{
  double gradient[AT_BLOCK];
  for (size_t first = begin; first < end; first += AT_BLOCK) {
    const size_t width = end - first < AT_BLOCK ? end - first : AT_BLOCK;
    p->gradient(gradient, p->value_coefficients, p->tokens, first, width, p->samples,
                p->token_count, p->dim);
    p->descend(p->v_next, p->v, gradient, p->step, first, width);
    p->gradient(gradient, p->score_coefficients, p->tokens, first, width, p->samples,
                p->token_count, p->dim);
    p->descend(p->p_next, p->p, gradient, p->step, first, width);
  }
}

static void *work(void *argument)
{
  const struct worker *worker = argument;
  struct shared *shared = worker->shared;
  const struct at_bench_parts *p = shared->parts;
  const size_t i = worker->index, n = shared->threads;
  for (size_t r = 0; r < shared->repeats; r++) {
    samples_do(p, part_begin(p->samples, 1, i, n), part_begin(p->samples, 1, i + 1, n));
    (void)pthread_barrier_wait(&shared->barrier);
    columns_do(p, part_begin(p->dim, AT_BLOCK, i, n), part_begin(p->dim, AT_BLOCK, i + 1, n));
    (void)pthread_barrier_wait(&shared->barrier);
  }
  return NULL;
}

int at_bench_threads(const struct at_bench_parts *parts, size_t threads, size_t repeats)
{
  struct shared shared = {.parts = parts, .threads = threads, .repeats = repeats};
  struct worker worker[AT_BENCH_THREADS];
  pthread_t thread[AT_BENCH_THREADS];
  if (threads < 1 || threads > AT_BENCH_THREADS ||
      pthread_barrier_init(&shared.barrier, NULL, (unsigned)threads) != 0)
    return -1;
  for (size_t k = 0; k < threads; k++) worker[k] = (struct worker){&shared, k};
  for (size_t k = 1; k < threads; k++)
    if (pthread_create(&thread[k], NULL, work, &worker[k]) != 0) return -1;
  (void)work(&worker[0]);
  for (size_t k = 1; k < threads; k++) (void)pthread_join(thread[k], NULL);
  (void)pthread_barrier_destroy(&shared.barrier);
  return 0;
}
