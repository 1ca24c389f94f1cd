"""Tests of drgn's collectors without drgn: a bad item is planted in each loop.

    /usr/bin/python3 consumers/drgn/scripts_test.py
"""

import os
import sys
import types
import unittest

sys.dont_write_bytecode = True
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(_HERE, "scripts"), os.path.join(_HERE, "..", "..", "gdb-scripts")]


class _Drgn(types.ModuleType):
    """Has every name that anybody asks for."""

    def __getattr__(self, name):
        return _Drgn(name)

    def __call__(self, *_, **__):
        return self


sys.modules["drgn"] = _Drgn("drgn")

from splitstrip.naming import Names  # noqa: E402
from splitstrip_drgn import made_up, named, session  # noqa: E402


class Frame:
    """One whose variable `bad`, or of which nothing, can be told."""

    is_inline = False

    def __init__(self, broken):
        self._broken = broken

    @property
    def name(self):
        """The function's."""
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no text")

    def locals(self):
        """Names of variables."""
        if self._broken:
            raise MemoryError("at 0x7ffff7fc1234")
        return ["bad", "worse"]

    def __getitem__(self, name):
        raise ValueError("/tmp/run/root/lib/a.so: .eh_frame+0x2e: %s is unknown" % name)


class Session:
    """Of a library with a bad type and a good one."""

    program = None

    @staticmethod
    def names():
        """As a run's."""
        return Names()

    @staticmethod
    def named(*_):
        """Two."""
        return [("struct", "bad", ""), ("struct", "good", "")]


class BadItems(unittest.TestCase):
    """What it says stands under the item's key, and the next one is told."""

    def setUp(self):
        self._real = made_up._frames
        made_up._frames = lambda _: [("0x10", Frame(True)), ("0x20", Frame(False))]

    def tearDown(self):
        made_up._frames = self._real

    def test_locals(self):
        self.assertEqual(list(made_up.locals_(Session())), [
            ("0x10 variables", "<error: MemoryError: at 0x...>"),
            ("0x20 bad", "<bad is unknown>"), ("0x20 worse", "<worse is unknown>")])

    def test_frames(self):
        for _, text in made_up.backtrace(Session()):
            self.assertRegex(text, "^<error: UnicodeDecodeError: .*no text>$")
        self.assertEqual(len(list(made_up.backtrace(Session()))), 2)

    def test_types(self):
        def find(_, __, name, ___):
            if name == "bad":
                raise RecursionError("too deep")
            return name

        self.assertEqual(list(named._ask(Session(), find, str, ())),
                         [("struct bad", "<too deep>"), ("struct good", "good")])

    def test_places_of_the_pair_are_no_answer(self):
        for section in (".debug_info", ".debug_frame", ".eh_frame"):
            self.assertEqual(session.problem_text(ValueError("/tmp/run/lib/a.so: %s+0x2e: unknown opcode" % section)),
                             "<unknown opcode>")


if __name__ == "__main__":
    unittest.main()
