/* SPDX-License-Identifier: Apache-2.0
 *
 * test_campaign.c: runs over presets and seeds (harness/audit/campaign.h), and expected verdicts
 * (harness/program/expect.h).
 */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/audit/campaign.h"
#include "harness/program/expect.h"
#include "tests/suites.h"

enum { SEEDS = 5, MOST = 16 };

/* What the reports saw, in their order; stops after `stop` of them. */
struct seen {
  size_t count, stop;
  uint64_t seed[MOST];
  bool agrees;
};

static int note(void *context, const struct at_run *run, const struct at_agreement *agreement,
                const struct at_verdicts *verdicts, struct at_failure *failure)
{
  struct seen *seen = context;
  if (seen->count == seen->stop) return at_fail(failure, "enough");
  CU_ASSERT_TRUE(verdicts->count > 0);
  seen->agrees = seen->agrees && agreement->agrees;
  seen->seed[seen->count++] = run->settings.seed;
  return 0;
}

/* One preset, made small; the claims that name it keep doing so. */
static void open_campaign(struct at_campaign *campaign, struct at_catalogue *catalogue,
                          const char *preset)
{
  struct at_failure failure = {""};
  memset(campaign, 0, sizeof *campaign);
  memset(catalogue, 0, sizeof *catalogue);
  CU_ASSERT_EQUAL_FATAL(at_catalogue_load(catalogue, &failure), 0);
  campaign->catalogue = catalogue;
  campaign->seeds = SEEDS;
  campaign->first_seed = 11;
  campaign->presets = 1;
  at_settings_default(&campaign->preset[0]);
  CU_ASSERT_EQUAL_FATAL(at_settings_preset(&campaign->preset[0], preset, &failure), 0);
  campaign->preset[0].samples = 40;
}

static void test_order(void)
{
  struct at_campaign campaign;
  struct at_catalogue catalogue;
  struct at_campaign_result result;
  struct at_failure failure = {""};
  struct seen seen = {.stop = MOST, .agrees = true};
  char *ids[] = {"P3.5"};
  open_campaign(&campaign, &catalogue, "one-step");
  CU_ASSERT_EQUAL(at_campaign_choose(&campaign, ids, 1, &failure), 0);
  CU_ASSERT_EQUAL(at_campaign_run(&result, &campaign, note, &seen, NULL, &failure), 0);
  CU_ASSERT_EQUAL(seen.count, SEEDS);
  CU_ASSERT_TRUE(seen.agrees);
  for (size_t k = 0; k < SEEDS; k++) CU_ASSERT_EQUAL(seen.seed[k], 11 + k);
  CU_ASSERT_EQUAL(result.runs, SEEDS);
  CU_ASSERT_EQUAL(result.disagreements, 0);
  CU_ASSERT_EQUAL_FATAL(result.tallies, 1);
  CU_ASSERT_STRING_EQUAL(result.tally[0].claim->id, "P3.5");
  CU_ASSERT_EQUAL(result.tally[0].tally.runs, SEEDS);
  at_campaign_result_clear(&result);
  at_catalogue_free(&catalogue);
}

/* A preset that no chosen claim names runs once. */
static void test_unnamed(void)
{
  struct at_campaign campaign;
  struct at_catalogue catalogue;
  struct at_failure failure = {""};
  char *ids[] = {"P3.5"};
  open_campaign(&campaign, &catalogue, "far");
  CU_ASSERT_EQUAL(at_campaign_choose(&campaign, ids, 1, &failure), 0);
  CU_ASSERT_EQUAL(at_campaign_seeds(&campaign, 0), 1);
  CU_ASSERT_EQUAL(at_campaign_choose(&campaign, NULL, 0, &failure), 0);
  CU_ASSERT_EQUAL(at_campaign_seeds(&campaign, 0), SEEDS);
  at_catalogue_free(&catalogue);
}

static void test_presets(void)
{
  struct at_campaign campaign;
  struct at_catalogue catalogue;
  struct at_failure failure = {""};
  open_campaign(&campaign, &catalogue, "fig1");
  CU_ASSERT_EQUAL(at_campaign_choose(&campaign, NULL, 0, &failure), 0);
  campaign.presets = 0;
  CU_ASSERT_EQUAL(at_campaign_take_presets(&campaign, true, &failure), 0);
  CU_ASSERT_EQUAL(campaign.presets, at_preset_count());
  CU_ASSERT_STRING_EQUAL(campaign.preset[0].preset, "fig1");
  char *unknown[] = {"P3.1", "P9.9"};
  CU_ASSERT_EQUAL(at_campaign_choose(&campaign, unknown, 2, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "P9.9"));
  at_catalogue_free(&catalogue);
}

/* A report that fails, and a run that cannot start, end the campaign with their line. */
static void test_failures(void)
{
  struct at_campaign campaign;
  struct at_catalogue catalogue;
  struct at_campaign_result result;
  struct at_failure failure = {""};
  struct seen seen = {.stop = 2, .agrees = true};
  open_campaign(&campaign, &catalogue, "fig1");
  CU_ASSERT_EQUAL(at_campaign_choose(&campaign, NULL, 0, &failure), 0);
  CU_ASSERT_EQUAL(at_campaign_run(&result, &campaign, note, &seen, NULL, &failure), -1);
  CU_ASSERT_STRING_EQUAL(failure.line, "enough");
  CU_ASSERT_EQUAL(seen.count, 2);
  at_campaign_result_clear(&result);
  campaign.preset[0].fixed_noisy = true;
  campaign.preset[0].noisy_per_class = 4000;
  CU_ASSERT_EQUAL(at_campaign_run(&result, &campaign, note, &seen, NULL, &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "preset fig1, seed 11"));
  at_campaign_result_clear(&result);
  at_catalogue_free(&catalogue);
}

/* Documents that are no expectation: each refused with a line that names the file. */
static void test_bad_expectations(void)
{
  static const char *const texts[] = {
    "",
    "{",
    "[]",
    "{\"format\": \"attest-run\", \"version\": 1, \"tallies\": []}",
    "{\"format\": \"attest-audit\", \"version\": 2, \"tallies\": []}",
    "{\"format\": \"attest-audit\", \"version\": 1}",
    "{\"format\": \"attest-audit\", \"format\": \"attest-audit\", \"version\": 1, \"tallies\": []}",
  };
  char path[] = "/tmp/attest-expect-XXXXXX";
  const int descriptor = mkstemp(path);
  CU_ASSERT_TRUE_FATAL(descriptor >= 0);
  close(descriptor);
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct at_expectation expectation = {0};
    struct at_failure failure = {""};
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(texts[k], file);
    fclose(file);
    CU_ASSERT_EQUAL(at_expectation_read(&expectation, path, &failure), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, path));
    at_expectation_clear(&expectation);
  }
  unlink(path);
}

void at_suite_campaign(void)
{
  CU_pSuite suite = CU_add_suite("campaign", NULL, NULL);
  CU_add_test(suite, "reports come in the order of the seeds", test_order);
  CU_add_test(suite, "presets that no claim names run once", test_unnamed);
  CU_add_test(suite, "presets and unknown claims", test_presets);
  CU_add_test(suite, "failures end a campaign", test_failures);
  CU_add_test(suite, "what is no expected audit", test_bad_expectations);
}
