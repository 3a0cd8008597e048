/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: doubles as text, logarithms as doubles (see number.h).
 * Main result: as there. Assumptions: none. Test: tests/harness/report/test_number.c.
 */
#include "harness/report/number.h"

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "harness/enclosure/decimal.h"

enum { LOG10_BITS = 128 };

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

/* The end of an enclosure of log10(end); the end itself is exact. */
static double end_log10(const arf_t end, bool upper)
{
  if (arf_sgn(end) <= 0) {
    return -INFINITY;
  }
  if (arf_is_pos_inf(end)) {
    return INFINITY;
  }
  double lo, hi;
  arb_t ball;
  arb_init(ball);
  arb_set_arf(ball, end);
  at_ball_log10(ball, ball, LOG10_BITS);
  at_ball_get_doubles(&lo, &hi, ball);
  arb_clear(ball);
  return upper ? hi : lo;
}

void at_number_log10(double *lo, double *hi, const arb_t x)
{
  arf_t end;
  arf_init(end);
  arb_get_lbound_arf(end, x, LOG10_BITS);
  *lo = end_log10(end, false);
  arb_get_ubound_arf(end, x, LOG10_BITS);
  *hi = end_log10(end, true);
  arf_clear(end);
}
