"""Frames, with their arguments and locals, as facts."""

import lldb

from splitstrip.safely import facts, told

from . import values
from .session import path_of

MOST_FRAMES = 64


def in_library(frame, library):
    """Whether the frame runs the library's code."""
    return frame.GetModule().GetFileSpec().fullpath == library


def position(frame):
    """ "file:line:column", or "no line"."""
    entry = frame.GetLineEntry()
    if not entry.IsValid():
        return "no line"
    return "%s:%d:%d" % (path_of(entry.GetFileSpec()), entry.GetLine(), entry.GetColumn())


def name(frame):
    """The function's name as lldb gives it, and what sort of frame it is."""
    text = frame.GetFunctionName() or "??"
    if frame.IsInlined():
        return text + " (inlined)"
    return text + " (artificial)" if frame.IsArtificial() else text


def _where(value):
    """The sort of place a variable is in: "in rbx", "in memory", or "" if it is nowhere."""
    text = value.GetLocation() or ""
    if text.startswith("0x"):
        return "in memory"
    return "in " + text if text else ""


def variables(frame, place, arguments, locals_):
    """Yields (name:line, "type = value, where") of a frame's variables, in lldb's order."""
    seen = {}
    for value in frame.GetVariables(arguments, locals_, False, False, lldb.eNoDynamicValues):
        label = told(_label, value)
        count = seen[label] = seen.get(label, 0) + 1
        if count > 1:
            label += " #%d" % count
        yield label, told(_variable, value, place)


def _label(value):
    declared = value.GetDeclaration()
    return "%s:%d" % (value.GetName(), declared.GetLine() if declared.IsValid() else 0)


def _variable(value, place):
    return "%s = %s %s" % (value.GetTypeName(), values.render(value, place), _where(value))


def describe(frame, library, place):
    """One frame: name, arguments, line; of other files than the library only the name."""
    text = name(frame)
    if not in_library(frame, library):
        return "%s in %s" % (text, frame.GetModule().GetFileSpec().GetFilename() or "?")
    arguments = ", ".join("%s: %s" % one for one in variables(frame, place, True, False))
    return "%s (%s) at %s" % (text, arguments, position(frame))


def _is_set(frame, label):
    """Whether the line where a local is declared has been passed: before, it holds leftovers."""
    line = label.partition(" #")[0].rpartition(":")[2]
    return not line.isdigit() or int(line) < frame.GetLineEntry().GetLine()


def stack(thread, library, place):
    """Yields (key, value) of all frames of a thread, innermost first, and their locals."""
    for number in range(min(thread.GetNumFrames(), MOST_FRAMES)):
        frame = thread.GetFrameAtIndex(number)
        label = "#%d" % number
        yield label, told(describe, frame, library, place)
        if in_library(frame, library):
            for local, text in facts("?", variables, frame, place, False, True):
                is_set = _is_set(frame, local)
                yield "%s local %s" % (label, local), text if is_set else text.partition(" = ")[0] + ", not set yet"
