"""What the process chose: strict or not, debuginfo or not; and the two kinds of warnings."""

import sys


class TypesafeWarning(UserWarning):
    """Calls to one library, or to all, are not checked; the text says why."""


class TypesafeStrictWarning(TypesafeWarning):
    """Under strict: a declaration differs from the library's types in what cannot corrupt or crash."""


class Settings:
    """`strict`: report declarations that differ harmlessly. `debuginfo`: where a library carries no types,
    read its installed debuginfo."""

    strict = False
    debuginfo = False


settings = Settings()


def warn(message, category):
    """Warns at the line of the program that led here, not at one of this package or of ctypes."""
    import warnings

    level, frame = 2, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] in ("typesafe_ctypes", "ctypes", "_ctypes"):
        frame = frame.f_back
        level += 1
    warnings.warn(message, category, stacklevel=level)
