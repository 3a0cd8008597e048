/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a real run that takes milliseconds, and files in a temporary directory, for the tests
 * of the reports.
 */
#ifndef AT_TESTS_REPORT_SMALL_RUN_H
#define AT_TESTS_REPORT_SMALL_RUN_H

#include <stddef.h>

#include "harness/audit/two_step.h"

/* Two steps on 20 synthetic samples of two tokens, D = 800, rho = 8, three labels of each class
 * flipped, seed 3. Fails the test when the run fails. */
void at_small_run(struct at_run *run);

/* path[size]: a file name in a fresh temporary directory of this process. */
void at_small_path(char *path, size_t size, const char *name);

/* The whole file with a closing NUL, to be freed; *length without it. */
char *at_small_read(size_t *length, const char *path);

/* Removes the file and the temporary directory. */
void at_small_remove(const char *path);

#endif
