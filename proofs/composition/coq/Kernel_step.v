(* SPDX-License-Identifier: Apache-2.0

   The step of the kernel: Composition.v with the constants and operations of the C code.

   Main results: kernel_step_error and kernel_two_steps_error, for sizes within kernel/capacity.h;
   contracts_can_hold: the exact numbers satisfy the contracts, so no theorem of this room is empty.
   Assumptions: kernel_point says what the C functions computed, partly by their contracts (at_dot,
   at_pool_output, at_sum_scaled_rows, at_descend), partly operation by operation (Operations.v). *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Sums Model Contracts Bounds Softmax Logistic Composition Kernel Operations.
Open Scope R_scope.

(* One evaluation by the C code. *)
Record kernel_point (D : data) (x : computed) : Prop := {
  kernel_scores : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_dot (kernel D) (hat_scores x i t) (token D i t) (hat_p x) (dim D);
  kernel_values : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_dot (kernel D) (hat_values x i t) (token D i t) (hat_v x) (dim D);
  kernel_softmax : forall i, (i < samples D)%nat -> exists shifted exponential sums top,
    softmax_operations (tokens D) (hat_weights x i) (hat_scores x i) shifted exponential sums top;
  kernel_output : forall i, (i < samples D)%nat ->
    at_pool_output (kernel D) (hat_outputs x i) (hat_weights x i) (hat_values x i) (tokens D);
  kernel_loss : exists losses sums,
    loss_operations (samples D) (hat_loss x) (hat_outputs x) (label D) losses sums;
  kernel_coefficients : forall i, (i < samples D)%nat -> exists sigmoid deviations,
    coefficient_operations (tokens D) (hat_score_coefficients x i) (hat_value_coefficients x i)
      (hat_weights x i) (hat_values x i) (hat_outputs x i) (label D i) sigmoid deviations;
  kernel_sum_v : at_sum_scaled_rows (kernel D) (hat_sum_v x) (hat_value_coefficients x) D;
  kernel_sum_p : at_sum_scaled_rows (kernel D) (hat_sum_p x) (hat_score_coefficients x) D;
  kernel_mean_v : forall k, (k < dim D)%nat ->
    rounded (hat_gradient_v x k) (hat_sum_v x k / INR (samples D));
  kernel_mean_p : forall k, (k < dim D)%nat ->
    rounded (hat_gradient_p x k) (hat_sum_p x k / INR (samples D))
}.

(* One step by the C code: at_single_head_step. *)
Record kernel_step (D : data) (step : R) (x : computed) (next_v next_p : nat -> R) : Prop := {
  kernel_evaluates : kernel_point D x;
  kernel_descends_v : at_descend (kernel D) next_v (hat_v x) (hat_gradient_v x) step (dim D);
  kernel_descends_p : at_descend (kernel D) next_p (hat_p x) (hat_gradient_p x) step (dim D)
}.

(* kernel/capacity.h, as far as a proof needs it *)
Definition within_capacity (D : data) : Prop :=
  (1 <= samples D)%nat /\ (1 <= tokens D <= 64)%nat.

Theorem kernel_point_contracts D x : within_capacity D -> kernel_point D x ->
  point_contracts (kernel D) D x.
Proof.
intros [N T] H. split.
- apply H.
- apply H.
- intros i I. destruct (kernel_softmax D x H i I) as (d & E & sums & top & O).
  now apply softmax_contract with (1 := T) (2 := O).
- intros. now apply kernel_weights.
- apply H.
- destruct (kernel_loss D x H) as (losses & sums & O). now apply loss_contract with (2 := O).
- intros i I. destruct (kernel_coefficients D x H i I) as (s & d & O).
  now apply coefficients_contract with (1 := O).
- apply H.
- apply H.
- exact (kernel_mean_v D x H).
- exact (kernel_mean_p D x H).
Qed.

Lemma kernel_step_contracts D step x next_v next_p : within_capacity D ->
  kernel_step D step x next_v next_p -> step_contracts (kernel D) D step x next_v next_p.
Proof. intros C [P V Q]. split; auto. now apply kernel_point_contracts. Qed.

Theorem kernel_step_error D step x next_v next_p v p e_v e_p : within_capacity D ->
  kernel_step D step x next_v next_p ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  near (dim D) next_v (step_v D (2 ^ 60) step v p) (step_v_error (kernel D) D step x e_v e_p) /\
  near (dim D) next_p (step_p D (2 ^ 60) step v p) (step_p_error (kernel D) D step x e_v e_p).
Proof.
intros C H V P. apply (step_error (kernel D)); auto; [now apply kernel_setting, C|].
now apply kernel_step_contracts.
Qed.

Theorem kernel_two_steps_error D step point_0 point_1 next_v next_p : within_capacity D ->
  (forall k, (k < dim D)%nat -> hat_v point_0 k = 0 /\ hat_p point_0 k = 0) ->
  kernel_step D step point_0 (hat_v point_1) (hat_p point_1) ->
  kernel_step D step point_1 next_v next_p ->
  let (v, p) := iterate D (2 ^ 60) step 2 in
  let zero := fun _ : nat => 0 in
  let e_v := step_v_error (kernel D) D step point_0 zero zero in
  let e_p := step_p_error (kernel D) D step point_0 zero zero in
  near (dim D) next_v v (step_v_error (kernel D) D step point_1 e_v e_p) /\
  near (dim D) next_p p (step_p_error (kernel D) D step point_1 e_v e_p).
Proof.
intros C Zero H0 H1. simpl.
apply (two_steps_error (kernel D)) with (point_0 := point_0) (point_1 := point_1); auto.
- now apply kernel_setting, C.
- now apply kernel_step_contracts.
- now apply kernel_step_contracts.
Qed.

(* ---- the contracts can hold ---- *)

(* What a kernel without rounding would compute at (v, p). *)
Definition exact_point (D : data) (v p : nat -> R) : computed := {|
  hat_v := v;
  hat_p := p;
  hat_scores := projection D p;
  hat_values := projection D v;
  hat_weights := weight D p;
  hat_outputs := output D v p;
  hat_loss := mean_loss D v p;
  hat_score_coefficients := score_coefficient D v p;
  hat_value_coefficients := value_coefficient D v p;
  hat_sum_v := scaled_tokens D (value_coefficient D v p);
  hat_sum_p := scaled_tokens D (score_coefficient D v p);
  hat_gradient_v := gradient_v D v p;
  hat_gradient_p := gradient_p D v p
|}.

Lemma no_error x y r m a : x = y -> 0 <= r -> 0 <= m -> 0 <= a -> Rabs (x - y) <= r * m + a.
Proof.
intros -> R M A. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0.
assert (H := Rmult_le_pos r m R M). lra.
Qed.

Lemma no_rounding x : rounded x x.
Proof.
assert (U := unit_small). assert (Y := tiny_small).
apply no_error; auto using Rabs_pos; lra.
Qed.

Lemma ordered_total n f : ordered_sum (fun k => total k f) f n.
Proof. split; [reflexivity|]. intros. apply no_rounding. Qed.

Lemma highest_exists T z : (1 <= T)%nat ->
  exists top, (top < T)%nat /\ forall t, (t < T)%nat -> z t <= z top.
Proof.
induction T as [|T IH]; [lia|]. intros _. destruct (Nat.eq_dec T 0) as [->|N].
- exists O. split; [lia|]. intros t H. replace t with O by lia. lra.
- destruct IH as (top & L & H); [lia|]. destruct (Rle_or_lt (z T) (z top)) as [C|C].
  + exists top. split; [lia|]. intros t K. destruct (Nat.eq_dec t T) as [->|M]; auto.
    apply H. lia.
  + exists T. split; [lia|]. intros t K. destruct (Nat.eq_dec t T) as [->|M]; [lra|].
    apply Rle_trans with (z top); [apply H; lia | lra].
Qed.

Lemma exact_softmax T z : (1 <= T)%nat -> exists d E sums top,
  softmax_operations T (softmax T z) z d E sums top.
Proof.
intros H. destruct (highest_exists T z H) as (top & L & Top).
assert (F := floor_small). assert (U := unit_small).
exists (fun t => z t - z top), (fun t => exp (z t - z top)),
  (fun k => total k (fun t => exp (z t - z top))), top. split; auto.
- split; [ring|]. intros t K. specialize (Top t K). split; [lra | apply no_rounding].
- intros t K. assert (P := exp_pos (z t - z top)). repeat split; try lra.
  intros _. unfold Rminus at 1. rewrite Rplus_opp_r, Rabs_R0. unfold exp_relative.
  apply Rmult_le_pos; lra.
- intros ->. apply exp_0.
- apply ordered_total.
- intros t K. split.
  + split; [left; now apply softmax_positive | now apply softmax_at_most_one].
  + assert (S := shifted_total T z top L). rewrite Rmax_left by auto.
    rewrite <- (softmax_shift T z (z top) t K).
    replace (softmax T z t) with (softmax T z t * total T (fun s => exp (z s - z top)) /
      total T (fun s => exp (z s - z top))) at 1 by (field; lra). apply no_rounding.
Qed.

Theorem contracts_can_hold D step v p : within_capacity D ->
  (forall i, (i < samples D)%nat -> label D i = 1 \/ label D i = -1) ->
  kernel_step D step (exact_point D v p) (step_v D (2 ^ 60) step v p)
    (step_p D (2 ^ 60) step v p).
Proof.
intros [N T] Y. assert (U := unit_small). assert (F := floor_small). assert (W := tiny_small).
assert (X : 0 < sum_unit) by (unfold sum_unit; apply Rmult_lt_0_compat; lra).
split; [split|..].
- intros i t I L. apply no_error; auto; cbn [kernel dot_relative dot_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply Rabs_pos.
  + lra.
- intros i t I L. apply no_error; auto; cbn [kernel dot_relative dot_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply Rabs_pos.
  + lra.
- intros i I. apply exact_softmax. lia.
- intros i I. apply no_error; auto; cbn [kernel output_relative output_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply Rabs_pos.
  + apply Rmult_le_pos; [apply pos_INR | lra].
- exists (fun i => loss (label D i * output D v p i)),
    (fun k => total k (fun i => loss (label D i * output D v p i))). split.
  + intros i I _. apply Rle_trans with 0.
    * right. unfold loss. rewrite Rminus_eq_0. apply Rabs_R0.
    * apply Rmult_le_pos; [unfold softplus_relative; lra|]. left.
      apply (loss_positive (label D i * output D v p i)).
  + intros i I _. unfold loss. simpl. rewrite Rminus_eq_0, Rabs_R0. lra.
  + apply ordered_total.
  + apply no_rounding.
- intros i I. exists (slope (label D i * output D v p i)),
    (fun t => projection D v i t - output D v p i).
  assert (S : slope (label D i * output D v p i) = sigmoid (- (label D i * output D v p i)))
    by (unfold sigmoid; now rewrite Ropp_involutive).
  split; auto.
  + intros t L. split; [left; now apply softmax_positive | now apply softmax_at_most_one].
  + intros _. simpl. rewrite <- S, Rminus_eq_0, Rabs_R0.
    apply Rmult_le_pos; [unfold sigmoid_relative; lra | left; apply slope_positive].
  + intros _. simpl. rewrite <- S, Rminus_eq_0, Rabs_R0. lra.
  + intros t L. apply no_rounding.
  + intros t L. apply no_rounding.
  + intros t L. apply no_rounding.
- intros k L. apply no_error; auto; cbn [kernel rows_relative rows_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply total_nonneg. intros. apply Rabs_pos.
  + apply Rmult_le_pos; [apply pos_INR | lra].
- intros k L. apply no_error; auto; cbn [kernel rows_relative rows_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply total_nonneg. intros. apply Rabs_pos.
  + apply Rmult_le_pos; [apply pos_INR | lra].
- intros k L. apply no_rounding.
- intros k L. apply no_rounding.
- intros k L. apply no_error; auto; cbn [kernel descend_relative descend_absolute]; [lra| |lra].
  apply Rplus_le_le_0_compat; [apply Rabs_pos|]. apply Rmult_le_pos; [lra | apply Rabs_pos].
- intros k L. apply no_error; auto; cbn [kernel descend_relative descend_absolute]; [lra| |lra].
  apply Rplus_le_le_0_compat; [apply Rabs_pos|]. apply Rmult_le_pos; [lra | apply Rabs_pos].
Qed.
