/* SPDX-License-Identifier: Apache-2.0
 *
 * verdicts.c: the quantities of the run once, then claim by claim.
 */
#include "harness/audit/verdicts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int at_verdicts_init(struct at_verdicts *verdicts, const struct at_catalogue *catalogue,
                     const struct at_run *run, struct at_failure *failure)
{
  struct at_quantities quantities;
  verdicts->catalogue = catalogue;
  verdicts->count = catalogue->count;
  verdicts->judgement = calloc(catalogue->count + 1, sizeof *verdicts->judgement);
  if (verdicts->judgement == NULL) return at_fail(failure, "out of memory for the verdicts");
  at_quantities_init(&quantities, run);
  for (size_t k = 0; k < catalogue->count; k++)
    at_claim_judge(&verdicts->judgement[k], &catalogue->claim[k], &quantities);
  snprintf(verdicts->contradiction, sizeof verdicts->contradiction, "%s", quantities.contradiction);
  at_quantities_clear(&quantities);
  return 0;
}

void at_verdicts_clear(struct at_verdicts *verdicts)
{
  for (size_t k = 0; k < verdicts->count; k++) at_judgement_clear(&verdicts->judgement[k]);
  free(verdicts->judgement);
  memset(verdicts, 0, sizeof *verdicts);
}
