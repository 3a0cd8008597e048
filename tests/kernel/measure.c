/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: measuring results against bounds (see measure.h).
 * Main result: the comparison is decided on a difference that is rounded up, by less than 2^-190.
 * Assumptions: CUnit.
 */
#include "tests/kernel/measure.h"

#include <CUnit/CUnit.h>
#include <arf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data/random.h"
#include "tests/kernel/judge.h"

enum { SHOWN_FAILURES = 5, DIFFERENCE_PRECISION = 192 };
#define SMALLEST_SCALE 0x1p-900 /* below it underflow and clamp make errors absolute */

void measure_inputs(struct measure *measure, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(measure->inputs, sizeof measure->inputs, format, arguments);
  va_end(arguments);
}

/* difference >= |computed - reference|, rounded up at DIFFERENCE_PRECISION bits: an exact
   difference with the far ends of MPFR's exponent range would fill the memory */
static void distance(arf_t difference, double computed, mpfr_srcptr reference)
{
  arf_t exact;
  arf_init(exact);
  arf_set_mpfr(exact, reference);
  arf_set_d(difference, computed);
  arf_sub(difference, difference, exact, DIFFERENCE_PRECISION, ARF_RND_UP);
  arf_abs(difference, difference);
  arf_clear(exact);
}

void measure_value(struct measure *measure, double computed, mpfr_srcptr reference,
                   const mag_struct *bound, const mag_struct *radius, double scale)
{
  arf_t difference;
  mag_t allowed;
  arf_init(difference);
  mag_init_set(allowed, bound);
  if (radius != NULL) mag_add(allowed, allowed, radius);
  measure->values++;
  int within = 0;
  if (isfinite(computed)) {
    distance(difference, computed, reference);
    within = arf_cmpabs_mag(difference, allowed) <= 0;
  }
  if (!within) {
    measure->failures++;
    if (measure->failures <= SHOWN_FAILURES) {
      (void)mpfr_printf("    %s: %s: %a, exact %.25Rg, allowed %.3g\n", measure->name,
                        measure->inputs, computed, reference, mag_get_d(allowed));
    }
  } else if (!arf_is_zero(difference)) {
    const double error = arf_get_d(difference, ARF_RND_NEAR);
    if (scale > SMALLEST_SCALE) measure->units = fmax(measure->units, error / scale * 0x1p52);
    const double used = error / mag_get_d(allowed);
    if (used > measure->used) {
      measure->used = used;
      memcpy(measure->worst, measure->inputs, sizeof measure->worst);
    }
  }
  arf_clear(difference);
  mag_clear(allowed);
}

size_t measure_wanted(void)
{
  return getenv("SAMPLES") != NULL ? judge_samples() : 0;
}

void measure_close(const struct measure *measure)
{
  (void)printf("  %-22s %8zu values, largest error %9.4g * 2^-52 of %s, %.3f of its bound at %s\n",
               measure->name, measure->values, measure->units, measure->scale, measure->used,
               measure->worst);
  CU_ASSERT_EQUAL(measure->failures, 0);
  CU_ASSERT(measure->values > 0);
}

void measure_draw(double *x, size_t n, uint64_t seed, const char *stream, int low, int high)
{
  const struct at_stream bits_of = at_stream_open(seed, stream);
  for (size_t k = 0; k < n; k++) {
    uint64_t bits[2];
    at_random_block(bits, &bits_of, k, 0);
    const int exponent = low + (int)((bits[1] >> 8) % (uint64_t)(high - low + 1));
    const double mantissa = 1.0 + (double)(bits[0] >> 12) * 0x1p-52;
    const double magnitude = bits[1] % 16 == 0 ? 0.0 : ldexp(mantissa, exponent);
    x[k] = (bits[1] & 128) != 0 ? -magnitude : magnitude;
  }
}

bool measure_same_bits(const double *x, const double *y, size_t n)
{
  uint64_t a, b;
  for (size_t k = 0; k < n; k++) {
    memcpy(&a, x + k, sizeof a);
    memcpy(&b, y + k, sizeof b);
    if (a != b) return false;
  }
  return true;
}

double *measure_doubles(size_t n)
{
  double *array = calloc(n > 0 ? n : 1, sizeof *array);
  if (array == NULL) abort();
  return array;
}

mag_ptr measure_mags(size_t n)
{
  mag_ptr array = malloc((n > 0 ? n : 1) * sizeof *array);
  if (array == NULL) abort();
  for (size_t k = 0; k < n; k++) mag_init(array + k);
  return array;
}

void measure_mags_clear(mag_ptr array, size_t n)
{
  for (size_t k = 0; k < n; k++) mag_clear(array + k);
  free(array);
}
