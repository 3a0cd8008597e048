(* SPDX-License-Identifier: Apache-2.0

   The logarithm log(1 + t) of kernel/logistic.c on [0, 1].

   Main results: the relative error of at_log1p is at most 5056 * 2^-64 = 1.235 * 2^-52
   (at_log1p_error), and 0.892 * 2^-52 for t <= 1/4 (at_log1p_error_1); the result is in [0, 45/64]
   (at_log1p_range); no operation overflows (at_log1p_no_overflow).
   Chain: with s = t / (2 + t), log(1 + t) = log((1 + s) / (1 - s)); coq-interval bounds the
   polynomial 2 s + s^3 R(s^2) against it (near 0 through the derivative); the polynomial equals t
   - s (t - s^2 R(s^2)), whose rounding is bounded on seven pieces of [2^-60, 1]; below 2^-60 the
   correction is negligible.
   Each difference t - a loses accuracy by the factor a / (t - a), which coq-interval bounds; Gappa
   does the rest.  Relative errors are written in units of 2^-64; 2^-52 is 4096 of them.
   Assumptions: the definitions of Kernel_text.v say what the C text computes. *)
From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Gappa Require Import Gappa_tactic.
Require Import Rounding Kernel_text.
Open Scope R_scope.

Ltac log1p_constants :=
  unfold LOG1P_R0, LOG1P_R1, LOG1P_R2, LOG1P_R3, LOG1P_R4, LOG1P_R5, LOG1P_R6, LOG1P_R7, LOG1P_R8,
    LOG1P_R9.

(* ---- what is computed, in exact arithmetic ---- *)

(* R(z), in the order of the C text. *)
Definition series z :=
  (LOG1P_R0 + LOG1P_R1*z + (LOG1P_R2 + LOG1P_R3*z)*(z*z))
  + ((LOG1P_R4 + LOG1P_R5*z + (LOG1P_R6 + LOG1P_R7*z)*(z*z))
     + (LOG1P_R8 + LOG1P_R9*z)*((z*z)*(z*z))) * ((z*z)*(z*z)).

(* R(z) by Horner's rule, which suits interval arithmetic. *)
Definition horner z :=
  LOG1P_R0 + z*(LOG1P_R1 + z*(LOG1P_R2 + z*(LOG1P_R3 + z*(LOG1P_R4 + z*(LOG1P_R5
  + z*(LOG1P_R6 + z*(LOG1P_R7 + z*(LOG1P_R8 + z*LOG1P_R9)))))))).

Lemma series_horner z : series z = horner z.
Proof. unfold series, horner. ring. Qed.

Definition ratio t := t / (2 + t).
Definition square t := ratio t * ratio t.
Definition inner t := t - square t * series (square t).
Definition outer t := t - ratio t * inner t.

(* ---- the polynomial against the logarithm ---- *)

Definition odd_polynomial s := 2*s + s*s*s*horner (s*s).

Lemma outer_odd t : 0 <= t -> outer t = odd_polynomial (ratio t).
Proof.
intros Ht. unfold outer, inner, square, odd_polynomial. rewrite series_horner.
set (q := horner _). clearbody q. unfold ratio. field. lra.
Qed.

Lemma ln_ratio t : 0 <= t -> ln (1 + t) = ln ((1 + ratio t) / (1 - ratio t)).
Proof. intros Ht. f_equal. unfold ratio. field. lra. Qed.

Lemma upper_polynomial s : 1/10 <= s <= 1/3 ->
  Rabs (odd_polynomial s - ln ((1 + s) / (1 - s))) <= 32 * pw (-64).
Proof.
intros H. unfold odd_polynomial, horner. log1p_constants.
interval with (i_bisect s, i_taylor s, i_degree 20, i_prec 90).
Qed.

(* Derivative of the polynomial as a function of z = s^2, and its distance from 2 / (1 - z). *)
Definition slope z := 2 + z*(3*LOG1P_R0 + z*(5*LOG1P_R1 + z*(7*LOG1P_R2 + z*(9*LOG1P_R3
  + z*(11*LOG1P_R4 + z*(13*LOG1P_R5 + z*(15*LOG1P_R6 + z*(17*LOG1P_R7 + z*(19*LOG1P_R8
  + z*(21*LOG1P_R9)))))))))).

Lemma slope_error z : 0 <= z <= 1/64 -> Rabs (slope z - 2 / (1 - z)) <= 512 * pw (-64).
Proof.
intros H. unfold slope. log1p_constants.
interval with (i_bisect z, i_taylor z, i_degree 14, i_prec 120).
Qed.

Lemma lower_polynomial s : 0 <= s <= 1/8 ->
  Rabs (odd_polynomial s - ln ((1 + s) / (1 - s))) <= 512 * pw (-64) * s.
Proof.
intros Hs. destruct (proj1 Hs) as [Hp|<-].
2: { unfold odd_polynomial. replace ((1 + 0) / (1 - 0)) with 1 by field. rewrite ln_1.
     rewrite !Rmult_0_l, !Rmult_0_r, Rplus_0_r, Rminus_0_r, Rabs_R0. lra. }
set (f := fun s => odd_polynomial s - (ln (1 + s) - ln (1 - s))).
set (f' := fun s => slope (s*s) - 2 / (1 - s*s)).
assert (D : forall c, 0 <= c <= s -> derivable_pt_lim f c (f' c)).
{ intros c Hc. apply is_derive_Reals. unfold f, f', odd_polynomial, horner, slope.
  auto_derive; [repeat split; lra|]. field. repeat split; nra. }
assert (E : odd_polynomial s - ln ((1 + s) / (1 - s)) = f s).
{ unfold f. rewrite ln_div by lra. reflexivity. }
rewrite E.
destruct (MVT_cor2 f f' 0 s Hp D) as (c & Hc & Hi).
assert (Z : f 0 = 0).
{ unfold f, odd_polynomial. rewrite Rplus_0_r, Rminus_0_r, ln_1. ring. }
rewrite Z, !Rminus_0_r in Hc. rewrite Hc, Rabs_mult, (Rabs_pos_eq s) by lra.
apply Rmult_le_compat_r; [lra|]. apply slope_error. split; nra.
Qed.

(* ---- rounding ---- *)

(* A difference t - a: a relative error d of a becomes at most d rho of the difference. *)
Lemma difference t a a' d rho : 0 < a -> a <= rho * (t - a) -> 0 < t - a ->
  Rabs ((a' - a) / a) <= d -> Rabs (((t - a') - (t - a)) / (t - a)) <= d * rho.
Proof.
intros Ha Hr Hd He.
replace (((t - a') - (t - a)) / (t - a)) with (- ((a' - a) / a) * (a / (t - a))) by (field; lra).
rewrite Rabs_mult, Rabs_Ropp, (Rabs_pos_eq (a / (t - a))).
2: { apply Rlt_le, Rdiv_lt_0_compat; lra. }
apply Rmult_le_compat; auto using Rabs_pos.
- apply Rlt_le, Rdiv_lt_0_compat; lra.
- apply Rmult_le_reg_r with (t - a); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma series_rounding z : 0 <= z <= 116 * pw (-10) ->
  Rabs (at_log1p_p z - series z) <= 3157 * pw (-64).
Proof. intros H. unfold at_log1p_p, series, add, mul. log1p_constants. gappa. Qed.

Lemma series_range z : 0 <= z <= 116 * pw (-10) -> 682 * pw (-10) <= series z <= 736 * pw (-10).
Proof. intros H. unfold series. log1p_constants. gappa. Qed.

Lemma series_change z Z : 0 <= Z <= 115 * pw (-10) -> Rabs (z - Z) <= 1160 * pw (-64) ->
  Rabs (series z - series Z) <= 603 * pw (-64).
Proof. intros H1 H2. unfold series. log1p_constants. gappa. Qed.

(* A part of t that is at most c t is at most rho times the rest. *)
Lemma share t x c rho : 0 < t -> x <= c -> (1 + rho) * c <= rho -> 0 <= rho ->
  t * x <= rho * (t - t * x).
Proof.
intros Ht Hx Hc Hr. assert (t * x <= t * c) by (apply Rmult_le_compat_l; lra).
assert (t * ((1 + rho) * c) <= t * rho) by (apply Rmult_le_compat_l; lra).
assert ((1 + rho) * (t * x) <= (1 + rho) * (t * c)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma difference_bound t a a' D d rho total : 0 < a -> D = t - a -> a <= rho * D -> 0 < D ->
  Rabs ((a' - a) / a) <= d -> d * rho <= total -> Rabs ((t - a' - D) / D) <= total.
Proof.
intros Ha -> Hr Hd He Ht. apply Rle_trans with (2 := Ht). now apply difference.
Qed.

Lemma series_error z Z : 0 <= z <= 116 * pw (-10) -> 0 <= Z <= 115 * pw (-10) ->
  Rabs (z - Z) <= 1160 * pw (-64) -> Rabs (at_log1p_p z - series Z) <= 3760 * pw (-64).
Proof.
intros Hz HZ H. assert (A := series_rounding z Hz). assert (B := series_change z Z HZ H).
apply Rabs_le_inv in A, B. apply Rabs_le. lra.
Qed.


(* The rounding on one piece.  Arguments, relative errors in units of 2^-64, ranges in 2^-10:
   s in [s0, s1] with error es, s^2 error ez, s^2 R error ezp, s^2 R <= c t = at most g inner,
   inner in [w0, w1], error v before and ew after its rounding, s inner error esw, s inner <= ch t =
   at most h outer, outer in [y0, y1], error v2 before and ey after its rounding. *)
Ltac piece t s0 s1 es ez ezp c g v w0 w1 ew esw ch h v2 y0 y1 ey :=
  let Ht := match goal with H : _ <= t <= _ |- _ => H end in
  assert (Tp : 0 < t <= 1) by (simpl in Ht; lra);
  assert (Es : Rabs ((at_log1p_s t - ratio t) / ratio t) <= es * pw (-64))
    by (unfold at_log1p_s, ratio, div, add; gappa);
  assert (Sr : s0 <= ratio t <= s1 * pw (-10))
    by (unfold ratio; simpl in *; split; interval with (i_bisect t));
  assert (Cr : t * series (square t) / ((2 + t) * (2 + t)) <= c * pw (-10))
    by (rewrite series_horner; unfold square, ratio, horner; log1p_constants; simpl in *;
        interval with (i_bisect t));
  assert (Wr : w0 <= t * (1 - t * series (square t) / ((2 + t) * (2 + t))) <= w1 * pw (-10))
    by (rewrite series_horner; unfold square, ratio, horner; log1p_constants; simpl in *;
        split; interval with (i_bisect t));
  assert (Dr : t * (1 - t * series (square t) / ((2 + t) * (2 + t))) / (2 + t) <= ch * pw (-10))
    by (rewrite series_horner; unfold square, ratio, horner; log1p_constants; simpl in *;
        interval with (i_bisect t));
  assert (Yr : y0 <= t * (1 - t * (1 - t * series (square t) / ((2 + t) * (2 + t))) / (2 + t))
               <= y1 * pw (-10))
    by (rewrite series_horner; unfold square, ratio, horner; log1p_constants; simpl in *;
        split; interval with (i_bisect t));
  assert (Ei : t * (1 - t * series (square t) / ((2 + t) * (2 + t))) = inner t)
    by (unfold inner, square, ratio; field; lra);
  assert (Eo : t * (1 - t * (1 - t * series (square t) / ((2 + t) * (2 + t))) / (2 + t)) = outer t)
    by (unfold outer, inner, square, ratio; field; lra);
  assert (Ec : square t * series (square t) = t * (t * series (square t) / ((2 + t) * (2 + t))))
    by (unfold square, ratio; field; lra);
  assert (Ed : ratio t * inner t
               = t * (t * (1 - t * series (square t) / ((2 + t) * (2 + t))) / (2 + t)))
    by (rewrite <- Ei; unfold ratio; field; lra);
  assert (Er : inner t = t - square t * series (square t)) by reflexivity;
  assert (Et : outer t = t - ratio t * inner t) by reflexivity;
  assert (Ez : square t = ratio t * ratio t) by reflexivity;
  rewrite Ei in Wr; rewrite Eo in Yr;
  assert (Ca : square t * series (square t) <= g * pw (-10) * inner t)
    by (rewrite Er, Ec; apply share with (1 := proj1 Tp) (2 := Cr); simpl; lra);
  assert (Da : ratio t * inner t <= h * pw (-10) * outer t)
    by (rewrite Et, Ed; apply share with (1 := proj1 Tp) (2 := Dr); simpl; lra);
  change (at_log1p t) with
    (sub t (mul (at_log1p_s t) (sub t (mul (mul (at_log1p_s t) (at_log1p_s t))
       (at_log1p_p (mul (at_log1p_s t) (at_log1p_s t)))))));
  clear Cr Dr Ei Eo Ec Ed;
  set (s := at_log1p_s t) in *; set (S := ratio t) in *; set (Z := square t) in *;
  set (W := inner t) in *; set (Y := outer t) in *; clearbody s S Z W Y;
  assert (Zr : s0 * s0 <= Z <= 115 * pw (-10)) by (rewrite Ez; clear - Sr; gappa);
  assert (Zs : Rabs ((mul s s - Z) / Z) <= ez * pw (-64))
    by (rewrite Ez; clear - Sr Es; unfold mul; gappa);
  assert (zr : 0 <= mul s s <= 116 * pw (-10)) by (clear - Es Sr; unfold mul; gappa);
  set (z := mul s s) in *; clearbody z;
  assert (Za : Rabs (z - Z) <= 1160 * pw (-64)) by (clear - Zr Zs; gappa);
  assert (Qr := series_range Z ltac:(clear - Zr; simpl in *; lra));
  assert (Qe : Rabs (at_log1p_p z - series Z) <= 3760 * pw (-64))
    by (apply (series_error z Z); auto; clear - Zr; simpl in *; lra);
  set (q := at_log1p_p z) in *; set (Q := series Z) in *; clearbody q Q;
  assert (Zp : Rabs ((mul z q - Z * Q) / (Z * Q)) <= ezp * pw (-64))
    by (clear - Zr Zs Qr Qe; unfold mul; gappa);
  assert (Ap : 0 < Z * Q) by (clear - Zr Qr; simpl in *; apply Rmult_lt_0_compat; lra);
  set (A := Z * Q) in *; set (a := mul z q) in *; clearbody A a;
  assert (Wa : Rabs ((t - a - W) / W) <= v * pw (-64))
    by (apply difference_bound with (5 := Zp) (3 := Ca); auto; clear - Wr; simpl in *; lra);
  assert (Ws : Rabs ((sub t a - W) / W) <= ew * pw (-64))
    by (clear - Wr Wa; unfold sub; set (x := t - a) in *; clearbody x; gappa);
  set (w := sub t a) in *; clearbody w;
  assert (Sw : Rabs ((mul s w - S * W) / (S * W)) <= esw * pw (-64))
    by (clear - Sr Es Wr Ws; unfold mul; gappa);
  assert (Bp : 0 < S * W) by (clear - Sr Wr; simpl in *; apply Rmult_lt_0_compat; lra);
  set (B := S * W) in *; set (b := mul s w) in *; clearbody B b;
  assert (Ya : Rabs ((t - b - Y) / Y) <= v2 * pw (-64))
    by (apply difference_bound with (5 := Sw) (3 := Da); auto; clear - Yr; simpl in *; lra);
  assert (Ys : Rabs ((sub t b - Y) / Y) <= ey * pw (-64))
    by (clear - Yr Ya; unfold sub; set (x := t - b) in *; clearbody x; gappa);
  apply relative_absolute; [clear - Yr; simpl in *; lra | exact Ys].

Lemma piece_1 t : 1 * pw (-60) <= t <= 1 * pw (-2) ->
  Rabs (at_log1p t - outer t) <= 3139 * pw (-64) * outer t.
Proof.
intros H. piece t (1 * pw (-62)) 115 4098 10246 17943 35 37 649 (1 * pw (-62)) 249 2699 8848 112
  126 1089 (1 * pw (-62)) 230 3139.
Qed.

Lemma piece_2 t : 1 * pw (-2) <= t <= 1 * pw (-1) ->
  Rabs (at_log1p t - outer t) <= 4172 * pw (-64) * outer t.
Proof.
intros H. piece t (112 * pw (-10)) 206 3872 9794 17491 57 61 1042 (246 * pw (-10)) 486 3092 9015
  195 241 2122 (227 * pw (-10)) 417 4172.
Qed.

Lemma piece_3 t : 1 * pw (-1) <= t <= 5 * pw (-3) ->
  Rabs (at_log1p t - outer t) <= 3624 * pw (-64) * outer t.
Proof.
intros H. piece t (203 * pw (-10)) 245 2933 7916 15613 66 71 1083 (483 * pw (-10)) 601 3133 8117
  230 297 2355 (414 * pw (-10)) 499 3624.
Qed.

Lemma piece_4 t : 5 * pw (-3) <= t <= 6 * pw (-3) ->
  Rabs (at_log1p t - outer t) <= 4971 * pw (-64) * outer t.
Proof.
intros H. piece t (242 * pw (-10)) 281 3612 9274 16971 72 78 1293 (598 * pw (-10)) 716 3049 8519
  261 351 2921 (496 * pw (-10)) 575 4971.
Qed.

Lemma piece_5 t : 6 * pw (-3) <= t <= 7 * pw (-3) ->
  Rabs (at_log1p t - outer t) <= 4835 * pw (-64) * outer t.
Proof.
intros H. piece t (278 * pw (-10)) 313 3379 8808 16505 78 85 1371 (713 * pw (-10)) 831 2844 7581
  290 405 2999 (572 * pw (-10)) 645 4835.
Qed.

Lemma piece_6 t : 7 * pw (-3) <= t <= 15 * pw (-4) ->
  Rabs (at_log1p t - outer t) <= 4925 * pw (-64) * outer t.
Proof.
intros H. piece t (310 * pw (-10)) 328 3119 8288 15985 81 88 1374 (828 * pw (-10)) 887 2643 7813
  303 431 3289 (642 * pw (-10)) 679 4925.
Qed.

Lemma piece_7 t : 15 * pw (-4) <= t <= 1 ->
  Rabs (at_log1p t - outer t) <= 4897 * pw (-64) * outer t.
Proof.
intros H. piece t (325 * pw (-10)) 343 3011 8072 15769 83 91 1402 (884 * pw (-10)) 944 2591 7474
  316 458 3343 (676 * pw (-10)) 711 4897.
Qed.

(* ---- error for t <= 2^-60 ---- *)

Lemma ln_upper t : 0 <= t -> ln (1 + t) <= t.
Proof.
intros H. rewrite <- (ln_exp t) at 2. apply ln_le; [lra|]. apply exp_ineq1_le.
Qed.

Lemma ln_lower t : 0 <= t -> t / (1 + t) <= ln (1 + t).
Proof.
intros H. apply Ropp_le_cancel. rewrite <- ln_Rinv by lra.
replace (/ (1 + t)) with (1 + - (t / (1 + t))) by (field; lra).
rewrite <- (ln_exp (- (t / (1 + t)))) at 2. apply ln_le; [|apply exp_ineq1_le].
replace (1 + - (t / (1 + t))) with (/ (1 + t)) by (field; lra). apply Rinv_0_lt_compat; lra.
Qed.

Lemma ratio_le_ln t : 0 <= t -> ratio t <= ln (1 + t).
Proof.
intros H. apply Rle_trans with (2 := ln_lower t H). unfold ratio, Rdiv.
apply Rmult_le_compat_l; [lra|]. apply Rinv_le; lra.
Qed.

(* The computed correction s w is non-negative and at most t^2 before its rounding. *)
Lemma small_correction t : fmt t -> 0 <= t <= pw (-60) ->
  exists b, at_log1p t = sub t (rnd b) /\ 0 <= b <= t * t.
Proof.
intros Ft Ht.
set (s := at_log1p_s t). set (z := mul s s). set (p := at_log1p_p z). set (w := sub t (mul z p)).
exists (s * w). split; [reflexivity|].
assert (Ht1 : t <= 1) by (simpl in Ht; lra).
assert (D : 2 <= add 2 t) by (apply rnd_ge_fmt; [apply (fmt_int 2); reflexivity | lra]).
assert (Sr : 0 <= s <= t).
{ unfold s, at_log1p_s, div. split.
  - apply rnd_ge_0. apply Rmult_le_pos; [lra|]. left. apply Rinv_0_lt_compat. lra.
  - apply rnd_le_fmt; auto. apply Rmult_le_reg_r with (add 2 t); [lra|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra. }
assert (Fs : fmt s) by apply fmt_rnd.
assert (Zr : 0 <= z <= s).
{ unfold z, mul. split; [apply rnd_ge_0; nra | apply rnd_le_fmt; auto; nra]. }
assert (Fz : fmt z) by apply fmt_rnd.
assert (Pr : 0 <= p <= 1).
{ assert (Z' : 0 <= z <= 116 * pw (-10)) by (simpl in *; lra).
  assert (A := series_rounding z Z'). assert (B := series_range z Z').
  fold p in A. apply Rabs_le_inv in A. simpl in *. lra. }
assert (Ar : 0 <= mul z p <= z).
{ unfold mul. split; [apply rnd_ge_0; nra | apply rnd_le_fmt; auto; nra]. }
assert (Wr : 0 <= w <= t).
{ unfold w, sub. split; [apply rnd_ge_0; lra | apply rnd_le_fmt; auto; lra]. }
split; [nra|]. apply Rmult_le_compat; lra.
Qed.

Lemma small_error t : fmt t -> 0 <= t <= pw (-60) ->
  Rabs (at_log1p t - ln (1 + t)) <= 2100 * pw (-64) * ln (1 + t).
Proof.
intros Ft Ht. destruct (small_correction t Ft Ht) as (b & -> & Hb).
assert (U := ln_upper t (proj1 Ht)). assert (L := ln_lower t (proj1 Ht)).
assert (L' : t * (1 - pw (-60)) <= ln (1 + t)).
{ apply Rle_trans with (2 := L). apply Rmult_le_compat_l; [lra|].
  apply Rmult_le_reg_r with (1 + t); [lra|]. rewrite Rinv_l by lra. simpl in *. nra. }
destruct (Rle_or_lt t (pw (-900))) as [T|T].
- assert (B : rnd b = 0).
  { apply rnd_tiny. split; [lra|]. apply Rle_trans with (pw (-900) * pw (-900)).
    - apply Rle_trans with (1 := proj2 Hb). apply Rmult_le_compat; lra.
    - rewrite <- bpow_plus. apply bpow_le. lia. }
  rewrite B, sub_0_r by auto. apply Rabs_le. simpl in *. split; nra.
- assert (Hb' : b <= pw (-60) * t)
    by (apply Rle_trans with (1 := proj2 Hb); apply Rmult_le_compat_r; lra).
  assert (B0 : 0 <= rnd b) by (apply rnd_ge_0; lra).
  assert (B1 : rnd b <= pw (-59) * t).
  { destruct (Rle_or_lt (pw (-1022)) b) as [B|B].
    - assert (E := rnd_relative b). rewrite Rabs_pos_eq in E by lra. specialize (E B).
      apply Rabs_le_inv in E. clear - E Hb' Ht. simpl in *. lra.
    - apply Rle_trans with (pw (-1022)); [apply rnd_le_fmt; [apply fmt_bpow; lia | lra]|].
      apply Rle_trans with (pw (-59) * pw (-900)).
      + rewrite <- bpow_plus. apply bpow_le. lia.
      + apply Rmult_le_compat_l; [apply bpow_ge_0 | lra]. }
  assert (N : pw (-1022) <= t - rnd b).
  { apply Rle_trans with (pw (-1) * pw (-900)).
    - rewrite <- bpow_plus. apply bpow_le. lia.
    - clear - B1 T Ht. set (x := pw (-900)) in *. simpl in *. lra. }
  assert (E := rnd_relative (t - rnd b)).
  assert (Np : 0 < t - rnd b) by (apply Rlt_le_trans with (2 := N), bpow_gt_0).
  rewrite Rabs_pos_eq in E by lra. specialize (E N). fold (sub t (rnd b)) in E.
  apply Rabs_le_inv in E. apply Rabs_le. clear - E B0 B1 U L' Ht. simpl in *. split; lra.
Qed.

(* ---- error on [0, 1] ---- *)

Lemma ratio_range t : 0 <= t <= 1 -> 0 <= ratio t <= 1/3.
Proof.
intros H. unfold ratio. split; [apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]|].
apply Rmult_le_reg_r with (2 + t); [lra|]. unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma ln_positive t : 0 <= t -> 0 <= ln (1 + t).
Proof. intros H. rewrite <- ln_1. apply ln_le; lra. Qed.

Lemma outer_error_low t : 0 <= t <= 1 * pw (-2) ->
  Rabs (outer t - ln (1 + t)) <= 512 * pw (-64) * ln (1 + t).
Proof.
intros H. simpl in H. rewrite outer_odd, ln_ratio by lra.
apply Rle_trans with (512 * pw (-64) * ratio t).
- apply lower_polynomial. split; [apply ratio_range; lra|].
  unfold ratio. interval with (i_bisect t).
- rewrite <- ln_ratio by lra. apply Rmult_le_compat_l; [simpl; lra | apply ratio_le_ln; lra].
Qed.

(* Above 1/4 the bound is absolute: `least` is a lower bound of log(1 + t). *)
Lemma outer_error_high t e least : 1 * pw (-2) <= t <= 1 -> least <= t ->
  32 * pw (-64) <= e * (least / (1 + least)) -> 0 <= e -> 0 <= least ->
  Rabs (outer t - ln (1 + t)) <= e * ln (1 + t).
Proof.
intros H Hl He Hp Hq. simpl in H. rewrite outer_odd, ln_ratio by lra.
apply Rle_trans with (32 * pw (-64)).
- apply upper_polynomial. split; [|apply ratio_range; lra].
  unfold ratio. interval with (i_bisect t).
- rewrite <- ln_ratio by lra. apply Rle_trans with (1 := He). apply Rmult_le_compat_l; auto.
  apply Rle_trans with (2 := ln_lower t ltac:(lra)).
  replace (least / (1 + least)) with (1 - / (1 + least)) by (field; lra).
  replace (t / (1 + t)) with (1 - / (1 + t)) by (field; lra).
  assert (/ (1 + t) <= / (1 + least)) by (apply Rinv_le; lra). lra.
Qed.

Ltac high_piece P error from distance :=
  apply two_errors with (3 := P) (e := error * pw (-64)) (d := distance * pw (-64));
  [apply ln_positive; simpl in *; lra | simpl; lra
  | apply outer_error_high with (least := from); simpl in *; lra | simpl; lra].

(* The relative error, piece by piece. *)
Theorem at_log1p_error_1 t : fmt t -> 0 <= t <= 1 * pw (-2) ->
  Rabs (at_log1p t - ln (1 + t)) <= 3652 * pw (-64) * ln (1 + t).
Proof.
intros Ft H. destruct (Rle_or_lt t (pw (-60))) as [T|T].
- apply Rle_trans with (1 := small_error t Ft ltac:(lra)).
  apply Rmult_le_compat_r; [apply ln_positive; lra | simpl; lra].
- apply two_errors with (4 := outer_error_low t H) (e := 3139 * pw (-64)) (Y := outer t).
  + apply ln_positive; lra.
  + simpl; lra.
  + apply piece_1. rewrite Rmult_1_l. lra.
  + simpl; lra.
Qed.

Theorem at_log1p_error_2 t : 1 * pw (-2) <= t <= 1 * pw (-1) ->
  Rabs (at_log1p t - ln (1 + t)) <= 4334 * pw (-64) * ln (1 + t).
Proof. intros H. high_piece (piece_2 t H) 4172 (/ 4) 161. Qed.

Theorem at_log1p_error_3 t : 1 * pw (-1) <= t <= 5 * pw (-3) ->
  Rabs (at_log1p t - ln (1 + t)) <= 3722 * pw (-64) * ln (1 + t).
Proof. intros H. high_piece (piece_3 t H) 3624 (/ 2) 97. Qed.

Theorem at_log1p_error_4 t : 5 * pw (-3) <= t <= 1 ->
  Rabs (at_log1p t - ln (1 + t)) <= 5056 * pw (-64) * ln (1 + t).
Proof.
intros H.
destruct (Rle_or_lt t (6 * pw (-3))) as [H1|H1].
{ high_piece (piece_4 t (conj (proj1 H) H1)) 4971 (5 / 8) 84. }
destruct (Rle_or_lt t (7 * pw (-3))) as [H2|H2].
{ high_piece (piece_5 t (conj (Rlt_le _ _ H1) H2)) 4835 (5 / 8) 84. }
destruct (Rle_or_lt t (15 * pw (-4))) as [H3|H3].
{ high_piece (piece_6 t (conj (Rlt_le _ _ H2) H3)) 4925 (5 / 8) 84. }
{ high_piece (piece_7 t (conj (Rlt_le _ _ H3) (proj2 H))) 4897 (5 / 8) 84. }
Qed.

Theorem at_log1p_error t : fmt t -> 0 <= t <= 1 ->
  Rabs (at_log1p t - ln (1 + t)) <= 5056 * pw (-64) * ln (1 + t).
Proof.
intros Ft Ht. assert (L := ln_positive t (proj1 Ht)).
destruct (Rle_or_lt t (1 * pw (-2))) as [H1|H1].
{ apply Rle_trans with (1 := at_log1p_error_1 t Ft (conj (proj1 Ht) H1)). simpl in *; nra. }
destruct (Rle_or_lt t (1 * pw (-1))) as [H2|H2].
{ apply Rle_trans with (1 := at_log1p_error_2 t (conj (Rlt_le _ _ H1) H2)). simpl in *; nra. }
destruct (Rle_or_lt t (5 * pw (-3))) as [H3|H3].
{ apply Rle_trans with (1 := at_log1p_error_3 t (conj (Rlt_le _ _ H2) H3)). simpl in *; nra. }
{ apply Rle_trans with (1 := at_log1p_error_4 t (conj (Rlt_le _ _ H3) (proj2 Ht))).
  simpl in *; nra. }
Qed.

(* ---- range ---- *)

Theorem at_log1p_range t : fmt t -> 0 <= t <= 1 -> 0 <= at_log1p t <= 45 * pw (-6).
Proof.
intros Ft Ht. assert (E := at_log1p_error t Ft Ht). assert (L := ln_positive t (proj1 Ht)).
assert (U : ln (1 + t) <= ln 2) by (apply ln_le; lra).
assert (U2 : ln 2 <= 0.7) by interval. apply Rabs_le_inv in E. simpl in *. split; lra.
Qed.

(* ---- no operation overflows ---- *)

Theorem at_log1p_no_overflow t : 0 <= t <= 1 -> at_log1p_safe t.
Proof.
intros Ht.
assert (Dr : 2 <= add 2 t <= 3) by (unfold add; gappa).
assert (Sr : 0 <= at_log1p_s t <= 1 * pw (-1)).
{ unfold at_log1p_s, div. split; [apply rnd_ge_0; apply Rmult_le_pos; [lra|]|].
  - left. apply Rinv_0_lt_compat. lra.
  - rewrite Rmult_1_l. apply rnd_le_fmt; [apply fmt_bpow; lia|].
    apply Rmult_le_reg_r with (add 2 t); [lra|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. simpl. lra. }
unfold at_log1p_safe. fold (at_log1p_s t). set (s := at_log1p_s t) in *. cbv zeta.
assert (Zr : 0 <= mul s s <= 1 * pw (-2)) by (unfold mul; gappa).
set (z := mul s s) in *. clearbody z s.
assert (Pr : 0 <= at_log1p_p z <= 2) by (unfold at_log1p_p, add, mul; log1p_constants; gappa).
repeat match goal with |- _ /\ _ => split end; try exact I; try (apply Rgt_not_eq; lra).
all: try (apply fits_small; apply Rabs_le; lra).
all: try (clear - Zr; unfold fits, largest, add, mul; log1p_constants; gappa).
all: fold (at_log1p_p z); set (p := at_log1p_p z) in *; clearbody p.
all: unfold fits, largest, sub, mul; gappa.
Qed.
