"""Switching a whole process over, and back."""

import ctypes
import os

from .funcptr import CheckedFuncPtr
from .settings import MODES, settings

_plain = ctypes._CFuncPtr  # from which ctypes derives the functions of each library, and CFUNCTYPE's


def get_ready():
    """Imports and opens all that checking needs: the process may lose its files later on (chroot, privileges)."""
    from . import modules, objects, typed  # late: an import of the package should cost little

    modules.get_ready()
    typed.get_ready()
    objects.switch_on()


def install(mode="call", strict=False, debuginfo=False):
    """From now on, libraries that ctypes opens are checked against the types they carry, in the whole process.

    mode: "call" raises TypeError at the first call of a function that is declared wrongly, "declare" at the declaration,
    "warn" reports each mistake once and refuses nothing. strict: declarations that differ from the library's types in
    what cannot corrupt or crash are reported as TypesafeStrictWarning. debuginfo: where a library carries no types, its
    installed debuginfo is read."""
    if mode not in MODES:
        raise ValueError(f"{mode!r} is no mode; they are {', '.join(MODES)}")
    settings.mode, settings.strict, settings.debuginfo = mode, strict, debuginfo
    ctypes._CFuncPtr = CheckedFuncPtr
    get_ready()


def uninstall():
    """From now on, libraries are opened unchecked; those that are open stay as they are."""
    settings.mode, settings.strict, settings.debuginfo = "call", False, False
    ctypes._CFuncPtr = _plain
    from . import objects
    objects.switch_off()


def from_environment():
    """What TYPESAFE_CTYPES asks for: words parted by commas, a mode ("1" is the default's) and "strict"; "0" or nothing
    switches nothing. TYPESAFE_CTYPES_IGNORE names a file of what is left unchecked."""
    wish = os.environ.get("TYPESAFE_CTYPES", "")
    if wish in ("", "0"):
        return
    words = [word for word in wish.split(",") if word not in ("", "1")]
    modes = [word for word in words if word in MODES]
    unknown = [word for word in words if word not in MODES and word != "strict"]
    install(mode=modes[-1] if modes else "call", strict="strict" in words,
            debuginfo=bool(os.environ.get("TYPESAFE_CTYPES_DEBUGINFO")))
    if unknown:
        from .settings import TypesafeWarning, warn
        warn(f"TYPESAFE_CTYPES: {unknown[0]!r} is neither a mode ({', '.join(MODES)}) nor 'strict'", TypesafeWarning)
    path = os.environ.get("TYPESAFE_CTYPES_IGNORE")
    if path:
        _ignore_file(path)


def _ignore_file(path):
    from . import rules
    from .settings import TypesafeWarning, warn

    try:
        rules.read(path)
    except (OSError, ValueError) as error:  # a program is not to end because of it
        warn(f"TYPESAFE_CTYPES_IGNORE: {error}", TypesafeWarning)
