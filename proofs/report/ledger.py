# SPDX-License-Identifier: Apache-2.0
"""The ledger: every goal and who proved it, every assumption, its reason and what covers it.

Main result: render() gives the text of proofs/ledger.md and the objections: an assumption without a
row in proofs/assumptions.json, a row without an assumption, a row whose cover is not there.  Times
and lines are left out, so that the text changes only when what is proved changes.
Rows: id (kind:name, a pattern as of a shell), reason, covered_by: a list of
  goal:NAME    a proved goal; {function} and {clause} stand for the parts of "function.clause"
  target:NAME  a target that is proved
  test:PATH    a file that is there
  trusted      nothing; the reason says why that must do
Kinds: admitted (a clause that WP takes for granted), contract (of a function of another file),
axiom, library, warning, suppressed, not evaluated, imported, tool, standing (always in force).
Test: tests/proofs/test_report.py.
"""
import difflib
import fnmatch
import json
import pathlib
import re

import source
from results import NOT_PROOFS, Broken, assumption, finding, good
from writers import cell

ROWS = "proofs/assumptions.json"
LEDGER = "proofs/ledger.md"


def rows(root):
    try:
        data = json.loads((pathlib.Path(root) / ROWS).read_text(encoding="utf-8"))
        found = data["rows"]
        if data["format"] != "attest-assumptions" or data["version"] != 1:
            raise Broken(f"{ROWS}: unknown format")
        for row in found:
            if set(row) != {"id", "reason", "covered_by"} or not row["reason"].strip() \
                    or not row["covered_by"] or not isinstance(row["covered_by"], list):
                raise Broken(f"{ROWS}: {row.get('id')}: needs id, reason and covered_by")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken(f"{ROWS}: {error!r}") from error
    names = [row["id"] for row in found]
    if len(names) != len(set(names)):
        raise Broken(f"{ROWS}: an id stands twice")
    return found


def row_line(root, identifier):
    lines = (pathlib.Path(root) / ROWS).read_text(encoding="utf-8").split("\n")
    return next((n for n, line in enumerate(lines, 1) if json.dumps(identifier) in line), 1)


def assumptions(document, functions, root):
    """Everything assumed: what the reports say, what the text admits, what drivers import."""
    found = {}
    for target in document["targets"]:
        for entry in target["assumptions"]:
            found.setdefault(entry["id"], entry)
    for function in functions.values():
        for clause in function.all_clauses():
            if clause.admitted:
                entry = assumption("admitted", f"{function.name}.{clause.name}", clause.text,
                                   clause.file, clause.line)
                found[entry["id"]] = entry
    for word, name, file, line in source.logic(root):
        if word == "axiom":
            entry = assumption("axiom", name, "", file, line)
            found[entry["id"]] = entry
    for driver in sorted(pathlib.Path(root).glob("proofs/**/*.driver")):
        text = driver.read_text(encoding="utf-8")
        for match in re.finditer(r'why3\.import\s*\+?[:=]+\s*"([\w.]+)', text):
            entry = assumption("imported", match[1], "", driver.relative_to(root).as_posix(),
                               text.count("\n", 0, match.start()) + 1)
            found[entry["id"]] = entry
    proved = properties(document)
    return {name: entry for name, entry in sorted(found.items())
            if not (name.startswith("contract:") and name[9:] in proved)}


def properties(document):
    """Names of the properties all of whose goals are proved."""
    state = {}
    for target in document["targets"]:
        for goal in target["goals"]:
            if goal["kind"] not in NOT_PROOFS:
                state[goal["property"]] = state.get(goal["property"], True) and good(goal)
    return {name for name, proved in state.items() if proved}


def covered(cover, name, document, proved, root):
    """Whether one entry of covered_by holds for the assumption."""
    kind, _, what = cover.partition(":")
    function, _, clause = name.partition(":")[2].partition(".")
    what = what.replace("{function}", function).replace("{clause}", clause)
    if cover == "trusted":
        return True
    if kind == "goal":
        return what in proved
    if kind == "target":
        return any(t["target"] == what and t["status"] == "proved" for t in document["targets"])
    return kind == "test" and (pathlib.Path(root) / what).is_file()


def match(table, found):
    """({row's id: assumptions}, objections to assumptions without a row)."""
    matched, objections = {row["id"]: [] for row in table}, []
    for name, entry in found.items():
        mine = [row for row in table if fnmatch.fnmatchcase(name, row["id"])]
        if not mine:
            objections.append(finding(name, "not evidence", f"assumption without a row in {ROWS}: "
                                      f"{name}", entry["file"], entry["line"]))
        for row in mine:
            matched[row["id"]].append(name)
    return matched, objections


def unaccepted(document, functions, root):
    """Objections to a part of the targets: contracts may be proved by the others."""
    try:
        table = rows(root)
    except Broken as error:
        return [finding("ledger", "tool problem", str(error), ROWS)]
    found = assumptions(document, functions, root)
    return match(table, {name: entry for name, entry in found.items()
                         if not name.startswith("contract:")})[1]


def render(document, functions, root):
    """(text of the ledger, objections)."""
    table, found, proved = rows(root), assumptions(document, functions, root), properties(document)
    matched, objections = match(table, found)
    for row in table:
        number = row_line(root, row["id"])
        if not matched[row["id"]] and not row["id"].startswith("standing:"):
            objections.append(finding(row["id"], "not evidence", f"row without an assumption: "
                                      f"{row['id']}", ROWS, number))
        for name in matched[row["id"]] or [row["id"]]:
            for cover in row["covered_by"]:
                if not covered(cover, name, document, proved, root):
                    objections.append(finding(
                        f"{name}<-{cover}", "not evidence", f"{name} is to be covered by {cover}, "
                        "which is not there or not proved", ROWS, number))
    return text(document, functions, table, matched), objections


def text(document, functions, table, matched):
    lines = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "# Ledger of proofs", "",
             "Generated by `proofs/run`, never edited: what is proved, by whom, and what it rests "
             "on.", "A contract is a claim until its goals stand here as proved.", "", "## Targets",
             "", "| target | method | status | goals proved | guards passed |",
             "| --- | --- | --- | --: | --: |"]
    by_function = {}
    for target in document["targets"]:
        proofs = [g for g in target["goals"] if g["kind"] not in NOT_PROOFS]
        guards = [g for g in target["goals"] if g["kind"] in NOT_PROOFS]
        lines.append(f"| {cell(target['target'])} | {target['method']} | {target['status']} | "
                     f"{sum(map(good, proofs))}/{len(proofs)} | {sum(map(good, guards))}/"
                     f"{len(guards)} |")
        for goal in proofs:
            key = (goal["function"] or "", target["target"], target["method"])
            by_function.setdefault(key, {}).setdefault((goal["kind"], goal["property"]),
                                                       []).append(goal)
    lines += ["", "## Assumptions", "", "| id | reason | covered by | in force |",
              "| --- | --- | --- | --- |"]
    for row in table:
        names = [name.partition(":")[2] for name in matched[row["id"]]]
        force = ", ".join(names) or ("always" if row["id"].startswith("standing:") else "none")
        lines.append(f"| {cell(row['id'])} | {cell(row['reason'])} | "
                     f"{cell(', '.join(row['covered_by']))} | {cell(force)} |")
    warnings = sorted({w for t in document["targets"] for w in t["warnings"]})
    lines += ["", "## Warnings", ""] + [f"- {cell(words)}" for words in warnings or ["none"]]
    lines += ["", "## Goals", "", "A property may have several goals (of a loop: established, "
              "preserved). Who proved them stands last; a run that differs in that alone is "
              "the same."]
    for (function, target, _), found in sorted(by_function.items()):
        where = f" ({functions[function].file})" if function in functions else ""
        lines += ["", f"### {target}: {function or 'no function'}{where}", ""]
        for (kind, name), goals in sorted(found.items(), key=natural):
            short = name[len(function) + 1:] if function and name.startswith(f"{function}_") \
                else name
            states = sorted({g["status"] for g in goals})
            by = [{p["name"] for p in g["provers"] if p["answer"] == "proved"} for g in goals]
            twice = sum(len(names) > 1 for names in by)
            lines.append(f"- {kind}: `{short}`: {len(goals)} {', '.join(states)}; by "
                         f"{', '.join(sorted(set().union(*by))) or 'nobody'}"
                         + (f" ({twice} by more than one)" if twice else ""))
    return "\n".join(lines) + "\n"


def natural(item):
    """Sorts loop_invariant_2 before loop_invariant_10."""
    return [[int(part) if part.isdigit() else 0, part] for part in re.split(r"(\d+)", str(item[0]))]


def difference(new, root):
    """(lines of difference to the committed ledger, provers left out; whether provers differ)."""
    try:
        old = (pathlib.Path(root) / LEDGER).read_text(encoding="utf-8")
    except OSError:
        old = ""
    def bare(words):
        return [re.sub(r"; by [^;]*$", "", line) for line in words.split("\n")]
    lines = list(difflib.unified_diff(bare(old), bare(new), "committed", "this run", lineterm="",
                                      n=1))
    return lines, old != new
