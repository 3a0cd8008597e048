#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of proofs/report on recorded reports of a kernel of two functions.

    test_report.py                all tests
    test_report.py --sarif FILE   writes the SARIF text of a document with every status

The records in data/ are what Frama-C 25 (WP and Eva) and Why3 1.5 wrote about data/kernel, with the
rows of Frama-C's own builtin functions left out; *_bad: a false postcondition (WP), an array that
is initialised by half (Eva).  Those of proofs/elementary are written in its form.  Main result: a
whole report is read as it stands; missing, empty, cut off before its verdict, contradicting
another, or with another answer, it is never proved.
"""
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = HERE / "data"
sys.path.insert(0, str(ROOT / "proofs/report"))

import conclusion  # noqa: E402
import coverage  # noqa: E402
import ledger  # noqa: E402
import readers  # noqa: E402
import results  # noqa: E402
import source  # noqa: E402
import writers  # noqa: E402

FUNCTIONS = source.scan(DATA)
CVC5 = {"name": "CVC5", "version": "1.0.3"}


def paths(name, folder=DATA):
    return [folder / f"{name}.{kind}" for kind in ("log", "json", "csv")]


def wp(name="wp_good", folder=DATA, **settings):
    return readers.wp("wp", [paths(name, folder)], FUNCTIONS, **settings)


def eva(name="eva_good", folder=DATA, **settings):
    return readers.eva("eva", folder / f"{name}.log", folder / f"{name}.csv", FUNCTIONS, **settings)


def why3(*names, folder=DATA, **settings):
    return readers.why3("facts", [("P", "1", folder / f"why3_{name}.log") for name in names],
                        [folder / "facts.mlw"], **settings)


def elementary(folder=DATA, **settings):
    return readers.elementary("elementary", folder / "elementary.log",
                              folder / "elementary_axioms.txt", folder / "elementary_theorems.txt",
                              FUNCTIONS, tools=[{"name": "Coq", "version": "8.16.1"}], **settings)


def canaries(folder=DATA, **settings):
    return readers.canaries("canaries", folder / "canaries.log", **settings)


def theories(folder=DATA, **settings):
    return readers.theories("theories", folder / "theories.log", folder / "theories.json",
                            **settings)


def by_id(target):
    return {goal["id"]: goal for goal in target["goals"]}


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(DATA, self.folder, dirs_exist_ok=True)

    def change(self, name, old, new, count=1):
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, count), encoding="utf-8")


class Whole(Scratch):
    def test_wp_proved(self):
        target = wp(tools=[{"name": "Frama-C WP", "version": "25.0"}])
        self.assertEqual((target["status"], target["reason"]), ("proved", None))
        goals = by_id(target)
        self.assertEqual(len(goals), 42)
        self.assertEqual(sum(g["kind"] == "smoke" for g in goals.values()), 12)
        self.assertTrue(all(g["status"] == ("passed" if g["kind"] == "smoke" else "proved")
                            for g in goals.values()))
        sums = goals["typed_at_total_loop_invariant_sum_preserved"]
        self.assertEqual((sums["function"], sums["file"], sums["line"], sums["kind"]),
                         ("at_total", "kernel/total.c", 21, "loop invariant"))
        self.assertEqual(sums["provers"], [results.prover("CVC5mem", "1.0.3", "proved", 0.08)])
        self.assertEqual(sums["text"], "sum: 0 <= sum <= 255 * k")
        place = {name: (g["file"], g["line"]) for name, g in goals.items()}
        for name, line in (("assert_rte_unsigned_overflow", 25), ("loop_variant_2_decrease", 29),
                           ("assert_rte_unsigned_overflow_2", 31), ("call_add_requires_range", 25),
                           ("loop_invariant_index_2_established", 26)):
            self.assertEqual(place[f"typed_at_total_{name}"],
                             ("kernel/total.c", line if "variant" not in name or "inv" in name
                              else 28), name)
        self.assertEqual(place["typed_at_total_ensures_range"], ("kernel/total.h", 24))
        self.assertEqual(goals["typed_at_total_assigns_exit_part2"]["property"], "at_total_assigns")
        self.assertEqual(goals["add_terminates"]["kind"], "terminates")
        self.assertEqual([a["id"] for a in target["assumptions"]],
                         ["admitted:at_outside.coq_range", "tool:CVC5mem", "tool:Frama-C WP",
                          "tool:Frama-C control flow", "tool:Qed"])

    def test_wp_not_proved(self):
        target = wp("wp_bad")
        self.assertEqual(target["status"], "timed out")
        bad = [g for g in target["goals"] if not results.good(g)]
        self.assertEqual([(g["property"], g["line"]) for g in bad],
                         [("at_total_loop_invariant_sum", 21), ("add_ensures_grown", 10)])
        self.assertEqual({p["name"] for p in bad[0]["provers"]}, {"Z3mem", "CVC5mem"})
        cached = [g["id"] for g in target["goals"] if g["cached"]]
        self.assertEqual(len(cached), 4)

    def test_wp_prover_that_gives_no_answer(self):
        """Killed, or out of memory: WP calls it failed, with or without a word of why."""
        text = (DATA / "wp_bad.log").read_text(encoding="utf-8")
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            for words in ("Failed Unknown error", "Failed", "Failed (2s)"):
                log.seek(0)
                log.truncate()
                log.write(text.replace("CVC5mem 1.0.3: Timeout (Qed:9ms) (2s)",
                                       f"CVC5mem 1.0.3: {words}"))
                log.flush()
                target = readers.wp("wp", [[log.name, *paths("wp_bad")[1:]]], FUNCTIONS)
                self.assertEqual((target["status"], target["reason"]), ("tool problem", None))
                bad = [g for g in target["goals"] if g["status"] == "tool problem"]
                self.assertEqual([writers.asked(g) for g in bad],
                                 ["Z3mem: timed out, CVC5mem: tool problem"])

    def test_wp_second_run_helps(self):
        target = readers.wp("wp", [paths("wp_bad"), paths("wp_good")], FUNCTIONS)
        self.assertEqual(target["status"], "proved")

    def test_wp_exit_status(self):
        self.assertEqual(wp(exit_status=1)["status"], "tool problem")

    def test_eva(self):
        target = eva(tools=[{"name": "Frama-C Eva", "version": "25.0"}])
        self.assertEqual((target["status"], target["reason"]), ("proved", None))
        free = [g for g in target["goals"] if g["kind"] == "alarm-free"]
        self.assertEqual([g["function"] for g in free], ["add", "at_total", "at_outside"])
        self.assertEqual([a["id"] for a in target["assumptions"]],
                         ["admitted:at_outside.coq_range", "library:Frama_C_double_interval",
                          "tool:Frama-C Eva"])

    def test_eva_by_contract(self):
        """at_total calls add; a function that is not run is a goal unless a contract stands for it."""
        self.assertEqual(readers.below("at_total", FUNCTIONS), {"at_total", "add"})
        text = (DATA / "eva_good.log").read_text(encoding="utf-8")
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write(re.sub(r"^  (add|at_total): .* stmts .*\n", "", text, flags=re.M))
            log.flush()
            for contracts, status in (([], "not evidence"), (["add"], "not evidence"),
                                      (["at_outside"], "not evidence"), (["at_total"], "proved")):
                target = readers.eva("e", log.name, DATA / "eva_good.csv", FUNCTIONS, contracts)
                self.assertEqual(target["status"], status, contracts)
        log = self.folder / "eva_good.log"
        log.write_text(re.sub(r"^  (add|at_total): .* stmts .*\n", "", text, flags=re.M))
        table = self.folder / "eva_good.csv"  # what Eva says of a body that it does not enter
        table.write_text(table.read_text().replace("at_total\tloop invariant\tValid",
                                                   "at_total\tloop invariant\tDead"))
        for contracts, status in (([], "not evidence"), (["at_total"], "proved")):
            self.assertEqual(readers.eva("e", log, table, FUNCTIONS, contracts)["status"], status)

    def test_ghost_call(self):
        self.change("kernel/total.c", "  return sum;", "  //@ ghost added(sum);\n  return sum;")
        self.assertIn("added", source.scan(self.folder)["at_total"].calls)

    def test_eva_alarm(self):
        target = eva("eva_bad")
        self.assertEqual(target["status"], "not evidence")
        state = {(g["kind"], g["line"]): g["status"] for g in target["goals"]
                 if not results.good(g)}
        self.assertEqual(state, {("alarm", 25): "not proved", ("loop invariant", 26):
                                 "not evidence", ("assigns clause", 27): "not evidence",
                                 ("alarm-free", 17): "not evidence"})

    def test_eva_alarms_without_table(self):
        target = readers.eva("eva", DATA / "eva_bad.log", DATA / "none.csv", FUNCTIONS,
                             exit_status=1)
        self.assertEqual(target["status"], "not proved")
        self.assertIn(("kernel/total.c", 25), [(g["file"], g["line"]) for g in target["goals"]])
        self.assertFalse(any(map(results.good, target["goals"])))

    def test_eva_exit_status(self):
        self.assertEqual(eva(exit_status=1)["status"], "not proved")

    def test_why3(self):
        target = why3("full")
        self.assertEqual((target["status"], len(target["goals"])), ("proved", 4))
        self.assertEqual(why3("half", exit_status=2)["status"], "not proved")
        both = why3("half", "full", exit_status=2)
        self.assertEqual(both["status"], "proved")
        self.assertEqual([p["answer"] for p in both["goals"][0]["provers"]],
                         ["proved", "not proved"])
        self.assertEqual((both["goals"][0]["property"], both["goals"][0]["line"]), ("swap", 6))
        self.assertEqual(why3("full", exit_status=2)["status"], "tool problem")

    def test_elementary(self):
        target = elementary()
        self.assertEqual((target["status"], target["reason"]), ("proved", None))
        theorem = by_id(target)["at_outside_coq_range"]
        self.assertEqual((theorem["function"], theorem["file"], theorem["line"], theorem["status"]),
                         ("at_outside", "kernel/total.h", 15, "proved"))
        self.assertEqual(len([a for a in target["assumptions"] if a["id"].startswith("axiom:")]), 3)
        self.assertEqual(elementary(exit_status=1)["status"], "tool problem")

    def test_canaries(self):
        target = canaries()
        self.assertEqual((target["status"], writers.counts(target)), ("proved", (0, 0, 2, 2)))
        self.assertEqual(canaries(exit_status=3)["status"], "tool problem")

    def test_places_are_told_from_the_root(self):
        inside = results.relative(why3("full"), ROOT)
        self.assertEqual(inside["goals"][0]["file"], "tests/proofs/data/facts.mlw")
        outside = results.relative(why3("full"), ROOT / "kernel")
        self.assertEqual((outside["goals"][0]["file"], outside["goals"][0]["line"]), (None, None))

    def test_missing(self):
        target = readers.missing("eva", "frama-c is not installed")
        self.assertEqual(target["status"], "tool problem")

    def test_no_goal_is_no_proof(self):
        self.assertEqual(results.target("t", "wp")["status"], "tool problem")
        self.assertEqual(results.document([])["status"], "tool problem")


class Damaged(Scratch):
    """No damaged report is proved."""

    def refuse(self, read, files, statuses=("tool problem",)):
        self.assertEqual(read(self.folder)["status"], "proved")
        for name in files:
            path = self.folder / name
            text = path.read_text(encoding="utf-8")
            lines = text.split("\n")
            step = max(1, len(lines) // 60)
            cuts = ["", "\n", "null\n", "{}\n", "\x00\xff", text[:-1]]
            cuts += ["\n".join(lines[:n]) + "\n" for n in range(1, len(lines) - 1, step)]
            for cut in cuts:
                path.write_text(cut, encoding="utf-8")
                self.assertIn(read(self.folder)["status"], statuses, f"{name}: {cut[-80:]!r}")
            path.write_bytes(b"\xff\xfe" + text.encode())
            self.assertIn(read(self.folder)["status"], statuses)
            path.unlink()
            self.assertIn(read(self.folder)["status"], statuses)
            path.write_text(text, encoding="utf-8")

    def test_wp_log_and_json(self):
        self.refuse(lambda folder: wp(folder=folder), ["wp_good.json"])

    def test_wp_log(self):
        path = self.folder / "wp_good.log"
        text = path.read_text(encoding="utf-8")
        whole = text[:text.index("[wp] Report")].count("\n") + 1
        lines = text.split("\n")
        for n in range(0, whole - 1):
            path.write_text("\n".join(lines[:n]) + "\n", encoding="utf-8")
            self.assertEqual(wp(folder=self.folder)["status"], "tool problem", n)
        for n, line in enumerate(lines):
            if " Goal " in line or "Smoke-test" in line or "Proved goals" in line:
                path.write_text("\n".join(lines[:n] + lines[n + 1:]), encoding="utf-8")
                self.assertEqual(wp(folder=self.folder)["status"], "tool problem", line)

    def test_wp_answers(self):
        text = (self.folder / "wp_good.log").read_text(encoding="utf-8")
        for word in ("Timeout", "Unknown", "Failed", "Invalid", "Anything"):
            changed = re.sub(r"(Goal typed_at_total_ensures_range) : Valid", rf"\1 : {word}", text)
            (self.folder / "wp_good.log").write_text(changed, encoding="utf-8")
            self.assertEqual(wp(folder=self.folder)["status"], "tool problem", word)

    def test_wp_errors(self):
        for line in ("[wp] User Error: Prover 'z3' not found", "[kernel] Plug-in wp aborted: x.",
                     "[kernel] kernel/total.c:3:\n  syntax error:"):
            (self.folder / "wp_good.log").write_text(
                (DATA / "wp_good.log").read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
            self.assertEqual(wp(folder=self.folder)["status"], "tool problem", line)

    def test_wp_count(self):
        self.change("wp_good.json", '"total": 40, "valid": 40', '"total": 41, "valid": 41')
        self.assertEqual(wp(folder=self.folder)["status"], "tool problem")

    def test_wp_smoke(self):
        smoke = "] Smoke-test typed_at_total_wp_smoke_dead_loop_s7"
        self.change("wp_good.log", f"[Passed{smoke}", f"[Failed{smoke}")
        self.change("wp_good.log", "Proved goals:   42 / 42", "Proved goals:   41 / 42")
        self.change("wp_good.json", '"total": 40, "valid": 40', '"total": 40, "valid": 39')
        target = wp(folder=self.folder)
        self.assertEqual(target["status"], "not evidence")

    def test_wp_property_without_goal(self):
        """All goals are proved, but Frama-C itself does not hold the property for proved."""
        self.change("wp_good.csv", "invariant\tValid\t0 ≤ n", "invariant\tUnknown\t0 ≤ n")
        self.assertEqual(wp(folder=self.folder)["status"], "tool problem")

    def test_wp_table(self):
        for text in ("", "directory\tfile\n", "nothing\n"):
            (self.folder / "wp_good.csv").write_text(text, encoding="utf-8")
            self.assertEqual(wp(folder=self.folder)["status"], "tool problem")
        (self.folder / "wp_good.csv").write_text(
            (DATA / "wp_good.csv").read_text(encoding="utf-8") + "kernel\ttotal.c\tx\n",
            encoding="utf-8")
        self.assertEqual(wp(folder=self.folder)["status"], "tool problem")

    def test_library_that_is_called_is_an_assumption(self):
        for name in ("memcpy", "memset"):
            with open(self.folder / "wp_good.csv", "a", encoding="utf-8") as file:
                file.write(f"FRAMAC_SHARE/libc\tstring.h\t99\t{name}\tassigns clause\tConsidered "
                           "valid\tassigns \\nothing;\n")
        self.change("kernel/total.c", "return x <", "memcpy(&x, &x, 0); return x <")
        target = readers.wp("wp", [paths("wp_good", self.folder)], source.scan(self.folder))
        self.assertEqual([a["id"] for a in target["assumptions"] if a["id"].startswith("lib")],
                         ["library:memcpy"])

    def test_wp_warning_is_an_assumption(self):
        self.change("wp_good.log", "[wp] 40 goals", "[wp:pedantic-assigns] s.c:16: Warning: \n"
                    "  No 'assigns' specification.\n[wp] 40 goals")
        target = wp(folder=self.folder, command="frama-c -wp -wp-warn-key a=inactive,b=error x.c")
        self.assertEqual([a["id"] for a in target["assumptions"]][-2:],
                         ["tool:Qed", "warning:wp:pedantic-assigns: No 'assigns' specification. "
                          "(s.c)"])
        self.assertIn("suppressed:-wp-warn-key a=inactive",
                      [a["id"] for a in target["assumptions"]])

    def test_eva(self):
        text = (DATA / "eva_good.log").read_text(encoding="utf-8")
        for cut in ["", text[:-1]] + [text[:m.start() + 1] for m in re.finditer("\n", text)][:-1]:
            (self.folder / "eva_good.log").write_text(cut, encoding="utf-8")
            if "at_total: 14 stmts" not in cut or not cut.endswith("\n"):
                self.assertNotEqual(eva(folder=self.folder)["status"], "proved", cut[-60:])

    def test_eva_table(self):
        for text in ("", "x\n", "directory\tfile\n"):
            (self.folder / "eva_good.csv").write_text(text, encoding="utf-8")
            self.assertEqual(eva(folder=self.folder)["status"], "tool problem")
        for word in ("Dead", "Partially proven", "Untried", "Anything"):
            shutil.copy(DATA / "eva_good.csv", self.folder)
            self.change("eva_good.csv", "loop invariant\tValid", f"loop invariant\t{word}")
            self.assertNotEqual(eva(folder=self.folder)["status"], "proved", word)

    def test_eva_leaves_annotations_to_wp(self):
        self.change("eva_good.csv", "loop invariant\tValid", "loop invariant\tUnknown")
        target = eva(folder=self.folder)
        left = [a["id"] for a in target["assumptions"] if a["id"].startswith("contract:")]
        self.assertEqual((target["status"], left),
                         ("proved", ["contract:at_total_loop_invariant_index"]))
        self.change("eva_good.csv", "precondition of add\tValid", "precondition of add\tUnknown")
        self.assertEqual(eva(folder=self.folder)["status"], "not proved")

    def test_eva_numbers(self):
        for old, new in (("at_total: 14 stmts out of 14", "at_total: 13 stmts out of 14"),
                         ("  0 alarms generated", "  2 alarms generated"),
                         ("  add: 2 stmts", "  adder: 2 stmts")):
            shutil.copy(DATA / "eva_good.log", self.folder)
            self.change("eva_good.log", old, new)
            self.assertNotEqual(eva(folder=self.folder)["status"], "proved", new)

    def test_why3(self):
        self.change("facts.mlw", "goal square", "goal other")
        self.assertEqual(why3("full", folder=self.folder)["status"], "tool problem")
        shutil.copy(DATA / "facts.mlw", self.folder)
        text = (DATA / "why3_full.log").read_text(encoding="utf-8")
        cuts = ["", text.rstrip("\n"), text.replace("Goal square", "Goal other"),
                text.replace("Valid", "Timeout"), text.replace("Prover result is: Valid", "", 1)]
        cuts += [text[:text.index(name)] for name in ("Goal swap", "Goal both", "Goal square")]
        for cut in cuts:
            (self.folder / "why3_full.log").write_text(cut, encoding="utf-8")
            self.assertNotEqual(why3("full", folder=self.folder)["status"], "proved", cut[-60:])

    def test_theories(self):
        self.refuse(theories, ["theories.log", "theories.json"])
        for name in ("theories.log", "theories.json"):
            shutil.copy(DATA / name, self.folder)
        target = theories(self.folder)
        self.assertEqual([g["status"] for g in target["goals"]], ["proved", "proved", "passed"])
        self.assertEqual([a["id"] for a in target["assumptions"]][0],
                         "axiom:Classical_Prop.classic")
        self.assertEqual(theories(self.folder, exit_status=1)["status"], "tool problem")
        for old, new, status in (('"status": "proved"', '"status": "not proved"', 1),
                                 ('"kind": "canary",\n   "status": "proved"',
                                  '"kind": "canary",\n   "status": "not evidence"', 3)):
            shutil.copy(DATA / "theories.json", self.folder)
            self.change("theories.json", old, new)
            self.assertEqual(theories(self.folder)["status"], "tool problem", new)
            shutil.copy(DATA / "theories.log", self.folder)
            self.change("theories.log", "two_step: proved", "two_step: not proved")
            self.assertEqual(results.EXIT[theories(self.folder, exit_status=status)["status"]],
                             status)

    def test_why3_axiom(self):
        self.change("facts.mlw", "  goal square", "  axiom extra: false\n  goal square")
        self.assertIn("axiom:facts.extra",
                      [a["id"] for a in why3("full", folder=self.folder)["assumptions"]])

    def test_elementary(self):
        self.refuse(lambda folder: elementary(folder), ["elementary_axioms.txt"])
        text = (DATA / "elementary.log").read_text(encoding="utf-8")
        for cut in ["", text[:-1], text[:text.rindex("elementary:")],
                    text.replace("elementary: proved", "elementary: not proved"),
                    text.replace("2 axioms", "3 axioms"), text.replace("1 theorems", "2 theorems"),
                    text.replace("Rounding.v                   proved",
                                 "Rounding.v                   not proved"),
                    text.replace(" ok   ", " fails, as due   ")]:
            (self.folder / "elementary.log").write_text(cut, encoding="utf-8")
            self.assertNotEqual(elementary(self.folder)["status"], "proved", cut[-90:])
        (self.folder / "elementary.log").write_text(text, encoding="utf-8")
        self.change("elementary_theorems.txt", "at_outside", "at_inside")
        self.assertEqual(elementary(self.folder)["status"], "tool problem")

    def test_canaries(self):
        self.refuse(canaries, ["canaries.log"])
        self.change("canaries.log", "fails, as due ", "CANARY ALIVE  ")
        self.assertEqual(canaries(self.folder)["status"], "tool problem")
        self.assertEqual(canaries(self.folder, exit_status=3)["status"], "not evidence")


class Documents(Scratch):
    def everything(self):
        targets = [wp(), wp("wp_bad"), eva("eva_bad"), why3("half", exit_status=2), elementary(),
                   canaries(), readers.missing("none", "not <installed> & \x01 | so"),
                   results.target("false", "wp", [results.goal(
                       "g*_|", "ensures", "failed", file="kernel/total.c", line=3,
                       provers=[results.prover("Z3", "4", "failed", 1.5)], text="a && b | c <d>")])]
        for number, target in enumerate(targets):
            target["target"] += f"/{number}"
            results.relative(target, ROOT)
        return results.document(targets, [results.finding("f", "not proved", "a loop", "k.c", 3),
                                          results.finding("g", "not evidence", "no place")])

    def test_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("no jsonschema")
        schema = json.loads((ROOT / "specs/proofs.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        for targets in ([wp()], [eva()], self.everything()["targets"]):
            self.assertEqual([e.message for e in validator.iter_errors(results.document(targets))],
                             [])
        document = self.everything()
        for place in (document, document["targets"][0], document["targets"][0]["goals"][0],
                      document["targets"][0]["goals"][-1]["provers"][0],
                      document["targets"][0]["assumptions"][0], document["findings"][0]):
            for key, value in list(place.items()):
                del place[key]
                self.assertFalse(validator.is_valid(document), key)
                place[key] = {"wrong": 1}
                self.assertFalse(validator.is_valid(document), key)
                place[key] = value
                place["extra"] = 1
                self.assertFalse(validator.is_valid(document), key)
                del place["extra"]
        self.assertTrue(validator.is_valid(document))

    def test_load_and_save(self):
        path = self.folder / "deep/result.json"
        document = results.document([wp()])
        results.save(results.text(document), path)
        self.assertEqual(results.load(path), document)
        text = path.read_text(encoding="utf-8")
        for bad in ("", "null", "[]", "{}", text[:-3], text.replace('"version": 1', '"version": 2'),
                    text.replace('"kind": "ensures",\n     "status": "proved"',
                                 '"kind": "ensures",\n     "status": "timed out"', 1),
                    text.replace('"kind": "ensures",\n     "status": "proved"',
                                 '"kind": "ensures",\n     "status": "passed"', 1),
                    text.replace('"goals"', '"aims"'), "[" * 100000):
            path.write_text(bad, encoding="utf-8")
            with self.assertRaises(results.Broken):
                results.load(path)

    def test_junit(self):
        root = xml.fromstring(writers.junit(self.everything()).encode())
        suites = {suite.get("name"): suite for suite in root}
        self.assertEqual(suites["wp/0"].get("failures"), "0")
        self.assertEqual((suites["wp/1"].get("tests"), suites["wp/1"].get("failures")), ("42", "2"))
        self.assertEqual(suites["none/6"].get("errors"), "1")
        self.assertEqual(len(suites["none/6"].findall(".//error")), 1)
        self.assertIn("kernel/total.c:21", suites["wp/1"].find(".//failure").get("message"))
        self.assertEqual(suites["findings"].get("failures"), "2")
        for suite in root:
            cases = suite.findall("testcase")
            self.assertEqual(len(cases), int(suite.get("tests")))
            self.assertEqual(len(suite.findall("testcase/failure")), int(suite.get("failures")))

    def test_sarif(self):
        document = self.everything()
        run = writers.sarif(document, "0.1.0", "https://example.org/")["runs"][0]
        bad = sum(not results.good(g) for t in document["targets"] for g in t["goals"])
        reasons = sum(t["reason"] is not None for t in document["targets"])
        self.assertEqual(len(run["results"]), bad + reasons + len(document["findings"]))
        places = [(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                   r["locations"][0]["physicalLocation"]["region"]["startLine"])
                  for r in run["results"]]
        self.assertIn(("kernel/total.c", 21), places)
        self.assertIn(("k.c", 3), places)
        for result in run["results"]:
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"],
                             result["ruleId"])
        proved = writers.sarif(results.document([wp()]), "0.1.0", "https://example.org/")
        self.assertEqual(proved["runs"][0]["results"], [])

    def test_markdown_and_table(self):
        document = self.everything()
        text = writers.markdown(document)
        self.assertIn("| wp/0 | proved | 30/30 | 12/12 | - |", text)
        self.assertIn("| kernel/total.c:21 | timed out |", text)
        self.assertIn("<code>range: 0 &lt;= &#92;result &lt;= 255 &#42; n</code>", text)
        self.assertIn("Z3mem: timed out", text)
        for line in text.split("\n"):
            if line.startswith("| kernel"):
                self.assertEqual(len(re.findall(r"(?<!\\)\|", line)), 4, line)
        table = [writers.line(t) for t in document["targets"]] + \
            writers.objections(document, 2.0).split("\n")
        self.assertEqual(len({line.index("goals  ") for line in table[:8]}), 1)
        self.assertTrue(table[-2].startswith("proofs: tool problem: "), table[-2])


class Coverage(Scratch):
    def messages(self, document=None):
        return [(f"{f['file']}:{f['line']}", f["message"].partition(": ")[2])
                for f in coverage.check(source.scan(self.folder), document)]

    def test_complete(self):
        self.assertEqual(self.messages(), [])
        self.assertEqual(self.messages(results.document([wp()])), [])

    def test_project(self):
        """The contracts of the real kernel."""
        functions = source.scan(ROOT)
        self.assertEqual(coverage.check(functions), [])
        self.assertEqual({n for n in functions if n.startswith("at_")},
                         set(re.findall(r"^[a-z][\w *]*?\b(at_\w+)\(", "".join(
                             p.read_text(encoding="utf-8") for p in (ROOT / "kernel").glob("*.c")),
                             re.M)))

    def test_function_without_contract(self):
        self.change("kernel/total.c", "double at_outside", "/* nothing */\nint at_bare(int x)\n{\n"
                    "  do {\n    x--;\n  } while (x > 0);\n  return x;\n}\n\ndouble at_outside")
        self.assertEqual(self.messages(), [
            ("kernel/total.c:37", f"contract without {kind}")
            for kind in ("ensures", "assigns", "terminates")] + [
            ("kernel/total.c:39", f"loop without {kind}")
            for kind in ("invariant", "assigns", "variant")])

    def test_loop(self):
        for kind, line in (("invariant index: 0 <= n;", ""), ("variant n;", ""),
                           ("assigns n;", "")):
            shutil.copy(DATA / "kernel/total.c", self.folder / "kernel")
            self.change("kernel/total.c", f"loop {kind}", line)
            self.assertEqual(self.messages(),
                             [("kernel/total.c:30", f"loop without {kind.split()[0]}")])

    def test_clause_without_goal(self):
        """A clause that WP dropped: here, one that the recorded run did not know."""
        self.change("kernel/total.c", "  return sum;",
                    "  //@ assert hint: sum >= 0;\n  return sum;")
        self.change("kernel/total.h", "@ ensures range:",
                    "@ ensures more: \\true;\n  @ ensures range:")
        self.assertEqual(self.messages(results.document([wp()])), [
            ("kernel/total.h:24", "no goal for: ensures more: \\true"),
            ("kernel/total.c:33", "no goal for: assert hint: sum >= 0")])

    def test_function_without_goal(self):
        found = self.messages(results.document([eva()]))
        self.assertEqual([place for place, what in found if what == "no goal"],
                         ["kernel/total.c:12", "kernel/total.c:17", "kernel/total.c:36"])

    def test_function_in_coq(self):
        found = self.messages(results.document([elementary()]))
        self.assertFalse([w for _, w in found if "at_outside" in w])
        self.assertNotIn(("kernel/total.c:36", "no goal"), found)
        self.assertFalse([place for place, _ in found if place in ("kernel/total.h:13",
                                                                   "kernel/total.h:14")])
        self.change("kernel/total.h", "admit ensures", "ensures mine: \\true;\n    admit ensures")
        found = self.messages(results.document([elementary()]))
        self.assertLess({"kernel/total.h:13", "kernel/total.h:14", "kernel/total.h:15"},
                        {place for place, _ in found})

    def test_lemma(self):
        (self.folder / "specs").mkdir()
        (self.folder / "specs/logic.h").write_text(
            "// lemma no:\n/*@ // lemma neither:\n  lemma here: \\true;\n"
            "  axiom given: \\true; */\n", encoding="utf-8")
        logic = source.logic(self.folder)
        self.assertEqual(logic, [("lemma", "here", "specs/logic.h", 3),
                                 ("axiom", "given", "specs/logic.h", 4)])
        document = results.document([wp()])
        found = [f["message"] for f in coverage.check(FUNCTIONS, document, logic)]
        self.assertEqual(found, ["lemma here: no goal"])
        document["targets"][0]["goals"].append(results.goal("typed_lemma_here", "lemma", "proved",
                                                            prop="lemma_here"))
        self.assertEqual(coverage.check(FUNCTIONS, document, logic), [])

    def test_lemmas_alone(self):
        """A run for lemmas has no function; the model's prefix is read off the lemmas."""
        goals = {f"typed_model_lemma_{name}": None for name in ("one", "two")}
        prefix = readers.wp_prefix(goals, {None: {"lemma_one", "lemma_two"}})
        self.assertEqual(prefix, "typed_model_")
        self.assertEqual(readers.wp_name("typed_model_lemma_one", prefix, ["add"]),
                         (None, "lemma", "lemma_one"))

    def test_text_that_is_not_understood(self):
        for bad in ("/* no end", "int f(void) {", "int f(int x"):
            (self.folder / "kernel/bad.c").write_text(bad, encoding="utf-8")
            with self.assertRaises(source.Unreadable):
                source.scan(self.folder)

    def test_comments_and_strings(self):
        (self.folder / "kernel/odd.c").write_text(
            '#define BRACE {\nstatic const char *s = "/*@ {"; // while (\n'
            "static const int table[] = {1, 2};\n"
            "/*@ lemma l: \\true; */\n"
            "/*@ assigns \\nothing; ensures \\true; terminates \\true; */\n"
            "int odd(char c)\n{\n  return c == '}' || c == '\\'';\n}\n", encoding="utf-8")
        functions = source.scan(self.folder)
        self.assertEqual([c.kind for c in functions["odd"].clauses],
                         ["assigns", "ensures", "terminates"])


class Ledger(Scratch):
    ROWS = [("admitted:*.coq_*", ["goal:{function}_{clause}"]), ("tool:*", ["trusted"]),
            ("axiom:*", ["trusted"]), ("library:Frama_C_double_interval", ["trusted"]),
            ("standing:binary64", ["test:kernel/total.c"])]

    def setUp(self):
        super().setUp()
        (self.folder / "proofs").mkdir()
        (self.folder / "CITATION.cff").write_text("version: 1.2.3\nurl: https://example.org/\n",
                                                  encoding="utf-8")
        self.write(self.ROWS)
        self.document = results.document([wp(), eva(), elementary()])

    def write(self, rows):
        (self.folder / "proofs/assumptions.json").write_text(json.dumps({
            "format": "attest-assumptions", "version": 1,
            "rows": [{"id": i, "reason": "so", "covered_by": c} for i, c in rows]}),
            encoding="utf-8")

    def objections(self, document=None):
        return [f["message"] for f in ledger.overview(
            document or self.document, source.scan(self.folder), self.folder)[1]]

    def test_complete(self):
        self.assertEqual(self.objections(), [])

    def test_no_row(self):
        for n, (name, _) in enumerate(self.ROWS[:-1]):
            self.write(self.ROWS[:n] + self.ROWS[n + 1:])
            self.assertTrue(any("without a row" in words for words in self.objections()), name)

    def test_no_assumption(self):
        self.write(self.ROWS + [("axiom2:none", ["trusted"])])
        self.assertEqual(self.objections(), ["row without an assumption: axiom2:none"])

    def test_admitted_clause_without_theorem(self):
        self.change("kernel/total.h", "admit ensures",
                    "admit ensures coq_new: \\true;\n    admit ensures")
        self.assertEqual(self.objections(), [
            "admitted:at_outside.coq_new is to be covered by goal:{function}_{clause}, which is "
            "not there or not proved"])
        self.assertEqual(len(self.objections(results.document([wp(), eva()]))), 3)

    def test_cover(self):
        for cover, good in (("target:elementary", True), ("target:none", False),
                            ("test:kernel/total.h", True), ("test:none", False), ("goal:x", False),
                            ("goal:add_ensures_grown", True), ("nonsense", False)):
            self.write(self.ROWS[:-1] + [("standing:binary64", [cover])])
            self.assertEqual(not self.objections(), good, cover)

    def test_contract_of_another_file(self):
        target = self.document["targets"][0]
        target["assumptions"].append(results.assumption("contract", "add_ensures_grown"))
        self.assertEqual(self.objections(), [])
        target["assumptions"].append(results.assumption("contract", "add_ensures_other"))
        self.assertEqual(len(self.objections()), 1)

    def test_imported_lemmas(self):
        (self.folder / "proofs/x.driver").write_text(
            'library cfloat:\nwhy3.import += "model.Model";\n', encoding="utf-8")
        self.assertEqual(len(self.objections()), 1)

    def test_axiom_of_the_annotations(self):
        (self.folder / "specs").mkdir()
        (self.folder / "specs/logic.h").write_text("/*@ axiom given: \\true; */\n",
                                                   encoding="utf-8")
        self.write([row for row in self.ROWS if row[0] != "axiom:*"]
                   + [("axiom:[A-Z]*", ["trusted"])])
        self.assertEqual(self.objections(), ["assumption without a row in proofs/assumptions.json: "
                                             "axiom:given"])

    def test_rows_that_are_wrong(self):
        for rows in ([("a", [])], [("a", ["trusted"])] * 2):
            self.write(rows)
            with self.assertRaises(results.Broken):
                ledger.rows(self.folder)
        (self.folder / "proofs/assumptions.json").write_text("{", encoding="utf-8")
        with self.assertRaises(results.Broken):
            ledger.rows(self.folder)

    def pages(self):
        functions = source.scan(self.folder)
        pages = {f"{t['target']}.md": ledger.goals(t, functions) for t in self.document["targets"]}
        pages["README.md"] = ledger.overview(self.document, functions, self.folder)[0]
        return pages

    def test_difference(self):
        pages = self.pages()
        self.assertEqual(set(ledger.difference(pages, self.folder, True)[0]), set(pages))
        ledger.store(pages, self.folder, True)
        self.assertEqual(ledger.difference(pages, self.folder, True), ({}, []))
        other = dict(pages, **{"wp.md": pages["wp.md"].replace("; by CVC5mem", "; by Z3mem", 1)})
        self.assertEqual(ledger.difference(other, self.folder, True), ({}, ["wp.md"]))
        other["wp.md"] = pages["wp.md"].replace("loop_invariant_sum", "renamed")
        lines = ledger.difference(other, self.folder, True)[0]["wp.md"]
        self.assertTrue(any("renamed" in line for line in lines))
        self.assertNotIn(str(self.folder), "".join(pages.values()))

    def test_pages_of_targets_that_are_gone(self):
        ledger.store(self.pages(), self.folder, True)
        self.document["targets"].pop()
        pages = self.pages()
        self.assertEqual(set(ledger.difference(pages, self.folder, False)[0]), {"README.md"})
        self.assertEqual(set(ledger.difference(pages, self.folder, True)[0]),
                         {"README.md", "elementary.md"})
        ledger.store(pages, self.folder, True)
        self.assertEqual(ledger.difference(pages, self.folder, True), ({}, []))

    def test_times_do_not_change_it(self):
        pages = self.pages()
        for goal in self.document["targets"][0]["goals"]:
            goal["line"] = 1
            for prover in goal["provers"]:
                prover["seconds"] = 99.0
        self.assertEqual(self.pages(), pages)


class Conclusion(Ledger):
    """From targets to reports, ledger and status."""

    def conclude(self, *targets, **settings):
        document, lines = conclusion.conclude(
            targets or self.document["targets"], source.scan(self.folder), self.folder,
            self.folder / "out", **settings)
        return document["status"], [f["message"] for f in document["findings"]], lines

    def test_whole(self):
        status, found, lines = self.conclude()
        self.assertEqual((status, len(found)), ("not proved", 4))  # there is no ledger yet
        self.assertTrue(all("proofs/run --update" in words for words in found), found)
        self.assertIn("+# Ledger of proofs", lines)
        self.assertEqual(self.conclude(update=True), ("proved", [], []))
        self.assertEqual(self.conclude(), ("proved", [], []))
        for name in conclusion.REPORTS.values():
            self.assertGreater((self.folder / "out" / name).stat().st_size, 0)
        driver = json.loads((self.folder / "out/proofs.sarif").read_text())["runs"][0]["tool"]
        self.assertEqual(driver["driver"]["semanticVersion"], "1.2.3")

    def test_copies(self):
        self.conclude(copies=[("junit", self.folder / "mine/a.xml")])
        self.assertEqual((self.folder / "mine/a.xml").read_text(),
                         (self.folder / "out/proofs.xml").read_text())
        self.assertEqual([p.name for p in (self.folder / "mine").iterdir()], ["a.xml"])

    def test_part(self):
        self.assertEqual(self.conclude(eva(), whole=False)[:2], ("proved", []))
        self.write([row for row in self.ROWS if row[0] != "tool:*"])
        status, found, _ = self.conclude(eva(), whole=False)
        self.assertEqual(status, "not evidence")
        self.assertTrue(all("without a row" in words for words in found), found)

    def test_another_ledger(self):
        self.conclude(update=True)
        (self.folder / "proofs/ledger/eva.md").write_text("else\n", encoding="utf-8")
        self.assertEqual(self.conclude()[0], "not proved")

    def test_another_prover_is_the_same(self):
        self.conclude(update=True)
        path = self.folder / "proofs/ledger/wp.md"
        path.write_text(path.read_text().replace("by CVC5mem", "by Z3mem"), encoding="utf-8")
        status, found, lines = self.conclude()
        self.assertEqual((status, found, len(lines)), ("proved", [], 1))

    def test_worst_wins(self):
        for targets, status in (((wp("wp_bad"),), "timed out"), ((eva("eva_bad"),), "not evidence"),
                                ((wp("wp_bad"), eva("eva_bad")), "not evidence"),
                                ((eva("eva_bad"), readers.missing("x", "absent")), "tool problem")):
            self.assertEqual(self.conclude(*targets, whole=False)[0], status)
        self.assertEqual([results.EXIT[s] for s in ("proved", "timed out", "not proved", "failed",
                                                    "not evidence", "tool problem")],
                         [0, 1, 1, 1, 3, 2])


def main():
    if sys.argv[1:2] == ["--sarif"]:
        document = Documents("test_sarif").everything()
        text = results.text(writers.sarif(document, "0.1.0", "https://example.org/attest"))
        results.save(text, sys.argv[2])
        return 0
    os.chdir(ROOT)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    found = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(found.failures) + len(found.errors)
    skipped = len(found.skipped)
    print(f"{found.testsRun - failed - skipped} passed, {failed} failed"
          + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
