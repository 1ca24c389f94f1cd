"""Tests of the collectors' own parts, within gdb: gdb -nx -batch -x gdb-scripts/splitstrip_test.py"""

import io
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gdb  # noqa: E402

from splitstrip import (channel, frames, functions, globals, lines, macros, made_up, naming,  # noqa: E402
                        places, registry, run, safely, scene, scopes, typedata, types, typetext, values)


class ChannelTest(unittest.TestCase):
    """Records are lines, whatever is in their fields."""

    def test_escapes_what_would_break_a_record(self):
        file = io.StringIO()
        channel.Channel(file).facts("q", [("a\tb", "c\\d\ne\r")])
        self.assertEqual(file.getvalue(), "q\ta\\tb\tc\\\\d\\ne\\r\n")

    def test_takes_the_descriptor_away_from_children(self):
        reading, writing = os.pipe()
        out = channel.Channel.from_descriptor(os.dup(writing))
        out.record("!answered", "q")
        out.flush()
        os.close(writing)
        self.assertEqual(os.read(reading, 100), b"!answered\tq\n")
        self.assertFalse(os.get_inheritable(out._file.fileno()))
        out._file.close()
        os.close(reading)


class RegistryTest(unittest.TestCase):
    """One query, one collector."""

    def test_refuses_a_second_one(self):
        with self.assertRaises(ValueError):
            registry.collector("types")(lambda session: [])

    def test_a_failing_collector_is_told_and_the_next_one_asked(self):
        def broken(session):
            yield "key", "value"
            raise gdb.error("lost\nit")

        def unable(session):
            raise registry.Unavailable("not here")

        file = io.StringIO()
        errors, sys.stderr = sys.stderr, io.StringIO()
        try:
            registry.COLLECTORS.update(test_broken=broken, test_unable=unable)
            run.collect(["test_broken", "test_unable", "test_unknown"], None, channel.Channel(file))
        finally:
            sys.stderr = errors
            del registry.COLLECTORS["test_broken"], registry.COLLECTORS["test_unable"]
        told = file.getvalue().splitlines()
        self.assertEqual(told[0], "test_broken\tkey\tvalue")
        self.assertRegex(told[1], r"^!failed\ttest_broken\terror: lost it \(splitstrip_test.py:\d+\)$")
        self.assertEqual(told[2], "!unavailable\ttest_unable\tnot here")
        self.assertTrue(told[3].startswith("!unavailable\ttest_unknown\t"))


def _raise(problem):
    raise problem


class SafelyTest(unittest.TestCase):
    """One bad item is a fact that says so, and the next one is told."""

    def test_every_error_of_an_item_becomes_its_answer(self):
        for problem in (gdb.error("no"), gdb.MemoryError("no"), MemoryError("no"), RecursionError("no"), TypeError("no")):
            self.assertEqual(safely.told(_raise, problem), "<error: %s: no>" % type(problem).__name__)
        decoding = safely.told(b"\xff".decode)
        self.assertTrue(decoding.startswith("<error: UnicodeDecodeError: "), decoding)
        self.assertEqual(safely.told(str.upper, "a"), "A")

    def test_what_ends_a_run_is_no_answer(self):
        for problem in (KeyboardInterrupt(), SystemExit(1), registry.Unavailable("not here"), NameError("ours")):
            with self.assertRaises(type(problem)):
                safely.told(_raise, problem)
            with self.assertRaises(type(problem)):
                list(safely.facts("key", _raise, problem))

    def test_an_error_is_the_same_text_on_every_run(self):
        self.assertEqual(safely.error_text(ValueError("/tmp/s1/root/lib/a.so: no\n 0x7ffff7fc1234 in (/b/c.py)")),
                         "<error: ValueError: a.so: no 0x... in (c.py)>")

        class Mute(Exception):
            def __str__(self):
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "no")

        self.assertEqual(safely.error_text(Mute()), "<error: Mute: cannot be told>")

    def test_facts_end_with_what_went_wrong(self):
        def broken():
            yield "a", "1"
            raise gdb.error("lost")

        self.assertEqual(list(safely.facts("the rest", broken)), [("a", "1"), ("the rest", "<error: error: lost>")])

    def test_errors_alone_are_a_broken_collector(self):
        bad = [("key %d" % number, "int = <error: TypeError: no>") for number in range(safely.Watch.MOST_BAD + 1)]
        with self.assertRaisesRegex(RuntimeError, "nothing but errors, 9 of them: int = <error: TypeError: no>"):
            list(safely.Watch(bad))
        self.assertEqual(list(safely.Watch(bad[:-1])), bad[:-1])
        self.assertEqual(list(safely.Watch(bad + [("good", "int")])), bad + [("good", "int")])


class _Bad:
    """Something of gdb's of which nothing can be told but what is given."""

    def __init__(self, **known):
        self.__dict__.update(known)

    def __getattr__(self, name):
        raise gdb.MemoryError("Cannot access memory at address 0x1000")


class _Unit:
    name, language = "a.c", "c"

    def __init__(self, *symbols):
        self._symbols = symbols

    def symbols(self):
        """What it was made with."""
        return self._symbols


class _Session:
    def __init__(self, *symbols):
        self._units = [_Unit(*symbols)]

    def units(self):
        """One."""
        return self._units

    def type_names(self):
        """None."""
        return ()

    @staticmethod
    def names():
        """As a run's."""
        return naming.Names()


class _Frame:
    """A frame with one block."""

    def __init__(self, *symbols):
        class Block(list):
            is_static = is_global = False
            function = "f"

        self._block = Block(symbols)

    def block(self):
        """The only one."""
        return self._block

    @staticmethod
    def find_sal():
        """None."""
        return None

    @staticmethod
    def select():
        """Nothing to do."""


class BadItemsTest(unittest.TestCase):
    """A bad item is planted in each loop; what it says stands under its key, and what follows is told."""

    BAD = "<error: MemoryError: Cannot access memory at address 0x...>"

    def test_functions_and_their_blocks(self):
        session = _Session(_Bad(addr_class=gdb.SYMBOL_LOC_BLOCK), _Bad(addr_class=gdb.SYMBOL_LOC_BLOCK, print_name="f"))
        self.assertEqual(list(functions.functions(session)), [("a function of a.c", self.BAD)])
        self.assertEqual(list(scopes.scopes(session)), [("blocks of " + self.BAD, self.BAD), ("blocks of f", self.BAD)])

    def test_variables(self):
        self.assertEqual(list(globals.globals_(_Session(_Bad(is_variable=True, addr_class=gdb.SYMBOL_LOC_STATIC)))),
                         [("a variable of a.c", self.BAD)])

    def test_types(self):
        bad = _Bad(addr_class=gdb.SYMBOL_LOC_TYPEDEF)
        self.assertEqual(list(types.types(_Session(bad))), [("a type of a.c", self.BAD)])

    def test_members_and_enumerators(self):
        class Record:
            code, sizeof, alignof = gdb.TYPE_CODE_STRUCT, 4, 4

            @staticmethod
            def fields():
                return [_Bad(name="a"), _Bad(name="b")]

        class Enumeration(Record):
            code = gdb.TYPE_CODE_ENUM

        self.assertEqual(typetext.layout(Record()), "struct, 4 bytes, aligned 4: %s; %s" % (self.BAD, self.BAD))
        self.assertEqual(typetext.layout(Enumeration()), "enum, 4 bytes, aligned 4: %s, %s" % (self.BAD, self.BAD))

    def test_sizes_that_only_a_run_has(self):
        self.assertEqual(typetext.size(_Bad(alignof=8)), self.BAD.join(("", " bytes, aligned 8")))

    def test_values(self):
        class Odd:
            is_optimized_out = False

            @property
            def type(self):
                raise TypeError("of dynamic bounds")

        self.assertEqual(values.render(Odd()), "<error: TypeError: of dynamic bounds>")

    def test_locals_and_arguments(self):
        local = _Bad(name="a", line=1, is_argument=False, is_variable=True, type="int", addr_class=gdb.SYMBOL_LOC_STATIC)
        argument = _Bad(name="b", line=2, is_argument=True, is_variable=True)
        frame = _Frame(local, argument, local)
        self.assertEqual(list(made_up._variables("0x10", frame)), [
            ("0x10 local a:1", "int, <Cannot access memory at address 0x1000>"), ("0x10 argument b:2", self.BAD),
            ("0x10 local a:1", "int, <Cannot access memory at address 0x1000>")])
        self.assertEqual(list(frames.locals_of(frame, None)), [
            ("a:1", "int = <Cannot access memory at address 0x1000>"),
            ("a:1 #2", "int = <Cannot access memory at address 0x1000>")])

    def test_exports_and_the_types_that_they_reach(self):
        class Scene:
            exports = [scene.Export("function", name, "10", "0") for name in ("f", "g")]

            def __init__(self, _):
                pass

            @staticmethod
            def find(export):
                return _Bad(), None

            @staticmethod
            def is_shared(unit, name):
                return False

        session = _Bad(parameters=_Bad(landmarks=""))
        real, typedata.Scene = typedata.Scene, Scene
        try:
            self.assertEqual(list(typedata.typedata(session)), [("f", self.BAD), ("g", self.BAD)])
        finally:
            typedata.Scene = real

    def test_addresses(self):
        unit = _Unit()
        unit.landmarks = _Bad(pcs=(0x10, 0x20))
        real = gdb.find_pc_line
        gdb.find_pc_line = lambda pc: _raise(gdb.MemoryError("Cannot access memory at address 0x1000"))
        try:
            self.assertEqual(list(lines._resolved(unit)), [("0x10", self.BAD), ("0x20", self.BAD)])
        finally:
            gdb.find_pc_line = real


class NamesTest(unittest.TestCase):
    """Keys are given out once."""

    def test_tells_different_answers_apart_and_the_same_once(self):
        names = naming.Names()
        self.assertEqual(names.key("x", "1", "a.c"), "x")
        self.assertIsNone(names.key("x", "1", "b.c"))
        self.assertEqual(names.key("x", "2", "b.c"), "x in b.c")
        self.assertEqual(names.key("x", "3", "b.c"), "x in b.c #2")
        self.assertIsNone(names.key("x", "3", "c.c"))


class TextTest(unittest.TestCase):
    """The few places where gdb's text is read."""

    def test_line_table_rows(self):
        self.assertEqual(lines._ROW.match("2      1096   0x0000000000011780                      ").groups(),
                         ("1096", "0x0000000000011780", ""))
        self.assertEqual(lines._ROW.match("9      END    0x0000000000011790 Y                    ").groups(),
                         ("END", "0x0000000000011790", "Y                    "))
        self.assertIsNone(lines._ROW.match("INDEX  LINE   ADDRESS            IS-STMT PROLOGUE-END "))

    def test_mappings_with_and_without_permissions(self):
        live = "      0x555555554000     0x555555555000     0x1000        0x20  r--p   /a b/driver"
        core = "      0x555555554000     0x555555555000     0x1000        0x20 /a b/driver"
        for text in (live, core):
            self.assertEqual(places._MAPPING.match(text).groups(), ("555555554000", "555555555000", "20", "/a b/driver"))

    def test_symbols(self):
        match = places._SYMBOL.match
        self.assertEqual(match("f in section .text of /lib/x.so").groups(), ("f", None))
        self.assertEqual(match("a::b(int, char) + 12 in section .text").groups(), ("a::b(int, char)", "12"))
        self.assertIsNone(match("No symbol matches 0x10."))

    def test_macro_names(self):
        self.assertEqual(macros._NAME.match("#define F(x, y) ((x) + (y))").group(1), "F")
        self.assertEqual(macros._NAME.match("-D__x86_64__=1").group(1), "__x86_64__")

    def test_types_of_old_gdb_that_prints_whole_bodies(self):
        class Old:
            def __str__(self):
                return "struct a {\n  struct {\n    int x;\n  } y;\n} *"

        self.assertEqual(typetext.name(Old()), "struct a {...} *")

    def test_values_hide_addresses(self):
        class Place:
            def is_address(self, number):
                return number == 0x7FFF12345678

            def __call__(self, address):
                return "there"

        number = gdb.Value(0x7FFF12345678)
        self.assertEqual(values.render(number, Place()), "there")
        self.assertEqual(values.render(gdb.Value(5), Place()), "5")
        halves = gdb.Value(bytes.fromhex("01000000 78563412 ff7f0000 00000000"), gdb.lookup_type("int").array(3))
        self.assertEqual(values.render(halves, Place()), "{1, half of an address, half of an address, 0}")

        class Field:
            bitpos, is_base_class = 0, False

            def __init__(self, name, type_):
                self.name, self.type = name, gdb.lookup_type(type_)

        class Union:
            code = gdb.TYPE_CODE_UNION
            members = [Field("whole", "unsigned long long"), Field("word", "unsigned int")]

            def fields(self):
                return self.members

        def both(number):
            word = gdb.Value(number & 0xFFFFFFFF).cast(gdb.lookup_type("unsigned int"))
            return values._members(dict(zip(Union.members, (gdb.Value(number), word))), Union(), Place(), 0)

        self.assertEqual(both(0x7FFF12345678), "{whole = there, word = part of an address}")
        self.assertEqual(both(5), "{whole = 5, word = 5}")


# gdb exits with what `quit` is given, and with 0 after an exception.
RESULT = unittest.main(module=sys.modules[__name__], argv=["splitstrip_test"], exit=False, verbosity=1).result
gdb.execute("quit %d" % (not RESULT.wasSuccessful()))
