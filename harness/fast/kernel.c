/* SPDX-License-Identifier: Apache-2.0
 *
 * kernel.c: which build of the kernel runs.
 *
 * A processor is asked for the vector extensions of a level and no more: the kernel uses nothing
 * else of it, and virtual machines hide some of the rest.
 */
#include "harness/fast/kernel.h"

#include <string.h>

extern const struct at_kernel at_kernel_plain;
#ifdef AT_KERNEL_LEVELS
extern const struct at_kernel at_kernel_v3, at_kernel_v4;
#endif

static const struct at_kernel *const builds[] = {
  &at_kernel_plain,
#ifdef AT_KERNEL_LEVELS
  &at_kernel_v3,
  &at_kernel_v4,
#endif
};
enum { BUILDS = sizeof builds / sizeof builds[0] };

static const struct at_kernel *selected;

const struct at_kernel *at_kernel_build(size_t index)
{
  return index < BUILDS ? builds[index] : NULL;
}

int at_kernel_runs(const struct at_kernel *build)
{
#ifdef AT_KERNEL_LEVELS
  const int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                 __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
  if (build == &at_kernel_v3) return v3;
  if (build == &at_kernel_v4)
    return v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return build == &at_kernel_plain;
}

const struct at_kernel *at_kernel(void)
{
  if (selected != NULL) return selected;
  const struct at_kernel *fastest = &at_kernel_plain;
  for (size_t k = 0; k < BUILDS; k++)
    if (at_kernel_runs(builds[k])) fastest = builds[k];
  return fastest;
}

int at_kernel_select(const char *name, struct at_failure *failure)
{
  selected = NULL;
  if (name == NULL) return 0;
  for (size_t k = 0; k < BUILDS; k++) {
    if (strcmp(name, builds[k]->name) != 0) continue;
    if (!at_kernel_runs(builds[k]))
      return at_fail(failure, "this processor does not run the kernel's build for %s", name);
    selected = builds[k];
    return 0;
  }
  return at_fail(failure, "'%.40s' is not a build of the kernel in this program: %s", name,
                 BUILDS > 1 ? "plain, x86-64-v3 or x86-64-v4" : "plain");
}
