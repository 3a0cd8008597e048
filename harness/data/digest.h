/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: a name for training data: the SHA-256 of its numbers.
 * Main result: tokens, labels and clean labels (if known), in this order and each row-major, as
 * little-endian binary64, whatever file or generator they came from.
 * Assumptions: nettle's SHA-256. Test: tests/harness/data/test_digest.c.
 */
#ifndef AT_HARNESS_DATA_DIGEST_H
#define AT_HARNESS_DATA_DIGEST_H

#include "harness/data/token_data.h"

enum { AT_DIGEST_SIZE = 65 }; /* 64 hexadecimal digits and the NUL */

/* text[AT_DIGEST_SIZE]: the digest of the data. */
void at_token_data_digest(char *text, const struct at_token_data *data);

/* text[AT_DIGEST_SIZE]: the SHA-256 of bytes[size]. */
void at_bytes_digest(char *text, const void *bytes, size_t size);

#endif
