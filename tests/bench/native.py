# SPDX-License-Identifier: Apache-2.0
"""native.py: what make bench compiled, callable from Python without a loop in Python.

Main result: the functions of Loops and Limits make contestants of timing.py, which take a number of
repeats and leave their results in arrays that can be compared bit by bit.
Assumption: kernel/single_head.h, loops.h, limits.h, precise.h, experiment.h and harness/data,
whose signatures are repeated here.
"""
import ctypes

import numpy

REAL = ctypes.POINTER(ctypes.c_double)
SIZE = ctypes.c_size_t
FORMS = ("plain", "reference", "direct", "gram")  # enum at_bench_form


def reals(array):
    assert array.dtype == numpy.float64 and array.flags.c_contiguous
    return array.ctypes.data_as(REAL)


def address(library, name):
    return ctypes.cast(getattr(library, name), ctypes.c_void_p)


class Kernel(ctypes.Structure):
    """struct at_bench_kernel: the functions of one build of the kernel."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("step", "forward", "dot")]

    def __init__(self, library):
        names = ("at_single_head_step", "at_single_head_forward", "at_dot")
        super().__init__(*(address(library, name) for name in names))


class Experiment(ctypes.Structure):
    """struct at_bench_experiment."""

    _fields_ = [
        *((name, SIZE) for name in ("samples", "dim", "test")),
        *((name, ctypes.c_double) for name in ("rho", "eta", "beta")),
        ("seed", ctypes.c_uint64),
    ]


class Parts(ctypes.Structure):
    """struct at_bench_parts: the split step of one build on one problem."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in ("coefficients", "gradient", "descend")),
        *((name, REAL) for name in ("v_next", "p_next", "by_score", "by_value")),
        *((name, REAL) for name in ("tokens", "labels", "v", "p")),
        ("step", ctypes.c_double),
        *((name, SIZE) for name in ("samples", "token_count", "dim")),
    ]


class Limits:
    """limits-*.so: functions of limits.h."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))

    def read(self, size):
        """Contestant: reads `size` bytes, less what 512 leaves over."""
        words = numpy.ones(size // 512 * 64, dtype=numpy.uint64)
        result = numpy.zeros(1, dtype=numpy.uint64)

        def run(repeats):
            pointers = (ctypes.c_void_p(array.ctypes.data) for array in (result, words))
            self.library.at_bench_read(*pointers, SIZE(len(words)), SIZE(repeats))

        return run

    def multiply_add(self, count):
        """Contestant: `count` multiplications and as many additions, a multiple of 128."""
        values = numpy.linspace(0.0, 1.0, 128)

        def run(repeats):
            factors = ctypes.c_double(0.999), ctypes.c_double(0.001)
            rounds = SIZE(repeats * count // len(values))
            self.library.at_bench_multiply_add(reals(values), *factors, rounds)

        return run

    def exp(self, x):
        """(contestant, result): the kernel's exp of each entry, in one loop."""
        result = numpy.zeros(len(x))

        def run(repeats):
            function = self.library.at_bench_exp_loop
            function(reals(result), reals(x), SIZE(len(x)), SIZE(repeats))

        return run, result


class Loops:
    """loops.so: functions of loops.h, precise.h and experiment.h, and the draws."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.at_bench_precise_open.restype = ctypes.c_void_p
        self.library.at_kernel.restype = ctypes.POINTER(ctypes.c_char_p)

    def selected(self):
        """The name of the build of the kernel that the harness selects (harness/fast/kernel.h)."""
        return self.library.at_kernel()[0].decode()

    def dot(self, function, x, y, blas=False):
        """(contestant, result): the dot product of x and y."""
        result = numpy.zeros(1)
        loop = self.library.at_bench_blas_dot if blas else self.library.at_bench_dot

        def run(repeats):
            loop(reals(result), function, reals(x), reals(y), SIZE(len(x)), SIZE(repeats))

        return run, result

    def map(self, function, x):
        """(contestant, result): function(x) of each entry."""
        result = numpy.zeros(len(x))

        def run(repeats):
            loop = self.library.at_bench_map
            loop(reals(result), function, reals(x), SIZE(len(x)), SIZE(repeats))

        return run, result

    def step(self, function, data):
        """(contestant, result): one gradient-descent step; the result is (v, p)."""
        rows = data.samples * data.token_count
        result = numpy.zeros(data.dim), numpy.zeros(data.dim)
        coefficients = numpy.zeros(rows), numpy.zeros(rows)
        arguments = [reals(a) for a in (*result, *coefficients)] + [function]
        arguments += [reals(a) for a in (data.tokens, data.labels, data.v, data.p)]
        arguments += [ctypes.c_double(data.step)]
        arguments += [SIZE(n) for n in (data.samples, data.token_count, data.dim)]

        def run(repeats):
            # the arrays stay alive in this closure
            assert coefficients is not None
            self.library.at_bench_step(*arguments, SIZE(repeats))

        return run, result

    def threaded_step(self, library, data, threads):
        """(contestant, result): one step by so many threads; the result is (v, p)."""
        rows = data.samples * data.token_count
        result = numpy.zeros(data.dim), numpy.zeros(data.dim)
        coefficients = numpy.zeros(rows), numpy.zeros(rows)
        names = ("at_single_head_coefficients", "at_single_head_gradient", "at_descend")
        arrays = (*result, *coefficients, data.tokens, data.labels, data.v, data.p)
        parts = Parts(
            *(address(library, name) for name in names),
            *(reals(array) for array in arrays),
            data.step,
            *(data.samples, data.token_count, data.dim),
        )

        def run(repeats):
            # a structure does not keep arrays alive; this closure does
            assert arrays is not None
            function = self.library.at_bench_threads
            if function(ctypes.byref(parts), SIZE(threads), SIZE(repeats)) != 0:
                raise MemoryError("a thread could not be started")

        return run, result

    def precise_step(self, form, data, bits):
        """(contestant, (v, p) after the third step from zero, close); form: one of FORMS."""
        handle = ctypes.c_void_p(
            self.library.at_bench_precise_open(
                FORMS.index(form),
                *(reals(a) for a in (data.tokens, data.labels)),
                ctypes.c_double(data.step),
                *(SIZE(n) for n in (data.samples, data.token_count, data.dim)),
                ctypes.c_long(bits),
            )
        )
        if not handle:
            raise MemoryError(f"{form} at {bits} bits")
        result = numpy.zeros(data.dim), numpy.zeros(data.dim)
        self.library.at_bench_precise_weights(*(reals(a) for a in result), handle)
        step, close = self.library.at_bench_precise_step, self.library.at_bench_precise_close
        return lambda repeats: step(handle, SIZE(repeats)), result, lambda: close(handle)

    def normals(self, count):
        """Contestant: `count` standard normals."""
        result, stream = numpy.zeros(count), (ctypes.c_uint64 * 2)(1, 2)

        def run(repeats):
            for turn in range(repeats):
                first = ctypes.c_uint64(turn * count)
                self.library.at_normal_fill(reals(result), stream, first, SIZE(count))

        return run

    def experiment(self, settings, kernel=None):
        """(fit, error) in full on the kernel's functions, or in law where none are given."""
        fit, error = ctypes.c_double(), ctypes.c_double()
        results = ctypes.byref(fit), ctypes.byref(error)
        if kernel is None:
            bad = self.library.at_bench_experiment_law(*results, ctypes.byref(settings))
        else:
            full = self.library.at_bench_experiment_full
            bad = full(*results, ctypes.byref(kernel), ctypes.byref(settings))
        if bad:
            raise MemoryError("an experiment could not be run")
        return fit.value, error.value
