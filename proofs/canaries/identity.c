/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: a false claim that must not be proved.  (a + b) - b is not a when a + b rounds.  Run by
 * proofs/run with the command line of every other target. */
/*@ requires range: \is_finite(a) && 0.0 <= a <= 1.0 && \is_finite(b) && 0.0 <= b <= 1.0;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures canary: \result == a;
  @*/
double add_and_subtract(double a, double b)
{
  double sum = a + b;
  return sum - b;
}
