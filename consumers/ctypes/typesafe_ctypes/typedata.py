"""libtypedata as this package calls it: through ctypes, unchecked, loaded when it is first needed.

The words are those of typedata.h, which says what each function means.
"""

import ctypes
import os
import sys
from ctypes import (POINTER, Structure, byref, c_bool, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint, c_uint32, c_uint64,
                    c_void_p, create_string_buffer)

from _ctypes import FUNCFLAG_CDECL, CFuncPtr

VOID, NONE = 0, 0xFFFFFFFF
UNKNOWN = 0xFFFFFFFFFFFFFFFF

OK, ABSENT, UNREADABLE = 0, 1, 2
OR_DEBUGINFO = 1

(KIND_VOID, KIND_BASE, KIND_UNSPECIFIED, KIND_POINTER, KIND_REFERENCE, KIND_MEMBER_POINTER, KIND_CONST, KIND_VOLATILE,
 KIND_RESTRICT, KIND_ATOMIC, KIND_ALIAS, KIND_STRUCT, KIND_UNION, KIND_ENUM, KIND_ARRAY, KIND_FUNCTION) = range(16)

VARIADIC, PROTOTYPED, NORETURN, DECLARATION, VECTOR, NONTRIVIAL, PASSING_UNTOLD = 1, 2, 4, 8, 16, 32, 64
BY_ADDRESS = NONTRIVIAL | PASSING_UNTOLD  # classes of C++ that are not handed over whole, or may not be

SAME, COMPATIBLE, HANDLE, HARMFUL = range(4)
SHALLOW = 2

# DW_ATE_*
BOOLEAN, COMPLEX, FLOAT, SIGNED, SIGNED_CHAR, UNSIGNED, UNSIGNED_CHAR, UTF = 2, 3, 4, 5, 6, 7, 8, 0x10


class _Function(CFuncPtr):
    """A function of libtypedata: plain ctypes, also while the process is switched over."""

    _flags_ = FUNCFLAG_CDECL
    _restype_ = c_int


class _Error(Structure):
    _fields_ = [("message", c_char * 512)]


class _Info(Structure):
    _fields_ = [("kind", c_int), ("flags", c_uint), ("encoding", c_uint), ("target", c_uint32), ("size", c_uint64),
                ("alignment", c_uint64), ("count", c_uint64), ("name", c_char_p)]


class _Item(Structure):
    _fields_ = [("name", c_char_p), ("type", c_uint32), ("base_class", c_bool), ("bit_offset", c_uint64),
                ("bit_size", c_uint64), ("value", c_int64)]


# result, parameters
_PROTOTYPES = {
    "open": (c_int, c_char_p, c_uint, POINTER(c_void_p), POINTER(_Error)),
    "open_loaded": (c_int, c_void_p, c_uint, POINTER(c_void_p), POINTER(_Error)),
    "module": (c_size_t, c_void_p),
    "path": (c_char_p, c_void_p),
    "close": (None, c_void_p),
    "find_function": (c_uint32, c_void_p, c_char_p),
    "find_object": (c_uint32, c_void_p, c_char_p),
    "function_at": (c_uint32, c_void_p, c_void_p, POINTER(c_char_p)),
    "object_at": (c_uint32, c_void_p, c_void_p, POINTER(c_char_p)),
    "find_type": (c_uint32, c_void_p, c_char_p),
    "describe": (c_bool, c_void_p, c_uint32, POINTER(_Info)),
    "items": (c_size_t, c_void_p, c_uint32, POINTER(_Item), c_size_t),
    "strip": (c_uint32, c_void_p, c_uint32, c_bool),
    "print": (c_size_t, c_void_p, c_uint32, c_char_p, POINTER(c_char), c_size_t),
    "new": (c_void_p,),
    "add_base": (c_uint32, c_void_p, c_char_p, c_uint64, c_uint),
    "add_pointer": (c_uint32, c_void_p, c_uint32),
    "add_array": (c_uint32, c_void_p, c_uint32, c_uint64),
    "add_record": (c_uint32, c_void_p, c_bool, c_char_p, c_uint64, c_uint64),
    "add_member": (c_bool, c_void_p, c_uint32, c_char_p, c_uint32, c_uint64, c_uint64),
    "add_function": (c_uint32, c_void_p, c_uint32, c_uint),
    "add_parameter": (c_bool, c_void_p, c_uint32, c_char_p, c_uint32),
    "compare": (c_int, c_void_p, c_uint32, c_void_p, c_uint32, c_uint, POINTER(c_char), c_size_t),
}


class Missing(Exception):
    """libtypedata cannot be loaded."""


class _Api:
    """The functions of libtypedata, without their prefix."""

    def __init__(self):
        library = _load()
        library._FuncPtr = _Function
        try:
            for name, prototype in _PROTOTYPES.items():
                function = library["typedata_" + name]
                function.restype = prototype[0]
                function.argtypes = prototype[1:]
                setattr(self, name, function)
        except AttributeError as error:
            raise Missing(f"{library._name}: is not the libtypedata that typesafe_ctypes needs ({error})") from None


def _candidates():
    """Where libtypedata may be: as the environment says, in the prefix that holds this package, where the loader finds it."""
    chosen = os.environ.get("TYPESAFE_CTYPES_LIBTYPEDATA")
    if chosen:
        return [chosen]
    found = []
    directory = os.path.dirname(os.path.abspath(__file__))
    machine = getattr(sys.implementation, "_multiarch", "") or os.uname().machine + "-linux-gnu"
    for _ in range(4):
        directory = os.path.dirname(directory)
        for below in ("", "lib64", "lib", machine, os.path.join("lib", machine)):
            path = os.path.join(directory, below, "libtypedata.so.1")
            if os.path.exists(path):
                found.append(path)
    return found + ["libtypedata.so.1"]


def _load():
    """The library, or Missing with the reason."""
    reason = None
    for path in _candidates():
        try:
            return ctypes.CDLL(path)
        except OSError as error:
            reason = error
    raise Missing(f"libtypedata.so.1 cannot be loaded: {reason}; install it, or name it in TYPESAFE_CTYPES_LIBTYPEDATA")


_api = None


def api():
    """libtypedata, loaded at the first call. Throws Missing."""
    global _api
    if _api is None:
        _api = _Api()
    return _api


def text(raw):
    """A string of libtypedata's."""
    return raw.decode("utf-8", "replace") if raw else ""


class Info:
    """typedata_info."""

    __slots__ = ("kind", "flags", "encoding", "target", "size", "name")

    def __init__(self, raw):
        self.kind, self.flags, self.encoding = raw.kind, raw.flags, raw.encoding
        self.target, self.size, self.name = raw.target, raw.size, text(raw.name)


class Item:
    """typedata_item."""

    __slots__ = ("name", "type", "base_class", "bit_offset", "bit_size", "value")

    def __init__(self, raw):
        self.name, self.type, self.base_class = text(raw.name), raw.type, raw.base_class
        self.bit_offset, self.bit_size, self.value = raw.bit_offset, raw.bit_size, raw.value


class Types:
    """One typedata. `memo` is for those who derive something from its types."""

    def __init__(self, handle):
        self.api = api()
        self.handle = handle
        self.path = text(self.api.path(handle))  # of the library
        self.memo = {}

    def describe(self, kind):
        """Info of a type."""
        raw = _Info()
        self.api.describe(self.handle, kind, byref(raw))
        return Info(raw)

    def items(self, kind):
        """The Items of a type: members, parameters, dimensions."""
        count = self.api.items(self.handle, kind, None, 0)
        raw = (_Item * max(count, 1))()
        count = min(count, self.api.items(self.handle, kind, raw, count))
        return [Item(raw[i]) for i in range(count)]

    def strip(self, kind):
        """The type behind qualifiers and typedefs."""
        return self.api.strip(self.handle, kind, True)

    def print(self, kind, name=""):
        """The type as C."""
        size = 256
        while True:
            buffer = create_string_buffer(size)
            length = self.api.print(self.handle, kind, name.encode("utf-8", "replace"), buffer, size)
            if length < size:
                return text(buffer.value)
            size = length + 1

    def function(self, symbol, address):
        """The type of the function `symbol` (bytes, or None), or else of the one at that address; NONE if there is none.
        The name goes first: the address of an indirect function is not its symbol's."""
        kind = self.api.find_function(self.handle, symbol) if symbol else NONE
        return self.api.function_at(self.handle, address, None) if kind == NONE else kind

    def object(self, symbol, address):
        """The type of the object `symbol`, or else of the one at that address; NONE if there is none."""
        kind = self.api.find_object(self.handle, symbol)
        return self.api.object_at(self.handle, address, None) if kind == NONE else kind

    def symbol_at(self, address):
        """A name of the function at that address, "" if there is none."""
        symbol = c_char_p()
        self.api.function_at(self.handle, address, byref(symbol))
        return text(symbol.value)

    def compare(self, its, declared, kind, flags=0):
        """The verdict on a type of another typedata held against one of this, and the words."""
        words = create_string_buffer(1024)
        verdict = self.api.compare(self.handle, its, declared.handle, kind, flags, words, len(words))
        return verdict, text(words.value)
