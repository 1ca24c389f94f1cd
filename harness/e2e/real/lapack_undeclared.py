"""A program that calls BLAS and LAPACK through ctypes and declares nothing.

Under plain ctypes every result is an int: what ddot_() returns is not even looked at.
"""

import ctypes
import json
from ctypes import byref, c_double, c_int

blas = ctypes.CDLL("libblas.so.3")
lapack = ctypes.CDLL("liblapack.so.3")


def told(name, result):
    """Prints what came of a step."""
    print(json.dumps([name, result]), flush=True)


def main():
    """The program."""
    one, two, three = c_int(1), c_int(2), c_int(3)
    x, y = (c_double * 3)(3, 0, -4), (c_double * 3)(1, 2, 3)
    told("ddot", blas.ddot_(byref(three), x, byref(one), y, byref(one)))
    told("dnrm2", blas.dnrm2_(byref(three), x, byref(one)))
    told("idamax", blas.idamax_(byref(three), x, byref(one)))
    blas.daxpy_(byref(three), byref(c_double(2)), x, byref(one), y, byref(one))
    told("daxpy", list(y))
    told("lsame", bool(blas.lsame_(b"n", b"N", 1, 1)))
    pivots, right, info = (c_int * 2)(), (c_double * 2)(5, 10), c_int(-1)
    lapack.dgesv_(byref(two), byref(one), (c_double * 4)(1, 3, 2, 4), byref(two), pivots, right, byref(two), byref(info))
    told("dgesv", [[round(value, 12) for value in right], info.value])


main()
