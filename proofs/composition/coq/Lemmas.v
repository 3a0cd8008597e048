(* SPDX-License-Identifier: Apache-2.0

   The lemmas that specs/*.h admit, proved.

   Main results: one theorem for each `admit lemma coq_...`, of the same name.
   Assumptions: none beyond the statements, which are generated from the annotations (Specs.v). *)
From Coq Require Import Reals Lra Lia.
From Interval Require Import Tactic.
Require Export Specs.
Open Scope R_scope.

(* ---- exp ---- *)

Lemma exp_le x y : x <= y -> exp x <= exp y.
Proof. intros [H| ->]; [left; now apply exp_increasing | lra]. Qed.

Lemma exp_unit x : x <= 0 -> 0 < exp x <= 1.
Proof. intros H. split; [apply exp_pos|]. rewrite <- exp_0. now apply exp_le. Qed.

(* exp (-708) against the floor of at_exp *)
Lemma exp_lowest x : x <= -708 -> exp x <= 3 / 4 / 2 ^ 1021.
Proof.
intros H. apply Rle_trans with (exp (-708)); [now apply exp_le|].
assert (A : exp (-708) * 2 ^ 1021 <= 3 / 4) by interval with (i_prec 60).
apply Rmult_le_reg_r with (2 ^ 1021); [apply pow_lt; lra|].
replace (3 / 4 / 2 ^ 1021 * 2 ^ 1021) with (3 / 4); [exact A|]. field.
Qed.

(* g exp (-g) is at most 1 / e *)
Lemma exp_hump x : x <= 0 -> - x * exp x <= 37 / 100.
Proof.
intros H. assert (A := exp_ineq1_le (- x - 1)).
assert (B : exp (- x - 1) * exp x = exp (- (1))) by (rewrite <- exp_plus; f_equal; ring).
assert (C : exp (- (1)) <= 37 / 100) by interval with (i_prec 30).
assert (P := exp_pos x). nra.
Qed.

(* exp l - 1 for small l *)
Lemma exp_small l : 0 <= l <= / 2 ^ 42 -> exp l - 1 <= (1 + / 2 ^ 41) * l.
Proof.
intros [L U]. assert (A := exp_ineq1_le (- l)). rewrite exp_Ropp in A.
assert (P := exp_pos l). assert (B : exp l * (1 - l) <= 1).
{ apply Rmult_le_reg_l with (/ exp l); [now apply Rinv_0_lt_compat|].
  rewrite <- Rmult_assoc, Rinv_l by lra. lra. }
assert (C : exp l <= 1 + 2 * l) by nra. nra.
Qed.

Lemma exp_near d x l : Rabs (d - x) <= l -> l <= / 2 ^ 42 ->
  Rabs (exp d - exp x) <= (1 + / 2 ^ 41) * l * exp x.
Proof.
intros H L. assert (P := exp_pos x). assert (Q : 0 <= l) by (assert (Z := Rabs_pos (d - x)); lra).
replace (exp d) with (exp x * exp (d - x)) by (rewrite <- exp_plus; f_equal; ring).
replace (exp x * exp (d - x) - exp x) with ((exp (d - x) - 1) * exp x) by ring.
rewrite Rabs_mult, (Rabs_pos_eq (exp x)) by lra. apply Rmult_le_compat_r; [lra|].
assert (S := exp_small l (conj Q L)). assert (D := Rle_abs (d - x)). assert (E := Rle_abs (- (d - x))).
rewrite Rabs_Ropp in E. apply Rabs_le. split.
- assert (A := exp_ineq1_le (d - x)). nra.
- assert (A : exp (d - x) <= exp l) by (apply exp_le; lra). lra.
Qed.

Theorem coq_exponential : coq_exponential_statement.
Proof.
intros E d x (X & D & R & Low & Near & Clamp). unfold at_rounded in R.
rewrite (Rabs_left1 x) in R by lra. split; [exact X|]. split.
- intros W. specialize (Near (Low W)).
  assert (G := exp_near d x _ R ltac:(lra)). assert (P := exp_pos x).
  set (l := 1 / 2 ^ 53 * - x + 1 / 2 ^ 1074) in *.
  assert (L : 0 <= l <= / 2 ^ 43) by (unfold l; lra).
  assert (Ed : exp d <= (1 + (1 + / 2 ^ 41) * l) * exp x).
  { assert (A := Rle_abs (exp d - exp x)). lra. }
  replace (E - exp x) with ((E - exp d) + (exp d - exp x)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _).
  apply Rle_trans with ((1 / 2 ^ 52 * (1 + (1 + / 2 ^ 41) * l) + (1 + / 2 ^ 41) * l) * exp x).
  + assert (1 / 2 ^ 52 * exp d <= 1 / 2 ^ 52 * ((1 + (1 + / 2 ^ 41) * l) * exp x))
      by (apply Rmult_le_compat_l; lra). lra.
  + apply Rmult_le_compat_r; [lra|]. unfold l. lra.
- intros W. assert (F := exp_lowest x ltac:(lra)). destruct (Rle_or_lt (-708) d) as [H|H].
  + specialize (Near H). assert (K : d <= -708 + / 2 ^ 40) by (assert (A := Rle_abs (d - x)); lra).
    assert (B : exp d <= 4 / 5 / 2 ^ 1021).
    { assert (A : exp (-708 + / 2 ^ 40) * 2 ^ 1021 <= 4 / 5) by interval with (i_prec 60).
      apply Rle_trans with (exp (-708 + / 2 ^ 40)); [now apply exp_le|].
      apply Rmult_le_reg_r with (2 ^ 1021); [apply pow_lt; lra|].
      replace (4 / 5 / 2 ^ 1021 * 2 ^ 1021) with (4 / 5); [exact A|]. field. }
    assert (A := exp_pos d). assert (C := Rle_abs (E - exp d)). assert (C' := Rle_abs (- (E - exp d))).
    rewrite Rabs_Ropp in C'. split; lra.
  + specialize (Clamp H). assert (A := exp_lowest d ltac:(lra)). assert (B := exp_pos d). split; lra.
Qed.

(* An exponential and the exact one, with an error that does not need x. *)
Lemma exponential_close E x : at_exponential_near E x ->
  Rabs (E - exp x) <= 1048577 / 2 ^ 73 * (2 * exp x + 371 / 1000) /\ 0 <= E.
Proof.
intros (X & Near & Far). assert (U := exp_unit x X). assert (G := exp_hump x X).
destruct (Rle_or_lt (-708) x) as [H|H].
- specialize (Near H). split.
  + apply Rle_trans with (1 := Near).
    replace (1048577 / 2 ^ 73 * (2 - x) * exp x) with
      (1048577 / 2 ^ 73 * (2 * exp x + - x * exp x)) by ring.
    apply Rmult_le_compat_l; lra.
  + assert (A := Rle_abs (- (E - exp x))). rewrite Rabs_Ropp in A.
    assert (1048577 / 2 ^ 73 * (2 - x) * exp x <= 1 * exp x) by (apply Rmult_le_compat_r; lra). lra.
- specialize (Far H). assert (F := exp_lowest x ltac:(lra)). split; [|lra].
  apply Rabs_le. lra.
Qed.

Theorem coq_divisor : coq_divisor_statement.
Proof.
intros s Z E x r i (I & ((I0 & I1) & (Z0 & Z1) & N) & X & R).
destruct (exponential_close E x X) as [C P]. destruct X as [X _]. assert (U := exp_unit x X).
set (e := exp x) in *. unfold at_rounded in R.
assert (IZ : 0 <= i * Z <= 64 * 64) by (split; [apply Rmult_le_pos | apply Rmult_le_compat]; lra).
assert (Ie : 0 <= i * e) by (apply Rmult_le_pos; lra).
replace ((i + 2) * Z) with (i * Z + 2 * Z) in N by ring.
assert (B : Rabs (s + E) <= Z + e + / 2 ^ 30).
{ replace (s + E) with ((s - Z) + ((E - e) + (Z + e))) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _).
  apply Rle_trans with (Rabs (s - Z) + (Rabs (E - e) + Rabs (Z + e)));
    [apply Rplus_le_compat_l, Rabs_triang|]. rewrite (Rabs_pos_eq (Z + e)) by lra.
  lra. }
split; [lra|]. split; [lra|]. assert (t := Rabs_pos (s - Z)).
replace (r - (Z + e)) with ((r - (s + E)) + ((s - Z) + (E - e))) by ring.
apply Rle_trans with (1 := Rabs_triang _ _).
apply Rle_trans with (Rabs (r - (s + E)) + (Rabs (s - Z) + Rabs (E - e)));
  [apply Rplus_le_compat_l, Rabs_triang|]. lra.
Qed.

Theorem coq_weight : coq_weight_statement.
Proof.
intros w E x s S Z n (N & Z1 & ((N0 & N1) & (Z0 & ZN) & D) & X & S1 & S2 & R).
destruct (exponential_close E x X) as [_ P]. destruct X as (X & Near & Far).
assert (U := exp_unit x X). set (e := exp x) in *. unfold at_rounded in R.
set (h := 65537 / 2 ^ 69 * (11 / 8 * n + 2)).
assert (H : 0 <= h <= / 2 ^ 40) by (unfold h; lra).
assert (SZ : Rabs (S - Z) <= h * Z /\ 1 <= S).
{ assert (A : Rabs (s - Z) <= h * Z).
  { apply Rle_trans with (1 := D). unfold h. nra. }
  assert (A' := Rle_abs (- (s - Z))). rewrite Rabs_Ropp in A'.
  assert (0 <= h * Z) by nra.
  destruct (Rlt_or_le s 1) as [L|L].
  - rewrite (S1 L). split; [|lra]. apply Rabs_le. lra.
  - rewrite (S2 L). split; lra. }
destruct SZ as [SZ S0].
assert (SZ1 := Rle_abs (S - Z)). assert (SZ2 := Rle_abs (- (S - Z))). rewrite Rabs_Ropp in SZ2.
assert (q1 : 0 < e / Z <= e).
{ split; [apply Rdiv_lt_0_compat; lra|]. apply Rmult_le_reg_r with Z; [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra. }
assert (ES : 0 <= E / S <= E).
{ split; [apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]|].
  apply Rmult_le_reg_r with S; [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra. }
rewrite (Rabs_pos_eq (E / S)) in R by lra.
split; intros L.
- specialize (Near L). set (b := 1048577 / 2 ^ 73 * (2 - x)) in *.
  assert (b0 : 0 <= b <= / 2 ^ 40) by (unfold b; lra).
  set (k := Z / S). assert (k0 : 0 < k) by (apply Rdiv_lt_0_compat; lra).
  assert (kS : k * S = Z) by (unfold k; field; lra).
  assert (k1 : k <= 1 + / 2 ^ 30) by nra.
  assert (kd : Rabs (1 - k) <= h * k).
  { replace (1 - k) with ((S - Z) * / S) by (unfold k; field; lra).
    rewrite Rabs_mult, (Rabs_pos_eq (/ S)) by (left; apply Rinv_0_lt_compat; lra).
    unfold k, Rdiv. rewrite <- Rmult_assoc. apply Rmult_le_compat_r; auto.
    left. apply Rinv_0_lt_compat; lra. }
  set (q := e / Z) in *. assert (qZ : q * Z = e) by (unfold q; field; lra).
  assert (A : Rabs (E / S - q) <= (b + h) * (k * q)).
  { replace (E / S - q) with ((E - e) * / S + - q * (1 - k)) by (unfold k, q; field; lra).
    apply Rle_trans with (1 := Rabs_triang _ _). rewrite !Rabs_mult, Rabs_Ropp.
    rewrite (Rabs_pos_eq (/ S)) by (left; apply Rinv_0_lt_compat; lra). rewrite (Rabs_pos_eq q) by lra.
    replace ((b + h) * (k * q)) with (b * e * / S + q * (h * k)) by (unfold k, q; field; lra).
    apply Rplus_le_compat.
    - apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra | exact Near].
    - apply Rmult_le_compat_l; lra. }
  assert (A1 := Rle_abs (E / S - q)).
  replace (w - q) with ((w - E / S) + (E / S - q)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _).
  apply Rle_trans with ((1 / 2 ^ 53 + (1 + 1 / 2 ^ 53) * (b + h) * k) * q + 1 / 2 ^ 1074); [lra|].
  apply Rplus_le_compat_r, Rmult_le_compat_r; [lra|].
  assert ((b + h) * k <= (b + h) * (1 + / 2 ^ 30)) by (apply Rmult_le_compat_l; lra).
  apply Rle_trans with (1 / 2 ^ 53 + (1 + 1 / 2 ^ 53) * ((b + h) * (1 + / 2 ^ 30))); [lra|].
  unfold b, h. lra.
- specialize (Far L). assert (F := exp_lowest x ltac:(lra)). fold e in F.
  assert (A := Rle_abs (w - E / S)). assert (B := Rle_abs (- (w - E / S))).
  rewrite Rabs_Ropp in B. apply Rabs_le. split; lra.
Qed.

Theorem coq_shift : coq_shift_statement.
Proof.
intros Z Y m z x [S ->]. unfold at_shifted in *. rewrite Rmult_plus_distr_r, S, <- exp_plus.
do 2 f_equal. ring.
Qed.

Theorem coq_shift_quotient : coq_shift_quotient_statement.
Proof.
intros Z Y m z x (S & -> & H). unfold at_shifted in S. rewrite <- S.
replace (exp z) with (exp (z - m) * exp m) by (rewrite <- exp_plus; f_equal; ring).
assert (P := exp_pos m). field. lra.
Qed.

(* ---- logistic functions ---- *)

Theorem coq_loss : coq_loss_statement.
Proof.
intros r x z (-> & N & C). unfold at_loss_near, at_logistic_loss. split; intros H.
- apply Rle_trans with (1 := N ltac:(lra)). lra.
- apply Rle_trans with (1 := C ltac:(lra)). lra.
Qed.

Theorem coq_slope : coq_slope_statement.
Proof.
intros r x z (-> & N & C). unfold at_slope_near, at_logistic_slope. rewrite Ropp_involutive in N, C.
assert (P := exp_pos z). replace (-1 / (1 + exp z)) with (- (1 / (1 + exp z))) by (field; lra).
assert (Q : 0 < 1 / (1 + exp z)) by (apply Rdiv_lt_0_compat; lra).
replace (- r - - (1 / (1 + exp z))) with (- (r - 1 / (1 + exp z))) by ring.
rewrite !Rabs_Ropp, (Rabs_pos_eq (1 / (1 + exp z))) by lra.
split; intros H; [apply Rle_trans with (1 := N ltac:(lra)) | apply Rle_trans with (1 := C ltac:(lra))]; lra.
Qed.

(* The slope is at most one; its computed value has a relative and an absolute error. *)
Lemma slope_close r z : at_slope_near r z ->
  Rabs (r - at_logistic_slope z) <=
    1 / 2 ^ 51 * Rabs (at_logistic_slope z) + 1 / 2 ^ 1021 /\ Rabs (at_logistic_slope z) <= 1.
Proof.
intros [N C]. assert (P := exp_pos z).
assert (Q : 0 < 1 / (1 + exp z) <= 1).
{ split; [apply Rdiv_lt_0_compat; lra|]. apply Rmult_le_reg_r with (1 + exp z); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
assert (A : Rabs (at_logistic_slope z) <= 1).
{ unfold at_logistic_slope. replace (-1 / (1 + exp z)) with (- (1 / (1 + exp z))) by (field; lra).
  rewrite Rabs_Ropp, Rabs_pos_eq; lra. }
split; [|exact A]. assert (B := Rabs_pos (at_logistic_slope z)).
destruct (Rle_or_lt z 708) as [H|H]; [specialize (N H) | specialize (C H)]; lra.
Qed.

Theorem coq_value : coq_value_statement.
Proof.
intros c s y f w ([Y S] & [W0 W1] & R). destruct (slope_close _ _ S) as [N L].
unfold at_value_coefficient, at_value_near, at_rounded in *. set (l := at_logistic_slope (y * f)) in *.
assert (Ys : Rabs y = 1).
{ destruct Y as [-> | ->]; [apply Rabs_R1 | rewrite Rabs_left; lra]. }
assert (D : Rabs (s - y * l) <= 1 / 2 ^ 51 * Rabs l + 1 / 2 ^ 1021).
{ replace (s - y * l) with (y * (y * s - l)) by (destruct Y as [-> | ->]; ring).
  rewrite Rabs_mult, Ys. lra. }
assert (V : Rabs (y * l * w) = Rabs l * w).
{ rewrite !Rabs_mult, Ys, (Rabs_pos_eq w) by lra. ring. }
assert (E : Rabs (s * w - y * l * w) <= (1 / 2 ^ 51 * Rabs l + 1 / 2 ^ 1021) * w).
{ replace (s * w - y * l * w) with ((s - y * l) * w) by ring.
  rewrite Rabs_mult, (Rabs_pos_eq w) by lra. now apply Rmult_le_compat_r. }
assert (P := Rabs_pos l). assert (T := Rabs_triang (s * w - y * l * w) (y * l * w)).
replace (s * w - y * l * w + y * l * w) with (s * w) in T by ring.
replace (c - y * l * w) with ((c - s * w) + (s * w - y * l * w)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _). rewrite V in *. 
assert (0 <= Rabs l * w) by (apply Rmult_le_pos; lra).
replace ((1 / 2 ^ 51 * Rabs l + 1 / 2 ^ 1021) * w) with
  (1 / 2 ^ 51 * (Rabs l * w) + 1 / 2 ^ 1021 * w) in E by ring.
assert (1 / 2 ^ 1021 * w <= 1 / 2 ^ 1021 * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Theorem coq_two_factors : coq_two_factors_statement.
Proof.
intros b c e d (C & D & B). unfold at_factors_near, at_rounded in *.
assert (P := Rabs_pos e). assert (Q := Rabs_pos c).
assert (E : Rabs (c * d - c * e) <= 1 / 2 ^ 53 * Rabs (c * e) + 1 / 2 ^ 1074).
{ rewrite <- Rmult_minus_distr_l, !Rabs_mult.
  assert (Rabs c * Rabs (d - e) <= Rabs c * (1 / 2 ^ 53 * Rabs e + 1 / 2 ^ 1074))
    by (apply Rmult_le_compat_l; lra).
  assert (Rabs c * (1 / 2 ^ 1074) <= 1 * (1 / 2 ^ 1074)) by (apply Rmult_le_compat_r; lra). lra. }
assert (T := Rabs_triang (c * d - c * e) (c * e)).
replace (c * d - c * e + c * e) with (c * d) in T by ring.
replace (b - c * e) with ((b - c * d) + (c * d - c * e)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _). assert (Z := Rabs_pos (c * e)). lra.
Qed.

Theorem coq_score : coq_score_statement.
Proof.
intros b c v e [V F]. unfold at_value_near, at_factors_near, at_score_near in *.
assert (P := Rabs_pos e). assert (Q := Rabs_pos v).
assert (E : Rabs (c * e - v * e) <= (20971521 / 2 ^ 75 * Rabs v + 16777217 / 2 ^ 1045) * Rabs e).
{ rewrite <- Rmult_minus_distr_r, Rabs_mult. now apply Rmult_le_compat_r. }
replace ((20971521 / 2 ^ 75 * Rabs v + 16777217 / 2 ^ 1045) * Rabs e) with
  (20971521 / 2 ^ 75 * Rabs (v * e) + 16777217 / 2 ^ 1045 * Rabs e) in E
  by (rewrite Rabs_mult; ring).
assert (T := Rabs_triang (c * e - v * e) (v * e)).
replace (c * e - v * e + v * e) with (c * e) in T by ring.
replace (b - v * e) with ((b - c * e) + (c * e - v * e)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _). assert (Z := Rabs_pos (v * e)). lra.
Qed.

(* ---- the mean loss ---- *)

Lemma loss_positive z : 0 < at_logistic_loss z.
Proof. unfold at_logistic_loss. rewrite <- ln_1. apply ln_increasing; assert (P := exp_pos (- z)); lra. Qed.

Theorem coq_losses : coq_losses_statement.
Proof.
intros s L t z r i (I & ((I0 & I1) & S0 & L0 & N) & [T1 T2] & R0 & R). assert (P := loss_positive z).
set (l := at_logistic_loss z) in *.
assert (T : Rabs (t - l) <= 5 / 2 ^ 53 * l + 1 / 2 ^ 1021).
{ destruct (Rle_or_lt z 708) as [H|H]; [specialize (T1 H) | specialize (T2 H)]; lra. }
unfold at_rounded in R. unfold at_losses_near.
assert (Il : 0 <= i * l) by (apply Rmult_le_pos; lra).
assert (IL : 0 <= i * L) by (apply Rmult_le_pos; lra).
assert (IL' : i * L <= 4095 * L) by (apply Rmult_le_compat_r; lra).
replace (4097 / 2 ^ 65 * (i + 5) * L) with (4097 / 2 ^ 65 * (i * L + 5 * L)) in N by ring.
assert (A : Rabs (s + t) <= L + l + (Rabs (s - L) + Rabs (t - l))).
{ replace (s + t) with ((L + l) + ((s - L) + (t - l))) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). rewrite (Rabs_pos_eq (L + l)) by lra.
  apply Rplus_le_compat_l, Rabs_triang. }
split; [lra|]. split; [lra|]. split; [lra|].
replace (r - (L + l)) with ((r - (s + t)) + ((s - L) + (t - l))) by ring.
apply Rle_trans with (1 := Rabs_triang _ _).
apply Rle_trans with (Rabs (r - (s + t)) + (Rabs (s - L) + Rabs (t - l)));
  [apply Rplus_le_compat_l, Rabs_triang|].
replace (4097 / 2 ^ 65 * (i + 1 + 5) * (L + l)) with
  (4097 / 2 ^ 65 * (i * L + i * l + 6 * L + 6 * l)) by ring. lra.
Qed.

(* The number m by which the sum is divided need not be n: only n <= 4096 m is used. *)
Theorem coq_mean : coq_mean_statement.
Proof.
intros r s L m n (M1 & N & ((I0 & I1) & S0 & L0 & E) & R). unfold at_rounded, at_mean_near in *.
assert (V : 0 < / m <= 1).
{ split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
assert (NM : n * / m <= 4096).
{ apply Rmult_le_reg_r with m; [lra|]. rewrite Rmult_assoc, Rinv_l; lra. }
set (l := L / m). assert (l0 : 0 <= l) by (apply Rmult_le_pos; lra).
assert (A : Rabs (s / m - l) <= 4097 / 2 ^ 65 * (n + 5) * l + 4096 * (4097 / 2 ^ 1033)).
{ replace (s / m - l) with ((s - L) * / m) by (unfold l; field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ m)) by lra.
  apply Rle_trans with ((4097 / 2 ^ 65 * (n + 5) * L + n * (4097 / 2 ^ 1033)) * / m);
    [apply Rmult_le_compat_r; lra|].
  replace ((4097 / 2 ^ 65 * (n + 5) * L + n * (4097 / 2 ^ 1033)) * / m) with
    (4097 / 2 ^ 65 * (n + 5) * l + n * / m * (4097 / 2 ^ 1033)) by (unfold l; field; lra).
  apply Rplus_le_compat_l, Rmult_le_compat_r; lra. }
assert (nl : 0 <= n * l <= 4096 * l) by (split; [apply Rmult_le_pos | apply Rmult_le_compat_r]; lra).
assert (B : Rabs (s / m) <= l + Rabs (s / m - l)).
{ replace (s / m) with (l + (s / m - l)) at 1 by ring. apply Rle_trans with (1 := Rabs_triang _ _).
  rewrite (Rabs_pos_eq l) by lra. lra. }
replace (r - l) with ((r - s / m) + (s / m - l)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _).
replace (4097 / 2 ^ 65 * (n + 5) * l) with (4097 / 2 ^ 65 * (n * l + 5 * l)) in A by ring.
replace (4097 / 2 ^ 65 * (n + 6) * l) with (4097 / 2 ^ 65 * (n * l + 6 * l)) by ring. lra.
Qed.
