/* SPDX-License-Identifier: Apache-2.0
 *
 * bounded.h: the one word of every contract: "finite and at most m in magnitude".
 *
 * Macros, not predicates: a predicate with a memory label hides the quantifier from the solvers.
 * Read only by Frama-C (annotations are preprocessed); a compiler never sees this file.
 */
#ifndef AT_SPECS_BOUNDED_H
#define AT_SPECS_BOUNDED_H

/* v is finite and |v| <= m */
#define AT_WITHIN(v, m) (\is_finite(v) && -(m) <= (v) <= (m))

/* every entry a[lo .. hi-1] is finite and at most m in magnitude */
#define AT_ALL_WITHIN(a, lo, hi, m) \
  (\forall integer k_; (lo) <= k_ < (hi) ==> \is_finite((a)[k_]) && -(m) <= (a)[k_] <= (m))

/* every entry a[lo .. hi-1] is finite and lies in [0, 1] */
#define AT_ALL_UNIT(a, lo, hi) \
  (\forall integer k_; (lo) <= k_ < (hi) ==> \is_finite((a)[k_]) && 0.0 <= (a)[k_] <= 1.0)

/* every entry of `out` exceeds in magnitude that of `sum` by at most m */
#define AT_ALL_GROWN(out, sum, n, m) \
  (\forall integer k_; 0 <= k_ < (n) ==> \is_finite((out)[k_]) && \
   -\abs(\at((sum)[k_], Pre)) - (m) <= (out)[k_] <= \abs(\at((sum)[k_], Pre)) + (m))

#endif
