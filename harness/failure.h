/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: one way to say what went wrong. Every harness function that can fail returns 0 or -1
 * and, on -1, fills a struct at_failure with one line for a person: the file or option, what is
 * wrong with it, and what would be accepted.
 * Main result: the line is always one printable line, whatever a file name or a header contained.
 * Assumptions: none; at_fail does not allocate and keeps no state.
 * Test: tests/harness/data/test_file.c.
 */
#ifndef AT_HARNESS_FAILURE_H
#define AT_HARNESS_FAILURE_H

#if defined(__GNUC__)
#define AT_PRINTF_CHECKED(string, first) __attribute__((__format__(__printf__, string, first)))
#else
#define AT_PRINTF_CHECKED(string, first)
#endif

/* line: one line without its newline, NUL-terminated; empty until something failed if the caller
 * starts from `struct at_failure failure = {""};`. */
struct at_failure {
  char line[512];
};

/* Writes the formatted line into *failure (which may be NULL: then nothing is written) and returns
 * -1, so that `return at_fail(failure, ...)` reads as what it does. Control characters (C0, DEL and
 * the C1 range in UTF-8) become '?'; a line that does not fit ends in "...". */
int at_fail(struct at_failure *failure, const char *format, ...) AT_PRINTF_CHECKED(2, 3);

/* An analyser that reads one file at a time cannot see that the result is always -1. */
#if defined(__clang_analyzer__)
#define at_fail(...) ((void)at_fail(__VA_ARGS__), -1)
#endif

#endif
