/* SPDX-License-Identifier: Apache-2.0
 *
 * capacity.h: the sizes and magnitudes that every contract of the kernel is proved for.
 *
 * Sizes are run-time arguments of type size_t, required to lie within these capacities; the largest
 * product samples * tokens * dim is 2^34, so no index computation overflows a 64-bit size_t.
 * Magnitudes are powers of two far above any sensible use: token entries up to 2^20, weights up to
 * 2^60, step sizes up to 2^20.  With them no intermediate result exceeds 2^256, so none overflows.
 */
#ifndef AT_CAPACITY_H
#define AT_CAPACITY_H

/* Enumeration constants, not macros: annotations see them as integers of the logic. */
enum {
  AT_MAX_SAMPLES = 4096,
  AT_MAX_TOKENS = 64,
  AT_MAX_DIM = 65536,
  AT_MAX_ROWS = 262144, /* AT_MAX_SAMPLES * AT_MAX_TOKENS */
  AT_BLOCK = 512        /* columns of a gradient that are accumulated together (4 KiB) */
};

#define AT_MAX_ENTRY 0x1p20  /* largest magnitude of a token entry */
#define AT_MAX_WEIGHT 0x1p60 /* largest magnitude of an entry of v or p */
#define AT_MAX_STEP 0x1p20   /* largest step size */

#endif
