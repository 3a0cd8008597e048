/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: token data that the user gives, as .npy files.
 * Main result: what is read has been validated, so the kernel may run on it.
 * Assumptions: none. Test: tests/harness/data/test_token_file.c.
 */
#ifndef AT_HARNESS_DATA_TOKEN_FILE_H
#define AT_HARNESS_DATA_TOKEN_FILE_H

#include "harness/data/token_data.h"
#include "harness/failure.h"

/* Reads tokens of shape (n, T, d), labels of shape (n,) and, if clean_path is not NULL, clean
 * labels of shape (n,).
 * Errors: those of at_npy_read; shapes that do not fit together; those of
 * at_token_data_validate. Each line names the file at fault. */
int at_token_file_read(struct at_token_data *data, const char *token_path, const char *label_path,
                       const char *clean_path, struct at_failure *failure);

/* Writes the three arrays; clean_path may be NULL, and must be when there are no clean labels.
 * Errors: those of at_npy_write. */
int at_token_file_write(const char *token_path, const char *label_path, const char *clean_path,
                        const struct at_token_data *data, struct at_failure *failure);

#endif
