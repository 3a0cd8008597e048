(* SPDX-License-Identifier: Apache-2.0

   The two facts about exp that specs/two_step/exponential.mlw leaves to Coq.

   Main results: exp_tangent_line, exp_above_parabola; their statements are written by Why3 into
   Why3_exponential.v.  Assumptions: none. *)
From Coq Require Import Reals Lra.
Require Import Why3_exponential.
Open Scope R_scope.

Theorem exp_tangent_line : exp_tangent_line_statement.
Proof.
intros x. destruct (Req_dec x 0) as [->|N].
- rewrite exp_0. lra.
- apply Rlt_le, exp_ineq1, N.
Qed.

(* The difference vanishes at 0 and its derivative exp c - 1 - c is positive on (0, x). *)
Theorem exp_above_parabola : exp_above_parabola_statement.
Proof.
intros x P.
set (f := fun z => exp z - 1 - z - z * z / 2).
destruct (MVT_cor2 f (fun z => exp z - 1 - z) 0 x P) as (c & E & C).
- intros c _. unfold f.
  replace (exp c - 1 - c) with (exp c - 0 - 1 - (1 * c + c * 1) * / 2) by field.
  apply derivable_pt_lim_minus; [apply derivable_pt_lim_minus; [apply derivable_pt_lim_minus|]|].
  + apply derivable_pt_lim_exp.
  + apply derivable_pt_lim_const.
  + apply derivable_pt_lim_id.
  + unfold Rdiv.
    replace ((1 * c + c * 1) * / 2) with ((1 * c + c * 1) * / 2 + (c * c) * 0) by ring.
    apply (derivable_pt_lim_mult (fun z => z * z) (fun _ => / 2)).
    * apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
    * apply derivable_pt_lim_const.
- unfold f in E. rewrite exp_0 in E.
  assert (I := exp_ineq1 c ltac:(lra)).
  assert (M : 0 < (exp c - 1 - c) * (x - 0)) by (apply Rmult_lt_0_compat; lra).
  lra.
Qed.
