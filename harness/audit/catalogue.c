/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: read a catalogue of claims (the first half of claims.h).
 * Main result: every quantity that a claim names exists, every constant is an exact fraction.
 * Assumptions: none. Test: tests/harness/audit/test_claims.c.
 */
#include <flint/fmpq.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/audit/claims.h"
#include "harness/audit/strict_json.h"

enum { LINE = 200, PARAGRAPH = 1000, FRACTION = 40 };

static const char *const catalogue_keys[] = {"version",    "paper",  "title", "least_runs",
                                             "confidence", "claims", NULL};
static const char *const claim_keys[] = {"id",         "statement", "tag",         "sentence",
                                         "reading",    "theorem",   "not_here",    "hypotheses",
                                         "conclusion", "presets",   "probability", NULL};
static const char *const comparison_keys[] = {"quantity", "relation", "factor", "other", NULL};

static const char *const relation_names[] = {
  [AT_LESS] = "<", [AT_AT_MOST] = "<=", [AT_MORE] = ">", [AT_AT_LEAST] = ">=", [AT_EQUAL] = "="};

static const char *const tag_names[] = {
  [AT_TAG_SEED] = "seed", [AT_TAG_RECALLED] = "recalled", [AT_TAG_DERIVED] = "derived"};

static const char *const tag_notes[] = {
  [AT_TAG_SEED] = "stated in a summary of the paper",
  [AT_TAG_RECALLED] = "recalled, not verified, not the paper's words",
  [AT_TAG_DERIVED] = "derived for this project, not the paper's"};

const char *at_tag_note(enum at_tag tag)
{
  return tag_notes[tag];
}

/* The place of `name` in `names`, or `count`. */
static size_t name_place(const char *name, const char *const *names, size_t count)
{
  size_t place = 0;
  while (place < count && strcmp(name, names[place]) != 0) {
    place++;
  }
  return place;
}

/* value = the fraction "p" or "p/q" in decimal digits. */
static int fraction_read(arb_t value, const char *text, const char *what,
                         struct at_failure *failure)
{
  fmpq_t fraction;
  fmpq_init(fraction);
  size_t length = strlen(text);
  int bad = strspn(text, "-0123456789/") != length || fmpq_set_str(fraction, text, 10) != 0 ||
            fmpz_is_zero(fmpq_denref(fraction));
  if (!bad) {
    fmpq_canonicalise(fraction);
    arb_set_fmpq(value, fraction, AT_QUANTITY_BITS);
  }
  fmpq_clear(fraction);
  return bad ? at_fail(failure, "%s: '%s' is no fraction p/q", what, text) : 0;
}

static int quantity_read(size_t *index, const char *name, const char *what,
                         struct at_failure *failure)
{
  return at_quantity_find(index, name) ? 0 : at_fail(failure, "%s: no quantity '%s'", what, name);
}

static int comparison_read(struct at_comparison *comparison, const json_t *object, const char *id,
                           struct at_failure *failure)
{
  const char *quantity, *relation, *factor, *other;
  if (at_json_keys(object, id, comparison_keys, failure) != 0 ||
      at_json_string(&quantity, object, id, "quantity", AT_QUANTITY_NAME - 1, failure) != 0 ||
      at_json_string(&relation, object, id, "relation", 2, failure) != 0 ||
      at_json_optional_string(&factor, object, id, "factor", FRACTION, failure) != 0 ||
      at_json_optional_string(&other, object, id, "other", AT_QUANTITY_NAME - 1, failure) != 0 ||
      quantity_read(&comparison->quantity, quantity, id, failure) != 0) {
    return -1;
  }
  size_t place = name_place(relation, relation_names, AT_EQUAL + 1);
  if (place > AT_EQUAL) {
    return at_fail(failure, "%s: no relation '%s'", id, relation);
  }
  comparison->relation = (enum at_relation)place;
  comparison->has_other = other != NULL;
  if (other == NULL && factor == NULL) {
    return at_fail(failure, "%s: a comparison needs 'factor', 'other' or both", id);
  }
  (void)snprintf(comparison->text, sizeof comparison->text, "%s %s %s%s%s", quantity, relation,
                 factor == NULL ? "" : factor, factor == NULL || other == NULL ? "" : " * ",
                 other == NULL ? "" : other);
  if (other != NULL && quantity_read(&comparison->other, other, id, failure) != 0) {
    return -1;
  }
  return fraction_read(comparison->factor, factor == NULL ? "1" : factor, id, failure);
}

static int comparisons_read(struct at_comparison *comparison, size_t *count, const json_t *object,
                            const char *id, const char *key, struct at_failure *failure)
{
  const json_t *array;
  if (at_json_array(&array, object, id, key, AT_MAX_COMPARISONS, failure) != 0) {
    return -1;
  }
  for (*count = 0; *count < json_array_size(array); (*count)++) {
    if (comparison_read(&comparison[*count], json_array_get(array, *count), id, failure) != 0) {
      return -1;
    }
  }
  return 0;
}

static int presets_read(struct at_claim *claim, const json_t *object, struct at_failure *failure)
{
  const json_t *array;
  if (at_json_array(&array, object, claim->id, "presets", AT_MAX_CLAIM_PRESETS, failure) != 0) {
    return -1;
  }
  for (size_t k = 0; k < json_array_size(array); k++) {
    const json_t *name = json_array_get(array, k);
    if (!json_is_string(name)) {
      return at_fail(failure, "%s: 'presets' holds names only", claim->id);
    }
    claim->preset[claim->preset_count++] = json_string_value(name);
  }
  return 0;
}

/* What an audited claim has, and one that is only listed has not. */
static int audit_read(struct at_claim *claim, const json_t *object, struct at_failure *failure)
{
  static const char *const audited[] = {"hypotheses", "conclusion", "presets", "probability",
                                        "theorem"};
  if (claim->not_here != NULL) {
    for (size_t k = 0; k < sizeof audited / sizeof audited[0]; k++) {
      if (json_object_get(object, audited[k]) != NULL) {
        return at_fail(failure, "%s: '%s' beside 'not_here'", claim->id, audited[k]);
      }
    }
    return 0;
  }
  if (comparisons_read(claim->hypothesis, &claim->hypothesis_count, object, claim->id, "hypotheses",
                       failure) != 0 ||
      comparisons_read(claim->conclusion, &claim->conclusion_count, object, claim->id, "conclusion",
                       failure) != 0 ||
      presets_read(claim, object, failure) != 0 ||
      at_json_optional_string(&claim->theorem, object, claim->id, "theorem", LINE, failure) != 0 ||
      at_json_optional_string(&claim->probability_text, object, claim->id, "probability", FRACTION,
                              failure) != 0) {
    return -1;
  }
  if (claim->conclusion_count == 0) {
    return at_fail(failure, "%s: 'conclusion' is empty", claim->id);
  }
  claim->has_probability = claim->probability_text != NULL;
  return claim->has_probability
           ? fraction_read(claim->probability, claim->probability_text, claim->id, failure)
           : 0;
}

static int claim_read(struct at_claim *claim, const json_t *object, struct at_failure *failure)
{
  const char *tag;
  if (at_json_keys(object, "a claim", claim_keys, failure) != 0 ||
      at_json_string(&claim->id, object, "a claim", "id", LINE, failure) != 0 ||
      at_json_string(&claim->statement, object, claim->id, "statement", LINE, failure) != 0 ||
      at_json_string(&claim->sentence, object, claim->id, "sentence", PARAGRAPH, failure) != 0 ||
      at_json_string(&claim->reading, object, claim->id, "reading", PARAGRAPH, failure) != 0 ||
      at_json_string(&tag, object, claim->id, "tag", LINE, failure) != 0 ||
      at_json_optional_string(&claim->not_here, object, claim->id, "not_here", LINE - 1, failure) !=
        0) {
    return -1;
  }
  size_t place = name_place(tag, tag_names, AT_TAG_DERIVED + 1);
  if (place > AT_TAG_DERIVED) {
    return at_fail(failure, "%s: no tag '%s'", claim->id, tag);
  }
  claim->tag = (enum at_tag)place;
  return audit_read(claim, object, failure);
}

static void claim_init(struct at_claim *claim)
{
  arb_init(claim->probability);
  for (size_t k = 0; k < AT_MAX_COMPARISONS; k++) {
    arb_init(claim->hypothesis[k].factor);
    arb_init(claim->conclusion[k].factor);
  }
}

static void claim_clear(struct at_claim *claim)
{
  arb_clear(claim->probability);
  for (size_t k = 0; k < AT_MAX_COMPARISONS; k++) {
    arb_clear(claim->hypothesis[k].factor);
    arb_clear(claim->conclusion[k].factor);
  }
}

static int head_read(struct at_catalogue *catalogue, struct at_failure *failure)
{
  static const char what[] = "claims";
  int64_t version = 0, least_runs = 0;
  if (at_json_keys(catalogue->root, what, catalogue_keys, failure) != 0 ||
      at_json_integer(&version, catalogue->root, what, "version", 1, 1, failure) != 0 ||
      at_json_string(&catalogue->paper, catalogue->root, what, "paper", LINE, failure) != 0 ||
      at_json_string(&catalogue->title, catalogue->root, what, "title", LINE, failure) != 0 ||
      at_json_integer(&least_runs, catalogue->root, what, "least_runs", 1, 1000000, failure) != 0 ||
      at_json_number(&catalogue->confidence, catalogue->root, what, "confidence", 0.5, 0.999999,
                     failure) != 0) {
    return -1;
  }
  catalogue->least_runs = (size_t)least_runs;
  return 0;
}

static int claims_read(struct at_catalogue *catalogue, struct at_failure *failure)
{
  const json_t *array;
  if (at_json_array(&array, catalogue->root, "claims", "claims", AT_MAX_CLAIMS, failure) != 0) {
    return -1;
  }
  catalogue->claim = calloc(json_array_size(array) + 1, sizeof *catalogue->claim);
  if (catalogue->claim == NULL) {
    return at_fail(failure, "claims: out of memory");
  }
  for (size_t k = 0; k < json_array_size(array); k++) {
    struct at_claim *claim = &catalogue->claim[k];
    claim_init(claim);
    catalogue->count++;
    if (claim_read(claim, json_array_get(array, k), failure) != 0) {
      return -1;
    }
    if (at_catalogue_find(catalogue, claim->id) != claim) {
      return at_fail(failure, "claims: the id '%s' occurs twice", claim->id);
    }
  }
  return 0;
}

int at_catalogue_parse(struct at_catalogue *catalogue, const char *text, size_t length,
                       struct at_failure *failure)
{
  *catalogue = (struct at_catalogue){.root = at_json_parse(text, length, "claims", failure)};
  if (catalogue->root == NULL) {
    return -1;
  }
  return head_read(catalogue, failure) != 0 ? -1 : claims_read(catalogue, failure);
}

int at_catalogue_load(struct at_catalogue *catalogue, struct at_failure *failure)
{
  struct at_failure fault = {""};
  if (at_catalogue_parse(catalogue, at_claims_text, at_claims_length, &fault) != 0) {
    return at_fail(failure, "internal error: %s", fault.line);
  }
  return 0;
}

void at_catalogue_free(struct at_catalogue *catalogue)
{
  for (size_t k = 0; k < catalogue->count; k++) {
    claim_clear(&catalogue->claim[k]);
  }
  free(catalogue->claim);
  json_decref(catalogue->root);
  *catalogue = (struct at_catalogue){0};
}

const struct at_claim *at_catalogue_find(const struct at_catalogue *catalogue, const char *id)
{
  for (size_t k = 0; k < catalogue->count; k++) {
    if (strcmp(catalogue->claim[k].id, id) == 0) {
      return &catalogue->claim[k];
    }
  }
  return NULL;
}
