#!/usr/bin/env python3
"""Measures what the harness costs on top of the consumers' own CPU time.

    ci/bench/harness.py RESULT... [-o results/harness.md]

Each RESULT is a result.json of `splitstrip check`; its `cpu_seconds` is the harness with its splitting,
staging, parsing and comparing, `consumers[].cpu_seconds` what the consumers took. The target is 30 %.
"""

import argparse
import json
import pathlib


def row(path):
    """One line of the table: subjects, cells, evidence, CPU of both, ratio."""
    result = json.loads(pathlib.Path(path).read_text())
    consumers = sum(consumer["cpu_seconds"] for consumer in result["consumers"])
    subjects = [subject["name"] for subject in result["subjects"]]
    name = ", ".join(subjects) if len(subjects) < 4 else f"{len(subjects)} subjects: {', '.join(subjects)}"
    evidence = sum(cell["evidence"] for cell in result["cells"])
    return (f"| {name} | {len(result['cells'])} | {evidence:,} | {result['seconds']:.0f} s | {consumers:.1f} s "
            f"| {result['cpu_seconds']:.1f} s | {100 * result['cpu_seconds'] / consumers:.1f} % |")


def main():
    """Prints or writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("-o", dest="output", type=pathlib.Path)
    arguments = parser.parse_args()
    lines = ["| checked | cells | evidence | wall clock | consumers' CPU | harness's CPU | harness / consumers |",
             "|---|---|---|---|---|---|---|"]
    lines += [row(path) for path in arguments.results]
    text = "\n".join(lines) + "\n"
    if arguments.output:
        arguments.output.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
