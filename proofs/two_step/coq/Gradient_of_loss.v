(* SPDX-License-Identifier: Apache-2.0

   The gradients of specs/two_step/model.mlw are the partial derivatives of its loss.

   Main results: gradient_v_is_partial, gradient_p_is_partial.  Why3 writes the definitions and the
   statements into Why3_gradient.v; here they are shown to be the case of two tokens of
   proofs/composition/coq/Model.v, for which Gradient.v has the derivatives.
   Assumptions: the defining equations that Why3 states as axioms (sum, sign, y, replaced). *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
Require Import Sums Model Logistic Gradient.
Require Why3_gradient.
Module W := Why3_gradient.
Open Scope R_scope.

Lemma sum_total f n : W.sum f 0 (Z.of_nat n) = total n (fun k => f (Z.of_nat k)).
Proof.
induction n as [|n IH].
- apply (W.sum'def f 0 0). lia.
- destruct (W.sum'def f 0 (Z.of_nat (S n))) as [_ E]. rewrite E by lia.
  replace (Z.of_nat (S n) - 1)%Z with (Z.of_nat n) by lia. now rewrite IH.
Qed.

(* A vector and its restriction to natural indices. *)
Definition natural (w : Z -> R) : nat -> R := fun k => w (Z.of_nat k).

Definition two_tokens (s : W.data) : data := {|
  samples := Z.to_nat (W.n s);
  tokens := 2;
  dim := Z.to_nat (W.d s);
  token := fun i t k => match t with
    | O => W.u s (Z.of_nat i) (Z.of_nat k)
    | _ => W.xi s (Z.of_nat i) (Z.of_nat k)
    end;
  label := fun i => W.y s (Z.of_nat i)
|}.

Section Case.
Variable s : W.data.
Hypothesis some : (1 <= W.n s)%Z.
Hypothesis room : (0 <= W.d s)%Z.
Let D := two_tokens s.

Lemma dot_total a b :
  W.dot (W.d s) a b = total (dim D) (fun k => natural b k * natural a k).
Proof.
unfold W.dot. rewrite <- (Z2Nat.id (W.d s)) at 1 by auto. rewrite sum_total.
apply total_ext. intros k _. unfold W.product, natural. ring.
Qed.

Lemma projection_0 w i : projection D (natural w) i 0 = W.dot (W.d s) w (W.u s (Z.of_nat i)).
Proof. now rewrite dot_total. Qed.

Lemma projection_1 w i : projection D (natural w) i 1 = W.dot (W.d s) w (W.xi s (Z.of_nat i)).
Proof. now rewrite dot_total. Qed.

(* Sums of exponentials do not vanish. *)
Ltac nonzero := repeat split; match goal with |- context [exp ?x + exp ?y] =>
  assert (exp_pos_x := exp_pos x); assert (exp_pos_y := exp_pos y); lra end.

Lemma weight_0 p i : weight D (natural p) i 0 = W.att s p (Z.of_nat i).
Proof.
unfold weight, softmax, W.att, W.attention. cbn [total tokens D two_tokens].
rewrite !projection_0, !projection_1. f_equal. ring.
Qed.

Lemma weight_1 p i : weight D (natural p) i 1 = 1 - W.att s p (Z.of_nat i).
Proof.
unfold weight, softmax, W.att, W.attention. cbn [total tokens D two_tokens].
rewrite !projection_0, !projection_1, Rplus_0_l. field. nonzero.
Qed.

Lemma output_f v p i : output D (natural v) (natural p) i = W.f s v p (Z.of_nat i).
Proof.
unfold output. cbn [total tokens D two_tokens].
rewrite weight_0, weight_1, projection_0, projection_1.
unfold W.f, W.net, W.att, W.attention. field. nonzero.
Qed.

Lemma count : INR (samples D) = IZR (W.n s).
Proof. cbn. rewrite INR_IZR_INZ, Z2Nat.id by lia. reflexivity. Qed.

Lemma sum_samples f : W.sum f 0 (W.n s) = total (samples D) (fun i => f (Z.of_nat i)).
Proof. rewrite <- (Z2Nat.id (W.n s)) at 1 by lia. apply sum_total. Qed.

Lemma mean_loss_loss v p : mean_loss D (natural v) (natural p) = W.loss s v p.
Proof.
unfold mean_loss, W.loss. rewrite count, sum_samples. f_equal. apply total_ext. intros i _.
now rewrite output_f.
Qed.

Lemma gradient_v_same v p k :
  gradient_v D (natural v) (natural p) k = W.gradient_v s v p (Z.of_nat k).
Proof.
unfold gradient_v, gradient, scaled_tokens, W.gradient_v.
rewrite count, sum_samples.
replace (total (samples D) (fun i => W.term_v s v p (Z.of_nat k) (Z.of_nat i)))
  with (- total (samples D) (fun i => total (tokens D) (fun t =>
    value_coefficient D (natural v) (natural p) i t * token D i t k))); [unfold Rdiv; ring|].
rewrite <- (Rmult_1_l (total _ _)), Ropp_mult_distr_l, <- total_scale. apply total_ext. intros i _.
cbn [total tokens D two_tokens]. unfold value_coefficient.
fold D. rewrite weight_0, weight_1, output_f.
unfold W.term_v, W.g, W.weight, loss_derivative, D. cbn [label token two_tokens]. ring.
Qed.

Lemma gradient_p_same v p k :
  gradient_p D (natural v) (natural p) k = W.gradient_p s v p (Z.of_nat k).
Proof.
unfold gradient_p, gradient, scaled_tokens, W.gradient_p.
rewrite count, sum_samples.
replace (total (samples D) (fun i => W.term_p s v p (Z.of_nat k) (Z.of_nat i)))
  with (- total (samples D) (fun i => total (tokens D) (fun t =>
    score_coefficient D (natural v) (natural p) i t * token D i t k))); [unfold Rdiv; ring|].
rewrite <- (Rmult_1_l (total _ _)), Ropp_mult_distr_l, <- total_scale. apply total_ext. intros i _.
assert (F : output D (natural v) (natural p) i =
  W.att s p (Z.of_nat i) * projection D (natural v) i 0 +
  (1 - W.att s p (Z.of_nat i)) * projection D (natural v) i 1).
{ unfold output. cbn [total tokens D two_tokens]. fold D. rewrite weight_0, weight_1. ring. }
cbn [total tokens D two_tokens]. unfold score_coefficient, value_coefficient. fold D.
rewrite weight_0, weight_1.
replace (projection D (natural v) i 0 - output D (natural v) (natural p) i) with
  ((1 - W.att s p (Z.of_nat i)) * (projection D (natural v) i 0 - projection D (natural v) i 1))
  by (rewrite F; ring).
replace (projection D (natural v) i 1 - output D (natural v) (natural p) i) with
  (- W.att s p (Z.of_nat i) * (projection D (natural v) i 0 - projection D (natural v) i 1))
  by (rewrite F; ring).
rewrite output_f, projection_0, projection_1.
unfold W.term_p, W.g, W.weight, loss_derivative, D. cbn [label token two_tokens]. ring.
Qed.

Lemma replaced_same w c x : (0 <= c)%Z ->
  natural (W.replaced w c x) = replaced (natural w) (Z.to_nat c) x.
Proof.
intros C. apply functional_extensionality. intros j. unfold natural, replaced.
destruct (W.replaced'def w c x (Z.of_nat j)) as [A B].
destruct (Nat.eqb_spec j (Z.to_nat c)) as [E|E]; [apply A | apply B]; lia.
Qed.

Lemma derivative_of (f : R -> R) (x l : R) : is_derive f x l -> W.derivative f x l.
Proof.
intros H e E. apply is_derive_Reals in H. destruct (H e E) as [r R].
exists r. split; [apply cond_pos | auto].
Qed.

Lemma partial_v v p c : (0 <= c < W.d s)%Z ->
  W.derivative (fun x => W.loss s (W.replaced v c x) p) (v c) (W.gradient_v s v p c).
Proof.
intros C. apply derivative_of.
assert (P := gradient_v_is_partial D (natural v) (natural p) (Z.to_nat c) ltac:(cbn; lia)).
rewrite gradient_v_same, Z2Nat.id in P by lia.
apply (is_derive_ext (fun x => mean_loss D (replaced (natural v) (Z.to_nat c) x) (natural p))).
- intros x. now rewrite <- mean_loss_loss, replaced_same by lia.
- change (natural v (Z.to_nat c)) with (v (Z.of_nat (Z.to_nat c))) in P.
  now rewrite Z2Nat.id in P by lia.
Qed.

Lemma partial_p v p c : (0 <= c < W.d s)%Z ->
  W.derivative (fun x => W.loss s v (W.replaced p c x)) (p c) (W.gradient_p s v p c).
Proof.
intros C. apply derivative_of.
assert (P := gradient_p_is_partial D (natural v) (natural p) (Z.to_nat c) ltac:(cbn; lia)).
rewrite gradient_p_same, Z2Nat.id in P by lia.
apply (is_derive_ext (fun x => mean_loss D (natural v) (replaced (natural p) (Z.to_nat c) x))).
- intros x. now rewrite <- mean_loss_loss, replaced_same by lia.
- change (natural p (Z.to_nat c)) with (p (Z.of_nat (Z.to_nat c))) in P.
  now rewrite Z2Nat.id in P by lia.
Qed.
End Case.

Theorem gradient_v_is_partial : W.gradient_v_is_partial_statement.
Proof. intros s v p c N C. apply partial_v; lia. Qed.

Theorem gradient_p_is_partial : W.gradient_p_is_partial_statement.
Proof. intros s v p c N C. apply partial_p; lia. Qed.
