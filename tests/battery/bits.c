/* SPDX-License-Identifier: Apache-2.0
 *
 * bits.c: bits KIND [SEED]: an endless stream of 32-bit words for a battery of statistical tests.
 *
 * Main result: KIND `words` writes the counter-based words themselves (random.h), both halves of
 * both words of a block.  `normals`, `chis` and `exponentials` write floor(2^32 F(x)), F the
 * distribution function of the law, so that the words are uniform and independent exactly if the
 * draws have their law and are independent: Phi for the normals, 1 - exp(-x) for the
 * exponentials, and for the chis, ten degrees, 1 - exp(-y) (1 + y + y^2/2 + y^3/6 + y^4/24) with
 * y = x^2/2.  F comes from libm here: its error of some 2^-50 moves a word with
 * probability 2^-18, far below what 10^10 bits can show.
 * Assumption: standard output is a pipe; when its reader has had enough, the number of bits written
 * goes to standard error and the program ends.
 * Called by tests/battery/run.
 */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/normal.h"

enum { WORDS = 1 << 12, CHI_DEGREES = 10 };

static const double sqrt_half = 0x1.6a09e667f3bcdp-1;

static double normals[WORDS];

static uint32_t word_of(double probability)
{
  const double scaled = floor(probability * 0x1p32);
  return scaled >= 0x1p32 ? UINT32_MAX : (uint32_t)scaled;
}

static void fill_words(uint32_t *word, const struct at_stream *stream, uint64_t first)
{
  for (uint64_t i = 0; i < WORDS / 4; i++) {
    uint64_t bits[2];
    at_random_block(bits, stream, first / 4 + i, 0);
    for (size_t k = 0; k < 4; k++) word[4 * i + k] = (uint32_t)(bits[k / 2] >> (32 * (k % 2)));
  }
}

static void fill_normals(uint32_t *word, const struct at_stream *stream, uint64_t first)
{
  at_normal_fill(normals, stream, first, WORDS);
  for (size_t i = 0; i < WORDS; i++) word[i] = word_of(0.5 * erfc(-sqrt_half * normals[i]));
}

static void fill_exponentials(uint32_t *word, const struct at_stream *stream, uint64_t first)
{
  for (uint64_t i = 0; i < WORDS; i++)
    word[i] = word_of(-expm1(-at_exponential(stream, first + i, 0)));
}

static void fill_chis(uint32_t *word, const struct at_stream *stream, uint64_t first)
{
  for (uint64_t i = 0; i < WORDS; i++) {
    const double chi = at_chi(stream, first + i, CHI_DEGREES);
    const double y = 0.5 * chi * chi;
    const double series = 1.0 + y * (1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0)));
    word[i] = word_of(1.0 - exp(-y) * series);
  }
}

typedef void fill_function(uint32_t *word, const struct at_stream *stream, uint64_t first);

static fill_function *fill_of(const char *kind)
{
  if (strcmp(kind, "words") == 0) return fill_words;
  if (strcmp(kind, "normals") == 0) return fill_normals;
  if (strcmp(kind, "exponentials") == 0) return fill_exponentials;
  return strcmp(kind, "chis") == 0 ? fill_chis : NULL;
}

int main(int count, char **arguments)
{
  fill_function *fill = count == 2 || count == 3 ? fill_of(arguments[1]) : NULL;
  const char *number = count == 3 ? arguments[2] : "1";
  if (fill == NULL || number[strspn(number, "0123456789")] != '\0' || *number == '\0') {
    (void)fputs("usage: bits words|normals|chis|exponentials [SEED]\n", stderr);
    return 2;
  }
  const struct at_stream stream = at_stream_open(strtoull(number, NULL, 10), "battery");
  static uint32_t word[WORDS];
  uint64_t first = 0;
  (void)signal(SIGPIPE, SIG_IGN);
  do {
    fill(word, &stream, first);
    first += WORDS;
  } while (fwrite(word, sizeof word[0], WORDS, stdout) == WORDS);
  (void)fprintf(stderr, "%" PRIu64 "\n", 32 * first);
  return 0;
}
