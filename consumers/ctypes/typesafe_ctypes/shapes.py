"""What kind of ctypes type a Python type is, and how it is written."""

import ctypes
from ctypes import Array, Structure, Union, c_char, c_wchar

from _ctypes import CFuncPtr, _Pointer, _SimpleCData

# What all ctypes types are derived from; it has no public name.
ANY_DATA = next(base for base in _SimpleCData.__mro__ if base.__name__ == "_CData")

_INTEGERS = frozenset("bBhHiIlLqQ?")
BYTES = frozenset("cbB")


def is_type(value):
    """Whether it is a ctypes type, and no object that merely has a from_param()."""
    return isinstance(value, type) and issubclass(value, ANY_DATA)


def code(kind):
    """The letter of a simple type ("i" of c_int and of what is derived from it); "" of all others."""
    letter = getattr(kind, "_type_", "")
    return letter if issubclass(kind, _SimpleCData) and isinstance(letter, str) else ""


def is_integer(kind):
    """Whether its instances are integers."""
    return code(kind) in _INTEGERS


def has_size(kind):
    """Whether it is more than a name: a structure whose fields are given, and anything else."""
    if issubclass(kind, (Structure, Union)):
        return any("_fields_" in vars(base) for base in kind.__mro__) and ctypes.sizeof(kind) > 0
    return True


def has_own_conversion(kind):
    """Whether a from_param() in Python makes of an argument whatever it likes, so that the type tells nothing."""
    for base in kind.__mro__:
        if "from_param" in vars(base):
            return base not in _CONVERTED_BY_CTYPES and type(vars(base)["from_param"]) is not type(dict.__dict__["fromkeys"])
    return False


# ctypes itself gives these two another from_param(), and CPython's some simple types one written in C.
_CONVERTED_BY_CTYPES = (ctypes.POINTER(c_char), ctypes.POINTER(c_wchar))


def spell(kind):
    """A declared type as a program writes it."""
    if kind is None:
        return "None"
    if not is_type(kind):
        return getattr(kind, "__name__", None) or repr(kind)
    if issubclass(kind, _Pointer) and kind.__name__.startswith("LP_"):
        target = getattr(kind, "_type_", None)
        return f"POINTER({spell(target)})" if is_type(target) else kind.__name__
    if issubclass(kind, Array) and "_Array_" in kind.__name__:
        return f"{spell(kind._type_)} * {kind._length_}"
    if issubclass(kind, CFuncPtr) and getattr(kind, "_argtypes_", None) is not None:
        return f"CFUNCTYPE({', '.join(spell(each) for each in (kind._restype_, *kind._argtypes_))})"
    return kind.__name__
