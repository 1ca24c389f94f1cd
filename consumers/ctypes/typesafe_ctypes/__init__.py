"""ctypes that asks the library: a call that does not fit the C types raises TypeError, where it used to crash the process. The types are those that the library carries (.gnu_typedata); one without them is as under ctypes.

    from typesafe_ctypes import CDLL            # checked libraries beside unchecked ones
    typesafe_ctypes.install()                   # the whole process
    python3 -m typesafe_ctypes program.py       # an unchanged program; or TYPESAFE_CTYPES=1 in the environment

All other names of ctypes may be imported from here as well. README.md says what is checked, and what cannot be.
"""

import ctypes as _ctypes_module

from .rules import ignore
from .libraries import CDLL, CFUNCTYPE, PYFUNCTYPE, cdll
from .settings import TypesafeStrictWarning, TypesafeWarning
from .switch import from_environment, install, uninstall

if hasattr(_ctypes_module, "PyDLL"):
    from .libraries import PyDLL, pydll

__version__ = "0.1.0"


def prototype(function):
    """The C prototype of a foreign function, None if its library does not tell."""
    told = getattr(function, "_typesafe_", None)
    return told.prototype() if told is not None else None


def __getattr__(name):
    if name == "__all__":
        return sorted({each for each in (*vars(_ctypes_module), *globals()) if not each.startswith("_")})
    return getattr(_ctypes_module, name)
