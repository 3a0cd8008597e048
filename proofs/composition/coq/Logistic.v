(* SPDX-License-Identifier: Apache-2.0

   The logistic loss and its slope under an error of the margin.

   Main results: for |a - b| <= e, with g(z) = 1 / (1 + exp z),
     |g a - g b| <= min (e / 4) (g a (exp e - 1)),
     |loss a - loss b| <= min e (loss a (exp e - 1)),
   the two bounds of harness/bounds/elementary.h for sigmoid and softplus.
   Assumptions: none. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
Require Import Sums Model.
Open Scope R_scope.

Definition slope (z : R) : R := 1 / (1 + exp z).

Lemma slope_positive z : 0 < slope z.
Proof. assert (P := exp_pos z). apply Rdiv_lt_0_compat; lra. Qed.

Lemma slope_at_most_one z : slope z <= 1.
Proof.
assert (P := exp_pos z). unfold slope. apply Rmult_le_reg_r with (1 + exp z); [lra|].
unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma loss_derivative_slope z : loss_derivative z = - slope z.
Proof. reflexivity. Qed.

Lemma slope_derive z : is_derive slope z (- (slope z * (1 - slope z))).
Proof.
assert (P := exp_pos z). unfold slope. auto_derive; [lra|]. field. lra.
Qed.

Lemma loss_derive z : is_derive loss z (loss_derivative z).
Proof.
assert (P := exp_pos (- z)). assert (Q := exp_pos z). unfold loss, loss_derivative.
auto_derive; [lra|]. rewrite exp_Ropp in *. field. lra.
Qed.

(* A function whose derivative is bounded by k is k-Lipschitz. *)
Lemma lipschitz f df k a b e : (forall z, is_derive f z (df z)) -> (forall z, Rabs (df z) <= k) ->
  0 <= k -> Rabs (a - b) <= e -> Rabs (f a - f b) <= k * e.
Proof.
intros D B K E. destruct (MVT_gen f b a df) as [c [_ H]].
- intros. apply D.
- intros. apply continuity_pt_filterlim. apply (ex_derive_continuous f). eexists. apply D.
- rewrite H, Rabs_mult. apply Rmult_le_compat; auto using Rabs_pos.
Qed.

Lemma slope_quarter a b e : Rabs (a - b) <= e -> Rabs (slope a - slope b) <= e / 4.
Proof.
intros E. unfold Rdiv. rewrite (Rmult_comm e).
apply lipschitz with (df := fun z => - (slope z * (1 - slope z))); auto; [apply slope_derive| |lra].
intros z. rewrite Rabs_Ropp. assert (P := slope_positive z). assert (Q := slope_at_most_one z).
rewrite Rabs_pos_eq by (apply Rmult_le_pos; lra).
assert (0 <= (slope z - /2) * (slope z - /2)) by apply Rle_0_sqr. lra.
Qed.

(* Positive numbers within a factor exp e of each other. *)
Lemma relative_close x y e : 0 <= e -> 0 <= x -> y <= x * exp e -> x <= y * exp e ->
  Rabs (x - y) <= x * (exp e - 1).
Proof.
intros E X U L. assert (P := exp_pos (- e)).
assert (I : exp e * exp (- e) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
assert (H : exp 0 <= exp e) by (destruct E as [E| <-]; [left; now apply exp_increasing | lra]).
rewrite exp_0 in H. apply Rabs_le. split; [lra|].
assert (x * exp (- e) <= y).
{ replace y with (y * exp e * exp (- e)) by (rewrite Rmult_assoc, I; ring).
  apply Rmult_le_compat_r; lra. }
assert (2 - exp e <= exp (- e)).
{ apply Rmult_le_reg_l with (exp e); [apply exp_pos|]. rewrite I.
  assert (0 <= (exp e - 1) * (exp e - 1)) by apply Rle_0_sqr. lra. }
assert (x * (2 - exp e) <= x * exp (- e)) by now apply Rmult_le_compat_l. lra.
Qed.

Lemma exp_factor a b e : Rabs (a - b) <= e -> exp a <= exp b * exp e.
Proof.
intros H. rewrite <- exp_plus. apply within in H.
destruct (Req_dec a (b + e)) as [->|N]; [lra|]. left. apply exp_increasing. lra.
Qed.

Lemma one_plus_factor x y c : 1 <= c -> x <= y * c -> 1 + x <= (1 + y) * c.
Proof. intros. lra. Qed.

Lemma exp_at_least_one e : 0 <= e -> 1 <= exp e.
Proof.
intros [H| <-]; [|rewrite exp_0; lra]. rewrite <- exp_0. left. now apply exp_increasing.
Qed.

Lemma slope_factor a b e : Rabs (a - b) <= e -> slope b <= slope a * exp e.
Proof.
intros H. assert (A := exp_pos a). assert (B := exp_pos b).
assert (G : 1 <= exp e) by (apply exp_at_least_one, Rle_trans with (1 := Rabs_pos _) (2 := H)).
assert (F := one_plus_factor _ _ _ G (exp_factor a b e H)).
unfold slope. apply Rmult_le_reg_l with ((1 + exp b) * (1 + exp a)).
- apply Rmult_lt_0_compat; lra.
- replace ((1 + exp b) * (1 + exp a) * (1 / (1 + exp b))) with (1 + exp a) by (field; lra).
  replace ((1 + exp b) * (1 + exp a) * (1 / (1 + exp a) * exp e)) with ((1 + exp b) * exp e)
    by (field; lra). exact F.
Qed.

Theorem slope_sensitivity a b e : Rabs (a - b) <= e ->
  Rabs (slope a - slope b) <= Rmin (e / 4) (slope a * (exp e - 1)).
Proof.
intros H. assert (E := Rle_trans _ _ _ (Rabs_pos _) H). apply Rmin_glb; [now apply slope_quarter|].
apply relative_close; auto; [left; apply slope_positive | now apply slope_factor |].
apply slope_factor. now rewrite Rabs_minus_sym.
Qed.

(* log (1 + x c) <= c log (1 + x) for c >= 1, the inequality of Bernoulli. *)
Lemma log_factor x c : 0 < x -> 1 <= c -> ln (1 + x * c) <= ln (1 + x) * c.
Proof.
intros X C. set (f := fun c => ln (1 + x) * c - ln (1 + x * c)).
assert (L : 0 < ln (1 + x)) by (rewrite <- ln_1; apply ln_increasing; lra).
assert (B : x / (1 + x) <= ln (1 + x)).
{ assert (P := exp_ineq1_le (- ln (1 + x))). rewrite exp_Ropp, exp_ln in P by lra.
  replace (x / (1 + x)) with (1 - / (1 + x)) by (field; lra). lra. }
destruct (MVT_gen f 1 c (fun c => ln (1 + x) - x / (1 + x * c))) as [d [D H]].
- intros t [T _]. rewrite Rmin_left in T by auto. unfold f. auto_derive; [nra|]. field. nra.
- intros t [T _]. rewrite Rmin_left in T by auto. apply continuity_pt_filterlim.
  apply (ex_derive_continuous f). unfold f. auto_derive. nra.
- rewrite Rmin_left, Rmax_right in D by auto.
  assert (x / (1 + x * d) <= x / (1 + x)).
  { unfold Rdiv. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; nra. }
  assert (0 <= f c - f 1) by (rewrite H; apply Rmult_le_pos; lra).
  unfold f in *. rewrite !Rmult_1_r in *. lra.
Qed.

Lemma loss_positive z : 0 < loss z.
Proof. unfold loss. assert (P := exp_pos (- z)). rewrite <- ln_1. apply ln_increasing; lra. Qed.

Lemma loss_factor a b e : Rabs (a - b) <= e -> loss b <= loss a * exp e.
Proof.
intros H. assert (A := exp_pos (- a)). assert (B := exp_pos (- b)).
assert (G : 1 <= exp e) by (apply exp_at_least_one, Rle_trans with (1 := Rabs_pos _) (2 := H)).
unfold loss. apply Rle_trans with (ln (1 + exp (- a) * exp e)); [|now apply log_factor].
apply Rcomplements.ln_le; [lra|]. apply Rplus_le_compat_l. apply exp_factor.
replace (- b - - a) with (a - b) by ring. exact H.
Qed.

Theorem loss_sensitivity a b e : Rabs (a - b) <= e ->
  Rabs (loss a - loss b) <= Rmin e (loss a * (exp e - 1)).
Proof.
intros H. assert (E := Rle_trans _ _ _ (Rabs_pos _) H). apply Rmin_glb.
- rewrite <- (Rmult_1_l e).
  apply lipschitz with (df := loss_derivative); auto; [apply loss_derive| |lra].
  intros z. rewrite loss_derivative_slope, Rabs_Ropp, Rabs_pos_eq by (left; apply slope_positive).
  apply slope_at_most_one.
- apply relative_close; auto; [left; apply loss_positive | now apply loss_factor |].
  apply loss_factor. now rewrite Rabs_minus_sym.
Qed.
