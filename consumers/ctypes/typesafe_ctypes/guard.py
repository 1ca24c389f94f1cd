"""Handles: words that travel from the library to Python and back.

A program may declare them as it likes (c_ulong, POINTER(c_int), a pointer to a structure of one dummy) as long as nobody
follows them: what a library handed out fits when it is handed back. Refused is who follows them: Python that reads
through such a result, the library that is given memory of Python's, or a number that is no address.
"""

import ctypes
from ctypes import Array, Structure, Union, addressof, byref, c_int, sizeof

from _ctypes import CFuncPtr, _Pointer, _SimpleCData

from . import check, shapes
from .funcptr import PYPY
from .settings import TypesafeWarning, complaint, refuse, warn_once

_CArgObject = type(byref(c_int()))  # on PyPy a pointer
_FIRST_ADDRESS = 0x10000            # no process has memory below (vm.mmap_min_addr)


def argument(function, index, argtype, words, declaration):
    """What stands in argtypes for `argtype`, which the parameter would not be followed as."""
    convert = argtype.from_param
    narrow = shapes.is_integer(argtype) and sizeof(argtype) < sizeof(ctypes.c_void_p)

    class Handle:
        """A handle of the library's, or NULL."""

        @staticmethod
        def from_param(value):
            why = _cut_off(value, argtype) if narrow else why_not(function, index, value)
            if why:
                refuse(function, f"{words}; given was {why}", declaration)
            try:
                return convert(value)
            except TypeError as error:
                raise TypeError(complaint(function, f"{error}; {words}", declaration)) from None

    Handle.__name__ = Handle.__qualname__ = shapes.spell(argtype)
    return Handle


def _cut_off(value, argtype):
    """What of a number does not fit in its declared type, which ctypes would cut off; "" if it fits."""
    bits = 8 * sizeof(argtype)
    fits = not isinstance(value, int) or -(1 << bits - 1) <= value < 1 << bits
    return "" if fits else f"{value}"


def is_address(value):
    """Whether a number may be an address, or NULL."""
    return value == 0 or not -_FIRST_ADDRESS < value < _FIRST_ADDRESS


def is_of_library(pointer):
    """Whether a pointer object leads to no memory of Python's that is known."""
    return not _memory(pointer)


def why_not(function, index, value):
    """Why a handle parameter does not take the value; "" if it does."""
    if value is None:
        return ""
    if isinstance(value, _SimpleCData) and shapes.is_integer(type(value)):
        value = value.value
    if isinstance(value, int):
        return "" if is_address(value) else f"{value!r}, which is no address"
    if isinstance(value, (bytes, str)):
        return f"memory of Python ({type(value).__name__})"
    if isinstance(value, CFuncPtr):
        return "" if hasattr(value, "_typesafe_") else "a function of Python"
    for memory in _memory(value):
        why = check.shallow(function, index, type(memory))
        if why or _refers(memory):
            return f"memory of Python ({type(memory).__name__})"
    if not shapes.is_type(type(value)) and hasattr(value, "_as_parameter_"):
        return why_not(function, index, value._as_parameter_)
    return ""


def _memory(value):
    """The objects of Python whose memory the value points to; none if that is the library's, or nobody knows whose."""
    if not PYPY and isinstance(value, _CArgObject):
        value = value._obj
        return [value] if _is_own(value) else []
    if isinstance(value, _Pointer) or (isinstance(value, _SimpleCData) and shapes.code(type(value)) in ("P", "z", "Z")):
        return list(_leaves(getattr(value, "_objects", None), {id(value)}))
    if isinstance(value, (Array, Structure, Union)):
        return [value] if _is_own(value) else []
    return []


def _is_own(value):
    """Whether the object is the program's: not what a pointer of the library's points to."""
    root = value
    while getattr(root, "_b_base_", None) is not None:
        root = root._b_base_
    if isinstance(root, _Pointer) and root is not value:
        return _has_leaf(root._objects, root)
    return True


def _leaves(objects, seen):
    """The ctypes objects that a pointer keeps alive."""
    for each in (objects or {}).values():
        if isinstance(each, dict):
            yield from _leaves(each, seen)
        elif id(each) not in seen and not isinstance(each, _Pointer):
            seen.add(id(each))
            yield each


def _has_leaf(objects, owner):
    return any(True for _ in _leaves(objects, {id(owner)}))


def _refers(memory):
    """Whether the object holds pointers to other memory of Python."""
    if isinstance(memory, _Pointer):
        return _has_leaf(memory._objects, memory)
    own = range(addressof(memory), addressof(memory) + sizeof(memory)) if isinstance(memory, shapes.ANY_DATA) else ()
    return any(not (isinstance(each, shapes.ANY_DATA) and addressof(each) in own)
               for each in _leaves(getattr(memory, "_objects", None), {id(memory)}))


def number(function, restype, words, declaration):
    """What stands for an integer type that is narrower than what the function returns: its values, as long as nothing but
    an extension of them is cut off."""
    if restype.__bases__ != (_SimpleCData,):  # of the program's own
        return restype
    bits = 8 * sizeof(restype)
    whole_size = function.types.describe(function.types.strip(function.result)).size
    cut = {2: ctypes.c_int16, 4: ctypes.c_int32, 8: ctypes.c_int64}.get(whole_size)
    if cut is None:
        return restype

    def value(whole):
        if not -(1 << bits - 1) <= whole < 1 << bits:  # wrong, but no harm is done here
            warn_once(complaint(function, f"{words}; {whole} was cut off", declaration), TypesafeWarning)
        return restype(whole).value

    class Whole(cut):
        @staticmethod
        def _check_retval_(result):
            return value(result.value)

        if PYPY:
            @classmethod
            def _CData_retval(cls, buffer):
                return value(cut._CData_retval(buffer))

    Whole.__name__ = Whole.__qualname__ = restype.__name__
    return Whole


_results = {}


def result(function, restype, words, declaration):
    """What stands for a pointer type whose instances the library hands out, and which must not be read through."""
    key = restype, function.name, words
    made = _results.get(key)
    if made is None:
        made = _results[key] = _result(function, restype, words, declaration)
    return made


def _result(function, restype, words, declaration):
    said = f"{words}; it is a handle, and cannot be read through"

    class Handle(restype):
        __doc__ = said
        _type_ = restype._type_

        @property
        def contents(self):
            refuse(function, said, declaration)
            return _Pointer.contents.__get__(self)

        @contents.setter
        def contents(self, value):
            _Pointer.contents.__set__(self, value)

        def __getitem__(self, at):
            refuse(function, said, declaration)
            return restype.__getitem__(self, at)

        def __setitem__(self, at, value):
            refuse(function, said, declaration)
            restype.__setitem__(self, at, value)

    Handle.__name__, Handle.__qualname__, Handle.__module__ = restype.__name__, restype.__qualname__, restype.__module__
    return Handle
