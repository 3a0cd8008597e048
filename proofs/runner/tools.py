# SPDX-License-Identifier: Apache-2.0
"""The proof tools: are they there, in the versions that the proofs were made with?

Main result: complaints() is empty only if every line of proofs/versions holds; otherwise it names
each missing or different tool.  A proof is evidence for the tools that found it.
Test: tests/proofs/test_run.py.
"""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROOFS = ROOT / "proofs"


class Problem(Exception):
    """A tool is missing or fails, or a file of proofs/ is not what it must be: one line says it."""


def table(name, least):
    """Rows of a table of proofs/, each of at least so many words."""
    try:
        lines = (PROOFS / name).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"proofs/{name}: {error}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if words and not line.startswith("#"):
            if len(words) < least:
                raise Problem(f"proofs/{name}:{number}: {least} words are needed: {line.strip()}")
            rows.append(words)
    return rows


def install():
    """Has harness/setup.sh see to the packages, which are those of proofs/versions."""
    done = subprocess.run([ROOT / "harness/setup.sh", "proofs"], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise Problem("proof tools are missing (proofs/versions lists their packages)")


def answer(command):
    """What a command prints, or None where it cannot be run."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False, errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def check(rows):
    """(complaints, {tool: version}; where any will do, the one that is there)."""
    complaints, versions = [], {}
    for name, version, _, *command in rows:
        said, whole = answer(command), r"(?<![\w.])" + re.escape(version) + r"(?!\w|\.\d)"
        if not said:
            complaints.append(f"{name} is not installed (want {version})")
        elif version != "any" and not re.search(whole, said):
            complaints.append(f"{name}: want {version}, have {said.splitlines()[0][:60]!r}")
        versions[name] = version if version != "any" else (said or "").split("\n")[0]
    return complaints, versions


def preflight():
    """Installs what is missing; {tool: version}, or Problem with all complaints in one line."""
    install()
    complaints, versions = check(table("versions", 4))
    if complaints:
        raise Problem("; ".join(complaints))
    return versions
