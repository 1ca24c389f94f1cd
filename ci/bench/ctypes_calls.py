#!/usr/bin/python3
"""Measures what typesafe_ctypes adds: to a call, to an import, to the first look at a function.

    ci/bench/ctypes_calls.py [--build build] [-o results/ctypes.md]

The library is the test library of typesafe_ctypes, split; each row calls the same function of the same file through
plain ctypes with declared types and through typesafe_ctypes, by turns, in one process, and takes the fastest round of
each, in CPU time: what else the machine does can only add to that. Best run with nothing else running.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = HERE / "consumers" / "ctypes"
ROUNDS, CALLS = 40, 100_000

WORKER = r'''
import ctypes, json, sys, time
rounds, calls, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
start = time.process_time()
import typesafe_ctypes
imported = time.process_time() - start
from ctypes import POINTER, Structure, byref, c_char_p, c_double, c_int, c_long, c_size_t

class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]

DECLARED = {
    "answer": (c_int, []),
    "add": (c_int, [c_int, c_int]),
    "ratio": (c_double, [c_double, c_double]),
    "length": (c_size_t, [c_char_p]),
    "sum_of": (c_int, [POINTER(Point)]),
    "distance": (c_int, [Point, Point]),
}
ARGUMENTS = {"answer": (), "add": (1, 2), "ratio": (1.0, 2.0), "length": (b"text",), "sum_of": (byref(Point(1, 2)),),
             "distance": (Point(1, 2), Point(3, 4))}

def function(library, name, declared):
    made = library[name]
    if declared:
        made.restype, made.argtypes = DECLARED[name]
    made(*ARGUMENTS[name])
    return made

LOOPS = {count: {} for count in range(3)}
exec("\n".join(
    f"def loop{name}_{count}(function, calls, {', '.join('abc'[:count])}):\n"
    f"    for _ in range(calls): function({', '.join('abc'[:count])})\n"
    for name in range(3) for count in range(3)))

def fastest(candidates, arguments):
    """Seconds a call of each, one loop each so that a JIT compiles them apart."""
    loops = [globals()[f"loop{each}_{len(arguments)}"] for each in range(len(candidates))]
    best = [9e9] * len(candidates)
    for _ in range(rounds):
        for index, candidate in enumerate(candidates):
            start = time.process_time()
            loops[index](candidate, calls, *arguments)
            best[index] = min(best[index], (time.process_time() - start) / calls)
    return best

plain, checked = ctypes.CDLL(path), typesafe_ctypes.CDLL(path)
start = time.process_time()
checked["answer"]
first = time.process_time() - start
start = time.process_time()
for name in DECLARED:
    checked[name]
further = (time.process_time() - start) / len(DECLARED)
result = {"import": imported, "first": first, "further": further, "calls": {}}
for name, arguments in ARGUMENTS.items():
    result["calls"][name] = fastest([function(plain, name, True), function(checked, name, True), function(checked, name, False)], arguments)
print(json.dumps(result))
'''


def measure(interpreter, library, environment):
    """The worker's answer, the import from several processes."""
    def run(rounds, calls):
        program = subprocess.run([interpreter, "-c", WORKER, str(rounds), str(calls), library], env=environment, check=True,
                                 stdout=subprocess.PIPE, text=True)
        return json.loads(program.stdout)

    result = run(ROUNDS, CALLS)
    for what in ("import", "first", "further"):
        result[what] = min(run(1, 1)[what] for _ in range(10))
    return result


def main():
    """Prints or writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE / "build")
    parser.add_argument("-o", dest="output", type=pathlib.Path)
    arguments = parser.parse_args()
    library = next(arguments.build.rglob("pairs/typedata/libtypesafe_check.so"))
    typedata = next(arguments.build.rglob("libtypedata.so.1"))
    environment = dict(os.environ, PYTHONPATH=str(PACKAGE), TYPESAFE_CTYPES_LIBTYPEDATA=str(typedata))
    lines = ["# What typesafe_ctypes costs", "", "`ci/bench/ctypes_calls.py -o results/ctypes.md`: the fastest of "
             f"{ROUNDS} rounds of {CALLS:,} calls, of plain ctypes and of typesafe_ctypes by turns, in CPU time; "
             f"{platform.machine()}, {os.cpu_count()} cores.", ""]
    for interpreter in ("/usr/bin/python3", shutil.which("pypy3")):
        if not interpreter:
            continue
        version = subprocess.run([interpreter, "-c", "import platform as p; print(p.python_implementation(), p.python_version())"],
                                 check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        result = measure(interpreter, library, environment)
        lines += [f"## {version}", "",
                  f"`import typesafe_ctypes` after `import ctypes`: {result['import'] * 1e3:.1f} ms. The first function of a "
                  f"library: {result['first'] * 1e3:.1f} ms, with loading libtypedata; each further one: "
                  f"{result['further'] * 1e6:.0f} µs.", "",
                  "| call | plain ctypes, declared | checked, declared | ratio | checked, not declared | ratio |", "|---|---|---|---|---|---|"]
        for name, (plain, declared, derived) in result["calls"].items():
            lines.append(f"| `{name}` | {plain * 1e9:.0f} ns | {declared * 1e9:.0f} ns | {declared / plain:.2f} "
                         f"| {derived * 1e9:.0f} ns | {derived / plain:.2f} |")
        lines.append("")
    text = "\n".join(lines).rstrip() + "\n"
    if arguments.output:
        arguments.output.write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
