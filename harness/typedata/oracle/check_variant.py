"""Builds typedata for a fixture in another form of DWARF, or of another machine, and puts it to every oracle.

usage: check_variant.py FORM SPLITSTRIP BUILD_TOOL PRINT_TOOL

FORM is as in `splitstrip variants`: types@s390x, types@dwarf2-zlib. The C that is printed, with an assertion
for each size and offset, has to be accepted by the compiler of that machine. Exits 0 if nothing is at fault,
1 if something is, 77 if the form cannot be built here.
"""

import os
import subprocess
import sys
import tempfile

from check_library import HERE, SKIPPED, run

COMPILERS = {
    "aarch64": "aarch64-linux-gnu-gcc",
    "ppc64le": "powerpc64le-linux-gnu-gcc",
    "s390x": "s390x-linux-gnu-gcc",
    "i686": "i686-linux-gnu-gcc",
    "riscv64": "riscv64-linux-gnu-gcc",
}


def main(arguments):
    """All steps, also after one failed; returns the exit code."""
    form, splitstrip, build_tool, print_tool = arguments
    fixture, variant = form.split("@")
    built = subprocess.run(
        [splitstrip, "variants", fixture, "--variants", variant, "--build", "--where"],
        stdout=subprocess.PIPE, universal_newlines=True, timeout=600, check=False,
    )
    if built.returncode != 0:
        print(built.stdout)
        return SKIPPED if "needs " in built.stdout else 1
    library = os.path.join(built.stdout.strip(), "lib%s.so" % fixture)
    with tempfile.TemporaryDirectory() as directory:
        extracted = os.path.join(directory, "types")
        printed = os.path.join(directory, "printed.c")
        carrier = os.path.join(directory, "carrier")
        if not run("build", [build_tool, library, library, extracted, carrier]):
            return 1
        good = run("print", [print_tool, "--assertions", carrier], printed)
        compiler = COMPILERS.get(variant, "gcc")
        good &= run(compiler, [compiler, "-std=gnu17", "-fsyntax-only", "-w", "-fno-builtin", printed])
        for oracle, operands in (
            ("coverage", [library, library, extracted]),
            ("prototypes", [library, library, extracted]),
            ("layouts", [library, extracted]),
            ("accepted", [extracted]),
        ):
            good &= run(oracle, [sys.executable, os.path.join(HERE, oracle + ".py")] + operands)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
