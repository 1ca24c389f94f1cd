"""The package as pip installs it, without a network."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import PYPY, SPLIT

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def has(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0


@unittest.skipIf(PYPY or not has("pip") or not has("setuptools") or not has("wheel"), "needs pip, setuptools and wheel")
class Package(unittest.TestCase):
    def test_pip(self):
        with tempfile.TemporaryDirectory() as directory:
            source, target = os.path.join(directory, "source"), os.path.join(directory, "target")
            shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("tests", "__pycache__", "scripts"))
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index",
                            "--disable-pip-version-check", "--target", target, source], check=True, capture_output=True)
            self.assertIn("typesafe_ctypes.pth", os.listdir(target))
            code = f"import typesafe_ctypes as t; print(t.__file__, t.prototype(t.CDLL({SPLIT!r}).answer))"
            program = subprocess.run([sys.executable, "-c", code], env=dict(os.environ, PYTHONPATH=target), capture_output=True,
                                     text=True)
            self.assertEqual(program.stdout, f"{target}/typesafe_ctypes/__init__.py int answer(void)\n", program.stderr)


if __name__ == "__main__":
    unittest.main()
