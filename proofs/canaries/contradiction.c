/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: a contract that no call can meet proves anything.  The smoke test of proofs/run must
 * report it. */
/*@ requires low: x < 0.0;
  @ requires high: 0.0 < x;
  @ requires finite: \is_finite(x);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures impossible: \false;
  @*/
double contradiction(double x)
{
  return x;
}
