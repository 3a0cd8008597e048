# SPDX-License-Identifier: Apache-2.0
"""Reads the functions of a kernel file: tokens, and a tree with the place of every part.

Main result: Source(path) has the functions with their statements and expressions; the offsets of
every node are offsets into the file's text, so that an edit is a list of (start, end, new text).
Annotations and comments are never part of a tree.
Assumptions: the subset of C in which kernel/*.c is written; anything else is an error (class
Unknown), never skipped.
Test: tests/proofs/test_mutate.py.
"""
import re

TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<comment>/\*.*?\*/|//[^\n]*)"
    r"|(?P<directive>\#(?:[^\n\\]|\\.|\\\n)*)"
    r"|(?P<string>\"(?:\\.|[^\"\\])*\")"
    r"|(?P<number>0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?[pP][+-]?\d+|0[xX][0-9a-fA-F]+[uUlL]*"
    r"|\d+\.\d*(?:[eE][+-]?\d+)?|\d+[uUlL]*)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark><<=|>>=|\+\+|--|->|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>=!?:;,.(){}\[\]~])",
    re.S)

TYPES = {"const", "double", "int", "size_t", "uint64_t", "unsigned", "static", "inline", "void",
         "restrict"}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/="}
LEVELS = [["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", "<=", ">", ">="], ["<<", ">>"],
          ["+", "-"], ["*", "/", "%"]]


class Unknown(Exception):
    """The text uses a construct that this parser does not know."""


class Token:
    def __init__(self, kind, text, start, line):
        self.kind, self.text, self.start, self.line = kind, text, start, line
        self.end = start + len(text)


class Node:
    """kind: what it is; parts: nodes below it; word: operator or name; marks: tokens of interest.

    Expressions: name, number, string, unary, postfix, binary, assign, choose, call, index, cast,
    group, braces, sizeof.  Statements: block, declare, if, for, while, return, expression, empty.
    """

    def __init__(self, kind, first, last, parts=(), word=None, marks=()):
        self.kind, self.start, self.end, self.line = kind, first.start, last.end, first.line
        self.parts, self.word, self.marks = list(parts), word, list(marks)

    def walk(self):
        yield self
        for part in self.parts:
            if part is not None:
                yield from part.walk()


class Variable:
    """A parameter or local: type without qualifiers, and the offsets between which it is seen."""

    def __init__(self, name, kind, start, end):
        self.name, self.kind, self.start, self.end = name, kind, start, end


class Function:
    def __init__(self, name, start, body, variables):
        self.name, self.start, self.body, self.variables = name, start, body, variables
        self.line = body.line


def tokens(text):
    found, place, line = [], 0, 1
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise Unknown(f"line {line}: no token at {text[place:place + 20]!r}")
        found.append(Token(match.lastgroup, match[0], place, line))
        line += match[0].count("\n")
        place = match.end()
    return found


def code_only(text):
    """The tokens that a compiler sees, one space between them."""
    return " ".join(t.text for t in tokens(text) if t.kind not in ("space", "comment"))


class Parser:
    def __init__(self, found, name):
        self.found, self.place, self.file = found, 0, name
        self.variables, self.blocks = [], []

    def peek(self, ahead=0):
        here = self.place + ahead
        return self.found[here].text if here < len(self.found) else None

    def here(self):
        return self.found[min(self.place, len(self.found) - 1)]

    def last(self):
        return self.found[self.place - 1]

    def take(self, *expected):
        token = self.here()
        if self.place >= len(self.found) or (expected and token.text not in expected):
            raise Unknown(f"{self.file}:{token.line}: {token.text!r}, expected "
                          f"{' or '.join(expected) or 'more'}")
        self.place += 1
        return token

    # ---- expressions ----------------------------------------------------------------------------
    def expression(self):
        first = self.here()
        left = self.choose()
        if self.peek() in ASSIGNMENTS:
            mark = self.take()
            right = self.expression()
            return Node("assign", first, self.last(), [left, right], mark.text, [mark])
        return left

    def choose(self):
        first = self.here()
        condition = self.binary(0)
        if self.peek() != "?":
            return condition
        self.take("?")
        yes = self.expression()
        self.take(":")
        no = self.choose()
        return Node("choose", first, self.last(), [condition, yes, no])

    def binary(self, level):
        if level == len(LEVELS):
            return self.unary()
        first = self.here()
        left = self.binary(level + 1)
        while self.peek() in LEVELS[level]:
            mark = self.take()
            right = self.binary(level + 1)
            left = Node("binary", first, self.last(), [left, right], mark.text, [mark])
        return left

    def unary(self):
        first = self.here()
        if self.peek() in ("-", "+", "!", "&", "*", "++", "--", "~"):
            mark = self.take()
            inner = self.unary()
            return Node("unary", first, self.last(), [inner], mark.text, [mark])
        if self.peek() == "sizeof" and self.peek(1) != "(":
            self.take()
            inner = self.unary()
            return Node("sizeof", first, self.last(), [inner])
        if self.peek() == "(" and self.peek(1) in TYPES:
            self.take("(")
            while self.peek() in TYPES or self.peek() == "*":
                self.take()
            self.take(")")
            inner = self.unary()
            return Node("cast", first, self.last(), [inner])
        return self.postfix()

    def postfix(self):
        first = self.here()
        node = self.atom()
        while self.peek() in ("(", "[", "++", "--"):
            mark = self.take()
            if mark.text == "(":
                inside = self.list_until(")")
                node = Node("call", first, self.last(), [node] + inside)
            elif mark.text == "[":
                inner = self.expression()
                self.take("]")
                node = Node("index", first, self.last(), [node, inner])
            else:
                node = Node("postfix", first, mark, [node], mark.text, [mark])
        return node

    def list_until(self, close):
        inside = []
        while self.peek() != close:
            inside.append(self.braces() if self.peek() == "{" else self.choose())
            if self.peek() != close:
                self.take(",")
        self.take(close)
        return inside

    def braces(self):
        first = self.take("{")
        inside = self.list_until("}")
        return Node("braces", first, self.last(), inside)

    def atom(self):
        token = self.take()
        if token.text == "(":
            inner = self.expression()
            self.take(")")
            return Node("group", token, self.last(), [inner])
        if token.kind in ("name", "number", "string") and token.text not in TYPES:
            return Node(token.kind, token, token, (), token.text)
        raise Unknown(f"{self.file}:{token.line}: unexpected {token.text!r}")

    # ---- statements -----------------------------------------------------------------------------
    def statement(self):
        first, word = self.here(), self.peek()
        if word == "{":
            return self.block()
        if word == ";":
            return Node("empty", self.take(), self.last())
        if word == "for":
            return self.loop()
        if word in ("if", "while"):
            self.take()
            self.take("(")
            condition = self.expression()
            self.take(")")
            parts = [condition, self.statement()]
            if word == "if" and self.peek() == "else":
                self.take()
                parts.append(self.statement())
            return Node(word, first, self.last(), parts)
        if word == "return":
            self.take()
            value = None if self.peek() == ";" else self.expression()
            self.take(";")
            return Node("return", first, self.last(), [value])
        if word in TYPES:
            return self.declaration()
        if word in ("goto", "do", "switch", "break", "continue"):
            raise Unknown(f"{self.file}:{first.line}: {word}")
        value = self.expression()
        self.take(";")
        return Node("expression", first, self.last(), [value])

    def block(self):
        first = self.take("{")
        mine, self.blocks = [], self.blocks + [None]
        begun = len(self.variables)
        while self.peek() != "}":
            mine.append(self.statement())
        self.take("}")
        self.blocks.pop()
        for variable in self.variables[begun:]:
            variable.end = min(variable.end, self.last().start)
        return Node("block", first, self.last(), mine)

    def loop(self):
        first = self.take("for")
        self.take("(")
        begun = len(self.variables)
        before = self.statement()
        condition = None if self.peek() == ";" else self.expression()
        self.take(";")
        step = None if self.peek() == ")" else self.expression()
        self.take(")")
        body = self.statement()
        for variable in self.variables[begun:]:
            variable.end = min(variable.end, self.last().end)
        return Node("for", first, self.last(), [before, condition, step, body])

    def kind(self):
        """Type words before a declarator, without qualifiers."""
        words = []
        while self.peek() in TYPES:
            words.append(self.take().text)
        return " ".join(w for w in words if w in ("double", "int", "size_t", "uint64_t",
                                                  "unsigned", "void"))

    def declaration(self):
        first, base, names, values = self.here(), self.kind(), [], []
        while True:
            kind = base
            while self.peek() == "*":
                self.take()
                kind = base + "*"
            while self.peek() in TYPES:
                self.take()
            name = self.take()
            size = value = None
            if self.peek() == "[":
                self.take()
                size = self.expression()
                self.take("]")
                kind = base + "*"
            if self.peek() == "=":
                self.take()
                value = self.braces() if self.peek() == "{" else self.choose()
            self.variables.append(Variable(name.text, kind, self.here().end, 1 << 60))
            names.append(name.text)
            values += [size, value]
            if self.take(",", ";").text == ";":
                return Node("declare", first, self.last(), values, names, [base])

    def function(self):
        """Takes one function definition at the top level."""
        first = self.here()
        self.variables = []
        self.kind()
        while self.peek() == "*":
            self.take()
        name = self.take()
        self.take("(")
        while self.peek() != ")":
            kind = self.kind()
            while self.peek() == "*":
                self.take()
                kind += "*"
            while self.peek() in TYPES:
                self.take()
            if self.peek() not in (",", ")"):
                self.variables.append(Variable(self.take().text, kind, 0, 1 << 60))
            if self.peek() != ")":
                self.take(",")
        self.take(")")
        if self.peek() == ";":
            self.take()
            return None
        body = self.block()
        return Function(name.text, first.start, body, self.variables)


class Source:
    """One file of the kernel: its text, tokens, functions, and numeric macros."""

    def __init__(self, path):
        self.path, self.text = path, path.read_text(encoding="utf-8")
        self.tokens = tokens(self.text)
        code = [t for t in self.tokens if t.kind not in ("space", "comment", "directive")]
        parser, self.functions = Parser(code, path.name), []
        while parser.place < len(code):
            if parser.peek() == "enum":
                while parser.take().text != ";":
                    pass
                continue
            function = parser.function()
            if function:
                self.functions.append(function)
        self.macros = {}
        for token in self.tokens:
            match = token.kind == "directive" and re.match(
                r"#define (\w+) \(?-?(0[xX][\w.]+[pP][+-]?\d+|\d+\.\d+)\)?\s*$", token.text)
            if match:
                start = token.start + match.start(2)
                self.macros[match[1]] = (start, start + len(match[2]), token.line)

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def function_text(self, function):
        return self.text[function.start:function.body.end]

    def edited(self, edits):
        """The file's text after edits (start, end, new); they must not overlap."""
        text = self.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text
