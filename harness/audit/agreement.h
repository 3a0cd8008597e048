/* SPDX-License-Identifier: Apache-2.0
 *
 * agreement.h: the fast path, the reference and the enclosure held against each other.
 *
 * Three checks per number, each a theorem that a fault in any path would break:
 *   fast       the kernel's result lies within its bound of the enclosure;
 *   reference  the reference ball (value and a-priori radius) meets the enclosure, and the value
 *              lies inside it where the radius is 64 bits below that of the enclosure;
 *   both       the kernel's result lies within the sum of its bound and that radius.
 */
#ifndef AT_AUDIT_AGREEMENT_H
#define AT_AUDIT_AGREEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/two_step.h"

enum { AT_FIELDS = 10 }; /* quantities of a point, see at_field_name */

/* One quantity of one point.  Differences are absolute, upper bounds; an ulp is that of binary64 at
 * the reference's value.  `bound` is the bound of the fast path at the entry `where`. */
struct at_agreement_row {
  const char *quantity; /* "scores", "weights", ... */
  size_t step;          /* the point after this many steps */
  size_t entries;
  double difference, difference_ulp; /* largest |fast - reference| */
  double distance, distance_ulp;     /* largest distance from fast to the enclosure */
  double bound;                      /* derived for this entry of this data */
  double ratio;                      /* bound / difference; infinity where both paths coincide */
  double used;                       /* largest (distance to the enclosure) / bound of any entry */
  size_t where;                      /* entry with the largest difference, row-major */
  bool fast_agrees, reference_agrees;
};

struct at_agreement {
  size_t rows;
  struct at_agreement_row *row; /* step by step, quantity by quantity */
  bool agrees;
  char disagreement[256]; /* the first one, for a person; empty if none */
};

/* Takes in a disagreement found elsewhere, unless there is one already; "" is none. */
void at_agreement_note(struct at_agreement *agreement, const char *disagreement);

const char *at_field_name(size_t field);

int at_agreement_init(struct at_agreement *agreement, const struct at_run *run,
                      struct at_failure *failure);
void at_agreement_clear(struct at_agreement *agreement);

/* Where entry `index` of a quantity lies, in words: "sample 3, token 1" or "entry 17". */
void at_agreement_place(char *text, size_t size, const struct at_agreement_row *row,
                        const struct at_run *run);

#endif
