(* SPDX-License-Identifier: Apache-2.0

   The constants of the kernel, binary64.

   Main results: `kernel D`, the accuracy with which the theorems of Composition.v speak of the C
   code; it satisfies what they ask of an accuracy (kernel_setting, kernel_weights).
   All are the numbers of the clauses `error` in kernel/*.h, which Kernel_step.v quotes.
   Assumptions: sizes within kernel/capacity.h where a lemma says so. *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Sums Model Contracts Softmax Logistic.
Open Scope R_scope.

(* Unit roundoff, the smallest positive number, and the floor of sigmoid and softplus below -708
   (kernel/logistic.h). *)
Definition unit : R := / 2 ^ 53.
Definition tiny : R := / 2 ^ 1074.
Definition floor : R := / 2 ^ 1021.
(* 0x1.000001p-53, the unit of the sums in specs/summation.h *)
Definition sum_unit : R := (1 + / 2 ^ 24) * unit.

(* ---- softmax ---- *)

(* The largest of z 0 ... z (T - 1), with z 0 for T = 0: at_highest of specs/softmax.h. *)
Fixpoint highest (T : nat) (z : nat -> R) : R :=
  match T with
  | O => z O
  | S n => Rmax (highest n z) (z n)
  end.

(* at_weight_near of specs/softmax.h; from 708 below the maximum on, the absolute error takes over. *)
Definition row_relative (T : nat) (z : nat -> R) (t : nat) : R :=
  (INR T + 3 + Rmin (highest T z - z t) 708) * (2 * unit).

(* ---- all constants ---- *)

(* value, score, loss: at_value_near, at_score_near and at_mean_near of specs/logistic.h *)
Definition kernel (D : data) : accuracy := {|
  dot_relative := INR (dim D / 32 + 7) * sum_unit;
  dot_absolute := 262462 * tiny;
  softmax_relative := row_relative (tokens D);
  softmax_absolute := 2 * floor;
  output_relative := INR (tokens D + 1) * sum_unit;
  output_absolute := INR (tokens D) * (4 * tiny);
  loss_relative := INR (samples D + 6) * ((1 + / 2 ^ 12) * unit);
  loss_absolute := (1 + / 2 ^ 11) * / 2 ^ 1009;
  value_relative := (5 + / 2 ^ 22) * unit;
  value_absolute := (1 + / 2 ^ 24) * floor;
  score_relative := (7 + / 2 ^ 21) * unit;
  score_floor := (1 + / 2 ^ 23) * floor;
  score_absolute := 3 * tiny;
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

Lemma highest_above T z t : (t < T)%nat -> z t <= highest T z.
Proof.
intros H. induction T as [|T IH]; [lia|]. simpl. destruct (Nat.eq_dec t T) as [->|N].
- apply Rmax_r.
- apply Rle_trans with (2 := Rmax_l _ _). apply IH. lia.
Qed.

Lemma highest_reached T z top : (top < T)%nat -> (forall t, (t < T)%nat -> z t <= z top) ->
  highest T z = z top.
Proof.
intros L H. apply Rle_antisym; [|now apply highest_above].
assert (B : forall n, (1 <= n <= T)%nat -> highest n z <= z top).
{ induction n as [|n IH]; intros N; [lia|]. simpl. apply Rmax_lub; [|apply H; lia].
  destruct n as [|n]; [simpl; apply H; lia | apply IH; lia]. }
apply B. lia.
Qed.

(* A softmax has no more than 64 tokens (AT_MAX_TOKENS). *)
Theorem kernel_weights D z t : (1 <= tokens D <= 64)%nat -> (t < tokens D)%nat ->
  0 <= softmax_relative (kernel D) z t < 1.
Proof.
intros H L. simpl. unfold row_relative. assert (U := unit_small).
assert (M := highest_above (tokens D) z t L).
assert (N : 1 <= INR (tokens D) <= 64).
{ split; [apply (le_INR 1); lia|]. replace 64 with (INR 64) by (simpl; lra). apply le_INR. lia. }
assert (A := Rmin_r (highest (tokens D) z - z t) 708).
assert (B : 0 <= Rmin (highest (tokens D) z - z t) 708) by (apply Rmin_glb; lra).
set (g := Rmin (highest (tokens D) z - z t) 708) in *.
assert (0 <= (INR (tokens D) + 3 + g) * (2 * unit) <= 775 * (2 * / 2 ^ 20)); [|lra].
split; [apply Rmult_le_pos | apply Rmult_le_compat]; lra.
Qed.

Theorem kernel_setting D : (1 <= samples D)%nat -> setting (kernel D) D.
Proof.
intros H. assert (U := unit_small). assert (F := floor_small). split; simpl; auto; lra.
Qed.
