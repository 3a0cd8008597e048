/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what the theorems that apply to a run's data promise about the run, quantity by
 * quantity, in the names of quantities.h.
 * Main result: a promise is an enclosure that follows from certified hypotheses alone, without the
 * run. It makes a claim `proved` that it implies, and it is held against the run's own enclosure
 * in every audit: the two have a point in common, or a theorem or this program is wrong.
 * Assumptions: those of theorems.h. Test: tests/harness/audit/test_promises.c.
 */
#ifndef AT_AUDIT_PROMISES_H
#define AT_AUDIT_PROMISES_H

#include "harness/audit/quantities.h"

/* Fills quantities->promise and ->contradiction; all else in *quantities is set. clean, noisy: the
 * numbers of such samples. */
void at_promises_fill(struct at_quantities *quantities, size_t clean, size_t noisy);

#endif
