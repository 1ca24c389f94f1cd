"""A program that calls BLAS and LAPACK through ctypes, and declares them as gfortran passes arguments.

Everything is a pointer; the length of a text comes by value, behind all other arguments. Prints one
line of JSON for each step. xerbla_() is called last, because it ends the process.
"""

import ctypes
import json
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_double, c_int, c_size_t

blas = ctypes.CDLL("libblas.so.3")
lapack = ctypes.CDLL("liblapack.so.3")

IntP, DoubleP = POINTER(c_int), POINTER(c_double)
Select = CFUNCTYPE(c_int, DoubleP, DoubleP)


def declare(library, name, restype, *argtypes):
    """Declares a function and returns it."""
    function = getattr(library, name)
    function.restype = restype
    function.argtypes = argtypes
    return function


ddot = declare(blas, "ddot_", c_double, IntP, DoubleP, IntP, DoubleP, IntP)
dnrm2 = declare(blas, "dnrm2_", c_double, IntP, DoubleP, IntP)
daxpy = declare(blas, "daxpy_", None, IntP, DoubleP, DoubleP, IntP, DoubleP, IntP)
drotg = declare(blas, "drotg_", None, DoubleP, DoubleP, DoubleP, DoubleP)
idamax = declare(blas, "idamax_", c_int, IntP, DoubleP, IntP)
lsame = declare(blas, "lsame_", c_int, c_char_p, c_char_p, c_size_t, c_size_t)
dgemm = declare(blas, "dgemm_", None, c_char_p, c_char_p, IntP, IntP, IntP, DoubleP, DoubleP, IntP, DoubleP, IntP,
                DoubleP, DoubleP, IntP, c_size_t, c_size_t)
xerbla = declare(blas, "xerbla_", None, c_char_p, IntP, c_size_t)
ilaver = declare(lapack, "ilaver_", None, IntP, IntP, IntP)
dlamch = declare(lapack, "dlamch_", c_double, c_char_p, c_size_t)
dgesv = declare(lapack, "dgesv_", None, IntP, IntP, DoubleP, IntP, IntP, DoubleP, IntP, IntP)
dsyev = declare(lapack, "dsyev_", None, c_char_p, c_char_p, IntP, DoubleP, IntP, DoubleP, DoubleP, IntP, IntP, c_size_t,
                c_size_t)
dgees = declare(lapack, "dgees_", None, c_char_p, c_char_p, Select, IntP, DoubleP, IntP, IntP, DoubleP, DoubleP, DoubleP,
                IntP, DoubleP, IntP, IntP, IntP, c_size_t, c_size_t)


def told(name, result):
    """Prints what came of a step."""
    print(json.dumps([name, result]), flush=True)


def doubles(*values):
    """An array of doubles."""
    return (c_double * len(values))(*values)


def main():
    """The program."""
    one, two, three = c_int(1), c_int(2), c_int(3)
    x, y = doubles(3, 0, -4), doubles(1, 2, 3)
    told("ddot", ddot(byref(three), x, byref(one), y, byref(one)))
    told("dnrm2", dnrm2(three, x, one))
    told("idamax", idamax(three, x, one))
    daxpy(three, c_double(2), x, one, y, one)
    told("daxpy", list(y))
    a, b, c, s = c_double(3), c_double(4), c_double(), c_double()
    drotg(a, b, c, s)
    told("drotg", [round(value.value, 12) for value in (a, c, s)])
    told("lsame", [bool(lsame(b"n", b"N", 1, 1)), bool(lsame(b"n", b"T", 1, 1))])
    product = doubles(1, 1, 1, 1)
    dgemm(b"N", b"T", two, two, two, c_double(1), doubles(1, 2, 3, 4), two, doubles(5, 6, 7, 8), two, c_double(10), product,
          two, 1, 1)
    told("dgemm", list(product))

    version = [c_int() for _ in range(3)]
    ilaver(*version)
    told("ilaver", version[0].value >= 3)
    told("dlamch", dlamch(b"Epsilon", 7) == 2.0 ** -53)
    pivots, right, info = (c_int * 2)(), doubles(5, 10), c_int(-1)
    dgesv(two, one, doubles(1, 3, 2, 4), two, pivots, right, two, info)
    told("dgesv", [[round(value, 12) for value in right], list(pivots), info.value])
    dgesv(two, one, doubles(1, 2, 2, 4), two, pivots, right, two, info)
    told("singular", info.value)
    values, work, size = (c_double * 2)(), (c_double * 64)(), c_int(64)
    dsyev(b"N", b"U", two, doubles(2, 1, 1, 2), two, values, work, size, info, 1, 1)
    told("dsyev", [[round(value, 12) for value in values], info.value])
    asked = []

    def positive(real, imaginary):
        asked.append([round(real[0], 12), round(imaginary[0], 12)])
        return real[0] > 0

    select, found, imaginary, ordered = Select(positive), c_int(), (c_double * 2)(), (c_int * 2)()
    dgees(b"N", b"S", select, two, doubles(-1, 0, 5, 2), two, found, values, imaginary, work, one, work, size, ordered, info,
          1, 1)
    told("dgees", [found.value, [round(value, 12) for value in values], sorted(asked[:2]), info.value])
    with open("/proc/self/maps", encoding="utf-8") as maps:
        told("libraries", sorted({line.split()[-1] for line in maps if "libblas" in line or "liblapack" in line}))
    xerbla(b"PYTHON", three, 6)


main()
