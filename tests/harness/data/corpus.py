#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the corpora of small .npy and IDX files: what tests and fuzz targets start from.

Main result: tests/corpus/npy and tests/corpus/idx. Files whose names start with `bad_` must be
refused, all others accepted. The good .npy files are NumPy's own work (numpy.save and
numpy.lib.format), the bad ones are made from its bytes.
Assumption: NumPy, wanted only when the corpora change; the files are committed.
Used by: test_npy.c, test_idx.c, numpy.sh, tests/fuzz.
"""
import gzip
import io
import struct
import sys
from pathlib import Path

import numpy as np
from numpy.lib import format as npy_format


def npy(array, version=None):
    out = io.BytesIO()
    npy_format.write_array(out, array, version=version, allow_pickle=True)
    return out.getvalue()


def header(text, data=b"", version=1):
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + data


def good_npy():
    cube = np.arange(24, dtype="<f8").reshape(2, 3, 4) / 8 - 1
    yield "f8_cube", npy(cube)
    yield "f8_version2", npy(cube, (2, 0))
    yield "f8_version3", npy(cube, (3, 0))
    yield "f8_big_endian", npy(cube.astype(">f8"))
    yield "f4_cube", npy(cube.astype("<f4"))
    yield "f4_big_endian", npy(cube.astype(">f4"))
    yield "f8_extremes", npy(np.array([0.0, -0.0, 5e-324, -1.7976931348623157e308, 1 / 3]))
    yield "i8_labels", npy(np.array([1, -1, -1, 2**53, -(2**53)], dtype="<i8"))
    yield "i4_labels", npy(np.array([1, -1, 2**31 - 1, -(2**31)], dtype=">i4"))
    yield "i2_labels", npy(np.array([1, -1, -32768], dtype="<i2"))
    yield "i1_labels", npy(np.array([1, -1, -128], dtype="i1"))
    yield "u1_labels", npy(np.array([1, 0, 255], dtype="u1"))
    yield "scalar", npy(np.array(2.5))
    yield "fortran_vector", header(
        b"{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }\n", struct.pack("<d", 4.0))
    yield "python2", header(
        b'{"shape": (1L, 2L), "descr": "<f8", "fortran_order": False}', struct.pack("<2d", 3, 4))


def bad_npy():
    cube = npy(np.arange(24, dtype="<f8").reshape(2, 3, 4))
    one = struct.pack("<d", 1.0)
    entry = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"

    def dictionary(descr="<f8", order="False", shape="(1,)", data=one):
        return header((entry % (descr, order, shape)).encode(), data)

    yield "empty_file", b""
    yield "magic", b"\x93NUMPX" + cube[6:]
    yield "version", cube[:6] + b"\x04\x00" + cube[8:]
    yield "minor_version", cube[:6] + b"\x01\x01" + cube[8:]
    yield "cut_prefix", cube[:9]
    yield "cut_header", cube[:60]
    yield "cut_data", cube[:-1]
    yield "no_data", cube[:128]
    yield "trailing", cube + b"\0"
    yield "huge_header", b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b" " * 8
    yield "version2_cut", b"\x93NUMPY\x02\x00\x00\x00"
    yield "fortran", npy(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    yield "object", npy(np.array([None]))
    yield "structured", npy(np.zeros(2, dtype=[("a", "<f8"), ("b", "<f8")]))
    yield "complex", npy(np.zeros(2, dtype="<c16"))
    yield "boolean", npy(np.zeros(2, dtype=bool))
    yield "text", npy(np.array(["a"]))
    yield "half", npy(np.zeros(2, dtype="<f2"))
    yield "no_entries", npy(np.zeros((2, 0)))
    yield "nan", npy(np.array([1.0, np.nan]))
    yield "infinity", npy(np.array([np.inf, 1.0], dtype="<f4"))
    yield "beyond_2_53", npy(np.array([1, -(2**63)], dtype="<i8"))
    yield "shape_overflow", dictionary(shape="(4294967296, 4294967296, 4)")
    yield "shape_beyond_64_bits", dictionary(shape="(18446744073709551616,)")
    yield "shape_negative", dictionary(shape="(-1,)")
    yield "shape_no_tuple", dictionary(shape="(1)")
    yield "shape_list", dictionary(shape="[1]")
    yield "shape_commas", dictionary(shape="(1,,)")
    yield "shape_rank", dictionary(shape="(1, 1, 1, 1, 1, 1, 1, 1, 1)")
    yield "order_word", dictionary(order="0")
    yield "control", dictionary(descr="<f8\x1b[2J")
    yield "repeated_key", header(b"{'descr': '<f8', 'descr': '<f8', 'shape': (1,)}", one)
    yield "unknown_key", header(b"{'dtype': '<f8', 'fortran_order': False, 'shape': (1,)}", one)
    yield "missing_key", header(b"{'descr': '<f8', 'shape': (1,)}", one)
    yield "after_dictionary", header((entry % ("<f8", "False", "(1,)")).encode() + b"x", one)
    yield "no_comma", header(b"{'descr': '<f8' 'fortran_order': False, 'shape': (1,)}", one)
    yield "no_dictionary", header(b"42", one)
    yield "open_dictionary", header(b"{'descr': '<f8', ", one)


def idx(shape, data, kind=8):
    head = struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape)
    return head + data


def packed(data):
    return gzip.compress(data, mtime=0)


def good_idx():
    cube = idx((2, 3, 4), bytes(range(24)))
    yield "cube", cube
    yield "cube.gz", packed(cube)
    yield "labels.gz", packed(idx((5,), bytes([9, 0, 3, 3, 1])))
    yield "large.gz", packed(idx((256, 1024), bytes(256 << 10)))


def bad_idx():
    cube = idx((2, 3, 4), bytes(range(24)))
    yield "empty_file", b""
    yield "magic", b"\1" + cube[1:]
    yield "type", idx((2,), bytes(8), kind=0x0C)
    yield "rank_0", idx((), b"\0")
    yield "rank_5", idx((1, 1, 1, 1, 1), b"\0")
    yield "cut_header", cube[:10]
    yield "cut_data", cube[:-1]
    yield "trailing", cube + b"\0"
    yield "no_entries", idx((2, 0), b"")
    yield "shape_overflow", idx((0xFFFFFFFF,) * 4, b"\0")
    yield "gzip_cut.gz", packed(cube)[:-9]
    yield "gzip_trailing.gz", packed(cube) + b"x"
    damaged = bytearray(packed(cube))
    damaged[-6] ^= 1  # in the checksum
    yield "gzip_damaged.gz", bytes(damaged)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "corpus")
    rooms = (("npy", ".npy", good_npy, bad_npy), ("idx", "", good_idx, bad_idx))
    for room, suffix, good, bad in rooms:
        (root / room).mkdir(parents=True, exist_ok=True)
        for prefix, files in (("", good()), ("bad_", bad())):
            for name, data in files:
                (root / room / f"{prefix}{name}{suffix}").write_bytes(data)


if __name__ == "__main__":
    main()
