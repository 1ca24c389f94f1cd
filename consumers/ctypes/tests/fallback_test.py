"""Types out of a debug file: what is said of calls is what is said by typedata, word for word."""

import os
import subprocess
import sys
import tempfile
import tomllib
import unittest

import typesafe_ctypes

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
sys.path.append(os.path.join(TOP, "consumers/ctypes/scripts"))

from splitstrip_ctypes.play import play

FIXTURES = os.environ["TYPESAFE_TEST_FIXTURES"]


def build_id(path):
    """Of the ELF file, in hexadecimal digits."""
    said = subprocess.run(["readelf", "-n", path], check=True, capture_output=True, text=True).stdout
    return said.partition("Build ID: ")[2].split()[0]


class Fallback(unittest.TestCase):
    def pairs(self, fixture):
        """The library without types, its debug file installed below a root of the test's; and the one with types."""
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        name = f"lib{fixture}.so"
        for recipe in ("conventional", "typedata"):
            subprocess.run([os.environ["TYPESAFE_TEST_SPLITSTRIP"], "split", os.path.join(FIXTURES, fixture, name), "-o",
                            os.path.join(scratch.name, recipe), "--recipe", recipe], check=True, stdout=subprocess.DEVNULL)
        plain, typed = (os.path.join(scratch.name, recipe, name) for recipe in ("conventional", "typedata"))
        identity = build_id(plain)
        place = os.path.join(scratch.name, "root/.build-id", identity[:2])
        os.makedirs(place)
        os.rename(plain + ".debug", os.path.join(place, identity[2:] + ".debug"))
        os.environ["TYPEDATA_DEBUG_ROOT"] = os.path.join(scratch.name, "root")
        self.addCleanup(os.environ.pop, "TYPEDATA_DEBUG_ROOT")
        return plain, typed

    def compare(self, fixture):
        plain, typed = self.pairs(fixture)
        refused = 0
        directory = os.path.join(TOP, "fixtures", fixture)
        with open(os.path.join(directory, "cases.toml"), "rb") as file:
            cases = tomllib.load(file)
        for name in cases:
            script = os.path.join(directory, "cases", name + ".py")
            for part in ("wrong", "right"):
                one = play(plain, script, part, lambda: typesafe_ctypes.install(debuginfo=True))
                other = play(typed, script, part, typesafe_ctypes.install)
                self.assertEqual((one.text, one.message), (other.text, other.message), f"{name} {part}")
                refused += one.text == "raises TypeError"
        return refused

    def test_structures(self):
        self.assertGreater(self.compare("ffi-structures"), 15)

    def test_callbacks(self):
        self.assertGreater(self.compare("ffi-callbacks"), 5)


if __name__ == "__main__":
    unittest.main()
