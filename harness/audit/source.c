/* SPDX-License-Identifier: Apache-2.0
 *
 * source.c: one function per kind of source.
 */
#include "harness/audit/source.h"

#include <string.h>

#include "harness/data/fashion.h"
#include "harness/data/synthetic.h"
#include "harness/data/token_file.h"

static struct at_flip_settings flips_of(const struct at_settings *s)
{
  const struct at_flip_settings flips = {s->fixed_noisy, s->eta, s->noisy_per_class};
  return flips;
}

static int draw(struct at_token_data *data, struct at_token_data *test, const struct at_settings *s,
                struct at_failure *failure)
{
  const struct at_synthetic_settings law = {
    .samples = s->samples,
    .tokens = s->tokens,
    .ambient_dim = s->dim,
    .rho = s->rho,
    .flips = flips_of(s),
    .balanced = s->balanced,
    .seed = s->seed,
    .coordinates = s->full_coordinates ? AT_COORDINATES_FULL : AT_COORDINATES_COMPRESSED,
  };
  if (at_synthetic_train(data, &law, failure) != 0) return -1;
  if (s->tokens == 2) return 0;
  return at_synthetic_test(test, &law, 0, AT_TEST_DRAWS, failure);
}

static int read_images(struct at_token_data *data, struct at_token_data *test,
                       const struct at_settings *s, struct at_failure *failure)
{
  const struct at_fashion_settings images = {
    .positive = s->fashion_class[0],
    .negative = s->fashion_class[1],
    .samples_per_class = s->samples / 2,
    .chosen = true,
    .tokens = s->tokens,
    .centred = false,
    .flips = flips_of(s),
    .seed = s->seed,
  };
  if (s->samples % 2 != 0)
    return at_fail(failure,
                   "--n: %zu is not accepted for images: an even number, half of each class",
                   s->samples);
  return at_fashion_read(data, test, &images, failure);
}

static int read_given(struct at_token_data *data, struct at_token_data *test,
                      const struct at_settings *s, struct at_failure *failure)
{
  if (at_token_file_read(data, s->tokens_path, s->labels_path, s->clean_labels_path, failure) != 0)
    return -1;
  if (s->test_tokens_path == NULL) return 0;
  if (at_token_file_read(test, s->test_tokens_path, s->test_labels_path, NULL, failure) != 0)
    return -1;
  if (test->tokens == data->tokens && test->dim == data->dim) return 0;
  return at_fail(failure, "%s: shape (%zu, %zu, %zu) does not fit %s: (m, %zu, %zu) is accepted",
                 s->test_tokens_path, test->samples, test->tokens, test->dim, s->tokens_path,
                 data->tokens, data->dim);
}

static int open_kind(struct at_token_data *data, struct at_token_data *test,
                     const struct at_settings *s, struct at_failure *failure)
{
  switch (s->source) {
  case AT_SOURCE_GIVEN: return read_given(data, test, s, failure);
  case AT_SOURCE_FASHION: return read_images(data, test, s, failure);
  case AT_SOURCE_SYNTHETIC: break;
  }
  return draw(data, test, s, failure);
}

int at_source_open(struct at_token_data *data, struct at_token_data *test,
                   const struct at_settings *settings, struct at_failure *failure)
{
  memset(data, 0, sizeof *data);
  memset(test, 0, sizeof *test);
  if (open_kind(data, test, settings, failure) == 0) return 0;
  at_token_data_free(data);
  at_token_data_free(test);
  return -1;
}
