#!/usr/bin/env python3
"""Programs that call BLAS and LAPACK, which are in Fortran: arguments by reference, lengths that nobody sees."""

import json
import tempfile
import unittest

import changed_copy
import checked

DECLARED = checked.HERE / "lapack_declared.py"
UNDECLARED = checked.HERE / "lapack_undeclared.py"

# By hand, from what the functions compute.
RESULTS = {
    "ddot": -9.0, "dnrm2": 5.0, "idamax": 3, "daxpy": [7.0, 2.0, -5.0], "drotg": [5.0, 0.6, 0.8], "lsame": [True, False],
    "dgemm": [36.0, 48.0, 40.0, 54.0], "ilaver": True, "dlamch": True, "dgesv": [[0.0, 2.5], [2, 2], 0], "singular": 2,
    "dsyev": [[1.0, 3.0], 0], "dgees": [1, [2.0, -1.0], [[-1.0, 0.0], [2.0, 0.0]], 0],
}
UNDECLARED_RESULTS = {"ddot": -9.0, "dnrm2": 5.0, "idamax": 3, "daxpy": [7.0, 2.0, -5.0], "lsame": True,
                      "dgesv": [[0.0, 2.5], 0]}

# Lines of lapack_declared.py that are wrong, and what the TypeError says.
BROKEN = {
    "integer by value": (
        'ddot = declare(blas, "ddot_", c_double, IntP,', 'ddot = declare(blas, "ddot_", c_double, c_int,',
        ("ddot_", "parameter 1 'n'", "ddot_.argtypes = [")),
    "double by value": (
        'daxpy = declare(blas, "daxpy_", None, IntP, DoubleP,', 'daxpy = declare(blas, "daxpy_", None, IntP, c_double,',
        ("daxpy_", "parameter 2 'da'", "daxpy_.argtypes = [")),
    "result by reference": (
        'dgesv = declare(lapack, "dgesv_", None, IntP, IntP, DoubleP, IntP, IntP, DoubleP, IntP, IntP)',
        'dgesv = declare(lapack, "dgesv_", None, IntP, IntP, DoubleP, IntP, IntP, DoubleP, IntP, c_int)',
        ("dgesv_", "parameter 8 'info'", "dgesv_.argtypes = [")),
    "single precision for double": (
        'dnrm2 = declare(blas, "dnrm2_", c_double, IntP, DoubleP,',
        'dnrm2 = declare(blas, "dnrm2_", c_double, IntP, POINTER(ctypes.c_float),',
        ("dnrm2_", "parameter 2 'x'", "dnrm2_.argtypes = [")),
    "result of another class": (
        'idamax = declare(blas, "idamax_", c_int,', 'idamax = declare(blas, "idamax_", c_double,',
        ("idamax_", "return value", "idamax_.restype = c_")),
    "lengths left out": (
        'lsame = declare(blas, "lsame_", c_int, c_char_p, c_char_p, c_size_t, c_size_t)',
        'lsame = declare(blas, "lsame_", c_int, c_char_p, c_char_p)',
        ("lsame_", "takes 4 parameters there, 2 here", "lsame_.argtypes = [")),
    "length by reference": (
        'dlamch = declare(lapack, "dlamch_", c_double, c_char_p, c_size_t)',
        'dlamch = declare(lapack, "dlamch_", c_double, c_char_p, IntP)',
        ("dlamch_", "parameter 2", "dlamch_.argtypes = [")),
    "parameter of a procedure left out": (
        "Select = CFUNCTYPE(c_int, DoubleP, DoubleP)", "Select = CFUNCTYPE(c_int, DoubleP)",
        ("dgees_", "parameter 3 'select'", "dgees_.argtypes = [")),
}


class Lapack(unittest.TestCase):
    """The split libblas and liblapack for all."""

    @classmethod
    def setUpClass(cls):
        cls.directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        for name in ("blas", "lapack"):
            checked.split(name, f"{cls.directory}/lib")

    def program(self, interpreter, program, **options):
        """Runs a program with the split libraries."""
        return checked.run(interpreter, [program], found=[f"{self.directory}/lib"], **options)

    def told(self, done):
        """What a program told, and what it said last."""
        *lines, last = done.stdout.splitlines()
        return dict(json.loads(line) for line in lines), last

    def test_declared(self):
        """Unchanged: checked, it computes what it computes under plain ctypes, and nothing of it is a warning."""
        for interpreter in checked.INTERPRETERS:
            with self.subTest(interpreter=interpreter):
                plain = self.program(interpreter, DECLARED)
                told, last = self.told(plain)
                self.assertEqual(told.pop("libraries"), [f"{self.directory}/lib/lib{name}.so.3" for name in ("blas", "lapack")])
                self.assertEqual(told, RESULTS)
                self.assertIn("On entry to PYTHON parameter number  3 had an illegal value", last)
                with_checks = self.program(interpreter, DECLARED, checked=True)
                self.assertEqual((with_checks.returncode, with_checks.stderr), (plain.returncode, plain.stderr))
                self.assertEqual(with_checks.stdout.splitlines(), plain.stdout.splitlines())

    def test_undeclared(self):
        """Nothing declared: results that are none under plain ctypes, right with the libraries' types."""
        for interpreter in checked.INTERPRETERS:
            with self.subTest(interpreter=interpreter):
                plain = self.program(interpreter, UNDECLARED)
                self.assertNotEqual(json.loads(plain.stdout.splitlines()[0]), ["ddot", UNDECLARED_RESULTS["ddot"]])
                done = self.program(interpreter, UNDECLARED, checked=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(dict(json.loads(line) for line in done.stdout.splitlines()), UNDECLARED_RESULTS)

    def test_broken(self):
        """One declaration broken on purpose: TypeError names it."""
        for interpreter in checked.INTERPRETERS:
            for name, (old, new, said) in BROKEN.items():
                with self.subTest(interpreter=interpreter, broken=name), tempfile.TemporaryDirectory() as directory:
                    program = changed_copy.copy_program(DECLARED, directory, [(old, new)])
                    done = self.program(interpreter, program, checked=True)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    _, found, raised = done.stderr.partition("\nTypeError: ")
                    self.assertTrue(found, done.stderr)
                    for words in said:
                        self.assertIn(words, raised)


if __name__ == "__main__":
    unittest.main()
