/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: small questions the enclosure room asks of Arb balls, in the project's words.
 * Main result: `decided` and `tight` mean the same in every file of the room.
 * Assumptions: FLINT aborts the program when memory is exhausted, so no function of this room
 * reports that as an error.
 * Test: tests/harness/enclosure/test_ball.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_BALL_H
#define AT_HARNESS_ENCLOSURE_BALL_H

#include <stdbool.h>
#include <stddef.h>

#include <arb.h>

/* Where precision starts and where doubling it gives up, in bits of the midpoints. */
enum { AT_ENCLOSURE_START_BITS = 128, AT_ENCLOSURE_CAP_BITS = 4096 };

/* A ball is tight when it is an exact number or its relative width is at most 2^-60. */
enum { AT_ENCLOSURE_TIGHT_BITS = 60 };

/* The sign of the real number a ball encloses; zero only when the ball is exactly zero. */
enum at_ball_sign {
  AT_SIGN_NEGATIVE = -1,
  AT_SIGN_ZERO = 0,
  AT_SIGN_POSITIVE = 1,
  AT_SIGN_UNDECIDED = 2
};

enum at_ball_sign at_ball_sign(const arb_t ball);

/* (upper - lower) / min(|lower|, |upper|) <= 2^-bits, or the ball is exact. */
bool at_ball_is_tight(const arb_t ball, slong bits);

/* at_ball_is_tight with AT_ENCLOSURE_TIGHT_BITS for each of `count` balls. */
bool at_balls_are_tight(arb_srcptr balls, size_t count);

/* balls[k] = the double values[k], exactly. */
void at_balls_set_doubles(arb_ptr balls, const double *values, size_t count);

/* sum = sum of x[k] * y[k], k < count. */
void at_balls_dot(arb_t sum, arb_srcptr x, arb_srcptr y, size_t count, slong precision);

/* probability = Phi(x), the standard normal distribution function; relative accuracy is kept in
 * both tails of x < 0, down to any exponent. */
void at_ball_normal_cdf(arb_t probability, const arb_t x, slong precision);

#endif
