/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: judge claims on quantities, and tally verdicts over draws (the second half of claims.h).
 * Main result: a comparison is true or false only if every pair of points of the two balls says so.
 * Assumptions: none. Test: tests/harness/audit/test_claims.c.
 */
#include "harness/audit/claims.h"

#include <stdio.h>
#include <string.h>

#include "harness/enclosure/clopper_pearson.h"

static const char *const verdict_names[AT_VERDICTS] = {
  [AT_VERDICT_PROVED] = "proved",       [AT_VERDICT_HOLDS] = "holds",
  [AT_VERDICT_REFUTED] = "refuted",     [AT_VERDICT_NOT_MET] = "hypotheses not met",
  [AT_VERDICT_UNDECIDED] = "undecided", [AT_VERDICT_NOT_APPLICABLE] = "not applicable"};

const char *at_verdict_name(enum at_verdict verdict)
{
  return verdict_names[verdict];
}

static enum at_outcome outcome_of(bool yes, bool no)
{
  return yes ? AT_TRUE : no ? AT_FALSE : AT_OPEN;
}

static enum at_outcome compare(const arb_t left, enum at_relation relation, const arb_t right)
{
  switch (relation) {
  case AT_LESS: return outcome_of(arb_lt(left, right), arb_ge(left, right));
  case AT_AT_MOST: return outcome_of(arb_le(left, right), arb_gt(left, right));
  case AT_MORE: return outcome_of(arb_gt(left, right), arb_le(left, right));
  case AT_AT_LEAST: return outcome_of(arb_ge(left, right), arb_lt(left, right));
  case AT_EQUAL:
  default: return outcome_of(arb_eq(left, right), arb_ne(left, right));
  }
}

/* The theorem that implies the comparison on these data, whatever the run did, or NULL. */
static const char *proof_of(const struct at_comparison *comparison,
                            const struct at_quantities *quantities)
{
  const struct at_promise *promise = &quantities->promise[comparison->quantity];
  if (promise->theorem == NULL || !promise->machine_checked || comparison->has_other) {
    return NULL;
  }
  bool implied = compare(promise->value, comparison->relation, comparison->factor) == AT_TRUE;
  return implied ? promise->theorem : NULL;
}

/* Makes a claim that holds a proved one if theorems imply every part of its conclusion. */
static void prove(struct at_judgement *judgement, const struct at_quantities *quantities)
{
  const struct at_claim *claim = judgement->claim;
  const char *theorem = NULL;
  for (size_t k = 0; k < claim->conclusion_count; k++) {
    theorem = proof_of(&claim->conclusion[k], quantities);
    if (theorem == NULL) {
      return;
    }
  }
  if (theorem == NULL) { /* nothing is concluded */
    return;
  }
  judgement->verdict = AT_VERDICT_PROVED;
  (void)snprintf(judgement->reason, sizeof judgement->reason, "theorem %s applies", theorem);
}

static void evidence_find(struct at_evidence *evidence, const struct at_comparison *comparison,
                          const struct at_quantities *quantities)
{
  bool known = quantities->known[comparison->quantity] &&
               (!comparison->has_other || quantities->known[comparison->other]);
  if (!known) {
    evidence->outcome = AT_UNKNOWN;
    return;
  }
  arb_set(evidence->left, quantities->value + comparison->quantity);
  arb_set(evidence->right, comparison->factor);
  if (comparison->has_other) {
    arb_mul(evidence->right, evidence->right, quantities->value + comparison->other,
            AT_QUANTITY_BITS);
  }
  evidence->outcome = compare(evidence->left, comparison->relation, evidence->right);
}

/* The first evidence with this outcome, or `count`. */
static size_t outcome_place(const struct at_evidence *evidence, size_t count,
                            enum at_outcome outcome)
{
  size_t place = 0;
  while (place < count && evidence[place].outcome != outcome) {
    place++;
  }
  return place;
}

/* The verdict that `comparison` forces when it is open or unknown, with the reason. */
static enum at_verdict obstructed(struct at_judgement *judgement,
                                  const struct at_comparison *comparison, enum at_outcome outcome)
{
  bool open = outcome == AT_OPEN;
  (void)snprintf(judgement->reason, sizeof judgement->reason, "%s: %s",
                 open ? "open at the precision reached" : "unknown for this run", comparison->text);
  return open ? AT_VERDICT_UNDECIDED : AT_VERDICT_NOT_APPLICABLE;
}

/* A false hypothesis decides whatever else is unknown; then an unknown one; then an open one. The
 * conclusion is read only when all hypotheses are true, and a false part of it decides likewise. */
static enum at_verdict verdict_find(struct at_judgement *judgement)
{
  const struct at_claim *claim = judgement->claim;
  static const enum at_outcome order[] = {AT_UNKNOWN, AT_OPEN};
  size_t count = claim->hypothesis_count;
  if (outcome_place(judgement->hypothesis, count, AT_FALSE) < count) {
    return AT_VERDICT_NOT_MET;
  }
  for (size_t k = 0; k < 2; k++) {
    size_t place = outcome_place(judgement->hypothesis, count, order[k]);
    if (place < count) {
      return obstructed(judgement, &claim->hypothesis[place], order[k]);
    }
  }
  count = claim->conclusion_count;
  if (outcome_place(judgement->conclusion, count, AT_FALSE) < count) {
    return AT_VERDICT_REFUTED;
  }
  for (size_t k = 0; k < 2; k++) {
    size_t place = outcome_place(judgement->conclusion, count, order[k]);
    if (place < count) {
      return obstructed(judgement, &claim->conclusion[place], order[k]);
    }
  }
  return claim->theorem != NULL ? AT_VERDICT_PROVED : AT_VERDICT_HOLDS;
}

void at_claim_judge(struct at_judgement *judgement, const struct at_claim *claim,
                    const struct at_quantities *quantities)
{
  memset(judgement, 0, sizeof *judgement);
  judgement->claim = claim;
  for (size_t k = 0; k < AT_MAX_COMPARISONS; k++) {
    arb_init(judgement->hypothesis[k].left);
    arb_init(judgement->hypothesis[k].right);
    arb_init(judgement->conclusion[k].left);
    arb_init(judgement->conclusion[k].right);
  }
  if (claim->not_here != NULL) {
    judgement->verdict = AT_VERDICT_NOT_APPLICABLE;
    (void)snprintf(judgement->reason, sizeof judgement->reason, "%s", claim->not_here);
    return;
  }
  for (size_t k = 0; k < claim->hypothesis_count; k++) {
    evidence_find(&judgement->hypothesis[k], &claim->hypothesis[k], quantities);
  }
  for (size_t k = 0; k < claim->conclusion_count; k++) {
    evidence_find(&judgement->conclusion[k], &claim->conclusion[k], quantities);
  }
  judgement->verdict = verdict_find(judgement);
  if (judgement->verdict == AT_VERDICT_HOLDS) {
    prove(judgement, quantities);
  }
}

void at_judgement_clear(struct at_judgement *judgement)
{
  for (size_t k = 0; k < AT_MAX_COMPARISONS; k++) {
    arb_clear(judgement->hypothesis[k].left);
    arb_clear(judgement->hypothesis[k].right);
    arb_clear(judgement->conclusion[k].left);
    arb_clear(judgement->conclusion[k].right);
  }
}

/* ---- over draws ---- */

/* No run met the hypotheses: the commonest of the reasons, in this order. */
static enum at_verdict tally_empty(const struct at_tally *tally)
{
  return tally->count[AT_VERDICT_NOT_MET] > 0 ? AT_VERDICT_NOT_MET : AT_VERDICT_NOT_APPLICABLE;
}

static enum at_verdict tally_every(const struct at_tally *tally)
{
  if (tally->count[AT_VERDICT_REFUTED] > 0) {
    return AT_VERDICT_REFUTED;
  }
  if (tally->count[AT_VERDICT_UNDECIDED] > 0) {
    return AT_VERDICT_UNDECIDED;
  }
  return tally->count[AT_VERDICT_HOLDS] > 0 ? AT_VERDICT_HOLDS : AT_VERDICT_PROVED;
}

static enum at_verdict tally_probability(const struct at_tally *tally, const struct at_claim *claim,
                                         size_t least_runs)
{
  arb_t end;
  enum at_verdict verdict = AT_VERDICT_UNDECIDED;
  arb_init(end);
  if (tally->trials >= least_runs) {
    arb_set_d(end, tally->lower);
    if (arb_ge(end, claim->probability)) {
      verdict = AT_VERDICT_HOLDS;
    }
    arb_set_d(end, tally->upper);
    if (arb_lt(end, claim->probability)) {
      verdict = AT_VERDICT_REFUTED;
    }
  }
  arb_clear(end);
  return verdict;
}

int at_claim_tally(struct at_tally *tally, const struct at_catalogue *catalogue,
                   const struct at_claim *claim, const enum at_verdict *verdicts, size_t runs,
                   struct at_failure *failure)
{
  *tally = (struct at_tally){.runs = runs};
  for (size_t k = 0; k < runs; k++) {
    tally->count[verdicts[k]]++;
  }
  size_t hits = tally->count[AT_VERDICT_HOLDS] + tally->count[AT_VERDICT_PROVED];
  size_t open = tally->count[AT_VERDICT_UNDECIDED];
  tally->trials = hits + open + tally->count[AT_VERDICT_REFUTED];
  if (tally->trials == 0) {
    tally->verdict = tally_empty(tally);
    return 0;
  }
  if (!claim->has_probability) {
    tally->verdict = tally_every(tally);
    return 0;
  }
  double ignored;
  if (at_clopper_pearson(&tally->lower, &ignored, hits, tally->trials, catalogue->confidence,
                         failure) != 0 ||
      at_clopper_pearson(&ignored, &tally->upper, hits + open, tally->trials, catalogue->confidence,
                         failure) != 0) {
    return -1;
  }
  tally->has_interval = true;
  tally->verdict = tally_probability(tally, claim, catalogue->least_runs);
  return 0;
}
