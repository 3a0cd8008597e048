/* SPDX-License-Identifier: Apache-2.0
 *
 * Exponential of a non-positive binary64 number.
 *
 * Main result: on [-708, 0] the relative error is at most 2^-52; the result is a normal number in
 * [2^-1022, 1]; no intermediate operation overflows.
 * Assumptions: IEEE 754 binary64, round to nearest even, no contraction, no excess precision,
 * gradual underflow (double_guard.h refuses the rest at compile time where the compiler says so).
 * Proof: proofs/elementary (Coq; every clause named coq_ below is a theorem there).
 * Test: tests/kernel/test_exp.c.
 */
#ifndef AT_EXP_H
#define AT_EXP_H

/* at_exp: exp(x) for finite x <= 0, no unit.
 *
 * Error: |result - exp(x)| <= 2^-52 exp(x) for x >= -708.  Below -708 the argument is clamped: the
 * result is at_exp(-708) = 3.3e-308, which lies above exp(x) by at most 2^-1021.
 * at_exp(0) = 1 exactly, so that the largest entry of a max-shifted softmax row has weight one
 * before normalisation.
 */
/*@ requires finite: \is_finite(x);
    requires domain: x <= 0.0;
    terminates \true;
    assigns \nothing;
    admit ensures coq_finite: \is_finite(\result);
    admit ensures coq_range: 0x1p-1022 <= \result <= 1.0;
    admit ensures coq_one: x == 0.0 ==> \result == 1.0;
    admit ensures coq_error: -708.0 <= x ==> \abs(\result - \exp(x)) <= 0x1p-52 * \exp(x);
    admit ensures coq_clamp: x < -708.0 ==> \exp(x) <= \result <= \exp(x) + 0x1p-1021;
*/
double at_exp(double x);

#endif
