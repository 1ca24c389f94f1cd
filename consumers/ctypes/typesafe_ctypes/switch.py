"""Switching a whole process over, and back."""

import ctypes
import os

from .funcptr import CheckedFuncPtr
from .settings import settings

_plain = ctypes._CFuncPtr  # from which ctypes derives the functions of each library, and CFUNCTYPE's


def install(strict=False, debuginfo=False):
    """From now on, libraries that ctypes opens are checked against the types they carry, in the whole process.

    strict: declarations that differ from the library's types in what cannot corrupt or crash are reported as
    TypesafeStrictWarning. debuginfo: where a library carries no types, its installed debuginfo is read."""
    settings.strict, settings.debuginfo = strict, debuginfo
    ctypes._CFuncPtr = CheckedFuncPtr
    from . import objects  # late: an import should cost little
    objects.switch_on()


def uninstall():
    """From now on, libraries are opened unchecked; those that are open stay as they are."""
    settings.strict = settings.debuginfo = False
    ctypes._CFuncPtr = _plain
    from . import objects
    objects.switch_off()


def from_environment():
    """What TYPESAFE_CTYPES asks for: "1" or "strict" switches the process over, "0" or nothing does not."""
    wish = os.environ.get("TYPESAFE_CTYPES", "")
    if wish not in ("", "0"):
        install(strict=wish == "strict", debuginfo=bool(os.environ.get("TYPESAFE_CTYPES_DEBUGINFO")))
