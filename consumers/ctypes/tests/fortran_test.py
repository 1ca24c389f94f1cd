"""Fortran as C calls it: arrays by descriptors, strings with their lengths, what is allocated."""

import os
import subprocess
import tempfile
import unittest
from ctypes import (POINTER, Structure, addressof, byref, c_byte, c_char, c_char_p, c_double, c_int, c_short, c_size_t, c_ssize_t,
                    c_void_p, cast, pointer)

import typesafe_ctypes
from support import Checked

LIBRARY = os.environ["TYPESAFE_TEST_FORTRAN"]
SPLITSTRIP = os.environ["TYPESAFE_TEST_SPLITSTRIP"]


class Dimension(Structure):
    _fields_ = [("stride", c_ssize_t), ("lower", c_ssize_t), ("upper", c_ssize_t)]


class Kind(Structure):
    _fields_ = [("element", c_size_t), ("version", c_int), ("rank", c_byte), ("type", c_byte), ("attribute", c_short)]


def described(element, rank):
    """The structure that gfortran describes an array of `rank` dimensions with (libgfortran.h)."""
    return type("Descriptor", (Structure,), {"_fields_": [
        ("base", element), ("offset", c_size_t), ("kind", Kind), ("span", c_ssize_t), ("dimensions", Dimension * rank)]})


class Item(Structure):
    _fields_ = [("id", c_int), ("values", described(POINTER(c_double), 1)), ("name", c_char_p), ("owner", c_void_p * 2),
                ("name_length", c_size_t)]


@unittest.skipUnless(os.path.exists(LIBRARY), "gfortran is missing: the fixture was not built")
class Fortran(Checked):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.lib, self.plain = (self.open(recipe, scratch.name) for recipe in ("typedata", "conventional"))

    @staticmethod
    def open(recipe, scratch):
        directory = os.path.join(scratch, recipe)
        subprocess.run([SPLITSTRIP, "split", LIBRARY, "-o", directory, "--recipe", recipe], check=True, stdout=subprocess.DEVNULL)
        return typesafe_ctypes.CDLL(os.path.join(directory, os.path.basename(LIBRARY)))

    def test_array_of_the_callers_shape(self):
        numbers = (c_double * 6)(1, 2, 3, 4, 5, 6)
        for base in (POINTER(c_double), c_void_p):
            for library in (self.lib, self.plain):
                matrix, texts = described(base, 2)(), described(c_char_p, 1)()
                matrix.base = cast(numbers, base)
                matrix.span, matrix.kind = 8, Kind(8, 0, 2, 3, 0)
                matrix.dimensions[0], matrix.dimensions[1] = Dimension(1, 0, 2), Dimension(3, 0, 1)
                total = library["__arguments_MOD_total"]
                total.restype, total.argtypes = c_double, [POINTER(type(matrix)), POINTER(type(texts)), c_size_t]
                # An empty list of texts.
                texts.base, texts.kind, texts.dimensions[0] = b"", Kind(5, 0, 1, 6, 0), Dimension(1, 0, -1)
                self.assertEqual(total(byref(matrix), byref(texts), 5), 21)

    def test_by_the_element(self):
        total = self.harmless("__arguments_MOD_total", [POINTER(c_double), c_void_p, c_size_t])
        with self.refused("parameter 1 'a'", "array_descriptor"):
            total((c_double * 6)(), None, 0)

    def test_a_text_of_the_callees_length(self):
        for text in (c_char_p, POINTER(c_char), c_void_p):
            values, given, length = described(POINTER(c_int), 1)(), text(), c_size_t()
            resize = self.harmless("__arguments_MOD_resize", [
                POINTER(type(values)), POINTER(text), POINTER(c_int), POINTER(c_size_t)], None)
            resize(byref(values), byref(given), byref(c_int(3)), byref(length))
            self.assertEqual((length.value, cast(given, c_char_p).value[:3], list(values.base[:3])), (3, b"*  ", [3, 3, 3]))
        resize = self.harmless("__arguments_MOD_resize", [c_void_p, c_char_p, POINTER(c_int), c_void_p])
        with self.refused("parameter 2 'text'", "'char **'"):
            resize(None, b"text", byref(c_int(3)), None)

    def test_what_is_allocated(self):
        resize = self.lib["__arguments_MOD_resize"]
        resize.restype = None
        kept = described(POINTER(c_int), 1).in_dll(self.lib, "__arguments_MOD_kept")
        resize(byref(kept), pointer(c_char_p()), byref(c_int(4)), byref(c_size_t()))
        self.assertEqual(list(kept.base[:4]), [4, 4, 4, 4])
        with self.refused("__arguments_MOD_kept", "array_descriptor"):
            (c_int * 4).in_dll(self.lib, "__arguments_MOD_kept")
        self.assertTrue(addressof((c_int * 4).in_dll(self.plain, "__arguments_MOD_kept")))

    def test_a_member_that_is_allocated(self):
        first = Item.in_dll(self.lib, "__arguments_MOD_first")
        self.assertEqual((first.id, bool(first.values.base)), (1, False))

        class Short(Structure):
            _fields_ = [("id", c_int), ("values", POINTER(c_double)), ("name", c_char_p)]

        with self.refused("__arguments_MOD_first"):
            Short.in_dll(self.lib, "__arguments_MOD_first")
        self.assertEqual(Short.in_dll(self.plain, "__arguments_MOD_first").id, 1)


if __name__ == "__main__":
    unittest.main()
