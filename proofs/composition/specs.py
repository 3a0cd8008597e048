# SPDX-License-Identifier: Apache-2.0
"""The lemmas that specs/*.h admit, as Coq statements.

Every `admit lemma coq_...` becomes a definition coq_..._statement of Specs.v, with the predicates
and functions over numbers that it speaks of; nobody writes these by hand, so that an edit of the
annotations changes what has to be proved.  Integers are read as real numbers: the statement for all
reals is the stronger one.  Anything outside the subset is an error (class Unknown), never skipped:
what an admitted lemma needs must be an `axiom`-free definition over real and integer.
"""
import re
from fractions import Fraction

HEADER = """(* SPDX-License-Identifier: Apache-2.0
   Generated from specs/*.h.  Not for editing. *)
From Coq Require Import Reals.
Open Scope R_scope.

"""
TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?[pP][+-]?\d+|\d+\.\d+|\d+)"
    r"|(?P<name>\\?[A-Za-z_]\w*)|(?P<mark>==>|<=|>=|==|!=|&&|\|\||[-+*/<>!?:=(){};,\[\]]))")
DECLARATION = re.compile(r"^\s*(?=(?:predicate|logic|lemma|admit|check|axiom)\b)", re.M)
FUNCTIONS = {"\\abs": "Rabs", "\\exp": "exp", "\\log": "ln"}
RELATIONS = {"<=": "<=", "<": "<", "==": "=", ">=": ">=", ">": ">", "!=": "<>"}


class Unknown(Exception):
    """The text uses a construct that this reader does not know."""


def tokens(text):
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise Unknown(f"no token at: {text[place:place + 40]!r}")
        found.append(match.group().strip())
        place = match.end()
    return found


def number(token):
    """A literal as a Coq real: an integer, or m / 2 ^ e."""
    if token[:2].lower() == "0x":
        whole, digits, exponent = re.fullmatch(
            r"0[xX]([0-9a-fA-F]+)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)", token).groups("")
        shift = int(exponent) - 4 * len(digits)
        value = Fraction(int(whole + digits, 16)) * Fraction(2) ** shift
    else:
        value = Fraction(token)
    power = value.denominator.bit_length() - 1
    if value.denominator != 1 << power:
        raise Unknown(f"literal is not dyadic: {token}")
    return f"({value.numerator} / 2 ^ {power})" if power else str(value.numerator)


class Reader:
    """Recursive descent from tokens to Coq text."""

    def __init__(self, text, known):
        self.found, self.place, self.known, self.used = tokens(text), 0, known, []

    def peek(self):
        return self.found[self.place] if self.place < len(self.found) else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or expected not in (None, token):
            raise Unknown(f"expected {expected or 'more'}, found {token!r}")
        self.place += 1
        return token

    def whole(self):
        text = self.formula()
        if self.peek() is not None:
            raise Unknown(f"after a formula: {self.peek()!r}")
        return text

    def chain(self, mark, coq, part):
        parts = [part()]
        while self.peek() == mark:
            self.take()
            parts.append(part())
        joined = f" {coq} ".join(parts)
        return parts[0] if len(parts) == 1 else f"({joined})"

    def formula(self):
        left = self.chain("||", "\\/", lambda: self.chain("&&", "/\\", self.comparison))
        if self.peek() != "==>":
            return left
        self.take()
        return f"({left} -> {self.formula()})"

    def comparison(self):
        parts, left = [], self.sum()
        while self.peek() in RELATIONS:
            relation, right = RELATIONS[self.take()], self.sum()
            parts.append(f"{left} {relation} {right}")
            left = right
        conjunction = " /\\ ".join(parts)
        return f"({conjunction})" if parts else left

    def sum(self):
        text = self.product()
        while self.peek() in ("+", "-"):
            text = f"({text} {self.take()} {self.product()})"
        return text

    def product(self):
        text = self.unary()
        while self.peek() in ("*", "/"):
            text = f"({text} {self.take()} {self.unary()})"
        return text

    def unary(self):
        if self.peek() != "-":
            return self.atom()
        self.take()
        return f"(- {self.unary()})"

    def atom(self):
        token = self.take()
        if token == "(":
            text = self.formula()
            self.take(")")
            return text
        if token[0].isdigit():
            return number(token)
        if not re.match(r"[\w\\]", token):
            raise Unknown(f"unexpected {token!r}")
        if self.peek() != "(":
            if token not in self.known:
                raise Unknown(f"unknown name {token}")
            return token
        self.take()
        arguments = [self.formula()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.formula())
        self.take(")")
        if token not in FUNCTIONS:
            self.used.append(token)
        return f"({' '.join([FUNCTIONS.get(token, token)] + arguments)})"


def annotations(text):
    """The declarations of the annotations of one file, comments and labels of the logic apart."""
    for block in re.findall(r"/\*@(.*?)\*/", text, flags=re.S):
        bare = re.sub(r"//[^\n]*", " ", block)
        inner = re.fullmatch(r"\s*axiomatic \w+ \{(.*)\}\s*", bare, re.S)
        for part in DECLARATION.split(inner[1] if inner else bare):
            yield " ".join(part.split()).removesuffix(";")


def parameters(text):
    """Names of `real a, b, integer i`; None if one is no number."""
    names, kind = [], None
    for part in text.split(","):
        words = part.split()
        kind = words[0] if len(words) == 2 else kind
        if kind not in ("real", "integer") or "*" in part:
            return None
        names.append(words[-1])
    return names


class Specs:
    """Definitions over numbers and admitted lemmas of all headers of specs/."""

    def __init__(self, folder):
        self.definitions, self.lemmas = {}, {}
        for path in sorted(folder.glob("*.h")):
            for part in annotations(path.read_text(encoding="utf-8")):
                self.read(path.name, part)

    def read(self, file, part):
        lemma = re.fullmatch(r"admit lemma (\w+): \\forall ([^;]*); (.*)", part)
        define = re.fullmatch(r"(predicate|logic real) (\w+)\(([^()]*)\) = (.*)", part)
        if lemma:
            if not lemma[1].startswith("coq_") or lemma[1] in self.lemmas:
                raise Unknown(f"{file}: lemma {lemma[1]}")
            self.lemmas[lemma[1]] = (parameters(lemma[2]), lemma[3])
        elif re.match("admit|axiom", part):
            raise Unknown(f"{file}: {part[:60]}")
        elif define and parameters(define[3]):
            self.definitions[define[2]] = (define[1], parameters(define[3]), define[4])

    def define(self, name, done):
        """The definition of a name, after those it needs."""
        if name in done:
            return ""
        if name not in self.definitions:
            raise Unknown(f"{name} is not a definition over numbers")
        kind, names, body = self.definitions[name]
        reader = Reader(body, names)
        text = reader.whole()
        before = "".join(self.define(other, done) for other in reader.used)
        done.append(name)
        return (f"{before}Definition {name} ({' '.join(names)} : R) : "
                f"{'Prop' if kind == 'predicate' else 'R'} :=\n  {text}.\n\n")

    def coq(self):
        text, done = HEADER, []
        for name, (names, body) in self.lemmas.items():
            if not names:
                raise Unknown(f"{name}: not over numbers")
            reader = Reader(body, names)
            statement = reader.whole()
            text += "".join(self.define(other, done) for other in reader.used)
            text += (f"Definition {name}_statement : Prop :=\n"
                     f"  forall {' '.join(names)} : R,\n  {statement}.\n\n")
        return text
