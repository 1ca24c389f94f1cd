#!/usr/bin/env python3
"""Checks every recipe, the bad ones too, and writes the table: recipe by consumer.

    ci/bench/recipes.py [--splitstrip build/harness/cli/splitstrip] [--jobs N] [-o results/recipes.md]

One check each of the fixtures below with all recipes that any library can be stripped by, and of
the one that is built with -gctf for the recipe that needs it. Exit code: 0 if the checks ran,
whatever they found; that the bad recipes are found is what harness/e2e/bad_recipes_test.cpp asserts.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

ANY = ["conventional", "typedata", "minidebug", "types-dwarf", "kept-dwarf", "kept-dwarf-nobits",
       "leftover-strings", "command:eu-strip -f {debug} -o {main} {in}", "command:dwz {debug}"]
CHECKS = [(["calls", "libonly", "memerror"], ANY), (["types@ctf"], ["ctf"])]


def check(splitstrip, subjects, recipes, more):
    """Runs one check and returns (its command as one would type it, result.json)."""
    with tempfile.TemporaryDirectory() as directory:
        words = ["check", *subjects]
        for recipe in recipes:
            words += ["--recipe", recipe]
        shown = " ".join(f"'{word}'" if " " in word else word for word in ["splitstrip", *words])
        output = pathlib.Path(directory) / "result"
        process = subprocess.run([splitstrip, *words, *more, "--output", output], check=False,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if not (output / "result.json").exists():
            sys.exit(f"{shown}\n{process.stderr}")
        return shown, json.loads((output / "result.json").read_text())


def summary(cells):
    """What became of one recipe at one consumer: a table field, and whether there was any proof."""
    bad = collections.Counter()
    told = collections.Counter(cell["outcome"] for cell in cells)
    for cell in cells:
        if cell["outcome"] == "regressed":
            bad[cell["query"]] += cell["changed"] + cell["lost"]
    evidence = sum(cell["evidence"] for cell in cells)
    parts = []
    if bad:
        names = ", ".join(f"{query} {count:,}" for query, count in sorted(bad.items()))
        parts.append(f"**regressed**: {names}")
    for outcome in ("timeout", "crashed", "error"):
        if told[outcome]:
            queries = sorted({cell["query"] for cell in cells if cell["outcome"] == outcome})
            parts.append(f"{outcome}: {', '.join(queries)}")
    if not parts:
        parts.append(f"same ({evidence:,})" if evidence else
                     "unavailable" if told["unavailable"] else "no evidence")
    return "; ".join(parts)


def table(results):
    """The Markdown lines of the table over all results."""
    consumers = list(dict.fromkeys(cell["consumer"] for _, result in results for cell in result["cells"]))
    groups = collections.defaultdict(list)
    recipes = {}
    for _, result in results:
        for cell in result["cells"]:
            groups[cell["recipe"], cell["consumer"]].append(cell)
            recipes.setdefault(cell["recipe"], set()).add(cell["subject"])
    lines = ["| recipe | " + " | ".join(consumers) + " |", "|---" * (len(consumers) + 1) + "|"]
    for recipe in recipes:
        fields = [summary(groups[recipe, consumer]) if groups[recipe, consumer] else "not asked"
                  for consumer in consumers]
        lines.append(f"| `{recipe}` | " + " | ".join(fields) + " |")
    return lines


def main():
    """Checks and prints or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splitstrip", default="build/harness/cli/splitstrip")
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--timeout", default="120")
    parser.add_argument("-o", dest="output", type=pathlib.Path)
    arguments = parser.parse_args()
    more = ["--no-cache", "--jobs", arguments.jobs, "--timeout", arguments.timeout]
    results = [check(arguments.splitstrip, subjects, recipes, more) for subjects, recipes in CHECKS]
    first = results[0][1]
    versions = ", ".join(f"{one['name']} {one['version']}" for one in first["consumers"] if one["available"])
    absent = ", ".join(f"{one['name']} ({one['reason']})" for one in first["consumers"] if not one["available"])
    lines = ["# Recipes and consumers", "",
             "What each DWARF reader makes of each way to strip, held against the conventional pair: `same` with the",
             "facts that need the debug file, or the queries that regressed with the facts that were changed or lost.",
             f"Made by `ci/bench/recipes.py -o results/recipes.md` on {first['host']['distribution']} {first['host']['machine']},",
             f"{first['started'][:10]}: {versions}.", ""]
    if absent:
        lines += [f"Not there: {absent}.", ""]
    lines += table(results) + [""]
    lines += ["The checks behind it:", ""] + [f"    {command}" for command, _ in results]
    text = "\n".join(lines) + "\n"
    if arguments.output:
        arguments.output.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
