/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: claims, verdicts and tallies as JSON objects (see claims_json.h).
 * Main result: as there.
 * Assumptions: none. Test: tests/harness/report/test_json.c.
 */
#include "harness/report/claims_json.h"

static const char *const tag_name[] = {
  [AT_TAG_SEED] = "seed", [AT_TAG_RECALLED] = "recalled", [AT_TAG_DERIVED] = "derived"};

static const char *const outcome_name[] = {
  [AT_TRUE] = "true", [AT_FALSE] = "false", [AT_OPEN] = "open", [AT_UNKNOWN] = "unknown"};

void at_claim_append(struct at_document *document, json_t *claims, const struct at_claim *claim)
{
  json_t *object = json_object();
  at_document_put(document, object, "claim", at_value_text(claim->id));
  at_document_put(document, object, "statement", at_value_text(claim->statement));
  at_document_put(document, object, "tag", at_value_text(tag_name[claim->tag]));
  at_document_put(document, object, "origin", at_value_text(at_tag_note(claim->tag)));
  at_document_put(document, object, "sentence", at_value_text(claim->sentence));
  at_document_put(document, object, "reading", at_value_text(claim->reading));
  at_document_put(document, object, "theorem", at_value_text(claim->theorem));
  at_document_put(document, object, "probability",
                  at_value_text(claim->has_probability ? claim->probability_text : NULL));
  at_document_put(document, object, "not_here", at_value_text(claim->not_here));
  at_document_append(document, claims, object);
}

/* Evidence about a number that is not known has no sides. */
static json_t *evidence_json(struct at_document *document, const struct at_comparison *comparison,
                             const struct at_evidence *evidence)
{
  bool known = evidence->outcome != AT_UNKNOWN;
  json_t *object = json_object();
  at_document_put(document, object, "comparison", at_value_text(comparison->text));
  at_document_put(document, object, "outcome", at_value_text(outcome_name[evidence->outcome]));
  at_document_put(document, object, "left", known ? at_value_decimal(evidence->left) : json_null());
  at_document_put(document, object, "right",
                  known ? at_value_decimal(evidence->right) : json_null());
  return object;
}

static json_t *evidences_json(struct at_document *document, const struct at_comparison *comparison,
                              const struct at_evidence *evidence, size_t count)
{
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) {
    at_document_append(document, array, evidence_json(document, &comparison[i], &evidence[i]));
  }
  return array;
}

void at_verdicts_put(struct at_document *document, json_t *object,
                     const struct at_judgement *judgements, size_t count)
{
  json_t *verdicts = json_array();
  for (size_t i = 0; i < count; i++) {
    const struct at_judgement *judgement = &judgements[i];
    const struct at_claim *claim = judgement->claim;
    json_t *verdict = json_object();
    at_document_put(document, verdict, "claim", at_value_text(claim->id));
    at_document_put(document, verdict, "verdict",
                    at_value_text(at_verdict_name(judgement->verdict)));
    at_document_put(document, verdict, "reason", at_value_text(judgement->reason));
    at_document_put(
      document, verdict, "hypotheses",
      evidences_json(document, claim->hypothesis, judgement->hypothesis, claim->hypothesis_count));
    at_document_put(
      document, verdict, "conclusions",
      evidences_json(document, claim->conclusion, judgement->conclusion, claim->conclusion_count));
    at_document_append(document, verdicts, verdict);
  }
  at_document_put(document, object, "verdicts", verdicts);
}

void at_tally_append(struct at_document *document, json_t *tallies, const struct at_claim *claim,
                     const char *preset, const struct at_tally *tally)
{
  json_t *object = json_object(), *counts = json_object();
  for (int v = 0; v < AT_VERDICTS; v++) {
    at_document_put(document, counts, at_verdict_name((enum at_verdict)v),
                    at_value_integer(tally->count[v]));
  }
  at_document_put(document, object, "claim", at_value_text(claim->id));
  at_document_put(document, object, "preset", at_value_text(preset));
  at_document_put(document, object, "verdict", at_value_text(at_verdict_name(tally->verdict)));
  at_document_put(document, object, "runs", at_value_integer(tally->runs));
  at_document_put(document, object, "trials", at_value_integer(tally->trials));
  at_document_put(document, object, "counts", counts);
  at_document_put(document, object, "interval",
                  tally->has_interval ? json_pack("{s:o, s:o}", "lo", at_value_real(tally->lower),
                                                  "hi", at_value_real(tally->upper))
                                      : json_null());
  at_document_append(document, tallies, object);
}
