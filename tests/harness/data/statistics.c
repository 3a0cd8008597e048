/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: goodness-of-fit statistics and their thresholds (see statistics.h).
 * Main result, assumptions: there.
 */
#include "tests/harness/data/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int order(const void *left, const void *right)
{
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

double at_test_distance(double *sample, size_t n, double (*law)(double x, double parameter),
                        double parameter)
{
  double distance = 0.0;
  qsort(sample, n, sizeof *sample, order);
  for (size_t i = 0; i < n; i++) {
    double probability = law(sample[i], parameter);
    distance = fmax(distance, fabs(probability - (double)i / (double)n));
    distance = fmax(distance, fabs(probability - (double)(i + 1) / (double)n));
  }
  return distance;
}

double at_test_distance_two(double *sample, double *other, size_t n)
{
  double distance = 0.0;
  size_t i = 0;
  size_t j = 0;
  qsort(sample, n, sizeof *sample, order);
  qsort(other, n, sizeof *other, order);
  while (i < n && j < n) {
    double next = fmin(sample[i], other[j]);
    while (i < n && sample[i] <= next) i++;
    while (j < n && other[j] <= next) j++;
    distance = fmax(distance, fabs((double)i - (double)j) / (double)n);
  }
  return distance;
}

double at_test_distance_bound(size_t n)
{
  return sqrt(AT_TEST_LOG / (2.0 * (double)n));
}

double at_test_distance_two_bound(size_t n)
{
  return sqrt(AT_TEST_LOG / (double)n);
}

double at_test_sign_sum_bound(size_t n)
{
  return sqrt(2.0 * (double)n * AT_TEST_LOG);
}

bool at_test_chi_squared_holds(double value, double k)
{
  double spread = 2.0 * sqrt(k * AT_TEST_LOG);
  return value <= k + spread + 2.0 * AT_TEST_LOG && value >= k - spread;
}

bool at_test_count_holds(double count, double n, double p)
{
  double variance = n * p * (1.0 - p);
  double third = AT_TEST_LOG / 3.0;
  return fabs(count - n * p) <= third + sqrt(third * third + 2.0 * variance * AT_TEST_LOG);
}

double at_test_law_uniform(double x, double unused)
{
  (void)unused;
  return x;
}

double at_test_law_normal(double x, double unused)
{
  (void)unused;
  return 0.5 * erfc(-x * sqrt(0.5));
}

/* Even k: the gamma law of whole order k/2 counts Poisson events. */
double at_test_law_chi(double x, double k)
{
  double half = x * x / 2.0;
  if (k == 1.0) return erf(x * sqrt(0.5));
  if (k == 3.0) return erf(x * sqrt(0.5)) - sqrt(4.0 / 3.141592653589793 * half) * exp(-half);
  double term = exp(-half);
  double sum = 0.0;
  for (int j = 0; 2 * j < (int)k; j++) {
    sum += term;
    term *= half / (double)(j + 1);
  }
  return 1.0 - sum;
}

uint64_t at_test_hash(const double *value, size_t n)
{
  uint64_t hash = UINT64_C(0xCBF29CE484222325);
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, &value[i], sizeof bits);
    for (int byte = 0; byte < 8; byte++) {
      hash = (hash ^ (bits >> (8 * byte) & 0xFF)) * UINT64_C(0x100000001B3);
    }
  }
  return hash;
}

bool at_test_same(const double *one, const double *other, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    uint64_t bits[2];
    memcpy(&bits[0], &one[i], sizeof bits[0]);
    memcpy(&bits[1], &other[i], sizeof bits[1]);
    if (bits[0] != bits[1]) return false;
  }
  return true;
}
