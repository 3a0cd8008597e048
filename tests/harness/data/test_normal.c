/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/normal.h.
 * Main result: draws agree with an MPFR twin of the same bits within the bounds that normal.h
 * states; their laws pass checks of false-alarm probability 1e-9 each (statistics.h); their bytes
 * have one fixed hash, which draw_bytes.sh repeats over compilers and flags.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <mpfr.h> /* after stdint.h, for uintmax_t */

#include "harness/data/normal.h"
#include "tests/harness/data/statistics.h"
#include "tests/suites.h"

enum { DRAWS = 1000000, CHI_DRAWS = 100000, TWINS = 20000, PRECISION = 256 };

/* FNV-1a of the draws of test_bytes; draw_bytes.sh compares the same two numbers. */
#define NORMAL_HASH UINT64_C(0xDD445CF01902AFB5)
#define CHI_HASH UINT64_C(0x510E3EFE60DF2353)

static const char *const stream_name = "train.noise";

/* The centre of the cell that the bits of block (index, draw) give H, exactly, and then the
 * exponential: -log H, or -log(1 - H) when the top bit is set. Returns whether H took
 * extra bits. */
static bool twin_exponential(mpfr_t value, const struct at_stream *stream, uint64_t index,
                             uint64_t draw)
{
  uint64_t block[2];
  uint64_t more[2];
  at_random_block(block, stream, index, draw);
  at_random_block(more, stream, index, draw + 1);
  uint64_t j = block[0] & (UINT64_MAX >> 1);
  bool extended = j < UINT64_C(1) << 53;
  mpfr_t low;
  mpfr_init2(low, PRECISION);
  mpfr_set_uj(low, extended ? more[0] : UINT64_C(1) << 63, MPFR_RNDN);
  mpfr_add_d(low, low, extended ? 0.5 : 0.0, MPFR_RNDN);
  mpfr_set_uj_2exp(value, j, 64, MPFR_RNDN);
  mpfr_add(value, value, low, MPFR_RNDN);
  mpfr_div_2ui(value, value, 128, MPFR_RNDN);
  if (block[0] >> 63 != 0) {
    mpfr_ui_sub(value, 1, value, MPFR_RNDN);
  }
  mpfr_log(value, value, MPFR_RNDN);
  mpfr_neg(value, value, MPFR_RNDN);
  mpfr_clear(low);
  return extended;
}

static double relative_error(double got, mpfr_t wanted, mpfr_t scale)
{
  mpfr_t error;
  mpfr_init2(error, PRECISION);
  mpfr_d_sub(error, got, wanted, MPFR_RNDN);
  mpfr_div(error, error, scale, MPFR_RNDN);
  double result = fabs(mpfr_get_d(error, MPFR_RNDN));
  mpfr_clear(error);
  return result;
}

static void test_exponential_twin(void)
{
  struct at_stream stream = at_stream_open(5, stream_name);
  double worst = 0.0;
  size_t extended = 0;
  mpfr_t wanted;
  mpfr_init2(wanted, PRECISION);
  for (uint64_t i = 0; i < TWINS; i++) {
    extended += twin_exponential(wanted, &stream, i, 0);
    worst = fmax(worst, relative_error(at_exponential(&stream, i, 0), wanted, wanted));
  }
  mpfr_clear(wanted);
  CU_ASSERT(worst <= 0x1p-49); /* normal.h */
  CU_ASSERT(extended > 0);     /* else the branch was not tested; 20 are expected */
}

/* pair: the coordinates of block `number` exactly; radius: their norm. The angle's cell centre is
 * (2j+1) 2^-62 pi/4; the top three bits choose its mirror image. */
static void twin_normals(mpfr_t pair[2], mpfr_t radius, const struct at_stream *stream,
                         uint64_t number)
{
  uint64_t block[2];
  at_random_block(block, stream, number, 0);
  (void)twin_exponential(radius, stream, number, 0);
  mpfr_mul_2ui(radius, radius, 1, MPFR_RNDN);
  mpfr_sqrt(radius, radius, MPFR_RNDN);
  bool swapped = (block[1] >> 61 & 1) != 0;
  mpfr_t angle;
  mpfr_t factor;
  mpfr_init2(angle, PRECISION);
  mpfr_init2(factor, PRECISION);
  mpfr_const_pi(angle, MPFR_RNDN);
  mpfr_set_uj(factor, 2 * (block[1] & (UINT64_MAX >> 3)) + 1, MPFR_RNDN);
  mpfr_mul(angle, angle, factor, MPFR_RNDN);
  mpfr_div_2ui(angle, angle, 64, MPFR_RNDN);
  mpfr_sin_cos(pair[swapped ? 0 : 1], pair[swapped ? 1 : 0], angle, MPFR_RNDN);
  for (unsigned i = 0; i < 2; i++) {
    mpfr_mul(pair[i], pair[i], radius, MPFR_RNDN);
    if ((block[1] >> (62 + i) & 1) != 0) mpfr_neg(pair[i], pair[i], MPFR_RNDN);
  }
  mpfr_clear(angle);
  mpfr_clear(factor);
}

static void test_normal_twin(void)
{
  struct at_stream stream = at_stream_open(6, stream_name);
  double worst = 0.0;
  mpfr_t pair[2];
  mpfr_t radius;
  mpfr_init2(pair[0], PRECISION);
  mpfr_init2(pair[1], PRECISION);
  mpfr_init2(radius, PRECISION);
  for (uint64_t number = 0; number < TWINS / 2; number++) {
    twin_normals(pair, radius, &stream, number);
    worst = fmax(worst, relative_error(at_normal(&stream, 2 * number), pair[0], radius));
    worst = fmax(worst, relative_error(at_normal(&stream, 2 * number + 1), pair[1], radius));
  }
  mpfr_clear(pair[0]);
  mpfr_clear(pair[1]);
  mpfr_clear(radius);
  CU_ASSERT(worst <= 0x1p-49); /* normal.h */
}

/* Around the ends of the batches of 128 too; among 4096 pairs four need more bits for H. */
static void test_fill(void)
{
  static const size_t counts[] = {0, 1, 2, 3, 4, 5, 6, 127, 128, 129, 130, 255, 256, 257, 8192};
  static double filled[8193];
  struct at_stream stream = at_stream_open(9, stream_name);
  for (uint64_t first = 0; first < 4; first++) {
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
      const size_t count = counts[k];
      size_t different = 0;
      filled[count] = 77.0;
      at_normal_fill(filled, &stream, first, count);
      for (size_t i = 0; i < count; i++) {
        different += filled[i] != at_normal(&stream, first + i);
      }
      CU_ASSERT_EQUAL(different, 0);
      CU_ASSERT_EQUAL(filled[count], 77.0);
    }
  }
}

/* Both tests below draw the same million normals. */
static double *normals_draw(void)
{
  struct at_stream stream = at_stream_open(1, stream_name);
  double *normal = malloc(DRAWS * sizeof *normal);
  if (normal != NULL) at_normal_fill(normal, &stream, 0, DRAWS);
  return normal;
}

static void test_normal_law(void)
{
  double *normal = normals_draw();
  CU_ASSERT_PTR_NOT_NULL(normal);
  if (normal == NULL) return;
  double sum = 0.0;
  double squares = 0.0;
  double beyond[4] = {0.0};
  for (size_t i = 0; i < DRAWS; i++) {
    sum += normal[i];
    squares += normal[i] * normal[i];
    for (int k = 2; k <= 5; k++) {
      beyond[k - 2] += fabs(normal[i]) > (double)k ? 1.0 : 0.0;
    }
  }
  /* The mean is normal of variance 1/n, and Phi(-x) <= exp(-x^2/2)/2. */
  CU_ASSERT(fabs(sum) <= sqrt(2.0 * (double)DRAWS * AT_TEST_LOG));
  CU_ASSERT(at_test_chi_squared_holds(squares, (double)DRAWS));
  for (int k = 2; k <= 5; k++) {
    CU_ASSERT(at_test_count_holds(beyond[k - 2], (double)DRAWS, erfc((double)k * sqrt(0.5))));
  }
  double distance = at_test_distance(normal, DRAWS, at_test_law_normal, 0.0);
  CU_ASSERT(distance <= at_test_distance_bound(DRAWS));
  CU_ASSERT(normal[0] >= -AT_NORMAL_MAX && normal[DRAWS - 1] <= AT_NORMAL_MAX);
  free(normal);
}

/* The signs of Z and of |Z| - median are fair; products over distinct draws are fair signs too.
 * Lag 1 pairs the two coordinates of one block half of the time. Every second product of lag 1 is
 * used, so that the summands are independent; for longer lags likewise by blocks. */
static void test_normal_independence(void)
{
  static const size_t lags[] = {1, 2, 3, 64, 1000};
  const double median = 0.6744897501960817; /* of |Z|: Phi^-1(3/4) */
  double *normal = normals_draw();
  CU_ASSERT_PTR_NOT_NULL(normal);
  if (normal == NULL) return;
  for (size_t l = 0; l < sizeof lags / sizeof *lags; l++) {
    double signs = 0.0;
    double sizes = 0.0;
    double mixed = 0.0;
    size_t used = 0;
    for (size_t i = 0; i + lags[l] < DRAWS; i++) {
      if (i / lags[l] % 2 != 0) continue;
      double a = normal[i];
      double b = normal[i + lags[l]];
      signs += a * b > 0.0 ? 1.0 : -1.0;
      sizes += (fabs(a) - median) * (fabs(b) - median) > 0.0 ? 1.0 : -1.0;
      mixed += a * (fabs(b) - median) > 0.0 ? 1.0 : -1.0;
      used++;
    }
    CU_ASSERT(fabs(signs) <= at_test_sign_sum_bound(used));
    CU_ASSERT(fabs(sizes) <= at_test_sign_sum_bound(used));
    CU_ASSERT(fabs(mixed) <= at_test_sign_sum_bound(used));
  }
  free(normal);
}

static void test_chi_law(void)
{
  static const uint64_t degrees[] = {1, 2, 3, 4, 6, 10, 40, 200};
  double *chi = malloc(CHI_DRAWS * sizeof *chi);
  CU_ASSERT_PTR_NOT_NULL(chi);
  if (chi == NULL) return;
  for (size_t k = 0; k < sizeof degrees / sizeof *degrees; k++) {
    struct at_stream stream = at_stream_open(100 + k, stream_name);
    double squares = 0.0;
    for (size_t i = 0; i < CHI_DRAWS; i++) {
      chi[i] = at_chi(&stream, i, degrees[k]);
      squares += chi[i] * chi[i];
    }
    CU_ASSERT(at_test_chi_squared_holds(squares, (double)degrees[k] * (double)CHI_DRAWS));
    double distance = at_test_distance(chi, CHI_DRAWS, at_test_law_chi, (double)degrees[k]);
    CU_ASSERT(distance <= at_test_distance_bound(CHI_DRAWS));
  }
  free(chi);
}

/* (chi^2 - k) / sqrt(2k) is within 0.4748 E|Z^2-1|^3 / (sqrt(8k)) <= 1.5/sqrt(k) of normal in
 * distribution (Berry-Esseen, Shevtsova's constant; E|Z^2-1|^3 < 8.7). */
static void test_chi_law_large(void)
{
  static const uint64_t degrees[] = {UINT64_C(1000000), UINT64_C(1000000000),
                                     UINT64_C(1000000000000), UINT64_C(1000000000000000000)};
  double *chi = malloc(CHI_DRAWS * sizeof *chi);
  CU_ASSERT_PTR_NOT_NULL(chi);
  if (chi == NULL) return;
  for (size_t k = 0; k < sizeof degrees / sizeof *degrees; k++) {
    struct at_stream stream = at_stream_open(200 + k, stream_name);
    double root = sqrt((double)degrees[k]);
    for (size_t i = 0; i < CHI_DRAWS; i++) {
      double x = at_chi(&stream, i, degrees[k]);
      chi[i] = (x - root) * ((x + root) / (root * sqrt(2.0)));
    }
    double distance = at_test_distance(chi, CHI_DRAWS, at_test_law_normal, 0.0);
    CU_ASSERT(distance <= at_test_distance_bound(CHI_DRAWS) + 1.5 / root);
  }
  free(chi);
}

/* A chi, a normal and an exponential of one index use different blocks. */
static void test_kinds_independent(void)
{
  struct at_stream stream = at_stream_open(300, stream_name);
  const double median = 0.6744897501960817;
  double sum = 0.0;
  for (size_t i = 0; i < CHI_DRAWS; i++) {
    double normal = at_normal(&stream, 2 * i);
    sum += normal * (at_chi(&stream, i, 1) - median) > 0.0 ? 1.0 : -1.0;
  }
  CU_ASSERT(fabs(sum) <= at_test_sign_sum_bound(CHI_DRAWS));
}

/* The bytes that every machine, compiler and optimisation level must give. */
static void test_bytes(void)
{
  static double draws[10000];
  struct at_stream stream = at_stream_open(2026, stream_name);
  at_normal_fill(draws, &stream, 0, 10000);
  CU_ASSERT_EQUAL(at_test_hash(draws, 10000), NORMAL_HASH);
  for (size_t i = 0; i < 10000; i++) {
    draws[i] = at_chi(&stream, i, i < 5000 ? 1 + i : 1000000000 + i);
  }
  CU_ASSERT_EQUAL(at_test_hash(draws, 10000), CHI_HASH);
}

void at_suite_normal(void)
{
  CU_pSuite suite = CU_add_suite("normal", NULL, NULL);
  CU_add_test(suite, "an exponential is its bits' within 2^-49", test_exponential_twin);
  CU_add_test(suite, "a normal is its bits' within 2^-49 R", test_normal_twin);
  CU_add_test(suite, "a filled row holds the single draws", test_fill);
  CU_add_test(suite, "normals are normal, tails included", test_normal_law);
  CU_add_test(suite, "normals are independent", test_normal_independence);
  CU_add_test(suite, "chi has its law, 1 to 200 degrees", test_chi_law);
  CU_add_test(suite, "chi has its law, 10^6 to 10^18 degrees", test_chi_law_large);
  CU_add_test(suite, "a chi is independent of the normal of its index", test_kinds_independent);
  CU_add_test(suite, "the bytes are fixed", test_bytes);
}
