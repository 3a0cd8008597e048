/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: counter-based random bits. Every draw is a pure function of (seed, stream name, index,
 * draw number): any cell of any sweep can be recomputed alone, in any order, on any number of
 * workers, with the same bits.
 * Main result: Threefry-2x64 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011), keyed by the seed and a 64-bit FNV-1a hash of the stream's name.
 * Assumptions: streams in use have different hashes; the tests check it for the names in use.
 * Test: tests/harness/data/test_random.c (the generator's published known answers).
 */
#ifndef AT_HARNESS_DATA_RANDOM_H
#define AT_HARNESS_DATA_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* A stream: the key under which counters are enciphered. Open with at_stream_open. */
struct at_stream {
  uint64_t key[2];
};

/* output, counter, key: two words each; output may be counter. The block cipher itself. */
void at_threefry(uint64_t *output, const uint64_t *counter, const uint64_t *key);

/* The stream called `name` under `seed`: key = (seed, FNV-1a-64 of the bytes of name). */
struct at_stream at_stream_open(uint64_t seed, const char *name);

/* bits: two independent uniform words, the cipher of the counter (index, draw). Distinct
 * (index, draw) give distinct blocks. A method that needs several blocks for one index numbers
 * them by `draw`. */
void at_random_block(uint64_t *bits, const struct at_stream *stream, uint64_t index, uint64_t draw);

/* first_word[k], second_word[k], k < count: the block (index + k, 0), in a loop that vectorises. */
void at_random_blocks(uint64_t *restrict first_word, uint64_t *restrict second_word,
                      const struct at_stream *stream, uint64_t index, size_t count);

/* The first word of the block (index, 0). */
uint64_t at_random_word(const struct at_stream *stream, uint64_t index);

/* Uniform on the grid (2k+1) 2^-53, k = 0 .. 2^52-1 (the top 52 bits of at_random_word): never 0
 * nor 1, symmetric about 1/2, every grid point a binary64 number, so there is no rounding.
 * P(uniform < x) differs from x by less than 2^-53 for every x in [0,1], and not at all for
 * x = 0, 1/2, 1. */
double at_random_uniform(const struct at_stream *stream, uint64_t index);

#endif
