/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: doubles as text (see number.h).
 * Main result: as there. Assumptions: none. Test: tests/harness/report/test_number.c.
 */
#include "harness/report/number.h"

#include <locale.h>
#include <math.h>
#include <string.h>

void at_number_point(char *text, const char *mark)
{
  char *found = strstr(text, mark);
  if (found != NULL) {
    const char *rest = found + strlen(mark);
    *found = '.';
    memmove(found + 1, rest, strlen(rest) + 1);
  }
}

void at_number_text(char *text, double x)
{
  if (isnan(x)) {
    (void)snprintf(text, AT_NUMBER_SIZE, "nan"); /* printf may add a sign */
    return;
  }
  (void)snprintf(text, AT_NUMBER_SIZE, "%.17g", x);
  at_number_point(text, localeconv()->decimal_point);
}

void at_number_print(FILE *stream, double x)
{
  char text[AT_NUMBER_SIZE];
  at_number_text(text, x);
  (void)fputs(text, stream);
}
