/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the inner products of binary64 rows, which is all that gradient descent from zero and
 * the two-step theorem ask of the data.
 * Main result: every ball contains the exact inner product.  At a precision of at_inner_product_bits
 * or more nothing is rounded; where these bits are at most 53, and no product can underflow,
 * binary64 itself gives the exact products, in any order of summation, and is used.
 * Derivation: the non-zero entries are multiples of 2^low and smaller than 2^top, so products are
 * multiples of 2^(2 low), and every partial sum of at most `dim` of them is below dim 2^(2 top):
 * an integer of 2 (top - low) + ceil(log2 dim) bits times 2^(2 low).
 * Assumptions: the rows passed at_token_data_validate. FLINT aborts when memory is exhausted.
 * Test: tests/harness/enclosure/test_inner_products.c.
 */
#ifndef AT_HARNESS_ENCLOSURE_INNER_PRODUCTS_H
#define AT_HARNESS_ENCLOSURE_INNER_PRODUCTS_H

#include <stddef.h>

#include <arb.h>

/* Rows of `dim` entries, row r at first + r * stride. */
struct at_rows {
  const double *first;
  size_t count;
  size_t stride;
  size_t dim;
};

/* Bits that hold every partial sum of every inner product of two of the rows exactly. */
slong at_inner_product_bits(const struct at_rows *rows);

/* product: lower triangle, row i at product + i(i+1)/2: the inner products of rows i and j <= i.
 * Cost: count^2 / 2 dot products over the columns up to the last non-zero one; some 5 ns a column
 * up to 160 bits, 15 beyond, a tenth of one in binary64. */
void at_inner_products(arb_ptr product, const struct at_rows *rows, slong precision);

#endif
