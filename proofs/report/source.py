# SPDX-License-Identifier: Apache-2.0
"""What the C text and its annotations contain: functions, contracts, loops, and every clause.

Main result: scan(root) finds, for each function of kernel/, its contract (header and definition
together), its loops and their annotations, each clause with file, line and the name that Frama-C's
WP gives to its goals.  A small scanner, not a C parser: it knows comments, strings, preprocessor
lines and nesting, and that is enough for a text in the project's style.
Test: tests/proofs/test_report.py.
"""
import dataclasses
import pathlib
import re

# Clause keyword -> word in the names of WP's goals.  None: no goal of its own.
CLAUSES = {
    "loop invariant": "loop_invariant", "loop assigns": "loop_assigns",
    "loop variant": "loop_variant", "loop unroll": None, "loop pragma": None,
    "requires": "requires", "ensures": "ensures", "exits": "exits", "assigns": "assigns",
    "terminates": "terminates", "decreases": "decreases", "assumes": None, "assert": "assert",
    "check": "check", "invariant": "invariant", "allocates": None, "frees": None,
}
CLAUSE = re.compile(r"(?:(check|admit)\s+)?(" + "|".join(w.replace(" ", r"\s+") for w in CLAUSES)
                    + r")\b\s*")
GLOBAL = re.compile(r"\s*(lemma|check lemma|axiom|axiomatic|predicate|logic|inductive|type|ghost"
                    r"|global|import)\b")
BINDER = re.compile(r"\\(?:(?:forall|exists)\s[\w\s,*]*|let\s[^;]*)$")
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "do", "else", "_Static_assert"}


class Unreadable(Exception):
    """The text is not what this scanner understands; the message says where."""


@dataclasses.dataclass
class Clause:
    kind: str        # a key of CLAUSES
    name: str        # the label, or ""
    text: str        # label and predicate in one line
    file: str
    line: int
    last: int        # line
    admitted: bool = False
    checked: bool = False
    goal: str = ""   # WP's name of the property, "" where there is none


@dataclasses.dataclass
class Loop:
    file: str
    line: int
    clauses: list


@dataclasses.dataclass
class Function:
    name: str
    file: str        # of the definition
    line: int
    clauses: list    # the contract
    loops: list
    asserts: list
    calls: set       # names followed by a parenthesis in the body

    def all_clauses(self):
        """In the order in which WP numbers clauses of one kind and name."""
        inner = [clause for loop in self.loops for clause in loop.clauses] + self.asserts
        return self.clauses + sorted(inner, key=lambda clause: clause.line)


def _split(text, file):
    """Code with everything else blanked out, and the annotations as (start, end, text)."""
    code, notes, i = list(text), [], 0
    def blank(start, end):
        for k in range(start, end):
            if code[k] != "\n":
                code[k] = " "
    while i < len(text):
        two, end = text[i:i + 2], i + 1
        if two in ("/*", "//"):
            close = text.find("*/" if two == "/*" else "\n", i + 2)
            if close < 0 and two == "/*":
                raise Unreadable(f"{file}:{text.count(chr(10), 0, i) + 1}: comment without end")
            end = len(text) if close < 0 else close + (2 if two == "/*" else 0)
            if text[i + 2:i + 3] == "@":
                notes.append((i, end, text[i + 3:close if close >= 0 else end]))
            blank(i, end)
        elif text[i] in "\"'":
            while end < len(text) and text[end] != text[i] and text[end] != "\n":
                end += 2 if text[end] == "\\" else 1
            end += 1
            blank(i, min(end, len(text)))
        elif text[i] == "#" and not text[text.rfind("\n", 0, i) + 1:i].strip():
            while end < len(text) and (text[end] != "\n" or text[end - 1] == "\\"):
                end += 1
            blank(i, end)
        i = end
    return "".join(code), notes


def _match(code, start, file):
    """The offset behind the bracket that closes the one at start."""
    pairs = {"(": ")", "{": "}"}
    close, depth = pairs[code[start]], 0
    for i in range(start, len(code)):
        depth += (code[i] == code[start]) - (code[i] == close)
        if depth == 0:
            return i + 1
    raise Unreadable(f"{file}:{code.count(chr(10), 0, start) + 1}: bracket without end")


def _clauses(text, note, file):
    """The clauses of one annotation."""
    start = note[0] + 3
    body = re.sub(r"//[^\n]*", lambda m: " " * len(m[0]), note[2])
    body = re.sub(r"(?m)^([ \t]*)@", r"\1 ", body).rstrip(" \t\n@")
    found, offset, parts = [], 0, []
    for part in body.split(";"):
        if parts and BINDER.search(parts[-1]):  # not the end of a clause
            parts[-1] += ";" + part
        else:
            parts.append(part)
    for part in parts:
        words = part.strip()
        at = offset + len(part) - len(part.lstrip())
        offset += len(part) + 1
        words = re.sub(r"^behavior\s+\w+\s*:\s*", "", words)
        match = CLAUSE.match(words)
        if match:
            kind = re.sub(r"\s+", " ", match[2])
            admitted, checked = match[1] == "admit", match[1] == "check"
            rest = words[match.end():]
        elif re.match(r"admit\b", words):
            kind, admitted, checked, rest = "assert", True, False, words[5:].strip()
        else:
            continue
        name = re.match(r"([A-Za-z_]\w*)\s*:(?!:)", rest)
        found.append(Clause(kind, name[1] if name else "", re.sub(r"\s+", " ", rest), file,
                            text.count("\n", 0, start + at) + 1,
                            text.count("\n", 0, start + offset - 1) + 1, admitted, checked))
    return found


def _loops(code, first, last, file):
    """Offsets of the loop keywords in a body; the while that ends a do is not one."""
    tails, found = set(), []
    for match in re.finditer(r"\b(for|while|do)\b", code[first:last]):
        at = first + match.start()
        if match[1] == "do":
            brace = code.find("{", at, last)
            if brace < 0 or code[at + 2:brace].strip():
                raise Unreadable(f"{file}:{code.count(chr(10), 0, at) + 1}: do without braces")
            tail = re.compile(r"\s*while\b").match(code, _match(code, brace, file))
            if tail:
                tails.add(tail.end() - 5)
        if at not in tails:
            found.append(at)
    return found


def _ghosts(text):
    """Ghost functions as the code that they are to a proof; no character moves."""
    def bare(match):
        inside = match[1].replace("/@ ", "/*@").replace("@/", "*/")
        return re.sub(r"\S", " ", match[0][:match.start(1) - match.start()]) + inside + "  "
    return re.sub(r"/\*@\s*ghost\b((?:(?!\*/).)*?/@ .*?)\*/", bare, text, flags=re.S)


def _file(path, file):
    """Functions of one file as (name, line, contract, loops, asserts, calls, defined)."""
    text = _ghosts(path.read_text(encoding="utf-8"))
    code, notes = _split(text, file)
    found, at, previous = [], 0, 0
    while at < len(code):
        character = code[at]
        if character == "(":
            name = re.search(r"(\w+)\s*$", code[previous:at])
            end = _match(code, at, file)
            behind = re.compile(r"\s*([;{])").match(code, end)
            if name and behind and name[1] not in KEYWORDS and "=" not in code[previous:at]:
                found.append(_function(text, code, notes, file, previous, at, name[1], behind))
                at = previous = _match(code, behind.start(1), file) if behind[1] == "{" \
                    else behind.end()
                continue
            at = end
        elif character == "{":
            at = _match(code, at, file)
        else:
            at += 1
            if character == ";":
                previous = at
    return found


def _function(text, code, notes, file, previous, at, name, behind):
    before = [n for n in notes if previous <= n[0] and n[1] <= at and not GLOBAL.match(n[2])]
    contract = [clause for note in before for clause in _clauses(text, note, file)]
    loops, asserts, calls = [], [], set()
    if behind[1] == "{":
        end = _match(code, behind.start(1), file)
        inside = [n for n in notes if behind.start(1) < n[0] and n[1] <= end]
        ghosts = " ".join(n[2] for n in inside if re.match(r"\s*ghost\b", n[2]))
        calls = set(re.findall(r"\b(\w+)\s*\(", code[behind.end():end] + ghosts)) - KEYWORDS
        heads = {}
        for keyword in _loops(code, behind.end(), end, file):
            clauses = []
            for note in inside:
                if note[1] <= keyword and not code[note[0]:keyword].strip():
                    mine = _clauses(text, note, file)
                    if any(clause.kind.startswith("loop ") for clause in mine):
                        clauses += mine
                        heads[note[0]] = True
            loops.append(Loop(file, text.count("\n", 0, keyword) + 1, clauses))
        for note in inside:
            if note[0] not in heads:
                asserts += _clauses(text, note, file)
    return name, text.count("\n", 0, at) + 1, contract, loops, asserts, calls, behind[1] == "{"


def _name_goals(function):
    seen = {}
    for clause in function.all_clauses():
        word = CLAUSES[clause.kind]
        if word is None or clause.admitted or word == "requires":
            continue
        if clause.checked:
            word = f"check_{word}"
        base = "_".join(part for part in (function.name, word, clause.name) if part)
        seen[base] = seen.get(base, 0) + 1
        clause.goal = base if seen[base] == 1 else f"{base}_{seen[base]}"


def scan(root, folder="kernel"):
    """All functions defined in root/folder/*.c, by name, with their contracts."""
    root = pathlib.Path(root)
    functions, headers = {}, {}
    for path in sorted((root / folder).glob("*.h")) + sorted((root / folder).glob("*.c")):
        file = path.relative_to(root).as_posix()
        for name, line, contract, loops, asserts, calls, defined in _file(path, file):
            if defined:
                if name in functions:
                    raise Unreadable(f"{file}:{line}: {name} is defined twice")
                functions[name] = Function(name, file, line, contract, loops, asserts, calls)
            else:
                headers.setdefault(name, []).extend(contract)
    for name, function in functions.items():
        function.clauses = headers.get(name, []) + function.clauses
        _name_goals(function)
    return functions


def logic(root, folders=("kernel", "specs")):
    """Lemmas and axioms of the annotations, `admit` before a lemma that WP takes for granted:
    (word, name, file, line)."""
    found = []
    for path in sorted(p for f in folders for p in (pathlib.Path(root) / f).glob("*.[hc]")):
        file = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        for start, _, words in _split(text, file)[1]:
            bare = re.sub(r"//[^\n]*", lambda m: " " * len(m[0]), words)
            found += [(" ".join(match[1].split()), match[2], file,
                       text.count("\n", 0, start + 3 + match.start()) + 1)
                      for match in re.finditer(r"\b((?:admit\s+)?lemma|axiom)\s+(\w+)[\s{:]", bare)]
    return found
