"""The class that ctypes' classes of functions are derived from when they are checked."""

import sys
from ctypes import addressof, c_int, c_void_p

from _ctypes import FUNCFLAG_CDECL, CFuncPtr

PYPY = sys.implementation.name == "pypy"
_attach = None  # typed.attach, once checking is switched on: it brings all the rest


class CheckedFuncPtr(CFuncPtr):
    """What ctypes' classes of functions are derived from instead of CFuncPtr."""

    _flags_ = FUNCFLAG_CDECL
    _restype_ = c_int

    def __init__(self, *args):
        if PYPY:
            CFuncPtr.__init__(self, *args)
        if _attach is not None and args and isinstance(args[0], (tuple, int)):
            _attach(self, args[0])


def _refusing_itself(name):
    """A class method of ctypes' that CheckedFuncPtr, as CFuncPtr, is too abstract for."""
    def method(cls, *args):
        if cls is CheckedFuncPtr:
            raise TypeError("abstract class")
        return getattr(type(cls), name)(cls, *args)

    return classmethod(method)


for _name in ("from_address", "from_buffer", "from_buffer_copy"):
    setattr(CheckedFuncPtr, _name, _refusing_itself(_name))


def address_of(function):
    """The address that a CFuncPtr calls, 0 if none."""
    return c_void_p.from_address(addressof(function)).value or 0
