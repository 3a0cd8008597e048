# SPDX-License-Identifier: Apache-2.0
"""Makes the control group of the mutation score: edits that change no result.

Main result: edits(source) lists behaviour-preserving edits of the functions' bodies; a proof that
fails on one of them fails for its own weakness, not for an error found (a false kill).
Each edit is one that a programmer might make, annotations kept true: a renamed local is renamed in
the function's annotations too.
Test: tests/proofs/test_mutate.py; every edit is also held against the hash of all results.
"""
import re

import c_source
import mutants

KINDS = {
    "rename": "a local renamed, in annotations too",
    "parentheses": "redundant parentheses",
    "commute": "operands of + or * exchanged",
    "turn": "a < b written b > a",
    "count": "k++ written k += 1",
    "while": "a for loop written as a while loop",
    "reorder": "independent neighbouring declarations exchanged",
    "braces": "braces around a single statement",
    "name": "a result named before it is returned",
    "flip": "the two sides of a conditional expression exchanged",
    "qualify": "const added to a local that is not changed",
}
PLAIN_OPERAND = ("name", "number", "index", "group", "call")


class Maker(mutants.Maker):
    def make(self):
        self.rename()
        for node in self.function.body.walk():
            handler = getattr(self, "keep_" + node.kind, None)
            if handler:
                handler(node)
        return self.found

    def rename(self):
        """Each local in turn; only those whose name no other thing in the function has."""
        text = self.source.text
        names = [v.name for v in self.function.variables if v.start > 0]
        for name in sorted(n for n in set(names) if names.count(n) == 1):
            spans = []
            for token in self.source.tokens:
                if not self.function.body.start <= token.start < self.function.body.end:
                    continue
                if token.kind == "name" and token.text == name:
                    spans.append((token.start, token.end, name + "_new"))
                elif token.kind == "comment" and token.text[2:3] == "@":
                    for m in re.finditer(rf"(?<!\w){name}(?!\w)(?!\s*:)", token.text):
                        spans.append((token.start + m.start(), token.start + m.end(),
                                      name + "_new"))
            if spans and f"{name}_new" not in text:
                self.add("rename", f"{name} to {name}_new", *spans)

    def keep_return(self, node):
        value = node.parts[0]
        if value is None:
            return
        text = self.text(value)
        self.replace("parentheses", value, f"({text})")
        if self.type(value) == "double" and value.kind != "name":
            self.replace("name", node, f"double returned = {text}; return returned;")

    def keep_binary(self, node):
        left, right = node.parts
        a, b = self.text(left), self.text(right)
        if node.word in ("<", ">"):
            self.replace("turn", node, f"{b} {'>' if node.word == '<' else '<'} {a}")
        if node.word in "+*" and left.kind in PLAIN_OPERAND and right.kind in PLAIN_OPERAND and \
                self.type(left) == self.type(right) is not None:
            self.replace("commute", node, f"{b} {node.word} {a}")

    def keep_choose(self, node):
        condition, yes, no = (self.text(part) for part in node.parts)
        self.replace("flip", node, f"!({condition}) ? {no} : {yes}")

    def keep_if(self, node):
        if node.parts[1].kind == "expression":
            self.replace("braces", node.parts[1], "{ " + self.text(node.parts[1]) + " }")

    def keep_for(self, node):
        before, condition, step, body = node.parts
        if step.kind == "postfix" and step.word == "++":
            self.replace("count", step, f"{self.text(step.parts[0])} += 1")
        if body.kind == "expression":
            self.replace("braces", body, "{ " + self.text(body) + " }")
        if before.kind != "declare":
            return
        place = node.start
        for token in self.source.tokens:
            if token.end <= node.start and token.kind == "comment" and token.text[2:3] == "@" and \
                    not self.source.text[token.end:node.start].strip():
                place = token.start
        inner = self.text(body)[1:-1] if body.kind == "block" else " " + self.text(body) + " "
        self.add("while", "a while loop",
                 (place, place, "{ " + self.text(before) + " "),
                 (node.start, node.end, f"while ({self.text(condition)}) {{{inner}"
                                        f"{self.text(step)};}} }}"))

    def keep_block(self, node):
        for a, b in zip(node.parts, node.parts[1:]):
            between = self.source.text[a.end:b.start]
            if a.kind == b.kind == "declare" and not between.strip() and \
                    not set(a.word) & self.names(b) and not set(b.word) & self.names(a):
                self.add("reorder", f"{self.text(a)} and {self.text(b)} exchanged",
                         (a.start, a.end, self.text(b)), (b.start, b.end, self.text(a)))

    def keep_declare(self, node):
        text = self.text(node)
        changed = {self.base(n.parts[0]) for n in self.function.body.walk()
                   if n.kind in ("assign", "postfix", "unary") and n.word not in ("-", "!")}
        if re.match(r"(double|size_t|int) \w+ = ", text) and not set(node.word) & changed:
            self.replace("qualify", node, "const " + text)


def edits(source):
    found, seen = [], set()
    for function in source.functions:
        for edit in Maker(source, function).make():
            key = (edit.text, function.name)
            if key not in seen:
                seen.add(key)
                found.append(edit)
    return found
