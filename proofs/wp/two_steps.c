/* SPDX-License-Identifier: Apache-2.0
 *
 * two_steps.c: two steps from any admissible weights, zero among them, by contract alone: the step's
 * postcondition meets its own precondition.  Proved by WP (target two_steps), for all sizes. */
#include "../../kernel/single_head.h"

/*@ requires size: 1 <= samples <= AT_MAX_SAMPLES && 1 <= token_count <= AT_MAX_TOKENS &&
  @   1 <= dim <= AT_MAX_DIM;
  @ requires valid: \valid(v_1 + (0 .. dim-1)) && \valid(p_1 + (0 .. dim-1)) &&
  @   \valid(v_2 + (0 .. dim-1)) && \valid(p_2 + (0 .. dim-1)) &&
  @   \valid(scores + (0 .. samples*token_count-1)) &&
  @   \valid(values + (0 .. samples*token_count-1)) &&
  @   \valid_read(tokens + (0 .. samples*token_count*dim-1)) &&
  @   \valid_read(labels + (0 .. samples-1)) &&
  @   \valid_read(v_0 + (0 .. dim-1)) && \valid_read(p_0 + (0 .. dim-1));
  @ requires sep: \separated(v_1 + (0 .. dim-1), p_1 + (0 .. dim-1), v_2 + (0 .. dim-1),
  @   p_2 + (0 .. dim-1), scores + (0 .. samples*token_count-1),
  @   values + (0 .. samples*token_count-1), tokens + (0 .. samples*token_count*dim-1),
  @   labels + (0 .. samples-1), v_0 + (0 .. dim-1), p_0 + (0 .. dim-1));
  @ requires range_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
  @ requires range_labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
  @ requires range_v: AT_ALL_WITHIN(v_0, 0, dim, AT_MAX_WEIGHT);
  @ requires range_p: AT_ALL_WITHIN(p_0, 0, dim, AT_MAX_WEIGHT);
  @ requires range_step: AT_WITHIN(step, AT_MAX_STEP);
  @ terminates \true;
  @ assigns v_1[0 .. dim-1], p_1[0 .. dim-1], v_2[0 .. dim-1], p_2[0 .. dim-1],
  @   scores[0 .. samples*token_count-1], values[0 .. samples*token_count-1];
  @ ensures range_v: AT_ALL_WITHIN(v_2, 0, dim, AT_MAX_WEIGHT);
  @ ensures range_p: AT_ALL_WITHIN(p_2, 0, dim, AT_MAX_WEIGHT);
  @*/
void two_steps(double *v_2, double *p_2, double *v_1, double *p_1, double *scores, double *values,
               const double *tokens, const double *labels, const double *v_0, const double *p_0,
               double step, size_t samples, size_t token_count, size_t dim)
{
  at_single_head_step(v_1, p_1, scores, values, tokens, labels, v_0, p_0, step, samples,
                      token_count, dim);
  //@ assert hint_tokens: AT_ALL_WITHIN(tokens, 0, samples*token_count*dim, AT_MAX_ENTRY);
  //@ assert hint_labels: AT_ALL_WITHIN(labels, 0, samples, 1.0);
  at_single_head_step(v_2, p_2, scores, values, tokens, labels, v_1, p_1, step, samples,
                      token_count, dim);
}
