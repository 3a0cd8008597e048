# SPDX-License-Identifier: Apache-2.0
"""The ledger: every goal and who proved it, every assumption, its reason and what covers it.

Main result: goals() gives the text of proofs/ledger/TARGET.md; overview() that of its README.md,
for all targets, and the objections: an assumption without a row in proofs/assumptions.json, a row
without an assumption, a row whose cover is not there.  Times and lines are left out, so that a text
changes only when what is proved changes.
Rows: id (kind:name, a pattern as of a shell), reason, covered_by: a list of
  goal:NAME    a proved goal; {function} and {clause} stand for the parts of "function.clause"
  target:NAME  a target that is proved
  test:PATH    a file that is there
  trusted      nothing; the reason says why that must do
Kinds: admitted (a clause that WP takes for granted), lemma (one of specs/ that it takes for
granted), contract (of a function of another file), axiom, library, warning, suppressed, not
evaluated, imported, tool, standing (always in force).
Test: tests/proofs/test_report.py.
"""
import difflib
import fnmatch
import json
import pathlib
import re

import source
from results import NOT_PROOFS, Broken, assumption, finding, good, save
from writers import cell, counts

ROWS = "proofs/assumptions.json"
LEDGER = "proofs/ledger"
OVERVIEW = "README.md"
SPDX = "<!-- SPDX-License-Identifier: Apache-2.0 -->"


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
        if word in ("axiom", "admit lemma"):
            entry = assumption(word.split()[-1], name, "", file, line)
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


def overview(document, functions, root):
    """(text of the ledger's first page, objections)."""
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
    return text(document, table, matched), objections


def text(document, table, matched):
    lines = [SPDX, "# Ledger of proofs", "",
             "Generated by `proofs/run --update`, never edited: what is proved, by whom, and what "
             "it rests on.", "A contract is a claim until its goals stand here as proved.", "",
             "## Targets", "", "| target | method | status | goals proved | guards passed |",
             "| --- | --- | --- | --: | --: |"]
    for target in document["targets"]:
        done, proofs, passed, guards = counts(target)
        name = f"[{target['target']}]({target['target']}.md)" if proofs else target["target"]
        lines.append(f"| {name} | {target['method']} | {target['status']} | {done}/{proofs} | "
                     f"{passed}/{guards} |")
    lines += ["", "## Assumptions", "", "| id | reason | covered by | in force |",
              "| --- | --- | --- | --- |"]
    for row in table:
        names = [name.partition(":")[2] for name in matched[row["id"]]]
        force = ", ".join(names) or ("always" if row["id"].startswith("standing:") else "none")
        lines.append(f"| {cell(row['id'])} | {cell(row['reason'])} | "
                     f"{cell(', '.join(row['covered_by']))} | {cell(force)} |")
    warnings = sorted({w for t in document["targets"] for w in t["warnings"]})
    lines += ["", "## Warnings", ""] + [f"- {cell(words)}" for words in warnings or ["none"]]
    return "\n".join(lines) + "\n"


def goals(target, functions):
    """The page of one target, "" if it proves nothing (canaries, smoke tests).

    A property may have several goals (of a loop: established, preserved).  Of Eva's, which have no
    names of their own, the kinds are counted."""
    by_function = {}
    for goal in target["goals"]:
        if goal["kind"] not in NOT_PROOFS:
            name = goal["kind"] if target["method"] == "eva" else goal["property"]
            by_function.setdefault(goal["function"] or "", {}).setdefault(
                (goal["kind"], name), []).append(goal)
    if not by_function:
        return ""
    done, proofs, _, _ = counts(target)
    lines = [SPDX, f"# {target['target']}: {target['status']}, {done}/{proofs} goals"]
    for function, found in sorted(by_function.items()):
        where = f" ({functions[function].file})" if function in functions else ""
        lines += ["", f"## {function or 'Theorems'}{where}", ""]
        for (kind, name), mine in sorted(found.items(), key=natural):
            short = name[len(function) + 1:] if function and name.startswith(f"{function}_") \
                else name
            what = f"{kind}: `{short}`" if name != kind else kind
            states = sorted({g["status"] for g in mine})
            by = [{p["name"] for p in g["provers"] if p["answer"] == "proved"} for g in mine]
            twice = sum(len(names) > 1 for names in by)
            lines.append(f"- {what}: {len(mine)} {', '.join(states)}; by "
                         f"{', '.join(sorted(set().union(*by))) or 'nobody'}"
                         + (f" ({twice} by more than one)" if twice else ""))
    return "\n".join(lines) + "\n"


def natural(item):
    """Sorts loop_invariant_2 before loop_invariant_10."""
    return [[int(part) if part.isdigit() else 0, part] for part in re.split(r"(\d+)", str(item[0]))]


def difference(pages, root, whole):
    """({file: lines of difference, provers left out}, names of files where those alone differ)."""
    folder, found, others = pathlib.Path(root) / LEDGER, {}, []

    def bare(words):
        return [re.sub(r"; by [^;]*$", "", line) for line in words.split("\n")]
    old = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*")}
    names = set(pages) | (set(old) if whole else set())
    for name in sorted(names):
        before, after = old.get(name, ""), pages.get(name, "")
        lines = list(difflib.unified_diff(bare(before), bare(after), f"{LEDGER}/{name}",
                                          "this run", lineterm="", n=1))
        if lines:
            found[name] = lines
        elif before != after:
            others.append(name)
    return found, others


def store(pages, root, whole):
    """Writes the pages; of all targets, what is no page goes."""
    folder = pathlib.Path(root) / LEDGER
    for name, words in pages.items():
        save(words, folder / name)
    for path in folder.glob("*") if whole else ():
        if path.name not in pages:
            path.unlink()
