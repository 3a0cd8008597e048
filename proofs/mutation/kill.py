# SPDX-License-Identifier: Apache-2.0
"""Runs what may kill a mutant: compiler, hash of all results, suites, proofs.

Main result: Workshop.tests(edit) and Workshop.proof(edit) give (verdict, reason); everything
happens in a scratch copy of kernel/, specs/ and proofs/ in the build directory, never in the tree.
Assumptions: tests/kernel and its objects in the build directory are those of the tree
(GNUmakefile: mutate needs the test runner).
"""
import fcntl
import hashlib
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys

import c_source
import mutants

# -pedantic-errors: what the C standard forbids does not compile; warnings are no matter here.
FLAGS = ["-std=c11", "-O2", "-ffp-contract=off", "-pedantic-errors", "-w"]
SANITIZE = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
LIBRARIES = ["-lcunit", "-lflint-arb", "-lflint", "-lmpfr", "-lgmp", "-ljansson", "-lz", "-lm",
             "-lpthread"]
MAIN = """#include <inttypes.h>
#include <stdio.h>
#include "tests/kernel/hash.h"
int main(void) { return printf("%016" PRIx64 "\\n", at_kernel_hash()) < 0; }
"""
# Processor time of the tests; of coqc and of each prover that it calls (four times what the largest
# file needs; Gappa need not end on a false goal); wall time of WP on one function.
HASH_SECONDS, SUITE_SECONDS, COQ_SECONDS, WP_SECONDS = 5, 60, 240, 900
ELEMENTARY = {"at_power_of_two": "Exp", "at_exp": "Exp", "at_log1p": "Log1p",
              "at_sigmoid": "Sigmoid", "at_softplus": "Softplus"}
CHAIN = ["Rounding", "Kernel_text", "Clauses", "Exp", "Log1p", "Sigmoid", "Softplus", "Contracts"]
# Verdicts of the tests and of the proofs.
NOT_COMPILING, EQUIVALENT, KILLED, PASSED = "not compiling", "equivalent", "killed", "passed"
REFUSED, UNDECIDED = "refused", "undecided"


class Tool(Exception):
    """A tool is missing or fails on the original text."""


def digest(*parts):
    state = hashlib.sha256()
    for part in parts:
        state.update(part if isinstance(part, bytes) else str(part).encode())
        state.update(b"\0")
    return state.hexdigest()[:16]


def tree_digest(paths):
    return digest(*[x for path in sorted(paths) for x in (path.name, path.read_bytes())])


def limited(seconds, memory):
    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    return limits


def run(command, seconds, folder, memory=1 << 31, environment=None):
    """Exit status (negative: the signal, None: too slow) and what was printed."""
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              preexec_fn=limited(seconds, memory), timeout=20 * seconds,
                              check=False, env=environment, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode("utf-8", "replace")
    except OSError as error:
        raise Tool(str(error)) from error
    status = None if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL) else done.returncode
    return status, done.stdout.decode("utf-8", "replace")


def version(tool, option="--version"):
    path = shutil.which(tool)
    if not path:
        return f"{tool} missing"
    said = subprocess.run([path, option], capture_output=True, text=True, check=False)
    return f"{tool} {(said.stdout + said.stderr).strip().splitlines()[:1]}"


def module(name, path):
    """A program as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    made = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(made)
    return made


class Workshop:
    def __init__(self, root, build, compiler):
        self.root, self.build, self.compiler = root, build.resolve(), compiler
        self.home = self.build / "mutation"
        self.scratch = self.home / "scratch"
        self.home.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.home / "lock", "w", encoding="utf-8")  # held to the end
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Tool(f"another run works in {self.home}") from error
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        for room in ("kernel", "specs", "proofs", "tests/kernel"):
            shutil.copytree(root / room, self.scratch / room,
                            ignore=shutil.ignore_patterns("__pycache__"))
        self.sources = [c_source.Source(path)
                        for path in sorted((self.scratch / "kernel").glob("*.c"))]
        self.objects = self.home / "objects"
        self.wp = self.elementary = None
        self.weak = {}  # goals of the original that are not proved, by function
        self.keys()

    # ---- what results depend on -----------------------------------------------------------------
    def keys(self):
        """Tests depend on code, not on annotations; proofs on every byte that they read."""
        kernel = self.scratch / "kernel"
        code = [c_source.code_only(p.read_text()) for p in sorted(kernel.glob("*.[ch]"))]
        tests = tree_digest((self.scratch / "tests/kernel").glob("*.[ch]"))
        self.tests_key = digest(*code, tests, version(self.compiler), *FLAGS, *SANITIZE)
        headers = list(kernel.glob("*.h")) + list((self.scratch / "specs").glob("*.h"))
        self.read_targets()
        drivers = [p for p in (self.scratch / "proofs/wp").glob("*") if p.is_file()]
        tools = ("frama-c", "why3", "cvc5", "cvc4", "z3", "gappa")
        self.wp_base = digest(tree_digest(headers), tree_digest(drivers), *map(version, tools))
        elementary = self.scratch / "proofs/elementary"
        self.elementary_key = digest(
            tree_digest([p for p in elementary.rglob("*") if p.is_file()]),
            tree_digest([kernel / n for n in ("exp.c", "exp.h", "logistic.c", "logistic.h")]),
            version("coqc"), version("gappa"))

    def proof_key(self, function, path):
        if function.name in ELEMENTARY:
            return self.elementary_key
        return digest(self.wp_base, self.wp_settings(function.name), path.read_bytes())

    def read_targets(self):
        """How proofs/run calls WP: the module itself, and the provers of each function."""
        sys.modules["tools"] = tools = module("tools", self.scratch / "proofs/runner/tools.py")
        self.wp_module = module("wp", self.scratch / "proofs/runner/wp.py")
        self.provers = {}
        for _, kind, *rest in tools.table("targets", 3):
            if kind == "wp":
                self.provers.update({name: rest[2] for name in rest[1].split(",")})

    def wp_settings(self, function):
        if function not in self.provers:
            raise Tool(f"no target of proofs/targets proves {function}")
        return f"{self.provers[function]} {self.wp_module.COMMON} {self.wp_module.LIMITS}"

    # ---- objects --------------------------------------------------------------------------------
    def compile(self, path, out, flags, includes=()):
        command = [self.compiler, *flags, *includes, "-c", "-o", str(out), path.name]
        return run(command, 60, path.parent)

    def prepare_tests(self):
        shutil.rmtree(self.objects, ignore_errors=True)
        self.objects.mkdir(parents=True)
        (self.objects / "main.c").write_text(MAIN, encoding="utf-8")
        for word, flags in (("plain", FLAGS), ("sane", FLAGS + SANITIZE)):
            room = self.objects / word
            room.mkdir()
            for source in self.sources:
                self.need(self.compile(source.path, room / (source.path.stem + ".o"), flags))
            for path in (self.scratch / "tests/kernel/hash.c", self.objects / "main.c"):
                self.need(self.compile(path, room / ("_" + path.stem + ".o"), flags,
                                       [f"-I{self.scratch}"]))
        self.runner_parts()
        self.value = self.hash("plain", None)
        if self.value is None or self.hash("sane", None) != self.value:
            raise Tool("the hash of the original kernel is not the same in both builds")

    def need(self, result):
        if result[0] != 0:
            raise Tool(f"the original does not compile: {result[1][-300:]}")

    def runner_parts(self):
        """The runner with the suites of the kernel alone, its kernel objects to be added."""
        built = self.build / "tests/kernel"
        suites = []
        for source in self.sources:
            text = (self.scratch / f"tests/kernel/test_{source.path.stem}.c").read_text()
            suites += re.findall(r"^void at_suite_(\w+)\(void\)$", text, flags=re.M)
        self.suites = suites
        (self.objects / "suite_list.h").write_text("".join(f"AT_SUITE({s})\n" for s in suites))
        self.need(self.compile(self.root / "tests/runner.c", self.objects / "runner.o", FLAGS,
                               [f"-I{self.root}", f"-I{self.objects}"]))
        names = [f"test_{s.path.stem}.o" for s in self.sources] + ["judge.o", "measure.o", "run.o"]
        self.parts = [self.objects / "runner.o"] + [built / name for name in names] + \
            [self.build / "libattest-harness.a"]
        missing = [str(p) for p in self.parts if not p.exists()]
        if missing:
            raise Tool(f"not built: {', '.join(missing)} (make mutate builds them)")

    def kernel_objects(self, word, changed):
        for source in self.sources:
            if changed and changed[0] == source.path.name:
                yield str(changed[1])
            else:
                yield str(self.objects / word / (source.path.stem + ".o"))

    def hash(self, word, changed):
        """The printed hash, or None when the program does not end well."""
        room, program = self.objects / word, self.objects / ("hash_" + word)
        flags = SANITIZE if word == "sane" else []
        status, said = run([self.compiler, *flags, "-o", str(program),
                            *self.kernel_objects(word, changed), str(room / "_hash.o"),
                            str(room / "_main.o")], 60, self.objects)
        if status != 0:
            raise Tool(f"linking: {said[-300:]}")
        status, said = run([str(program)], HASH_SECONDS, self.objects,
                           None if word == "sane" else 1 << 31)
        self.how = "does not end" if status is None else f"status {status}"
        return said.strip() if status == 0 else None

    def suite(self, changed):
        """First failed assertion of the suite of a file, or None."""
        program = self.objects / "suites"
        status, said = run([self.compiler, "-o", str(program), *map(str, self.parts),
                            *self.kernel_objects("plain", changed), *LIBRARIES], 60, self.objects)
        if status != 0:
            raise Tool(f"linking: {said[-300:]}")
        name = pathlib.Path(changed[0]).stem
        names = [s for s in self.suites if s.endswith(name)]
        status, said = run([str(program), *[w for s in names for w in ("--suite", s)]],
                           SUITE_SECONDS, self.root)
        if status == 0:
            return None
        failed = re.search(r"^\s+\S*/(test_\w+\.c:\d+|\w+\.c:\d+): ([^:]+)", said, flags=re.M)
        return f"{failed[1]}" if failed else "suite does not end"

    # ---- tests ----------------------------------------------------------------------------------
    def place(self, edit):
        path = self.scratch / "kernel" / edit.file
        path.write_text(edit.text, encoding="utf-8")
        return path

    def restore(self, edit):
        (self.scratch / "kernel" / edit.file).write_text(edit.source.text, encoding="utf-8")

    def tests(self, edit):
        """(verdict, reason) of compiler, object code, hash, sanitizers and the file's suite."""
        path = self.place(edit)
        try:
            plain, sane = self.objects / "changed.o", self.objects / "changed_sane.o"
            if self.compile(path, plain, FLAGS)[0] != 0:
                return NOT_COMPILING, ""
            original = self.objects / "plain" / (path.stem + ".o")
            if plain.read_bytes() == original.read_bytes():
                return EQUIVALENT, "same object code"
            value = self.hash("plain", (path.name, plain))
            if value != self.value:
                return KILLED, "hash" if value else f"hash: {self.how}"
            self.need(self.compile(path, sane, FLAGS + SANITIZE))
            if self.hash("sane", (path.name, sane)) != self.value:
                return KILLED, "sanitizers"
            failed = self.suite((path.name, plain))
            return (KILLED, f"suite, {failed}") if failed else (PASSED, "")
        finally:
            self.restore(edit)

    def suite_notices(self, edit):
        path = self.place(edit)
        try:
            plain = self.objects / "changed.o"
            self.need(self.compile(path, plain, FLAGS))
            return self.suite((path.name, plain))
        finally:
            self.restore(edit)

    # ---- proofs ---------------------------------------------------------------------------------
    def proof(self, edit):
        """(verdict, reason) of the proofs of the edited function."""
        path = self.place(edit)
        try:
            if edit.function.name in ELEMENTARY:
                self.elementary = self.elementary or Elementary(self)
                return self.elementary.judge(edit.function.name)
            self.wp = self.wp or Wp(self)
            verdict = self.wp.judge(path, edit.function.name)
            if path.read_text(encoding="utf-8") != edit.text:
                raise Tool(f"{path} was changed meanwhile")
            return verdict
        finally:
            self.restore(edit)

    def original(self, source, function):
        """Unproved goals of the original function."""
        if function.name in ELEMENTARY:
            self.elementary = self.elementary or Elementary(self)
            verdict, reason = self.elementary.judge(function.name)
            return [] if verdict == PASSED else [reason]
        self.wp = self.wp or Wp(self)
        return self.wp.original(source.path, function.name)


class Elementary:
    """Coq proofs about the C text: only the file of the edited function is proved again, against
    the statements of the others (coqc -vos, -vok)."""

    def __init__(self, workshop):
        self.home = workshop.scratch / "proofs/elementary"
        self.kernel, self.folder = workshop.scratch / "kernel", workshop.home / "coq"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.run = module("elementary_run", self.home / "run")
        if not shutil.which("coqc") or not shutil.which("gappa"):
            raise Tool("missing: coqc or gappa")

    def judge(self, function):
        try:
            text = self.run.prepare(self.folder, self.kernel)
        except self.run.Stop as stop:
            return REFUSED, str(stop).replace("C text or contract not understood: ", "")[:120]
        try:
            self.run.tie.check_reduction(text.constants)
        except self.run.tie.Mismatch as error:
            return KILLED, str(error)
        except KeyError as error:
            return REFUSED, f"no constant {error}"
        target = ELEMENTARY[function]
        for name in CHAIN:
            verdict = self.coqc(name, "-vos")
            if verdict:
                return verdict
            if name in (target, "Contracts"):
                verdict = self.coqc(name, "-vok")
                if verdict:
                    return verdict
        return PASSED, ""

    def coqc(self, name, mode):
        if name == "Rounding" and (self.folder / "Rounding.vos").exists():
            return None
        status, said = run(["coqc", "-q", "-w", "none", mode, f"{name}.v"], COQ_SECONDS,
                           self.folder, None)
        if status == 0:
            return None
        if status is None:
            return UNDECIDED, f"{name}.v: no answer within {COQ_SECONDS} s"
        if "Cannot find a physical path" in said:
            raise Tool(said[-300:])
        where = re.search(r'File "\./(\w+\.v)", line (\d+)', said)
        return KILLED, f"{where[1]}:{where[2]}" if where else f"{name}.v"


class Wp:
    """Goals of one function, until the first that is not proved and was proved of the original.

    proofs/runner and proofs/targets of the scratch copy say how WP is run, with which provers."""

    LINE = re.compile(r"^\[wp\] \[(\w+)[^\]]*\] Goal (\S+)(?: : (\w+))?")

    def __init__(self, workshop):
        self.scratch = workshop.scratch
        if not shutil.which("frama-c") or not shutil.which("why3"):
            raise Tool("missing: frama-c or why3")
        # Answers of provers are kept for later runs.
        session, kept = self.scratch / "proofs/wp/session", workshop.home / "session"
        if not session.is_symlink():
            if session.exists():
                shutil.copytree(session, kept, dirs_exist_ok=True)
                shutil.rmtree(session)
            kept.mkdir(exist_ok=True)
            session.symlink_to(kept)
        self.module, self.provers = workshop.wp_module, workshop.provers
        self.environment = self.module.environment(workshop.home)
        self.weak = workshop.weak
        self.probe(workshop.sources[0])

    def probe(self, source):
        """Frama-C must see what is written into the scratch copy: here, no C text."""
        source.path.write_text("no C text\n", encoding="utf-8")
        try:
            command = self.command(source.path, "none", "none", [])
            seen = subprocess.run(command, cwd=self.scratch, env=self.environment, check=False,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        finally:
            source.path.write_text(source.text, encoding="utf-8")
        if seen == 0:
            raise Tool("Frama-C does not read the scratch copy")

    def command(self, path, provers, cache, extra):
        return self.module.command(f"kernel/{path.name}", provers, self.module.SESSION, cache,
                                   extra)

    def goals(self, path, function, known):
        """(unproved goals, exit status, whether WP has closed its report, what it said last); stops
        at the first unproved goal that is not among the known ones."""
        command = self.command(path, self.provers[function], "update", ["-wp-fct", function])
        with subprocess.Popen(command, cwd=self.scratch, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, start_new_session=True) as process:
            def end(*_):
                os.killpg(process.pid, signal.SIGKILL)
            before = signal.signal(signal.SIGALRM, end)
            signal.alarm(WP_SECONDS)
            said, unproved, closed = "", [], False
            try:
                for line in process.stdout:
                    said = (said + line)[-4000:]
                    closed |= line.startswith("[wp] Proved goals:")
                    match = self.LINE.match(line)
                    if match and match[3] != "Valid":
                        unproved.append(match[2])
                        if known is not None and match[2] not in known:
                            end()
                            break
            except BaseException:
                end()
                raise
            finally:
                signal.alarm(0)
                signal.signal(signal.SIGALRM, before)
        return unproved, process.returncode, closed, said

    def original(self, path, function):
        unproved, status, closed, said = self.goals(path, function, None)
        if status != 0 or not closed:
            raise Tool(f"{function}: WP fails on the original: {said[-300:]}")
        self.weak[function] = set(unproved)
        return unproved

    def judge(self, path, function):
        known = self.weak.get(function, set())
        unproved, status, closed, said = self.goals(path, function, known)
        new = [goal for goal in unproved if goal not in known]
        if new:
            return KILLED, re.sub(r"^typed_(rounding_model_)?", "", new[0])
        if status == -signal.SIGKILL:
            return UNDECIDED, f"no answer within {WP_SECONDS} s"
        if status != 0:
            error = re.search(r"kernel/\w+\.[ch]:\d+: (?:Error|Warning|User Error)?:?\s*(.*)", said)
            return REFUSED, (error[1] if error else said[-100:]).strip()[:120]
        return (PASSED, "") if closed else (UNDECIDED, said[-100:].strip())
