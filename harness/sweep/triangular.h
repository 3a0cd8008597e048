/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the kernel's step and forward pass on data that are mostly zeros: signal tokens have one
 * non-zero entry, and the noise tokens are the rows of a lower triangular factor.
 * Main result: bit for bit what at_single_head_step and at_single_head_forward give, at a quarter of
 * their cost: the same functions of the kernel are called, in the same order, on the entries that
 * are not known to be zero.  Leaving a zero out changes no bit: its product is a zero, a dot product
 * counts its lanes from the first entry, a sum of rows adds them in their order, and x + 0 = x.
 * Assumptions: synthetic data of two tokens in compressed coordinates (harness/data/synthetic.h),
 * within the kernel's capacity.  Test: tests/harness/sweep/test_draw.c.
 */
#ifndef AT_SWEEP_TRIANGULAR_H
#define AT_SWEEP_TRIANGULAR_H

#include "harness/data/token_data.h"

/* As at_single_head_forward: outputs (samples), weights (samples, 2). */
void at_triangular_forward(double *outputs, double *weights, const struct at_token_data *data,
                           const double *v, const double *p);

/* As at_single_head_step; coefficients (samples, 2), scratch: room for `samples` numbers. */
void at_triangular_step(double *v_next, double *p_next, double *score_coefficients,
                        double *value_coefficients, double *scratch,
                        const struct at_token_data *data, const double *v, const double *p,
                        double step);

#endif
