/* SPDX-License-Identifier: Apache-2.0
 *
 * campaign.c: a queue of runs, a worker per processor, reports in order.
 */
#define _POSIX_C_SOURCE 200809L

#include "harness/audit/campaign.h"

#include <flint/flint.h>
#include <mpfr.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORKERS = 64 };

/* ---- what to run ------------------------------------------------------------------------- */

int at_campaign_choose(struct at_campaign *campaign, char *const *ids, size_t count,
                       struct at_failure *failure)
{
  const struct at_catalogue *catalogue = campaign->catalogue;
  for (size_t k = 0; k < catalogue->count; k++) campaign->chosen[k] = count == 0;
  for (size_t k = 0; k < count; k++) {
    const struct at_claim *claim = at_catalogue_find(catalogue, ids[k]);
    if (claim == NULL)
      return at_fail(failure, "'%.60s' is not a claim: `attest claims` lists them", ids[k]);
    campaign->chosen[claim - catalogue->claim] = true;
  }
  return 0;
}

static bool names(const struct at_claim *claim, const char *preset)
{
  for (size_t k = 0; k < claim->preset_count; k++)
    if (strcmp(claim->preset[k], preset) == 0) return true;
  return false;
}

/* Whether a chosen claim is to be judged on this preset. */
static bool is_wanted(const struct at_campaign *campaign, const char *preset)
{
  if (campaign->everywhere) return true;
  for (size_t k = 0; k < campaign->catalogue->count; k++)
    if (campaign->chosen[k] && names(&campaign->catalogue->claim[k], preset)) return true;
  return false;
}

int at_campaign_take_presets(struct at_campaign *campaign, bool all, struct at_failure *failure)
{
  for (size_t k = 0; k < at_preset_count(); k++) {
    char name[AT_PRESET_NAME];
    at_preset_example(name, k);
    if (!all && !is_wanted(campaign, name)) continue;
    if (campaign->presets == AT_PRESET_LIMIT) return at_fail(failure, "too many presets");
    at_settings_default(&campaign->preset[campaign->presets]);
    if (at_settings_preset(&campaign->preset[campaign->presets++], name, failure) != 0) return -1;
  }
  return 0;
}

size_t at_campaign_seeds(const struct at_campaign *campaign, size_t index)
{
  return is_wanted(campaign, campaign->preset[index].preset) ? campaign->seeds : 1;
}

/* ---- workers ----------------------------------------------------------------------------- */

/* Shared by the workers; everything after `lock` is guarded by it. */
struct queue {
  const struct at_campaign *campaign;
  at_campaign_report *report;
  void *context;
  size_t jobs;
  enum at_verdict *verdict; /* (jobs, claims) */
  pthread_mutex_t lock;
  pthread_cond_t reported;
  size_t next_job, next_report, disagreements, undecided, failed_job;
  bool failed;
  struct at_failure failure;
};

/* Settings of a job: presets in order, within each its seeds. */
static struct at_settings settings_of(const struct at_campaign *campaign, size_t job)
{
  size_t preset = 0;
  while (job >= at_campaign_seeds(campaign, preset)) job -= at_campaign_seeds(campaign, preset++);
  struct at_settings settings = campaign->preset[preset];
  settings.seed = campaign->first_seed + job;
  return settings;
}

/* Keeps the failure of the first job in their order, whoever fails first in time. */
static void fail(struct queue *queue, size_t job, const struct at_failure *failure)
{
  if (!queue->failed || job < queue->failed_job) {
    queue->failure = *failure;
    queue->failed_job = job;
  }
  queue->failed = true;
  pthread_cond_broadcast(&queue->reported);
}

/* Waits for its turn, then reports. */
static void report_job(struct queue *queue, size_t job, const struct at_run *run,
                       const struct at_agreement *agreement, const struct at_verdicts *verdicts)
{
  struct at_failure failure = {""};
  enum at_verdict *row = queue->verdict + job * verdicts->count;
  for (size_t k = 0; k < verdicts->count; k++) row[k] = verdicts->judgement[k].verdict;
  pthread_mutex_lock(&queue->lock);
  while (queue->next_report != job && !queue->failed)
    pthread_cond_wait(&queue->reported, &queue->lock);
  if (!queue->failed && queue->report(queue->context, run, agreement, verdicts, &failure) != 0)
    fail(queue, job, &failure);
  queue->disagreements += !agreement->agrees;
  queue->undecided += run->undecided;
  queue->next_report++;
  pthread_cond_broadcast(&queue->reported);
  pthread_mutex_unlock(&queue->lock);
}

static int run_job(struct queue *queue, size_t job, struct at_failure *failure)
{
  const struct at_settings settings = settings_of(queue->campaign, job);
  struct at_run run;
  struct at_agreement agreement = {0};
  struct at_verdicts verdicts = {0};
  if (at_run_init(&run, &settings, NULL, failure) != 0) {
    char line[sizeof failure->line];
    snprintf(line, sizeof line, "%s", failure->line);
    return at_fail(failure, "preset %s, seed %llu: %.400s", settings.preset,
                   (unsigned long long)settings.seed, line);
  }
  const int bad = at_agreement_init(&agreement, &run, failure) != 0 ||
                  at_verdicts_init(&verdicts, queue->campaign->catalogue, &run, failure) != 0;
  if (!bad) at_agreement_note(&agreement, verdicts.contradiction);
  if (!bad) report_job(queue, job, &run, &agreement, &verdicts);
  at_verdicts_clear(&verdicts);
  at_agreement_clear(&agreement);
  at_run_clear(&run);
  return bad ? -1 : 0;
}

static void *work(void *argument)
{
  struct queue *queue = argument;
  for (;;) {
    struct at_failure failure = {""};
    pthread_mutex_lock(&queue->lock);
    const bool done = queue->failed || queue->next_job == queue->jobs;
    const size_t job = done ? 0 : queue->next_job++;
    pthread_mutex_unlock(&queue->lock);
    if (done) break;
    if (run_job(queue, job, &failure) != 0) {
      pthread_mutex_lock(&queue->lock);
      fail(queue, job, &failure);
      pthread_mutex_unlock(&queue->lock);
    }
  }
  flint_cleanup();
  mpfr_free_cache();
  return NULL;
}

/* Follows the queue until all is reported. */
static void watch(struct queue *queue, at_progress *progress)
{
  pthread_mutex_lock(&queue->lock);
  while (!queue->failed && queue->next_report < queue->jobs) {
    char what[64];
    snprintf(what, sizeof what, "run %zu of %zu", queue->next_report + 1, queue->jobs);
    if (progress != NULL) progress(what, (double)queue->next_report / (double)queue->jobs);
    pthread_cond_wait(&queue->reported, &queue->lock);
  }
  pthread_mutex_unlock(&queue->lock);
}

static int run_queue(struct queue *queue, at_progress *progress, struct at_failure *failure)
{
  pthread_t worker[MAX_WORKERS];
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t wanted = processors < 1 ? 1 : processors > MAX_WORKERS ? MAX_WORKERS : (size_t)processors;
  size_t workers = 0;
  if (wanted > queue->jobs) wanted = queue->jobs;
  while (workers < wanted && pthread_create(&worker[workers], NULL, work, queue) == 0) workers++;
  if (workers == 0) return at_fail(failure, "no thread could be started");
  watch(queue, progress);
  for (size_t k = 0; k < workers; k++) pthread_join(worker[k], NULL);
  if (!queue->failed) return 0;
  *failure = queue->failure;
  return -1;
}

/* ---- results ----------------------------------------------------------------------------- */

/* One tally per chosen claim that is to be judged on the preset; `job` is the preset's first. */
static int tally_preset(struct at_campaign_result *result, const struct queue *queue, size_t preset,
                        size_t job, struct at_failure *failure)
{
  const struct at_campaign *campaign = queue->campaign;
  const size_t claims = campaign->catalogue->count;
  const size_t runs = at_campaign_seeds(campaign, preset);
  enum at_verdict *column = calloc(runs, sizeof *column);
  if (column == NULL) return at_fail(failure, "out of memory for the tallies");
  int bad = 0;
  for (size_t c = 0; c < claims && bad == 0; c++) {
    const struct at_claim *claim = &campaign->catalogue->claim[c];
    struct at_campaign_tally *tally = &result->tally[result->tallies];
    if (!campaign->chosen[c]) continue;
    if (!campaign->everywhere && !names(claim, campaign->preset[preset].preset)) continue;
    for (size_t k = 0; k < runs; k++) column[k] = queue->verdict[(job + k) * claims + c];
    tally->claim = claim;
    tally->preset = campaign->preset[preset].preset;
    bad = at_claim_tally(&tally->tally, campaign->catalogue, claim, column, runs, failure);
    result->tallies++;
  }
  free(column);
  return bad;
}

int at_campaign_run(struct at_campaign_result *result, const struct at_campaign *campaign,
                    at_campaign_report *report, void *context, at_progress *progress,
                    struct at_failure *failure)
{
  struct queue queue = {.campaign = campaign, .report = report, .context = context};
  const size_t claims = campaign->catalogue->count;
  memset(result, 0, sizeof *result);
  for (size_t k = 0; k < campaign->presets; k++) queue.jobs += at_campaign_seeds(campaign, k);
  queue.verdict = calloc(queue.jobs * claims + 1, sizeof *queue.verdict);
  result->tally = calloc(campaign->presets * claims + 1, sizeof *result->tally);
  if (queue.verdict == NULL || result->tally == NULL) {
    free(queue.verdict);
    return at_fail(failure, "out of memory for %zu runs", queue.jobs);
  }
  pthread_mutex_init(&queue.lock, NULL);
  pthread_cond_init(&queue.reported, NULL);
  int bad = queue.jobs == 0 ? 0 : run_queue(&queue, progress, failure);
  for (size_t preset = 0, job = 0; preset < campaign->presets && bad == 0; preset++) {
    bad = tally_preset(result, &queue, preset, job, failure);
    job += at_campaign_seeds(campaign, preset);
  }
  pthread_cond_destroy(&queue.reported);
  pthread_mutex_destroy(&queue.lock);
  free(queue.verdict);
  result->runs = queue.jobs;
  result->disagreements = queue.disagreements;
  result->undecided = queue.undecided;
  return bad;
}

void at_campaign_result_clear(struct at_campaign_result *result)
{
  free(result->tally);
  memset(result, 0, sizeof *result);
}
