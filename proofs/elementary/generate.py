# SPDX-License-Identifier: Apache-2.0
"""The functions of kernel/exp.c and kernel/logistic.c as Coq text (Kernel_text.v), and every clause
that their contracts admit (Clauses.v).  The proofs import both, so that an edit of the C text or of
a contract changes what has to be proved."""

import c_text

# Pieces that the proofs speak about: variable, and the variables it is made a function of.
SLICES = {
    "at_exp": [("clamped", ["x"]), ("k", ["clamped"]), ("r", ["clamped", "shift"]),
               ("mantissa", ["r"])],
    "at_log1p": [("s", ["t"]), ("p", ["z"]), ("w", ["t", "z", "p"])],
}

HEADER = """(* SPDX-License-Identifier: Apache-2.0
   Generated from kernel/exp.c, kernel/logistic.c and their headers.  Not for editing. *)
From Coq Require Import Reals ZArith.
From Flocq Require Import Core.
Require Import Rounding.
Open Scope R_scope.

"""

# 2^k: the bit pattern is compared with it for every admitted k by tie.py.
POWER_OF_TWO = """Definition at_power_of_two (k : Z) : R := bpow radix2 k.
Definition at_power_of_two_safe (k : Z) : Prop := fits_int (k + 1023).

"""


class Text:
    """The parsed kernel: constants, functions by name and contracts by function name."""

    def __init__(self, kernel):
        self.constants, self.functions, self.contracts = {}, {}, {}
        for source in ("exp.c", "logistic.c"):
            for function in c_text.read_source(kernel / source, self.constants):
                self.functions[function.name] = function
        for name in ("exp.c", "exp.h", "logistic.c", "logistic.h"):
            for contract in c_text.read_contracts(kernel / name):
                self.contracts[contract.name] = contract
        if set(self.contracts) != set(self.functions) | {"at_power_of_two"}:
            raise c_text.Unknown(f"contracts for {sorted(self.contracts)} only")

    def clauses(self):
        """Names of the theorems that the admitted clauses need."""
        return [f"{contract.name}_{label}" for contract in self.contracts.values()
                for label, _ in contract.admitted]

    def coq(self):
        """Kernel_text.v and Clauses.v."""
        text, statements = HEADER, HEADER + "Require Import Kernel_text.\n\n"
        for name, exact in self.constants.items():
            text += f"Definition {name} : R := {c_text.coq_number(exact)}.\n"
        text += "\n" + POWER_OF_TWO
        for name in ["at_power_of_two"] + list(self.functions):
            requires, admitted = c_text.coq_contract(self.contracts[name])
            text += requires
            statements += admitted
            if name in self.functions:
                text += c_text.coq_function(self.functions[name])
                for variable, inputs in SLICES.get(name, ()):
                    text += c_text.coq_slice(self.functions[name], variable, inputs)
        return text, statements
