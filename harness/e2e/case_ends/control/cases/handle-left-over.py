"""The second argument is missing."""

from ctypes import c_long, c_uint64


def wrong(lib):
    lib.control_handle.restype = c_uint64
    lib.control_add.argtypes = [c_uint64]
    lib.control_add.restype = c_long
    return lib.control_add(lib.control_handle())
