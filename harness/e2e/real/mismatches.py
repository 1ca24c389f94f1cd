#!/usr/bin/env python3
"""Lists what installed Python modules declare otherwise than their libraries have it.

    LD_LIBRARY_PATH=DIR mismatches.py MODULE[:FUNCTION]...     DIR: libraries that carry types

Each module is imported (and the function called, for those that declare late) with typesafe_ctypes installed, but what it refuses is noted and let through, so
that all of it is seen. Prints one JSON object for each: {"module", "checked", "harmful": [...],
"harmless": [...], "failed"}; `checked` counts the declarations that were held against a library.
"""

import importlib
import json
import sys

import typesafe_ctypes
from typesafe_ctypes import check
from typesafe_ctypes.settings import complaint


def main():
    """Imports the modules named."""
    noted = {"harmful": [], "harmless": []}
    counted = [0]

    def note(kind, text):
        if text not in noted[kind]:
            noted[kind].append(text)

    def count(compare):
        def counting(*arguments, **keywords):
            counted[0] += 1
            return compare(*arguments, **keywords)
        return counting

    check.complain = lambda text: note("harmful", text)
    check.refuse = lambda function, words, declaration="": note("harmful", complaint(function, words, declaration))
    check.warn_once = lambda text, category: note("harmless", text)
    check.result, check.arguments = count(check.result), count(check.arguments)
    typesafe_ctypes.install(mode="declare", strict=True)
    for name in sys.argv[1:]:
        counted[0], failed = 0, None
        noted["harmful"], noted["harmless"] = [], []
        try:
            module, _, function = name.partition(":")
            imported = importlib.import_module(module)
            if function:
                getattr(imported, function)()
        except Exception as error:  # pylint: disable=broad-except
            failed = f"{type(error).__name__}: {error}"
        print(json.dumps({"module": name, "checked": counted[0], **noted, "failed": failed}, indent=1))


if __name__ == "__main__":
    main()
