# SPDX-License-Identifier: Apache-2.0
"""What a run of all targets comes to: coverage, ledger, reports.

Main result: conclude() adds to the targets what the checks over all of them object to, writes the
reports, and compares or writes the ledger.
Test: tests/proofs/test_report.py.
"""
import re

import coverage
import ledger
import results
import source
import writers

REPORTS = {"json": "proofs.json", "sarif": "proofs.sarif", "junit": "proofs.xml",
           "markdown": "proofs.md"}


def version(root):
    """The project's version and address, as the citation file has them."""
    text = (root / "CITATION.cff").read_text(encoding="utf-8")
    number = re.search(r"^version: *(\S+)", text, re.M)
    url = re.search(r"^(?:repository-code|url): *[\"']?([^\"'\s]+)", text, re.M)
    return number[1] if number else "0.0.0", url[1] if url else "https://arxiv.org/abs/2410.07746"


def check_ledger(document, functions, root, out, update):
    """(objections, lines to show); writes or compares the ledger."""
    try:
        text, objections = ledger.render(document, functions, root)
    except results.Broken as error:
        return [results.finding("ledger", "tool problem", str(error), ledger.ROWS)], []
    results.save(text, out / "ledger.md")
    if update:
        results.save(text, root / ledger.LEDGER)
        return objections, []
    lines, changed = ledger.difference(text, root)
    if lines:
        objections.append(results.finding(
            "ledger", "not proved", f"{ledger.LEDGER} differs from this run in {len(lines)} lines: "
            "`proofs/run --update` writes it", ledger.LEDGER, 1))
    elif changed:
        lines = [f"{ledger.LEDGER}: the same goals, some proved by another prover"]
    return objections, lines


def conclude(targets, functions, root, out, *, whole=True, update=False, copies=()):
    """(document, lines of the ledger's difference).

    whole: these are all targets; else neither is the ledger compared nor a goal missed.
    copies: (kind of report, path) of reports that are wanted elsewhere as well."""
    document = results.document(targets)
    findings = coverage.check(functions, document if whole else None, source.logic(root))
    lines = []
    if whole:
        more, lines = check_ledger(document, functions, root, out, update)
        findings += more
    else:
        findings += ledger.unaccepted(document, functions, root)
    document = results.document(targets, findings)
    texts = {"json": results.text(document),
             "sarif": results.text(writers.sarif(document, *version(root))),
             "junit": writers.junit(document), "markdown": writers.markdown(document)}
    for kind, path in [(kind, out / name) for kind, name in REPORTS.items()] + list(copies):
        results.save(texts[kind], path)
    return document, lines
