"""Sourced into gdb by the harness: asks gdb what it knows of one library.

The harness names a JSON file in the environment variable SPLITSTRIP_PARAMETERS; what it holds is
told in splitstrip/parameters.py.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from splitstrip import run  # noqa: E402  (the path has to be set first)

run.run_parameters(os.environ["SPLITSTRIP_PARAMETERS"])
