#!/usr/bin/env python3
"""Counts false alarms: the conventional pair against itself, again and again; any difference is one.

    ci/bench/alarms.py [--rounds 20] [--jobs 1,2,4,8] [-o results/alarms.md] SUBJECT... [-- CHECK-OPTION...]

Each round makes the pair anew and puts every query to it anew; nothing is remembered from one to the
next. Rounds are divided evenly among the values of --jobs: one `splitstrip check` for each value, whose
recipes make the same pair and differ in blanks alone, so that all are held against one reference.
Exit code: 1 if anything differed.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

STRIP = "command:eu-strip --remove-comment -f {debug} -o {main} {in}"


def check(arguments, jobs, rounds):
    """Runs one check; returns its result.json."""
    with tempfile.TemporaryDirectory() as directory:
        output = pathlib.Path(directory) / "result"
        argv = [arguments.splitstrip, "check", *arguments.subjects, "--no-cache", "--jobs", str(jobs),
                "--output", output, *arguments.more]
        for blanks in range(rounds):
            argv += ["--recipe", STRIP + " " * blanks if blanks else "conventional"]
        process = subprocess.run(argv, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if not (output / "result.json").exists():
            sys.exit(process.stderr)
        return json.loads((output / "result.json").read_text())


def main():
    """Runs the rounds and prints or appends the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splitstrip", default="build/harness/cli/splitstrip")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--jobs", default="1,2,4,8")
    parser.add_argument("-o", dest="output", type=pathlib.Path, help="appended to")
    parser.add_argument("subjects", nargs="+", metavar="SUBJECT")
    words = sys.argv[1:]
    own = words[:words.index("--")] if "--" in words else words
    arguments = parser.parse_args(own)
    arguments.more = words[len(own) + 1:]
    jobs = [int(word) for word in arguments.jobs.split(",")]
    each, rest = divmod(arguments.rounds, len(jobs))
    if rest:
        parser.error("--rounds has to be a multiple of the number of --jobs")

    cells = collections.Counter()
    evidence = collections.Counter()
    silent = collections.Counter()
    why = {}
    alarms = []
    seconds = cpu = 0.0
    subjects = {}
    consumers = {}
    for value in jobs:
        result = check(arguments, value, each)
        seconds += result["seconds"]
        cpu += result["cpu_seconds"] + sum(one["cpu_seconds"] for one in result["consumers"])
        subjects.update((one["name"], None) for one in result["subjects"])
        consumers.update((one["name"], one["version"]) for one in result["consumers"])
        for cell in result["cells"]:
            if cell["outcome"] in ("same", "vacuous"):
                cells[cell["consumer"]] += 1
                evidence[cell["consumer"]] += cell["evidence"]
            elif cell["outcome"] in ("regressed", "gained", "unstable"):
                what = (cell["reason"] if cell["outcome"] == "unstable" else
                        f"{cell['changed']} changed, {cell['lost']} lost, {cell['gained']} gained")
                alarms.append(f"{cell['subject']} {cell['consumer']} {cell['query']} (--jobs {value}), {cell['outcome']}: {what}")
            else:
                silent[cell["consumer"], cell["query"], cell["outcome"]] += 1
                why.setdefault((cell["consumer"], cell["query"], cell["outcome"]), cell["reason"])
    lines = [f"`ci/bench/alarms.py {' '.join(words)}`: {arguments.rounds} rounds of {', '.join(subjects)};",
             f"{sum(cells.values()):,} comparisons of an answer with itself, **{len(alarms)} with a difference**; "
             f"{seconds / 60:.0f} min, {cpu / 60:.0f} min of CPU.", "",
             "| consumer | version | comparisons without a difference | facts of evidence compared |", "|---|---|---|---|"]
    lines += [f"| {name} | {version} | {cells[name]:,} | {evidence[name]:,} |" for name, version in consumers.items()]
    lines += [""] + [f"- {alarm}" for alarm in alarms]
    if silent:
        lines += ["Not answered:", ""]
        lines += [f"- {' '.join(key)}, {count} times: {why[key]}" for key, count in sorted(silent.items())] + [""]
    text = "\n".join(lines) + "\n"
    if arguments.output:
        with arguments.output.open("a", encoding="utf-8") as page:
            page.write(text)
    else:
        print(text, end="")
    sys.exit(1 if alarms else 0)


if __name__ == "__main__":
    main()
