/* SPDX-License-Identifier: Apache-2.0
 *
 * two_steps.c: what Eva runs.  Two steps from zero on any data and any step size that the contracts
 * admit, then loss and forward pass at the weights reached.
 *
 * The last forward pass is the one that counts: p is zero in the passes inside the two steps (the
 * gradient at zero in p vanishes after the first step only in v), so that the softmax would be run
 * on zeros alone.  SAMPLES, TOKENS, DIM come from the command line.
 *
 * The same once more at a size that leaves a remainder in every loop that has one (three rows, a
 * partial last block of columns, a partial last group of lanes), and the gradient that a step does
 * not call, so that the whole kernel is run.
 */
#include "__fc_builtin.h"

#include "single_head.h"

static double tokens[SAMPLES * TOKENS * DIM];
static double labels[SAMPLES];
static double v_0[DIM], v_1[DIM], v_2[DIM];
static double p_0[DIM], p_1[DIM], p_2[DIM];
static double score_coefficients[SAMPLES * TOKENS], value_coefficients[SAMPLES * TOKENS];
static double outputs[SAMPLES], weights[SAMPLES * TOKENS];
double loss;

enum { ODD_SAMPLES = 3, ODD_TOKENS = 1, ODD_DIM = AT_BLOCK + 33 };
static double odd_tokens[ODD_SAMPLES * ODD_TOKENS * ODD_DIM];
static double odd_v_0[ODD_DIM], odd_v_1[ODD_DIM], odd_p_0[ODD_DIM], odd_p_1[ODD_DIM];
static double odd_gradient[AT_BLOCK];
static double odd_scores[ODD_SAMPLES * ODD_TOKENS], odd_values[ODD_SAMPLES * ODD_TOKENS];

static double any_label(void)
{
  return Frama_C_interval(0, 1) ? 1.0 : -1.0;
}

static void remainders(double step)
{
  double odd_labels[ODD_SAMPLES] = {any_label(), any_label(), any_label()};
  for (int k = 0; k < ODD_SAMPLES * ODD_TOKENS * ODD_DIM; k++)
    odd_tokens[k] = Frama_C_double_interval(-AT_MAX_ENTRY, AT_MAX_ENTRY);
  at_single_head_step(odd_v_1, odd_p_1, odd_scores, odd_values, odd_tokens, odd_labels, odd_v_0,
                      odd_p_0, step, ODD_SAMPLES, ODD_TOKENS, ODD_DIM);
  at_single_head_gradient(odd_gradient, odd_scores, odd_tokens, AT_BLOCK, ODD_DIM - AT_BLOCK,
                          ODD_SAMPLES, ODD_TOKENS, ODD_DIM);
}

int main(void)
{
  for (int k = 0; k < SAMPLES * TOKENS * DIM; k++)
    tokens[k] = Frama_C_double_interval(-AT_MAX_ENTRY, AT_MAX_ENTRY);
  for (int i = 0; i < SAMPLES; i++) labels[i] = any_label();
  double step = Frama_C_double_interval(-AT_MAX_STEP, AT_MAX_STEP);
  at_single_head_step(v_1, p_1, score_coefficients, value_coefficients, tokens, labels, v_0, p_0,
                      step, SAMPLES, TOKENS, DIM);
  at_single_head_step(v_2, p_2, score_coefficients, value_coefficients, tokens, labels, v_1, p_1,
                      step, SAMPLES, TOKENS, DIM);
  at_single_head_forward(outputs, weights, tokens, v_2, p_2, SAMPLES, TOKENS, DIM);
  loss = at_single_head_loss(outputs, labels, SAMPLES);
  remainders(step);
  return 0;
}
