/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: what the tests of harness/enclosure share: small data, and comparing balls with MPFR.
 * Main result: none of its own. Assumptions: CUnit.
 */
#ifndef AT_TESTS_ENCLOSURE_H
#define AT_TESTS_ENCLOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <mpfr.h>

#include <arb.h>

#include "harness/data/token_data.h"

/* Whether the ball meets value * (1 +- 2^-bits): necessary when the ball contains the exact number
 * and value approximates it that well. */
bool at_test_ball_meets(const arb_t ball, mpfr_srcptr value, slong bits);

/* at_test_ball_meets for `count` of them. */
bool at_test_balls_meet(arb_srcptr balls, mpfr_srcptr values, size_t count, slong bits);

/* at_test_ball_meets with a double taken as exact. */
bool at_test_ball_meets_double(const arb_t ball, double value, slong bits);

/* value = Phi(x) by MPFR's erfc. */
void at_test_normal_cdf(mpfr_ptr value, mpfr_srcptr x);

/* Normal tokens of every kind (no signal), random labels; to be freed with at_token_data_free. */
void at_test_data_normal(struct at_token_data *data, size_t samples, size_t tokens, size_t dim,
                         uint64_t seed);

/* Two-token data: token 0 is rho e_k, token 1 noise on coordinates 2 ..; sample i has class i % 2,
 * and every `flip_every`-th label is flipped (0: none). */
void at_test_data_signal(struct at_token_data *data, size_t samples, size_t dim, double rho,
                         size_t flip_every, uint64_t seed);

/* values[count]: standard normals times scale. */
void at_test_normals(double *values, size_t count, double scale, uint64_t seed);

#endif
