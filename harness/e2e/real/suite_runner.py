"""Runs an interpreter's own ctypes test suite and writes what came of each test.

usage: suite_runner.py DIRECTORY_OF_THE_TESTS OUTPUT.json     (_ctypes_test must be importable)

OUTPUT is {"active": prototype of a function of _ctypes_test as the checks see it, or null, "libc": the
same of libc's strchr, "tests": {id: [outcome, text]}}; outcomes are ok, skipped, expected failure, failed, error; for a whole file "not imported".
"""

import importlib
import json
import os
import pathlib
import sys
import traceback
import types
import unittest


class Recorder(unittest.TestResult):
    """Keeps one outcome for each test; the first bad subtest counts."""

    def __init__(self):
        super().__init__()
        self.tests = {}

    def _put(self, test, outcome, text=""):
        self.tests.setdefault(test.id(), [outcome, text])

    def addSuccess(self, test):
        self._put(test, "ok")

    def addSkip(self, test, reason):
        self._put(test, "skipped", reason)

    def addExpectedFailure(self, test, err):
        self._put(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self._put(test, "failed", "unexpected success")

    def addFailure(self, test, err):
        self._put(test, "failed", "".join(traceback.format_exception(*err)))

    def addError(self, test, err):
        self._put(test, "error", "".join(traceback.format_exception(*err)))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._put(test, "failed" if issubclass(err[0], test.failureException) else "error",
                      "".join(traceback.format_exception(*err)))


def package(directory):
    """Makes `ctypes.test` importable. Debian's pypy3-lib-testsuite leaves out its __init__.py, and
    _ctypes_test.c, on whose import _ctypes gets a name that one of the tests imports."""
    if (directory / "__init__.py").exists():
        importlib.import_module("ctypes.test").__path__ = [str(directory)]
        return
    import _ctypes
    import ctypes
    module = types.ModuleType("ctypes.test")
    module.__path__ = [str(directory)]
    symbols = dir(ctypes)
    module.need_symbol = lambda name: unittest.skipUnless(name in symbols, f"{name!r} is required")
    module.xfail = unittest.expectedFailure
    module.support = importlib.import_module("test.support")
    sys.modules["ctypes.test"] = ctypes.test = module
    if not hasattr(_ctypes, "PyObj_FromPtr"):
        _ctypes.PyObj_FromPtr = None


def prototype(library, name):
    """What the checks know of a function; None if there are no checks, or no types."""
    if "typesafe_ctypes" not in sys.modules:
        return None
    import ctypes
    return sys.modules["typesafe_ctypes"].prototype(getattr(ctypes.CDLL(library), name))


def main():
    """Runs all of them in this process."""
    directory, output = map(pathlib.Path, sys.argv[1:3])
    sys.argv[1:] = []
    package(directory)
    recorder = Recorder()
    for file in sorted(directory.glob("test_*.py")):
        name = f"ctypes.test.{file.stem}"
        try:
            module = importlib.import_module(name)
        except Exception as error:  # pylint: disable=broad-except
            recorder.tests[name] = ["not imported", "".join(traceback.format_exception(type(error), error, error.__traceback__))]
            continue
        unittest.defaultTestLoader.loadTestsFromModule(module).run(recorder)
    import _ctypes_test
    told = {"active": prototype(_ctypes_test.__file__, "tf_bb"), "libc": prototype("libc.so.6", "strchr"),
            "tests": recorder.tests}
    output.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # tests leave callbacks and threads behind; what is asked for is written
