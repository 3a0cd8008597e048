/* SPDX-License-Identifier: Apache-2.0
 *
 * parse.h: whole-string parsing of numbers given by a person.
 *
 * Accepts exactly the number and nothing around it; no locale, no overflow, no NaN or infinity.
 * Each fails with a line that names `what`, repeats the text and tells the accepted range.
 * Test: tests/harness/program/test_parse.c.
 */
#ifndef AT_PROGRAM_PARSE_H
#define AT_PROGRAM_PARSE_H

#include <stdint.h>

#include "harness/failure.h"

/* Decimal digits, lowest <= value <= highest. */
int at_parse_integer(uint64_t *value, const char *what, const char *text, uint64_t lowest,
                     uint64_t highest, struct at_failure *failure);

/* The binary64 nearest to a decimal (or C hexadecimal) number, lowest <= value <= highest.
 * A positive number that rounds to zero is refused when lowest > 0. */
int at_parse_number(double *value, const char *what, const char *text, double lowest,
                    double highest, struct at_failure *failure);

#endif
