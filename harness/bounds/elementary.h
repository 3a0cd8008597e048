/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of exp, log1p, sigmoid and softplus, argument error included.
 *
 * Main result.  Let F = f^(x^) be computed at x^, where |x^ - x| <= e.  The format promises
 *   |F - f(x^)| <= r f(x^) + phi,   hence   f(x^) <= M := (F + phi) / (1 - r).
 * Each of the four functions is positive with |f'| <= L f and |f'| <= K, L and K being
 *   exp on x <= 0: 1, 1;   log1p on t >= 0: -, 1;   sigmoid: 1, 1/4;   softplus: 1, 1
 * (sigmoid'/sigmoid = 1 - sigmoid; softplus'/softplus = s/log(1+exp(x)) with s = t/(1+t) and
 * t/(1+t) <= log(1+t) for t = exp(x)).  Integrating, with the first of them log f is 1-Lipschitz:
 *   |f(x^) - f(x)| <= f(x^) (exp(e) - 1)   and   |f(x^) - f(x)| <= K e,
 * and so |F - f(x)| <= r M + phi + min(M (exp(e) - 1), K e).
 *
 * Assumptions: F is finite and not negative; r < 1/2.  Test: tests/harness/bounds/test_bounds.c.
 */
#ifndef AT_HARNESS_BOUNDS_ELEMENTARY_H
#define AT_HARNESS_BOUNDS_ELEMENTARY_H

#include <mag.h>

#include "harness/bounds/format.h"

/* error >= |computed - f(x)|; computed: the magnitude of what the path returned; argument_error:
 * that of the argument it was given, NULL if exact.  error must not alias the others. */
void at_bound_exp(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                  const struct at_format *format);
void at_bound_log1p(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                    const struct at_format *format);
void at_bound_sigmoid(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                      const struct at_format *format);
void at_bound_softplus(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                       const struct at_format *format);

#endif
