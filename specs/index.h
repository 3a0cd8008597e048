/* SPDX-License-Identifier: Apache-2.0
 *
 * index.h: rows of row-major matrices lie inside them, and their offsets do not overflow.
 *
 * The products here are what the solvers do not find alone; each lemma is proved where it is used
 * (goal `typed_lemma_…`).  Read only by Frama-C.
 */
#ifndef AT_SPECS_INDEX_H
#define AT_SPECS_INDEX_H

/*@ // The predicates carry all variables, so that asserting one of them is what calls its lemma.
    predicate at_row(integer r, integer rows, integer stride) = 0 <= r < rows && 0 <= stride;
    lemma row_inside: \forall integer r, rows, stride; at_row(r, rows, stride) ==>
      0 <= r * stride && r * stride <= (rows - 1) * stride &&
      r * stride + stride <= rows * stride;

    predicate at_product(integer a, integer b, integer a_max, integer b_max) =
      0 <= a <= a_max && 0 <= b <= b_max;
    lemma product_bound: \forall integer a, b, a_max, b_max; at_product(a, b, a_max, b_max) ==>
      0 <= a * b && a * b <= a_max * b_max;
*/

#endif
