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


def check_ledger(document, functions, root, whole, update):
    """(objections, lines to show); writes or compares the ledger's pages of these targets."""
    pages = {f"{t['target']}.md": ledger.goals(t, functions) for t in document["targets"]}
    pages = {name: words for name, words in pages.items() if words}
    if whole:
        try:
            pages[ledger.OVERVIEW], objections = ledger.overview(document, functions, root)
        except results.Broken as error:
            return [results.finding("ledger", "tool problem", str(error), ledger.ROWS)], []
    else:
        objections = ledger.unaccepted(document, functions, root)
    if update:
        ledger.store(pages, root, whole)
        return objections, []
    found, others = ledger.difference(pages, root, whole)
    lines = [line for name in found for line in found[name]]
    for name in found if whole else ():
        target = "" if name == ledger.OVERVIEW else f" {name[:-3]}"
        objections.append(results.finding(
            f"ledger/{name}", "not proved", f"the ledger differs from this run in "
            f"{len(found[name])} lines: `proofs/run --update{target}` writes it",
            f"{ledger.LEDGER}/{name}", 1))
    if others:
        lines.append(f"{ledger.LEDGER}: {', '.join(others)}: the same goals, some by other provers")
    return objections, lines


def conclude(targets, functions, root, out, *, whole=True, update=False, copies=()):
    """(document, lines of the ledger's difference).

    whole: these are all targets; else the ledger's pages that differ are shown, and that is all.
    copies: (kind of report, path) of reports that are wanted elsewhere as well."""
    document = results.document(targets)
    findings = coverage.check(functions, document if whole else None, source.logic(root))
    more, lines = check_ledger(document, functions, root, whole, update)
    findings += more
    document = results.document(targets, findings)
    texts = {"json": results.text(document),
             "sarif": results.text(writers.sarif(document, *version(root))),
             "junit": writers.junit(document), "markdown": writers.markdown(document)}
    for kind, path in [(kind, out / name) for kind, name in REPORTS.items()] + list(copies):
        results.save(texts[kind], path)
    return document, lines
