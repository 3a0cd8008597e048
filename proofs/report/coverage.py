# SPDX-License-Identifier: Apache-2.0
"""Coverage: each function of kernel/ has a contract, each loop its annotations, each clause a goal.

Main result: check(functions) objects, with file and line, to a function without ensures, assigns or
terminates and to a loop without invariant, assigns or variant; check(functions, document) also to a
function or lemma without a goal and to a clause that no run of WP turned into one (a clause that a
tool drops silently looks proved otherwise).  A function all of whose postconditions are theorems of
Coq is excused from goals for assigns and terminates: the generator of those theorems reads nothing
but straight-line code without side effects.
Test: tests/proofs/test_report.py.
"""
from results import NOT_PROOFS, finding


def check(functions, document=None, logic=()):
    """logic: what source.logic() found; a lemma without a goal would be an axiom."""
    found = []

    def object_to(function, what, file, line):
        found.append(finding(f"coverage/{function.name}/{what}/{line}", "not proved",
                             f"{function.name}: {what}", file, line))

    properties, named, in_coq = set(), set(), set()
    for target in document["targets"] if document else []:
        for goal in target["goals"]:
            if goal["kind"] not in NOT_PROOFS and target["method"] in ("wp", "coq"):
                named.add(goal["function"])
                properties.add(goal["property"])
                if target["method"] == "coq":
                    in_coq.add(goal["function"])
    for function in functions.values():
        if document and function.name not in named:
            object_to(function, "no goal", function.file, function.line)
        for kind in ("ensures", "assigns", "terminates"):
            if not any(clause.kind == kind for clause in function.clauses):
                object_to(function, f"contract without {kind}", function.file, function.line)
        for loop in function.loops:
            for kind in ("loop invariant", "loop assigns", "loop variant"):
                if not any(clause.kind == kind for clause in loop.clauses):
                    object_to(function, f"loop without {kind[5:]}", loop.file, loop.line)
        pure = function.name in in_coq and all(clause.admitted for clause in function.clauses
                                               if clause.kind == "ensures")
        for clause in function.all_clauses():
            if pure and clause.kind in ("assigns", "terminates"):
                continue
            if document and clause.goal and clause.goal not in properties:
                object_to(function, f"no goal for: {clause.kind} {clause.text}", clause.file,
                          clause.line)
    for word, name, file, line in logic:
        if document and word == "lemma" and f"lemma_{name}" not in properties:
            found.append(finding(f"coverage/lemma/{name}", "not proved", f"lemma {name}: no goal",
                                 file, line))
    if not functions:
        found.append(finding("coverage", "tool problem", "no function found in kernel/"))
    return found
