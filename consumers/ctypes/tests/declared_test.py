"""Declarations: held against the library when the function is called, or when they are set."""

import ctypes
import unittest
import warnings
from ctypes import (CFUNCTYPE, POINTER, Structure, Union, byref, c_bool, c_char, c_char_p, c_double, c_float, c_int, c_long, c_short,
                    c_size_t, c_uint, c_ulong, c_void_p, c_wchar_p, pointer)

import typesafe_ctypes
from support import SPLIT, Checked
from typesafe_ctypes.settings import settings
from typesafe_ctypes.typed import complete


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]


class WidePoint(Structure):
    _fields_ = [("x", c_long), ("y", c_long)]


class Value(Union):
    _fields_ = [("number", c_int), ("real", c_double)]


class Item(Structure):
    pass


Item._anonymous_ = ["value"]
Item._fields_ = [("kind", c_uint, 3), ("count", c_uint, 13), ("at", Point), ("value", Value), ("name", c_char_p), ("next", POINTER(Item))]


class WrongBits(Structure):
    _fields_ = [("kind", c_uint, 4), ("count", c_uint, 12), ("at", Point), ("value", Value), ("name", c_char_p), ("next", c_void_p)]


class ShortItem(Structure):
    _fields_ = [("kind", c_uint, 3), ("count", c_uint, 13), ("at", Point), ("value", Value), ("name", c_char_p)]


class Incomplete(Structure):
    pass


class Converted:
    @classmethod
    def from_param(cls, value):
        return c_int(len(value))


class Right(Checked):
    """What is right stays as it is under ctypes."""

    def test_scalars(self):
        add = self.harmless("add", [c_int, c_int], c_int)
        self.assertEqual(add(1, 2), 3)
        self.assertEqual(add.argtypes, self.plain_of("add", [c_int, c_int]).argtypes)
        self.assertIs(add.restype, c_int)
        self.assertEqual(self.harmless("is_even", [c_int], c_bool)(4), True)
        self.assertEqual(self.harmless("half", [c_float], c_float)(3), 1.5)
        self.assertEqual(self.harmless("next_color", [c_uint], c_uint)(0), 1)

    def plain_of(self, name, argtypes):
        function = self.plain[name]
        function.argtypes = argtypes
        return function

    def test_what_cannot_crash_is_accepted(self):
        self.assertEqual(self.harmless("add", [c_uint, c_uint], c_uint)(1, 2), 3)
        self.assertEqual(self.harmless("next_color", [c_int], c_int)(0), 1)
        self.assertEqual(self.harmless("length", [c_void_p], c_ulong)(b"four"), 4)
        self.assertEqual(self.harmless("length", [POINTER(ctypes.c_ubyte)], c_size_t)((ctypes.c_ubyte * 2)(65)), 1)
        self.harmless("sum_of", [POINTER(Incomplete)])
        self.harmless("sum_of", [c_void_p])
        self.harmless("open_hidden", restype=POINTER(Incomplete))
        self.harmless("add", restype=None)
        self.harmless("nothing", restype=c_int)

    def test_structures(self):
        item = Item()
        self.harmless("fill", [POINTER(Item)], None)(byref(item))
        self.assertEqual((item.kind, item.count, item.at.x, item.number, item.name), (5, 1000, 1, 7, b"item"))
        self.assertEqual(self.harmless("distance", [Point, Point])(Point(0, 0), Point(1, 2)), 3)
        self.assertEqual(self.harmless("moved", [Point, c_int], Point)(Point(1, 2), 1).y, 3)

    def test_a_conversion_of_ones_own_tells_nothing(self):
        self.assertEqual(self.harmless("add", [Converted, Converted])("a", "bc"), 3)

    def test_callables_as_result(self):
        self.assertEqual(self.harmless("add", [c_int, c_int], lambda value: [value])(1, 2), [3])
        self.harmful("new_item", ["struct item *new_item(void)"], restype=lambda value: value)

    def test_surplus_arguments_are_refused(self):
        add = self.harmless("add", [c_int, c_int], c_int)
        with self.refused("this function takes 2 arguments (3 given)"):
            add(1, 2, 3)
        plain = self.plain.add
        plain.argtypes = [c_int, c_int]
        self.assertEqual(plain(1, 2, 3), 3)

    def test_variable_arguments(self):
        mean = self.harmless("mean", [c_int], c_double)
        self.assertEqual(mean(1, c_double(2)), 2)
        self.harmless("mean", [c_int, c_double])
        self.harmful("mean", ["double"], [c_int, c_float])
        self.harmful("mean", ["1 parameter"], [])

    def test_errcheck_and_paramflags(self):
        add = self.harmless("add", [c_int, c_int], c_int)
        add.errcheck = lambda result, function, arguments: (result, function is add, arguments)
        self.assertEqual(add(1, 2), (3, True, (1, 2)))
        prototype = typesafe_ctypes.CFUNCTYPE(c_int, c_int, c_int)
        named = prototype(("add", self.lib), ((1, "a"), (1, "b", 5)))
        self.assertEqual((named(1), named(a=1, b=2)), (6, 3))


class Wrong(Checked):
    """What can crash is refused, with both sides; the same library without types takes it."""

    def test_results(self):
        self.harmful("new_item", ["struct item *new_item(void)", "restype = c_int"], restype=c_int)
        self.harmful("block", ["void *block(size_t size)"], restype=c_int)
        self.harmful("copy_of", ["char *copy_of(const char *string)"], restype=c_uint)
        self.harmful("ratio", ["double ratio(double a, double b)"], restype=c_float)
        self.harmful("ratio", ["double"], restype=c_int)
        self.harmful("answer", ["int answer(void)"], restype=c_char_p)
        self.harmful("moved", ["struct point"], restype=c_int)
        self.harmful("moved", ["struct point"], restype=None)
        self.harmful("moved", ["struct point"], restype=WidePoint)
        self.harmful("moved", ["struct point"], restype=POINTER(Point))

    def test_results_that_are_cut_off(self):
        for kind, given, result in ((c_int, -5, -10), (c_uint, -1, 2 ** 32 - 2), (c_short, 7, 14), (c_uint, 5, 10)):
            twice = self.harmless("twice", [c_long], kind)
            self.assertEqual(twice(given), result)
            self.assertIs(twice.restype, kind)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                self.assertEqual(twice((1 << 40) + given), kind((2 << 40) + result).value)
            self.assertEqual(len(caught), 1)
            self.assertIn(f"{(2 << 40) + 2 * given} was cut off", str(caught[0].message))
            self.assertIn(f"twice.restype = {kind.__name__}", str(caught[0].message))
            with self.mode("declare"), self.refused("twice", "8 bytes there"):
                typesafe_ctypes.CDLL(SPLIT)["twice"].restype = kind

    def test_numbers_that_would_be_cut_off(self):
        for kind, fit, cut in ((c_int, -5, 1 << 40), (c_uint, 2 ** 32 - 1, 1 << 32), (c_short, 7, -(1 << 20))):
            twice = self.harmless("twice", [kind], c_long)
            self.assertEqual(twice(fit), 2 * fit if kind is not c_short else 14)
            with self.refused("twice", "parameter 1", f"given was {cut}", f"twice.argtypes = [{kind.__name__}]"):
                twice(cut)
            with self.mode("declare"), self.refused("twice", "8 bytes there"):
                typesafe_ctypes.CDLL(SPLIT)["twice"].argtypes = [kind]

    def test_scalars(self):
        self.harmful("ratio", ["parameter 2"], [c_double, c_float])
        self.harmful("ratio", ["parameter 1"], [c_long, c_double])
        self.harmful("add", ["parameter 1"], [c_double, c_int])

    def test_numbers_of_arguments(self):
        self.harmful("add", ["takes 2 parameters there, 1 here", "int add(int a, int b)"], [c_int])
        self.harmful("add", ["3 here"], [c_int] * 3)
        self.harmful("answer", ["1 here"], [c_int])

    def test_pointers(self):
        self.harmful("length", ["parameter 1", "const char *string"], [c_int])
        self.harmful("length", ["parameter 1"], [c_short])
        self.handle("length", ["parameter 1"], [c_wchar_p], "text")
        self.handle("length", ["parameter 1"], [POINTER(c_char_p)], byref(c_char_p(b"text")))
        self.handle("put_text", ["parameter 1"], [c_char_p], b"text")
        self.handle("put", ["parameter 2"], [c_int, POINTER(c_long)], 1, byref(c_long()))
        self.handle("sum", ["parameter 1"], [POINTER(c_double), c_size_t], (c_double * 4)(), 4)
        self.handle("sum", ["parameter 1"], [c_long * 4, c_size_t], (c_long * 4)(), 4)
        self.harmful("sum", ["parameter 2"], [POINTER(c_int), POINTER(c_size_t)])

    def test_structures(self):
        self.harmful("distance", ["parameter 2"], [Point, WidePoint])
        self.harmful("distance", ["parameter 1"], [POINTER(Point), Point])
        self.harmful("sum_of", ["parameter 1"], [Point])
        self.handle("sum_of", ["parameter 1", "x"], [POINTER(WidePoint)], byref(WidePoint()))
        self.handle("sum_of", ["parameter 1", "x"], [POINTER(WidePoint)], pointer(WidePoint()))
        self.handle("sum_of", ["parameter 1", "x"], [POINTER(WidePoint)], (WidePoint * 2)())
        self.handle("fill", ["parameter 1", "kind"], [POINTER(WrongBits)], byref(WrongBits()))
        self.handle("fill", ["parameter 1"], [POINTER(ShortItem)], byref(ShortItem()))

    def test_callbacks(self):
        self.harmless("each", [CFUNCTYPE(c_int, c_int, c_void_p), c_int, c_void_p])
        self.harmless("each", [CFUNCTYPE(c_int, c_int), c_int, c_void_p])  # what it does not take it does not see
        self.harmful("each", ["parameter 1"], [CFUNCTYPE(c_int, c_int, c_void_p, c_int), c_int, c_void_p])
        self.harmful("each", ["parameter 1"], [CFUNCTYPE(c_double, c_int, c_void_p), c_int, c_void_p])
        self.harmful("each", ["parameter 1"], [CFUNCTYPE(c_int, c_void_p, c_int), c_int, c_void_p])

    def test_a_refused_declaration_leaves_what_was(self):
        add = self.harmless("add", [c_int, c_int], c_int)
        with self.mode("declare"):
            with self.refused():
                add.argtypes = [c_char_p, c_int]
            with self.refused():
                add.restype = c_char_p
        self.assertEqual(list(add.argtypes), [c_int, c_int])
        self.assertEqual(add(1, 2), 3)

    def test_what_ctypes_itself_refuses(self):
        for library in (self.lib, self.plain):
            with self.assertRaises(TypeError):
                library.add.argtypes = [5]
            with self.assertRaises(TypeError):
                library.add.restype = 5


class Strict(Checked):
    def setUp(self):
        super().setUp()
        settings.strict = True
        self.addCleanup(setattr, settings, "strict", False)

    def said(self, name, **declaration):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            complete(self.harmless(name, **declaration))
        for warning in caught:
            self.assertIs(warning.category, typesafe_ctypes.TypesafeStrictWarning)
            self.assertEqual(warning.filename, __file__)
        return [str(warning.message) for warning in caught]

    def test_compatible_is_reported(self):
        self.assertIn("int add(int a, int b)", self.said("add", argtypes=[c_uint, c_int])[0])
        self.assertEqual(len(self.said("sum_of", argtypes=[c_void_p])), 1)
        self.assertEqual(len(self.said("mean", argtypes=[c_int, c_double])), 1)

    def test_same_is_not(self):
        self.assertEqual(self.said("add", argtypes=[c_int, c_int], restype=c_int), [])
        self.assertEqual(self.said("fill", argtypes=[POINTER(Item)], restype=None), [])
        self.assertEqual(self.said("length", argtypes=[c_char_p], restype=c_size_t), [])
        self.assertEqual(self.said("put_text", argtypes=[POINTER(c_char_p)], restype=c_int), [])


class LateFields(Checked):
    def test_a_structure_completed_later_is_looked_at_again(self):
        class Late(Structure):
            pass

        complete(self.harmless("sum_of", [POINTER(Late)]))
        Late._fields_ = [("x", c_char), ("y", c_long)]
        self.handle("sum_of", ["parameter 1"], [POINTER(Late)], byref(Late()))


if __name__ == "__main__":
    unittest.main()
