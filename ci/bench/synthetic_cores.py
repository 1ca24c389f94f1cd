#!/usr/bin/env python3
"""Measures what synthetic cores cover, and what gdb, eu-stack and lldb take to read them.

    ci/bench/synthetic_cores.py [--splitstrip build/.../splitstrip] [--repeat N] [-o results/synthetic-cores.md]

The eight real libraries, those of them that are installed: how many of their calls are in a backtrace.
For libdb-5.3: the CPU time (user and system) of gdb `bt full`, eu-stack and lldb on the cores as a check
divides them, against the same with whatever number of threads in a core is best for each of the three.
The lowest of N runs counts.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LIBRARIES = ["libnl-3.so.200", "libc.so.6", "libdb-5.3.so", "libgsl.so.27", "libkrb5.so.3",
             "libpcre.so.3", "libctf.so.0", "liblua5.4.so.0"]
DIRECTORIES = ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64"]
TIMED = "libdb-5.3.so"
# Threads in a core that are tried for the ideal; ALL is one core of all.
ALL = 1 << 20
TRIED = {"gdb": (ALL,), "eu-stack": (24, 32, 48), "lldb": (ALL,)}
# lldb: eight cores to a process, as consumers/lldb does it.
LLDB_CORES = 8
COVERED = re.compile(r"^([\d,]+) of ([\d,]+) calls in a backtrace(?:, ([\d,]+) of them only as the outermost "
                     r"frame \((.*?)\))?; ([\d,]+) of ([\d,]+) addresses", re.MULTILINE)
FRAME = {"gdb": re.compile(rb"^#\d+ ", re.MULTILINE), "eu-stack": re.compile(rb"^#\d+ ", re.MULTILINE),
         "lldb": re.compile(rb"frame #\d+: ")}


def run(argv, timeout=600):
    """Runs argv; returns (CPU seconds, its standard output)."""
    with tempfile.TemporaryFile() as output, open(os.devnull, "wb") as null:
        process = subprocess.Popen(["timeout", str(timeout), *map(str, argv)], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=null)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == 124:
            sys.exit("%s: took more than %d s" % (argv[0], timeout))
        output.seek(0)
        return usage.ru_utime + usage.ru_stime, output.read()


def library(name):
    """The installed file of that name, or None."""
    return next((path for path in (pathlib.Path(one) / name for one in DIRECTORIES) if path.exists()), None)


def make(splitstrip, file, directory, threads=None):
    """Makes cores; returns (CPU seconds, what splitstrip says of them)."""
    argv = [splitstrip, "cores", file, "-o", directory]
    if threads:
        argv += ["--threads", threads]
    seconds, text = run(argv)
    return seconds, COVERED.search(text.decode())


def gdb_runs(file, directory, cores):
    """One process walks core after core, with the library loaded beside them."""
    argv = ["gdb", "-nx", "-nh", "-batch", "-q", "-iex", "set auto-load off", "-iex", "maint set worker-threads 0",
            "-iex", "set print thread-events off", "-iex", "set debuginfod enabled off"]
    if len(cores) > 1:
        argv += ["-ex", f"add-inferior -no-connection -exec {file}"]
    argv += ["-ex", f"file {directory / 'process'}"]
    for core in cores:
        argv += ["-ex", f"core-file {core}", "-ex", "thread apply all bt full"]
    return [argv]


def eu_stack_runs(_, directory, cores):
    """A process for each core."""
    return [["eu-stack", "-i", "-s", "-m", "-b", f"--core={core}", f"--executable={directory / 'process'}"]
            for core in cores]


def lldb_runs(_, directory, cores):
    """A process for a few cores, each a target."""
    runs = []
    for first in range(0, len(cores), LLDB_CORES):
        argv = [shutil.which("lldb") or "lldb-14", "-x", "-b"]
        for core in cores[first:first + LLDB_CORES]:
            argv += ["-o", f"target create --core {core} {directory / 'process'}", "-o", "thread backtrace all",
                     "-o", "target delete"]
        runs.append(argv)
    return runs


RUNS = {"gdb": gdb_runs, "eu-stack": eu_stack_runs, "lldb": lldb_runs}


def consume(consumer, file, directory, repeat):
    """(lowest CPU seconds, frames shown) of the consumer on all cores of the directory."""
    cores = sorted(directory.glob("core.*"))
    best, frames = None, 0
    for _ in range(repeat):
        seconds = frames = 0
        for argv in RUNS[consumer](file, directory, cores):
            one, text = run(argv)
            seconds += one
            frames += len(FRAME[consumer].findall(text))
        best = seconds if best is None else min(best, seconds)
    return best, frames


def coverage_table(splitstrip, scratch):
    """Lines of the table of all libraries."""
    lines = ["| library | calls | in a backtrace | % | only outermost | reason | CPU to make, s |", "|---|---|---|---|---|---|---|"]
    worst = 100.0
    for name in LIBRARIES:
        file = library(name)
        if file is None:
            continue
        seconds, said = make(splitstrip, file, scratch / name)
        covered, calls = (int(said.group(i).replace(",", "")) for i in (1, 2))
        worst = min(worst, 100 * covered / calls)
        lines.append(f"| {name} | {calls:,} | {covered:,} | {100 * covered / calls:.2f} | {said.group(3) or 0} "
                     f"| {said.group(4) or ''} | {seconds:.2f} |")
        shutil.rmtree(scratch / name)
    verdict = "met" if worst >= 99.9 else "missed"
    return lines + ["", f"- coverage: at least {worst:.2f} % (at least 99.9): {verdict}", ""]


def timed_table(splitstrip, scratch, repeat):
    """Lines of the table of consumers on the one library."""
    file = library(TIMED)
    made = min(make(splitstrip, file, scratch / "as-checked")[0] for _ in range(max(repeat, 3)))
    lines = [f"{TIMED}, CPU seconds:", "", "| consumer | as a check divides them | frames shown | ideal | with threads in a core | tried |",
             "|---|---|---|---|---|---|"]
    taken = ideal = 0
    for consumer, counts in TRIED.items():
        seconds, frames = consume(consumer, file, scratch / "as-checked", repeat)
        tried = {}
        for threads in counts:
            directory = scratch / f"{threads}"
            if not directory.exists():
                make(splitstrip, file, directory, threads)
            tried[threads] = consume(consumer, file, directory, repeat)[0]
        best = min(tried, key=tried.get)
        name = {ALL: "all"}
        each = ", ".join(f"{name.get(threads, threads)}: {value:.2f}" for threads, value in tried.items())
        low = min(tried[best], seconds)
        lines.append(f"| {consumer} | {seconds:.2f} | {frames:,} | {low:.2f} | {name.get(best, best)} | {each} |")
        taken += seconds
        ideal += low
    return lines + ["",
                    f"- all three: {taken:.1f} s, {taken / ideal:.2f} times the ideal {ideal:.1f} s (at most 1.3): "
                    f"{'met' if taken <= 1.3 * ideal else 'missed'}",
                    f"- making the cores: {made:.2f} s, {100 * made / taken:.1f} % of that (at most 10): "
                    f"{'met' if made <= taken / 10 else 'missed'}"]


def main():
    """Prints or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splitstrip", default="build/harness/cli/splitstrip", type=pathlib.Path)
    parser.add_argument("--repeat", default=2, type=int)
    parser.add_argument("-o", dest="output", type=pathlib.Path)
    arguments = parser.parse_args()
    splitstrip = arguments.splitstrip.resolve()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        body = coverage_table(splitstrip, scratch) + timed_table(splitstrip, scratch, arguments.repeat)
    versions = [run([program, "--version"])[1].decode().splitlines()[0]
                for program in ("gdb", "eu-stack", shutil.which("lldb") or "lldb-14")]
    text = "\n".join(["# Synthetic cores: a backtrace from every call", "",
                      "Made by `ci/bench/synthetic_cores.py -o results/synthetic-cores.md`, which says how it measures.", "",
                      f"{os.cpu_count()} processors, load {before:.1f} before and {os.getloadavg()[0]:.1f} after, "
                      f"{arguments.repeat} runs of each; {', '.join(version.strip() for version in versions)}.", "",
                      *body]) + "\n"
    if arguments.output:
        arguments.output.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
