/* SPDX-License-Identifier: Apache-2.0
 *
 * verdicts.h: every claim of the catalogue judged on one run.
 */
#ifndef AT_AUDIT_VERDICTS_H
#define AT_AUDIT_VERDICTS_H

#include <stddef.h>

#include "harness/audit/claims.h"
#include "harness/audit/two_step.h"

/* One judgement per claim, in the catalogue's order; judgement[k].claim is that claim. */
struct at_verdicts {
  const struct at_catalogue *catalogue;
  size_t count;
  struct at_judgement *judgement;
  char contradiction[160]; /* "" or the theorem that the run does not keep */
};

/* Judges all claims; fails when memory runs out. */
int at_verdicts_init(struct at_verdicts *verdicts, const struct at_catalogue *catalogue,
                     const struct at_run *run, struct at_failure *failure);
void at_verdicts_clear(struct at_verdicts *verdicts);

#endif
