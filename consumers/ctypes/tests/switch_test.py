"""The ways to switch checking on: per import, per process, by the command, by the environment."""

import os
import subprocess
import sys
import tempfile
import unittest

import support
from support import PLAIN, SPLIT, run

PACKAGES = os.path.dirname(os.path.dirname(os.path.abspath(support.typesafe_ctypes.__file__)))
PROGRAM = f"""
import ctypes, sys
def surplus(path):
    try:
        return ctypes.CDLL(path).add(1, 2, 3)
    except TypeError as error:
        return str(error)
print(__name__, sys.argv[1:], surplus({SPLIT!r}), surplus({PLAIN!r}))
"""
REFUSED = "add: this function takes 2 arguments (3 given)\n  C:      int add(int a, int b)"


def run_options(arguments, **more):
    """python -m typesafe_ctypes with these."""
    program = subprocess.run([sys.executable, "-m", "typesafe_ctypes", *arguments], capture_output=True, text=True, timeout=60, **more)
    return program.returncode, program.stdout, program.stderr


class Switching(unittest.TestCase):
    def program(self, name="program.py"):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = os.path.join(directory.name, name)
        with open(path, "w") as file:
            file.write(PROGRAM)
        return path

    def check(self, code, output):
        status, out, err = run(code)
        self.assertEqual((status, out.strip(), err), (0, output, ""))

    def test_not_at_all(self):
        self.check(PROGRAM, "__main__ [] 3 3")
        self.check("import typesafe_ctypes" + PROGRAM, "__main__ [] 3 3")

    def test_install(self):
        self.check("import typesafe_ctypes; typesafe_ctypes.install()" + PROGRAM, f"__main__ [] {REFUSED} 3")

    def test_install_reaches_what_was_imported_before(self):
        self.check(f"from ctypes import *; import typesafe_ctypes; typesafe_ctypes.install()\n"
                   f"try: CDLL({SPLIT!r}).add(1, 2, 3)\nexcept TypeError as error: print(error)\n"
                   f"try: c_char.in_dll(CDLL({SPLIT!r}), 'number')\nexcept TypeError as error: print('number' in str(error))\n"
                   f"try: CFUNCTYPE(c_int)(('add', CDLL({SPLIT!r})))()\nexcept TypeError as error: print('add' in str(error))\n",
                   REFUSED + "\nTrue\nTrue")

    def test_uninstall(self):
        self.check("import typesafe_ctypes as t; t.install(); t.uninstall()" + PROGRAM, "__main__ [] 3 3")

    def test_per_import(self):
        self.check(f"import ctypes, typesafe_ctypes\n"
                   f"from typesafe_ctypes import CDLL, cdll, c_int, Structure, byref\n"
                   f"for each in (CDLL({SPLIT!r}), cdll.LoadLibrary({SPLIT!r}), cdll[{SPLIT!r}]):\n"
                   f"    try: print(each.add(1, 2, 3), isinstance(each, ctypes.CDLL))\n"
                   f"    except TypeError as error: print(error)\n"
                   f"print(ctypes.CDLL({SPLIT!r}).add(1, 2, 3), c_int is ctypes.c_int)\n", "\n".join([REFUSED] * 3 + ["3 True"]))

    def test_all_names(self):
        self.check("from typesafe_ctypes import *\nprint(c_int(1), CDLL.__module__, len(Structure.__name__))",
                   "c_int(1) typesafe_ctypes.libraries 9")

    def test_strict(self):
        code = (f"import ctypes; add = ctypes.CDLL({SPLIT!r}).add\nadd.argtypes = [ctypes.c_uint, ctypes.c_int]\nprint(add(1, 2))")
        for options, said in (([], False), (["--strict"], True)):
            status, out, err = run_options([*options, "-c", code])
            self.assertEqual((status, out), (0, "3\n"))
            self.assertEqual("TypesafeStrictWarning: add: parameter 1" in err, said, err)

    def test_errors_of_the_command(self):
        for arguments in ([], ["--unknown"], ["nowhere.py"], ["-m"]):
            status, out, err = run_options(arguments)
            self.assertEqual((status, out), (2, ""))
            self.assertIn("typesafe_ctypes: ", err)


    def test_command(self):
        path = self.program()
        status, out, err = run_options([path, "a", "--b"])
        self.assertEqual((status, out.strip(), err), (0, f"__main__ ['a', '--b'] {REFUSED} 3", ""))
        status, out, err = run_options(["-c", PROGRAM, "x"])
        self.assertEqual((status, out.strip(), err), (0, f"__main__ ['x'] {REFUSED} 3", ""))

    def test_module(self):
        path = self.program("some_program.py")
        status, out, err = run_options(["-m", "some_program", "y"], cwd=os.path.dirname(path))
        self.assertEqual((status, out.strip(), err), (0, f"__main__ ['y'] {REFUSED} 3", ""))

    def test_environment(self):
        """The .pth file in a site directory, as it is installed."""
        with tempfile.TemporaryDirectory() as site:
            with open(os.path.join(PACKAGES, "typesafe_ctypes.pth")) as file:
                text = file.read()
            with open(os.path.join(site, "typesafe_ctypes.pth"), "w") as file:
                file.write(text)
            start = f"import site; site.addsitedir({site!r})\n"
            for wish, said in (("1", REFUSED), ("strict", REFUSED), ("0", "3"), ("", "3")):
                status, out, err = run(start + PROGRAM, environment={"TYPESAFE_CTYPES": wish})
                self.assertEqual((status, out.strip(), err), (0, f"__main__ [] {said} 3", ""))
            status, out, err = run(start + "import sys; print([name for name in sys.modules if 'typesafe' in name])")
            self.assertEqual((status, out.strip(), err), (0, "[]", ""))


if __name__ == "__main__":
    unittest.main()
