(* SPDX-License-Identifier: Apache-2.0

   The hypotheses of Many_tokens.v can hold: eight samples of three tokens, one noisy sample in each
   class, orthonormal noise, a step size of 48.

   Main results: witness_hypotheses, and with it witness_fitted: two steps fit all its labels.
   Assumptions: none. *)
From Coq Require Import Reals Arith Lra Lia Bool.
Require Import Sums Model Many_tokens.
Open Scope R_scope.

(* x times the unit vector p *)
Definition axis (p : nat) (x : R) (k : nat) : R := if Nat.eqb k p then x else 0.

Lemma dot_axis d p r x z : (p < d)%nat ->
  dot d (axis p x) (axis r z) = if Nat.eqb p r then x * z else 0.
Proof.
intros P. unfold dot. rewrite (total_split d p) by auto. unfold others. rewrite (total_null d).
- unfold axis. rewrite Nat.eqb_refl. destruct (Nat.eqb p r); lra.
- intros k K. unfold axis. destruct (Nat.eqb k p); lra.
Qed.

Definition w_class (i : nat) : bool := Nat.ltb i 4.
Definition w_noisy (i : nat) : bool := (Nat.eqb i 0 || Nat.eqb i 4)%bool.
Definition w_rho : R := sqrt (3 / 2).
Definition w_mu (k : bool) : nat -> R := axis (if k then 0 else 1)%nat w_rho.
Definition w_token (i s : nat) : nat -> R :=
  match s with O => w_mu (w_class i) | S r => axis (2 + (2 * i + r)) 1 end.
Definition w_data : data := {| samples := 8; tokens := 3; dim := 18; token := w_token;
  label := fun i => if w_noisy i then - sign (w_class i) else sign (w_class i) |}.

Lemma w_rho_square : w_rho * w_rho = 3 / 2.
Proof. apply sqrt_sqrt. lra. Qed.

Definition witness : setting.
Proof.
refine {| D := w_data; m := 2; class := w_class; noisy := w_noisy; mu := w_mu; rho := w_rho;
  beta := 48; scale := 1 |}; simpl samples; simpl tokens; simpl dim; simpl token; simpl label;
  try lia; try lra.
- intros i k I. reflexivity.
- intros k. unfold w_mu. rewrite dot_axis by (destruct k; lia). rewrite Nat.eqb_refl. reflexivity.
- unfold w_mu. rewrite dot_axis by lia. reflexivity.
- intros k i s I L. unfold w_mu. simpl. rewrite dot_axis by (destruct k; lia).
  destruct k; reflexivity.
- intros i I. reflexivity.
Defined.

Lemma w_gamma i s j r : (i < 8)%nat -> (s < 2)%nat -> (j < 8)%nat -> (r < 2)%nat ->
  gamma witness i s j r = if (Nat.eqb j i && Nat.eqb r s)%bool then 1 else 0.
Proof.
intros I L J K.
transitivity (dot 18 (axis (2 + (2 * j + r)) 1) (axis (2 + (2 * i + s)) 1) / 1); [reflexivity|].
rewrite dot_axis by lia.
destruct (Nat.eqb_spec (2 + (2 * j + r)) (2 + (2 * i + s))) as [E|E];
  destruct (Nat.eqb_spec j i), (Nat.eqb_spec r s); simpl; try lra; lia.
Qed.

Lemma w_off x i s : (i < 8)%nat -> (s < 2)%nat -> off witness x i s = 0.
Proof.
intros I L. unfold off. rewrite w_gamma by auto. rewrite !Nat.eqb_refl.
change (if (true && true)%bool then 1 else 0) with 1.
assert (E : noise_sum witness x i s = total 8 (fun j => total 2 (fun r =>
  x j r * (if (Nat.eqb j i && Nat.eqb r s)%bool then 1 else 0)))).
{ apply total_ext. intros j J. apply total_ext. intros r K. now rewrite w_gamma. }
rewrite E. do 8 (destruct i as [|i]; [do 2 (destruct s as [|s]; [simpl; lra|]); lia|]). lia.
Qed.

Lemma w_clean k : clean_count witness k = 3.
Proof. unfold clean_count, in_class. destruct k; simpl; lra. Qed.

Lemma w_noisy_count k : noisy_count witness k = 1.
Proof. unfold noisy_count, in_class. destruct k; simpl; lra. Qed.

Lemma w_a : a witness = 3 / 2.
Proof. unfold a. simpl. rewrite w_rho_square. lra. Qed.

Lemma w_t : t witness = 1.
Proof. unfold t, rate. simpl. field. Qed.

Lemma w_q k : q witness k = 3.
Proof. unfold q. rewrite w_clean, w_noisy_count, w_a. lra. Qed.

Lemma response_above z : 0 <= z -> response z <= 1 / (2 + z).
Proof.
intros Z. unfold response, Rdiv. rewrite !Rmult_1_l. apply Rinv_le_contravar; [lra|].
destruct (Req_dec z 0) as [->|N]; [rewrite exp_0; lra|]. assert (E := exp_ineq1 z N). lra.
Qed.

Lemma response_half z : z <= 0 -> 1 / 2 <= response z.
Proof.
intros Z. apply Rle_trans with (2 := response_le z 0 Z). unfold response. rewrite exp_0. lra.
Qed.

Lemma response_below z : response z < 1.
Proof.
unfold response. assert (E := exp_pos z). apply Rmult_lt_reg_r with (1 + exp z); [lra|].
unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Theorem witness_hypotheses :
  near_orthogonal witness 0 0 /\ cross_bounds witness 0 0 /\
  (forall k, fits_class witness 0 0 0 0 k).
Proof.
split; [|split].
- intros i s I L. rewrite w_off, w_gamma by auto. rewrite !Nat.eqb_refl.
  change (if (true && true)%bool then 1 else 0) with 1. replace (1 - 1) with 0 by lra.
  rewrite Rabs_R0. split; lra.
- intros i s I L. rewrite !w_off by auto. rewrite Rabs_R0. split; lra.
- intros k. unfold fits_class, aW_low, aW_high, lean, own, aH_high.
  rewrite w_clean, w_noisy_count, w_a, w_t, w_q.
  set (ch := clean_high witness (0 + 0) k). set (cl := clean_low witness (0 + 0) k).
  set (nh := noisy_high witness (0 + 0) k). set (nl := noisy_low witness (0 + 0) k).
  assert (Cl : 0 < cl) by apply response_positive.
  assert (Nh : nh < 1) by apply response_below.
  assert (Ch : ch <= 3 / 11).
  { unfold ch, clean_high. rewrite w_t, w_q. simpl INR.
    eapply Rle_trans; [apply response_above; lra|]. apply Req_le. field. }
  assert (Nl : 1 / 2 <= nl).
  { unfold nl, noisy_low. rewrite w_t, w_q. apply response_half. simpl INR. lra. }
  simpl INR. set (le := _ - _ - 0).
  assert (Le : 4 / 3 <= le) by (unfold le; lra).
  assert (Ex := exp_ineq1 (1 * 1 * le) ltac:(lra)).
  repeat split; try lra.
  assert (B : 7 / 3 * 2 <= exp (1 * 1 * le) * ((1 + 2 * nl) * (1 - 0) - 0))
    by (apply Rmult_le_compat; lra).
  lra.
Qed.

Theorem witness_fitted i : (i < 8)%nat -> 0 < margin2 witness i.
Proof.
destruct witness_hypotheses as (N & C & F). apply (all_fitted witness 0 0 0 0 N C); [lra | exact F].
Qed.
