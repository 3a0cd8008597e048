/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: functions of the harness that gcc compiles for x86-64, x86-64-v3 and x86-64-v4 at once;
 * the loader takes the best that the processor has.
 * Main result: the same bits from each, for contraction is off and nothing is reassociated.
 * Assumptions: gcc and glibc on x86-64; elsewhere one version is compiled. The sanitizers run
 * before the loader's choice and are left alone.
 * Test: tests/harness/data/draw_bytes.sh.
 */
#ifndef AT_HARNESS_PER_PROCESSOR_H
#define AT_HARNESS_PER_PROCESSOR_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
  !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define AT_PER_PROCESSOR \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define AT_PER_PROCESSOR
#endif

#endif
