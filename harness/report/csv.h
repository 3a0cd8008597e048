/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: every sample after every step, as a CSV file (RFC 4180: comma, CRLF, header line).
 * Main result: each number of the fast path reads back to the same double; each pair _lo, _hi
 * contains the exact value.
 * Assumptions: none on the locale. Test: tests/harness/report/test_csv.c.
 *
 * Columns:
 *   step               1 .. K, the number of steps taken
 *   sample             0 .. n-1
 *   label              the training label, 1 or -1
 *   kind               "clean" (label kept) or "noisy" (flipped); empty when nobody knows
 *   output             f(X) as the kernel computed it
 *   margin             label * output
 *   margin_lo, _hi     enclosure of the exact margin
 *   loss               log(1 + exp(-margin)) as the kernel computed it
 *   signal_attention   softmax weight of the signal token as the kernel computed it; empty when no
 *                      token is known to be the signal
 *   signal_attention_lo, _hi   enclosure of the exact weight
 */
#ifndef AT_REPORT_CSV_H
#define AT_REPORT_CSV_H

#include "harness/audit/two_step.h"
#include "harness/failure.h"

/* Writes the file `path` whole or not at all; "-" is standard output.
 * Errors: memory, or `path` cannot be written. */
int at_report_csv(const char *path, const struct at_run *run, struct at_failure *failure);

#endif
