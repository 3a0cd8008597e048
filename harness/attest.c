/* SPDX-License-Identifier: Apache-2.0
 *
 * attest.c: the program: checks the machine's arithmetic, then hands over to a command.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fast/kernel.h"
#include "harness/program/arithmetic.h"
#include "harness/program/commands.h"
#include "harness/program/options.h"

static const struct at_command *const commands[] = {
  &at_command_two_step, &at_command_compare, &at_command_certify, &at_command_audit,
  &at_command_sweep,    &at_command_merge,   &at_command_claims,  &at_command_presets,
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_version(FILE *stream, struct argp_state *state)
{
  (void)state;
  fprintf(stream, "attest %s\n", AT_VERSION);
}

static int print_help(void)
{
  puts("Usage: attest COMMAND [OPTION...]\n"
       "Certified runs of gradient descent on attention, and audits of claims about them.\n");
  for (size_t k = 0; k < COMMANDS; k++)
    printf("  %-9s %s\n", commands[k]->name, commands[k]->summary);
  puts(
    "\n  attest COMMAND --help   the options of a command\n"
    "  attest --version        print the version\n\n"
    "Exit status: 0 done (a refuted claim is a result), 1 a check failed, 2 wrong usage or input,\n"
    "3 something asked for stayed undecided.");
  return AT_EXIT_DONE;
}

/* Output that could not be written is a failure, even on standard output. */
static int close_output(int status)
{
  const bool lost = fflush(stdout) != 0 || ferror(stdout) != 0;
  if (!lost || status == AT_EXIT_USAGE) return status; /* then its line is printed already */
  return at_usage_error("standard output: cannot be written");
}

int main(int argc, char **argv)
{
  struct at_failure failure = {""};
  struct at_options options;
  argp_program_version_hook = print_version;
  argp_err_exit_status = AT_EXIT_USAGE;
  const char *name = argc > 1 ? argv[1] : "";
  if (at_kernel_select(getenv("ATTEST_KERNEL"), &failure) != 0)
    return at_usage_error("ATTEST_KERNEL: %s", failure.line);
  if (at_arithmetic_check(&failure) != 0) return at_usage_error("%s", failure.line);
  if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) return close_output(print_help());
  if (strcmp(name, "--version") == 0) {
    print_version(stdout, NULL);
    return close_output(AT_EXIT_DONE);
  }
  for (size_t k = 0; k < COMMANDS; k++)
    if (strcmp(name, commands[k]->name) == 0) {
      at_options_parse(&options, commands[k], argc - 1, argv + 1);
      return close_output(commands[k]->run(&options));
    }
  if (argc < 2) return at_usage_error("no command given: `attest --help` lists them");
  return at_usage_error("'%.80s' is not a command: `attest --help` lists them", name);
}
