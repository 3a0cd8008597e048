(* SPDX-License-Identifier: Apache-2.0

   The single-head model over the reals: f(X; v, p) = v' X' S(X p), S the softmax; its mean logistic
   loss, the gradients in v and p, and projected gradient descent (arXiv 2410.07746).  These are the
   formulas that kernel/single_head.h evaluates, without any rounding.

   Main results: definitions only; Gradient.v proves that the gradients are gradients.
   Assumptions: none.  Indices: i sample, t and s token, k coordinate. *)
From Coq Require Import Reals.
Require Import Sums.
Open Scope R_scope.

(* Shapes: token is (samples, tokens, dim), label is (samples). *)
Record data := {
  samples : nat;
  tokens : nat;
  dim : nat;
  token : nat -> nat -> nat -> R;
  label : nat -> R
}.

(* ---- functions of one row ---- *)

Definition softmax (T : nat) (z : nat -> R) (t : nat) : R :=
  exp (z t) / total T (fun s => exp (z s)).

Definition loss (z : R) : R := ln (1 + exp (- z)).

Definition loss_derivative (z : R) : R := - (1 / (1 + exp z)).

(* The projection of x onto [-m, m]. *)
Definition clamp (m x : R) : R := Rmax (- m) (Rmin m x).

(* ---- forward ---- *)

(* The projection of token (i, t) on w: the score for w = p, the value for w = v. *)
Definition projection (D : data) (w : nat -> R) (i t : nat) : R :=
  total (dim D) (fun k => token D i t k * w k).

Definition weight (D : data) (p : nat -> R) (i t : nat) : R :=
  softmax (tokens D) (projection D p i) t.

Definition output (D : data) (v p : nat -> R) (i : nat) : R :=
  total (tokens D) (fun t => weight D p i t * projection D v i t).

Definition mean_loss (D : data) (v p : nat -> R) : R :=
  total (samples D) (fun i => loss (label D i * output D v p i)) / INR (samples D).

(* ---- gradients ---- *)

Definition value_coefficient (D : data) (v p : nat -> R) (i t : nat) : R :=
  label D i * loss_derivative (label D i * output D v p i) * weight D p i t.

Definition score_coefficient (D : data) (v p : nat -> R) (i t : nat) : R :=
  value_coefficient D v p i t * (projection D v i t - output D v p i).

(* Sum of the scaled tokens, and its mean over the samples. *)
Definition scaled_tokens (D : data) (c : nat -> nat -> R) (k : nat) : R :=
  total (samples D) (fun i => total (tokens D) (fun t => c i t * token D i t k)).

Definition gradient (D : data) (c : nat -> nat -> R) (k : nat) : R :=
  scaled_tokens D c k / INR (samples D).

Definition gradient_v (D : data) (v p : nat -> R) : nat -> R :=
  gradient D (value_coefficient D v p).

Definition gradient_p (D : data) (v p : nat -> R) : nat -> R :=
  gradient D (score_coefficient D v p).

(* ---- descent ---- *)

(* Entries of v and p are kept within [-box, box] (AT_MAX_WEIGHT). *)
Definition step_v (D : data) (box step : R) (v p : nat -> R) (k : nat) : R :=
  clamp box (v k - step * gradient_v D v p k).

Definition step_p (D : data) (box step : R) (v p : nat -> R) (k : nat) : R :=
  clamp box (p k - step * gradient_p D v p k).

(* The iterates from zero. *)
Fixpoint iterate (D : data) (box step : R) (m : nat) : (nat -> R) * (nat -> R) :=
  match m with
  | O => (fun _ => 0, fun _ => 0)
  | S j => let (v, p) := iterate D box step j in (step_v D box step v p, step_p D box step v p)
  end.
