(* SPDX-License-Identifier: Apache-2.0

   The softplus of kernel/logistic.c.

   Main results, for every finite binary64 x: relative error at most 2.5 * 2^-52 when x >= -708
   (at_softplus_error), absolute error at most 2^-1021 below (at_softplus_clamp); the result is at
   least max(x, 0) and at most max(x, 0) + 45/64; no operation overflows.
   Chain: with t = at_exp(-|x|), log(1 + exp x) = max(x, 0) + log(1 + exp(-|x|)); a relative error
   of t becomes at most the same relative error of log(1 + t), and at most 25/32 of it for t >=
   3/4, where the rounding of the last sum counts most.
   Assumptions: the definitions of Kernel_text.v say what the C text computes. *)
From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Gappa Require Import Gappa_tactic.
Require Import Rounding Kernel_text Exp Log1p Sigmoid.
Open Scope R_scope.

(* ---- from exp to log(1 + exp) ---- *)

(* ln (1 + t) - ln (1 + T) is at most (t - T) / (1 + T). *)
Lemma ln_step t T : 0 <= t -> 0 <= T -> ln (1 + t) - ln (1 + T) <= (t - T) / (1 + T).
Proof.
intros Ht HT. rewrite <- ln_div by lra.
replace ((1 + t) / (1 + T)) with (1 + (t - T) / (1 + T)) by (field; lra).
rewrite <- (ln_exp ((t - T) / (1 + T))) at 2. apply ln_le; [|apply exp_ineq1_le].
replace (1 + (t - T) / (1 + T)) with ((1 + t) / (1 + T)) by (field; lra).
apply Rdiv_lt_0_compat; lra.
Qed.

Lemma ln_change t T e share : 0 <= t -> 0 < T -> 0 <= e <= pw (-50) -> 0 <= share ->
  Rabs (t - T) <= e * T -> T / (1 + T) <= share * ln (1 + T) ->
  Rabs (ln (1 + t) - ln (1 + T)) <= (1 + pw (-40)) * e * share * ln (1 + T).
Proof.
intros Ht HT He Hs H Hc. apply Rabs_le_inv in H.
assert (Q : 0 <= T / (1 + T)) by (apply Rlt_le, Rdiv_lt_0_compat; lra).
assert (A : (t - T) / (1 + T) <= e * (T / (1 + T))).
{ unfold Rdiv. rewrite <- Rmult_assoc.
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat|]; lra. }
assert (B : (T - t) / (1 + t) <= (1 + pw (-40)) * (e * (T / (1 + T)))).
{ apply Rmult_le_reg_r with ((1 + t) * (1 + T)); [nra|].
  replace ((T - t) / (1 + t) * ((1 + t) * (1 + T))) with ((T - t) * (1 + T)) by (field; lra).
  replace ((1 + pw (-40)) * (e * (T / (1 + T))) * ((1 + t) * (1 + T)))
    with (e * T * ((1 + pw (-40)) * (1 + t))) by (field; lra).
  assert (E : 0 <= e * T <= pw (-50) * T)
    by (split; [apply Rmult_le_pos | apply Rmult_le_compat_r]; lra).
  apply Rle_trans with (e * T * (1 + T)); [apply Rmult_le_compat_r; lra|].
  apply Rmult_le_compat_l; [lra|]. clear - Ht HT H E. simpl in *. lra. }
assert (C : (1 + pw (-40)) * (e * (T / (1 + T))) <= (1 + pw (-40)) * e * share * ln (1 + T)).
{ replace ((1 + pw (-40)) * e * share * ln (1 + T))
    with ((1 + pw (-40)) * (e * (share * ln (1 + T)))) by ring.
  apply Rmult_le_compat_l; [simpl; lra|]. apply Rmult_le_compat_l; lra. }
assert (D : 0 <= e * (T / (1 + T))) by (apply Rmult_le_pos; lra).
assert (U := ln_step t T Ht ltac:(lra)). assert (V := ln_step T t ltac:(lra) Ht).
apply Rabs_le. simpl in *. lra.
Qed.

(* ---- the function ---- *)

Lemma softplus_negative x : x < 0 -> at_softplus x = add 0 (at_log1p (at_exp x)).
Proof. intros H. unfold at_softplus. now rewrite Rlt_bool_true by lra. Qed.

Lemma softplus_positive x : 0 <= x -> at_softplus x = add x (at_log1p (at_exp (- x))).
Proof. intros H. unfold at_softplus. now rewrite Rlt_bool_false by lra. Qed.

Lemma exact_softplus x : ln (1 + exp x) = x + ln (1 + exp (- x)).
Proof.
rewrite <- (ln_exp x) at 2. assert (H := exp_pos x). assert (H' := exp_pos (- x)).
rewrite <- ln_mult by lra. f_equal. rewrite Rmult_plus_distr_l, <- exp_plus.
replace (x + - x) with 0 by ring. rewrite exp_0. ring.
Qed.

Lemma fmt_log1p t : fmt (at_log1p t).
Proof. apply fmt_rnd. Qed.

(* log1p of the computed exponential. *)
Lemma log1p_exp_error x share : fmt x -> -708 <= x <= 0 -> 0 <= share <= 1 ->
  exp x / (1 + exp x) <= share * ln (1 + exp x) ->
  Rabs (at_log1p (at_exp x) - ln (1 + exp x))
    <= (5057 + 3761 * share) * pw (-64) * ln (1 + exp x).
Proof.
intros F Hx Hs Hc. destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht].
assert (P := bpow_gt_0 radix2 (-1022)). assert (X := exp_pos x).
set (t := at_exp x) in *. set (T := exp x) in *.
assert (E1 : Rabs (at_log1p t - ln (1 + t)) <= 5056 * pw (-64) * ln (1 + t)).
{ apply at_log1p_error; auto. lra. }
assert (E2 := ln_change t T (3760 * pw (-64)) share ltac:(lra) X ltac:(simpl; lra) ltac:(lra)
                (at_exp_error x Hx) Hc).
apply two_errors with (3 := E1) (4 := E2).
- apply ln_positive. lra.
- simpl; lra.
- clear - Hs. simpl. nra.
Qed.

Lemma share_one T : 0 <= T -> T / (1 + T) <= 1 * ln (1 + T).
Proof. intros H. rewrite Rmult_1_l. now apply ln_lower. Qed.

Lemma share_near_one T : 3/4 <= T <= 1 -> T / (1 + T) <= 25/32 * ln (1 + T).
Proof. intros H. apply Rminus_le. interval with (i_bisect T). Qed.

Lemma tail_bound x : fmt x -> x <= -64 ->
  0 <= at_log1p (at_exp x) <= pw (-78) /\ 0 <= ln (1 + exp x) <= pw (-78).
Proof.
intros F H. destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht].
assert (P := bpow_gt_0 radix2 (-1022)). assert (X := exp_pos x).
assert (E64 : exp (-64) <= pw (-90)) by (simpl; interval with (i_prec 60)).
assert (M : exp x <= exp (-64)) by (destruct H as [H| ->]; [left; now apply exp_increasing | lra]).
assert (T : at_exp x <= pw (-80)).
{ destruct (Rle_or_lt (-708) x) as [B|B].
  - assert (E := at_exp_error x ltac:(lra)). apply Rabs_le_inv in E. simpl in *. lra.
  - apply Rle_trans with (1 := at_exp_below x B). apply Rle_trans with (pw 2 * pw (-1023)).
    + apply Rmult_le_compat_r; [apply bpow_ge_0 | simpl; lra].
    + rewrite <- bpow_plus. apply bpow_le. lia. }
assert (R := at_log1p_range (at_exp x) Ft ltac:(lra)).
assert (E := at_log1p_error (at_exp x) Ft ltac:(lra)). apply Rabs_le_inv in E.
assert (U := ln_upper (at_exp x) ltac:(lra)). assert (U' := ln_upper (exp x) ltac:(lra)).
assert (L := ln_positive (exp x) ltac:(lra)). clear - R E U U' L T M E64 P.
simpl in *. split; split; lra.
Qed.

Lemma sum_error x l L d : 0 <= x -> 0 <= l -> Rabs (l - L) <= d -> 1/2 <= x + L -> d <= 1/4 ->
  Rabs (add x l - (x + L)) <= d + pw (-53) * (x + L + d).
Proof.
intros Hx Hl H HL Hd. apply Rabs_le_inv in H.
assert (N : pw (-1022) <= Rabs (x + l)).
{ rewrite Rabs_pos_eq by lra. apply Rle_trans with (pw (-2)); [apply bpow_le; lia | simpl; lra]. }
assert (E := rnd_relative (x + l) N). rewrite (Rabs_pos_eq (x + l)) in E by lra.
fold (add x l) in E. apply Rabs_le_inv in E. apply Rabs_le. simpl in *. split; lra.
Qed.

Lemma sum_below_one v : 0 <= v <= 1 -> Rabs (rnd v - v) <= 1024 * pw (-64).
Proof. intros H. gappa. Qed.

Lemma ln_2_bounds : 69/100 <= ln 2 <= 694/1000.
Proof. split; interval. Qed.

Lemma ln_below_2 t : 0 <= t <= 1 -> ln (1 + t) <= 694/1000.
Proof. intros H. apply Rle_trans with (2 := proj2 ln_2_bounds). apply ln_le; lra. Qed.

Lemma softplus_at_least x : 0 <= x -> 69/100 <= x + ln (1 + exp (- x)).
Proof.
intros H. rewrite <- exact_softplus. apply Rle_trans with (1 := proj1 ln_2_bounds).
apply ln_le; [lra|]. assert (1 + x <= exp x) by apply exp_ineq1_le. lra.
Qed.

Lemma exp_near_one x : 0 <= x <= 1/4 -> 3/4 <= exp (- x).
Proof. intros H. interval. Qed.

Lemma opposite_fmt x : fmt x -> fmt (- x).
Proof. apply generic_format_opp. Qed.

Theorem at_softplus_error x : fmt x -> -708 <= x ->
  Rabs (at_softplus x - ln (1 + exp x)) <= 5 * pw (-53) * ln (1 + exp x).
Proof.
intros F H. destruct (Rlt_or_le x 0) as [N|N].
{ rewrite softplus_negative, add_0_l by (auto using fmt_log1p).
  assert (L := ln_positive (exp x) ltac:(left; apply exp_pos)).
  apply Rle_trans with (1 := log1p_exp_error x 1 F ltac:(lra) ltac:(lra)
                              (share_one _ ltac:(left; apply exp_pos))).
  apply Rmult_le_compat_r; [exact L | simpl; lra]. }
rewrite softplus_positive, exact_softplus by auto.
assert (Fo := opposite_fmt x F).
assert (X := exp_pos (- x)). assert (X1 := exp_le_1 (- x) ltac:(lra)).
assert (S := softplus_at_least x N). assert (L0 := ln_positive (exp (- x)) ltac:(lra)).
assert (L1 := ln_below_2 (exp (- x)) ltac:(lra)).
assert (P := bpow_gt_0 radix2 (-1022)).
destruct (at_exp_bounds (- x) Fo ltac:(lra)) as [Ft Ht].
assert (R := at_log1p_range (at_exp (- x)) Ft ltac:(lra)).
set (l := at_log1p (at_exp (- x))) in *.
destruct (Rle_or_lt x (1/4)) as [Q|Q].
{ assert (E := log1p_exp_error (- x) (25/32) Fo ltac:(lra) ltac:(lra)
                 (share_near_one _ (conj (exp_near_one x (conj N Q)) X1))).
  fold l in E. set (L := ln (1 + exp (- x))) in *. clearbody l L.
  assert (V : Rabs (add x l - (x + l)) <= 1024 * pw (-64))
    by (apply sum_below_one; simpl in R; lra).
  clear - E V S L0 L1 N Q. apply Rabs_le_inv in E, V. apply Rabs_le. simpl in *. split; lra. }
destruct (Rle_or_lt x 64) as [Q2|Q2].
- assert (E := log1p_exp_error (- x) 1 Fo ltac:(lra) ltac:(lra)
                 (share_one _ (Rlt_le _ _ X))).
  fold l in E. set (L := ln (1 + exp (- x))) in *. clearbody l L.
  assert (D : (5057 + 3761 * 1) * pw (-64) * L <= 1/4) by (simpl; lra).
  apply Rle_trans with (1 := sum_error x l L _ N (proj1 R) E ltac:(lra) D).
  clear - S L0 L1 N Q. simpl. lra.
- destruct (tail_bound (- x) Fo ltac:(lra)) as [T1 T2]. fold l in T1.
  set (L := ln (1 + exp (- x))) in *. clearbody l L.
  assert (E : Rabs (l - L) <= pw (-78)) by (apply Rabs_le; lra).
  assert (D : pw (-78) <= 1/4) by (simpl; lra).
  apply Rle_trans with (1 := sum_error x l L _ N (proj1 R) E ltac:(lra) D).
  clear - T2 Q2. simpl in *. lra.
Qed.

Theorem at_softplus_clamp x : fmt x -> x < -708 ->
  Rabs (at_softplus x - ln (1 + exp x)) <= pw (-1021).
Proof.
intros F H. rewrite softplus_negative, add_0_l by (lra || apply fmt_log1p).
destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht].
assert (B := at_exp_below x H). assert (C := at_exp_clamp x F H).
assert (P := bpow_gt_0 radix2 (-1022)). assert (X := exp_pos x).
assert (E : pw (-1021) = 4 * pw (-1023)).
{ change 4 with (pw 2). rewrite <- bpow_plus. reflexivity. }
assert (R := at_log1p_range (at_exp x) Ft ltac:(lra)).
assert (U := ln_upper (at_exp x) ltac:(lra)). assert (U' := ln_upper (exp x) ltac:(lra)).
assert (L := ln_positive (at_exp x) ltac:(lra)). assert (L' := ln_positive (exp x) ltac:(lra)).
assert (A := at_log1p_error (at_exp x) Ft ltac:(lra)). apply Rabs_le_inv in A.
rewrite E. set (u := pw (-1023)) in *. clearbody u.
assert (W : 5056 * pw (-64) * ln (1 + at_exp x) <= 1/4 * ln (1 + at_exp x))
  by (apply Rmult_le_compat_r; [exact L | simpl; lra]).
apply Rabs_le. split; lra.
Qed.

(* ---- range ---- *)

Theorem at_softplus_nonnegative x : fmt x -> 0 <= at_softplus x.
Proof.
intros F. assert (P := bpow_gt_0 radix2 (-1022)). destruct (Rlt_or_le x 0) as [N|N].
- rewrite softplus_negative, add_0_l by (auto using fmt_log1p).
  destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht]. apply at_log1p_range; auto. lra.
- rewrite softplus_positive by auto.
  destruct (at_exp_bounds (- x) (opposite_fmt x F) ltac:(lra)) as [Ft Ht].
  assert (R := at_log1p_range (at_exp (- x)) Ft ltac:(lra)). apply rnd_ge_0. lra.
Qed.

Theorem at_softplus_above x : fmt x -> x <= at_softplus x.
Proof.
intros F. assert (P := bpow_gt_0 radix2 (-1022)). destruct (Rlt_or_le x 0) as [N|N].
- assert (H := at_softplus_nonnegative x F). lra.
- rewrite softplus_positive by auto.
  destruct (at_exp_bounds (- x) (opposite_fmt x F) ltac:(lra)) as [Ft Ht].
  assert (R := at_log1p_range (at_exp (- x)) Ft ltac:(lra)). apply rnd_ge_fmt; auto. lra.
Qed.

(* Far out the sum rounds back to x. *)
Lemma far_sum x l : fmt x -> 64 <= x -> 0 <= l <= pw (-78) -> add x l <= x.
Proof.
intros F H Hl. apply round_N_le_midp; try typeclasses eauto; auto.
rewrite succ_eq_pos by lra.
assert (U : ulp radix2 fexp 64 <= ulp radix2 fexp x)
  by (apply ulp_le_pos; try typeclasses eauto; lra).
assert (V : ulp radix2 fexp 64 = pw (-46)).
{ replace 64 with (pw 6) by (simpl; lra). rewrite ulp_bpow. reflexivity. }
rewrite V in U. simpl in *. lra.
Qed.

Theorem at_softplus_near_negative x : fmt x -> x < 0 -> at_softplus x <= 45 * pw (-6).
Proof.
intros F N. assert (P := bpow_gt_0 radix2 (-1022)).
rewrite softplus_negative, add_0_l by (auto using fmt_log1p).
destruct (at_exp_bounds x F ltac:(lra)) as [Ft Ht]. apply at_log1p_range; auto. lra.
Qed.

Theorem at_softplus_near x : fmt x -> 0 <= x -> at_softplus x <= x + 45 * pw (-6).
Proof.
intros F N. assert (P := bpow_gt_0 radix2 (-1022)). destruct (Rle_or_lt x 64) as [Q|Q].
- assert (E := at_softplus_error x F ltac:(lra)). rewrite exact_softplus in E.
  assert (L := ln_below_2 (exp (- x)) (conj (Rlt_le _ _ (exp_pos _)) (exp_le_1 (- x) ltac:(lra)))).
  assert (L0 := ln_positive (exp (- x)) ltac:(left; apply exp_pos)).
  apply Rabs_le_inv in E. simpl in *. lra.
- rewrite softplus_positive by auto.
  destruct (tail_bound (- x) (opposite_fmt x F) ltac:(lra)) as [T _].
  assert (A := far_sum x _ F (Rlt_le _ _ Q) T). simpl. lra.
Qed.

(* ---- no operation overflows ---- *)

Lemma softplus_fits x : finite x -> fits (at_softplus x).
Proof.
intros [F B]. assert (N0 := at_softplus_nonnegative x F).
unfold fits. rewrite Rabs_pos_eq by auto.
assert (G : 1024 <= largest) by (unfold largest; simpl; lra).
destruct (Rlt_or_le x 0) as [N|N].
- assert (H := at_softplus_near_negative x F N). simpl in *. lra.
- destruct (Rle_or_lt x 64) as [Q|Q].
  + assert (H := at_softplus_near x F N). simpl in *. lra.
  + rewrite softplus_positive by auto.
    destruct (tail_bound (- x) (opposite_fmt x F) ltac:(lra)) as [T _].
    assert (A := far_sum x _ F (Rlt_le _ _ Q) T). unfold fits in B.
    rewrite Rabs_pos_eq in B by auto. lra.
Qed.

Theorem at_softplus_no_overflow x : finite x -> at_softplus_safe x.
Proof.
intros Fx. assert (R := folded_requires x Fx).
destruct R as [[F B] N]. destruct (at_exp_bounds (folded x) F N) as [Ft Ht].
assert (P := bpow_gt_0 radix2 (-1022)).
unfold at_softplus_safe. fold (folded x). cbv zeta.
split; [now repeat split|]. split; [now apply at_exp_no_overflow|].
split; [split; [apply finite_small; auto; apply Rabs_le; lra | lra]|].
split; [apply at_log1p_no_overflow; lra|]. split; [exact (softplus_fits x Fx) | exact I].
Qed.
