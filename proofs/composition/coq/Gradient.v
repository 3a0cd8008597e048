(* SPDX-License-Identifier: Apache-2.0

   The gradients of Model.v are the gradients of its mean loss.

   Main results: mean_loss_derive, the derivative of the mean loss along any line in (v, p);
   gradient_v_is_partial and gradient_p_is_partial, its cases of one coordinate.
   Assumptions: none. *)
From Coq Require Import Reals Arith Lra Lia FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
Require Import Sums Model Softmax Logistic.
Open Scope R_scope.

Lemma derive_value (f : R -> R) (x l m : R) : is_derive f x l -> l = m -> is_derive f x m.
Proof. now intros H <-. Qed.

Lemma derive_sum (f g : R -> R) (x l m : R) : is_derive f x l -> is_derive g x m ->
  is_derive (fun h => f h + g h) x (l + m).
Proof. intros F G. exact (is_derive_plus f g x l m F G). Qed.

Lemma derive_product (f g : R -> R) (x l m : R) : is_derive f x l -> is_derive g x m ->
  is_derive (fun h => f h * g h) x (l * g x + f x * m).
Proof. intros F G. exact (is_derive_mult f g x l m F G Rmult_comm). Qed.

Lemma derive_chain (f g : R -> R) (x l m : R) : is_derive f (g x) l -> is_derive g x m ->
  is_derive (fun h => f (g h)) x (m * l).
Proof. intros F G. exact (is_derive_comp f g x l m F G). Qed.

Lemma derive_multiple c (f : R -> R) (x l : R) : is_derive f x l -> is_derive (fun h => c * f h) x (c * l).
Proof. intros F. exact (is_derive_scal f x c l F). Qed.

Lemma derive_constant c x : is_derive (fun _ : R => c) x 0.
Proof. exact (is_derive_const c x). Qed.

Lemma derive_total n (f : nat -> R -> R) (l : nat -> R) (x : R) :
  (forall k, (k < n)%nat -> is_derive (f k) x (l k)) ->
  is_derive (fun h => total n (fun k => f k h)) x (total n l).
Proof.
intros H. induction n as [|n IH].
- exact (derive_constant 0 x).
- apply (derive_sum (fun h => total n (fun k => f k h)) (f n) x (total n l) (l n)).
  + apply IH. intros. apply H. lia.
  + apply H. lia.
Qed.

Lemma total_swap n m f :
  total n (fun i => total m (fun k => f i k)) = total m (fun k => total n (fun i => f i k)).
Proof.
induction n as [|n IH]; simpl; [now rewrite total_zero|]. now rewrite IH, <- total_plus.
Qed.

(* The line through w in the direction a. *)
Definition line (w a : nat -> R) (h : R) : nat -> R := fun k => w k + h * a k.

Lemma projection_derive D w a i t (h : R) :
  is_derive (fun h => projection D (line w a h) i t) h (projection D a i t).
Proof.
unfold projection, line. apply derive_total. intros k _. auto_derive; auto. ring.
Qed.

Lemma softmax_derive T (z : R -> nat -> R) (l : nat -> R) (h : R) t : (t < T)%nat ->
  (forall s, (s < T)%nat -> is_derive (fun h => z h s) h (l s)) ->
  is_derive (fun h => softmax T (z h) t) h
    (softmax T (z h) t * (l t - total T (fun s => softmax T (z h) s * l s))).
Proof.
intros H L. unfold softmax.
assert (P := exp_total_positive T (z h) ltac:(lia)).
assert (E : forall s, (s < T)%nat -> is_derive (fun h => exp (z h s)) h (l s * exp (z h s))).
{ intros s S. apply (derive_chain exp (fun h => z h s)); [apply is_derive_exp | now apply L]. }
eapply derive_value.
- apply is_derive_div; [now apply E | apply (derive_total T (fun s h => exp (z h s))); exact E | lra].
- set (Z := total T (fun s => exp (z h s))) in *.
  rewrite (total_ext T (fun s => exp (z h s) / Z * l s) (fun s => / Z * (l s * exp (z h s))))
    by (intros; unfold Rdiv; ring).
  rewrite total_scale. field. lra.
Qed.

(* d f = sum_t w_t (dx_t + (x_t - f) dz_t) *)
Lemma output_derive D v p a b i (h : R) :
  let V := line v a in let P := line p b in
  is_derive (fun h => output D (V h) (P h) i) h
    (total (tokens D) (fun t => weight D (P h) i t * (projection D a i t +
      (projection D (V h) i t - output D (V h) (P h) i) * projection D b i t))).
Proof.
intros V P. set (T := tokens D).
set (w := weight D (P h) i). set (x := projection D (V h) i). set (f := output D (V h) (P h) i).
set (dz := projection D b i). set (dx := projection D a i).
eapply derive_value.
- unfold output. fold T. apply (derive_total T (fun t h => weight D (P h) i t * projection D (V h) i t)
    (fun t => w t * (dz t - total T (fun s => w s * dz s)) * x t + w t * dx t)).
  intros t L.
  apply (derive_product (fun h => weight D (P h) i t) (fun h => projection D (V h) i t)).
  + apply (softmax_derive T (fun h => projection D (P h) i) dz h t L).
    intros. apply projection_derive.
  + apply projection_derive.
- set (m := total T (fun s => w s * dz s)).
  assert (F : f = total T (fun t => w t * x t)) by reflexivity.
  rewrite (total_ext T _ (fun t => (w t * dx t + w t * x t * dz t) - m * (w t * x t)))
    by (intros; ring).
  rewrite (total_ext T (fun t => w t * (dx t + (x t - f) * dz t))
    (fun t => (w t * dx t + w t * x t * dz t) - f * (w t * dz t))) by (intros; ring).
  rewrite !total_minus, !total_scale, <- F. fold m. ring.
Qed.

Lemma sample_loss_derive D v p a b i (h : R) :
  let V := line v a h in let P := line p b h in
  is_derive (fun h => loss (label D i * output D (line v a h) (line p b h) i)) h
    (total (tokens D) (fun t => value_coefficient D V P i t * projection D a i t +
                                score_coefficient D V P i t * projection D b i t)).
Proof.
intros V P. eapply derive_value.
- apply (derive_chain loss (fun h => label D i * output D (line v a h) (line p b h) i)).
  + apply loss_derive.
  + apply derive_multiple. apply output_derive.
- fold V P. rewrite Rmult_comm, <- Rmult_assoc, <- total_scale. apply total_ext. intros t L.
  unfold score_coefficient, value_coefficient. ring.
Qed.

(* The inner product of a gradient with a direction, as a sum over coordinates. *)
Lemma gradient_inner D c a :
  total (samples D) (fun i => total (tokens D) (fun t => c i t * projection D a i t)) /
  INR (samples D) = total (dim D) (fun k => gradient D c k * a k).
Proof.
rewrite (total_ext (dim D) _ (fun k => scaled_tokens D c k * a k / INR (samples D)))
  by (intros; unfold gradient, Rdiv; ring).
rewrite total_divide. f_equal. unfold scaled_tokens.
rewrite (total_ext (dim D) _ (fun k => total (samples D) (fun i => a k *
  total (tokens D) (fun t => c i t * token D i t k)))) by (intros; rewrite total_scale; ring).
rewrite (total_swap (dim D) (samples D)). apply total_ext. intros i I.
rewrite (total_ext (dim D) _ (fun k => total (tokens D) (fun t => a k *
  (c i t * token D i t k)))) by (intros; now rewrite total_scale).
rewrite (total_swap (dim D) (tokens D)). apply total_ext. intros t L. unfold projection.
rewrite <- total_scale. apply total_ext. intros; ring.
Qed.

Theorem mean_loss_derive D v p a b (h : R) :
  let V := line v a h in let P := line p b h in
  is_derive (fun h => mean_loss D (line v a h) (line p b h)) h
    (total (dim D) (fun k => gradient_v D V P k * a k) +
     total (dim D) (fun k => gradient_p D V P k * b k)).
Proof.
intros V P. unfold mean_loss, gradient_v, gradient_p.
rewrite <- !gradient_inner, <- Rdiv_plus_distr, <- total_plus. unfold Rdiv.
rewrite (total_ext (samples D) _ (fun i => total (tokens D) (fun t =>
  value_coefficient D V P i t * projection D a i t +
  score_coefficient D V P i t * projection D b i t))) by (intros; now rewrite total_plus).
rewrite Rmult_comm.
apply (is_derive_ext (fun h => / INR (samples D) * total (samples D) (fun i =>
  loss (label D i * output D (line v a h) (line p b h) i)))); [intros; apply Rmult_comm|].
apply derive_multiple.
apply (derive_total (samples D) (fun i h => loss (label D i * output D (line v a h) (line p b h) i))).
intros i I. apply sample_loss_derive.
Qed.

(* ---- one coordinate ---- *)

(* w with entry k replaced by s *)
Definition replaced (w : nat -> R) (k : nat) (s : R) : nat -> R :=
  fun j => if Nat.eqb j k then s else w j.

Definition axis (k : nat) : nat -> R := fun j => if Nat.eqb j k then 1 else 0.

Lemma replaced_line w k s : replaced w k s = line w (axis k) (s - w k).
Proof.
apply functional_extensionality. intros j. unfold replaced, line, axis.
destruct (Nat.eqb_spec j k) as [->|N]; ring.
Qed.

Lemma line_start w a : line w a 0 = w.
Proof. apply functional_extensionality. intros k. unfold line. ring. Qed.

Lemma line_still w h : line w (fun _ => 0) h = w.
Proof. apply functional_extensionality. intros k. unfold line. ring. Qed.

Lemma total_axis n k f : (k < n)%nat -> total n (fun j => f j * axis k j) = f k.
Proof.
intros H. rewrite (total_split n k) by auto. unfold axis at 1. rewrite Nat.eqb_refl.
replace (others n k (fun j => f j * axis k j)) with 0; [ring|].
unfold others. transitivity (total n (fun _ => 0)); [now rewrite total_zero|]. apply total_ext. intros j J. unfold axis.
destruct (Nat.eqb j k); ring.
Qed.

Lemma shift_derive (f : R -> R) (x l : R) : is_derive f 0 l -> is_derive (fun s => f (s - x)) x l.
Proof.
intros H. eapply derive_value.
- apply (derive_chain f (fun s => s - x)) with (l := l).
  + now replace (x - x) with 0 by ring.
  + eapply derive_value; [auto_derive; auto | reflexivity].
- ring.
Qed.

Theorem gradient_v_is_partial D v p k : (k < dim D)%nat ->
  is_derive (fun s => mean_loss D (replaced v k s) p) (v k) (gradient_v D v p k).
Proof.
intros H.
apply (is_derive_ext (fun s => mean_loss D (line v (axis k) (s - v k)) (line p (fun _ => 0) (s - v k)))).
{ intros s. now rewrite replaced_line, line_still. }
apply (shift_derive (fun h => mean_loss D (line v (axis k) h) (line p (fun _ => 0) h))).
eapply derive_value; [apply mean_loss_derive|]. rewrite !line_start, total_axis by auto.
rewrite (total_ext _ (fun j => gradient_p D v p j * 0) (fun _ => 0)) by (intros; ring).
rewrite total_zero. ring.
Qed.

Theorem gradient_p_is_partial D v p k : (k < dim D)%nat ->
  is_derive (fun s => mean_loss D v (replaced p k s)) (p k) (gradient_p D v p k).
Proof.
intros H.
apply (is_derive_ext (fun s => mean_loss D (line v (fun _ => 0) (s - p k)) (line p (axis k) (s - p k)))).
{ intros s. now rewrite replaced_line, line_still. }
apply (shift_derive (fun h => mean_loss D (line v (fun _ => 0) h) (line p (axis k) h))).
eapply derive_value; [apply mean_loss_derive|]. rewrite !line_start, total_axis by auto.
rewrite (total_ext _ (fun j => gradient_v D v p j * 0) (fun _ => 0)) by (intros; ring).
rewrite total_zero. ring.
Qed.
