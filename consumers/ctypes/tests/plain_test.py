"""A library without types is as under plain ctypes."""

import ctypes
import unittest
from ctypes import c_int, c_long, c_void_p

import typesafe_ctypes
from _ctypes import CFuncPtr
from support import PLAIN, PYPY


def look(library):
    """All that a program sees of a library and of its functions, but for addresses."""
    seen = []
    function = library.twice
    seen.append((type(function).__name__, type(function).__qualname__, type(function).__module__, function.__name__))
    seen.append((isinstance(function, library._FuncPtr), type(function) is library._FuncPtr, isinstance(function, CFuncPtr)))
    seen.append((library.twice is function, library["twice"] is function, hasattr(library, "nowhere")))
    seen.append((function.argtypes, function.restype, function.errcheck, bool(function)))
    seen.append((sorted(vars(function)), type(function)._flags_, library._FuncPtr._restype_))
    seen.append((library.add(1, 2), library.add(1, 2, 3), function(5)))
    function.argtypes, function.restype = (c_long,), c_long
    seen.append((list(function.argtypes), function.restype, function(1 << 40)))
    function.restype = c_int
    function.errcheck = lambda result, called, arguments: (result, called is function, arguments)
    seen.append(function(3))
    for attribute, value in (("argtypes", [5]), ("argtypes", 5), ("restype", 5), ("errcheck", 5)):
        try:
            setattr(function, attribute, value)
        except TypeError as error:
            seen.append(str(error))
    for arguments in ((), ("text",), (1.5,), (object(),)):
        try:
            seen.append(function(*arguments))
        except Exception as error:
            seen.append((type(error).__name__, str(error)))
    del function.restype
    function.argtypes = None
    seen.append((function.restype, function.argtypes if not PYPY else None))
    return [repr(each).split(" object at ")[0] for each in seen]


class Plain(unittest.TestCase):
    def test_looks_and_acts_the_same(self):
        expected = look(ctypes.CDLL(PLAIN))
        self.assertEqual(look(typesafe_ctypes.CDLL(PLAIN)), expected)
        typesafe_ctypes.install()
        self.addCleanup(typesafe_ctypes.uninstall)
        self.assertEqual(look(ctypes.CDLL(PLAIN)), expected)

    def test_errno(self):
        library = typesafe_ctypes.CDLL(PLAIN, use_errno=True)
        self.assertEqual(library._FuncPtr._flags_, ctypes.CDLL(PLAIN, use_errno=True)._FuncPtr._flags_)

    def test_subclasses(self):
        class Mine(typesafe_ctypes.CDLL):
            _func_restype_ = c_void_p

            def __getitem__(self, name):
                return super().__getitem__(name.lower())

        library = Mine(PLAIN)
        self.assertEqual(library.ADD(1, 2), 3)
        self.assertIs(library.ADD.restype, c_void_p)
        self.assertEqual(repr(library).split(",")[0], f"<Mine '{PLAIN}'")

    def test_prototypes(self):
        for maker in (ctypes.CFUNCTYPE, typesafe_ctypes.CFUNCTYPE):
            prototype = maker(c_int, c_int)
            self.assertIs(maker(c_int, c_int), prototype)
            self.assertEqual(prototype.__name__, "CFunctionType")
            self.assertEqual(prototype(lambda value: value + 1)(1), 2)
            with self.assertRaises(TypeError):
                prototype("text")

    @unittest.skipIf(PYPY, "PyPy has no PyDLL")
    def test_python_itself(self):
        python = typesafe_ctypes.PyDLL(None)
        self.assertEqual(python.Py_IsInitialized(), 1)
        self.assertIs(typesafe_ctypes.pythonapi, ctypes.pythonapi)


if __name__ == "__main__":
    unittest.main()
