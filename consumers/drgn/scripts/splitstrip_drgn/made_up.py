"""Queries `backtrace` and `locals`: core files whose threads stand on made-up stacks.

What they hold is told in harness/synth/synthetic_cores.h: every frame is the library's, and by its
place in the library, without regard to core and thread, it is told from all others.
"""

import os

from splitstrip.registry import Unavailable, collector
from splitstrip.safely import facts, told

from . import typetext
from .session import open_core, problem_text


def _tops(core):
    """The place in the library where each thread of a core stands, by thread id."""
    tops = {}
    with open(os.path.join(os.path.dirname(core), "frames"), encoding="ascii") as file:
        for line in file:
            name, thread, level, place, _ = line.split()
            if name == os.path.basename(core) and level == "0":
                tops[int(thread)] = int(place, 16)
    return tops


def _stack(program, thread, place):
    """The frames of a thread; none where drgn gives up on the whole stack."""
    try:
        return program.stack_trace(thread.tid), None
    except Exception as problem:  # what drgn throws on CFI that it does not know
        return (), ("stack at 0x%x" % place, problem_text(problem))


def _frames(session):
    """Yields (place in the library, frame) of every frame of every core; (place, text) if there is none.

    The calls that are inlined at a place follow each other there, the innermost first.
    """
    if not session.parameters.cores:
        raise Unavailable("there are no made-up stacks for this library")
    for path in session.parameters.cores:
        program, tops = open_core(path), _tops(path)
        for thread in program.threads():
            base, depth = None, 0
            frames, given_up = _stack(program, thread, tops[thread.tid])
            if given_up is not None:
                yield given_up
            for frame in frames:
                try:
                    pc = frame.pc
                except LookupError:  # behind the outermost frame of a stack
                    break
                is_top = base is None or frame.interrupted
                if base is None:
                    base = pc - tops[thread.tid]
                label = "%s0x%x" % ("top " if is_top else "", pc - base)
                yield "%s #%d" % (label, depth) if depth else label, frame
                depth = depth + 1 if frame.is_inline else 0


def _source(frame):
    try:
        return "%s:%d:%d" % frame.source()
    except LookupError:
        return "no line"


def _position(frame):
    return "%s%s at %s" % (frame.name, " (inlined)" if frame.is_inline else "", _source(frame))


@collector("backtrace")
def backtrace(session):
    """Key: a place in the library and the depth of inlining. Value: function, line, inlined or not."""
    names = session.names()
    for label, frame in _frames(session):
        text = frame if isinstance(frame, str) else told(_position, frame)
        key = names.key(label, text, "another stack")
        if key is not None:
            yield key, text


def _local(frame, name):
    found = frame[name]
    text = typetext.name(found.type_)
    if found.absent_:
        return text + " absent"
    where = "in memory" if found.address_ is not None else "computed or in a register"
    return "%s = %s, %s" % (text, found.format_(type_name=False, dereference=False, symbolize=False, string=False), where)


def _locals(frame):
    for name in frame.locals():
        try:
            text = _local(frame, name)
        except Exception as problem:  # what drgn throws on expressions that it does not know
            text = problem_text(problem)
        yield name, text


@collector("locals")
def locals_(session):
    """Key: place, depth and name of a variable. Value: its type, value, and where it is."""
    names = session.names()
    for label, frame in _frames(session):
        for name, text in () if isinstance(frame, str) else facts("variables", _locals, frame):
            key = names.key("%s %s" % (label, name), text, "another stack")
            if key is not None:
                yield key, text
