"""gdb's settings, such that answers depend on the library alone and not on terminal or habits."""

import gdb

_SETTINGS = (
    "pagination off", "width 0", "height 0", "confirm off", "verbose off", "complaints 0",
    "style enabled off", "host-charset UTF-8", "language auto",
    "print address on", "print symbol on", "print array off", "print array-indexes off",
    "print elements 200", "print repeats 10", "print max-depth 20", "print null-stop off",
    "print pretty off", "print union on", "print object off", "print static-members on",
    "print vtbl off", "print demangle on", "print asm-demangle off", "print sevenbit-strings on",
    "print type methods on", "print type typedefs on", "print type nested-type-limit 0",
    "print frame-arguments none", "print entry-values no", "print finish on",
    "print symbol-filename off", "print thread-events off", "print inferior-events off",
    "backtrace limit 200", "backtrace past-main off", "max-value-size 1048576",
    "opaque-type-resolution on", "filename-display relative",
)


def normalise():
    """Sets all of the above; a setting that this gdb does not have yet is left out."""
    for setting in _SETTINGS:
        try:
            gdb.execute("set " + setting, to_string=True)
        except gdb.error:
            pass
