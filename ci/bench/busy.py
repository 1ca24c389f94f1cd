#!/usr/bin/env python3
"""Runs ci/check again and again on a machine kept busy by a build; each run has to end `same`.

    ci/bench/busy.py [--runs 20] [--build-jobs N] [-o results/busy.md] [-- CHECK-OPTION...]

Nothing is remembered from one run to the next. Meanwhile the project is built in a scratch directory,
without a compiler cache and with twice as many jobs as there are processors, and from the beginning again
whenever it is done. Prints a line for each run and names what was not `same`.
Exit code: 1 if a run ended otherwise, 2 if the build that keeps the machine busy does not get going.
"""

import argparse
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Build:
    """A build that goes on until it is told to stop."""

    def __init__(self, directory, jobs):
        environment = dict(os.environ, CCACHE_DISABLE="1")
        subprocess.run(["cmake", "--preset", "default", "-B", directory], cwd=ROOT, env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        self._words = ["cmake", "--build", directory, "-j", str(jobs)]
        self._environment = environment
        self._lock = threading.Lock()  # no build is started once it is stopped
        self._stopped = False
        self._process = None
        self.times = 0
        self.failed = False
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()

    def _go_on(self):
        while True:
            words = self._words + (["--clean-first"] if self.times else [])
            with self._lock:
                if self._stopped:
                    return
                # A group of its own, so that the compilers end with it.
                self._process = subprocess.Popen(words, env=self._environment, stdout=subprocess.DEVNULL,
                                                 start_new_session=True)
            if self._process.wait() != 0:
                self.failed = not self._stopped
                return
            self.times += 1

    def stop(self):
        """Ends it, with all compilers."""
        with self._lock:
            self._stopped = True
            if self._process and self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGTERM)
        self._thread.join()


def run_check(more, output):
    """One ci/check; returns its exit code and its result, None if there is none."""
    words = [ROOT / "ci/check", "--no-cache", "--output", output, *more]
    process = subprocess.run(words, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    file = output / "result.json"
    if not file.exists():
        print(process.stdout[-4000:], file=sys.stderr)
        return process.returncode, None
    return process.returncode, json.loads(file.read_text())


def main():
    """Runs them all and prints, or appends, a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--build-jobs", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("-o", dest="output", type=pathlib.Path, help="appended to")
    words = sys.argv[1:]
    own = words[:words.index("--")] if "--" in words else words
    arguments = parser.parse_args(own)
    more = words[len(own) + 1:]

    lines = []

    def say(line):
        print(line, flush=True)
        lines.append(line)

    bad = 0
    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        build = Build(scratch / "build", arguments.build_jobs)
        try:
            say(f"`ci/bench/busy.py {' '.join(words)}` on {datetime.date.today()}, {os.cpu_count()} processors, "
                f"a build with {arguments.build_jobs} jobs beside it:")
            say("")
            say("| run | verdict | exit | cells | not same | seconds | load |")
            say("|---|---|---|---|---|---|---|")
            for number in range(1, arguments.runs + 1):
                code, result = run_check(more, scratch / f"result-{number}")
                if build.failed:
                    sys.exit("the build beside it failed; is the tree whole? (cmake --preset default)")
                load = os.getloadavg()[0]
                if result is None:
                    bad += 1
                    say(f"| {number} | none | {code} | | | | {load:.1f} |")
                    continue
                verdict = result["summary"]["verdict"]
                bad += verdict != "same" or code != 0
                odd = [f"{cell['subject']} {cell['consumer']} {cell['query']}: {cell['outcome']}"
                       for cell in result["cells"] if cell["outcome"] not in ("same", "vacuous", "unavailable")]
                say(f"| {number} | {verdict} | {code} | {len(result['cells'])} | {'; '.join(odd) or '–'} | "
                    f"{result['seconds']:.0f} | {load:.1f} |")
        finally:
            build.stop()
    say("")
    say(f"{arguments.runs - bad} of {arguments.runs} runs ended `same`; the build was done {build.times} times beside them.")
    if arguments.output:
        with arguments.output.open("a", encoding="utf-8") as page:
            page.write("\n".join(lines) + "\n")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
