/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: doubles as text, for every report.
 * Main result: what is printed does not depend on the locale and reads back to the same double.
 * (Enclosures become text in harness/enclosure/decimal.h.)
 * Assumptions: none. Test: tests/harness/report/test_number.c.
 */
#ifndef AT_REPORT_NUMBER_H
#define AT_REPORT_NUMBER_H

#include <stdio.h>

enum { AT_NUMBER_SIZE = 32 }; /* the longest text with its NUL is 25 bytes */

/* text[AT_NUMBER_SIZE]: x with 17 significant digits and a point for the decimal mark; reading it
 * back gives x. Not a number and the infinities are "nan", "inf", "-inf". */
void at_number_text(char *text, double x);

/* Puts a point where the number in `text` has the locale's decimal mark, which is not empty. */
void at_number_point(char *text, const char *mark);

/* Prints at_number_text of x. */
void at_number_print(FILE *stream, double x);

#endif
