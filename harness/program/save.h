/* SPDX-License-Identifier: Apache-2.0
 *
 * save.h: a run's data and iterates as .npy files, so that anyone can recompute it.
 */
#ifndef AT_PROGRAM_SAVE_H
#define AT_PROGRAM_SAVE_H

#include "harness/audit/two_step.h"

/* Makes the directory `path` unless it is one already; its parent must exist. */
int at_directory_make(const char *path, struct at_failure *failure);

/* Writes tokens.npy, labels.npy and clean_labels.npy (if known) into `directory`, which is made. */
int at_data_save(const char *directory, const struct at_token_data *data,
                 struct at_failure *failure);

/* Writes tokens.npy, labels.npy, clean_labels.npy (if known), test_tokens.npy and test_labels.npy
 * (if there is a test set) and v1.npy, p1.npy, v2.npy, ... into `directory`, which is made. */
int at_run_save(const char *directory, const struct at_run *run, struct at_failure *failure);

#endif
