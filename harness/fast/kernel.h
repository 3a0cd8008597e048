/* SPDX-License-Identifier: Apache-2.0
 *
 * kernel.h: builds of the kernel, one text compiled for several levels of one instruction set.
 *
 * Main result: every build gives the same bits (tests/harness/fast/test_kernel.c and
 * tests/kernel/hash.sh); the choice is one of speed.  The plain build is always there; on x86-64
 * there are x86-64-v3 (AVX2) and x86-64-v4 (AVX-512) as well.
 * Assumes: at_kernel_select is called, if at all, before threads are started.
 */
#ifndef AT_FAST_KERNEL_H
#define AT_FAST_KERNEL_H

#include <stddef.h>

#include "harness/failure.h"

/* The functions of one build that the harness calls through it; contracts: the kernel's headers. */
struct at_kernel {
  const char *name;
  double (*dot)(const double *restrict x, const double *restrict y, size_t n);
  double (*loss)(double margin);
  void (*pool_coefficients)(double *score_coefficients, double *value_coefficients,
                            const double *weights, const double *values, double output,
                            double label, size_t tokens);
  double (*sample)(double *scores, double *values, double *weights, const double *sample,
                   const double *v, const double *p, size_t tokens, size_t dim);
  double (*mean_loss)(const double *outputs, const double *labels, size_t samples);
  void (*gradient)(double *gradient, const double *coefficients, const double *tokens, size_t first,
                   size_t width, size_t samples, size_t token_count, size_t dim);
  void (*step)(double *v_next, double *p_next, double *score_coefficients,
               double *value_coefficients, const double *tokens, const double *labels,
               const double *v, const double *p, double step, size_t samples, size_t token_count,
               size_t dim);
};

/* The builds of this program, slowest first, plain before all; NULL past the last. */
const struct at_kernel *at_kernel_build(size_t index);

/* Does this processor run it? */
int at_kernel_runs(const struct at_kernel *build);

/* The build in use: the last that the processor runs, unless one was selected. */
const struct at_kernel *at_kernel(void);

/* Selects the build of this name; fails on an unknown name and on one that the processor does not
 * run.  NULL selects none. */
int at_kernel_select(const char *name, struct at_failure *failure);

#endif
