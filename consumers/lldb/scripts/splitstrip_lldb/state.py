"""Everything that can be asked of a program that stands still: threads and variables."""

import lldb

from splitstrip.safely import facts, told

from . import frames, values
from .session import EVERY


def _variables(session, process):
    """Each file-scope variable of the library, in the process."""
    target = process.GetTarget()
    names = {one.GetName() for one in session.target.FindGlobalVariables(".*", EVERY, lldb.eMatchTypeRegex)}
    for module in target.module_iter():
        if module.GetFileSpec().fullpath == session.library:
            for name in sorted(names - {None}):
                yield from module.FindGlobalVariables(target, name, 64)


def _variable(value, place):
    return "%s = %s" % (value.GetTypeName(), values.render(value, place))


def state(session, process, place):
    """Yields the facts of all threads, then of all variables.

    Which thread is which differs from run to run; they are numbered in the order of what they are
    doing.
    """
    threads = sorted(list(facts("frames", frames.stack, thread, session.library, place)) for thread in process)
    for number, of_thread in enumerate(threads, 1):
        for key, text in of_thread:
            yield "thread %d %s" % (number, key), text
    names = session.names()
    found = {(told(one.GetName) or "?", told(_variable, one, place)) for one in _variables(session, process)}
    for name, text in sorted(found):
        yield "variable " + names.key(name, text, "the library"), text
