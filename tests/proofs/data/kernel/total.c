/* SPDX-License-Identifier: Apache-2.0
 *
 * total.c: for the tests of the reports on proofs.
 */
#include "total.h"

/*@ requires range: sum <= 0xffff;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures grown: \result == sum + byte;
  @*/
static unsigned add(unsigned sum, unsigned char byte)
{
  return sum + byte;
}

unsigned at_total(const unsigned char *bytes, size_t n)
{
  unsigned sum = 0;
  /*@ loop invariant index: 0 <= k <= n;
    @ loop invariant sum: 0 <= sum <= 255 * k;
    @ loop assigns k, sum;
    @ loop variant n - k;
   */
  for (size_t k = 0; k < n; k++) sum = add(sum, bytes[k]);
  /*@ loop invariant index: 0 <= n;
    @ loop assigns n;
    @ loop variant n;
   */
  while (n > 0) {
    n--;
  }
  return sum;
}

double at_outside(double x)
{
  return x < 0.0 ? 0.0 : 1.0;
}
