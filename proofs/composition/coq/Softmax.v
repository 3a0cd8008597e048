(* SPDX-License-Identifier: Apache-2.0

   The softmax of a row: it is a distribution, the shift cancels, and what errors of the scores do.

   Main result (softmax_sensitivity): if |a_s - z_s| <= e_s for every s, then
     |softmax a t - softmax z t| <= q_t sum_{s /= t} q_s (exp(e_t + e_s) - 1),  q = softmax a.
   This is harness/bounds/softmax.h, step 2, without its divisor 1 - B_t: there the quotient of the
   two weights is inverted, here the harmonic mean bounds it from both sides.
   Assumptions: none. *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Sums Model.
Open Scope R_scope.

Lemma exp_total_positive T z : (0 < T)%nat -> 0 < total T (fun s => exp (z s)).
Proof. intros H. apply total_positive with (t := O); auto. intros. apply exp_pos. Qed.

Lemma softmax_positive T z t : (t < T)%nat -> 0 < softmax T z t.
Proof.
intros H. apply Rdiv_lt_0_compat; [apply exp_pos | apply exp_total_positive; lia].
Qed.

Lemma softmax_total T z : (0 < T)%nat -> total T (softmax T z) = 1.
Proof.
intros H. unfold softmax. rewrite total_divide. apply Rinv_r.
apply Rgt_not_eq. now apply exp_total_positive.
Qed.

Lemma softmax_at_most_one T z t : (t < T)%nat -> softmax T z t <= 1.
Proof.
intros H. rewrite <- (softmax_total T z) by lia. apply term_le_total; auto.
intros. left. now apply softmax_positive.
Qed.

(* Shifting all scores changes nothing. *)
Lemma softmax_shift T z m t : (t < T)%nat ->
  softmax T z t * total T (fun s => exp (z s - m)) = exp (z t - m).
Proof.
intros H. unfold softmax, Rminus. assert (P := exp_total_positive T z).
rewrite (total_ext T (fun s => exp (z s + - m)) (fun s => exp (- m) * exp (z s))).
- rewrite total_scale, exp_plus. field. apply Rgt_not_eq, P. lia.
- intros. rewrite exp_plus. ring.
Qed.

(* The sum of the exponentials, shifted by one of the scores, is at least one. *)
Lemma shifted_total T z top : (top < T)%nat -> 1 <= total T (fun s => exp (z s - z top)).
Proof.
intros H. rewrite <- exp_0, <- (Rminus_diag_eq (z top) (z top) eq_refl).
apply (term_le_total T top (fun s => exp (z s - z top))); auto.
intros. left. apply exp_pos.
Qed.

Lemma exp_close x e : Rabs x <= e -> Rabs (exp x - 1) <= exp e - 1.
Proof.
intros H. assert (P := exp_pos e). assert (Q := exp_pos x).
destruct (Rle_or_lt 0 x) as [S|S].
- rewrite Rabs_pos_eq in H by auto.
  assert (exp 0 <= exp x) by (destruct S as [S| <-]; [left; now apply exp_increasing | lra]).
  assert (exp x <= exp e) by (destruct H as [H| ->]; [left; now apply exp_increasing | lra]).
  rewrite exp_0 in *. rewrite Rabs_pos_eq; lra.
- rewrite Rabs_left in H by auto.
  assert (exp x < exp 0) by now apply exp_increasing.
  assert (exp (- x) <= exp e) by (destruct H as [H| <-]; [left; now apply exp_increasing | lra]).
  assert (I : exp x * exp (- x) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
  rewrite exp_0 in *. rewrite Rabs_left by lra.
  assert (0 <= (exp x - 1) * (exp x - 1)) by apply Rle_0_sqr. nra.
Qed.

Lemma softmax_quotient T a z t : (t < T)%nat ->
  softmax T z t =
  softmax T a t * / total T (fun s => softmax T a s * exp ((z s - a s) - (z t - a t))).
Proof.
intros H. assert (A := exp_total_positive T a). assert (Z := exp_total_positive T z).
assert (E := exp_pos (a t)). assert (F := exp_pos (z t)).
rewrite (total_ext T _ (fun s => exp (a t) * / exp (z t) * / total T (fun s => exp (a s)) *
  exp (z s))).
- rewrite total_scale. unfold softmax. field.
  repeat split; apply Rgt_not_eq; auto; try (apply A || apply Z); lia.
- intros s S. unfold softmax.
  replace (z s - a s - (z t - a t)) with (z s + (- a s) + (- z t) + a t) by ring.
  rewrite !exp_plus, !exp_Ropp. field.
  repeat split; apply Rgt_not_eq; try apply exp_pos. apply A. lia.
Qed.

Theorem softmax_sensitivity T a z e t : (t < T)%nat ->
  (forall s, (s < T)%nat -> Rabs (a s - z s) <= e s) ->
  Rabs (softmax T a t - softmax T z t) <=
  softmax T a t * others T t (fun s => softmax T a s * (exp (e t + e s) - 1)).
Proof.
intros H C. set (q := softmax T a). set (B := others T t (fun s => q s * (exp (e t + e s) - 1))).
assert (Q : forall s, (s < T)%nat -> 0 < q s) by (intros; now apply softmax_positive).
assert (One : total T q = 1) by (apply softmax_total; lia).
assert (N : 0 < q t) by auto.
set (x := fun s => (z s - a s) - (z t - a t)).
assert (near : forall y, (forall s, (s < T)%nat -> Rabs (y s) <= e t + e s) -> y t = 0 ->
  Rabs (total T (fun s => q s * exp (y s)) - 1) <= B).
{ intros y Y Y0. rewrite <- One, <- total_minus.
  rewrite (total_ext T _ (fun s => q s * (exp (y s) - 1))) by (intros; ring).
  rewrite (total_split T t) by auto. rewrite Y0, exp_0.
  replace (q t * (1 - 1)) with 0 by ring. rewrite Rplus_0_l.
  apply Rle_trans with (1 := others_abs _ _ _). apply others_le. intros s S D.
  rewrite Rabs_mult, (Rabs_pos_eq (q s)) by (left; auto).
  apply Rmult_le_compat_l; [left; auto|]. apply exp_close. auto. }
assert (X : forall s, (s < T)%nat -> Rabs (x s) <= e t + e s).
{ intros s S. unfold x. replace (z s - a s - (z t - a t)) with ((a t - z t) + - (a s - z s)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rabs_Ropp.
  apply Rplus_le_compat; auto. }
set (m := total T (fun s => q s * exp (x s))).
set (h := total T (fun s => q s * exp (- x s))).
assert (M : Rabs (m - 1) <= B).
{ apply near; auto. unfold x. ring. }
assert (Hh : Rabs (h - 1) <= B).
{ apply (near (fun s => - x s)); [|unfold x; ring]. intros. rewrite Rabs_Ropp. auto. }
assert (P : 0 < m).
{ apply total_positive with (t := t); auto. intros. apply Rmult_lt_0_compat; auto. apply exp_pos. }
assert (U : / m <= h).
{ unfold m, h.
  rewrite (total_ext T (fun s => q s * exp (- x s)) (fun s => q s * / exp (x s)))
    by (intros; now rewrite exp_Ropp).
  apply harmonic_mean; auto; [lia | intros; apply exp_pos]. }
assert (L : 2 - m <= / m).
{ apply Rmult_le_reg_l with m; auto. rewrite Rinv_r by lra.
  assert (0 <= (m - 1) * (m - 1)) by apply Rle_0_sqr. lra. }
rewrite (softmax_quotient T a z t H). fold q. fold (x t).
change (total T (fun s => q s * exp (z s - a s - (z t - a t)))) with m.
replace (q t - q t * / m) with (q t * (1 - / m)) by ring.
rewrite Rabs_mult, (Rabs_pos_eq (q t)) by lra.
apply Rmult_le_compat_l; [lra|].
apply Rabs_le. apply within in M. apply within in Hh. lra.
Qed.
