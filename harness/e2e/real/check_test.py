#!/usr/bin/env python3
"""Real libraries tell ctypes, on both interpreters, the same from .gnu_typedata as from their debuginfo."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import checked

LIBRARIES = ("zlib", "libffi", "sqlite", "libpq", "libxml2", "blas", "lapack")


class Check(unittest.TestCase):
    """`splitstrip check` of them all."""

    def test_same(self):
        """Two consumers for each library, with evidence, nothing changed or lost."""
        subjects = [str(checked.libraries.unstripped(name)) for name in LIBRARIES]
        with tempfile.TemporaryDirectory() as output:
            done = subprocess.run([os.environ["SPLITSTRIP_BINARY"], "check", *subjects, "--consumer", "ctypes", "--consumer",
                                   "pypy", "--require", "ctypes", "--require", "pypy", "--no-cache", "--output", output],
                                  capture_output=True, text=True, timeout=800, check=False)
            self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr)
            cells = json.loads((pathlib.Path(output) / "result.json").read_text(encoding="utf-8"))["cells"]
        self.assertEqual({(cell["consumer"], cell["outcome"]) for cell in cells}, {("ctypes", "same"), ("pypy", "same")})
        self.assertEqual(len(cells), 2 * len(LIBRARIES))
        self.assertTrue(all(cell["evidence"] > 50 for cell in cells), cells)


if __name__ == "__main__":
    unittest.main()
