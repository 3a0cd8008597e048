/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: Threefry-2x64-20 and the streams above it (see random.h).
 * Main result: integer arithmetic modulo 2^64 only, so the bits are the same everywhere.
 * Assumptions: none. Test: tests/harness/data/test_random.c.
 */
#include "harness/data/random.h"

#include "harness/per_processor.h"

/* Rotation counts of Threefry-2x64, one per round, repeating after eight (SC 2011, table 2). */
static const unsigned rotations[8] = {16, 42, 12, 31, 16, 32, 24, 21};

/* The Skein key-schedule parity constant C240, shared by Threefry. */
static const uint64_t key_parity = UINT64_C(0x1BD11BDAA9FC1A22);

static inline uint64_t rotate_left(uint64_t word, unsigned count)
{
  return (word << count) | (word >> (64 - count));
}

/* One round. */
static inline void mix(uint64_t *x, uint64_t *y, unsigned rotation)
{
  *x += *y;
  *y = rotate_left(*y, rotation) ^ *x;
}

static inline void four_rounds(uint64_t *x, uint64_t *y, const unsigned *rotation)
{
  mix(x, y, rotation[0]);
  mix(x, y, rotation[1]);
  mix(x, y, rotation[2]);
  mix(x, y, rotation[3]);
}

/* Twenty rounds, after every fourth the next two words of the key and the count; (x, y) enters as
 * the counter. In straight lines, which vectorise over counters. */
static inline void encipher(uint64_t *x, uint64_t *y, const uint64_t *key)
{
  const uint64_t parity = key_parity ^ key[0] ^ key[1];
  *x += key[0];
  *y += key[1];
  four_rounds(x, y, rotations);
  *x += key[1];
  *y += parity + 1;
  four_rounds(x, y, rotations + 4);
  *x += parity;
  *y += key[0] + 2;
  four_rounds(x, y, rotations);
  *x += key[0];
  *y += key[1] + 3;
  four_rounds(x, y, rotations + 4);
  *x += key[1];
  *y += parity + 4;
  four_rounds(x, y, rotations);
  *x += parity;
  *y += key[0] + 5;
}

void at_threefry(uint64_t *output, const uint64_t *counter, const uint64_t *key)
{
  uint64_t x = counter[0];
  uint64_t y = counter[1];
  encipher(&x, &y, key);
  output[0] = x;
  output[1] = y;
}

struct at_stream at_stream_open(uint64_t seed, const char *name)
{
  uint64_t hash = UINT64_C(0xCBF29CE484222325);
  for (const char *c = name; *c != '\0'; c++) {
    hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001B3);
  }
  return (struct at_stream){{seed, hash}};
}

void at_random_block(uint64_t *bits, const struct at_stream *stream, uint64_t index, uint64_t draw)
{
  const uint64_t counter[2] = {index, draw};
  at_threefry(bits, counter, stream->key);
}

AT_PER_PROCESSOR void at_random_blocks(uint64_t *restrict first_word,
                                       uint64_t *restrict second_word,
                                       const struct at_stream *stream, uint64_t index, size_t count)
{
  const uint64_t key[2] = {stream->key[0], stream->key[1]};
  for (size_t k = 0; k < count; k++) {
    uint64_t x = index + k;
    uint64_t y = 0;
    encipher(&x, &y, key);
    first_word[k] = x;
    second_word[k] = y;
  }
}

uint64_t at_random_word(const struct at_stream *stream, uint64_t index)
{
  uint64_t bits[2];
  at_random_block(bits, stream, index, 0);
  return bits[0];
}

double at_random_uniform(const struct at_stream *stream, uint64_t index)
{
  uint64_t k = at_random_word(stream, index) >> 12;
  return (double)(2 * k + 1) * 0x1p-53;
}
