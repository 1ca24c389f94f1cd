"""What the tests share: the test library with its types (split), and without (plain: the control)."""

import contextlib
import os
import subprocess
import sys
import unittest

import typesafe_ctypes
from typesafe_ctypes.settings import settings

PYPY = sys.implementation.name == "pypy"
SPLIT = os.path.join(os.environ["TYPESAFE_TEST_SPLIT"], "libtypesafe_check.so")
PLAIN = os.path.join(os.environ["TYPESAFE_TEST_PLAIN"], "libtypesafe_check.so")
REFUSED = (TypeError, __import__("ctypes").ArgumentError)


class Checked(unittest.TestCase):
    """`self.lib` is the library with types, freshly opened; `self.plain` the one without, opened in the same way."""

    def setUp(self):
        self.lib = typesafe_ctypes.CDLL(SPLIT)
        self.plain = typesafe_ctypes.CDLL(PLAIN)

    def refused(self, *words):
        """What is done within is refused with a text that has all these words."""
        return _Refused(self, words)

    def harmful(self, name, words, argtypes=None, restype=Ellipsis):
        """The declaration is refused with these words, at once under "declare" and when the function is called otherwise;
        the library without types takes it."""
        wanted = {} if argtypes is None else {"argtypes": argtypes}
        if restype is not Ellipsis:
            wanted["restype"] = restype
        for attribute, value in wanted.items():
            setattr(self.plain[name], attribute, value)
            function = typesafe_ctypes.CDLL(SPLIT)[name]
            setattr(function, attribute, value)
            with self.refused(name, *words):
                function()
            with self.mode("declare"), self.refused(name, *words):
                setattr(typesafe_ctypes.CDLL(SPLIT)[name], attribute, value)

    def handle(self, name, words, argtypes, *arguments):
        """The declaration is taken under all modes, and the arguments, memory of Python's, are refused with these words."""
        for mode in ("call", "declare"):
            with self.mode(mode):
                function = typesafe_ctypes.CDLL(SPLIT)[name]
                function.argtypes = argtypes
                with self.refused(name, "Python", *words):
                    function(*arguments)

    @contextlib.contextmanager
    def mode(self, mode):
        """Within it, that mode is set."""
        before, settings.mode = settings.mode, mode
        try:
            yield
        finally:
            settings.mode = before

    def harmless(self, name, argtypes=None, restype=Ellipsis):
        """The declaration is taken; returns the function."""
        function = self.lib[name]
        if argtypes is not None:
            function.argtypes = argtypes
        if restype is not Ellipsis:
            function.restype = restype
        return function


class _Refused:
    def __init__(self, test, words):
        self.test, self.words = test, words

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.test.assertIsNotNone(kind, "nothing was refused")
        if not issubclass(kind, REFUSED):
            return False
        for word in self.words:
            self.test.assertIn(word, str(error))
        return True


def run(code, environment=None):
    """Runs Python code in an interpreter of its own: (exit code, output, errors)."""
    program = subprocess.run([sys.executable, "-c", code], env=dict(os.environ, **(environment or {})), capture_output=True,
                             text=True, timeout=60)
    return program.returncode, program.stdout, program.stderr
