"""One bad item is a fact that says so, never a lost query; whichever debugger it is: nothing here knows gdb.

What a collector tells of one thing, it tells through `told`, `fact` or `facts`. The error stands where
the answer would: the same error of two pairs is the same answer, an error of one alone is a change.
"""

import re

from .registry import Unavailable

MARK = "<error: "

# What no item can raise: a query that cannot be asked, and a mistake in these scripts, which would be
# the same on both sides.
_NO_ITEM = (Unavailable, NameError, ImportError, AssertionError)

# Of this run or this machine, whatever raised it.
_ADDRESS = re.compile(r"\b0[xX][0-9a-fA-F]+\b")
_DIRECTORIES = re.compile(r"(?<![\w.$])/(?:[^\s/:;,'\"<>]+/)*(?=[^\s/:;,'\"<>])")


def error_text(problem):
    """`problem` as an answer: its kind and its words, without addresses and directories."""
    try:
        words = " ".join(str(problem).split())
    except Exception:  # its words are what is broken
        words = "cannot be told"
    words = _DIRECTORIES.sub("", _ADDRESS.sub("0x...", words))
    return "%s%s: %s>" % (MARK, type(problem).__name__, words)


def told(tell, *arguments):
    """What `tell` answers, or what went wrong."""
    try:
        return tell(*arguments)
    except _NO_ITEM:
        raise
    except Exception as problem:  # of whatever sort: that of one item
        return error_text(problem)


def fact(key, tell, *arguments):
    """The (key, text) that `tell` answers, or what went wrong under `key`. None is nothing to tell."""
    found = told(tell, *arguments)
    return (key, found) if isinstance(found, str) else found


def facts(key, tell, *arguments):
    """Yields the (key, text) pairs that `tell` yields; where it fails, what went wrong under `key` is the last."""
    try:
        yield from tell(*arguments)
    except _NO_ITEM:
        raise
    except Exception as problem:
        yield key, error_text(problem)


class Watch:
    """Passes facts on, and fails if errors are all that there is: then it is the collector that is broken."""

    # A library may have so many bad items and no good one.
    MOST_BAD = 8

    def __init__(self, pairs):
        self._pairs = pairs

    def __iter__(self):
        bad = good = 0
        first = ""
        for key, text in self._pairs:
            if MARK not in text:
                good += 1
            else:
                bad += 1
                first = first or text
            yield key, text
        if bad > self.MOST_BAD and not good:
            raise RuntimeError("nothing but errors, %d of them: %s" % (bad, first))
