(* SPDX-License-Identifier: Apache-2.0

   What is assumed of the computed numbers: the local rounding contracts of the kernel.

   Main results: definitions only.  Each `at_...` is the error clause of the C function of that name
   as a statement about real numbers: its arguments stand for binary64 numbers, read as reals.
   `point_contracts` and `step_contracts` gather them for one evaluation and one step.
   `kernel` holds the constants of the contracts.  Who proves them: README.md.
   Assumptions: these records are the hypotheses of the theorems of Composition.v. *)
From Coq Require Import Reals.
Require Import Sums Model.
Open Scope R_scope.

(* ---- constants ---- *)

(* relative: in units of the exact result or of the sum of its magnitudes; absolute: underflow.
   softmax_relative takes the row of computed scores and the token. *)
Record accuracy := {
  dot_relative : R;
  dot_absolute : R;
  softmax_relative : (nat -> R) -> nat -> R;
  softmax_absolute : R;
  output_relative : R;
  output_absolute : R;
  loss_relative : R;
  loss_absolute : R;
  value_relative : R;
  value_absolute : R;
  score_relative : R;
  score_floor : R;
  score_absolute : R;
  rows_relative : R;
  rows_absolute : R;
  mean_relative : R;
  mean_absolute : R;
  descend_relative : R;
  descend_absolute : R;
  box : R
}.

(* ---- one contract for each function ---- *)

(* kernel/vector.h, clause error: r for the dot product of x and y, n entries each. *)
Definition at_dot (K : accuracy) (r : R) (x y : nat -> R) (n : nat) : Prop :=
  Rabs (r - total n (fun k => x k * y k)) <=
  dot_relative K * total n (fun k => Rabs (x k * y k)) + dot_absolute K.

(* kernel/softmax.h, clauses range and error: weights w of the scores z. *)
Definition at_softmax_row (K : accuracy) (w z : nat -> R) (T : nat) : Prop :=
  (forall t, (t < T)%nat -> 0 <= w t <= 1) /\
  forall t, (t < T)%nat ->
    Rabs (w t - softmax T z t) <= softmax_relative K z t * softmax T z t + softmax_absolute K.

(* kernel/pooling.h: f for the sum of weights times values. *)
Definition at_pool_output (K : accuracy) (f : R) (w x : nat -> R) (T : nat) : Prop :=
  Rabs (f - total T (fun t => w t * x t)) <=
  output_relative K * total T (fun t => Rabs (w t * x t)) + output_absolute K.

(* kernel/pooling.h, at_loss in at_single_head_loss: l for the mean loss of the n margins y f. *)
Definition at_single_head_loss (K : accuracy) (l : R) (f y : nat -> R) (n : nat) : Prop :=
  Rabs (l - total n (fun i => loss (y i * f i)) / INR n) <=
  loss_relative K * (total n (fun i => loss (y i * f i)) / INR n) + loss_absolute K.

(* kernel/pooling.h, at_loss_derivative in at_pool_coefficients, f the computed output. *)
Definition at_pool_coefficients (K : accuracy) (b c w x : nat -> R) (f y : R) (T : nat) : Prop :=
  forall t, (t < T)%nat ->
    let slope := y * loss_derivative (y * f) in
    Rabs (c t - slope * w t) <= value_relative K * Rabs (slope * w t) + value_absolute K /\
    Rabs (b t - slope * w t * (x t - f)) <=
    score_relative K * Rabs (slope * w t * (x t - f)) + score_floor K * Rabs (x t - f) +
    score_absolute K.

(* kernel/vector.h, clause error: s for column k of the sum of the tokens scaled by c. *)
Definition at_sum_scaled_rows (K : accuracy) (s : nat -> R) (c : nat -> nat -> R) (D : data) :
    Prop :=
  forall k, (k < dim D)%nat ->
    Rabs (s k - scaled_tokens D c k) <=
    rows_relative K * total (samples D) (fun i => total (tokens D) (fun t =>
      Rabs (c i t * token D i t k))) + rows_absolute K.

(* kernel/single_head.c, mean in at_single_head_gradient: one division. *)
Definition at_single_head_gradient (K : accuracy) (g s : nat -> R) (D : data) : Prop :=
  forall k, (k < dim D)%nat ->
    Rabs (g k - s k / INR (samples D)) <=
    mean_relative K * Rabs (s k / INR (samples D)) + mean_absolute K.

(* kernel/vector.h, clause error (at_descended of specs/summation.h). *)
Definition at_descend (K : accuracy) (next w g : nat -> R) (step : R) (d : nat) : Prop :=
  forall k, (k < d)%nat ->
    Rabs (next k - clamp (box K) (w k - step * g k)) <=
    descend_relative K * (Rabs (w k - step * g k) + 3 / 2 * Rabs (step * g k)) +
    descend_absolute K.

(* ---- the computed numbers of one iterate ---- *)

(* Shapes as in struct at_fast_point; hat_sum_*: what at_sum_scaled_rows leaves before the mean. *)
Record computed := {
  hat_v : nat -> R;
  hat_p : nat -> R;
  hat_scores : nat -> nat -> R;
  hat_values : nat -> nat -> R;
  hat_weights : nat -> nat -> R;
  hat_outputs : nat -> R;
  hat_loss : R;
  hat_score_coefficients : nat -> nat -> R;
  hat_value_coefficients : nat -> nat -> R;
  hat_sum_v : nat -> R;
  hat_sum_p : nat -> R;
  hat_gradient_v : nat -> R;
  hat_gradient_p : nat -> R
}.

(* Something to average, and constants that can be divided by. *)
Record setting (K : accuracy) (D : data) : Prop := {
  some_samples : (1 <= samples D)%nat;
  sane_softmax : 0 <= softmax_absolute K;
  sane_mean : 0 <= mean_relative K < 1
}.

(* One evaluation: forward pass, loss, coefficients and gradients at (hat_v, hat_p).
   sane_weights: the contract says something about every weight. *)
Record point_contracts (K : accuracy) (D : data) (x : computed) : Prop := {
  by_at_dot_scores : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_dot K (hat_scores x i t) (token D i t) (hat_p x) (dim D);
  by_at_dot_values : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_dot K (hat_values x i t) (token D i t) (hat_v x) (dim D);
  by_at_softmax_row : forall i, (i < samples D)%nat ->
    at_softmax_row K (hat_weights x i) (hat_scores x i) (tokens D);
  sane_weights : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    0 <= softmax_relative K (hat_scores x i) t < 1;
  by_at_pool_output : forall i, (i < samples D)%nat ->
    at_pool_output K (hat_outputs x i) (hat_weights x i) (hat_values x i) (tokens D);
  by_at_single_head_loss :
    at_single_head_loss K (hat_loss x) (hat_outputs x) (label D) (samples D);
  by_at_pool_coefficients : forall i, (i < samples D)%nat ->
    at_pool_coefficients K (hat_score_coefficients x i) (hat_value_coefficients x i)
      (hat_weights x i) (hat_values x i) (hat_outputs x i) (label D i) (tokens D);
  by_at_sum_scaled_rows_v : at_sum_scaled_rows K (hat_sum_v x) (hat_value_coefficients x) D;
  by_at_sum_scaled_rows_p : at_sum_scaled_rows K (hat_sum_p x) (hat_score_coefficients x) D;
  by_at_single_head_gradient_v : at_single_head_gradient K (hat_gradient_v x) (hat_sum_v x) D;
  by_at_single_head_gradient_p : at_single_head_gradient K (hat_gradient_p x) (hat_sum_p x) D
}.

(* One step from the point x to (next_v, next_p): at_single_head_step. *)
Record step_contracts (K : accuracy) (D : data) (step : R) (x : computed) (next_v next_p : nat -> R)
    : Prop := {
  by_point : point_contracts K D x;
  by_at_descend_v : at_descend K next_v (hat_v x) (hat_gradient_v x) step (dim D);
  by_at_descend_p : at_descend K next_p (hat_p x) (hat_gradient_p x) step (dim D)
}.
