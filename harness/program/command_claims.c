/* SPDX-License-Identifier: Apache-2.0
 *
 * command_claims.c: `attest claims`, the catalogue with its readings.
 */
#include <stdio.h>

#include "harness/audit/claims.h"
#include "harness/program/commands.h"

/* Words of `text`, wrapped at 96 columns behind an indent. */
static void print_wrapped(const char *label, const char *text)
{
  enum { WIDTH = 96, INDENT = 12 };
  int column = printf("    %-7s ", label);
  while (*text != '\0') {
    int length = 0;
    while (text[length] != '\0' && text[length] != ' ') length++;
    if (column > INDENT && column + length + 1 > WIDTH) {
      printf("\n%*s", INDENT, "");
      column = INDENT;
    }
    column += printf("%s%.*s", column > INDENT ? " " : "", length, text);
    text += length;
    while (*text == ' ') text++;
  }
  putchar('\n');
}

static void print_claim(const struct at_claim *claim)
{
  char source[256];
  printf("%s  %s\n", claim->id, claim->statement);
  snprintf(source, sizeof source, "%s:", at_tag_note(claim->tag));
  print_wrapped("source", source);
  print_wrapped("", claim->sentence);
  if (claim->not_here != NULL)
    print_wrapped("audit", claim->not_here);
  else
    print_wrapped("reading", claim->reading);
  for (size_t k = 0; k < claim->hypothesis_count; k++)
    printf("    %-7s %s\n", k == 0 ? "if" : "", claim->hypothesis[k].text);
  for (size_t k = 0; k < claim->conclusion_count; k++)
    printf("    %-7s %s\n", k == 0 ? "then" : "", claim->conclusion[k].text);
  if (claim->has_probability)
    printf("    %-7s with probability at least %s over the draw\n", "", claim->probability_text);
  putchar('\n');
}

static int run(const struct at_options *options)
{
  struct at_failure failure = {""};
  struct at_catalogue catalogue;
  (void)options;
  if (at_catalogue_load(&catalogue, &failure) != 0) {
    at_catalogue_free(&catalogue);
    return at_usage_error("%s", failure.line);
  }
  printf("%s, \"%s\"\n\n", catalogue.paper, catalogue.title);
  for (size_t k = 0; k < catalogue.count; k++) print_claim(&catalogue.claim[k]);
  printf("claims: %zu; a verdict is on the reading and never says that a paper is wrong\n",
         catalogue.count);
  at_catalogue_free(&catalogue);
  return AT_EXIT_DONE;
}

const struct at_command at_command_claims = {
  "claims",
  0,
  NULL,
  "list the claims with their sources and the readings that are audited",
  "List the claims with their sources and the readings that are audited.",
  run};
