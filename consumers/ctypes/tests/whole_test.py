"""Real libraries, each function of them: what is derived from the types, declared back, is accepted.

A library without its debuginfo package is skipped; that at least one was there is asserted.
"""

import ctypes
import glob
import os
import subprocess
import tempfile
import unittest

from support import PYPY
from typesafe_ctypes import CDLL, derive, records, typed, typedata

SPLITSTRIP = os.environ["TYPESAFE_TEST_SPLITSTRIP"]
LIBRARIES = ("libnl-3.so.200", "libpcre.so.3", "libkrb5.so.3", "libctf.so.0", "libdb-5.3.so", "libgsl.so.27", "libgsl.so.28")


def output(*words):
    """What a program prints, "" if it fails."""
    program = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return program.stdout if program.returncode == 0 else ""


def functions(path):
    """The names of the functions that a library exports."""
    lines = (line.split() for line in output("nm", "-D", "--defined-only", path).splitlines())
    return [words[2].split("@")[0] for words in lines if len(words) == 3 and words[1] in "TW"]


def debug_file(path):
    """A library's debuginfo, by build-id."""
    for line in output("readelf", "-nW", path).splitlines():
        if "Build ID: " in line:
            name = line.split("Build ID: ")[1].strip()
            return f"/usr/lib/debug/.build-id/{name[:2]}/{name[2:]}.debug"
    return ""


def declared(types, kind):
    """The type of ctypes for an argument, None if there is none."""
    info = types.describe(types.strip(kind))
    if info.kind in (typedata.KIND_POINTER, typedata.KIND_REFERENCE):
        return derive.pointer(types, info.target, False)
    if info.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION):
        return records.by_value(types, types.strip(kind))
    return derive.scalar(info)


class Whole(unittest.TestCase):
    def test_all(self):
        seen = 0
        with tempfile.TemporaryDirectory() as directory:
            for name in LIBRARIES:
                for path in glob.glob(f"/usr/lib*/{name}") + glob.glob(f"/usr/lib/*/{name}"):
                    typed_one = os.path.join(directory, name)
                    if os.path.exists(debug_file(path)):
                        subprocess.run([SPLITSTRIP, "embed", path, "--debug", debug_file(path), "-o", typed_one], check=True,
                                       stdout=subprocess.DEVNULL)
                        seen += self.library(typed_one)
                        break
        self.assertGreater(seen, 300, "no library's debuginfo is installed: libnl's is the first to install")

    def library(self, path):
        """How many functions it has; each is derived and declared."""
        library, count, without = CDLL(path), 0, []
        for name in functions(path):
            function = library[name]
            types, told = function._typesafe_.types, function._typesafe_
            count += 1
            arguments = [declared(types, each.type) for each in told.parameters]
            if None in arguments:
                without.append(name)
                continue
            try:
                result = derive.result(told)
            except TypeError:
                without.append(name)
                continue
            typed.complete(function)
            function.argtypes, function.restype = arguments, result
            self.refuses_more(function, arguments)
        if not PYPY:  # which has no long double
            self.assertEqual(without, [], path)
        return count

    def refuses_more(self, function, arguments):
        """The control: one argument more is refused."""
        if function._typesafe_.variadic or not function._typesafe_.prototyped:
            return
        function.argtypes = [*arguments, ctypes.c_int]
        with self.assertRaises(TypeError):
            typed.complete(function)


if __name__ == "__main__":
    unittest.main()
