/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the two arithmetics whose errors are bounded (see format.h).
 * Main result: upward-rounded lambda_k, units and underflow terms.
 * Assumptions: none.  Test: tests/harness/bounds/test_bounds.c.
 */
#include "harness/bounds/format.h"

#include <mpfr.h>

struct at_format at_format_kernel(void)
{
  /* kernel/exp.h: 2^-52 = 2 u; kernel/logistic.h: 1.25 * 2^-52 and 2.5 * 2^-52; both: 2^-1021 */
  return (struct at_format){.precision = 53,
                            .exp_units = 2.0,
                            .log1p_units = 2.5,
                            .sigmoid_units = 4.0,
                            .softplus_units = 5.0,
                            .floor_exponent = -1021,
                            .underflow_exponent = -1075,
                            .lanes = 32};
}

struct at_format at_format_reference(long precision)
{
  const long smallest = (long)mpfr_get_emin() - 1;
  return (struct at_format){.precision = precision,
                            .exp_units = 1.0,
                            .log1p_units = 1.0,
                            .sigmoid_units = 4.0,
                            .softplus_units = 4.0,
                            .floor_exponent = smallest,
                            .underflow_exponent = smallest,
                            .lanes = 1};
}

void at_format_lambda(mag_t lambda, const struct at_format *format, size_t k)
{
  mag_t exponent;
  mag_init(exponent);
  mag_set_ui_2exp_si(exponent, 1, -format->precision);
  mag_add_ui_2exp_si(exponent, exponent, 1, -2 * format->precision);
  mag_mul_ui(exponent, exponent, k);
  mag_expm1(lambda, exponent);
  mag_clear(exponent);
}

void at_format_relative(mag_t bound, const struct at_format *format, double units)
{
  mag_set_d(bound, units);
  mag_mul_2exp_si(bound, bound, -format->precision);
}

void at_format_underflow(mag_t bound, const struct at_format *format, size_t count)
{
  mag_set_ui_2exp_si(bound, count, format->underflow_exponent);
}

void at_format_floor(mag_t bound, const struct at_format *format)
{
  mag_set_ui_2exp_si(bound, 1, format->floor_exponent);
}
