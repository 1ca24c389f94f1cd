"""Queries `backtrace` and `locals`: core files whose threads stand on made-up stacks.

What they hold is told in harness/synth/synthetic_cores.h: every frame is the library's, and its
place in the library tells it from all others, whichever core and thread it came up in.
"""

import os

import gdb

from . import frames, typetext, values, walk
from .places import Places
from .registry import Unavailable, collector
from .safely import facts, told

# Twenty calls, with what is inlined there; bounds an unwinder that has gone astray.
MOST_FRAMES = 2000

_CLASSES = {getattr(gdb, "SYMBOL_LOC_" + name): text for name, text in (
    ("UNDEF", "undefined"), ("CONST", "constant"), ("STATIC", "static"), ("REGISTER", "in a register"),
    ("ARG", "argument"), ("REF_ARG", "reference"), ("REGPARM_ADDR", "address in a register"),
    ("LOCAL", "local"), ("TYPEDEF", "type"), ("LABEL", "label"), ("BLOCK", "function"),
    ("CONST_BYTES", "constant bytes"), ("UNRESOLVED", "unresolved"), ("OPTIMIZED_OUT", "optimized out"),
    ("COMPUTED", "computed")) if hasattr(gdb, "SYMBOL_LOC_" + name)}


def _open_program(session):
    """Loads the program of the cores.

    The library is loaded as a program of its own beside it: gdb then keeps what it read of its
    symbols from one core to the next.
    """
    gdb.execute("set print thread-events off", to_string=True)
    gdb.execute("add-inferior -no-connection -exec %s" % session.library, to_string=True)
    walk.read_all()
    gdb.execute("file %s" % session.parameters.program, to_string=True)


def _threads(session):
    """Makes one thread after the other the selected one, core by core; yields the library's base."""
    if not session.parameters.cores:
        raise Unavailable("there are no made-up stacks for this library")
    _open_program(session)
    for core in session.parameters.cores:
        gdb.execute("core-file %s" % core, to_string=True)
        base = Places().base_of(session.library)
        threads = gdb.selected_inferior().threads()
        if base is None or not threads:
            raise RuntimeError("%s is no core of a process that loaded %s" % (
                os.path.basename(core), os.path.basename(session.library)))
        for thread in sorted(threads, key=lambda one: one.ptid[1]):
            thread.switch()
            yield base


def _older(frame):
    """The caller's frame; None at the end, and where gdb cannot tell whether it is."""
    try:
        return frame.older()
    except Exception:  # nothing lies beneath that gdb could tell of
        return None


def _stack(base, seen):
    """Yields (label, depth of inlining from inside out, frame) of the selected thread.

    `seen` counts the labels, since a library with few lines has threads that begin at the same one.
    """
    frame, label, depth, level = gdb.newest_frame(), "", 0, 0
    while frame is not None and level < MOST_FRAMES:
        if not depth:
            pc = frame.pc()
            # gdb shows what a chain of return addresses ends with, 0, as one frame more.
            if pc < base:
                return
            label = "%s0x%x" % ("" if level else "top ", pc - base)
            count = seen[label] = seen.get(label, 0) + 1
            if count > 1:
                label += " again %d" % (count - 1)
        yield label, depth, frame
        depth = depth + 1 if frame.type() == gdb.INLINE_FRAME else 0
        frame = _older(frame)
        level += 1


def _kind(symbol, value):
    """Where the variable is, in words."""
    if value.is_optimized_out:
        return "optimized out"
    if symbol.addr_class != gdb.SYMBOL_LOC_COMPUTED:
        return _CLASSES.get(symbol.addr_class, "class %d" % symbol.addr_class)
    return "in memory" if value.address is not None else "in a register or computed"


def _variable(symbol, frame):
    """ "type, where it is, value"."""
    type_ = told(typetext.name, symbol.type)
    try:
        value = symbol.value(frame)
        return "%s, %s, %s" % (type_, _kind(symbol, value), values.render(value))
    except (gdb.error, gdb.MemoryError, RuntimeError) as problem:
        return "%s, <%s>" % (type_, problem)


def _variables(label, frame):
    """Yields (key, text) of the arguments and locals of a frame, inner blocks first."""
    # Bounds that only this frame has are read in the selected one, or gdb ends with an internal error.
    frame.select()
    for block in frames.blocks(frame):
        for symbol in block:
            if symbol.is_argument or symbol.is_variable:
                what = "argument" if symbol.is_argument else "local"
                yield "%s %s %s:%d" % (label, what, symbol.name, symbol.line), told(_variable, symbol, frame)


def _part(frame):
    kind = " (tail call)" if frame.type() == gdb.TAILCALL_FRAME else ""
    return "%s%s at %s" % (frames.name(frame), kind, frames.position(frame) or "no line")


class _Chain:
    """One frame as a core has it: the function there, and those inlined into it."""

    def __init__(self, label):
        self.label = label
        self.parts = []

    def add(self, frame):
        """Adds the next caller."""
        self.parts.append(told(_part, frame))

    def fact(self):
        """(key, text)."""
        return self.label, " < ".join(self.parts)


def _walk(session, variable_facts):
    """Yields the facts of all variables, if `variable_facts`, and keeps those of the frames."""
    found, seen, broken = [], {}, []
    for number, base in enumerate(_threads(session), 1):
        for key, text in facts("", _thread, base, seen, found, variable_facts):
            if key:
                yield key, text
            else:
                broken.append(("stack %d" % number, text))
    session.backtrace = [chain.fact() for chain in found] + broken


def _thread(base, seen, found, variable_facts):
    """Adds the selected thread's chains to `found` and yields the facts of its variables, if they are wanted."""
    chain = None
    for label, depth, frame in _stack(base, seen):
        if not depth:
            chain = _Chain(label)
            found.append(chain)
        chain.add(frame)
        if variable_facts:
            place = "%s #%d" % (label, depth) if depth else label
            yield from _unique(facts(place + " variables", _variables, place, frame))


def _unique(facts):
    """Numbers the keys that come up again: inner blocks may have a name of an outer one."""
    seen = {}
    for key, text in facts:
        count = seen[key] = seen.get(key, 0) + 1
        yield key if count == 1 else "%s #%d" % (key, count), text


@collector("locals")
def locals_(session):
    """Key: place, depth of inlining, name and line of a variable. Value: type, where it is, value."""
    yield from _walk(session, True)


@collector("backtrace")
def backtrace(session):
    """Key: a place in the library. Value: function and line there, then the callers it is inlined in.

    Asked after `locals`, it is answered already.
    """
    if session.backtrace is None:
        for _ in _walk(session, False):
            pass
    yield from session.backtrace
