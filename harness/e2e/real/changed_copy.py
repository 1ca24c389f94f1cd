"""Copies of Python programs with lines changed, for what cannot be tried on the installed ones."""

import importlib.util
import pathlib
import shutil

# psycopg 3.1.7 does not connect on PyPy 7.3.11, with or without checks: PyPy's py_object takes no weak
# reference (mended in later releases of both). It keeps weak references by itself, so that the
# object may be given as it is.
PSYCOPG_FOR_PYPY = (
    ("pq/pq_ctypes.py", "self._self_ptr = py_object(ref(self))", "self._self_ptr = py_object(self)"),
    ("pq/pq_ctypes.py", "contents.value()", "contents.value"),
)


def change(file, old, new):
    """Replaces a text that stands in the file once."""
    text = file.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{file}: {old!r} stands there {text.count(old)} times; the program has changed, and so must this")
    file.write_text(text.replace(old, new), encoding="utf-8")


def copy_package(name, into, changes=()):
    """Copies an installed package below `into`; each change is (file, old text, new text)."""
    installed = importlib.util.find_spec(name)
    if installed is None:
        raise FileNotFoundError(f"the Python package {name} is not installed; run ci/install real")
    home = pathlib.Path(into) / name
    shutil.copytree(pathlib.Path(installed.origin).parent, home, ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in changes:
        change(home / file, old, new)
    return home


def copy_program(file, into, changes=()):
    """Copies a program into the directory; each change is (old text, new text). Returns the copy."""
    made = pathlib.Path(into) / pathlib.Path(file).name
    shutil.copy(file, made)
    for old, new in changes:
        change(made, old, new)
    return made
