/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: all that can be certified about the first two steps of gradient descent on given data
 * without descending: the quantities of the theorems, which theorem applies, what it guarantees,
 * and, if none does, what would have to change.
 * Main result: precision doubles until every condition is decided, or the cap is reached. The
 * guarantees are held against the closed forms of the same data: a contradiction is a fault of a
 * theorem or of this program, never a result.
 * Assumptions: those of hypotheses.h. Test: tests/harness/audit/test_certificate.c.
 */
#ifndef AT_AUDIT_CERTIFICATE_H
#define AT_AUDIT_CERTIFICATE_H

#include <arb.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/audit/gram.h"
#include "harness/audit/hypotheses.h"
#include "harness/audit/theorems.h"
#include "harness/data/token_data.h"

/* obstacle: NULL, or why no theorem speaks about the data; then nothing else is set.
 * signed_most, absolute_most: of each of the four sets, the largest |sum over j /= i in the set of
 * gamma_ij| and of |gamma_ij|.
 * undecided: some condition is open at the cap. contradiction: "" or the sample that a guarantee
 * does not fit. */
struct at_certificate {
  const char *obstacle;
  const struct at_token_data *data;
  double step;
  slong precision;
  struct at_gram gram;
  struct at_hypotheses hypotheses;
  struct at_theorem_check check[AT_THEOREMS];
  arb_ptr signed_most, absolute_most;
  bool undecided;
  char contradiction[160];
};

/* `data` must outlive the certificate. Free with _clear. */
void at_certificate_init(struct at_certificate *certificate, const struct at_token_data *data,
                         double step);
void at_certificate_clear(struct at_certificate *certificate);

/* Of the theorems that apply the one that says most: two steps before one, fewer conditions on the
 * data before more; AT_THEOREMS if none applies. */
enum at_theorem at_certificate_best(const struct at_certificate *certificate);

/* What may change with everything else, and the Gram statistics, kept. */
enum at_change { AT_CHANGE_BETA, AT_CHANGE_RHO, AT_CHANGE_SCALE, AT_CHANGES };

/* *factor: the one nearest to 1, of those tried between 2^-8 and 2^8, by which the quantity has to
 * be multiplied for *theorem to apply; false if none was found. Scale multiplies R alone, as if the
 * dimension grew and epsilon, tau and the row sums stayed. */
bool at_certificate_advise(double *factor, enum at_theorem *theorem,
                           const struct at_certificate *certificate, enum at_change change);

#endif
