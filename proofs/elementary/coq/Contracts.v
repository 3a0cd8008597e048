(* SPDX-License-Identifier: Apache-2.0

   The admitted clauses of kernel/exp.h, kernel/exp.c and kernel/logistic.h.

   Main results: one theorem for each clause named coq_, in the words of the contract: the
   statements are generated from the contracts' text into Clauses.v.  \is_finite(\result) reads: no
   operation overflows, divides by zero or leaves the range of int, and the result is a finite
   binary64 number.
   Assumptions: the axioms that the run prints for each theorem, and that Kernel_text.v says what
   the C text computes. *)
From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core.
Require Import Rounding Kernel_text Clauses Exp Log1p Sigmoid Softplus.
Open Scope R_scope.

Ltac dyadic := rewrite ?Rmult_1_l.

(* ---- at_power_of_two ---- *)

Theorem at_power_of_two_coq_range : at_power_of_two_coq_range_statement.
Proof.
intros k [L U]. dyadic. unfold at_power_of_two. split; [now apply bpow_le|].
change 1 with (pw 0). now apply bpow_le.
Qed.

Theorem at_power_of_two_coq_finite : at_power_of_two_coq_finite_statement.
Proof.
intros k H. assert (R := at_power_of_two_coq_range k H). destruct H as [L U].
split; [unfold at_power_of_two_safe, fits_int; lia|]. apply finite_small.
- apply fmt_bpow. lia.
- assert (P := bpow_gt_0 radix2 (-1022)). apply Rabs_le. lra.
Qed.

(* ---- at_exp ---- *)

Theorem at_exp_coq_range : at_exp_coq_range_statement.
Proof. intros x [[F _] N]. dyadic. now apply at_exp_bounds. Qed.

Theorem at_exp_coq_finite : at_exp_coq_finite_statement.
Proof.
intros x [[F B] N]. split; [now apply at_exp_no_overflow|].
destruct (at_exp_bounds x F N) as [Fr R]. apply finite_small; auto.
assert (P := bpow_gt_0 radix2 (-1022)). apply Rabs_le. lra.
Qed.

Theorem at_exp_coq_one : at_exp_coq_one_statement.
Proof. intros x _ ->. apply at_exp_zero. Qed.

Theorem at_exp_coq_error : at_exp_coq_error_statement.
Proof.
intros x [_ N] H. dyadic. apply Rle_trans with (1 := at_exp_error x (conj H N)).
apply Rmult_le_compat_r; [left; apply exp_pos | simpl; lra].
Qed.

Theorem at_exp_coq_clamp : at_exp_coq_clamp_statement.
Proof. intros x [[F _] _] H. dyadic. now apply at_exp_clamp. Qed.

(* ---- at_log1p ---- *)

Theorem at_log1p_coq_range : at_log1p_coq_range_statement.
Proof. intros t [[F _] H]. now apply at_log1p_range. Qed.

Theorem at_log1p_coq_finite : at_log1p_coq_finite_statement.
Proof.
intros t [[F _] H]. split; [now apply at_log1p_no_overflow|].
assert (R := at_log1p_range t F H). apply finite_small; [apply fmt_log1p|].
apply Rabs_le. simpl in R. lra.
Qed.

Theorem at_log1p_coq_error : at_log1p_coq_error_statement.
Proof.
intros t [[F _] H]. apply Rle_trans with (1 := at_log1p_error t F H).
apply Rmult_le_compat_r; [apply ln_positive, H | simpl; lra].
Qed.

(* ---- at_sigmoid ---- *)

Theorem at_sigmoid_coq_range : at_sigmoid_coq_range_statement.
Proof. intros x [F _]. dyadic. now apply at_sigmoid_range. Qed.

Theorem at_sigmoid_coq_finite : at_sigmoid_coq_finite_statement.
Proof.
intros x Fx. split; [now apply at_sigmoid_no_overflow|].
assert (R := at_sigmoid_range x (proj1 Fx)). assert (P := bpow_gt_0 radix2 (-1022)).
apply finite_small; [apply fmt_rnd | apply Rabs_le; lra].
Qed.

Theorem at_sigmoid_coq_upper_half : at_sigmoid_coq_upper_half_statement.
Proof. intros x [F _]. now apply at_sigmoid_upper_half. Qed.

Theorem at_sigmoid_coq_lower_half : at_sigmoid_coq_lower_half_statement.
Proof. intros x [F _]. now apply at_sigmoid_lower_half. Qed.

Theorem at_sigmoid_coq_error : at_sigmoid_coq_error_statement.
Proof.
intros x [F _] H. apply Rle_trans with (1 := at_sigmoid_error x F H).
apply Rmult_le_compat_r; [|simpl; lra].
assert (P := exp_pos (- x)). apply Rlt_le, Rdiv_lt_0_compat; lra.
Qed.

Theorem at_sigmoid_coq_clamp : at_sigmoid_coq_clamp_statement.
Proof. intros x [F _] H. dyadic. now apply at_sigmoid_clamp. Qed.

(* ---- at_softplus ---- *)

Theorem at_softplus_coq_range : at_softplus_coq_range_statement.
Proof. intros x [F _]. now apply at_softplus_nonnegative. Qed.

Theorem at_softplus_coq_finite : at_softplus_coq_finite_statement.
Proof.
intros x Fx. split; [now apply at_softplus_no_overflow|].
split; [apply fmt_rnd | now apply softplus_fits].
Qed.

Theorem at_softplus_coq_above : at_softplus_coq_above_statement.
Proof. intros x [F _]. now apply at_softplus_above. Qed.

Theorem at_softplus_coq_near : at_softplus_coq_near_statement.
Proof.
intros x [F _]. destruct (Rlt_or_le x 0) as [N|N].
- left. now apply at_softplus_near_negative.
- right. now apply at_softplus_near.
Qed.

Theorem at_softplus_coq_error : at_softplus_coq_error_statement.
Proof. intros x [F _] H. now apply at_softplus_error. Qed.

Theorem at_softplus_coq_clamp : at_softplus_coq_clamp_statement.
Proof. intros x [F _] H. dyadic. now apply at_softplus_clamp. Qed.
