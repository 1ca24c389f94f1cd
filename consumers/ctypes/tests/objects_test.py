"""in_dll(), and functions by other ways than their name in a library."""

import ctypes
import unittest
from ctypes import POINTER, Structure, Union, c_char_p, c_double, c_int, c_long, c_short, c_uint, c_void_p

import typesafe_ctypes
from support import PYPY, SPLIT, Checked
from typesafe_ctypes import CFUNCTYPE, objects
from typesafe_ctypes.funcptr import address_of


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]


class Other(Structure):
    _fields_ = [("x", c_short), ("y", c_int)]


class Either(Union):
    _fields_ = [("x", c_int)]


class Objects(Checked):
    def test_right(self):
        self.assertEqual(c_int.in_dll(self.lib, "number").value, 42)
        self.assertEqual(c_uint.in_dll(self.lib, "number").value, 42)
        self.assertEqual(c_double.in_dll(self.lib, "real").value, 0.5)
        self.assertEqual(c_char_p.in_dll(self.lib, "text").value, b"text")
        self.assertEqual(Point.in_dll(self.lib, "origin").y, 4)
        self.assertEqual(list((c_int * 4).in_dll(self.lib, "numbers")), [1, 2, 3, 4])

    def test_wrong(self):
        for kind, name in ((c_long, "number"), (c_double, "number"), (c_int, "real"), (c_char_p, "origin"), (Other, "origin"),
                           (Either, "origin"), (c_char_p, "numbers"), (c_long * 2, "numbers"), (POINTER(c_int), "numbers")):
            with self.refused(name, f"in_dll('{name}')"):
                kind.in_dll(self.lib, name)
            self.assertIsInstance(kind.in_dll(self.plain, name), kind)

    def test_missing(self):
        for library in (self.lib, self.plain):
            with self.assertRaises(ValueError if not PYPY else (ValueError, AttributeError)):
                c_int.in_dll(library, "nowhere")
            with self.assertRaises(TypeError):
                c_int.in_dll(library)

    def test_plain_libraries_are_not_looked_at(self):
        self.assertEqual(c_short.in_dll(ctypes.CDLL(SPLIT), "number").value, 42)

    def test_switching_off(self):
        objects.switch_off()
        self.addCleanup(objects.switch_on)
        self.assertEqual(c_short.in_dll(self.lib, "number").value, 42)


class OtherWays(Checked):
    def test_prototype_by_name(self):
        self.assertEqual(CFUNCTYPE(c_int, c_int, c_int)(("add", self.lib))(1, 2), 3)
        for prototype in (CFUNCTYPE(c_int, c_int), CFUNCTYPE(c_char_p, c_int, c_int)):
            wrong = prototype(("add", self.lib))
            with self.refused("int add(int a, int b)"):
                wrong(1)
            with self.mode("declare"), self.refused("int add(int a, int b)"):
                prototype(("add", self.lib))
            prototype(("add", self.plain))

    def test_prototype_by_address(self):
        address = address_of(self.lib.add)
        self.assertEqual(CFUNCTYPE(c_int, c_int, c_int)(address)(1, 2), 3)
        with self.refused("int add(int a, int b)"):
            CFUNCTYPE(c_int, c_int)(address)(1)
        with self.refused("takes 2 arguments"):
            CFUNCTYPE(c_int, c_int, c_int)(address)(1, 2, 3)
        CFUNCTYPE(c_int, c_int)(address_of(self.plain.add))
        self.assertFalse(CFUNCTYPE(c_int)(0))

    def test_callbacks_and_casts_are_not_looked_at(self):
        prototype = CFUNCTYPE(c_int, c_int)
        self.assertEqual(prototype(lambda value: value + 1)(1), 2)
        self.assertEqual(ctypes.cast(self.plain.old_style, prototype)(3), 3)

    def test_indexing(self):
        with self.refused("takes 2 arguments"):
            self.lib["add"](1, 2, 3)
        self.assertIsNot(self.lib["add"], self.lib["add"])
        self.assertFalse(hasattr(self.lib, "nowhere"))

    @unittest.skipIf(PYPY, "PyPy cannot call by a handle")
    def test_by_handle(self):
        again = typesafe_ctypes.CDLL("another name", handle=self.lib._handle)
        with self.refused("takes 2 arguments"):
            again.add(1, 2, 3)

    def test_global_lookup(self):
        ctypes.CDLL(SPLIT, ctypes.RTLD_GLOBAL)
        everything = typesafe_ctypes.CDLL(None)
        if PYPY and not hasattr(everything, "low_byte"):
            self.skipTest("PyPy does not know RTLD_GLOBAL")
        with self.refused("takes 1 argument"):
            everything.low_byte(1, 2)
        self.assertEqual(everything.low_byte(0x1FF), 0xFF)

    def test_prototypes_in_words(self):
        self.assertEqual(typesafe_ctypes.prototype(self.lib.add), "int add(int a, int b)")
        self.assertIsNone(typesafe_ctypes.prototype(self.plain.add))


if __name__ == "__main__":
    unittest.main()
