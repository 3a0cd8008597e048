#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py --build BUILD --compiler TEXT [--write FILE.md]: the speed of Attest against peers.

Main result: tables of ratios, time of the peer over time of ours, from one run: medians of
interleaved rounds, with the least and the largest (timing.py), for the build that is shipped and
for the one that the harness selects on this processor.  Nothing is
asserted about speed.  Asserted is that all builds give the same bits, that each peer's result has
the kernel's checksum to 1e-12 (single precision: 1e-4) and lies within a bound on rounding
(peers.py), and that experiments on different draws agree within what chance explains; otherwise
the exit status is 1.
Clock: CPU time of one thread, but wall clock where two threads work.
--write FILE.md also writes FILE.json, with every round.
--seconds S: wall clock after which a group begins no further round (9).
--peak NAME is the child whose memory is measured (report.py names the contestants).
Called by make bench.
"""
import argparse
import ctypes
import dataclasses
import json
import math
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy loads its BLAS

import numpy  # noqa: E402

import native  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402
import timing  # noqa: E402

SHAPES = ((20, 2, 2000), (100, 2, 11000), (500, 2, 1000), (200, 8, 2000), (200, 2, 40000))
THREAD_SHAPES = SHAPES[1:]
BITS = (113, 256, 1024)
READ_SIZES = [2**k for k in range(14, 29, 2)]  # bytes: from inside every cache to beyond all
FLAGS = {
    "v3": {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"},
    "v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
}
SHIPPED = "plain"
# Fig. 1 of arXiv 2410.07746 with a signal so weak that a test set shows an error.
EXPERIMENT = dict(samples=200, dim=40000, test=10000, rho=5.0, eta=0.05, beta=0.025)
# The phase diagram: n = 20, 40, ..., 400; of the peers' cells these, whose mean n is the map's.
MAP_SAMPLES = (20, 100, 180, 240, 320, 400)
MAP_CELLS, MAP_DIM, MAP_SNR = 4000, 2000, 0.2
MAP = (
    "--quiet --no-pictures --workers 1 --x n=20:400:20 --y snr=0.05:1:20:log"
    " --dim 2000 --eta 0.1 --beta 0.025 --seeds 10"
)


class Failure(Exception):
    """A result that is not what it must be."""


class Bench:
    """The compiled contestants and the tables so far."""

    def __init__(self, build, seconds):
        self.build, self.seconds = pathlib.Path(build).resolve(), seconds
        here = self.build / "bench"
        self.loops = native.Loops(here / "loops.so")
        self.levels = [SHIPPED, *levels()]
        self.best = self.loops.selected().replace("x86-64-", "")
        self.timed = sorted({SHIPPED, self.best}, key=self.levels.index)
        folders = {SHIPPED: self.build} | {level: here / level for level in self.levels[1:]}
        self.kernels = {
            level: ctypes.CDLL(str(folder / "libattest-kernel.so"))
            for level, folder in folders.items()
        }
        self.limits = {level: native.Limits(here / f"limits-{level}.so") for level in self.levels}
        self.naive = {
            level: {
                "naive C loops": ctypes.CDLL(str(here / f"naive-strict-{level}.so")),
                "naive C loops, -ffast-math": ctypes.CDLL(str(here / f"naive-fast-{level}.so")),
            }
            for level in self.timed
        }
        self.blas = blas_library()
        self.tables = []
        self.bandwidth, self.rate = {}, 0.0

    def ours(self, contestant):
        """contestant(level) -> (run, result) for each build, after a check of the bits."""
        made = {level: contestant(level) for level in self.levels}
        for run, _ in made.values():
            run(1)
        results = [as_bytes(result) for _, result in made.values()]
        if any(result != results[0] for result in results):
            raise Failure("the builds for different processors differ in their results")
        return {("Attest", level): made[level][0] for level in self.timed}, made[SHIPPED][1]

    def naives(self, contestant):
        """The naive peers likewise: {(peer, level): (run, result)}."""
        return {
            (peer, level): contestant(library)
            for level, pair in self.naive.items()
            for peer, library in pair.items()
        }

    def measure(self, title, contestants, clock=time.thread_time):
        progress(title)
        return timing.in_turns(contestants, clock, self.seconds)

    def add(self, work, unit, seconds, per=1.0, **more):
        """A table's group: contestants are (name, level), level None where it has no builds."""
        keyed = {key if isinstance(key, tuple) else (key, None): s for key, s in seconds.items()}
        self.tables.append(report.Group(work, unit, keyed, per, **more))


def levels():
    """Levels of x86-64 this processor has; lzcnt is not asked for: virtual machines hide it."""
    try:
        words = set(pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        return []
    if platform.machine() != "x86_64" or not FLAGS["v3"] <= words:
        return []
    return ["v3", "v4"] if FLAGS["v4"] <= words else ["v3"]


def blas_library():
    """The OpenBLAS that NumPy loaded, or None if it loaded another BLAS."""
    maps = pathlib.Path("/proc/self/maps").read_text(encoding="utf-8").split()
    paths = [word for word in maps if "/libopenblas" in word]
    return ctypes.CDLL(paths[0]) if paths else None


def as_bytes(result):
    arrays = result if isinstance(result, tuple) else (result,)
    return b"".join(array.tobytes() for array in arrays)


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K  BENCH   {text}" if text else "\r\033[K")
        sys.stderr.flush()


def repeated(function):
    def run(repeats):
        for _ in range(repeats):
            function()

    return run


def timed(function):
    """(result, CPU seconds of this thread) of one call: set-up costs."""
    start = time.thread_time()
    result = function()
    return result, time.thread_time() - start


def agree(result, kernel, who, tolerance=1e-12):
    one, other = peers.checksum(result), peers.checksum(kernel)
    if not (abs(one - other) <= tolerance * other and peers.distance(result, kernel) <= 1e-3):
        raise Failure(f"{who}: checksum {one!r}, the kernel's is {other!r}")


def bench_limits(bench):
    limits = bench.limits[bench.best]
    count = 128 * 10000
    runs = {("multiplications and additions", None): limits.multiply_add(count)}
    seconds = bench.measure("multiply-add rate", runs)
    bench.rate = count / timing.spread(seconds["multiplications and additions", None]).median
    bench.add("128 chains a x + b", "a ns", seconds, count, inverse=True)
    runs = {(report.size(size), None): limits.read(size) for size in READ_SIZES}
    seconds = bench.measure("read bandwidth", runs)
    for size, (key, values) in zip(READ_SIZES, seconds.items()):
        bench.bandwidth[size] = size / timing.spread(values).median
        bench.add("reading", "GB/s", {key: values}, size, inverse=True)


def bench_dot(bench, n):
    draw = numpy.random.default_rng(2)
    x, y = draw.standard_normal(n), draw.standard_normal(n)

    def contestant(library):
        return bench.loops.dot(native.address(library, "at_dot"), x, y)

    runs, kernel = bench.ours(lambda level: contestant(bench.kernels[level]))
    # n u times the sum of magnitudes bounds the error of any order (Higham, section 3.1); twice
    bound = 2 * n * 2.0**-53 * float(numpy.abs(x) @ numpy.abs(y))
    others = bench.naives(
        lambda library: bench.loops.dot(native.address(library, "at_naive_dot"), x, y)
    )
    if bench.blas:
        function = native.address(bench.blas, "cblas_ddot")
        others["OpenBLAS ddot", None] = bench.loops.dot(function, x, y, blas=True)
    for (who, level), (run, result) in others.items():
        run(1)
        if not abs(result[0] - kernel[0]) <= bound:
            raise Failure(f"{who}: another dot product")
        runs[who, level] = run
    work = f"dot product, {n} entries"
    bench.add(work, "ns an entry", bench.measure(work, runs), n)


def bench_exp(bench):
    x = -20.0 * numpy.random.default_rng(3).random(2000)
    runs, kernel = bench.ours(lambda level: bench.limits[level].exp(x))
    one_call, result = bench.loops.map(native.address(bench.kernels[SHIPPED], "at_exp"), x)
    one_call(1)
    if as_bytes(result) != as_bytes(kernel):
        raise Failure("exp in a loop differs from exp")
    runs["Attest, one call a number", None] = one_call
    run, result = bench.loops.map(native.address(ctypes.CDLL("libm.so.6"), "exp"), x)
    run(1)
    # both are within 2^-52 relative: kernel/exp.h, and one unit in the last place of glibc
    if not (numpy.abs(result - kernel) <= 2.0**-51 * kernel).all():
        raise Failure("exp: glibc and the kernel differ")
    out = numpy.empty(len(x))
    runs["glibc, one call a number", None] = run
    runs["NumPy", None] = repeated(lambda: numpy.exp(x, out=out))
    work = "exp of 2000 numbers"
    bench.add(work, "ns a number", bench.measure(work, runs), len(x), ours=["Attest"])


def bench_normals(bench):
    import torch

    count = 100000
    out, tensor = numpy.empty(count), torch.empty(count, dtype=torch.float64)
    draw = numpy.random.default_rng(4)
    runs = {
        ("Attest", None): bench.loops.normals(count),
        ("NumPy", None): repeated(lambda: draw.standard_normal(out=out)),
        ("PyTorch", None): repeated(lambda: torch.randn(count, out=tensor)),
    }
    work = "standard normals"
    bench.add(work, "ns a normal", bench.measure(work, runs), count)


def floor_seconds(bench, shape):
    """One reading of the tokens at the bandwidth of the caches that hold them, and the products of
    a step at the rate of multiplications and additions."""
    entries = math.prod(shape)
    size = next((s for s in READ_SIZES if s >= 8 * entries), READ_SIZES[-1])
    return 8 * entries / bench.bandwidth[size], 4 * entries / bench.rate


def bench_step(bench, shape):
    data = peers.problem(*shape)

    def contestant(library, name):
        return bench.loops.step(native.address(library, name), data)

    runs, kernel = bench.ours(lambda k: contestant(bench.kernels[k], "at_single_head_step"))
    others = bench.naives(lambda library: contestant(library, "at_naive_step"))
    step = peers.NumpyStep(data)
    for name, form in (("NumPy, gemv", step.gemv), ("NumPy, gemm", step.gemm)):
        others[name, None] = repeated(form), form().copy()
    double, single = peers.torch_step(data), peers.torch_step(data, single=True)
    others["PyTorch, autograd", None] = repeated(double), double()
    others["PyTorch, autograd, float32", None] = repeated(single), single()
    for (who, level), (run, result) in others.items():
        run(1)
        agree(result, kernel, who, 1e-4 if "float32" in who else 1e-12)
        if "float32" not in who and not peers.disagreement(data, result, kernel) <= 1.0:
            raise Failure(f"{who}: the step differs by more than rounding explains")
        runs[who, level] = run
    work = "step, n={}, T={}, d={}".format(*shape)
    seconds = bench.measure(work, runs)
    forms = [(name, None) for name in ("NumPy, gemv", "NumPy, gemm")]
    del seconds[max(forms, key=lambda form: timing.spread(seconds[form]).median)]
    read, products = (1e6 * floor for floor in floor_seconds(bench, shape))
    note = f"read once {report.number(read)}, products {report.number(products)}"
    bench.add(work, "µs", seconds, scale=1e6, note=note)


def two_readers(run):
    """Both halves of what `run` reads, at the same time; ctypes lets go of Python's lock."""

    def both(repeats):
        threads = [threading.Thread(target=run, args=(repeats,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return both


def bench_threads(bench, shape):
    """Wall clock; beside it what two threads gain in reading the same amount of data, each half."""
    if os.cpu_count() < 2:
        return
    data = peers.problem(*shape)
    library = bench.kernels[bench.best]
    kernel = bench.loops.step(native.address(library, "at_single_head_step"), data)
    runs, results = {}, []
    for threads in (1, 2):
        run, result = bench.loops.threaded_step(library, data, threads)
        run(1)
        results.append(as_bytes(result))
        runs[f"Attest, {threads} thread" + "s" * (threads > 1), None] = run
    kernel[0](1)
    if any(result != as_bytes(kernel[1]) for result in results):
        raise Failure("the step depends on the number of threads")
    limits, size = bench.limits[bench.best], 8 * math.prod(shape)
    runs["reading, 1 thread", None] = limits.read(size)
    runs["reading, 2 threads", None] = two_readers(limits.read(size // 2))
    work = "two threads, wall clock, n={}, T={}, d={}".format(*shape)
    seconds = bench.measure(work, runs, time.monotonic)
    gain = timing.ratio(seconds, ("reading, 1 thread", None), ("reading, 2 threads", None))
    for key in (key for key in list(seconds) if key[0].startswith("reading")):
        del seconds[key]
    note = f"of reading alone: {report.number(gain.median)}"
    bench.add(work, "µs", seconds, scale=1e6, note=note, ours=["Attest, 2 threads"])


def third_step(bench, data):
    """v, p after three steps from zero by the kernel."""
    zero = numpy.zeros(data.dim)
    v, p = zero, zero
    for _ in range(3):
        now = dataclasses.replace(data, v=v, p=p)
        function = native.address(bench.kernels[SHIPPED], "at_single_head_step")
        run, (v, p) = bench.loops.step(function, now)
        run(1)
    return v, p


def bench_precise(bench, shape, bits):
    data = peers.problem(*shape)
    kernel = third_step(bench, data)
    work = "step, n={}, T={}, d={}".format(*shape) + f", {bits} bits"
    progress(work)
    runs, closing, setup = {}, [], {}
    names = {
        "gram": ("Attest, Gram form", None),
        "direct": ("direct enclosure (Arb)", None),
        "reference": ("reference path (MPFR)", None),
        "plain": ("plain MPFR loop", None),
    }
    for form, name in names.items():
        (run, result, close), setup[name[0]] = timed(
            lambda form=form: bench.loops.precise_step(form, data, bits)
        )
        agree(result, kernel, name[0])
        runs[name] = run
        closing.append(close)
    other, setup["mpmath, fdot"] = timed(lambda: peers.MpmathStep(data, bits))
    for _ in range(2):
        other.v, other.p = other.step()
    agree([numpy.array([float(x) for x in part]) for part in other.step()], kernel, "mpmath")
    runs["mpmath, fdot", None] = repeated(other.step)
    seconds = bench.measure(work, runs)
    for close in closing:
        close()
    bench.add(work, "ms", seconds, scale=1e3, setup=setup)


def experiments(bench, settings):
    """The contestants' experiments: name -> function of a seed that gives (fit, error)."""
    kernel = native.Kernel(bench.kernels[bench.best])
    ours = lambda seed: native.Experiment(**settings, seed=seed)  # noqa: E731
    return {
        "Attest, equal in law": lambda seed: bench.loops.experiment(ours(seed)),
        "Attest, full": lambda seed: bench.loops.experiment(ours(seed), kernel),
        "NumPy, full": lambda seed: peers.Experiment(ours(seed)).run(),
        "PyTorch, full": lambda seed: peers.TorchExperiment(ours(seed)).run(),
    }


def check_experiments(contestants, settings):
    """Each error is one draw of the training set away from the law's, plus the test set's chance:
    within six deviations of each."""
    law = [contestants["Attest, equal in law"](seed)[1] for seed in range(1, 25)]
    mean, deviation = float(numpy.mean(law)), float(numpy.std(law))
    allowed = 6.0 * (deviation + math.sqrt(mean * (1.0 - mean) / settings["test"]))
    errors = {who: contestant(1)[1] for who, contestant in contestants.items()}
    for who, error in errors.items():
        if not abs(error - mean) <= allowed:
            raise Failure(f"{who}: test error {error}, {mean} +- {allowed} was expected")
    return mean, errors


def bench_experiment(bench, settings):
    contestants = experiments(bench, settings)
    work = "experiment, n={samples}, T=2, d={dim}, {test} test points".format(**settings)
    progress(work)
    mean, _ = check_experiments(contestants, settings)
    runs = {(who, None): repeated(lambda c=c: c(1)) for who, c in contestants.items()}
    seconds = bench.measure(work, runs)
    note = f"test error {report.number(mean)}"
    bench.add(work, "ms", seconds, scale=1e3, note=note, ours=list(contestants)[:2])


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def bench_map(bench):
    """The program draws the whole map; the peers do six cells of one seed."""
    work = "phase diagram, 20 x 20 cells, 10 seeds, d=2000"
    progress(work)
    seconds = {"Attest, one core": [], "NumPy (scaled)": [], "PyTorch (scaled)": []}
    for turn in range(3):
        before = children_seconds()
        with tempfile.TemporaryDirectory() as folder:
            command = [bench.build / "attest", "sweep", "--directory", folder, *MAP.split()]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds["Attest, one core"].append(children_seconds() - before)
        for who, kind in (("NumPy", peers.Experiment), ("PyTorch", peers.TorchExperiment)):
            start = time.thread_time()
            for n in MAP_SAMPLES:
                rho = MAP_SNR * MAP_DIM**0.5
                cell = dict(samples=n, dim=MAP_DIM, test=10000, rho=rho, eta=0.1, beta=0.025)
                kind(native.Experiment(**cell, seed=turn + 1)).run()
            spent = time.thread_time() - start
            seconds[f"{who} (scaled)"].append(spent * MAP_CELLS / len(MAP_SAMPLES))
    note = f"peers: {len(MAP_SAMPLES)} of the {MAP_CELLS} draws, scaled by their number"
    bench.add(work, "s", seconds, scale=1.0, note=note)


PEAKS = ("Attest, equal in law", "Attest, full", "NumPy, full", "PyTorch, full")


def resident(name):
    """VmRSS or VmHWM (its largest value so far) of this process, in bytes."""
    text = pathlib.Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * int(text.split(f"{name}:")[1].split()[0])


def peak(bench, who):
    """Prints the bytes by which one experiment raises the peak of this process, libraries warm."""
    small = EXPERIMENT | {"samples": 20, "dim": 100, "test": peers.Experiment.CHUNK}
    experiments(bench, small)[who](1)
    contestant = experiments(bench, EXPERIMENT)[who]
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # VmHWM = VmRSS
    before = resident("VmRSS")
    contestant(1)
    print(resident("VmHWM") - before)


def bench_memory(bench):
    megabytes = {}
    for who in PEAKS:
        progress(f"peak memory: {who}")
        command = [sys.executable, __file__, "--build", str(bench.build), "--peak", who]
        child = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        megabytes[who, None] = [int(child.stdout) / 1e6]
    bench.add("memory of that experiment", "MB", megabytes, scale=1.0, ours=PEAKS[:1])


def measure_all(bench):
    bench_limits(bench)
    for n in (2000, 11000):
        bench_dot(bench, n)
    bench_exp(bench)
    bench_normals(bench)
    for shape in SHAPES:
        bench_step(bench, shape)
    for shape in THREAD_SHAPES:
        bench_threads(bench, shape)
    for bits in BITS:
        bench_precise(bench, SHAPES[0], bits)
    bench_experiment(bench, EXPERIMENT)
    bench_memory(bench)
    bench_map(bench)
    progress("")


def write(bench, about, file):
    path = pathlib.Path(file)
    path.write_text(report.page(bench.tables, about, bench.best), encoding="utf-8")
    rounds = [dataclasses.asdict(group) | {"seconds": group.by_name()} for group in bench.tables]
    text = json.dumps({"format": "attest-bench", "version": 1, "about": about, "groups": rounds})
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--compiler", default="")
    parser.add_argument("--write")
    parser.add_argument("--seconds", type=float, default=9.0)
    parser.add_argument("--peak")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    bench = Bench(arguments.build, arguments.seconds)
    if arguments.peak:
        peak(bench, arguments.peak)
        return 0
    try:
        measure_all(bench)
    except Failure as failure:
        progress("")
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    about = report.machine(bench, arguments.compiler, max(load, os.getloadavg()[0]))
    print("\n".join(report.lines(bench.tables, bench.best) + about))
    if arguments.write:
        write(bench, about, arguments.write)
    where = f"; written to {arguments.write} and .json" if arguments.write else ""
    print(f"bench: {len(bench.tables)} groups timed; all builds give the same bits{where}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
