"""Imported into lldb by the harness: asks lldb what it knows of one library.

    SPLITSTRIP_PARAMETERS=FILE lldb -x -b -o 'command script import consumers/lldb/scripts/collect.py' 3>facts

What FILE holds is told in gdb-scripts/splitstrip/parameters.py, whose part these scripts share with
those for gdb: the way out for facts, unique keys, the list of collectors.
"""

import os
import sys

sys.dont_write_bytecode = True
_HERE = os.path.dirname(os.path.abspath(__file__))
_TOP = os.path.dirname(os.path.dirname(os.path.dirname(_HERE)))
sys.path[:0] = [_HERE, os.path.join(_TOP, "gdb-scripts")]


def __lldb_init_module(debugger, _):
    from splitstrip_lldb import run

    run.run_parameters(debugger, os.environ["SPLITSTRIP_PARAMETERS"])
