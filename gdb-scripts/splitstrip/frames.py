"""Frames, with their arguments and locals, as facts."""

import os

import gdb

from . import typetext, values
from .safely import facts, told

MOST_FRAMES = 64

_KINDS = {gdb.INLINE_FRAME: " (inlined)", gdb.TAILCALL_FRAME: " (tail call)", gdb.SIGTRAMP_FRAME: " (signal)"}


def in_library(frame, library):
    """Whether the frame runs the library's code."""
    file = gdb.solib_name(frame.pc())
    if file is None:
        return False
    # gdbserver hands over files under this name.
    return os.path.realpath(file.replace("target:", "", 1)) == os.path.realpath(library)


def _file_of(frame):
    """The file whose code the frame runs, by its last name."""
    file = gdb.solib_name(frame.pc()) or gdb.current_progspace().filename or "?"
    return os.path.basename(file)


def blocks(frame):
    """The frame's blocks, innermost first, up to that of its function."""
    try:
        block = frame.block()
    except RuntimeError:
        return
    while block is not None and not block.is_static and not block.is_global:
        yield block
        if block.function is not None:
            return
        block = block.superblock


def position(frame):
    """ "file:line", or "" without line numbers."""
    sal = frame.find_sal()
    return "%s:%d" % (sal.symtab.filename, sal.line) if sal is not None and sal.symtab is not None else ""


def name(frame):
    """The function's name as gdb gives it."""
    function = frame.function()
    return function.print_name if function is not None else frame.name() or "??"


def _read(symbol, frame, place):
    try:
        value = symbol.value(frame)
    except (gdb.error, RuntimeError) as problem:
        return "<%s>" % problem
    return values.render(value, place)


def _argument(symbol, frame, place):
    return "%s = %s" % (symbol.name, _read(symbol, frame, place))


def _arguments(frame, place):
    return ", ".join(told(_argument, symbol, frame, place)
                     for block in blocks(frame) for symbol in block if symbol.is_argument)


def describe(frame, library, place):
    """One frame: name, arguments, line; of other files than the library only the name."""
    text = name(frame) + _KINDS.get(frame.type(), "")
    if not in_library(frame, library):
        return "%s in %s" % (text, _file_of(frame))
    return "%s (%s) at %s" % (text, told(_arguments, frame, place), told(position, frame) or "no line")


def _is_set(symbol, frame):
    """Whether the place where the variable is declared has been passed, as far as lines tell.

    Before, it holds what happened to be there, and that may differ from run to run.
    """
    sal = frame.find_sal()
    # The file is the function's, whatever gdb 13 says of it where dwz moved the declaration.
    return sal.symtab is None or symbol.line < sal.line


def locals_of(frame, place):
    """Yields (name, "type = value") of each local of a frame, arguments left out.

    A name that an inner block has again is numbered from the inside out.
    """
    seen = {}
    for block in blocks(frame):
        for symbol in block:
            if not symbol.is_variable or symbol.is_argument:
                continue
            where = "%s:%d" % (symbol.name, symbol.line)
            count = seen[where] = seen.get(where, 0) + 1
            if count > 1:
                where += " #%d" % count
            yield where, told(_local, symbol, frame, place)


def _local(symbol, frame, place):
    type_ = told(typetext.name, symbol.type)
    if symbol.addr_class == gdb.SYMBOL_LOC_STATIC or _is_set(symbol, frame):
        return "%s = %s" % (type_, told(_read, symbol, frame, place))
    return "%s, not set yet" % type_


def stack(thread_frame, library, place):
    """Yields (key, value) of all frames from `thread_frame` outwards, and their locals."""
    frame = thread_frame
    for number in range(MOST_FRAMES):
        if frame is None:
            return
        label = "#%d" % number
        frame.select()  # bounds that only this frame has are read in the selected one
        yield label, told(describe, frame, library, place)
        if in_library(frame, library):
            for local, text in facts("locals", locals_of, frame, place):
                yield "%s local %s" % (label, local), text
        frame = frame.older()
