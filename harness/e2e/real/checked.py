"""Runs Python programs on both interpreters, under plain ctypes and with typesafe_ctypes.

Where things are, the environment tells (CMakeLists.txt sets it): SPLITSTRIP_BINARY, the program;
SPLITSTRIP_TYPESAFE, the directory of the package typesafe_ctypes; SPLITSTRIP_LIBTYPEDATA, the library.
"""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "ci" / "real"))
import libraries  # noqa: E402  pylint: disable=wrong-import-position

INTERPRETERS = {"cpython": "/usr/bin/python3", "pypy": "/usr/bin/pypy3"}
# Debian's packages of pure Python modules are for CPython and PyPy alike, but only CPython looks there.
PACKAGES = {"cpython": [], "pypy": ["/usr/lib/python3/dist-packages"]}


def split(name, into):
    """The split library of that name in ci/real/libraries.py, made in the directory."""
    return libraries.split(os.environ["SPLITSTRIP_BINARY"], name, into)


def run(interpreter, arguments, checked=False, found=(), modules=(), extra=None, options=(), timeout=120):
    """Runs a program; returns the CompletedProcess.

    checked: with typesafe_ctypes, switched on for the process. found: directories where the loader
    looks for libraries first. modules: directories where Python does."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONWARNINGS="default", **(extra or {}))
    path = [*map(str, modules), *PACKAGES[interpreter]]
    argv = [INTERPRETERS[interpreter]]
    if checked:
        path.append(os.environ["SPLITSTRIP_TYPESAFE"])
        environment["TYPESAFE_CTYPES_LIBTYPEDATA"] = os.environ["SPLITSTRIP_LIBTYPEDATA"]
        argv += ["-m", "typesafe_ctypes", *options]
    environment["PYTHONPATH"] = os.pathsep.join(path)
    environment["LD_LIBRARY_PATH"] = os.pathsep.join(map(str, found))
    return subprocess.run([*argv, *map(str, arguments)], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", errors="replace", timeout=timeout, check=False)


def last_line(done):
    """What a program said last before it ended."""
    return (done.stderr.strip().splitlines() or [""])[-1]
