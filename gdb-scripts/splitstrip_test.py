"""Tests of the collectors' own parts, within gdb: gdb -nx -batch -x gdb-scripts/splitstrip_test.py"""

import io
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gdb  # noqa: E402

from splitstrip import channel, lines, macros, naming, places, registry, run, typetext, values  # noqa: E402


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
