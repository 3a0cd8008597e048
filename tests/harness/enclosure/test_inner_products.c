/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/enclosure/inner_products.h.
 * Main result: at the bits that are asked for nothing is rounded, whether binary64 or Arb sums;
 * on a grid on which binary64 rounds, underflows, or would in another order, it is not used.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>

#include "harness/enclosure/ball.h"
#include "harness/enclosure/inner_products.h"
#include "tests/harness/enclosure/enclosure.h"
#include "tests/suites.h"

enum { ROWS = 5, DIM = 700, PRODUCTS = ROWS * (ROWS + 1) / 2 };

/* Every product is exact and equals the sum of its exact terms. */
static void products_are_exact(const struct at_rows *rows, slong precision)
{
  arb_ptr product = _arb_vec_init(PRODUCTS);
  arf_t sum, x, y;
  arf_init(sum);
  arf_init(x);
  arf_init(y);
  at_inner_products(product, rows, precision);
  for (size_t i = 0; i < ROWS; i++) {
    for (size_t j = 0; j <= i; j++) {
      arf_zero(sum);
      for (size_t k = 0; k < rows->dim; k++) {
        arf_set_d(x, rows->first[i * rows->stride + k]);
        arf_set_d(y, rows->first[j * rows->stride + k]);
        arf_addmul(sum, x, y, ARF_PREC_EXACT, ARF_RND_DOWN);
      }
      const arb_srcptr entry = product + i * (i + 1) / 2 + j;
      CU_ASSERT(arb_is_exact(entry));
      CU_ASSERT(arf_equal(arb_midref(entry), sum));
    }
  }
  arf_clear(sum);
  arf_clear(x);
  arf_clear(y);
  _arb_vec_clear(product, PRODUCTS);
}

/* Normals of 53 bits, a last column of zeros in every second row, one row of zeros. */
static void test_normals(void)
{
  static double entry[ROWS * DIM];
  const struct at_rows rows = {entry, ROWS, DIM, DIM};
  at_test_normals(entry, ROWS * DIM, 3.0, 7);
  for (size_t r = 0; r < ROWS; r += 2) entry[r * DIM + DIM - 1] = 0.0;
  for (size_t k = 0; k < DIM; k++) entry[3 * DIM + k] = 0.0;
  CU_ASSERT(at_inner_product_bits(&rows) > DBL_MANT_DIG);
  products_are_exact(&rows, at_inner_product_bits(&rows));
  arb_ptr product = _arb_vec_init(PRODUCTS);
  at_inner_products(product, &rows, 64);
  CU_ASSERT_FALSE(arb_is_exact(product));
  _arb_vec_clear(product, PRODUCTS);
}

/* The grid 2^-16 below 8 has 19 bits: 38 and 10 for 700 columns are 48. At the precision asked for
 * here Arb would round, so that exact products show that binary64 summed them. */
static void test_grid(void)
{
  static double entry[ROWS * DIM];
  const struct at_rows rows = {entry, ROWS, DIM, DIM};
  at_test_normals(entry, ROWS * DIM, 1.0, 8);
  for (size_t k = 0; k < ROWS * DIM; k++) entry[k] = floor(entry[k] * 0x1p16) * 0x1p-16;
  entry[0] = 8.0 - 0x1p-16;
  CU_ASSERT_EQUAL(at_inner_product_bits(&rows), 48);
  products_are_exact(&rows, 20);
  entry[1] = 0x1p-19;
  CU_ASSERT_EQUAL(at_inner_product_bits(&rows), 54);
  products_are_exact(&rows, 54);
  for (size_t k = 0; k < ROWS * DIM; k++) entry[k] *= 1.0 + 0x1p-12;
  CU_ASSERT_EQUAL(at_inner_product_bits(&rows), 2 * (4 + 31) + 10); /* binary64 would round */
  products_are_exact(&rows, 80);
}

/* Few bits a product, but far below the least positive binary64 number: 0 would be the sum. */
static void test_underflow(void)
{
  double entry[ROWS] = {0x1p-600, 0x1p-600, 0x1p-601, -0x1p-600, 0x1.8p-600};
  const struct at_rows rows = {entry, ROWS, 1, 1};
  CU_ASSERT(at_inner_product_bits(&rows) <= DBL_MANT_DIG);
  products_are_exact(&rows, 64);
}

/* The rows may be some of a matrix: every second one here. */
static void test_stride(void)
{
  static double entry[2 * ROWS * DIM];
  const struct at_rows rows = {entry + DIM, ROWS, 2 * DIM, DIM};
  at_test_normals(entry, 2 * ROWS * DIM, 1.0, 9);
  products_are_exact(&rows, at_inner_product_bits(&rows));
}

void at_suite_enclosure_inner_products(void)
{
  CU_pSuite suite = CU_add_suite("enclosure inner products", NULL, NULL);
  CU_add_test(suite, "products of normals are exact at their bits", test_normals);
  CU_add_test(suite, "on a coarse grid binary64 is exact and used", test_grid);
  CU_add_test(suite, "products that underflow are not left to binary64", test_underflow);
  CU_add_test(suite, "rows may be strided", test_stride);
}
