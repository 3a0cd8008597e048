#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py --build BUILD --compiler TEXT [--write FILE]: the speed of the kernel against peers.

Main result: one table of ratios, time of the peer over time of the kernel, from one run: medians of
interleaved rounds with quartiles (timing.py), for the build that is shipped and for the same files
compiled for x86-64-v3.  Nothing is asserted about speed.  Asserted is that both builds give the
same bits and that each peer computes the same thing (peers.py); otherwise the exit status is 1.
Clock: CPU time of one thread; in the rows "as installed" wall clock, for there the peer's library
chooses its threads, and the fastest rounds, for wall clock counts the work of others too; on a
machine that has more to do than it has cores they are left out.
--as-installed is the child that measures these rows and prints them as JSON.
Called by make bench.
"""
import argparse
import ctypes
import dataclasses
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

AS_INSTALLED = "--as-installed" in sys.argv
ENVIRONMENT = dict(os.environ)
if not AS_INSTALLED:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy loads its BLAS

import numpy  # noqa: E402

import native  # noqa: E402
import peers  # noqa: E402
import timing  # noqa: E402

SHAPES = ((20, 2, 2000), (100, 2, 11000), (500, 2, 1000), (200, 8, 2000))
BITS = (113, 256, 1024)
GROUP_SECONDS = 9.0  # wall clock after which a group begins no further round
SPIN_SECONDS = 0.04  # OpenBLAS's idle threads spin for 2^26 cycles
V3_FLAGS = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"}
SHIPPED, V3 = "shipped", "v3"


@dataclasses.dataclass
class Row:
    """cells: the text under each build; a build without an entry gets a dash."""

    work: str
    peer: str
    cells: dict


class Failure(Exception):
    """A result that is not what it must be."""


class Bench:
    """The compiled contestants, the clock, and the rows so far."""

    def __init__(self, build):
        folder = pathlib.Path(build)
        here = folder.resolve() / "bench"
        self.loops = native.Loops(here / "loops.so")
        self.kernels = {SHIPPED: ctypes.CDLL(str(folder.resolve() / "libattest-kernel.so"))}
        self.naive = {SHIPPED: self.naive_pair(here, "")}
        if runs_v3():
            self.kernels[V3] = ctypes.CDLL(str(here / "v3" / "libattest-kernel.so"))
            self.naive[V3] = self.naive_pair(here, "-v3")
        self.blas = blas_library()
        self.clock = time.monotonic if AS_INSTALLED else time.thread_time
        self.rows = []
        self.compared = 0

    @staticmethod
    def naive_pair(folder, suffix):
        return {
            "naive C loops": ctypes.CDLL(str(folder / f"naive-strict{suffix}.so")),
            "naive C loops, -ffast-math": ctypes.CDLL(str(folder / f"naive-fast{suffix}.so")),
        }

    def ours(self, contestant):
        """contestant(library) -> (run, result) for each build, after a check of the bits."""
        made = {build: contestant(library) for build, library in self.kernels.items()}
        for run, _ in made.values():
            run(1)
        results = [as_bytes(result) for _, result in made.values()]
        if any(result != results[0] for result in results):
            raise Failure("the builds for x86-64 and x86-64-v3 differ in their results")
        return {("kernel", build): run for build, (run, _) in made.items()}, made[SHIPPED][1]

    def naives(self, contestant):
        """The naive peers likewise: {(peer, build): (run, result)}."""
        return {
            (peer, build): contestant(library)
            for build, pair in self.naive.items()
            for peer, library in pair.items()
        }

    def measure(self, title, contestants):
        progress(title)
        rest = SPIN_SECONDS if AS_INSTALLED else 0.0
        return timing.in_turns(contestants, self.clock, GROUP_SECONDS, rest)

    @staticmethod
    def cell(seconds, peer, ours):
        if AS_INSTALLED:
            return f"{number(timing.ratio_of_fastest(seconds, peer, ours))} (fastest)"
        return ratio_text(timing.ratio(seconds, peer, ours))

    def add(self, work, seconds, peer_names, unit, per=1):
        """One row for the kernel and one for each peer of one measurement."""
        if not AS_INSTALLED:
            cells = {
                build: scaled(timing.spread(seconds["kernel", build]).median / per, unit)
                for build in self.kernels
            }
            self.rows.append(Row(work, f"*kernel, {unit}*", cells))
        for peer in peer_names:
            cells = {}
            for build in self.kernels:
                key = (peer, build) if (peer, build) in seconds else (peer, None)
                cells[build] = self.cell(seconds, key, ("kernel", build))
            self.rows.append(Row(work, peer, cells))
            self.compared += 1


def runs_v3():
    """lzcnt is not asked for: the kernel does not use it and virtual machines hide it."""
    try:
        words = set(pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        return False
    return platform.machine() == "x86_64" and V3_FLAGS <= words


def blas_library():
    """The OpenBLAS that NumPy loaded, or None if it loaded another BLAS."""
    maps = pathlib.Path("/proc/self/maps").read_text(encoding="utf-8").split()
    paths = [word for word in maps if "/libopenblas" in word]
    return ctypes.CDLL(paths[0]) if paths else None


def blas_name(library):
    if library is None:
        return "a BLAS that is not OpenBLAS"
    library.openblas_get_config.restype = ctypes.c_char_p
    library.openblas_get_corename.restype = ctypes.c_char_p
    version = library.openblas_get_config().decode().split()[1]
    return f"OpenBLAS {version} ({library.openblas_get_corename().decode()})"


def as_bytes(result):
    arrays = result if isinstance(result, tuple) else (result,)
    return b"".join(array.tobytes() for array in arrays)


def scaled(seconds, unit):
    value = seconds * {"ns": 1e9, "µs": 1e6, "ms": 1e3}[unit.split()[0]]
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def number(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def ratio_text(spread):
    return f"{number(spread.median)} ({number(spread.low)}–{number(spread.high)})"


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K  BENCH   {text}" if text else "\r\033[K")
        sys.stderr.flush()


def agree(data, result, kernel, who):
    if not peers.disagreement(data, result, kernel) <= 1.0:
        raise Failure(f"{who}: the step differs from the kernel's by more than rounding explains")


def bench_dot(bench, n):
    draw = numpy.random.default_rng(2)
    x, y = draw.standard_normal(n), draw.standard_normal(n)

    def contestant(name):
        return lambda library: bench.loops.dot(native.address(library, name), x, y)

    runs, kernel = bench.ours(contestant("at_dot"))
    # n u times the sum of magnitudes bounds the error of any order (Higham, section 3.1); twice
    bound = 2 * n * 2.0**-53 * float(numpy.abs(x) @ numpy.abs(y))
    others = bench.naives(contestant("at_naive_dot"))
    names = list(bench.naive[SHIPPED])
    if bench.blas:
        function = native.address(bench.blas, "cblas_ddot")
        others["OpenBLAS ddot", None] = bench.loops.dot(function, x, y, blas=True)
        names.append("OpenBLAS ddot")
    for (who, _), (run, result) in others.items():
        run(1)
        if not abs(result[0] - kernel[0]) <= bound:
            raise Failure(f"{who}: another dot product")
        runs[who, _] = run
    work = f"dot product, {n} entries"
    bench.add(work, bench.measure(work, runs), names, "ns an entry", n)


def bench_exp(bench):
    x = -20.0 * numpy.random.default_rng(3).random(1000)
    runs, kernel = bench.ours(lambda library: bench.loops.map(native.address(library, "at_exp"), x))
    run, result = bench.loops.map(native.address(ctypes.CDLL("libm.so.6"), "exp"), x)
    run(1)
    # both are within 2^-52 relative: kernel/exp.h, and one unit in the last place of glibc
    if not (numpy.abs(result - kernel) <= 2.0**-51 * kernel).all():
        raise Failure("exp: glibc and the kernel differ")
    runs["glibc exp", None] = run

    def array_form(repeats):
        for _ in range(repeats):
            numpy.exp(x)

    runs["NumPy exp of the array", None] = array_form
    work = "exp, one call a number"
    names = ["glibc exp", "NumPy exp of the array"]
    bench.add(work, bench.measure(work, runs), names, "ns a call", len(x))


def numpy_forms(data):
    """Contestants for both ways to write the step, and what they compute."""
    both = numpy.stack((data.v, data.p))

    def gemv(repeats):
        for _ in range(repeats):
            peers.numpy_gemv(data)

    def gemm(repeats):
        for _ in range(repeats):
            peers.numpy_gemm(data, both)

    return {
        "gemv": (gemv, peers.numpy_gemv(data)),
        "gemm": (gemm, tuple(peers.numpy_gemm(data, both))),
    }


def bench_step(bench, shape):
    data = peers.problem(*shape)
    runs, kernel = bench.ours(
        lambda library: bench.loops.step(native.address(library, "at_single_head_step"), data)
    )
    others, names = {}, []
    if not AS_INSTALLED:
        others = bench.naives(
            lambda library: bench.loops.step(native.address(library, "at_naive_step"), data)
        )
        names = list(bench.naive[SHIPPED])
        torch = peers.torch_step(data)
        if torch:
            others["PyTorch autograd", None] = (repeated(torch), torch())
            names.append("PyTorch autograd")
    others |= {(form, None): pair for form, pair in numpy_forms(data).items()}
    for (who, build), (run, result) in others.items():
        run(1)
        agree(data, [numpy.asarray(part) for part in result], kernel, who)
        runs[who, build] = run
    work = "step, n={}, T={}, d={}".format(*shape)
    seconds = bench.measure(work + (", NumPy as installed" if AS_INSTALLED else ""), runs)
    form = better_form(seconds)
    numpy_name = f"NumPy, one thread ({form})"
    if AS_INSTALLED:
        threads = f"{bench.blas.openblas_get_num_threads()} threads, " if bench.blas else ""
        numpy_name = f"NumPy as installed ({threads}wall clock)"
    seconds[numpy_name, None] = seconds[form, None]
    bench.add(work, seconds, [numpy_name, *names], "µs")


def better_form(seconds):
    return min(("gemv", "gemm"), key=lambda form: timing.spread(seconds[form, None]).median)


def repeated(function):
    def run(repeats):
        for _ in range(repeats):
            function()

    return run


def bench_precise(bench, shape, bits):
    data = peers.problem(*shape)
    _, kernel = bench.ours(
        lambda library: bench.loops.step(native.address(library, "at_single_head_step"), data)
    )
    progress(f"mpmath at {bits} bits")
    other = peers.MpmathStep(data, bits)
    first = other.step()
    agree(data, [numpy.array([float(x) for x in part]) for part in first], kernel, "mpmath")
    other.v, other.p = first  # as in precise.h: the weights fill the precision
    runs, closing = {"mpmath": repeated(other.step)}, []
    for room in ("reference", "enclosure"):
        runs[room], result, close = bench.loops.precise_step(room, data, bits)
        agree(data, result, kernel, room)
        closing.append(close)
    work = "step, n={}, T={}, d={}".format(*shape) + f", {bits} bits"
    seconds = bench.measure(work, runs)
    for close in closing:
        close()
    for room, name in (("reference", "MPFR"), ("enclosure", "Arb")):
        ours = scaled(timing.spread(seconds[room]).median, "ms")
        text = ratio_text(timing.ratio(seconds, "mpmath", room))
        bench.rows.append(Row(work, f"*{name} path, ms*", {SHIPPED: ours}))
        bench.rows.append(Row(work, f"mpmath fdot against {name} path", {SHIPPED: text}))
        bench.compared += 1


def rows_as_installed(arguments):
    """The rows of the child that leaves the number of threads to NumPy's BLAS."""
    child = subprocess.run(
        [sys.executable, __file__, "--as-installed", "--build", arguments.build],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        check=False,
    )
    if child.returncode != 0:
        raise Failure("the rows of NumPy as installed could not be measured")
    return [Row(**row) for row in json.loads(child.stdout)]


def table(rows, builds):
    """An aligned Markdown table."""
    heads = {SHIPPED: "shipped build", V3: "x86-64-v3"}
    lines = [["work", "peer", *(heads[build] for build in builds)]]
    previous = None
    for row in rows:
        cells = [row.cells.get(build, "–") for build in builds]
        lines.append(["" if row.work == previous else row.work, row.peer, *cells])
        previous = row.work
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    lines.insert(1, ["-" * width for width in widths])
    return ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]


def cpu_model():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = [line.split(":")[1].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def machine(bench, compiler, load):
    import mpmath

    cores = os.cpu_count()
    lines = [
        f"- Processor: {cpu_model()}, {cores} cores. Compiler: {compiler}, -O3.",
        f"- Peers: NumPy {numpy.__version__} on {blas_name(bench.blas)},"
        f" {platform.libc_ver()[0]} {platform.libc_ver()[1]},"
        f" mpmath {mpmath.__version__} on {mpmath.libmp.BACKEND}.",
    ]
    if peers.torch_step(peers.problem(2, 2, 8)) is None:
        lines.append("- PyTorch autograd: not installed, not measured.")
    if V3 in bench.kernels:
        lines.append("- Both builds of the kernel gave the same bits.")
    if not any("as installed" in row.peer for row in bench.rows):
        lines.append("- NumPy as installed: not measured: on a loaded machine wall clock misleads.")
    if load > cores:
        lines.append(f"- The machine was loaded (load average {load:.1f}): ratios are noisy.")
    return lines


INTRODUCTION = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
# Speed against peers

Written by `make bench WRITE=1`; `make bench` measures again and prints. Only ratios taken in one
run mean something: each cell is time of the peer over time of the kernel (above 1 the kernel is
faster), median of interleaved rounds, with quartiles; rows in italics are the kernel's own time.
Single thread, CPU time, warm caches; "as installed" is wall clock with as many threads as the BLAS
takes, fastest round against fastest round. The shipped build runs on every x86-64 processor;
x86-64-v3 is the same text compiled with that -march. One step is one full-batch gradient descent
step of the single-head model on dense normal binary64 data; of NumPy's two forms (four gemv, two
gemm) the faster is shown. The naive loops are compiled like the column's kernel. Every peer's
result lay within a bound on rounding of the kernel's. The rows with bits time a step from weights
that fill the precision.
"""


def is_loaded():
    return os.getloadavg()[0] > os.cpu_count()


def measure_all(bench, arguments):
    for n in (2000, 11000):
        bench_dot(bench, n)
    bench_exp(bench)
    for shape in SHAPES:
        bench_step(bench, shape)
    installed = [] if is_loaded() else rows_as_installed(arguments)
    for row in installed:
        last = max(k for k, other in enumerate(bench.rows) if other.work == row.work)
        bench.rows.insert(last + 1, row)
    bench.compared += len(installed)
    for bits in BITS:
        bench_precise(bench, SHAPES[0], bits)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--compiler", default="")
    parser.add_argument("--write")
    parser.add_argument("--as-installed", action="store_true")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    bench = Bench(arguments.build)
    try:
        if AS_INSTALLED:
            for shape in SHAPES:
                bench_step(bench, shape)
            progress("")
            print(json.dumps([dataclasses.asdict(row) for row in bench.rows]))
            return 0
        measure_all(bench, arguments)
    except Failure as failure:
        progress("")
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    progress("")
    lines = table(bench.rows, list(bench.kernels))
    about = machine(bench, arguments.compiler, max(load, os.getloadavg()[0]))
    print("\n".join(["time of the peer / time of the kernel: median (quartiles)", *lines, *about]))
    if arguments.write:
        text = "\n".join([INTRODUCTION, *lines, "", *about]) + "\n"
        pathlib.Path(arguments.write).write_text(text, encoding="utf-8")
    where = f"; written to {arguments.write}" if arguments.write else ""
    same = "both builds give the same bits" if V3 in bench.kernels else "x86-64-v3 not run here"
    print(f"bench: {bench.compared} peers timed, {same}{where}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
