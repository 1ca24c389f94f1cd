"""Functions that nobody declared: types come from the library."""

import ctypes
import unittest
from ctypes import POINTER, Structure, byref, c_char_p, c_double, c_float, c_int, c_long, c_size_t, c_void_p, create_string_buffer

from support import PYPY, Checked


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]


class Near(Structure):
    _fields_ = [("x", ctypes.c_short), ("y", ctypes.c_short)]


class Scalars(Checked):
    def test_integers_are_whole(self):
        self.assertEqual(self.lib.twice(1 << 40), 1 << 41)
        self.assertEqual(self.plain.twice(1 << 40), 0)  # ctypes makes an int of it
        self.assertEqual(self.lib.low_byte(0x1FF), 0xFF)
        self.assertEqual(self.lib.letter(1), ord("b"))
        self.assertEqual(self.lib.next_color(2), 0)
        # As ctypes' int, not as bool.
        self.assertEqual((repr(self.lib.is_even(2)), repr(self.lib.is_even(3))), ("1", "0"))

    def test_integer_objects_are_taken(self):
        self.assertEqual(self.lib.add(c_long(2), ctypes.c_ubyte(3)), 5)
        self.assertEqual(self.lib.add(True, ctypes.c_char(b"a")), 98)
        self.assertEqual(self.lib.twice(c_int(-1)), -2)

    def test_floating_point(self):
        self.assertEqual(self.lib.half(3.0), 1.5)
        self.assertEqual(self.lib.ratio(1, c_double(4)), 0.25)
        if not PYPY:
            self.assertEqual(self.lib.longer(1.5), 3.0)

    def test_wrong_kinds_are_refused(self):
        for value in (1.5, "2", b"2", None, c_double(2), byref(c_int(2)), c_void_p(2), Point(1, 2)):
            with self.refused():
                self.lib.add(1, value)
        for value in ("1", b"1", None, c_float(1), c_int(1)):
            with self.refused():
                self.lib.ratio(value, 1.0)
        self.assertEqual(self.plain.add(1, c_int(2)), 3)

    def test_number_of_arguments(self):
        for arguments in ((), (1,), (1, 2, 3)):
            with self.refused("argument"):
                self.lib.add(*arguments)
        with self.refused("takes 0 arguments (1 given)"):
            self.lib.answer(1)
        self.assertEqual(self.lib.answer(), 42)
        self.assertEqual(self.plain.add(1, 2, 3), 3)

    def test_what_is_refused_at_first_is_named(self):
        for arguments in ((1,), (1, 2, 3), (1, "2")):
            with self.refused("add: ", "int add(int a, int b)"):
                self.lib.add(*arguments)
        self.assertEqual(self.lib.add(1, 2), 3)
        with self.refused("takes 2 arguments"):
            self.lib.add(1, 2, 3)

    def test_an_errcheck_keeps_its_own_words(self):
        def errcheck(result, function, arguments):
            raise TypeError("mine")

        self.lib.add.errcheck = errcheck
        with self.assertRaisesRegex(TypeError, "^mine$"):
            self.lib.add(1, 2)

    def test_without_prototype_only_the_result_is_known(self):
        self.assertEqual(self.lib.old_style(5), 5)

    def test_what_ctypes_lacks_is_refused_before_the_call(self):
        with self.refused("turned", "declare restype", "complex"):
            self.lib.turned(1.0)

    def test_variable_arguments(self):
        self.assertEqual(self.lib.mean(2, c_double(1), c_double(2)), 1.5)
        with self.refused("at least 1" if not PYPY else "argument"):
            self.lib.mean()


class Pointers(Checked):
    def test_text(self):
        for value in (b"four", c_char_p(b"four"), create_string_buffer(b"four"), byref(create_string_buffer(b"four"))):
            self.assertEqual(self.lib.length(value), 4)
        buffer = create_string_buffer(b"four")
        self.assertEqual(self.lib.length(ctypes.cast(buffer, POINTER(ctypes.c_char))), 4)
        self.assertEqual(self.lib.length(ctypes.cast(buffer, c_void_p)), 4)
        for value in (5, 1 << 40, "four", 1.5, c_int(5), Point(1, 2), True, c_size_t(5), object()):
            with self.refused("const char *"):
                self.lib.length(value)

    def test_wide_text(self):
        self.assertEqual(self.lib.wide_length("four"), 4)
        with self.refused("wchar_t *"):
            self.lib.wide_length(b"four")

    def test_returned_text_keeps_its_pointer(self):
        copied = self.lib.copy_of(b"copied")
        self.assertEqual(copied.value, b"copied")
        self.assertEqual(self.lib.length(copied), 6)
        self.lib.release(copied)

    def test_returned_memory_is_whole(self):
        memory = self.lib.block(100)
        self.assertIsInstance(memory, int)
        ctypes.memmove(memory, b"text", 5)
        self.assertEqual(ctypes.string_at(memory + 1), b"ext")
        self.assertEqual(self.lib.length(memory + 1), 3)  # void * for char *
        self.lib.release(memory)
        self.lib.release(None)
        with self.refused():
            self.lib.release(1.5)

    def test_numbers(self):
        values = (c_int * 3)(1, 2, 3)
        self.assertEqual(self.lib.sum(values, 3), 6)
        self.assertEqual(self.lib.sum(ctypes.cast(values, POINTER(c_int)), c_size_t(3)), 6)
        self.assertEqual(self.lib.sum(bytes(bytearray(values)), 2), 3)  # memory of no type
        self.assertEqual(self.lib.first(values)[2], 3)
        for value in ((c_long * 3)(), byref(c_double()), b"abc", create_string_buffer(3)):
            with self.refused("const int *"):
                self.lib.sum(value, 0)

    def test_output(self):
        result = c_int()
        self.assertEqual(self.lib.put(7, byref(result)), 7)
        self.assertEqual(result.value, 7)
        wide = c_long(-1)
        with self.refused("int *"):
            self.lib.put(7, byref(wide))
        with self.refused("int *"):
            self.lib.put(7, result)  # by value
        self.assertEqual(wide.value, -1)

    def test_the_argument_named_is_the_one_at_hand(self):
        # Both parameters are an int *, and share what was found out of it.
        for call in (lambda: self.lib.nothing(byref(c_double())), lambda: self.lib.put(1, byref(c_double()))):
            with self.assertRaises(ctypes.ArgumentError) as refused:
                call()
            self.assertIn("'int *', declared is 'double *'", str(refused.exception))
            self.assertNotIn("parameter", str(refused.exception))

    def test_depth(self):
        said = c_char_p()
        self.assertEqual(self.lib.put_text(byref(said)), 4)
        self.assertEqual(said.value, b"text")
        for value in (create_string_buffer(8), b"12345678", byref(c_int())):
            with self.refused("char **"):
                self.lib.put_text(value)

    @unittest.skipIf(PYPY, "byref() forgets its offset there")
    def test_an_offset_tells_nothing(self):
        values = (c_long * 2)(1, 2)
        self.assertEqual(self.lib.sum(byref(values, 8), 1), 2)

    def test_callbacks(self):
        visitor = ctypes.CFUNCTYPE(c_int, c_int, c_void_p)
        self.assertEqual(self.lib.each(visitor(lambda value, context: value), 4, None), 6)
        wrong = ctypes.CFUNCTYPE(c_double, c_double)(lambda value: value)
        with self.refused("(*"):
            self.lib.each(wrong, 4, None)
        with self.refused("(*"):
            self.lib.each(lambda value, context: value, 4, None)


class Structures(Checked):
    def test_by_value(self):
        self.assertEqual(self.lib.distance(Point(0, 0), Point(3, 4)), 7)
        for value in (byref(Point(3, 4)), Near(3, 4), 5, None, (3, 4)):
            with self.refused("struct point"):
                self.lib.distance(Point(0, 0), value)

    def test_returned(self):
        made = self.lib.moved(Point(1, 2), 10)
        self.assertEqual((made.x, made.y), (11, 12))
        self.assertEqual(self.lib.sum_of(byref(made)), 23)
        self.assertEqual(self.lib.distance(made, made), 0)

    def test_by_pointer(self):
        for value in (byref(Point(3, 4)), ctypes.pointer(Point(3, 4)), (Point * 2)(Point(3, 4)), (c_int * 2)(3, 4)):
            if isinstance(value, ctypes.Array) and value._type_ is c_int:
                with self.refused("struct point *"):
                    self.lib.sum_of(value)
            else:
                self.assertEqual(self.lib.sum_of(value), 7)
        for value in (Point(3, 4), byref(Near(3, 4)), 5, "text"):
            with self.refused("struct point *"):
                self.lib.sum_of(value)
        with self.refused("struct point *"):
            self.lib.sum_of(create_string_buffer(7))
        self.assertEqual(self.lib.sum_of(create_string_buffer(8)), 0)

    def test_returned_pointer(self):
        item = self.lib.new_item()
        inside = item.contents
        self.assertEqual((inside.kind, inside.count, inside.at.y, inside.number, inside.name), (5, 1000, 2, 7, b"item"))
        self.assertEqual(inside.next.contents.count, 1000)
        self.lib.fill(item)
        self.lib.release(item)

    def test_incomplete(self):
        hidden = self.lib.open_hidden()
        self.assertEqual(self.lib.read_hidden(hidden), 42)
        self.assertEqual(self.lib.read_hidden(ctypes.cast(hidden, c_void_p)), 42)
        with self.refused("struct hidden *"):
            self.lib.read_hidden(42)


class Partly(Checked):
    def test_each_half_may_be_declared_alone(self):
        self.lib.twice.restype = c_long
        self.assertEqual(self.lib.twice(1 << 40), 1 << 41)
        self.lib.block.argtypes = [c_size_t]
        self.lib.release(self.lib.block(10))

    def test_undeclaring(self):
        twice = self.lib.twice
        twice.argtypes = [ctypes.c_ulong]
        self.assertEqual(twice(1), 2)
        twice.argtypes = None
        self.assertIsNone(twice.argtypes)
        self.assertEqual(twice(c_int(1)), 2)
        with self.refused():
            twice("1")

    def test_attributes_look_as_under_ctypes(self):
        for library in (self.lib, self.plain):
            function = library.twice
            for _ in range(2):
                self.assertIsNone(function.argtypes)
                self.assertIs(function.restype, c_int)
                self.assertIs(library.twice, function)
                self.assertIsInstance(function, library._FuncPtr)
                self.assertEqual(type(function).__name__, "_FuncPtr")
                self.assertEqual(function.__name__, "twice")
                function(1)


if __name__ == "__main__":
    unittest.main()
