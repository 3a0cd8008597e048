# SPDX-License-Identifier: Apache-2.0
"""Reads the C text of the elementary functions and says the same thing in other languages.

Purpose: one parser for the subset of C in which kernel/exp.c and kernel/logistic.c are written and
for the subset of ACSL of their admitted clauses; from its trees come the Coq definitions, the Coq
statements and the values that tie.py compares with the compiled functions.
Assumptions: anything outside the subset is an error (class Unknown), never skipped.
"""

import math
import re
from fractions import Fraction


class Unknown(Exception):
    """The text uses a construct that this parser does not know."""


ALLOWED_INCLUDES = {"double_guard.h", "exp.h", "logistic.h", "stdint.h", "string.h"}

# 2^k is the one function that is not straight-line binary64 arithmetic.  Its text must be this one;
# its values are compared with 2^k for every k by tie.py.
POWER_OF_TWO = """static inline double at_power_of_two ( int k ) {
  uint64_t bits = ( uint64_t ) ( k + 1023 ) << 52 ; double power ;
  memcpy ( & power , & bits , sizeof power ) ; return power ; }""".split()

TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?[pP][+-]?\d+|\d+\.\d+|\d+)"
    r"|(?P<name>\\?[A-Za-z_]\w*)"
    r"|(?P<mark>==>|<=|>=|==|!=|<<|&&|\|\||[-+*/<>?:=(){};,&]))")


def tokens(text):
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise Unknown(f"no token at: {text[place:place + 40]!r}")
        found.append(match.group().strip())
        place = match.end()
    return found


def number(token):
    """Exact value of a literal."""
    if token[:2].lower() == "0x":
        match = re.fullmatch(r"0[xX]([0-9a-fA-F]+)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)", token)
        digits = match[2] or ""
        exponent = int(match[3]) - 4 * len(digits)
        value = Fraction(int(match[1] + digits, 16))
        value = value * 2**exponent if exponent >= 0 else value / 2**-exponent
    else:
        value = Fraction(token)
    if value.denominator & (value.denominator - 1):
        raise Unknown(f"literal is not dyadic: {token}")
    return value


def binary64(value):
    if Fraction(float(value)) != value:
        raise Unknown(f"literal is not a binary64 number: {value}")
    return float(value)


class Reader:
    """Recursive descent over a token list.  Trees are tuples whose first entry names the node."""

    def __init__(self, found, constants):
        self.found, self.place, self.constants = found, 0, constants

    def peek(self, ahead=0):
        here = self.place + ahead
        return self.found[here] if here < len(self.found) else None

    def take(self, *expected):
        token = self.peek()
        if expected and token not in expected:
            raise Unknown(f"expected {' or '.join(expected)}, found {token!r}")
        self.place += 1
        return token

    def expression(self):
        condition = self.comparison()
        if self.peek() != "?":
            return condition
        self.take("?")
        yes = self.expression()
        self.take(":")
        return ("choose", condition, yes, self.expression())

    def comparison(self):
        left = self.sum()
        if self.peek() in ("<", ">"):
            mark = self.take()
            right = self.sum()
            return ("less", left, right) if mark == "<" else ("less", right, left)
        return left

    def sum(self):
        left = self.product()
        while self.peek() in ("+", "-"):
            left = ("add" if self.take() == "+" else "sub", left, self.product())
        return left

    def product(self):
        left = self.unary()
        while self.peek() in ("*", "/"):
            left = ("mul" if self.take() == "*" else "div", left, self.unary())
        return left

    def unary(self):
        if self.peek() == "-":
            self.take()
            inner = self.unary()
            return ("literal", -inner[1]) if inner[0] == "literal" else ("negate", inner)
        if self.peek() == "(" and self.peek(1) in ("int", "double") and self.peek(2) == ")":
            self.take()
            kind = self.take()
            self.take(")")
            return ("to_" + kind, self.unary())
        return self.atom()

    def atom(self):
        token = self.take()
        if token == "(":
            inner = self.expression()
            self.take(")")
            return inner
        if token is None or not re.match(r"[\w\\]", token):
            raise Unknown(f"unexpected {token!r}")
        if token[0].isdigit():
            return ("literal", number(token))
        if self.peek() == "(":
            self.take()
            inner = self.expression()
            self.take(")")
            return ("call", token, inner)
        if token in self.constants:
            return ("constant", token)
        return ("name", token)


class Function:
    """A straight-line function of one parameter: lines are (type, variable, tree)."""

    def __init__(self, name, parameter, lines, result):
        self.name, self.parameter, self.lines, self.result = name, parameter, lines, result


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r"//[^\n]*", " ", text)


def read_source(path, constants):
    """Functions of one .c file, in order; its #define constants are added to `constants`."""
    body = []
    for line in without_comments(path.read_text(encoding="utf-8")).split("\n"):
        if not line.lstrip().startswith("#"):
            body.append(line)
            continue
        include = re.fullmatch(r'#include ["<](\S+)[">]\s*', line)
        define = re.fullmatch(r"#define (\w+) (?:\((-?[\w.+-]+)\)|([\w.+-]+))\s*", line)
        if include and include[1] in ALLOWED_INCLUDES:
            continue
        if not define or define[1] in constants:
            raise Unknown(f"{path.name}: {line}")
        literal = define[2] or define[3]
        value = number(literal.lstrip("-")) * (-1 if literal.startswith("-") else 1)
        binary64(value)
        constants[define[1]] = value
    reader = Reader(tokens("\n".join(body)), constants)
    functions = []
    while reader.peek() is not None:
        if reader.found[reader.place:reader.place + len(POWER_OF_TWO)] == POWER_OF_TWO:
            reader.place += len(POWER_OF_TWO)
            continue
        functions.append(read_function(reader))
    return functions


def read_function(reader):
    reader.take("double")
    name = reader.take()
    reader.take("(")
    reader.take("double")
    parameter = reader.take()
    reader.take(")")
    reader.take("{")
    known, lines = {parameter: "double"}, []
    while reader.peek() in ("double", "int"):
        kind, variable = reader.take(), reader.take()
        if variable in known:
            raise Unknown(f"{name}: {variable} is declared twice")
        reader.take("=")
        tree = reader.expression()
        reader.take(";")
        if kind_of(tree, known) != kind:
            raise Unknown(f"{name}: implicit conversion in {variable}")
        lines.append((kind, variable, tree))
        known[variable] = kind
    reader.take("return")
    result = reader.expression()
    reader.take(";")
    reader.take("}")
    if kind_of(result, known) != "double":
        raise Unknown(f"{name}: result is not a double")
    return Function(name, parameter, lines, result)


def kind_of(tree, known):
    """Type of a tree; refuses integer arithmetic and every implicit conversion."""
    head = tree[0]
    if head == "literal":
        binary64(tree[1])
        return "double"
    if head == "constant":
        return "double"
    if head == "name":
        if tree[1] not in known:
            raise Unknown(f"unknown name {tree[1]}")
        return known[tree[1]]
    wanted = {"to_double": ("int",), "to_int": ("double",), "negate": ("double",),
              "less": ("double",) * 2, "choose": ("truth", "double", "double"),
              "call": ("int",) if tree[1] == "at_power_of_two" else ("double",)}
    parts = tree[2:] if head == "call" else tree[1:]
    if tuple(kind_of(part, known) for part in parts) != wanted.get(head, ("double",) * 2):
        raise Unknown(f"types in {tree}")
    if head == "choose" and any(rounded(part) for part in parts):
        raise Unknown("arithmetic inside a conditional expression")
    return {"to_int": "int", "less": "truth"}.get(head, "double")


def rounded(tree):
    if tree[0] in ("add", "sub", "mul", "div", "call", "to_int"):
        return True
    return any(rounded(part) for part in tree[1:] if isinstance(part, tuple))


# ---- values -------------------------------------------------------------------------------------

def python(tree):
    """The tree as a Python expression: Python floats are binary64, rounded to nearest."""
    head = tree[0]
    if head == "literal":
        return repr(float(tree[1]))
    if head in ("constant", "name"):
        return tree[1]
    if head == "call":
        return f"{tree[1]}({python(tree[2])})"
    parts = [python(part) for part in tree[1:]]
    if head == "choose":
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    if head in ("negate", "to_int", "to_double"):
        return f"{ {'negate': '-', 'to_int': 'int', 'to_double': 'float'}[head]}({parts[0]})"
    marks = {"add": "+", "sub": "-", "mul": "*", "div": "/", "less": "<"}
    return f"({parts[0]} {marks[head]} {parts[1]})"


def python_functions(functions, constants):
    """The parsed functions as Python functions, by name."""
    scope = {name: binary64(exact) for name, exact in constants.items()}
    scope["at_power_of_two"] = lambda k: math.ldexp(1.0, k)
    for function in functions.values():
        text = f"def {function.name}({function.parameter}):\n"
        text += "".join(f"  {variable} = {python(tree)}\n" for _, variable, tree in function.lines)
        exec(text + f"  return {python(function.result)}\n", scope)
    return {name: scope[name] for name in functions}


# ---- Coq ----------------------------------------------------------------------------------------

def coq_number(exact):
    """Integers as they are, other dyadic numbers as m * 2^-e (the form that Gappa reads)."""
    exponent = exact.denominator.bit_length() - 1
    if exponent == 0:
        while exact.numerator and exact.numerator % 2**60 == 0:
            exponent, exact = exponent + 60, exact / 2**60
        if exponent:
            return f"({exact.numerator} * bpow radix2 {exponent})"
        return f"({exact.numerator})" if exact < 0 else str(exact.numerator)
    return f"({exact.numerator} * bpow radix2 (-{exponent}))"


def coq(tree):
    head = tree[0]
    if head == "literal":
        return coq_number(tree[1])
    if head in ("constant", "name"):
        return tree[1]
    if head == "call":
        return f"({tree[1]} {coq(tree[2])})"
    parts = [coq(part) for part in tree[1:]]
    if head == "less":
        return f"(Rlt_bool {parts[0]} {parts[1]})"
    if head == "choose":
        return f"(if {parts[0]} then {parts[1]} else {parts[2]})"
    names = {"negate": "Ropp", "to_int": "Ztrunc", "to_double": "IZR"}
    return f"({' '.join([names.get(head, head)] + parts)})"


def safety(tree):
    """One condition for each operation of the tree: no overflow, no division by zero, no cast out
    of range, the precondition of each function called."""
    parts = [part for part in tree[1:] if isinstance(part, tuple)]
    found = [condition for part in parts for condition in safety(part)]
    head = tree[0]
    if head in ("add", "sub", "mul", "div"):
        if head == "div":
            found.append(f"{coq(tree[2])} <> 0")
        found.append(f"fits {coq(tree)}")
    elif head == "to_int":
        found.append(f"fits_int {coq(tree)}")
    elif head == "call":
        found.append(f"{tree[1]}_requires {coq(tree[2])}")
        found.append(f"{tree[1]}_safe {coq(tree[2])}")
    return found


def coq_function(function):
    """The function and its safety condition, one let for each line of C."""
    lets = [(variable, coq(tree)) for _, variable, tree in function.lines]
    text = f"Definition {function.name} ({function.parameter} : R) : R :=\n"
    text += "".join(f"  let {variable} := {body} in\n" for variable, body in lets)
    text += f"  {coq(function.result)}.\n\n"
    text += f"Definition {function.name}_safe ({function.parameter} : R) : Prop :=\n"
    for (variable, body), (_, _, tree) in zip(lets, function.lines):
        text += "".join(f"  {condition} /\\\n" for condition in safety(tree))
        text += f"  let {variable} := {body} in\n"
    return text + "  " + " /\\\n  ".join(safety(function.result) + ["True"]) + ".\n\n"


def names_in(tree):
    if tree[0] == "name":
        return {tree[1]}
    return set().union(*[names_in(part) for part in tree[1:] if isinstance(part, tuple)], set())


def coq_slice(function, variable, inputs):
    """`variable` as a function of other variables of the same function."""
    needed, kept = {variable}, []
    for kind, name, tree in reversed(function.lines):
        if name in needed and name not in inputs:
            needed |= names_in(tree)
            kept.append((name, coq(tree), kind))
    kinds = {name: kind for kind, name, _ in function.lines}
    kinds[function.parameter] = "double"
    defined = {name for name, _, _ in kept}
    if needed - defined - set(inputs) or variable not in defined:
        raise Unknown(f"{function.name}: {variable} does not follow from {inputs}")
    kept.reverse()
    arguments = " ".join(f"({name} : {'Z' if kinds[name] == 'int' else 'R'})" for name in inputs)
    result = "Z" if kinds[variable] == "int" else "R"
    text = f"Definition {function.name}_{variable} {arguments} : {result} :=\n"
    text += "".join(f"  let {name} := {body} in\n" for name, body, _ in kept)
    return text + f"  {variable}.\n\n"


# ---- contracts ----------------------------------------------------------------------------------

CONTRACT = re.compile(
    r"/\*@(.*?)\*/\s*(?:static inline )?double (\w+)\((?:double|int) (\w+)\)", re.S)
CLAUSE = re.compile(r"(admit ensures|ensures|requires|terminates|assigns)\b(.*)", re.S)


class Contract:
    def __init__(self, name, parameter, requires, admitted):
        self.name, self.parameter = name, parameter
        self.requires, self.admitted = requires, admitted


def read_contracts(path):
    contracts = []
    for text, name, parameter in CONTRACT.findall(path.read_text(encoding="utf-8")):
        requires, admitted = [], []
        for clause in text.split(";"):
            match = CLAUSE.fullmatch(clause.strip())
            if not match:
                if clause.strip():
                    raise Unknown(f"{path.name}: clause {clause.strip()!r}")
                continue
            kind, rest = match[1], match[2].strip()
            if kind in ("terminates", "assigns"):
                if rest not in ("\\true", "\\nothing"):
                    raise Unknown(f"{path.name}: {kind} {rest}")
                continue
            label, _, body = rest.partition(":")
            if kind == "ensures" or (kind == "admit ensures") != label.startswith("coq_"):
                raise Unknown(f"{path.name}: {kind} {label}")
            tree = Formula(tokens(body)).whole()
            (requires if kind == "requires" else admitted).append((label, tree))
        contracts.append(Contract(name, parameter, requires, admitted))
    return contracts


class Formula(Reader):
    """Formulas: ==>, ||, &&, chains of comparisons, over exact reals."""

    def __init__(self, found):
        super().__init__(found, ())

    def whole(self):
        tree = self.implication()
        if self.peek() is not None:
            raise Unknown(f"left over: {self.found[self.place:]}")
        return tree

    def implication(self):
        left = self.either()
        if self.peek() == "==>":
            self.take()
            return ("implies", left, self.implication())
        return left

    def either(self):
        left = self.both()
        while self.peek() == "||":
            self.take()
            left = ("or", left, self.both())
        return left

    def both(self):
        left = self.chain()
        while self.peek() == "&&":
            self.take()
            left = ("and", left, self.chain())
        return left

    def chain(self):
        if self.peek() == "\\is_finite":
            return self.atom()
        parts, marks = [self.sum()], []
        while self.peek() in ("<", "<=", "=="):
            marks.append(self.take())
            parts.append(self.sum())
        if not marks:
            raise Unknown("a formula without a comparison")
        tree = None
        for mark, left, right in zip(marks, parts, parts[1:]):
            link = ("compare", mark, left, right)
            tree = ("and", tree, link) if tree else link
        return tree

    def expression(self):
        return self.sum()


def coq_formula(tree, contract, whole_numbers):
    """A clause as a proposition.  \\is_finite(\\result) becomes: every operation is safe and the
    result is a finite binary64 number."""
    def term(node):
        head = node[0]
        if head == "literal":
            return coq_number(node[1])
        if head == "name":
            if node[1] == "\\result":
                return f"({contract.name} {contract.parameter})"
            if node[1] != contract.parameter:
                raise Unknown(f"{contract.name}: {node[1]}")
            return node[1]
        if head == "negate":
            return f"(- {term(node[1])})"
        if head == "call":
            names = {"\\abs": "Rabs", "\\exp": "exp", "\\log": "ln"}
            if node[1] not in names:
                raise Unknown(f"{contract.name}: {node[1]}")
            return f"({names[node[1]]} {term(node[2])})"
        marks = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
        return f"({term(node[1])} {marks[head]} {term(node[2])})"

    def formula(node):
        head = node[0]
        if head == "call":
            if node == ("call", "\\is_finite", ("name", "\\result")):
                return (f"({contract.name}_safe {contract.parameter} /\\"
                        f" finite ({contract.name} {contract.parameter}))")
            if node == ("call", "\\is_finite", ("name", contract.parameter)):
                return f"finite {contract.parameter}"
            raise Unknown(f"{contract.name}: {node}")
        if head == "compare":
            return f"{term(node[2])} {'=' if node[1] == '==' else node[1]} {term(node[3])}"
        mark = {"implies": "->", "or": "\\/", "and": "/\\"}[head]
        return f"({formula(node[1])} {mark} {formula(node[2])})"

    text = formula(tree)
    return f"({text})%Z" if whole_numbers else text


def coq_contract(contract):
    """Precondition of a function; one statement for each admitted clause."""
    whole = contract.name == "at_power_of_two"
    kind = "Z" if whole else "R"
    argument = f"({contract.parameter} : {kind})"
    requires = [coq_formula(tree, contract, whole) for _, tree in contract.requires]
    before = f"Definition {contract.name}_requires {argument} : Prop :=\n  "
    before += " /\\\n  ".join(requires) + ".\n\n"
    after = ""
    for label, tree in contract.admitted:
        after += f"Definition {contract.name}_{label}_statement : Prop :=\n"
        after += f"  forall {contract.parameter} : {kind}, "
        after += f"{contract.name}_requires {contract.parameter} ->\n"
        after += f"  {coq_formula(tree, contract, False)}.\n\n"
    return before, after
