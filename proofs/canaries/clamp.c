/* SPDX-License-Identifier: Apache-2.0
 *
 * Canary: the update of kernel/vector.c without its projection.  That the next weight stays in the
 * box must then not be proved.  Run by proofs/run with the command line of every other target. */
#include "../../kernel/capacity.h"
#include "../../specs/bounded.h"

/*@ requires range_weight: AT_WITHIN(weight, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ requires range_gradient: AT_WITHIN(gradient, 0x1p145);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures canary: AT_WITHIN(\result, AT_MAX_WEIGHT);
  @*/
double descend_without_clamp(double weight, double step, double gradient)
{
  double change = step * gradient;
  return weight - change;
}
