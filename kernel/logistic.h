/* SPDX-License-Identifier: Apache-2.0
 *
 * Logistic functions in binary64: log(1 + t), the sigmoid 1 / (1 + exp(-x)) and the softplus
 * log(1 + exp(x)).  The logistic loss of a margin m is softplus(-m), its derivative -sigmoid(-m).
 *
 * Main result: relative error at most 2.5 * 2^-52 (sigmoid 2 * 2^-52) for x >= -708, absolute error
 * at most 2^-1021 below; no intermediate operation overflows for any finite x.
 * Assumptions: those of exp.h.
 * Proof: proofs/elementary (Coq; every clause named coq_ below is a theorem there).
 * Test: tests/kernel/test_logistic.c.
 */
#ifndef AT_LOGISTIC_H
#define AT_LOGISTIC_H

/* at_log1p: log(1 + t) for 0 <= t <= 1.
 * Error: at most 1.25 * 2^-52 log(1 + t), subnormal t included; at_log1p(0) = 0. */
/*@ requires domain: \is_finite(t) && 0.0 <= t <= 1.0;
    terminates \true;
    assigns \nothing;
    admit ensures coq_finite: \is_finite(\result);
    admit ensures coq_range: 0.0 <= \result <= 0x1.68p-1;
    admit ensures coq_error: \abs(\result - \log(1.0 + t)) <= 0x1.4p-52 * \log(1.0 + t);
*/
double at_log1p(double t);

/* at_sigmoid: 1 / (1 + exp(-x)) for every finite x.
 * Error: at most 2 * 2^-52 relative for x >= -708, at most 2^-1021 absolute below.
 * The side of 1/2 is exact: the result is >= 1/2 for x >= 0 and <= 1/2 for x <= 0. */
/*@ requires finite: \is_finite(x);
    terminates \true;
    assigns \nothing;
    admit ensures coq_finite: \is_finite(\result);
    admit ensures coq_range: 0x1p-1022 <= \result <= 1.0;
    admit ensures coq_upper_half: 0.0 <= x ==> 0.5 <= \result;
    admit ensures coq_lower_half: x <= 0.0 ==> \result <= 0.5;
    admit ensures coq_error: -708.0 <= x ==>
      \abs(\result - 1.0 / (1.0 + \exp(-x))) <= 0x1p-51 * (1.0 / (1.0 + \exp(-x)));
    admit ensures coq_clamp: x < -708.0 ==>
      \abs(\result - 1.0 / (1.0 + \exp(-x))) <= 0x1p-1021;
*/
double at_sigmoid(double x);

/* at_softplus: log(1 + exp(x)) for every finite x.
 * Error: at most 2.5 * 2^-52 relative for x >= -708, at most 2^-1021 absolute below.
 * The result lies in [max(x, 0), max(x, 0) + 0.703125]. */
/*@ requires finite: \is_finite(x);
    terminates \true;
    assigns \nothing;
    admit ensures coq_finite: \is_finite(\result);
    admit ensures coq_range: 0.0 <= \result;
    admit ensures coq_above: x <= \result;
    admit ensures coq_near: \result <= 0x1.68p-1 || \result <= x + 0x1.68p-1;
    admit ensures coq_error: -708.0 <= x ==>
      \abs(\result - \log(1.0 + \exp(x))) <= 0x1.4p-51 * \log(1.0 + \exp(x));
    admit ensures coq_clamp: x < -708.0 ==> \abs(\result - \log(1.0 + \exp(x))) <= 0x1p-1021;
*/
double at_softplus(double x);

#endif
