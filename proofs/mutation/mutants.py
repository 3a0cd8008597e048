# SPDX-License-Identifier: Apache-2.0
"""Makes the mutants of a kernel file: small wrong edits of the functions' bodies.

Main result: mutants(source) is a list without repetitions; each mutant has an identity that
survives edits of comments, annotations and other functions.
Kinds: see KINDS.  Annotations, headers and array sizes in annotations are never touched.
Test: tests/proofs/test_mutate.py.
"""
import difflib
import hashlib
import math
import re

import c_source

KINDS = {
    "operator": "one arithmetic operator for another",
    "sign": "a minus sign dropped, or put before a result",
    "comparison": "one comparison for another",
    "condition": "a condition negated",
    "constant": "a constant grossly changed: doubled, one more, one less, zero for one",
    "last bit": "a constant changed in its last bit",
    "index": "an index off by one",
    "dropped": "a statement left out, or a loop that is never entered",
    "swapped": "two neighbouring statements exchanged",
    "branch": "a clamp or branch left out",
    "variable": "a variable or array for another of the same type",
    "arguments": "two neighbouring arguments of a call exchanged",
    "result": "zero for a result",
    "order": "another order of a sum; the same number but for rounding",
}
# The exact real value does not change: a contract that bounds errors admits these.
SAME_REAL_VALUE = {"order"}

OPERATORS = {"+": ["-", "*"], "-": ["+"], "*": ["+", "/"], "/": ["*"], "%": ["/"], "<<": [">>"],
             "+=": ["-=", "="], "-=": ["+="]}
COMPARISONS = {"<": ["<=", ">"], ">": [">=", "<"], "<=": ["<", ">="], ">=": [">", "<="],
               "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"]}


class Mutant:
    """One edit.  identity: (function, line, kind, hash); edits: (start, end, new text)."""

    def __init__(self, source, function, kind, what, edits, line=None):
        self.source, self.function, self.kind = source, function, kind
        self.what, self.edits = " ".join(what.split()), edits
        first = min(start for start, _, _ in edits)
        self.line = line or source.line(first)
        self.text = source.edited(edits)
        self.after = self.function_after()
        self.hash = hashlib.sha256(
            f"{source.path.name} {function.name} {self.after}".encode()).hexdigest()[:8]

    def function_after(self):
        """The function after the edit as tokens, and the edited macro if there is one."""
        shift = sum(len(new) - (end - start) for start, end, new in self.edits
                    if self.function.start <= start < self.function.body.end)
        before = sum(len(new) - (end - start) for start, end, new in self.edits
                     if start < self.function.start)
        start = self.function.start + before
        body = self.text[start:self.function.body.end + before + shift]
        outside = [self.text[s:e + len(new) - (e - s)] for s, e, new in self.edits
                   if s < self.function.start]
        return " ".join([c_source.code_only(body)] + outside +
                        [self.source.text[s - 20:s] for s, _, _ in self.edits
                         if s < self.function.start])

    @property
    def file(self):
        return self.source.path.name

    @property
    def stable(self):
        """Identity without the line, which moves when annotations are edited."""
        return f"{self.function.name}:{self.kind.replace(' ', '-')}:{self.hash}"

    @property
    def identity(self):
        return f"{self.function.name}:{self.line}:{self.kind.replace(' ', '-')}:{self.hash}"

    def diff(self):
        name = f"kernel/{self.file}"
        return "".join(difflib.unified_diff(
            self.source.text.splitlines(True), self.text.splitlines(True), f"a/{name}",
            f"b/{name}", n=1))

    def changed(self):
        """The changed lines in short: what stood there, what stands there now."""
        old, new = [], []
        for line in self.diff().splitlines()[2:]:
            if line.startswith("-"):
                old.append(line[1:].strip())
            elif line.startswith("+"):
                new.append(line[1:].strip())
        return " ".join(old), " ".join(new)


def real(text):
    return float.fromhex(text) if text[:2].lower() == "0x" else float(text)


def written(value, like):
    """A binary64 number as C text, hexadecimal if it was so before or has many digits."""
    if like[:2].lower() == "0x" or "e" in repr(value) or value != float(f"{value:.6g}"):
        mantissa, exponent = re.fullmatch(r"(-?0x\d(?:\.\d+|\.[0-9a-f]+)?)(p[+-]\d+)",
                                          value.hex()).groups()
        return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + exponent
    return repr(value)


class Maker:
    """Walks one function and collects its mutants."""

    def __init__(self, source, function):
        self.source, self.function, self.found = source, function, []
        self.kinds = {}

    def text(self, node):
        return self.source.text[node.start:node.end]

    def add(self, kind, what, *edits, line=None):
        self.found.append(Mutant(self.source, self.function, kind, what, list(edits), line))

    def replace(self, kind, node, new, what=None):
        self.add(kind, what or f"{self.text(node)} to {new}", (node.start, node.end, new))

    def make(self):
        self.block(self.function.body)
        for node in self.function.body.walk():
            handler = getattr(self, "at_" + node.kind, None)
            if handler:
                handler(node)
        self.macros()
        return self.found

    # ---- expressions ----------------------------------------------------------------------------
    def mark(self, node, table, kind):
        for new in table.get(node.word, ()):
            mark = node.marks[0]
            self.add(kind, f"{node.word} to {new}", (mark.start, mark.end, new))

    def at_binary(self, node):
        self.mark(node, OPERATORS, "operator")
        self.mark(node, COMPARISONS, "comparison")
        self.reassociate(node)

    def at_assign(self, node):
        self.mark(node, OPERATORS, "operator")

    def at_unary(self, node):
        if node.word == "-":
            self.replace("sign", node, self.text(node.parts[0]))
        if node.word == "!":
            self.replace("condition", node, self.text(node.parts[0]))

    def at_postfix(self, node):
        new = {"++": "--", "--": "++"}[node.word]
        self.add("operator", f"{node.word} to {new}", (node.marks[0].start, node.end, new))

    def reassociate(self, node):
        """a + b + c in another order, for sums of doubles: (a + b) + c to a + (b + c), and back."""
        if node.word != "+" or self.type(node) != "double":
            return
        left, right = [self.inner(part) for part in node.parts]
        if left.kind == "binary" and left.word == "+":
            a, b = (self.text(part) for part in left.parts)
            self.replace("order", node, f"({a} + ({b} + {self.text(node.parts[1])}))")
        if right.kind == "binary" and right.word == "+":
            b, c = (self.text(part) for part in right.parts)
            self.replace("order", node, f"(({self.text(node.parts[0])} + {b}) + {c})")

    def inner(self, node):
        while node.kind == "group":
            node = node.parts[0]
        return node

    def at_number(self, node):
        text = node.word
        if re.fullmatch(r"\d+[uUlL]*|0[xX][0-9a-fA-F]+[uUlL]*", text):
            value = int(re.sub(r"[uUlL]", "", text), 0)
            for new in {value + 1, value - 1, 0} - {value}:
                if new >= 0:
                    self.replace("constant", node, str(new))
        else:
            self.number(node.start, node.end, text)

    def number(self, start, end, text, line=None):
        value = real(text)
        gross = {0.0: [1.0], 1.0: [0.0, 2.0]}.get(value, [2.0 * value, 0.5 * value])
        for new in gross:
            self.add("constant", f"{text} to {written(new, text)}",
                     (start, end, written(new, text)), line=line)
        for towards in (math.inf, 0.0):
            new = math.nextafter(value, towards)
            if new != value:
                self.add("last bit", f"{text} to {written(new, text)}",
                         (start, end, written(new, text)), line=line)

    def macros(self):
        """Numeric macros of the file that the body uses count as its constants."""
        used = {node.word for node in self.function.body.walk() if node.kind == "name"}
        for name in sorted(used & set(self.source.macros)):
            start, end, line = self.source.macros[name]
            self.number(start, end, self.source.text[start:end], line)

    def at_index(self, node):
        inner = self.text(node.parts[1])
        for new in ("+ 1", "- 1"):
            self.replace("index", node.parts[1], f"({inner}) {new}", f"{inner} to {inner} {new}")

    def at_choose(self, node):
        condition, yes, no = node.parts
        self.replace("branch", node, f"({self.text(yes)})")
        self.replace("branch", node, f"({self.text(no)})")
        self.replace("condition", condition, f"!({self.text(condition)})")

    def at_call(self, node):
        arguments = node.parts[1:]
        for a, b in zip(arguments, arguments[1:]):
            if self.type(a) == self.type(b) is not None and self.text(a) != self.text(b):
                self.add("arguments", f"{self.text(a)} and {self.text(b)} exchanged",
                         (a.start, a.end, self.text(b)), (b.start, b.end, self.text(a)))

    # ---- variables ------------------------------------------------------------------------------
    def visible(self, place):
        return [v for v in self.function.variables if v.start <= place < v.end]

    def type(self, node):
        """Type of an expression where it is plain, or None."""
        if node.kind == "name":
            for variable in reversed(self.visible(node.start)):
                if variable.name == node.word:
                    return variable.kind
            return "double" if node.word in self.source.macros or node.word.startswith(
                ("AT_MAX_ENTRY", "AT_MAX_WEIGHT", "AT_MAX_STEP")) else "size_t" \
                if node.word.isupper() else None
        if node.kind == "number":
            return "double" if "." in node.word or "p" in node.word.lower() else "size_t"
        if node.kind == "index":
            return (self.type(node.parts[0]) or "").rstrip("*") or None
        if node.kind in ("group", "unary", "postfix"):
            return self.type(node.parts[0])
        if node.kind == "binary":
            if node.word in COMPARISONS:
                return "truth"
            kinds = [self.type(part) for part in node.parts]
            for kind in ("double*", "double", "int", "size_t"):
                if kind in kinds:
                    return kind
        if node.kind == "choose":
            return self.type(node.parts[1])
        if node.kind == "call":
            return "double" if node.parts[0].word != "largest" else "size_t"
        return None

    def at_name(self, node):
        """The next of the other visible variables of the same type."""
        seen = self.visible(node.start)
        mine = [v for v in seen if v.name == node.word]
        if not mine:
            if node.word.isupper() and node.word not in self.source.macros and \
                    self.type(node) == "size_t":
                self.replace("constant", node, f"({node.word} - 1)")
                self.replace("constant", node, f"({node.word} + 1)")
            elif node.word.isupper() and self.type(node) == "double" and \
                    node.word not in self.source.macros:
                self.replace("constant", node, f"(2.0 * {node.word})")
                self.replace("constant", node, f"(0.5 * {node.word})")
            return
        names = []
        for variable in seen:
            if variable.kind == mine[-1].kind and variable.name not in names:
                names.append(variable.name)
        here = names.index(node.word)
        for other in (names[here + 1:] + names[:here])[:1]:
            self.replace("variable", node, other)

    # ---- statements -----------------------------------------------------------------------------
    def at_if(self, node):
        self.replace("condition", node.parts[0], f"!({self.text(node.parts[0])})")
        self.replace("branch", node.parts[0], "1")
        self.replace("branch", node.parts[0], "0")

    def at_for(self, node):
        before, condition, _, _ = node.parts
        self.replace("dropped", condition, "0", "the loop is never entered")
        self.reverse(node)
        self.pair(node)

    def at_while(self, node):
        self.replace("dropped", node.parts[0], "0", "the loop is never entered")

    def reverse(self, node):
        """A loop that accumulates, in the opposite order: k to n - 1 - k in the body."""
        before, condition, step, body = node.parts
        plain = (before.kind == "declare" and condition.kind == "binary" and condition.word == "<"
                 and step.kind == "postfix" and self.text(before).endswith("= 0;"))
        if not plain:
            return
        counter, limit = before.word[0], self.text(condition.parts[1])
        outer = {v.name for v in self.function.variables if v.start < node.start}
        accumulates = any(
            n.kind == "assign" and self.base(n.parts[0]) in outer and
            counter not in self.names(n.parts[0]) and
            (self.base(n.parts[0]) in self.names(n.parts[1]) or n.parts[0].kind == "index")
            for n in body.walk())
        uses = [n for n in body.walk() if n.kind == "name" and n.word == counter]
        if accumulates and uses:
            self.add("order", f"loop over {counter} from the end",
                     *[(n.start, n.end, f"({limit} - 1 - {counter})") for n in uses])

    def pair(self, node):
        """Entries k and k + N of a fold of 2 N entries, k < N, paired as k and 2 N - 1 - k."""
        found = re.fullmatch(r"(\w+) < (\d+)", self.text(node.parts[1]))
        for n in node.parts[3].walk():
            if found and n.kind == "index" and \
                    self.text(n.parts[1]) == f"{found[1]} + {found[2]}":
                self.replace("order", n.parts[1], f"{2 * int(found[2]) - 1} - {found[1]}")

    def base(self, node):
        while node.parts:
            node = node.parts[0]
        return node.word

    def names(self, node):
        return {n.word for n in node.walk() if n.kind == "name"}

    def at_return(self, node):
        value = node.parts[0]
        if value is None:
            return
        if self.type(value) == "double" or value.kind in ("call", "unary"):
            self.replace("sign", value, f"-({self.text(value)})")
            if self.text(value) != "0.0":
                self.replace("result", value, "0.0")
        else:
            self.replace("result", value, "0")

    def at_block(self, node):
        if node is not self.function.body:
            self.block(node)

    def block(self, node):
        for part in node.parts:
            if part.kind == "expression":
                self.add("dropped", f"{self.text(part)} left out",
                         (part.start, part.end, ";"))
        for a, b in zip(node.parts, node.parts[1:]):
            if {a.kind, b.kind} <= {"expression", "declare"}:
                self.add("swapped", f"{self.text(a)} and {self.text(b)} exchanged",
                         (a.start, a.end, self.text(b)), (b.start, b.end, self.text(a)))


def mutants(source):
    """All mutants of a file, by function and place, each text once, none like the original."""
    found, seen = [], set()
    for function in source.functions:
        seen.add((function.name, c_source.code_only(source.function_text(function))))
        for mutant in Maker(source, function).make():
            if (function.name, mutant.after) not in seen:
                seen.add((function.name, mutant.after))
                found.append(mutant)
    return found
