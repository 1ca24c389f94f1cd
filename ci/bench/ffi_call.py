#!/usr/bin/python3
"""What the preloaded libffi-typesafe adds to a call that fits: the tables of results/libffi.md.

    ci/bench/ffi_call.py BUILD

BUILD is a build tree with ffi_call_benchmark, libffi-typesafe and the split test library. Each figure is the
least processor time of several rounds, with and without the preload in turn, so that a busy machine
changes both alike.
"""

import json
import os
import subprocess
import sys

ROUNDS = 5

PYTHON = """
import os, time
from ctypes import *
lib = CDLL(os.environ["CALLEE"])
lib.twice.argtypes = [c_int]
lib.length.argtypes, lib.length.restype = [c_char_p], c_size_t
count = 100000
def best(call):
    call(1000)
    least = 1e9
    for _ in range(3):
        start = time.process_time()
        call(count)
        least = min(least, time.process_time() - start)
    return least / count * 1e9
def one_int(n, call=lib.twice):
    for _ in range(n): call(21)
def text(n, call=lib.length):
    for _ in range(n): call(b"four")
def undeclared(n, call=lib.shade):
    for _ in range(n): call(7)
print(best(one_int), best(text), best(undeclared))
"""

RUBY = """
require 'fiddle'
lib = Fiddle.dlopen(ENV['CALLEE'])
twice = Fiddle::Function.new(lib['twice'], [Fiddle::TYPE_INT], Fiddle::TYPE_INT)
count = 200000
least = 5.times.map {
  start = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
  count.times { twice.call(21) }
  Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - start
}.min
puts least / count * 1e9
"""


def run(words, preload, build):
    environment = dict(os.environ, CALLEE=build + "/consumers/libffi/typedata/libcallee.so")
    if preload:
        environment.update(LD_PRELOAD=build + "/consumers/libffi/libffi-typesafe.so.1", FFI_TYPESAFE="warn")
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300, check=True)
    assert "ffi-typesafe" not in done.stderr, done.stderr
    return done.stdout


def benchmarks(preload, build):
    """ffi_call alone: nanoseconds of processor time by name."""
    output = run([build + "/consumers/libffi/ffi_call_benchmark", "--benchmark_format=json",
                  "--benchmark_min_time=0.1"], preload, build)
    return {entry["name"]: entry["cpu_time"] for entry in json.loads(output)["benchmarks"]}


def runtime(words, names):
    def measure(preload, build):
        return dict(zip(names, map(float, run(words, preload, build).split())))
    return measure


def table(title, measure, build):
    least = [{}, {}]
    for _ in range(ROUNDS):
        for preload in (0, 1):
            for name, value in measure(bool(preload), build).items():
                least[preload][name] = min(value, least[preload].get(name, value))
    for name, plain in least[0].items():
        checked = least[1][name]
        print(f"| {title}, {name.replace('_', ' ')} | {plain:.1f} | {checked:.1f} | "
              f"{checked - plain:+.1f} | {checked / plain:.2f} |", flush=True)


def main():
    build = os.path.abspath(sys.argv[1])
    print("| call | plain, ns | preloaded, ns | difference | ratio |\n|---|---|---|---|---|")
    table("ffi_call", benchmarks, build)
    names = ["an int", "a string", "without argtypes"]
    table("CPython", runtime(["/usr/bin/python3", "-c", PYTHON], names), build)
    table("PyPy", runtime(["pypy3", "-c", PYTHON], names), build)
    table("Ruby", runtime(["ruby", "-e", RUBY], ["an int"]), build)


if __name__ == "__main__":
    main()
