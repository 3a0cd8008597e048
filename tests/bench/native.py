# SPDX-License-Identifier: Apache-2.0
"""native.py: what make bench compiled, callable from Python without a loop in Python.

Main result: the functions of Loops make contestants of timing.py, which take a number of repeats
and leave their results in arrays that can be compared bit by bit.
Assumption: kernel/single_head.h, loops.h and precise.h, whose signatures are repeated here.
"""
import ctypes

import numpy

REAL = ctypes.POINTER(ctypes.c_double)
SIZE = ctypes.c_size_t


def reals(array):
    assert array.dtype == numpy.float64 and array.flags.c_contiguous
    return array.ctypes.data_as(REAL)


def address(library, name):
    return ctypes.cast(getattr(library, name), ctypes.c_void_p)


class Loops:
    """loops.so: functions of loops.h, and of precise.h."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))

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

    def precise_step(self, room, data, bits):
        """(contestant, first step's (v, p), close) of the room "reference" or "enclosure"."""
        opened = getattr(self.library, f"at_bench_{room}_open")
        opened.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(
            opened(
                *(reals(a) for a in (data.tokens, data.labels, data.v, data.p)),
                ctypes.c_double(data.step),
                *(SIZE(n) for n in (data.samples, data.token_count, data.dim)),
                ctypes.c_long(bits),
            )
        )
        if not handle:
            raise MemoryError(f"{room} at {bits} bits")
        result = numpy.zeros(data.dim), numpy.zeros(data.dim)
        getattr(self.library, f"at_bench_{room}_weights")(*(reals(a) for a in result), handle)
        step = getattr(self.library, f"at_bench_{room}_step")
        close = getattr(self.library, f"at_bench_{room}_close")
        return lambda repeats: step(handle, SIZE(repeats)), result, lambda: close(handle)
