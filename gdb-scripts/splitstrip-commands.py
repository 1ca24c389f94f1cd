"""For `source` by hand: the command `splitstrip`, with what the collectors know, in one's own gdb.

    (gdb) source gdb-scripts/splitstrip-commands.py
    (gdb) help splitstrip
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from splitstrip import command  # noqa: E402  (the path has to be set first)

command.define()
