/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: twin of kernel/softmax.h: max-shifted softmax of one row of scores.
 * Main result: the kernel's formula at the precision of the weights.
 * Assumptions: tokens >= 1; scores and weights have one precision and do not overlap.
 * Test: tests/kernel/test_softmax.c (as the judge), tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_SOFTMAX_H
#define AT_HARNESS_REFERENCE_SOFTMAX_H

#include <mpfr.h>
#include <stddef.h>

/* weights[t] = exp(scores[t] - max) / sum over s of exp(scores[s] - max), t < tokens. */
void at_reference_softmax_row(mpfr_ptr weights, mpfr_srcptr scores, size_t tokens);

#endif
