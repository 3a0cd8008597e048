/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: one number for the bits of every kernel function, and canaries for contraction.
 * Main result: two builds of the kernel with equal hashes computed the same bits on some 60 000
 * results, subnormal and clamped ones included.
 * Assumptions: none; the inputs are assembled from integers, so that no compiler option changes
 * them.  Used by tests/kernel/test_guard.c, tests/kernel/hash.sh and tests/kernel/guard.sh.
 */
#ifndef AT_TESTS_KERNEL_HASH_H
#define AT_TESTS_KERNEL_HASH_H

#include <stdbool.h>
#include <stdint.h>

/* FNV-1a-64 of the bytes of all results, least significant byte first. */
uint64_t at_kernel_hash(void);

/* True if some function of the kernel contracted a product and a sum to one rounding: each of four
 * public functions is asked for a b - c with a b = 1 - 2^-54 and c = 1, which is 0 with two
 * roundings and -2^-54 with one. */
bool at_kernel_contracts(void);

#endif
