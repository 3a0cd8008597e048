/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: format a failure line and make it safe to print (see failure.h).
 * Main result: no byte of the line can move a terminal's cursor or start a second line.
 * Assumptions: none. Test: tests/harness/data/test_file.c.
 */
#include "harness/failure.h"
#undef at_fail

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* C0 and DEL are single bytes; C1 is the pair 0xC2, 0x80..0x9F in UTF-8, of which the second byte
 * alone is also what an 8-bit terminal would obey. */
static void line_make_printable(char *line)
{
  unsigned char previous = 0;
  for (char *c = line; *c != '\0'; c++) {
    unsigned char byte = (unsigned char)*c;
    int c1 = previous == 0xC2 && byte >= 0x80 && byte <= 0x9F;
    if (byte < 0x20 || byte == 0x7F || c1) {
      *c = '?';
    }
    if (c1) {
      c[-1] = '?';
    }
    previous = byte;
  }
}

int at_fail(struct at_failure *failure, const char *format, ...)
{
  if (failure == NULL) {
    return -1;
  }
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(failure->line, sizeof failure->line, format, arguments);
  va_end(arguments);
  if (length < 0) {
    (void)snprintf(failure->line, sizeof failure->line, "a failure that could not be formatted");
  } else if ((size_t)length >= sizeof failure->line) {
    memcpy(failure->line + sizeof failure->line - 4, "...", 4);
  }
  line_make_printable(failure->line);
  return -1;
}
