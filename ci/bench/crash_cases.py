#!/usr/bin/python3
"""Plays all crash cases by one check and writes the table: what happens before, and what after.

    ci/bench/crash_cases.py [--splitstrip build/harness/cli/splitstrip] [-o results/crash-cases.md]

How each ends is taken from the check's facts. What the TypeErrors say is shown for CPython, from
playing the wrong parts once more on split pairs. Exit code: the check's, 0 if all end as declared.
"""

import argparse
import ast
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "consumers/ctypes/scripts"), str(TOP / "consumers/ctypes")]

from splitstrip_ctypes.play import play  # noqa: E402  (the path has to be set first)

INTERPRETERS = {"ctypes": "CPython", "pypy": "PyPy"}


def facts(file):
    """{key: value} of a fact file."""
    text = subprocess.run(["zstd", "-dcq", file], check=True, stdout=subprocess.PIPE).stdout.decode()
    return dict(re.sub(r"\\([\\tnr])", lambda found: {"\\": "\\"}.get(found[1], " "), line).split("\t", 1)
                for line in text.splitlines())


def said(library, script):
    """The first line of what wrong() raises, checked."""
    import typesafe_ctypes

    return play(library, str(script), "wrong", typesafe_ctypes.install).message.partition("\n")[0]


def field(text):
    """`text` for a field of the table."""
    return " ".join(text.replace("|", "\\|").split())


def ends(given, name, part):
    """How a part ended in all interpreters: once if all agree."""
    told = {label: of.get(f"{name}: {part}") for label, of in given.items()}
    different = {text for text in told.values() if text}
    if len(different) == 1:
        missing = [label for label, text in told.items() if not text]
        return different.pop() + "".join(f" ({label}: not played)" for label in missing)
    return "; ".join(f"{label}: {text}" for label, text in told.items())


def rows(fixture, output, library):
    """A row for each case of a fixture."""
    directory = TOP / "fixtures" / fixture
    before, after = ({INTERPRETERS[one]: facts(output / "facts" / fixture / variant / one / "ffi-crash.facts.zst")
                      for one in INTERPRETERS} for variant in ("reference", "typedata"))
    for name, case in sorted(tomllib.loads((directory / "cases.toml").read_text()).items()):
        if not {"dies", "corrupts"} & set(case):
            continue
        script = directory / "cases" / f"{name}.py"
        what = ast.get_docstring(ast.parse(script.read_text()))
        like = f" ({case['like']})" if "like" in case else ""
        checked = ends(after, name, "wrong, checked")
        if "says" in case:
            checked = checked.replace("raises ", "") + f": {said(library, script)}"
        elif "heals" in case:
            checked += ", since the types are known"
        else:
            checked += f": {case['uncaught']}"
        for label in INTERPRETERS:
            if case.get(label, {}).get("unavailable"):
                checked += f"; not on {INTERPRETERS[label]}: {case[label]['unavailable']}"
        yield (case["class"], f"`{fixture}` {name}", field(what + like), field(ends(before, name, "wrong, checked")),
               field(checked), field(ends(after, name, "right, checked").replace("returns ", "", 1)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splitstrip", default=TOP / "build/harness/cli/splitstrip", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path)
    options = parser.parse_args()
    fixtures = sorted(each.parent.name for each in (TOP / "fixtures").glob("*/cases.toml"))
    build = options.splitstrip.resolve().parents[2]
    os.environ["TYPESAFE_CTYPES_LIBTYPEDATA"] = str(build / "harness/typedata/library/libtypedata.so.1")
    with tempfile.TemporaryDirectory() as scratch:
        output = pathlib.Path(scratch, "result")
        words = ["check", *fixtures, "--consumer", "ctypes", "--consumer", "pypy", "--query", "ffi-crash"]
        ended = subprocess.run([options.splitstrip, *words, "--no-cache", "--output", output], check=False,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not (output / "result.json").exists():
            sys.exit(ended.stdout)
        result = json.loads((output / "result.json").read_text())
        table = []
        for fixture in fixtures:
            library = f"lib{fixture}.so"
            subprocess.run([options.splitstrip, "split", build / "fixtures" / fixture / library, "-o", scratch],
                           check=True, stdout=subprocess.DEVNULL)
            table += rows(fixture, output, os.path.join(scratch, library))
    versions = ", ".join(f"{INTERPRETERS[each['name']]} {each['version']}" for each in result["consumers"])
    caught = sum("TypeError" in row[4] or "types are known" in row[4] for row in table)
    text = f"""# Crash cases

Calls of C and C++ from Python with wrong types: how they end on the conventional pair, and on the split one with
`typesafe_ctypes` installed. {len(table)} cases, of which types catch {caught}; the others say why types cannot. Each is a script
in `fixtures/ffi-*/cases/` with a wrong and a right part; the last column is what the right one returns on both
pairs. Where interpreters are not named, all ended alike.

Made by `ci/bench/crash_cases.py -o results/crash-cases.md` on {result['host']['distribution']} {result['host']['machine']},
{result['started'][:10]}: {versions}. The check behind it:

    splitstrip {' '.join(words)}

| class | case | mistake (a public bug of its class) | conventional pair | split pair | right |
|---|---|---|---|---|---|
""" + "".join(f"| {' | '.join(row)} |\n" for row in table)
    if options.output:
        options.output.write_text(text)
    else:
        print(text, end="")
    if ended.returncode != 0:
        print(ended.stdout, file=sys.stderr)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
