#!/usr/bin/env python3
"""Small programs that use the distribution's ctypes packages, plain and checked: each has to print the same.

    harness/e2e/real/packages.py [-o results/packages.md] [NAME...]

The libraries are built from the distribution's sources and split (ci/real). Where things are, the environment tells
(checked.py); without that, the build directory `build`. Exit code: 1 if a program printed otherwise or was refused.
"""

import argparse
import collections
import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import checked
import suites

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
BUILD = TOP / "build"
for variable, place in (("SPLITSTRIP_BINARY", BUILD / "harness/cli/splitstrip"), ("SPLITSTRIP_TYPESAFE", TOP / "consumers/ctypes"),
                        ("SPLITSTRIP_LIBTYPEDATA", BUILD / "harness/typedata/library/libtypedata.so.1")):
    os.environ.setdefault(variable, str(place))
PACKAGES = tomllib.loads((HERE / "packages/packages.toml").read_text(encoding="utf-8"))

# `outcome` is "same" or what went otherwise; `counts` what was held against the library.
Row = collections.namedtuple("Row", "name interpreter outcome counts reported")


def program(name):
    """The program of a package."""
    return next((HERE / "packages").glob(f"{name}_*.py"))


def version(package):
    """Of the installed package, None if it is not there."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def typed(libraries, directory):
    """Puts the libraries with their types into the directory."""
    for library in libraries:
        if library == "libc":
            suites.embed_libc(pathlib.Path(directory), os.environ["SPLITSTRIP_BINARY"])
        else:
            checked.split(library, directory)


def play(name, directory):
    """Yields a Row for each interpreter."""
    for interpreter in checked.INTERPRETERS:
        plain, with_types, warned = (checked.run(interpreter, [program(name)], found=[directory], **how)
                                     for how in ({}, {"checked": True}, {"checked": True, "options": ["--warn"]}))
        counted = checked.run(interpreter, [HERE / "counted.py", program(name)], found=[directory],
                              modules=[os.environ["SPLITSTRIP_TYPESAFE"]],
                              extra={"TYPESAFE_CTYPES_LIBTYPEDATA": os.environ["SPLITSTRIP_LIBTYPEDATA"]})
        counts = dict(re.findall(r"(checked|derived) (\d+)", counted.stderr))
        reported = sorted(set(re.findall(r"Typesafe\w*Warning: (.*)", warned.stderr)))
        if plain.returncode != 0:
            outcome = f"does not run unchecked: {checked.last_line(plain)}"
        elif (plain.returncode, plain.stdout) != (with_types.returncode, with_types.stdout):
            outcome = f"otherwise: {checked.last_line(with_types) or with_types.stdout}"
        elif plain.stdout != warned.stdout:
            outcome = f"otherwise when reported only: {checked.last_line(warned) or warned.stdout}"
        else:
            outcome = "same"
        yield Row(name, interpreter, outcome, counts, reported)


def rows(names):
    """Plays the programs of the packages named."""
    for name in names:
        with tempfile.TemporaryDirectory() as directory:
            typed(PACKAGES[name]["libraries"], directory)
            yield from play(name, directory)


def brief(reported):
    """The first of what was reported, and how many more."""
    more = f", and {len(reported) - 1} more" if len(reported) > 1 else ""
    return f"{reported[0]}{more}" if reported else "–"


def page(played):
    """The table."""
    yield "# Packages that call libraries through ctypes\n"
    yield "Each with a small program (`harness/e2e/real/packages/`), plain and under `typesafe_ctypes`, its library carrying its"
    yield "types (built from the distribution's sources, or libc with those of its debug package). *same*: it ends and prints as"
    yield "plain. *reported*: what `--warn` says of it.\n"
    yield f"Made by `harness/e2e/real/packages.py -o results/packages.md` on {datetime.date.today()}: Debian 12, CPython 3.11, PyPy 7.3.11.\n"
    yield "| package | program | interpreter | declarations checked | undeclared functions | outcome | reported |"
    yield "|---|---|---|---|---|---|---|"
    for row in played:
        package = PACKAGES[row.name]["package"]
        yield (f"| {package} {version(package)} | `{program(row.name).name}` | {row.interpreter} | {row.counts.get('checked', '')} | "
               f"{row.counts.get('derived', '')} | {row.outcome} | {brief(row.reported)} |")


def main():
    """Plays, and prints or writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", dest="output", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PACKAGES)}; default: all")
    arguments = parser.parse_args()
    played = list(rows(arguments.names or PACKAGES))
    text = "\n".join(page(played)) + "\n"
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    sys.exit(any(row.outcome.startswith("otherwise") for row in played))


if __name__ == "__main__":
    main()
