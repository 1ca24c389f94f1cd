"""in_dll() that asks the library what the object is.

`c_int.in_dll(lib, "x")` is a method of ctypes' metaclasses. PyPy's can be replaced as any other; CPython's are written
in C and closed, so that the method is replaced in their dictionary, which the garbage collector gives away.
"""

import ctypes
import sys
from ctypes import Array, Structure, Union, addressof, c_int, py_object

from _ctypes import CFuncPtr, _Pointer

from .funcptr import CheckedFuncPtr

_PYPY = sys.implementation.name == "pypy"
_replaced = []  # (metaclass, its dictionary, its in_dll) while it is on


def _is_checked(library):
    kind = getattr(library, "_FuncPtr", None)
    return isinstance(kind, type) and issubclass(kind, CheckedFuncPtr)


def _check(kind, library, name, found):
    from . import check, modules, typedata

    address = addressof(found)
    types = modules.types_at(address) if _is_checked(library) else None
    if types is not None:
        its = types.object(name.encode("utf-8", "replace"), address)
        if its != typedata.NONE:
            check.data(types, its, kind, name)


def _checked(original):
    def in_dll(self, *args, **keywords):
        """C.in_dll(dll, name) -> C instance; TypeError if the library says that it is something else."""
        found = original(self, *args, **keywords)
        if len(args) == 2:
            _check(self, args[0], args[1], found)
        return found

    return in_dll


def _metaclasses():
    if _PYPY:
        from _ctypes.basics import _CDataMeta
        return [_CDataMeta]
    return [type(kind) for kind in (c_int, Structure, Union, Array, _Pointer, CFuncPtr)]


def _changed(metaclass):
    """Tells CPython that a dictionary was changed behind its back."""
    function = ctypes.pythonapi["PyType_Modified"]
    function.argtypes, function.restype = [py_object], None
    function(metaclass)


def switch_on():
    """in_dll() is checked from now on, in libraries that are. Does nothing if it is already."""
    if _replaced:
        return
    if not _PYPY:
        import gc
    for metaclass in _metaclasses():
        if _PYPY:
            _replaced.append((metaclass, None, metaclass.in_dll))
            metaclass.in_dll = _checked(metaclass.in_dll)
            continue
        for members in gc.get_referents(metaclass.__dict__):
            if isinstance(members, dict) and "in_dll" in members:
                _replaced.append((metaclass, members, members["in_dll"]))
                members["in_dll"] = _checked(members["in_dll"])
                _changed(metaclass)


def switch_off():
    """in_dll() is again what it was."""
    while _replaced:
        metaclass, members, original = _replaced.pop()
        if members is None:
            metaclass.in_dll = original
        else:
            members["in_dll"] = original
            _changed(metaclass)
