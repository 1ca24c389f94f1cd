"""What the process chose: what is done about a mistake, and where types come from; and the two kinds of warnings."""

import sys

MODES = ("call", "declare", "warn")


class TypesafeWarning(UserWarning):
    """Calls to one library, or to all, are not checked; the text says why. Or a mistake that is reported and
    not refused: each under "warn", otherwise a result that was cut off."""


class TypesafeStrictWarning(TypesafeWarning):
    """Under strict: a declaration differs from the library's types in what cannot corrupt or crash."""


class Settings:
    """`mode`: a mistake raises TypeError at the first call ("call"), at the declaration ("declare"), or is reported and
    nothing else ("warn"). `strict`: report declarations that differ harmlessly as well. `debuginfo`: where a library
    carries no types, read its installed debuginfo."""

    mode = "call"
    strict = False
    debuginfo = False


settings = Settings()
_said = set()


def refuse(function, words, declaration=""):
    """Raises TypeError for what is wrong about a function (check.Function), or reports it once, as the mode says."""
    complain(complaint(function, words, declaration))


def complaint(function, words, declaration=""):
    """What is said of it."""
    python = f"\n  Python: {declaration}" if declaration else ""
    return f"{function.name}: {words}\n  C:      {function.prototype()}{python}"


def complain(text):
    """Raises TypeError, or warns once, as the mode says."""
    if settings.mode != "warn":
        raise TypeError(text)
    warn_once(text, TypesafeWarning)


def warn_once(text, category):
    """Warns if that was not said before in this process."""
    if text not in _said:
        _said.add(text)
        warn(text, category)


def warn(message, category):
    """Warns at the line of the program that led here, not at one of this package or of ctypes."""
    import warnings

    level, frame = 2, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] in ("typesafe_ctypes", "ctypes", "_ctypes"):
        frame = frame.f_back
        level += 1
    warnings.warn(message, category, stacklevel=level)
