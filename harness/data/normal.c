/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: exponential, normal and chi draws by plain binary64 arithmetic (see normal.h).
 * Main result: the coupling bounds of normal.h, derived here with u = 2^-53.
 *
 * Uniform. A half H in (0, 1/2) is read from 63 random bits j as (j + 1/2) 2^-64; when j < 2^53
 * (one time in 2^10) a further 64 bits are appended, so that the cell around H is never wider than
 * 2^-53 H unless H < 2^-75. An exact uniform H* placed in the same cell has |H - H*| <= 2u H
 * (cell u, rounding u), except on H* < 2^-75, an event of probability 2^-74.
 *
 * Logarithm. log m = 2 atanh s with s = (m-1)/(m+1), m in [sqrt(1/2), sqrt 2), s^2 < 0.02945. The
 * odd Taylor series of 2 atanh is cut after s^21; the rest is below 2 |s| 0.02945^11 / 22 < 2^-60
 * relative. Horner's rounding stays below 2u because the corrections are at most s^2/3 < 1%;
 * m - 1 is exact (m in [1/2, 2]), m + 1 and the quotient cost u each: relative error below 5u.
 * -log H = e ln 2 - log m with e >= 1 and |log m| <= (ln 2)/2 <= half of e ln 2, so the sum loses
 * no bits: ln 2 = hi + lo, hi with 11 trailing zeros, e hi exact; relative error below 6u.
 * An error 2u H in H moves -log H by 2u absolute, below 3u relative as -log H > ln 2;
 * -log(1 - H) is 2 atanh(H / (2 - H)) for H < 0.29 (relative error 2u + 6u), and otherwise comes
 * from 1 - H, whose absolute error 2u moves a value above 0.34 by less than 6u. In all: an
 * exponential within 12u < 2^-49.4 and, the square root halving it, a radius within 7u.
 *
 * Angle. A circle is eight mirror images of the angles (0, pi/4): two bits choose the signs, one
 * the order of the coordinates, 61 bits the angle x, its cell 2^-61 wide. sin and cos are cut after
 * x^17 and x^16, the rest below (pi/4)^19/19! < 2^-63 and (pi/4)^18/18! < 2^-58. Horner's rounding
 * and that of x leave each coordinate within 4u absolute. So |Z - Z*| <= (7u + 4u + 2u) R, which is
 * below 2^-49 R.
 *
 * Chi. Marsaglia and Tsang: d = k/2 - 1/3, c = 1/(3 sqrt d), y = c x, x normal, 1 + y > 0, accept
 * d (1+y)^3 as gamma(k/2) when log(uniform) < x^2/2 + d (1 - (1+y)^3 + 3 log(1+y)). As x^2 is
 * 9 d y^2, the right side is exactly 3 d g(y), g(y) = log(1+y) - y + y^2/2 - y^3/3, whose series is
 * -y^4/4 + y^5/5 - ...: the terms that would cancel at large k (10^9 and beyond) are gone before
 * any rounding. g comes from its series for |y| < 1/4 (relative error below 2^-50), directly
 * otherwise (absolute error below 2^-51; there d = x^2/(9 y^2) < 2 x^2, so 3 d g is within
 * 6 x^2 2^-51). The acceptance probability is therefore wrong by less than 2^-46 on average over x,
 * which bounds the distance in law by 2^-44 over all attempts. chi = sqrt(2d) (1+y)^(3/2) moves by
 * sqrt(1/2) sqrt(1+y) per unit of x; as sqrt(1+y) < 2.6 and x is within 13.4 * 2^-49, chi is within
 * 2^-44, plus 4u chi of its own rounding.
 *
 * Speed: the loops of batch_fill vectorise, given -fno-math-errno (a square root sets no errno)
 * and -fno-trapping-math (nobody reads exception flags), which change no value: a normal takes 2 ns
 * with AVX-512, 4 with AVX2, 8 with SSE2.
 *
 * Assumptions: round to nearest, no contraction. Test: tests/harness/data/test_normal.c.
 */
#include "harness/data/normal.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "harness/per_processor.h"
#include "kernel/double_guard.h"

/* Block numbers under one index: 0, 1 serve normals; a chi's attempts start at 16, eight apart. */
enum { CHI_FIRST_DRAW = 16, CHI_DRAWS = 8, CHI_ATTEMPTS = 256 };

/* Pairs drawn together; the bits of H in a word, and the words that need more of them. */
enum { BATCH = 64 };
#define HALF_MASK UINT64_C(0x7FFFFFFFFFFFFFFF)
#define SHORT_HALF (UINT64_C(1) << 53)

/* ln 2 = LN2_HI + LN2_LO within 2^-98; LN2_HI has 11 trailing zero bits. */
#define LN2_HI 0x1.62e42fefa38p-1
#define LN2_LO 0x1.ef35793c7673p-45
#define SQRT_HALF 0x1.6a09e667f3bcdp-1
#define PI_QUARTER 0x1.921fb54442d18p-1

/* 2 atanh(s) for |s| <= 0.1716: 2 s (1 + s^2/3 + s^4/5 + ... + s^20/21). */
static inline double twice_atanh(double s)
{
  const double q = s * s;
  double tail = 1.0 / 21.0;
  tail = tail * q + 1.0 / 19.0;
  tail = tail * q + 1.0 / 17.0;
  tail = tail * q + 1.0 / 15.0;
  tail = tail * q + 1.0 / 13.0;
  tail = tail * q + 1.0 / 11.0;
  tail = tail * q + 1.0 / 9.0;
  tail = tail * q + 1.0 / 7.0;
  tail = tail * q + 1.0 / 5.0;
  tail = tail * q + 1.0 / 3.0;
  return 2.0 * s + 2.0 * s * (q * tail);
}

/* The double nearest to an integer, in steps that every instruction set has in vectors: both halves
 * and the first sum are exact, so that only the last addition rounds, as the conversion would. */
static inline double double_of(uint64_t word)
{
  const uint64_t high_bits = word >> 32 | UINT64_C(0x4530000000000000);
  const uint64_t low_bits = (word & UINT64_C(0xFFFFFFFF)) | UINT64_C(0x4330000000000000);
  double high, low; /* 2^84 + 2^32 times the upper half; 2^52 + the lower half */
  memcpy(&high, &high_bits, sizeof high);
  memcpy(&low, &low_bits, sizeof low);
  return (high - 0x1p84) + (low - 0x1p52);
}

/* yes or no, as `bit` is 1 or 0; by masks, which SSE2 has where it has no comparison of words. */
static inline double choose(uint64_t bit, double yes, double no)
{
  uint64_t y, n;
  memcpy(&y, &yes, sizeof y);
  memcpy(&n, &no, sizeof n);
  n ^= (y ^ n) & (0 - bit);
  double chosen;
  memcpy(&chosen, &n, sizeof chosen);
  return chosen;
}

/* x, its sign turned if `bit` is 1. */
static inline double turn(double x, uint64_t bit)
{
  uint64_t word;
  memcpy(&word, &x, sizeof word);
  word ^= bit << 63;
  memcpy(&x, &word, sizeof x);
  return x;
}

/* -log(x) for a normal x > 0, x = m 2^-halvings, m in [sqrt(1/2), sqrt 2); or, where `small`,
 * -log(1 - half) = 2 atanh(half / (2 - half)). One division and no branches, so that it vectorises.
 */
static inline double minus_log_or(double x, bool small, double half)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  double halvings = double_of(2048 + 1022 - (bits >> 52)) - 2048.0;
  bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FE0000000000000);
  double m;
  memcpy(&m, &bits, sizeof m);
  const bool low = m < SQRT_HALF;
  const double twice_m = 2.0 * m, next = halvings + 1.0; /* apart: what may trap is not skipped */
  m = low ? twice_m : m;
  halvings = low ? next : halvings;
  const double below = m - 1.0, above = m + 1.0, rest = 2.0 - half;
  const double twice = twice_atanh((small ? half : below) / (small ? rest : above));
  const double large = halvings * LN2_HI + (halvings * LN2_LO - twice);
  return small ? twice : large;
}

static double minus_log(double x)
{
  return minus_log_or(x, false, 0.0);
}

/* -log(H), or -log(1 - H) if the top bit of `bits` is set. */
static inline double exponential_of_half(double half, uint64_t bits)
{
  const uint64_t above = bits >> 63;
  return minus_log_or(choose(above, 1.0 - half, half), choose(above, half, 1.0) < 0.29, half);
}

/* An exponential from the word `bits` of block (index, draw): the top bit chooses between -log H
 * and -log(1 - H), the other 63 are H. */
static double exponential_from_word(uint64_t bits, const struct at_stream *stream, uint64_t index,
                                    uint64_t draw)
{
  const uint64_t j = bits & HALF_MASK;
  double half = double_of(2 * j + 1) * 0x1p-65;
  if (j < SHORT_HALF) {
    uint64_t more[2];
    at_random_block(more, stream, index, draw + 1);
    half = (double)j * 0x1p-64 + ((double)more[0] + 0.5) * 0x1p-128;
  }
  return exponential_of_half(half, bits);
}

/* The sine and cosine of x in (0, pi/4) by their Taylor series. */
static inline void sine_cosine(double *sine, double *cosine, double x)
{
  const double q = x * x;
  double s = 1.0 / 355687428096000.0;
  double c = 1.0 / 20922789888000.0;
  s = s * q + -1.0 / 1307674368000.0;
  c = c * q + -1.0 / 87178291200.0;
  s = s * q + 1.0 / 6227020800.0;
  c = c * q + 1.0 / 479001600.0;
  s = s * q + -1.0 / 39916800.0;
  c = c * q + -1.0 / 3628800.0;
  s = s * q + 1.0 / 362880.0;
  c = c * q + 1.0 / 40320.0;
  s = s * q + -1.0 / 5040.0;
  c = c * q + -1.0 / 720.0;
  s = s * q + 1.0 / 120.0;
  c = c * q + 1.0 / 24.0;
  s = s * q + -1.0 / 6.0;
  c = c * q + -1.0 / 2.0;
  *sine = x + x * (q * s);
  *cosine = 1.0 + q * c;
}

/* The two normals of a radius and the word of the angle: its cell's centre is (2j+1) 2^-62 pi/4. */
static inline void pair_of(double *first, double *second, double radius, uint64_t bits)
{
  const uint64_t j = bits & UINT64_C(0x1FFFFFFFFFFFFFFF);
  double sine;
  double cosine;
  sine_cosine(&sine, &cosine, double_of(2 * j + 1) * 0x1p-62 * PI_QUARTER);
  const uint64_t swapped = bits >> 61 & 1;
  *first = turn(radius * choose(swapped, sine, cosine), bits >> 62 & 1);
  *second = turn(radius * choose(swapped, cosine, sine), bits >> 63);
}

/* pair: the two normals of block (index, draw). */
static void normal_pair(double *pair, const struct at_stream *stream, uint64_t index, uint64_t draw)
{
  uint64_t bits[2];
  at_random_block(bits, stream, index, draw);
  const double radius = sqrt(2.0 * exponential_from_word(bits[0], stream, index, draw));
  pair_of(&pair[0], &pair[1], radius, bits[1]);
}

double at_normal(const struct at_stream *stream, uint64_t index)
{
  double pair[2];
  normal_pair(pair, stream, index / 2, 0);
  return pair[index % 2];
}

/* normal[2 * BATCH]: the pairs number first .. first + BATCH - 1 of draw 0, the values of
 * normal_pair, in loops that vectorise; the pairs whose H takes more bits are drawn again. */
AT_PER_PROCESSOR static void batch_fill(double *restrict normal, const struct at_stream *stream,
                                        uint64_t first)
{
  uint64_t bits[2][BATCH];
  double radius[BATCH];
  at_random_blocks(bits[0], bits[1], stream, first, BATCH);
  for (size_t k = 0; k < BATCH; k++) {
    const double half = double_of(2 * (bits[0][k] & HALF_MASK) + 1) * 0x1p-65;
    radius[k] = sqrt(2.0 * exponential_of_half(half, bits[0][k]));
  }
  for (size_t k = 0; k < BATCH; k++)
    pair_of(&normal[2 * k], &normal[2 * k + 1], radius[k], bits[1][k]);
  for (size_t k = 0; k < BATCH; k++)
    if ((bits[0][k] & HALF_MASK) < SHORT_HALF) normal_pair(normal + 2 * k, stream, first + k, 0);
}

void at_normal_fill(double *normal, const struct at_stream *stream, uint64_t first, size_t count)
{
  size_t i = 0;
  if (count > 0 && first % 2 == 1) {
    normal[i++] = at_normal(stream, first);
  }
  for (; i + 2 * BATCH <= count; i += 2 * BATCH) batch_fill(normal + i, stream, (first + i) / 2);
  for (; i + 2 <= count; i += 2) normal_pair(normal + i, stream, (first + i) / 2, 0);
  if (i < count) {
    normal[i] = at_normal(stream, first + i);
  }
}

double at_exponential(const struct at_stream *stream, uint64_t index, uint64_t draw)
{
  uint64_t bits[2];
  at_random_block(bits, stream, index, draw);
  return exponential_from_word(bits[0], stream, index, draw);
}

/* log(1+y) - y + y^2/2 - y^3/3, y > -1 (see the head of the file). The series
 * -y^4 (1/4 - y/5 + y^2/6 - ... + y^24/28) leaves less than 4^-25 of its first term. */
static double log_remainder(double y)
{
  if (y <= -0.25 || y >= 0.25) {
    return -minus_log(1.0 + y) - y + y * y / 2.0 - y * y * y / 3.0;
  }
  double sum = 1.0 / 28.0;
  for (int k = 27; k >= 4; k--) {
    sum = 1.0 / k - y * sum;
  }
  return -(y * y * y * y * sum);
}

double at_chi(const struct at_stream *stream, uint64_t index, uint64_t degrees)
{
  double pair[2];
  if (degrees <= 1) {
    normal_pair(pair, stream, index, CHI_FIRST_DRAW);
    return pair[0] < 0.0 ? -pair[0] : pair[0];
  }
  double d = (3.0 * (double)degrees - 2.0) / 6.0;
  double c = 1.0 / (3.0 * sqrt(d));
  double root = 1.0;
  /* Each attempt succeeds with probability above 0.95, so the loop ends by its bound with
   * probability below 0.05^256; the bound makes termination certain. */
  for (uint64_t attempt = 0; attempt < CHI_ATTEMPTS; attempt++) {
    uint64_t draw = CHI_FIRST_DRAW + attempt * CHI_DRAWS;
    normal_pair(pair, stream, index, draw);
    double y = c * pair[0];
    if (y > -1.0 && at_exponential(stream, index, draw + 2) > -3.0 * d * log_remainder(y)) {
      root = 1.0 + y;
      break;
    }
  }
  return sqrt(2.0 * d * (root * root * root));
}
