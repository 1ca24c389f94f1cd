"""What is done about a mistake: refused at the call, at the declaration, or only reported; and what is left alone."""

import os
import tempfile
import unittest
import warnings
from ctypes import POINTER, Structure, byref, c_char_p, c_double, c_int, c_long, c_size_t, c_ulong, c_void_p

import typesafe_ctypes
from support import PLAIN, SPLIT, Checked, run
from typesafe_ctypes import rules
from typesafe_ctypes.settings import settings


class Item(Structure):
    _fields_ = [("other", c_double)]


class AtTheCall(Checked):
    def test_a_declaration_that_is_mended_is_no_mistake(self):
        self.lib.add.argtypes = [c_void_p, c_int, c_int]
        self.lib.add.argtypes = [c_int, c_int]
        self.assertEqual(self.lib.add(1, 2), 3)

    def test_each_call_is_refused_and_nothing_is_called(self):
        count = self.lib.twice
        count.argtypes = [c_double]
        for _ in range(2):
            with self.refused("twice", "parameter 1"):
                count(1)
        count.argtypes = [c_long]
        self.assertEqual(count(5), 10)

    def test_what_was_declared_reads_back(self):
        function = self.lib.new_item
        self.assertEqual((function.argtypes, function.restype), (None, c_int))
        function.argtypes, function.restype = [], POINTER(c_double)
        function()
        self.assertEqual((list(function.argtypes), function.restype), ([], POINTER(c_double)))
        del function.restype
        self.assertIs(function.restype, c_int)


class Reported(Checked):
    def setUp(self):
        super().setUp()
        settings.mode = "warn"
        self.addCleanup(setattr, settings, "mode", "call")

    def said(self, call):
        """What `call` returns, and the warnings."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = call()
        return result, [str(each.message) for each in caught]

    def test_everything_is_said_once_and_nothing_refused(self):
        function = self.lib.twice
        function.argtypes, function.restype = [c_int], c_int
        for again in (False, True):
            result, said = self.said(lambda: function(4))
            self.assertEqual(result, 8)
            self.assertEqual(len(said), 0 if again else 2)
            for text in said:
                self.assertIn("long int twice(long int value)", text)

    def test_what_nobody_declared_is_as_under_ctypes(self):
        result, said = self.said(lambda: self.lib.add(1, 2, 3))
        self.assertEqual((result, len(said)), (3, 1))
        self.assertIn("takes 2 arguments (3 given)", said[0])
        result, said = self.said(lambda: self.lib.length(b"four"))
        self.assertEqual(result, 4)
        self.assertIn("nothing is declared, so that ctypes takes an int", said[0])
        self.assertEqual(self.said(lambda: self.lib.length(b"four")), (4, []))
        result, said = self.said(lambda: self.lib.sum(byref(c_double()), c_size_t(0)))
        self.assertEqual(len([text for text in said if "argument 1" in text]), 1, said)

    def test_handles_that_are_followed(self):
        self.lib.new_item.restype = POINTER(Item)
        item, said = self.said(self.lib.new_item)
        self.assertEqual(said, [])
        number, said = self.said(lambda: item.contents.other)
        self.assertIsInstance(number, float)
        self.assertIn("cannot be read through", said[0])

    def test_objects(self):
        value, said = self.said(lambda: c_long.in_dll(self.lib, "number").value & 0xFFFFFFFF)
        self.assertEqual(value, 42)
        self.assertIn("number", said[0])


class Handles(Checked):
    def test_results_may_travel_but_not_be_followed(self):
        new, total = self.lib.new_item, self.lib.release
        for kind in (POINTER(c_double), POINTER(Item), POINTER(c_void_p)):
            new.restype = kind
            total.argtypes = [kind]
            item = new()
            self.assertIsInstance(item, kind)
            self.assertTrue(item)
            for follow in (lambda: item.contents, lambda: item[0], lambda: item.__setitem__(0, kind._type_())):
                with self.refused("new_item", "handle"):
                    follow()
            total(item)

    def test_numbers_have_to_be_addresses(self):
        length = self.lib.length
        length.argtypes = [c_ulong]
        for number in (5, -1, 65535, c_ulong(7)):
            with self.refused("length", "no address"):
                length(number)

    def test_memory_that_fits_is_handed_over_however_it_is_declared(self):
        place = c_void_p()
        self.lib.put_text.argtypes = [POINTER(POINTER(Item))]
        text = POINTER(Item)()
        self.lib.put_text(byref(text))
        self.lib.put_text.argtypes = [POINTER(c_void_p)]
        self.lib.put_text(byref(place))
        self.assertTrue(text and place)


class LeftAlone(Checked):
    def tearDown(self):
        rules._rules.clear()

    def test_in_code(self):
        typesafe_ctypes.ignore("libtypesafe_check.so", "add")
        library = typesafe_ctypes.CDLL(SPLIT)
        self.assertEqual(library.add(1, 2, 3), 3)
        with self.refused("twice"):
            library.twice(1, 2)

    def test_patterns(self):
        for library, function, left in (("libtypesafe_*", "a*", True), (SPLIT, "*", True), ("other.so", "*", False),
                                        ("libtypesafe_check.so", "sub*", False)):
            rules._rules[:] = [(library, function)]
            self.assertEqual(hasattr(typesafe_ctypes.CDLL(SPLIT)["add"], "_typesafe_"), not left)

    def test_in_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("# not mine\nlibtypesafe_check.so add  # too many\n\n")
            file.flush()
            code = f"import typesafe_ctypes; typesafe_ctypes.from_environment(); import ctypes; print(ctypes.CDLL({SPLIT!r}).add(1, 2, 3))"
            environment = {"TYPESAFE_CTYPES": "1", "TYPESAFE_CTYPES_IGNORE": file.name}
            self.assertEqual(run(code, environment), (0, "3\n", ""))
            file.write("one\n")
            file.flush()
            status, out, err = run(code, environment)
            self.assertEqual((status, out), (0, "3\n"))
            self.assertIn(f"{file.name}:4: is no rule", err)
        status, out, err = run(code.replace("print(", "print(0 * "), environment)
        self.assertIn("No such file", err)


class Switches(unittest.TestCase):
    CODE = f"import ctypes; add = ctypes.CDLL({SPLIT!r}).add; add.argtypes = [ctypes.c_int]; print('declared'); print(add(1))"

    def test_by_the_environment(self):
        start = "import typesafe_ctypes; typesafe_ctypes.from_environment()\n"
        for wish, out, words in (("1", "declared\n", "TypeError"), ("call", "declared\n", "TypeError"), ("declare", "", "TypeError"),
                                 ("warn,strict", None, "TypesafeWarning"), ("wran", "declared\n", "'wran' is neither")):
            status, said, err = run(start + self.CODE, {"TYPESAFE_CTYPES": wish})
            self.assertIn(words, err)
            self.assertEqual(status, 0 if out is None else 1)
            self.assertTrue(said.startswith("declared\n") if out is None else said == out, said)

    def test_in_code(self):
        with self.assertRaises(ValueError):
            typesafe_ctypes.install(mode="wran")

    def test_the_process_may_lose_its_files(self):
        """Whatever is looked up first after a chroot: nothing has to be imported or opened then."""
        if os.geteuid() != 0:
            self.skipTest("only root can chroot")
        for library, out in ((SPLIT, "3"), (PLAIN, "3"), (None, "5")):
            with tempfile.TemporaryDirectory() as empty:
                code = (f"import typesafe_ctypes, ctypes, os; typesafe_ctypes.install(); lib = ctypes.CDLL({library!r})\n"
                        f"os.chroot({empty!r}); os.chdir('/')\n"
                        f"f = lib.{'abs' if library is None else 'add'}; f.restype = ctypes.c_int; f.argtypes = [ctypes.c_int] * {1 if library is None else 2}\n"
                        f"print(f(*{[-5] if library is None else [1, 2]}))")
                self.assertEqual(run(code), (0, out + "\n", ""))


if __name__ == "__main__":
    unittest.main()
