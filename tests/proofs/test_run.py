#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of proofs/run with a frama-c that plays recorded reports (data/), good and bad.

Main result: whatever is missing, different, killed, cut off, damaged or edited ends the run with
its exit status and one line that names it, and is never counted as proved; a kept result is used
again only while nothing that it depends on has changed.
"""
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = HERE / "data"

# Plays the next word of the file `play` (the last one for ever), and counts its calls in `calls`.
FRAMA_C = r'''#!/usr/bin/python3
import os, pathlib, shutil, signal, sys, time
home, data = pathlib.Path(__file__).parent.parent, pathlib.Path("@DATA@")
words = sys.argv[1:]
if words == ["-version"]:
    sys.exit(print((home / "version").read_text()))
with open(home / "calls", "a") as file:
    file.write(" ".join(words) + "\n")
if "-eva" in words:
    shutil.copy(data / "eva_good.csv", words[words.index("-report-csv") + 1])
    sys.exit(print((data / "eva_good.log").read_text(), end=""))
play = (home / "play").read_text().split()
word = play[0]
if len(play) > 1:
    (home / "play").write_text(" ".join(play[1:]))
session = pathlib.Path(words[words.index("-wp-session") + 1]) / "cache"
if words[words.index("-wp-cache") + 1] == "update":
    for n, verdict in enumerate(["valid", "timeout"] + ["failed"] * (word == "crashed")):
        (session / (str(n) * 32 + ".json")).write_text(
            '{ "prover": "CVC5mem:1.0.3", "verdict": "%s", "time": 2. }\n' % verdict)
if word == "slow":
    (home / "pid").write_text(str(os.getpid()))
    time.sleep(100)
if word == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
name = {"good": "wp_good", "cut": "wp_good", "crashed": "wp_good"}.get(word, "wp_bad")
log = (data / (name + ".log")).read_text()
if word == "lacking":  # what a replay says of a goal that the session does not have
    log = "\n".join(l for l in log.split("\n") if not l.startswith("  ") or "Qed: " in l)
if word == "vacuous":
    log = (data / "wp_good.log").read_text().replace(
        "[Passed] Smoke-test typed_at_total_wp_smoke_dead_loop_s7",
        "[Failed] Smoke-test typed_at_total_wp_smoke_dead_loop_s7").replace("42 / 42", "41 / 42")
if word == "cut":
    log = log[:1500]
if word != "silent":
    print(log, end="")
    report = (data / (name + ".json")).read_text()
    if word == "vacuous":
        report = (data / "wp_good.json").read_text().replace('"valid": 40', '"valid": 39')
    pathlib.Path(words[words.index("-wp-report-json") + 1]).write_text(report)
    shutil.copy(data / (("wp_good" if word == "vacuous" else name) + ".csv"),
                words[words.index("-report-csv") + 1])
'''
WP = "total wp kernel/total.c add,at_total,at_outside cvc5mem"
EVA = "eva eva 2 2 2 none"
ROWS = ["admitted:*.coq_*", "tool:*", "library:Frama_C_double_interval"]


class Tree(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home)
        for folder in ("runner", "report"):
            shutil.copytree(ROOT / "proofs" / folder, self.home / "proofs" / folder,
                            ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "proofs/run", self.home / "proofs")
        shutil.copytree(DATA / "kernel", self.home / "kernel")
        (self.home / "proofs/wp/session/cache").mkdir(parents=True)
        for name in ("specs", "harness", "bin", "proofs/eva"):
            (self.home / name).mkdir()
        self.write("harness/setup.sh", "#!/bin/sh\n", 0o755)
        self.write("bin/frama-c", FRAMA_C.replace("@DATA@", str(DATA)), 0o755)
        self.write("version", "25.0 (Manganese)")
        self.write("proofs/versions", "frama-c 25.0 frama-c-base frama-c -version\n")
        self.write("proofs/wp/why3.conf.in", '[prover]\nname = "CVC5mem"\nversion = "1.0.3"\n'
                   'shortcut = "cvc5mem"\n')
        self.write("CITATION.cff", "version: 1.2.3\n")
        self.write("proofs/assumptions.json", json.dumps({
            "format": "attest-assumptions", "version": 1, "rows": [
                {"id": i, "reason": "so", "covered_by": ["trusted"]} for i in ROWS]}))
        self.targets(WP)
        self.play("good")

    def write(self, name, text, mode=0o644):
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def targets(self, *rows):
        self.write("proofs/targets", "".join(f"{row}\n" for row in rows))

    def play(self, *words):
        self.write("play", " ".join(words))
        self.write("calls", "")

    def calls(self):
        return (self.home / "calls").read_text().count("\n")

    def call(self, *words, **environment):
        """(exit status, lines)."""
        done = subprocess.run([self.home / "proofs/run", *words], cwd="/", text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
                              env={**os.environ, "PATH": f"{self.home}/bin:/usr/bin:/bin",
                                   "BUILD": str(self.home / "build"), "JOBS": "2", **environment})
        self.assertNotIn("Traceback", done.stdout)
        return done.returncode, done.stdout.rstrip("\n").split("\n")

    def part(self, *words, **environment):
        """Of one target, so that no ledger is asked for."""
        return self.call("total", *words, **environment)

    def expect(self, status, pattern, *words):
        found, lines = self.part(*words)
        self.assertEqual(found, status, lines)
        self.assertTrue(any(re.search(pattern, line) for line in lines), (pattern, lines))
        self.assertEqual(status == 0, lines[-1].startswith("proofs: proved:"), lines[-1])


class Statuses(Tree):
    def test_proved(self):
        self.expect(0, r"^total +proved +30/30 +goals +12/12 guards")

    def test_not_proved(self):
        self.play("bad")
        self.expect(1, r"kernel/total.c:21: timed out: typed_at_total_loop_invariant_sum")

    def test_vacuous(self):
        self.play("vacuous")
        self.expect(3, r"^total +not evidence")

    def test_killed(self):
        self.play("killed")
        self.expect(2, r"^total +tool problem .* frama-c was ended by SIGKILL")

    def test_cut_off_and_silent(self):
        for word in ("cut", "silent"):
            self.play(word)
            self.expect(2, r"^total +tool problem .*build/proofs/work/total/wp\.log ")

    def test_stopped(self):
        """By a signal: the tools are ended too, and nothing is left that counts."""
        self.play("slow")
        with subprocess.Popen([self.home / "proofs/run", "total"], text=True, env={
                **os.environ, "PATH": f"{self.home}/bin:/usr/bin:/bin",
                "BUILD": str(self.home / "build")}, stdout=subprocess.PIPE) as run:
            pid = self.home / "pid"
            while run.poll() is None and not (pid.is_file() and pid.read_text()):
                time.sleep(0.05)
            run.terminate()
            said = run.communicate(timeout=60)[0]
        self.assertEqual((run.returncode, said.split("\n")[-2]),
                         (2, "proofs: tool problem: stopped"))
        with self.assertRaises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)
        self.assertEqual(list((self.home / "build/proofs/results").iterdir()), [])

    def test_priority(self):
        """A tool problem goes before what is no evidence, and that before what is not proved."""
        other = WP.replace("total wp", "other wp")
        self.targets(WP, other)
        for words, status in (("bad vacuous", 3), ("vacuous killed", 2), ("bad killed", 2)):
            self.play(*words.split())
            self.assertEqual(self.call("total", "other", JOBS="1")[0], status, words)

    def test_assumption_without_a_row(self):
        self.write("proofs/assumptions.json", json.dumps({
            "format": "attest-assumptions", "version": 1, "rows": []}))
        self.expect(3, r"assumption without a row .*: tool:CVC5mem")


class BadInput(Tree):
    def test_another_version(self):
        self.write("version", "26.0 (Iron)")
        self.expect(2, r"^proofs: tool problem: frama-c: want 25\.0, have '26\.0 \(Iron\)'$")
        self.write("version", "25.0.1")
        self.expect(2, r"frama-c: want 25\.0")
        self.assertEqual(self.calls(), 0)

    def test_missing_tools(self):
        self.write("proofs/versions", "cvc9 1 cvc9 cvc9 --version\nz9 2 z9 z9 --version\n")
        self.expect(2, r"^proofs: tool problem: cvc9 is not installed .*; z9 is not installed")

    def test_setup_refuses(self):
        self.write("harness/setup.sh", "#!/bin/sh\nexit 1\n", 0o755)
        self.expect(2, r"^proofs: tool problem: proof tools are missing")

    def test_damaged_session(self):
        name = "0" * 32 + ".json"
        good = '{ "prover": "CVC5mem:1.0.3", "verdict": "valid", "time": 0.1 }\n'
        self.write(f"proofs/wp/session/cache/{name}", good)
        self.expect(0, "^total +proved")
        for bad in ("", good[:-4], good + good, "\0", good.replace("valid", "va lid")):
            self.write(f"proofs/wp/session/cache/{name}", bad)
            self.expect(2, rf"^proofs: tool problem: .*{name} is damaged: `git checkout")
        self.write(f"proofs/wp/session/cache/{name}", good)
        self.write("proofs/wp/session/cache/other", good)
        self.expect(2, r"/other is damaged")

    def test_edited_without_its_session(self):
        self.play("lacking")
        self.expect(1, r"the session has no answer to 2 goals: was kernel/total\.c .* edited\? "
                       r"`proofs/run --update`")

    def test_rows_of_targets(self):
        for row, words in (("total wp kernel/total.c", "total: wp with 1 arguments"),
                           ("total xp a b c", "total: xp with 3 arguments"),
                           ("total wp", "proofs/targets:1: 3 words are needed"),
                           ("../total lemma kernel/total.c", "'../total' is no name"),
                           (f"{WP}\n{WP}", "total stands twice")):
            self.targets(row)
            self.expect(2, r"^proofs: tool problem: .*" + re.escape(words))

    def test_words(self):
        for words in (["--colder"], ["--json"], ["none"], ["-x"]):
            status, lines = self.call(*words)
            self.assertEqual((status, len(lines)), (2, 1), lines)
        for jobs in ("0", "-1", "two", "1" * 9):
            status, lines = self.part(JOBS=jobs)
            self.assertEqual((status, len(lines)), (2, 1), lines)
        self.assertEqual(self.call("--help")[0], 0)

    def test_two_runs_in_one_folder(self):
        (self.home / "build/proofs").mkdir(parents=True)
        with open(self.home / "build/proofs/lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.expect(2, r"another run works in ")

    def test_text_that_is_not_understood(self):
        self.write("kernel/odd.c", "int f(void) {\n")
        self.expect(2, r"kernel/odd\.c:1: bracket without end")


class Kept(Tree):
    def test_used_again_until_something_changes(self):
        self.expect(0, "^total")
        self.assertEqual(self.calls(), 1)
        self.play("bad")
        self.expect(0, r"^total .*\(kept\)$")
        self.assertEqual(self.calls(), 0)
        changes = {"kernel/total.c": "/* */", "specs/new.h": "", "proofs/runner/wp.py": "# \n",
                   "proofs/report/readers.py": "# \n", "proofs/wp/why3.conf.in": "# \n"}
        for name, more in changes.items():
            path = self.home / name
            old = path.read_text() if path.exists() else ""
            path.write_text(old + more)
            self.expect(1, "^total +timed out")
            path.unlink()
            if old:
                path.write_text(old)
                self.expect(0, r"^total .*\(kept\)$")
        self.targets(WP.replace("cvc5mem", "cvc5mem,cvc4"))
        self.expect(1, "^total +timed out")

    def test_cold_uses_nothing(self):
        self.expect(0, "^total")
        self.play("bad")
        self.expect(1, "^total +timed out", "--cold")

    def test_damaged(self):
        self.expect(0, "^total")
        path, = (self.home / "build/proofs/results").glob("total.*.json")
        text = path.read_text()
        for bad in ("", text[:200], text.replace('"proved"', '"not proved"', 1),
                    text.replace('"target": "total"', '"target": "else"')):
            path.write_text(bad)
            self.play("bad")
            self.expect(1, "^total +timed out")
            path.write_text(text)

    def test_what_is_not_proved_is_not_kept(self):
        self.play("bad")
        self.expect(1, "^total +timed out")
        self.play("good")
        self.expect(0, "^total +proved")

    def test_eva(self):
        self.targets(EVA)
        self.assertEqual(self.call("eva")[0], 0)
        self.assertEqual(self.call("eva")[0], 0)
        self.assertEqual(self.calls(), 1)
        self.write("proofs/eva/two_steps.c", "/* changed */\n")
        self.assertEqual(self.call("eva")[0], 0)
        self.assertEqual(self.calls(), 2)


class Proving(Tree):
    def test_a_busy_machine_gets_more_time(self):
        self.play("bad", "good")
        self.expect(0, "^total +proved", "--cold")
        seconds = re.findall(r"-wp-timeout (\d+)", (self.home / "calls").read_text())
        self.assertEqual(len(seconds), 2)
        self.assertGreaterEqual(int(seconds[1]), 5 * int(seconds[0]))

    def test_in_the_end_it_is_not_proved(self):
        self.play("bad")
        self.expect(1, "^total +timed out", "--cold")
        self.assertEqual(self.calls(), 3)

    def test_smoke_tests_whose_prover_ends_without_answer(self):
        self.play("crashed")
        status, lines = self.call("total.smoke")
        self.assertEqual(status, 2, lines)
        self.assertTrue(any("1 smoke tests without answer" in line for line in lines), lines)

    def test_update_stores_proofs_alone(self):
        cache = self.home / "proofs/wp/session/cache"
        self.write("proofs/wp/session/cache/" + "7" * 32 + ".json",
                   '{ "prover": "CVC5mem:1.0.3", "verdict": "unknown" }\n')
        self.write("proofs/assumptions.json", (self.home / "proofs/assumptions.json").read_text()
                   .replace("library:Frama_C_double_interval", "standing:binary64"))
        self.expect(0, "1 proofs stored, 0 dropped", "--update")
        self.assertEqual(sorted(p.name[0] for p in cache.iterdir()), ["0", "7"])
        self.assertEqual(self.call("--update", "--cold")[0], 0)
        self.assertEqual(sorted(p.name[0] for p in cache.iterdir()), ["0"])

    def test_ledger(self):
        self.write("proofs/assumptions.json", (self.home / "proofs/assumptions.json").read_text()
                   .replace("library:Frama_C_double_interval", "standing:binary64"))
        status, lines = self.call()
        self.assertEqual(status, 1, lines)
        self.assertTrue(any("`proofs/run --update total` writes it" in x for x in lines), lines)
        self.assertEqual(self.call("--update")[0], 0)
        self.assertEqual(self.call()[0], 0)
        with open(self.home / "proofs/ledger/total.md", "a", encoding="utf-8") as file:
            file.write("more\n")
        self.assertEqual((self.part()[0], self.call()[0]), (0, 1))
        self.expect(0, "^-more$")
        self.assertEqual(self.part("--update")[0], 0)
        self.assertEqual(self.call()[0], 0)

    def test_reports(self):
        names = {kind: self.home / f"mine/{kind}" for kind in ("json", "junit", "sarif",
                                                              "markdown")}
        words = [w for kind, path in names.items() for w in (f"--{kind}", str(path))]
        self.assertEqual(self.part(*words)[0], 0)
        for kind, name in (("json", "proofs.json"), ("junit", "proofs.xml"),
                           ("sarif", "proofs.sarif"), ("markdown", "proofs.md")):
            self.assertEqual(names[kind].read_text(),
                             (self.home / "build/proofs/report" / name).read_text())
        self.assertEqual(sorted(p.name for p in (self.home / "mine").iterdir()), sorted(names))

    def test_quick_and_list(self):
        self.targets(WP, EVA)
        status, lines = self.call("--quick")
        self.assertEqual((status, [line.split()[0] for line in lines[1:2]]), (0, ["total"]), lines)
        self.assertFalse(any(line.startswith(("eva ", "total.smoke ")) for line in lines))
        self.assertEqual(self.call("--list"), (0, [
            WP, EVA, "total.smoke smoke kernel/total.c add,at_total,at_outside"]))


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    found = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(found.failures) + len(found.errors)
    print(f"{found.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
