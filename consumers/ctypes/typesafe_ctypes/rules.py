"""What is left unchecked, because the program knows better.

A rule is a library and a function: `libfoo.so foo_open`, `libfoo.so.2 *`. The library is the name of its file, with or
without what follows ".so"; both may be patterns of the shell.
"""

import os
from fnmatch import fnmatchcase

_rules = []


def ignore(library, function="*"):
    """From now on, functions that are looked up are not checked if both patterns fit."""
    _rules.append((library, function))


def read(path):
    """Adds the rules of a file: one on each line, blank lines and what follows `#` aside. Throws ValueError for a line that
    is none, OSError if the file cannot be read."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            words = line.partition("#")[0].split()
            if len(words) not in (0, 2):
                raise ValueError(f"{path}:{number}: is no rule: a library and a function, such as 'libfoo.so foo_open'")
            if words:
                ignore(*words)


def is_ignored(path, function):
    """Whether the function of the library in that file is to be left alone."""
    if not _rules:
        return False
    name = os.path.basename(path)
    names = (name, name.partition(".so")[0] + ".so", path)
    return any(fnmatchcase(function, wanted) and any(fnmatchcase(each, library) for each in names) for library, wanted in _rules)
