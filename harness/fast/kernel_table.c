/* SPDX-License-Identifier: Apache-2.0
 *
 * kernel_table.c: the table of one build of the kernel.
 *
 * Compiled once with each build (harness/harness.mk); AT_KERNEL_TABLE and AT_KERNEL_NAME are the
 * name of the table and of the build.
 */
#include "harness/fast/kernel.h"
#include "kernel/pooling.h"
#include "kernel/single_head.h"
#include "kernel/vector.h"

#ifndef AT_KERNEL_TABLE
#define AT_KERNEL_TABLE at_kernel_plain
#define AT_KERNEL_NAME "plain"
#endif

extern const struct at_kernel AT_KERNEL_TABLE;

const struct at_kernel AT_KERNEL_TABLE = {
  .name = AT_KERNEL_NAME,
  .dot = at_dot,
  .loss = at_loss,
  .pool_coefficients = at_pool_coefficients,
  .sample = at_single_head_sample,
  .mean_loss = at_single_head_loss,
  .gradient = at_single_head_gradient,
  .step = at_single_head_step,
};
