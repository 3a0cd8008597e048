/* SPDX-License-Identifier: Apache-2.0
 *
 * single_head.h: f(X; v, p) = v' X' S(X p), S the softmax; forward pass, loss, and one step of
 * full-batch gradient descent on v and p.                                  (arXiv 2410.07746)
 *
 * Shapes: tokens is (samples, tokens, dim), row-major; labels (samples), +1 or -1
 * (the contracts admit any number of magnitude at most one); v and p (dim);
 * weights and coefficients (samples, tokens).  Main results, for all sizes within capacity: memory
 * safety, no overflow, no NaN, no infinity; the contract of a step is closed under iteration.
 * Assumes entries within AT_MAX_ENTRY and weights v, p within AT_MAX_WEIGHT (capacity.h).
 *
 * Threads: the samples of forward and coefficients, and the columns of gradient, sums and descend,
 * may be split over callers in any way (pass a sub-range); every split gives the same bits.
 */
#ifndef AT_SINGLE_HEAD_H
#define AT_SINGLE_HEAD_H

#include <stddef.h>

#include "capacity.h"
#ifdef __FRAMAC__
#include "../specs/bounded.h"
#include "../specs/index.h"
#include "../specs/logistic.h"
#endif

/* One sample X of shape (tokens, dim): scores = X p, values = X v, weights = S(scores);
 * returns the output f = sum of weights * values. */
/*@ requires size: 1 <= tokens <= AT_MAX_TOKENS && 1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(scores + (0 .. tokens-1)) && \valid(values + (0 .. tokens-1)) &&
  @   \valid(weights + (0 .. tokens-1)) && \valid_read(sample + (0 .. tokens*dim-1)) &&
  @   \valid_read(v + (0 .. dim-1)) && \valid_read(p + (0 .. dim-1));
  @ requires sep: \separated(scores + (0 .. tokens-1), values + (0 .. tokens-1),
  @   weights + (0 .. tokens-1), sample + (0 .. tokens*dim-1));
  @ requires sep_v: \separated(scores + (0 .. tokens-1), v + (0 .. dim-1)) &&
  @   \separated(values + (0 .. tokens-1), v + (0 .. dim-1)) &&
  @   \separated(weights + (0 .. tokens-1), v + (0 .. dim-1));
  @ requires sep_p: \separated(scores + (0 .. tokens-1), p + (0 .. dim-1)) &&
  @   \separated(values + (0 .. tokens-1), p + (0 .. dim-1)) &&
  @   \separated(weights + (0 .. tokens-1), p + (0 .. dim-1));
  @ requires range_sample: AT_ALL_WITHIN(sample, 0, tokens*dim, AT_MAX_ENTRY);
  @ requires range_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
  @ requires range_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns scores[0 .. tokens-1], values[0 .. tokens-1], weights[0 .. tokens-1];
  @ ensures range_scores: AT_ALL_WITHIN(scores, 0, tokens, 0x1p97);
  @ ensures range_values: AT_ALL_WITHIN(values, 0, tokens, 0x1p97);
  @ ensures range_weights: AT_ALL_UNIT(weights, 0, tokens);
  @ ensures range: AT_WITHIN(\result, 0x1p104);
  @*/
double at_single_head_sample(double *scores, double *values, double *weights, const double *sample,
                             const double *v, const double *p, size_t tokens, size_t dim);

/* Outputs f (samples) and attention weights (samples, tokens) of every sample. */
/*@ requires size: samples <= AT_MAX_SAMPLES && 1 <= token_count <= AT_MAX_TOKENS &&
  @   1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(outputs + (0 .. samples-1)) &&
  @   \valid(weights + (0 .. samples*token_count-1)) &&
  @   \valid_read(tokens + (0 .. samples*token_count*dim-1)) &&
  @   \valid_read(v + (0 .. dim-1)) && \valid_read(p + (0 .. dim-1));
  @ requires sep: \separated(outputs + (0 .. samples-1),
  @   weights + (0 .. samples*token_count-1), tokens + (0 .. samples*token_count*dim-1));
  @ requires sep_v: \separated(outputs + (0 .. samples-1), v + (0 .. dim-1)) &&
  @   \separated(weights + (0 .. samples*token_count-1), v + (0 .. dim-1));
  @ requires sep_p: \separated(outputs + (0 .. samples-1), p + (0 .. dim-1)) &&
  @   \separated(weights + (0 .. samples*token_count-1), p + (0 .. dim-1));
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
  @ requires range_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
  @ requires range_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns outputs[0 .. samples-1], weights[0 .. samples*token_count-1];
  @ ensures range_outputs: AT_ALL_WITHIN(outputs, 0, samples, 0x1p104);
  @ ensures range_weights: AT_ALL_UNIT(weights, 0, samples*token_count);
  @*/
void at_single_head_forward(double *outputs, double *weights, const double *tokens, const double *v,
                            const double *p, size_t samples, size_t token_count, size_t dim);

/* Mean logistic loss of the margins labels[i] * outputs[i]. */
/*@ requires size: 1 <= samples <= AT_MAX_SAMPLES;
  @ requires valid: \valid_read(outputs + (0 .. samples-1)) &&
  @   \valid_read(labels + (0 .. samples-1));
  @ requires range_outputs: AT_ALL_WITHIN(outputs, 0, samples, 0x1p104);
  @ requires range_labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= 0x1p119;
  @ ensures error: AT_ALL_SIGNS(labels, samples) ==>
  @   at_mean_near(\result, at_sum_losses(outputs, labels, samples) / (double)samples, samples);
  @*/
double at_single_head_loss(const double *outputs, const double *labels, size_t samples);

/* Score and value coefficients (samples, token_count) of every sample, see pooling.h. */
/*@ requires size: samples <= AT_MAX_SAMPLES && 1 <= token_count <= AT_MAX_TOKENS &&
  @   1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(score_coefficients + (0 .. samples*token_count-1)) &&
  @   \valid(value_coefficients + (0 .. samples*token_count-1)) &&
  @   \valid_read(tokens + (0 .. samples*token_count*dim-1)) &&
  @   \valid_read(labels + (0 .. samples-1)) &&
  @   \valid_read(v + (0 .. dim-1)) && \valid_read(p + (0 .. dim-1));
  @ requires sep: \separated(score_coefficients + (0 .. samples*token_count-1),
  @   value_coefficients + (0 .. samples*token_count-1),
  @   tokens + (0 .. samples*token_count*dim-1), labels + (0 .. samples-1));
  @ requires sep_v: \separated(score_coefficients + (0 .. samples*token_count-1),
  @   v + (0 .. dim-1)) &&
  @   \separated(value_coefficients + (0 .. samples*token_count-1), v + (0 .. dim-1));
  @ requires sep_p: \separated(score_coefficients + (0 .. samples*token_count-1),
  @   p + (0 .. dim-1)) &&
  @   \separated(value_coefficients + (0 .. samples*token_count-1), p + (0 .. dim-1));
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
  @ requires range_labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
  @ requires range_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
  @ requires range_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns score_coefficients[0 .. samples*token_count-1],
  @   value_coefficients[0 .. samples*token_count-1];
  @ ensures range_score: AT_ALL_WITHIN(score_coefficients, 0, samples*token_count, 0x1p106);
  @ ensures range_value: AT_ALL_WITHIN(value_coefficients, 0, samples*token_count, 0x1p106);
  @*/
void at_single_head_coefficients(double *score_coefficients, double *value_coefficients,
                                 const double *tokens, const double *labels, const double *v,
                                 const double *p, size_t samples, size_t token_count, size_t dim);

/* One column block of a gradient of the mean loss: gradient[k], k < width, is the mean over
 * samples of the sum over tokens of coefficient * token[first + k]. */
/*@ requires size: 1 <= samples <= AT_MAX_SAMPLES && 1 <= token_count <= AT_MAX_TOKENS &&
  @   1 <= dim <= AT_MAX_DIM && width <= AT_BLOCK && first + width <= dim;
  @ requires valid: \valid(gradient + (0 .. width-1)) &&
  @   \valid_read(tokens + (0 .. samples*token_count*dim-1)) &&
  @   \valid_read(coefficients + (0 .. samples*token_count-1));
  @ requires sep: \separated(gradient + (0 .. width-1),
  @   tokens + (0 .. samples*token_count*dim-1)) &&
  @   \separated(gradient + (0 .. width-1), coefficients + (0 .. samples*token_count-1));
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
  @ requires range_coefficients: AT_ALL_WITHIN(coefficients, 0, samples*token_count, 0x1p106);
  @ terminates \true;
  @ assigns gradient[0 .. width-1];
  @ ensures range: AT_ALL_WITHIN(gradient, 0, width, 0x1p145);
  @*/
void at_single_head_gradient(double *gradient, const double *coefficients, const double *tokens,
                             size_t first, size_t width, size_t samples, size_t token_count,
                             size_t dim);

/* Columns first .. last - 1 of both gradients before the mean is taken: sum_v and sum_p (dim) are
 * the sums over rows r < to of value_coefficients[r] * token_r and score_coefficients[r] * token_r,
 * r increasing, from zero; tokens (to, dim), coefficients (to), row = sample * token_count + token.
 * Rows may be added in parts, which give the same bits: with from > 0 both sums already hold the
 * rows r < from. */
/*@ requires size: from < to <= AT_MAX_ROWS && first <= last <= dim && 1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(sum_v + (0 .. dim-1)) && \valid(sum_p + (0 .. dim-1)) &&
  @   \valid_read(value_coefficients + (0 .. to-1)) &&
  @   \valid_read(score_coefficients + (0 .. to-1)) && \valid_read(tokens + (0 .. to*dim-1));
  @ requires sep: \separated(sum_v + (0 .. dim-1), sum_p + (0 .. dim-1),
  @   value_coefficients + (0 .. to-1), score_coefficients + (0 .. to-1),
  @   tokens + (0 .. to*dim-1));
  @ requires range_sum_v: from > 0 ==> AT_ALL_WITHIN(sum_v, first, last, 0x1.01p126 * from);
  @ requires range_sum_p: from > 0 ==> AT_ALL_WITHIN(sum_p, first, last, 0x1.01p126 * from);
  @ requires range_value: AT_ALL_WITHIN(value_coefficients, 0, to, 0x1p106);
  @ requires range_score: AT_ALL_WITHIN(score_coefficients, 0, to, 0x1p106);
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, to*dim, AT_MAX_ENTRY);
  @ terminates \true;
  @ assigns sum_v[first .. last-1], sum_p[first .. last-1];
  @ ensures range_v: AT_ALL_WITHIN(sum_v, first, last, 0x1.01p126 * to);
  @ ensures range_p: AT_ALL_WITHIN(sum_p, first, last, 0x1.01p126 * to);
  @*/
void at_single_head_sums(double *sum_v, double *sum_p, const double *value_coefficients,
                         const double *score_coefficients, const double *tokens, size_t from,
                         size_t to, size_t first, size_t last, size_t dim);

/* Columns first .. last - 1 of a step, in place: next holds sums of a gradient over all samples and
 * becomes weight - step * (sum / samples), projected. */
/*@ requires size: 1 <= samples <= AT_MAX_SAMPLES && first <= last <= AT_MAX_DIM;
  @ requires valid: \valid(next + (first .. last-1)) && \valid_read(weight + (first .. last-1));
  @ requires sep: \separated(next + (first .. last-1), weight + (first .. last-1));
  @ requires range_sum: AT_ALL_WITHIN(next, first, last, 0x1p145);
  @ requires range_weight: AT_ALL_WITHIN(weight, first, last, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ terminates \true;
  @ assigns next[first .. last-1];
  @ ensures range: AT_ALL_WITHIN(next, first, last, AT_MAX_WEIGHT);
  @*/
void at_single_head_descend(double *next, const double *weight, double step, size_t samples,
                            size_t first, size_t last);

/* One step of projected gradient descent on the mean logistic loss, out of place:
 *   v_next = v - step * dL/dv,   p_next = p - step * dL/dp,
 * each entry projected onto [-AT_MAX_WEIGHT, AT_MAX_WEIGHT].  The two coefficient arrays (samples,
 * token_count) are filled on the way and may be inspected afterwards. */
/*@ requires size: 1 <= samples <= AT_MAX_SAMPLES && 1 <= token_count <= AT_MAX_TOKENS &&
  @   1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(v_next + (0 .. dim-1)) && \valid(p_next + (0 .. dim-1)) &&
  @   \valid(score_coefficients + (0 .. samples*token_count-1)) &&
  @   \valid(value_coefficients + (0 .. samples*token_count-1)) &&
  @   \valid_read(tokens + (0 .. samples*token_count*dim-1)) &&
  @   \valid_read(labels + (0 .. samples-1)) &&
  @   \valid_read(v + (0 .. dim-1)) && \valid_read(p + (0 .. dim-1));
  @ requires sep: \separated(v_next + (0 .. dim-1), p_next + (0 .. dim-1),
  @   score_coefficients + (0 .. samples*token_count-1),
  @   value_coefficients + (0 .. samples*token_count-1),
  @   tokens + (0 .. samples*token_count*dim-1), labels + (0 .. samples-1), v + (0 .. dim-1),
  @   p + (0 .. dim-1));
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
  @ requires range_labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
  @ requires range_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
  @ requires range_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ terminates \true;
  @ assigns v_next[0 .. dim-1], p_next[0 .. dim-1],
  @   score_coefficients[0 .. samples*token_count-1],
  @   value_coefficients[0 .. samples*token_count-1];
  @ ensures range_v: AT_ALL_WITHIN(v_next, 0, dim, AT_MAX_WEIGHT);
  @ ensures range_p: AT_ALL_WITHIN(p_next, 0, dim, AT_MAX_WEIGHT);
  @*/
void at_single_head_step(double *v_next, double *p_next, double *score_coefficients,
                         double *value_coefficients, const double *tokens, const double *labels,
                         const double *v, const double *p, double step, size_t samples,
                         size_t token_count, size_t dim);

#endif
