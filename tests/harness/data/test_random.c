/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/random.h.
 * Main result: the generator's published known answers; uniforms, bits and streams that pass checks
 * of false-alarm probability 1e-9 each (statistics.h).
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>

#include "harness/data/random.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

enum { DRAWS = 200000 };

/* The three vectors that the authors of the generator publish (all zeros, all ones, digits of pi
 * as counter and key). */
static void test_known_answers(void)
{
  static const struct {
    uint64_t counter[2], key[2], output[2];
  } known[] = {{{0, 0}, {0, 0}, {UINT64_C(0xC2B6E3A8C2C69865), UINT64_C(0x6F81ED42F350084D)}},
               {{UINT64_MAX, UINT64_MAX},
                {UINT64_MAX, UINT64_MAX},
                {UINT64_C(0xE02CB7C4D95D277A), UINT64_C(0xD06633D0893B8B68)}},
               {{UINT64_C(0x243F6A8885A308D3), UINT64_C(0x13198A2E03707344)},
                {UINT64_C(0xA4093822299F31D0), UINT64_C(0x082EFA98EC4E6C89)},
                {UINT64_C(0x263C7D30BB0F0AF1), UINT64_C(0x56BE8361D3311526)}}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    uint64_t output[2];
    at_threefry(output, known[i].counter, known[i].key);
    CU_ASSERT_EQUAL(output[0], known[i].output[0]);
    CU_ASSERT_EQUAL(output[1], known[i].output[1]);
  }
}

/* FNV-1a of "" is its offset basis and of "a" is published as af63dc4c8601ec8c. */
static void test_stream_key(void)
{
  CU_ASSERT_EQUAL(at_stream_open(7, "").key[1], UINT64_C(0xCBF29CE484222325));
  CU_ASSERT_EQUAL(at_stream_open(7, "a").key[1], UINT64_C(0xAF63DC4C8601EC8C));
  CU_ASSERT_EQUAL(at_stream_open(7, "a").key[0], 7);
}

static const char *const names[] = {"train.labels", "train.flips", "train.noise",   "test.labels",
                                    "test.flips",   "test.noise",  "fashion.choice"};
enum { NAMES = sizeof names / sizeof *names };

static void test_stream_names(void)
{
  for (size_t i = 0; i < NAMES; i++) {
    for (size_t j = 0; j < i; j++) {
      CU_ASSERT_NOT_EQUAL(at_stream_open(0, names[i]).key[1], at_stream_open(0, names[j]).key[1]);
    }
  }
}

static void test_block_and_word(void)
{
  struct at_stream stream = at_stream_open(3, "train.noise");
  for (uint64_t index = 0; index < 100; index++) {
    const uint64_t counter[2] = {index, 0};
    uint64_t block[2];
    uint64_t cipher[2];
    at_random_block(block, &stream, index, 0);
    at_threefry(cipher, counter, stream.key);
    CU_ASSERT_EQUAL(block[0], cipher[0]);
    CU_ASSERT_EQUAL(block[1], cipher[1]);
    CU_ASSERT_EQUAL(at_random_word(&stream, index), block[0]);
    CU_ASSERT_EQUAL(at_random_uniform(&stream, index) * 0x1p53, (double)(2 * (block[0] >> 12) + 1));
    at_random_block(block, &stream, index, 1);
    CU_ASSERT_NOT_EQUAL(block[0], cipher[0]);
  }
}

static void test_uniform_law(void)
{
  double *sample = malloc(DRAWS * sizeof *sample);
  CU_ASSERT_PTR_NOT_NULL(sample);
  if (sample == NULL) return;
  for (uint64_t seed = 0; seed < 3; seed++) {
    struct at_stream stream = at_stream_open(seed, "train.flips");
    for (size_t i = 0; i < DRAWS; i++) {
      sample[i] = at_random_uniform(&stream, i);
    }
    double distance = at_test_distance(sample, DRAWS, at_test_law_uniform, 0.0);
    CU_ASSERT(distance <= at_test_distance_bound(DRAWS));
    CU_ASSERT(sample[0] > 0.0 && sample[DRAWS - 1] < 1.0);
  }
  free(sample);
}

/* Every bit of both words is fair, and agrees with its neighbour in index as often as not. */
static void test_bits(void)
{
  struct at_stream stream = at_stream_open(11, "test.labels");
  int sum[128] = {0};
  int successive[128] = {0};
  uint64_t before[2] = {0, 0};
  for (uint64_t i = 0; i <= DRAWS; i++) {
    uint64_t block[2];
    at_random_block(block, &stream, i, 0);
    for (unsigned bit = 0; bit < 128 && i > 0; bit++) {
      uint64_t now = block[bit / 64] >> bit % 64 & 1;
      sum[bit] += now != 0 ? 1 : -1;
      successive[bit] += now == (before[bit / 64] >> bit % 64 & 1) ? 1 : -1;
    }
    before[0] = block[0];
    before[1] = block[1];
  }
  for (unsigned bit = 0; bit < 128; bit++) {
    CU_ASSERT(fabs((double)sum[bit]) <= at_test_sign_sum_bound(DRAWS));
    CU_ASSERT(fabs((double)successive[bit]) <= at_test_sign_sum_bound(DRAWS));
  }
}

static double agreement(const struct at_stream *one, const struct at_stream *other)
{
  double sum = 0.0;
  for (uint64_t i = 0; i < DRAWS; i++) {
    sum += (at_random_word(one, i) ^ at_random_word(other, i)) >> 63 == 0 ? 1.0 : -1.0;
  }
  return fabs(sum);
}

static void test_streams_independent(void)
{
  double bound = at_test_sign_sum_bound(DRAWS);
  for (size_t i = 0; i < NAMES; i++) {
    struct at_stream one = at_stream_open(1, names[i]);
    struct at_stream next_seed = at_stream_open(2, names[i]);
    CU_ASSERT(agreement(&one, &next_seed) <= bound);
    for (size_t j = 0; j < i; j++) {
      struct at_stream other = at_stream_open(1, names[j]);
      CU_ASSERT(agreement(&one, &other) <= bound);
    }
  }
}

void at_suite_random(void)
{
  CU_pSuite suite = CU_add_suite("random", NULL, NULL);
  CU_add_test(suite, "the published known answers", test_known_answers);
  CU_add_test(suite, "a stream's key is its seed and the hash of its name", test_stream_key);
  CU_add_test(suite, "the names in use are different streams", test_stream_names);
  CU_add_test(suite, "words and uniforms are those of the block", test_block_and_word);
  CU_add_test(suite, "uniforms are uniform", test_uniform_law);
  CU_add_test(suite, "every bit is fair and serially independent", test_bits);
  CU_add_test(suite, "streams and seeds are independent", test_streams_independent);
}
