/* SPDX-License-Identifier: Apache-2.0
 *
 * parse.c: whole-string parsing of numbers.
 */
#include "harness/program/parse.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int at_parse_integer(uint64_t *value, const char *what, const char *text, uint64_t lowest,
                     uint64_t highest, struct at_failure *failure)
{
  const size_t length = strlen(text);
  errno = 0;
  const unsigned long long parsed = length > 0 && strspn(text, "0123456789") == length
                                      ? strtoull(text, NULL, 10)
                                      : (errno = EINVAL, 0ULL);
  if (errno != 0 || parsed < lowest || parsed > highest)
    return at_fail(failure,
                   "%s: '%.60s' is not accepted: a whole number from %" PRIu64 " to %" PRIu64, what,
                   text, lowest, highest);
  *value = parsed;
  return 0;
}

int at_parse_number(double *value, const char *what, const char *text, double lowest,
                    double highest, struct at_failure *failure)
{
  char *end = NULL;
  const size_t digits = strcspn(text, "0123456789");
  const bool blank = text[0] == '\0' || isspace((unsigned char)text[0]) || text[digits] == '\0';
  const double parsed = blank ? NAN : strtod(text, &end);
  if (blank || *end != '\0' || !isfinite(parsed) || parsed < lowest || parsed > highest)
    return at_fail(failure, "%s: '%.60s' is not accepted: a number from %.17g to %.17g", what, text,
                   lowest, highest);
  *value = parsed;
  return 0;
}
