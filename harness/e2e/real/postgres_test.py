#!/usr/bin/env python3
"""psycopg's pure-Python implementation, unchanged, against a PostgreSQL server, with its calls checked."""

import json
import tempfile
import unittest

import changed_copy
import checked
import cluster

SESSION = checked.HERE / "psycopg_session.py"
STEPS = 15

# Declarations of psycopg, each broken in one line, and what the TypeError says of them: the
# function, the C side and the Python side.
BROKEN = {
    "integer for a pointer": (
        "PQntuples.argtypes = [PGresult_ptr]", "PQntuples.argtypes = [c_int]",
        ("PQntuples", "int PQntuples(const PGresult *res)", "PQntuples.argtypes = [c_int]")),
    "argument left out": (
        "PQgetvalue.argtypes = [PGresult_ptr, c_int, c_int]", "PQgetvalue.argtypes = [PGresult_ptr, c_int]",
        ("PQgetvalue", "int field_num", "PQgetvalue.argtypes = [")),
    "one argument too many": (
        "PQerrorMessage.argtypes = [PGconn_ptr]", "PQerrorMessage.argtypes = [PGresult_ptr, c_int]",
        ("PQerrorMessage", "const PGconn *conn", "PQerrorMessage.argtypes = [")),
    "pointer cut off": (
        "PQgetResult.restype = PGresult_ptr", "PQgetResult.restype = c_int",
        ("PQgetResult", "PGresult *PQgetResult(PGconn *conn)", "PQgetResult.restype = c_int")),
    "structure drifted": (
        '        ("relname", c_char_p),\n        ("be_pid", c_int),', '        ("be_pid", c_int),\n        ("relname", c_char_p),',
        ("PQnotifies", "relname", "PQnotifies.restype = ")),
    "callback with another prototype": (
        "PQnoticeReceiver = CFUNCTYPE(None, c_void_p, PGresult_ptr)", "PQnoticeReceiver = CFUNCTYPE(None, c_int)",
        ("PQsetNoticeReceiver", "PQnoticeReceiver", "PQsetNoticeReceiver.")),
}


class WithServer(unittest.TestCase):
    """One server and one split libpq for all."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(cluster.Cluster())
        cls.directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        checked.split("libpq", f"{cls.directory}/lib")
        changed_copy.copy_package("psycopg", f"{cls.directory}/pypy", changed_copy.PSYCOPG_FOR_PYPY)

    def session(self, interpreter, changes=(), **options):
        """Runs the session; the copy of psycopg gets the changes."""
        modules = [f"{self.directory}/pypy"] if interpreter == "pypy" else []
        if changes:
            modules = [tempfile.mkdtemp(dir=self.directory)]
            changed_copy.copy_package("psycopg", modules[0],
                                      (*changes, *(changed_copy.PSYCOPG_FOR_PYPY if interpreter == "pypy" else ())))
        return checked.run(interpreter, [SESSION, self.server.conninfo], modules=modules,
                           found=[f"{self.directory}/lib"], extra={"PSYCOPG_IMPL": "python", "TZ": "UTC"}, **options)

    def check_session(self, interpreter):
        """The session under plain ctypes and checked: the same, of the split libpq, without a warning."""
        plain = self.session(interpreter)
        self.assertEqual((plain.returncode, plain.stderr), (0, ""))
        steps = [json.loads(line) for line in plain.stdout.splitlines()]
        self.assertEqual(len(steps), STEPS)
        for name, result in steps:
            self.assertFalse(isinstance(result, list) and result[:1] == ["raised"], (name, result))
        self.assertEqual(steps[-1], ["library", [f"{self.directory}/lib/libpq.so.5"]])
        with_checks = self.session(interpreter, checked=True)
        self.assertEqual((with_checks.returncode, with_checks.stderr), (0, ""))
        self.assertEqual(with_checks.stdout.splitlines(), plain.stdout.splitlines())

    def check_broken(self, interpreter, name):
        """One declaration broken: TypeError names it, and the process ends as Python programs do.
        (What psycopg.pq cannot import it reports as ImportError "from" what was raised.)"""
        old, new, said = BROKEN[name]
        done = self.session(interpreter, [("pq/_pq_ctypes.py", old, new)], checked=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        _, found, raised = done.stderr.partition("\nTypeError: ")
        self.assertTrue(found, done.stderr)
        for words in said:
            self.assertIn(words, raised.partition("\n\n")[0])


class Short(WithServer):
    """At every change."""

    def test_session_cpython(self):
        """The whole session on CPython."""
        self.check_session("cpython")

    def test_broken_cpython(self):
        """A declaration broken on purpose; unchecked, the same one ends the process by a signal."""
        self.check_broken("cpython", "structure drifted")
        old, new, _ = BROKEN["structure drifted"]
        plain = self.session("cpython", [("pq/_pq_ctypes.py", old, new)])
        self.assertLess(plain.returncode, 0, plain.stdout + plain.stderr)


class Long(WithServer):
    """Both interpreters, and every broken declaration."""

    def test_session_pypy(self):
        """The whole session on PyPy."""
        self.check_session("pypy")

    def test_broken(self):
        """Each broken declaration on both interpreters."""
        for interpreter in checked.INTERPRETERS:
            for name in BROKEN:
                with self.subTest(interpreter=interpreter, broken=name):
                    self.check_broken(interpreter, name)


if __name__ == "__main__":
    unittest.main()
