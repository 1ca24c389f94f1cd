"""Builds typedata for an installed library from its debug package and puts it to every oracle.

usage: check_library.py NAME BUILD_TOOL PRINT_TOOL

The C that is printed, with an assertion for each size and offset, has to be accepted by gcc and clang;
coverage.py, prototypes.py, layouts.py and accepted.py have to find no fault. Exits 0 if all do, 1 if not, 77
if the library or its debug package is not installed.
"""

import glob
import os
import subprocess
import sys
import tempfile
import time

from exports import open_elf

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77


def installed(name):
    """(library, debug file), or None."""
    for pattern in ("/usr/lib/*-linux-gnu*/", "/lib/*-linux-gnu*/", "/usr/lib64/", "/usr/lib/"):
        for library in glob.glob(pattern + name):
            note = open_elf(library).get_section_by_name(".note.gnu.build-id")
            if note is None:
                continue
            build_id = next(note.iter_notes())["n_desc"]
            debug = "/usr/lib/debug/.build-id/%s/%s.debug" % (build_id[:2], build_id[2:])
            if os.path.exists(debug):
                return os.path.realpath(library), os.path.realpath(debug)
    return None


def run(title, command, output=None):
    """Runs one step; returns whether it succeeded."""
    start = time.monotonic()
    with open(output, "wb") if output else tempfile.TemporaryFile() as stdout:
        code = subprocess.run(command, stdout=None if not output else stdout, timeout=900, check=False).returncode
    print("%s: %s (%.1f s)" % (title, "ok" if code == 0 else "FAILED (%d)" % code, time.monotonic() - start))
    sys.stdout.flush()
    return code == 0


def main(arguments):
    """All steps, also after one failed; returns the exit code."""
    name, build_tool, print_tool = arguments
    pair = installed(name)
    if pair is None:
        print("%s or its debug package is not installed" % name)
        return SKIPPED
    library, debug = pair
    with tempfile.TemporaryDirectory() as directory:
        extracted = os.path.join(directory, name + ".types")
        printed = os.path.join(directory, "printed.c")
        carrier = os.path.join(directory, name)
        if not run("build", [build_tool, debug, library, extracted, carrier]):
            return 1
        good = run("print", [print_tool, "--assertions", carrier], printed)
        for compiler in ("gcc", "clang"):
            # Libraries that define C's own functions do so with other types now and then.
            command = [compiler, "-std=gnu17", "-fsyntax-only", "-Wall", "-Werror", "-fno-builtin"]
            good &= run(compiler, command + [printed])
        for oracle, operands in (
            ("coverage", [library, debug, extracted]),
            ("prototypes", [library, debug, extracted]),
            ("layouts", [debug, extracted]),
            ("accepted", [extracted]),
        ):
            good &= run(oracle, [sys.executable, os.path.join(HERE, oracle + ".py")] + operands)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
