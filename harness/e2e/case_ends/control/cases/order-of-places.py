"""Whether the library lies in the upper half of the address space."""

from ctypes import c_void_p, cast


def wrong(lib):
    return cast(lib.control_ask, c_void_p).value >> 46 == 1
