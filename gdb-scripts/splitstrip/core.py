"""Query `core`: what a core file of the driver holds."""

import gdb

from .places import Places
from .registry import Unavailable, collector
from .state import state


@collector("core")
def core(session):
    """Key: a thread's frame, local or thread-local, or a variable. Value: what gdb makes of it."""
    if gdb.selected_thread() is None:
        raise Unavailable("gdb found no thread in the core file")
    yield from state(session, Places())
