/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: judging the elementary functions (see judge.h).
 * Main result: no point is accepted that the contract forbids, none refused that it allows by more
 * than JUDGE_SLACK.
 * Assumptions: CUnit.
 */
#include "tests/kernel/judge.h"

#include <CUnit/CUnit.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/random.h"

enum { SHOWN_FAILURES = 5, LINE = 128 };
#define CORPUS_FORMAT "# attest kernel corpus 1: "

size_t judge_samples(void)
{
  const char *text = getenv("SAMPLES");
  char *end = NULL;
  if (text == NULL) return 1000000;
  errno = 0;
  const unsigned long long samples = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || samples < 1 ||
      samples > 1000000000000) {
    (void)fprintf(stderr, "SAMPLES=%s: a whole number between 1 and 10^12 is accepted\n", text);
    exit(2);
  }
  return (size_t)samples;
}

void judge_open(struct judge *judge, const struct judge_function *function)
{
  memset(judge, 0, sizeof *judge);
  judge->function = function;
  mpfr_init2(judge->x, 53);
  mpfr_inits2(JUDGE_PRECISION, judge->exact, judge->difference, (mpfr_ptr)0);
}

/* Keeps the hardest arguments, hardest first. */
static void remember(struct judge *judge, double x, double units)
{
  size_t place = judge->hardest;
  if (place == JUDGE_HARDEST && units <= judge->units[place - 1]) return;
  if (place == JUDGE_HARDEST)
    place--;
  else
    judge->hardest++;
  for (; place > 0 && judge->units[place - 1] < units; place--) {
    judge->units[place] = judge->units[place - 1];
    judge->argument[place] = judge->argument[place - 1];
  }
  judge->units[place] = units;
  judge->argument[place] = x;
}

/* Whether `computed` meets the contract at x; judge->exact holds the twin's value. */
static bool accepted(struct judge *judge, double x, double computed)
{
  const struct judge_function *f = judge->function;
  if (!isfinite(computed)) return false;
  mpfr_d_sub(judge->difference, computed, judge->exact, MPFR_RNDN);
  if (x < f->clamp) {
    return mpfr_cmp_d(judge->difference, JUDGE_FLOOR) <= 0 &&
           mpfr_cmp_d(judge->difference, f->only_above ? 0.0 : -JUDGE_FLOOR) >= 0;
  }
  if (mpfr_zero_p(judge->difference)) return true;
  mpfr_div(judge->difference, judge->difference, judge->exact, MPFR_RNDN);
  const double units = fabs(mpfr_get_d(judge->difference, MPFR_RNDN)) * 0x1p52;
  remember(judge, x, units);
  return units <= f->units - JUDGE_SLACK;
}

void judge_point(struct judge *judge, double x)
{
  const struct judge_function *f = judge->function;
  if (!(x >= f->lowest && x <= f->highest)) return;
  mpfr_set_d(judge->x, x, MPFR_RNDN);
  f->twin(judge->exact, judge->x);
  const double computed = f->kernel(x);
  judge->points++;
  if (accepted(judge, x, computed)) return;
  judge->failures++;
  if (judge->failures <= SHOWN_FAILURES) {
    (void)mpfr_printf("    %s(%a) = %a, exact %.25Rg\n", f->name, x, computed, judge->exact);
  }
}

void judge_neighbours(struct judge *judge, double x)
{
  judge_point(judge, nextafter(x, -INFINITY));
  judge_point(judge, x);
  judge_point(judge, nextafter(x, INFINITY));
}

void judge_special(struct judge *judge)
{
  const struct judge_function *f = judge->function;
  const double special[] = {0.0,      -0.0,    f->lowest, f->highest,   f->clamp, DBL_MIN,
                            -DBL_MIN, DBL_MAX, -DBL_MAX,  1e300,        -1e300,   DBL_TRUE_MIN,
                            -1.0,     1.0,     0.5,       -0.5,         708.0,    709.0,
                            -745.0,   -745.2,  745.2,     -DBL_TRUE_MIN};
  for (size_t k = 0; k < sizeof special / sizeof *special; k++) judge_neighbours(judge, special[k]);
  for (int e = -1074; e <= 1023; e++) {
    judge_neighbours(judge, ldexp(1.0, e));
    judge_neighbours(judge, -ldexp(1.0, e));
  }
}

void judge_random(struct judge *judge, uint64_t seed, size_t count)
{
  const struct at_stream stream = at_stream_open(seed, judge->function->name);
  const bool both_signs = judge->function->lowest < 0.0 && judge->function->highest > 0.0;
  const double side = judge->function->highest > 0.0 ? 1.0 : -1.0;
  const int highest = judge->function->highest < 2.0 ? -1 : 9;
  for (size_t k = 0; k < count; k++) {
    uint64_t bits[2];
    at_random_block(bits, &stream, k, 0);
    const bool wide = bits[1] % 4 == 0;
    const int low = wide ? -1074 : -60;
    const int high = wide && highest > 0 ? 1023 : highest;
    const int exponent = low + (int)((bits[1] >> 8) % (uint64_t)(high - low + 1));
    const double mantissa = 1.0 + (double)(bits[0] >> 12) * 0x1p-52;
    const double sign = both_signs && (bits[1] & 128) != 0 ? -1.0 : side;
    judge_point(judge, sign * ldexp(mantissa, exponent));
  }
}

void judge_uniform(struct judge *judge, uint64_t seed, size_t count)
{
  const struct at_stream stream = at_stream_open(seed, judge->function->name);
  const double low = fmax(judge->function->lowest, -720.0);
  const double high = fmin(judge->function->highest, 720.0);
  for (size_t k = 0; k < count; k++)
    judge_point(judge, low + (high - low) * at_random_uniform(&stream, k));
}

static void corpus_path(char *path, size_t size, const char *directory, const struct judge *judge)
{
  (void)snprintf(path, size, "%s/%s.txt", directory, judge->function->name);
}

/* One line of the corpus: a comment, or exactly one hexadecimal number. */
static bool corpus_line(struct judge *judge, const char *line)
{
  char *end = NULL;
  const double x = strtod(line, &end);
  if (line[0] == '#') return true;
  judge_neighbours(judge, x);
  return end != line && *end == '\n' && isfinite(x);
}

bool judge_corpus(struct judge *judge)
{
  char path[LINE], line[LINE] = "";
  corpus_path(path, sizeof path, "tests/corpus/kernel", judge);
  FILE *file = fopen(path, "r");
  if (file == NULL) return false;
  bool good = fgets(line, sizeof line, file) != NULL &&
              strncmp(line, CORPUS_FORMAT, strlen(CORPUS_FORMAT)) == 0;
  size_t lines = 0;
  while (good && fgets(line, sizeof line, file) != NULL) {
    good = corpus_line(judge, line);
    lines++;
  }
  (void)fclose(file);
  return good && lines >= JUDGE_HARDEST;
}

/* The hardest arguments met, in the form that judge_corpus reads. */
static void corpus_write(const struct judge *judge, const char *directory)
{
  char path[LINE];
  corpus_path(path, sizeof path, directory, judge);
  FILE *file = fopen(path, "w");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  (void)fprintf(file, CORPUS_FORMAT "arguments of %s with the largest relative errors of %zu\n",
                judge->function->name, judge->points);
  for (size_t k = 0; k < judge->hardest; k++) (void)fprintf(file, "%a\n", judge->argument[k]);
  CU_ASSERT_EQUAL(fclose(file), 0);
}

void judge_close(struct judge *judge)
{
  const char *directory = getenv("CORPUS");
  (void)printf("  %-9s %9zu points, largest relative error %.4f * 2^-52 at %a (contract %g)\n",
               judge->function->name, judge->points, judge->units[0], judge->argument[0],
               judge->function->units);
  if (directory != NULL) corpus_write(judge, directory);
  CU_ASSERT_EQUAL(judge->failures, 0);
  CU_ASSERT(judge->points > 0);
  mpfr_clears(judge->x, judge->exact, judge->difference, (mpfr_ptr)0);
}
