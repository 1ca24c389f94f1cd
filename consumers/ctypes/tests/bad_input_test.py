"""Sections that are damaged, foreign or gone: plain behaviour, and one warning that says why."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import PLAIN, PYPY, SPLIT, run

PROGRAM = """
import os, shutil, sys, warnings
warnings.simplefilter("always")
import typesafe_ctypes
from typesafe_ctypes import CDLL, c_int
path = {path!r}
lib = CDLL(path)
{then}
print(lib.add(1, 2, 3), lib.twice(4), lib.answer())
lib.add.argtypes = [c_int]
"""


class BadInput(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "libbad.so")
        shutil.copy(SPLIT, self.path)
        with open(SPLIT, "rb") as file:
            self.image = file.read()
        # A zstd or xz stream, in the part of the file that is not mapped.
        self.start = max(self.image.rfind(b"\x28\xb5\x2f\xfd"), self.image.rfind(b"\xfd7zXZ\0"))
        self.assertGreater(self.start, 0)

    def damage(self, offset, data):
        with open(self.path, "r+b") as file:
            file.seek(offset)
            file.write(data)

    def falls_back(self, then="", words=(), environment=None, said=1):
        """The program works as with plain ctypes, and warns once, or not at all."""
        status, out, err = run(PROGRAM.format(path=self.path, then=then), environment)
        self.assertEqual((status, out), (0, "3 8 42\n"), err)
        self.assertEqual(err.count("TypesafeWarning"), said, err)
        for word in ("calls are not checked", *words) if said else ():
            self.assertIn(word, err)

    def test_control(self):
        """Undamaged, the same program is refused."""
        status, out, err = run(PROGRAM.format(path=self.path, then=""))
        self.assertEqual((status, out), (1, ""))
        self.assertIn("takes 2 arguments (3 given)", err)

    def test_corrupt(self):
        self.damage(self.start + 8, b"\xff" * 16)
        self.falls_back(words=["libbad.so"])

    def test_no_stream(self):
        self.damage(self.start, b"no stream of any kind")
        self.falls_back(words=["libbad.so"])

    def test_every_tenth_byte(self):
        """Damage anywhere in the section: the interpreter lives, and its results are right or refused."""
        for offset in range(self.start, min(self.start + 1200, len(self.image)), 97):
            shutil.copy(SPLIT, self.path)
            self.damage(offset, bytes([self.image[offset] ^ 0x5A]))
            status, out, err = run(f"from typesafe_ctypes import CDLL\nlib = CDLL({self.path!r})\nprint(lib.add(1, 2), lib.answer())")
            if status != 0:
                self.assertTrue("TypeError" in err or "ArgumentError" in err, err)
            else:
                self.assertEqual(out, "3 42\n")

    def test_of_another_build(self):
        """The build-id of the library is another than the section's."""
        place = self.image.find(b"GNU\0", 0, self.start)
        self.assertGreater(place, 0)
        self.damage(place + 4, b"\x01\x02\x03\x04")
        self.falls_back(words=["libbad.so"])

    def test_replaced(self):
        """Another file is in its place by the time it is looked at."""
        self.falls_back(then=f"os.remove(path); shutil.copy({os.__file__!r}, path)", words=["libbad.so"])

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "only root can be without /proc")
    def test_without_proc(self):
        """Libraries are known by what the loader says."""
        for library in ("ctypes.CDLL(None)", "kept"):
            # PyPy closes a library that nobody holds.
            code = (f"import typesafe_ctypes, ctypes, os; typesafe_ctypes.install(); print(os.path.exists('/proc/self'))\n"
                    f"kept = ctypes.CDLL({SPLIT!r}, mode=ctypes.RTLD_GLOBAL)\n"
                    f"try: {library}.add(1, 2, 3)\nexcept TypeError as error: print('takes 2' in str(error))")
            program = subprocess.run(["unshare", "-m", "sh", "-c", 'umount -l /proc && exec "$0" -c "$1"', sys.executable, code],
                                     capture_output=True, text=True, timeout=60)
            if "unshare" in program.stderr or "umount" in program.stderr:
                self.skipTest(program.stderr)
            self.assertEqual(program.stdout, "False\nTrue\n", program.stderr)

    def test_removed(self):
        """As after a chroot: what is not there tells nothing, and all goes on as before."""
        self.falls_back(then="os.remove(path)", words=[], said=0)

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root may read everything")
    def test_not_permitted(self):
        then = "os.chmod(path, 0)"
        if os.geteuid() == 0:
            os.chmod(os.path.dirname(self.path), 0o755)
            then += "; os.setgroups([]); os.setgid(65534); os.setuid(65534)"
        self.falls_back(then=then, words=["libbad.so"])

    def test_without_libtypedata(self):
        self.falls_back(environment={"TYPESAFE_CTYPES_LIBTYPEDATA": PLAIN}, words=["libtypedata"])
        self.falls_back(environment={"TYPESAFE_CTYPES_LIBTYPEDATA": "/nowhere.so"}, words=["libtypedata"])

    @unittest.skipIf(PYPY, "PyPy cannot call by a handle")
    def test_two_namespaces(self):
        """dlmopen()ed once more: the same types at other addresses, and objects of its own."""
        code = f"""
import ctypes
from typesafe_ctypes import CDLL, CFUNCTYPE, c_int, c_void_p
dlmopen = ctypes.CDLL(None).dlmopen
dlmopen.restype, dlmopen.argtypes = c_void_p, [ctypes.c_long, ctypes.c_char_p, c_int]
first = CDLL({SPLIT!r})
second = CDLL({SPLIT!r}, handle=dlmopen(-1, {SPLIT!r}.encode(), 2))
for each in (first, second):
    try: each.add(1, 2, 3)
    except TypeError as error: print(each.add(1, 2), "takes 2" in str(error))
    try: ctypes.c_double.in_dll(each, "number")
    except TypeError as error: print("number" in str(error))
c_int.in_dll(first, "number").value = 1
print(c_int.in_dll(second, "number").value, first.add is second.add)
"""
        self.assertEqual(run(code)[:2], (0, "3 True\nTrue\n3 True\nTrue\n42 False\n"), run(code)[2])

    def test_threads(self):
        """Many threads ask for the first time at once."""
        code = f"""
import threading
from typesafe_ctypes import CDLL, POINTER, Structure, byref, c_int
class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]
wrong, start = [], threading.Barrier(8)
def work(lib):
    start.wait()
    for _ in range(50):
        try:
            item = lib["new_item"]()
            good = item.contents.next.contents.count == 1000 and lib["sum_of"](byref(Point(1, 2))) == 3
            lib["release"](item)
        except Exception as error:
            good = repr(error)
        if good is not True:
            wrong.append(good)
        try:
            function = lib["sum_of"]
            function.argtypes = [c_int]
            function(1)
            wrong.append("not refused")
        except TypeError:
            pass
lib = CDLL({SPLIT!r})
threads = [threading.Thread(target=work, args=(lib,)) for _ in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
print(wrong)
"""
        status, out, err = run(code)
        self.assertEqual((status, out, err), (0, "[]\n", ""))

    def test_reloaded(self):
        """Another library where the first one was: its own types, not those that are remembered."""
        code = f"""
import gc, os, shutil
from _ctypes import dlclose
from typesafe_ctypes import CDLL
def refused(path):
    lib = CDLL(path)
    try:
        lib.add(1, 2, 3)
        return False
    except TypeError:
        return True
    finally:
        handle = lib._handle
        del lib
        gc.collect()
        dlclose(handle)
print(refused({SPLIT!r}), refused({PLAIN!r}), refused({SPLIT!r}), refused({PLAIN!r}))
"""
        if not PYPY:
            self.assertEqual(run(code)[:2], (0, "True False True False\n"))


if __name__ == "__main__":
    unittest.main()
