"""The library's types as ctypes takes them: results, and converters of arguments, for functions that nobody declared."""

import ctypes
import sys
from ctypes import POINTER, c_bool, c_char_p, c_double, c_float, c_longdouble, c_void_p, c_wchar_p

from _ctypes import _Pointer

from . import accept, records, shapes, typedata

PYPY = sys.implementation.name == "pypy"

_SIGNED = {1: ctypes.c_int8, 2: ctypes.c_int16, 4: ctypes.c_int32, 8: ctypes.c_int64}
_UNSIGNED = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}
_FLOATS = {4: c_float, 8: c_double}
if not PYPY:  # it cannot call with a long double
    _FLOATS[ctypes.sizeof(c_longdouble)] = c_longdouble


_BITS = 8 * ctypes.sizeof(c_void_p)


class Address(int):
    """A pointer that a library returned as `void *`: a whole int, 0 for NULL, which every pointer parameter takes. A
    plain int is taken for `void *` only. It equals -1 where C says `(void *)-1`, as ctypes' int would."""

    __slots__ = ()

    def __eq__(self, other):
        return int(self) == (other % (1 << _BITS) if isinstance(other, int) and other < 0 else other)

    def __ne__(self, other):
        return not self == other

    __hash__ = int.__hash__

    def __add__(self, other):
        return Address(int(self) + other)

    __radd__ = __add__

    def __sub__(self, other):
        return int(self) - other if isinstance(other, Address) else Address(int(self) - other)


accept.Address = Address


class AddressResult(c_void_p):
    """The restype that makes an Address."""

    @staticmethod
    def _check_retval_(result):
        return Address(result.value or 0)

    if PYPY:
        @classmethod
        def _CData_retval(cls, buffer):
            return Address(buffer[0])


class _Number:
    """Mixed into pointers that a function returned undeclared: programs that were given an int compare them with one."""

    def __eq__(self, other):
        if isinstance(other, int):
            return Address(ctypes.cast(self, c_void_p).value or 0) == other
        return self is other

    def __ne__(self, other):
        return not self == other

    __hash__ = object.__hash__


class CharPointer(_Number, c_char_p):
    """What an undeclared function of type `char *` returns: `value` are the bytes, and the pointer is still there to be
    handed on, or freed."""


class WcharPointer(_Number, c_wchar_p):
    """The same for `wchar_t *`."""


def scalar(info):
    """The ctypes type of an arithmetic type or enumeration (Info), None if ctypes has none."""
    if info.kind == typedata.KIND_ENUM:
        return (_SIGNED if info.encoding == typedata.SIGNED else _UNSIGNED).get(info.size)
    if info.kind != typedata.KIND_BASE:
        return None
    if info.encoding == typedata.BOOLEAN:
        return c_bool if info.size == 1 else _UNSIGNED.get(info.size)
    if info.encoding in (typedata.SIGNED, typedata.SIGNED_CHAR):
        return _SIGNED.get(info.size)
    if info.encoding in (typedata.UNSIGNED, typedata.UNSIGNED_CHAR, typedata.UTF):
        return _UNSIGNED.get(info.size)
    return _FLOATS.get(info.size) if info.encoding == typedata.FLOAT else None


def result(function):
    """The restype. Throws TypeError if ctypes has no type for it."""
    types, kind = function.types, function.result
    memo = types.memo.setdefault("results", {})
    if kind not in memo:
        try:
            memo[kind] = _result(types, kind)
        except RecursionError:  # types that no compiler made
            memo[kind] = Ellipsis
    if memo[kind] is Ellipsis:
        raise TypeError(f"{function.name}: ctypes has no type for the result; declare restype\n  C:      {function.prototype()}")
    return memo[kind]


def _result(types, kind):
    info = types.describe(types.strip(kind))
    if info.kind == typedata.KIND_VOID:
        return None
    if info.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION):
        exact = not info.flags & typedata.BY_ADDRESS and records.by_value(types, types.strip(kind))
        return exact or Ellipsis
    if info.kind in (typedata.KIND_POINTER, typedata.KIND_REFERENCE):
        made = pointer(types, info.target)
        return _returned(made) if issubclass(made, _Pointer) else made
    number = scalar(info)
    # As the int that ctypes would give: -1 where C says (size_t)-1, 1 where it says true.
    if number in (_UNSIGNED[4], _UNSIGNED[8]):
        number = _SIGNED[info.size]
    elif number is c_bool:
        number = _UNSIGNED[1]
    return number or Ellipsis


_returned_as = {}


def _returned(kind):
    """The pointer type as what an undeclared function returns."""
    if kind not in _returned_as:
        _returned_as[kind] = type(kind)(kind.__name__, (_Number, kind), {"_type_": kind._type_, "__module__": kind.__module__})
    return _returned_as[kind]


def pointer(types, target, result=True):
    """The ctypes type of a pointer: as a result, or as a member."""
    if is_wide_character(types, target):
        return WcharPointer if result else c_wchar_p
    info = types.describe(types.strip(target))
    if info.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION):
        return POINTER(records.pointed_to(types, types.strip(target)))
    if info.kind in (typedata.KIND_POINTER, typedata.KIND_REFERENCE):
        return POINTER(pointer(types, info.target, False))
    simple = scalar(info)
    if simple is None:
        return AddressResult if result else c_void_p
    if is_character(info):
        return CharPointer if result else c_char_p
    return POINTER(simple)


def is_character(info):
    """Whether it is plain `char`, of strings."""
    return info.kind == typedata.KIND_BASE and info.size == 1 and info.name == "char"


def is_wide_character(types, kind):
    """Whether it is `wchar_t`, a typedef in C and a type in C++."""
    for _ in range(8):
        info = types.describe(kind)
        if info.name == "wchar_t":
            return True
        if info.kind not in (typedata.KIND_CONST, typedata.KIND_VOLATILE, typedata.KIND_ALIAS):
            return False
        kind = info.target
    return False


def parameters(function):
    """The converters of all arguments, for argtypes. Parameters of one type share one."""
    if function.hides_place:
        raise TypeError(f"{function.name}: takes the place for its result first; declare argtypes and restype"
                        f"\n  C:      {function.prototype()}")
    memo = function.types.memo.setdefault("parameters", {})
    made = []
    for index, parameter in enumerate(function.parameters):
        if parameter.type not in memo:
            memo[parameter.type] = _parameter(function, index)
        made.append(memo[parameter.type])
    return made


def _parameter(function, index):
    types, kind = function.types, function.parameters[index].type
    info = types.describe(types.strip(kind))
    if info.kind in (typedata.KIND_POINTER, typedata.KIND_REFERENCE, typedata.KIND_ARRAY):
        return accept.pointer(function, index, info.target, is_wide_character(types, info.target))
    if info.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION) and info.flags & typedata.BY_ADDRESS:
        return accept.pointer(function, index, types.strip(kind), False)
    if info.kind == typedata.KIND_UNSPECIFIED:
        return c_void_p
    simple = scalar(info)
    if simple is None:
        return accept.other(function, index)
    return accept.integer(simple) if shapes.is_integer(simple) else simple
