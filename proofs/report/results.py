# SPDX-License-Identifier: Apache-2.0
"""The normalised result of proof targets: what specs/proofs.schema.json describes.

Main result: a document is a list of targets; a target has a status, its tools, its goals, what it
assumes and what its tools warned about.  Nothing counts as proved unless a tool said so, in a
report that is complete: every doubt becomes another status.
Statuses of a target and of a goal, from best to worst (a target has the worst of its goals'):
  proved        a prover proved it, or the analysis shows no alarm
  timed out     no prover answered within its limits
  not proved    the provers gave up
  failed        shown false, or a check that must succeed did not
  not evidence  proved, but from something that is not accepted, or about nothing
  tool problem  a tool or its report is missing, cut off, or contradicts itself
A goal of kind smoke, canary or check that ends as it must is "passed", not proved: it is no proof.
Test: tests/proofs/test_report.py.
"""
import json
import os
import pathlib

FORMAT, VERSION = "attest-proofs", 1
STATUSES = ["proved", "timed out", "not proved", "failed", "not evidence", "tool problem"]
PASSED = "passed"
NOT_PROOFS = ("smoke", "canary", "check")  # kinds of goals that guard proofs and prove nothing
EXIT = {"proved": 0, "timed out": 1, "not proved": 1, "failed": 1, "tool problem": 2,
        "not evidence": 3}


class Broken(Exception):
    """A report that cannot be believed; the message says why."""


def good(goal):
    return goal["status"] in ("proved", PASSED)


def worst(statuses):
    found = ["proved" if status == PASSED else status for status in statuses]
    return max(found, key=STATUSES.index, default="proved")


def goal(name, kind, status, *, prop=None, function=None, file=None, line=None, provers=(),
         cached=False, text=None):
    """One goal.  provers: those that were asked, the one that proved it first; see prover()."""
    return {"id": name, "property": prop or name, "function": function, "file": file, "line": line,
            "kind": kind, "status": status, "provers": list(provers), "cached": cached,
            "text": text}


def prover(name, version, answer, seconds=None):
    return {"name": name, "version": version, "answer": answer, "seconds": seconds}


def assumption(kind, name, detail="", file=None, line=None):
    return {"id": f"{kind}:{name}", "detail": detail, "file": file, "line": line}


def target(name, method, goals=(), *, tools=(), assumptions=(), warnings=(), command=None,
           seconds=None, file=None, reason=None, status=None):
    """One target.  Its status is the worst of its goals' and of `status`; no goal, no proof."""
    goals, tools = list(goals), [dict(tool) for tool in tools]
    if not goals and status in (None, "proved"):
        status, reason = "tool problem", reason or "no goal in the report"
    used = {(p["name"], p["version"]) for g in goals if g["kind"] not in NOT_PROOFS
            for p in g["provers"] if p["answer"] == "proved"}
    have = {(tool["name"], tool["version"]) for tool in tools}
    tools += [{"name": n, "version": v} for n, v in sorted(used - have, key=str)]
    unique = {(a["id"], a["detail"]): a for a in assumptions}
    for tool in tools:
        a = assumption("tool", tool["name"])
        unique.setdefault((a["id"], ""), a)
    return {"target": name, "method": method, "tools": tools, "command": command,
            "status": worst([g["status"] for g in goals] + ([status] if status else [])),
            "reason": reason, "seconds": seconds, "file": file, "goals": goals,
            "assumptions": sorted(unique.values(), key=lambda a: (a["id"], a["detail"])),
            "warnings": sorted(set(warnings))}


def relative(target_, root):
    """The target with its places told from the project's root."""
    root = pathlib.Path(root).resolve()
    for entry in [target_, *target_["goals"], *target_["assumptions"]]:
        if entry["file"] and os.path.isabs(entry["file"]):
            path = pathlib.Path(os.path.normpath(entry["file"]))
            entry["file"] = path.relative_to(root).as_posix() if path.is_relative_to(root) else None
            if "line" in entry and not entry["file"]:
                entry["line"] = None
    return target_


def document(targets, findings=()):
    """findings: what the checks over all targets object to; each has id, status, message, place."""
    targets, findings = list(targets), list(findings)
    status = worst([t["status"] for t in targets] + [f["status"] for f in findings])
    if not targets:
        status = "tool problem"
    return {"format": FORMAT, "version": VERSION, "status": status, "targets": targets,
            "findings": findings}


def finding(name, status, message, file=None, line=None):
    return {"id": name, "status": status, "message": message, "file": file, "line": line}


def text(data):
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def save(words, path):
    """The whole text or none of it."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(words, encoding="utf-8")
    new.replace(path)


def load(path):
    """A document from a file, or Broken."""
    try:
        data = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Broken(f"{path}: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Broken(f"{path}: not a document of the format {FORMAT}")
    if data.get("version") != VERSION:
        raise Broken(f"{path}: version {data.get('version')}, not {VERSION}")
    try:
        for t in data["targets"]:
            again = target(t["target"], t["method"], t["goals"], status=t["status"])
            kinds = all(g["kind"] in NOT_PROOFS for g in t["goals"] if g["status"] == PASSED)
            if again["status"] != t["status"] or not kinds:
                raise Broken(f"{path}: the status of {t['target']} is not that of its goals")
        if document(data["targets"], data["findings"])["status"] != data["status"]:
            raise Broken(f"{path}: its status is not that of its targets and findings")
    except (KeyError, TypeError, ValueError) as error:
        raise Broken(f"{path}: {error!r}") from error
    return data
