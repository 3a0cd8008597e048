/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/reference/closed_form.h.
 * Main result: two steps of the reference path from zero end where the closed forms say, within the
 * a-priori radius of the path; the two closed forms agree for T = 2; the kernel's two steps lie
 * within their bound of the closed form.
 * Assumptions: tests/kernel/run.h.  The closed form is evaluated with CLOSED_PRECISION bits, 256
 * more than the path.  Its own error, by the same kind of derivation over the same numbers, is then
 * of the order of 2^-256 times the path's radius; 2^-200 of the radius is allowed for it.
 */
#include <CUnit/CUnit.h>

#include "harness/bounds/computed.h"
#include "harness/reference/array.h"
#include "harness/reference/closed_form.h"
#include "tests/kernel/run.h"
#include "tests/suites.h"

enum { CLOSED_PRECISION = MEASURE_PRECISION + 256 };

typedef void closed_form(mpfr_ptr v1, mpfr_ptr v2, mpfr_ptr p2, const struct at_token_data *data,
                         double step);

static struct measure kernel_steps = {.name = "two steps from zero", .scale = "the largest entry"};

/* |path - closed| <= radius (1 + 2^-200), entry by entry; distance is tight to 2^-29 upward, so the
 * radius is raised by 2^-28 to stand above it where both are equal */
static void vectors_meet(mpfr_srcptr path, mpfr_srcptr closed, mag_srcptr radius, size_t n)
{
  mag_t distance, allowed;
  arf_t a, b;
  mag_init(distance);
  mag_init(allowed);
  arf_init(a);
  arf_init(b);
  for (size_t k = 0; k < n; k++) {
    arf_set_mpfr(a, path + k);
    arf_set_mpfr(b, closed + k);
    at_computed_distance(distance, a, b);
    mag_mul_2exp_si(allowed, radius + k, -28);
    mag_add(allowed, allowed, radius + k);
    CU_ASSERT(mag_cmp(distance, allowed) <= 0);
  }
  mag_clear(distance);
  mag_clear(allowed);
  arf_clear(a);
  arf_clear(b);
}

static void kernel_meets(const struct run_field *field, mpfr_srcptr closed)
{
  const struct run_extent extent = run_extent(field);
  for (size_t k = 0; k < field->entries; k++)
    measure_value(&kernel_steps, field->fast[k], closed + k, field->bound + k, field->radius + k,
                  extent.magnitude);
}

static void two_steps(size_t samples, size_t tokens, size_t dim, uint64_t seed, double step,
                      closed_form *form)
{
  struct at_token_data data;
  struct run run;
  run_draw_data(&data, samples, tokens, dim, seed, -4, 3);
  mpfr_ptr closed = at_reference_array_init(4 * dim, CLOSED_PRECISION);
  mpfr_ptr v1 = closed, v2 = closed + dim, p2 = closed + 2 * dim, zero = closed + 3 * dim;
  form(v1, v2, p2, &data, step);
  measure_inputs(&kernel_steps, "n = %zu, T = %zu, d = %zu, seed %d", samples, tokens, dim,
                 (int)seed);
  run_open(&run, &data, MEASURE_PRECISION);
  run_evaluate(&run);
  run_step(&run, step);
  vectors_meet(run.reference.v, v1, run.reference_bound.v, dim);
  vectors_meet(run.reference.p, zero, run.reference_bound.p, dim);
  run_evaluate(&run);
  run_step(&run, step);
  const struct run_field v = run_field(&run, RUN_V), p = run_field(&run, RUN_P);
  vectors_meet(run.reference.v, v2, run.reference_bound.v, dim);
  vectors_meet(run.reference.p, p2, run.reference_bound.p, dim);
  kernel_meets(&v, v2);
  kernel_meets(&p, p2);
  run_close(&run);
  at_reference_array_clear(closed, 4 * dim);
}

static void test_two_tokens(void)
{
  for (uint64_t seed = 1; seed <= 5; seed++) {
    two_steps(1, 2, 3, seed, 0.5, at_reference_closed_form_two);
    two_steps(20, 2, 22, seed, 0.025, at_reference_closed_form_two);
    two_steps(20, 2, 22, seed, 0.025, at_reference_closed_form);
  }
  two_steps(100, 2, 102, 6, 0.01, at_reference_closed_form_two);
}

static void test_tokens(void)
{
  for (uint64_t seed = 1; seed <= 3; seed++) {
    two_steps(7, 1, 9, seed, 0.1, at_reference_closed_form);
    two_steps(7, 3, 20, seed, 0.1, at_reference_closed_form);
    two_steps(7, 16, 40, seed, 0.1, at_reference_closed_form);
    two_steps(5, 64, 11, seed, 0.1, at_reference_closed_form);
  }
}

static void test_kernel(void)
{
  measure_close(&kernel_steps);
}

void at_suite_closed_form(void)
{
  CU_pSuite suite = CU_add_suite("harness/reference: closed form", NULL, NULL);
  CU_add_test(suite, "T = 2", test_two_tokens);
  CU_add_test(suite, "any T", test_tokens);
  CU_add_test(suite, "kernel against the closed form", test_kernel);
}
