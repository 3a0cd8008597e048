/* SPDX-License-Identifier: Apache-2.0
 *
 * options.c: one table of options, the groups that take them, and the two passes over the line.
 *
 * Two passes, because --preset gives the values that the other options then change, wherever on the
 * line it stands.
 */
#include "harness/program/options.h"

#include <argp.h>
#include <float.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/program/parse.h"
#include "kernel/capacity.h"

enum key {
  KEY_PRESET = 256,
  KEY_N,
  KEY_DIM,
  KEY_RHO,
  KEY_ETA,
  KEY_BETA,
  KEY_SEED,
  KEY_NOISY,
  KEY_BALANCED,
  KEY_TOKENS_PER_SAMPLE,
  KEY_COORDINATES,
  KEY_STEPS,
  KEY_PRECISION,
  KEY_TOKENS,
  KEY_LABELS,
  KEY_CLEAN_LABELS,
  KEY_TEST_TOKENS,
  KEY_TEST_LABELS,
  KEY_JSON,
  KEY_CSV,
  KEY_SVG,
  KEY_SAVE,
  KEY_QUIET,
  KEY_SEEDS,
  KEY_DIRECTORY,
  KEY_EXPECT,
  KEY_X,
  KEY_Y,
  KEY_SNR,
  KEY_T,
  KEY_WORKERS,
  KEY_SHARD,
  KEY_THEOREMS,
  KEY_CHANCE,
  KEY_NO_PICTURES,
  KEY_HELP,
};

enum { HIGHEST_PRECISION = 4096, HIGHEST_STEPS = 1000, HIGHEST_SEEDS = 10000 };
enum { HIGHEST_WORKERS = 64, HIGHEST_SHARDS = 100000 };

/* The `group` member of an entry tells which command groups take it. */
static const struct argp_option all_options[] = {
  {"preset", KEY_PRESET, "NAME", 0, "start from a named setting (see `attest presets`)",
   AT_OPTIONS_DATA | AT_OPTIONS_AUDIT | AT_OPTIONS_SWEEP},
  {"n", KEY_N, "N", 0, "training samples", AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"dim", KEY_DIM, "D", 0, "ambient dimension of the synthetic data",
   AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"rho", KEY_RHO, "R", 0, "norm of the signal tokens", AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"eta", KEY_ETA, "E", 0, "probability that a training label is flipped",
   AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"beta", KEY_BETA, "B", 0, "step size", AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"seed", KEY_SEED, "S", 0, "seed of every random stream (default 1)",
   AT_OPTIONS_DATA | AT_OPTIONS_AUDIT | AT_OPTIONS_SWEEP},
  {"noisy-per-class", KEY_NOISY, "K", 0, "flip exactly K labels of each class instead",
   AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"balanced", KEY_BALANCED, NULL, 0, "draw exactly half of the clean labels -1",
   AT_OPTIONS_DATA | AT_OPTIONS_SWEEP},
  {"tokens-per-sample", KEY_TOKENS_PER_SAMPLE, "T", 0,
   "tokens of a sample: one signal, T - 1 noise (images: 4, 16 or 49 patches)", AT_OPTIONS_DATA},
  {"coordinates", KEY_COORDINATES, "compressed|full", 0,
   "draw the noise in the span of the tokens (exact in law) or in all D dimensions",
   AT_OPTIONS_DATA},
  {"steps", KEY_STEPS, "K", 0, "steps of gradient descent (default 2)",
   AT_OPTIONS_DESCENT | AT_OPTIONS_SWEEP},
  {"precision", KEY_PRECISION, "BITS", 0, "of the reference path, 53 to 4096 (default 256)",
   AT_OPTIONS_DESCENT | AT_OPTIONS_AUDIT},
  {"tokens", KEY_TOKENS, "X.npy", 0, "training tokens of your own, shape (n,T,d)", AT_OPTIONS_DATA},
  {"labels", KEY_LABELS, "y.npy", 0, "their labels, shape (n,), +1 or -1", AT_OPTIONS_DATA},
  {"clean-labels", KEY_CLEAN_LABELS, "c.npy", 0, "their labels before any flip", AT_OPTIONS_DATA},
  {"test-tokens", KEY_TEST_TOKENS, "Z.npy", 0, "test tokens, shape (m,T,d)", AT_OPTIONS_DESCENT},
  {"test-labels", KEY_TEST_LABELS, "z.npy", 0, "their clean labels, shape (m,)",
   AT_OPTIONS_DESCENT},
  {"json", KEY_JSON, "FILE", 0, "write the result as JSON (- for standard output)",
   AT_OPTIONS_REPORT},
  {"csv", KEY_CSV, "FILE", 0, "write one row per step and sample (- for standard output)",
   AT_OPTIONS_OUTPUT},
  {"svg", KEY_SVG, "DIR", 0, "draw pictures into DIR", AT_OPTIONS_OUTPUT | AT_OPTIONS_CHANCE},
  {"save", KEY_SAVE, "DIR", 0, "write the data, and iterates of a run, as .npy into DIR",
   AT_OPTIONS_SAVE},
  {"seeds", KEY_SEEDS, "K", 0, "seeds S, S+1, ... of each setting (default 20; of a sweep 10)",
   AT_OPTIONS_AUDIT | AT_OPTIONS_SWEEP | AT_OPTIONS_CHANCE},
  {"chance", KEY_CHANCE, NULL, 0,
   "instead, how likely a theorem does not apply to a draw (--svg: over a grid of n and D)",
   AT_OPTIONS_CHANCE},
  {"directory", KEY_DIRECTORY, "DIR", 0,
   "write JSON into DIR, and CSV and pictures of the first seed of each preset", AT_OPTIONS_AUDIT},
  {"expect", KEY_EXPECT, "FILE", 0, "exit 1 if a verdict differs from this earlier audit (JSON)",
   AT_OPTIONS_AUDIT},
  {"x", KEY_X, "AXIS", 0, "what varies along x: NAME=FIRST:LAST:COUNT[:log] or NAME=V1,V2,...",
   AT_OPTIONS_SWEEP},
  {"y", KEY_Y, "AXIS", 0, "along y; NAME: n, dim, snr, rho, beta, t, eta or steps",
   AT_OPTIONS_SWEEP},
  {"snr", KEY_SNR, "Q", 0, "rho / sqrt(D), instead of --rho", AT_OPTIONS_SWEEP},
  {"t", KEY_T, "T", 0, "beta D / (4 n), instead of --beta", AT_OPTIONS_SWEEP},
  {"theorems", KEY_THEOREMS, NULL, 0, "ask of every draw which theorems apply (slower)",
   AT_OPTIONS_SWEEP},
  {"workers", KEY_WORKERS, "W", 0, "threads (default: one a processor)", AT_OPTIONS_SWEEP},
  {"shard", KEY_SHARD, "I/K", 0, "compute part I of K only; `attest merge` joins the parts",
   AT_OPTIONS_SWEEP},
  {"no-pictures", KEY_NO_PICTURES, NULL, 0, "write CSV and JSON only",
   AT_OPTIONS_SWEEP | AT_OPTIONS_MERGE},
  {"directory", KEY_DIRECTORY, "DIR", 0,
   "where the cells and the results go; what is there already is taken up",
   AT_OPTIONS_SWEEP | AT_OPTIONS_MERGE},
  {"quiet", KEY_QUIET, NULL, 0, "print the last line only",
   AT_OPTIONS_REPORT | AT_OPTIONS_SWEEP | AT_OPTIONS_MERGE},
};
/* Every command has it; argp's own is silenced together with argp's error messages. */
static const struct argp_option help_option = {"help", KEY_HELP, NULL, 0, "print this help", -1};
enum { OPTION_COUNT = sizeof all_options / sizeof all_options[0] };

/* What a parser needs beyond the options themselves. */
struct parsing {
  struct at_options *options;
  const struct at_command *command;
  struct argp *argp;
  char *name;
  bool presets_only; /* first pass */
};

int at_usage_error(const char *format, ...)
{
  struct at_failure failure = {""};
  char line[sizeof failure.line];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  at_fail(&failure, "%s", line); /* control characters become visible */
  fprintf(stderr, "attest: %s\n", failure.line);
  return AT_EXIT_USAGE;
}

/* The fault of the word at argv[next - 1]: an option without its value, or no option of ours. */
static void exit_on_bad_option(const struct parsing *parsing, const struct argp_state *state)
{
  const char *word = state->argv[state->next > 0 ? state->next - 1 : 0];
  const char *name = strncmp(word, "--", 2) == 0 ? word + 2 : word;
  const size_t length = strcspn(name, "=");
  for (const struct argp_option *o = parsing->argp->options; o->name != NULL; o++)
    if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
      exit(o->arg != NULL ? at_usage_error("option '--%s' needs a value: %s", o->name, o->arg)
                          : at_usage_error("option '--%s' takes no value", o->name));
  exit(at_usage_error("'%.80s' is not an option of `attest %s`; `attest %s --help` lists them",
                      word, parsing->command->name, parsing->command->name));
}

/* Options that change the synthetic model: the run is then no longer the preset's. */
static int parse_model(struct at_settings *s, int key, const char *text, struct at_failure *failure)
{
  uint64_t integer = 0;
  int bad = 0;
  switch (key) {
  case KEY_N:
    bad = at_parse_integer(&integer, "--n", text, 1, AT_MAX_SAMPLES, failure);
    s->samples = (size_t)integer;
    break;
  case KEY_DIM:
    bad = at_parse_integer(&s->dim, "--dim", text, 3, UINT64_C(1000000000000000000), failure);
    break;
  case KEY_RHO:
    bad = at_parse_number(&s->rho, "--rho", text, DBL_MIN, AT_MAX_ENTRY, failure);
    break;
  case KEY_ETA:
    bad = at_parse_number(&s->eta, "--eta", text, 0.0, 1.0, failure);
    s->fixed_noisy = false;
    break;
  case KEY_BETA:
    bad = at_parse_number(&s->beta, "--beta", text, DBL_MIN, AT_MAX_STEP, failure);
    break;
  case KEY_NOISY:
    bad = at_parse_integer(&integer, "--noisy-per-class", text, 0, AT_MAX_SAMPLES, failure);
    s->noisy_per_class = (size_t)integer;
    s->fixed_noisy = true;
    break;
  case KEY_BALANCED: s->balanced = true; break;
  case KEY_TOKENS_PER_SAMPLE:
    bad = at_parse_integer(&integer, "--tokens-per-sample", text, 2, AT_MAX_TOKENS, failure);
    s->tokens = (size_t)integer;
    break;
  default: return ARGP_ERR_UNKNOWN;
  }
  return bad;
}

static int parse_coordinates(struct at_settings *s, const char *text, struct at_failure *failure)
{
  s->full_coordinates = strcmp(text, "full") == 0;
  if (s->full_coordinates || strcmp(text, "compressed") == 0) return 0;
  return at_fail(failure, "--coordinates: '%.60s' is not accepted: compressed or full", text);
}

/* Options that say how to run: they leave the model as it is. */
static int parse_run(struct at_options *options, int key, const char *text,
                     struct at_failure *failure)
{
  struct at_settings *s = &options->settings;
  uint64_t integer = 0;
  int bad = 0;
  switch (key) {
  case KEY_SEED: bad = at_parse_integer(&s->seed, "--seed", text, 0, UINT64_MAX, failure); break;
  case KEY_COORDINATES: bad = parse_coordinates(s, text, failure); break;
  case KEY_STEPS:
    bad = at_parse_integer(&integer, "--steps", text, 1, HIGHEST_STEPS, failure);
    s->steps = (size_t)integer;
    break;
  case KEY_PRECISION:
    bad = at_parse_integer(&integer, "--precision", text, DBL_MANT_DIG, HIGHEST_PRECISION, failure);
    s->precision = (long)integer;
    break;
  case KEY_SEEDS:
    bad = at_parse_integer(&integer, "--seeds", text, 1, HIGHEST_SEEDS, failure);
    options->seeds = (size_t)integer;
    break;
  default: return ARGP_ERR_UNKNOWN;
  }
  return bad;
}

/* I/K with 1 <= I <= K. */
static int parse_shard(struct at_options *options, const char *text, struct at_failure *failure)
{
  char part[32];
  uint64_t value = 0;
  uint64_t parts = 0;
  const char *slash = strchr(text, '/');
  const size_t length = slash == NULL ? sizeof part : (size_t)(slash - text);
  if (length >= sizeof part)
    return at_fail(failure, "--shard: '%.60s' is not accepted: I/K, part I of K", text);
  memcpy(part, text, length);
  part[length] = '\0';
  if (at_parse_integer(&parts, "--shard: number of parts", slash + 1, 1, HIGHEST_SHARDS, failure) !=
        0 ||
      at_parse_integer(&value, "--shard: part", part, 1, parts, failure) != 0)
    return -1;
  options->shard = (size_t)value;
  options->shards = (size_t)parts;
  return 0;
}

static int parse_sweep(struct at_options *options, int key, const char *text,
                       struct at_failure *failure)
{
  uint64_t integer = 0;
  int bad = 0;
  switch (key) {
  case KEY_SNR:
    bad = at_parse_number(&options->snr, "--snr", text, DBL_MIN, AT_MAX_ENTRY, failure);
    break;
  case KEY_T:
    bad = at_parse_number(&options->scaled_step, "--t", text, DBL_MIN, DBL_MAX, failure);
    break;
  case KEY_WORKERS:
    bad = at_parse_integer(&integer, "--workers", text, 1, HIGHEST_WORKERS, failure);
    options->workers = (size_t)integer;
    break;
  case KEY_SHARD: bad = parse_shard(options, text, failure); break;
  case KEY_THEOREMS: options->theorems = true; break;
  case KEY_NO_PICTURES: options->no_pictures = true; break;
  default: return ARGP_ERR_UNKNOWN;
  }
  return bad;
}

/* Where an option that is kept as text is stored; NULL if the key is none. */
static const char **path_of(struct at_options *o, int key)
{
  switch (key) {
  case KEY_TOKENS: return &o->settings.tokens_path;
  case KEY_LABELS: return &o->settings.labels_path;
  case KEY_CLEAN_LABELS: return &o->settings.clean_labels_path;
  case KEY_TEST_TOKENS: return &o->settings.test_tokens_path;
  case KEY_TEST_LABELS: return &o->settings.test_labels_path;
  case KEY_JSON: return &o->json;
  case KEY_CSV: return &o->csv;
  case KEY_SVG: return &o->svg;
  case KEY_SAVE: return &o->save;
  case KEY_DIRECTORY: return &o->directory;
  case KEY_EXPECT: return &o->expect;
  case KEY_X: return &o->x;
  case KEY_Y: return &o->y;
  default: return NULL;
  }
}

static const struct argp_option *option_of(int key)
{
  size_t k = 0;
  while (k < OPTION_COUNT - 1 && all_options[k].key != key) k++;
  return &all_options[k];
}

static const char *name_of(int key)
{
  return option_of(key)->name;
}

/* One option of the second pass. */
static error_t parse_option(struct parsing *parsing, int key, char *text)
{
  struct at_options *options = parsing->options;
  struct at_failure failure = {""};
  const char **path = path_of(options, key);
  if (path != NULL) {
    if (text[0] == '\0')
      exit(at_usage_error("option '--%s' has an empty value: %s is accepted", name_of(key),
                          option_of(key)->arg));
    *path = text;
    return 0;
  }
  if (key == KEY_QUIET || key == KEY_CHANCE) {
    *(key == KEY_QUIET ? &options->quiet : &options->chance) = true;
    return 0;
  }
  /* The analyser takes "no path" for "path at the address of a null structure". */
  /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
  options->given |= UINT64_C(1) << (key - KEY_PRESET);
  int result = parse_model(&options->settings, key, text, &failure);
  if (result == ARGP_ERR_UNKNOWN) result = parse_run(options, key, text, &failure);
  if (result == ARGP_ERR_UNKNOWN) result = parse_sweep(options, key, text, &failure);
  if (result == -1) exit(at_usage_error("%s", failure.line));
  return result;
}

static error_t parse_key(int key, char *text, struct argp_state *state)
{
  struct parsing *parsing = state->input;
  struct at_failure failure = {""};
  switch (key) {
  case ARGP_KEY_ERROR: exit_on_bad_option(parsing, state); return 0;
  case ARGP_KEY_INIT:
  case ARGP_KEY_END:
  case ARGP_KEY_NO_ARGS:
  case ARGP_KEY_SUCCESS:
  case ARGP_KEY_FINI: return 0;
  case ARGP_KEY_ARG:
    if (parsing->command->arguments == NULL)
      exit(at_usage_error("'%.80s' is not expected: `attest %s` takes options only", text,
                          parsing->command->name));
    return ARGP_ERR_UNKNOWN; /* all of them at once, below */
  case ARGP_KEY_ARGS:
    parsing->options->ids = state->argv + state->next;
    parsing->options->id_count = (size_t)(state->argc - state->next);
    return 0;
  case KEY_HELP:
    argp_help(parsing->argp, stdout, ARGP_HELP_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC,
              parsing->name);
    exit(fflush(stdout) == 0 ? AT_EXIT_DONE : at_usage_error("standard output: cannot be written"));
  case KEY_PRESET:
    parsing->options->preset = text;
    if (parsing->presets_only &&
        at_settings_preset(&parsing->options->settings, text, &failure) != 0)
      exit(at_usage_error("--preset: %s", failure.line));
    return 0;
  default: return parsing->presets_only ? 0 : parse_option(parsing, key, text);
  }
}

bool at_options_given(const struct at_options *options, const char *name)
{
  for (size_t k = 0; k < OPTION_COUNT; k++)
    if (strcmp(all_options[k].name, name) == 0)
      return (options->given >> (all_options[k].key - KEY_PRESET) & 1) != 0;
  return false;
}

static bool is_given(const struct at_options *options, int key)
{
  return (options->given >> (key - KEY_PRESET) & 1) != 0;
}

/* Exits if one of the options of the synthetic model is given where it would be ignored. */
static void refuse_model(const struct at_options *options, const int *keys, size_t count,
                         const char *why)
{
  for (size_t k = 0; k < count; k++)
    if (is_given(options, keys[k]))
      exit(at_usage_error("option '--%s' does not apply: %s", name_of(keys[k]), why));
}

/* Own data: both files, a step size, and nothing of the synthetic model. */
static void check_given(const struct at_options *options)
{
  static const int synthetic[] = {KEY_N,    KEY_DIM,         KEY_RHO,
                                  KEY_ETA,  KEY_NOISY,       KEY_BALANCED,
                                  KEY_SEED, KEY_COORDINATES, KEY_TOKENS_PER_SAMPLE};
  if (options->settings.tokens_path == NULL || options->settings.labels_path == NULL)
    exit(at_usage_error("--tokens and --labels go together: give both"));
  if (options->preset != NULL)
    exit(at_usage_error("--preset and --tokens exclude each other: a preset draws its own data"));
  if (!is_given(options, KEY_BETA))
    exit(at_usage_error("--tokens needs a step size: give --beta B"));
  refuse_model(options, synthetic, sizeof synthetic / sizeof synthetic[0],
               "the data are given by --tokens and --labels");
}

/* Given data, images and the synthetic model exclude each other; each kind needs its parts. */
static void check_sources(struct at_options *options)
{
  static const int model[] = {KEY_N,    KEY_DIM,   KEY_RHO,      KEY_ETA,
                              KEY_BETA, KEY_NOISY, KEY_BALANCED, KEY_TOKENS_PER_SAMPLE};
  static const int gaussian[] = {KEY_DIM, KEY_RHO, KEY_BALANCED, KEY_COORDINATES};
  struct at_settings *s = &options->settings;
  const bool given = s->tokens_path != NULL || s->labels_path != NULL;
  if (options->json != NULL && options->csv != NULL && strcmp(options->json, "-") == 0 &&
      strcmp(options->csv, "-") == 0)
    exit(at_usage_error("--json and --csv cannot both be '-': standard output takes one of them"));
  bool changed = given;
  if (!given && (s->clean_labels_path || s->test_tokens_path || s->test_labels_path))
    exit(
      at_usage_error("--clean-labels, --test-tokens and --test-labels need --tokens and --labels"));
  if ((s->test_tokens_path == NULL) != (s->test_labels_path == NULL))
    exit(at_usage_error("--test-tokens and --test-labels go together: give both or neither"));
  if (given) check_given(options);
  if (given) s->source = AT_SOURCE_GIVEN;
  if (s->source == AT_SOURCE_FASHION)
    refuse_model(options, gaussian, sizeof gaussian / sizeof gaussian[0], "the data are images");
  for (size_t k = 0; k < sizeof model / sizeof model[0]; k++)
    changed |= is_given(options, model[k]);
  if (changed) strcpy(s->preset, "custom");
}

void at_options_parse(struct at_options *options, const struct at_command *command, int argc,
                      char **argv)
{
  struct argp_option table[OPTION_COUNT + 2];
  size_t count = 0;
  memset(table, 0, sizeof table);
  for (size_t k = 0; k < OPTION_COUNT; k++)
    if ((unsigned)all_options[k].group & command->groups) {
      table[count] = all_options[k];
      table[count++].group = 0;
    }
  table[count] = help_option;
  memset(options, 0, sizeof *options);
  options->shard = options->shards = 1;
  at_settings_default(&options->settings);
  char name[64];
  snprintf(name, sizeof name, "attest %s", command->name);
  char *program = argv[0];
  argv[0] = name;
  struct argp argp = {table, parse_key, command->arguments, command->text, NULL, NULL, NULL};
  struct parsing parsing = {options, command, &argp, name, true};
  argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &parsing);
  parsing.presets_only = false;
  argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &parsing);
  argv[0] = program;
  check_sources(options);
}
