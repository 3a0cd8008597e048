# SPDX-License-Identifier: Apache-2.0
"""What the targets of a run share: folders, calls of tools, and results kept from earlier runs.

Main result: Shop.run(row) gives the result of one line of proofs/targets.  A result is used again
only if it was proved under the same key: a hash of every source that the target reads, of its line,
of the programs that run and read it, and of what the tools say of their versions.
Test: tests/proofs/test_run.py.
"""
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import threading
import time

import methods
import readers
import results
import source
from tools import PROOFS, ROOT, Problem

NAMES = {"frama-c": "Frama-C", "why3": "Why3", "coqc": "Coq"}
# What every target depends on: the kernel, its logic, and how targets are run and read.
BASE = ["kernel/*.[ch]", "specs/*.h", "proofs/run", "proofs/runner/*.py", "proofs/wp/*.*",
        "proofs/report/readers.py", "proofs/report/results.py", "proofs/report/source.py"]


class Shop:
    def __init__(self, build, versions, cold=False, update=False):
        self.build, self.versions, self.cold = build, versions, cold
        self.proving = cold or update  # else WP's session answers
        self.work, self.kept = build / "proofs/work", build / "proofs/results"
        self.functions, self.logic = source.scan(ROOT), source.logic(ROOT)
        self.living, self.lock, self.stopped = set(), threading.Lock(), False
        self.work.mkdir(parents=True, exist_ok=True)
        self.kept.mkdir(parents=True, exist_ok=True)
        self.base = self.digest(path for pattern in BASE for path in ROOT.glob(pattern))

    # ---- what methods use -----------------------------------------------------------------------
    def folder(self, name):
        """An empty one, for the files of a target."""
        path = self.work / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def call(self, command, log, environment):
        """Exit status (negative: the signal); everything that is said goes to the log."""
        with open(log, "wb") as said:
            with self.lock:
                if self.stopped:
                    raise Problem("stopped")
                try:
                    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said,
                                               stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                               start_new_session=True)
                except OSError as error:
                    raise Problem(f"{command[0]}: {error.strerror}") from error
                self.living.add(process)
            status = process.wait()
            with self.lock:
                self.living.discard(process)
                if self.stopped:
                    raise Problem("stopped")
        if status < 0:
            raise Problem(f"{command[0]} was ended by {signal.Signals(-status).name}: killed, or "
                          "out of memory")
        return status

    def stop(self):
        """Ends every tool that still runs, with the provers that it has started."""
        with self.lock:
            self.stopped = True
            for process in self.living:
                os.killpg(process.pid, signal.SIGKILL)

    def words(self, command):
        """The command as one would type it in the project's root."""
        return self.local(shlex.join(map(str, command)))

    def local(self, text):
        return text.replace(f"{self.build}/", "build/").replace(f"{ROOT}/", "")

    def tools(self, name):
        return [{"name": NAMES[name], "version": self.versions[name]}]

    def prover(self, shortcut):
        """(name, version) of a prover by the short name that proofs/targets uses."""
        text = (PROOFS / "wp/why3.conf.in").read_text(encoding="utf-8")
        for part in re.split(r"^\[", text, flags=re.M):
            entry = dict(re.findall(r'^(\w+) = "(.*)"$', part, re.M))
            if shortcut in (entry.get("shortcut"), entry.get("name", "").lower()):
                return entry["name"], entry["version"]
        raise Problem(f"proofs/targets: {shortcut} is not a prover of proofs/wp/why3.conf.in")

    # ---- targets --------------------------------------------------------------------------------
    def digest(self, paths):
        state = hashlib.sha256()
        for path in sorted(paths):
            state.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
        return state.hexdigest()

    def key(self, row):
        """The hash that a kept result stands under."""
        own = set((ROOT / "proofs/eva").glob("*")) if row[1] == "eva" else set()
        for word in row[2:]:
            if (ROOT / word).is_file():
                own.add(ROOT / word)
            elif (ROOT / word).is_dir():
                own |= {p for p in (ROOT / word).rglob("*")
                        if p.is_file() and "__pycache__" not in p.parts}
        words = [*row, self.base, self.digest(own), *(f"{k}={v}" for k, v in self.versions.items())]
        return hashlib.sha256("\0".join(words).encode()).hexdigest()

    def keep(self, name, key):
        return self.kept / f"{name}.{key}.json"

    def reuse(self, name, key):
        try:
            found = results.load(self.keep(name, key))["targets"]
        except results.Broken:
            return None
        if len(found) != 1 or found[0]["target"] != name or found[0]["status"] != "proved":
            return None
        for goal in found[0]["goals"]:
            goal["cached"] = True
        return found[0]

    def run(self, row):
        """(target, whether it was kept from an earlier run)."""
        name, kind, *arguments = row
        key = self.key(row)
        old = None if self.cold else self.reuse(name, key)
        if old:
            return old, True
        start = time.monotonic()
        try:
            target = results.relative(methods.METHODS[kind][0](self, name, *arguments), ROOT)
        except (Problem, OSError) as problem:
            target = readers.missing(name, str(problem), seconds=time.monotonic() - start)
        if target["reason"]:
            target["reason"] = self.local(target["reason"])
        if target["status"] == "proved":
            for path in self.kept.glob(f"{name}.*.json"):
                path.unlink()
            results.save(results.text(results.document([target])), self.keep(name, key))
        return target, False
