/* SPDX-License-Identifier: Apache-2.0
 *
 * single_head.c: the single-head model, composed of vector, softmax and pooling.
 *
 * A step takes a few samples at a time: their coefficients, then their share of both gradients while
 * they are in the cache, so that the data are read from memory once.  Gradients are summed in blocks
 * of AT_BLOCK columns, which stay in the first-level cache between v and p, straight into the next
 * weights.
 */
#include "double_guard.h"

#include "pooling.h"
#include "single_head.h"
#include "softmax.h"
#include "vector.h"

double at_single_head_sample(double *scores, double *values, double *weights, const double *sample,
                             const double *v, const double *p, size_t tokens, size_t dim)
{
  /*@ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done_scores: AT_ALL_WITHIN(scores, 0, t, 0x1p97);
    @ loop invariant done_values: AT_ALL_WITHIN(values, 0, t, 0x1p97);
    @ loop invariant sample: AT_ALL_WITHIN(sample, 0, tokens*dim, AT_MAX_ENTRY);
    @ loop invariant v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
    @ loop invariant p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
    @ loop assigns t, scores[0 .. tokens-1], values[0 .. tokens-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) {
    //@ assert hint_row: at_row(t, tokens, dim);
    //@ assert hint_offset: 0 <= t * dim && t * dim + dim <= tokens * dim;
    //@ assert hint_size: at_product(tokens, dim, AT_MAX_TOKENS, AT_MAX_DIM);
    //@ assert hint_total: tokens * dim <= 0x400000;
    const double *token = sample + t * dim;
    //@ assert hint_valid: \valid_read(token + (0 .. dim-1));
    //@ assert hint_token: AT_ALL_WITHIN(token, 0, dim, AT_MAX_ENTRY);
    double score = at_dot(token, p, dim);
    double value = at_dot(token, v, dim);
    scores[t] = score;
    values[t] = value;
  }
  at_softmax_row(weights, scores, tokens);
  //@ assert hint_values: AT_ALL_WITHIN(values, 0, tokens, 0x1p97);
  return at_pool_output(weights, values, tokens);
}

/* Row `sample` of a matrix with `tokens` columns becomes `row`. */
/*@ requires size: sample < AT_MAX_SAMPLES && 1 <= tokens <= AT_MAX_TOKENS;
  @ requires valid: \valid(matrix + (sample*tokens .. sample*tokens+tokens-1)) &&
  @   \valid_read(row + (0 .. tokens-1));
  @ requires sep: \separated(matrix + (sample*tokens .. sample*tokens+tokens-1),
  @   row + (0 .. tokens-1));
  @ requires range: AT_ALL_WITHIN(row, 0, tokens, 0x1p106);
  @ terminates \true;
  @ assigns matrix[sample*tokens .. sample*tokens+tokens-1];
  @ ensures range: AT_ALL_WITHIN(matrix, sample*tokens, sample*tokens + tokens, 0x1p106);
  @ ensures unit: AT_ALL_UNIT(row, 0, tokens) ==>
  @   AT_ALL_UNIT(matrix, sample*tokens, sample*tokens + tokens);
  @*/
static void store_row(double *matrix, const double *row, size_t sample, size_t tokens)
{
  //@ assert hint_size: at_product(sample, tokens, AT_MAX_SAMPLES, AT_MAX_TOKENS);
  //@ assert hint_start: 0 <= sample * tokens <= AT_MAX_ROWS;
  const size_t start = sample * tokens;
  /*@ loop invariant index: 0 <= t <= tokens;
    @ loop invariant done: AT_ALL_WITHIN(matrix, start, start + t, 0x1p106);
    @ loop invariant unit: AT_ALL_UNIT(row, 0, tokens) ==> AT_ALL_UNIT(matrix, start, start + t);
    @ loop assigns t, matrix[start .. start+tokens-1];
    @ loop variant tokens - t;
   */
  for (size_t t = 0; t < tokens; t++) matrix[start + t] = row[t];
}

void at_single_head_forward(double *outputs, double *weights, const double *tokens, const double *v,
                            const double *p, size_t samples, size_t token_count, size_t dim)
{
  double scores[AT_MAX_TOKENS] = {0.0};
  double values[AT_MAX_TOKENS] = {0.0};
  double row[AT_MAX_TOKENS] = {0.0};
  /*@ loop invariant index: 0 <= i <= samples;
    @ loop invariant outputs: AT_ALL_WITHIN(outputs, 0, i, 0x1p104);
    @ loop invariant weights: AT_ALL_UNIT(weights, 0, i*token_count);
    @ loop invariant tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
    @ loop invariant v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
    @ loop invariant p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
    @ loop assigns i, outputs[0 .. samples-1], weights[0 .. samples*token_count-1],
    @   scores[0 .. AT_MAX_TOKENS-1], values[0 .. AT_MAX_TOKENS-1], row[0 .. AT_MAX_TOKENS-1];
    @ loop variant samples - i;
   */
  for (size_t i = 0; i < samples; i++) {
    //@ assert hint_size_row: at_product(i, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
    //@ assert hint_size_rows: at_product(samples, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
    //@ assert hint_size_sample: at_product(token_count, dim, AT_MAX_TOKENS, AT_MAX_DIM);
    //@ assert hint_rows: 0 <= i * token_count <= AT_MAX_ROWS;
    //@ assert hint_size_data: at_product(samples * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_size_first: at_product(i * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_row: at_row(i, samples, token_count);
    //@ assert hint_weights: i * token_count + token_count <= samples * token_count;
    //@ assert hint_block: at_row(i, samples, token_count * dim);
    /*@ assert hint_offset:
      @   i * token_count * dim + token_count * dim <= samples * token_count * dim;
     */
    //@ assert hint_first: 0 <= i * token_count * dim <= 0x400000000;
    const size_t row_index = i * token_count;
    //@ assert hint_index: row_index == i * token_count;
    //@ assert hint_index_first: 0 <= row_index * dim <= 0x400000000;
    const double *sample = tokens + row_index * dim;
    //@ assert hint_valid: \valid_read(sample + (0 .. token_count*dim-1));
    //@ assert hint_sample: AT_ALL_WITHIN(sample, 0, token_count*dim, AT_MAX_ENTRY);
    outputs[i] = at_single_head_sample(scores, values, row, sample, v, p, token_count, dim);
    //@ assert hint_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
    //@ assert hint_outputs: AT_ALL_WITHIN(outputs, 0, i + 1, 0x1p104);
    //@ assert hint_before: AT_ALL_UNIT(weights, 0, i*token_count);
    //@ assert hint_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
    //@ assert hint_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
    store_row(weights, row, i, token_count);
    //@ assert hint_done: AT_ALL_UNIT(weights, 0, i*token_count);
    //@ assert hint_new: AT_ALL_UNIT(weights, i*token_count, i*token_count + token_count);
    //@ assert hint_both: AT_ALL_UNIT(weights, 0, (i+1)*token_count);
  }
}

/*@ requires range_output: AT_WITHIN(output, 0x1p104);
  @ requires range_label: AT_WITHIN(label, 1.0);
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= 0x1p106;
  @ ensures error: at_sign(label) ==> at_loss_near(\result, label * output);
  @*/
static inline double sample_loss(double output, double label)
{
  double margin = label * output;
  //@ assert hint_margin: AT_WITHIN(margin, 0x1p105);
  //@ ghost double negative = -output;
  //@ assert hint_rounded: margin == \round_double(\NearestEven, label * output);
  //@ assert hint_output: \round_double(\NearestEven, output) == output;
  //@ assert hint_negative: \is_finite(negative) && negative == (real)(-1.0 * output);
  //@ assert hint_minus: \round_double(\NearestEven, negative) == negative;
  //@ assert hint_plus_one: label == 1.0 ==> label * output == output && margin == output;
  /*@ assert hint_minus_one:
        label == -1.0 ==> label * output == -1.0 * output && margin == negative; */
  //@ assert hint_plus: label == 1.0 ==> margin == label * output;
  //@ assert hint_less: label == -1.0 ==> margin == label * output;
  //@ assert hint_exact: at_sign(label) ==> margin == label * output;
  return at_loss(margin);
}

/*@ requires range_sum: AT_WITHIN(sum, 0x1p119) && 0.0 <= sum;
  @ requires range_term: AT_WITHIN(term, 0x1p106) && 0.0 <= term;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && 0.0 <= \result <= sum + 0x1.01p106;
  @ ensures error: at_rounded(\result, sum + term);
  @*/
static inline double add_loss(double sum, double term)
{
  return sum + term;
}

/*@ requires range_sum: AT_WITHIN(sum, 0x1p145);
  @ requires range_divisor: AT_WITHIN(divisor, 4096.0) && 1.0 <= divisor;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && -\abs(sum) <= \result <= \abs(sum);
  @ ensures sign: 0.0 <= sum ==> 0.0 <= \result;
  @ ensures error: at_rounded(\result, sum / divisor);
  @*/
static inline double quotient(double sum, double divisor)
{
  //@ assert hint_range: -0x1p145 <= sum / divisor <= 0x1p145;
  //@ assert hint_size: \abs(sum / divisor) <= 0x1p1000;
  return sum / divisor;
}

/* The conversion of a count is exact (of_small_int in proofs/wp/rounding_model.mlw). */
/*@ requires range_sum: AT_WITHIN(sum, 0x1p145);
  @ requires size: 1 <= count <= AT_MAX_SAMPLES;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: \is_finite(\result) && -\abs(sum) <= \result <= \abs(sum);
  @ ensures sign: 0.0 <= sum ==> 0.0 <= \result;
  @ ensures count: 1.0 <= (double)count;
  @ ensures error: at_rounded(\result, sum / (double)count);
  @*/
static inline double mean(double sum, size_t count)
{
  double divisor = (double)count;
  //@ assert hint_divisor: AT_WITHIN(divisor, 4096.0) && 1.0 <= divisor;
  return quotient(sum, divisor);
}

double at_single_head_loss(const double *outputs, const double *labels, size_t samples)
{
  double sum = 0.0;
  //@ assert hint_none: at_sum_losses(outputs, labels, 0) == 0.0 && at_losses_near(0.0, 0.0, 0);
  /*@ loop unroll AT_MAX_SAMPLES;
    @ loop invariant index: 0 <= i <= samples;
    @ loop invariant sum: \is_finite(sum) && 0.0 <= sum <= 0x1.01p106 * i;
    @ loop invariant near: AT_ALL_SIGNS(labels, samples) ==>
    @   at_losses_near(sum, at_sum_losses(outputs, labels, i), i);
    @ loop assigns i, sum;
    @ loop variant samples - i;
   */
  for (size_t i = 0; i < samples; i++) {
    //@ assert hint_output: AT_WITHIN(outputs[i], 0x1p104);
    //@ assert hint_label: AT_WITHIN(labels[i], 1.0);
    //@ assert hint_range: 0x1.01p106 * i <= 0x1p119;
    //@ assert hint_step: 0x1.01p106 * (i + 1) == 0x1.01p106 * i + 0x1.01p106;
    //@ assert hint_sign: AT_ALL_SIGNS(labels, samples) ==> at_sign(labels[i]);
    //@ assert hint_unfolded: LOSSES_UNFOLDED(i);
    const double loss = sample_loss(outputs[i], labels[i]);
    const double more = add_loss(sum, loss);
    /*@ assert hint_near: AT_ALL_SIGNS(labels, samples) ==>
          at_losses_step(sum, at_sum_losses(outputs, labels, i), loss, labels[i] * outputs[i], more,
                         i); */
    sum = more;
  }
  //@ assert hint_sum: 0.0 <= sum <= 0x1p119;
  const double result = mean(sum, samples);
  /*@ assert hint_mean: AT_ALL_SIGNS(labels, samples) ==>
        at_mean_of(result, sum, at_sum_losses(outputs, labels, samples), (double)samples,
                   samples); */
  return result;
}

void at_single_head_coefficients(double *score_coefficients, double *value_coefficients,
                                 const double *tokens, const double *labels, const double *v,
                                 const double *p, size_t samples, size_t token_count, size_t dim)
{
  double scores[AT_MAX_TOKENS] = {0.0};
  double values[AT_MAX_TOKENS] = {0.0};
  double weights[AT_MAX_TOKENS] = {0.0};
  double score_row[AT_MAX_TOKENS] = {0.0};
  double value_row[AT_MAX_TOKENS] = {0.0};
  /*@ loop invariant index: 0 <= i <= samples;
    @ loop invariant scores: AT_ALL_WITHIN(score_coefficients, 0, i*token_count, 0x1p106);
    @ loop invariant values: AT_ALL_WITHIN(value_coefficients, 0, i*token_count, 0x1p106);
    @ loop invariant tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
    @ loop invariant labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
    @ loop invariant v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
    @ loop invariant p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
    @ loop assigns i, score_coefficients[0 .. samples*token_count-1],
    @   value_coefficients[0 .. samples*token_count-1], scores[0 .. AT_MAX_TOKENS-1],
    @   values[0 .. AT_MAX_TOKENS-1], weights[0 .. AT_MAX_TOKENS-1],
    @   score_row[0 .. AT_MAX_TOKENS-1], value_row[0 .. AT_MAX_TOKENS-1];
    @ loop variant samples - i;
   */
  for (size_t i = 0; i < samples; i++) {
    //@ assert hint_size_row: at_product(i, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
    //@ assert hint_size_rows: at_product(samples, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
    //@ assert hint_size_sample: at_product(token_count, dim, AT_MAX_TOKENS, AT_MAX_DIM);
    //@ assert hint_rows: 0 <= i * token_count <= AT_MAX_ROWS;
    //@ assert hint_size_data: at_product(samples * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_size_first: at_product(i * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
    //@ assert hint_row: at_row(i, samples, token_count);
    //@ assert hint_coefficients: i * token_count + token_count <= samples * token_count;
    //@ assert hint_block: at_row(i, samples, token_count * dim);
    /*@ assert hint_offset:
      @   i * token_count * dim + token_count * dim <= samples * token_count * dim;
     */
    //@ assert hint_first: 0 <= i * token_count * dim <= 0x400000000;
    const size_t row_index = i * token_count;
    //@ assert hint_index: row_index == i * token_count;
    //@ assert hint_index_first: 0 <= row_index * dim <= 0x400000000;
    const double *sample = tokens + row_index * dim;
    //@ assert hint_valid: \valid_read(sample + (0 .. token_count*dim-1));
    //@ assert hint_sample: AT_ALL_WITHIN(sample, 0, token_count*dim, AT_MAX_ENTRY);
    double output = at_single_head_sample(scores, values, weights, sample, v, p, token_count, dim);
    //@ assert hint_label: AT_WITHIN(labels[i], 1.0);
    at_pool_coefficients(score_row, value_row, weights, values, output, labels[i], token_count);
    //@ assert hint_before_scores: AT_ALL_WITHIN(score_coefficients, 0, i*token_count, 0x1p106);
    //@ assert hint_before_values: AT_ALL_WITHIN(value_coefficients, 0, i*token_count, 0x1p106);
    store_row(score_coefficients, score_row, i, token_count);
    //@ assert hint_value_row: AT_ALL_WITHIN(value_row, 0, token_count, 1.0);
    //@ assert hint_done_scores: AT_ALL_WITHIN(score_coefficients, 0, (i+1)*token_count, 0x1p106);
    //@ assert hint_still_values: AT_ALL_WITHIN(value_coefficients, 0, i*token_count, 0x1p106);
    store_row(value_coefficients, value_row, i, token_count);
    //@ assert hint_done_values: AT_ALL_WITHIN(value_coefficients, 0, (i+1)*token_count, 0x1p106);
    //@ assert hint_scores: AT_ALL_WITHIN(score_coefficients, 0, (i+1)*token_count, 0x1p106);
    //@ assert hint_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
    //@ assert hint_labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
    //@ assert hint_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
    //@ assert hint_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  }
}

void at_single_head_gradient(double *gradient, const double *coefficients, const double *tokens,
                             size_t first, size_t width, size_t samples, size_t token_count,
                             size_t dim)
{
  double other[AT_BLOCK];
  /*@ loop unroll AT_BLOCK;
    @ loop invariant index: 0 <= k <= AT_BLOCK;
    @ loop assigns k, other[0 .. AT_BLOCK-1];
    @ loop variant AT_BLOCK - k;
   */
  for (size_t k = 0; k < AT_BLOCK; k++) other[k] = 0.0;
  //@ assert hint_size_rows: at_product(samples, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
  //@ assert hint_rows: 1 <= samples * token_count <= AT_MAX_ROWS;
  //@ assert hint_size_data: at_product(samples * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
  //@ assert hint_end: (samples*token_count - 1) * dim + dim == samples * token_count * dim;
  const double *column = tokens + first;
  //@ assert hint_valid: \valid_read(column + (0 .. (samples*token_count - 1)*dim + width - 1));
  /*@ assert hint_columns:
    @   AT_ALL_WITHIN(column, 0, (samples*token_count - 1)*dim + width, AT_MAX_ENTRY);
   */
  const size_t rows = samples * token_count;
  //@ assert hint_row_count: 1 <= rows <= AT_MAX_ROWS && rows == samples * token_count;
  at_sum_scaled_rows(gradient, other, coefficients, column, 0, rows, dim, width);
  //@ assert hint_range: 0.0 <= 0x1.01p126 * rows <= 0x1p145;
  //@ assert hint_sums: AT_ALL_WITHIN(gradient, 0, width, 0x1p145);
  /*@ loop invariant index: 0 <= k <= width;
    @ loop invariant done: AT_ALL_WITHIN(gradient, 0, width, 0x1p145);
    @ loop assigns k, gradient[0 .. width-1];
    @ loop variant width - k;
   */
  for (size_t k = 0; k < width; k++) {
    //@ assert hint_sum: AT_WITHIN(gradient[k], 0x1p145);
    gradient[k] = mean(gradient[k], samples);
  }
}

/* Columns first .. first + width - 1 of one of the sums; other: working space. */
/*@ requires size: from < to <= AT_MAX_ROWS && width <= AT_BLOCK && first + width <= dim &&
  @   1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(sum + (0 .. dim-1)) && \valid(other + (0 .. AT_BLOCK-1)) &&
  @   \valid_read(coefficients + (0 .. to-1)) && \valid_read(tokens + (0 .. to*dim-1));
  @ requires sep: \separated(sum + (0 .. dim-1), other + (0 .. AT_BLOCK-1)) &&
  @   \separated(sum + (0 .. dim-1), coefficients + (0 .. to-1)) &&
  @   \separated(sum + (0 .. dim-1), tokens + (0 .. to*dim-1)) &&
  @   \separated(other + (0 .. AT_BLOCK-1), coefficients + (0 .. to-1)) &&
  @   \separated(other + (0 .. AT_BLOCK-1), tokens + (0 .. to*dim-1));
  @ requires range_sum: from > 0 ==> AT_ALL_WITHIN(sum, first, first + width, 0x1.01p126 * from);
  @ requires range_coefficients: AT_ALL_WITHIN(coefficients, 0, to, 0x1p106);
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, to*dim, AT_MAX_ENTRY);
  @ terminates \true;
  @ assigns sum[first .. first+width-1], other[0 .. AT_BLOCK-1];
  @ ensures range: AT_ALL_WITHIN(sum, first, first + width, 0x1.01p126 * to);
  @*/
static void sum_columns(double *sum, double *other, const double *coefficients,
                        const double *tokens, size_t from, size_t to, size_t first, size_t width,
                        size_t dim)
{
  //@ assert hint_size: at_product(to, dim, AT_MAX_ROWS, AT_MAX_DIM);
  //@ assert hint_row: at_row(to - 1, to, dim);
  //@ assert hint_end: (to - 1) * dim + dim == to * dim;
  double *part = sum + first;
  const double *column = tokens + first;
  //@ assert hint_valid: \valid_read(column + (0 .. (to - 1)*dim + width - 1));
  //@ assert hint_columns: AT_ALL_WITHIN(column, 0, (to - 1)*dim + width, AT_MAX_ENTRY);
  //@ assert hint_part: from > 0 ==> AT_ALL_WITHIN(part, 0, width, 0x1.01p126 * from);
  at_sum_scaled_rows(part, other, coefficients, column, from, to, dim, width);
  //@ assert hint_sum: AT_ALL_WITHIN(part, 0, width, 0x1.01p126 * to);
}

void at_single_head_sums(double *sum_v, double *sum_p, const double *value_coefficients,
                         const double *score_coefficients, const double *tokens, size_t from,
                         size_t to, size_t first, size_t last, size_t dim)
{
  double other[AT_BLOCK];
  size_t column = first;
  /*@ loop unroll AT_BLOCK;
    @ loop invariant index: 0 <= k <= AT_BLOCK;
    @ loop assigns k, other[0 .. AT_BLOCK-1];
    @ loop variant AT_BLOCK - k;
   */
  for (size_t k = 0; k < AT_BLOCK; k++) other[k] = 0.0;
  /*@ loop unroll AT_MAX_DIM;
    @ loop invariant index: first <= column <= last;
    @ loop invariant done_v: AT_ALL_WITHIN(sum_v, first, column, 0x1.01p126 * to);
    @ loop invariant done_p: AT_ALL_WITHIN(sum_p, first, column, 0x1.01p126 * to);
    @ loop invariant open_v: from > 0 ==> AT_ALL_WITHIN(sum_v, column, last, 0x1.01p126 * from);
    @ loop invariant open_p: from > 0 ==> AT_ALL_WITHIN(sum_p, column, last, 0x1.01p126 * from);
    @ loop invariant values: AT_ALL_WITHIN(value_coefficients, 0, to, 0x1p106);
    @ loop invariant scores: AT_ALL_WITHIN(score_coefficients, 0, to, 0x1p106);
    @ loop invariant tokens: AT_ALL_WITHIN(tokens, 0, to*dim, AT_MAX_ENTRY);
    @ loop assigns column, sum_v[first .. last-1], sum_p[first .. last-1], other[0 .. AT_BLOCK-1];
    @ loop variant last - column;
   */
  while (column < last) {
    const size_t width = last - column < AT_BLOCK ? last - column : AT_BLOCK;
    //@ assert hint_width: 1 <= width <= AT_BLOCK && column + width <= last;
    sum_columns(sum_v, other, value_coefficients, tokens, from, to, column, width, dim);
    //@ assert hint_done_v: AT_ALL_WITHIN(sum_v, first, column + width, 0x1.01p126 * to);
    //@ assert hint_open_v: from > 0 ==> AT_ALL_WITHIN(sum_v, column+width, last, 0x1.01p126 * from);
    //@ assert hint_done_p: AT_ALL_WITHIN(sum_p, first, column, 0x1.01p126 * to);
    //@ assert hint_open_p: from > 0 ==> AT_ALL_WITHIN(sum_p, column, last, 0x1.01p126 * from);
    //@ assert hint_values: AT_ALL_WITHIN(value_coefficients, 0, to, 0x1p106);
    //@ assert hint_scores: AT_ALL_WITHIN(score_coefficients, 0, to, 0x1p106);
    //@ assert hint_tokens: AT_ALL_WITHIN(tokens, 0, to*dim, AT_MAX_ENTRY);
    sum_columns(sum_p, other, score_coefficients, tokens, from, to, column, width, dim);
    column += width;
  }
}

/* Columns first .. first + width - 1 of at_single_head_descend. */
/*@ requires size: 1 <= samples <= AT_MAX_SAMPLES && width <= AT_BLOCK &&
  @   first + width <= AT_MAX_DIM;
  @ requires valid: \valid(next + (first .. first+width-1)) &&
  @   \valid_read(weight + (first .. first+width-1));
  @ requires sep: \separated(next + (first .. first+width-1), weight + (first .. first+width-1));
  @ requires range_sum: AT_ALL_WITHIN(next, first, first + width, 0x1p145);
  @ requires range_weight: AT_ALL_WITHIN(weight, first, first + width, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ terminates \true;
  @ assigns next[first .. first+width-1];
  @ ensures range: AT_ALL_WITHIN(next, first, first + width, AT_MAX_WEIGHT);
  @*/
static void descend_columns(double *next, const double *weight, double step, size_t samples,
                            size_t first, size_t width)
{
  double gradient[AT_BLOCK];
  /*@ loop unroll AT_BLOCK;
    @ loop invariant index: 0 <= k <= AT_BLOCK;
    @ loop assigns k, gradient[0 .. AT_BLOCK-1];
    @ loop variant AT_BLOCK - k;
   */
  for (size_t k = 0; k < AT_BLOCK; k++) gradient[k] = 0.0;
  /*@ loop invariant index: 0 <= k <= width;
    @ loop invariant done: AT_ALL_WITHIN(gradient, 0, k, 0x1p145);
    @ loop assigns k, gradient[0 .. AT_BLOCK-1];
    @ loop variant width - k;
   */
  for (size_t k = 0; k < width; k++) {
    //@ assert hint_sum: AT_WITHIN(next[first + k], 0x1p145);
    gradient[k] = mean(next[first + k], samples);
  }
  at_descend(next, weight, gradient, step, first, width);
}

void at_single_head_descend(double *next, const double *weight, double step, size_t samples,
                            size_t first, size_t last)
{
  size_t k = first;
  /*@ loop unroll AT_MAX_DIM;
    @ loop invariant index: first <= k <= last;
    @ loop invariant done: AT_ALL_WITHIN(next, first, k, AT_MAX_WEIGHT);
    @ loop invariant open: AT_ALL_WITHIN(next, k, last, 0x1p145);
    @ loop invariant weight: AT_ALL_WITHIN(weight, first, last, AT_MAX_WEIGHT);
    @ loop assigns k, next[first .. last-1];
    @ loop variant last - k;
   */
  while (k < last) {
    const size_t width = last - k < AT_BLOCK ? last - k : AT_BLOCK;
    //@ assert hint_width: 1 <= width <= AT_BLOCK && k + width <= last;
    descend_columns(next, weight, step, samples, k, width);
    k += width;
  }
}

/* The fewest samples whose rows come in eights, which at_sum_scaled_rows adds without a rest. */
/*@ requires size: 1 <= token_count <= AT_MAX_TOKENS;
  @ terminates \true;
  @ assigns \nothing;
  @ ensures range: 1 <= \result <= 8;
  @*/
static inline size_t group_size(size_t token_count)
{
  size_t group = 1;
  /*@ loop unroll 3;
    @ loop invariant power: group == 1 || group == 2 || group == 4 || group == 8;
    @ loop assigns group;
    @ loop variant 8 - group;
   */
  while (group < 8 && group * token_count % 8 != 0) group *= 2;
  return group;
}

/* Samples begin .. end - 1: their coefficients, and their rows added to both sums. */
/*@ requires size: begin < end <= AT_MAX_SAMPLES && 1 <= token_count <= AT_MAX_TOKENS &&
  @   1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(sum_v + (0 .. dim-1)) && \valid(sum_p + (0 .. dim-1)) &&
  @   \valid(score_coefficients + (0 .. end*token_count-1)) &&
  @   \valid(value_coefficients + (0 .. end*token_count-1)) &&
  @   \valid_read(tokens + (0 .. end*token_count*dim-1)) &&
  @   \valid_read(labels + (0 .. end-1)) &&
  @   \valid_read(v + (0 .. dim-1)) && \valid_read(p + (0 .. dim-1));
  @ requires sep: \separated(sum_v + (0 .. dim-1), sum_p + (0 .. dim-1),
  @   score_coefficients + (0 .. end*token_count-1),
  @   value_coefficients + (0 .. end*token_count-1),
  @   tokens + (0 .. end*token_count*dim-1), labels + (0 .. end-1), v + (0 .. dim-1),
  @   p + (0 .. dim-1));
  @ requires range_sum_v: begin > 0 ==>
  @   AT_ALL_WITHIN(sum_v, 0, dim, 0x1.01p126 * (begin*token_count));
  @ requires range_sum_p: begin > 0 ==>
  @   AT_ALL_WITHIN(sum_p, 0, dim, 0x1.01p126 * (begin*token_count));
  @ requires range_score: AT_ALL_WITHIN(score_coefficients, 0, begin*token_count, 0x1p106);
  @ requires range_value: AT_ALL_WITHIN(value_coefficients, 0, begin*token_count, 0x1p106);
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, end*token_count*dim, AT_MAX_ENTRY);
  @ requires range_labels: AT_ALL_WITHIN(labels, 0, end, 1.0);
  @ requires range_v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
  @ requires range_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  @ terminates \true;
  @ assigns sum_v[0 .. dim-1], sum_p[0 .. dim-1],
  @   score_coefficients[0 .. end*token_count-1], value_coefficients[0 .. end*token_count-1];
  @ ensures range_sum_v: AT_ALL_WITHIN(sum_v, 0, dim, 0x1.01p126 * (end*token_count));
  @ ensures range_sum_p: AT_ALL_WITHIN(sum_p, 0, dim, 0x1.01p126 * (end*token_count));
  @ ensures range_score: AT_ALL_WITHIN(score_coefficients, 0, end*token_count, 0x1p106);
  @ ensures range_value: AT_ALL_WITHIN(value_coefficients, 0, end*token_count, 0x1p106);
  @*/
static void add_samples(double *sum_v, double *sum_p, double *score_coefficients,
                        double *value_coefficients, const double *tokens, const double *labels,
                        const double *v, const double *p, size_t begin, size_t end,
                        size_t token_count, size_t dim)
{
  //@ assert hint_size_begin: at_product(begin, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
  //@ assert hint_size_end: at_product(end, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
  //@ assert hint_size_data: at_product(end * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
  //@ assert hint_size_first: at_product(begin * token_count, dim, AT_MAX_ROWS, AT_MAX_DIM);
  //@ assert hint_row: at_row(begin, end, token_count);
  //@ assert hint_rows: begin * token_count + token_count <= end * token_count <= AT_MAX_ROWS;
  const size_t from = begin * token_count;
  const size_t to = end * token_count;
  const size_t count = end - begin;
  //@ assert hint_from: from == begin * token_count && 0 <= from < to;
  //@ assert hint_to: to == end * token_count && to <= AT_MAX_ROWS;
  //@ assert hint_count: count * token_count == to - from;
  //@ assert hint_block: count * token_count * dim == to * dim - from * dim;
  //@ assert hint_row_first: at_row(from, to, dim);
  //@ assert hint_first: 0 <= from * dim && from * dim + dim <= to * dim <= 0x400000000;
  double *scores = score_coefficients + from;
  double *values = value_coefficients + from;
  const double *sample = tokens + from * dim;
  const double *label = labels + begin;
  //@ assert hint_scores: \valid(scores + (0 .. count*token_count-1));
  //@ assert hint_values: \valid(values + (0 .. count*token_count-1));
  //@ assert hint_valid: \valid_read(sample + (0 .. count*token_count*dim-1));
  //@ assert hint_sample: AT_ALL_WITHIN(sample, 0, count*token_count*dim, AT_MAX_ENTRY);
  //@ assert hint_label: AT_ALL_WITHIN(label, 0, count, 1.0);
  at_single_head_coefficients(scores, values, sample, label, v, p, count, token_count, dim);
  //@ assert hint_new_scores: AT_ALL_WITHIN(scores, 0, to - from, 0x1p106);
  //@ assert hint_new_values: AT_ALL_WITHIN(values, 0, to - from, 0x1p106);
  //@ assert hint_old_scores: AT_ALL_WITHIN(score_coefficients, 0, from, 0x1p106);
  //@ assert hint_old_values: AT_ALL_WITHIN(value_coefficients, 0, from, 0x1p106);
  //@ assert hint_all_scores: AT_ALL_WITHIN(score_coefficients, 0, to, 0x1p106);
  //@ assert hint_all_values: AT_ALL_WITHIN(value_coefficients, 0, to, 0x1p106);
  //@ assert hint_tokens: AT_ALL_WITHIN(tokens, 0, to*dim, AT_MAX_ENTRY);
  //@ assert hint_sum_v: from > 0 ==> AT_ALL_WITHIN(sum_v, 0, dim, 0x1.01p126 * from);
  //@ assert hint_sum_p: from > 0 ==> AT_ALL_WITHIN(sum_p, 0, dim, 0x1.01p126 * from);
  at_single_head_sums(sum_v, sum_p, value_coefficients, score_coefficients, tokens, from, to, 0,
                      dim, dim);
}

void at_single_head_step(double *v_next, double *p_next, double *score_coefficients,
                         double *value_coefficients, const double *tokens, const double *labels,
                         const double *v, const double *p, double step, size_t samples,
                         size_t token_count, size_t dim)
{
  const size_t group = group_size(token_count);
  size_t i = 0;
  /*@ loop unroll AT_MAX_SAMPLES;
    @ loop invariant index: 0 <= i <= samples;
    @ loop invariant sum_v: i > 0 ==> AT_ALL_WITHIN(v_next, 0, dim, 0x1.01p126 * (i*token_count));
    @ loop invariant sum_p: i > 0 ==> AT_ALL_WITHIN(p_next, 0, dim, 0x1.01p126 * (i*token_count));
    @ loop invariant scores: AT_ALL_WITHIN(score_coefficients, 0, i*token_count, 0x1p106);
    @ loop invariant values: AT_ALL_WITHIN(value_coefficients, 0, i*token_count, 0x1p106);
    @ loop invariant tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
    @ loop invariant labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
    @ loop invariant v: AT_ALL_WITHIN(v, 0, dim, AT_MAX_WEIGHT);
    @ loop invariant p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
    @ loop assigns i, v_next[0 .. dim-1], p_next[0 .. dim-1],
    @   score_coefficients[0 .. samples*token_count-1],
    @   value_coefficients[0 .. samples*token_count-1];
    @ loop variant samples - i;
   */
  while (i < samples) {
    const size_t end = samples - i < group ? samples : i + group;
    //@ assert hint_end: i < end <= samples;
    //@ assert hint_row: at_row(end - 1, samples, token_count);
    //@ assert hint_rows: (end - 1) * token_count + token_count == end * token_count;
    //@ assert hint_inside: 0 <= end * token_count <= samples * token_count;
    //@ assert hint_row_begin: at_row(i, samples, token_count);
    //@ assert hint_size: at_product(samples, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
    //@ assert hint_row_data: at_row(end * token_count - 1, samples * token_count, dim);
    //@ assert hint_data: end * token_count * dim <= samples * token_count * dim;
    //@ assert hint_tokens: AT_ALL_WITHIN(tokens, 0, end*token_count*dim, AT_MAX_ENTRY);
    add_samples(v_next, p_next, score_coefficients, value_coefficients, tokens, labels, v, p, i,
                end, token_count, dim);
    i = end;
  }
  //@ assert hint_size: at_product(samples, token_count, AT_MAX_SAMPLES, AT_MAX_TOKENS);
  /*@ assert hint_range: \forall integer rows; 0 <= rows <= AT_MAX_ROWS ==>
        0.0 <= 0x1.01p126 * rows <= 0x1p145; */
  //@ assert hint_sum_v: AT_ALL_WITHIN(v_next, 0, dim, 0x1p145);
  //@ assert hint_sum_p: AT_ALL_WITHIN(p_next, 0, dim, 0x1p145);
  at_single_head_descend(v_next, v, step, samples, 0, dim);
  //@ assert hint_next_p: AT_ALL_WITHIN(p_next, 0, dim, 0x1p145);
  //@ assert hint_p: AT_ALL_WITHIN(p, 0, dim, AT_MAX_WEIGHT);
  at_single_head_descend(p_next, p, step, samples, 0, dim);
}
