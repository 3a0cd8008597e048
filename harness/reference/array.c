/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: arrays of MPFR numbers (see array.h).
 * Main result: allocation that never returns NULL.
 * Assumptions: none.  Test: tests/harness/reference/test_reference.c.
 */
#include "harness/reference/array.h"

#include <stdio.h>
#include <stdlib.h>

mpfr_ptr at_reference_array_init(size_t n, mpfr_prec_t precision)
{
  mpfr_ptr array = calloc(n > 0 ? n : 1, sizeof *array);
  if (array == NULL) {
    (void)fprintf(stderr, "reference path: no memory for %zu numbers\n", n);
    abort();
  }
  for (size_t k = 0; k < n; k++) {
    mpfr_init2(array + k, precision);
    mpfr_set_zero(array + k, 1);
  }
  return array;
}

void at_reference_array_clear(mpfr_ptr array, size_t n)
{
  if (array == NULL) return;
  for (size_t k = 0; k < n; k++) mpfr_clear(array + k);
  free(array);
}

void at_reference_array_set(mpfr_ptr array, const double *values, size_t n)
{
  for (size_t k = 0; k < n; k++) mpfr_set_d(array + k, values[k], MPFR_RNDN);
}
