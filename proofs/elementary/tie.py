# SPDX-License-Identifier: Apache-2.0
"""Compares the parsed C text with the compiled C text, bit for bit.

Main result: at_power_of_two(k) = 2^k for every admitted k; each function gives, on the points
below, the bits that its parsed text gives in Python, for every compiler and option set in BUILDS;
the constants of the reduction are the roundings of 1/ln 2 and ln 2 that their comment says.
Assumptions: Python floats are binary64, rounded to nearest.
"""

import ctypes
import math
import random
import struct
import subprocess
from fractions import Fraction

FLAGS = ["-std=c11", "-ffp-contract=off", "-shared", "-fPIC"]
BUILDS = [("gcc", ["-O2"]), ("gcc", ["-O3", "-march=native"]),
          ("clang", ["-O2"]), ("clang", ["-O3", "-march=native"])]
POINTS = 200000
SEED = 20241110

# exp.c is included as text, because at_power_of_two is private to it.
BRIDGE = """#include "exp.c"
#include "logistic.h"
#include <stddef.h>
#define MAP(name)                                                        \\
  void map_##name(double *out, const double *in, size_t n);              \\
  void map_##name(double *out, const double *in, size_t n)               \\
  {                                                                      \\
    for (size_t i = 0; i < n; i++)                                       \\
      out[i] = name(in[i]);                                              \\
  }
MAP(at_exp)
MAP(at_log1p)
MAP(at_sigmoid)
MAP(at_softplus)
double power_of_two(int k);
double power_of_two(int k) { return at_power_of_two(k); }
"""


class Mismatch(Exception):
    """Compiled and parsed text differ."""


class Tool(Exception):
    """A compiler is missing or fails."""


def build(kernel, folder, compiler, options, name):
    bridge, library = folder / "bridge.c", folder / f"{name}.so"
    bridge.write_text(BRIDGE, encoding="utf-8")
    command = [compiler, *options, *FLAGS, f"-I{kernel}", str(bridge), str(kernel / "logistic.c"),
               "-o", str(library)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Tool(str(error)) from error
    if result.returncode:
        raise Tool(f"{' '.join(command)}: {result.stderr[:400]}")
    return ctypes.CDLL(str(library))


def neighbours(x):
    return [math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf)]


def edges():
    """Zero, the smallest and largest numbers, the clamp, and where the reduction changes."""
    tiny, huge = 5e-324, 1.7976931348623157e308
    found = [0.0, -0.0, tiny, 2.0**-1022, huge, 1.0, 0.5, 0.25, 2.0**-53, 2.0**-54, 2.0**-60]
    for x in (2.0**-1022, 2.0**-53, 0.25, 0.5, 1.0, 64.0, 707.0, 708.0, 709.0, 745.0, 1e15, 1e300):
        found += neighbours(x)
    for k in range(1022):
        found += neighbours((k + 0.5) * math.log(2.0)) + neighbours(k * math.log(2.0))
    return found


def points(name, chance):
    """Arguments in the function's domain: all edges, then random ones in several scales."""
    drawn = edges()
    for i in range(POINTS):
        u = chance.random()
        drawn.append((708.0 * u, 2.0**(-70.0 + 79.5 * u), 2.0**(-1074.0 + 2098.0 * u), u)[i % 4])
    if name == "at_log1p":
        return [abs(x) for x in drawn if abs(x) <= 1.0]
    if name == "at_exp":
        return [-abs(x) for x in drawn]
    return [x if chance.random() < 0.5 else -x for x in drawn]


def compare(library, name, arguments, expected):
    n = len(arguments)
    array = ctypes.c_double * n
    out, function = array(), getattr(library, "map_" + name)
    function.argtypes = [array, array, ctypes.c_size_t]
    function.restype = None
    function(out, array(*arguments), n)
    if bytes(out) == expected:
        return
    for i, x in enumerate(arguments):
        if struct.pack("<d", out[i]) != expected[8 * i:8 * i + 8]:
            raise Mismatch(f"{name}({x.hex()}) is {out[i].hex()} when compiled")


def check_powers(library):
    library.power_of_two.restype = ctypes.c_double
    for k in range(-1022, 1):
        if library.power_of_two(k) != math.ldexp(1.0, k):
            raise Mismatch(f"at_power_of_two({k})")


def nearest(exact, bits):
    """`exact` > 0 rounded to nearest with so many significant bits."""
    exponent = 0
    while exact >= 2**bits:
        exact, exponent = exact / 2, exponent + 1
    while exact < 2**(bits - 1):
        exact, exponent = exact * 2, exponent - 1
    return Fraction(round(exact)) * Fraction(2)**exponent


def check_reduction(constants):
    """ln 2 = sum of 1 / (k 2^k); 400 terms leave less than 2^-400."""
    ln2 = sum(Fraction(1, k * 2**k) for k in range(1, 401))
    high = nearest(ln2, 42)
    wanted = {"EXP_INVERSE_LN2": nearest(1 / ln2, 53), "EXP_LN2_HIGH": high,
              "EXP_LN2_LOW": nearest(ln2 - high, 53)}
    for name, exact in wanted.items():
        if constants[name] != exact:
            raise Mismatch(f"{name} is not {float(exact).hex()}")


def check(text, kernel, folder, python_functions):
    """Raises Mismatch or Tool; returns what was compared."""
    check_reduction(text.constants)
    libraries = [build(kernel, folder, compiler, options, f"tie{i}")
                 for i, (compiler, options) in enumerate(BUILDS)]
    for library in libraries:
        check_powers(library)
    chance, total = random.Random(SEED), 0
    for name, function in python_functions(text.functions, text.constants).items():
        arguments = points(name, chance)
        expected = struct.pack(f"<{len(arguments)}d", *map(function, arguments))
        total += len(arguments)
        for library in libraries:
            compare(library, name, arguments, expected)
    return f"{total} points and 1023 powers, {len(libraries)} builds"
