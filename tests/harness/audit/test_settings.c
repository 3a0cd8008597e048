/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of the presets and their strict reader (harness/audit/settings.c, presets.c,
 * strict_json.c).
 * Main result: the embedded text is read in full, and a text that is wrong in one place is refused
 * with a line that names the place.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "harness/audit/presets.h"
#include "harness/audit/settings.h"
#include "tests/suites.h"

static void test_embedded_presets_are_read(void)
{
  struct at_preset_list list;
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL(at_presets_parse(&list, at_presets_text, at_presets_length, &failure), 0);
  CU_ASSERT_STRING_EQUAL(failure.line, "");
  CU_ASSERT_TRUE(list.count > 0);
  CU_ASSERT_EQUAL(at_preset_count(), list.count);
  for (size_t k = 0; k < list.count; k++) {
    CU_ASSERT_STRING_EQUAL(at_preset_name(k), list.preset[k].name);
    CU_ASSERT_STRING_EQUAL(at_preset_description(k), list.preset[k].description);
  }
  CU_ASSERT_PTR_NULL(at_preset_name(list.count));
  CU_ASSERT_PTR_NULL(at_preset_description(list.count));
}

static void test_default_is_figure_one(void)
{
  struct at_settings settings;
  at_settings_default(&settings);
  CU_ASSERT_STRING_EQUAL(settings.preset, "fig1");
  CU_ASSERT_EQUAL(settings.source, AT_SOURCE_SYNTHETIC);
  CU_ASSERT_EQUAL(settings.samples, 200);
  CU_ASSERT_EQUAL(settings.tokens, 2);
  CU_ASSERT_EQUAL(settings.dim, 40000);
  CU_ASSERT_EQUAL(settings.rho, 30.0);
  CU_ASSERT_EQUAL(settings.eta, 0.05);
  CU_ASSERT_EQUAL(settings.beta, 0.025);
  CU_ASSERT_EQUAL(settings.seed, 1);
  CU_ASSERT_EQUAL(settings.steps, 2);
  CU_ASSERT_EQUAL(settings.precision, 256);
  CU_ASSERT_FALSE(settings.full_coordinates);
}

static void test_preset_keeps_how_it_is_run(void)
{
  struct at_settings settings;
  struct at_failure failure = {""};
  at_settings_default(&settings);
  settings.seed = 7;
  settings.steps = 3;
  settings.precision = 512;
  settings.full_coordinates = true;
  settings.tokens_path = "tokens.npy";
  CU_ASSERT_EQUAL(at_settings_preset(&settings, "corollary-1", &failure), 0);
  CU_ASSERT_EQUAL(settings.seed, 7);
  CU_ASSERT_EQUAL(settings.steps, 3);
  CU_ASSERT_EQUAL(settings.precision, 512);
  CU_ASSERT_TRUE(settings.full_coordinates);
  CU_ASSERT_PTR_NULL(settings.tokens_path);
  CU_ASSERT_TRUE(settings.fixed_noisy);
  CU_ASSERT_TRUE(settings.balanced);
  CU_ASSERT_EQUAL(settings.noisy_per_class, 5);
  CU_ASSERT_EQUAL(settings.eta, 0.0);
  CU_ASSERT_EQUAL(settings.dim, UINT64_C(1000000000));
}

static void test_family_reads_its_classes(void)
{
  struct at_settings settings;
  struct at_failure failure = {""};
  at_settings_default(&settings);
  CU_ASSERT_EQUAL(at_settings_preset(&settings, "fashion-9-7", &failure), 0);
  CU_ASSERT_EQUAL(settings.source, AT_SOURCE_FASHION);
  CU_ASSERT_STRING_EQUAL(settings.preset, "fashion-9-7");
  CU_ASSERT_EQUAL(settings.fashion_class[0], 9);
  CU_ASSERT_EQUAL(settings.fashion_class[1], 7);
  CU_ASSERT_EQUAL(settings.tokens, 4);
  CU_ASSERT_EQUAL(at_settings_preset(&settings, "fashion-0-1-16", &failure), 0);
  CU_ASSERT_EQUAL(settings.tokens, 16);
}

static void test_unknown_names_list_the_known(void)
{
  static const char *const wrong[] = {
    "fig3", "", "fashion-7-7", "fashion-A-B", "fashion-1-x", "fashion-1-23"};
  struct at_settings settings;
  at_settings_default(&settings);
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    struct at_failure failure = {""};
    CU_ASSERT_EQUAL(at_settings_preset(&settings, wrong[k], &failure), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "fig2-1000"));
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "fashion-A-B"));
  }
  CU_ASSERT_STRING_EQUAL(settings.preset, "fig1");
}

/* A preset without fault, and the texts that replace a part of it, with what the failure names. */
static const char sound[] =
  "{\"version\": 1, \"presets\": [{\"name\": \"one\", \"description\": \"d\", \"source\": \"s\", "
  "\"samples\": 4, \"tokens\": 2, \"dim\": 9, \"rho\": 1.5, \"eta\": 0.1, \"beta\": 0.5}], "
  "\"families\": []}";

static int parse_changed(struct at_failure *failure, const char *from, const char *to)
{
  char text[600] = "";
  const char *at = strstr(sound, from);
  size_t before = (size_t)(at - sound);
  memcpy(text, sound, before);
  strncat(text, to, sizeof text - strlen(text) - 1);
  strncat(text, at + strlen(from), sizeof text - strlen(text) - 1);
  struct at_preset_list list;
  int status = at_presets_parse(&list, text, strlen(text), failure);
  CU_ASSERT_EQUAL(list.count, status == 0 ? 1 : 0);
  return status;
}

static void test_every_fault_is_refused(void)
{
  static const char *const fault[][3] = {
    {"\"version\": 1", "\"version\": 2", "version"},
    {"\"version\": 1, ", "", "version"},
    {"\"eta\": 0.1", "\"eta\": 0.1, \"etas\": 1", "etas"},
    {"\"families\": []", "\"families\": [], \"more\": 1", "more"},
    {"\"families\": []", "\"families\": {}", "families"},
    {"\"samples\": 4", "\"samples\": 4.5", "samples"},
    {"\"samples\": 4", "\"samples\": 1", "samples"},
    {"\"samples\": 4", "\"samples\": 4097", "samples"},
    {"\"tokens\": 2", "\"tokens\": \"2\"", "tokens"},
    {"\"dim\": 9", "\"dim\": 2", "dim"},
    {"\"dim\": 9, ", "", "dim"},
    {"\"rho\": 1.5", "\"rho\": 0", "rho"},
    {"\"rho\": 1.5", "\"rho\": true", "rho"},
    {"\"beta\": 0.5", "\"beta\": -0.5", "beta"},
    {"\"beta\": 0.5", "\"beta\": 0.5, \"beta\": 0.25", "duplicate"},
    {"\"beta\": 0.5", "\"beta\": 0.5, \"balanced\": 1", "balanced"},
    {"\"eta\": 0.1", "\"eta\": 1.5", "eta"},
    {"\"eta\": 0.1, ", "", "eta"},
    {"\"eta\": 0.1", "\"eta\": 0.1, \"noisy_per_class\": 1", "eta"},
    {"\"eta\": 0.1", "\"noisy_per_class\": -1", "noisy_per_class"},
    {"\"name\": \"one\"", "\"name\": \"\"", "name"},
    {"\"name\": \"one\"", "\"name\": \"0123456789012345678901234567890x\"", "name"},
    {"\"description\": \"d\"", "\"description\": 1", "description"},
    {"\"source\": \"s\", ", "", "source"},
    {"\"presets\": [{", "\"presets\": [7, {", "object"},
    {"}], ", "}, ", "JSON"}};
  struct at_failure failure = {""};
  CU_ASSERT_EQUAL(parse_changed(&failure, "\"eta\": 0.1", "\"noisy_per_class\": 1"), 0);
  for (size_t k = 0; k < sizeof fault / sizeof fault[0]; k++) {
    failure.line[0] = '\0';
    CU_ASSERT_EQUAL(parse_changed(&failure, fault[k][0], fault[k][1]), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, fault[k][2]));
  }
}

static void test_families_and_names(void)
{
  struct at_failure failure = {""};
  static const char family[] = "\"families\": [{\"name\": \"x\", \"description\": \"d\", "
                               "\"source\": \"s\", \"samples\": 4, \"tokens\": 4, \"eta\": 0, "
                               "\"beta\": 1}]";
  CU_ASSERT_EQUAL(parse_changed(&failure, "\"families\": []", family), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "A and B"));
  static const char twice[] = "}, {\"name\": \"one\", \"description\": \"d\", \"source\": \"s\", "
                              "\"samples\": 4, \"tokens\": 2, \"dim\": 9, \"rho\": 1, \"eta\": 0, "
                              "\"beta\": 1}], ";
  CU_ASSERT_EQUAL(parse_changed(&failure, "}], ", twice), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "twice"));
}

void at_suite_settings(void)
{
  CU_pSuite suite = CU_add_suite("settings", NULL, NULL);
  CU_add_test(suite, "the embedded presets are read", test_embedded_presets_are_read);
  CU_add_test(suite, "the default is figure 1", test_default_is_figure_one);
  CU_add_test(suite, "a preset keeps how it is run", test_preset_keeps_how_it_is_run);
  CU_add_test(suite, "a family reads its classes", test_family_reads_its_classes);
  CU_add_test(suite, "unknown names list the known", test_unknown_names_list_the_known);
  CU_add_test(suite, "every fault is refused", test_every_fault_is_refused);
  CU_add_test(suite, "families and names", test_families_and_names);
}
