/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: random and adversarial Gram matrices on which guarantees are tried.
 * Main result: case `number` is a function of that number alone. Each is one data set with a
 * chosen pattern of off-diagonal entries (independent signs, all equal, aligned with or against the
 * labels, one class against the other, one noisy row heavy), diagonal, counts, q and t, such that
 * every theorem applies to some of them.
 * Assumptions: none. Used by test_certificate.c and by `runner --gram`.
 */
#ifndef AT_TESTS_GRAM_CASES_H
#define AT_TESTS_GRAM_CASES_H

#include <stddef.h>
#include <stdint.h>

#include "harness/audit/theorems.h"

/* cases tried; of these, how often each theorem applied; with a noisy sample in each class and a
 * theorem of two steps; half of the attention guaranteed; contradictions, which have to stay 0. */
struct at_gram_tally {
  size_t cases, applies[AT_THEOREMS], noisy, half_attention, contradictions;
};

/* Adds case `number` to the tally; a contradiction is printed. */
void at_gram_case(struct at_gram_tally *tally, uint64_t number);

#endif
