/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the computed numbers whose errors are bounded, held exactly (arf_t), whichever path
 * computed them; and the few magnitudes that the bounds take of them.
 * Main result: a copy without rounding.
 * Assumptions: every number is finite.  Test: tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_COMPUTED_H
#define AT_HARNESS_BOUNDS_COMPUTED_H

#include <arf.h>
#include <mpfr.h>
#include <stddef.h>

#include "harness/failure.h"
#include "harness/fast/single_head.h"
#include "harness/reference/single_head.h"

/* Shapes as in struct at_fast_point. */
struct at_computed_point {
  size_t samples, tokens, dim;
  arf_ptr v, p, gradient_v, gradient_p;
  arf_ptr scores, values, weights;
  arf_ptr score_coefficients, value_coefficients;
  arf_ptr outputs, losses;
  arf_ptr loss;
};

/* Zeros.  Errors: out of memory; then there is nothing to clear. */
int at_computed_point_init(struct at_computed_point *point, size_t samples, size_t tokens,
                           size_t dim, struct at_failure *failure);
void at_computed_point_clear(struct at_computed_point *point);

/* Copies an evaluated point of the same sizes. */
void at_computed_point_set_fast(struct at_computed_point *point,
                                const struct at_fast_point *source);
void at_computed_point_set_reference(struct at_computed_point *point,
                                     const struct at_reference_point *source);

/* n numbers, zero; NULL when memory runs out.  Free with at_computed_clear (NULL is allowed). */
arf_ptr at_computed_init(size_t n);
void at_computed_clear(arf_ptr array, size_t n);

void at_computed_set_doubles(arf_ptr array, const double *values, size_t n);
void at_computed_set_mpfr(arf_ptr array, mpfr_srcptr values, size_t n);

/* distance >= |x - y|, tight to 2^-29. */
void at_computed_distance(mag_t distance, const arf_struct *x, const arf_struct *y);

#endif
