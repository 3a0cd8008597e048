/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/pooling.h: output, logistic loss and token coefficients of one sample.
 * Main result: the kernel's formulas at the precision of the results.
 * Assumptions: all operands have one precision; outputs do not overlap inputs.
 * Test: tests/kernel/test_pooling.c (as the judge), tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_POOLING_H
#define AT_HARNESS_REFERENCE_POOLING_H

#include <mpfr.h>
#include <stddef.h>

/* output = sum over t < tokens of weights[t] * values[t]. */
void at_reference_pool_output(mpfr_ptr output, mpfr_srcptr weights, mpfr_srcptr values,
                              size_t tokens);

/* loss = log(1 + exp(-margin)). */
void at_reference_loss(mpfr_ptr loss, mpfr_srcptr margin);

/* derivative = -1 / (1 + exp(margin)). */
void at_reference_loss_derivative(mpfr_ptr derivative, mpfr_srcptr margin);

/* value_coefficients[t] = y loss'(y f) weights[t],
 * score_coefficients[t] = y loss'(y f) weights[t] (values[t] - f); f the output, y = +-1. */
void at_reference_pool_coefficients(mpfr_ptr score_coefficients, mpfr_ptr value_coefficients,
                                    mpfr_srcptr weights, mpfr_srcptr values, mpfr_srcptr output,
                                    double label, size_t tokens);

#endif
