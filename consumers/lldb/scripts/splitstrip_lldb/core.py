"""Query `core`: what a core file of the driver holds."""

import lldb

from splitstrip.registry import Unavailable, collector

from .places import Places
from .state import state


@collector("core")
def core(session):
    """Key: a thread's frame or local, or a variable. Value: what lldb makes of it."""
    target = session.create_target(session.parameters.driver["program"])
    problem = lldb.SBError()
    process = target.LoadCore(session.parameters.core, problem)
    if not problem.Success() or not process.GetNumThreads():
        raise Unavailable("lldb finds no thread in the core file: %s" % problem)
    yield from state(session, process, Places(process))
