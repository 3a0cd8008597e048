/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: doubles as text, for every report, and logarithms of tiny probabilities as doubles.
 * Main result: what is printed does not depend on the locale and reads back to the same double.
 * (Enclosures become text in harness/enclosure/decimal.h.)
 * Assumptions: none. Test: tests/harness/report/test_number.c.
 */
#ifndef AT_REPORT_NUMBER_H
#define AT_REPORT_NUMBER_H

#include <arb.h>
#include <stdio.h>

enum { AT_NUMBER_SIZE = 32 }; /* the longest text with its NUL is 25 bytes */

/* text[AT_NUMBER_SIZE]: x with 17 significant digits and a point for the decimal mark; reading it
 * back gives x. Not a number and the infinities are "nan", "inf", "-inf". */
void at_number_text(char *text, double x);

/* Puts a point where the number in `text` has the locale's decimal mark, which is not empty. */
void at_number_point(char *text, const char *mark);

/* Prints at_number_text of x. */
void at_number_print(FILE *stream, double x);

/* *lo <= log10(x) <= *hi for every x of a ball of non-negative numbers: minus infinity where an end
 * of the ball is 0 or below. */
void at_number_log10(double *lo, double *hi, const arb_t x);

#endif
