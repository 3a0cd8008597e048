# SPDX-License-Identifier: Apache-2.0
"""How each kind of target is run, and read into a result of proofs/report.

Main result: METHODS, from the kinds of proofs/targets to functions of (shop, name, arguments) that
return one target (proofs/report/results.py).  Whatever a tool leaves out, a prover that is killed
or a report that is cut off makes the target a tool problem, never proved.
Files of a run: BUILD/proofs/work/NAME.
Test: tests/proofs/test_run.py.
"""
import pathlib
import re
import shutil
import time

import ledger
import readers
import results
import wp
from results import PASSED
from tools import ROOT, Problem

# Provers of the lemmas of specs/, of canaries, and of smoke tests.
LEMMA, CANARY, SMOKE = "cvc4ax,z3mem,cvc5nlmem", "cvc5ax,cvc4ax,gappa,z3ax", "cvc5smoke"
NO_GOALS = "-wp-prop=-@ensures,-@assigns,-@assert,-@requires,-@invariant,-@variant,-@terminates," \
           "-@exits,-@lemma"  # what is left are the smoke tests
ANSWER = re.compile(r'\{ "prover": "(\w+):[\w.]+", "verdict": "(\w+)"(?:, "time": [\d.e+-]+)?'
                    r'(?:, "steps": \d+)? \}\n?')


def answers(session):
    """{file: verdict} of a session's store of answers; Problem names a file that is damaged."""
    found = {}
    for path in sorted((session / "cache").glob("*")):
        try:
            match = ANSWER.fullmatch(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            match = None
        if not match or not re.fullmatch(r"[0-9a-f]{32}\.json", path.name):
            raise Problem(f"{path} is damaged: `git checkout proofs/wp/session` restores the "
                          "session, `proofs/run --update` proves what it lacks")
        found[path] = match[2]
    return found


class Call:
    """One run of WP in a folder: report files and what was said."""

    def __init__(self, shop, name):
        self.shop, self.name, self.folder = shop, name, shop.folder(name)
        self.start, self.command, self.status = time.monotonic(), None, None

    def path(self, kind):
        return self.folder / f"wp.{kind}"

    def run(self, file, provers, session, cache, extra, seconds):
        for kind in ("log", "json", "csv"):
            self.path(kind).unlink(missing_ok=True)
        extra = [*extra, "-wp-report-json", str(self.path("json"))]
        self.command = wp.command(file, provers, session, cache, extra, seconds) + \
            ["-then", "-report-csv", str(self.path("csv"))]
        self.status = self.shop.call(self.command, self.path("log"),
                                     wp.environment(self.folder))

    def read(self, file):
        return readers.wp(self.name, [[self.path(k) for k in ("log", "json", "csv")]],
                          self.shop.functions, self.shop.logic, exit_status=self.status,
                          command=self.shop.words(self.command), tools=self.shop.tools("frama-c"),
                          seconds=time.monotonic() - self.start, file=file)

    def crashed(self):
        """How many provers ended without an answer; they will be asked again."""
        bad = [path for path, verdict in answers(self.folder / "session").items()
               if verdict in ("failed", "failure", "highfailure")]
        for path in bad:
            path.unlink()
        return len(bad)


def open_goals(target):
    """Goals that a prover might still prove, given more time or another chance."""
    return [g for g in target["goals"] if not results.good(g) and g["kind"] != "smoke" and
            any(p["answer"] in ("timed out", "tool problem") for p in g["provers"])]


def run_wp(shop, name, file, provers, extra):
    call = Call(shop, name)
    if not shop.proving:
        call.run(file, provers, wp.SESSION, "offline", extra, wp.LIMITS[0])
        target = call.read(file)
        lacking = sum(not results.good(g) and not g["provers"] for g in target["goals"])
        if lacking and not target["reason"]:
            target["reason"] = f"the session has no answer to {lacking} goals: was {file} or a " \
                               "contract edited? `proofs/run --update` proves them anew"
        return target
    session = call.folder / "session"
    if shop.cold:
        (session / "cache").mkdir(parents=True)
    else:
        shutil.copytree(wp.SESSION, session)
    for seconds in wp.LIMITS:
        call.run(file, provers, session, "update", extra, seconds)
        target = call.read(file)
        crashed = call.crashed()
        if target["status"] == "proved" or not (open_goals(target) or crashed):
            break
    for goal in target["goals"] if shop.cold else ():
        goal["cached"] = False  # by an earlier limit of this very run
    return target


def prove(shop, name, file, functions, provers):
    target = run_wp(shop, name, file, provers, ["-wp-fct", functions])
    seen = {goal["function"] for goal in target["goals"]}
    absent = [f for f in functions.split(",") if f not in seen]
    if absent and target["status"] == "proved":
        target["status"], target["reason"] = "not evidence", f"no goal for {' '.join(absent)}"
    return target


def lemmas(shop, name, file):
    return run_wp(shop, name, file, LEMMA, ["-wp-prop", "@lemma"])


def smoke(shop, name, file, functions):
    """Can a contract be met, is code reached: false goals that must not be proved."""
    call = Call(shop, name)
    session = call.folder / "session"
    for seconds in wp.LIMITS[1:]:
        shutil.rmtree(session, ignore_errors=True)
        (session / "cache").mkdir(parents=True)
        selected = ["-wp-fct", functions] if functions else []
        call.run(file, SMOKE, session, "update", [
            "-wp-smoke-tests", "-wp-smoke-timeout", str(seconds), NO_GOALS, *selected], seconds)
        target = call.read(file)
        crashed = call.crashed()
        if not crashed:
            break
    if crashed:
        target["status"], target["reason"] = "tool problem", f"{crashed} smoke tests without answer"
    return target


def canary(shop, name, file, expected):
    """A false claim: all of it must not be proved (a run-time check that the claim assumes fails
    if the claim does not), or the smoke test must report it."""
    if expected == "smoke":
        target = smoke(shop, name, file, None)
        caught = [g for g in target["goals"] if g["status"] == "not evidence"]
        said = ", ".join(g["property"] for g in caught) or "no smoke test reports it"
    elif expected == "unproved":
        call = Call(shop, name)
        (call.folder / "session/cache").mkdir(parents=True)
        call.run(file, CANARY, call.folder / "session", "update", [], wp.LIMITS[0])
        target = call.read(file)
        caught = [g for g in target["goals"] if not results.good(g) and g["provers"]
                  and all(p["answer"] != "tool problem" for p in g["provers"])]
        said = "; ".join(f"{g['property']} {said_of(g)}" for g in caught) or "the claim was proved"
    else:
        raise Problem(f"proofs/targets: {name}: {expected} is neither unproved nor smoke")
    if not caught and (target["reason"] or target["status"] == "tool problem"):
        target["goals"] = [g for g in target["goals"] if g["status"] == "tool problem"]
        return target
    one = results.goal(name, "canary", PASSED if caught else "not evidence", file=file, text=said)
    return results.target(name, "canary", [one], command=target["command"],
                          seconds=target["seconds"], file=file, tools=shop.tools("frama-c"))


def said_of(goal):
    """Refuted, given up, or out of time: three answers."""
    words = {p["answer"] for p in goal["provers"]}
    return "is refuted" if "failed" in words else "timed out with every prover" \
        if words == {"timed out"} else "is not proved"


def why3(shop, name, theory, provers):
    """Groups of provers in order: each of a group is asked for all that the groups before it left,
    so that a lemma is proved as often as it can be; in the end all with more time."""
    folder, start = shop.folder(name), time.monotonic()
    environment, logs, target = wp.environment(folder), [], None
    here = str(pathlib.Path(theory).parent)
    for seconds in (wp.LIMITS[0] // 4, *wp.LIMITS[1:]):
        for group in provers.split(","):
            left = sorted({g["property"] for g in target["goals"] if not results.good(g)}) \
                if target else []
            for prover in group.split("+"):
                log = folder / f"why3.{len(logs)}.log"
                command = ["why3", "prove", "-L", here, "-L", "proofs/wp", "-L", "specs", "-L",
                           "/usr/share/frama-c/wp/why3", "-P", prover, "-a", "split_vc", "-t",
                           str(seconds), theory, *selection(theory, left)]
                status = shop.call(command, log, environment)
                logs.append((*shop.prover(prover), log))
                target = readers.why3(name, logs, [ROOT / theory], exit_status=status,
                                      command=shop.words(command), tools=shop.tools("why3"),
                                      seconds=time.monotonic() - start, file=theory)
                if target["reason"]:
                    return target
            if target["status"] == "proved":
                return target
        if not open_goals(target):
            break
    return target


def selection(theory, names):
    """Options that ask for some goals alone."""
    text = (ROOT / theory).read_text(encoding="utf-8")
    options = []
    for part in re.split(r"^(?=(?:theory|module) )", text, flags=re.M)[1:]:
        chosen = [n for n in names
                  if re.search(r"\b(lemma|goal|function|let|ghost|rec) " + n + r"\b", part)]
        if chosen:
            options += ["-T", part.split()[1]] + [w for n in chosen for w in ("-G", n)]
    return options


def eva(shop, name, samples, tokens, dim, by_contract):
    """The driver proofs/eva/two_steps.c; by_contract: functions that their contracts stand
    for, or none."""
    contracts = [] if by_contract == "none" else by_contract.split(",")
    folder, start = shop.folder(name), time.monotonic()
    kernel = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "kernel").glob("*.c"))
    sizes = f"-Ikernel -DSAMPLES={samples} -DTOKENS={tokens} -DDIM={dim}"
    command = ["frama-c", *wp.COMMON, "-eva", "-eva-no-show-progress",
               "-eva-msg-key=-initial-state,-final-states", f"-cpp-extra-args={sizes}",
               *(["-eva-use-spec", by_contract] if contracts else []),
               "proofs/eva/two_steps.c", *kernel, "-metrics", "-metrics-eva-cover", "-then",
               "-report-csv", str(folder / "eva.csv")]
    status = shop.call(command, folder / "eva.log", wp.environment(folder))
    return readers.eva(name, folder / "eva.log", folder / "eva.csv", shop.functions, contracts,
                       exit_status=status, command=shop.words(command),
                       tools=[dict(shop.tools("frama-c")[0], name="Eva")],
                       seconds=time.monotonic() - start, file="proofs/eva/two_steps.c")


def coq_run(shop, name, room, *options):
    """(build folder, settings of a reader) of the command ROOM/run."""
    start, build = time.monotonic(), shop.build / "proofs" / pathlib.Path(room).name
    environment = wp.environment(shop.folder(name))
    environment[f"{pathlib.Path(room).name.upper()}_BUILD"] = str(build)
    log = shop.work / name / "run.log"
    command = [f"{room}/run", *options]
    status = shop.call(command, log, environment)
    return build, {"log": log, "exit_status": status, "command": shop.words(command),
                   "tools": shop.tools("coqc"), "seconds": time.monotonic() - start,
                   "file": command[0]}


def with_canaries(shop, name, room, target):
    """The target; once it is proved, with the falsified statements that must not be."""
    if target["status"] == "proved":
        false = readers.canaries(name, **coq_run(shop, name, room, "--canaries")[1])
        target["goals"] += false["goals"]
        target["seconds"] += false["seconds"]
        target["status"], target["reason"] = false["status"], false["reason"]
    return target


def elementary(shop, name, room):
    build, settings = coq_run(shop, name, room)
    target = readers.elementary(name, axioms=build / "assumptions.txt",
                                theorems=ROOT / room / "expected.txt", functions=shop.functions,
                                **settings)
    return with_canaries(shop, name, room, target)


def coq(shop, name, room):
    build, settings = coq_run(shop, name, room)
    return readers.coq(name, statements=build / "statements.txt",
                       expected=ROOT / room / "expected.txt",
                       sources=sorted((ROOT / room / "coq").glob("*.v")), **settings)


def coq_canaries(shop, name, room):
    return with_canaries(shop, name, room, coq(shop, name, room))


def theories(shop, name, room, specs, needed):
    """specs, needed: folders that the proofs read besides their own (they enter the key)."""
    del specs, needed
    build, settings = coq_run(shop, name, room, *(["--cold"] if shop.cold else []))
    return readers.theories(name, report=build / "report.json", **settings)


# kind: (function, number of arguments, whether WP's session answers for it)
METHODS = {"wp": (prove, 3, True), "lemma": (lemmas, 1, True), "smoke": (smoke, 2, False),
           "canary": (canary, 2, False), "why3": (why3, 2, False), "eva": (eva, 4, False),
           "elementary": (elementary, 1, False), "coq": (coq, 1, False),
           "coq_canaries": (coq_canaries, 1, False), "theories": (theories, 3, False)}
