#!/usr/bin/env python3
"""Measures `splitstrip split` against pahole on the same files, in one run.

    ci/bench/split.py [--splitstrip build/.../splitstrip] [--repeat N] [-o results/split.md] [LIBRARY...]

Each LIBRARY is an unstripped ELF, or an installed one whose debug file is found by its build-id
(joined again with eu-unstrip). Without any, the eight libraries that the targets speak of are
taken, those of them that are installed. All of the programs run alternately, the given number of
times; wall clock and CPU (user and system, children included) are the lowest of these. Ratios are
what counts: they hold on other machines, seconds do not.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

LIBRARIES = ["libnl-3.so.200", "libc.so.6", "libdb-5.3.so", "libgsl.so.27", "libkrb5.so.3",
             "libpcre.so.3", "libctf.so.0", "liblua5.4.so.0"]
DIRECTORIES = ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64",
               "/usr/lib/aarch64-linux-gnu"]
DEBUG = pathlib.Path("/usr/lib/debug")
# The targets: split at most half of pahole's time, memory at most 6 times the DWARF, the section at
# most 0.75 of the compressed BTF, and 2.5 % of main at the median.
TIMED = ["libc.so.6", "libdb-5.3.so", "libgsl.so.27"]


def measure(argv, timeout=120):
    """Runs argv; returns (seconds, CPU seconds, peak RSS in bytes), or None if it fails."""
    start = time.monotonic()
    with open(os.devnull, "wb") as null:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        killed = False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() - start > timeout and not killed:
                process.kill()
                killed = True
            time.sleep(0.0005)
    process.returncode = os.waitstatus_to_exitcode(status)
    if killed or process.returncode != 0:
        return None
    return (time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def build_id(file):
    """The build-id of an ELF file in hexadecimal, or None."""
    output = subprocess.run(["eu-readelf", "-n", str(file)], capture_output=True, text=True).stdout
    for line in output.splitlines():
        if "Build ID:" in line:
            return line.split()[-1]
    return None


def has_dwarf(file):
    """Whether a file has DWARF of its own."""
    output = subprocess.run(["eu-readelf", "-SW", str(file)], capture_output=True, text=True).stdout
    return ".debug_info" in output


def joined(file, directory):
    """The file with its DWARF in it: itself, or joined in `directory`; None if there is none."""
    file = pathlib.Path(file)
    if has_dwarf(file):
        return file
    identity = build_id(file)
    debug = DEBUG / ".build-id" / identity[:2] / (identity[2:] + ".debug") if identity else None
    if debug is None or not debug.exists():
        return None
    output = pathlib.Path(directory) / file.name
    # Links between the debug files of a package are relative to where those lie.
    subprocess.run(["eu-unstrip", "-o", str(output), str(file), str(debug)], check=True,
                   capture_output=True)
    return output


def dwarf_bytes(file, directory):
    """The size of all .debug_* sections, uncompressed."""
    plain = pathlib.Path(directory) / "plain"
    subprocess.run(["objcopy", "--decompress-debug-sections", str(file), str(plain)], check=True,
                   capture_output=True)
    total = 0
    output = subprocess.run(["readelf", "-SW", str(plain)], capture_output=True, text=True).stdout
    for line in output.splitlines():
        fields = line.partition("]")[2].split()
        if fields and fields[0].startswith(".debug_"):
            total += int(fields[4], 16)
    plain.unlink()
    return total


def section_bytes(file, name):
    """The size of a section in the file."""
    output = subprocess.run(["readelf", "-SW", str(file)], capture_output=True, text=True).stdout
    for line in output.splitlines():
        fields = line.partition("]")[2].split()
        if fields and fields[0] == name:
            return int(fields[4], 16)
    return None


def ratio(value, of):
    """A ratio for the table, or a dash."""
    return f"{value / of:.2f}" if value is not None and of else "–"


def lowest(runs, field):
    """The lowest value of a field over all runs, or None if one of them failed."""
    return None if any(run is None for run in runs) else min(run[field] for run in runs)


def bench(file, splitstrip, repeat, directory):
    """All figures of one library."""
    directory = pathlib.Path(directory)
    btf = directory / "btf"
    out = directory / "out"
    pahole = ["pahole", "-j1", f"--btf_encode_detached={btf}", str(file)]
    split = [splitstrip, "split", str(file), "-o", str(out)]
    runs = {"pahole": [], "split": []}
    for _ in range(repeat):
        for name, argv in (("pahole", pahole), ("split", split)):
            if name == "pahole" and None in runs["pahole"]:
                continue  # it does not manage this file
            shutil.rmtree(out, ignore_errors=True)
            runs[name].append(measure(argv))
    if None in runs["split"]:
        sys.exit(f"{file}: split failed: {' '.join(split)}")
    main = next(entry for entry in out.iterdir() if section_bytes(entry, ".gnu_typedata"))
    section = section_bytes(main, ".gnu_typedata")
    compressed = None
    if None not in runs["pahole"] and btf.exists():
        packed = subprocess.run(["zstd", "-19", "-q", "-c", str(btf)], capture_output=True, check=True)
        compressed = len(packed.stdout)
    shutil.rmtree(out, ignore_errors=True)
    dwarf = dwarf_bytes(file, directory)
    figures = {"name": pathlib.Path(file).name, "dwarf": dwarf, "section": section,
               "main": None, "btf": compressed}
    for name in runs:
        figures[name] = tuple(lowest(runs[name], field) for field in range(3))
    # Main as it would ship without the section.
    conventional = directory / "conventional"
    subprocess.run(["eu-strip", "-f", str(directory / "debug"), "-o", str(conventional), str(file)],
                   check=True)
    figures["main"] = conventional.stat().st_size
    return figures


def table(all_figures):
    """The figures as a Markdown table."""
    lines = ["| library | split / pahole, wall | CPU | split, ms | pahole, ms | peak RSS / DWARF | "
             "section, bytes | section / main, % | section / zstd -19 (BTF) |",
             "|---|---|---|---|---|---|---|---|---|"]
    for item in all_figures:
        wall, cpu, rss = item["split"]
        other_wall, other_cpu, _ = item["pahole"]
        milliseconds = f"{other_wall * 1000:.0f}" if other_wall else "fails"
        lines.append(
            f"| {item['name']} | {ratio(wall, other_wall)} | {ratio(cpu, other_cpu)} | "
            f"{wall * 1000:.0f} | {milliseconds} | {ratio(rss, item['dwarf'])} | {item['section']} | "
            f"{100 * item['section'] / item['main']:.2f} | {ratio(item['section'], item['btf'])} |")
    return lines


def verdicts(all_figures):
    """One line for each target."""
    lines = []
    for name in TIMED:
        for item in all_figures:
            if item["name"] == name and item["pahole"][0]:
                value = item["split"][0] / item["pahole"][0]
                lines.append(f"- time, {name}: {value:.2f} of pahole's (at most 0.50): "
                             f"{'met' if value <= 0.5 else 'MISSED'}")
                value = item["split"][2] / item["dwarf"]
                lines.append(f"- memory, {name}: {value:.1f} times the uncompressed DWARF (at most "
                             f"6): {'met' if value <= 6 else 'MISSED'}")
    shares = [100 * item["section"] / item["main"] for item in all_figures]
    median = statistics.median(shares)
    lines.append(f"- section / main at the median: {median:.2f} % (at most 2.5): "
                 f"{'met' if median <= 2.5 else 'MISSED'}")
    worst = max((item["section"] / item["btf"] for item in all_figures if item["btf"]), default=0)
    lines.append(f"- section / compressed BTF at most: {worst:.2f} (at most 0.75): "
                 f"{'met' if worst <= 0.75 else 'MISSED'}")
    return lines


def main():
    """Measures, prints, and writes the page if one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--splitstrip", default="build/harness/cli/splitstrip")
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("-o", "--output")
    parser.add_argument("libraries", nargs="*")
    arguments = parser.parse_args()
    for program in ("pahole", "eu-unstrip", "eu-strip", "readelf", "objcopy", "zstd"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing; install dwarves, elfutils, binutils and zstd")
    wanted = arguments.libraries
    if not wanted:
        wanted = [next((f"{d}/{name}" for d in DIRECTORIES if os.path.exists(f"{d}/{name}")), None)
                  for name in LIBRARIES]
    all_figures = []
    with tempfile.TemporaryDirectory() as directory:
        for library in filter(None, wanted):
            file = joined(library, directory)
            if file is None:
                print(f"{library}: no debug file is installed; left out", file=sys.stderr)
                continue
            all_figures.append(bench(file, arguments.splitstrip, arguments.repeat, directory))
            print(all_figures[-1]["name"], "done", file=sys.stderr)
    if not all_figures:
        sys.exit("nothing to measure; install the libraries' debug packages")
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), "unknown processor")
    version = subprocess.run(["pahole", "--version"], capture_output=True, text=True).stdout.strip()
    load = os.getloadavg()[0]
    page = ["# What a split costs", "",
            "Made by `ci/bench/split.py" + (f" -o {arguments.output}" if arguments.output else "")
            + "`, which says how it measures.", "",
            f"{os.cpu_count()} × {model}, pahole {version}, {arguments.repeat} runs of each, load "
            f"{load:.1f} at the end. Wall clock and CPU are the lowest of the runs. `split` is the "
            "whole: the stripped main with `.gnu_typedata`, and the debug file. It uses two cores, pahole "
            "one: on a machine that does other work as well, the ratio of wall clocks comes near to "
            "that of CPU, and only an idle one shows what is meant. Where pahole does not manage a "
            "file, there is nothing to compare with.", ""]
    page += table(all_figures) + [""] + verdicts(all_figures) + [""]
    text = "\n".join(page)
    print(text)
    if arguments.output:
        pathlib.Path(arguments.output).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
