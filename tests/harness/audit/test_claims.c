/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of the claims and their verdicts (harness/audit/claims.c, catalogue.c).
 * Main result: every verdict is reached for its own reason and no other; the embedded catalogue is
 * read strictly; no theorem that this project derived is ever refuted.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/audit/claims.h"
#include "harness/enclosure/clopper_pearson.h"
#include "tests/suites.h"

/* ---- the embedded catalogue ---- */

static void test_embedded_catalogue_is_read(void)
{
  struct at_catalogue catalogue;
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL(at_catalogue_load(&catalogue, &failure), 0);
  CU_ASSERT_STRING_EQUAL(failure.line, "");
  CU_ASSERT_TRUE(catalogue.count > 0);
  for (size_t k = 0; k < catalogue.count; k++) {
    const struct at_claim *claim = &catalogue.claim[k];
    CU_ASSERT_PTR_EQUAL(at_catalogue_find(&catalogue, claim->id), claim);
    CU_ASSERT_TRUE((claim->not_here != NULL) == (claim->conclusion_count == 0));
    for (size_t p = 0; p < claim->preset_count; p++) {
      struct at_settings settings;
      at_settings_default(&settings);
      CU_ASSERT_EQUAL(at_settings_preset(&settings, claim->preset[p], &failure), 0);
    }
  }
  CU_ASSERT_PTR_NULL(at_catalogue_find(&catalogue, "P3"));
  at_catalogue_free(&catalogue);
}

static void test_recalled_claims_say_so(void)
{
  CU_ASSERT_PTR_NOT_NULL(strstr(at_tag_note(AT_TAG_RECALLED), "not the paper's words"));
  CU_ASSERT_PTR_NOT_NULL(strstr(at_tag_note(AT_TAG_DERIVED), "not the paper's"));
}

/* ---- catalogues of one claim ---- */

static const char frame[] =
  "{\"version\": 1, \"paper\": \"p\", \"title\": \"t\", \"least_runs\": 20, \"confidence\": 0.95, "
  "\"claims\": [{\"id\": \"X\", \"statement\": \"s\", \"tag\": \"derived\", \"sentence\": \"s\", "
  "\"reading\": \"r\", %s}]}";

static int claim_parse(struct at_catalogue *catalogue, const char *body, struct at_failure *failure)
{
  char text[1500];
  (void)snprintf(text, sizeof text, frame, body);
  return at_catalogue_parse(catalogue, text, strlen(text), failure);
}

/* Bodies that are wrong in one place, and what the failure names. */
static const char *const fault[][2] = {
  {"\"presets\": []", "hypotheses"},
  {"\"hypotheses\": [], \"conclusion\": [], \"presets\": []", "conclusion"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\"}], "
   "\"presets\": []",
   "factor"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"tt\", \"relation\": \">\", "
   "\"factor\": \"1\"}], \"presets\": []",
   "tt"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"other\": \"tt\"}], \"presets\": []",
   "tt"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \"==\", "
   "\"factor\": \"1\"}], \"presets\": []",
   "=="},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"factor\": \"0.5\"}], \"presets\": []",
   "0.5"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"factor\": \"1/0\"}], \"presets\": []",
   "1/0"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"factor\": 1}], \"presets\": []",
   "factor"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"factor\": \"1\", \"note\": \"n\"}], \"presets\": []",
   "note"},
  {"\"not_here\": \"n\", \"presets\": []", "presets"},
  {"\"not_here\": \"n\", \"origin\": \"o\"", "origin"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"factor\": \"1\"}], \"presets\": [1]",
   "presets"},
  {"\"hypotheses\": [], \"conclusion\": [{\"quantity\": \"t\", \"relation\": \">\", "
   "\"factor\": \"1\"}], \"presets\": [], \"probability\": \"1/\"",
   "1/"}};

static void test_every_fault_is_refused(void)
{
  for (size_t k = 0; k < sizeof fault / sizeof fault[0]; k++) {
    struct at_catalogue catalogue;
    struct at_failure failure = {""};
    CU_ASSERT_EQUAL(claim_parse(&catalogue, fault[k][0], &failure), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, fault[k][1]));
    at_catalogue_free(&catalogue);
  }
}

static void test_faults_of_the_frame_are_refused(void)
{
  static const char *const text[][2] = {
    {"[]", "object"},
    {"{\"version\": 1", "JSON"},
    {"{\"version\": 2, \"paper\": \"p\", \"title\": \"t\", \"least_runs\": 1, \"confidence\": "
     "0.9, \"claims\": []}",
     "version"},
    {"{\"version\": 1, \"paper\": \"p\", \"title\": \"t\", \"least_runs\": 0, \"confidence\": "
     "0.9, \"claims\": []}",
     "least_runs"},
    {"{\"version\": 1, \"paper\": \"p\", \"title\": \"t\", \"least_runs\": 1, \"confidence\": 1, "
     "\"claims\": []}",
     "confidence"},
    {"{\"version\": 1, \"paper\": \"p\", \"title\": \"t\", \"least_runs\": 1, \"confidence\": "
     "0.9}",
     "claims"}};
  for (size_t k = 0; k < sizeof text / sizeof text[0]; k++) {
    struct at_catalogue catalogue;
    struct at_failure failure = {""};
    CU_ASSERT_EQUAL(at_catalogue_parse(&catalogue, text[k][0], strlen(text[k][0]), &failure), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, text[k][1]));
    at_catalogue_free(&catalogue);
  }
}

/* ---- verdicts ---- */

/* Quantities filled by hand: everything unknown. */
static void quantities_init(struct at_quantities *quantities)
{
  memset(quantities, 0, sizeof *quantities);
  quantities->known = flint_calloc(at_quantity_count(), sizeof *quantities->known);
  quantities->value = _arb_vec_init((slong)at_quantity_count());
  quantities->promise = flint_calloc(at_quantity_count(), sizeof *quantities->promise);
}

static void quantities_clear(struct at_quantities *quantities)
{
  _arb_vec_clear(quantities->value, (slong)at_quantity_count());
  flint_free(quantities->promise);
  flint_free(quantities->known);
}

static arb_ptr quantity_at(struct at_quantities *quantities, const char *name)
{
  size_t index = 0;
  CU_ASSERT_TRUE_FATAL(at_quantity_find(&index, name));
  quantities->known[index] = true;
  return quantities->value + index;
}

/* value +- radius */
static void quantity_set(struct at_quantities *quantities, const char *name, double value,
                         double radius)
{
  arb_ptr ball = quantity_at(quantities, name);
  arb_set_d(ball, value);
  mag_set_d(arb_radref(ball), radius);
}

/* If t > 1 and q_most <= 2 tau then fit_all@2 = 1 and loss@2 < 1/2. */
static const char body[] =
  "\"hypotheses\": [{\"quantity\": \"t\", \"relation\": \">\", \"factor\": \"1\"}, "
  "{\"quantity\": \"q_most\", \"relation\": \"<=\", \"factor\": \"2\", \"other\": \"tau\"}], "
  "\"conclusion\": [{\"quantity\": \"fit_all@2\", \"relation\": \"=\", \"factor\": \"1\"}, "
  "{\"quantity\": \"loss@2\", \"relation\": \"<\", \"factor\": \"1/2\"}], \"presets\": []%s";

struct bench {
  struct at_catalogue catalogue;
  struct at_quantities quantities;
};

static void bench_init(struct bench *bench, const char *more)
{
  struct at_failure failure = {""};
  char text[800];
  (void)snprintf(text, sizeof text, body, more);
  CU_ASSERT_EQUAL_FATAL(claim_parse(&bench->catalogue, text, &failure), 0);
  quantities_init(&bench->quantities);
  quantity_set(&bench->quantities, "t", 1.5, 0.0);
  quantity_set(&bench->quantities, "q_most", 1.0, 0.25);
  quantity_set(&bench->quantities, "tau", 0.75, 0.0);
  quantity_set(&bench->quantities, "fit_all@2", 1.0, 0.0);
  quantity_set(&bench->quantities, "loss@2", 0.25, 0.125);
}

static void bench_clear(struct bench *bench)
{
  quantities_clear(&bench->quantities);
  at_catalogue_free(&bench->catalogue);
}

static enum at_verdict verdict_of(struct bench *bench, bool *reasoned)
{
  struct at_judgement judgement;
  at_claim_judge(&judgement, &bench->catalogue.claim[0], &bench->quantities);
  enum at_verdict verdict = judgement.verdict;
  *reasoned = judgement.reason[0] != '\0';
  at_judgement_clear(&judgement);
  return verdict;
}

/* The verdict after one quantity is set otherwise, or, with a negative radius, is unknown. */
static enum at_verdict verdict_after(const char *name, double value, double radius)
{
  struct bench bench;
  bool reasoned;
  bench_init(&bench, "");
  if (radius < 0.0) {
    size_t index = 0;
    (void)at_quantity_find(&index, name);
    bench.quantities.known[index] = false;
  } else {
    quantity_set(&bench.quantities, name, value, radius);
  }
  enum at_verdict verdict = verdict_of(&bench, &reasoned);
  CU_ASSERT_EQUAL(reasoned,
                  verdict == AT_VERDICT_UNDECIDED || verdict == AT_VERDICT_NOT_APPLICABLE);
  bench_clear(&bench);
  return verdict;
}

static void test_each_verdict_has_its_reason(void)
{
  CU_ASSERT_EQUAL(verdict_after("t", 1.5, 0.25), AT_VERDICT_HOLDS);
  CU_ASSERT_EQUAL(verdict_after("t", 1.0, 0.0), AT_VERDICT_NOT_MET);
  CU_ASSERT_EQUAL(verdict_after("t", 1.0, 0.125), AT_VERDICT_UNDECIDED);
  CU_ASSERT_EQUAL(verdict_after("t", 0.0, -1.0), AT_VERDICT_NOT_APPLICABLE);
  CU_ASSERT_EQUAL(verdict_after("q_most", 1.5, 0.0), AT_VERDICT_HOLDS);
  CU_ASSERT_EQUAL(verdict_after("tau", 0.25, 0.0), AT_VERDICT_NOT_MET);
  CU_ASSERT_EQUAL(verdict_after("tau", 0.0, -1.0), AT_VERDICT_NOT_APPLICABLE);
  CU_ASSERT_EQUAL(verdict_after("fit_all@2", 0.75, 0.0), AT_VERDICT_REFUTED);
  CU_ASSERT_EQUAL(verdict_after("fit_all@2", 1.0, 0.0625), AT_VERDICT_UNDECIDED);
  CU_ASSERT_EQUAL(verdict_after("fit_all@2", 0.0, -1.0), AT_VERDICT_NOT_APPLICABLE);
  CU_ASSERT_EQUAL(verdict_after("loss@2", 0.5, 0.0), AT_VERDICT_REFUTED);
  CU_ASSERT_EQUAL(verdict_after("loss@2", 0.5, 0.125), AT_VERDICT_UNDECIDED);
}

static void test_what_outranks_what(void)
{
  struct bench bench;
  bool reasoned;
  bench_init(&bench, "");
  /* A false part of the conclusion refutes whatever else is open... */
  quantity_set(&bench.quantities, "fit_all@2", 0.5, 0.0);
  quantity_set(&bench.quantities, "loss@2", 0.5, 0.25);
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_REFUTED);
  /* ... but not when a hypothesis is open or false. */
  quantity_set(&bench.quantities, "t", 1.0, 0.5);
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_UNDECIDED);
  quantity_set(&bench.quantities, "tau", 0.125, 0.0);
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_NOT_MET);
  bench_clear(&bench);
}

static void test_infinite_and_indeterminate_numbers(void)
{
  struct bench bench;
  bool reasoned;
  bench_init(&bench, "");
  arb_pos_inf(quantity_at(&bench.quantities, "t"));
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_HOLDS);
  arb_neg_inf(quantity_at(&bench.quantities, "t"));
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_NOT_MET);
  arb_indeterminate(quantity_at(&bench.quantities, "t"));
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_UNDECIDED);
  bench_clear(&bench);
}

static void test_proved_needs_a_theorem(void)
{
  struct bench bench;
  bool reasoned;
  bench_init(&bench, ", \"theorem\": \"two_step\"");
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_PROVED);
  quantity_set(&bench.quantities, "fit_all@2", 0.5, 0.0);
  CU_ASSERT_EQUAL(verdict_of(&bench, &reasoned), AT_VERDICT_REFUTED);
  bench_clear(&bench);
}

static void test_a_listed_claim_is_not_applicable(void)
{
  struct at_catalogue catalogue;
  struct at_failure failure = {""};
  struct at_judgement judgement;
  struct at_quantities none = {.known = NULL};
  CU_ASSERT_EQUAL_FATAL(claim_parse(&catalogue, "\"not_here\": \"elsewhere\"", &failure), 0);
  at_claim_judge(&judgement, &catalogue.claim[0], &none);
  CU_ASSERT_EQUAL(judgement.verdict, AT_VERDICT_NOT_APPLICABLE);
  CU_ASSERT_STRING_EQUAL(judgement.reason, "elsewhere");
  at_judgement_clear(&judgement);
  at_catalogue_free(&catalogue);
}

static void test_evidence_shows_both_sides(void)
{
  struct bench bench;
  struct at_judgement judgement;
  bench_init(&bench, "");
  at_claim_judge(&judgement, &bench.catalogue.claim[0], &bench.quantities);
  CU_ASSERT_STRING_EQUAL(judgement.claim->hypothesis[0].text, "t > 1");
  CU_ASSERT_STRING_EQUAL(judgement.claim->hypothesis[1].text, "q_most <= 2 * tau");
  CU_ASSERT_EQUAL(judgement.hypothesis[1].outcome, AT_TRUE);
  CU_ASSERT_TRUE(arb_contains_si(judgement.hypothesis[1].left, 1));
  CU_ASSERT_EQUAL(arf_cmp_d(arb_midref(judgement.hypothesis[1].right), 1.5), 0);
  at_judgement_clear(&judgement);
  bench_clear(&bench);
}

/* ---- tallies ---- */

enum { MOST_RUNS = 64 };

static struct at_tally tally_of(const char *more, size_t holds, size_t refuted, size_t undecided,
                                size_t not_met)
{
  struct bench bench;
  struct at_tally tally;
  struct at_failure failure = {""};
  enum at_verdict verdicts[MOST_RUNS];
  size_t runs = 0;
  while (runs < holds) verdicts[runs++] = AT_VERDICT_HOLDS;
  while (runs < holds + refuted) verdicts[runs++] = AT_VERDICT_REFUTED;
  while (runs < holds + refuted + undecided) verdicts[runs++] = AT_VERDICT_UNDECIDED;
  while (runs < holds + refuted + undecided + not_met) verdicts[runs++] = AT_VERDICT_NOT_MET;
  bench_init(&bench, more);
  CU_ASSERT_EQUAL(
    at_claim_tally(&tally, &bench.catalogue, &bench.catalogue.claim[0], verdicts, runs, &failure),
    0);
  bench_clear(&bench);
  return tally;
}

static void test_tally_of_every_draw(void)
{
  CU_ASSERT_EQUAL(tally_of("", 3, 0, 0, 5).verdict, AT_VERDICT_HOLDS);
  CU_ASSERT_EQUAL(tally_of("", 3, 0, 1, 0).verdict, AT_VERDICT_UNDECIDED);
  CU_ASSERT_EQUAL(tally_of("", 3, 1, 1, 0).verdict, AT_VERDICT_REFUTED);
  CU_ASSERT_EQUAL(tally_of("", 0, 0, 0, 2).verdict, AT_VERDICT_NOT_MET);
  CU_ASSERT_EQUAL(tally_of("", 0, 0, 0, 0).verdict, AT_VERDICT_NOT_APPLICABLE);
  CU_ASSERT_FALSE(tally_of("", 3, 0, 0, 5).has_interval);
}

static void test_tally_of_a_probability(void)
{
  static const char most[] = ", \"probability\": \"4/5\"";
  struct at_tally tally = tally_of(most, 20, 0, 0, 7);
  struct at_failure failure = {""};
  double lower, upper;
  CU_ASSERT_EQUAL(tally.verdict, AT_VERDICT_HOLDS);
  CU_ASSERT_EQUAL(tally.runs, 27);
  CU_ASSERT_EQUAL(tally.trials, 20);
  CU_ASSERT_EQUAL(at_clopper_pearson(&lower, &upper, 20, 20, 0.95, &failure), 0);
  CU_ASSERT_TRUE(tally.has_interval && tally.lower == lower && tally.upper == upper);
  /* Too few runs, even though all of them hold. */
  CU_ASSERT_EQUAL(tally_of(most, 19, 0, 0, 30).verdict, AT_VERDICT_UNDECIDED);
  /* 16 of 20 leave 4/5 inside the interval, 4 of 20 do not. */
  CU_ASSERT_EQUAL(tally_of(most, 16, 4, 0, 0).verdict, AT_VERDICT_UNDECIDED);
  CU_ASSERT_EQUAL(tally_of(most, 4, 16, 0, 0).verdict, AT_VERDICT_REFUTED);
  /* Undecided runs count against either end. */
  tally = tally_of(most, 20, 0, 20, 0);
  CU_ASSERT_EQUAL(tally.verdict, AT_VERDICT_UNDECIDED);
  CU_ASSERT_TRUE(tally.lower < 0.5 && tally.upper == 1.0);
  CU_ASSERT_EQUAL(tally_of(most, 0, 0, 0, 3).verdict, AT_VERDICT_NOT_MET);
}

/* ---- the embedded catalogue on runs ---- */

static enum at_verdict claim_on(const struct at_catalogue *catalogue, const char *id,
                                const struct at_quantities *quantities)
{
  struct at_judgement judgement;
  const struct at_claim *claim = at_catalogue_find(catalogue, id);
  CU_ASSERT_PTR_NOT_NULL_FATAL(claim);
  at_claim_judge(&judgement, claim, quantities);
  enum at_verdict verdict = judgement.verdict;
  at_judgement_clear(&judgement);
  return verdict;
}

/* A small run of the model: n = 16, D, q and t of the caller, one flipped label a class. */
static int small_run(struct at_run *run, uint64_t dim, double q, double t, uint64_t seed)
{
  struct at_settings settings;
  struct at_failure failure = {""};
  at_settings_default(&settings);
  settings.samples = 16;
  settings.dim = dim;
  settings.rho = floor(sqrt(q * (double)dim / 6.0) * 1024.0) / 1024.0;
  settings.beta = t * 4.0 * 16.0 / (double)dim;
  settings.fixed_noisy = true;
  settings.noisy_per_class = 1;
  settings.balanced = true;
  settings.seed = seed;
  return at_run_init(run, &settings, NULL, &failure);
}

/* The theorems of this project (ids T....) hold wherever their hypotheses do. */
static void test_derived_theorems_are_never_refuted(void)
{
  static const double qs[] = {0.3, 0.9, 1.3, 1.35, 2.0, 4.0};
  static const double ts[] = {0.3, 1.0, 1.55, 1.65, 4.0};
  struct at_catalogue catalogue;
  struct at_failure failure = {""};
  size_t held = 0;
  CU_ASSERT_EQUAL_FATAL(at_catalogue_load(&catalogue, &failure), 0);
  for (size_t cell = 0; cell < 30; cell++) {
    struct at_run run;
    struct at_quantities quantities;
    uint64_t dim = cell % 2 == 0 ? 400 : 200000;
    CU_ASSERT_EQUAL_FATAL(small_run(&run, dim, qs[cell % 6], ts[cell / 6], cell), 0);
    at_quantities_init(&quantities, &run);
    CU_ASSERT_STRING_EQUAL(quantities.contradiction, "");
    for (size_t k = 0; k < catalogue.count; k++) {
      if (catalogue.claim[k].id[0] == 'T') {
        enum at_verdict verdict = claim_on(&catalogue, catalogue.claim[k].id, &quantities);
        bool holds = verdict == AT_VERDICT_HOLDS || verdict == AT_VERDICT_PROVED;
        CU_ASSERT_TRUE(holds || verdict == AT_VERDICT_NOT_MET);
        held += holds;
      }
    }
    at_quantities_clear(&quantities);
    at_run_clear(&run);
  }
  /* T.bound has no hypotheses: anything beyond one a cell is another theorem's. */
  CU_ASSERT_TRUE(held > 30);
  at_catalogue_free(&catalogue);
}

/* Below the threshold one step fits everything and generalises: P3.5 and P3.6 are refuted there and
 * hold at the figure's setting. */
static void preset_check(const char *preset, const char *id, enum at_verdict expected)
{
  struct at_catalogue catalogue;
  struct at_settings settings;
  struct at_run run;
  struct at_quantities quantities;
  struct at_failure failure = {""};
  at_settings_default(&settings);
  CU_ASSERT_EQUAL_FATAL(at_settings_preset(&settings, preset, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_catalogue_load(&catalogue, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_run_init(&run, &settings, NULL, &failure), 0);
  at_quantities_init(&quantities, &run);
  CU_ASSERT_EQUAL(claim_on(&catalogue, id, &quantities), expected);
  at_quantities_clear(&quantities);
  at_run_clear(&run);
  at_catalogue_free(&catalogue);
}

static void test_presets_are_what_they_are_for(void)
{
  preset_check("fig1", "P3.1", AT_VERDICT_PROVED);
  preset_check("fig1", "T.parametric", AT_VERDICT_PROVED);
  preset_check("corollary-1", "T.C1", AT_VERDICT_PROVED);
  preset_check("corollary-2", "T.C2", AT_VERDICT_PROVED);
  preset_check("one-step", "T.one-step", AT_VERDICT_PROVED);
  preset_check("one-step", "P3.2", AT_VERDICT_NOT_MET);
  preset_check("one-step", "P3.5", AT_VERDICT_REFUTED);
  preset_check("one-step", "P3.6", AT_VERDICT_REFUTED);
  preset_check("far", "P3.10", AT_VERDICT_REFUTED);
}

void at_suite_claims(void)
{
  CU_pSuite suite = CU_add_suite("claims", NULL, NULL);
  CU_add_test(suite, "the embedded catalogue is read", test_embedded_catalogue_is_read);
  CU_add_test(suite, "recalled claims say so", test_recalled_claims_say_so);
  CU_add_test(suite, "every fault is refused", test_every_fault_is_refused);
  CU_add_test(suite, "faults of the frame are refused", test_faults_of_the_frame_are_refused);
  CU_add_test(suite, "each verdict has its reason", test_each_verdict_has_its_reason);
  CU_add_test(suite, "what outranks what", test_what_outranks_what);
  CU_add_test(suite, "infinite and indeterminate numbers", test_infinite_and_indeterminate_numbers);
  CU_add_test(suite, "proved needs a theorem", test_proved_needs_a_theorem);
  CU_add_test(suite, "a listed claim is not applicable", test_a_listed_claim_is_not_applicable);
  CU_add_test(suite, "evidence shows both sides", test_evidence_shows_both_sides);
  CU_add_test(suite, "tally of every draw", test_tally_of_every_draw);
  CU_add_test(suite, "tally of a probability", test_tally_of_a_probability);
  CU_add_test(suite, "derived theorems are never refuted", test_derived_theorems_are_never_refuted);
  CU_add_test(suite, "presets are what they are for", test_presets_are_what_they_are_for);
}
