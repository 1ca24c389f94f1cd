"""Asks a Python's ctypes about one library: how calls with wrong types end, and which types it knows.

    SPLITSTRIP_PARAMETERS=FILE /usr/bin/python3 consumers/ctypes/scripts/collect.py 3>facts

FILE is JSON: `queries`, `library` and, of each crash case, `name`, `script` and `says` (see
harness/subject/crash_cases.h). For CPython 3.9 and PyPy 7.3 or later.
"""

import json
import os
import sys

sys.dont_write_bytecode = True
_HERE = os.path.dirname(os.path.abspath(__file__))
_CTYPES = os.path.dirname(_HERE)
_TOP = os.path.dirname(os.path.dirname(_CTYPES))
# typesafe_ctypes lies beside the scripts.
sys.path[:0] = [_HERE, _CTYPES, os.path.join(_TOP, "gdb-scripts")]

from splitstrip.channel import Channel  # noqa: E402  (the path has to be set first)
from splitstrip_ctypes.run import run  # noqa: E402

with open(os.environ["SPLITSTRIP_PARAMETERS"], encoding="utf-8") as file:
    parameters = json.load(file)
# What is played in processes of its own leaves no byte of this behind: it ends without cleaning up.
with open(3, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as answers:
    run(parameters, Channel(answers))
