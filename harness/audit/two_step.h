/* SPDX-License-Identifier: Apache-2.0
 *
 * two_step.h: one run of gradient descent from v = p = 0, seen by all paths at once.
 *
 * The run holds the token data, the points of the four views after 0, 1, ... K steps, and a report
 * per step in which every sign is decided by the enclosure.  All reports are printed from it.
 */
#ifndef AT_AUDIT_TWO_STEP_H
#define AT_AUDIT_TWO_STEP_H

#include <arb.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/settings.h"
#include "harness/bounds/single_head.h"
#include "harness/data/token_data.h"
#include "harness/enclosure/conditional_bound.h"
#include "harness/enclosure/run.h"
#include "harness/enclosure/test_count.h"
#include "harness/enclosure/test_error.h"
#include "harness/failure.h"
#include "harness/fast/single_head.h"
#include "harness/reference/single_head.h"

/* k of n samples, and how many of the n could not be decided (0 unless precision hit its cap). */
struct at_count {
  size_t hits, of, undecided;
};

/* A number as the kernel computed it and as it is: exact value inside `exact`. */
struct at_number {
  bool known; /* false: does not apply to this run */
  double fast;
  arb_t exact;
};

/* After step `step`.  Clean and noisy parts are known only with clean labels; signal attention only
 * for data with a known signal token. */
struct at_step_report {
  size_t step;
  struct at_count fit_all, fit_clean, fit_noisy; /* margins y f > 0, certified */
  struct at_number min_margin, loss;
  struct at_number clean_attention_min, clean_attention_mean;
  struct at_number noisy_attention_max, noisy_attention_mean;
  bool has_test_error;                    /* synthetic data of two tokens: an integral gives it */
  struct at_test_error test_error;        /* of the exact iterates */
  struct at_test_error test_error_fast;   /* of the computed binary64 iterates */
  struct at_conditional_bound test_bound; /* of the exact iterates, without an integral */
  bool has_test_count;                    /* there is a finite test set */
  struct at_test_count test_count;        /* of the exact iterates on it */
};

struct at_run {
  struct at_settings settings;
  struct at_token_data data, test; /* test.samples == 0: no finite test set */
  size_t steps;                    /* K; the arrays below have K + 1 entries, as enclosure.point */
  struct at_fast_point *fast;
  struct at_reference_point *reference;
  struct at_bound_point *fast_bound, *reference_bound;
  struct at_enclosure_run enclosure;
  struct at_step_report *report; /* K entries: after step 1 ... K */
  size_t clean, noisy;           /* counts; both zero without clean labels */
  bool undecided;                /* something asked for stayed undecided */
};

/* Draws or reads the data, descends in all views, fills the reports.  `progress` may be NULL; it is
 * called with what is being done and the fraction done. */
typedef void at_progress(const char *what, double fraction);
int at_run_init(struct at_run *run, const struct at_settings *settings, at_progress *progress,
                struct at_failure *failure);
void at_run_clear(struct at_run *run);

/* True if sample i is clean (label kept); only meaningful with clean labels. */
bool at_run_is_clean(const struct at_run *run, size_t sample);

#endif
