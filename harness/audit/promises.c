/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the promises of the theorems (see promises.h).
 * Main result: as there. Assumptions: none beyond promises.h.
 * Test: tests/harness/audit/test_promises.c.
 */
#include "harness/audit/promises.h"

#include <stdio.h>

#include "harness/audit/theorems.h"

/* The quantities that theorem `theorem` speaks about. */
struct speaker {
  struct at_quantities *quantities;
  enum at_theorem theorem;
  bool machine_checked;
};

/* Of two promises about the same quantity the machine-checked one stays, and of two such the
 * narrower one. */
static void promise(const struct speaker *speaker, const char *name, const arb_t value)
{
  size_t index = 0;
  if (!at_quantity_find(&index, name)) return;
  struct at_promise *old = &speaker->quantities->promise[index];
  if (old->theorem != NULL && (old->machine_checked > speaker->machine_checked ||
                               (old->machine_checked == speaker->machine_checked &&
                                mag_cmp(arb_radref(old->value), arb_radref(value)) <= 0)))
    return;
  old->theorem = at_theorem_name(speaker->theorem);
  old->machine_checked = speaker->machine_checked;
  arb_set(old->value, value);
}

static void promise_share(const struct speaker *speaker, const char *name, size_t hits, size_t of)
{
  arb_t share;
  if (of == 0) return;
  arb_init(share);
  arb_set_ui(share, hits);
  arb_div_ui(share, share, of, AT_QUANTITY_BITS);
  promise(speaker, name, share);
  arb_clear(share);
}

/* name: in [low, high]. */
static void promise_range(const struct speaker *speaker, const char *name, const arb_t low,
                          const arb_t high)
{
  arb_t range;
  arb_init(range);
  arb_union(range, low, high, AT_QUANTITY_BITS);
  promise(speaker, name, range);
  arb_clear(range);
}

static void promise_attention(const struct speaker *speaker, const struct at_guarantee *guarantee,
                              size_t noisy)
{
  arb_t low, high;
  arb_init(low);
  arb_init(high);
  if (noisy > 0) {
    promise_range(speaker, "noisy_attention_max@2", low, guarantee->noisy_attention);
    promise_range(speaker, "noisy_attention_mean@2", low, guarantee->noisy_attention);
  }
  if (guarantee->half_attention) {
    arb_set_d(low, 0.5);
    arb_one(high);
    promise_range(speaker, "clean_attention_min@2", low, high);
    promise_range(speaker, "clean_attention_mean@2", low, high);
  }
  arb_clear(low);
  arb_clear(high);
}

/* The bound of the test error rests on Gaussian tails, which no machine has checked here. */
static void promise_error(struct speaker speaker, const struct at_guarantee *guarantee)
{
  arb_t none, bound, part;
  arb_init(none);
  arb_init(bound);
  arb_init(part);
  arb_neg(bound, guarantee->value_exponent);
  arb_exp(bound, bound, AT_QUANTITY_BITS);
  arb_neg(part, guarantee->score_exponent);
  arb_exp(part, part, AT_QUANTITY_BITS);
  arb_add(bound, bound, part, AT_QUANTITY_BITS);
  arb_mul_2exp_si(bound, bound, -1);
  speaker.machine_checked = false;
  promise_range(&speaker, guarantee->steps == 1 ? "test_error@1" : "test_error@2", none, bound);
  arb_clear(none);
  arb_clear(bound);
  arb_clear(part);
}

static void speak(const struct speaker *speaker, const struct at_guarantee *guarantee, size_t clean,
                  size_t noisy)
{
  bool one = speaker->theorem == AT_THEOREM_ONE_STEP;
  promise_share(speaker, "fit_clean@1", clean, clean);
  promise_share(speaker, "fit_noisy@1", one ? noisy : 0, noisy);
  promise_share(speaker, "fit_all@1", one ? clean + noisy : clean, clean + noisy);
  promise_error(*speaker, guarantee);
  if (one) return;
  promise_share(speaker, "fit_clean@2", clean, clean);
  promise_share(speaker, "fit_noisy@2", noisy, noisy);
  promise_share(speaker, "fit_all@2", clean + noisy, clean + noisy);
  promise_attention(speaker, guarantee, noisy);
}

/* The first promise that the run's own enclosure denies, in words. */
static void contradiction_find(struct at_quantities *quantities)
{
  char name[AT_QUANTITY_NAME];
  for (size_t k = 0; k < at_quantity_count() && quantities->contradiction[0] == '\0'; k++) {
    const struct at_promise *promise = &quantities->promise[k];
    if (promise->theorem == NULL || !quantities->known[k]) continue;
    if (arb_overlaps(promise->value, quantities->value + k)) continue;
    at_quantity_name(name, k);
    (void)snprintf(quantities->contradiction, sizeof quantities->contradiction,
                   "theorem %s applies and %s is not what it guarantees", promise->theorem, name);
  }
}

void at_promises_fill(struct at_quantities *quantities, size_t clean, size_t noisy)
{
  struct at_theorem_check check[AT_THEOREMS];
  if (quantities->hypotheses.obstacle != NULL) return;
  at_theorems_init(check, &quantities->hypotheses, AT_QUANTITY_BITS);
  for (int k = 0; k < AT_THEOREMS; k++) {
    struct speaker speaker = {quantities, (enum at_theorem)k,
                              at_theorem_proof((enum at_theorem)k) != NULL};
    if (check[k].applies == AT_YES) speak(&speaker, &check[k].guarantee, clean, noisy);
  }
  at_theorems_clear(check);
  contradiction_find(quantities);
}
