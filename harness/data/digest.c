/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: SHA-256 of data and of bytes (see digest.h).
 * Main result: as there. Assumptions: nettle. Test: tests/harness/data/test_digest.c.
 */
#include "harness/data/digest.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

static void doubles_add(struct sha256_ctx *context, const double *value, size_t count)
{
  for (size_t k = 0; k < count; k++) {
    uint64_t bits;
    uint8_t byte[sizeof bits];
    memcpy(&bits, &value[k], sizeof bits);
    for (size_t b = 0; b < sizeof byte; b++) {
      byte[b] = (uint8_t)(bits >> 8 * b);
    }
    sha256_update(context, sizeof byte, byte);
  }
}

static void finish(char *text, struct sha256_ctx *context)
{
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(context, sizeof digest, digest);
  for (size_t b = 0; b < sizeof digest; b++) {
    (void)snprintf(text + 2 * b, 3, "%02x", digest[b]);
  }
}

void at_token_data_digest(char *text, const struct at_token_data *data)
{
  struct sha256_ctx context;
  sha256_init(&context);
  doubles_add(&context, data->token, data->samples * data->tokens * data->dim);
  doubles_add(&context, data->label, data->samples);
  if (data->clean_label != NULL) {
    doubles_add(&context, data->clean_label, data->samples);
  }
  finish(text, &context);
}

void at_bytes_digest(char *text, const void *bytes, size_t size)
{
  struct sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, size, bytes);
  finish(text, &context);
}
