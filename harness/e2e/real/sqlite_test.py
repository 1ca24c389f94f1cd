#!/usr/bin/env python3
"""Programs with SQLite embedded: one that declares what it calls, one that declares nothing, on both interpreters."""

import json
import re
import tempfile
import unittest

import changed_copy
import checked

DECLARED = checked.HERE / "sqlite_declared.py"
UNDECLARED = checked.HERE / "sqlite_undeclared.py"

# Lines of sqlite_declared.py that are wrong, and what the TypeError says.
BROKEN = {
    "64 bits cut to 32": (
        'bind_int64 = declare("sqlite3_bind_int64", c_int, StatementP, c_int, c_int64)',
        'bind_int64 = declare("sqlite3_bind_int64", c_int, StatementP, c_int, c_int)',
        ("sqlite3_bind_int64", "sqlite_int64", "sqlite3_bind_int64.argtypes = [")),
    "integer for a double": (
        'column_double = declare("sqlite3_column_double", c_double, StatementP, c_int)',
        'column_double = declare("sqlite3_column_double", c_int64, StatementP, c_int)',
        ("sqlite3_column_double", "double sqlite3_column_double(", "sqlite3_column_double.restype = c_")),
    "parameter of a callback too many": (
        "ExecCallback = CFUNCTYPE(c_int, c_void_p, c_int, POINTER(c_char_p), POINTER(c_char_p))",
        "ExecCallback = CFUNCTYPE(c_int, c_void_p, c_int, POINTER(c_char_p), POINTER(c_char_p), c_int)",
        ("sqlite3_exec", "callback", "sqlite3_exec.argtypes = [")),
    "arguments swapped": (
        'bind_text = declare("sqlite3_bind_text", c_int, StatementP, c_int, c_char_p, c_int, c_void_p)',
        'bind_text = declare("sqlite3_bind_text", c_int, StatementP, c_char_p, c_int, c_int, c_void_p)',
        ("sqlite3_bind_text", "parameter 2 'i'", "sqlite3_bind_text.argtypes = [")),
    "pointer to something smaller": (
        "POINTER(c_ubyte), DatabaseP, c_char_p, POINTER(c_int64), c_uint)",
        "POINTER(c_ubyte), DatabaseP, c_char_p, POINTER(c_int), c_uint)",
        ("sqlite3_serialize", "sqlite3_int64 *", "sqlite3_serialize.argtypes = [")),
    "object of another size": (
        "version = (ctypes.c_char * 7).in_dll", "version = (ctypes.c_char * 700).in_dll",
        ("sqlite3_version", "const char", "in_dll('sqlite3_version')")),
}


class Sqlite(unittest.TestCase):
    """The split libsqlite3 for all."""

    @classmethod
    def setUpClass(cls):
        cls.directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        checked.split("sqlite", f"{cls.directory}/lib")

    def program(self, interpreter, program, **options):
        """Runs a program with the split library."""
        return checked.run(interpreter, [program], found=[f"{self.directory}/lib"], **options)

    def test_declared(self):
        """Unchanged: checked, it says what it says under plain ctypes, and nothing of it is a warning."""
        for interpreter in checked.INTERPRETERS:
            with self.subTest(interpreter=interpreter):
                plain = self.program(interpreter, DECLARED)
                self.assertEqual((plain.returncode, plain.stderr), (0, ""))
                said = [json.loads(line) for line in plain.stdout.splitlines()]
                self.assertEqual(said[-1], ["library", [f"{self.directory}/lib/libsqlite3.so.0"]])
                with_checks = self.program(interpreter, DECLARED, checked=True)
                self.assertEqual((with_checks.returncode, with_checks.stderr), (0, ""))
                self.assertEqual(with_checks.stdout.splitlines(), plain.stdout.splitlines())

    def test_undeclared(self):
        """Nothing declared: a crash under plain ctypes, right with the library's types."""
        for interpreter in checked.INTERPRETERS:
            with self.subTest(interpreter=interpreter):
                plain = self.program(interpreter, UNDECLARED)
                self.assertLess(plain.returncode, 0, "no signal ended it: " + plain.stdout)
                done = self.program(interpreter, UNDECLARED, checked=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                said = dict(json.loads(line) for line in done.stdout.splitlines())
                self.assertEqual(said["again"], [19, "UNIQUE constraint failed: item.id"])
                self.assertEqual(said["rowid"], (1 << 40) + 2)
                self.assertEqual(said["rows"], [["name", (1 << 40) + n, f"n{n}", n / 4, bytes(range(3 * n)).hex()]
                                                for n in range(3)])
                self.assertEqual(said["exec"][1][2], [["id", str((1 << 40) + 2)], ["share", "0.5"]])
                self.assertEqual(said["error"], [1, 'near "selec": syntax error', "constraint failed"])
                self.assertEqual((said["variadic"], said["memory"], said["close"]), ("it is 42", True, 0))

    def test_broken(self):
        """One line broken on purpose: TypeError names it."""
        for interpreter in checked.INTERPRETERS:
            for name, (old, new, said) in BROKEN.items():
                with self.subTest(interpreter=interpreter, broken=name), tempfile.TemporaryDirectory() as directory:
                    program = changed_copy.copy_program(DECLARED, directory, [(old, new)])
                    done = self.program(interpreter, program, checked=True)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    found = re.search(r"\n(TypeError|[\w.]*ArgumentError): ", done.stderr)
                    self.assertTrue(found, done.stderr)
                    raised = done.stderr[found.end():]
                    for words in said:
                        self.assertIn(words, raised)


if __name__ == "__main__":
    unittest.main()
