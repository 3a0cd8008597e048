/* SPDX-License-Identifier: Apache-2.0
 *
 * campaign.h: claims judged over presets and seeds, on every processor.
 *
 * Runs are independent: a run depends on its preset and seed alone, so their order and the number
 * of workers change nothing.  Reports are made in the order of the jobs, whoever finishes first.
 * Test: tests/harness/audit/test_campaign.c.
 */
#ifndef AT_AUDIT_CAMPAIGN_H
#define AT_AUDIT_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/audit/agreement.h"
#include "harness/audit/claims.h"
#include "harness/audit/two_step.h"
#include "harness/audit/verdicts.h"

/* Seeds first_seed, first_seed + 1, ... of each preset; presets that no chosen claim names
 * run once, for their numbers. chosen: one flag per claim of the catalogue. everywhere: the chosen
 * claims are judged on every preset, whether they name it or not. */
struct at_campaign {
  const struct at_catalogue *catalogue;
  bool chosen[AT_MAX_CLAIMS];
  bool everywhere;
  size_t presets;
  struct at_settings preset[AT_PRESET_LIMIT];
  size_t seeds;
  uint64_t first_seed;
};

/* Called once per run, one at a time, in the order of presets and seeds; the run is freed
 * afterwards.  Returns 0, or -1 and a failure, which ends the campaign. */
typedef int at_campaign_report(void *context, const struct at_run *run,
                               const struct at_agreement *agreement,
                               const struct at_verdicts *verdicts, struct at_failure *failure);

/* What a claim came to on one preset. */
struct at_campaign_tally {
  const struct at_claim *claim;
  const char *preset;
  struct at_tally tally;
};

struct at_campaign_result {
  size_t runs, tallies;
  struct at_campaign_tally *tally;
  size_t disagreements; /* runs whose paths disagree */
  size_t undecided;     /* runs in which something asked for stayed undecided */
};

/* Takes all claims (ids NULL) or those named; fails for an unknown name. */
int at_campaign_choose(struct at_campaign *campaign, char *const *ids, size_t count,
                       struct at_failure *failure);

/* Takes every preset that a chosen claim names, or, if all claims are chosen, every preset there
 * is. */
int at_campaign_take_presets(struct at_campaign *campaign, bool all, struct at_failure *failure);

/* Number of runs of preset `index`. */
size_t at_campaign_seeds(const struct at_campaign *campaign, size_t index);

int at_campaign_run(struct at_campaign_result *result, const struct at_campaign *campaign,
                    at_campaign_report *report, void *context, at_progress *progress,
                    struct at_failure *failure);
void at_campaign_result_clear(struct at_campaign_result *result);

#endif
