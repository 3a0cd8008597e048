/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: a false postcondition behind code that is never left is proved.  The smoke test of
 * proofs/run must report the dead code. */
/*@ requires positive: 0 < n;
  @ assigns \nothing;
  @ ensures impossible: \false;
  @*/
int unreachable(int n)
{
  if (n <= 0) return 1;
  /*@ loop assigns n; */
  while (n > 0) n = 1;
  return 0;
}
