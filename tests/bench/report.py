# SPDX-License-Identifier: Apache-2.0
"""report.py: the tables of make bench.

Main result: every cell comes from the rounds of one group: for ours the median of what it took,
for a peer the median of its time over ours, round by round; each with the least and the largest.
"""
import dataclasses
import os
import pathlib
import platform

import numpy

import timing


@dataclasses.dataclass
class Group:
    """One work, timed in turns.

    seconds: {(contestant, build or None): [seconds of each round]}; a value shown is
    seconds * scale / per, or per / seconds / 1e9 if `inverse`.  setup: {contestant: seconds} spent
    once.  ours: whose value is shown as such and who is compared with; else all named Attest.
    """

    work: str
    unit: str
    seconds: dict
    per: float = 1.0
    scale: float = 1e9
    inverse: bool = False
    note: str = ""
    setup: dict = dataclasses.field(default_factory=dict)
    ours: list = None

    def value(self, spread):
        if self.inverse:
            ends = spread.high, spread.median, spread.low
            return timing.Spread(*(self.per / x / 1e9 for x in ends))
        return timing.Spread(*(x * self.scale / self.per for x in dataclasses.astuple(spread)))

    def names(self):
        return list(dict.fromkeys(name for name, _ in self.seconds))

    def by_name(self):
        """For JSON, which has no tuples as keys."""
        return {
            name + (f" [{level}]" if level else ""): rounds
            for (name, level), rounds in self.seconds.items()
        }

    def key(self, name, level):
        return (name, level) if (name, level) in self.seconds else (name, None)


def number(value):
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}"


def size(value):
    for unit in ("KiB", "MiB"):
        value /= 1024
        if value < 1024:
            return f"{value:.0f} {unit}"
    return f"{value / 1024:.0f} GiB"


def cell(spread):
    if spread.low == spread.high:
        return number(spread.median)
    return f"{number(spread.median)} ({number(spread.low)}–{number(spread.high)})"


def rows_of(group, builds):
    """[work, contestant, a cell for each build]."""
    ours = group.ours or [name for name in group.names() if name.startswith("Attest")]
    note = f" ({group.note})" if group.note else ""
    rows = []
    for name in group.names():
        spent = f"; set-up {number(1e3 * group.setup[name])} ms" if name in group.setup else ""
        row = [group.work + note, f"*{name}, {group.unit}*{spent}"]
        for build in builds:
            row.append(cell(group.value(timing.spread(group.seconds[group.key(name, build)]))))
        rows.append(row)
    for mine in ours:
        for name in group.names():
            if name in ours:
                continue
            row = [group.work + note, f"{name} / {mine}"]
            for build in builds:
                keys = group.key(name, build), group.key(mine, build)
                row.append(cell(timing.ratio(group.seconds, *keys)))
            rows.append(row)
    return rows


def lines(groups, best):
    """An aligned Markdown table; one column where no contestant has builds."""
    builds = ["plain"] if best == "plain" else ["plain", best]
    heads = ["shipped build", f"x86-64-{best}"][: len(builds)]
    table = [["work", "contestant", *heads]]
    previous = None
    for group in groups:
        single = all(level is None for _, level in group.seconds)
        for row in rows_of(group, builds):
            if single:
                row[3:] = [""] * len(row[3:])
            table.append(["" if row[0] == previous else row[0], *row[1:]])
            previous = row[0]
    widths = [max(len(line[k]) for line in table) for k in range(len(table[0]))]
    table.insert(1, ["-" * width for width in widths])
    return ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in table]


def blas_name(library):
    import ctypes

    if library is None:
        return "a BLAS that is not OpenBLAS"
    library.openblas_get_config.restype = ctypes.c_char_p
    library.openblas_get_corename.restype = ctypes.c_char_p
    version = library.openblas_get_config().decode().split()[1]
    return f"OpenBLAS {version} ({library.openblas_get_corename().decode()})"


def cpu_model():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = [line.split(":")[1].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def machine(bench, compiler, load):
    import mpmath
    import torch

    cores = os.cpu_count()
    text = [
        f"- Processor: {cpu_model()}, {cores} cores. Compiler: {compiler}, -O3.",
        f"- Peers: NumPy {numpy.__version__} on {blas_name(bench.blas)},"
        f" PyTorch {torch.__version__}, {platform.libc_ver()[0]} {platform.libc_ver()[1]},"
        f" mpmath {mpmath.__version__} on {mpmath.libmp.BACKEND}.",
        f"- Builds of the kernel that gave the same bits: {', '.join(bench.levels)}.",
    ]
    if load > cores:
        text.append(f"- The machine was loaded (load average {load:.1f}): ratios are noisy.")
    return text


INTRODUCTION = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
# Speed against peers

Written by `make bench WRITE=1`; `make bench` measures again and prints; every round stands in
bench.json. Only ratios taken in one run mean something. In italics stands what a contestant took,
below it the time of each peer over ours (above 1 we are faster), taken round by round: the median,
with the least and the largest. One thread and its CPU time, warm caches, every array made
beforehand; what is done once is set-up and stands apart. The shipped build runs on every x86-64
processor; the other column is the build of the same text that the program selects on this one.
Where that column is empty nothing was timed in two builds, and ours is the one selected.

- A step is one full-batch gradient-descent step of the single-head model on dense normal data; of
  NumPy's two forms (four gemv, two gemm) the faster is shown; the naive loops are compiled like
  the column's kernel. "Read once" and "products" are what the machine's limits in the first rows
  allow at best, in µs: one reading of the data, and the products of a step.
- Every peer's checksum is the kernel's to 1e-12, that of single precision to 1e-4.
- The rows with bits time the third step from zero; the Gram form's set-up is the exact matrix of
  inner products, the others' the conversion of the data; both with the two steps before.
- An experiment draws the data, takes two steps, and finds train fit and test error. Full against
  full: every coordinate is drawn and every peer counts on a test set. Equal in law, less work:
  compressed coordinates and a quadrature (README).
- Memory is by how much one experiment raises the peak of its process.

"""


def page(groups, about, best):
    return INTRODUCTION + "\n".join([*lines(groups, best), "", *about]) + "\n"
