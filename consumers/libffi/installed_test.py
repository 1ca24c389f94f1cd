"""libffi-typesafe as it is installed: a program finds it by pkg-config, and it runs and is preloaded from there.

    installed_test.py BUILD CALLEE

BUILD is the build tree, CALLEE a library with types.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD, CALLEE = map(pathlib.Path, sys.argv[1:3])
HERE = pathlib.Path(__file__).parent


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.prefix = pathlib.Path(cls.directory.name)
        for part in "consumers/libffi", "harness/typedata/library":
            subprocess.run(["cmake", "--install", BUILD / part, "--prefix", cls.prefix],
                           check=True, stdout=subprocess.DEVNULL)
        cls.found = next(cls.prefix.rglob("libffi-typesafe.pc")).parent
        cls.library = next(cls.prefix.rglob("libffi-typesafe.so.1"))

    def test_a_program_is_built_with_pkg_config_and_runs(self):
        words = subprocess.run(["pkg-config", "--cflags", "--libs", "libffi-typesafe"],
                               env=dict(os.environ, PKG_CONFIG_PATH=str(self.found)),
                               check=True, capture_output=True, text=True).stdout.split()
        program = self.prefix / "program"
        subprocess.run(["cc", HERE / "from_c_test.c", "-o", program, *words, "-ldl",
                        f"-Wl,-rpath,{self.library.parent}"], check=True)
        end = subprocess.run([program, CALLEE], capture_output=True, text=True)
        self.assertEqual((end.returncode, end.stdout), (0, "passed\n"))

    def test_it_is_preloaded_with_libtypedata_beside_it(self):
        script = f"from ctypes import *; CDLL({str(CALLEE)!r}).twice()"
        end = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, text=True,
                             env=dict(os.environ, LD_PRELOAD=str(self.library)))
        self.assertIn("ffi-typesafe: twice (", end.stderr)

    def test_only_the_interface_is_exported(self):
        symbols = subprocess.run(["nm", "-D", "--defined-only", self.library],
                                 check=True, capture_output=True, text=True).stdout.split("\n")
        for line in filter(None, symbols):
            name = line.split()[-1]
            self.assertRegex(name, r"^(ffi_typesafe_\w+@@FFI_TYPESAFE_1\.0|ffi_\w+@@LIBFFI_\w+_8\.0|dlclose"
                                   r"|FFI_TYPESAFE_1\.0|LIBFFI_\w+_8\.0)$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
