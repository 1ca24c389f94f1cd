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


def get_ready():
    """Opens libtypedata while that can be had; if it cannot, the first function that would need it says so."""
    global _dladdr
    _dladdr = _dladdr or _find_dladdr()
    try:
        typedata.api()
    except typedata.Missing:
        pass


def _identity(address):
    """What tells this module from any other, also from one that is loaded at its place later on; None if there is none."""
    info = _DlInfo()
    if not _dladdr(address, byref(info)):
        return None
    path = info.fname or b""
    try:
        found = os.stat(path)
        return info.fbase, path, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    except (OSError, ValueError):
        return info.fbase, path


def _path_at(address):
    identity = _identity(address)
    return identity[1] if identity else b""


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


def any_types():
    """Whether any library that was looked at carries types."""
    return any(types is not None for types in _modules.values())


def _open(address):
    handle, error = c_void_p(), typedata._Error()
    flags = typedata.OR_DEBUGINFO if settings.debuginfo else 0
    status = typedata.api().open_loaded(address, flags, byref(handle), byref(error))
    if status == typedata.OK:
        return typedata.Types(handle.value)
    gone = status == typedata.UNREADABLE and not os.path.exists(_path_at(address))  # as after a chroot
    if status != typedata.ABSENT and not gone:
        warn(f"calls are not checked: {typedata.text(error.message)}", TypesafeWarning)
    return None
