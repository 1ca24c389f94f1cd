"""Queries `backtrace` and `locals`: core files whose threads stand on made-up stacks.

What they hold is told in harness/synth/synthetic_cores.h: every frame is the library's, and by its
place in the library, without regard to core and thread, it is told from all others.
"""

import lldb

from splitstrip.registry import Unavailable, collector
from splitstrip.safely import facts, told

from . import frames
from .session import system_triple


def _open(session, path):
    """The process in the core file `path`."""
    program = session.parameters.program
    target = session.create_target(program, system_triple(session.create_target(program)))
    problem = lldb.SBError()
    process = target.LoadCore(path, problem)
    if not problem.Success() or not process.IsValid():
        raise RuntimeError("lldb cannot open %s: %s" % (path, problem))
    return target, process


def _library_base(target, library):
    for module in target.module_iter():
        if module.GetFileSpec().fullpath == library:
            return module.GetObjectFileHeaderAddress().GetLoadAddress(target)
    raise Unavailable("lldb does not find the library in the core file")


def _frames(session):
    """Yields (place in the library, frame) of every frame of every core.

    The calls that are inlined at a place follow each other there, the innermost first.
    """
    if not session.parameters.cores:
        raise Unavailable("there are no made-up stacks for this library")
    for path in session.parameters.cores:
        target, process = _open(session, path)
        base = _library_base(target, session.library)
        for thread in process:
            depth = 0
            for number in range(thread.GetNumFrames()):
                frame = thread.GetFrameAtIndex(number)
                if not depth:
                    label = "%s0x%x" % ("" if number else "top ", frame.GetPC() - base)
                yield "%s #%d" % (label, depth) if depth else label, frame
                # lldb gives the caller of an inlined call the pc of the call.
                depth = depth + 1 if frame.IsInlined() else 0
        session.debugger.DeleteTarget(target)


def _position(frame):
    return "%s at %s" % (frames.name(frame), frames.position(frame))


@collector("backtrace")
def backtrace(session):
    """Key: a place in the library and the depth of inlining. Value: function, line, inlined or not."""
    names = session.names()
    for label, frame in _frames(session):
        text = told(_position, frame)
        key = names.key(label, text, "another stack")
        if key is not None:
            yield key, text


def _small(address):
    """A made-up stack holds numbers, and addresses that are the same in every run."""
    return "0x%x" % address


@collector("locals")
def locals_(session):
    """Key: place, depth, name and line of a variable. Value: its type, value, and where it is."""
    names = session.names()
    for label, frame in _frames(session):
        for local, text in facts("variables", frames.variables, frame, _small, True, True):
            key = names.key("%s %s" % (label, local), text, "another stack")
            if key is not None:
                yield key, text
