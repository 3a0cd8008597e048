(* SPDX-License-Identifier: Apache-2.0

   Two steps of gradient descent from zero on the single-head model, with one signal token and
   m >= 1 noise tokens a sample.

   Main results, for the model, the loss and the gradients of proofs/composition/coq/Model.v (which
   Gradient.v there proves to be the gradients of the loss), T = m + 1 and any scale R > 0:
     first_step       if q_k > m (1 + theta): one step fits the clean labels and no noisy one;
     one_step         if 0 < q_k < m (1 - theta): one step fits all labels, whatever the step size;
     all_fitted       under the inequalities of specs/two_step/many_tokens.md (fits_class), two
                      steps fit all labels;
     noisy_attention  and give a noisy sample's signal no more attention than stated there;
     fresh_sample     a fresh sample whose noise passes two half-space tests gets its clean label;
     off_bound        the cross sums X, Y from the row sums of the Gram matrix.
   For m = 1 these are the theorems for two tokens at level parametric.  Witness.v shows that the
   hypotheses can hold, with a noisy sample in each class.
   Assumptions: none beyond Coq's real numbers.  Mathematics: specs/two_step/many_tokens.md. *)
From Coq Require Import Reals Arith Lra Lia Bool.
Require Import Sums Model.
Open Scope R_scope.

(* ---- sums ---- *)

Lemma total_first m f : total (S m) f = f O + total m (fun s => f (S s)).
Proof.
induction m as [|m IH]; [simpl; lra|].
change (total (S (S m)) f) with (total (S m) f + f (S m)). rewrite IH. simpl. lra.
Qed.

Lemma total_swap n m (f : nat -> nat -> R) :
  total n (fun i => total m (fun k => f i k)) = total m (fun k => total n (fun i => f i k)).
Proof. induction n as [|n IH]; simpl; [now rewrite total_zero|]. now rewrite IH, <- total_plus. Qed.

Lemma total_const n c : total n (fun _ => c) = INR n * c.
Proof. induction n as [|n IH]; [simpl; lra|]. rewrite S_INR. simpl. rewrite IH. lra. Qed.

Lemma total_ge_const n f c : (forall k, (k < n)%nat -> c <= f k) -> INR n * c <= total n f.
Proof. intros H. rewrite <- total_const. now apply total_le. Qed.

Lemma total_le_const n f c : (forall k, (k < n)%nat -> f k <= c) -> total n f <= INR n * c.
Proof. intros H. rewrite <- total_const. now apply total_le. Qed.

Lemma total_null n f : (forall k, (k < n)%nat -> f k = 0) -> total n f = 0.
Proof. intros E. rewrite <- (total_zero n). now apply total_ext. Qed.

Definition dot (d : nat) (u w : nat -> R) : R := total d (fun k => u k * w k).

Lemma dot_comm d u w : dot d u w = dot d w u.
Proof. apply total_ext. intros. ring. Qed.

(* ---- the weight of a sample ---- *)

(* - l'(z), decreasing from 1 to 0 *)
Definition response (z : R) : R := 1 / (1 + exp z).

Lemma response_positive z : 0 < response z.
Proof. unfold response. assert (H := exp_pos z). apply Rdiv_lt_0_compat; lra. Qed.

Lemma response_le x z : x <= z -> response z <= response x.
Proof.
intros H. unfold response, Rdiv. rewrite !Rmult_1_l. assert (A := exp_pos x).
apply Rinv_le_contravar; [lra|].
destruct H as [H| ->]; [|lra]. assert (exp x < exp z) by now apply exp_increasing. lra.
Qed.

Lemma loss_derivative_response z : loss_derivative z = - response z.
Proof. reflexivity. Qed.

(* ---- the data ---- *)

Definition sign (k : bool) : R := if k then 1 else -1.

(* Samples i < n of m + 1 tokens: token 0 is the signal of the sample's class, the others are noise.
   Noise is orthogonal to both signals, which are orthogonal to each other and of norm rho. *)
Record setting := {
  D : data;
  m : nat;
  class : nat -> bool;
  noisy : nat -> bool;
  mu : bool -> nat -> R;
  rho : R;
  beta : R;
  scale : R;
  has_samples : (0 < samples D)%nat;
  has_noise : (0 < m)%nat;
  token_count : tokens D = S m;
  beta_positive : 0 < beta;
  scale_positive : 0 < scale;
  signal_is : forall i k, (i < samples D)%nat -> token D i O k = mu (class i) k;
  signal_norm : forall k, dot (dim D) (mu k) (mu k) = rho * rho;
  signal_orthogonal : dot (dim D) (mu true) (mu false) = 0;
  noise_orthogonal : forall k i s, (i < samples D)%nat -> (s < m)%nat ->
    dot (dim D) (mu k) (token D i (S s)) = 0;
  label_is : forall i, (i < samples D)%nat ->
    label D i = (if noisy i then - sign (class i) else sign (class i))
}.

Section Theorems.
Variable S0 : setting.

Notation DD := (D S0).
Notation n := (samples (D S0)).
Notation mm := (m S0).
Notation T := (S (m S0)).
Notation y := (label (D S0)).
Notation mR := (INR (m S0)).
Notation TR := (INR (S (m S0))).

Definition zero (_ : nat) : R := 0.

(* Gradient descent from v = p = 0. *)
Definition v1 (k : nat) : R := zero k - beta S0 * gradient_v DD zero zero k.
Definition p1 (k : nat) : R := zero k - beta S0 * gradient_p DD zero zero k.
Definition v2 (k : nat) : R := v1 k - beta S0 * gradient_v DD v1 p1 k.
Definition p2 (k : nat) : R := p1 k - beta S0 * gradient_p DD v1 p1 k.

Definition margin1 (i : nat) : R := y i * output DD v1 p1 i.
Definition margin2 (i : nat) : R := y i * output DD v2 p2 i.

(* ---- the quantities of the theorem ---- *)

Definition gamma (i s j r : nat) : R :=
  dot (dim DD) (token DD j (S r)) (token DD i (S s)) / scale S0.
Definition rate : R := beta S0 / (2 * INR n * TR).
Definition t : R := rate * scale S0.
Definition a : R := rho S0 * rho S0 / scale S0.

(* Sums over a class, and over the noise tokens (without the token itself in `off`). *)
Definition in_class (x : nat -> R) (k : bool) : R :=
  total n (fun j => if eqb (class S0 j) k then x j else 0).
Definition clean_count (k : bool) : R := in_class (fun j => if noisy S0 j then 0 else 1) k.
Definition noisy_count (k : bool) : R := in_class (fun j => if noisy S0 j then 1 else 0) k.
Definition q (k : bool) : R := a * (clean_count k - noisy_count k).
Definition noise_sum (x : nat -> nat -> R) (i s : nat) : R :=
  total n (fun j => total mm (fun r => x j r * gamma i s j r)).
Definition off (x : nat -> nat -> R) (i s : nat) : R := noise_sum x i s - x i s * gamma i s i s.

(* y_i <v1, token> / t: of a noise token, of the signal, in the mean over the tokens *)
Definition A (i s : nat) : R := y i * noise_sum (fun j _ => y j) i s.
Definition Q (i : nat) : R := if noisy S0 i then - q (class S0 i) else q (class S0 i).
Definition mean (i : nat) : R := (Q i + total mm (A i)) / TR.
(* weights in v2 and p2 *)
Definition g (i : nat) : R := response (t * mean i).
Definition w (i : nat) : R := 1 + 2 * g i.
Definition d0 (i : nat) : R := 2 * g i * (Q i - mean i).
Definition d (i s : nat) : R := 2 * g i * (A i s - mean i).
Definition W (k : bool) : R := in_class (fun j => if noisy S0 j then - w j else w j) k.
Definition H (k : bool) : R := in_class d0 k.
Definition V (i s : nat) : R := y i * noise_sum (fun j _ => w j * y j) i s.

(* ---- closed forms ---- *)

Lemma TR_positive : 0 < TR.
Proof. apply lt_0_INR. lia. Qed.

Lemma TR_is : TR = mR + 1.
Proof. apply S_INR. Qed.

Lemma mR_least : 1 <= mR.
Proof. assert (H1 := has_noise S0). change 1 with (INR 1). apply le_INR. lia. Qed.

Lemma n_positive : 0 < INR n.
Proof. apply lt_0_INR, has_samples. Qed.

Lemma rate_positive : 0 < rate.
Proof.
assert (H1 := n_positive). assert (H2 := TR_positive). assert (H3 := beta_positive S0).
apply Rdiv_lt_0_compat; auto. apply Rmult_lt_0_compat; lra.
Qed.

Lemma t_positive : 0 < t.
Proof. apply Rmult_lt_0_compat; [apply rate_positive | apply scale_positive]. Qed.

Lemma y_square i : (i < n)%nat -> y i * y i = 1.
Proof.
intros I. rewrite (label_is S0 i I). unfold sign. destruct (noisy S0 i), (class S0 i); lra.
Qed.

Lemma scaled_ext c c' k :
  (forall i s, (i < n)%nat -> (s < T)%nat -> c i s = c' i s) ->
  scaled_tokens DD c k = scaled_tokens DD c' k.
Proof.
intros E. unfold scaled_tokens. rewrite token_count. apply total_ext. intros i I.
apply total_ext. intros s L. now rewrite E.
Qed.

Lemma scaled_combine x z c c' k :
  scaled_tokens DD (fun i s => x * c i s + z * c' i s) k =
  x * scaled_tokens DD c k + z * scaled_tokens DD c' k.
Proof.
unfold scaled_tokens. rewrite <- !total_scale, <- total_plus. apply total_ext. intros i I.
rewrite <- !total_scale, <- total_plus. apply total_ext. intros s L. lra.
Qed.

(* Where all scores are 0 the weights are uniform. *)
Lemma uniform_weight p i s : (forall r, (r < T)%nat -> projection DD p i r = 0) -> (s < T)%nat ->
  weight DD p i s = / TR.
Proof.
intros Z L. unfold weight, softmax. rewrite token_count. rewrite (Z s L), exp_0.
rewrite (total_ext T _ (fun _ => 1)).
- rewrite total_const. field. assert (H1 := TR_positive). lra.
- intros r I. now rewrite (Z r I), exp_0.
Qed.

Lemma uniform_output v p i : (forall r, (r < T)%nat -> projection DD p i r = 0) ->
  output DD v p i = total T (projection DD v i) / TR.
Proof.
intros Z. unfold output. rewrite token_count. unfold Rdiv. rewrite Rmult_comm, <- total_scale.
apply total_ext. intros s L. rewrite uniform_weight; auto.
Qed.

Lemma projection_zero i s : projection DD zero i s = 0.
Proof. apply total_null. intros. unfold zero. ring. Qed.

Lemma output_zero i : output DD zero zero i = 0.
Proof.
rewrite uniform_output by (intros; apply projection_zero).
rewrite total_null by (intros; apply projection_zero). unfold Rdiv. ring.
Qed.

Lemma p1_zero k : p1 k = 0.
Proof.
unfold p1, gradient_p.
transitivity (0 - beta S0 * (scaled_tokens DD (fun i s => 0 * 0 + 0 * 0) k / INR n)).
- unfold zero at 1, gradient. do 3 f_equal. apply scaled_ext. intros i s I L.
  unfold score_coefficient. rewrite output_zero, projection_zero. lra.
- rewrite (scaled_combine 0 0 (fun _ _ => 0) (fun _ _ => 0)). unfold Rdiv. ring.
Qed.

Lemma projection_p1 i s : projection DD p1 i s = 0.
Proof.
apply total_null. intros. rewrite p1_zero. ring.
Qed.

Lemma v1_form k : v1 k = rate * scaled_tokens DD (fun i _ => y i) k.
Proof.
unfold v1, gradient_v. assert (H1 := n_positive). assert (H2 := TR_positive).
transitivity (0 - beta S0 * (scaled_tokens DD (fun i s => - / (2 * TR) * y i + 0 * y i) k / INR n)).
- unfold zero at 1, gradient. do 3 f_equal. apply scaled_ext. intros i s I L.
  unfold value_coefficient. rewrite output_zero, uniform_weight; auto using projection_zero.
  rewrite Rmult_0_r. unfold loss_derivative. rewrite exp_0. field. lra.
- rewrite scaled_combine. unfold rate. field. lra.
Qed.

(* the output after one step *)
Definition f1 (i : nat) : R := output DD v1 p1 i.

Lemma f1_form i : f1 i = total T (projection DD v1 i) / TR.
Proof. apply uniform_output. intros; apply projection_p1. Qed.

Lemma v2_form k :
  v2 k = rate * scaled_tokens DD (fun i _ => (1 + 2 * response (y i * f1 i)) * y i) k.
Proof.
unfold v2. rewrite v1_form. unfold gradient_v, gradient.
assert (H1 := n_positive). assert (H2 := TR_positive).
rewrite (scaled_ext (value_coefficient DD v1 p1) (fun i s => (/ (2 * TR)) * y i + (- / (2 * TR)) *
  ((1 + 2 * response (y i * f1 i)) * y i))).
- rewrite scaled_combine. unfold rate. field. lra.
- intros i s I L. unfold value_coefficient. fold (f1 i).
  rewrite uniform_weight; auto using projection_p1.
  rewrite loss_derivative_response. field. lra.
Qed.

Lemma p2_form k : p2 k = 2 * rate *
  scaled_tokens DD (fun i s => response (y i * f1 i) * y i * (projection DD v1 i s - f1 i)) k.
Proof.
unfold p2. rewrite p1_zero. unfold gradient_p, gradient.
assert (H1 := n_positive). assert (H2 := TR_positive).
rewrite (scaled_ext (score_coefficient DD v1 p1) (fun i s => (- / TR) *
  (response (y i * f1 i) * y i * (projection DD v1 i s - f1 i)) + 0 * 0)).
- rewrite (scaled_combine _ _ _ (fun _ _ => 0)). unfold rate. field. lra.
- intros i s I L. unfold score_coefficient, value_coefficient. fold (f1 i).
  rewrite uniform_weight; auto using projection_p1.
  rewrite loss_derivative_response. field. lra.
Qed.

(* Inner products with a combination of tokens. *)
Lemma dot_scaled x c z :
  dot (dim DD) (fun k => x * scaled_tokens DD c k) z =
  x * total n (fun j => total T (fun r => c j r * dot (dim DD) (token DD j r) z)).
Proof.
unfold dot, scaled_tokens. rewrite token_count.
rewrite <- total_scale.
rewrite (total_ext (dim DD) _ (fun k => total n (fun j => total T (fun r =>
  x * (c j r * (token DD j r k * z k)))))).
- rewrite total_swap. apply total_ext. intros j J. rewrite total_swap, <- total_scale.
  apply total_ext. intros r L. rewrite !total_scale. reflexivity.
- intros k K. rewrite Rmult_assoc, (Rmult_comm _ (z k)), <- Rmult_assoc, <- total_scale.
  apply total_ext. intros j J. rewrite <- total_scale. apply total_ext. intros r L. lra.
Qed.

Lemma dot_ext dd u u' z : (forall k, u k = u' k) -> dot dd u z = dot dd u' z.
Proof. intros E. apply total_ext. intros. now rewrite E. Qed.

(* A combination of tokens against a signal, and against a noise token. *)
Lemma combination_mu u x c k : (forall j, u j = x * scaled_tokens DD c j) ->
  dot (dim DD) u (mu S0 k) = x * (rho S0 * rho S0) * in_class (fun j => c j O) k.
Proof.
intros E. rewrite (dot_ext _ _ _ _ E), dot_scaled. rewrite Rmult_assoc. f_equal.
unfold in_class. rewrite <- total_scale. apply total_ext. intros j J.
rewrite total_first. rewrite (total_null (m S0)).
- assert (Z : dot (dim DD) (token DD j O) (mu S0 k) = dot (dim DD) (mu S0 (class S0 j)) (mu S0 k)).
  { apply total_ext. intros c0 K. now rewrite signal_is. }
  rewrite Z. assert (N := signal_norm S0). assert (O := signal_orthogonal S0).
  assert (O' := O). rewrite dot_comm in O'.
  destruct (class S0 j), k; simpl; rewrite ?N, ?O, ?O'; lra.
- intros s L. rewrite dot_comm, noise_orthogonal by auto. lra.
Qed.

(* Token 0 of sample i is its class's signal. *)
Lemma signal_projection u i : (i < n)%nat ->
  projection DD u i O = dot (dim DD) u (mu S0 (class S0 i)).
Proof.
intros I. apply total_ext. intros k K. rewrite signal_is by auto. lra.
Qed.

Lemma combination_noise u x c i s : (i < n)%nat -> (s < mm)%nat ->
  (forall k, u k = x * scaled_tokens DD c k) ->
  projection DD u i (S s) = x * scale S0 * noise_sum (fun j r => c j (S r)) i s.
Proof.
intros I L E. assert (P := scale_positive S0).
transitivity (dot (dim DD) u (token DD i (S s))).
- unfold projection, dot. apply total_ext. intros; lra.
- rewrite (dot_ext _ _ _ _ E), dot_scaled. rewrite Rmult_assoc. f_equal.
  unfold noise_sum. rewrite <- total_scale. apply total_ext. intros j J.
  rewrite total_first, <- total_scale.
  assert (Z : dot (dim DD) (token DD j O) (token DD i (S s)) = 0).
  { rewrite <- (noise_orthogonal S0 (class S0 j) i s I L). apply total_ext. intros k K.
    now rewrite signal_is. }
  rewrite Z, Rmult_0_r, Rplus_0_l. apply total_ext. intros r K. unfold gamma. field. lra.
Qed.

Lemma rate_signal : rate * (rho S0 * rho S0) = t * a.
Proof. assert (P := scale_positive S0). unfold t, a. field. lra. Qed.

(* Sums over a class of x_j y_j: the label is the class's sign, or its opposite. *)
Lemma in_class_label x k :
  in_class (fun j => x j * y j) k =
  sign k * in_class (fun j => if noisy S0 j then - x j else x j) k.
Proof.
unfold in_class. rewrite <- total_scale. apply total_ext. intros j J. rewrite (label_is S0 j J).
destruct (eqb (class S0 j) k) eqn:E; [|lra]. apply eqb_prop in E. rewrite <- E.
destruct (noisy S0 j); lra.
Qed.

Lemma class_label i : (i < n)%nat -> y i * sign (class S0 i) = if noisy S0 i then -1 else 1.
Proof.
intros I. rewrite (label_is S0 i I). unfold sign. destruct (noisy S0 i), (class S0 i); lra.
Qed.

Lemma in_class_minus x z k : in_class (fun j => x j - z j) k = in_class x k - in_class z k.
Proof.
unfold in_class. rewrite <- total_minus. apply total_ext. intros j J.
destruct (eqb (class S0 j) k); lra.
Qed.

Lemma in_class_ext x z k : (forall j, (j < n)%nat -> x j = z j) -> in_class x k = in_class z k.
Proof. intros E. apply total_ext. intros j J. rewrite E by auto. reflexivity. Qed.

(* y_i <v1, token> = t Q_i and t A_is; y_i f_i = t mean_i *)
Lemma v1_signal i : (i < n)%nat -> y i * projection DD v1 i O = t * Q i.
Proof.
intros I. rewrite signal_projection, (combination_mu v1 rate _ _ v1_form) by auto. cbv beta.
rewrite (in_class_ext _ (fun j => 1 * y j)) by (intros; lra).
rewrite (in_class_label (fun _ => 1)), rate_signal.
rewrite (in_class_ext _ (fun j => (if noisy S0 j then 0 else 1) - (if noisy S0 j then 1 else 0)))
  by (intros j J; destruct (noisy S0 j); lra).
rewrite in_class_minus. fold (clean_count (class S0 i)) (noisy_count (class S0 i)).
transitivity (t * (y i * sign (class S0 i)) *
  (a * (clean_count (class S0 i) - noisy_count (class S0 i)))); [lra|].
rewrite class_label by auto. unfold Q, q. destruct (noisy S0 i); lra.
Qed.

Lemma v1_noise i s : (i < n)%nat -> (s < mm)%nat -> y i * projection DD v1 i (S s) = t * A i s.
Proof.
intros I L. rewrite (combination_noise v1 rate _ i s I L v1_form). unfold A, t. lra.
Qed.

Lemma f1_mean i : (i < n)%nat -> y i * f1 i = t * mean i.
Proof.
intros I. rewrite f1_form. unfold mean, Rdiv. rewrite <- Rmult_assoc, <- Rmult_assoc. f_equal.
rewrite total_first, Rmult_plus_distr_l, v1_signal by auto.
rewrite Rmult_plus_distr_l. f_equal. rewrite <- !total_scale. apply total_ext. intros s L.
now apply v1_noise.
Qed.

Lemma v2_mu k : dot (dim DD) v2 (mu S0 k) = sign k * (t * a * W k).
Proof.
rewrite (combination_mu v2 rate _ k v2_form). cbv beta.
rewrite (in_class_ext _ (fun j => w j * y j)).
- rewrite in_class_label, rate_signal. fold (W k). lra.
- intros j J. unfold w, g. now rewrite f1_mean.
Qed.

Lemma v2_signal i : (i < n)%nat ->
  y i * projection DD v2 i O = (if noisy S0 i then -1 else 1) * (t * a * W (class S0 i)).
Proof.
intros I. rewrite signal_projection, v2_mu, <- (class_label i I) by auto. lra.
Qed.

Lemma noise_sum_ext x z i s : (forall j r, (j < n)%nat -> (r < mm)%nat -> x j r = z j r) ->
  noise_sum x i s = noise_sum z i s.
Proof.
intros E. apply total_ext. intros j J. apply total_ext. intros r L. now rewrite E.
Qed.

Lemma noise_sum_scale c x i s : noise_sum (fun j r => c * x j r) i s = c * noise_sum x i s.
Proof.
unfold noise_sum. rewrite <- total_scale. apply total_ext. intros j J. rewrite <- total_scale.
apply total_ext. intros r L. lra.
Qed.

Lemma v2_noise i s : (i < n)%nat -> (s < mm)%nat -> y i * projection DD v2 i (S s) = t * V i s.
Proof.
intros I L. rewrite (combination_noise v2 rate _ i s I L v2_form). cbv beta.
rewrite (noise_sum_ext _ (fun j _ => w j * y j)).
- unfold V, t. lra.
- intros j r J K. unfold w, g. now rewrite f1_mean.
Qed.

Lemma p2_coefficient i s x : (i < n)%nat -> y i * projection DD v1 i s = t * x ->
  response (y i * f1 i) * y i * (projection DD v1 i s - f1 i) = t / 2 * (2 * g i * (x - mean i)).
Proof.
intros I E. rewrite (f1_mean i I). fold (g i).
transitivity (g i * (y i * projection DD v1 i s - y i * f1 i)); [lra|].
rewrite E, f1_mean by auto. lra.
Qed.

Lemma p2_mu k : dot (dim DD) p2 (mu S0 k) = t * t * (a * H k).
Proof.
rewrite (combination_mu p2 (2 * rate) _ k p2_form). cbv beta.
rewrite (in_class_ext _ (fun j => t / 2 * d0 j)).
- assert (R0 := rate_signal). unfold H.
  transitivity (rate * (rho S0 * rho S0) * (2 * in_class (fun j => t / 2 * d0 j) k)); [lra|].
  rewrite R0. assert (E : in_class (fun j => t / 2 * d0 j) k = t / 2 * in_class d0 k).
  { unfold in_class. rewrite <- total_scale. apply total_ext. intros j J.
    destruct (eqb (class S0 j) k); lra. }
  rewrite E. lra.
- intros j J. apply p2_coefficient; auto. now apply v1_signal.
Qed.

Lemma p2_signal i : (i < n)%nat -> projection DD p2 i O = t * t * (a * H (class S0 i)).
Proof. intros I. now rewrite signal_projection, p2_mu. Qed.

Lemma p2_noise i s : (i < n)%nat -> (s < mm)%nat ->
  projection DD p2 i (S s) = t * t * noise_sum d i s.
Proof.
intros I L. rewrite (combination_noise p2 (2 * rate) _ i s I L p2_form). cbv beta.
rewrite (noise_sum_ext _ (fun j r => t / 2 * d j r)).
- rewrite noise_sum_scale. unfold t. lra.
- intros j r J K. apply p2_coefficient; auto. now apply v1_noise.
Qed.

(* ---- ranges (section 3) ---- *)

(* Hypotheses on the Gram matrix. *)
Definition near_orthogonal (eps tau : R) : Prop := forall i s, (i < n)%nat -> (s < mm)%nat ->
  Rabs (gamma i s i s - 1) <= eps /\ Rabs (off (fun j _ => y j) i s) <= tau.

Lemma A_range eps tau i s : near_orthogonal eps tau -> (i < n)%nat -> (s < mm)%nat ->
  1 - (eps + tau) <= A i s <= 1 + (eps + tau).
Proof.
intros N I L. destruct (N i s I L) as [E F]. apply within in E. apply within in F.
assert (B : A i s = gamma i s i s + y i * off (fun j _ => y j) i s).
{ unfold A, off. assert (Y := y_square i I).
  transitivity (y i * noise_sum (fun j _ => y j) i s + (1 - y i * y i) * gamma i s i s);
    [rewrite Y; lra|lra]. }
assert (Y : y i = 1 \/ y i = -1).
{ rewrite (label_is S0 i I). unfold sign. destruct (noisy S0 i), (class S0 i); lra. }
rewrite B. destruct Y as [-> | ->]; lra.
Qed.

Lemma A_total_range eps tau i : near_orthogonal eps tau -> (i < n)%nat ->
  mR * (1 - (eps + tau)) <= total mm (A i) <= mR * (1 + (eps + tau)).
Proof.
intros N I. split.
- apply total_ge_const. intros s L. now apply (A_range eps tau).
- apply total_le_const. intros s L. now apply (A_range eps tau).
Qed.

Lemma margin1_is i : (i < n)%nat -> margin1 i = t * mean i.
Proof. intros I. apply f1_mean, I. Qed.

(* After one step: sections 4 and 5. *)
Theorem first_step eps tau i : near_orthogonal eps tau -> eps + tau < 1 ->
  (forall k, mR * (1 + (eps + tau)) < q k) -> (i < n)%nat ->
  if noisy S0 i then margin1 i < 0 else 0 < margin1 i.
Proof.
intros N Th R I. rewrite margin1_is by auto. assert (P := t_positive). assert (L := TR_positive).
assert (B := A_total_range eps tau i N I). assert (K := R (class S0 i)). assert (M := mR_least).
assert (0 <= mR * (1 - (eps + tau))) by (apply Rmult_le_pos; lra).
assert (LI := Rinv_0_lt_compat _ L).
unfold mean, Q, Rdiv. destruct (noisy S0 i).
- assert (X : (- q (class S0 i) + total mm (A i)) * / TR < 0).
  { rewrite <- (Rmult_0_l (/ TR)). apply Rmult_lt_compat_r; lra. }
  rewrite <- (Rmult_0_r t). apply Rmult_lt_compat_l; lra.
- apply Rmult_lt_0_compat; auto. apply Rmult_lt_0_compat; lra.
Qed.

Theorem one_step eps tau i : near_orthogonal eps tau ->
  (forall k, 0 < q k < mR * (1 - (eps + tau))) -> (i < n)%nat -> 0 < margin1 i.
Proof.
intros N R I. rewrite margin1_is by auto. assert (P := t_positive). assert (L := TR_positive).
assert (B := A_total_range eps tau i N I). assert (K := R (class S0 i)).
apply Rmult_lt_0_compat; auto. unfold mean, Q. apply Rdiv_lt_0_compat; auto.
destruct (noisy S0 i); lra.
Qed.

(* Ends of the range of g on the clean and on the noisy samples of class k. *)
Definition clean_low th k := response (t * ((q k + mR * (1 + th)) / TR)).
Definition clean_high th k := response (t * ((q k + mR * (1 - th)) / TR)).
Definition noisy_low th k := response (t * ((mR * (1 + th) - q k) / TR)).
Definition noisy_high th k := response (t * ((mR * (1 - th) - q k) / TR)).

Lemma scaled_le x z : x <= z -> t * (x / TR) <= t * (z / TR).
Proof.
intros H0. apply Rmult_le_compat_l; [left; apply t_positive|].
apply Rmult_le_compat_r; auto. left. apply Rinv_0_lt_compat, TR_positive.
Qed.

Lemma g_range eps tau i : near_orthogonal eps tau -> (i < n)%nat ->
  if noisy S0 i
  then noisy_low (eps + tau) (class S0 i) <= g i <= noisy_high (eps + tau) (class S0 i)
  else clean_low (eps + tau) (class S0 i) <= g i <= clean_high (eps + tau) (class S0 i).
Proof.
intros N I. assert (B := A_total_range eps tau i N I). unfold g, mean, Q.
destruct (noisy S0 i); split; apply response_le, scaled_le; lra.
Qed.

(* ---- the second step ---- *)

(* A sum over a class from bounds on its clean and noisy terms. *)
Lemma in_class_le x b c k :
  (forall j, (j < n)%nat -> class S0 j = k -> x j <= if noisy S0 j then c else b) ->
  in_class x k <= clean_count k * b + noisy_count k * c.
Proof.
intros E. unfold clean_count, noisy_count, in_class.
rewrite (Rmult_comm _ b), (Rmult_comm _ c), <- !total_scale, <- total_plus.
apply total_le. intros j J. destruct (eqb (class S0 j) k) eqn:K; [|lra].
apply eqb_prop in K. specialize (E j J K). destruct (noisy S0 j); lra.
Qed.

Lemma in_class_ge x b c k :
  (forall j, (j < n)%nat -> class S0 j = k -> (if noisy S0 j then c else b) <= x j) ->
  clean_count k * b + noisy_count k * c <= in_class x k.
Proof.
intros E. unfold clean_count, noisy_count, in_class.
rewrite (Rmult_comm _ b), (Rmult_comm _ c), <- !total_scale, <- total_plus.
apply total_le. intros j J. destruct (eqb (class S0 j) k) eqn:K; [|lra].
apply eqb_prop in K. specialize (E j J K). destruct (noisy S0 j); lra.
Qed.

(* Bounds of a W_k, a H_k, and of what a noisy token's own weight contributes. *)
Definition aW_low th k :=
  a * (clean_count k * (1 + 2 * clean_low th k) - noisy_count k * (1 + 2 * noisy_high th k)).
Definition aW_high th k :=
  a * (clean_count k * (1 + 2 * clean_high th k) - noisy_count k * (1 + 2 * noisy_low th k)).
Definition aH_high th k := 2 * mR / TR * (a * (clean_count k * (clean_high th k * (q k - 1 + th))
  - noisy_count k * (noisy_low th k * (q k + 1 - th)))).
Definition aH_low th k := 2 * mR / TR * (a * (clean_count k * (clean_low th k * (q k - 1 - th))
  - noisy_count k * (noisy_high th k * (q k + 1 + th)))).
Definition own th eps k := 2 * noisy_low th k / TR * (q k + 1 - (2 * mR - 1) * th) * (1 - eps).
Definition lean th eps cross k := own th eps k - aH_high th k - cross.

Lemma a_nonneg : 0 <= a.
Proof.
apply Rmult_le_pos; [apply Rle_0_sqr|]. left. apply Rinv_0_lt_compat, scale_positive.
Qed.

Lemma aW_range eps tau k : near_orthogonal eps tau ->
  aW_low (eps + tau) k <= a * W k <= aW_high (eps + tau) k.
Proof.
intros N. assert (P := a_nonneg). unfold aW_low, aW_high, W. set (th := eps + tau).
assert (G : forall j, (j < n)%nat -> class S0 j = k ->
  (if noisy S0 j then - (1 + 2 * noisy_high th k) else 1 + 2 * clean_low th k) <=
  (if noisy S0 j then - w j else w j) <=
  (if noisy S0 j then - (1 + 2 * noisy_low th k) else 1 + 2 * clean_high th k)).
{ intros j J E. assert (B := g_range eps tau j N J). fold th in B. rewrite E in B. unfold w.
  destruct (noisy S0 j); lra. }
split; apply Rmult_le_compat_l; auto.
- eapply Rle_trans; [|apply in_class_ge; intros j J E; apply (G j J E)]. lra.
- eapply Rle_trans; [apply in_class_le; intros j J E; apply (G j J E)|]. lra.
Qed.

(* A product of a positive factor within [l, h] and one within [x, z], x >= 0. *)
Lemma product_range l f h x b z : 0 <= l <= f -> f <= h -> 0 <= x <= b -> b <= z ->
  l * x <= f * b <= h * z.
Proof.
intros L F X Z. split.
- apply Rmult_le_compat; lra.
- apply Rmult_le_compat; lra.
Qed.

Lemma aH_range eps tau k : near_orthogonal eps tau -> 0 <= eps + tau < 1 ->
  (forall c, mR * (1 + (eps + tau)) < q c) ->
  aH_low (eps + tau) k <= a * H k <= aH_high (eps + tau) k.
Proof.
intros N Th R. set (th := eps + tau) in *.
assert (P := a_nonneg). assert (L := TR_positive). assert (M := mR_least). assert (K := R k).
assert (Big : 1 + th <= mR * (1 + th)).
{ rewrite <- (Rmult_1_l (1 + th)) at 1. apply Rmult_le_compat_r; lra. }
assert (F : 0 <= 2 * mR / TR) by (apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]).
assert (G : forall j, (j < n)%nat -> class S0 j = k ->
  (if noisy S0 j then - (2 * mR / TR * (noisy_high th k * (q k + 1 + th)))
   else 2 * mR / TR * (clean_low th k * (q k - 1 - th))) <= d0 j <=
  (if noisy S0 j then - (2 * mR / TR * (noisy_low th k * (q k + 1 - th)))
   else 2 * mR / TR * (clean_high th k * (q k - 1 + th)))).
{ intros j J E. assert (B := g_range eps tau j N J). fold th in B.
  assert (B' := A_total_range eps tau j N J). fold th in B'.
  set (ma := total mm (A j) / mR).
  assert (Ma : 1 - th <= ma <= 1 + th).
  { unfold ma. split; apply Rmult_le_reg_r with mR; try lra; unfold Rdiv;
      rewrite Rmult_assoc, Rinv_l, Rmult_1_r; lra. }
  assert (U : Q j - mean j = mR / TR * (Q j - ma)).
  { unfold mean, ma. rewrite TR_is. field. lra. }
  assert (V0 : d0 j = 2 * mR / TR * (g j * (Q j - ma))) by (unfold d0; rewrite U; field; lra).
  rewrite V0. unfold Q in *. rewrite E in *.
  assert (P1 := response_positive (t * ((q k + mR * (1 + th)) / TR))). fold (clean_low th k) in P1.
  assert (P2 := response_positive (t * ((mR * (1 + th) - q k) / TR))). fold (noisy_low th k) in P2.
  destruct (noisy S0 j).
  - assert (Pr := product_range (noisy_low th k) (g j) (noisy_high th k) (q k + 1 - th) (q k + ma)
      (q k + 1 + th) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)).
    replace (g j * (- q k - ma)) with (- (g j * (q k + ma))) by ring.
    rewrite Ropp_mult_distr_r_reverse.
    split; apply Ropp_le_contravar, Rmult_le_compat_l; lra.
  - assert (Pr := product_range (clean_low th k) (g j) (clean_high th k) (q k - 1 - th) (q k - ma)
      (q k - 1 + th) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)).
    split; apply Rmult_le_compat_l; lra. }
split.
- apply Rle_trans with (a * (clean_count k * (2 * mR / TR * (clean_low th k * (q k - 1 - th)))
    + noisy_count k * (- (2 * mR / TR * (noisy_high th k * (q k + 1 + th)))))).
  + apply Req_le. unfold aH_low. ring.
  + apply Rmult_le_compat_l; auto. apply in_class_ge. intros j J E. apply (G j J E).
- apply Rle_trans with (a * (clean_count k * (2 * mR / TR * (clean_high th k * (q k - 1 + th)))
    + noisy_count k * (- (2 * mR / TR * (noisy_low th k * (q k + 1 - th)))))).
  + apply Rmult_le_compat_l; auto. apply in_class_le. intros j J E. apply (G j J E).
  + apply Req_le. unfold aH_high. ring.
Qed.

(* A noisy sample's own noise token: its weight in p2, and p2's score of the signal above it. *)
Lemma own_weight eps tau i s : near_orthogonal eps tau -> (i < n)%nat -> (s < mm)%nat ->
  noisy S0 i = true -> 0 <= eps + tau < 1 -> (forall c, mR * (1 + (eps + tau)) < q c) ->
  2 * noisy_low (eps + tau) (class S0 i) / TR *
    (q (class S0 i) + 1 - (2 * mR - 1) * (eps + tau)) <= d i s /\
  0 <= q (class S0 i) + 1 - (2 * mR - 1) * (eps + tau).
Proof.
intros N I L Noisy Th R. set (th := eps + tau) in *. set (k := class S0 i) in *.
assert (P := TR_positive). assert (M := mR_least). assert (K := R k).
assert (B := g_range eps tau i N I). rewrite Noisy in B. fold th k in B.
assert (As := A_range eps tau i s N I L). fold th in As.
assert (Rest : total mm (A i) - A i s <= (mR - 1) * (1 + th)).
{ assert (T0 := term_le_total mm s (fun r => (1 + th) - A i r) L
    ltac:(intros r K'; assert (X := A_range eps tau i r N I K'); fold th in X; lra)).
  rewrite total_minus, total_const in T0. lra. }
assert (X0 : 0 <= (mR - 1) * (1 - th)) by (apply Rmult_le_pos; lra).
assert (Pos : 0 <= q k + 1 - (2 * mR - 1) * th) by lra.
split; auto.
assert (U : A i s - mean i = (mR * A i s - (total mm (A i) - A i s) + q k) / TR).
{ unfold mean, Q. rewrite Noisy. fold k. rewrite TR_is. field. lra. }
assert (X1 : mR * (1 - th) <= mR * A i s) by (apply Rmult_le_compat_l; lra).
unfold d. rewrite U.
apply Rle_trans with (2 * g i / TR * (q k + 1 - (2 * mR - 1) * th)).
- apply Rmult_le_compat_r; auto. unfold Rdiv. apply Rmult_le_compat_r;
    [left; now apply Rinv_0_lt_compat|]. lra.
- apply Rle_trans with (2 * g i / TR * (mR * A i s - (total mm (A i) - A i s) + q k));
    [|apply Req_le; field; lra].
  apply Rmult_le_compat_l; [|lra]. assert (Gp := response_positive (t * mean i)). fold (g i) in Gp.
  apply Rmult_le_pos; [lra|]. left. now apply Rinv_0_lt_compat.
Qed.

(* Bounds X and Y on the sums over all other noise tokens. *)
Definition cross_bounds (X Y : R) : Prop := forall i s, (i < n)%nat -> (s < mm)%nat ->
  Rabs (off (fun j _ => w j * y j) i s) <= X /\ Rabs (off d i s) <= Y.

Lemma signal_score eps tau X Y i s : near_orthogonal eps tau -> cross_bounds X Y ->
  (i < n)%nat -> (s < mm)%nat -> noisy S0 i = true -> 0 <= eps + tau < 1 -> eps <= 1 ->
  (forall c, mR * (1 + (eps + tau)) < q c) ->
  projection DD p2 i O <=
    projection DD p2 i (S s) - t * t * lean (eps + tau) eps Y (class S0 i).
Proof.
intros N C I L Noisy Th E1 R. rewrite p2_signal, p2_noise by auto.
assert (TT : 0 <= t * t) by apply Rle_0_sqr.
destruct (C i s I L) as [_ CY]. apply within in CY.
destruct (N i s I L) as [NE _]. apply within in NE.
destruct (own_weight eps tau i s N I L Noisy Th R) as [O1 O2].
assert (AH := aH_range eps tau (class S0 i) N Th R).
assert (O3 : own (eps + tau) eps (class S0 i) <= d i s * gamma i s i s).
{ unfold own. apply Rle_trans with (d i s * (1 - eps)).
  - apply Rmult_le_compat_r; lra.
  - apply Rmult_le_compat_l; [|lra]. apply Rle_trans with (2 := O1). apply Rmult_le_pos; auto.
    assert (Gp := response_positive (t * ((mR * (1 + (eps + tau)) - q (class S0 i)) / TR))).
    unfold noisy_low. assert (P := TR_positive).
    apply Rmult_le_pos; [lra|]. left. now apply Rinv_0_lt_compat. }
unfold off in CY.
apply Rle_trans with (t * t * (noise_sum d i s - lean (eps + tau) eps Y (class S0 i)));
  [|apply Req_le; ring].
apply Rmult_le_compat_l; auto. unfold lean. lra.
Qed.

Lemma value_bound eps tau X Y i s : near_orthogonal eps tau -> cross_bounds X Y ->
  (i < n)%nat -> (s < mm)%nat -> w i * (1 - eps) - X <= V i s.
Proof.
intros N C I L. destruct (C i s I L) as [CX _]. apply within in CX.
destruct (N i s I L) as [NE _]. apply within in NE.
assert (E : V i s = w i * gamma i s i s + y i * off (fun j _ => w j * y j) i s).
{ unfold V, off. assert (Y0 := y_square i I).
  transitivity (y i * noise_sum (fun j _ => w j * y j) i s +
    (1 - y i * y i) * (w i * gamma i s i s)); [rewrite Y0; lra|lra]. }
assert (Pos := response_positive (t * mean i)). fold (g i) in Pos.
assert (G : w i * (1 - eps) <= w i * gamma i s i s) by (apply Rmult_le_compat_l; unfold w; lra).
assert (Y1 : y i = 1 \/ y i = -1).
{ rewrite (label_is S0 i I). unfold sign. destruct (noisy S0 i), (class S0 i); lra. }
rewrite E. destruct Y1 as [-> | ->]; lra.
Qed.

(* The sign of the output is that of the sum with unnormalised weights. *)
Lemma margin2_positive i : (i < n)%nat ->
  0 < exp (projection DD p2 i O) * (y i * projection DD v2 i O) +
      total mm (fun s => exp (projection DD p2 i (S s)) * (y i * projection DD v2 i (S s))) ->
  0 < margin2 i.
Proof.
intros I Pos. set (z := total T (fun s => exp (projection DD p2 i s))).
assert (Z : 0 < z) by (apply total_positive with (t := O); [lia | intros; apply exp_pos]).
assert (E : margin2 i * z =
  total T (fun s => exp (projection DD p2 i s) * (y i * projection DD v2 i s))).
{ unfold margin2, output. rewrite token_count, Rmult_assoc, (Rmult_comm _ z), <- Rmult_assoc.
  rewrite <- total_scale. apply total_ext. intros s L. unfold weight, softmax. rewrite token_count.
  fold z. field. lra. }
rewrite total_first in E. rewrite <- E in Pos.
apply Rmult_lt_reg_r with z; auto. lra.
Qed.

Theorem clean_fitted eps tau X Y i : near_orthogonal eps tau -> cross_bounds X Y ->
  (i < n)%nat -> noisy S0 i = false -> eps <= 1 ->
  0 < aW_low (eps + tau) (class S0 i) ->
  X < (1 + 2 * clean_low (eps + tau) (class S0 i)) * (1 - eps) ->
  0 < margin2 i.
Proof.
intros N C I Clean E1 HW HV. assert (P := t_positive).
assert (B := g_range eps tau i N I). rewrite Clean in B.
apply margin2_positive; auto. apply Rplus_lt_0_compat.
- apply Rmult_lt_0_compat; [apply exp_pos|]. rewrite v2_signal, Clean by auto.
  assert (AW := aW_range eps tau (class S0 i) N).
  rewrite Rmult_1_l, Rmult_assoc. apply Rmult_lt_0_compat; lra.
- apply total_positive with (t := O); [apply has_noise|]. intros s L.
  apply Rmult_lt_0_compat; [apply exp_pos|]. rewrite v2_noise by auto.
  apply Rmult_lt_0_compat; auto.
  apply Rlt_le_trans with (2 := value_bound eps tau X Y i s N C I L).
  assert ((1 + 2 * clean_low (eps + tau) (class S0 i)) * (1 - eps) <= w i * (1 - eps))
    by (apply Rmult_le_compat_r; unfold w; lra). lra.
Qed.

Theorem noisy_fitted eps tau X Y i : near_orthogonal eps tau -> cross_bounds X Y ->
  (i < n)%nat -> noisy S0 i = true -> 0 <= eps + tau < 1 -> eps <= 1 ->
  (forall k, mR * (1 + (eps + tau)) < q k) ->
  let th := eps + tau in
  let k := class S0 i in
  let v := (1 + 2 * noisy_low th k) * (1 - eps) - X in
  0 < v ->
  aW_high th k < mR * (exp (t * t * lean th eps Y k) * v) ->
  0 < margin2 i.
Proof.
intros N C I Noisy Th E1 R th k v Vpos Cond. assert (P := t_positive).
assert (B := g_range eps tau i N I). rewrite Noisy in B. fold th k in B.
set (e0 := exp (projection DD p2 i O)). assert (E0 : 0 < e0) by apply exp_pos.
apply margin2_positive; auto. rewrite v2_signal, Noisy by auto. fold e0 k.
assert (AW := aW_range eps tau k N). fold th in AW.
apply Rlt_le_trans with (e0 * (-1 * (t * a * W k)) +
  mR * (e0 * exp (t * t * lean th eps Y k) * (t * v))).
- apply Rlt_le_trans with (e0 * t * (mR * (exp (t * t * lean th eps Y k) * v) - a * W k));
    [|apply Req_le; ring].
  apply Rmult_lt_0_compat; [now apply Rmult_lt_0_compat|]. lra.
- apply Rplus_le_compat_l, total_ge_const. intros s L.
  rewrite v2_noise by auto. apply Rmult_le_compat.
  + left. apply Rmult_lt_0_compat; auto. apply exp_pos.
  + left. now apply Rmult_lt_0_compat.
  + unfold e0. rewrite <- exp_plus.
    assert (SS := signal_score eps tau X Y i s N C I L Noisy Th E1 R). fold th k in SS.
    destruct (Rle_lt_or_eq_dec (projection DD p2 i 0 + t * t * lean th eps Y k)
      (projection DD p2 i (S s))) as [Lt | Eq]; [lra| |].
    * left. now apply exp_increasing.
    * right. now rewrite Eq.
  + apply Rmult_le_compat_l; [lra|].
    apply Rle_trans with (2 := value_bound eps tau X Y i s N C I L). unfold v.
    assert ((1 + 2 * noisy_low th k) * (1 - eps) <= w i * (1 - eps))
      by (apply Rmult_le_compat_r; unfold w; lra). lra.
Qed.

Theorem noisy_attention eps tau X Y i : near_orthogonal eps tau -> cross_bounds X Y ->
  (i < n)%nat -> noisy S0 i = true -> 0 <= eps + tau < 1 -> eps <= 1 ->
  (forall k, mR * (1 + (eps + tau)) < q k) ->
  weight DD p2 i O <= / (1 + mR * exp (t * t * lean (eps + tau) eps Y (class S0 i))).
Proof.
intros N C I Noisy Th E1 R. set (l := t * t * lean (eps + tau) eps Y (class S0 i)).
set (e0 := exp (projection DD p2 i O)). assert (E0 : 0 < e0) by apply exp_pos.
assert (El := exp_pos l). assert (M := mR_least).
assert (ME : 0 < mR * exp l) by (apply Rmult_lt_0_compat; lra).
unfold weight, softmax. rewrite token_count, total_first. fold e0.
assert (B : mR * (e0 * exp l) <= total mm (fun s => exp (projection DD p2 i (S s)))).
{ apply total_ge_const. intros s L. unfold e0. rewrite <- exp_plus.
  assert (SS := signal_score eps tau X Y i s N C I L Noisy Th E1 R). fold l in SS.
  destruct (Rle_lt_or_eq_dec (projection DD p2 i 0 + l) (projection DD p2 i (S s)))
    as [Lt | Eq]; [lra| |].
  - left. now apply exp_increasing.
  - right. now rewrite Eq. }
apply Rle_trans with (e0 * / (e0 * (1 + mR * exp l))).
- unfold Rdiv. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar.
  + apply Rmult_lt_0_compat; lra.
  + lra.
- apply Req_le. field. lra.
Qed.

(* Both bounds of near_orthogonal are bounds of absolute values. *)
Lemma near_signs eps tau : near_orthogonal eps tau -> 0 <= eps /\ 0 <= tau.
Proof.
intros N. destruct (N O O (has_samples S0) (has_noise S0)) as [E F].
split; [apply Rle_trans with (2 := E) | apply Rle_trans with (2 := F)]; apply Rabs_pos.
Qed.

(* The inequalities of specs/two_step/many_tokens.md for class k. *)
Definition fits_class (eps tau X Y : R) (k : bool) : Prop :=
  let th := eps + tau in
  let v := (1 + 2 * noisy_low th k) * (1 - eps) - X in
  mR * (1 + th) < q k /\ 0 < aW_low th k /\ X < (1 + 2 * clean_low th k) * (1 - eps) /\
  0 < v /\ aW_high th k < mR * (exp (t * t * lean th eps Y k) * v).

Theorem all_fitted eps tau X Y : near_orthogonal eps tau -> cross_bounds X Y -> eps + tau < 1 ->
  (forall k, fits_class eps tau X Y k) -> forall i, (i < n)%nat -> 0 < margin2 i.
Proof.
intros N C Th F i I. destruct (near_signs eps tau N) as [E0 T0].
destruct (F (class S0 i)) as (_ & F2 & F3 & F4 & F5).
destruct (noisy S0 i) eqn:Noisy.
- apply (noisy_fitted eps tau X Y); auto; try lra. intros k. apply (F k).
- apply (clean_fitted eps tau X Y); auto; lra.
Qed.

(* A fresh sample i of any data of the same shape, with the signal of class k. *)
Theorem fresh_sample eps tau F i k om pi : near_orthogonal eps tau -> 0 <= eps + tau < 1 ->
  (forall c, mR * (1 + (eps + tau)) < q c) ->
  tokens F = T -> dim F = dim DD -> (forall j, (j < dim DD)%nat -> token F i O j = mu S0 k j) ->
  (forall s, (s < mm)%nat ->
    - (t * om) <= sign k * projection F v2 i (S s) /\ projection F p2 i (S s) <= t * t * pi) ->
  0 <= om -> mR * om < exp (t * t * (aH_low (eps + tau) k - pi)) * aW_low (eps + tau) k ->
  0 < sign k * output F v2 p2 i.
Proof.
intros N Th R TF DF Sig Noise Om Cond. assert (P := t_positive).
assert (TT : 0 <= t * t) by apply Rle_0_sqr.
assert (AW := aW_range eps tau k N). assert (AH := aH_range eps tau k N Th R).
assert (Mu : forall u, projection F u i O = dot (dim DD) u (mu S0 k)).
{ intros u. unfold projection, dot. rewrite DF. apply total_ext. intros j J.
  rewrite Sig by auto. lra. }
set (z := total T (fun s => exp (projection F p2 i s))).
assert (Z : 0 < z) by (apply total_positive with (t := O); [lia | intros; apply exp_pos]).
assert (E : sign k * output F v2 p2 i * z =
  total T (fun s => exp (projection F p2 i s) * (sign k * projection F v2 i s))).
{ unfold output. rewrite TF, Rmult_assoc, (Rmult_comm _ z), <- Rmult_assoc.
  rewrite (Rmult_comm (sign k) z), Rmult_assoc, <- !total_scale. apply total_ext. intros s L.
  unfold weight, softmax. rewrite TF. fold z. field. lra. }
apply Rmult_lt_reg_r with z; auto. rewrite E, total_first, Rmult_0_l, !Mu, v2_mu, p2_mu.
assert (Sq : sign k * (sign k * (t * a * W k)) = t * (a * W k)) by (unfold sign; destruct k; ring).
rewrite Sq. set (ep := exp (t * t * pi)). assert (Ep : 0 < ep) by apply exp_pos.
apply Rlt_le_trans with (exp (t * t * (a * H k)) * (t * (a * W k)) + mR * (ep * - (t * om))).
- assert (Eh : exp (t * t * (aH_low (eps + tau) k)) <= exp (t * t * (a * H k))).
  { destruct (Rle_lt_or_eq_dec (t * t * aH_low (eps + tau) k) (t * t * (a * H k))) as [Lt | Eq].
    - apply Rmult_le_compat_l; lra.
    - left. now apply exp_increasing.
    - right. now rewrite Eq. }
  assert (Split : exp (t * t * (aH_low (eps + tau) k - pi)) * ep =
    exp (t * t * aH_low (eps + tau) k)).
  { unfold ep. rewrite <- exp_plus. f_equal. ring. }
  assert (Low : 0 < aW_low (eps + tau) k).
  { apply Rmult_lt_reg_l with (exp (t * t * (aH_low (eps + tau) k - pi))); [apply exp_pos|].
    assert (mR * om >= 0) by (apply Rle_ge, Rmult_le_pos; auto using pos_INR). lra. }
  assert (C2 : mR * om * ep < exp (t * t * aH_low (eps + tau) k) * aW_low (eps + tau) k).
  { rewrite <- Split. apply Rlt_le_trans with (exp (t * t * (aH_low (eps + tau) k - pi)) *
      aW_low (eps + tau) k * ep); [|apply Req_le; ring]. now apply Rmult_lt_compat_r. }
  assert (C3 : exp (t * t * aH_low (eps + tau) k) * aW_low (eps + tau) k <=
    exp (t * t * (a * H k)) * (a * W k)).
  { apply Rmult_le_compat; try lra. left. apply exp_pos. }
  apply Rlt_le_trans with (t * (exp (t * t * (a * H k)) * (a * W k) - mR * om * ep));
    [|apply Req_le; ring].
  apply Rmult_lt_0_compat; lra.
- apply Rplus_le_compat_l, total_ge_const. intros s L. destruct (Noise s L) as [B C].
  assert (Es : exp (projection F p2 i (S s)) <= ep).
  { destruct (Rle_lt_or_eq_dec _ _ C) as [Lt | Eq].
    - left. now apply exp_increasing.
    - right. unfold ep. now rewrite Eq. }
  assert (Po := exp_pos (projection F p2 i (S s))).
  apply Rle_trans with (exp (projection F p2 i (S s)) * - (t * om)).
  + rewrite !Ropp_mult_distr_r_reverse. apply Ropp_le_contravar, Rmult_le_compat_r; auto.
    apply Rmult_le_pos; lra.
  + apply Rmult_le_compat_l; lra.
Qed.

(* ---- bounds of the cross sums from row sums alone ---- *)

Definition row_sum (i s : nat) : R :=
  total n (fun j => total mm (fun r => Rabs (gamma i s j r))) - Rabs (gamma i s i s).

Lemma off_bound x b i s : (i < n)%nat -> (s < mm)%nat ->
  (forall j r, (j < n)%nat -> (r < mm)%nat -> Rabs (x j r) <= b) ->
  Rabs (off x i s) <= b * row_sum i s.
Proof.
intros I L B. set (c := fun j r => if (Nat.eqb j i && Nat.eqb r s)%bool then 0 else 1).
assert (Out : forall f : nat -> nat -> R,
  total n (fun j => total mm (fun r => f j r)) - f i s =
  total n (fun j => total mm (fun r => c j r * f j r))).
{ intros f.
  assert (S1 := total_split n i (fun j => total mm (fun r => f j r)) I).
  assert (S2 := total_split n i (fun j => total mm (fun r => c j r * f j r)) I).
  assert (S3 := total_split mm s (fun r => f i r) L).
  assert (S4 := total_split mm s (fun r => c i r * f i r) L). cbv beta in S1, S2, S3, S4.
  assert (E1 : others mm s (fun r => c i r * f i r) = others mm s (fun r => f i r)).
  { apply total_ext. intros r K. unfold c. destruct (Nat.eqb_spec r s); [reflexivity|].
    rewrite andb_false_r. lra. }
  assert (E2 : others n i (fun j => total mm (fun r => c j r * f j r)) =
               others n i (fun j => total mm (fun r => f j r))).
  { apply total_ext. intros j J. destruct (Nat.eqb_spec j i) as [|Ne]; [reflexivity|].
    apply total_ext. intros r K. unfold c. apply Nat.eqb_neq in Ne. rewrite Ne. simpl. lra. }
  assert (Own : c i s = 0) by (unfold c; now rewrite !Nat.eqb_refl).
  rewrite S1, S2, S3, S4, E1, E2, Own. lra. }
unfold off, noise_sum, row_sum.
rewrite (Out (fun j r => x j r * gamma i s j r)), (Out (fun j r => Rabs (gamma i s j r))).
apply Rle_trans with (1 := total_abs _ _). rewrite <- total_scale. apply total_le. intros j J.
apply Rle_trans with (1 := total_abs _ _). rewrite <- total_scale. apply total_le. intros r K.
unfold c. destruct (Nat.eqb j i && Nat.eqb r s)%bool.
- rewrite !Rmult_0_l, Rabs_R0. lra.
- rewrite !Rmult_1_l, Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos | auto].
Qed.

End Theorems.
