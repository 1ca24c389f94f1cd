"""Test oracle: whether other readers of DWARF accept an extracted object without complaint.

usage: accepted.py EXTRACTED

llvm-dwarfdump --verify, eu-readelf, pahole, pfunct and gdb each have to read it, say something about it, and
complain of nothing. Exits 1 if one does not.
"""

import re
import subprocess
import sys

COMPLAINT = re.compile(r"\b(error|warning|invalid|corrupt|unknown|unsupported|cannot|failed)\b", re.IGNORECASE)

# What is run, and what has to be found in its output.
READERS = (
    (["llvm-dwarfdump", "--verify"], r"^No errors\.$"),
    (["eu-readelf", "--debug-dump=info"], r"^ *\[ *[0-9a-f]+\] +compile_unit"),
    (["eu-readelf", "--debug-dump=abbrev"], r"Abbreviation section"),
    (["pahole", "--sizes"], r"\S"),
    (["pfunct", "--prototypes"], r"\(.*\);"),
    (["gdb", "-nx", "-nh", "-batch", "-ex", "info types"], r"^All defined types:"),
)


def main(arguments):
    """Runs each reader; returns the exit code."""
    faults = 0
    for command, expected in READERS:
        run = subprocess.run(
            command + arguments, capture_output=True, text=True, errors="replace", timeout=300, check=False
        )
        faulty = run.returncode != 0 or not re.search(expected, run.stdout, re.MULTILINE)
        # In what eu-readelf and gdb print on standard output stand the library's own names.
        faulty = faulty or COMPLAINT.search(run.stderr) is not None
        print("%s: %s" % (" ".join(command), "refuses" if faulty else "accepts"))
        if faulty:
            faults += 1
            print("  exit %d\n  %s\n  %s" % (run.returncode, run.stdout[-500:], run.stderr[-500:]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
