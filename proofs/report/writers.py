# SPDX-License-Identifier: Apache-2.0
"""Writers: a document of results.py as a table, Markdown, JUnit XML and SARIF 2.1.0.

Main result: every goal that is neither proved nor passed, and every finding, stands in each of them
with file and line.
Test: tests/proofs/test_report.py, tests/proofs/sarif.sh.
"""
import re
import xml.etree.ElementTree as xml

from results import NOT_PROOFS, PASSED, STATUSES, good

FALLBACK = "proofs/assumptions.json"  # where an objection stands that has no place of its own


def counts(target):
    """(proofs that succeeded, proofs asked for, guards that passed, guards)."""
    proofs = [g for g in target["goals"] if g["kind"] not in NOT_PROOFS]
    guards = [g for g in target["goals"] if g["kind"] in NOT_PROOFS]
    return (sum(map(good, proofs)), len(proofs), sum(map(good, guards)), len(guards))


def place(entry):
    return f"{entry['file']}:{entry['line']}" if entry["line"] else entry["file"] or "-"


def asked(goal):
    """Who was asked, with the answers, for what is not proved."""
    return ", ".join(f"{p['name']}: {p['answer']}" for p in goal["provers"]) or "nobody was asked"


def duration(seconds):
    return "-" if seconds is None else f"{seconds:.0f} s"


def line(target):
    """One target as one aligned line."""
    done, proofs, passed, guards = counts(target)
    guard = f"{passed}/{guards} guards" if guards else ""
    words = f"{target['target']:<28} {target['status']:<13} {done:>5}/{proofs:<5} goals  " \
            f"{guard:<13} {duration(target['seconds']):>7}"
    return (words + (f"  {target['reason']}" if target["reason"] else "")).rstrip()


def functions(document):
    """(name, goals proved, goals, provers, seconds, what is shown) of each kernel function."""
    found = {}
    for target in document["targets"]:
        for goal in target["goals"]:
            if goal["function"] and goal["kind"] not in NOT_PROOFS \
                    and (goal["file"] or "").startswith("kernel/"):
                found.setdefault(goal["function"], []).append(goal)
    for name, goals in sorted(found.items()):
        by, shown = {}, {}
        for goal in goals:
            if good(goal):
                by[goal["provers"][0]["name"]] = by.get(goal["provers"][0]["name"], 0) + 1
            if goal["kind"] in ("ensures", "theorem") and goal["text"]:
                shown[goal["text"]] = shown.get(goal["text"], True) and good(goal)
        yield (name, sum(map(good, goals)), len(goals),
               ", ".join(f"{prover} {n}" for prover, n in sorted(by.items())),
               sum(p["seconds"] or 0.0 for g in goals for p in g["provers"]),
               [text for text, proved in shown.items() if proved])


def function_table(document):
    """For a terminal: the bound is the first proved clause that speaks of an error, or a range."""
    lines = [f"{'function':<30} {'goals':>9} {'time':>7}  {'proved by':<50}  bound proved"]
    for name, done, whole, by, spent, shown in functions(document):
        bounds = [text for word in ("error", "range", "") for text in shown
                  if word in text.partition(":")[0]]
        bound = bounds[0] if bounds else "-"
        lines.append(f"{name:<30} {done:>4}/{whole:<4} {duration(spent):>7}  {by:<50}  "
                     f"{bound if len(bound) <= 80 else bound[:77] + '...'}")
    return "\n".join(lines) + "\n"


def closing(document):
    totals = [sum(column) for column in zip(*map(counts, document["targets"]))] or [0] * 4
    return f"proofs: {document['status']}: {totals[0]} of {totals[1]} goals proved in " \
           f"{len(document['targets'])} targets, {totals[2]} of {totals[3]} guards passed, " \
           f"{len(document['findings'])} objections"


def objections(document, seconds):
    """What is not proved, one line each with its place; last the closing line."""
    lines = []
    for target in document["targets"]:
        for goal in target["goals"]:
            if not good(goal):
                lines.append(f"  {place(goal)}: {goal['status']}: {goal['id']} ({asked(goal)})")
    for finding in document["findings"]:
        lines.append(f"  {place(finding)}: {finding['message']}")
    return "\n".join(lines + [f"{closing(document)}, {duration(seconds)}"]) + "\n"


# ---- Markdown -----------------------------------------------------------------------------------

def cell(words):
    return re.sub(r"\s+", " ", str(words)).replace("\\", "\\\\").replace("|", "\\|") \
        .replace("<", "&lt;")


def code(words):
    """Text of a contract inside a table: a code span with nothing in it that ends the cell."""
    return "<code>" + re.sub(r"\s+", " ", words).replace("&", "&amp;").replace("<", "&lt;") \
        .replace("|", "&#124;").replace("*", "&#42;").replace("_", "&#95;") \
        .replace("\\", "&#92;") + "</code>"


def markdown(document):
    lines = [f"# Proofs: {document['status']}", "", closing(document) + ".", "",
             "| target | status | goals proved | guards passed | time |", "| --- | --- | --: | --: "
             "| --: |"]
    for target in document["targets"]:
        done, proofs, passed, guards = counts(target)
        lines.append(f"| {cell(target['target'])} | {target['status']} | {done}/{proofs} | "
                     f"{passed}/{guards} | {duration(target['seconds'])} |")
    trouble = [(place(g), g["status"], f"{g['id']} ({asked(g)})") for t in document["targets"]
               for g in t["goals"] if not good(g)]
    trouble += [(t["target"], t["status"], t["reason"]) for t in document["targets"] if t["reason"]]
    trouble += [(place(f), f["status"], f["message"]) for f in document["findings"]]
    if trouble:
        lines += ["", "## Not proved", "", "| where | status | what |", "| --- | --- | --- |"]
        lines += [f"| {cell(a)} | {b} | {cell(c)} |" for a, b, c in trouble]
    lines += ["", "## Functions", "",
              "| function | goals proved | proved by | time | what is shown |",
              "| --- | --: | --- | --: | --- |"]
    for name, done, whole, by, spent, shown in functions(document):
        words = "<br>".join(map(code, shown))
        lines.append(f"| {cell(name)} | {done}/{whole} | {cell(by)} | {duration(spent)} | "
                     f"{words or '-'} |")
    return "\n".join(lines) + "\n"


# ---- JUnit --------------------------------------------------------------------------------------

def plain(words):
    """What XML 1.0 can hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", str(words))


def junit(document):
    suites = xml.Element("testsuites")

    def suite(name, cases, seconds):
        bad = [word for _, word, _, _ in cases if word]
        element = xml.SubElement(suites, "testsuite", name=plain(name), tests=str(len(cases)),
                                 failures=str(bad.count("failure")), errors=str(bad.count("error")),
                                 skipped="0", time=f"{seconds or 0:.3f}")
        for label, word, message, spent in cases:
            case = xml.SubElement(element, "testcase", classname=plain(name), name=plain(label),
                                  time=f"{spent:.3f}")
            if word:
                xml.SubElement(case, word, message=plain(message))

    for target in document["targets"]:
        cases = []
        for goal in target["goals"]:
            word = None if good(goal) else \
                "error" if goal["status"] == "tool problem" else "failure"
            spent = sum(p["seconds"] or 0.0 for p in goal["provers"])
            cases.append((goal["id"], word, f"{place(goal)}: {goal['status']} ({asked(goal)})",
                          spent))
        if target["reason"] or not cases:
            cases.append(("report", "error", target["reason"] or target["status"], 0.0))
        suite(target["target"], cases, target["seconds"])
    suite("findings", [(f["id"], "failure", f"{place(f)}: {f['message']}", 0.0)
                       for f in document["findings"]], 0)
    xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(suites, encoding="unicode") \
        + "\n"


# ---- SARIF --------------------------------------------------------------------------------------

RULES = {
    "timed out": "No prover answered within its limits.",
    "not proved": "The provers gave up.",
    "failed": "It is shown false, or a check that must succeed does not.",
    "not evidence": "It is proved from something that is not accepted, or about nothing.",
    "tool problem": "A tool or its report is missing, cut off, or contradicts itself.",
}


def sarif(document, version, url):
    results = []

    def add(status, message, file, number, identity):
        results.append({
            "ruleId": status.replace(" ", "-"), "ruleIndex": list(RULES).index(status),
            "level": "error", "message": {"text": message},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": file or FALLBACK, "uriBaseId": "ROOT"},
                "region": {"startLine": max(number or 1, 1)}}}],
            "partialFingerprints": {"goal/v1": identity}})

    for target in document["targets"]:
        for goal in target["goals"]:
            if not good(goal):
                what = f": {goal['text']}" if goal["text"] else ""
                add(goal["status"], f"The {goal['kind']} goal {goal['id']} of target "
                    f"{target['target']} has the status '{goal['status']}' "
                    f"({asked(goal)}){what}.", goal["file"], goal["line"],
                    f"{target['target']}/{goal['id']}")
        if target["reason"]:
            add(target["status"] if target["status"] in RULES else "tool problem",
                f"Target {target['target']} has the status '{target['status']}': "
                f"{target['reason']}.", target["file"], None, target["target"])
    for finding in document["findings"]:
        add(finding["status"], f"{finding['message']}.", finding["file"], finding["line"],
            finding["id"])
    names = {"timed out": "TimedOut", "not proved": "NotProved", "failed": "ShownFalse",
             "not evidence": "NotEvidence", "tool problem": "ToolProblem"}
    rules = [{"id": status.replace(" ", "-"), "name": names[status],
              "shortDescription": {"text": text}, "fullDescription": {"text": text},
              "helpUri": url, "defaultConfiguration": {"level": "error"}}
             for status, text in RULES.items()]
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [{"tool": {"driver": {"name": "attest-proofs", "semanticVersion": version,
                                          "informationUri": url, "rules": rules}},
                      "originalUriBaseIds": {"ROOT": {"description": {
                          "text": "The root of the source tree."}}},
                      "columnKind": "utf16CodeUnits",
                      "invocations": [{"executionSuccessful": all(
                          t["status"] != "tool problem" for t in document["targets"])}],
                      "results": results}]}


assert set(RULES) == set(STATUSES) - {"proved"} and PASSED not in RULES
