/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: a false claim that must not be proved.  x * x overflows; a model of floating point as
 * reals proves it finite.  Run by proofs/run with the command line of every other target. */
/*@ requires finite: \is_finite(x);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures canary: \is_finite(\result);
  @*/
double square(double x)
{
  return x * x;
}
