"""Tests of lldb's collectors without lldb: a bad item is planted in each loop.

    /usr/bin/python3 consumers/lldb/scripts_test.py
"""

import os
import sys
import types
import unittest

sys.dont_write_bytecode = True
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(_HERE, "scripts"), os.path.join(_HERE, "..", "..", "gdb-scripts")]


class _Lldb(types.ModuleType):
    """Has every constant that anybody asks for."""

    def __getattr__(self, name):
        return 1 << (hash(name) & 31)


sys.modules["lldb"] = _Lldb("lldb")

from splitstrip.naming import Names  # noqa: E402
from splitstrip_lldb import frames, functions, globals, lines, made_up, scopes, state, values  # noqa: E402
from splitstrip_lldb import types as types_  # noqa: E402

BAD = "<error: TypeError: no text>"


class Something:
    """Answers every question with something, but those given, which it answers so; what is given as an error it raises."""

    def __init__(self, **known):
        self._known = known

    def __getattr__(self, name):
        def answer(*_):
            found = self._known.get(name, Something())
            if isinstance(found, Exception):
                raise found
            return found

        return answer

    def __str__(self):
        return "something"


NO = TypeError("no text")


class Frame(Something):
    """A frame with two bad variables."""

    def GetVariables(self, *_):
        """As lldb's."""
        return [Something(GetName="a", GetDeclaration=Something(IsValid=False), GetTypeName=NO) for _ in range(2)]


class Session:
    """Of a library with two of each sort, of which nothing can be told."""

    target = module = debugger = None
    library = "lib"

    @staticmethod
    def names():
        """As a run's."""
        return Names()

    @staticmethod
    def functions():
        """Two."""
        return [Something(GetName=name, GetEndAddress=NO, GetBlock=NO, GetPrologueByteSize=0,
                          GetStartAddress=Something(GetFileAddress=number, GetLineEntry=NO))
                for number, name in enumerate(("f", "g"))]

    @staticmethod
    def units():
        """One."""
        row = Something(GetStartAddress=Something(GetFileAddress=16), GetLine=NO, GetColumn=1,
                        GetFileSpec=Something(GetDirectory="", GetFilename="a.c"))
        return [Something(GetFileSpec=Something(GetDirectory="", GetFilename="a.c"), GetNumLineEntries=2,
                          GetLineEntryAtIndex=row,
                          GetTypes=[Something(GetName="t", GetTypeClass=NO, GetByteSize=NO)])]

    def command(self, _):
        """What lldb prints."""
        raise NO


Session.target = Something(FindGlobalVariables=[Something(GetName="v", GetTypeName=NO)])


class BadItems(unittest.TestCase):
    """What it says stands under the item's key, and the next one is told."""

    def test_functions(self):
        self.assertEqual(list(functions.functions(Session())), [("f", BAD), ("g", BAD)])

    def test_blocks(self):
        self.assertEqual(list(scopes.scopes(Session())), [
            ("blocks of f", BAD), ("at 0x0", BAD), ("blocks of g", BAD), ("at 0x1", BAD)])

    def test_variables(self):
        self.assertEqual(list(globals.globals_(Session())), [("v", BAD)])

    def test_types(self):
        self.assertEqual(list(types_.types(Session())), [(BAD, BAD)])

    def test_rows(self):
        self.assertEqual(list(lines.lines(Session())), [("a.c 0x10", BAD), ("a.c 0x10 #2", BAD)])

    def test_locals(self):
        self.assertEqual(list(frames.variables(Frame(), None, True, True)), [("a:0", BAD), ("a:0 #2", BAD)])
        real, made_up._frames = made_up._frames, lambda session: [("0x10", Frame(GetFunctionName=NO)), ("0x20", Frame())]
        try:
            self.assertEqual(list(made_up.locals_(Session())), [
                ("0x10 a:0", BAD), ("0x10 a:0 #2", BAD), ("0x20 a:0", BAD), ("0x20 a:0 #2", BAD)])
            told = list(made_up.backtrace(Session()))
            self.assertEqual(told[0], ("0x10", BAD))
            self.assertEqual(told[1][0], "0x20")
        finally:
            made_up._frames = real

    def test_threads(self):
        class Process(list):
            """Of one thread."""

            @staticmethod
            def GetTarget():
                """One without modules."""
                return Something(module_iter=())

        facts = list(state.state(Session(), Process([Something(GetNumFrames=NO)]), None))
        self.assertEqual(facts, [("thread 1 frames", BAD)])

    def test_values(self):
        self.assertEqual(values.render(Something(GetNonSyntheticValue=Something(GetError=NO))), BAD)


if __name__ == "__main__":
    unittest.main()
