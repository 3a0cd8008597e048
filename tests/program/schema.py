#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Validates the program's JSON against the schemas in specs/: run, sweep and chance.

    schema.py PROGRAM            runs it on small settings and checks what it writes
    schema.py --check FILE...    checks files that exist

Main result: real documents of every kind of data pass; every document damaged in one place (each
key removed, each key renamed, each leaf given a wrong type) fails. So the schema says all that the
program writes and no more. Last line: the count of checks. Needs python3-jsonschema and, for given
data, python3-numpy.
"""
import copy
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "..", "specs", "run.schema.json")
SWEEP_SCHEMA = os.path.join(HERE, "..", "..", "specs", "sweep.schema.json")
CHANCE_SCHEMA = os.path.join(HERE, "..", "..", "specs", "chance.schema.json")
SMALL = ["--n", "12", "--dim", "60", "--rho", "4", "--beta", "0.2", "--quiet"]
passed = 0
failed = 0


def check(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}")


def refuse_constant(name):
    raise ValueError(f"{name} is not a JSON number")


def load(text):
    """Strict JSON: NaN and Infinity, which Python would accept, are refused."""
    return json.loads(text, parse_constant=refuse_constant)


def validator():
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    kind = {"attest-run": "run_document", "attest-audit": "audit_document"}

    def validate(document):
        """Errors of the document as its own kind, so that they name the place."""
        name = kind.get(str(document.get("format"))) if isinstance(document, dict) else None
        if name is None:
            return ["format: neither attest-run nor attest-audit"]
        own = {"$ref": f"#/definitions/{name}", "definitions": schema["definitions"]}
        errors = jsonschema.Draft7Validator(own).iter_errors(document)
        return [f"{error.json_path}: {error.message[:160]}" for error in errors]

    return validate, jsonschema.Draft7Validator(schema)


def places(value, path=()):
    """Every (path, value) of a document."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, path + (index,))


def parent_of(document, path):
    for step in path[:-1]:
        document = document[step]
    return document


def ends(value):
    """The document with only the first and the last item of every array."""
    if isinstance(value, dict):
        return {key: ends(item) for key, item in value.items()}
    if isinstance(value, list):
        return [ends(item) for item in (value if len(value) < 2 else [value[0], value[-1]])]
    return value


def damaged(document):
    """(what, copy with one damage) for every place of a document."""
    document = ends(document)
    for path, value in list(places(document)):
        if not path:
            continue
        where = "/".join(map(str, path))
        wrong = copy.deepcopy(document)
        parent_of(wrong, path)[path[-1]] = {"no": "such thing"} if not isinstance(value, dict) else "x"
        yield f"{where} of another type", wrong
        if isinstance(path[-1], str):
            wrong = copy.deepcopy(document)
            del parent_of(wrong, path)[path[-1]]
            yield f"{where} missing", wrong
            wrong = copy.deepcopy(document)
            parent_of(wrong, path)[path[-1] + "_"] = copy.deepcopy(value)
            yield f"{where} with an unknown neighbour", wrong


def check_document(text, what, validate, whole):
    document = load(text)
    errors = validate(document)
    check(not errors, f"{what}: {errors[:3]}")
    check(whole.is_valid(document), f"{what}: not one of the two kinds")
    return document


def check_damage(document, what, validate):
    for damage, wrong in damaged(document):
        check(validate(wrong), f"{what}: {damage} passes")


def given_files(directory):
    import numpy

    random = numpy.random.default_rng(1)
    tokens = random.standard_normal((6, 3, 5))
    labels = numpy.array([1.0, -1.0] * 3)
    names = {}
    for name, array in (("X", tokens), ("y", labels), ("Z", tokens[::-1]), ("z", labels)):
        names[name] = os.path.join(directory, name + ".npy")
        numpy.save(names[name], numpy.ascontiguousarray(array))
    return ["--tokens", names["X"], "--labels", names["y"], "--test-tokens", names["Z"],
            "--test-labels", names["z"], "--beta", "0.1", "--quiet"]


def run(program, words, accepted=(0,)):
    done = subprocess.run([program] + words, capture_output=True, check=False, timeout=600)
    what = "attest " + " ".join(words)
    check(done.returncode in accepted, f"{what}: exit {done.returncode}: {done.stderr.decode()[:300]}")
    return what


def run_and_read(program, command, words, directory, validate, whole, accepted=(0,)):
    path = os.path.join(directory, "out.json")
    what = run(program, [command] + words + ["--json", path], accepted)
    with open(path, encoding="utf-8") as file:
        document = check_document(file.read(), what, validate, whole)
    os.remove(path)
    return document


def check_program(program):
    validate, whole = validator()
    with tempfile.TemporaryDirectory() as directory:
        cases = {
            "synthetic": ("two-step", SMALL),
            "no noise": ("two-step", SMALL + ["--eta", "0", "--steps", "3"]),
            "three tokens, full": ("two-step", SMALL + ["--tokens-per-sample", "3",
                                                        "--coordinates", "full"]),
            "given": ("two-step", given_files(directory)),
            "compare": ("compare", SMALL),
        }
        for name, (command, words) in cases.items():
            document = run_and_read(program, command, words, directory, validate, whole)
            if name in ("synthetic", "given", "compare"):
                check_damage(document, name, validate)
        audit = run_and_read(program, "audit", ["--preset", "fig1", "--seeds", "1", "--quiet"],
                             directory, validate, whole, (0, 3))
        check(audit["format"] == "attest-audit", "an audit has its own format")
        check_damage(audit, "audit", validate)


def schema_of(path):
    """The checks of a document that has a schema of its own: errors, and the validator."""
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    whole = jsonschema.Draft7Validator(schema)

    def validate(document):
        return [f"{e.json_path}: {e.message[:160]}" for e in whole.iter_errors(document)]

    return validate, whole


def check_sweep(program):
    """A sweep has a schema of its own; one of its cells has no draw, one no noisy sample."""
    validate, whole = schema_of(SWEEP_SCHEMA)
    axes = ["--x", "n=2,12", "--y", "eta=0,0.4", "--dim", "60", "--beta", "0.2", "--seed", "6",
            "--seeds", "1", "--quiet"]
    for name, more in (("sweep", []), ("sweep with theorems", ["--theorems", "--balanced"])):
        with tempfile.TemporaryDirectory() as directory:
            run(program, ["sweep", "--directory", directory] + axes + more)
            with open(os.path.join(directory, "sweep.json"), encoding="utf-8") as file:
                document = check_document(file.read(), name, validate, whole)
        check_damage(document, name, validate)
        if not more:
            check(document["cells"][0]["draws"] == 0, "seed 6 gives two samples of one class")


def check_chance(program):
    """The same for the probabilities of `certify --chance`, of fixed and of random counts."""
    validate, whole = schema_of(CHANCE_SCHEMA)
    with tempfile.TemporaryDirectory() as directory:
        for words in ([], ["--noisy-per-class", "1", "--balanced"]):
            document = run_and_read(program, "certify", ["--chance", "--seeds", "3"] + SMALL + words,
                                    directory, validate, whole)
            check_damage(document, "chance", validate)


def main(words):
    if len(words) >= 2 and words[0] == "--check":
        validate, whole = validator()
        for path in words[1:]:
            with open(path, encoding="utf-8") as file:
                check_damage(check_document(file.read(), path, validate, whole), path, validate)
    elif len(words) == 1 and not words[0].startswith("-"):
        check_program(words[0])
        check_sweep(words[0])
        check_chance(words[0])
    else:
        print("usage: schema.py PROGRAM | schema.py --check FILE...", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
