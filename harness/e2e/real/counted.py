#!/usr/bin/env python3
"""Runs a program as `python3 -m typesafe_ctypes` does, and tells what was held against libraries' types.

    counted.py PROGRAM     in the end prints on standard error: "checked", and how many declarations; "derived", and how many
                           functions that nobody declared were called with the library's types
"""

import atexit
import runpy
import sys

import typesafe_ctypes
from typesafe_ctypes import check, derive


def main():
    """Counts and runs."""
    counts = {"checked": 0, "derived": 0}

    def counting(function, what):
        def counted(*arguments, **keywords):
            counts[what] += 1
            return function(*arguments, **keywords)
        return counted

    check.result, check.arguments = counting(check.result, "checked"), counting(check.arguments, "checked")
    derive.result = counting(derive.result, "derived")
    atexit.register(lambda: print(*(f"{what} {count}" for what, count in counts.items()), file=sys.stderr))
    typesafe_ctypes.install()
    sys.argv[:] = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
