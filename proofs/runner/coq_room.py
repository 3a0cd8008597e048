# SPDX-License-Identifier: Apache-2.0
"""A folder of Coq files: compiles them, and compares what they state, axioms included, with the
statements that are committed as expected.txt.

Used by proofs/composition/run and proofs/many_tokens/run, and read by proofs/report/readers.py.
"""
import os
import pathlib
import re
import shutil
import subprocess
import time

LIMIT = 600  # seconds for one file

SHORTCUT = re.compile(
    r"\b(Admitted|admit|Abort|Axiom|Axioms|Parameter|Parameters|Conjecture|Hypothesis|Hypotheses"
    r"|Variable|Variables|Context|bypass_check|Unset|give_up)\b")

PROVED, NOT_PROVED, TOOL, NO_EVIDENCE = 0, 1, 2, 3
WORDS = {PROVED: "proved", NOT_PROVED: "not proved", TOOL: "tool problem",
         NO_EVIDENCE: "not evidence"}


class Stop(Exception):
    """Ends the run with an exit code and the reason."""

    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


def coqc(folder, name):
    """Compiles one file of a folder; returns what it printed."""
    try:
        result = subprocess.run(["coqc", "-q", "-w", "none", f"{name}.v"], cwd=folder,
                                capture_output=True, timeout=LIMIT, check=False)
    except OSError as error:
        raise Stop(TOOL, str(error)) from error
    except subprocess.TimeoutExpired as error:
        raise Stop(NOT_PROVED, f"{name}.v: no answer within {LIMIT} s") from error
    message = result.stderr.decode("utf-8", "replace")
    if result.returncode:
        where = re.search(r'File "\./(\w+\.v)", line (\d+)', message)
        reason = re.search(r"Error:\s*(.*)", message)
        place = f"{where[1]}:{where[2]}" if where else f"{name}.v"
        code = TOOL if "Cannot find a physical path" in message else NOT_PROVED
        raise Stop(code, f"{place}: {reason[1] if reason else message[-200:]}")
    return result.stdout.decode("utf-8", "replace")


class Room:
    """here: the folder, with coq/ and expected.txt; chain: its files in the order in which they
    depend on each other; theorems: what must be stated; borrowed: (folder, files) that come first;
    accepted: words of SHORTCUT that these files may use; canaries: (name, file, old, new), edits
    after which that file must not compile."""

    def __init__(self, here, chain, theorems, borrowed=(), accepted=(), canaries=()):
        self.here, self.chain, self.theorems = here, chain, theorems
        self.accepted, self.canaries = accepted, canaries
        self.sources = [(pathlib.Path(folder), name) for folder, names in borrowed
                        for name in names] + [(here / "coq", name) for name in chain]
        build = os.environ.get(f"{here.name.upper()}_BUILD",
                               here.parent.parent / "build/proofs" / here.name)
        self.build = pathlib.Path(build).resolve()

    def prepare(self):
        """Fills the build directory with sources that have no gap."""
        if not shutil.which("coqc"):
            raise Stop(TOOL, "missing: coqc")
        self.build.mkdir(parents=True, exist_ok=True)
        for folder, name in self.sources:
            source = folder / f"{name}.v"
            text = re.sub(r"\(\*.*?\*\)", " ", source.read_text(encoding="utf-8"), flags=re.S)
            found = [word for word in SHORTCUT.findall(text) if word not in self.accepted]
            if found:
                raise Stop(NOT_PROVED, f"{source.name}: {found[0]}")
            shutil.copy(source, self.build)

    def statements(self):
        """Compares what Coq says of the theorems, axioms included, with expected.txt.

        The axioms are printed once, for the tuple of all theorems."""
        names = " ".join(name for _, name in self.sources)
        text = f"From Coq Require Import Reals.\nRequire Import {names}.\nOpen Scope R_scope.\n"
        text += "".join(f"Check {name}.\n" for name in self.theorems)
        text += f"Definition all := ({', '.join(self.theorems)}).\nPrint Assumptions all.\n"
        (self.build / "Statements.v").write_text(text, encoding="utf-8")
        printed = coqc(self.build, "Statements")
        (self.build / "statements.txt").write_text(printed, encoding="utf-8")
        expected = (self.here / "expected.txt").read_text(encoding="utf-8")
        if printed.split() != expected.split():
            raise Stop(NOT_PROVED, f"{self.build / 'statements.txt'} is not expected.txt")
        axioms = re.findall(r"^\w+\.[\w.]+", printed.partition("Axioms:")[2], flags=re.M)
        integers = [name for name in axioms if re.match(r"(PrimInt63|Uint63)\.", name)]
        return (f"{len(self.theorems)} theorems, {len(axioms) - len(integers)} axioms of classical "
                f"reals, {len(integers)} of primitive integers")

    def line(self, target, status, seconds, detail):
        print(f"{self.here.name}  {target:<33} {status:<14} {seconds:6.1f} s  {detail}".rstrip(),
              flush=True)

    def step(self, target, status, action):
        start = time.monotonic()
        detail = ""
        try:
            detail = action() or ""
        except Stop as stop:
            status, detail = WORDS[stop.code], str(stop)
            raise
        finally:
            self.line(target, status, time.monotonic() - start, detail)
        return detail

    def prove(self):
        self.step("sources without gaps", "ok", self.prepare)
        for _, name in self.sources:
            self.step(f"{name}.v", "proved", lambda name=name: coqc(self.build, name) and "")
        return self.step("statements and axioms", "as expected", self.statements)

    def refuse(self):
        """Every edited file must fail, though what it needs has been compiled."""
        folder = self.build / "canary"
        for name, file, old, new in self.canaries:
            start = time.monotonic()
            text = (self.here / "coq" / f"{file}.v").read_text(encoding="utf-8")
            if text.count(old) != 1:
                raise Stop(TOOL, f"canary {name}: {text.count(old)} places in {file}.v")
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.build, folder, ignore=shutil.ignore_patterns("canary"))
            (folder / f"{file}.v").write_text(text.replace(old, new), encoding="utf-8")
            try:
                coqc(folder, file)
            except Stop as stop:
                if stop.code != NOT_PROVED:
                    raise
                self.line(name, "fails, as due", time.monotonic() - start, str(stop)[:60])
                continue
            self.line(name, "proved", time.monotonic() - start, "")
            raise Stop(NO_EVIDENCE, f"canary {name} was proved")
        return f"all {len(self.canaries)} canaries fail, as they must"

    def main(self, arguments, usage):
        start = time.monotonic()
        if arguments not in ([], ["--canaries"]) or (arguments and not self.canaries):
            print(usage)
            return TOOL
        try:
            if arguments and not (self.build / f"{self.chain[-1]}.vo").exists():
                raise Stop(TOOL, "run without --canaries first")
            code, detail = PROVED, self.refuse() if arguments else self.prove()
        except Stop as stop:
            code, detail = stop.code, str(stop)
        print(f"{self.here.name}: {WORDS[code]} ({time.monotonic() - start:.0f} s): {detail}")
        return code
