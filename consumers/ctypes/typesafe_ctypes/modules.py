"""Which loaded library holds an address, and its types."""

import ctypes
import os
from ctypes import Structure, byref, c_char_p, c_int, c_void_p

from . import typedata
from .settings import TypesafeWarning, settings, warn


class _DlInfo(Structure):
    _fields_ = [("fname", c_char_p), ("fbase", c_void_p), ("sname", c_char_p), ("saddr", c_void_p)]


_dladdr = None
_modules = {}  # (base, path, file's identity) → Types, or None if there are none
_off = False   # libtypedata is missing, and that was said


def _find_dladdr():
    library = ctypes.CDLL(None)
    library._FuncPtr = typedata._Function
    function = library["dladdr"]
    function.argtypes = [c_void_p, ctypes.POINTER(_DlInfo)]
    function.restype = c_int
    return function


def _identity(address):
    """What tells this module from any other, also from one that is loaded at its place later on; None if there is none."""
    global _dladdr
    if _dladdr is None:
        _dladdr = _find_dladdr()
    info = _DlInfo()
    if not _dladdr(address, byref(info)):
        return None
    path = info.fname or b""
    try:
        found = os.stat(path)
        return info.fbase, path, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    except (OSError, ValueError):
        return info.fbase, path


def types_at(address):
    """The Types of the loaded library that holds `address`; None if it carries none or they cannot be had, which is
    warned of once."""
    global _off
    if _off:
        return None
    key = _identity(address)
    if key is None:
        return None
    try:
        return _modules[key]
    except KeyError:
        pass
    try:
        types = _open(address)
    except typedata.Missing as missing:
        _off = True
        warn(f"calls are not checked: {missing}", TypesafeWarning)
        return None
    _modules[key] = types
    return types


def _open(address):
    handle, error = c_void_p(), typedata._Error()
    flags = typedata.OR_DEBUGINFO if settings.debuginfo else 0
    status = typedata.api().open_loaded(address, flags, byref(handle), byref(error))
    if status == typedata.OK:
        return typedata.Types(handle.value)
    if status != typedata.ABSENT:
        warn(f"calls are not checked: {typedata.text(error.message)}", TypesafeWarning)
    return None
