# SPDX-License-Identifier: Apache-2.0
"""Readers: from what the proof tools print and write to targets of results.py.

Main result: each reader returns one target.  A report that is missing, cut off, empty, or that
contradicts another report of the same run makes the target a tool problem; it is never proved.
Formats: Frama-C 25 (WP's log, -wp-report-json, -report-csv; Eva's log and -report-csv), Why3 1.5,
the runs of proofs/elementary, proofs/composition, proofs/many_tokens and proofs/two_step.
Test: tests/proofs/test_report.py.
"""
import csv
import io
import json
import pathlib
import re

from results import PASSED, STATUSES, Broken, assumption, goal, prover, target, worst

ANSWERS = {"valid": "proved", "timeout": "timed out", "stepout": "timed out",
           "highfailure": "tool problem", "failure": "tool problem", "failed": "tool problem",
           "outofmemory": "timed out", "unknown": "not proved", "invalid": "failed"}


def text_of(path, what):
    """The text of a report: there, whole lines, not empty."""
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Broken(f"{what}: {error}") from error
    if not text.strip():
        raise Broken(f"{what} {path} is empty")
    if not text.endswith("\n"):
        raise Broken(f"{what} {path} is cut off")
    return text


def guarded(reader):
    """Turns Broken into a target that is a tool problem."""
    def read(name, *arguments, **settings):
        try:
            return reader(name, *arguments, **settings)
        except Broken as error:
            return target(name, reader.__name__, status="tool problem", reason=str(error),
                          tools=settings.get("tools", ()), command=settings.get("command"),
                          seconds=settings.get("seconds"), file=settings.get("file"))
    return read


def missing(name, reason, **settings):
    """A target that could not be run."""
    return target(name, "none", status="tool problem", reason=reason,
                  **{key: settings.get(key) for key in ("command", "seconds", "file")},
                  tools=settings.get("tools", ()))


# ---- Frama-C in general -------------------------------------------------------------------------

COLUMNS = ["directory", "file", "line", "function", "property kind", "status", "property"]
LIBRARY = "FRAMAC_SHARE"


def properties(path):
    """Rows of -report-csv (tab-separated, no quoting) as dictionaries."""
    lines = csv.reader(io.StringIO(text_of(path, "table of properties")), delimiter="\t",
                       quoting=csv.QUOTE_NONE)
    rows = list(lines)
    if rows[0] != COLUMNS:
        raise Broken(f"{path}: unknown columns")
    found = []
    for row in rows[1:]:
        if len(row) != len(COLUMNS) or not row[2].isdigit():
            raise Broken(f"{path}: a row is damaged: {row}")
        entry = dict(zip(COLUMNS, row))
        entry["line"] = int(entry["line"])
        entry["path"] = entry["file"] if row[0] == "." else f"{row[0]}/{row[1]}"
        found.append(entry)
    return found


def frama_c_errors(log):
    """An alarm that was made an error aborts Eva, but is an answer and no error of the tool."""
    if "[eva:alarm] " in log:
        log = log.replace("[kernel] Plug-in eva aborted: invalid user input.", "")
    match = re.search(r"^.*(User Error|Plug-in \w+ aborted|Frama-C aborted|\[\w+\] Failure|"
                      r"internal error|Uncaught exception|syntax error).*$", log, re.M | re.I)
    if match:
        raise Broken(match[0].strip())


def frama_c_warnings(log):
    """Warnings without their line numbers; each is an assumption until a row accepts it."""
    found = []
    for match in re.finditer(r"^\[([\w:-]+)\] (?:(\S+?):\d+: )?Warning: *(.*(?:\n[ \t]+\S.*)*)",
                             log, re.M):
        words = re.sub(r"\s+", " ", match[3]).strip()
        if words != "Failed smoke-test" and match[1] != "eva:alarm" \
                and "treated as deferred error" not in words:  # those are goals, and counted there
            found.append(f"{match[1]}: {words}" + (f" ({match[2]})" if match[2] else ""))
    return found


def suppressed(command):
    """Options of a Frama-C command that hide something."""
    words = (command or "").split()
    found = []
    for option, value in zip(words, words[1:] + [""]):
        if option.endswith("-warn-key"):
            found += [f"{option} {key}" for key in value.split(",")
                      if key.partition("=")[2] in ("inactive", "feedback", "feedback-once", "once")]
        elif re.match(r"-(wp|eva|kernel|rte)-no-(?!show-progress)", option):
            found.append(option)
    return found


def frama_c_assumptions(rows, functions, warnings, command):
    """What a run took for granted: admitted clauses, contracts of others, axioms, libraries."""
    found = [assumption("warning", words) for words in warnings]
    found += [assumption("suppressed", words) for words in suppressed(command)]
    by_place = {}
    for function in functions.values():
        for clause in function.clauses:
            by_place.setdefault((function.name, clause.file, clause.line), clause)
            by_place.setdefault((function.name, clause.kind), clause)
    for row in rows:
        if row["status"] != "Considered valid" or row["property kind"] == "from clause":
            continue
        place = (row["path"], row["line"])
        if row["path"].startswith(LIBRARY):
            if any(row["function"] in function.calls for function in functions.values()):
                found.append(assumption("library", row["function"]))
        elif row["property kind"].startswith("axiom"):
            found.append(assumption("axiom", row["property"].split(":")[0].strip(), "", *place))
        else:
            clause = by_place.get((row["function"], *place))
            if clause is None and row["property kind"] == "assigns clause":  # its line is the end
                clause = by_place.get((row["function"], "assigns"))
            if clause is None:
                found.append(assumption("contract", f"{row['function']} {row['property']}", "",
                                        *place))
            elif clause.admitted:
                found.append(assumption("admitted", f"{row['function']}.{clause.name}", "", *place))
            else:
                found.append(assumption("contract", clause.goal or f"{row['function']} "
                                        f"{clause.text}", "", *place))
    return found


# ---- WP -----------------------------------------------------------------------------------------

CONTROL_FLOW = prover("Frama-C control flow", None, "proved")

def split_prover(label):
    name, _, version = label.rpartition(" ")
    return (name, version) if name else (label, None)


def seconds_of(words):
    """The prover's time in "(Qed:7ms) (760ms) (cached)"; Qed's own where it alone worked."""
    total = None
    for number, unit in re.findall(r"\((?:Qed:)?([\d.]+)(ms|s)\)", words):
        total = float(number) * (0.001 if unit == "ms" else 1.0)
    return total


def wp_log(log):
    """Goals of one run: id -> (kind of line, [provers], cached)."""
    goals, current = {}, None
    for line in log.split("\n"):
        trivial = re.fullmatch(r"\[wp\] \[CFG\] Goal (\S+) : Valid \(Trivial\)", line)
        single = re.fullmatch(r"\[wp\] \[([^\]]+)\] Goal (\S+) : (\w+)((?: \([^)]*\))*)", line)
        several = re.fullmatch(r"\[wp\] \[Failed\] Goal (\S+)", line)
        smoke = re.fullmatch(r"\[wp\] \[(Passed|Failed)\] Smoke-test (\S+)", line)
        untried = re.fullmatch(r"\[wp\] Goal (\S+) : (.*)", line)
        answer = re.fullmatch(r"  (\S.*?): (\w+)((?: \([^)]*\))*)(?: .*)?", line)
        if trivial:
            goals[trivial[1]] = ("goal", [CONTROL_FLOW], False)
        elif smoke:
            status = PASSED if smoke[1] == "Passed" else "not evidence"
            goals[smoke[2]] = ("smoke", [prover("smoke test", None, status)], False)
        elif single:
            name, version = split_prover(single[1])
            status = ANSWERS.get(single[3].lower(), "tool problem")
            entry = prover(name, version, status, seconds_of(single[4]))
            goals[single[2]] = ("goal", [entry], "(cached)" in single[4])
        elif several:
            goals[several[1]] = ("goal", [], False)
        elif untried:
            raise Broken(f"goal {untried[1]}: {untried[2]}")
        elif answer and current in goals and goals[current][0] == "goal":
            name, version = split_prover(answer[1])
            status = ANSWERS.get(answer[2].lower(), "tool problem")
            goals[current][1].append(prover(name, version, status, seconds_of(answer[3])))
        current = several[1] if several else current if line.startswith("  ") else None
    return goals


def wp_counts(path):
    """(total, valid, {section: names of properties}) of -wp-report-json."""
    try:
        data = json.loads(text_of(path, "WP's report"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise Broken(f"{path}: {error}") from error
    try:
        count = data["wp:global"]["wp:main"]
        names = {section: set(found) - {"wp:section"}
                 for section, found in data.get("wp:functions", {}).items()}
        names[None] = {name for found in data.get("wp:axiomatics", {}).values() for name in found
                       if name.startswith("lemma_")}
        return count["total"], count.get("valid", 0), names
    except (KeyError, TypeError, AttributeError) as error:
        raise Broken(f"{path} holds no goal") from error


def wp_prefix(goals, sections):
    """What WP puts before its names: the model and the driver, "typed_rounding_model_"."""
    votes = {}
    names = {name for found in sections.values() for name in found}
    for identifier in goals:
        for match in re.finditer("_", identifier):
            tail = identifier[match.end():]
            if any(tail == name or tail.startswith(f"{name}_") for name in names):
                votes[identifier[:match.end()]] = votes.get(identifier[:match.end()], 0) + 1
    typed = {prefix: n for prefix, n in votes.items() if prefix.startswith("typed_")}
    return max(typed, key=lambda prefix: (typed[prefix], -len(prefix)), default="typed_")


WP_KINDS = [("wp_smoke", "smoke"), ("call_", "precondition"), ("loop_invariant", "loop invariant"),
            ("loop_assigns", "loop assigns"), ("loop_variant", "loop variant"),
            ("assert_rte_", "rte"), ("assert", "assertion"), ("check", "assertion"),
            ("assigns", "assigns"), ("terminates", "terminates"), ("ensures", "ensures"),
            ("exits", "ensures"), ("lemma", "lemma")]


def wp_name(identifier, prefix, names):
    """(function, kind, property) of a goal; names: the functions, longest first."""
    words = identifier[len(prefix):] if identifier.startswith(prefix) else identifier
    words = re.sub(r"_part\d+$", "", words)
    if words.startswith("lemma_"):
        return None, "lemma", words
    function = next((name for name in names if words.startswith(f"{name}_")), None)
    rest = words[len(function) + 1:] if function else words
    kind = next((k for start, k in WP_KINDS if rest.startswith(start)), None)
    kind = kind or ("ensures" if "_ensures" in rest else "other")
    if kind in ("assigns", "loop assigns"):
        words = re.sub(r"_(exit|normal)$", "", words)
    elif kind == "loop invariant":
        words = re.sub(r"_(preserved|established)$", "", words)
    elif kind == "loop variant":
        words = re.sub(r"_(decrease|positive)$", "", words)
    return function, kind, words


CSV_KINDS = {"precondition": r"precondition of (\w+)"}
UNPROVED = ("Unknown", "Untried", "Invalid", "Invalid or unreachable")


def row_for(found, rows, functions):
    """The line of goals that have no clause in the text: run-time errors, calls' preconditions.

    Proved and unproved rows are paired apart, each in order: the lines of what is not proved are
    right as a set, and single ones exactly.
    """
    groups, tables = {}, {}
    for entry in found:
        if entry["line"] is None and entry["kind"] in ("rte", "precondition"):
            word = re.search(r"assert_rte_(.*?)(_\d+)?$" if entry["kind"] == "rte"
                             else r"_requires_(.*?)(_\d+)?$", entry["property"])
            key = (entry["function"], entry["kind"], word[1] if word else "",
                   entry["status"] == "proved")
            groups.setdefault(key, {}).setdefault(entry["property"], []).append(entry)
    for row in rows:
        call = re.fullmatch(CSV_KINDS["precondition"], row["property kind"])
        kind = "precondition" if call else "rte"
        word = row["property"].split(":")[0] if call else row["property kind"]
        tables.setdefault((row["function"], kind, word, row["status"] not in UNPROVED),
                          []).append(row)
    for key, by_property in groups.items():
        matching = tables.get(key, [])
        order = sorted(by_property, key=lambda p: int((re.search(r"_(\d+)$", p) or [0, 1])[1]))
        if key[1] == "rte" and len(matching) == len(order):
            for name, row in zip(order, matching):
                for entry in by_property[name]:
                    entry["file"], entry["line"] = row["path"], row["line"]
        elif len({row["line"] for row in matching}) == 1:
            for entries in by_property.values():
                for entry in entries:
                    entry["file"], entry["line"] = matching[0]["path"], matching[0]["line"]
    for entry in found:
        if entry["line"] is None and entry["function"] in functions:
            function = functions[entry["function"]]
            entry["file"], entry["line"] = function.file, function.line


def wp_run(paths, functions):
    """Goals, rows and warnings of one run of WP: log, JSON, CSV."""
    log = text_of(paths[0], "log")
    frama_c_errors(log)
    total, valid, sections = wp_counts(paths[1])
    rows = properties(paths[2])
    answers = wp_log(log)
    said = re.search(r"^\[wp\] Proved goals: +(\d+) / (\d+)$", log, re.M)
    if not said or "[wp] Report " not in log:
        raise Broken(f"{paths[0]} ends before the count of goals")
    proved = sum(any(p["answer"] in ("proved", PASSED) for p in provers)
                 for _, provers, _ in answers.values())
    flow = sum(provers[:1] == [CONTROL_FLOW] for _, provers, _ in answers.values())  # not in JSON
    if not (int(said[2]) == total + flow == len(answers)
            and int(said[1]) == valid + flow == proved):
        raise Broken(f"log and report disagree: {said[1]} of {said[2]}, {valid} of {total}, "
                     f"{proved} of {len(answers)} goals")
    prefix = wp_prefix(answers, sections)
    names = sorted((set(sections) | set(functions)) - {None}, key=len, reverse=True)
    clauses = {c.goal: c for f in functions.values() for c in f.all_clauses() if c.goal}
    found = []
    for identifier, (sort, provers, cached) in answers.items():
        function, kind, prop = wp_name(identifier, prefix, names)
        provers = sorted(provers, key=lambda p: p["answer"] not in ("proved", PASSED))
        best = [p["answer"] for p in provers if p["answer"] in ("proved", PASSED, "failed")]
        status = best[0] if best else worst([p["answer"] for p in provers if
                                             p["answer"] != "not proved"] or ["not proved"])
        clause = clauses.get(prop)
        found.append(goal(identifier, "smoke" if sort == "smoke" else kind, status, prop=prop,
                          function=function, provers=provers, cached=cached,
                          file=clause.file if clause else None,
                          line=clause.line if clause else None,
                          text=clause.text if clause else None))
    row_for(found, rows, functions)
    if all(g["status"] in ("proved", PASSED) for g in found):
        for row in rows:
            if row["function"] in sections and row["status"] in UNPROVED \
                    and not row["property kind"].startswith(("precondition", "from clause")):
                raise Broken(f"{row['path']}:{row['line']}: all goals are proved, but the property "
                             f"is {row['status'].lower()}: {row['property']}")
    return found, rows, frama_c_warnings(log)


@guarded
def wp(name, runs, functions, logic=(), *, exit_status=0, command=None, seconds=None, tools=(),
       file=None):
    """A target of WP.  runs: (log, JSON, CSV) of one or more runs; a goal is proved if one did."""
    if exit_status != 0:
        raise Broken(f"frama-c ended with exit status {exit_status}")
    goals, rows, warnings = {}, [], []
    for number, paths in enumerate(runs):
        found, more, said = wp_run(paths, functions)
        if number and not {g["id"] for g in found} <= set(goals):
            raise Broken(f"{paths[0]} has goals that the first run has not")
        for entry in found:
            old = goals.get(entry["id"])
            if old is None or (entry["status"] == "proved" and old["status"] != "proved"):
                goals[entry["id"]] = entry
        rows, warnings = rows + more, warnings + said
    places = {f"lemma_{name}": place for _, name, *place in logic}
    for entry in goals.values():
        if entry["kind"] == "lemma" and entry["property"] in places:
            entry["file"], entry["line"] = places[entry["property"]]
    taken = frama_c_assumptions(rows, functions, warnings, command)
    return target(name, "wp", goals.values(), tools=tools, assumptions=taken, warnings=warnings,
                  command=command, seconds=seconds, file=file)


# ---- Eva ----------------------------------------------------------------------------------------

ANNOTATIONS = ("precondition", "postcondition", "loop invariant", "assigns clause",
               "user assertion", "termination clause")
# What Eva may leave open, for WP to prove: it holds at run time only if WP has proved it.
LEFT = {"postcondition": "ensures", "loop invariant": "loop invariant", "user assertion": "assert"}


def left_to_wp(rows, functions):
    """(assumptions, other rows): annotations that Eva could not decide, each WP's to prove."""
    taken, rest = [], []
    for row in rows:
        function = functions.get(row["function"])
        clauses = [c for c in (function.all_clauses() if function else ())
                   if row["status"] == "Unknown" and c.goal
                   and c.kind == LEFT.get(row["property kind"])
                   and c.file == row["path"] and c.line <= row["line"] <= c.last]
        if clauses:
            taken += [assumption("contract", c.goal, "", c.file, c.line) for c in clauses]
        else:
            rest.append(row)
    return taken, rest


def short(row):
    """The label of a property, or its text where it has none."""
    label = re.match(r"([A-Za-z_]\w*): ", row["property"])
    return label[1] if label else row["property"]


def below(function, functions):
    """The function, and all that it calls, directly or not."""
    found, left = set(), [function]
    while left:
        name = left.pop()
        if name in functions and name not in found:
            found.add(name)
            left += functions[name].calls
    return found


@guarded
def eva(name, log, table, functions, by_contract=(), *, exit_status=0, command=None, seconds=None,
        tools=(), file=None):
    """A target of Eva: one goal alarm-free for each kernel function, one for each annotation.

    by_contract: functions whose contracts stand for them: neither they nor what they alone call is
    run, and their contracts are assumptions."""
    words = text_of(log, "log")
    frama_c_errors(words)
    summary = re.search(r"^ +(\d+) functions analyzed \(out of (\d+)\).*$", words, re.M)
    alarms = re.search(r"^ +(\d+) alarms? generated by the analysis", words, re.M)
    if not summary or not alarms:
        raise Broken(f"{log} ends before Eva's summary")
    raised = re.findall(r"^\[eva:alarm\] (\S+?):(\d+): Warning: *((?:\n[ \t]+\S.*)+)", words, re.M)
    # An alarm that is an error ends the run before the table is written.
    rows = properties(table) if pathlib.Path(table).is_file() or not raised else []
    reached = {m[1]: (int(m[2]), int(m[3])) for m in re.finditer(
        r"^ +(\w+): (\d+) stmts out of (\d+) \(", words, re.M)}
    if not reached:
        raise Broken(f"{log}: no coverage (run with -metrics -metrics-eva-cover)")
    tool = dict(tools[0]) if tools else {"name": "Eva", "version": None}
    mine = [r for r in rows if not r["path"].startswith(LIBRARY)
            and r["status"] != "Considered valid"]
    absent = {f for top in by_contract for f in below(top, functions)
              if not reached.get(f, (0, 0))[0]}
    mine = [r for r in mine if r["function"] not in absent or r["status"] != "Dead"]
    known = {(r["path"], r["line"]) for r in mine if r["status"] != "Valid"}
    left, mine = left_to_wp(mine, functions)
    answers = {"Valid": "proved", "Unknown": "not proved", "Invalid": "failed",
               "Partially proven": "not proved", "Invalid or unreachable": "failed"}
    goals = []
    for number, row in enumerate(mine):
        status = answers.get(row["status"], "not evidence")
        kind = re.sub(r"^precondition of .*", "precondition", row["property kind"])
        goals.append(goal(f"{row['function']}:{row['line']}:{row['property kind']}:{number}",
                          kind if kind in ANNOTATIONS else "alarm", status,
                          prop=f"{row['function']} {row['property kind']} " + short(row),
                          function=row["function"], file=row["path"], line=row["line"],
                          provers=[prover(tool["name"], tool["version"], status)],
                          text=row["property"]))
    for number, (path, where, what) in enumerate(raised):
        if (path, int(where)) not in known:
            goals.append(goal(f"{path}:{where}:alarm:{number}", "alarm", "not proved", file=path,
                              line=int(where), text=re.sub(r"\s+", " ", what).strip()))
    for function in functions.values():
        if function.name in absent:
            continue
        done, whole = reached.get(function.name, (0, 1))
        own = [answers.get(r["status"], "not evidence") for r in mine
               if r["function"] == function.name]
        status = "not proved" if raised and not rows else \
            worst(own) if done == whole else "not evidence"
        goals.append(goal(f"{function.name}:alarm-free", "alarm-free", status,
                          function=function.name, file=function.file, line=function.line,
                          provers=[prover(tool["name"], tool["version"], status)],
                          text=f"no alarm; {done} of {whole} statements reached"))
    status = worst(g["status"] for g in goals)
    reason = None
    if status == "proved" and (exit_status != 0 or int(alarms[1]) != 0):
        status, reason = "not proved", f"exit status {exit_status}, {alarms[1]} alarms"
    warnings = frama_c_warnings(words)
    taken = frama_c_assumptions([r for r in rows if not r["path"].startswith(LIBRARY)], functions,
                                warnings, command)
    taken += left
    taken += [assumption("library", m) for m in re.findall(
        r"^\[eva\] using specification for function (\w+)$", words, re.M) if m not in functions]
    taken += [assumption("not evaluated", m) for m in re.findall(
        r"unsupported ACSL construct: (.*)$", words, re.M)]
    return target(name, "eva", goals, tools=tools, assumptions=taken, warnings=warnings,
                  command=command, seconds=seconds, file=file, status=status, reason=reason)


# ---- Why3 ---------------------------------------------------------------------------------------

WHY3 = re.compile(r'File "([^"]+)", line (\d+), characters (\d+-\d+):\n'
                  r"(?:Sub-goal (.*) of goal|Goal) (\S+?)\.\n"
                  r"Prover result is: (\w+)(?: \((?!\d)[^)]*\))?(?: \(([\d.]+)s[^)]*\))?")


@guarded
def why3(name, logs, sources, *, exit_status=0, command=None, seconds=None, tools=(), file=None):
    """A target of `why3 prove`.  logs: (prover, version, file); a goal is proved if one did it.

    The first log has every goal; each lemma and goal of the sources must stand in it.
    """
    wanted, taken = {}, []
    for path in sources:
        text = re.sub(r"\(\*(?!\)).*?\*\)", lambda m: re.sub(r"[^\n]", " ", m[0]),
                      text_of(path, "source"), flags=re.S)
        for match in re.finditer(r"\b(lemma|goal|axiom)\s+(\w+)", text):
            place = (str(path), text.count("\n", 0, match.start()) + 1)
            if match[1] == "axiom":
                taken.append(assumption("axiom", f"{pathlib.Path(path).stem}.{match[2]}", "",
                                        *place))
            else:
                wanted[match[2]] = place
    if not wanted:
        raise Broken("the sources hold no goal")
    goals, first = {}, True
    for label, version, path in logs:
        text = text_of(path, "log")
        seen = {}
        for match in WHY3.finditer(text):
            key = (match[1], match[2], match[3], match[5])
            seen[key] = seen.get(key, 0) + 1
            key += (seen[key],)
            status = ANSWERS.get(match[6].lower(), "tool problem")
            answer = prover(label, version, status, float(match[7]) if match[7] else None)
            if first:
                goals.setdefault(key, [])
            if key not in goals:
                raise Broken(f"{path} has a goal that the first log has not: {match[5]}")
            goals[key].append(answer)
        if len(re.findall(r"^(?:Sub-goal|Goal) ", text, re.M)) != sum(seen.values()):
            raise Broken(f"{path}: a goal without result")
        first = False
    for lemma in wanted:
        if not any(key[3] == lemma for key in goals):
            raise Broken(f"{wanted[lemma][0]}: {lemma} is not in the log")
    found = []
    for key, provers in goals.items():
        if key[3] not in wanted:
            raise Broken(f"{key[3]} is in the log, but not in the sources")
        provers = sorted(provers, key=lambda p: p["answer"] != "proved")
        status = provers[0]["answer"] if provers[0]["answer"] == "proved" else \
            worst(p["answer"] for p in provers)
        found.append(goal(f"{key[3]}:{key[1]}:{key[2]}:{key[4]}", "lemma", status, prop=key[3],
                          file=wanted[key[3]][0], line=int(key[1]), provers=provers))
    status = reason = None
    if exit_status != 0 and len(logs) == 1 and all(g["status"] == "proved" for g in found):
        status, reason = "tool problem", f"all goals are proved, but exit status {exit_status}"
    return target(name, "why3", found, tools=tools, assumptions=taken, command=command,
                  seconds=seconds, file=file, status=status, reason=reason)


# ---- Coq: proofs/elementary, proofs/composition, proofs/many_tokens -----------------------------

def coq_stages(log):
    """(stages as (name, status, seconds, detail), verdict, last line) of a run that ended."""
    text = text_of(log, "log")
    last = text.rstrip("\n").split("\n")[-1]
    closing = re.match(r"(\w+): (\w[\w ]*) \(\d+ s\):", last)
    stages = closing and re.findall(
        rf"^{closing[1]} +(\S.*?) {{2,}}(\S.*?) {{2,}}([\d.]+) s *(.*)$", text, re.M)
    if not stages:
        raise Broken(f"{log} ends before its verdict")
    return stages, closing[2], last


def coq_steps(stages, log, file):
    """One check for each stage of a run that is to prove."""
    goals = []
    for stage, said, seconds, detail in stages:
        status = PASSED if said in ("proved", "ok", "as expected") else said
        if status not in (PASSED, *STATUSES):
            raise Broken(f"{log}: {stage}: {said} in a run that is to prove")
        goals.append(goal(stage, "check", status, file=file, text=detail or None,
                          provers=[prover("coqc", None, status, float(seconds))]))
    return goals


def coq_axioms(path):
    """(what is printed before the axioms, axioms of all theorems together)."""
    checked, mark, rest = text_of(path, "list of axioms").partition("Axioms:\n")
    axioms = set(re.findall(r"^([A-Za-z_][\w.']*)(?=\s*:|\s*$)", rest, re.M))
    if bool(mark) != bool(axioms) or bool(mark) == ("Closed under the global context" in checked):
        raise Broken(f"{path}: axioms not understood")
    return checked, sorted(axioms)


@guarded
def elementary(name, log, axioms, theorems, functions, *, exit_status=0, command=None, seconds=None,
               tools=(), file=None):
    """The target proofs/elementary/run.  theorems: the file of names that a run must end with."""
    stages, verdict, last = coq_stages(log)
    tool = tools[0] if tools else {"name": "Coq", "version": None}
    if (exit_status == 0) != (verdict == "proved"):
        raise Broken(f"verdict {verdict}, but exit status {exit_status}")
    goals = coq_steps(stages, log, file)
    wanted = [line for line in text_of(theorems, "list of theorems").split("\n")
              if line and not line.startswith("#")]
    taken = []
    if verdict == "proved":
        checked, axioms_used = coq_axioms(axioms)
        found = re.findall(r"^(\w+)\s*:\s*\1_statement\s*$", checked, re.M)
        if sorted(found) != sorted(wanted):
            raise Broken("theorems to prove and theorems checked differ: "
                         + ", ".join(sorted(set(found) ^ set(wanted))))
        taken = [assumption("axiom", axiom) for axiom in axioms_used]
        said = [re.fullmatch(r"(\d+) theorems, (\d+) axioms .*, (\d+) primitive .*", detail)
                for stage, _, _, detail in stages if stage == "assumptions"]
        if not said or not said[0] or int(said[0][2]) + int(said[0][3]) != len(taken) \
                or int(said[0][1]) != len(found):
            raise Broken(f"{axioms}: not what the run counted")
    for theorem in wanted:
        function, _, clause = theorem.partition("_coq_")
        known = [c for c in functions[function].clauses if c.name == f"coq_{clause}"] \
            if function in functions else []
        goals.append(goal(theorem, "theorem", verdict, function=function,
                          file=known[0].file if known else file,
                          line=known[0].line if known else None,
                          provers=[prover(tool["name"], tool["version"], verdict)],
                          text=known[0].text if known else None))
    return target(name, "coq", goals, tools=tools, assumptions=taken, command=command,
                  seconds=seconds, file=file, reason=None if verdict == "proved" else last)


@guarded
def coq(name, log, statements, expected, sources, *, exit_status=0, command=None, seconds=None,
        tools=(), file=None):
    """A folder of Coq files whose run prints its theorems and axioms into `statements`.

    expected: what they must be, as committed; sources: the files that hold the theorems."""
    stages, verdict, last = coq_stages(log)
    tool = tools[0] if tools else {"name": "Coq", "version": None}
    if (exit_status == 0) != (verdict == "proved"):
        raise Broken(f"verdict {verdict}, but exit status {exit_status}")
    goals, taken, places = coq_steps(stages, log, file), [], {}
    for path in sources:
        text = text_of(path, "source")
        for match in re.finditer(r"^\s*(?:Theorem|Lemma|Corollary)\s+(\w+)", text, re.M):
            places[match[1]] = (str(path), text.count("\n", 0, match.start(1)) + 1)
    checked, axioms_wanted = coq_axioms(expected)
    wanted = re.findall(r"^(\w+)\s*:", checked, re.M)
    if not wanted:
        raise Broken(f"{expected}: no theorem")
    if verdict == "proved":
        checked, axioms_used = coq_axioms(statements)
        if re.findall(r"^(\w+)\s*:", checked, re.M) != wanted or axioms_used != axioms_wanted:
            raise Broken(f"{statements}: not the theorems and axioms of {expected}")
        taken = [assumption("axiom", axiom) for axiom in axioms_used]
    for theorem in wanted:
        where = places.get(theorem, (file, None))
        goals.append(goal(theorem, "theorem", verdict, file=where[0], line=where[1],
                          provers=[prover(tool["name"], tool["version"], verdict)]))
    return target(name, "coq", goals, tools=tools, assumptions=taken, command=command,
                  seconds=seconds, file=file, reason=None if verdict == "proved" else last)


@guarded
def theories(name, log, report, *, exit_status=0, command=None, seconds=None, tools=(), file=None):
    """The target proofs/two_step/run: a report of lemmas with their provers, and of canaries."""
    last = text_of(log, "log").rstrip().split("\n")[-1]
    verdict = re.match(r"\w+: (proved|not proved|tool problem|not evidence) \(", last)
    names = {"z3": "Z3", "cvc5": "CVC5", "coqc": "Coq"}  # as proofs/assumptions.json has them
    try:
        found = json.loads(text_of(report, "report"))
        taken, goals = [assumption("axiom", axiom) for axiom in found["axioms"]], []
        for row in found["rows"]:
            canary = row["kind"] == "canary"
            status = PASSED if canary and row["status"] == "proved" else row["status"]
            goals.append(goal(row["name"], "canary" if canary else "theorem", status, file=file,
                              provers=[prover(names[by], None, row["status"]) for by in row["by"]]))
        proved = worst([g["status"] for g in goals]) == "proved"
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"{report}: {error!r}") from error
    if not verdict or {exit_status == 0, verdict[1] == "proved", proved} not in ({True}, {False}):
        raise Broken(f"{report}, exit status {exit_status} and last line do not agree: {last}")
    return target(name, "theories", goals, tools=tools, assumptions=taken, command=command,
                  seconds=seconds, file=file, reason=None if proved else last)


@guarded
def canaries(name, log, *, exit_status=0, command=None, seconds=None, tools=(), file=None):
    """The target proofs/elementary/run --canaries: every falsified kernel must be refused."""
    stages, _, last = coq_stages(log)
    closing = re.search(r"all (\d+) canaries fail", last)
    goals = []
    for stage, said, spent, detail in stages:
        status = PASSED if said == "fails, as due" else "not evidence"
        goals.append(goal(stage, "canary", status, file=file, text=detail or None,
                          provers=[prover("coqc", None, status, float(spent))]))
    if (exit_status == 0) != all(g["status"] == PASSED for g in goals) or \
            (exit_status == 0 and (not closing or closing[1] != str(len(goals)))):
        raise Broken(f"{log}: lines and exit status {exit_status} do not agree")
    return target(name, "canaries", goals, tools=tools, command=command, seconds=seconds, file=file)
