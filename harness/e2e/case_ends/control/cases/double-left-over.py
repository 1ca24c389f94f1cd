"""The third argument is missing."""

from ctypes import c_double


def wrong(lib):
    lib.control_product.argtypes = [c_double, c_double]
    lib.control_product.restype = c_double
    return lib.control_product(3, 4) == 12
