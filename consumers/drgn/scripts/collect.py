"""Asks drgn what it knows of one library.

    SPLITSTRIP_PARAMETERS=FILE /usr/bin/python3 consumers/drgn/scripts/collect.py 3>facts

What FILE holds is told in gdb-scripts/splitstrip/parameters.py, whose part these scripts share with
those for gdb: the way out for facts, unique keys, the list of collectors.
"""

import os
import sys

sys.dont_write_bytecode = True
_HERE = os.path.dirname(os.path.abspath(__file__))
_TOP = os.path.dirname(os.path.dirname(os.path.dirname(_HERE)))
sys.path[:0] = [_HERE, os.path.join(_TOP, "gdb-scripts")]

from splitstrip_drgn import run  # noqa: E402  (the path has to be set first)

run.run_parameters(os.environ["SPLITSTRIP_PARAMETERS"])
