"""Converters of arguments for functions that nobody declared: they take whatever is right for the C type.

Plain ctypes makes a foreign argument of nearly anything when argtypes is not set: c_long(1) and 1 for an int, a buffer
or byref() for a pointer. A correct program may use all of that, so that these take more than the types of ctypes do;
what the library's type rules out is refused, with both sides named.
"""

import ctypes
import sys
from ctypes import Array, Structure, Union, byref, c_char_p, c_int, c_void_p, c_wchar_p, sizeof

from _ctypes import CFuncPtr, _Pointer, _SimpleCData

from . import check, guard, shapes, typedata

PYPY = sys.implementation.name == "pypy"
CArgObject = type(byref(c_int()))  # on PyPy a pointer
Address = int                      # derive.Address: derive needs this module first


def _refuse(value, wanted, words=""):
    said = f": {words}" if words else ""
    raise TypeError(f"{type(value).__name__} given for {wanted}{said}")


_integers = {}


def integer(native):
    """The converter for an integer parameter of that ctypes type; one for each type."""
    made = _integers.get(native)
    if made is None:
        made = _integers[native] = _integer(native)
    return made


def _integer(native):
    convert = native.from_param

    class Integer(native):
        """An int, or any integer object of ctypes."""

    def from_param(value, native=native, int=int):
        if type(value) is int:
            return convert(value)
        kind = type(value)
        if shapes.is_type(kind) and (shapes.is_integer(kind) or shapes.code(kind) in ("c", "u")):
            value = value.value
            if not isinstance(value, int):  # c_char, c_wchar
                value = value[0] if isinstance(value, bytes) else ord(value)
            return convert(value)
        if isinstance(value, int):
            return convert(int(value))
        if hasattr(value, "_as_parameter_"):
            return from_param(value._as_parameter_)
        return _refuse(value, native.__name__)

    if PYPY:  # which calls fast only if it gets back what argtypes says
        convert = Integer
    Integer.__name__ = Integer.__qualname__ = native.__name__
    Integer.from_param = staticmethod(from_param)
    return Integer


class _Pointee:
    """The pointer parameter of one C type, and what it made of the Python types it has met."""

    def __init__(self, function, index, target, is_wide):
        types = function.types
        info = types.describe(types.strip(target))
        self.function, self.index, self.is_wide = function, index, is_wide
        self.is_void = info.kind == typedata.KIND_VOID
        self.is_byte = info.kind in (typedata.KIND_BASE, typedata.KIND_ENUM) and info.size == 1
        self.is_pointer = info.kind in (typedata.KIND_POINTER, typedata.KIND_REFERENCE, typedata.KIND_FUNCTION)
        self.size = 0 if info.size == typedata.UNKNOWN else info.size
        self.words = types.print(function.parameters[index].type)
        # The types whose objects it takes whatever they hold, and those of which it takes byref().
        self.fine, self.fine_targets = set(), set()
        if self.is_void or self.is_byte:
            self.fine.add(bytes)

    def takes_bytes(self, size):
        """Whether memory of that many bytes, of no type of its own, will do. The type of an array says how many."""
        return self.is_void or self.is_byte or (not (self.is_pointer or self.is_wide) and 0 < self.size <= size)

    def why_not(self, kind, is_target):
        """Why a pointer declared as `kind`, or to a `kind`, will not do; "" if it will."""
        return check.argument(self.function, self.index, kind, is_target)

    def remember(self, value):
        """That all values of this one's type are taken."""
        for known in (self.fine, self.fine_targets):
            if len(known) > 500:  # types made in a loop
                known.clear()
        if type(value) is CArgObject and not PYPY:
            self.fine_targets.add(type(value._obj))
        else:
            self.fine.add(type(value))


def pointer(function, index, target, is_wide):
    """The converter for a pointer parameter to that target."""
    pointee = _Pointee(function, index, target, is_wide)

    fine, fine_targets = pointee.fine, pointee.fine_targets

    class Pointer(c_void_p):
        """None, memory of bytes, or a pointer to what the C type says."""

    def from_param(value):
        kind = type(value)
        if kind in fine or value is None or (kind is CArgObject and not PYPY and type(value._obj) in fine_targets):
            return _hand_over(Pointer, value) if PYPY else value
        if _takes(pointee, value):
            return _hand_over(Pointer, value)
        return from_param(value._as_parameter_)

    Pointer.from_param = staticmethod(from_param)
    Pointer.__name__ = Pointer.__qualname__ = pointee.words
    return Pointer


def _takes(pointee, value):
    """True if the pointer takes it, False if it has an _as_parameter_ to be asked instead; throws TypeError."""
    kind = type(value)
    why = ""
    if kind is bytes:
        if pointee.takes_bytes(len(value)):
            return True
        why = f"{len(value)} bytes, but it points to {pointee.size}" if pointee.size > len(value) else ""
    elif kind is bool:
        why = "a truth value is no address"
    elif isinstance(value, int):
        if pointee.is_void or isinstance(value, Address) or value == 0:
            return True
        why = "an int is no address, c_void_p(int) is"
    elif kind is str:
        if pointee.is_void or pointee.is_wide:
            return True
        why = "that would be wchar_t *, encode it"
    elif isinstance(value, (CArgObject, Array, _Pointer)):
        why = _why_not_pointer(pointee, value)
        if not why:
            pointee.remember(value)
            return True
        if isinstance(value, _Pointer) and guard.is_of_library(value):  # a handle, however it is declared
            return True
        if kind is CArgObject and not PYPY and _has_offset(value, value._obj):
            return True
    elif isinstance(value, CFuncPtr):
        why = "" if pointee.is_void or hasattr(value, "_typesafe_") else pointee.why_not(kind, False)
        if not why:
            if not hasattr(value, "_typesafe_"):
                pointee.remember(value)
            return True
    elif isinstance(value, (Structure, Union)):
        why = "by value; hand over byref() of it"
    elif isinstance(value, _SimpleCData):
        letter = shapes.code(kind)
        if letter in ("P", "O") or (letter in ("z", "Z") and pointee.is_void):
            pointee.remember(value)
            return True
        if shapes.is_integer(kind) and sizeof(kind) == sizeof(c_void_p) and guard.is_address(value.value):
            return True  # so do programs hand on what they were given
        why = pointee.why_not(c_char_p if letter == "z" else c_wchar_p, False) if letter in ("z", "Z") else "by value"
        if not why:
            pointee.remember(value)
            return True
    elif hasattr(value, "_as_parameter_"):
        return False
    return _refuse(value, pointee.words, why)


def _why_not_pointer(pointee, value):
    """Why an array, a pointer or what byref() made does not do; "" if it does."""
    if isinstance(value, CArgObject) and not PYPY:
        target = value._obj
        kind, size = type(target), sizeof(target)
    elif isinstance(value, Array):
        kind, size = type(value), sizeof(value)
    else:
        kind, size = getattr(type(value), "_type_", None), 0
        if not shapes.is_type(kind):
            return ""
    while issubclass(kind, Array):
        kind = kind._type_
    if shapes.code(kind) in shapes.BYTES and size:
        if pointee.takes_bytes(size):
            return ""
        if pointee.size > size:
            return f"{size} bytes, but it points to {pointee.size}"
    elif pointee.is_void:
        return ""
    return pointee.why_not(kind, True)


def _has_offset(argument, target):
    """Whether it is byref(target, offset), which tells nothing of what is there."""
    return f"({hex(ctypes.addressof(target))})" not in repr(argument)


def _hand_over(cls, value):
    """What ctypes is to pass on of a value that was found right."""
    if not PYPY:
        return value if not isinstance(value, (int, str)) else c_void_p.from_param(value)
    if value is None:
        return cls(None)
    if isinstance(value, (int, str, bytes)):
        return cls(value) if not isinstance(value, str) else c_wchar_p(value)
    if isinstance(value, Array):
        made = cls(ctypes.addressof(value))
        made._objects = value
        return made
    return cls.from_address(value._buffer.buffer)


def other(function, index):
    """The converter for a parameter that no simple type of ctypes fits: structures by value, and what ctypes lacks."""
    types, kind = function.types, function.parameters[index].type
    words = types.print(kind)
    verdicts = {}

    class Other(Structure):
        """An object of ctypes with the same layout."""

        @staticmethod
        def from_param(value):
            given = type(value)
            if given not in verdicts:
                if len(verdicts) > 500:
                    verdicts.clear()
                verdicts[given] = _why_not_by_value(function, index, given)
            if verdicts[given] is None:
                return value
            if not shapes.is_type(given) and hasattr(value, "_as_parameter_"):
                return Other.from_param(value._as_parameter_)
            return _refuse(value, words, verdicts[given])

    Other.__name__ = Other.__qualname__ = words
    return Other


def _why_not_by_value(function, index, given):
    """Why an object of that type will not do, "" if nothing more is to be said; None if it will."""
    if not shapes.is_type(given) or issubclass(given, Array):
        return ""
    return check.argument(function, index, given, False) or None
