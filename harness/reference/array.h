/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: arrays of MPFR numbers of one precision; element k of `a` is `a + k`.
 * Main result: what the rest of the reference path stores its vectors and matrices in.
 * Assumptions: like MPFR itself, running out of memory ends the process with a message.
 * Test: tests/harness/reference/test_reference.c.
 */
#ifndef AT_HARNESS_REFERENCE_ARRAY_H
#define AT_HARNESS_REFERENCE_ARRAY_H

#include <mpfr.h>
#include <stddef.h>

/* The precisions of the reference path, in bits.  At 53 every binary64 number is still exact. */
enum { AT_REFERENCE_MIN_PRECISION = 53, AT_REFERENCE_MAX_PRECISION = 4096 };

/* n zeros of `precision` bits; free with at_reference_array_clear. */
mpfr_ptr at_reference_array_init(size_t n, mpfr_prec_t precision);

/* Frees an array of n numbers; NULL is allowed. */
void at_reference_array_clear(mpfr_ptr array, size_t n);

/* array[k] = values[k], rounded to nearest (exact from 53 bits on). */
void at_reference_array_set(mpfr_ptr array, const double *values, size_t n);

#endif
