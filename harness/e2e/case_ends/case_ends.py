#!/usr/bin/python3
"""Plays all crash cases under every surrounding that one machine can make; finds those that do not end as declared.

    case_ends.py [--build build] [--only NAME]... [--case WORD]... [--plain-only] [--runs N] [--jobs N]
                 [-o results/case-ends.md]

Each case's wrong and right part, by plain ctypes on the conventional pair and with typesafe_ctypes on the split one, in
CPython and in PyPy: what `splitstrip check` does. --plain-only plays the wrong parts by plain ctypes alone, which is
where anything can be undefined; --runs plays the plain surrounding N times in place of once. The control goes along:
cases that are known to end otherwise under the surroundings that they name. Exit code: 1 if a case ended otherwise than
declared, or one of the control as always.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

from surroundings import surroundings

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
SCRIPTS = [str(TOP / "consumers/ctypes/scripts"), str(TOP / "consumers/ctypes")]
INTERPRETERS = {"ctypes": "/usr/bin/python3", "pypy": "/usr/bin/pypy3"}
MINUTES = 30  # for all plays of one interpreter under one surrounding


class Declared:
    """What is played: {interpreter: plays}, and how each play has to end: {(interpreter, key): text}."""

    def __init__(self):
        self.plays = {name: [] for name in INTERPRETERS}
        self.ends = {}
        self.cases = set()

    def add(self, interpreter, where, library, script, part, checked, end):
        key = f"{where}: {part}, {'checked' if checked else 'plain'}"
        self.plays[interpreter].append([key, str(library), str(script), part, checked])
        self.ends[interpreter, key] = end
        self.cases.add(where)


def wrong_ends(case):
    """How the wrong part has to end: plain, checked (harness/subject/crash_cases.h); None of a program without one."""
    if not {"dies", "corrupts"} & set(case):
        return None, None
    plain = f"killed by {case['dies']}" if "dies" in case else f"returns {case['corrupts']}"
    right = f"returns {case['right']}"
    return plain, right if case.get("heals") else plain if "uncaught" in case else "raises TypeError"


def declared_cases(build, scratch, words, plain_only):
    """Those whose name has one of `words`, all if there are none; their pairs are made in `scratch`."""
    declared = Declared()
    for file in sorted((TOP / "fixtures").glob("*/cases.toml")):
        name = file.parent.name
        library = build / "fixtures" / name / f"lib{name}.so"
        for recipe in ("conventional", "typedata"):
            subprocess.run([build / "harness/cli/splitstrip", "split", library, "--recipe", recipe, "-o",
                            scratch / recipe], check=True, stdout=subprocess.DEVNULL)
        for case, table in tomllib.loads(file.read_text()).items():
            if words and not any(word in f"{name} {case}" for word in words):
                continue
            for interpreter in INTERPRETERS:
                own = table.get(interpreter, {})
                if "unavailable" in own:
                    continue
                plain, checked = wrong_ends({**table, **own})
                script = file.parent / "cases" / f"{case}.py"
                for part, recipe, install, end in (("wrong", "conventional", False, plain),
                                                   ("wrong", "typedata", True, checked),
                                                   ("right", "conventional", False, f"returns {table['right']}"),
                                                   ("right", "typedata", True, f"returns {table['right']}")):
                    if end is not None and ((part, install) == ("wrong", False) or not plain_only):
                        declared.add(interpreter, f"{name} {case}", scratch / recipe / library.name, script, part,
                                     install, end)
    return declared


def control_cases(library):
    """(plays of the control, {key: its entry}). They have a wrong part alone, and no declared end."""
    declared, entries = Declared(), {}
    for case, table in tomllib.loads((HERE / "control/cases.toml").read_text()).items():
        for interpreter in table.get("interpreters", INTERPRETERS):
            declared.add(interpreter, f"control {case}", library, HERE / "control/cases" / f"{case}.py", "wrong",
                         False, None)
            entries[interpreter, f"control {case}: wrong, plain"] = table
    return declared, entries


def started(surrounding, interpreter, file):
    """The process that plays what stands in `file`."""
    environment = {**os.environ, **surrounding.environment, "CASE_ENDS_PLAYS": str(file),
                   "CASE_ENDS_PATH": json.dumps(SCRIPTS)}
    return subprocess.Popen([*surrounding.prefix, INTERPRETERS[interpreter], "-s", HERE / "player.py"], env=environment,
                            cwd=surrounding.directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def answers(process, plays):
    """What a process that plays wrote: {key: how it ended}, for each play. What was not played says why."""
    try:
        output, errors = process.communicate(timeout=MINUTES * 60)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        errors += f"\nnot done in {MINUTES} minutes"
    ended = dict(line.split("\t", 1) for line in output.splitlines() if "\t" in line)
    why = (errors.strip().splitlines() or [f"exit status {process.returncode}"])[-1]
    return {each[0]: ended.get(each[0], f"was not played: {why}") for each in plays}


def play_all(surrounding, plays, scratch):
    """{(interpreter, key): how it ended}; the interpreters at once."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(4 * os.cpu_count() if surrounding.busy else 0)]
    try:
        running = {}
        for name in INTERPRETERS:
            if plays[name] and surrounding.interpreter in (None, name):
                running[name] = started(surrounding, name, scratch / f"{name}.json")
        return {(name, key): text for name, process in running.items()
                for key, text in answers(process, plays[name]).items()}
    finally:
        for process in busy:
            process.kill()
            process.wait()


class Findings:
    """Counts plays; keeps each that ended otherwise, and which surroundings each of the control was found under."""

    def __init__(self, declared, control):
        self.declared, self.control = declared, control
        self.plain = {}
        self.plays = collections.Counter()
        self.wrong = []
        self.found = collections.defaultdict(list)

    def take(self, surrounding, ended):
        for (interpreter, key), text in ended.items():
            if (interpreter, key) in self.control:
                expected = self.plain.setdefault((interpreter, key), text)
                if text != expected:
                    self.found[interpreter, key].append(surrounding.name)
                continue
            self.plays[surrounding.name] += 1
            expected = self.declared.ends[interpreter, key]
            if text != expected:
                self.wrong.append(f"{surrounding.name}: {interpreter}: {key}: {text}, not {expected}")
                print(f"  {self.wrong[-1]}", flush=True)

    def unfound(self, names):
        """Of the control, what was not found where it has to be."""
        return [f"control: {interpreter}: {key} ends as always under {name}"
                for (interpreter, key), table in self.control.items() for name in table["found_by"]
                if name in names and name not in self.found[interpreter, key]]


def report(findings, done, plain_only, seconds):
    """The page for results/."""
    otherwise = collections.Counter(name for name in done for each in findings.wrong if each.startswith(name + ":"))
    lines = "".join(f"| {name} | {findings.plays[name]:,} | {otherwise[name]} |\n" for name in done)
    libc = " ".join(platform.libc_ver())
    played, wrong = f"{findings.plays.total():,} plays", len(findings.wrong)
    control = "".join(f"| {key.split(':')[0].removeprefix('control ')} ({interpreter}) | {table['why']} | "
                      f"{', '.join(findings.found[interpreter, key]) or 'not found'} |\n"
                      for (interpreter, key), table in findings.control.items())
    versions = []
    for program in INTERPRETERS.values():
        said = subprocess.run([program, "--version"], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True).stdout.split()
        versions.append(" ".join(said[:2]) if "[PyPy" not in said else "PyPy " + said[said.index("[PyPy") + 1])
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        model = next((line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name")), "")
    parts = ("the wrong part by plain ctypes on the conventional pair" if plain_only else
             "each part by plain ctypes on the conventional pair and with `typesafe_ctypes` on the split one")
    return f"""# The same end everywhere

{len(findings.declared.cases)} crash cases, {parts}, in CPython and PyPy
under {len(done)} surroundings: {played}, **{wrong} that ended otherwise than declared**. What the surroundings are
stands in `harness/e2e/case_ends/surroundings.py`: `painted X` is with X on the stack and in the registers of floating
point before each call, `processor X` is qemu-user's `-cpu X`.

Made by `harness/e2e/case_ends/case_ends.py {shlex.join(sys.argv[1:])}`
in {seconds / 60:.0f} minutes on {platform.machine()}, {model}, Linux {platform.release()}, {libc}:
{', '.join(versions)}.

| surrounding | plays | otherwise |
|---|---|---|
{lines}
The control: cases that rest on what is not defined, and the surroundings under which each ended otherwise than in the
plain one. The run fails if one is not found where `harness/e2e/case_ends/control/cases.toml` says so.

| case | what it rests on | found under |
|---|---|---|
{control}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=TOP / "build", type=pathlib.Path)
    parser.add_argument("--only", action="append", metavar="NAME", help="this surrounding, or all whose names begin so")
    parser.add_argument("--case", action="append", metavar="WORD", help="cases whose name has this word")
    parser.add_argument("--plain-only", action="store_true", help="play the wrong parts by plain ctypes alone")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=max(1, os.cpu_count() // 2), help="surroundings at a time")
    parser.add_argument("-o", "--output", type=pathlib.Path)
    options = parser.parse_args()
    build, began = options.build.resolve(), time.monotonic()
    os.environ["TYPESAFE_CTYPES_LIBTYPEDATA"] = str(build / "harness/typedata/library/libtypedata.so.1")
    of_control = build / "harness/e2e/case_ends"
    every = surroundings(of_control / "libcase_ends_paint.so")
    chosen = [each for each in every
              if not options.only or each.name == "plain" or each.name.startswith(tuple(options.only))]
    for program in INTERPRETERS.values():
        if not shutil.which(program):
            sys.exit(f"{program}: not here; install it (ci/install check)")
    missing = {each.prefix[0] for each in chosen if each.prefix and not shutil.which(each.prefix[0])}
    if missing:
        sys.exit(f"{', '.join(sorted(missing))}: not here; install it (ci/install test)")
    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        declared = declared_cases(build, scratch, options.case, options.plain_only)
        control, entries = control_cases(of_control / "libcase_ends_control.so")
        plays = {name: declared.plays[name] + control.plays[name] for name in INTERPRETERS}
        findings, names = Findings(declared, entries), []
        for name, list_of_plays in plays.items():
            (scratch / f"{name}.json").write_text(json.dumps(list_of_plays))
        rounds = [chosen[0]] * (options.runs - 1) + chosen
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for surrounding, ended in zip(rounds, pool.map(lambda each: play_all(each, plays, scratch), rounds)):
                print(f"{surrounding.name} (after {time.monotonic() - began:.0f} s)", flush=True)
                findings.take(surrounding, ended)
                if surrounding.name not in names:
                    names.append(surrounding.name)
                if options.output:  # after each, for whoever has no more time
                    options.output.write_text(report(findings, names, options.plain_only, time.monotonic() - began))
    unfound = findings.unfound(names)
    print(*unfound, f"{findings.plays.total():,} plays of {len(declared.cases)} cases under {len(names)} surroundings: "
          f"{len(findings.wrong)} ended otherwise than declared, {len(unfound)} of the control were not found",
          sep="\n")
    return 1 if findings.wrong or unfound else 0


if __name__ == "__main__":
    sys.exit(main())
