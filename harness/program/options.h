/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h: the command line of `attest`, parsed as if an adversary had written it.
 *
 * A fault in it prints one line on stderr that names the option, what is wrong and what is
 * accepted, and ends the program with exit code 2.
 * Test: tests/program/bad_usage.sh.
 */
#ifndef AT_PROGRAM_OPTIONS_H
#define AT_PROGRAM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/audit/settings.h"

/* Exit codes of the program. */
enum {
  AT_EXIT_DONE = 0,      /* done; a refuted claim is a result */
  AT_EXIT_CHECK = 1,     /* a check failed: paths disagree, or a verdict is not the expected one */
  AT_EXIT_USAGE = 2,     /* wrong usage or input */
  AT_EXIT_UNDECIDED = 3, /* something asked for stayed undecided */
};

/* Which groups of options a command takes. */
enum {
  AT_OPTIONS_DATA = 1,     /* where training data come from, and the step size */
  AT_OPTIONS_OUTPUT = 2,   /* files of a single run */
  AT_OPTIONS_AUDIT = 4,    /* claims, seeds, expected verdicts */
  AT_OPTIONS_REPORT = 8,   /* the result as JSON, or the last line only */
  AT_OPTIONS_DESCENT = 16, /* how far to descend, and what to test */
  AT_OPTIONS_SAVE = 32,    /* the data as files */
  AT_OPTIONS_SWEEP = 64,   /* axes, fixed values, seeds and share of a sweep */
  AT_OPTIONS_MERGE = 128,  /* where merged shards go */
  AT_OPTIONS_CHANCE = 256, /* probabilities over draws instead of one data set */
};

struct at_options {
  struct at_settings settings;
  const char *preset; /* as given, NULL if not */
  const char *json, *csv, *svg, *save, *expect, *directory;
  size_t seeds;            /* 0: not given */
  const char *x, *y;       /* axes of a sweep, as given */
  double snr, scaled_step; /* --snr and --t; 0: not given */
  size_t workers;          /* 0: not given */
  size_t shard, shards;    /* 1 of 1 unless given */
  bool theorems, no_pictures;
  bool quiet, chance;
  uint64_t given;   /* which options stand on the line, one bit each */
  char *const *ids; /* claims or files named on the command line */
  size_t id_count;
};

struct at_command {
  const char *name;
  unsigned groups;
  const char *arguments; /* for the help, NULL if it takes none */
  const char *summary;   /* one line for `attest --help` */
  const char *text;      /* the rest of its own help */
  int (*run)(const struct at_options *options);
};

/* Parses argv[1 ..] of a command (argv[0] is its name); exits on a fault, --help or --version. */
void at_options_parse(struct at_options *options, const struct at_command *command, int argc,
                      char **argv);

/* Whether the option of that name, such as "beta", stands on the line. */
bool at_options_given(const struct at_options *options, const char *name);

/* Prints "attest: " and the line on stderr; returns AT_EXIT_USAGE. */
int at_usage_error(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

#endif
