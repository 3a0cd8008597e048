/* SPDX-License-Identifier: Apache-2.0
 *
 * total.h: a kernel of two functions, for the tests of the reports on proofs.
 */
#ifndef TOTAL_H
#define TOTAL_H

#include <stddef.h>

enum { MOST = 8 };

/*@ requires finite: \is_finite(x);
    terminates \true;
    assigns \nothing;
    admit ensures coq_range: 0.0 <= \result <= 1.0;
*/
double at_outside(double x);

/* The sum of n bytes, and a check that the first is not the largest possible one. */
/*@ requires size: n <= MOST;
  @ requires valid: \valid_read(bytes + (0 .. n-1));
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: 0 <= \result <= 255 * n;
  @*/
unsigned at_total(const unsigned char *bytes, size_t n);

#endif
