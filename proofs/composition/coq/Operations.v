(* SPDX-License-Identifier: Apache-2.0

   From single operations to the contracts of at_softmax_row, at_pool_coefficients and
   at_single_head_loss, with the constants of Kernel.v.

   Main results: softmax_contract, coefficients_contract, loss_contract.
   Assumptions: each record says what the C text of one function does, one field for each of its
   operations: every sum, product and quotient satisfies at_rounded (specs/summation.h), and at_exp,
   at_sigmoid and at_softplus satisfy their clauses coq_error and coq_clamp, which
   proofs/elementary proves.  That the C text does this is read off it, not proved here. *)
From Coq Require Import Reals Arith Lra Lia.
Require Import Sums Model Contracts Softmax Logistic Kernel.
Open Scope R_scope.

(* ---- errors relative and absolute ---- *)

Definition approx (r a x y : R) : Prop := Rabs (x - y) <= r * Rabs y + a.

(* at_rounded of specs/summation.h *)
Definition rounded (x y : R) : Prop := approx unit tiny x y.

Lemma approx_trans r a s b x y z : 0 <= r -> approx r a x y -> approx s b y z ->
  approx ((1 + r) * (1 + s) - 1) ((1 + r) * b + a) x z.
Proof.
unfold approx. intros R H G. assert (Y : Rabs y <= (1 + s) * Rabs z + b).
{ replace y with ((y - z) + z) by ring. apply Rle_trans with (1 := Rabs_triang _ _). lra. }
replace (x - z) with ((x - y) + (y - z)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _).
assert (r * Rabs y <= r * ((1 + s) * Rabs z + b)) by now apply Rmult_le_compat_l. lra.
Qed.

Lemma approx_scale r a c x y : approx r a x y -> approx r (a * Rabs c) (x * c) (y * c).
Proof.
unfold approx. intros H. rewrite <- Rmult_minus_distr_r, !Rabs_mult.
assert (P := Rabs_pos c). assert (Rabs (x - y) * Rabs c <= (r * Rabs y + a) * Rabs c)
  by now apply Rmult_le_compat_r. lra.
Qed.

Lemma approx_weaken r a r' a' x y : r <= r' -> a <= a' -> approx r a x y -> approx r' a' x y.
Proof.
unfold approx. intros R A H. assert (P := Rabs_pos y).
assert (r * Rabs y <= r' * Rabs y) by now apply Rmult_le_compat_r. lra.
Qed.

(* ---- a sum in natural order ---- *)

Record ordered_sum (sums terms : nat -> R) (n : nat) : Prop := {
  from_zero : sums O = 0;
  additions : forall k, (k < n)%nat -> rounded (sums (S k)) (sums k + terms k)
}.

Lemma ordered_sum_error sums terms n : ordered_sum sums terms n ->
  Rabs (sums n - total n terms) <=
  (growth n - 1) * total n (fun k => Rabs (terms k)) + INR n * tiny * growth n.
Proof.
intros [Z H]. assert (U := unit_small). assert (Y := tiny_small).
induction n as [|n IH].
- rewrite Z. unfold growth. simpl. rewrite Rminus_0_r, Rabs_R0. lra.
- specialize (IH (fun k K => H k ltac:(lia))). specialize (H n ltac:(lia)). unfold rounded in H.
  cbn [total]. rewrite growth_next, S_INR. set (M := total n (fun k => Rabs (terms k))) in *.
  set (g := growth n) in *. set (e := Rabs (sums n - total n terms)) in *.
  set (t := terms n) in *.
  assert (A : Rabs (total n terms) <= M) by apply total_abs.
  assert (B : Rabs (sums n + t) <= e + (M + Rabs t)).
  { replace (sums n + t) with ((sums n - total n terms) + (total n terms + t)) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _). apply Rplus_le_compat_l.
    apply Rle_trans with (1 := Rabs_triang _ _). lra. }
  replace (sums (S n) - (total n terms + t)) with
    ((sums (S n) - (sums n + t)) + (sums n - total n terms)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). fold e. unfold approx in H.
  assert (G : 1 <= g) by apply growth_at_least_one.
  assert (P := Rabs_pos t). assert (N := pos_INR n).
  assert (unit * Rabs (sums n + t) <= unit * (e + (M + Rabs t))) by (apply Rmult_le_compat_l; lra).
  assert ((1 + unit) * e <= (1 + unit) * ((g - 1) * M + INR n * tiny * g))
    by (apply Rmult_le_compat_l; lra).
  assert (0 <= (1 + unit) * (g - 1) * Rabs t) by (repeat apply Rmult_le_pos; lra).
  assert (tiny <= tiny * ((1 + unit) * g)).
  { rewrite <- (Rmult_1_r tiny) at 1. apply Rmult_le_compat_l; nra. }
  lra.
Qed.

(* ---- at_softmax_row ---- *)

(* d: shifted scores, E: exponentials, sums: their partial sums, top: the token of the shift. *)
Record softmax_operations (T : nat) (w z d E sums : nat -> R) (top : nat) : Prop := {
  largest : (top < T)%nat /\ forall t, (t < T)%nat -> z t <= z top;
  shifts : d top = 0 /\ forall t, (t < T)%nat -> d t <= 0 /\ rounded (d t) (z t - z top);
  exponentials : forall t, (t < T)%nat -> 0 <= E t /\
    (- 708 <= d t -> Rabs (E t - exp (d t)) <= exp_relative * exp (d t)) /\
    (d t < - 708 -> exp (d t) <= E t <= exp (d t) + floor);
  one : d top = 0 -> E top = 1;
  divisor : ordered_sum sums E T;
  shares : forall t, (t < T)%nat -> 0 <= w t <= 1 /\ rounded (w t) (E t / Rmax (sums T) 1)
}.

Lemma highest_reached T z top : (top < T)%nat -> (forall t, (t < T)%nat -> z t <= z top) ->
  highest T z = z top.
Proof.
intros L H. apply Rle_antisym; [|now apply highest_above].
assert (B : forall n, (1 <= n <= T)%nat -> highest n z <= z top).
{ induction n as [|n IH]; intros N; [lia|]. simpl. apply Rmax_lub; [|apply H; lia].
  destruct n as [|n]; [simpl; apply H; lia | apply IH; lia]. }
apply B. lia.
Qed.

Lemma exp_le x y : x <= y -> exp x <= exp y.
Proof. intros [H| ->]; [left; now apply exp_increasing | lra]. Qed.

(* One exponential against exp (z - max). *)
Lemma exponential_error T w z d E sums top t : softmax_operations T w z d E sums top ->
  (t < T)%nat ->
  Rabs (E t - exp (z t - z top)) <=
  exponential_relative T z t * exp (z t - z top) + exponential_absolute.
Proof.
intros O H. destruct (largest _ _ _ _ _ _ _ O) as [L Top]. specialize (Top t H).
destruct (shifts _ _ _ _ _ _ _ O) as [_ D]. destruct (D t H) as [Dn Dr].
destruct (exponentials _ _ _ _ _ _ _ O t H) as [En [Er Ec]].
assert (B := exponential_range T z t H). assert (F := floor_small). assert (U := unit_small).
assert (Y := tiny_small). unfold rounded, approx in Dr.
rewrite (Rabs_left1 (z t - z top)) in Dr by lra.
assert (Q := exp_pos (z t - z top)). assert (P := exp_pos (-708)). unfold exponential_absolute.
destruct (Rle_or_lt (z top - z t) 710) as [S|S].
- unfold exponential_relative.
  rewrite (highest_reached T z top L (proj2 (largest _ _ _ _ _ _ _ O))).
  rewrite Rmin_left by auto. set (l := unit * (z top - z t) + tiny) in *.
  assert (C : Rabs (exp (d t) - exp (z t - z top)) <= exp (z t - z top) * (exp l - 1)).
  { replace (exp (d t)) with (exp (z t - z top) * exp (d t - (z t - z top)))
      by (rewrite <- exp_plus; f_equal; ring).
    replace (exp (z t - z top) * exp (d t - (z t - z top)) - exp (z t - z top)) with
      (exp (z t - z top) * (exp (d t - (z t - z top)) - 1)) by ring.
    rewrite Rabs_mult, (Rabs_pos_eq (exp (z t - z top))) by lra.
    apply Rmult_le_compat_l; [lra|]. apply exp_close. unfold l. lra. }
  assert (G : Rabs (E t - exp (d t)) <= exp_relative * exp (d t) + floor).
  { assert (X := exp_pos (d t)). assert (0 <= exp_relative * exp (d t))
      by (apply Rmult_le_pos; unfold exp_relative; lra).
    destruct (Rle_or_lt (-708) (d t)) as [W|W]; [specialize (Er W); lra|].
    specialize (Ec W). rewrite Rabs_pos_eq; lra. }
  assert (X : exp (d t) <= exp (z t - z top) * exp l) by (apply within in C; lra).
  assert (exp_relative * exp (d t) <= exp_relative * (exp (z t - z top) * exp l))
    by (apply Rmult_le_compat_l; [unfold exp_relative; lra | auto]).
  replace (E t - exp (z t - z top)) with ((E t - exp (d t)) + (exp (d t) - exp (z t - z top)))
    by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). lra.
- apply within in Dr. assert (W : d t < -708) by nra. specialize (Ec W).
  assert (A : exp (d t) <= exp (-708)) by (apply exp_le; lra).
  assert (C : exp (z t - z top) <= exp (-708)) by (apply exp_le; lra).
  assert (0 <= exponential_relative T z t * exp (z t - z top)) by (apply Rmult_le_pos; lra).
  apply Rabs_le. lra.
Qed.

(* The divisor against the exact sum. *)
Lemma divisor_error T w z d E sums top : softmax_operations T w z d E sums top ->
  let Z := total T (fun s => exp (z s - z top)) in
  Rabs (Rmax (sums T) 1 - Z) <= divisor_relative T z * Z.
Proof.
intros O Z. destruct (largest _ _ _ _ _ _ _ O) as [L Top].
assert (N := ordered_sum_error _ _ _ (divisor _ _ _ _ _ _ _ O)).
assert (Z1 := shifted_total T z top L). fold Z in Z1.
assert (pos : forall t, (t < T)%nat -> 0 <= E t) by (intros; now apply (exponentials _ _ _ _ _ _ _ O)).
rewrite (total_ext T (fun k => Rabs (E k)) E) in N by (intros; apply Rabs_pos_eq; auto).
set (M := total T E) in *.
assert (M1 : 1 <= M).
{ rewrite <- (one _ _ _ _ _ _ _ O) by apply (shifts _ _ _ _ _ _ _ O). now apply term_le_total. }
set (a := exponential_absolute). set (b := exponential_relative T z).
set (m := total T (fun s => softmax T z s * b s)).
assert (C : Rabs (M - Z) <= Z * m + INR T * a).
{ apply Rle_trans with (total T (fun s => b s * exp (z s - z top) + a)).
  - apply total_close. intros s S. now apply exponential_error with (1 := O).
  - rewrite total_plus. right. f_equal.
    + unfold m. rewrite <- total_scale. apply total_ext. intros s S.
      rewrite <- (softmax_shift T z (z top) s S). fold Z. ring.
    + clear. induction T as [|T IH]; simpl total; [simpl; lra|]. rewrite IH, S_INR. ring. }
assert (X : Rabs (Rmax (sums T) 1 - M) <= Rabs (sums T - M)).
{ unfold Rmax. destruct Rle_dec; [|lra]. rewrite Rabs_left1, Rabs_left1; lra. }
assert (G := growth_at_least_one T). set (g := growth T) in *.
assert (A : 0 <= INR T * (a + tiny)).
{ apply Rmult_le_pos; [apply pos_INR|]. assert (F := floor_small). assert (Y := tiny_small).
  assert (P := exp_pos (-708)). unfold a, exponential_absolute. lra. }
replace (Rmax (sums T) 1 - Z) with ((Rmax (sums T) 1 - M) + (M - Z)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _). unfold divisor_relative. fold a b m g.
assert (U : M <= Z + (Z * m + INR T * a)) by (apply within in C; lra).
assert ((g - 1) * M <= (g - 1) * (Z + (Z * m + INR T * a))) by (apply Rmult_le_compat_l; lra).
assert (g * (INR T * (a + tiny)) <= g * (INR T * (a + tiny)) * Z).
{ rewrite <- (Rmult_1_r (g * _)) at 1. apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | auto]. }
lra.
Qed.

Theorem softmax_contract D w z d E sums top : (1 <= tokens D <= 64)%nat ->
  softmax_operations (tokens D) w z d E sums top -> at_softmax_row (kernel D) w z (tokens D).
Proof.
intros Size O. destruct (largest _ _ _ _ _ _ _ O) as [L Top].
split; [intros; now apply (shares _ _ _ _ _ _ _ O)|]. exists top. split; auto. intros t H.
assert (He := exponential_error _ _ _ _ _ _ _ t O H).
assert (Hs := divisor_error _ _ _ _ _ _ _ O). cbv zeta in Hs. simpl. unfold row_relative, row_absolute.
assert (Z1 := shifted_total (tokens D) z top L).
assert (ZT : total (tokens D) (fun s => exp (z s - z top)) <= INR (tokens D)).
{ replace (INR (tokens D)) with (total (tokens D) (fun _ => 1))
    by (clear; induction (tokens D) as [|T IH]; simpl total; [reflexivity | rewrite IH, S_INR; ring]).
  apply total_le. intros s S. rewrite <- exp_0. apply exp_le. specialize (Top s S). lra. }
destruct (shares _ _ _ _ _ _ _ O t H) as [_ W]. unfold rounded, approx in W.
assert (B := exponential_range (tokens D) z t H). assert (R := divisor_range (tokens D) z Size).
assert (U := unit_small). assert (Y := tiny_small).
assert (En := proj1 (exponentials _ _ _ _ _ _ _ O t H)).
set (Z := total (tokens D) (fun s => exp (z s - z top))) in *.
set (S := Rmax (sums (tokens D)) 1) in *. set (A := exp (z t - z top)) in *.
set (b := exponential_relative (tokens D) z t) in *. set (a := exponential_absolute) in *.
set (h := divisor_relative (tokens D) z) in *.
assert (Ap : 0 < A) by apply exp_pos.
assert (ap : 0 < a).
{ assert (F := floor_small). assert (P := exp_pos (-708)). unfold a, exponential_absolute. lra. }
assert (Sp : (1 - h) * Z <= S) by (apply within in Hs; lra).
assert (S0 : 0 < S) by nra.
set (k := Z / S).
assert (k0 : 0 < k) by (apply Rdiv_lt_0_compat; lra).
assert (kb : k <= / (1 - h)).
{ apply Rmult_le_reg_r with S; auto. unfold k, Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  apply Rmult_le_reg_l with (1 - h); [lra|]. rewrite <- Rmult_assoc, Rinv_r; lra. }
assert (kd : Rabs (k - 1) <= h * k).
{ replace (k - 1) with ((S - Z) * (- / S)) by (unfold k; field; lra).
  rewrite Rabs_mult, Rabs_Ropp, (Rabs_pos_eq (/ S)) by (left; now apply Rinv_0_lt_compat).
  unfold k, Rdiv. rewrite <- Rmult_assoc. apply Rmult_le_compat_r; auto.
  left. now apply Rinv_0_lt_compat. }
rewrite (Rabs_pos_eq (E t / S)) in W
  by (apply Rmult_le_pos; [auto | left; now apply Rinv_0_lt_compat]).
assert (Wz : Rabs (w t - E t / S) * Z <= unit * (E t * k) + tiny * Z).
{ replace (unit * (E t * k) + tiny * Z) with ((unit * (E t / S) + tiny) * Z)
    by (unfold k; field; lra).
  apply Rmult_le_compat_r; lra. }
replace (w t * Z - A) with ((w t - E t / S) * Z + ((E t - A) * k + A * (k - 1)))
  by (unfold k; field; lra).
apply Rle_trans with (Rabs (w t - E t / S) * Z + (Rabs (E t - A) * k + A * Rabs (k - 1))).
{ apply Rle_trans with (1 := Rabs_triang _ _).
  rewrite Rabs_mult, (Rabs_pos_eq Z) by lra. apply Rplus_le_compat_l.
  apply Rle_trans with (1 := Rabs_triang _ _). rewrite !Rabs_mult.
  rewrite (Rabs_pos_eq k), (Rabs_pos_eq A); lra. }
assert (Ek : E t * k <= ((1 + b) * A + a) * k).
{ apply Rmult_le_compat_r; [lra|]. apply within in He. lra. }
assert (T1 : Rabs (E t - A) * k <= (b * A + a) * k) by (apply Rmult_le_compat_r; lra).
assert (T2 : A * Rabs (k - 1) <= A * (h * k)) by (apply Rmult_le_compat_l; lra).
assert (T3 : unit * (E t * k) <= unit * (((1 + b) * A + a) * k)) by (apply Rmult_le_compat_l; lra).
apply Rle_trans with
  (k * (((1 + unit) * (1 + b) - 1 + h) * A + (1 + unit) * a) + tiny * Z); [lra|].
assert (T4 : k * (((1 + unit) * (1 + b) - 1 + h) * A) <=
             / (1 - h) * (((1 + unit) * (1 + b) - 1 + h) * A)).
{ apply Rmult_le_compat_r; auto. apply Rmult_le_pos; [nra | lra]. }
assert (k2 : k <= 2).
{ apply Rle_trans with (1 := kb). rewrite <- (Rinv_inv 2). apply Rinv_le_contravar; lra. }
assert (T5 : k * ((1 + unit) * a) <= 2 * ((1 + unit) * a)).
{ apply Rmult_le_compat_r; auto. apply Rmult_le_pos; lra. }
assert (T6 : tiny * Z <= tiny * INR (tokens D)) by (apply Rmult_le_compat_l; lra).
unfold Rdiv. lra.
Qed.

(* ---- at_pool_coefficients ---- *)

(* kernel/logistic.h *)
Definition sigmoid (x : R) : R := 1 / (1 + exp (- x)).

(* s: the sigmoid of the negative margin; d: the computed deviations.  Multiplying by the label and
   changing the sign are exact. *)
Record coefficient_operations (T : nat) (b c w x : nat -> R) (f y s : R) (d : nat -> R) : Prop := {
  coefficient_label : y = 1 \/ y = -1;
  coefficient_weights : forall t, (t < T)%nat -> 0 <= w t <= 1;
  sigmoid_error : - 708 <= - (y * f) ->
    Rabs (s - sigmoid (- (y * f))) <= sigmoid_relative * sigmoid (- (y * f));
  sigmoid_clamp : - (y * f) < - 708 -> Rabs (s - sigmoid (- (y * f))) <= floor;
  value_products : forall t, (t < T)%nat -> rounded (c t) (y * - s * w t);
  deviations : forall t, (t < T)%nat -> rounded (d t) (x t - f);
  score_products : forall t, (t < T)%nat -> rounded (b t) (c t * d t)
}.

Lemma label_size y : y = 1 \/ y = -1 -> Rabs y = 1.
Proof. intros [-> | ->]; [apply Rabs_R1 | rewrite Rabs_left; lra]. Qed.

Theorem coefficients_contract D b c w x f y s d :
  coefficient_operations (tokens D) b c w x f y s d ->
  at_pool_coefficients (kernel D) b c w x f y (tokens D).
Proof.
intros O t H sl. assert (U := unit_small). assert (Y := tiny_small). assert (F := floor_small).
assert (Ly := label_size y (coefficient_label _ _ _ _ _ _ _ _ _ O)).
destruct (coefficient_weights _ _ _ _ _ _ _ _ _ O t H) as [W0 W1].
assert (Ss : sigmoid (- (y * f)) = slope (y * f)) by (unfold sigmoid; now rewrite Ropp_involutive).
assert (Sp := slope_positive (y * f)). assert (S1 := slope_at_most_one (y * f)).
assert (first : approx sigmoid_relative floor (y * - s) sl).
{ unfold approx, sl. rewrite loss_derivative_slope, Rabs_mult, Rabs_Ropp, Ly, Rmult_1_l.
  rewrite (Rabs_pos_eq (slope _)) by lra.
  replace (y * - s - y * - slope (y * f)) with (y * - (s - slope (y * f))) by ring.
  rewrite Rabs_mult, Ly, Rmult_1_l, Rabs_Ropp. rewrite <- Ss.
  assert (0 <= sigmoid_relative * sigmoid (- (y * f)))
    by (apply Rmult_le_pos; unfold sigmoid_relative; lra).
  destruct (Rle_or_lt (- 708) (- (y * f))) as [L|L].
  - assert (X := sigmoid_error _ _ _ _ _ _ _ _ _ O L). lra.
  - assert (X := sigmoid_clamp _ _ _ _ _ _ _ _ _ O L). lra. }
assert (value : approx (value_relative (kernel D)) value_floor (c t) (sl * w t)).
{ apply approx_scale with (c := w t) in first. rewrite Rabs_pos_eq in first by auto.
  assert (X := approx_trans _ _ _ _ _ _ _ (Rlt_le _ _ (proj1 U))
    (value_products _ _ _ _ _ _ _ _ _ O t H) first).
  revert X. apply approx_weaken; [simpl; lra|]. unfold value_floor.
  apply Rplus_le_compat_r, Rmult_le_compat_l; [lra|]. rewrite <- (Rmult_1_r floor) at 2.
  apply Rmult_le_compat_l; lra. }
split; [exact value|].
assert (size : Rabs (sl * w t) <= 1).
{ unfold sl. rewrite loss_derivative_slope, !Rabs_mult, Rabs_Ropp, Ly, Rmult_1_l.
  rewrite (Rabs_pos_eq (slope _)), (Rabs_pos_eq (w t)) by lra.
  rewrite <- (Rmult_1_l 1). apply Rmult_le_compat; lra. }
set (e := x t - f). assert (dev := deviations _ _ _ _ _ _ _ _ _ O t H). fold e in dev.
assert (score := score_products _ _ _ _ _ _ _ _ _ O t H).
change (value_relative (kernel D)) with ((1 + unit) * (1 + sigmoid_relative) - 1) in value.
set (r := (1 + unit) * (1 + sigmoid_relative) - 1) in *. set (a := value_floor) in *.
set (v := sl * w t) in *.
assert (r0 : 0 <= r) by (unfold r, sigmoid_relative; nra).
assert (a0 : 0 <= a) by (unfold a, value_floor; nra).
(* c d against c e, and c e against v e *)
assert (csize : Rabs (c t) <= (1 + r) * Rabs v + a).
{ replace (c t) with ((c t - v) + v) by ring. apply Rle_trans with (1 := Rabs_triang _ _).
  unfold approx in value. lra. }
unfold rounded, approx in dev, score.
assert (P := Rabs_pos e). assert (Q := Rabs_pos v). assert (C0 := Rabs_pos (c t)).
assert (cd : Rabs (c t * d t - c t * e) <= Rabs (c t) * (unit * Rabs e + tiny)).
{ rewrite <- Rmult_minus_distr_l, Rabs_mult. apply Rmult_le_compat_l; auto. }
assert (ce : Rabs (c t * e - v * e) <= (r * Rabs v + a) * Rabs e).
{ rewrite <- Rmult_minus_distr_r, Rabs_mult. apply Rmult_le_compat_r; auto. }
assert (cdc : Rabs (c t) * (unit * Rabs e + tiny) <= ((1 + r) * Rabs v + a) * (unit * Rabs e + tiny)).
{ apply Rmult_le_compat_r; auto. nra. }
assert (sum : Rabs (c t * d t - v * e) <=
  ((1 + unit) * (1 + r) - 1) * (Rabs v * Rabs e) + (1 + unit) * a * Rabs e +
  ((1 + r) * Rabs v + a) * tiny).
{ replace (c t * d t - v * e) with ((c t * d t - c t * e) + (c t * e - v * e)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). lra. }
assert (tail : ((1 + r) * Rabs v + a) * tiny <= ((1 + r) + a) * tiny).
{ apply Rmult_le_compat_r; [lra|]. apply Rplus_le_compat_r. rewrite <- (Rmult_1_r (1 + r)) at 2.
  apply Rmult_le_compat_l; lra. }
assert (cdsize : Rabs (c t * d t) <=
  (1 + unit) * (1 + r) * (Rabs v * Rabs e) + (1 + unit) * a * Rabs e + ((1 + r) + a) * tiny).
{ replace (c t * d t) with ((c t * d t - v * e) + v * e) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). rewrite (Rabs_mult v e). lra. }
assert (last : unit * Rabs (c t * d t) <= unit * ((1 + unit) * (1 + r) * (Rabs v * Rabs e) +
  (1 + unit) * a * Rabs e + ((1 + r) + a) * tiny)) by (apply Rmult_le_compat_l; lra).
fold e. change (sl * w t * e) with (v * e). rewrite (Rabs_mult v e).
replace (b t - v * e) with ((b t - c t * d t) + (c t * d t - v * e)) by ring.
apply Rle_trans with (1 := Rabs_triang _ _).
unfold kernel. cbn [score_relative score_floor score_absolute]. unfold growth. cbn [pow].
fold a. unfold r in *. lra.
Qed.

(* ---- at_single_head_loss ---- *)

(* losses: at_softplus of the negative margins; sums: their partial sums. *)
Record loss_operations (n : nat) (l : R) (f y losses sums : nat -> R) : Prop := {
  softplus_error : forall i, (i < n)%nat -> - 708 <= - (y i * f i) ->
    Rabs (losses i - ln (1 + exp (- (y i * f i)))) <=
    softplus_relative * ln (1 + exp (- (y i * f i)));
  softplus_clamp : forall i, (i < n)%nat -> - (y i * f i) < - 708 ->
    Rabs (losses i - ln (1 + exp (- (y i * f i)))) <= floor;
  loss_sum : ordered_sum sums losses n;
  loss_mean : rounded l (sums n / INR n)
}.

Theorem loss_contract D l f losses sums : (1 <= samples D)%nat ->
  loss_operations (samples D) l f (label D) losses sums ->
  at_single_head_loss (kernel D) l f (label D) (samples D).
Proof.
intros Size O. unfold at_single_head_loss. set (n := samples D) in *. set (y := label D) in *.
assert (N : 1 <= INR n) by (apply (le_INR 1); lia).
assert (U := unit_small). assert (Y := tiny_small). assert (F := floor_small).
set (L := total n (fun i => loss (y i * f i))).
assert (L0 : 0 <= L) by (apply total_nonneg; intros; left; apply loss_positive).
set (r := softplus_relative). assert (r0 : 0 <= r) by (unfold r, softplus_relative; lra).
assert (each : forall i, (i < n)%nat ->
  Rabs (losses i - loss (y i * f i)) <= r * loss (y i * f i) + floor).
{ intros i I. assert (P := loss_positive (y i * f i)).
  assert (0 <= r * loss (y i * f i)) by (apply Rmult_le_pos; lra).
  destruct (Rle_or_lt (- 708) (- (y i * f i))) as [K|K].
  - assert (X := softplus_error _ _ _ _ _ _ O i I K). unfold loss in *. fold r in X. lra.
  - assert (X := softplus_clamp _ _ _ _ _ _ O i I K). unfold loss in *. lra. }
assert (A : Rabs (total n losses - L) <= r * L + INR n * floor).
{ apply Rle_trans with (total n (fun i => r * loss (y i * f i) + floor)).
  - now apply total_close.
  - rewrite total_plus, total_scale. right. f_equal. clear.
    induction n as [|n IH]; simpl total; [simpl; lra|]. rewrite IH, S_INR. ring. }
assert (B : total n (fun i => Rabs (losses i)) <= (1 + r) * L + INR n * floor).
{ apply Rle_trans with (total n (fun i => (1 + r) * loss (y i * f i) + floor)).
  - apply total_le. intros i I. specialize (each i I). assert (P := loss_positive (y i * f i)).
    replace (losses i) with ((losses i - loss (y i * f i)) + loss (y i * f i)) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _).
    rewrite (Rabs_pos_eq (loss _)) by lra. lra.
  - rewrite total_plus, total_scale. right. f_equal. clear.
    induction n as [|n IH]; simpl total; [simpl; lra|]. rewrite IH, S_INR. ring. }
assert (C := ordered_sum_error _ _ _ (loss_sum _ _ _ _ _ _ O)).
assert (G := growth_at_least_one n). set (g := growth n) in *.
assert (E : Rabs (sums n - L) <= (g * (1 + r) - 1) * L + INR n * (g * (floor + tiny))).
{ assert ((g - 1) * total n (fun i => Rabs (losses i)) <= (g - 1) * ((1 + r) * L + INR n * floor))
    by (apply Rmult_le_compat_l; lra).
  replace (sums n - L) with ((sums n - total n losses) + (total n losses - L)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). lra. }
assert (M : approx (g * (1 + r) - 1) (g * (floor + tiny)) (sums n / INR n) (L / INR n)).
{ unfold approx. rewrite (Rabs_pos_eq (L / INR n))
    by (apply Rmult_le_pos; [auto | left; apply Rinv_0_lt_compat; lra]).
  replace (sums n / INR n - L / INR n) with ((sums n - L) * / INR n) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ INR n)) by (left; apply Rinv_0_lt_compat; lra).
  replace ((g * (1 + r) - 1) * (L / INR n) + g * (floor + tiny)) with
    (((g * (1 + r) - 1) * L + INR n * (g * (floor + tiny))) * / INR n) by (field; lra).
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra | exact E]. }
assert (X := approx_trans _ _ _ _ _ _ _ (Rlt_le _ _ (proj1 U)) (loss_mean _ _ _ _ _ _ O) M).
unfold approx in X. rewrite (Rabs_pos_eq (L / INR n)) in X
  by (apply Rmult_le_pos; [auto | left; apply Rinv_0_lt_compat; lra]).
apply Rle_trans with (1 := X). unfold kernel. cbn [loss_relative loss_absolute].
fold n. replace (n + 1)%nat with (S n) by lia. rewrite growth_next. fold g r. right. ring.
Qed.
