/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, assumptions, test: see chance_json.h.
 */
#include "harness/report/chance_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "harness/report/document.h"

static json_t *setting_json(struct at_document *document, const struct at_settings *s)
{
  json_t *object = json_object();
  char seed[24];
  (void)snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
  at_document_put(document, object, "samples", at_value_integer(s->samples));
  at_document_put(document, object, "dim", at_value_integer(s->dim));
  at_document_put(document, object, "rho", at_value_real(s->rho));
  at_document_put(document, object, "eta", s->fixed_noisy ? json_null() : at_value_real(s->eta));
  at_document_put(document, object, "noisy_per_class",
                  s->fixed_noisy ? at_value_integer(s->noisy_per_class) : json_null());
  at_document_put(document, object, "balanced", json_boolean(s->balanced));
  at_document_put(document, object, "beta", at_value_real(s->beta));
  at_document_put(document, object, "seed", at_value_text(seed));
  return object;
}

/* Frequency of failure of theorem `index`. */
static json_t *frequency_json(struct at_document *document, const struct at_chance *chance,
                              int index)
{
  json_t *object = json_object();
  double lower = 0.0, upper = 1.0;
  at_document_put(document, object, "failing", at_value_integer(chance->failing[index]));
  at_document_put(document, object, "undecided", at_value_integer(chance->open[index]));
  if (at_chance_interval(&lower, &upper, chance, index, AT_CHANCE_CONFIDENCE, NULL) != 0)
    document->broken = true; /* cannot be: draws >= 1 and the level is fixed */
  at_document_put(document, object, "lo", at_value_real(lower));
  at_document_put(document, object, "hi", at_value_real(upper));
  return object;
}

static json_t *theorem_json(struct at_document *document, const struct at_chance *chance, int index)
{
  static const char *const names[AT_FAILURE_PARTS] = {[AT_FAILURE_COUNTS] = "counts",
                                                      [AT_FAILURE_EPSILON] = "epsilon",
                                                      [AT_FAILURE_TAU] = "tau",
                                                      [AT_FAILURE_X] = "x",
                                                      [AT_FAILURE_Y] = "y"};
  const struct at_failure_bound *bound = &chance->bound[index];
  json_t *object = json_object(), *parts = json_object(), *thresholds = json_object();
  at_document_put(document, object, "theorem",
                  at_value_text(at_theorem_name((enum at_theorem)index)));
  at_document_put(document, object, "delta", at_value_decimal(bound->delta));
  for (int p = 0; p < AT_FAILURE_PARTS; p++) {
    at_document_put(document, parts, names[p], at_value_decimal(bound->part + p));
    if (p != AT_FAILURE_COUNTS)
      at_document_put(document, thresholds, names[p], at_value_bounds(bound->threshold + p));
  }
  at_document_put(document, object, "parts", parts);
  at_document_put(document, object, "thresholds", thresholds);
  at_document_put(document, object, "frequency", frequency_json(document, chance, index));
  return object;
}

int at_report_chance_json(const char *path, const struct at_chance *chance, size_t count,
                          struct at_failure *failure)
{
  struct at_document document;
  json_t *list = json_array();
  at_document_init(&document, "attest-chance");
  at_document_put(&document, document.root, "confidence", at_value_real(AT_CHANCE_CONFIDENCE));
  at_document_put(&document, document.root, "settings", list);
  for (size_t c = 0; c < count; c++) {
    json_t *object = json_object(), *theorems = json_array();
    at_document_append(&document, list, object);
    at_document_put(&document, object, "setting", setting_json(&document, &chance[c].settings));
    at_document_put(&document, object, "draws", at_value_integer(chance[c].draws));
    at_document_put(&document, object, "refused", at_value_integer(chance[c].refused));
    at_document_put(&document, object, "theorems", theorems);
    for (int k = 0; k < AT_THEOREMS; k++)
      at_document_append(&document, theorems, theorem_json(&document, &chance[c], k));
    at_document_put(&document, object, "no_theorem",
                    frequency_json(&document, &chance[c], AT_THEOREMS));
  }
  const int result = at_document_write(path, &document, failure);
  at_document_clear(&document);
  return result;
}
