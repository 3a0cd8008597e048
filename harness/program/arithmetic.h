/* SPDX-License-Identifier: Apache-2.0
 *
 * arithmetic.h: is this process doing strict binary64 arithmetic, rounded to nearest?
 *
 * What no compile-time guard can see: the rounding mode, flush-to-zero, denormals-are-zero, and
 * contraction of a product and a sum into one rounding.  Run by the tests and at the start of the
 * program, on the compiled kernel itself.
 */
#ifndef AT_PROGRAM_ARITHMETIC_H
#define AT_PROGRAM_ARITHMETIC_H

#include "harness/failure.h"

/* Returns 0, or -1 and a line that names the cause and the cure. */
int at_arithmetic_check(struct at_failure *failure);

#endif
