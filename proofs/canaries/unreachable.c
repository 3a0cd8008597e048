/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: a false assertion in code that is never reached is proved.  The smoke test of proofs/run
 * must report the dead code. */
/*@ requires positive: 0 < n;
  @ terminates \true;
  @ assigns \nothing;
  @*/
int unreachable(int n)
{
  if (n <= 0) {
    //@ assert impossible: 0 == 1;
    return 1;
  }
  return 0;
}
