(* SPDX-License-Identifier: Apache-2.0

   The exponential of kernel/exp.c.

   Main results: for -708 <= x <= 0 the relative error of at_exp is at most 3760 * 2^-64 = 0.918 *
   2^-52 (at_exp_error); the result is in [2^-1022, 1] (at_exp_range), 1 at 0 (at_exp_zero); below
   -708 it lies above exp x by at most 2^-1021 (at_exp_clamp); no operation overflows
   (at_exp_no_overflow).
   Chain: coq-interval bounds polynomial against exp and ln 2 against its two parts; Gappa bounds
   the rounding of the polynomial and of the reduction; Flocq shows that the scaling by 2^k is
   exact.
   Assumptions: the definitions of Kernel_text.v say what the C text computes. *)
From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core Mult_error.
From Interval Require Import Tactic.
From Gappa Require Import Gappa_tactic.
Require Import Rounding Kernel_text.
Open Scope R_scope.

Ltac exp_constants :=
  unfold EXP_INVERSE_LN2, EXP_LN2_HIGH, EXP_LN2_LOW, EXP_C2, EXP_C3, EXP_C4, EXP_C5, EXP_C6, EXP_C7,
    EXP_C8, EXP_C9, EXP_C10, EXP_C11.
Ltac exp_gappa := unfold at_exp_mantissa, add, sub, mul; exp_constants; gappa.

(* ---- reduction ---- *)

Lemma ln2_parts : Rabs (ln 2 - (EXP_LN2_HIGH + EXP_LN2_LOW)) <= 1 / 2 ^ 102.
Proof. exp_constants. interval with (i_prec 200). Qed.

Notation quotient x := (sub (mul x EXP_INVERSE_LN2) (1 * pw (-1))).

Lemma quotient_range x : -708 <= x <= 0 -> -4185867 * pw (-12) <= quotient x <= -1 * pw (-1).
Proof. intros H. exp_gappa. Qed.

Lemma k_range x : -708 <= x <= 0 ->
  -1021 <= IZR (at_exp_k x) <= 0 /\ -1 <= quotient x - IZR (at_exp_k x) <= 0.
Proof.
intros H. generalize (quotient_range x H). unfold at_exp_k.
set (t := sub _ _). clearbody t. intros Ht.
assert (Ht' : t <= -1/2) by (simpl in Ht; lra).
rewrite Ztrunc_ceil by lra.
assert (A := Zceil_ub t).
assert (B : IZR (Zceil t) < t + 1) by (generalize (Zceil_lb t); lra).
assert (C : (-1022 < Zceil t)%Z) by (apply lt_IZR; revert Ht; simpl; lra).
assert (D : (Zceil t <= 0)%Z) by (apply Zceil_glb; lra).
assert (E : (-1021 <= Zceil t)%Z) by lia.
apply IZR_le in D, E. lra.
Qed.

Lemma high_range x k : -708 <= x <= 0 -> -1021 <= k <= 0 -> -1 <= quotient x - k <= 0 ->
  -363411 * pw (-20) <= x - k * EXP_LN2_HIGH <= 363411 * pw (-20).
Proof.
intros Hx Hk Ht.
replace (x - k * EXP_LN2_HIGH) with
  (((quotient x - k) + 1 * pw (-1) - (quotient x - (x * EXP_INVERSE_LN2 - 1 * pw (-1))))
     / EXP_INVERSE_LN2 + k * (1 / EXP_INVERSE_LN2 - EXP_LN2_HIGH))
  by (field; exp_constants; simpl; lra).
revert Ht. intros Ht. unfold sub, mul in *. revert Ht. exp_constants. intros Ht. gappa.
Qed.

Lemma k_high_exact k : generic_format radix2 (FIX_exp 0) k -> -1021 <= k <= 0 ->
  mul k EXP_LN2_HIGH = k * EXP_LN2_HIGH.
Proof.
intros Hf Hk. apply round_generic. apply valid_rnd_N. exp_constants. gappa.
Qed.

Lemma r_range x k : generic_format radix2 (FIX_exp 0) k -> -708 <= x <= 0 -> -1021 <= k <= 0 ->
  -363411 * pw (-20) <= x - k * EXP_LN2_HIGH <= 363411 * pw (-20) ->
  -363415 * pw (-20) <= at_exp_r x k <= 363415 * pw (-20) /\
  -1025 * pw (-64) <= at_exp_r x k - (x - k * (EXP_LN2_HIGH + EXP_LN2_LOW)) <= 1025 * pw (-64).
Proof.
intros Hf Hx Hk H. unfold at_exp_r. rewrite (k_high_exact k Hf Hk). cbv zeta.
assert (Hr : -363415 * pw (-20) <= sub (sub x (k * EXP_LN2_HIGH)) (mul k EXP_LN2_LOW)
             <= 363415 * pw (-20)).
{ revert H. unfold sub, mul. exp_constants. intros H. gappa. }
split; [exact Hr|].
set (high := sub x (k * EXP_LN2_HIGH)) in *.
replace (sub high (mul k EXP_LN2_LOW) - (x - k * (EXP_LN2_HIGH + EXP_LN2_LOW))) with
  ((sub high (mul k EXP_LN2_LOW) - (high - k * EXP_LN2_LOW)) + (high - (x - k * EXP_LN2_HIGH)))
  by ring.
unfold high. revert H Hr. unfold high, sub, mul. exp_constants. intros H Hr. gappa.
Qed.

Lemma integer_format k : generic_format radix2 (FIX_exp 0) (IZR k).
Proof.
apply generic_format_FIX. exists (Float radix2 k 0); [|reflexivity].
unfold F2R; simpl; ring.
Qed.

(* What the reduction gives for an argument in range. *)
Lemma reduction x : -708 <= x <= 0 ->
  (-1021 <= at_exp_k x <= 0)%Z /\
  -363415 * pw (-20) <= at_exp_r x (IZR (at_exp_k x)) <= 363415 * pw (-20) /\
  -1025 * pw (-64) <= at_exp_r x (IZR (at_exp_k x))
    - (x - IZR (at_exp_k x) * (EXP_LN2_HIGH + EXP_LN2_LOW)) <= 1025 * pw (-64).
Proof.
intros Hx. destruct (k_range x Hx) as [Hk Ht].
split. { split; apply le_IZR; lra. }
apply r_range; auto using integer_format, high_range.
Qed.

(* ---- polynomial ---- *)

(* The polynomial of the C text in exact arithmetic. *)
Definition polynomial r := 1 + (r + (r*r) * ((EXP_C2 + EXP_C3*r + (EXP_C4 + EXP_C5*r)*(r*r))
   + ((EXP_C6 + EXP_C7*r + (EXP_C8 + EXP_C9*r)*(r*r)) + (EXP_C10 + EXP_C11*r)*((r*r)*(r*r)))
     * ((r*r)*(r*r)))).

Ltac polynomial_gappa := unfold polynomial; exp_gappa.

Lemma polynomial_error r : Rabs r <= 363415 * pw (-20) ->
  Rabs ((polynomial r - exp r) / exp r) <= 281 * pw (-66).
Proof.
intros Hr. apply Rabs_le_inv in Hr. unfold polynomial. exp_constants.
interval with (i_bisect r, i_taylor r, i_degree 14, i_prec 90).
Qed.

Lemma polynomial_positive r : -363415 * pw (-20) <= r <= 363415 * pw (-20) ->
  5 * pw (-3) <= polynomial r.
Proof. intros H. polynomial_gappa. Qed.

Lemma mantissa_range r : -363415 * pw (-20) <= r <= 363415 * pw (-20) ->
  5 * pw (-3) <= at_exp_mantissa r <= 12 * pw (-3).
Proof. intros H. exp_gappa. Qed.

Lemma mantissa_rounding r : -363415 * pw (-20) <= r <= 363415 * pw (-20) ->
  Rabs ((at_exp_mantissa r - polynomial r) / polynomial r) <= 2660 * pw (-64).
Proof.
intros H.
destruct (Rle_or_lt r (-177 * pw (-10))) as [Ha|Ha].
{ assert (H' : -363415 * pw (-20) <= r <= -177 * pw (-10)) by lra. clear Ha H. polynomial_gappa. }
destruct (Rle_or_lt r 0) as [Hb|Hb].
{ assert (H' : -177 * pw (-10) <= r <= 0) by lra. clear Ha Hb H. polynomial_gappa. }
destruct (Rle_or_lt r (177 * pw (-10))) as [Hc|Hc].
{ assert (H' : 0 <= r <= 177 * pw (-10)) by lra. clear Ha Hb Hc H. polynomial_gappa. }
{ assert (H' : 177 * pw (-10) <= r <= 363415 * pw (-20)) by lra. clear Ha Hb Hc H.
  polynomial_gappa. }
Qed.

(* ---- error ---- *)

Lemma three_errors e p er eR e1 e2 e3 total : 0 < er -> 0 < eR -> 0 < p ->
  0 <= e1 -> 0 <= e2 -> 0 <= e3 ->
  Rabs ((e - p) / p) <= e1 -> Rabs ((p - er) / er) <= e2 -> Rabs (er / eR - 1) <= e3 ->
  (1 + e1) * (1 + e2) * (1 + e3) - 1 <= total -> Rabs (e - eR) <= total * eR.
Proof.
intros Her HeR Hp P1 P2 P3 H1 H2 H3 Ht.
set (d1 := (e - p) / p) in *. set (d2 := (p - er) / er) in *. set (d3 := er / eR - 1) in *.
assert (E : e - eR = ((1 + d1) * (1 + d2) * (1 + d3) - 1) * eR).
{ unfold d1, d2, d3. field. lra. }
rewrite E, Rabs_mult, (Rabs_pos_eq eR) by lra.
apply Rmult_le_compat_r; [lra|].
apply Rle_trans with (2 := Ht).
replace ((1+d1)*(1+d2)*(1+d3) - 1) with (d1+d2+d3+d1*d2+d1*d3+d2*d3+d1*d2*d3) by ring.
replace ((1+e1)*(1+e2)*(1+e3) - 1) with (e1+e2+e3+e1*e2+e1*e3+e2*e3+e1*e2*e3) by ring.
assert (A := Rabs_pos d1). assert (B := Rabs_pos d2). assert (C := Rabs_pos d3).
repeat (eapply Rle_trans; [apply Rabs_triang|]; apply Rplus_le_compat); auto;
  rewrite ?Rabs_mult; repeat apply Rmult_le_compat; auto; try apply Rmult_le_pos; auto.
Qed.

Lemma exp_near_zero d : Rabs d <= 1026 * pw (-64) -> Rabs (exp d - 1) <= 1027 * pw (-64).
Proof. intros H. interval with (i_taylor d, i_degree 3, i_prec 100). Qed.

Lemma not_clamped x : -708 <= x -> at_exp_clamped x = x.
Proof. intros H. unfold at_exp_clamped, EXP_LOWEST. now rewrite Rlt_bool_false by lra. Qed.

Lemma scaling_exact x : -708 <= x <= 0 ->
  at_exp x = at_exp_mantissa (at_exp_r x (IZR (at_exp_k x))) * pw (at_exp_k x).
Proof.
intros Hx. destruct (reduction x Hx) as (Hk & Hr & _).
assert (Hm := mantissa_range _ Hr).
change (at_exp x) with
  (mul (at_exp_mantissa (at_exp_r (at_exp_clamped x) (IZR (at_exp_k (at_exp_clamped x)))))
       (pw (at_exp_k (at_exp_clamped x)))).
rewrite not_clamped by lra.
unfold mul at 1. apply round_generic. apply valid_rnd_N.
apply mult_bpow_exact_FLT.
- apply generic_format_round; [apply FLT_exp_valid; reflexivity | apply valid_rnd_N].
- set (m := at_exp_mantissa _) in *.
  assert (0 <= mag radix2 m)%Z; [|lia].
  apply mag_ge_bpow. rewrite Rabs_pos_eq; simpl in *; lra.
Qed.

Theorem at_exp_error x : -708 <= x <= 0 -> Rabs (at_exp x - exp x) <= 3760 * pw (-64) * exp x.
Proof.
intros Hx. rewrite (scaling_exact x Hx).
destruct (reduction x Hx) as (Hk & Hr & He).
set (k := at_exp_k x) in *. set (r := at_exp_r x (IZR k)) in *.
replace (exp x) with (exp (x - IZR k * ln 2) * pw k)
  by (rewrite bpow_exp, <- exp_plus; f_equal; simpl; ring).
set (r_exact := x - IZR k * ln 2).
replace (at_exp_mantissa r * pw k - exp r_exact * pw k)
  with ((at_exp_mantissa r - exp r_exact) * pw k) by ring.
rewrite Rabs_mult, (Rabs_pos_eq (pw k)) by apply bpow_ge_0.
rewrite <- Rmult_assoc. apply Rmult_le_compat_r; [apply bpow_ge_0|].
assert (HP := polynomial_positive r Hr).
apply (three_errors (at_exp_mantissa r) (polynomial r) (exp r) (exp r_exact)
         (2660 * pw (-64)) (281 * pw (-66)) (1027 * pw (-64)));
  try apply exp_pos; auto; try (simpl in *; lra).
- apply mantissa_rounding, Hr.
- apply polynomial_error. apply Rabs_le. simpl in *; lra.
- replace (exp r / exp r_exact) with (exp (r - r_exact)).
  2: { unfold Rminus. rewrite exp_plus, exp_Ropp. reflexivity. }
  apply exp_near_zero.
  assert (L := ln2_parts). apply Rabs_le_inv in L.
  assert (Hk' : -1021 <= IZR k <= 0) by (split; apply IZR_le; lia).
  assert (Q : -1021 * pw (-102) <= IZR k * (ln 2 - (EXP_LN2_HIGH + EXP_LN2_LOW))
              <= 1021 * pw (-102)) by (split; simpl in *; nra).
  replace (r - r_exact) with ((r - (x - IZR k * (EXP_LN2_HIGH + EXP_LN2_LOW)))
     + IZR k * (ln 2 - (EXP_LN2_HIGH + EXP_LN2_LOW))) by (unfold r_exact; ring).
  apply Rabs_le. simpl in *; lra.
Qed.

(* ---- range ---- *)

(* For r <= 0 the computed polynomial does not exceed 1. *)
Lemma mantissa_le_1 r : fmt r -> -363415 * pw (-20) <= r <= 0 -> at_exp_mantissa r <= 1.
Proof.
intros Fr Hr. unfold at_exp_mantissa.
set (q := add (add _ _) (mul (add _ _) _)).
assert (Hq : 0 <= q <= 1) by (unfold q, add, mul; exp_constants; gappa).
clearbody q. cbv zeta.
assert (Fo := generic_format_opp _ _ _ Fr).
assert (H2 : mul r r <= - r) by (apply rnd_le_fmt; auto; simpl in Hr; nra).
assert (H3 : mul (mul r r) q <= - r).
{ assert (0 <= mul r r) by (apply rnd_ge_0; nra).
  apply rnd_le_fmt; auto. apply Rle_trans with (mul r r * 1); [|lra].
  apply Rmult_le_compat_l; lra. }
assert (H4 : add r (mul (mul r r) q) <= 0) by (apply rnd_le_fmt; [apply fmt_0 | lra]).
apply rnd_le_fmt; [apply fmt_1 | lra].
Qed.

Theorem at_exp_range x : fmt x -> -708 <= x <= 0 -> pw (-1022) <= at_exp x <= 1.
Proof.
intros Fx Hx. assert (Herr := at_exp_error x Hx).
destruct (reduction x Hx) as (Hk & Hr & _).
assert (E := scaling_exact x Hx). assert (Hm := mantissa_range _ Hr).
split.
- assert (exp (-708) <= exp x)
    by (destruct (proj1 Hx); [left; apply exp_increasing; lra | subst; lra]).
  apply Rabs_le_inv in Herr.
  assert (A : pw (-1022) <= (1 - 3760 * pw (-64)) * exp (-708))
    by (simpl; interval with (i_prec 60)).
  assert (0 < 1 - 3760 * pw (-64)) by (simpl; lra). nra.
- rewrite E. set (k := at_exp_k x) in *. destruct (Z.eq_dec k 0) as [Z0|Z0].
  + rewrite Z0 in *. change (pw 0) with 1. rewrite Rmult_1_r. apply mantissa_le_1.
    * unfold at_exp_r, sub. apply fmt_rnd.
    * split; [apply Hr|]. unfold at_exp_r.
      rewrite !mul_0_l, !sub_0_r by (auto || apply fmt_rnd). lra.
  + assert (pw k <= pw (-1)) by (apply bpow_le; lia).
    assert (0 < pw k) by apply bpow_gt_0. simpl in *. nra.
Qed.

Lemma at_exp_zero : at_exp 0 = 1.
Proof.
rewrite scaling_exact by lra.
assert (Q : quotient 0 = - (1 * pw (-1))).
{ unfold sub. rewrite mul_0_l, Rminus_0_l, Rmult_1_l.
  apply rnd_fmt, generic_format_opp, fmt_bpow. lia. }
assert (K : at_exp_k 0 = 0%Z).
{ unfold at_exp_k. rewrite Q, Ztrunc_ceil by (simpl; lra).
  apply Zceil_imp. simpl. lra. }
rewrite K. change (pw 0) with 1. rewrite Rmult_1_r.
assert (Z : at_exp_r 0 (IZR 0) = 0).
{ unfold at_exp_r. now rewrite !mul_0_l, !sub_0_r by (apply fmt_0 || apply fmt_rnd). }
rewrite Z. unfold at_exp_mantissa. rewrite (mul_0_l 0).
set (q := add (add _ _) _). clearbody q. cbv zeta.
now rewrite mul_0_l, !add_0_r by (apply fmt_0 || apply fmt_1).
Qed.

(* ---- below the clamp ---- *)

Lemma clamped_value x : x < -708 -> at_exp x = at_exp (-708).
Proof.
intros H. unfold at_exp, EXP_LOWEST. now rewrite Rlt_bool_true, Rlt_bool_false by lra.
Qed.

Lemma clamped_small : at_exp (-708) <= 3 * pw (-1023).
Proof.
assert (H := at_exp_error (-708) ltac:(lra)). apply Rabs_le_inv in H.
assert (exp (-708) * (1 + 3760 * pw (-64)) <= 3 * pw (-1023)) by (simpl; interval with (i_prec 60)).
lra.
Qed.

Theorem at_exp_clamp x : fmt x -> x < -708 -> exp x <= at_exp x <= exp x + pw (-1021).
Proof.
intros Fx Hx. rewrite clamped_value by auto.
assert (H := at_exp_error (-708) ltac:(lra)). apply Rabs_le_inv in H.
assert (Hp := exp_pos x).
assert (Up : exp (-708) * (1 + 3760 * pw (-64)) <= pw (-1021))
  by (simpl; interval with (i_prec 60)).
split; [|lra].
assert (Hx' : x <= - (708 + pw (-43))).
{ apply Ropp_le_cancel. rewrite Ropp_involutive.
  assert (U : ulp radix2 fexp 708 = pw (-43)).
  { rewrite ulp_neq_0 by lra. f_equal. unfold cexp.
    rewrite (mag_unique_pos radix2 708 10) by (simpl; lra). reflexivity. }
  rewrite <- U, <- succ_eq_pos by lra.
  apply succ_le_lt; try typeclasses eauto; try lra.
  - apply (fmt_int 708). reflexivity.
  - now apply generic_format_opp. }
apply Rle_trans with (exp (- (708 + pw (-43)))).
{ destruct Hx' as [L|L]; [left; now apply exp_increasing | rewrite L; apply Rle_refl]. }
replace (- (708 + pw (-43))) with (-708 + - pw (-43)) by ring. rewrite exp_plus.
assert (S : exp (- pw (-43)) <= 1 - 3760 * pw (-64)) by (simpl; interval with (i_prec 80)).
assert (P := exp_pos (-708)). nra.
Qed.

(* ---- no operation overflows ---- *)

Theorem at_exp_no_overflow x : fmt x -> x <= 0 -> at_exp_safe x.
Proof.
intros Fx Hx.
set (c := at_exp_clamped x).
assert (Hc : -708 <= c <= 0).
{ unfold c, at_exp_clamped, EXP_LOWEST. case Rlt_bool_spec; lra. }
assert (Q := quotient_range c Hc). destruct (k_range c Hc) as (Kr & _).
destruct (reduction c Hc) as (Hk & Hr & _).
assert (Fk := integer_format (at_exp_k c)).
unfold at_exp_safe.
fold (at_exp_clamped x). fold c. cbv zeta.
fold (at_exp_k c).
set (k := at_exp_k c) in *. 
change (sub (sub c (mul (IZR k) EXP_LN2_HIGH)) (mul (IZR k) EXP_LN2_LOW)) with (at_exp_r c (IZR k)).
set (r := at_exp_r c (IZR k)) in *.
assert (Hm := mantissa_range r Hr).
repeat match goal with |- _ /\ _ => split end; try exact I.
all: try (unfold fits_int; lia).
all: try (unfold at_power_of_two_requires, at_power_of_two_safe, fits_int; lia).
all: try (clear -Hr; unfold fits, largest, add, mul; exp_constants; gappa).
all: try (clear -Hc Kr; unfold fits, largest, add, sub, mul; revert Kr; set (z := IZR k);
          intros Kr; exp_constants; gappa).
fold (at_exp_mantissa r). unfold at_power_of_two. set (m := at_exp_mantissa r) in *.
apply fits_rnd, fits_small.
assert (A : pw k <= pw 0) by (apply bpow_le; lia). assert (B : 0 < pw k) by apply bpow_gt_0.
rewrite Rabs_pos_eq; simpl in *; nra.
Qed.
