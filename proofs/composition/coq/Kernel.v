(* SPDX-License-Identifier: Apache-2.0

   The constants of the kernel, binary64.

   Main results: `kernel D`, the accuracy with which the theorems of Composition.v speak of the C
   code; it satisfies what they ask of an accuracy (kernel_setting, kernel_weights).
   at_dot, at_sum_scaled_rows, at_descend: the numbers of the clauses `error` in kernel/vector.h.
   at_softmax_row, at_pool_coefficients, at_single_head_loss, mean: what the operations of these
   functions give, see Operations.v.
   Assumptions: sizes within kernel/capacity.h where a lemma says so. *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Sums Model Contracts Softmax Logistic.
Open Scope R_scope.

(* Unit roundoff, the smallest positive number, and the floor of exp, sigmoid and softplus below
   -708 (kernel/exp.h, kernel/logistic.h). *)
Definition unit : R := / 2 ^ 53.
Definition tiny : R := / 2 ^ 1074.
Definition floor : R := / 2 ^ 1021.
(* 0x1.000001p-53, the unit of the sums in specs/summation.h *)
Definition sum_unit : R := (1 + / 2 ^ 24) * unit.

(* k roundings: (1 + u)^k *)
Definition growth (k : nat) : R := (1 + unit) ^ k.

(* at_exp: 2^-52 = 2 u; at_sigmoid: 2 * 2^-52; at_softplus: 2.5 * 2^-52 *)
Definition exp_relative : R := 2 * unit.
Definition sigmoid_relative : R := 4 * unit.
Definition softplus_relative : R := 5 * unit.

(* ---- softmax ---- *)

(* The largest of z 0 ... z (T - 1), with z 0 for T = 0. *)
Fixpoint highest (T : nat) (z : nat -> R) : R :=
  match T with
  | O => z O
  | S n => Rmax (highest n z) (z n)
  end.

(* Relative error of one exponential: that of at_exp, and the rounding of its argument, at most
   u (max - z) and an underflow; from 710 below the maximum on, an absolute error takes over. *)
Definition exponential_relative (T : nat) (z : nat -> R) (t : nat) : R :=
  (1 + exp_relative) * exp (unit * Rmin (highest T z - z t) 710 + tiny) - 1.

(* exp (-708) + 2^-1021, about 2^-1020. *)
Definition exponential_absolute : R := exp (- 708) + floor.

(* Relative error of the divisor: the exponentials' errors weighted by the softmax, T additions. *)
Definition divisor_relative (T : nat) (z : nat -> R) : R :=
  growth T * (1 + total T (fun s => softmax T z s * exponential_relative T z s) +
              INR T * (exponential_absolute + tiny)) - 1.

Definition row_relative (T : nat) (z : nat -> R) (t : nat) : R :=
  ((1 + unit) * (1 + exponential_relative T z t) - 1 + divisor_relative T z) /
  (1 - divisor_relative T z).

Definition row_absolute (T : nat) : R := 2 * (1 + unit) * exponential_absolute + INR T * tiny.

(* ---- all constants ---- *)

Definition value_floor : R := (1 + unit) * floor + tiny.

Definition kernel (D : data) : accuracy := {|
  dot_relative := INR (dim D / 32 + 7) * sum_unit;
  dot_absolute := 262462 * tiny;
  softmax_relative := row_relative (tokens D);
  softmax_absolute := row_absolute (tokens D);
  output_relative := INR (tokens D + 1) * sum_unit;
  output_absolute := INR (4 * tokens D) * tiny;
  loss_relative := growth (samples D + 1) * (1 + softplus_relative) - 1;
  loss_absolute := growth (samples D + 1) * (floor + tiny) + tiny;
  value_relative := (1 + unit) * (1 + sigmoid_relative) - 1;
  value_absolute := value_floor;
  score_relative := growth 3 * (1 + sigmoid_relative) - 1;
  score_floor := growth 2 * value_floor;
  score_absolute := (1 + unit) * (growth 1 * (1 + sigmoid_relative) + value_floor) * tiny + tiny;
  rows_relative := INR (samples D * tokens D + 1) * sum_unit;
  rows_absolute := INR (samples D * tokens D) * (4 * tiny);
  mean_relative := unit;
  mean_absolute := tiny;
  descend_relative := unit;
  descend_absolute := 3 * tiny;
  box := 2 ^ 60
|}.

(* ---- sizes of the constants ---- *)

Lemma power_small k j : (k <= j)%nat -> 0 < / 2 ^ j <= / 2 ^ k.
Proof.
intros H. split; [apply Rinv_0_lt_compat, pow_lt; lra|].
apply Rinv_le_contravar; [apply pow_lt; lra | apply Rle_pow; lra || auto].
Qed.

Lemma unit_small : 0 < unit <= / 2 ^ 20.
Proof. apply power_small. apply Nat.leb_le. reflexivity. Qed.

Lemma tiny_small : 0 < tiny <= / 2 ^ 20.
Proof. apply power_small. apply Nat.leb_le. reflexivity. Qed.

Lemma floor_small : 0 < floor <= / 2 ^ 20.
Proof. apply power_small. apply Nat.leb_le. reflexivity. Qed.

Lemma growth_at_least_one k : 1 <= growth k.
Proof. apply pow_R1_Rle. assert (U := unit_small). lra. Qed.

Lemma growth_next k : growth (S k) = (1 + unit) * growth k.
Proof. reflexivity. Qed.

(* exp x <= 1 / (1 - x) for x < 1 *)
Lemma exp_above x : x < 1 -> exp x <= / (1 - x).
Proof.
intros H. assert (P := exp_ineq1_le (- x)). rewrite exp_Ropp in P.
rewrite <- (Rinv_inv (exp x)). apply Rinv_le_contravar; lra.
Qed.

Lemma growth_exp k : growth k <= exp (INR k * unit).
Proof.
assert (U := unit_small). induction k as [|k IH].
- simpl. rewrite Rmult_0_l, exp_0. unfold growth. simpl. lra.
- replace (INR (S k) * unit) with (INR k * unit + unit) by (rewrite S_INR; ring).
  rewrite growth_next, exp_plus, Rmult_comm. apply Rmult_le_compat; auto; [|lra|apply exp_ineq1_le].
  assert (G := growth_at_least_one k). lra.
Qed.

Lemma highest_above T z t : (t < T)%nat -> z t <= highest T z.
Proof.
intros H. induction T as [|T IH]; [lia|]. simpl. destruct (Nat.eq_dec t T) as [->|N].
- apply Rmax_r.
- apply Rle_trans with (2 := Rmax_l _ _). apply IH. lia.
Qed.

Lemma exponential_range T z t : (t < T)%nat -> 0 <= exponential_relative T z t <= / 1000.
Proof.
assert (U := unit_small). intros H. unfold exponential_relative, exp_relative.
assert (M := highest_above T z t H).
set (x := unit * Rmin (highest T z - z t) 710 + tiny). assert (Y := tiny_small).
assert (X : 0 <= x <= 710 * unit + tiny).
{ assert (A := Rmin_r (highest T z - z t) 710). unfold x.
  assert (B : 0 <= Rmin (highest T z - z t) 710) by (apply Rmin_glb; lra). split.
  - apply Rplus_le_le_0_compat; [apply Rmult_le_pos|]; lra.
  - rewrite (Rmult_comm 710). apply Rplus_le_compat_r, Rmult_le_compat_l; lra. }
assert (E := exp_at_least_one x (proj1 X)).
assert (F : exp x <= / (1 - / 1400)).
{ apply Rle_trans with (1 := exp_above x ltac:(lra)). apply Rinv_le_contravar; lra. }
split; nra.
Qed.

(* A softmax has no more than 64 tokens (AT_MAX_TOKENS), so that its divisor is accurate. *)
Lemma divisor_range T z : (1 <= T <= 64)%nat -> 0 <= divisor_relative T z <= / 4.
Proof.
assert (U := unit_small). assert (Y := tiny_small). assert (F := floor_small).
intros H. unfold divisor_relative, exponential_absolute.
assert (L : 1 <= INR T <= 64).
{ split; [apply (le_INR 1); lia|]. replace 64 with (INR 64) by (simpl; lra). apply le_INR. lia. }
assert (G := growth_at_least_one T).
assert (X : INR T * unit <= 64 * / 2 ^ 20) by (apply Rmult_le_compat; lra).
assert (G' : growth T <= / (1 - / 10000)).
{ apply Rle_trans with (1 := growth_exp T). apply Rle_trans with (1 := exp_above (INR T * unit) ltac:(lra)).
  apply Rinv_le_contravar; lra. }
assert (P := exp_pos (- 708)).
assert (E : exp (- 708) <= / 709).
{ replace (-708) with (Ropp 708) by lra. rewrite exp_Ropp. apply Rinv_le_contravar; [lra|]. assert (Q := exp_ineq1_le 708). lra. }
set (m := total T (fun s => softmax T z s * exponential_relative T z s)).
assert (M : 0 <= m <= / 1000).
{ split.
  - apply total_nonneg. intros s S. apply Rmult_le_pos; [left; now apply softmax_positive|].
    now apply exponential_range.
  - replace (/ 1000) with (total T (fun s => / 1000 * softmax T z s)).
    + apply total_le. intros s S. rewrite Rmult_comm.
      apply Rmult_le_compat_r; [left; now apply softmax_positive | now apply exponential_range].
    + rewrite total_scale, softmax_total by lia. ring. }
set (a := INR T * (exp (- 708) + floor + tiny)).
assert (A : 0 <= a <= / 10).
{ unfold a. split; [apply Rmult_le_pos; lra|].
  apply Rle_trans with (64 * (/ 709 + / 2 ^ 20 + / 2 ^ 20)); [|lra].
  apply Rmult_le_compat; lra. }
split; nra.
Qed.

Theorem kernel_weights D z t : (1 <= tokens D <= 64)%nat -> (t < tokens D)%nat ->
  0 <= softmax_relative (kernel D) z t < 1.
Proof.
intros H L. simpl. unfold row_relative. assert (U := unit_small).
assert (E := exponential_range (tokens D) z t L). assert (S := divisor_range (tokens D) z H).
set (b := exponential_relative (tokens D) z t) in *. set (e := divisor_relative (tokens D) z) in *.
split.
- apply Rmult_le_pos; [nra|]. left. apply Rinv_0_lt_compat. lra.
- apply Rmult_lt_reg_r with (1 - e); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra.
Qed.

Theorem kernel_setting D : (1 <= samples D)%nat -> setting (kernel D) D.
Proof.
intros H. assert (U := unit_small). assert (Y := tiny_small). assert (F := floor_small).
split; simpl; auto; [|lra]. unfold row_absolute, exponential_absolute.
assert (P := exp_pos (- 708)). assert (N := pos_INR (tokens D)).
apply Rplus_le_le_0_compat; apply Rmult_le_pos; lra.
Qed.
