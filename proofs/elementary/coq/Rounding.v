(* SPDX-License-Identifier: Apache-2.0

   Binary64 arithmetic over the reals, as the proofs of the elementary functions use it.

   Main results: a sum, difference, product or quotient of binary64 numbers that does not overflow
   is the exact result rounded to nearest even in the format FLT(-1074, 53), which includes
   subnormals. `fits` says that a rounded result does not overflow.  All results of `add`, `sub`,
   `mul`, `div` are defined for every real; that no operation overflows is proved apart, as the
   `_safe` conditions. *)
From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core Relative.
From Gappa Require Import Gappa_tactic.
Open Scope R_scope.

Notation pw := (bpow radix2).
Notation fexp := (FLT_exp (-1074) 53).
Notation fmt := (generic_format radix2 fexp).
Notation rnd := (round radix2 fexp ZnearestE).

Definition add a b := rnd (a + b).
Definition sub a b := rnd (a - b).
Definition mul a b := rnd (a * b).
Definition div a b := rnd (a / b).

Definition largest : R := 9007199254740991 * pw 971.
Definition fits (v : R) : Prop := Rabs v <= largest.
Definition fits_int (k : Z) : Prop := (-2147483648 <= k <= 2147483647)%Z.
Definition finite (v : R) : Prop := fmt v /\ fits v.

Global Instance fexp_valid : Valid_exp fexp.
Proof. apply FLT_exp_valid. reflexivity. Qed.

Global Instance rnd_valid : Valid_rnd ZnearestE.
Proof. apply valid_rnd_N. Qed.

Lemma fmt_rnd a : fmt (rnd a).
Proof. apply generic_format_round; typeclasses eauto. Qed.

Lemma rnd_fmt a : fmt a -> rnd a = a.
Proof. apply round_generic; typeclasses eauto. Qed.

Lemma rnd_le_fmt a b : fmt b -> a <= b -> rnd a <= b.
Proof. intros Hb Hab. apply round_le_generic; auto; typeclasses eauto. Qed.

Lemma rnd_ge_fmt a b : fmt b -> b <= a -> b <= rnd a.
Proof. intros Hb Hab. apply round_ge_generic; auto; typeclasses eauto. Qed.

Lemma rnd_monotone a b : a <= b -> rnd a <= rnd b.
Proof. apply round_le; typeclasses eauto. Qed.

Lemma fmt_bpow e : (-1074 <= e)%Z -> fmt (pw e).
Proof. intros H. apply generic_format_bpow. unfold FLT_exp. lia. Qed.

Lemma fmt_0 : fmt 0.
Proof. apply generic_format_0. Qed.

Lemma fmt_1 : fmt 1.
Proof. change 1 with (pw 0). apply fmt_bpow. lia. Qed.

Lemma rnd_ge_0 a : 0 <= a -> 0 <= rnd a.
Proof. apply rnd_ge_fmt, fmt_0. Qed.

(* Operations with a zero operand, and with 1, are exact. *)
Lemma mul_0_l a : mul 0 a = 0.
Proof. unfold mul. rewrite Rmult_0_l. apply round_0; typeclasses eauto. Qed.

Lemma mul_1_l a : fmt a -> mul 1 a = a.
Proof. intros H. unfold mul. rewrite Rmult_1_l. now apply rnd_fmt. Qed.

Lemma add_0_l a : fmt a -> add 0 a = a.
Proof. intros H. unfold add. rewrite Rplus_0_l. now apply rnd_fmt. Qed.

Lemma add_0_r a : fmt a -> add a 0 = a.
Proof. intros H. unfold add. rewrite Rplus_0_r. now apply rnd_fmt. Qed.

Lemma sub_0_r a : fmt a -> sub a 0 = a.
Proof. intros H. unfold sub. rewrite Rminus_0_r. now apply rnd_fmt. Qed.

(* Integers below 2^53 are binary64 numbers. *)
Lemma fmt_int m : (Z.abs m < 2 ^ 53)%Z -> fmt (IZR m).
Proof.
intros H. apply generic_format_FLT. exists (Float radix2 m 0); [|exact H|now simpl].
unfold F2R; simpl; ring.
Qed.

Lemma fmt_largest : fmt largest.
Proof.
apply generic_format_FLT. exists (Float radix2 9007199254740991 971);
  [reflexivity | reflexivity | now simpl].
Qed.

Lemma fits_rnd a : Rabs a <= largest -> fits (rnd a).
Proof.
intros H. apply Rabs_le_inv in H. apply Rabs_le. split.
- apply rnd_ge_fmt; [apply generic_format_opp, fmt_largest | lra].
- apply rnd_le_fmt; [apply fmt_largest | lra].
Qed.

(* Small numbers fit. *)
Lemma fits_small a : Rabs a <= 1024 -> fits a.
Proof. intros H. unfold fits, largest. apply Rle_trans with (1 := H). simpl. lra. Qed.

Lemma finite_small a : fmt a -> Rabs a <= 1024 -> finite a.
Proof. intros H1 H2. split; auto using fits_small. Qed.

(* Relative error of one rounding of a normal number. *)
Lemma rnd_relative x : pw (-1022) <= Rabs x -> Rabs (rnd x - x) <= pw (-53) * Rabs x.
Proof.
intros H. replace (pw (-53)) with (/ 2 * pw (-53 + 1)) by (simpl; lra).
now apply relative_error_N_FLT.
Qed.

(* Numbers below half of the smallest positive one are rounded to 0. *)
Lemma rnd_tiny x : 0 <= x <= pw (-1076) -> rnd x = 0.
Proof. intros H. assert (0 <= rnd x <= 0) by gappa. lra. Qed.

Lemma fmt_double a : fmt a -> fmt (2 * a).
Proof.
intros H. apply FLT_format_generic in H; [|reflexivity]. destruct H as [[m e] H1 H2 H3].
apply generic_format_FLT. exists (Float radix2 m (e + 1)); [|exact H2|simpl in *; lia].
rewrite H1. change (2 * (IZR m * pw e) = IZR m * pw (e + 1)).
rewrite bpow_plus. change (pw 1) with 2. ring.
Qed.

(* Two relative errors, one after the other. *)
Lemma two_errors y Y L e d total : 0 <= L -> 0 <= e ->
  Rabs (y - Y) <= e * Y -> Rabs (Y - L) <= d * L -> e + e * d + d <= total ->
  Rabs (y - L) <= total * L.
Proof.
intros HL He H1 H2 Ht. replace (y - L) with ((y - Y) + (Y - L)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _).
assert (Y <= (1 + d) * L) by (apply Rabs_le_inv in H2; lra).
assert (e * Y <= e * ((1 + d) * L)) by (apply Rmult_le_compat_l; lra).
assert ((e + e * d + d) * L <= total * L) by (apply Rmult_le_compat_r; lra). lra.
Qed.

Lemma relative_absolute y Y e : 0 < Y -> Rabs ((y - Y) / Y) <= e -> Rabs (y - Y) <= e * Y.
Proof.
intros HY H. replace (y - Y) with ((y - Y) / Y * Y) by (field; lra).
rewrite Rabs_mult, (Rabs_pos_eq Y) by lra. apply Rmult_le_compat_r; lra.
Qed.
