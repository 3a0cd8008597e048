/* SPDX-License-Identifier: Apache-2.0
 *
 * experiment.h: a whole experiment: draw the data, two steps from zero, train fit, test error.
 *
 * Main result: at_bench_experiment_full writes every coordinate down and counts wrong labels on a
 * test set, as the peers do (peers.py); at_bench_experiment_law gets the same quantities from the
 * same law with less work: compressed coordinates and a quadrature (harness/sweep/draw.h).
 * Both return 0, or -1 when memory runs out or the draw leaves a class empty.  Called by bench.py.
 */
#ifndef AT_TESTS_BENCH_EXPERIMENT_H
#define AT_TESTS_BENCH_EXPERIMENT_H

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/loops.h"

/* The signature of at_single_head_forward (kernel/single_head.h). */
typedef void at_bench_forward(double *outputs, double *weights, const double *tokens,
                              const double *v, const double *p, size_t samples, size_t token_count,
                              size_t dim);

/* The kernel that is measured. */
struct at_bench_kernel {
  at_bench_update *step;
  at_bench_forward *forward;
  at_bench_product *dot;
};

/* n training and `test` test samples of two tokens in `dim` dimensions, signals of norm rho, labels
 * flipped with probability eta, step size beta. */
struct at_bench_experiment {
  size_t samples, dim, test;
  double rho, eta, beta;
  uint64_t seed;
};

/* *fit: share of training samples with a positive margin; *error: share of test samples with a
 * wrong clean label. */
int at_bench_experiment_full(double *fit, double *error, const struct at_bench_kernel *kernel,
                             const struct at_bench_experiment *experiment);

/* *error: the probability of a wrong clean label. */
int at_bench_experiment_law(double *fit, double *error,
                            const struct at_bench_experiment *experiment);

#endif
