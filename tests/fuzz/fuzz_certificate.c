/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: fuzz target for the independent checker's reading of certificates.
 * Main result: whatever the bytes, the checker's answer comes without a fault, and a refusal has a
 * reason. The input is tried as a whole file and, when it is JSON, as an unsealed document about
 * eight samples of orthogonal noise that are known here, so that the seal keeps nothing out.
 * Assumptions: run by libFuzzer (make fuzz) or by replay.c (make check); little-endian.
 */
#include <gmp.h>
#include <stdint.h>

/* The checker frees nothing before it ends; here what one input took is freed after it. */
enum { MOST_NUMBERS = 1 << 16 };
static mpq_ptr made[MOST_NUMBERS];
static size_t made_count;

static void number_init(mpq_ptr x)
{
  __gmpq_init(x);
  if (made_count < MOST_NUMBERS) made[made_count++] = x;
}

/* The checker is one file and a program; here it is taken in whole, under another name. */
#undef mpq_init
#define mpq_init number_init
#define main at_check_main
int at_check_main(int count, char **word);
#include "checker/attest_check.c" /* NOLINT(bugprone-suspicious-include) */
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { N = 8, D = N + 2 };

/* Noise 8 e_i, signals 8 e_0 and 8 e_1, one flip a class; R = 64, beta = 1. */
static const struct facts *known(void)
{
  static struct facts facts;
  static double value[2 * N * D + 2 * N];
  struct data data = {.n = N, .d = D, .value = value};
  if (facts.n != 0) return &facts;
  for (size_t i = 0; i < N; i++) {
    value[2 * i * D + i % 2] = value[(2 * i + 1) * D + 2 + i] = 8.0;
    value[2 * N * D + N + i] = i % 2 == 0 ? 1.0 : -1.0;
    value[2 * N * D + i] = i < 2 ? -value[2 * N * D + N + i] : value[2 * N * D + N + i];
  }
  facts.scale = whole(64);
  if (facts_fill(&facts, &data, whole(1)) != NULL) abort();
  return &facts;
}

/* A status comes with a reason, unless it is VALID. */
static void answer_check(int status)
{
  if ((status == VALID) != (reason[0] == '\0')) abort();
  reason[0] = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  const struct facts *facts = known();
  json_t *root = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
  json_t *data = json_object_get(root, "data");
  if (root == NULL) return 0;
  size_t mark = made_count;
  const struct kept *before = kept;
  answer_check(claims_check(json_object_get(data, "sizes"), json_object_get(root, "statistics"),
                            json_object_get(root, "theorems"), facts));
  answer_check(head_check(root));
  while (made_count > mark) mpq_clear(made[--made_count]);
  while (kept != before) {
    struct kept *last = kept;
    kept = last->next;
    free(last);
  }
  json_decref(root);
  return 0;
}
