(* SPDX-License-Identifier: Apache-2.0

   Finite sums of reals, with the recursion of the sums in specs/summation.h.

   Main results: linearity, monotony, the triangle inequality, and the inequality between the
   harmonic and the arithmetic mean that the softmax needs.
   Assumptions: none. *)
From Coq Require Import Reals Arith Lra Lia.
Open Scope R_scope.

Lemma within x e : Rabs x <= e -> - e <= x <= e.
Proof. intros H. assert (A := Rle_abs x). assert (B := Rle_abs (- x)). rewrite Rabs_Ropp in B. lra. Qed.

(* f 0 + ... + f (n - 1) *)
Fixpoint total (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => total m f + f m
  end.

(* The same without f t. *)
Definition others (n t : nat) (f : nat -> R) : R :=
  total n (fun s => if Nat.eqb s t then 0 else f s).

Lemma total_ext n f g : (forall k, (k < n)%nat -> f k = g k) -> total n f = total n g.
Proof.
intros H. induction n as [|n IH]; simpl; auto.
rewrite IH by (intros; apply H; lia). rewrite H by lia. reflexivity.
Qed.

Lemma total_le n f g : (forall k, (k < n)%nat -> f k <= g k) -> total n f <= total n g.
Proof.
intros H. induction n as [|n IH]; simpl; [lra|].
apply Rplus_le_compat; [apply IH; intros; apply H; lia | apply H; lia].
Qed.

Lemma total_zero n : total n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma total_nonneg n f : (forall k, (k < n)%nat -> 0 <= f k) -> 0 <= total n f.
Proof. intros H. rewrite <- (total_zero n). now apply total_le. Qed.

Lemma total_plus n f g : total n (fun k => f k + g k) = total n f + total n g.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma total_minus n f g : total n (fun k => f k - g k) = total n f - total n g.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma total_scale n c f : total n (fun k => c * f k) = c * total n f.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma total_divide n c f : total n (fun k => f k / c) = total n f / c.
Proof. unfold Rdiv. induction n as [|n IH]; simpl; lra. Qed.

Lemma total_abs n f : Rabs (total n f) <= total n (fun k => Rabs (f k)).
Proof.
induction n as [|n IH]; simpl; [rewrite Rabs_R0; lra|].
apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.

Lemma total_positive n f t : (t < n)%nat -> (forall k, (k < n)%nat -> 0 < f k) -> 0 < total n f.
Proof.
intros T H. induction n as [|n IH]; [lia|]. simpl.
assert (0 <= total n f) by (apply total_nonneg; intros; left; apply H; lia).
assert (0 < f n) by (apply H; lia). lra.
Qed.

(* Two sums whose terms are close. *)
Lemma total_close n f g e : (forall k, (k < n)%nat -> Rabs (f k - g k) <= e k) ->
  Rabs (total n f - total n g) <= total n e.
Proof.
intros H. rewrite <- total_minus. apply Rle_trans with (1 := total_abs _ _). now apply total_le.
Qed.

(* One term and the others. *)
Lemma total_split n t f : (t < n)%nat -> total n f = f t + others n t f.
Proof.
unfold others. intros T. induction n as [|n IH]; [lia|]. simpl.
destruct (Nat.eq_dec t n) as [->|N].
- rewrite Nat.eqb_refl, Rplus_0_r, Rplus_comm. f_equal. apply total_ext. intros k K.
  destruct (Nat.eqb_spec k n); [lia|reflexivity].
- rewrite IH by lia. destruct (Nat.eqb_spec n t); [lia|]. ring.
Qed.

Lemma term_le_total n t f : (t < n)%nat -> (forall k, (k < n)%nat -> 0 <= f k) -> f t <= total n f.
Proof.
intros T H. rewrite (total_split n t f T). cut (0 <= others n t f); [lra|].
apply total_nonneg. intros k K. destruct (Nat.eqb k t); [lra|auto].
Qed.

Lemma others_le n t f g : (forall k, (k < n)%nat -> k <> t -> f k <= g k) ->
  others n t f <= others n t g.
Proof.
intros H. apply total_le. intros k K. destruct (Nat.eqb_spec k t); [lra|auto].
Qed.

Lemma others_abs n t f : Rabs (others n t f) <= others n t (fun k => Rabs (f k)).
Proof.
unfold others. apply Rle_trans with (1 := total_abs _ _). apply total_le. intros k K.
destruct (Nat.eqb k t); [rewrite Rabs_R0; lra | lra].
Qed.

Lemma others_minus n t f g : others n t (fun k => f k - g k) = others n t f - others n t g.
Proof.
unfold others. rewrite <- total_minus. apply total_ext. intros k K.
destruct (Nat.eqb k t); lra.
Qed.

(* Weighted means: 1 / sum q a <= sum q / a for positive a and weights q that sum to one.  The
   tangent of 1 / x at the mean lies below its graph. *)
Lemma harmonic_mean n q a : (0 < n)%nat -> (forall k, (k < n)%nat -> 0 < q k) ->
  (forall k, (k < n)%nat -> 0 < a k) -> total n q = 1 ->
  / total n (fun k => q k * a k) <= total n (fun k => q k * / a k).
Proof.
intros N Q A One. set (m := total n (fun k => q k * a k)).
assert (M : 0 < m).
{ apply total_positive with (t := O); auto. intros. apply Rmult_lt_0_compat; auto. }
replace (/ m) with (total n (fun k => q k * (2 * / m - a k * (/ m * / m)))).
- apply total_le. intros k K. apply Rmult_le_compat_l; [left; auto|].
  assert (H := A k K). apply Rmult_le_reg_l with (a k); auto.
  rewrite Rinv_r by lra.
  assert (0 <= (a k * / m - 1) * (a k * / m - 1)) by apply Rle_0_sqr. lra.
- rewrite (total_ext n _ (fun k => (2 * / m) * q k - (/ m * / m) * (q k * a k))).
  + rewrite total_minus, 2!total_scale, One. fold m. field. lra.
  + intros; ring.
Qed.
