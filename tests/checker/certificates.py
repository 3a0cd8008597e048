#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds attest-check against true, damaged and forged certificates.

    certificates.py BUILD

Main result: real certificates of data of every kind are valid and follow the schema; any edit
breaks the seal; a forger who seals again is refused wherever a number is moved to the false side,
a field is missing, added or misshapen, or the data lack a condition, and the refusal names it;
degenerate data get a verdict or a refusal. Last line: the count of checks.
"""
import copy
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

import jsonschema
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "..", "specs", "certificate.schema.json")
BUILD = sys.argv[1]
passed = 0
failed = 0


def expect(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}")


def run(program, *arguments):
    done = subprocess.run([os.path.join(BUILD, program), *arguments], capture_output=True,
                          text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def canonical(value):
    """The text that the seal is the digest of: sorted keys, no blanks, %.17g."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{k}":{canonical(value[k])}' for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(v) for v in value) + "]"
    if isinstance(value, float):
        text = re.sub(r"e([+-])0*(\d)", lambda m: "e" + m[1].strip("+") + m[2], f"{value:.17g}")
        return text if "." in text or "e" in text else text + ".0"
    return json.dumps(value)


def sealed(document):
    rest = {k: v for k, v in document.items() if k != "seal"}
    return {**rest, "seal": hashlib.sha256(canonical(rest).encode()).hexdigest()}


class Case:
    """One data set in a directory, and its certificate."""

    def __init__(self, root, name):
        self.directory = os.path.join(root, name)
        self.certificate = os.path.join(root, name + ".json")

    def certify(self, *arguments, status=0):
        got, said = run("attest", "certify", "--quiet", "--save", self.directory, "--json",
                        self.certificate, *arguments)
        expect(got == status, f"certify {arguments}: status {got}: {said}")
        return said

    def give(self, tokens, labels, clean, beta, status=0):
        """Data of one's own, then the certificate."""
        os.makedirs(self.directory, exist_ok=True)
        for name, array in (("tokens", tokens), ("labels", labels), ("clean_labels", clean)):
            numpy.save(os.path.join(self.directory, name), numpy.asarray(array, dtype="<f8"))
        path = {n: os.path.join(self.directory, n + ".npy")
                for n in ("tokens", "labels", "clean_labels")}
        got, said = run("attest", "certify", "--quiet", "--tokens", path["tokens"], "--labels",
                        path["labels"], "--clean-labels", path["clean_labels"], "--beta",
                        repr(beta), "--json", self.certificate)
        expect(got == status, f"{self.directory}: status {got}, not {status}: {said}")
        return said

    def load(self):
        with open(self.certificate, encoding="utf-8") as file:
            return json.load(file)

    def check(self, status, pattern, what, directory=None):
        got, said = run("attest-check", self.certificate, directory or self.directory)
        expect(got == status and re.search(pattern, said), f"{what}: status {got}: {said}")

    def check_text(self, text, status, pattern, what, directory=None):
        other = Case("", "")
        other.certificate, other.directory = self.certificate + ".other", self.directory
        with open(other.certificate, "w", encoding="utf-8") as file:
            file.write(text)
        other.check(status, pattern, what, directory)

    def check_forged(self, document, status, pattern, what, directory=None):
        self.check_text(json.dumps(sealed(document)), status, pattern, what, directory)


def leaves(value, path=()):
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[key], path + (key,))
    else:
        yield path, value


def at(document, path):
    for key in path:
        document = document[key]
    return document


def changed(document, path, value):
    document = copy.deepcopy(document)
    at(document, path[:-1])[path[-1]] = value
    return document


# ---- every field ----

FALSE_SIDE = {"lo": 1, "hi": -1, "noisy_attention_at_most": -1, "omega": 1, "value_exponent": 1,
              "score_exponent": 1}


def moved(path, value, share):
    """A number moved to the false side (share > 0) or to the true one (share < 0)."""
    side = 1 if "conditions" in path else FALSE_SIDE.get(path[-1])
    return None if side is None else value + side * share * max(abs(value), 1e-3)


def false_value(path, value):
    if isinstance(value, bool):
        return True
    if isinstance(value, float) and moved(path, value, 1e-12) is not None:
        return moved(path, value, 1e-12)
    if isinstance(value, (int, float)):
        return value + 1 if isinstance(value, int) else value * (1 + 1e-9)
    return "other" if value is None or path[-1] != "sha256" else "0" * 64


def tamper(case):
    document = case.load()
    for path, value in leaves(document):
        if path == ("seal",):
            continue
        name = ".".join(map(str, path))
        if value is True:  # the stronger claim already
            case.check_text(json.dumps(changed(document, path, False)), 1, "edited", name)
            case.check_forged(changed(document, path, False), 0, "valid", f"weaker {name}")
            continue
        wrong = changed(document, path, false_value(path, value))
        pattern = "version" if path == ("version",) else "certificate" if path == ("format",) else ""
        status = 2 if pattern else 1
        case.check_text(json.dumps(wrong), status, pattern or "edited: the seal", f"edited {name}")
        case.check_forged(wrong, status, pattern or "not valid", f"forged {name}")
        case.check_forged(changed(document, path, []), 2 if pattern else 1, ": ", f"type of {name}")
        if isinstance(value, float) and moved(path, value, -1e-6) is not None:
            weaker = moved(path, value, -1e-6)
            if path[-1] == "omega":
                continue  # its exponent would be too large
            case.check_forged(changed(document, path, weaker), 0, "valid", f"weaker {name}")
    tamper_keys(case, document)


def tamper_keys(case, document):
    objects = [(), ("data",), ("statistics",), ("statistics", "t")]
    for k in range(len(document["theorems"])):
        objects += [("theorems", k) + rest for rest in ((), ("conditions",), ("guarantees",))]
    for path in objects:
        for key in list(at(document, path)):
            if key == "seal":
                continue
            wrong = copy.deepcopy(document)
            del at(wrong, path)[key]
            case.check_forged(wrong, 2 if key in ("format", "version") else 1, ": ",
                              f"no {path} {key}")
        wrong = copy.deepcopy(document)
        at(wrong, path)["more"] = 0
        case.check_forged(wrong, 1, "not valid", f"more in {path}")


def damage(case, other):
    text = json.dumps(case.load())
    for size in list(range(0, len(text) - 1, 61)):
        case.check_text(text[:size], 2, "unreadable", f"cut at {size}")
    for wrong in ("[]", "null", "{}", '{"format": 1}', text + text, text.replace("{", '{"a": 1,'),
                  "[" * 100000):
        case.check_text(wrong, 2, "unreadable", f"text {wrong[:20]}")
    without = {k: v for k, v in case.load().items() if k != "seal"}
    case.check_text(json.dumps(without), 1, "edited", "no seal")
    case.check(1, "is no float64 array|other data", "data of another draw", other.directory)
    case.check(2, "cannot be opened", "no data", "/nonexistent")


def damage_data(case):
    """Data changed, and the certificate made to name the changed data."""
    tokens_path = os.path.join(case.directory, "tokens.npy")
    with open(tokens_path, "rb") as file:
        whole = file.read()
    tokens = numpy.load(tokens_path)
    case_of = lambda array: sealed_for(case, array)
    for what, change, pattern in (
            ("an entry", lambda x: x.__setitem__((3, 1, 5), x[3, 1, 5] + 40.0), "not valid"),
            ("noise not orthogonal", lambda x: x.__setitem__((2, 1, 1), 1e-300), "not orthogonal"),
            ("signals differ", lambda x: x.__setitem__((0, 0, 7), 1e-300), "signal tokens"),
            ("signal norms", lambda x: x.__imul__(numpy.where(
                (x != 0) & (numpy.arange(x.shape[2]) == 0), 2.0, 1.0)), "differ in norm")):
        array = tokens.copy()
        change(array)
        numpy.save(tokens_path, array)
        case.check(1, "other data", f"{what}, old digest")
        case.check_text(json.dumps(case_of(array)), 1, pattern, f"{what}, new digest")
    for bytes_now, status, pattern in ((whole[:-1], 2, "cut off"), (whole + b"0", 2, "too long"),
                                       (whole[:50], 1, "no float64"), (b"", 1, "no float64"),
                                       (whole.replace(b"<f8", b">f8"), 1, "no float64"),
                                       (whole[:-8] + b"\x00" * 6 + b"\xf0\x7f", 2, "finite")):
        with open(tokens_path, "wb") as file:
            file.write(bytes_now)
        case.check(status, pattern, f"tokens.npy {pattern}")
    with open(tokens_path, "wb") as file:
        file.write(whole)


def sealed_for(case, tokens):
    digest = hashlib.sha256(tokens.astype("<f8").tobytes())
    for name in ("labels", "clean_labels"):
        digest.update(numpy.load(os.path.join(case.directory, name + ".npy")).tobytes())
    document = case.load()
    document["data"]["sha256"] = digest.hexdigest()
    return sealed(document)


# ---- data that lack one condition, and a certificate that claims it ----

def model(clean, noisy, rho, noise=8.0):
    """Orthogonal noise of equal norm; clean, noisy: counts per class."""
    n = sum(clean) + sum(noisy)
    tokens, labels, names = numpy.zeros((n, 2, n + 2)), numpy.ones(n), numpy.ones(n)
    i = 0
    for k in range(2):
        for s in range(clean[k] + noisy[k]):
            names[i] = 1 - 2 * k
            labels[i] = names[i] if s < clean[k] else -names[i]
            tokens[i, 0, k], tokens[i, 1, 2 + i] = rho, noise
            i += 1
    return tokens, labels, names


def forge(case, theorem, template):
    """The certificate of `case` with a theorem of another one, all slacks tiny."""
    document = case.load()
    claimed = copy.deepcopy(next(t for t in template["theorems"] if t["theorem"] == theorem))
    claimed["conditions"] = {k: None for k in claimed["conditions"]}
    claimed["guarantees"].update(omega=0.0, value_exponent=None, score_exponent=None,
                                 clean_attention_at_least_half=False)
    if theorem == "parametric":
        claimed["guarantees"].update(noisy_attention_at_most=None, pi=0.0)
    document["theorems"] = [claimed]
    return document


def forgeries(root, templates):
    def scale_norms(tokens, factor):
        tokens = tokens.copy()
        tokens[::2, 1] *= factor
        return tokens

    def aligned(tokens, labels, size):
        tokens = tokens.copy()
        tokens[:, 1, -1] += size * labels * (numpy.arange(len(labels)) < len(labels) - 1)
        return tokens

    strong, weak = model((7, 7), (1, 1), 8.0), model((7, 7), (1, 1), 2.5)
    # n = 16, q = 6 rho^2/R, t = beta R/64. strong: R = 64. Norms in the ratio 4.6 : 1 make
    # R = 709 and epsilon = 0.91, 9 : 1 make 2624 and 0.98; the common part makes tau.
    split = (scale_norms(model((7, 7), (1, 1), 24.0)[0], 4.6), *strong[1:])
    wide = (scale_norms(model((7, 7), (1, 1), 40.0)[0], 9.0), *strong[1:])
    tilted = (aligned(wide[0], wide[1], 5.0), *wide[1:])
    one, two = templates["one-step"], templates["parametric"]
    for name, data, beta, theorem, template, pattern in (
            ("strong", strong, 1.0, "one-step", one, "'q < 1 - theta'"),
            ("minority", model((3, 7), (4, 1), 2.0), 1.0, "one-step", one, "'q > 0'"),
            ("weak", weak, 1.0, "parametric", two, r"'q > 1 \+ theta'"),
            ("tilted", tilted, 0.01, "parametric", two, "'theta < 1'"),
            ("split", (aligned(split[0], split[1], 0.5), *split[1:]), 0.1, "parametric", two,
             r"'\(A\)"),
            ("short", strong, 0.01, "parametric", two, r"'\(B\)")):
        case = Case(root, "forged-" + name)
        case.give(*data, beta)
        expect(theorem not in [t["theorem"] for t in case.load()["theorems"]], f"{name} applies")
        case.check_forged(forge(case, theorem, template), 1, pattern, f"forged {name}")
    # the same forger is believed where the theorem applies
    case = Case(root, "forged-true")
    case.give(*strong, 2.0)
    case.check_forged(forge(case, "parametric", two), 0, "valid", "forged but true")


# ---- data of every kind ----

def degenerate(root):
    def case(name, data, beta, status, pattern):
        said = Case(root, name).give(*data, beta, status=status)
        expect(re.search(pattern, said), f"{name}: {said}")
        if status == 0:
            Case(root, name).check(0, "valid", name)

    good = model((4, 4), (0, 0), 8.0)
    turned = good[0].copy()
    turned[:, 0, :2] = good[0][:, 0, :2] @ numpy.array([[3.0, 4.0], [-4.0, 3.0]])
    case("turned", (turned, *good[1:]), 1.0, 0, "parametric")
    skew = good[0].copy()
    skew[:4, 0, 1] = 1e-9
    case("skew", (skew, *good[1:]), 1.0, 2, "not orthogonal")
    case("two samples", model((1, 1), (0, 0), 8.0), 1.0, 0, "certify")
    case("majority noisy", model((1, 4), (3, 0), 8.0), 1.0, 0, "no theorem applies")
    case("zero noise", (good[0] * numpy.array([[1.0], [0.0]]), *good[1:]), 1.0, 2, "2\\^-500")
    case("zero signal", (good[0] * numpy.array([[0.0], [1.0]]), *good[1:]), 1.0, 2, "zero")
    case("one class", (good[0], numpy.ones(8), numpy.ones(8)), 1.0, 2, "class|label")
    case("huge", (good[0] * 2.0**17, *good[1:]), 2.0**-34, 0, "parametric")
    case("tiny", (good[0] * 2.0**-480, *good[1:]), 1.0, 0, "certify")
    case("tiny noise", (good[0] * numpy.array([[1.0], [1e-140]]), *good[1:]), 1.0, 0, "certify")
    case("tiny signal", (good[0] * numpy.array([[1e-300], [1.0]]), *good[1:]), 1.0, 0, "one-step")
    case("huge step", good, 2.0**20, 0, "certify")
    case("tiny step", good, 2.3e-308, 0, "certify")
    case("collinear", (numpy.where(numpy.arange(10) >= 2, good[0].sum(2, keepdims=True), good[0])
                       * numpy.array([[0.0], [1.0]]) + good[0] * numpy.array([[1.0], [0.0]]),
                       *good[1:]), 1.0, 0, "certify")
    said = run("attest", "certify", "--n", "1", "--dim", "50")
    expect(said[0] == 2 and "class" in said[1], f"n = 1: {said}")
    case("one token", (good[0][:, :1], *good[1:]), 1.0, 2, "token")


def schema_holds(case):
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    errors = jsonschema.Draft7Validator(schema).iter_errors
    document = case.load()
    expect(not list(errors(document)), f"schema: {[e.message for e in errors(document)]}")
    for path, value in leaves(document):
        expect(list(errors(changed(document, path, []))), f"schema takes a list at {path}")
    for key in document:
        rest = {k: v for k, v in document.items() if k != key}
        expect(list(errors(rest)), f"schema misses no {key}")


def main():
    with tempfile.TemporaryDirectory() as root:
        small = ["--n", "24", "--dim", "4000", "--rho", "27", "--noisy-per-class", "1"]
        cases = {
            "parametric": small + ["--beta", "0.03", "--balanced"],
            "attention": small + ["--beta", "0.024", "--balanced", "--noisy-per-class", "0"],
            "one-step": small + ["--rho", "12", "--beta", "0.1"],
            "other": small + ["--beta", "0.03", "--balanced", "--seed", "2"],
            "nothing": small + ["--beta", "1e-9"],
            "full": ["--n", "12", "--dim", "900", "--rho", "20", "--beta", "0.06", "--eta", "0",
                     "--coordinates", "full"],
        }
        made = {}
        for name, arguments in cases.items():
            made[name] = Case(root, name)
            made[name].certify(*arguments)
            made[name].check(0, "valid", name)
            schema_holds(made[name])
        for name in ("parametric", "one-step", "attention"):
            expect(made[name].load()["theorems"], f"{name}: no theorem applies")
            tamper(made[name])
        damage(made["parametric"], made["other"])
        damage_data(made["parametric"])
        forgeries(root, {"one-step": made["one-step"].load(),
                         "parametric": made["parametric"].load()})
        degenerate(root)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
