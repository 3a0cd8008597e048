#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of proofs/mutate on a small C file and on the kernel itself.

Main result: mutants are single edits of code and never of annotations; their identities survive
edits elsewhere; a verdict comes from what the tools say and from nothing else; the score counts
what it says it counts.  Provers are not run: a program in frama-c's place says what WP would say.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from importlib.machinery import SourceFileLoader

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "proofs/mutation"))

import c_source  # noqa: E402
import control  # noqa: E402
import kill  # noqa: E402
import mutants  # noqa: E402
import score  # noqa: E402

mutate = SourceFileLoader("mutate", str(ROOT / "proofs/mutate")).load_module()

SMALL = """/* a * b: no code */
#define FACTOR 0x1.8p+0

/*@ requires n <= 4; assigns \\nothing; */
static double total(const double *x, const double *y, size_t n)
{
  double sum = 0.0;
  /*@ loop invariant 0 <= k <= n;
    @ loop assigns k, sum; */
  for (size_t k = 0; k < n; k++) {
    //@ assert k + 1 <= n;
    sum = sum + x[k] * y[k];
  }
  return sum < FACTOR ? FACTOR : -sum;
}

static double other(double a)
{
  if (a > 1.0) a = 1.0;
  return a;
}
"""


def write(folder, text=SMALL, name="small.c"):
    path = pathlib.Path(folder) / name
    path.write_text(text, encoding="utf-8")
    return c_source.Source(path)


def kernel():
    return [c_source.Source(path) for path in sorted((ROOT / "kernel").glob("*.c"))]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def small(self, text=SMALL):
        return mutants.mutants(write(self.folder, text))


class Reading(Case):
    def test_functions(self):
        source = write(self.folder)
        self.assertEqual([f.name for f in source.functions], ["total", "other"])
        self.assertEqual(list(source.macros), ["FACTOR"])
        kinds = {v.name: v.kind for v in source.functions[0].variables}
        self.assertEqual(kinds, {"x": "double*", "y": "double*", "n": "size_t", "sum": "double",
                                 "k": "size_t"})

    def test_unknown_is_an_error(self):
        for body in ("do { } while (0);", "goto end;", "switch (a) { }", "struct s t;", "a = @;",
                     "a +;", "return a"):
            with self.assertRaises(c_source.Unknown, msg=body):
                write(self.folder, "double f(double a) { " + body + " }")

    def test_precedence(self):
        source = write(self.folder, "double f(double a, double b) { return a - b - a * b; }")
        top = source.functions[0].body.parts[0].parts[0]
        self.assertEqual((top.word, top.parts[0].word, top.parts[1].word), ("-", "-", "*"))


class Mutants(Case):
    def test_every_kind(self):
        made = {(m.kind, m.changed()[1]) for m in self.small()}
        for expected in [
                ("operator", "sum = sum + x[k] / y[k];"),
                ("operator", "sum = sum - x[k] * y[k];"),
                ("comparison", "for (size_t k = 0; k <= n; k++) {"),
                ("comparison", "return sum <= FACTOR ? FACTOR : -sum;"),
                ("condition", "if (!(a > 1.0)) a = 1.0;"),
                ("constant", "#define FACTOR 0x1.8p+1"),
                ("constant", "double sum = 1.0;"),
                ("last bit", "#define FACTOR 0x1.8000000000001p+0"),
                ("last bit", "#define FACTOR 0x1.7ffffffffffffp+0"),
                ("index", "sum = sum + x[(k) + 1] * y[k];"),
                ("dropped", ";"),
                ("dropped", "for (size_t k = 0; 0; k++) {"),
                ("branch", "return (FACTOR);"),
                ("branch", "if (0) a = 1.0;"),
                ("sign", "return sum < FACTOR ? FACTOR : sum;"),
                ("variable", "sum = sum + y[k] * y[k];"),
                ("result", "return 0.0;"),
                ("order", "sum = sum + x[(n - 1 - k)] * y[(n - 1 - k)];")]:
            self.assertIn(expected, made)

    def test_others(self):
        text = """double f(double a, double b) {
  double c = a * b;
  a = c;
  b = a;
  for (size_t k = 0; k < 8; k++) l[k] = g(l[k], l[k + 8]);
  return (a + b) + c;
}"""
        made = {(m.kind, " ".join(m.changed()[1].split())) for m in self.small(text)}
        for expected in [("swapped", "b = a;"), ("order", "return (a + (b + c));"),
                         ("order", "for (size_t k = 0; k < 8; k++) l[k] = g(l[k], l[15 - k]);")]:
            self.assertIn(expected, made)
        swapped = self.small("double f(double a, double b) { return g(a, b); }\n")
        self.assertIn(("arguments", "double f(double a, double b) { return g(b, a); }"),
                      {(m.kind, m.changed()[1]) for m in swapped})

    def test_annotations_stay(self):
        """Without code, an original and its mutant are the same text, but for macros' numbers."""
        def rest(text):
            return [t.text for t in c_source.tokens(text) if t.kind == "comment"]
        for source in kernel():
            before = rest(source.text)
            made = mutants.mutants(source)
            self.assertGreater(len(made), 50)
            for mutant in made[::5]:
                self.assertEqual(rest(mutant.text), before, mutant.identity)
                self.assertNotEqual(c_source.code_only(mutant.text),
                                    c_source.code_only(source.text))

    def test_every_function_of_the_kernel(self):
        for source in kernel():
            names = {m.function.name for m in mutants.mutants(source)}
            self.assertEqual(names, {f.name for f in source.functions})

    def test_identities(self):
        made = [m for source in kernel() for m in mutants.mutants(source)]
        self.assertEqual(len({m.stable for m in made}), len(made))
        before = {m.stable for m in self.small()}
        moved = self.small("/* one\n * two */\n" + SMALL.replace("k + 1 <= n", "1 <= n - k"))
        self.assertEqual({m.stable for m in moved}, before)
        self.assertNotEqual({m.identity for m in moved}, {m.identity for m in self.small()})
        total = {m.stable for m in self.small() if m.function.name == "total"}
        edited = self.small(SMALL.replace("a > 1.0", "a > 2.0"))
        self.assertEqual({m.stable for m in edited if m.function.name == "total"}, total)
        self.assertNotEqual({m.stable for m in edited}, before)

    def test_diff_applies(self):
        for mutant in self.small()[::5]:
            patch = subprocess.run(["patch", "-s", "-p2", "-o", "-", mutant.source.path.name],
                                   input=mutant.diff(), text=True, capture_output=True,
                                   cwd=self.folder, check=True)
            self.assertEqual(patch.stdout, mutant.text)


class Control(Case):
    def test_same_object_code_or_results(self):
        """On the small file every control edit gives the same results."""
        main = """#include <stddef.h>
#include <stdio.h>
%s
int main(void)
{
  double x[4] = {1.5, -2.0, 3.25, 0.1}, y[4] = {0.5, 1.0, -7.0, 1000000000.0};
  for (size_t n = 0; n <= 4; n++) printf("%%a %%a\\n", total(x, y, n), other(x[n %% 4]));
}
"""
        source = write(self.folder)
        made = control.edits(source)
        self.assertEqual({e.kind for e in made},
                         {"rename", "parentheses", "commute", "turn", "count", "while", "braces",
                          "name", "flip"})
        said = set()
        for text in [source.text] + [e.text for e in made]:
            program = write(self.folder, main % text, "main.c").path
            subprocess.run(["cc", "-std=c11", "-O1", "-o", f"{self.folder}/main", program],
                           check=True)
            said.add(subprocess.run([f"{self.folder}/main"], capture_output=True,
                                    check=True).stdout)
        self.assertEqual(len(said), 1)

    def test_rename_reaches_annotations(self):
        renamed = [e for e in control.edits(write(self.folder)) if e.what == "k to k_new"]
        self.assertIn("//@ assert k_new + 1 <= n;", renamed[0].text)
        self.assertIn("loop assigns k_new, sum;", renamed[0].text)


class Order(Case):
    def test_seeded(self):
        made = self.small()
        first = [m.stable for m in mutate.ordered(made, 7)]
        self.assertEqual(first, [m.stable for m in mutate.ordered(list(reversed(made)), 7)])
        self.assertNotEqual(first, [m.stable for m in mutate.ordered(made, 8)])
        self.assertEqual(sorted(first), sorted(m.stable for m in made))
        begun = [m.function.name for m in mutate.ordered(made, 7)][:4]
        self.assertEqual(sorted(begun), ["other", "other", "total", "total"])


class Verdicts(Case):
    """The workshop on the kernel of the tree, as it is built."""
    shop = None

    def setUp(self):
        super().setUp()
        if Verdicts.shop is None:
            build = pathlib.Path(tempfile.mkdtemp())
            self.addClassCleanup(shutil.rmtree, build)
            for name in ("tests", "libattest-harness.a"):
                (build / name).symlink_to(BUILD.resolve() / name)
            Verdicts.shop = kill.Workshop(ROOT, build, os.environ.get("CC", "gcc"))
            Verdicts.shop.prepare_tests()

    def edit(self, file, old, new):
        source = next(s for s in self.shop.sources if s.path.name == file)
        self.assertEqual(source.text.count(old), 1)
        start = source.text.index(old)
        function = next(f for f in source.functions if f.start <= start < f.body.end)
        return mutants.Mutant(source, function, "constant", "by hand",
                              [(start, start + len(old), new)])

    def judged(self, *words):
        return self.shop.tests(self.edit(*words))

    def test_tests(self):
        self.assertEqual(self.judged("softmax.c", "return part / whole;", "return part / other;"),
                         ("not compiling", ""))
        self.assertEqual(self.judged("softmax.c", "return part / whole;", "return (part / whole);"),
                         ("equivalent", "same object code"))
        self.assertEqual(self.judged("softmax.c", "return part / whole;", "return part * whole;"),
                         ("killed", "hash"))
        self.assertEqual(self.judged("softmax.c", "size_t best = 0;", "size_t best = 1;")[0],
                         "killed")

    def test_loop_without_end(self):
        self.assertEqual(self.judged("softmax.c", "size_t best = 0;",
                                    "size_t best = 0; for (volatile int i = 0; i < 1; i *= 1) ;"),
                         ("killed", "hash: does not end"))

    def test_sanitizers(self):
        """One entry read beyond the array: no result changes."""
        verdict = self.judged("pooling.c", "double output = 0.0;",
                             "double output = 0.0; double beyond[2] = {0.0, 1.0};"
                             " volatile size_t at = 2; if (beyond[at] == 12.5) output = 0.0;")
        self.assertEqual(verdict, ("killed", "sanitizers"))

    def test_survivor_and_restored(self):
        edit = self.edit("pooling.c", "double output = 0.0;",
                         "double output = 0.0; volatile int unused = 1; (void)unused;")
        self.assertEqual(self.shop.tests(edit), ("passed", ""))
        self.assertEqual((self.shop.scratch / "kernel/pooling.c").read_text(),
                         (ROOT / "kernel/pooling.c").read_text())

    def test_keys(self):
        """An annotation changes what the proofs depend on, but not what the tests depend on."""
        path = self.shop.scratch / "kernel/softmax.c"
        function = next(s for s in self.shop.sources if s.path == path).functions[0]
        text, tests = path.read_text(), self.shop.tests_key
        proof = self.shop.proof_key(function, path)
        self.addCleanup(path.write_text, text)
        path.write_text(text.replace("/* index of a largest score */", "/* largest */"))
        self.shop.keys()
        self.assertEqual(self.shop.tests_key, tests)
        self.assertNotEqual(self.shop.proof_key(function, path), proof)
        path.write_text(text.replace("size_t best = 0;", "size_t best = 1;"))
        self.shop.keys()
        self.assertNotEqual(self.shop.tests_key, tests)

    def frama_c(self, *lines):
        """A program that says these lines in frama-c's place.  Like Frama-C it takes relative paths
        from PWD, and it refuses a file without C text."""
        program = pathlib.Path(self.folder) / "frama-c"
        program.write_text("\n".join([
            "#!/bin/bash", "cd \"$(sed -zn 's/^PWD=//p' /proc/$$/environ | tr -d '\\0')\"",
            'grep -qx "no C text" "${@: -1}" && exit 1', *lines, ""]))
        program.chmod(0o755)
        why3 = pathlib.Path(self.folder) / "why3"
        why3.write_text("#!/bin/bash\n")
        why3.chmod(0o755)
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{self.folder}:{path}"
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        self.shop.weak.clear()
        return kill.Wp(self.shop)

    def test_wp(self):
        path = self.shop.scratch / "kernel/vector.c"
        good = "echo '[wp] [CVC5ax 1.0.3] Goal typed_rounding_model_a : Valid (20ms)'"
        bad = "echo '[wp] [Failed] Goal typed_rounding_model_b'"
        end = "echo '[wp] Proved goals:   1 / 1'"
        cases = [([good, end], ("passed", "")),
                 ([good, bad, "sleep 60"], ("killed", "b")),
                 ([good, "echo '[wp] [Timeout] Goal typed_b (Qed:2ms)'; sleep 60"],
                  ("killed", "b")),
                 (["echo 'kernel/vector.c:9: Error: unexpected'", "exit 1"],
                  ("refused", "unexpected")),
                 ([good], ("undecided", "Goal typed_rounding_model_a : Valid (20ms)")),
                 (["true"], ("undecided", ""))]
        for lines, expected in cases:
            wp = self.frama_c(*lines)
            start = time.monotonic()
            verdict = wp.judge(path, "add")
            self.assertLess(time.monotonic() - start, 30)
            self.assertEqual((verdict[0], verdict[1][-len(expected[1]):] if expected[1] else ""),
                             expected)

    def test_wrong_directory(self):
        """A frama-c that reads other files than those of the scratch copy is found out."""
        with self.assertRaises(kill.Tool):
            self.frama_c("true").probe(self.outside())

    def outside(self):
        """A source whose text is written to a place that frama-c does not read."""
        path = pathlib.Path(self.folder) / "exp.c"
        path.write_text(SMALL)
        return c_source.Source(path)

    def test_weak_original(self):
        """What is not proved of the original kills nothing."""
        path = self.shop.scratch / "kernel/vector.c"
        bad = "echo '[wp] [Failed] Goal typed_b'"
        end = "echo '[wp] Proved goals:   0 / 1'"
        wp = self.frama_c(bad, end)
        self.assertEqual(wp.original(path, "add"), ["typed_b"])
        self.assertEqual(wp.judge(path, "add"), ("passed", ""))
        with self.assertRaises(kill.Tool):
            self.frama_c("exit 1").original(path, "add")

    def test_reader_refuses(self):
        edit = self.edit("exp.c", "double r2 = r * r;", "double r2 = r * r; r2 += 0.0;")
        if not shutil.which("coqc") or not shutil.which("gappa"):
            self.skipTest("no coqc or no gappa")
        self.assertEqual(self.shop.proof(edit)[0], "refused")
        verdict = self.shop.proof(self.macro("EXP_LN2_LOW", "0x1.ef35793c76731p-45"))
        self.assertEqual(verdict[0], "killed")
        self.assertIn("EXP_LN2_LOW", verdict[1])

    def macro(self, name, new):
        source = next(s for s in self.shop.sources if s.path.name == "exp.c")
        start, end, line = source.macros[name]
        function = next(f for f in source.functions if f.name == "at_exp")
        return mutants.Mutant(source, function, "last bit", "by hand",
                              [(start, end, new)], line)


def result(tests, proof=None, suite=None):
    made = {"tests": {"verdict": tests, "reason": "hash"}}
    if proof:
        made["proof"] = {"verdict": proof, "reason": "goal"}
    if suite is not None:
        made["suite"] = suite
    return made


class Scores(Case):
    NOTES = {"equivalent": {}, "clause": {}}

    def named(self, kind, function="total"):
        return next(m for m in self.small() if m.kind == kind and m.function.name == function)

    def test_classes(self):
        plain, order = self.named("operator"), self.named("order")
        elementary = self.named("operator")
        elementary.function = type("F", (), {"name": "at_exp"})
        for edit, known, expected in [
                (plain, {}, "no proof run"),
                (plain, result("killed"), "no proof run"),
                (plain, result("not compiling"), "not compiling"),
                (plain, result("equivalent", "killed"), "equivalent"),
                (plain, result("killed", "killed"), "killed by proof"),
                (plain, result("passed", "refused"), "killed by proof"),
                (plain, result("killed", "undecided"), "undecided"),
                (plain, result("killed", "passed"), "killed only by tests"),
                (plain, result("passed", "passed"), "survived"),
                (order, result("killed", "passed", ""), "within the contract"),
                (order, result("killed", "passed", "test_x.c:1"), "killed only by tests"),
                (elementary, result("killed", "passed"), "within the contract"),
                (elementary, result("passed", "passed"), "within the contract")]:
            self.assertEqual(score.classify(edit, known, self.NOTES), expected)
        argued = {"equivalent": {plain.stable: "for a reason"}, "clause": {}}
        self.assertEqual(score.classify(plain, result("passed", "passed"), argued), "equivalent")

    def test_score(self):
        rows = [(None, c) for c in [score.PROOF] * 8 + [score.TESTS] + [score.UNDECIDED]
                + [score.WITHIN, score.EQUIVALENT, score.NO_COMPILE, score.NOT_RUN] * 3]
        self.assertEqual(score.score(rows), (8, 10))
        low, high = score.interval(8, 10)  # Wilson: 0.4902, 0.9433
        self.assertAlmostEqual(low, 0.4902, 4)
        self.assertAlmostEqual(high, 0.9433, 4)
        self.assertEqual(score.interval(0, 0), (0.0, 1.0))

    def test_report(self):
        source = write(self.folder)
        made, kept = mutants.mutants(source), control.edits(source)[:3]
        results = {m.stable: result("killed", "killed") for m in made[:4]}
        results[made[4].stable] = result("killed", "passed", "test_x.c:1")
        results[made[5].stable] = result("passed", "passed")
        for edit, verdict in zip(kept, ("passed", "passed", "killed")):
            results[edit.stable] = result("equivalent", verdict)
        rows = [(m, score.classify(m, results.get(m.stable, {}), self.NOTES)) for m in made]
        facts = {"sample": "seed 1", "weighted": None, "unproved": {}, "tools": ["frama-c 1"],
                 "kernel": "0123"}
        notes = {"equivalent": {}, "clause": {"total": "the sum itself"}}
        text = score.Report(rows, rows[:6], [(e, results[e.stable]["proof"]["verdict"])
                                             for e in kept], results, notes, facts).markdown()
        for part in ("**4 of 6 judged mutants are killed by proof (67 %",
                     "of 3 edits that change nothing, the proofs fail on 1 (33 %)",
                     f"- `{made[4].identity}`", "## Survived", f"- `{made[5].identity}`",
                     "- `total`: the sum itself", f"{len(made)} mutants"):
            self.assertIn(part, text)


class Command(Case):
    def run_it(self, *words):
        return subprocess.run([str(ROOT / "proofs/mutate"), *words], capture_output=True, text=True,
                              env={**os.environ, "BUILD": self.folder}, check=False)

    def test_wrong_usage(self):
        for words in (["--sample"], ["--sample", "0"], ["--seed", "x"], ["--unknown"], ["at_exp"],
                      ["--function", "absent"], ["--diff", "absent"]):
            done = self.run_it(*words)
            self.assertEqual(done.returncode, 2, words)

    def test_list_and_diff(self):
        listed = self.run_it("--list", "--function", "add_unit")
        self.assertEqual(listed.returncode, 0)
        first = listed.stdout.split()[0]
        self.assertTrue(first.startswith("add_unit:"))
        diff = self.run_it("--diff", first)
        self.assertTrue(diff.stdout.startswith("--- a/kernel/softmax.c\n+++ b/kernel/softmax.c\n"))

    def test_store(self):
        path = pathlib.Path(self.folder) / "results.json"
        edit = self.small()[0]
        store = mutate.Store(path)
        store.put(edit, "tests", "key", "killed", "hash", 0.1)
        store.save()
        again = mutate.Store(path)
        self.assertEqual(again.get(edit, "tests", "key")["verdict"], "killed")
        self.assertIsNone(again.get(edit, "tests", "other key"))
        path.write_text("{", encoding="utf-8")
        self.assertIsNone(mutate.Store(path).get(edit, "tests", "key"))


def main():
    os.chdir(ROOT)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    found = unittest.TextTestRunner(verbosity=1).run(suite)
    failed, skipped = len(found.failures) + len(found.errors), len(found.skipped)
    print(f"{found.testsRun - failed - skipped} passed, {failed} failed"
          + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
