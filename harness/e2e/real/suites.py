#!/usr/bin/env python3
"""The interpreters' own ctypes test suites, with typesafe_ctypes installed and active, test by test.

    harness/e2e/real/suites.py -o results/ctypes-suites.md      (the environment as in checked.py)

Each suite is run three ways: under plain ctypes; checked, with a libc that carries its types; and
checked, with both that libc and an extension _ctypes_test, the library of the suites, that carries
its types. suites_test.py asserts what comes of it.
"""

import argparse
import collections
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile

import checked

RUNNER = checked.HERE / "suite_runner.py"
LIBC = next((path for path in ("/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6")
             if pathlib.Path(path).exists()), "libc.so.6")


@dataclasses.dataclass(frozen=True)
class Suite:
    """One interpreter's suite."""

    name: str
    tests: str  # the directory
    extension: str  # in ci/real/libraries.py
    package: str


SUITES = {
    "cpython": Suite("CPython 3.11", "/usr/lib/python3.11/ctypes/test", "ctypes-test", "libpython3.11-testsuite"),
    "pypy": Suite("PyPy 3.9", "/usr/lib/pypy3.9/ctypes/test", "ctypes-test-pypy", "pypy3-lib-testsuite"),
}


@dataclasses.dataclass(frozen=True)
class Declaration:
    """What a suite declares otherwise than the library has it, and which tests do so."""

    c: str
    why: str
    words: str  # in the exception
    tests: tuple


REFUSED = (
    Declaration(
        "char *_testfunc_p_p(void *)",
        "returns its argument, and is declared as returning `long`, `int` or `int *` to try these: half a pointer for "
        "`int`, another thing pointed to for `int *`", "_testfunc_p_p: ",
        ("test_pointers.PointersTestCase.test_change_pointers",
         "test_pointers.PointersTestCase.test_pass_pointers",
         "test_prototypes.CharPointersTestCase.test_c_void_p_arg_with_c_wchar_p",
         "test_prototypes.CharPointersTestCase.test_paramflags",
         "test_prototypes.WCharPointersTestCase.test_POINTER_c_wchar_arg",
         "test_prototypes.WCharPointersTestCase.test_c_wchar_p_arg")),
    Declaration(
        "char *_testfunc_p_p(void *)",
        "is declared as returning `int *`: a handle, whose class is derived from `POINTER(c_int)`, not that itself", "LP_c_int",
        ("test_as_parameter.AsParamPropertyWrapperTestCase.test_pointers",
         "test_as_parameter.AsParamWrapperTestCase.test_pointers",
         "test_as_parameter.BasicWrapTestCase.test_pointers",
         "test_functions.FunctionTestCase.test_pointers")),
    Declaration(
        "char *_testfunc_p_p(void *)",
        "is declared as returning a class derived from `c_int`: half a pointer", "_testfunc_p_p: ", ("test_checkretval.Test.test_checkretval",)),
    Declaration(
        "int _testfunc_pylist_append(PyObject *, PyObject *)", "is declared with three parameters, to try that",
        "_testfunc_pylist_append: ", ("test_parameters.SimpleTypesTestCase.test_from_param_result_refcount",)),
    Declaration(
        "int unpack_bitfields(struct BITS *, char)",
        "gets bit-fields of `int` and `short` that ctypes lays out otherwise than the compiler: what Python writes to `M` "
        "never reaches C. The tests compare 0 with 0, and pass", "struct BITS",
        ("test_bitfields.C_Test.test_ints", "test_bitfields.C_Test.test_shorts")),
)


def embed_libc(into, splitstrip):
    """The system's libc with its types, at its soname in the directory; its debug package must be installed."""
    into.mkdir(parents=True, exist_ok=True)
    notes = subprocess.run(["readelf", "-n", LIBC], capture_output=True, text=True, check=True).stdout
    identity = notes.split("Build ID:")[1].split()[0]
    debug = f"/usr/lib/debug/.build-id/{identity[:2]}/{identity[2:]}.debug"
    subprocess.run([splitstrip, "embed", LIBC, "--debug", debug, "-o", str(into / "libc.so.6")], check=True,
                   stdout=subprocess.DEVNULL, timeout=120)


class Runs:
    """The libraries, and what came of a suite run in one way."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        for suite in SUITES.values():
            file = checked.split(suite.extension, self.directory / "typed" / suite.extension)
            untyped = self.directory / "untyped" / suite.extension
            untyped.mkdir(parents=True)
            subprocess.run(["objcopy", "--remove-section", ".gnu_typedata", str(file), str(untyped / file.name)], check=True)
        embed_libc(self.directory / "libc", checked.os.environ["SPLITSTRIP_BINARY"])
        self._number = 0

    def run(self, interpreter, extension="untyped", with_checks=False, tests=None):
        """{"active": …, "tests": {id without "ctypes.test.": [outcome, text]}}, and the warnings of typesafe_ctypes."""
        suite = SUITES[interpreter]
        self._number += 1
        output = self.directory / f"{self._number}.json"
        done = checked.run(interpreter, [RUNNER, tests or suite.tests, output], checked=with_checks,
                           found=[self.directory / "libc"] if with_checks else [],
                           modules=[self.directory / extension / suite.extension], timeout=300)
        if done.returncode != 0 or not output.exists():
            raise RuntimeError(f"{suite.name}: the suite ended with {done.returncode}: {done.stderr[-2000:]}")
        result = json.loads(output.read_text(encoding="utf-8"))
        result["tests"] = {name.removeprefix("ctypes.test."): told for name, told in result["tests"].items()}
        result["warnings"] = [line for line in done.stderr.splitlines() if "Typesafe" in line]
        return result


def differences(plain, other):
    """{test: (outcome under plain ctypes, [outcome, text] here)} of all that differ; None where it was not run."""
    names = sorted({*plain["tests"], *other["tests"]})
    found = {name: (plain["tests"].get(name, [None])[0], other["tests"].get(name)) for name in names}
    return {name: pair for name, pair in found.items() if pair[1] is None or pair[0] != pair[1][0]}


def counts(run):
    """The outcomes, counted, as text."""
    counted = collections.Counter(told[0] for told in run["tests"].values())
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items(), key=lambda each: -each[1]))


def page(runs):
    """The page for results/."""
    lines = [
        "# The interpreters' ctypes test suites under typesafe_ctypes", "",
        "    ci/install build check test real && cmake --build --preset default",
        "    SPLITSTRIP_BINARY=build/harness/cli/splitstrip SPLITSTRIP_TYPESAFE=consumers/ctypes \\",
        "    SPLITSTRIP_LIBTYPEDATA=build/harness/typedata/library/libtypedata.so.1 \\",
        "      harness/e2e/real/suites.py -o results/ctypes-suites.md", "",
        "The tests are the distribution's packages'. Their library, `_ctypes_test`, is not packaged: it is built from the",
        "sources of Debian's python3.11 (`ci/real/build`), for PyPy with PyPy's headers. `real.suites` asserts this page.", "",
        "| suite | run | outcomes | other than plain |", "|---|---|---|---|"]
    refused = {}
    for interpreter, suite in SUITES.items():
        plain = runs.run(interpreter)
        active = runs.run(interpreter, with_checks=True)
        typed = runs.run(interpreter, "typed", True)
        unlike = differences(plain, typed)
        for test in unlike:
            refused.setdefault(test, []).append(suite.name)
        for how, run in (("plain ctypes", plain), ("checked, libc with types", active),
                         ("checked, libc and `_ctypes_test` with types", typed)):
            lines.append(f"| {suite.name} | {how} | {counts(run)} | {len(differences(plain, run))} |")
    lines += ["", "Checked, with a library that carries no types, no test does otherwise. Where `_ctypes_test` carries its types, "
              "those tests fail", "that declare on purpose what is not so:", "", "| C | what the suite does | tests |", "|---|---|---|"]
    for declaration in REFUSED:
        tests = [test for test in declaration.tests if test in refused]
        shown = "<br>".join(f"{test}{'' if len(refused[test]) == len(SUITES) else f' ({refused[test][0]})'}" for test in tests)
        lines.append(f"| `{declaration.c}` | {declaration.why} | {len(tests)}: {shown} |")
    lines.append("")
    return "\n".join(lines)


def main():
    """Runs all, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", dest="output", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        text = page(Runs(directory))
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
