/* SPDX-License-Identifier: Apache-2.0
 *
 * drive.c: what Eva runs in the tests of the reports on proofs.
 */
#include "__fc_builtin.h"

#include "total.h"

int main(void)
{
  unsigned char bytes[MOST];
  for (int k = 0; k < COUNT; k++) bytes[k] = (unsigned char)k;
  double y = at_outside(Frama_C_double_interval(-1.0, 1.0));
  return (int)at_total(bytes, MOST) + (int)y;
}
