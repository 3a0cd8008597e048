#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/guarantees.md: how often the theorems apply to random data, and what follows.

Usage: tests/harness/audit/guarantees.py BUILD OUTPUT      (make guarantees; in the project's root)

Main result: the page, each table from commands that it shows. The exit status is 1, and nothing is
written, if a frequency differs from the one noted when the theorems were found (Fisher's exact
test, level 0.01 over all cells), a guarantee was contradicted, a certificate of the Figure-1
setting is not valid, or a demonstration does not show what it says.
Environment: GRAM_CASES, Gram matrices that are tried (default 100000).
"""
import json
import math
import os
import re
import subprocess
import sys
import tempfile

SEEDS = 20
LEVEL = 0.01
# n, D, flips a class, and the frequencies noted for C1, C2, parametric (None: not noted). They came
# from 20 draws or fewer of another generator; 20 is assumed.
ROWS = [
    (10, 1000, 0, 0.0, 0.05, 1.0), (10, 4000, 0, None, 0.70, None), (10, 10000, 0, 0.65, None, 1.0),
    (10, 40000, 0, 1.0, None, 1.0), (20, 2000, 1, 0.0, None, 1.0), (20, 10000, 1, 0.0, 1.0, 1.0),
    (20, 40000, 1, 0.60, None, 1.0), (20, 100000, 1, 1.0, None, 1.0),
    (40, 10000, 1, 0.0, None, 1.0), (40, 20000, 2, None, 0.85, None), (40, 40000, 2, 0.0, 1.0, 1.0),
    (40, 160000, 2, 0.17, None, 1.0), (60, 40000, 3, None, 0.90, None),
    (100, 40000, 2, 0.0, 0.40, 1.0), (100, 100000, 2, None, 1.0, None), (200, 40000, 5, 0.0, 0.0, 1.0),
]
# theorem, q, t: inside the corollaries' ranges, and for parametric between them
PLACES = [("C1", 1.375, 1.55), ("C2", 1.325, 1.65), ("parametric", 1.5, 1.55)]
CELLS = sum(x is not None for row in ROWS for x in row[3:])


def fail(text):
    sys.exit(f"guarantees: {text}; nothing written")


def attest(build, *arguments, program="attest", environment=None):
    done = subprocess.run([os.path.join(build, program), *arguments], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    if done.returncode not in (0, 3):
        fail(f"{program} {' '.join(arguments)}: {done.stdout.strip()[-400:]}")
    return done.stdout


def setting(n, dim, noisy, q, t):
    """Options of n samples with `noisy` flips a class: rho and beta from q and t."""
    rho = math.sqrt(q * dim / (n // 2 - 2 * noisy))
    return ["--n", str(n), "--dim", str(dim), "--noisy-per-class", str(noisy), "--balanced",
            "--rho", f"{rho:.8g}", "--beta", f"{4 * n * t / dim:.8g}"]


def quantity(text, name):
    return float(re.search(rf"^  {name} +(\S+)", text, re.M)[1])


def fisher(a, b, n):
    """Two-sided p of a hits in n against b in n."""
    def weight(k):
        return math.comb(n, k) * math.comb(n, a + b - k)
    total = math.comb(2 * n, a + b)
    most = weight(a)
    ways = range(max(0, a + b - n), min(n, a + b) + 1)
    return sum(weight(k) for k in ways if weight(k) <= most) / total


def frequencies(build):
    lines = ["| n, D, flips a class | median ε, κ, τ | C1 | C2 | parametric | two steps fit |",
             "| --- | --- | --- | --- | --- | --- |"]
    for n, dim, noisy, *noted in ROWS:
        print(f"  n = {n}, D = {dim} …", flush=True)
        cells, medians, fits = [], {}, 0
        for (theorem, q, t), before in zip(PLACES, noted):
            hits = 0
            for seed in range(1, SEEDS + 1):
                options = setting(n, dim, noisy, q, t) + ["--seed", str(seed)]
                text = attest(build, "certify", *options)
                hits += f"  theorem {theorem} applies:" in text
                for name in ("epsilon", "kappa", "tau"):
                    medians.setdefault(name, []).append(quantity(text, name))
                if theorem == "parametric":
                    last = attest(build, "two-step", "--quiet", *options)
                    fits += f"{n} of {n} labels" in last
            if before is not None and fisher(hits, round(before * SEEDS), SEEDS) < LEVEL / CELLS:
                fail(f"n = {n}, D = {dim}: {theorem} applies to {hits} of {SEEDS}, noted {before}")
            cells.append(f"{hits}/{SEEDS}" + ("" if before is None else f" ({before:g})"))
        middle = [sorted(medians[k])[len(medians[k]) // 2] for k in ("epsilon", "kappa", "tau")]
        lines.append(f"| {n}, {dim}, {noisy} | {', '.join(f'{x:.2g}' for x in middle)} | "
                     f"{' | '.join(cells)} | {fits}/{SEEDS} |")
    return lines


def figure(build):
    lines = ["| seed | ε | τ | κ | slack of (A) | of (B) | noisy attention ≤ | ω | exponent | "
             "theorem | attest-check |", "| --- " * 11 + "|"]
    applies = 0
    for seed in range(1, SEEDS + 1):
        with tempfile.TemporaryDirectory() as room:
            path = os.path.join(room, "certificate.json")
            text = attest(build, "certify", "--preset", "fig1", "--seed", str(seed), "--save", room,
                          "--json", path)
            answer = attest(build, path, room, program="attest-check").split(":")[1].strip()
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
        slack = dict(re.findall(r"^ +(\S+) +\w+ +parametric +\((.)\)", text, re.M))
        slack = {name: value for value, name in slack.items()}
        known = [t for t in document["theorems"] if t["theorem"] == "parametric"]
        applies += len(known)
        g = known[0]["guarantees"] if known else {}
        shown = [f"{g[k]:.3g}" if g else "–"
                 for k in ("noisy_attention_at_most", "omega", "value_exponent")]
        lines.append(f"| {seed} | " + " | ".join(f"{quantity(text, k):g}" for k in (
            "epsilon", "tau", "kappa")) + f" | {slack['A']} | {slack['B']} | {' | '.join(shown)} | "
            f"{'parametric' if known else 'none'} | {answer} |")
    return lines + ["", f"{applies} of {SEEDS} draws are certified."]


def matrices(build):
    cases = os.environ.get("GRAM_CASES", "100000")
    print(f"  {cases} Gram matrices …", flush=True)
    text = attest(build, "--suite", "certificate", program="tests/runner",
                  environment={**os.environ, "GRAM_CASES": cases})
    found = re.findall(r"^  (\S+) +applies to (\d+) of (\d+) Gram", text, re.M)
    if not found or "0 failed" not in text:
        fail("the Gram matrices: " + text[-400:])
    return [f"`GRAM_CASES={cases} build/tests/runner --suite certificate`: {cases} Gram matrices, "
            "random and adversarial (all entries equal, aligned with or against labels or classes, "
            "heavy noisy rows, cancelling sums); no guarantee was contradicted by the closed forms "
            "of the same data.", "", "| theorem | applied to |", "| --- | ---: |"] + [
                f"| {name} | {int(hits):,} |" for name, hits, _ in found]


DEMONSTRATIONS = [
    ("One step suffices below q = 1 − θ, for every step size",
     [(["certify", "--preset", "one-step", "--quiet", "--beta", beta], "one step fits all 200")
      for beta in ("1e-300", "1e-5", "1048576")] +
     [(["two-step", "--preset", "one-step", "--steps", "1", "--quiet", "--beta", beta],
       "200 of 200 labels") for beta in ("1e-12", "1e-5", "1048576")]),
    ("Attention of at least 1/2 on clean samples does not follow from fitting",
     [(["certify", "--quiet"] + setting(40, 40000, 2, 1.5, 1.5), "two steps fit all 40"),
      (["two-step"] + setting(40, 40000, 2, 1.5, 1.5),
       r"36/36 +4/4 +40/40 +\S+ +\S+ +0\.[0-4]")]),
    ("Gradient descent stays benign below SNR = 1/√n when D is far above n",
     [(["audit", "P3.6", "--preset", "one-step", "--seeds", "5"], "P3.6 +one-step +refuted"),
      (["two-step", "--preset", "one-step"], r"200/200 .*e-5\d")]),
]


def demonstrations(build):
    lines = []
    for title, commands in DEMONSTRATIONS:
        lines += ["", f"### {title}", "", "```"]
        for arguments, wanted in commands:
            text = attest(build, *arguments)
            if not re.search(wanted, text):
                fail(f"{title}: attest {' '.join(arguments)}: no {wanted} in {text[-600:]}")
            shown = [line for line in text.splitlines() if re.search(wanted, line)]
            lines += ["$ attest " + " ".join(arguments)] + (
                shown[-1:] if arguments[0] != "two-step" or "--quiet" in arguments
                else text.splitlines()[1:5])
        lines += ["```"]
    return lines


def main():
    build, output = sys.argv[1:]
    page = ["<!-- SPDX-License-Identifier: Apache-2.0 -->",
            "<!-- Generated by make guarantees.  Not for editing. -->", "# Guarantees", "",
            "How often the theorems of `harness/audit/hypotheses.h` apply to random data, and what "
            "they show. Theorems are decided by `attest certify`; an application is certain, a "
            "frequency is over draws.", "", "## How often they apply", "",
            f"Of seeds 1 to {SEEDS}, Gaussian noise, R = D; in brackets the frequency noted when "
            "the theorems were found, with another generator and 20 draws or fewer. The page is "
            "only written if none differs beyond chance (Fisher's exact test, level 0.01 over all "
            "cells). " + "; ".join(f"{name}: q = {q:g}, t = {t:g}" for name, q, t in PLACES) + ".",
            ""]
    page += frequencies(build)
    page += ["", "## Figure 1", "", "`attest certify --preset fig1 --seed S --save DIR --json C` and "
             "`attest-check C DIR`. The exponent is that of the test error's bound exp(−E); every "
             "number but ε, τ, κ is a bound.", ""] + figure(build)
    page += ["", "## Never contradicted", ""] + matrices(build)
    page += ["", "## Shown by commands"] + demonstrations(build)
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(page) + "\n")
    print(f"guarantees: {output} written")


main()
