#!/usr/bin/env python3
"""The interpreters' ctypes test suites do with typesafe_ctypes what they do without: see suites.py."""

import tempfile
import unittest

import suites


class Suites(unittest.TestCase):
    """Both interpreters."""

    @classmethod
    def setUpClass(cls):
        cls.runs = suites.Runs(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.plain = {interpreter: cls.runs.run(interpreter) for interpreter in suites.SUITES}

    def test_plain(self):
        """The reference: hundreds of tests, none fails, nothing is checked."""
        for interpreter, run in self.plain.items():
            with self.subTest(interpreter=interpreter):
                outcomes = [told[0] for told in run["tests"].values()]
                self.assertGreater(outcomes.count("ok"), 300)
                self.assertLessEqual(set(outcomes), {"ok", "skipped", "expected failure"})
                self.assertIsNone(run["active"])

    def test_active(self):
        """Installed and active, where libc has types and _ctypes_test has none: every test as under plain ctypes."""
        for interpreter, plain in self.plain.items():
            with self.subTest(interpreter=interpreter):
                run = self.runs.run(interpreter, with_checks=True)
                self.assertEqual(suites.differences(plain, run), {})
                self.assertEqual(run["warnings"], [])
                self.assertEqual(run["libc"], "char *strchr(const char *, int)")

    def test_typed(self):
        """Where _ctypes_test has types as well: what is declared otherwise than it is, and nothing else."""
        for interpreter, plain in self.plain.items():
            with self.subTest(interpreter=interpreter):
                run = self.runs.run(interpreter, "typed", True)
                self.assertEqual(run["active"], "signed char tf_bb(signed char x, signed char c)")
                unlike = suites.differences(plain, run)
                expected = {}
                for declaration in suites.REFUSED:
                    for test in declaration.tests:
                        if plain["tests"].get(test, [None])[0] == "ok":
                            expected[test] = declaration.words
                self.assertEqual(set(unlike), set(expected))
                for test, words in expected.items():
                    with self.subTest(test=test):
                        self.assertIn(words, unlike[test][1][1])


if __name__ == "__main__":
    unittest.main()
