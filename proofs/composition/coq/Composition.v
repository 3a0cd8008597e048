(* SPDX-License-Identifier: Apache-2.0

   From the contracts of the kernel's functions to the error of a whole step of gradient descent.

   Main results, for every number of samples, tokens and coordinates:
     step_error       the entries of v and p after one computed step lie within step_v_error and
                      step_p_error of the exact step, if they were within e_v, e_p before it;
     run_error_bound  the same for every iterate of a run from zero;
     two_steps_error  its case of two steps;
     forward_error, mean_loss_bound, gradients_error   what one evaluation gives.
   Assumptions: point_contracts and step_contracts (Contracts.v) hold for the computed numbers. *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Sums Model Contracts Bounds Softmax Logistic.
Open Scope R_scope.

(* The exact w is within e of the computed w. *)
Definition near (d : nat) (computed exact e : nat -> R) : Prop :=
  forall k, (k < d)%nat -> Rabs (computed k - exact k) <= e k.

(* ---- arithmetic of errors ---- *)

Lemma close_trans x y z e f : Rabs (x - y) <= e -> Rabs (y - z) <= f -> Rabs (x - z) <= e + f.
Proof.
intros H G. replace (x - z) with ((x - y) + (y - z)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.

Lemma product_close a A b B ea eb : Rabs (A - a) <= ea -> Rabs (B - b) <= eb ->
  Rabs (A * B - a * b) <= Rabs A * eb + ea * (Rabs B + eb).
Proof.
intros H G. replace (A * B - a * b) with (A * (B - b) + (A - a) * (B + - (B - b))) by ring.
apply Rle_trans with (1 := Rabs_triang _ _). rewrite !Rabs_mult. apply Rplus_le_compat.
- apply Rmult_le_compat_l; auto using Rabs_pos.
- apply Rmult_le_compat; auto using Rabs_pos. apply Rle_trans with (1 := Rabs_triang _ _).
  rewrite Rabs_Ropp. lra.
Qed.

Lemma size_close A a e : Rabs (A - a) <= e -> Rabs a <= Rabs A + e.
Proof.
intros H. replace a with (A + - (A - a)) by ring. apply Rle_trans with (1 := Rabs_triang _ _).
rewrite Rabs_Ropp. lra.
Qed.

Lemma divide_close x y e n : 0 < n -> Rabs (x - y) <= e -> Rabs (x / n - y / n) <= e / n.
Proof.
intros N H. replace (x / n - y / n) with ((x - y) * / n) by (field; lra).
rewrite Rabs_mult, (Rabs_pos_eq (/ n)) by (left; now apply Rinv_0_lt_compat).
apply Rmult_le_compat_r; auto. left. now apply Rinv_0_lt_compat.
Qed.

(* The projection onto an interval moves no two points apart. *)
Lemma clamp_lipschitz m x y : Rabs (clamp m x - clamp m y) <= Rabs (x - y).
Proof.
unfold clamp, Rmax, Rmin. repeat destruct Rle_dec; unfold Rabs; repeat destruct Rcase_abs; lra.
Qed.

(* ---- projections: scores and values ---- *)

Lemma projection_bound K D r W w e i t : at_dot K r (token D i t) W (dim D) ->
  near (dim D) W w e -> Rabs (r - projection D w i t) <= projection_error K D W e i t.
Proof.
intros H N. unfold projection_error. eapply close_trans; [exact H|].
apply total_close. intros k L. replace (token D i t k * W k - token D i t k * w k) with
  (token D i t k * (W k - w k)) by ring.
rewrite Rabs_mult. apply Rmult_le_compat_l; auto using Rabs_pos.
Qed.

(* ---- one sample ---- *)

Lemma score_bound K D x p e_p i t : point_contracts K D x -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (hat_scores x i t - projection D p i t) <= score_error K D x e_p i t.
Proof. intros C N I T. apply projection_bound; auto. now apply (by_at_dot_scores K D x C). Qed.

Lemma value_bound K D x v e_v i t : point_contracts K D x -> near (dim D) (hat_v x) v e_v ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (hat_values x i t - projection D v i t) <= value_error K D x e_v i t.
Proof. intros C N I T. apply projection_bound; auto. now apply (by_at_dot_values K D x C). Qed.

(* The computed weights against the exact softmax of the computed scores. *)
Lemma weight_contract K D x i t : setting K D -> point_contracts K D x -> (i < samples D)%nat ->
  (t < tokens D)%nat -> let q := softmax (tokens D) (hat_scores x i) t in
  Rabs (hat_weights x i t - q) <=
  softmax_relative K (hat_scores x i) t * q + softmax_absolute K.
Proof.
intros _ C I T q. destruct (by_at_softmax_row K D x C i I) as [_ H]. now apply H.
Qed.

Lemma weight_size_bound K D x i t : setting K D -> point_contracts K D x -> (i < samples D)%nat ->
  (t < tokens D)%nat ->
  0 < softmax (tokens D) (hat_scores x i) t <= weight_size K x i t.
Proof.
intros G C I T. assert (H := weight_contract K D x i t G C I T). cbv zeta in H.
assert (Q := softmax_positive (tokens D) (hat_scores x i) t T).
set (q := softmax (tokens D) (hat_scores x i) t) in *. split; auto.
assert (S := sane_weights K D x C i t I T). unfold weight_size.
apply Rmult_le_reg_r with (1 - softmax_relative K (hat_scores x i) t); [lra|].
unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. apply within in H. lra.
Qed.

Lemma weight_range K D x i t : point_contracts K D x -> (i < samples D)%nat -> (t < tokens D)%nat ->
  0 <= hat_weights x i t <= 1.
Proof. intros C I T. destruct (by_at_softmax_row K D x C i I) as [H _]. auto. Qed.

Lemma weight_bound K D x p e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_p x) p e_p -> (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (hat_weights x i t - weight D p i t) <= weight_error K D x e_p i t.
Proof.
intros G C N I T. apply Rmin_glb.
- assert (H := weight_range K D x i t C I T).
  assert (P := softmax_positive (tokens D) (projection D p i) t T).
  assert (L := softmax_at_most_one (tokens D) (projection D p i) t T).
  fold (weight D p i t) in P, L. apply Rabs_le. lra.
- assert (Q := fun s => weight_size_bound K D x i s G C I).
  assert (S := sane_weights K D x C i t I T).
  eapply close_trans.
  + apply Rle_trans with (1 := weight_contract K D x i t G C I T). unfold weight_rounding.
    apply Rplus_le_compat_r. apply Rmult_le_compat_l; [lra|]. apply Q; auto.
  + eapply Rle_trans.
    * apply softmax_sensitivity with (e := score_error K D x e_p i); auto.
      intros s L. now apply score_bound.
    * assert (E : forall s, (s < tokens D)%nat -> 0 <= score_error K D x e_p i s).
      { intros s L. apply Rle_trans with (1 := Rabs_pos _) (2 := score_bound K D x p e_p i s C N I L). }
      assert (F : forall s, (s < tokens D)%nat ->
        0 <= exp (score_error K D x e_p i t + score_error K D x e_p i s) - 1).
      { intros s L. assert (H := E s L). assert (H' := E t T).
        assert (1 <= exp (score_error K D x e_p i t + score_error K D x e_p i s))
          by (apply exp_at_least_one; lra). lra. }
      apply Rmult_le_compat; [left; apply Q; auto | | apply Q; auto |].
      -- apply total_nonneg. intros s L. destruct (Nat.eqb s t); [lra|].
         apply Rmult_le_pos; auto. left. now apply Q.
      -- apply others_le. intros s L _. apply Rmult_le_compat_r; auto. now apply Q.
Qed.

Lemma output_bound K D x v p e_v e_p i : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p -> (i < samples D)%nat ->
  Rabs (hat_outputs x i - output D v p i) <= output_error K D x e_v e_p i.
Proof.
intros G C V P I. eapply close_trans; [exact (by_at_pool_output K D x C i I)|].
apply total_close. intros t T.
rewrite <- (Rabs_pos_eq (hat_weights x i t)) at 2 by apply (weight_range K D x i t C I T).
apply product_close; [now apply weight_bound | now apply value_bound].
Qed.

Lemma margin_bound K D x v p e_v e_p i : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p -> (i < samples D)%nat ->
  Rabs (label D i * hat_outputs x i - label D i * output D v p i) <=
  margin_error K D x e_v e_p i.
Proof.
intros G C V P I. rewrite <- Rmult_minus_distr_l, Rabs_mult.
apply Rmult_le_compat_l; auto using Rabs_pos, output_bound.
Qed.

(* ---- mean loss ---- *)

Lemma samples_positive K D : setting K D -> 0 < INR (samples D).
Proof. intros G. apply lt_0_INR. assert (H := some_samples K D G). lia. Qed.

Theorem mean_loss_bound K D x v p e_v e_p : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  Rabs (hat_loss x - mean_loss D v p) <= mean_loss_error K D x e_v e_p.
Proof.
intros G C V P. eapply close_trans; [exact (by_at_single_head_loss K D x C)|].
apply divide_close; [now apply (samples_positive K)|]. apply total_close. intros i I.
apply loss_sensitivity. now apply margin_bound.
Qed.

(* ---- coefficients ---- *)

Lemma slope_bound K D x v p e_v e_p i : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p -> (i < samples D)%nat ->
  Rabs (slope_size D x i - slope (label D i * output D v p i)) <= slope_error K D x e_v e_p i.
Proof. intros G C V P I. apply slope_sensitivity. now apply margin_bound. Qed.

Lemma exact_product_size K D x i t : point_contracts K D x -> (i < samples D)%nat ->
  (t < tokens D)%nat ->
  Rabs (label D i * loss_derivative (label D i * hat_outputs x i) * hat_weights x i t) =
  exact_product D x i t.
Proof.
intros C I T. rewrite loss_derivative_slope, !Rabs_mult, Rabs_Ropp.
rewrite (Rabs_pos_eq (slope _)) by (left; apply slope_positive).
rewrite (Rabs_pos_eq (hat_weights x i t)) by apply (weight_range K D x i t C I T). reflexivity.
Qed.

(* The product of slope and weight, without rounding. *)
Lemma slope_weight_bound K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (label D i * loss_derivative (label D i * hat_outputs x i) * hat_weights x i t -
        value_coefficient D v p i t) <= value_sensitivity K D x e_v e_p i t.
Proof.
intros G C V P I T. unfold value_coefficient, value_sensitivity.
rewrite !loss_derivative_slope, !Rmult_assoc, <- Rmult_minus_distr_l, Rabs_mult.
apply Rmult_le_compat_l; [apply Rabs_pos|].
replace (- slope (label D i * hat_outputs x i) * hat_weights x i t -
         - slope (label D i * output D v p i) * weight D p i t) with
  (- (slope (label D i * hat_outputs x i) * hat_weights x i t -
      slope (label D i * output D v p i) * weight D p i t)) by ring.
rewrite Rabs_Ropp.
assert (S := slope_bound K D x v p e_v e_p i G C V P I).
assert (W := weight_bound K D x p e_p i t G C P I T).
assert (H := product_close _ _ _ _ _ _ S W).
rewrite (Rabs_pos_eq (slope_size D x i)) in H by (left; apply slope_positive).
rewrite (Rabs_pos_eq (hat_weights x i t)) in H by apply (weight_range K D x i t C I T). exact H.
Qed.

Theorem value_coefficient_bound K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (hat_value_coefficients x i t - value_coefficient D v p i t) <=
  value_coefficient_error K D x e_v e_p i t.
Proof.
intros G C V P I T. destruct (by_at_pool_coefficients K D x C i I t T) as [H _].
rewrite (exact_product_size K) in H by auto.
eapply close_trans; [exact H | now apply slope_weight_bound].
Qed.

(* V_t, first form: value and output one by one. *)
Lemma deviation_bound_apart K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (deviation x i t - (projection D v i t - output D v p i)) <=
  value_error K D x e_v i t + output_error K D x e_v e_p i.
Proof.
intros G C V P I T. unfold deviation.
assert (X := value_bound K D x v e_v i t C V I T).
assert (F := output_bound K D x v p e_v e_p i G C V P I).
apply within in X. apply within in F. apply Rabs_le. lra.
Qed.

(* x_t - sum w_s x_s from the other tokens, and what weights that do not sum to one add. *)
Lemma deviation_pairs T w x t : (t < T)%nat ->
  x t - total T (fun s => w s * x s) =
  others T t (fun s => w s * (x t - x s)) + (1 - total T w) * x t.
Proof.
intros H. replace (others T t (fun s => w s * (x t - x s))) with
  (total T (fun s => w s * (x t - x s))).
- rewrite (total_ext T (fun s => w s * (x t - x s)) (fun s => x t * w s - w s * x s))
    by (intros; ring).
  rewrite total_minus, total_scale. ring.
- rewrite (total_split T t) by auto. ring.
Qed.

(* V_t, second form: the token's weight does not matter. *)
Lemma deviation_bound_pairs K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  let X := value_error K D x e_v i in
  Rabs (deviation x i t - (projection D v i t - output D v p i)) <=
  output_rounding K D x i +
  Rabs (1 - total (tokens D) (hat_weights x i)) * Rabs (hat_values x i t) +
  others (tokens D) t (fun s => hat_weights x i s * (X t + X s) +
    weight_error K D x e_p i s * (Rabs (hat_values x i t - hat_values x i s) + (X t + X s))).
Proof.
intros G C V P I T X. set (W := hat_weights x i). set (x' := hat_values x i).
set (w := weight D p i). set (z := projection D v i).
assert (Zero : total (tokens D) w = 1) by (apply softmax_total; lia).
assert (exact : z t - output D v p i = others (tokens D) t (fun s => w s * (z t - z s))).
{ unfold output. fold w z. rewrite (deviation_pairs (tokens D) w z t T), Zero. ring. }
fold z. rewrite exact. unfold deviation. fold x'.
assert (R := by_at_pool_output K D x C i I). unfold at_pool_output in R.
fold W x' in R. fold (output_rounding K D x i) in R.
set (f := total (tokens D) (fun s => W s * x' s)) in R.
assert (S := deviation_pairs (tokens D) W x' t T). fold f in S.
replace (x' t - hat_outputs x i - others (tokens D) t (fun s => w s * (z t - z s))) with
  ((f - hat_outputs x i) + (1 - total (tokens D) W) * x' t +
   (others (tokens D) t (fun s => W s * (x' t - x' s)) -
    others (tokens D) t (fun s => w s * (z t - z s)))) by lra.
eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat.
- eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult.
  apply Rplus_le_compat_r. rewrite Rabs_minus_sym. exact R.
- rewrite <- others_minus. eapply Rle_trans; [apply others_abs|]. apply others_le.
  intros s L _. rewrite <- (Rabs_pos_eq (W s)) at 2 by apply (weight_range K D x i s C I L).
  apply product_close; [now apply weight_bound|].
  assert (A := value_bound K D x v e_v i t C V I T).
  assert (B := value_bound K D x v e_v i s C V I L).
  fold X x' z in A, B. apply within in A. apply within in B. apply Rabs_le. lra.
Qed.

Theorem deviation_bound K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (deviation x i t - (projection D v i t - output D v p i)) <=
  deviation_error K D x e_v e_p i t.
Proof.
intros. apply Rmin_glb; [now apply deviation_bound_apart | now apply deviation_bound_pairs].
Qed.

Theorem score_coefficient_bound K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (hat_score_coefficients x i t - score_coefficient D v p i t) <=
  score_coefficient_error K D x e_v e_p i t.
Proof.
intros G C V P I T. destruct (by_at_pool_coefficients K D x C i I t T) as [_ H].
fold (deviation x i t) in H. rewrite Rabs_mult, (exact_product_size K) in H by auto.
unfold score_coefficient_error. rewrite Rplus_assoc. eapply close_trans; [exact H|].
unfold score_coefficient. rewrite <- (exact_product_size K D x i t C I T).
apply product_close; [now apply slope_weight_bound | now apply deviation_bound].
Qed.

(* ---- gradients ---- *)

Lemma gradient_bound K D s g c c' e k : setting K D -> at_sum_scaled_rows K s c D ->
  at_single_head_gradient K g s D ->
  (forall i t, (i < samples D)%nat -> (t < tokens D)%nat -> Rabs (c i t - c' i t) <= e i t) ->
  (k < dim D)%nat -> Rabs (g k - gradient D c' k) <= gradient_error K D c e g k.
Proof.
intros G S M E L. assert (N := samples_positive K D G). assert (U := sane_mean K D G).
specialize (S k L). specialize (M k L). unfold gradient_error. rewrite Rplus_comm.
set (m := s k / INR (samples D)) in *.
assert (B : Rabs m <= (Rabs (g k) + mean_absolute K) / (1 - mean_relative K)).
{ assert (H := size_close _ _ _ M). apply Rmult_le_reg_r with (1 - mean_relative K); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
eapply close_trans with (y := m).
- apply Rle_trans with (1 := M). apply Rplus_le_compat_r. apply Rmult_le_compat_l; lra.
- apply divide_close; auto. eapply close_trans; [exact S|].
  apply total_close. intros i I. apply total_close. intros t T.
  rewrite <- Rmult_minus_distr_r, Rabs_mult. apply Rmult_le_compat_r; auto using Rabs_pos.
Qed.

Theorem gradients_error K D x v p e_v e_p k : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p -> (k < dim D)%nat ->
  Rabs (hat_gradient_v x k - gradient_v D v p k) <= gradient_v_error K D x e_v e_p k /\
  Rabs (hat_gradient_p x k - gradient_p D v p k) <= gradient_p_error K D x e_v e_p k.
Proof.
intros G C V P L. split.
- apply gradient_bound with (s := hat_sum_v x); auto.
  + apply (by_at_sum_scaled_rows_v K D x C).
  + apply (by_at_single_head_gradient_v K D x C).
  + intros. now apply value_coefficient_bound.
- apply gradient_bound with (s := hat_sum_p x); auto.
  + apply (by_at_sum_scaled_rows_p K D x C).
  + apply (by_at_single_head_gradient_p K D x C).
  + intros. now apply score_coefficient_bound.
Qed.

(* ---- one step, and runs ---- *)

Lemma descend_bound K d step next W w g g' e_w e_g k : at_descend K next W g step d ->
  near d W w e_w -> (k < d)%nat -> Rabs (g k - g' k) <= e_g k ->
  Rabs (next k - clamp (box K) (w k - step * g' k)) <= descend_error K step W g e_w e_g k.
Proof.
intros H N L E. unfold descend_error. rewrite Rplus_comm.
eapply close_trans; [exact (H k L)|]. eapply Rle_trans; [apply clamp_lipschitz|].
replace (W k - step * g k - (w k - step * g' k)) with ((W k - w k) + - (step * (g k - g' k)))
  by ring.
eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, Rabs_mult.
apply Rplus_le_compat; [auto|]. apply Rmult_le_compat_l; auto using Rabs_pos.
Qed.

Theorem step_error K D step x next_v next_p v p e_v e_p : setting K D ->
  step_contracts K D step x next_v next_p ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  near (dim D) next_v (step_v D (box K) step v p) (step_v_error K D step x e_v e_p) /\
  near (dim D) next_p (step_p D (box K) step v p) (step_p_error K D step x e_v e_p).
Proof.
intros G C V P. assert (Q := by_point K D step x next_v next_p C). split; intros k L.
- apply descend_bound with (d := dim D); auto; [apply (by_at_descend_v _ _ _ _ _ _ C)|].
  now apply gradients_error.
- apply descend_bound with (d := dim D); auto; [apply (by_at_descend_p _ _ _ _ _ _ C)|].
  now apply gradients_error.
Qed.

Theorem forward_error K D x v p e_v e_p i t : setting K D -> point_contracts K D x ->
  near (dim D) (hat_v x) v e_v -> near (dim D) (hat_p x) p e_p ->
  (i < samples D)%nat -> (t < tokens D)%nat ->
  Rabs (hat_weights x i t - weight D p i t) <= weight_error K D x e_p i t /\
  Rabs (hat_outputs x i - output D v p i) <= output_error K D x e_v e_p i.
Proof. intros. split; [now apply weight_bound | now apply output_bound]. Qed.

(* A computed run of m steps: x j is iterate j, zero at the start. *)
Definition run_contracts (K : accuracy) (D : data) (step : R) (x : nat -> computed) (m : nat)
    : Prop :=
  (forall k, (k < dim D)%nat -> hat_v (x O) k = 0 /\ hat_p (x O) k = 0) /\
  forall j, (j < m)%nat -> step_contracts K D step (x j) (hat_v (x (S j))) (hat_p (x (S j))).

Theorem run_error_bound K D step x m : setting K D -> run_contracts K D step x m ->
  near (dim D) (hat_v (x m)) (fst (iterate D (box K) step m)) (fst (run_error K D step x m)) /\
  near (dim D) (hat_p (x m)) (snd (iterate D (box K) step m)) (snd (run_error K D step x m)).
Proof.
intros G [Zero C]. induction m as [|m IH].
- split; intros k L; destruct (Zero k L) as [V P]; simpl; rewrite ?V, ?P, Rminus_0_r, Rabs_R0; lra.
- destruct IH as [V P]; [intros; apply C; lia|]. specialize (C m ltac:(lia)). simpl.
  destruct (iterate D (box K) step m) as [v p]. destruct (run_error K D step x m) as [e_v e_p].
  exact (step_error K D step (x m) _ _ v p e_v e_p G C V P).
Qed.

(* Two steps from zero, written out: point_0 is evaluated at zero, point_1 after one step, and
   next_v, next_p are the result. *)
Theorem two_steps_error K D step point_0 point_1 next_v next_p : setting K D ->
  (forall k, (k < dim D)%nat -> hat_v point_0 k = 0 /\ hat_p point_0 k = 0) ->
  step_contracts K D step point_0 (hat_v point_1) (hat_p point_1) ->
  step_contracts K D step point_1 next_v next_p ->
  let zero := fun _ : nat => 0 in
  let v_1 := step_v D (box K) step zero zero in
  let p_1 := step_p D (box K) step zero zero in
  let e_v := step_v_error K D step point_0 zero zero in
  let e_p := step_p_error K D step point_0 zero zero in
  (near (dim D) (hat_v point_1) v_1 e_v /\ near (dim D) (hat_p point_1) p_1 e_p) /\
  (near (dim D) next_v (step_v D (box K) step v_1 p_1) (step_v_error K D step point_1 e_v e_p) /\
   near (dim D) next_p (step_p D (box K) step v_1 p_1) (step_p_error K D step point_1 e_v e_p)).
Proof.
intros G Zero C0 C1 zero v_1 p_1 e_v e_p.
assert (near (dim D) (hat_v point_0) zero zero /\ near (dim D) (hat_p point_0) zero zero) as [V P].
{ split; intros k L; destruct (Zero k L) as [V P]; rewrite ?V, ?P; unfold zero;
    rewrite Rminus_0_r, Rabs_R0; lra. }
assert (First := step_error K D step point_0 _ _ zero zero zero zero G C0 V P).
split; [exact First|]. now apply step_error.
Qed.
