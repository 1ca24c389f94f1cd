"""A form whose build fails half-way is not there, though its library is; it is built again when asked for again.

usage: half_built_test.py CMAKE GENERATOR PROJECT
"""

import os
import subprocess
import sys
import tempfile
import unittest

CMAKE, GENERATOR, TOP = sys.argv[1:4]
PROJECT = """cmake_minimum_required(VERSION 3.22)
project(half LANGUAGES NONE)
set(PROJECT_ROOT ${CMAKE_SOURCE_DIR})
include(ci/cmake/variant.cmake)
set_property(GLOBAL PROPERTY splitstrip_small_SOURCES lib.c)
splitstrip_variant(small dwz)
"""


class HalfBuilt(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.source = os.path.join(self.scratch.name, "source")
        self.build = os.path.join(self.scratch.name, "build")
        self.form = os.path.join(self.build, "small@dwz")
        self.write("source/CMakeLists.txt", PROJECT)
        os.makedirs(os.path.join(self.source, "ci"))
        os.symlink(os.path.join(TOP, "ci/cmake"), os.path.join(self.source, "ci/cmake"))
        self.write("source/fixtures/small/lib.c", "int one(void) { return 1; }\n")
        self.dwz("exit 1")
        self.run_cmake("-S", self.source, "-B", self.build, "-G", GENERATOR, check=True)

    def tearDown(self):
        self.scratch.cleanup()

    def write(self, name, text):
        path = os.path.join(self.scratch.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def dwz(self, text):
        os.chmod(self.write("bin/dwz", "#!/bin/sh\n%s\n" % text), 0o755)

    def run_cmake(self, *arguments, check=False):
        path = os.path.join(self.scratch.name, "bin") + os.pathsep + os.environ["PATH"]
        return subprocess.run([CMAKE, *arguments], env=dict(os.environ, PATH=path), check=check,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).returncode

    def has(self, name):
        return os.path.exists(os.path.join(self.form, name))

    def test_the_stamp_comes_last(self):
        build = ("--build", self.build, "--target", "small.dwz")
        self.assertNotEqual(self.run_cmake(*build), 0)
        self.assertTrue(self.has("libsmall.so"))
        self.assertFalse(self.has("built"))
        self.dwz("exit 0")
        self.assertEqual(self.run_cmake(*build), 0)
        self.assertTrue(self.has("built"))
        # And a later one that fails takes it away again.
        self.dwz("exit 1")
        self.write("source/fixtures/small/lib.c", "int one(void) { return 2; }\n")
        self.assertNotEqual(self.run_cmake(*build), 0)
        self.assertFalse(self.has("built"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
