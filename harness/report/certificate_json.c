/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: certificates as JSON (see certificate_json.h).
 * Main result: as there. Assumptions: jansson.
 * Test: tests/checker/certificates.sh.
 */
#include "harness/report/certificate_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/digest.h"
#include "harness/enclosure/decimal.h"
#include "harness/report/document.h"

enum { REAL_DIGITS = 17 };

/* A double that every point of the ball is at least, or at most, one unit further out than needed
 * unless the end is zero; null where there is none. */
static json_t *bound_json(const arb_t ball, bool upper)
{
  double lo, hi;
  if (!arb_is_finite(ball)) {
    return json_null();
  }
  at_ball_get_doubles(&lo, &hi, ball);
  double end = upper ? hi : lo;
  return at_value_real(end == 0.0 ? end : nextafter(end, upper ? INFINITY : -INFINITY));
}

static json_t *data_json(struct at_document *document, const struct at_certificate *certificate)
{
  const struct at_token_data *data = certificate->data;
  char digest[AT_DIGEST_SIZE];
  json_t *object = json_object(), *sizes = json_array();
  at_token_data_digest(digest, data);
  for (size_t s = 0; s < AT_SETS; s++) {
    at_document_append(document, sizes, at_value_integer(certificate->gram.size[s]));
  }
  at_document_put(document, object, "samples", at_value_integer(data->samples));
  at_document_put(document, object, "tokens", at_value_integer(data->tokens));
  at_document_put(document, object, "dim", at_value_integer(data->dim));
  at_document_put(document, object, "sha256", at_value_text(digest));
  at_document_put(document, object, "sizes", sizes);
  return object;
}

/* R: an integer for synthetic data, otherwise a double. */
static json_t *scale_json(const struct at_certificate *certificate)
{
  const struct at_token_data *data = certificate->data;
  return data->synthetic
           ? at_value_integer(data->ambient_dim)
           : at_value_real(arf_get_d(arb_midref(certificate->gram.scale), ARF_RND_NEAR));
}

static json_t *statistics_json(struct at_document *document,
                               const struct at_certificate *certificate)
{
  static const enum at_hypothesis listed[] = {AT_HYPOTHESIS_A, AT_HYPOTHESIS_T,
                                              AT_HYPOTHESIS_EPSILON, AT_HYPOTHESIS_TAU,
                                              AT_HYPOTHESIS_KAPPA};
  static const char *const names[AT_CLASSES] = {"q_plus", "q_minus"};
  const struct at_gram *gram = &certificate->gram;
  json_t *object = json_object();
  arb_t q;
  for (size_t k = 0; k < sizeof listed / sizeof listed[0]; k++) {
    at_document_put(document, object, at_hypothesis_name(listed[k]),
                    at_value_bounds(certificate->hypotheses.value + listed[k]));
  }
  arb_init(q);
  for (size_t k = 0; k < AT_CLASSES; k++) {
    slong excess = (slong)gram->size[2 * k] - (slong)gram->size[2 * k + 1];
    arb_mul_si(q, gram->ratio, excess, certificate->precision);
    at_document_put(document, object, names[k], at_value_bounds(q));
  }
  arb_clear(q);
  return object;
}

static json_t *guarantee_json(struct at_document *document, const struct at_guarantee *guarantee)
{
  json_t *object = json_object();
  bool two = guarantee->steps == 2;
  at_document_put(document, object, "labels",
                  at_value_text(two ? "two steps fit all labels, one step the clean labels and no "
                                      "noisy one"
                                    : "one step fits all labels"));
  at_document_put(document, object, "noisy_attention_at_most",
                  two ? bound_json(guarantee->noisy_attention, true) : json_null());
  at_document_put(document, object, "clean_attention_at_least_half",
                  json_boolean(guarantee->half_attention));
  at_document_put(document, object, "omega",
                  at_value_real(arf_get_d(arb_midref(guarantee->omega), ARF_RND_DOWN)));
  at_document_put(document, object, "pi",
                  two ? at_value_real(arf_get_d(arb_midref(guarantee->pi), ARF_RND_DOWN))
                      : json_null());
  at_document_put(document, object, "value_exponent", bound_json(guarantee->value_exponent, false));
  at_document_put(document, object, "score_exponent", bound_json(guarantee->score_exponent, false));
  return object;
}

static json_t *theorem_json(struct at_document *document, const struct at_theorem_check *check,
                            enum at_theorem theorem)
{
  json_t *object = json_object(), *conditions = json_object();
  at_document_put(document, object, "theorem", at_value_text(at_theorem_name(theorem)));
  for (size_t k = 0; k < check->count; k++) {
    at_document_put(document, conditions, check->condition[k].text,
                    bound_json(check->condition[k].slack, false));
  }
  at_document_put(document, object, "conditions", conditions);
  at_document_put(document, object, "guarantees", guarantee_json(document, &check->guarantee));
  return object;
}

/* The digest of the document as it stands, in canonical form, becomes its last field. */
static void seal(struct at_document *document)
{
  char digest[AT_DIGEST_SIZE];
  char *text =
    json_dumps(document->root, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(REAL_DIGITS));
  if (text == NULL) {
    document->broken = true;
    return;
  }
  at_bytes_digest(digest, text, strlen(text));
  free(text);
  at_document_put(document, document->root, "seal", at_value_text(digest));
}

int at_report_certificate_json(const char *path, const struct at_certificate *certificate,
                               struct at_failure *failure)
{
  /* C1, C2 and row-sums apply only where parametric does. */
  static const enum at_theorem listed[] = {AT_THEOREM_ONE_STEP, AT_THEOREM_PARAMETRIC};
  struct at_document document;
  json_t *theorems = json_array();
  at_document_init(&document, "attest-certificate");
  json_t *root = document.root;
  at_document_put(&document, root, "data", data_json(&document, certificate));
  at_document_put(&document, root, "beta", at_value_real(certificate->step));
  at_document_put(&document, root, "scale", scale_json(certificate));
  at_document_put(&document, root, "statistics", statistics_json(&document, certificate));
  for (size_t k = 0; k < sizeof listed / sizeof listed[0]; k++) {
    const struct at_theorem_check *check = &certificate->check[listed[k]];
    if (check->applies == AT_YES) {
      at_document_append(&document, theorems, theorem_json(&document, check, listed[k]));
    }
  }
  at_document_put(&document, root, "theorems", theorems);
  seal(&document);
  int result = at_document_write(path, &document, failure);
  at_document_clear(&document);
  return result;
}
