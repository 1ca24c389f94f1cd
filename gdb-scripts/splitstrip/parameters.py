"""What the harness tells the scripts: one JSON object in a file.

    queries      list of names, as in `splitstrip check --query`
    channel      number of the file descriptor that facts go to
    library      the library as gdb sees it
    root         the stage, which facts show as $ROOT
    landmarks    file of the units and code addresses to visit; see landmarks.py
    debug_root   where debug files are, for a debugger that would not look there; may be empty
    program      of core files with made-up stacks, and
    cores        these files; see harness/synth/synthetic_cores.h
    core         a core file of the driver, for a debugger that is not started with it
    gdbserver    the program that is to run the driver, if gdb is not to run it itself
    driver       for the queries that run a program: program, arguments, break_functions,
                 break_lines, finish_functions, step_from; see consumer.h's Driver
"""

import json


class Parameters:
    """The parameters of one run, with the defaults of one by hand."""

    def __init__(self, values):
        self.queries = list(values.get("queries", ()))
        self.channel = values.get("channel")
        self.library = values.get("library", "")
        self.root = values.get("root", "")
        self.landmarks = values.get("landmarks", "")
        self.debug_root = values.get("debug_root", "")
        self.program = values.get("program", "")
        self.cores = list(values.get("cores", ()))
        self.core = values.get("core", "")
        self.gdbserver = values.get("gdbserver", "")
        self.driver = values.get("driver") or {}

    @classmethod
    def load(cls, path):
        """Reads `path`; raises OSError or ValueError."""
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))
