/* SPDX-License-Identifier: Apache-2.0
 *
 * test_kernel.c: every build of the kernel gives the same bits, and the choice among them.
 *
 * Main result: all that a point holds, and a step from it, has on every build that this processor
 * runs the bits of the plain build.  Sizes leave a remainder in every loop that has one.
 */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fast/kernel.h"
#include "harness/fast/single_head.h"
#include "tests/kernel/measure.h"
#include "tests/suites.h"

enum { N = 11, T = 3, D = 2 * AT_BLOCK + 77, ROWS = N * T };
enum { ARRAYS = 12 };

/* The arrays of a point and the weights after a step, side by side. */
static double *run_build(const struct at_kernel *build, const struct at_token_data *data,
                         size_t *length)
{
  struct at_failure failure = {""};
  struct at_fast_point now, next;
  CU_ASSERT_EQUAL_FATAL(at_kernel_select(build->name, &failure), 0);
  CU_ASSERT_PTR_EQUAL(at_kernel(), build);
  CU_ASSERT_EQUAL_FATAL(at_fast_point_init(&now, N, T, D, &failure), 0);
  CU_ASSERT_EQUAL_FATAL(at_fast_point_init(&next, N, T, D, &failure), 0);
  measure_draw(now.v, D, 1, "builds.v", -9, -3);
  measure_draw(now.p, D, 1, "builds.p", -9, -3);
  at_fast_point_evaluate(&now, data);
  at_fast_point_step(&next, &now, data, 0.125);
  const double *arrays[ARRAYS] = {next.v,
                                  next.p,
                                  now.gradient_v,
                                  now.gradient_p,
                                  now.scores,
                                  now.values,
                                  now.weights,
                                  now.outputs,
                                  now.losses,
                                  &now.loss,
                                  now.score_coefficients,
                                  now.value_coefficients};
  const size_t lengths[ARRAYS] = {D, D, D, D, ROWS, ROWS, ROWS, N, N, 1, ROWS, ROWS};
  double *all = measure_doubles(4 * D + 5 * ROWS + 2 * N + 1);
  *length = 0;
  for (size_t k = 0; k < ARRAYS; k++) {
    memcpy(all + *length, arrays[k], lengths[k] * sizeof *all);
    *length += lengths[k];
  }
  at_fast_point_clear(&now);
  at_fast_point_clear(&next);
  return all;
}

static void test_bits(void)
{
  struct at_failure failure = {""};
  struct at_token_data data;
  size_t length = 0;
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(&data, N, T, D, false, &failure), 0);
  measure_draw(data.token, (size_t)ROWS * D, 1, "builds.tokens", -6, 2);
  for (size_t i = 0; i < N; i++) data.label[i] = i % 3 == 0 ? -1.0 : 1.0;
  double *plain = run_build(at_kernel_build(0), &data, &length);
  for (size_t b = 1; at_kernel_build(b) != NULL; b++) {
    if (!at_kernel_runs(at_kernel_build(b))) continue;
    double *other = run_build(at_kernel_build(b), &data, &length);
    CU_ASSERT(measure_same_bits(other, plain, length));
    free(other);
  }
  free(plain);
  at_token_data_free(&data);
  CU_ASSERT_EQUAL(at_kernel_select(NULL, &failure), 0);
}

static void test_choice(void)
{
  struct at_failure failure = {""};
  size_t last = 0;
  CU_ASSERT_STRING_EQUAL(at_kernel_build(0)->name, "plain");
  CU_ASSERT(at_kernel_runs(at_kernel_build(0)));
  for (size_t b = 0; at_kernel_build(b) != NULL; b++) {
    const int runs = at_kernel_runs(at_kernel_build(b));
    if (runs) last = b;
    CU_ASSERT_EQUAL(at_kernel_select(at_kernel_build(b)->name, &failure), runs ? 0 : -1);
  }
  CU_ASSERT_EQUAL(at_kernel_select("x86-64-v5", &failure), -1);
  CU_ASSERT_PTR_NOT_NULL(strstr(failure.line, "'x86-64-v5' is not a build"));
  CU_ASSERT_EQUAL(at_kernel_select("", &failure), -1);
  CU_ASSERT_EQUAL(at_kernel_select(NULL, &failure), 0);
  CU_ASSERT_PTR_EQUAL(at_kernel(), at_kernel_build(last));
}

void at_suite_fast_kernel(void)
{
  CU_pSuite suite = CU_add_suite("harness/fast/kernel", NULL, NULL);
  CU_add_test(suite, "every build gives the same bits", test_bits);
  CU_add_test(suite, "the fastest build that runs is chosen", test_choice);
}
