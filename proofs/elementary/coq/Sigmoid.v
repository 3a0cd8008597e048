(* SPDX-License-Identifier: Apache-2.0

   The sigmoid of kernel/logistic.c.

   Main results, for every finite binary64 x: relative error at most 2 * 2^-52 when x >= -708
   (at_sigmoid_error), absolute error at most 2^-1021 below (at_sigmoid_clamp); the result is in
   [2^-1022, 1] and on the right side of 1/2; no operation overflows.
   Chain: with t = at_exp(-|x|) in [2^-1022, 1] and its relative error from Exp.v, the quotients 1
   / (1 + t) and t / (1 + t) lose at most two roundings; 1 + t is 1 exactly for t <= 2^-53.
   Assumptions: the definitions of Kernel_text.v say what the C text computes. *)
From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core.
From Interval Require Import Tactic.
From Gappa Require Import Gappa_tactic.
Require Import Rounding Kernel_text Exp.
Open Scope R_scope.

(* ---- t = at_exp(-|x|) ---- *)

Definition folded x := if Rlt_bool x 0 then x else - x.

Lemma folded_requires x : finite x -> at_exp_requires (folded x).
Proof.
intros [F B]. unfold at_exp_requires, folded, finite, fits.
case Rlt_bool_spec; intros H; repeat split; auto; try lra.
- now apply generic_format_opp.
- now rewrite Rabs_Ropp.
Qed.

Lemma at_exp_bounds x : fmt x -> x <= 0 -> fmt (at_exp x) /\ pw (-1022) <= at_exp x <= 1.
Proof.
intros F H. split; [apply fmt_rnd|].
destruct (Rle_or_lt (-708) x) as [L|L]; [now apply at_exp_range|].
rewrite clamped_value by auto. apply at_exp_range; [|lra].
replace (-708) with (IZR (-708)) by reflexivity. apply fmt_int. reflexivity.
Qed.

(* ---- the two quotients ---- *)

Lemma denominator_range t : 0 <= t <= 1 -> 1 <= add 1 t <= 2.
Proof. intros H. unfold add. gappa. Qed.

Lemma denominator_one t : 0 <= t <= pw (-53) -> add 1 t = 1.
Proof. intros H. assert (1 <= add 1 t <= 1); [|lra]. unfold add. gappa. Qed.

Lemma small_quotient t : fmt t -> 0 <= t <= pw (-53) -> div t (add 1 t) = t.
Proof.
intros F H. rewrite denominator_one by auto. unfold div, Rdiv. rewrite Rinv_1, Rmult_1_r.
now apply rnd_fmt.
Qed.

(* 1 / (1 + t) against 1 / (1 + T). *)
Lemma upper_quotient t T : 0 <= T <= 1 -> Rabs (t - T) <= 3760 * pw (-64) ->
  Rabs (div 1 (add 1 t) - 1 / (1 + T)) <= 2 * pw (-52) * (1 / (1 + T)).
Proof.
intros HT H. apply relative_absolute.
- apply Rdiv_lt_0_compat; lra.
- unfold div, add. gappa.
Qed.

(* t / (1 + t) against T / (1 + T). *)
Lemma lower_quotient t T : fmt t -> pw (-1022) <= t <= 1 -> 0 < T ->
  Rabs (t - T) <= 3760 * pw (-64) * T ->
  Rabs (div t (add 1 t) - T / (1 + T)) <= 2 * pw (-52) * (T / (1 + T)).
Proof.
intros F Ht HT H. assert (P : 0 < t) by (apply Rlt_le_trans with (2 := proj1 Ht), bpow_gt_0).
assert (M : 0 < T / (1 + T)) by (apply Rdiv_lt_0_compat; lra).
assert (E : Rabs (t / (1 + t) - T / (1 + T)) <= 3760 * pw (-64) * (T / (1 + T))).
{ replace (t / (1 + t) - T / (1 + T)) with ((t - T) * / ((1 + t) * (1 + T))) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ _)) by (left; apply Rinv_0_lt_compat; nra).
  apply Rle_trans with (3760 * pw (-64) * T * / ((1 + t) * (1 + T))).
  - apply Rmult_le_compat_r; auto. left; apply Rinv_0_lt_compat; nra.
  - unfold Rdiv. rewrite <- Rmult_assoc. apply Rmult_le_compat_l; [simpl; lra|].
    apply Rinv_le; nra. }
apply (two_errors _ (t / (1 + t)) _ (4100 * pw (-64)) (3760 * pw (-64))); auto; try (simpl; lra).
destruct (Rle_or_lt t (pw (-53))) as [S|S].
- rewrite small_quotient by (auto; lra).
  replace (t - t / (1 + t)) with (t * (t / (1 + t))) by (field; lra).
  assert (0 < t / (1 + t)) by (apply Rdiv_lt_0_compat; lra).
  rewrite Rabs_pos_eq by nra. apply Rmult_le_compat_r; simpl in *; lra.
- apply relative_absolute; [apply Rdiv_lt_0_compat; lra|].
  assert (S' : 1 * pw (-53) <= t <= 1) by lra. clear - S'. unfold div, add. gappa.
Qed.

(* ---- the function ---- *)

Lemma sigmoid_negative x : x < 0 -> at_sigmoid x = div (at_exp x) (add 1 (at_exp x)).
Proof. intros H. unfold at_sigmoid. now rewrite Rlt_bool_true by lra. Qed.

Lemma sigmoid_positive x : 0 <= x -> at_sigmoid x = div 1 (add 1 (at_exp (- x))).
Proof. intros H. unfold at_sigmoid. now rewrite Rlt_bool_false by lra. Qed.

Lemma exact_negative x : 1 / (1 + exp (- x)) = exp x / (1 + exp x).
Proof. rewrite exp_Ropp. assert (H := exp_pos x). field. lra. Qed.

Lemma exp_le_1 x : x <= 0 -> exp x <= 1.
Proof. intros [H| ->]; rewrite <- exp_0; [left; now apply exp_increasing | apply Rle_refl]. Qed.

Lemma at_exp_below x : x < -708 -> at_exp x <= 3 * pw (-1023).
Proof. intros H. rewrite clamped_value by auto. apply clamped_small. Qed.

Lemma power_small e : (e <= -1000)%Z -> 0 < pw e <= pw (-1000).
Proof. intros H. split; [apply bpow_gt_0 | now apply bpow_le]. Qed.

Theorem at_sigmoid_error x : fmt x -> -708 <= x ->
  Rabs (at_sigmoid x - 1 / (1 + exp (- x))) <= 2 * pw (-52) * (1 / (1 + exp (- x))).
Proof.
intros F H. destruct (Rlt_or_le x 0) as [N|N].
- rewrite sigmoid_negative, exact_negative by auto.
  destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht].
  apply lower_quotient; auto using exp_pos. apply at_exp_error. lra.
- rewrite sigmoid_positive by auto. assert (P := exp_pos (- x)).
  assert (L := exp_le_1 (- x) ltac:(lra)).
  apply upper_quotient; [lra|].
  destruct (Rle_or_lt (-708) (- x)) as [B|B].
  + apply Rle_trans with (1 := at_exp_error (- x) ltac:(lra)). simpl. nra.
  + destruct (at_exp_clamp (- x)) as [C1 C2]; auto using generic_format_opp.
    assert (Q := power_small (-1021) ltac:(lia)).
    apply Rabs_le. assert (pw (-1000) <= 3760 * pw (-64)) by
      (apply Rle_trans with (pw (-64)); [apply bpow_le; lia | simpl; lra]). lra.
Qed.

Theorem at_sigmoid_clamp x : fmt x -> x < -708 ->
  Rabs (at_sigmoid x - 1 / (1 + exp (- x))) <= pw (-1021).
Proof.
intros F H. rewrite sigmoid_negative, exact_negative by lra.
destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht].
assert (B := at_exp_below x H). assert (C := at_exp_clamp x F H).
assert (E : pw (-1021) = 4 * pw (-1023)).
{ change 4 with (pw 2). rewrite <- bpow_plus. reflexivity. }
assert (P0 : 0 < pw (-1022)) by apply bpow_gt_0.
assert (P1 : 3 * pw (-1023) <= pw (-53)).
{ apply Rle_trans with (pw 2 * pw (-1023)).
  - apply Rmult_le_compat_r; [apply bpow_ge_0 | simpl; lra].
  - rewrite <- bpow_plus. apply bpow_le. lia. }
rewrite small_quotient by (auto; lra).
assert (X := exp_pos x).
assert (M : 0 <= exp x / (1 + exp x) <= exp x).
{ split; [apply Rlt_le, Rdiv_lt_0_compat; lra|].
  apply Rmult_le_reg_r with (1 + exp x); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra. }
rewrite Rabs_pos_eq by lra. lra.
Qed.

Theorem at_sigmoid_range x : fmt x -> pw (-1022) <= at_sigmoid x <= 1.
Proof.
intros F. destruct (Rlt_or_le x 0) as [N|N].
- rewrite sigmoid_negative by auto. destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht].
  set (t := at_exp x) in *. clearbody t.
  destruct (Rle_or_lt t (pw (-53))) as [S|S].
  + rewrite small_quotient; auto. split; [|lra].
    apply Rle_trans with (2 := proj1 Ht). apply bpow_ge_0.
  + assert (S' : 1 * pw (-53) <= t <= 1) by lra.
    assert (1 * pw (-60) <= div t (add 1 t) <= 1).
    { split; [clear - S'; unfold div, add; gappa|].
      unfold div. apply rnd_le_fmt; [apply fmt_1|].
      assert (D := denominator_range t ltac:(simpl in S'; lra)).
      apply Rmult_le_reg_r with (add 1 t); [lra|].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
    assert (pw (-1022) <= pw (-60)) by (apply bpow_le; lia). lra.
- rewrite sigmoid_positive by auto.
  destruct (at_exp_bounds (- x) (generic_format_opp _ _ _ F) ltac:(lra)) as [Ft Ht].
  set (t := at_exp (- x)) in *. clearbody t.
  assert (Q := power_small (-1022) ltac:(lia)).
  assert (T : 0 <= t <= 1) by lra.
  assert (1 * pw (-2) <= div 1 (add 1 t) <= 1) by (clear - T; unfold div, add; gappa).
  assert (pw (-1022) <= pw (-2)) by (apply bpow_le; lia). lra.
Qed.

Theorem at_sigmoid_upper_half x : fmt x -> 0 <= x -> 1 * pw (-1) <= at_sigmoid x.
Proof.
intros F H. rewrite sigmoid_positive by auto.
destruct (at_exp_bounds (- x) (generic_format_opp _ _ _ F) ltac:(lra)) as [Ft Ht].
assert (P := bpow_gt_0 radix2 (-1022)).
assert (D := denominator_range (at_exp (- x)) ltac:(lra)).
rewrite Rmult_1_l. unfold div. apply rnd_ge_fmt; [apply fmt_bpow; lia|].
apply Rmult_le_reg_r with (add 1 (at_exp (- x))); [lra|].
unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. simpl. lra.
Qed.

Theorem at_sigmoid_lower_half x : fmt x -> x <= 0 -> at_sigmoid x <= 1 * pw (-1).
Proof.
intros F H. rewrite Rmult_1_l. assert (Fh : fmt (pw (-1))) by (apply fmt_bpow; lia).
destruct (Rlt_or_le x 0) as [N|N].
- rewrite sigmoid_negative by auto. destruct (at_exp_bounds x F H) as [Ft Ht].
  assert (P := bpow_gt_0 radix2 (-1022)).
  assert (D : 2 * at_exp x <= add 1 (at_exp x)) by (apply rnd_ge_fmt; [now apply fmt_double | lra]).
  unfold div. apply rnd_le_fmt; auto.
  apply Rmult_le_reg_r with (add 1 (at_exp x)); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. simpl. lra.
- assert (x = 0) by lra. subst x. rewrite sigmoid_positive, Ropp_0, at_exp_zero by lra.
  replace (add 1 1) with 2 by (symmetry; replace 2 with (1 + 1) by ring; apply rnd_fmt;
    replace (1 + 1) with (IZR 2) by reflexivity; apply fmt_int; reflexivity).
  unfold div. apply rnd_le_fmt; auto. simpl. lra.
Qed.

Theorem at_sigmoid_no_overflow x : finite x -> at_sigmoid_safe x.
Proof.
intros Fx. assert (R := folded_requires x Fx). fold (folded x) in *.
destruct R as [[F B] N]. destruct (at_exp_bounds (folded x) F N) as [Ft Ht].
assert (P := bpow_gt_0 radix2 (-1022)).
unfold at_sigmoid_safe. fold (folded x). cbv zeta.
assert (D := denominator_range (at_exp (folded x)) ltac:(lra)).
split; [now repeat split|]. split; [now apply at_exp_no_overflow|].
split; [apply fits_small, Rabs_le; lra|]. split; [lra|]. split; [|exact I].
apply fits_rnd, fits_small.
set (n := if Rlt_bool x 0 then _ else _).
assert (Hn : 0 <= n <= 1) by (unfold n; case Rlt_bool; lra).
rewrite Rabs_pos_eq; [|apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]].
apply Rmult_le_reg_r with (add 1 (at_exp (folded x))); [lra|].
unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.
