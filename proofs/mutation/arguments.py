# SPDX-License-Identifier: Apache-2.0
"""Command line of proofs/mutate: options by name, no abbreviations; wrong usage ends with 2."""


class Options:
    sample, seed, time_limit, control = None, 1, float("inf"), 24
    all_tests = list = stored = False
    function = diff = report = None


def whole(text):
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None


def read(words, usage, report):
    """Options, or None after a message."""
    options, place = Options(), 0
    numbers = {"--sample": "sample", "--seed": "seed", "--time-limit": "time_limit",
               "--control": "control"}
    names = {"--function": "function", "--diff": "diff"}
    while place < len(words):
        word = words[place]
        value = words[place + 1] if place + 1 < len(words) else None
        place += 1
        if word in numbers and value is not None and whole(value) is not None:
            setattr(options, numbers[word], whole(value))
            place += 1
        elif word in names and value is not None:
            setattr(options, names[word], value)
            place += 1
        elif word in ("--all-tests", "--list", "--stored"):
            setattr(options, word[2:].replace("-", "_"), True)
        elif word == "--report":
            with_file = value is not None and not value.startswith("--")
            options.report = value if with_file else report
            place += with_file
        else:
            print(usage if word in ("--help", "-h") else f"{usage}\nnot understood: {word}")
            return None
    return options
