#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""growth.py --build BUILD [--write FILE.md]: how cost grows with samples, tokens, dimension, bits.

Main result: one table a question, with the time of each size, the exponent that fits the larger
half of the sizes, and the one that counting operations gives; --write FILE.md also draws FILE.svg.
Each time is the median of rounds of CPU time of one thread; nothing is asserted about speed.
--seconds S: for each size (0.5).  Called by make growth.
"""
import argparse
import ctypes
import dataclasses
import math
import pathlib
import sys
import time

import numpy

import native
import peers
import report
import timing

UNIT_LEFT, UNIT_TOP, WIDTH, HEIGHT = 62, 40, 300, 230  # of a panel of the picture
COLOURS = ("#0b6", "#06c", "#c60", "#909")


@dataclasses.dataclass
class Study:
    """cost: of one size, as a contestant of timing.py; expected: the exponent, and why."""

    what: str
    axis: str
    sizes: list
    cost: object
    expected: float
    why: str
    seconds: list = dataclasses.field(default_factory=list)

    def run(self, budget):
        for size in self.sizes:
            made = self.cost(size)
            run, close = made if isinstance(made, tuple) else (made, lambda: None)
            taken = timing.in_turns({"": run}, time.thread_time, budget)[""]
            self.seconds.append(timing.spread(taken).median)
            close()

    def exponent(self):
        """The slope of log time over log size, by least squares, of the larger half."""
        first = len(self.sizes) // 2
        x, y = numpy.log(self.sizes[first:]), numpy.log(self.seconds[first:])
        return float(numpy.polyfit(x, y, 1)[0])


def powers(base, first, last):
    return [base**k for k in range(first, last + 1)]


def studies(build):
    loops = native.Loops(build / "bench" / "loops.so")
    kernel = ctypes.CDLL(str(build / "libattest-kernel.so"))

    def step(samples, tokens, dim):
        function = native.address(kernel, "at_single_head_step")
        return loops.step(function, peers.problem(samples, tokens, dim))[0]

    def law(samples, dim):
        settings = dict(samples=samples, dim=dim, test=1, rho=0.1 * dim**0.5, eta=0.05)
        # beta D / (4 n) = 1 whatever the size, so that the run stays in one regime
        experiment = native.Experiment(**settings, beta=4.0 * samples / dim, seed=1)

        def run(repeats):
            for _ in range(repeats):
                loops.experiment(experiment)

        return run

    def precise(form, shape, bits):
        run, _, close = loops.precise_step(form, peers.problem(*shape), bits)
        return run, close

    bits = powers(2, 6, 12)
    return [
        Study("step, T=2, d=500", "n", [125, 250, 500, 1000, 2000, 4000],
              lambda n: step(n, 2, 500), 1, "4 n T d products"),
        Study("experiment in law, D=10^6", "n", [125, 250, 500, 1000, 2000, 4000],
              lambda n: law(n, 10**6), 2, "n^2/2 normals, 12 n (n+2) products"),
        Study("step in Gram form, T=2, d=200, 128 bits", "n", [5, 10, 20, 40, 80],
              lambda n: precise("gram", (n, 2, 200), 128), 2, "8 n^2 products"),
        Study("step, n=50, d=1000", "T", powers(2, 0, 6), lambda t: step(50, t, 1000), 1,
              "4 n T d products"),
        Study("step, n=50, T=2", "d", powers(2, 9, 16), lambda d: step(50, 2, d), 1,
              "4 n T d products"),
        Study("experiment in law, n=100", "D", powers(10, 3, 9), lambda d: law(100, d), 0,
              "compressed: the dimension is a parameter"),
        Study("step in Gram form (20, 2, 2000)", "bits", bits,
              lambda b: precise("gram", (20, 2, 2000), b), 1,
              "exact inner products of some 120 bits times all bits"),
        Study("direct enclosure (20, 2, 2000)", "bits", bits,
              lambda b: precise("direct", (20, 2, 2000), b), 1, "data of 53 bits times all bits"),
        Study("plain MPFR loop (20, 2, 2000)", "bits", bits,
              lambda b: precise("plain", (20, 2, 2000), b), 1, "data of 53 bits times all bits"),
    ]


def seconds_text(value):
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{report.number(value / scale)} {unit}"
    return f"{report.number(value / 1e-9)} ns"


def table(study):
    head = [study.axis, *(f"{size:g}" if size < 1e5 else f"10^{math.log10(size):.0f}"
                          for size in study.sizes)]
    times = ["time", *(seconds_text(value) for value in study.seconds)]
    rows = [head, ["---"] * len(head), times]
    text = [f"**{study.what}**: exponent {study.exponent():.2f}, expected {study.expected:g}"
            f" ({study.why})", ""]
    return text + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def panel(group, left, top):
    """The curves of the studies that share an axis, log over log, with the expected slopes."""
    sizes = [size for study in group for size in study.sizes]
    times = [value for study in group for value in study.seconds]
    low_x, high_x = math.log10(min(sizes)), math.log10(max(sizes))
    low_y, high_y = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def place(size, seconds):
        x = left + WIDTH * (math.log10(size) - low_x) / (high_x - low_x)
        y = top + HEIGHT * (high_y - math.log10(seconds)) / (high_y - low_y)
        return f"{x:.1f},{y:.1f}"

    lines = [f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" '
             'stroke="#888"/>']
    for k in range(low_y, high_y + 1):
        y = top + HEIGHT * (high_y - k) / (high_y - low_y)
        lines.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">10^{k} s</text>')
    for size in (min(sizes), max(sizes)):
        x = place(size, 10.0**low_y).split(",")[0]
        lines.append(f'<text x="{x}" y="{top + HEIGHT + 15}" text-anchor="middle">{size:g}</text>')
    lines.append(f'<text x="{left + WIDTH / 2}" y="{top + HEIGHT + 15}" text-anchor="middle">'
                 f"{group[0].axis}</text>")
    for k, study in enumerate(group):
        points = " ".join(map(place, study.sizes, study.seconds))
        end, last = study.sizes[-1], study.seconds[-1]
        start = study.sizes[len(study.sizes) // 2]
        slope = last * (start / end) ** study.expected
        title = f"{study.what}: {study.exponent():.2f} (expected {study.expected:g})"
        colour = COLOURS[k]
        lines += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<polyline points="{place(start, slope)} {place(end, last)}" fill="none" '
            f'stroke="{colour}" stroke-dasharray="4 4" stroke-width="5" opacity="0.35"/>',
            f'<text x="{left}" y="{top - 8 - 13 * (len(group) - 1 - k)}" fill="{colour}">'
            f"{title}</text>",
        ]
    return lines


def picture(all_studies):
    groups = {}
    for study in all_studies:
        groups.setdefault(study.axis.lower(), []).append(study)
    for group in groups.values():
        group.sort(key=lambda study: study.axis)
    columns, step_x, step_y = 2, WIDTH + 130, HEIGHT + 90
    rows = math.ceil(len(groups) / columns)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!-- SPDX-License-Identifier: Apache-2.0 -->",
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * step_x + 20}" '
        f'height="{rows * step_y + 20}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for k, group in enumerate(groups.values()):
        left = UNIT_LEFT + k % columns * step_x
        lines += panel(group, left, UNIT_TOP + 20 + k // columns * step_y)
    return "\n".join([*lines, "</svg>"]) + "\n"


INTRODUCTION = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
# How cost grows

Written by `make growth WRITE=1`: one thread's CPU time, shipped build, median of rounds; the
exponent fits the larger half of the sizes. Counting operations leaves out what a cache does: where
the data outgrow one, time grows faster than the count for a while. It also leaves out what an
operation costs however short its numbers are, which is most of it below some 1000 bits.

![Time over size, log over log, dashed: the expected slope](growth.svg)

"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--write")
    parser.add_argument("--seconds", type=float, default=0.5)
    arguments = parser.parse_args()
    done = studies(pathlib.Path(arguments.build).resolve())
    text = []
    for study in done:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K  GROWTH  {study.what}")
        study.run(arguments.seconds)
        text += table(study)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    print("\n".join(text))
    if arguments.write:
        path = pathlib.Path(arguments.write)
        path.write_text(INTRODUCTION + "\n".join(text), encoding="utf-8")
        path.with_suffix(".svg").write_text(picture(done), encoding="utf-8")
    where = f"; written to {arguments.write} and .svg" if arguments.write else ""
    print(f"growth: {len(done)} exponents fitted{where}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
