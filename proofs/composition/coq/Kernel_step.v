(* SPDX-License-Identifier: Apache-2.0

   The step of the kernel: Composition.v from the error clauses of the C contracts.

   Main results: kernel_step_error and kernel_two_steps_error, for sizes within kernel/capacity.h
   and labels +1 and -1; contracts_can_hold: the exact numbers satisfy the contracts, so no theorem
   of this room is empty.
   Assumptions: kernel_point and kernel_step say what the C functions computed.  Each field is an
   error clause that Frama-C/WP proves of the C text, quoted above it, with arrays read as functions
   and rows of matrices as their functions; predicates over numbers (at_weight_near, ...) are
   generated from the same text (Specs.v).  `run` compares every quotation with its header. *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Specs Sums Model Contracts Bounds Softmax Logistic Composition Kernel.
Open Scope R_scope.

(* One evaluation by the C code. *)
Record kernel_point (D : data) (x : computed) : Prop := {
  (* kernel/vector.h: at_dot, error:
     "\abs(\result - at_sum_products(x, y, n)) <=
      (n / 32 + 7) * 0x1.000001p-53 * at_sum_magnitudes(x, y, n) + 262462 * 0x1p-1074" *)
  kernel_scores : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_dot (kernel D) (hat_scores x i t) (token D i t) (hat_p x) (dim D);
  kernel_values : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_dot (kernel D) (hat_values x i t) (token D i t) (hat_v x) (dim D);
  (* kernel/softmax.h: at_softmax_row, range: "AT_ALL_UNIT(weights, 0, tokens)" *)
  kernel_unit : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    0 <= hat_weights x i t <= 1;
  (* kernel/softmax.h: at_softmax_row, error:
     "\forall integer t; 0 <= t < tokens ==>
      at_weight_near(weights[t], at_softmax{Pre}(scores, tokens, t),
                     \at(scores[t], Pre) - at_highest{Pre}(scores, tokens), tokens)" *)
  kernel_softmax : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_weight_near (hat_weights x i t) (softmax (tokens D) (hat_scores x i) t)
      (hat_scores x i t - highest (tokens D) (hat_scores x i)) (INR (tokens D));
  (* kernel/pooling.h: at_pool_output, error:
     "\abs(\result - at_sum_products(weights, values, tokens)) <=
      (tokens + 1) * 0x1.000001p-53 * at_sum_magnitudes(weights, values, tokens) +
      tokens * 0x4p-1074" *)
  kernel_output : forall i, (i < samples D)%nat ->
    at_pool_output (kernel D) (hat_outputs x i) (hat_weights x i) (hat_values x i) (tokens D);
  (* kernel/single_head.h: at_single_head_loss, error:
     "AT_ALL_SIGNS(labels, samples) ==>
      at_mean_near(\result, at_sum_losses(outputs, labels, samples) / (double)samples, samples)" *)
  kernel_loss : at_mean_near (hat_loss x)
    (total (samples D) (fun i => at_logistic_loss (label D i * hat_outputs x i)) /
     INR (samples D)) (INR (samples D));
  (* kernel/pooling.h: at_pool_coefficients, error_value:
     "at_sign(label) ==> \forall integer t; 0 <= t < tokens ==>
      at_value_near(value_coefficients[t],
                    at_value_coefficient(label, output, \at(weights[t], Pre)))" *)
  kernel_value_coefficients : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_value_near (hat_value_coefficients x i t)
      (at_value_coefficient (label D i) (hat_outputs x i) (hat_weights x i t));
  (* kernel/pooling.h: at_pool_coefficients, error_score:
     "at_sign(label) ==> \forall integer t; 0 <= t < tokens ==>
      at_score_near(score_coefficients[t],
                    at_value_coefficient(label, output, \at(weights[t], Pre)),
                    \at(values[t], Pre) - output)" *)
  kernel_score_coefficients : forall i t, (i < samples D)%nat -> (t < tokens D)%nat ->
    at_score_near (hat_score_coefficients x i t)
      (at_value_coefficient (label D i) (hat_outputs x i) (hat_weights x i t))
      (hat_values x i t - hat_outputs x i);
  (* kernel/vector.h: at_sum_scaled_rows, error:
     "from == 0 ==> \forall integer k; 0 <= k < n ==>
      \abs(sum[k] - at_sum_scaled{Pre}(scales, first, stride, k, to)) <=
      (to + 1) * 0x1.000001p-53 * at_sum_scaled_magnitudes{Pre}(scales, first, stride, k, to) +
      to * 0x4p-1074" *)
  (* A step adds the rows in parts.  The clause quoted next passes the error from one part to the
     next; after the last, to = all rows, lemma sum_bound of specs/summation.h gives this bound. *)
  (* kernel/vector.h: at_sum_scaled_rows, near:
     "from == 0 ||
      AT_ALL_NEAR_SUMS(\at(sum[k_], Pre), 0, n, scales, first, stride, from) ==>
      AT_ALL_NEAR_SUMS(sum[k_], 0, n, scales, first, stride, to)" *)
  kernel_sum_v : at_sum_scaled_rows (kernel D) (hat_sum_v x) (hat_value_coefficients x) D;
  kernel_sum_p : at_sum_scaled_rows (kernel D) (hat_sum_p x) (hat_score_coefficients x) D;
  (* kernel/single_head.c: mean, error: "at_rounded(\result, sum / (double)count)" *)
  kernel_mean_v : forall k, (k < dim D)%nat ->
    at_rounded (hat_gradient_v x k) (hat_sum_v x k / INR (samples D));
  kernel_mean_p : forall k, (k < dim D)%nat ->
    at_rounded (hat_gradient_p x k) (hat_sum_p x k / INR (samples D))
}.

(* One step by the C code: at_single_head_step. *)
Record kernel_step (D : data) (step : R) (x : computed) (next_v next_p : nat -> R) : Prop := {
  kernel_evaluates : kernel_point D x;
  (* kernel/vector.h: at_descend, error:
     "\forall integer k; 0 <= k < n ==>
      at_descended(next[first + k], \at(weight[first + k], Pre), at_times{Pre}(step, gradient, k),
                   AT_MAX_WEIGHT)" *)
  kernel_descends_v : at_descend (kernel D) next_v (hat_v x) (hat_gradient_v x) step (dim D);
  kernel_descends_p : at_descend (kernel D) next_p (hat_p x) (hat_gradient_p x) step (dim D)
}.

(* kernel/capacity.h, as far as a proof needs it, and what the error clauses ask of the labels *)
Definition within_capacity (D : data) : Prop :=
  (1 <= samples D <= 4096)%nat /\ (1 <= tokens D <= 64)%nat /\
  forall i, (i < samples D)%nat -> label D i = 1 \/ label D i = -1.

Lemma loss_is z : at_logistic_loss z = loss z.
Proof. reflexivity. Qed.

Lemma slope_is z : at_logistic_slope z = loss_derivative z.
Proof. unfold at_logistic_slope, loss_derivative. assert (P := exp_pos z). field. lra. Qed.

(* ---- the constants of the clauses are those of Kernel.v ---- *)

Lemma softmax_clause D w z : (1 <= tokens D <= 64)%nat ->
  (forall t, (t < tokens D)%nat -> 0 <= w t <= 1) ->
  (forall t, (t < tokens D)%nat -> at_weight_near (w t) (softmax (tokens D) z t)
    (z t - highest (tokens D) z) (INR (tokens D))) ->
  at_softmax_row (kernel D) w z (tokens D).
Proof.
intros T W H. split; [exact W|]. intros t L. destruct (H t L) as [N F]. simpl. unfold row_relative.
assert (M := highest_above (tokens D) z t L). assert (Q := softmax_positive (tokens D) z t L).
set (q := softmax (tokens D) z t) in *.
replace (z t - highest (tokens D) z) with (- (highest (tokens D) z - z t)) in N, F by ring.
set (g := highest (tokens D) z - z t) in *.
assert (P := pos_INR (tokens D)). unfold unit, floor.
destruct (Rle_or_lt g 708) as [G|G].
- specialize (N ltac:(lra)). rewrite Rmin_left by auto.
  replace ((INR (tokens D) + 3 + g) * (2 * / 2 ^ 53) * q) with
    ((INR (tokens D) + 3 - - g) * (1 / 2 ^ 52) * q); [lra|].
  replace (1 / 2 ^ 52) with (2 * / 2 ^ 53) by lra. ring.
- specialize (F ltac:(lra)). rewrite Rmin_right by lra.
  assert (0 <= (INR (tokens D) + 3 + 708) * (2 * / 2 ^ 53) * q)
    by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra). lra.
Qed.

Lemma loss_clause D l f : (1 <= samples D)%nat -> (forall i, 0 <= loss (label D i * f i)) ->
  at_mean_near l (total (samples D) (fun i => at_logistic_loss (label D i * f i)) /
    INR (samples D)) (INR (samples D)) ->
  at_single_head_loss (kernel D) l f (label D) (samples D).
Proof.
intros N P H. unfold at_mean_near, at_single_head_loss in *. simpl.
rewrite (total_ext _ _ (fun i => loss (label D i * f i))) in H by (intros; apply loss_is).
set (m := total _ _ / _) in *. apply Rle_trans with (1 := H).
rewrite plus_INR. unfold unit, floor. replace (INR 6) with 6 by (simpl; lra).
replace ((INR (samples D) + 6) * ((1 + / 2 ^ 12) * / 2 ^ 53) * m) with
  (4097 / 2 ^ 65 * (INR (samples D) + 6) * m);
  [lra | replace (4097 / 2 ^ 65) with ((1 + / 2 ^ 12) * / 2 ^ 53) by lra; ring].
Qed.

Lemma coefficients_clause D b c w x f y :
  (forall t, (t < tokens D)%nat -> at_value_near (c t) (at_value_coefficient y f (w t))) ->
  (forall t, (t < tokens D)%nat ->
    at_score_near (b t) (at_value_coefficient y f (w t)) (x t - f)) ->
  at_pool_coefficients (kernel D) b c w x f y (tokens D).
Proof.
intros C B t T slope. specialize (C t T). specialize (B t T).
unfold at_value_near, at_score_near, at_value_coefficient in *.
rewrite slope_is in *. fold slope in C, B. simpl. unfold unit, floor, tiny.
assert (P := Rabs_pos (slope * w t)). assert (Q := Rabs_pos (slope * w t * (x t - f))).
assert (S := Rabs_pos (x t - f)). split; lra.
Qed.

Theorem kernel_point_contracts D x : within_capacity D -> kernel_point D x ->
  point_contracts (kernel D) D x.
Proof.
intros (N & T & Y) H. split.
- apply H.
- apply H.
- intros i I. apply softmax_clause; auto; intros t L; now apply H.
- intros. now apply kernel_weights.
- apply H.
- apply loss_clause; [apply N | intros; left; apply loss_positive | apply H].
- intros i I. apply coefficients_clause; intros t L; now apply H.
- apply H.
- apply H.
- intros k K. assert (M := kernel_mean_v D x H k K). unfold at_rounded in M. simpl.
  unfold unit, tiny. lra.
- intros k K. assert (M := kernel_mean_p D x H k K). unfold at_rounded in M. simpl.
  unfold unit, tiny. lra.
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

Lemma no_rounding x : at_rounded x x.
Proof. assert (A := Rabs_pos x). apply no_error; auto; lra. Qed.

Theorem contracts_can_hold D step v p : within_capacity D ->
  kernel_step D step (exact_point D v p) (step_v D (2 ^ 60) step v p)
    (step_p D (2 ^ 60) step v p).
Proof.
intros (N & T & Y). assert (U := unit_small). assert (F := floor_small). assert (W := tiny_small).
assert (X : 0 < sum_unit) by (unfold sum_unit; apply Rmult_lt_0_compat; lra).
assert (NT := pos_INR (tokens D)). assert (NS := pos_INR (samples D)).
split; [split|..].
- intros i t I L. apply no_error; auto; cbn [kernel dot_relative dot_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply Rabs_pos.
  + lra.
- intros i t I L. apply no_error; auto; cbn [kernel dot_relative dot_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply Rabs_pos.
  + lra.
- intros i t I L. split; [left; now apply softmax_positive | now apply softmax_at_most_one].
- intros i t I L. assert (Q := softmax_positive (tokens D) (projection D p i) t L).
  assert (M := highest_above (tokens D) (projection D p i) t L).
  unfold at_weight_near. cbn [exact_point hat_weights hat_scores]. unfold weight. split; intros G.
  + apply no_error; auto; [|lra|lra]. apply Rmult_le_pos; lra.
  + rewrite Rminus_eq_0, Rabs_R0. lra.
- intros i I. apply no_error; auto; cbn [kernel output_relative output_absolute].
  + apply Rmult_le_pos; [apply pos_INR | lra].
  + apply total_nonneg. intros. apply Rabs_pos.
  + apply Rmult_le_pos; lra.
- apply no_error; [reflexivity | apply Rmult_le_pos; lra | | lra].
  apply Rmult_le_pos; [apply total_nonneg; intros; left; apply loss_positive|].
  left. apply Rinv_0_lt_compat, lt_0_INR. lia.
- intros i t I L. cbn [exact_point hat_value_coefficients hat_outputs hat_weights].
  unfold at_value_near, at_value_coefficient. rewrite slope_is.
  apply no_error; [reflexivity | lra | apply Rabs_pos | lra].
- intros i t I L. unfold at_score_near, at_value_coefficient.
  cbn [exact_point hat_score_coefficients hat_outputs hat_weights hat_values].
  rewrite slope_is. set (e := projection D v i t - output D v p i).
  unfold score_coefficient, value_coefficient. fold e.
  rewrite Rminus_eq_0, Rabs_R0. assert (A := Rabs_pos e).
  set (c := _ * _ * _ * e). assert (B := Rabs_pos c). lra.
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
