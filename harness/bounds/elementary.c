/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: error bounds of the elementary functions (derivation in elementary.h).
 * Main result: r M + phi + min(M (exp(e) - 1), K e), rounded up.
 * Assumptions: none.  Test: tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/elementary.h"

#include <stdbool.h>

/* M = (computed + phi) / (1 - r), an upper bound of f at the argument that was used. */
static void value_bound(mag_t value, const mag_struct *computed, const mag_struct *relative,
                        const struct at_format *format)
{
  mag_t part;
  mag_init(part);
  at_format_floor(part, format);
  mag_add(value, computed, part);
  mag_one(part);
  mag_sub_lower(part, part, relative);
  mag_div(value, value, part);
  mag_clear(part);
}

/* moved >= |f(x^) - f(x)|; slope_exponent: K = 2^slope_exponent. */
static void argument_bound(mag_t moved, const mag_struct *value, const mag_struct *argument_error,
                           bool log_lipschitz, long slope_exponent)
{
  mag_t part;
  mag_init(part);
  mag_mul_2exp_si(moved, argument_error, slope_exponent);
  if (log_lipschitz) {
    mag_expm1(part, argument_error);
    mag_mul(part, part, value);
    mag_min(moved, moved, part);
  }
  mag_clear(part);
}

static void elementary(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                       double units, bool log_lipschitz, long slope_exponent,
                       const struct at_format *format)
{
  mag_t relative, value, part;
  mag_init(relative);
  mag_init(value);
  mag_init(part);
  at_format_relative(relative, format, units);
  value_bound(value, computed, relative, format);
  mag_mul(error, relative, value);
  at_format_floor(part, format);
  mag_add(error, error, part);
  if (argument_error != NULL) {
    argument_bound(part, value, argument_error, log_lipschitz, slope_exponent);
    mag_add(error, error, part);
  }
  mag_clear(relative);
  mag_clear(value);
  mag_clear(part);
}

void at_bound_exp(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                  const struct at_format *format)
{
  elementary(error, computed, argument_error, format->exp_units, true, 0, format);
}

void at_bound_log1p(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                    const struct at_format *format)
{
  elementary(error, computed, argument_error, format->log1p_units, false, 0, format);
}

void at_bound_sigmoid(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                      const struct at_format *format)
{
  elementary(error, computed, argument_error, format->sigmoid_units, true, -2, format);
}

void at_bound_softplus(mag_t error, const mag_struct *computed, const mag_struct *argument_error,
                       const struct at_format *format)
{
  elementary(error, computed, argument_error, format->softplus_units, true, 0, format);
}
