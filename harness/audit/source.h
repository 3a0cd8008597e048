/* SPDX-License-Identifier: Apache-2.0
 *
 * source.h: the token data that settings ask for, drawn, read or made of images.
 */
#ifndef AT_AUDIT_SOURCE_H
#define AT_AUDIT_SOURCE_H

#include "harness/audit/settings.h"
#include "harness/data/token_data.h"
#include "harness/failure.h"

/* Fresh samples drawn as a test set where no integral gives the test error (T > 2). */
enum { AT_TEST_DRAWS = 2000 };

/* Fills *data, validated, and *test if there is a finite test set (else test->samples is 0).
 * Free both with at_token_data_free. */
int at_source_open(struct at_token_data *data, struct at_token_data *test,
                   const struct at_settings *settings, struct at_failure *failure);

#endif
