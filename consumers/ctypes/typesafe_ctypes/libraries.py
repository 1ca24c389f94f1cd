"""What `from typesafe_ctypes import ...` gives: checked libraries beside unchecked ones."""

import ctypes
from types import FunctionType

from . import switch
from .funcptr import CheckedFuncPtr


class _Checked:
    """Mixed into a CDLL: functions whose types the library tells are held against them."""

    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        made = self._FuncPtr
        if not issubclass(made, CheckedFuncPtr):
            self._FuncPtr = type(made)(made.__name__, (CheckedFuncPtr,), {
                "_flags_": made._flags_, "_restype_": made._restype_, "__module__": made.__module__,
                "__qualname__": made.__qualname__})
        switch.get_ready()


class CDLL(_Checked, ctypes.CDLL):
    """ctypes.CDLL, checked."""


cdll = ctypes.LibraryLoader(CDLL)

if hasattr(ctypes, "PyDLL"):  # not on PyPy
    class PyDLL(_Checked, ctypes.PyDLL):
        """ctypes.PyDLL, checked."""

    pydll = ctypes.LibraryLoader(PyDLL)


def _over_checked(function):
    """ctypes' own maker of prototypes, with classes that check what they are made for."""
    names = dict(vars(ctypes), _CFuncPtr=CheckedFuncPtr, _c_functype_cache={})
    copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    copy.__doc__ = function.__doc__
    return copy


CFUNCTYPE = _over_checked(ctypes.CFUNCTYPE)
PYFUNCTYPE = _over_checked(ctypes.PYFUNCTYPE)
