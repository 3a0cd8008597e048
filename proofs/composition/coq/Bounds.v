(* SPDX-License-Identifier: Apache-2.0

   The error bounds, as functions of the data, of the computed numbers of one point and of the
   errors e_v, e_p of its v and p.  No exact iterate occurs in them.

   Main results: definitions only; Composition.v proves them.  Each names the header of
   harness/bounds that derives the same quantity, and where the two differ.
   Assumptions: none. *)
From Coq Require Import Reals.
Require Import Sums Model Contracts.
Open Scope R_scope.

(* harness/bounds/vector.h, at_bound_dot: there lambda_h and 4 m eta are the rounding, here the
   constants of the contract (the same h + 1 units for 32 lanes, one tail for all sizes). *)
Definition projection_error (K : accuracy) (D : data) (w e : nat -> R) (i t : nat) : R :=
  dot_relative K * total (dim D) (fun k => Rabs (token D i t k * w k)) + dot_absolute K +
  total (dim D) (fun k => Rabs (token D i t k) * e k).

Definition score_error K D x e_p := projection_error K D (hat_p x) e_p.
Definition value_error K D x e_v := projection_error K D (hat_v x) e_v.

(* harness/bounds/softmax.h.  An upper bound of the exact softmax of the computed scores (Q_t), *)
Definition weight_size (K : accuracy) (x : computed) (i t : nat) : R :=
  (hat_weights x i t + softmax_absolute K) / (1 - softmax_relative K (hat_scores x i) t).

(* the rounding of the row, which the header carries inside B_t, *)
Definition weight_rounding (K : accuracy) (x : computed) (i t : nat) : R :=
  softmax_relative K (hat_scores x i) t * weight_size K x i t + softmax_absolute K.

(* and the sensitivity to the scores: Q_t B_t with B_t as in the header, without the roundings.  The
   header divides by 1 - B_t; the inequality of the means makes that unnecessary. *)
Definition weight_error (K : accuracy) (D : data) (x : computed) (e_p : nat -> R) (i t : nat) : R :=
  Rmin 1 (weight_rounding K x i t +
    weight_size K x i t * others (tokens D) t (fun s => weight_size K x i s *
      (exp (score_error K D x e_p i t + score_error K D x e_p i s) - 1))).

(* harness/bounds/pooling.h.  R, the rounding of the output, *)
Definition output_rounding (K : accuracy) (D : data) (x : computed) (i : nat) : R :=
  output_relative K * total (tokens D) (fun t => Rabs (hat_weights x i t * hat_values x i t)) +
  output_absolute K.

(* and F, the same formula as in the header. *)
Definition output_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R) (i : nat)
    : R :=
  output_rounding K D x i + total (tokens D) (fun t =>
    hat_weights x i t * value_error K D x e_v i t +
    weight_error K D x e_p i t * (Rabs (hat_values x i t) + value_error K D x e_v i t)).

Definition margin_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R) (i : nat)
    : R :=
  Rabs (label D i) * output_error K D x e_v e_p i.

(* Mean loss: single_head.h of harness/bounds; the losses are those of the computed outputs, which
   the header replaces by the computed losses. *)
Definition loss_size (D : data) (x : computed) (i : nat) : R :=
  loss (label D i * hat_outputs x i).

Definition mean_loss_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R) : R :=
  loss_relative K * (total (samples D) (loss_size D x) / INR (samples D)) + loss_absolute K +
  total (samples D) (fun i => Rmin (margin_error K D x e_v e_p i)
    (loss_size D x i * (exp (margin_error K D x e_v e_p i) - 1))) / INR (samples D).

(* g^: the exact slope at the computed output; the header reads an upper bound of it off the
   coefficients, because no array holds it. *)
Definition slope_size (D : data) (x : computed) (i : nat) : R :=
  1 / (1 + exp (label D i * hat_outputs x i)).

(* G of the header (elementary.h), without the rounding of the sigmoid, which is in the contract of
   the coefficients. *)
Definition slope_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R) (i : nat)
    : R :=
  Rmin (margin_error K D x e_v e_p i / 4)
    (slope_size D x i * (exp (margin_error K D x e_v e_p i) - 1)).

(* |y| (g^ W_t + G (w^_t + W_t)), the sensitivity in C_t of the header *)
Definition value_sensitivity (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R)
    (i t : nat) : R :=
  Rabs (label D i) * (slope_size D x i * weight_error K D x e_p i t +
    slope_error K D x e_v e_p i * (hat_weights x i t + weight_error K D x e_p i t)).

Definition exact_product (D : data) (x : computed) (i t : nat) : R :=
  Rabs (label D i) * slope_size D x i * hat_weights x i t.

(* C_t of the header, the rounding from the contract *)
Definition value_coefficient_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R)
    (i t : nat) : R :=
  value_relative K * exact_product D x i t + value_absolute K +
  value_sensitivity K D x e_v e_p i t.

(* V_t of the header; the deficit of the weights is taken as it is, not bounded by sum W_s *)
Definition deviation (x : computed) (i t : nat) : R := hat_values x i t - hat_outputs x i.

Definition deviation_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R) (i t : nat)
    : R :=
  let X := value_error K D x e_v i in
  Rmin (X t + output_error K D x e_v e_p i)
    (output_rounding K D x i +
     Rabs (1 - total (tokens D) (hat_weights x i)) * Rabs (hat_values x i t) +
     others (tokens D) t (fun s => hat_weights x i s * (X t + X s) +
       weight_error K D x e_p i s * (Rabs (hat_values x i t - hat_values x i s) + (X t + X s)))).

(* The error of b_t: the header has |c^_t| P_t + C_t (|D^_t| + P_t) + rounding. *)
Definition score_coefficient_error (K : accuracy) (D : data) (x : computed) (e_v e_p : nat -> R)
    (i t : nat) : R :=
  score_relative K * (exact_product D x i t * Rabs (deviation x i t)) +
  score_floor K * Rabs (deviation x i t) + score_absolute K +
  exact_product D x i t * deviation_error K D x e_v e_p i t +
  value_sensitivity K D x e_v e_p i t *
    (Rabs (deviation x i t) + deviation_error K D x e_v e_p i t).

(* harness/bounds/vector.h, at_bound_sum_scaled_rows (E), and single_head.h: E / n + the rounding of
   the mean, here from |fl(x) - x| <= u |x| + eta alone. *)
Definition rows_error (K : accuracy) (D : data) (c e : nat -> nat -> R) (k : nat) : R :=
  rows_relative K * total (samples D) (fun i => total (tokens D) (fun t =>
    Rabs (c i t * token D i t k))) + rows_absolute K +
  total (samples D) (fun i => total (tokens D) (fun t => e i t * Rabs (token D i t k))).

Definition gradient_error (K : accuracy) (D : data) (c e : nat -> nat -> R) (g : nat -> R) (k : nat)
    : R :=
  rows_error K D c e k / INR (samples D) +
  (mean_relative K * ((Rabs (g k) + mean_absolute K) / (1 - mean_relative K)) + mean_absolute K).

Definition gradient_v_error K D x e_v e_p : nat -> R :=
  gradient_error K D (hat_value_coefficients x) (value_coefficient_error K D x e_v e_p)
    (hat_gradient_v x).

Definition gradient_p_error K D x e_v e_p : nat -> R :=
  gradient_error K D (hat_score_coefficients x) (score_coefficient_error K D x e_v e_p)
    (hat_gradient_p x).

(* harness/bounds/vector.h, at_bound_descend: e_w + |step| e_g + the rounding, here that of the
   contract. *)
Definition descend_error (K : accuracy) (step : R) (w g e_w e_g : nat -> R) (k : nat) : R :=
  e_w k + Rabs step * e_g k +
  (descend_relative K * (Rabs (w k - step * g k) + 3 / 2 * Rabs (step * g k)) +
   descend_absolute K).

Definition step_v_error K D step x e_v e_p : nat -> R :=
  descend_error K step (hat_v x) (hat_gradient_v x) e_v (gradient_v_error K D x e_v e_p).

Definition step_p_error K D step x e_v e_p : nat -> R :=
  descend_error K step (hat_p x) (hat_gradient_p x) e_p (gradient_p_error K D x e_v e_p).

(* The errors of iterate m of a run from zero, of which x j is the computed iterate j. *)
Fixpoint run_error (K : accuracy) (D : data) (step : R) (x : nat -> computed) (m : nat)
    : (nat -> R) * (nat -> R) :=
  match m with
  | O => (fun _ => 0, fun _ => 0)
  | S j => let (e_v, e_p) := run_error K D step x j in
           (step_v_error K D step (x j) e_v e_p, step_p_error K D step (x j) e_v e_p)
  end.
