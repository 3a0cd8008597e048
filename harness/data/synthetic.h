/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: the synthetic data of the single-head model (arXiv 2410.07746): per sample one signal
 * token and T-1 noise tokens in dimension D,
 *   clean label y~ = +1 or -1 with probability 1/2;   token 0 = mu_1 if y~ = +1, mu_2 if y~ = -1;
 *   tokens 1 .. T-1 = xi ~ N(0, I - mu_1 mu_1'/rho^2 - mu_2 mu_2'/rho^2), independent;
 *   mu_1 = rho e_0, mu_2 = rho e_1;   label y = -y~ with probability eta, else y~.
 * Main result: two forms of the same law. `full` writes the D coordinates down. `compressed` writes
 * the coordinates in an orthonormal basis of the span of the signals and of the training noise,
 * d' = min(m, D-2) + 2 of them for m = n(T-1) noise tokens, so that D = 10^9 costs as little as
 * D = 2000. Gradient descent that starts in that span never leaves it and sees inner products
 * only, so nothing that is trained or evaluated can tell the two apart; at one seed they are equal
 * in law, not in draw.
 *
 * Why the compressed training noise is exact: stack the m noise tokens as the rows of an
 * m x (D-2) matrix of independent normals. Its LQ factorisation G = L Q has Q with orthonormal
 * rows and, with positive diagonal, L lower triangular (trapezoidal when m > D-2) with independent
 * entries: chi with D-2-i degrees of freedom at (i, i), standard normals below (Bartlett 1933).
 * The rows of L are the tokens' coordinates in the basis Q.
 *
 * Why a compressed test token is exact: L is a function of G's Gram matrix and Q is then uniform
 * and independent of it; a fresh xi is independent of both. The model sees xi only through inner
 * products with vectors in the span of Q's rows and the signals, that is, through Q xi, and Q xi
 * given (L, Q) is N(0, I): min(m, D-2) independent standard normals.
 *
 * Streams: train.labels, train.flips, train.noise, test.labels, test.flips, test.noise.
 * Assumptions: none beyond normal.h. Test: tests/harness/data/test_synthetic.c.
 */
#ifndef AT_HARNESS_DATA_SYNTHETIC_H
#define AT_HARNESS_DATA_SYNTHETIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/data/labels.h"
#include "harness/data/token_data.h"
#include "harness/failure.h"

/* The largest ambient dimension D that is accepted; the kernel's AT_MAX_ENTRY refuses noise of
 * norm sqrt(D-2) beyond 2^20, that is D beyond about 1.0995e12, when it is drawn. */
#define AT_MAX_AMBIENT_DIM UINT64_C(1000000000000000000)

enum at_coordinates { AT_COORDINATES_COMPRESSED, AT_COORDINATES_FULL };

/* samples n >= 2 and tokens T >= 2 within capacity.h; ambient_dim D > 2; rho > 0, at most
 * AT_MAX_ENTRY; balanced: exactly n/2 clean labels are -1 instead of independent draws. */
struct at_synthetic_settings {
  size_t samples;
  size_t tokens;
  uint64_t ambient_dim;
  double rho;
  struct at_flip_settings flips;
  bool balanced;
  uint64_t seed;
  enum at_coordinates coordinates;
};

/* *dim: the number of coordinates the settings lead to, min(n(T-1), D-2) + 2 or D.
 * Errors: settings out of range, d' beyond AT_MAX_DIM. */
int at_synthetic_dim(size_t *dim, const struct at_synthetic_settings *settings,
                     struct at_failure *failure);

/* Row r of the Bartlett factor of the training noise, as at_synthetic_train draws it in compressed
 * coordinates: returns its length min(r + 1, D - 2), the entries beyond being zero. row: room for
 * D - 2 or r + 1 entries, whichever is less. */
size_t at_bartlett_row_draw(double *row, uint64_t seed, size_t r, uint64_t ambient_dim);

/* Draws the training set. Noise token number r = i(T-1) + t-1 in compressed coordinates has its
 * chi at index r and its normals at indices r(r-1)/2 + column of train.noise, so the first rows of
 * a larger set are those of a smaller one with the same D and seed.
 * Errors: settings out of range, a clean class that the seed left empty, an entry beyond
 * AT_MAX_ENTRY, memory. */
int at_synthetic_train(struct at_token_data *data, const struct at_synthetic_settings *settings,
                       struct at_failure *failure);

/* Draws test samples number first .. first+count-1 in the coordinates of the training set that the
 * same settings give. clean_label is the sample's class; label is flipped with probability
 * flips.eta (never, when flips.exact_count is set: an exact count means nothing for a stream of
 * fresh samples). Any number of samples can be had in blocks of count <= AT_MAX_SAMPLES.
 * Errors: as at_synthetic_train, but a block may lack a class. */
int at_synthetic_test(struct at_token_data *data, const struct at_synthetic_settings *settings,
                      uint64_t first, size_t count, struct at_failure *failure);

#endif
