/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: a + x * y of kernel/vector.c with half the error bound that is proved there.  It is false
 * (a = 1, x = y = 2^-26.5 rounded up: the sum rounds up to 1 + 2^-52); it must not be proved.  Run by
 * proofs/run with the command line of every other target. */
#include "../../kernel/capacity.h"
#include "../../specs/bounded.h"

/*@ requires range_a: AT_WITHIN(a, 0x1p92);
  @ requires range_x: AT_WITHIN(x, AT_MAX_ENTRY);
  @ requires range_y: AT_WITHIN(y, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures canary: \abs(\result - (a + x * y)) <=
  @   0x1p-54 * \abs(a + x * y) + 0x1p-54 * \abs(x * y) + 0x1p-1074;
  @*/
double add_product_halved(double a, double x, double y)
{
  double product = x * y;
  return a + product;
}
