/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions: see trapezoid.h.
 *
 * The window is found in long double, on the logarithm of the integrand: nothing but the place of
 * the nodes depends on it, and a window that is too small would show as a change.
 */
#include "tests/harness/enclosure/trapezoid.h"

#include <math.h>
#include <stddef.h>

enum { NODES = 1 << 9, BITS = 192 };

struct law {
  double scale, rate, slope;
  long double deviation; /* s_v */
};

/* (s_v / s) log(A / (s_v x)) + B x at x = exp(u). */
static long double height(const struct law *law, long double u)
{
  return law->deviation / law->rate * (logl(law->scale / law->deviation) - u) +
         law->slope * expl(u);
}

/* log of the integrand in u, to a few digits. */
static long double logarithm(const struct law *law, long double u)
{
  const long double k = height(law, u);
  const long double tail = k > 8.0L ? -k * k / 2.0L - logl(k) : logl(erfcl(k / sqrtl(2.0L)));
  return u - expl(2.0L * u) / 2.0L + tail;
}

/* The end of the window from `peak` in `direction`: where the integrand has fallen by exp(-90). */
static long double window_end(const struct law *law, long double peak, long double direction)
{
  const long double target = logarithm(law, peak) - 90.0L;
  long double far = 1.0L;
  long double near = 0.0L;
  while (logarithm(law, peak + direction * far) > target) far *= 2.0L;
  for (int k = 0; k < 100; k++) {
    const long double middle = (near + far) / 2.0L;
    if (logarithm(law, peak + direction * middle) > target)
      near = middle;
    else
      far = middle;
  }
  return peak + direction * far;
}

/* The largest value on [from, to], which holds one peak, by thirds. */
static long double window_peak(const struct law *law, long double from, long double to)
{
  for (int k = 0; k < 400; k++) {
    const long double left = (2.0L * from + to) / 3.0L;
    const long double right = (from + 2.0L * to) / 3.0L;
    if (logarithm(law, left) < logarithm(law, right))
      from = left;
    else
      to = right;
  }
  return (from + to) / 2.0L;
}

/* term = 2 sqrt(2 pi) times the integrand in u. */
static void integrand(mpfr_ptr term, const struct law *law, mpfr_srcptr u)
{
  mpfr_t x, k, deviation;
  mpfr_inits2(BITS, x, k, deviation, (mpfr_ptr)NULL);
  mpfr_set_d(deviation, law->slope, MPFR_RNDN);
  mpfr_sqr(deviation, deviation, MPFR_RNDN);
  mpfr_add_ui(deviation, deviation, 1, MPFR_RNDN);
  mpfr_sqrt(deviation, deviation, MPFR_RNDN);
  mpfr_exp(x, u, MPFR_RNDN);
  mpfr_d_div(k, law->scale, deviation, MPFR_RNDN);
  mpfr_div(k, k, x, MPFR_RNDN);
  mpfr_log(k, k, MPFR_RNDN);
  mpfr_mul(k, k, deviation, MPFR_RNDN);
  mpfr_div_d(k, k, law->rate, MPFR_RNDN);
  mpfr_mul_d(deviation, x, law->slope, MPFR_RNDN);
  mpfr_add(k, k, deviation, MPFR_RNDN);
  mpfr_sqrt_ui(deviation, 2, MPFR_RNDN);
  mpfr_div(k, k, deviation, MPFR_RNDN);
  mpfr_erfc(term, k, MPFR_RNDN);
  mpfr_mul(term, term, x, MPFR_RNDN);
  mpfr_sqr(x, x, MPFR_RNDN);
  mpfr_div_si(x, x, -2, MPFR_RNDN);
  mpfr_exp(x, x, MPFR_RNDN);
  mpfr_mul(term, term, x, MPFR_RNDN);
  mpfr_clears(x, k, deviation, (mpfr_ptr)NULL);
}

/* even, odd = the sums over the even and the odd nodes. */
static void sums(mpfr_ptr even, mpfr_ptr odd, const struct law *law, mpfr_srcptr from,
                 mpfr_srcptr spacing)
{
  mpfr_t u, term;
  mpfr_inits2(BITS, u, term, (mpfr_ptr)NULL);
  mpfr_set_zero(even, 1);
  mpfr_set_zero(odd, 1);
  for (unsigned long k = 0; k <= NODES; k++) {
    mpfr_mul_ui(u, spacing, k, MPFR_RNDN);
    mpfr_add(u, u, from, MPFR_RNDN);
    integrand(term, law, u);
    mpfr_ptr sum = k % 2 == 0 ? even : odd;
    mpfr_add(sum, sum, term, MPFR_RNDN);
  }
  mpfr_clears(u, term, (mpfr_ptr)NULL);
}

double at_test_trapezoid(mpfr_ptr value, double scale, double rate, double slope)
{
  const struct law law = {scale, rate, slope,
                          sqrtl(1.0L + (long double)slope * (long double)slope)};
  const long double peak = window_peak(&law, -60.0L, 12.0L);
  const mpfr_exp_t emin = mpfr_get_emin(); /* -2^30 is not enough for every case */
  mpfr_t from, spacing, odd;
  mpfr_set_emin(mpfr_get_emin_min());
  mpfr_inits2(BITS, from, spacing, odd, (mpfr_ptr)NULL);
  mpfr_set_ld(from, window_end(&law, peak, -1.0L), MPFR_RNDN);
  mpfr_set_ld(spacing, window_end(&law, peak, 1.0L), MPFR_RNDN);
  mpfr_sub(spacing, spacing, from, MPFR_RNDN);
  mpfr_div_ui(spacing, spacing, NODES, MPFR_RNDN);
  sums(value, odd, &law, from, spacing);
  mpfr_div(from, value, odd, MPFR_RNDN);
  mpfr_sub_ui(from, from, 1, MPFR_RNDN);
  const double change = fabs(mpfr_get_d(from, MPFR_RNDN));
  mpfr_add(value, value, odd, MPFR_RNDN);
  mpfr_mul(value, value, spacing, MPFR_RNDN);
  mpfr_const_pi(odd, MPFR_RNDN);
  mpfr_mul_ui(odd, odd, 8, MPFR_RNDN);
  mpfr_sqrt(odd, odd, MPFR_RNDN);
  mpfr_div(value, value, odd, MPFR_RNDN);
  mpfr_clears(from, spacing, odd, (mpfr_ptr)NULL);
  mpfr_set_emin(emin);
  return change;
}
