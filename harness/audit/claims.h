/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: judge the claims of a paper, each in one instantiated reading, on certified numbers.
 * Main result: a verdict rests on comparisons of enclosures only; it names what decided it, and no
 * claim's constants stand in code: they are data (specs/claims/, specs/claims.schema.json).
 * Assumptions: none. Test: tests/harness/audit/test_claims.c.
 *
 * A verdict is about the reading that is printed beside it. It never says that a paper is wrong.
 */
#ifndef AT_AUDIT_CLAIMS_H
#define AT_AUDIT_CLAIMS_H

#include <arb.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/quantities.h"
#include "harness/failure.h"

/* specs/claims/2410.07746.json, embedded by the build. */
extern const char at_claims_text[];
extern const size_t at_claims_length;

enum { AT_MAX_CLAIMS = 128, AT_MAX_COMPARISONS = 16, AT_MAX_CLAIM_PRESETS = 16 };

enum at_relation { AT_LESS, AT_AT_MOST, AT_MORE, AT_AT_LEAST, AT_EQUAL };

/* quantity RELATION factor * (other quantity), or quantity RELATION factor. has_other: the first
 * form. quantity, other: indices for at_quantity_name. text: the comparison as people write it. */
struct at_comparison {
  size_t quantity, other;
  bool has_other;
  enum at_relation relation;
  arb_t factor;
  char text[160];
};

/* Where a claim comes from. */
enum at_tag {
  AT_TAG_SEED,     /* stated in a summary of the paper or in its abstract */
  AT_TAG_RECALLED, /* from memory, not verified: never the paper's own words */
  AT_TAG_DERIVED   /* derived for this project */
};

/* One claim in one reading. statement: what is claimed, in a few words. sentence: the sentence that
 * is audited, with its origin given by tag (at_tag_note). reading: the same with every constant
 * written out. theorem: name of a machine-checked theorem, or NULL. not_here: NULL, or why this
 * program does not audit it; then the lists are empty. has_probability: the reading says "with
 * probability at least `probability` over the draw", otherwise "for every draw". */
struct at_claim {
  const char *id, *statement, *sentence, *reading, *theorem, *not_here;
  enum at_tag tag;
  size_t hypothesis_count, conclusion_count, preset_count;
  struct at_comparison hypothesis[AT_MAX_COMPARISONS], conclusion[AT_MAX_COMPARISONS];
  const char *preset[AT_MAX_CLAIM_PRESETS];
  bool has_probability;
  arb_t probability;
  const char *probability_text;
};

/* paper, title: of the catalogue. least_runs, confidence: for claims with a probability. */
struct at_catalogue {
  json_t *root;
  const char *paper, *title;
  size_t least_runs, count;
  double confidence;
  struct at_claim *claim;
};

/* Reads a catalogue from JSON text, strictly: unknown keys, wrong types, unknown quantities and
 * malformed fractions are refused. at_catalogue_load reads the embedded one; a failure there is an
 * internal error. Free with at_catalogue_free (also after a failure). */
int at_catalogue_parse(struct at_catalogue *catalogue, const char *text, size_t length,
                       struct at_failure *failure);
int at_catalogue_load(struct at_catalogue *catalogue, struct at_failure *failure);
void at_catalogue_free(struct at_catalogue *catalogue);

/* The claim called `id`, or NULL. */
const struct at_claim *at_catalogue_find(const struct at_catalogue *catalogue, const char *id);

/* "stated in a summary of the paper", ...; to be printed before the sentence. */
const char *at_tag_note(enum at_tag tag);

enum at_verdict {
  AT_VERDICT_PROVED,        /* holds, and a machine-checked theorem that applies says it must */
  AT_VERDICT_HOLDS,         /* hypotheses and conclusion certified */
  AT_VERDICT_REFUTED,       /* hypotheses certified, conclusion certified false */
  AT_VERDICT_NOT_MET,       /* a hypothesis is certified false */
  AT_VERDICT_UNDECIDED,     /* a comparison that matters stayed open */
  AT_VERDICT_NOT_APPLICABLE /* not audited here, or speaks of what this run does not have */
};
enum { AT_VERDICTS = 6 };

/* "proved", "holds", "refuted", "hypotheses not met", "undecided", "not applicable". */
const char *at_verdict_name(enum at_verdict verdict);

enum at_outcome { AT_TRUE, AT_FALSE, AT_OPEN, AT_UNKNOWN };

/* What a comparison came to: left RELATION right. */
struct at_evidence {
  enum at_outcome outcome;
  arb_t left, right;
};

/* For a claim with a probability, verdict is about its event at this one draw; only at_claim_tally
 * judges the probability. hypothesis, conclusion: evidence in the claim's order. reason: why
 * undecided or not applicable, or which theorem proves it, otherwise "". */
struct at_judgement {
  const struct at_claim *claim;
  enum at_verdict verdict;
  struct at_evidence hypothesis[AT_MAX_COMPARISONS], conclusion[AT_MAX_COMPARISONS];
  char reason[200];
};

/* Judges one claim on one run's quantities. Free with at_judgement_clear. */
void at_claim_judge(struct at_judgement *judgement, const struct at_claim *claim,
                    const struct at_quantities *quantities);
void at_judgement_clear(struct at_judgement *judgement);

/* Verdicts of one claim over runs that differ in the draw. count[v]: runs with verdict v.
 * trials: runs whose hypotheses were met; [lower, upper]: the Clopper-Pearson interval of the
 * event's probability given the hypotheses, undecided runs counted against either end; set if
 * has_interval. verdict: for a claim with a probability, holds if lower >= probability, refuted if
 * upper < probability, undecided otherwise and below least_runs trials; for one without, refuted by
 * any refuted run, else undecided by any undecided one. */
struct at_tally {
  size_t runs, trials, count[AT_VERDICTS];
  bool has_interval;
  double lower, upper;
  enum at_verdict verdict;
};

/* verdicts: one per run. Errors: those of at_clopper_pearson. */
int at_claim_tally(struct at_tally *tally, const struct at_catalogue *catalogue,
                   const struct at_claim *claim, const enum at_verdict *verdicts, size_t runs,
                   struct at_failure *failure);

#endif
